"""Whether the data of the experiments can be had."""

from __future__ import annotations

from auditor.checks.framework import check
from auditor.checks.looked_at import looked_at
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.model import DataReference, Repository

EVIDENCE_LIMIT = 6


@check("data.available")
def available(repository: Repository) -> Finding:
    """The data of the main experiments come with the repository, by a loader or script, or by written instructions.

    Why: code without its data cannot give the paper's numbers.
    How: commit small data, fetch the rest by a script with a checksum, and say in the README where each set comes from.
    Sources: guide field `data`; Pineau checklist, item 3.4; NeurIPS paper checklist, item 5; Gundersen and Kjensmo,
    D1-D3.
    """
    by_kind: dict[str, list[DataReference]] = {}
    for item in repository.data:
        by_kind.setdefault(item.how, []).append(item)
    level = _level(by_kind)
    if level == "na":
        return Finding(
            check="data.available",
            status=Status.NOT_APPLICABLE,
            level="na",
            sentence=f"The programs make their data themselves: {by_kind['generated'][0].name}.",
            evidence=_places(by_kind["generated"]),
        )
    if level == "none":
        named = sorted(by_kind.get("path", []), key=lambda item: not _is_documented(item, repository))
        return Finding(
            check="data.available",
            status=Status.FAIL,
            level="none",
            sentence=f"Nothing says how to get the data that the code reads ({named[0].name})."
            if named
            else "No document, script or loader says where the data come from.",
            evidence=_places(named) or looked_at(repository),
            remedy=f"Say in the README where {named[0].name} comes from."
            if named
            else "Say in the README where the data come from.",
        )
    kinds = {"included": ("included", "loader"), "downloaded": ("downloaded",), "instructions": ("instructions",)}[
        level
    ]
    shown = sorted((item for kind in kinds for item in by_kind.get(kind, [])), key=_is_picture)
    words = {
        "included": "come with the repository or a library's loader",
        "downloaded": "are fetched by code of the repository",
        "instructions": "come by written instructions or a link",
    }[level]
    return Finding(
        check="data.available",
        status=Status.PASS,
        level=level,
        sentence=f"The data {words}: {shown[0].name}.",
        evidence=_places(shown),
    )


def _level(by_kind: dict[str, list[DataReference]]) -> str:
    """Return the weakest way in which the main data come, in the guide's words.

    Instructions with an address stand for data that the code does not bring itself, and decide over loaders and
    committed
    files, unless scripts fetch from as many addresses; a download by code decides over loaders and files too.
    """
    told = [item for item in by_kind.get("instructions", []) if item.url]
    fetched = by_kind.get("downloaded", [])
    if told and len(fetched) < len(told):
        return "instructions"
    if by_kind.get("downloaded"):
        return "downloaded"
    if by_kind.get("included") or by_kind.get("loader"):
        return "included"
    if by_kind.get("instructions"):
        return "instructions"
    if by_kind.get("generated"):
        return "na"
    return "none"


def _is_documented(item: DataReference, repository: Repository) -> bool:
    """Return whether a document names the file: the data of the main experiments mostly are."""
    name = item.name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return len(name) > 3 and any(name in document.text for document in repository.documents)


def _is_picture(item: DataReference) -> bool:
    """Return whether an item is a picture, which among tables of data is mostly a figure about them."""
    return item.name.lower().endswith((".png", ".jpg", ".jpeg", ".svg", ".gif", ".pdf", ".eps"))


def _places(items: list[DataReference]) -> tuple[FileEvidence, ...]:
    return tuple(item.evidence for item in items[:EVIDENCE_LIMIT])
