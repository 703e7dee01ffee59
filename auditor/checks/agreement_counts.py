"""Whether the counts that the paper claims are those of the repository."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.checks.facts import Sources
from auditor.checks.framework import check
from auditor.claims.counts_held import Count, claimed, held
from auditor.findings import Finding, Status
from auditor.paper.model import Paper
from auditor.repository.model import Repository


@check("agreement.counts")
def counts(paper: Paper, sources: Sources, repository: Repository) -> Finding:
    """Counts that the paper claims (runs or seeds, examples of a split, parameters) are those of the repository.

    Compared are numbers of runs in options and lists of seeds, rows of tables named for a split, and numbers of
    parameters that notebooks print. A count that is found passes; where paper and repository have one each, and they
    differ, it is partial. It never fails, because either may count something else.

    Why: A file with other rows, or a loop over fewer seeds, is not the experiment that the paper reports.
    How: Commit the data and the loop that were used, and take the numbers of the paper from them.
    Sources: Machine Learning Reproducibility Checklist v2.0 (statistics of the data, number of runs).
    """
    id = "agreement.counts"
    if not paper.readable:
        return Finding(check=id, status=Status.UNKNOWN, sentence="The text of the paper cannot be read by the rules.")
    stated = _by_kind(claimed(paper.sentences, paper.statements.get("seeds_or_runs_stated")))
    there = _by_kind(held(repository, sources.items))
    both = [kind for kind in stated if kind in there]
    same = {kind: pair for kind in both if (pair := _same(stated[kind], there[kind])) is not None}
    other = [kind for kind in both if kind not in same and len(_values(stated[kind])) == len(_values(there[kind])) == 1]
    if other:
        one, two = stated[other[0]][0], there[other[0]][0]
        return Finding(
            check=id,
            status=Status.PARTIAL,
            sentence=f"The paper has {one.value:,.0f} {one.kind}; the repository has {two.value:,.0f}.",
            evidence=tuple(e for kind in other for e in (stated[kind][0].evidence, there[kind][0].evidence))[:8],
            remedy="Correct the count, or say what each of them counts.",
        )
    if same:
        said = ", ".join(f"{pair[0].value:,.0f} {kind}" for kind, pair in same.items())
        evidence = tuple(count.evidence for pair in same.values() for count in pair)[:8]
        sentence = f"The paper's counts are in the repository: {said}."
        return Finding(check=id, status=Status.PASS, sentence=sentence, evidence=evidence)
    told = ", ".join(stated) or "no count of its own"
    sentence = f"The paper states {told}; nothing in the repository can be compared with it."
    return Finding(check=id, status=Status.UNKNOWN, sentence=sentence)


def _by_kind(found: Iterable[Count]) -> dict[str, list[Count]]:
    kinds: dict[str, list[Count]] = {}
    for count in found:
        kinds.setdefault(count.kind, []).append(count)
    return kinds


def _values(found: list[Count]) -> set[float]:
    return {count.value for count in found}


def _same(stated: list[Count], there: list[Count]) -> tuple[Count, Count] | None:
    """Return a claimed count and one of the repository that are the same, if there are such."""
    for one in stated:
        for two in there:
            if abs(one.value - two.value) <= one.slack + two.slack:
                return one, two
    return None
