"""The verdict on each claim, by the rule for one run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from auditor.claims.matching import match, names_claim
from auditor.claims.model import Claim, Claims
from auditor.claims.numbers import last_digit
from auditor.claims.reading import STEP
from auditor.claims.vocabulary import metric_named, words
from auditor.findings import Evidence
from auditor.rerun.duplicates import without_duplicates
from auditor.rerun.model import Observation, Run, Verdict

UNIT_TOLERANCE = 0.02
"""Absolute, for quantities on a scale from 0 to 1; 2 points where they are printed in percent."""

RELATIVE_TOLERANCE = 0.025
"""Of the claimed value, for quantities on other scales."""

_BY_SPREAD = "95% prediction interval"
_TIMES = frozenset(("time", "training_time", "inference_time", "speedup"))
_PERCENT_WORDS = frozenset(("percent", "pct", "percentage"))


def verdicts(
    claims: Claims,
    observations: Iterable[Observation],
    runs: Sequence[Run],
    declared: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Verdict, ...]:
    """Return one verdict for each claim, in their order.

    A claim holds when the observed value lies within the largest of: half a unit of its last printed digit; the 95%
    prediction interval for one further run, where its spread and number of runs are given; 0.02 absolute on a scale
    from 0 to 1 (2 points in percent); 2.5% of the claimed value on other scales. Better in the metric's direction than
    that is `better`. Several answers of one run (folds, seeds) or of repeated runs are compared by their mean.
    A spread whose interval is as wide as the whole scale from 0 to 1, or as the claimed value on other scales, excludes
    next to nothing: what lies within it is `inconclusive`. `declared` gives, by run, the claims that the authors say it
    answers (id, `Table 1`, metric): these are compared with the numbers of such runs alone.
    """
    seen = without_duplicates(observations)
    commands = {run.id: run.command for run in runs}
    stopped = {run.id for run in runs if run.timed_out or run.out_of_memory or run.exit_code not in (0, None)}
    return tuple(
        _verdict(claim, claims.items, seen, commands, stopped, _declaring(claim, declared or {}))
        for claim in claims.items
    )


def _declaring(claim: Claim, declared: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The runs that the authors declare for a claim."""
    return frozenset(run for run, names in declared.items() if any(names_claim(name, claim) for name in names))


def bound(claim: Claim) -> tuple[float, str]:
    """Return how far an observation may lie from the claim, in the claim's own unit, and which rule gives that."""
    options = [(0.5 * last_digit(claim.printed), "half a unit of the claim's last printed digit")]
    if claim.std is not None and claim.n is not None and claim.n >= 2:
        # Prediction interval for one further observation of a normal sample: t(.975, n-1) * s * sqrt(1 + 1/n);
        # Hahn & Meeker, Statistical Intervals (1991), section 4.7.
        width = t_quantile(claim.n - 1) * claim.std * math.sqrt(1 + 1 / claim.n)
        options.append((width, f"{_BY_SPREAD} from the claimed spread of {claim.n} runs"))
    metric = metric_named(claim.metric)
    if metric and metric.scale == "unit":
        in_percent = _claimed_in_percent(claim)
        options.append((100 * UNIT_TOLERANCE if in_percent else UNIT_TOLERANCE, _unit_words(in_percent)))
    else:
        options.append((RELATIVE_TOLERANCE * abs(claim.value), "2.5% of the claimed value"))
    return max(options, key=lambda option: option[0])


def t_quantile(freedom: int) -> float:
    """Return the 97.5% quantile of Student's t distribution with `freedom` degrees of freedom (a whole number >= 1).

    By bisection on the closed form of its distribution for whole degrees of freedom (Abramowitz & Stegun 26.7.3-4).
    """
    low, high = 0.0, 20.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_two_sided(middle, freedom) < 0.95 else (low, middle)
    return (low + high) / 2


def _t_two_sided(t: float, freedom: int) -> float:
    """P(|T| <= t): Abramowitz & Stegun 26.7.3 (odd) and 26.7.4 (even), above 200 degrees the normal distribution."""
    if freedom > 200:
        return math.erf(t / math.sqrt(2))
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    term = total = cosine if freedom % 2 else 1.0
    for k in range(3 if freedom % 2 else 2, freedom - 1, 2):
        term *= cosine * cosine * ((k - 1) / k)
        total += term
    if freedom % 2 == 0:
        return sine * total
    return 2 / math.pi * (angle + (sine * total if freedom > 1 else 0.0))


