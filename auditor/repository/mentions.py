"""How often the words of the code stand in a repository: a name that stands once is used by nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.repository.model import Repository

FILE_LIMIT = 200_000
"""Bytes of a document, script or settings file that is searched; larger ones are data."""
TOTAL_LIMIT = 8_000_000
"""Characters that are searched in all."""
_USING = frozenset(("document", "shell", "config", "container", "dependencies"))
"""The kinds of files, beside code, that may use a name of the code."""
_ANY_NAME = re.compile(
    r"\b(?:globals|locals|vars)\(\)|\b__dict__\b|\b__subclasses__\b|\bgetmembers\b|\bConfig\.fromfile\b"
    r"|\bvars\((?!self|\w{0,30}(?:arg|opt|flag|param))",
    re.I,
)
"""It may use names that stand nowhere else; what the command line gave holds none of the code."""
_DEFINED = re.compile(r"(?:async\s{1,9})?(?:def|class)\s{1,9}(\w{1,200})")


def mentions(repository: Repository) -> Counter[str]:
    """Return how often each word stands in code, documents, scripts and settings, once more what is decorated.

    Nothing where not all of the code is searched, or where it may use any name.
    """
    found, left = Counter[str](), TOTAL_LIMIT
    try:
        for text, is_code in _texts(repository):
            left -= len(text)
            if left < 0 or (is_code and _ANY_NAME.search(text)):
                return Counter()
            found.update(match[0] for match in re.finditer(r"\w+", text))
            found.update(_decorated(text) if is_code else ())
    except Unreadable:
        return Counter()
    return found


def _texts(repository: Repository) -> Iterator[tuple[str, bool]]:
    """Yield each text that may use a name, and whether it is code; raises Unreadable where one cannot be read."""
    for file in repository.files:
        if file.kind == "python":
            yield repository.text(file.path), True
    for notebook in repository.notebooks:
        if notebook.problem:
            raise Unreadable(notebook.problem)
        yield "\n".join(cell.text for cell in notebook.cells), True
    for file in repository.own_files:
        if file.kind in _USING and not file.absent and file.size < FILE_LIMIT:
            yield repository.text(file.path), False


def _decorated(code: str) -> Iterator[str]:
    """Yield the functions and classes below a decorator, which uses them."""
    decorated = False
    for line in map(str.lstrip, code.split("\n")):
        if line.startswith("@"):
            decorated = True
        elif decorated and (defined := _DEFINED.match(line)):
            yield defined[1]
            decorated = False
