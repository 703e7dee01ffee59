"""Whether the data of the experiments can be had, and whether they are the same data tomorrow."""

from __future__ import annotations

from auditor.analysis.call_graph import Program
from auditor.analysis.data_sets import DataSet, DataSets, data_sets
from auditor.checks.framework import check, fact
from auditor.checks.looked_at import looked_at
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.data.titles import QUOTE_LIMIT, quoted
from auditor.repository.model import Repository

EVIDENCE_LIMIT = 6
POINTER_BYTES = 1024
"""Git LFS pointers are smaller (its specification); other files that are absent are large."""

_STATUS = {"na": Status.NOT_APPLICABLE, "none": Status.FAIL}
_SAYS = {
    "included": "{title} lies in the repository",
    "loader": "{title} comes by a library's loader, which fetches it by itself",
    "downloaded": "code of the repository fetches {title}",
    "path": "a comment says where to get what is read from {title}",
}


@fact
def sets(repository: Repository, program: Program | None) -> DataSets:
    """The data sets that the repository refers to."""
    return data_sets(repository, program)


@check("data.available", reads=("document", "python", "notebook"))
def available(repository: Repository, sets: DataSets) -> Finding:
    """The data of the main experiments come with the repository, by a loader or script, or by written instructions.

    Why: code without its data cannot give the paper's numbers.
    How: commit small data, fetch the rest by a script with a checksum, and say in the README where each set comes from.
    Sources: guide field `data`; Pineau checklist, item 3.4; NeurIPS paper checklist, item 5; Gundersen and Kjensmo,
    D1-D3.
    """
    weakest = sets.weakest
    return Finding(
        check="data.available",
        status=_STATUS.get(sets.level, Status.PASS),
        level=sets.level,
        sentence=_sentence(repository, sets),
        evidence=_places(weakest, sets) or looked_at(repository),
        remedy=_remedy(weakest) if sets.level == "none" else None,
    )


def _sentence(repository: Repository, sets: DataSets) -> str:
    """Return what decides: the data set that is hardest to get, how it comes, and how many are easier to get."""
    weakest = sets.weakest
    if weakest is None:
        return "No document, script or loader says where data come from."
    if sets.level == "na":
        return f"The programs make their data themselves: {weakest.title}."
    if sets.level == "none":
        return f"Nothing says how to get the data that the code reads ({weakest.title})."
    says = _SAYS[weakest.how].format(title=weakest.title) if weakest.how in _SAYS else _by_hand(weakest)
    if weakest.how == "included" and _is_pointer(repository, weakest):
        says = f"of {weakest.title} the repository holds a pointer, and Git LFS the content"
    easier = {item.how for item in sets.main if item.how in _SAYS} - {weakest.how, "path"}
    if easier:
        return f"Of the data, the hardest to get decides: {says}."
    return f"The {says}." if says.startswith("data are ") else f"The data: {says}."


def _is_pointer(repository: Repository, item: DataSet) -> bool:
    """Return whether only the Git LFS pointer of an included file is in this copy."""
    held = repository.by_path.get(item.best.name)
    return held is not None and held.absent and held.size < POINTER_BYTES


def _by_hand(item: DataSet) -> str:
    """Return the words for data that a reader has to fetch."""
    asks = {"registration": ", after registering", "request": ", on request", "": ""}[item.access]
    if item.best.data_set:
        return f"{item.title} is to be got by hand{asks}"
    told = quoted(item.best.evidence.excerpt)
    link = f", {item.best.url}" if item.best.url and "://" in item.best.url and "://" not in told else ""
    return f"data are to be got by hand{asks}, as is written (“{told}”{link[:QUOTE_LIMIT]})"


def _remedy(weakest: DataSet | None) -> str:
    what = weakest.title if weakest else "the data"
    return f"Say in the README where {what} comes from, or fetch it by a script."


def _places(weakest: DataSet | None, sets: DataSets) -> tuple[FileEvidence, ...]:
    """Return where the deciding data set is named, then where others of its kind are."""
    if weakest is None:
        return ()
    alike = (item for item in sets.main if item.how == weakest.how and item is not weakest)
    found = [reference.evidence for reference in weakest.references[:3]]
    found += [item.best.evidence for item in alike]
    return tuple(dict.fromkeys(found))[:EVIDENCE_LIMIT]
