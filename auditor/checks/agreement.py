"""What the rerun says about the claims: whether they are answered and hold, and whether the numbers were computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from auditor.checks.facts import Sources
from auditor.checks.framework import check
from auditor.claims.from_paper import result_figures
from auditor.claims.model import Claim, Claims
from auditor.errors import Unreadable
from auditor.findings import Evidence, Finding, Status
from auditor.paper.model import Paper
from auditor.repository.model import Repository
from auditor.rerun.constants import Constant, constant_outputs
from auditor.rerun.model import Rerun, Verdict
from auditor.rerun.shipped import Copied, copied_outputs, ran_files

ANSWERED_WELL = 0.8
"""From this share of the main claims on, the rerun answers them."""

_SOURCES = 400


@check("agreement.claims_hold")
def claims_hold(claims: Claims, rerun: Rerun) -> Finding:
    """Every claim of the paper that the rerun could be compared with holds.

    Where no paper states a claim, those of the documentation and of the shipped results stand for it.

    Why: The numbers are what the paper is believed for; one that its own code contradicts needs an explanation.
    How: Say in the README which command gives which number, with the seed, the versions and the spread over seeds.
    Sources: the project's rule for one run (half a unit of the last digit, the claim's own spread, 0.02 or 2.5%);
    NeurIPS reproducibility checklist.
    """
    of = " of the paper" if claims.of("paper") else ""
    return _held("agreement.claims_hold", claims.decisive, rerun, f"claims{of}")


@check("agreement.documented_results_hold")
def documented_results_hold(claims: Claims, rerun: Rerun) -> Finding:
    """Every result of the README, the notebooks and the shipped files that the rerun could be compared with holds.

    It says nothing on the paper's claims. Where no paper states any, `agreement.claims_hold` answers for these.

    Why: Documentation that its own code contradicts misleads whoever starts from the repository.
    How: Generate the documented results with the documented command, and renew them when the code changes.
    Sources: ML Code Completeness Checklist, item 5 (a table of results with the command for each).
    """
    check_id = "agreement.documented_results_hold"
    documented = tuple(claim for claim in claims.items if claim.origin != "paper")
    if len(documented) == len(claims.items) and documented:
        sentence = "No paper states a result, so the documented ones are judged as the claims."
        return Finding(check=check_id, status=Status.NOT_APPLICABLE, sentence=sentence)
    if not documented:
        return _unknown(check_id, "The documentation states no result that was found.")
    return _held(check_id, documented, rerun, "documented results")


def _held(check_id: str, claims: tuple[Claim, ...], rerun: Rerun, what: str) -> Finding:
    """Whether those of these claims hold that could be compared."""
    by_id = {claim.id: claim for claim in claims}
    compared = [verdict for verdict in rerun.verdicts if verdict.holds is not None and verdict.claim in by_id]
    if not compared:
        return _unknown(check_id, _why_nothing(rerun, by_id))
    contradicted = [verdict for verdict in compared if verdict.holds is False]
    if not contradicted:
        better = sum(verdict.outcome == "better" for verdict in compared)
        more = f", {better} of them better than stated" if better else ""
        return Finding(
            check=check_id,
            status=Status.PASS,
            sentence=f"All {len(compared)} {what} that could be compared hold{more}.",
            evidence=_both(compared, by_id),
        )
    worst = _difference(by_id[contradicted[0].claim], contradicted[0])
    return Finding(
        check=check_id,
        status=Status.FAIL,
        sentence=f"{len(contradicted)} of {len(compared)} compared {what} do not hold: {worst}",
        evidence=_both(contradicted, by_id),
        remedy="Correct the number, or document the command, seed and versions that give it.",
    )


@check("agreement.claims_answered")
def claims_answered(claims: Claims, rerun: Rerun, paper: Paper | None = None) -> Finding:
    """What the run prints or writes answers the main claims: the paper's, of its abstract and the authors' own method.

    From 80% of them on it passes, any less is partial, none fails. A claim is answered when the names of its metric,
    data set and method lead to one number. Where no paper states a claim, those of the documentation stand for it.

    Why: Code that runs and shows nothing of what the paper claims leaves the claims unchecked.
    How: Print or write each result of the paper under the names that the paper uses, or map commands to results.
    Sources: ML Code Completeness Checklist, item 5 (a table of results with the command for each).
    """
    direct = [claim for claim in claims.decisive if not claim.relative]
    main = [claim for claim in direct if claim.headline or claim.own]
    main = main or [claim for claim in direct if claim.own is not False]
    if not main:
        shown = tuple(caption.evidence() for caption in result_figures(paper)[:3]) if paper else ()
        sentence = "No claim was found that the rerun could answer."
        sentence += " Results are shown in figures, from which no claim is made." if shown else ""
        return Finding(check="agreement.claims_answered", status=Status.UNKNOWN, sentence=sentence, evidence=shown)
    if not any(run.exit_code == 0 for run in rerun.runs):
        return _unknown("agreement.claims_answered", "No command ran to its end, so what it would print is not known.")
    answered = {v.claim: v for v in rerun.verdicts if v.outcome != "not_observed"}
    found = [claim for claim in main if claim.id in answered]
    share = len(found) / len(main)
    status = Status.PASS if share >= ANSWERED_WELL else Status.PARTIAL if found else Status.FAIL
    missing = next((v for v in rerun.verdicts if v.outcome == "not_observed" and v.claim in {c.id for c in main}), None)
    why = f" {missing.claim}: {missing.rule}" if missing and status is not Status.PASS else ""
    evidence = [e for claim in found[:5] for e in answered[claim.id].evidence[:1]]
    return Finding(
        check="agreement.claims_answered",
        status=status,
        sentence=f"{len(found)} of {len(main)} main claims are answered by a number that the run gave.{why}",
        evidence=tuple(evidence) or tuple(claim.evidence for claim in main[:3]),
        remedy=None if status is Status.PASS else "Print each result with its metric, data set and method by name.",
    )


@check("agreement.numbers_not_constant")
def numbers_not_constant(
    rerun: Rerun, repository: Repository, sources: Sources | None = None, claims: Claims | None = None
) -> Finding:
    """No number that the run shows stood in the authors' Python, a script, or a shipped file that the run read.

    One in the authors' own Python fails; in other scripts (shell, C, vendored code) and in files that the run read,
    all numbers of a run that answer claims must stand there, half of them is partial. A constant that the line sets
    beside a computed value (an assertion, a reported or expected value), and a file named as one to compare with, are
    partial. Shipped results that no run reads are no fault. Numbers that are hidden (encoded, pickled) are not found.

    Why: A program that prints its results from constants or from a shipped file reproduces nothing.
    How: Compute every number that is printed; keep the paper's values for comparison in a file named `expected`.
    Sources: the project's list of attacks on an audit (a program that prints the paper's numbers).
    """
    check_id = "agreement.numbers_not_constant"
    if not any(observation.final for observation in rerun.observations):
        return _unknown(check_id, "The run showed no number.")
    texts = _texts(sources, repository) if sources else {}
    ran = frozenset(path for run in rerun.runs for path in ran_files(run, repository))
    constants = constant_outputs(rerun.observations, texts, ran)
    copied, looked_at = copied_outputs(rerun, claims or Claims(), repository)
    plain = [constant for constant in constants if not constant.compared]
    if plain:
        return _constant(plain, Status.FAIL, "as a constant")
    whole = [item for item in copied if item.all_there and not item.compared]
    if whole:
        return _copied(whole[0], Status.FAIL)
    if constants:
        return _constant(constants, Status.PARTIAL, "as a value to compare with")
    if copied:
        return _copied(copied[0], Status.PARTIAL)
    own = {file.path for file in repository.own_files if file.kind in ("python", "notebook", "shell", "source")}
    if not own & ran:
        return _unknown(
            check_id, "No source of the repository is known to have run, so nothing tells what computed it."
        )
    others = f", nor in {looked_at} other scripts and files that the run read" if looked_at else ""
    count = len(rerun.observations)
    return Finding(
        check=check_id,
        status=Status.PASS,
        sentence=f"None of the {count} observed numbers stands as a constant in {len(texts)} source files{others}.",
        evidence=tuple(o.evidence for o in rerun.observations[:3]),
    )


def _constant(found: Sequence[Constant], status: Status, how: str) -> Finding:
    shown = found[0]
    evidence: list[Evidence] = [e for c in found[:5] for e in (c.evidence, c.observation.evidence)]
    return Finding(
        check="agreement.numbers_not_constant",
        status=status,
        sentence=f"{shown.observation.metric_text} {shown.observation.printed} stands {how} in {shown.evidence.path}.",
        evidence=tuple(evidence),
        remedy="Compute the number where it is printed.",
    )


def _copied(item: Copied, status: Status) -> Finding:
    first = item.found[0]
    what = "a shipped file that the run read" if item.read else "a script of the repository"
    share = f"{len(item.found)} of {len(item.answers)} numbers that the run gave"
    sentence = f"{share} stood before it in {item.path}, {what} ({first.metric_text} {first.printed})."
    return Finding(
        check="agreement.numbers_not_constant",
        status=status,
        sentence=sentence,
        evidence=(*item.evidence, *(o.evidence for o in item.found[:5])),
        remedy="Compute the numbers in the run, and read no file that already holds them.",
    )


def _texts(sources: Sources, repository: Repository) -> dict[str, str]:
    texts: dict[str, str] = {}
    cells = {book.path: book for book in repository.notebooks} if any(s.notebook for s in sources.items) else {}
    for source in sources.items[:_SOURCES]:
        if source.path in cells:
            code = [cell.text for cell in cells[source.path].cells if cell.kind == "code"]
            texts[source.path] = "\n".join(code)
            continue
        try:
            texts[source.path] = repository.text(source.path)
        except Unreadable:
            continue
    return texts


def _why_nothing(rerun: Rerun, claims: Mapping[str, Claim]) -> str:
    if not rerun.attempted:
        return f"Not looked at: {rerun.as_it_is.sentence}"
    if not rerun.observations:
        return f"No number was observed. {rerun.after_repairs.sentence}"
    reason = next((v.rule for v in rerun.verdicts if v.claim in claims), "No claim was found to compare with.")
    return f"Nothing claimed could be compared with what was observed. {reason}"


def _difference(claim: Claim, verdict: Verdict) -> str:
    what = " ".join(
        part for part in (claim.method, claim.metric_text, f"on {claim.dataset}" if claim.dataset else "") if part
    )
    observed = f"{verdict.observed:.6g}" if verdict.observed is not None else "nothing"
    return f"{what} is claimed as {claim.printed} ({claim.where}) and was observed as {observed}. {verdict.rule}."


def _both(verdicts: Iterable[Verdict], claims: dict[str, Claim]) -> tuple[Evidence, ...]:
    pairs = [(claims[verdict.claim].evidence, *verdict.evidence[:1]) for verdict in verdicts]
    return tuple(evidence for pair in pairs[:10] for evidence in pair)


def _unknown(check_id: str, sentence: str) -> Finding:
    return Finding(check=check_id, status=Status.UNKNOWN, sentence=sentence)
