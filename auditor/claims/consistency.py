"""Where the claims of one document contradict each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from auditor.claims.contradiction import Agreeing, Compared, Contradiction
from auditor.claims.impossible import impossible
from auditor.claims.model import Claim
from auditor.claims.numbers import Number, find_numbers, last_digit
from auditor.claims.sentences import main_numbers, sentence_results
from auditor.claims.superiority import better_by_name
from auditor.claims.vocabulary import metric_named, plain, same_dataset, words
from auditor.findings import PaperEvidence
from auditor.paper.model import Sentence, Table

NEAR = 5
"""A number of the abstract or conclusion is near another within this many units of its own last digit."""

MANY = 4
"""In a sentence with more numbers than this, which one belongs to which name is uncertain."""

_SUPERIOR = re.compile(
    r"\b(?:outperform(?:s|ed)?|superior|better than|surpass(?:es|ed)?|improve[sd]?\s+(?:over|upon))\b", re.I
)
_DENIED = re.compile(
    r"\b(?:not|n't|worse|except|however|although|while|but|slightly (?:higher|lower)|comparable)\b", re.I
)
_EXAMPLE = re.compile(r"^\s*(?:for (?:instance|example)|specifically|in particular|e\.g\.)", re.I)
_AGAINST = re.compile(r"^[^.;]{0,20}\b(?:compared (?:to|with)|versus|vs\.?|against|than|over)\b[^.;\d]{0,60}", re.I)


def contradictions(
    claims: Sequence[Claim], sentences: Sequence[Sentence], tables: Sequence[Table] = ()
) -> tuple[tuple[Contradiction, ...], tuple[Agreeing, ...]]:
    """Return the contradictions among the claims of one document, and the comparisons that showed none."""
    found: list[Contradiction] = []
    fine: list[Agreeing] = []
    for compared in chain(
        _twice(claims),
        _near(claims),
        impossible(claims, tables, sentences),
        _worse_though_better(sentences),
        better_by_name(claims, sentences),
    ):
        if isinstance(compared, Contradiction):
            found.append(compared)
        else:
            fine.append(compared)
    main = [(sentence, main_numbers([sentence])) for sentence in sentences]
    for claim in claims:
        stating = (s for s, numbers in main if (claim.metric, claim.value) in numbers and not _within(s, claim))
        said = next(stating, None) if _from_table(claim) else None
        if said is not None:
            fine.append((said.evidence(), claim.evidence))
    return tuple(found), tuple(fine)


def same_quantity(one: Claim, other: Claim) -> bool:
    """Whether two claims name the same metric, data set, method and split; what only one of them names counts as other.

    At least a data set or a method must be named.
    """
    if one.metric != other.metric or not (one.dataset or one.method):
        return False
    if bool(one.dataset) != bool(other.dataset) or bool(one.method) != bool(other.method):
        return False
    if one.split and other.split and one.split.lower() != other.split.lower():
        return False
    datasets = not one.dataset or not other.dataset or _same_words(one.dataset, other.dataset)
    return datasets and (not one.method or not other.method or _same_words(one.method, other.method))


def same_value(one: Claim, other: Claim) -> bool:
    """Whether two claims state one value, to the last printed digit of the coarser of them, percent or fraction."""
    values = [(claim.value, last_digit(claim.printed)) for claim in (one, other)]
    metric = metric_named(one.metric)
    if metric and metric.bounded:
        values = [
            (v / 100, d / 100) if c.unit == "percent" else (v, d)
            for (v, d), c in zip(values, (one, other), strict=True)
        ]
    (first, digit), (second, other_digit) = values
    # Rounded or cut: both ways of shortening a number are in use.
    return (
        abs(first - second) <= max(digit, other_digit) * (1 + 1e-6)
        if digit != other_digit
        else abs(first - second) < 1e-12
    )


def _same_words(one: str, other: str) -> bool:
    a, b = words(one), words(other)
    return a == b or "".join(a) == "".join(b) or (same_dataset(one, other) and same_dataset(other, one))


def _twice(claims: Sequence[Claim]) -> Compared:
    """Yield for each quantity stated in two places the two where the values agree, else the contradiction."""
    usable = [c for c in claims if c.method and c.dataset and not _ambiguous(c, claims) and not _crowded(c)]
    for i, claim in enumerate(usable):
        for other in usable[i + 1 :]:
            if claim.where == other.where or not same_quantity(claim, other):
                continue
            if same_value(claim, other):
                yield (claim.evidence, other.evidence)
            elif not (_from_table(claim) and _from_table(other)) and _says_data(claim) and _says_data(other):
                what = f"{claim.method} {claim.metric_text} on {claim.dataset}"
                sentence = f"{what} is {claim.printed} in {claim.where} and {other.printed} in {other.where}"
                yield Contradiction(sentence, (claim.evidence, other.evidence), certain=False)


def _within(sentence: Sentence, claim: Claim) -> bool:
    """Whether the sentence is text of the table itself, in whose box it begins: it agrees with the table by nature."""
    table = claim.evidence
    if not isinstance(table, PaperEvidence) or table.box is None or table.page != sentence.page:
        return False
    (x0, top, x1, bottom), (left, above) = table.box, sentence.box[:2]
    return x0 - 2 <= left <= x1 and top - 2 <= above <= bottom


def _from_table(claim: Claim) -> bool:
    return claim.where.startswith("Table")


def _says_data(claim: Claim) -> bool:
    """Whether the place that states the claim names its data set itself; what another sentence names may be another."""
    return _from_table(claim) or set(words(claim.dataset or "")) <= set(words(claim.evidence.excerpt))


def _crowded(claim: Claim) -> bool:
    """Whether the sentence that states the claim holds so many numbers that which belongs to what is uncertain."""
    return not claim.where.startswith("Table") and len(find_numbers(claim.evidence.excerpt)) > MANY


def _ambiguous(claim: Claim, claims: Sequence[Claim]) -> bool:
    """Whether the place that states the claim states it with several values: then its names do not tell it apart."""
    return any(
        other.where == claim.where and other.value != claim.value and same_quantity(claim, other) for other in claims
    )


def _near(claims: Sequence[Claim]) -> Compared:
    """Yield each number of abstract or conclusion with the table's where one holds it, a doubt where one is nearby."""
    tables = [claim for claim in claims if claim.where.startswith("Table")]
    for claim in claims:
        if not claim.headline or claim.where.startswith("Table") or "." not in claim.printed or claim.own is False:
            continue
        alike = [t for t in tables if t.metric == claim.metric and t.unit == claim.unit and t.own is not False]
        same = next((other for other in alike if same_value(claim, other) and _rounds(claim, other)), None)
        if same:
            yield (claim.evidence, same.evidence)
            continue
        digit = last_digit(claim.printed)
        near = {t.value: t for t in alike if abs(t.value - claim.value) <= NEAR * digit}
        elsewhere = any(o is not claim and o.metric == claim.metric and o.value == claim.value for o in claims)
        if len(near) == 1 and not elsewhere:
            other = next(iter(near.values()))
            nearest = f"{other.where} has {other.printed} for {other.method}"
            sentence = f"{claim.metric_text} is {claim.printed} in {claim.where}; {nearest}"
            yield Contradiction(sentence, (claim.evidence, other.evidence), certain=False)


