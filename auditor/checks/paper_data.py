"""The check on the data sets that the paper names."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.checks.framework import Absent, check
from auditor.checks.paper_answer import without_experiments
from auditor.findings import Finding, Status
from auditor.paper.model import DataSet, Paper

_SHOWN = 6
"""So many names stand in a sentence."""


@check("paper.data_sets_named")
def data_sets_named(paper: Paper) -> Finding:
    """Each data set of the experiments is named with where it comes from.

    A well-known name, a reference, a link, or a word on who may have the data will do; synthetic data need none. Where
    some names have no source it is partial; none fails, because a paper may describe its data without a name.

    Why: Versions and subsets of one name differ; without a source a reader cannot tell which data were meant.
    How: Cite or link every data set where it is first used, and say which licence or access terms it has.
    Sources: Pineau v2.0 3.4; NeurIPS 12; AAAI 3.4; REFORMS 3a; ARR B1.
    """
    id = "paper.data_sets_named"
    if not paper.readable or not paper.sentences:
        raise Absent("the PDF holds no running text that the rules read")
    found = paper.data_sets
    if not found:
        exempt = without_experiments(id, paper)
        sentence = "No data set was recognised by its name; the paper may describe its data in other words."
        return exempt or Finding(check=id, status=Status.UNKNOWN, sentence=sentence)
    bare = [each for each in found if each.access == "unsaid" and not (each.source or each.synthetic)]
    if bare:
        return Finding(
            check=id,
            status=Status.PARTIAL,
            sentence=f"{len(bare)} of {_count(found)} named in the experiments {'have' if len(bare) > 1 else 'has'} no "
            f"source beside: {_names(bare)}.",
            evidence=tuple(each.evidence() for each in bare[:_SHOWN]),
            remedy="Cite or link each of these data sets where it is first used.",
        )
    kept = [each for each in found if each.access == "restricted"]
    beside = f"; said not to be open: {_names(kept)}" if kept else ""
    asked = [each for each in found if each.access == "registration"]
    beside += f"; given to those who register or sign: {_names(asked)}" if asked else ""
    named = f"{_count(found)} of the experiments {'are' if len(found) > 1 else 'is'} named"
    return Finding(
        check=id,
        status=Status.PASS,
        sentence=f"{named} with a source or well known: {_names(found)}{beside}.",
        evidence=tuple(each.evidence() for each in found[:_SHOWN]),
    )


def _count(found: Sequence[DataSet]) -> str:
    return f"{len(found)} data set{'s' if len(found) > 1 else ''}"


def _names(found: Sequence[DataSet]) -> str:
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(each.name for each in found[:_SHOWN]) + more
