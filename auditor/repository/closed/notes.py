"""What the documentation says of code that is kept back: another, fuller version, one for later, one for nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.findings import FileEvidence
from auditor.repository.model import Document, Repository

Kind = Literal["withheld", "promised", "partial"]

_CODE = r"(?:source )?(?:code|codebase|implementation|scripts?|software|repository)"


def _any(*patterns: str) -> re.Pattern[str]:
    """Return a pattern that any of the given ones answers; CODE in them stands for the words for code."""
    return re.compile("|".join(f"(?:{pattern.replace('CODE', _CODE)})" for pattern in patterns), re.I)


_WITHHELD = _any(
    r"\bCODE\b[^.;]{0,60}\b(?:can ?not|can't|could not|will not) be (?:\w{1,12} )?"
    r"(?:released|shared|published|open-?sourced|distributed|made (?:public|available))",
    r"\bCODE\b[^.;]{0,30}\bis (?:proprietary|confidential|not public)\b",
    r"\bCODE\b[^.;]{0,30}\bavailable (?:only )?(?:up)?on (?:reasonable )?request",
    r"\b(?:unable to|can ?not|could not|not (?:able|allowed) to) (?:release|share|publish|open-?source)\b"
    r"[^.;]{0,40}\bCODE\b",
    r"\b(?:relies|depends|based|built) (?:up)?on [^.;]{0,20}\b(?:proprietary|closed-source|in-house|internal) CODE\b",
    r"\bcontact\b[^.;]{0,60}\b(?:for|to (?:get|obtain|request))\b[^.;]{0,20}\bCODE\b",
)
_PROMISED = _any(
    r"\bCODE\b[^.;]{0,40}\b(?:will|to|shall) be (?:\w{1,12} )?"
    r"(?:released|uploaded|published|added|cleaned|open-?sourced|made (?:public|available)|available)",
    r"\bCODE\b[^.;]{0,20}\b(?:coming soon|to come|tba|in preparation)",
    r"\b(?:will|plan to|intend to) (?:\w{1,12} )?(?:release|upload|publish|add|open-?source|clean up)\b"
    r"[^.;]{0,30}\bCODE\b",
    r"^.{0,80}\bcoming soon\W{0,10}\w{0,12}\W{0,10}$",
    r"\bwill (?:shortly|soon) (?:add|release|upload|publish|share)\b",
    r"^\W{0,10}under construction\W{0,10}$",
)
_PARTIAL = _any(
    r"\b(?:simplified|minimal|stripped-down|reduced|partial|preliminary|incomplete|toy) (?:re-?)?"
    r"(?:version|implementation|release|subset) of (?:the|our) (?:\w{1,20} ){0,3}CODE\b",
    r"\b(?:full|complete|entire) (?:version of (?:the|our) )?CODE\b[^.;]{0,60}"
    r"\b(?:elsewhere|upon request|not (?:yet )?(?:included|released|public|available|provided)|later)",
    r"\b(?:only )?(?:a )?(?:part|subset|portion) of (?:the|our) CODE\b[^.;]{0,40}"
    r"\b(?:is|are|has|have) (?:been )?(?:released|included|provided|public)",
)
# Sentences about other people's code or about data, or that say where the rest is.
_NOT_THIS = _any(
    r"https?://|\bcan be (?:found|downloaded)\b|\bavailable (?:at|from|here|under)\b",
    r"\bdata(?:\b|[- ]?sets?\b)|\bimages\b|\bthird[- ]party\b|\bsurvey\b",
    r"\b(?:results?|tutorials?|documentation|docs|paper|pre-?print|arxiv|video|slides|talk|poster|leaderboard|demos?|blog)\b",
    r"\bmore (?:examples|models|details|features)\b",
    r"\bpull request|\bcontribut|\bissues?\b|\bif you\b|\bplease (?:add|cite)\b",
)


@dataclass(frozen=True)
class ClosedNote:
    """A sentence that says that code is kept back for good, promised for later, or only a part of the whole."""

    kind: Kind
    evidence: FileEvidence


def closed_notes(repository: Repository) -> tuple[ClosedNote, ...]:
    """Return what the documents at the top of the tree (and one folder below) say of code that is not there."""
    found: dict[str, ClosedNote] = {}
    for document in repository.documents:
        if document.main or document.path.count("/") <= 1:
            for note in _notes(document):
                found.setdefault(note.evidence.excerpt, note)
    return tuple(found.values())


def _notes(document: Document) -> Iterator[ClosedNote]:
    passages = [*document.prose, *((line, text) for _, text, line in document.headings)]
    for line, text in passages:
        for sentence in re.split(r"(?<=[.!?])\s", text[:5_000]):
            kind = _kind(sentence[:600])
            if kind is not None:
                evidence = FileEvidence(path=document.path, line=line, excerpt=sentence.strip()[:300])
                yield ClosedNote(kind, evidence)


def _kind(sentence: str) -> Kind | None:
    if _WITHHELD.search(sentence) and not _NOT_THIS.search(sentence):
        return "withheld"
    if _PARTIAL.search(sentence) and not _NOT_THIS.search(sentence):
        return "partial"
    if _PROMISED.search(sentence) and not _NOT_THIS.search(sentence):
        return "promised"
    return None
