"""Findings and a checklist become a scorecard: pure functions, every number from the checklist's own file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.findings import Finding, Status
from auditor.scoring.model import (
    Cap,
    Checklist,
    Grading,
    Improvement,
    Item,
    ItemResult,
    Letter,
    Part,
    Scorecard,
    ScoreResult,
)

_ORDER: tuple[Letter, ...] = ("A", "B", "C", "D", "E", "F")
# From worst to best; `not applicable` takes no side.
_RANK = {Status.FAIL: 0, Status.PARTIAL: 1, Status.PASS: 2}
_DOUBTFUL = 0.5
"""A measured confidence below which most readers would say the contrary: nobody should act on such a finding."""


def score(checklist: Checklist, findings: Iterable[Finding], executed: bool) -> Scorecard:
    """Return the scorecard of `findings` under `checklist`; `executed` says whether any code was run."""
    by_check = {finding.check: finding for finding in findings}
    by_check = {check: _charged_once(finding, checklist, by_check) for check, finding in by_check.items()}
    items = tuple(_result(item, part, by_check) for part in checklist.parts for item in part.items)
    card = _card(checklist, items, by_check, executed)
    return card.model_copy(update={"improvements": _improvements(checklist, items, by_check, card, executed)})


def _charged_once(finding: Finding, checklist: Checklist, findings: Mapping[str, Finding]) -> Finding:
    """Return a finding as it counts: not at all where the checklist asks another check too, which charges its cause."""
    other = findings.get(finding.counted_in) if finding.counted_in else None
    asked = {check for item in checklist.items for check in item.checks}
    if other is None or other.check not in asked or not (_costs(finding) and _costs(other)):
        return finding
    return finding.model_copy(update={"status": Status.NOT_APPLICABLE})


def _costs(finding: Finding) -> bool:
    return finding.status in (Status.FAIL, Status.PARTIAL)


def _card(
    checklist: Checklist, items: tuple[ItemResult, ...], findings: Mapping[str, Finding], executed: bool
) -> Scorecard:
    grading = checklist.grading
    readiness, outcome = (_score(items, name) for name in ("readiness", "outcome"))
    # Without a rerun the coverage of readiness decides; with one, that of everything that could be answered.
    counted = items if executed else tuple(item for item in items if item.score == "readiness")
    weight = sum(item.weight for item in counted if _counts(item))
    answered = sum(item.weight for item in counted if _counts(item) and item.status is not Status.UNKNOWN)
    incomplete = weight == 0 or answered < grading.incomplete_below * weight
    total = _total(grading, readiness, outcome)
    caps = _caps(grading, findings, executed)
    # A letter that rests on the smaller part of the checklist would mislead: there is none.
    uncapped = None if total is None or incomplete else _letter(grading, total)
    # Letters compare as text: F is the largest.
    letter = max(uncapped, caps[0].at_most) if uncapped is not None and caps else uncapped
    if letter is None and caps and caps[0].at_most == max(grading.letters):
        letter = caps[0].at_most  # nothing that is still unknown can raise it
    return Scorecard(
        checklist=checklist.name,
        checklist_version=checklist.version,
        readiness=readiness,
        outcome=outcome,
        total=total,
        letter=letter,
        uncapped=uncapped,
        caps=caps,
        provisional=not executed,
        incomplete=incomplete,
        items=items,
    )


def _result(item: Item, part: Part, findings: Mapping[str, Finding]) -> ItemResult:
    statuses = [_status(item, findings[check]) if check in findings else Status.UNKNOWN for check in item.checks]
    return ItemResult(
        item=item.id,
        part=part.id,
        number=item.number,
        text=item.text,
        score=part.score,
        weight=item.weight,
        status=combine(statuses, item.any) if statuses else Status.UNKNOWN,
        checks=item.checks,
        human=item.answered_by == ("human",),
    )


def _status(item: Item, finding: Finding) -> Status:
    """The finding's status, or what the item says its level counts as."""
    if finding.level is not None and finding.status not in (Status.UNKNOWN, Status.NOT_APPLICABLE):
        return item.levels.get(finding.level, finding.status)
    return finding.status