def _kind(number: Number) -> tuple[bool, bool]:
    return number.percent, "." in number.printed


def _rounds(coarse: Claim, fine: Claim) -> bool:
    return abs(coarse.value - fine.value) <= 0.5 * last_digit(coarse.printed) * (1 + 1e-6)


def _worse_though_better(sentences: Sequence[Sentence]) -> Compared:
    """Yield each example of superiority with two numbers where it is one, else the contradiction."""
    for i, sentence in enumerate(sentences):
        before = sentences[i - 1].text if i and _EXAMPLE.match(sentence.text) else ""
        if not (_SUPERIOR.search(sentence.text) or _SUPERIOR.search(before)) or _DENIED.search(
            f"{before} {sentence.text}"
        ):
            continue
        text = plain(sentence.text)
        for stated in sentence_results(sentence.text):
            direction = stated.mention.metric.direction
            against = _AGAINST.match(text[stated.number.end :])
            rest = find_numbers(text[stated.number.end + against.end() :][:30]) if against else ()
            if direction is None or not rest or rest[0].start > 2 or _kind(rest[0]) != _kind(stated.number):
                continue
            better = (
                stated.number.value > rest[0].value if direction == "higher" else stated.number.value < rest[0].value
            )
            if better:
                yield (sentence.evidence(),)
            else:
                said = f"{stated.mention.text} {stated.number.printed} is called better than {rest[0].printed}"
                wanted = "higher" if direction == "higher" else "lower"
                yield Contradiction(f"{said}, though {wanted} is better", (sentence.evidence(),), certain=True)
