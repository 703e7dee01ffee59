"""Under which licence or terms the documentation says that data may be used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.findings import FileEvidence
from auditor.known_data import data_set_in
from auditor.repository.model import Repository

_DATA = re.compile(
    r"\b(data(?! ?(load|structure|parallel))|data-?sets?|corp(us|ora)|annotations|recordings|images)\b", re.I
)
_TERMS = re.compile(
    r"\blicen[cs]e[ds]?\b|\bterms of (use|service)\b|\bCC[- ]?(BY|0)\b|\bcreative commons\b|\bpublic domain\b|\bODbL\b"
    r"|\bODC-?By\b|\bdata use agreement\b|\bcopyright\b|\bnon-?commercial\b|\bresearch purposes? only\b",
    re.I,
)
_OF_CODE = re.compile(r"\b(this (project|repository|software|code|library)|the code|source code)\b", re.I)


def data_terms(repository: Repository) -> Iterator[FileEvidence]:
    """Yield where the terms of data are stated: sentences that name both, and licence files in folders for data."""
    for document in repository.documents:
        for line, text in document.prose:
            for sentence in re.split(r"(?<=[.!?])\s", text[:5_000]):
                named = _DATA.search(sentence) or data_set_in(sentence)
                if named and _TERMS.search(sentence) and not _only_code(sentence):
                    yield FileEvidence(path=document.path, line=line, excerpt=sentence[:300])
    for file in repository.own_files:
        folders = file.path.lower().split("/")[:-1]
        if file.kind == "licence" and any(re.match(r"^(data|datasets?|corpus)$", part) for part in folders):
            yield FileEvidence(path=file.path)


def _only_code(sentence: str) -> bool:
    """Return whether a sentence is about the licence of the code alone, and not of code and data."""
    return bool(_OF_CODE.search(sentence)) and not re.search(r"\bdata-?sets?\b|\bthe data\b", sentence, re.I)
