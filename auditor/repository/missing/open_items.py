"""Parts that a document's lists hold open, and absent folders of the authors that it sends the reader to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from auditor.findings import FileEvidence
from auditor.repository.model import Document, Repository

ROWS_LIMIT = 20_000
_UNCHECKED = re.compile(r"^\s{0,12}[-*+]\s\[\s?\]\s(.{3,300})")
_ITEM = re.compile(r"^\s{0,12}(?:[-*+]|\d{1,2}[.)])\s{1,3}(.{3,300})")
_OPENS = re.compile(
    r"^[\W_]{0,8}(?:coming(?:\ssoon)?|upcoming|to[- ]?dos?(?:\slist)?|(?:still\s)?to\sbe\s(?:added|released|uploaded)"
    r"|not\syet\s(?:added|released|uploaded|included))[\W_]{0,8}$",
    re.I,
)
"""A heading, or a line of its own, over a list of what is to come."""
_PART = re.compile(
    r"\b(code|scripts?|weights|checkpoints?|pre-?trained|training|evaluation|data\s?sets?|loaders?|experiments?"
    r"|implementation|notebooks?|models?)\b",
    re.I,
)
_BETTER = re.compile(
    r"\b(more|other|improve\w{0,5}|refactor\w{0,3}|clean\w{0,3}|speed\w{0,3}|faster|optimi[sz]e|document\w{0,6}|tests?"
    r"|fix\w{0,2}|support|blog|tutorials?|docker|colab|demo|simplif\w{1,3}|comment\w{0,3})\b",
    re.I,
)
"""What is there and is to become better, or goes beyond the paper."""
_FOLDER = r"(?:folder|directory)?\s?['\"`(]{0,2}(?:\./)?((?:[\w-]{2,40}/){1,4})['\"`)]{0,2}(?=[\s.,;:]|$)"
_TO_EDIT = re.compile(
    rf"\b(?:modify|edit|change|adapt|adjust)\b[^;\n]{{0,80}}\s(?:in|under|of|inside)\s(?:the\s)?{_FOLDER}", re.I
)
_IS_THERE = re.compile(
    rf"\b(?:is|are|be)\s(?:found|provided|included|located|listed|given)\s(?:in|under|inside)\s(?:the\s)?{_FOLDER}",
    re.I,
)
_MADE = re.compile(
    r"\b(will|creat\w+|generat\w+|produc\w+|sav\w+|outputs?|download\w*|writ\w+|stor\w+|results?|logs?|your|after|once"
    r"|should|must|unzip|extract\w*)\b",
    re.I,
)


def open_items(document: Document) -> Iterator[FileEvidence]:
    """Yield the items of a list of what is to come, and unchecked tasks, that name a part of the code."""
    listed = False
    for number, row in enumerate(document.text.split("\n")[:ROWS_LIMIT], 1):
        task, item = _UNCHECKED.match(row), _ITEM.match(row)
        if _OPENS.match(row[:80]):
            listed = True
        elif row.strip() and not item and not row.startswith((" ", "\t")):
            listed = False
        opened = task or (item if listed and not re.match(r"^\s{0,12}[-*+]\s\[[xX]\]", row) else None)
        if opened and _PART.search(opened[1]) and not _BETTER.search(opened[1]):
            yield FileEvidence(path=document.path, line=number, excerpt=row.strip()[:300])


def absent_folders(document: Document, repository: Repository) -> Iterator[FileEvidence]:
    """Yield sentences that have the reader edit what lies in a folder, or say that a part lies there, without one."""
    for line, text in document.prose:
        for pattern in (_TO_EDIT, _IS_THERE):
            for match in pattern.finditer(text[:3_000]):
                begun = max(text.rfind(mark, 0, match.start()) for mark in (". ", "! ", "? "))
                made = pattern is _IS_THERE and _MADE.search(text[begun + 1 : match.end()])
                if not made and not _is_there(match[1], repository):
                    yield FileEvidence(path=document.path, line=line, excerpt=match[0].strip()[:300])


def _is_there(folder: str, repository: Repository) -> bool:
    """Return whether a folder of this last name, or of one that differs by a slip, is anywhere in the tree."""
    wanted = folder.rstrip("/").rpartition("/")[2].lower()
    names = {part.lower() for path in repository.by_path for part in path.split("/")[:-1]}
    return any(name == wanted or SequenceMatcher(None, name, wanted).ratio() > 0.8 for name in names)
