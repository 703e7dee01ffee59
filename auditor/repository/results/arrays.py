"""Results that a document keeps as arrays: it names a folder for them, and files of numbers lie there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.findings import FileEvidence
from auditor.repository.model import Document, Repository
from auditor.repository.results.shown import ShownResult

PARAGRAPHS = 2_000
NAMES = 500
"""How many names of one document are looked at."""
FILES = 2_000
"""How many files of a named folder are looked at."""

_OF_RESULTS = re.compile(
    r"\b(results?|(learning|training) curves|metrics|scores|statistics)\b"
    r"|\b(data|numbers|values|tables?|figures?)\b[^.]{0,40}\b(in|of|from) the paper\b",
    re.I,
)
_ARRAY = re.compile(r"\.(npz|npy|pkl|pickle|mat)$", re.I)
_NOT_RESULTS = re.compile(
    r"(?<![a-z])(models?|weights|checkpoints?|ckpts?|trained|params|optimi[sz]er|polic(y|ies)|agents?|data-?_?sets?"
    r"|splits?|vocab|train|test)(?![a-z])",
    re.I,
)
_FOLDER = re.compile(r"(?<![\w/.:])\.{0,2}/?\w[\w.\-]{0,60}(?:/[\w.\-]{1,60}){0,8}/?")


def stored_results(document: Document, repository: Repository) -> Iterator[ShownResult]:
    """Yield the files of numbers in the folders that a document names in a sentence on results.

    A word is taken for a folder where it holds a slash, or is linked or marked as code.
    """
    folders = _array_folders(repository)
    if not folders:
        return
    here = document.path.rpartition("/")[0]
    marked = [(link.line, link.url) for link in document.links if not link.image]
    marked += [(block.line, block.text) for block in document.blocks if block.inline]
    for line, text in document.prose[:PARAGRAPHS]:
        last = line + text.count("\n")
        for sentence in re.split(r"(?<=[.!?])\s", text[:5_000]):
            if not _OF_RESULTS.search(re.sub(r"\S{0,200}/\S{0,200}", " ", sentence)):  # what it says, not a path
                continue
            names = [name for name in _FOLDER.findall(sentence)[:NAMES] if "/" in name]
            names += [name for place, name in marked if line <= place <= last and name.strip("./") in sentence]
            for name in names:
                plain = name.rstrip("./").removeprefix("./").lstrip("/")
                path = next((p for p in (f"{here}/{plain}".lstrip("/"), plain) if p in folders), "")
                if path:
                    yield ShownResult("numbers", FileEvidence(path=folders[path], excerpt=sentence.strip()[:300]))
                    return


def _array_folders(repository: Repository) -> dict[str, str]:
    """Return the folders that hold arrays, at any depth, each with the first of them."""
    found: dict[str, str] = {}
    arrays = [
        file.path
        for file in repository.own_files
        if _ARRAY.search(file.path)
        and (file.size or file.absent)
        and not _NOT_RESULTS.search(file.path.rpartition("/")[2].replace("_", " "))
    ]
    for path in arrays[:FILES]:
        folder = path.rpartition("/")[0]
        while folder:
            found.setdefault(folder, path)
            folder = folder.rpartition("/")[0]
    return found
