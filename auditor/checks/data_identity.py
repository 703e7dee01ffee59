"""Whether the data are the same tomorrow, may be used, are split alike, and still lie where the documents say."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.analysis.call_graph import Program
from auditor.analysis.data_sets import DataSet, DataSets
from auditor.analysis.data_splits import DataSplits, data_splits
from auditor.checks.framework import check, fact
from auditor.checks.looked_at import looked_at
from auditor.findings import FileEvidence, Finding, Status
from auditor.online import LinkStates, Online, check_links
from auditor.repository.data.files import is_data_file
from auditor.repository.data.manifests import DataManifest, data_manifests
from auditor.repository.data.terms import data_terms
from auditor.repository.data.titles import hands_out
from auditor.repository.model import Repository

EVIDENCE_LIMIT = 6


@dataclass(frozen=True)
class DataManifests:
    """The checksum lists, DVC files, Croissant files and data cards."""

    items: tuple[DataManifest, ...]


@fact
def manifests(repository: Repository) -> DataManifests:
    """The files that describe or pin data."""
    return DataManifests(data_manifests(repository))


@fact
def splits(repository: Repository, program: Program) -> DataSplits:
    """How the data are split."""
    return data_splits(repository, program)


@fact
def links(sets: DataSets, online: Online) -> LinkStates:
    """What the addresses of the main data sets answer; absent unless the user asked for it."""
    return check_links((url for item in sets.main for url in item.urls), online.allowed)


@check("data.fixed")
def fixed(repository: Repository, sets: DataSets, manifests: DataManifests) -> Finding:
    """Every data set that is fetched is fixed: by version, revision or checksum, or by the library that loads it.

    Why: data sets are corrected, extended and withdrawn under the same name and address; then the numbers change.
    How: name the version or revision in the call that loads it, download from an archive's record, check a SHA-256.
    Sources: FAIR principles F1 and R1.2; Croissant 1.0, FileObject sha256; NeurIPS paper checklist, item 12.
    """
    id = "data.fixed"
    pinning = [item.evidence for item in manifests.items if item.pins]
    fetched = [item for item in sets.main if item.how in ("downloaded", "loader") or _by_hand(item)]
    loose = [item for item in fetched if not _is_fixed(item)]
    if not fetched:
        return _nothing_fetched(id, sets)
    unsaid = sets.weakest if sets.level == "none" else None
    if unsaid and (not loose or pinning):
        return _partly_known(id, unsaid, "The data that are fetched are fixed")
    if not loose or pinning:
        shown = pinning or [_fixing(item) for item in fetched]
        what = f"checksums of data stand in {pinning[0].path}" if pinning else _named(fetched)
        return Finding(
            check=id,
            status=Status.PASS,
            sentence=f"The data that are fetched are fixed: {what}.",
            evidence=tuple(shown[:EVIDENCE_LIMIT]),
        )
    some = len(loose) < len(fetched)
    return Finding(
        check=id,
        status=Status.PARTIAL if some else Status.FAIL,
        sentence=f"No version, revision or checksum fixes {loose[0].title}"
        + (f" and {len(loose) - 1} more of {len(fetched)} data sets." if len(loose) > 1 else "."),
        evidence=tuple(item.best.evidence for item in loose[:EVIDENCE_LIMIT]),
        remedy=f"Give the version or a SHA-256 of {loose[0].title} {_place(loose[0])}.",
    )


def _by_hand(item: DataSet) -> bool:
    return item.how == "instructions" and bool(item.best.sure or item.urls)


def _place(item: DataSet) -> str:
    """Return where what fixes a data set belongs."""
    if item.how != "instructions":
        return "where it is fetched, and check it there"
    beside = "link" if item.urls else "instructions"
    return f"beside the {beside} in {item.best.evidence.path}"


def _is_fixed(item: DataSet) -> bool:
    """Return whether what a data set holds is fixed; a loader named for one set checks it, one told a name does not."""
    return bool(item.fixed) or (item.how == "loader" and not item.best.named_in_call)


def _fixing(item: DataSet) -> FileEvidence:
    return next((reference.evidence for reference in item.references if reference.fixed), item.best.evidence)


def _named(fetched: list[DataSet]) -> str:
    first = fetched[0]
    return f"{first.title}, by {first.fixed}" if first.fixed else f"the library that loads {first.title} checks it"


def _nothing_fetched(id: str, sets: DataSets) -> Finding:
    here = [item for item in sets.main if item.how == "included"]
    if here and sets.level == "none" and sets.weakest:
        return _partly_known(id, sets.weakest, "The data in the repository are fixed")
    if here:
        sentence = f"The data are fixed by the commit that holds them ({here[0].title})."
        return Finding(check=id, status=Status.PASS, sentence=sentence, evidence=(here[0].best.evidence,))
    if sets.level == "none" and sets.weakest:
        sentence = f"Nothing says which data {sets.weakest.title} stands for, so no version is known."
        return Finding(check=id, status=Status.FAIL, sentence=sentence, evidence=(sets.weakest.best.evidence,))
    return Finding(check=id, status=Status.NOT_APPLICABLE, sentence="No data are fetched.")


def _partly_known(id: str, unsaid: DataSet, rest: str) -> Finding:
    """Return that some data are fixed while of others nobody knows which they are."""
    return Finding(
        check=id,
        status=Status.PARTIAL,
        sentence=f"{rest}, but nothing says which data {unsaid.title} stands for, so no version of them is known.",
        evidence=(unsaid.best.evidence,),
        remedy=f"Say where {unsaid.title} comes from, and in which version.",
    )


@check("data.licence")
def licence(repository: Repository, sets: DataSets, manifests: DataManifests) -> Finding:
    """The licence or terms of use are stated for data that the repository holds, or fetches from a deposit of files.

    Why: without terms nobody knows whether the data may be used, changed or passed on.
    How: add a licence file to the folder of the data, or a sentence in the README that names the licence of each set.
    Sources: NeurIPS paper checklist, item 12; FAIR principle R1.1; Croissant 1.0, license; Datasheets for Datasets,
    distribution.
    """
    id = "data.licence"
    stated = [item.evidence for item in manifests.items if item.licence]
    stated += list(data_terms(repository))
    if stated:
        sentence = f"Terms of use of the data are stated in {stated[0].path}."
        return Finding(check=id, status=Status.PASS, sentence=sentence, evidence=tuple(stated[:EVIDENCE_LIMIT]))
    own = [item for item in sets.main if hands_out(item.best) and not item.best.data_set]
    if not own:
        return Finding(check=id, status=Status.NOT_APPLICABLE, sentence=_not_own(repository))
    return Finding(
        check=id,
        status=Status.FAIL,
        sentence=f"Nothing says under which terms the data may be used ({own[0].title}).",
        evidence=tuple(item.best.evidence for item in own[:EVIDENCE_LIMIT]) or looked_at(repository),
        remedy="State the licence of the data, in the README or in a licence file beside them.",
    )


def _not_own(repository: Repository) -> str:
    """Return the sentence on a repository without data known as the authors' own; others' copies may lie in it."""
    held = [file.path for file in repository.own_files if file.kind == "data" and is_data_file(file)]
    if not held:
        return "The repository hands out no data of its own."
    files = f"{len(held)} data file{'s' if len(held) > 1 else ''}, such as {held[0]}"
    return f"The repository holds {files}, but no data set that is known as the authors' own."


@check("data.splits")
def split(splits: DataSplits) -> Finding:
    """The split into training and test data is fixed: published, in committed files, or drawn with a seed of its own.

    Why: a split that is drawn anew gives other numbers, and lets test data of one run be training data of the next.
    How: commit the indices, use the published split, or give the call that splits a seed (`random_state=0`).
    Sources: Pineau checklist, item 3.2; NeurIPS paper checklist, item 6; REFORMS, item 5.
    """
    level = splits.level
    if level == "na":
        sentence = "No split of the data is drawn by a function that is known for it."
        return Finding(check="data.splits", status=Status.NOT_APPLICABLE, level="na", sentence=sentence)
    if level == "fixed":
        shown = splits.seeded or splits.files
        return Finding(
            check="data.splits",
            status=Status.PASS,
            level=level,
            sentence=f"The split of the data is fixed in {shown[0].path}.",
            evidence=shown[:EVIDENCE_LIMIT],
        )
    alone = level == "random"
    return Finding(
        check="data.splits",
        status=Status.FAIL if alone else Status.PARTIAL,
        level=level,
        sentence=f"A split of the data is drawn without a seed of its own ({splits.unseeded[0].path})"
        + ("." if alone else "; the seed of the whole program fixes it only while nothing else draws before it."),
        evidence=(*splits.unseeded[:3], *splits.seeds[:2]),
        remedy="Give the call that splits the data a seed of its own, or commit the indices.",
    )


@check("data.described")
def described(manifests: DataManifests) -> Finding:
    """Metadata of the data in the Croissant format hold what the format requires, or a data card is there.

    Why: metadata that machines read tell what a file holds, where it comes from and whether it is unchanged.
    How: add the fields that the sentence names, and validate the file with mlcroissant.
    Sources: Croissant 1.0, dataset-level information and resources; NeurIPS data sets track; Datasheets for Datasets.
    """
    id = "data.described"
    known = [item for item in manifests.items if item.kind in ("croissant", "card")]
    faulty = [item for item in known if item.problems]
    if not known:
        sentence = "There is neither Croissant metadata nor a data card."
        return Finding(check=id, status=Status.NOT_APPLICABLE, sentence=sentence)
    if not faulty:
        sentence = f"The data are described in {known[0].path}."
        return Finding(check=id, status=Status.PASS, sentence=sentence, evidence=tuple(i.evidence for i in known[:6]))
    told = "; ".join(faulty[0].problems[:3])
    more = f", and {len(faulty[0].problems) - 3} more" if len(faulty[0].problems) > 3 else ""
    return Finding(
        check=id,
        status=Status.PARTIAL,
        sentence=f"The Croissant metadata {faulty[0].path} is incomplete: {told}{more}.",
        evidence=(faulty[0].evidence,),
        remedy=f"Complete {faulty[0].path}: {told}.",
    )


@check("data.links")
def alive(sets: DataSets, states: LinkStates) -> Finding:
    """Every address that the repository gives for its main data still answers.

    Why: data behind a dead link are data that nobody has.
    How: replace the dead address, or deposit the data in an archive that gives it a lasting identifier.
    Sources: FAIR principles F1 and A1; Pineau checklist, item 3.4; RFC 9110, sections 9.3.2 and 15.5.
    """
    id, day = "data.links", states.day.isoformat()
    gone = [item for item in states.items if item.state == "gone"]
    clear = [item for item in states.items if item.state == "alive"]
    places = {url: item.best.evidence for item in sets.main for url in item.urls}
    if not states.items:
        return Finding(check=id, status=Status.NOT_APPLICABLE, sentence="No address is given for the data.")
    if gone and states.answered:
        first = gone[0]
        return Finding(
            check=id,
            status=Status.FAIL,
            sentence=f"On {day}, {len(gone)} of {len(states.items)} addresses of the data were gone: "
            f"{first.url[:150]} ({first.says}).",
            evidence=tuple(dict.fromkeys(places[item.url] for item in gone))[:EVIDENCE_LIMIT],
            remedy=f"Replace {first.url[:150]}, or deposit the data in an archive.",
        )
    shown = tuple(dict.fromkeys(places[item.url] for item in states.items))[:EVIDENCE_LIMIT]
    if len(clear) == len(states.items) and states.left:
        sentence = (
            f"On {day}, the {len(clear)} addresses asked of the data answered; {states.left} more were not asked."
        )
        return Finding(check=id, status=Status.UNKNOWN, sentence=sentence, evidence=shown)
    if len(clear) == len(states.items):
        sentence = f"On {day}, all {len(clear)} addresses of the data answered."
        return Finding(check=id, status=Status.PASS, sentence=sentence, evidence=shown)
    left = next(item for item in states.items if item.state != "alive")
    return Finding(
        check=id,
        status=Status.UNKNOWN,
        sentence=f"On {day}, {len(clear)} of {len(states.items)} addresses of the data answered; "
        f"of the others nothing is known: {left.url[:150]} ({left.says}).",
        evidence=shown,
    )
