"""Values of metrics that no experiment gives: outside their range, or impossible beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import sqrt

from auditor.claims.confusion import confusion
from auditor.claims.contradiction import Compared, Contradiction
from auditor.claims.model import Claim
from auditor.claims.numbers import find_numbers, last_digit, parse_cell
from auditor.claims.vocabulary import find_metric, mentions, metric_named, plain
from auditor.findings import PaperEvidence
from auditor.paper.model import Sentence, Table

_NEVER_ABOVE = (("exact_match_accuracy", "f1"), ("accuracy", "top_5_accuracy"))
_GROWING = re.compile(r"^(hit@|recall@|top_)(\d{1,4})(_accuracy)?$")
_F1 = re.compile(r"^f1(_macro|_micro|_weighted)?$")

_CHANGE = re.compile(
    r"[Δ∆+]|\b(?:gain|improve\w*|increas\w*|decreas\w*|reduc\w*|change|diff\w*|relative|rel|normali[sz]ed|ratio|vs"
    r"|drop|boost|compared|higher|lower|more|than|percentile|of (?:the )?(?:baseline|original|human))\b",
    re.I,
)
"""Words beside which a number is no value of the metric but a change of it, which has no such range."""

_FEW = 3
"""From so many values within the range on, a column is known to hold the metric."""


def impossible(claims: Sequence[Claim], tables: Sequence[Table], sentences: Sequence[Sentence]) -> Compared:
    """Yield a contradiction for each value or pair of values that cannot be, the evidence of each that was fine."""
    rows = [{claim.metric: claim for claim in row} for row in _rows(claims) if len({c.metric for c in row}) == len(row)]
    for by_metric in rows:
        yield from _ordered(by_metric)
        yield from _harmonic(by_metric)
        yield from _weighted(by_metric)
    yield from confusion(rows, sentences)
    yield from _spreads(claims)
    for table in tables:
        yield from _out_of_range(table)
    yield from _above_all(sentences)


def _rows(claims: Sequence[Claim]) -> Iterable[list[Claim]]:
    rows: dict[tuple[str, str, str, str], list[Claim]] = {}
    for claim in claims:
        if claim.method and claim.where.startswith("Table"):
            key = (claim.where, claim.method, claim.dataset or "", claim.split or "")
            rows.setdefault(key, []).append(claim)
    return rows.values()


def _half(claim: Claim) -> float:
    return 0.5 * last_digit(claim.printed) * (1 + 1e-6)


def _ordered(by_metric: Mapping[str, Claim]) -> Compared:
    """Compare pairs of which the first can never exceed the second, such as exact match and F1."""
    for low, high in (*_NEVER_ABOVE, *_grown(by_metric)):
        a, b = by_metric.get(low), by_metric.get(high)
        if a is None or b is None or a.unit != b.unit:
            continue
        if a.value <= b.value + _half(a):
            yield (a.evidence, b.evidence)
            continue
        above = f"{a.metric_text} {a.printed} is above {b.metric_text} {b.printed}"
        yield Contradiction(f"{a.method}: {above} in {a.where}, which cannot be", (a.evidence, b.evidence), True)


def _grown(by_metric: Mapping[str, Claim]) -> Iterable[tuple[str, str]]:
    """Yield neighbouring pairs such as (hit@1, hit@5): the second can never be below the first."""
    families: dict[str, list[tuple[int, str]]] = {}
    for name in by_metric:
        match = _GROWING.match(name)
        if match:
            families.setdefault(match[1], []).append((int(match[2]), name))
    for members in families.values():
        members.sort()
        yield from ((first[1], second[1]) for first, second in pairwise(members))


def _harmonic(by_metric: Mapping[str, Claim]) -> Compared:
    """Compare F1 with precision and recall: it is never above their arithmetic mean.

    For one class it is their harmonic mean; averaged over classes, folds or runs it may fall below both, but a mean of
    harmonic means still does not exceed the mean of the arithmetic ones.
    """
    for name, f1 in by_metric.items():
        match = _F1.match(name)
        if not match:
            continue
        kind = match[1] or ""
        precision, recall = by_metric.get(f"precision{kind}"), by_metric.get(f"recall{kind}")
        if precision is None or recall is None or len({f1.unit, precision.unit, recall.unit}) > 1:
            continue
        evidence = (f1.evidence, precision.evidence, recall.evidence)
        mean = (precision.value + recall.value) / 2
        if f1.value <= mean + _half(f1) + (_half(precision) + _half(recall)) / 2:
            yield evidence
            continue
        said = f"{f1.metric_text} {f1.printed} is above the mean of precision {precision.printed}"
        yield Contradiction(f"{f1.method}: {said} and recall {recall.printed} in {f1.where}", evidence, True)


def _weighted(by_metric: Mapping[str, Claim]) -> Compared:
    """Compare accuracy with sensitivity and specificity, between which it lies; averages over classes need not."""
    accuracy, ends = by_metric.get("accuracy"), [by_metric.get(name) for name in ("recall", "specificity")]
    found = [end for end in ends if end is not None and accuracy is not None and end.unit == accuracy.unit]
    if accuracy is None or len(found) < 2:
        return
    evidence = (accuracy.evidence, *(end.evidence for end in found))
    slack = _half(accuracy) + max(_half(end) for end in found)
    values = [end.value for end in found]
    if min(values) - slack <= accuracy.value <= max(values) + slack:
        yield evidence
        return
    between = " and ".join(f"{end.metric_text} {end.printed}" for end in found)
    said = f"{accuracy.method}: {accuracy.metric_text} {accuracy.printed} does not lie between {between}"
    yield Contradiction(f"{said} in {accuracy.where}, as it does for two classes", evidence, False)


def _spreads(claims: Sequence[Claim]) -> Compared:
    """Compare the spread of a bounded metric with the widest that values between 0 and 1 with this mean can have.

    The standard deviation of n values in [0, 1] with mean m is at most sqrt(m (1 - m) n / (n - 1)) (Bhatia and Davis
    2000), with n = 2 at its largest; an interval's half-width may be twice that.
    """
    for claim in claims:
        metric = metric_named(claim.metric)
        if claim.std is None or metric is None or metric.scale != "unit" or claim.unit not in ("percent", "fraction"):
            continue
        top = 100.0 if claim.unit == "percent" else 1.0
        inner = min(max(claim.value, 0.0), top)
        # The mean is only known to half of its last digit; the widest spread belongs to the one nearest the middle.
        inner = inner - _mean_digit(claim) if inner > top / 2 else inner + _mean_digit(claim)
        if claim.std <= 2 * sqrt(max(2 * inner * (top - inner), 0.0)) or claim.std <= _mean_digit(claim):
            continue
        said = f"{claim.metric_text} {claim.printed} in {claim.where}: no values between 0 and {top:g} with this mean"
        yield Contradiction(f"{said} are spread so widely", (claim.evidence,), False)


def _mean_digit(claim: Claim) -> float:
    return last_digit(re.split(r"[±(]|\+/?-", claim.printed)[0])


def _out_of_range(table: Table) -> Compared:
    """Compare the cells of each column that holds a metric between 0 and 1 (or 0 and 100) with that range."""
    if _CHANGE.search(table.caption):
        return
    for column, head in enumerate(table.header):
        metric = find_metric(head.rpartition("/")[2]) or find_metric(head)
        if metric is None or metric.scale != "unit" or _CHANGE.search(head):
            continue
        rows = [(row, parse_cell(row[column])) for row in table.rows if column < len(row)]
        values = [(row, n) for row, n in rows if n is not None and not row[column].lstrip().startswith(("+", "-", "−"))]
        for row, number in values:
            others = [n.value for _, n in values if n is not number]
            outside = _outside(number.value, others)
            if outside:
                where = table.label or "a table"
                excerpt = f"{' | '.join(row)[:200]} (column {head})"
                sentence = f"{head} is {number.printed} for {row[0][:60]} in {where}, which is above {outside}"
                evidence = PaperEvidence(page=table.page, excerpt=excerpt, box=table.box)
                yield Contradiction(sentence, (evidence,), False)


def _outside(value: float, others: Sequence[float]) -> str | None:
    """Return the bound that the value exceeds, given the rest of its column; None where it is not told by them.

    A column of mixed fractions and percentages tells no bound.
    """
    if len(others) < _FEW or max(others) > 100:
        return None
    if value > 100 and max(others) > 1:
        return "100%"
    return "1" if 1 < value < 2 and max(others) <= 1 and any(other % 1 for other in others) else None


def _above_all(sentences: Sequence[Sentence]) -> Compared:
    """Find a metric between 0 and 100% that a sentence says is above it: `an accuracy of 104.2%`."""
    for sentence in sentences:
        text = plain(sentence.text[:1_000])
        if "%" not in text or _CHANGE.search(text):
            continue
        named = [mention for mention in mentions(text) if mention.metric.scale == "unit"]
        for number in find_numbers(text) if named else ():
            before = next((m for m in reversed(named) if m.end <= number.start), None)
            between = text[before.end : number.start] if before else ""
            if before and number.percent and number.value > 100 and _IS.fullmatch(between):
                said = f"{before.text} is {number.printed} on page {sentence.page}, which is above 100%"
                yield Contradiction(said, (sentence.evidence(),), True)


_IS = re.compile(r"\s*(?:of|is|was|=|:|at|reaches|reached)\s*")
