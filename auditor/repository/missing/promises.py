"""Sentences by which the authors themselves say that a part is not there: promised for later, or held back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.findings import FileEvidence
from auditor.repository.model import Document

TEXT_LIMIT = 5_000
"""Characters of one paragraph that are read."""
_DONE = r"(?:added|uploaded|released|published|shared|posted|pushed|provided)"
_DO = r"(?:add|upload|release|publish|share|post|push|provide)"
_PART = (
    r"(?:code|scripts?|models?|weights|checkpoints?|data\s?sets?|data|loaders?|experiments?|implementation|notebooks?"
    r"|training|evaluation|instructions?)"
)
_PROMISE = re.compile(
    rf"\bcoming[ -]?soon\b|\bunder construction\b|\bwill be (?:\w{{1,20}} )?{_DONE}\b"
    rf"|\b(?:(?:we|i|authors) (?:will|plan to|intend to|are going to)|(?:we|i)'ll)\s(?:\w{{1,20}} )?{_DO}\b"
    rf"[^.]{{0,60}}\b{_PART}\b"
    rf"|\b(?:not|n't) (?:yet|currently) (?:been )?(?:\w{{1,20}} )?(?:{_DONE}|available|included)\b"
    rf"|\b(?:not|n't) (?:been )?(?:{_DONE}|available|included) yet\b"
    r"|\bwill be (?:made )?available (?:here )?(?:soon|shortly|later|in the (?:near )?future)\b"
    rf"|^\W{{0,8}}(?:to-?do\b|\[ ?\])[^\n]{{1,120}}\b{_PART}\b",
    re.I,
)
_SOON = re.compile(r"\bcoming[ -]?soon\b", re.I)
_TO_DO = re.compile(r"^\W{0,8}to-?\s?do\b", re.I)
_OPEN = re.compile(rf"^(?![^\n]{{0,8}}\[x\])\W{{0,8}}{_DO}\b[^\n]{{0,120}}\b{_PART}\b", re.I)
"""An item of a list that says which part is still to come."""
ITEMS = 20
"""Rows below a heading that are read as its list."""
_LATER = re.compile(r"\b(?:soon|shortly|later|yet|near future|to-?do)\b", re.I)
_BEYOND = re.compile(
    r"\b(?:more|others?|additional|further|new|support|features?|versions?|ports?|updated?|tutorials?|pypi|paper|article"
    r"|preprint|manuscript)\b",
    re.I,
)
"""What goes beyond the paper's experiments, or is no part of a repository."""
_CONDITION = re.compile(r"\b(?:if|unless|in case|whether|but|instead)\b", re.I)
_WITHHELD = re.compile(
    r"\b(?:not|cannot|n't) (?:be )?(?:included|uploaded|shared|provided|released|published|publicly available"
    r"|on git ?hub|in (?:this|the) repo)[^.]{0,48}\b(?:due to|because|owing to|for)\b",
    re.I,
)
_LACKING = re.compile(
    rf"\b{_PART}\b[^.]{{0,80}}\b(?:is|are) (?:still |currently )?missing\b"
    rf"|\b{_PART}\b[^.,]{{0,60}}\b(?:is|are) not (?:provided|included|available|part of)\b",
    re.I,
)
_HAD = re.compile(r"\bdownload|\bcan be (?:found|obtained|had|accessed)\b|https?://", re.I)
_MOVED = re.compile(
    r"\b(?:code|repository|project|implementation)\b[^.]{0,30}\b(?:moved|migrated|deprecated|now (?:lives|hosted))\b",
    re.I,
)
_ASIDE = re.compile(
    r"(^|/)docs?/|(^|/)(rebuttal|response|reviews?|change_?-?log|changes|news|history|notice)\w{0,20}(\.|$)", re.I
)


def promises(document: Document, bare: bool) -> Iterator[FileEvidence]:
    """Yield the sentences that promise or withhold a part; in a tree without code (`bare`), also that it was moved.

    Outside of the top README only what is to come soon counts: other documents are often another project's.
    """
    if _ASIDE.search(document.path) or (not document.main and document.path.count("/") > 1):
        return
    if document.main:
        yield from _headed(document)
    for line, paragraph in document.prose:
        sentences = re.split(r"(?<=[.!?])\s", paragraph[:TEXT_LIMIT])
        for sentence, following in zip(sentences, [*sentences[1:], ""], strict=True):
            said = (
                _is_promise(sentence, document.main)
                or (_WITHHELD.search(sentence) and not _HAD.search(f"{sentence} {following}"))
                or (document.main and _is_lacking(sentence) and not _HAD.search(f"{sentence} {following}"))
                or (bare and _MOVED.search(sentence))
            )
            if said:
                yield FileEvidence(path=document.path, line=line, excerpt=sentence[:300])


def _headed(document: Document) -> Iterator[FileEvidence]:
    """Yield the headings that promise what stands below them, and the open items below a heading "To do"."""
    rows = document.text[:200_000].split("\n")
    for _, title, line in document.headings:
        if _SOON.search(title):
            yield FileEvidence(path=document.path, line=line, excerpt=title[:300])
        elif _TO_DO.search(title):
            for number, row in enumerate(rows[line : line + ITEMS], start=line + 1):
                if row.startswith("#"):
                    break
                if _OPEN.search(row[:300]) and not _BEYOND.search(row[:300]):
                    yield FileEvidence(path=document.path, line=number, excerpt=row.strip()[:300])


def _is_lacking(sentence: str) -> bool:
    return bool(_LACKING.search(sentence)) and not _CONDITION.search(sentence)


def _is_promise(sentence: str, main: bool) -> bool:
    if not _PROMISE.search(sentence) or _BEYOND.search(sentence) or _CONDITION.search(sentence):
        return False
    return main or bool(_LATER.search(sentence))