def combine(statuses: list[Status], any: bool) -> Status:
    """Return the status of an item answered by several checks: the worst of them, or with `any` the best.

    Unknown is decided only by what outranks it: one fail is enough for "all", one pass for "any" (Kleene's logic).
    """
    told = [status for status in statuses if status is not Status.NOT_APPLICABLE]
    if not told:
        return Status.NOT_APPLICABLE
    known = [status for status in told if status is not Status.UNKNOWN]
    best = max(known, key=_RANK.__getitem__, default=Status.UNKNOWN)
    worst = min(known, key=_RANK.__getitem__, default=Status.UNKNOWN)
    if len(known) == len(told):
        return best if any else worst
    if any:
        return Status.PASS if best is Status.PASS else Status.UNKNOWN
    return Status.FAIL if worst is Status.FAIL else Status.UNKNOWN


def _counts(item: ItemResult) -> bool:
    return not item.human and item.status is not Status.NOT_APPLICABLE


def _score(items: tuple[ItemResult, ...], name: str) -> ScoreResult:
    counted = [item for item in items if item.score == name and _counts(item)]
    answered = [item for item in counted if item.status is not Status.UNKNOWN]
    weight = sum(item.weight for item in counted)
    told = sum(item.weight for item in answered)
    gained = sum(item.weight * (item.status.score or 0.0) for item in answered)
    return ScoreResult(
        value=round(100 * gained / told, 1) if told else None,
        coverage=round(told / weight, 3) if weight else 0.0,
        answered=len(answered),
        total=len(counted),
    )


def _total(grading: Grading, readiness: ScoreResult, outcome: ScoreResult) -> float | None:
    parts = [
        (result.value, weight)
        for result, weight in ((readiness, grading.readiness_weight), (outcome, grading.outcome_weight))
        if result.value is not None
    ]
    if not sum(weight for _, weight in parts):
        return None
    return round(sum(value * weight for value, weight in parts) / sum(weight for _, weight in parts), 1)


def _letter(grading: Grading, total: float) -> Letter:
    return next((letter for letter in _ORDER if letter in grading.letters and total >= grading.letters[letter]), "F")


def _caps(grading: Grading, findings: Mapping[str, Finding], executed: bool) -> tuple[Cap, ...]:
    applied = [
        cap
        for cap in grading.caps
        if cap.check in findings and findings[cap.check].status in cap.status and (executed or not cap.after_rerun)
    ]
    return tuple(sorted(applied, key=lambda cap: cap.at_most, reverse=True))


def _doubtful(finding: Finding) -> bool:
    return not isinstance(finding.confidence, str) and finding.confidence < _DOUBTFUL


_FORETOLD = 0.1
"""Where less of a score's weight was answered (a scan, a template), the points of the rest drown those of a remedy."""


def _improvements(
    checklist: Checklist,
    items: tuple[ItemResult, ...],
    findings: Mapping[str, Finding],
    card: Scorecard,
    executed: bool,
) -> tuple[Improvement, ...]:
    """What each remedy alone would give, best first: the letter it leads to, then the points of its score.

    The remedy of a finding that is more likely wrong than right is no advice.
    """
    steps = []
    for index, (item, result) in enumerate(zip(checklist.items, items, strict=True)):
        if result.status not in (Status.FAIL, Status.PARTIAL) or not result.weight:
            continue
        failing = [
            c for c in item.checks if c in findings and _status(item, findings[c]) in (Status.FAIL, Status.PARTIAL)
        ]
        remedied = [findings[check] for check in failing if findings[check].remedy and not _doubtful(findings[check])]
        if not remedied:
            continue
        mended = dict(findings) | {
            f.check: f.model_copy(update={"status": Status.PASS, "level": None}) for f in remedied
        }
        better = (*items[:index], result.model_copy(update={"status": Status.PASS}), *items[index + 1 :])
        after = _card(checklist, better, mended, executed)
        name = result.score
        before, then = (getattr(each, name) for each in (card, after))
        foretold = before.coverage >= _FORETOLD
        gain = (then.value or 0.0) - (before.value or 0.0) if foretold else None
        steps.append(
            Improvement(
                item=item.id,
                check=remedied[0].check,
                gain=None if gain is None else round(gain, 1),
                score=name,
                letter=after.letter,
                remedy=remedied[0].remedy or "",
            )
        )
    return tuple(sorted(steps, key=lambda step: (step.letter or "F", -(step.gain or 0.0), step.item)))
