"""What the repository itself calls its data sets: the values of its options for data, in programs and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.repository.model import Repository

TEXT_LIMIT = 200_000

_OPTION = re.compile(r"^--?(?:\w{1,20}[_-]){0,2}data[_-]?(?:sets?)?(?:[_-]?(?:name|dir|path|root|folder))?$", re.I)
_GIVEN = re.compile(r"(?<!\S)(--?[\w-]{4,60})[ =]{1,5}[\"']?([\w./\\~-]{3,200})")
_GENERAL = re.compile(
    r"(?:my|your|raw|path|to|the|all|full|processed|sample|example)?"
    r"(?:data|datasets?|train\w{0,3}|test|val\w{0,7}|path|root|dir|folder|file|inputs?|outputs?|results?|images?|home|none|true|false"
    r"|default|tmp|raw|processed|all|full|custom|synthetic)?"
)
"""What says nothing of whose data they are."""


def plain_name(text: str) -> str:
    """Return the letters and digits of a name, without the words that say that it is one of data."""
    words = re.sub(r"\b(?:the|data ?-?sets?|data|corpus|benchmark|website|home ?page)\b", " ", text[:200], flags=re.I)
    return re.sub(r"[\W_]", "", words.lower())


def data_names(repository: Repository) -> frozenset[str]:
    """Return the plain names of the data sets that options for data and commands name, alone or in paths."""
    parts = (part for value in _values(repository) for part in re.split(r"[/\\]", value[:300]))
    names = {plain_name(part.partition(".")[0]) for part in parts}
    return frozenset(name for name in names if len(name) > 2 and not name.isdigit() and not _GENERAL.fullmatch(name))


def _values(repository: Repository) -> Iterator[str]:
    for source in repository.sources:
        for option in source.options if not source.vendored else ():
            if any(_OPTION.match(name) for name in option.names):
                yield from (value.strip("\"'") for value in (option.default or "", *(option.choices or ())))
    for text in _command_texts(repository):
        yield from (value for name, value in _GIVEN.findall(text[:TEXT_LIMIT]) if _OPTION.match(name))


def _command_texts(repository: Repository) -> Iterator[str]:
    """Yield the texts in which commands stand: the code of documents, and shell scripts."""
    for document in repository.documents:
        yield from (block.text for block in document.blocks)
    for file in repository.own_files:
        if file.kind == "shell" and not file.absent:
            try:
                yield repository.text(file.path)
            except Unreadable:
                continue