def _verdict(
    claim: Claim,
    claims: Sequence[Claim],
    observations: Sequence[Observation],
    commands: Mapping[str, str],
    stopped: set[str],
    declaring: frozenset[str],
) -> Verdict:
    if declaring:
        observations = [observation for observation in observations if observation.run in declaring]
    found = match(claim, claims, observations, commands)
    if not found.observations:
        where = " (looked at: the run that the authors declare for it)" if declaring else ""
        return Verdict(claim=claim.id, outcome="not_observed", rule=f"Not compared: {found.why}{where}.")
    evidence = tuple(observation.evidence for observation in found.observations[:10])
    values = [in_unit_of(claim, observation) for observation in found.observations]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        why = "whether the printed number is a fraction or in percent cannot be told"
        return _inconclusive(claim, why, found.why, evidence)
    observed = math.fsum(known) / len(known)
    if claim.metric in _TIMES:
        return _inconclusive(claim, "times depend on the machine", found.why, evidence, observed)
    unfinished = [o for o in found.observations if o.run in stopped and _counted(o)]
    if unfinished:
        return _inconclusive(claim, "the run was stopped before its end", found.why, evidence, observed)
    allowed, rule = bound(claim)
    difference = observed - claim.value
    outcome = _outcome(claim, difference, allowed)
    if outcome == "reproduced" and _excludes_nothing(claim, allowed, rule):
        why = f"the claimed spread allows ±{allowed:.3g}, which excludes next to nothing"
        return _inconclusive(claim, why, found.why, evidence, observed)
    return Verdict(
        claim=claim.id,
        outcome=outcome,
        observed=observed,
        difference=difference,
        bound=allowed,
        rule=f"{rule[:1].upper()}{rule[1:]}{_averaged(found.observations)}",
        matched_by=found.why,
        evidence=evidence,
    )


def _excludes_nothing(claim: Claim, allowed: float, rule: str) -> bool:
    """Whether the interval of a claim's own spread is as wide as the scale of its quantity, or as its value."""
    if not rule.startswith(_BY_SPREAD):
        return False
    metric = metric_named(claim.metric)
    if metric and metric.scale == "unit":
        return allowed >= (50 if _claimed_in_percent(claim) else 0.5)
    return allowed >= 0.5 * abs(claim.value)


def _averaged(observations: Sequence[Observation]) -> str:
    """How the observed value came out of several; nothing where all are equal as printed."""
    if len({observation.printed for observation in observations}) < 2:
        return ""
    runs = len({observation.run for observation in observations})
    if runs == len(observations):
        return f"; the mean of {runs} runs' values"
    return f"; the mean of {len(observations)} values" + (f" of {runs} runs" if runs > 1 else " of one run")


def _inconclusive(
    claim: Claim, why: str, matched_by: str, evidence: tuple[Evidence, ...], observed: float | None = None
) -> Verdict:
    return Verdict(
        claim=claim.id,
        outcome="inconclusive",
        observed=observed,
        rule=f"Not compared: {why}.",
        matched_by=matched_by,
        evidence=evidence,
    )


def _outcome(claim: Claim, difference: float, allowed: float) -> Literal["reproduced", "better", "worse"]:
    if abs(difference) <= allowed * (1 + 1e-9) + 1e-12:
        return "reproduced"
    metric = metric_named(claim.metric)
    direction = claim.direction or (metric.direction if metric else None)
    if direction is None:
        return "worse"  # no direction makes it good: the number is another than the claimed one
    return "better" if (difference > 0) == (direction == "higher") else "worse"


def in_unit_of(claim: Claim, observation: Observation) -> float | None:
    """Return the observed value in the claim's unit, or None where the observation's scale cannot be told.

    Only metrics bounded by 1 are converted. Such a number is in percent (or points) where a `%` or the word stands at
    it or where it exceeds 1, and a fraction otherwise; but a bare number up to 1 beside a claim of less than 2 percent
    could be either.
    """
    metric = metric_named(claim.metric)
    if metric is None or not metric.bounded:
        return observation.value
    says_percent = "%" in observation.printed or "%" in observation.metric_text
    says_percent = says_percent or bool(_PERCENT_WORDS & set(words(observation.metric_text)))
    observed_percent = says_percent or abs(observation.value) > 1
    claimed_percent = _claimed_in_percent(claim)
    if claimed_percent and not observed_percent:
        return None if abs(claim.value) < 2 else 100 * observation.value
    if observed_percent and not claimed_percent:
        return observation.value / 100
    return observation.value


def _claimed_in_percent(claim: Claim) -> bool:
    return claim.unit == "percent" or abs(claim.value) > 1


def _unit_words(in_percent: bool) -> str:
    return "2 points (a quantity in percent)" if in_percent else "0.02 absolute (a quantity between 0 and 1)"


def _counted(observation: Observation) -> bool:
    return any(STEP.search(name) for name in observation.names)
