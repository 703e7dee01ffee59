"""What a repository says that it is: a method that is fitted, or something that is not."""

from __future__ import annotations

import re

from auditor.findings import FileEvidence
from auditor.repository.model import Repository

LEAD = 300
"""Characters of the README's first paragraph in which a repository says what it is."""

_KIND = (
    r"data-?sets?|data sets?|corpus|simulators?|environments?|metrics?|verif(?:y|ication|ier)|certification"
    r"|quanti[sz](?:ation|er|ed)|sketching|saliency|attribution|solvers?|recomputation|rematerialization"
)
_TITLED = re.compile(rf"(?<![a-z])({_KIND})(?![a-z])", re.I)
_DEFINED = re.compile(
    rf"\b(is|are|provides?|contains?|presents?|releases?) (a|an|the|our|new)\b"
    rf"(?:(?! (for|on|of|with|over|from|in|to|using|that|which|and) )[^.]){{0,60}}?\b({_KIND})\b",
    re.I,
)
_LEARNS = re.compile(r"learn(ing|er|ed)?\b|train|classif|fitt|optimi[sz]|reinforcement", re.I)


def unfitted_kind(repository: Repository) -> FileEvidence | None:
    """Return where the README's title or first words say that the work is a kind that fits nothing, or None.

    Such are data sets, simulators, environments, metrics, verification, solvers, sketching and post-training
    quantisation. A word on the kind is no proof: what the code does comes first.
    """
    for document in repository.documents:
        if not document.main:
            continue
        title = next((text for _, text, _ in document.headings), "")[:200]
        if _TITLED.search(title) and not _LEARNS.search(title):
            return FileEvidence(path=document.path, line=1, excerpt=title)
        line, text = next(iter(document.prose), (1, ""))
        match = _DEFINED.search(text[:LEAD])
        if match:
            return FileEvidence(path=document.path, line=line, excerpt=" ".join(match[0].split()))
    return None
