"""The names under which a file imports libraries, and code that is written in these names."""

from __future__ import annotations

import re

from auditor.errors import Unreadable
from auditor.repository.code.notebooks import joined_code
from auditor.repository.model import Repository, Source

CUSTOMARY = {
    "numpy": "np", "tensorflow": "tf", "mxnet": "mx", "cupy": "cp", "torch": "torch", "random": "random",
    "paddle": "paddle", "jax": "jax", "optuna": "optuna",
}  # fmt: skip
"""Modules that offered code speaks of, and what they are customarily called."""
_IMPORT = re.compile(r"^[ \t]{0,16}import[ \t]{1,4}([\w., \t]{1,300})", re.M)
_NAMED = re.compile(r"([\w.]{1,80})(?:\s{1,4}as\s{1,4}(\w{1,40}))?")
_CALLED = re.compile(rf"(?<![\w.'\"/])({'|'.join({*CUSTOMARY, *CUSTOMARY.values()})})\.(?=[A-Za-z_])")
_MODULE = {name: module for module, name in CUSTOMARY.items()} | {module: module for module in CUSTOMARY}


def generator_name(library: str) -> str:
    """Return a library as a reader knows it: Python's own generator is that of its module `random`."""
    return "Python's `random`" if library == "python" else f"`{library}`"


def plain_code(source: Source, repository: Repository) -> str:
    """Return a source without its comments, of a notebook the code of its cells; empty where it cannot be read."""
    notebook = next((found for found in repository.notebooks if found.path == source.path), None)
    try:
        text = joined_code(notebook)[0] if notebook else repository.text(source.path)
    except Unreadable:
        return ""
    return re.sub(r"#.*", "", text)


def names_in(source: Source, repository: Repository) -> frozenset[str]:
    """Return the names that stand in a source: no attributes, no words of its texts."""
    text = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "", plain_code(source, repository))
    return frozenset(re.findall(r"(?<![\w.])[A-Za-z_]\w{0,60}", text))


def imported_names(text: str) -> dict[str, str]:
    """Return by module the name under which a text imports it (`numpy`: `np`)."""
    found: dict[str, str] = {}
    for line in _IMPORT.finditer(text):
        for part in line[1].split(","):
            named = _NAMED.match(part.strip())
            if named and (named[2] or "." not in named[1]):
                found.setdefault(named[1], named[2] or named[1])
            elif named:
                found.setdefault(named[1].partition(".")[0], named[1].partition(".")[0])
    return found


def in_names_of(source: Source, repository: Repository, code: str) -> str:
    """Return code with libraries called as a file calls them, after the imports that the file lacks."""
    if not _CALLED.search(code):
        return code
    text = plain_code(source, repository)
    known = imported_names(text)
    missing: dict[str, None] = {}

    def renamed(found: re.Match[str]) -> str:
        module = _MODULE[found[1]]
        if found[1] in known.values():
            return found[0]
        old = known.get("tensorflow.compat.v1") if module == "tensorflow" else None
        if name := known.get(module) or old:
            return f"{name}."
        if re.search(rf"(?<![\w.])(?<!from ){found[1]}\.", text) and found[1] != "random":
            return found[0]  # a name of the file's own, or of what a star brings
        name = CUSTOMARY[module]
        if re.search(rf"\bimport[^\n#]{{0,200}}\b{name}\b", text):
            name = f"{module}_module"
        missing[f"import {module}" + (f" as {name}" if name != module else "")] = None
        return f"{name}."

    written = _CALLED.sub(renamed, code)
    return "; ".join((*missing, written))
