"""Percentages and means that no whole numbers of the stated count give."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil, floor

from auditor.claims.contradiction import Compared, Contradiction
from auditor.claims.numbers import last_digit
from auditor.claims.vocabulary import plain
from auditor.findings import PaperEvidence
from auditor.paper.model import Sentence, Table

_PERCENT = r"(?P<percent>\d{1,3}(?:\.\d{1,3})?)\s?(?:%|percent\b)"
_OF = r"(?:\s?/\s?|\s(?:out\sof|of)\s(?:the\s|all\s|these\s|our\s)?)"
_PARTS = r"(?<![\d./,])(?P<part>\d{1,6})(?P<of>" + _OF + r")(?P<whole>\d{1,6})(?![\d./,]\d)"
_FORMS = (
    re.compile(_PARTS + r"\s?[(\[=,]\s?(?:or\s|i\.e\.,?\s|=\s?)?" + _PERCENT),
    re.compile(_PARTS.replace("(?![\\d./,]\\d)", "(?!\\d)") + r"\s[a-z]{3,20}\s\(" + _PERCENT + r"\)"),
    re.compile(r"(?<![\d.])" + _PERCENT + r"\s?[(\[]\s?" + _PARTS + r"\s?[)\]]"),
)
_MEAN = re.compile(
    r"(?:\b(?:M|mean|average)\s?=\s?)(?P<mean>\d{1,2}\.\d{1,3})\b[^.;()]{0,3}[^;()]{0,40}?\b[nN]\s?=\s?(?P<n>\d{1,3})\b"
)
_WHOLE_NUMBERS = re.compile(
    r"\blikert\b|\b\w{1,6}-point scale\b|\bscale (?:of|from) 1\b|\b(?:ratings?|rated)\b[^.;]{0,60}\b1\s?(?:-|to)\s?\d",
    re.I,
)
_TESTED = re.compile(
    r"\b(?:accuracy|exact match|success rate|pass rate|error rate)\s(?:of|is|was)\s"
    + _PERCENT
    + r"\s(?:on|over|across)\s"
    r"(?:the\s|all\s|our\s|these\s)?(?P<n>\d{2,4})\s(?:[a-z-]{3,20}\s){0,2}"
    r"(?:questions|examples|images|samples|instances|problems|prompts|sentences|items|cases|documents|videos)\b"
)
_AVERAGED = re.compile(
    r"±|\b(?:average|averaged|mean|macro|weighted|balanced|seeds?|runs|folds?|annotators?|about|around)\b", re.I
)


def share_fits(percent: float, digit: float, part: int, whole: int) -> bool:
    """Whether `percent`, printed with this unit of the last digit, is `part` of `whole`, rounded or cut."""
    exact = 100 * part / whole
    return -0.5 * digit * (1 + 1e-6) <= exact - percent < digit * (1 - 1e-9)


def share_possible(percent: float, digit: float, whole: int) -> bool:
    """Whether some whole number out of `whole` gives `percent`, printed with this unit of the last digit."""
    near = percent * whole / 100
    return any(share_fits(percent, digit, part, whole) for part in (floor(near), ceil(near), ceil(near) + 1))


def mean_possible(mean: float, digit: float, n: int) -> bool:
    """Whether `n` whole numbers have this mean, rounded or cut to its last digit.

    This is the test GRIM (Brown and Heathers 2017); it tells nothing where one divided by `n` is less than the digit.
    """
    total = mean * n
    exact = (whole / n for whole in (floor(total), ceil(total), ceil(total) + 1))
    return any(-0.5 * digit * (1 + 1e-6) <= value - mean < digit * (1 - 1e-9) for value in exact)


def counted(sentences: Sequence[Sentence], tables: Sequence[Table]) -> Compared:
    """Yield each percentage or mean that stands with its counts: as evidence where it fits, else the contradiction."""
    for sentence in sentences:
        text = plain(sentence.text[:2_000])
        yield from _shares(text, sentence.evidence())
        yield from _means(text, sentence.evidence())
        yield from _tested(text, sentence.evidence())
    for table in tables:
        for row in table.rows:
            for cell in row:
                if "%" in cell and len(cell) <= 60:
                    excerpt = " | ".join(row)[:300]
                    yield from _shares(plain(cell), PaperEvidence(page=table.page, excerpt=excerpt, box=table.box))


def _shares(text: str, evidence: PaperEvidence) -> Compared:
    for form in _FORMS:
        for match in form.finditer(text):
            part, whole, percent = int(match["part"]), int(match["whole"]), float(match["percent"])
            if whole == 0 or part > whole or percent > 100:
                continue
            if share_fits(percent, last_digit(match["percent"]), part, whole):
                yield (evidence,)
                continue
            # `3 of 10 classes (20% of the data)` says two things, `17/20 (80%)` one.
            slashed = "/" in match["of"] and not re.match(r"\s?(?:of|in)\b", text[match.end() :])
            said = f"{part} of {whole} is {100 * part / whole:.4g}%, and page {evidence.page} says {match['percent']}%"
            yield Contradiction(said, (evidence,), certain=slashed)


def _means(text: str, evidence: PaperEvidence) -> Compared:
    for match in _MEAN.finditer(text) if _WHOLE_NUMBERS.search(text) else ():
        mean, n, digit = float(match["mean"]), int(match["n"]), last_digit(match["mean"])
        if n == 0 or 1 / n <= digit:
            continue
        if mean_possible(mean, digit, n):
            yield (evidence,)
            continue
        said = f"No {n} whole numbers have the mean {match['mean']} that page {evidence.page} gives"
        yield Contradiction(f"{said}, unless each is itself an average", (evidence,), certain=False)


def _tested(text: str, evidence: PaperEvidence) -> Compared:
    for match in () if _AVERAGED.search(text) else _TESTED.finditer(text):
        percent, n, digit = float(match["percent"]), int(match["n"]), last_digit(match["percent"])
        if 100 / n <= digit:
            continue
        if share_possible(percent, digit, n):
            yield (evidence,)
            continue
        said = f"No whole number of {n} is {match['percent']}%, which page {evidence.page} gives for them"
        yield Contradiction(said, (evidence,), certain=False)
