"""Whether p-values are those of the test statistics beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from auditor.claims.contradiction import Compared, Contradiction
from auditor.claims.numbers import last_digit
from auditor.claims.vocabulary import plain
from auditor.paper.model import Sentence

Test = Literal["t", "F", "chi2", "r", "z"]
_TESTS: tuple[Test, ...] = ("t", "F", "chi2", "r", "z")

_DF = r"\d{1,5}(?:\.\d{1,3})?"
_VALUE = r"(?P<value>[-−]?\d{0,4}\.?\d{1,4})"
_P = r"(?:\s?,\s?|\s?;\s?|\s)p(?:[- ]values?)?\s?(?P<sign>[<>=≤])\s?(?P<p>0?\.\d{1,6}|\d(?:\.\d{1,3})?[eE]-\d{1,3})"
_REPORTED = re.compile(
    r"(?<![\w.])(?:"
    rf"(?P<t>t)\s?\(\s?(?P<t_df>{_DF})\s?\)|(?P<r>r)\s?\(\s?(?P<r_df>{_DF})\s?\)"
    rf"|(?P<F>F)\s?\(\s?(?P<f_df1>{_DF})\s?,\s?(?P<f_df2>{_DF})\s?\)"
    rf"|(?P<chi2>[χX]\s?\^?2)\s?\(\s?(?P<c_df>{_DF})(?:\s?,\s?[Nn]\s?=\s?[\d,]{{1,9}})?\s?\)|(?P<z>[zZ])(?=\s?=)"
    rf")\s?=\s?{_VALUE}{_P}"
)
_ONE_SIDED = re.compile(
    r"\bone[- ](?:sided|tailed)|\bdirectional\b|\bbonferroni|\bholm\b|\b(?:corrected|adjusted) p\b", re.I
)
_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Reported:
    """A test as reported: its statistic with the unit of its last digit, and `p` beside a sign of comparison."""

    test: Test
    df: tuple[float, ...]
    value: float
    digit: float
    sign: str
    p: float
    p_digit: float


def reported(text: str) -> tuple[tuple[Reported, str], ...]:
    """Return the tests that a text reports in the form `t(28) = 2.20, p = .036`, each with its words."""
    found = []
    for match in _REPORTED.finditer(plain(text)):
        test = next(name for name in _TESTS if match[name])
        df = tuple(float(match[name]) for name in ("t_df", "r_df", "f_df1", "f_df2", "c_df") if match[name])
        value = float(match["value"].replace("−", "-"))
        digit = last_digit(match["value"].lstrip("-−"))
        found.append(
            (Reported(test, df, value, digit, match["sign"], float(match["p"]), last_digit(match["p"])), match[0])
        )
    return tuple(found)


def p_range(test: Test, df: tuple[float, ...], value: float, digit: float) -> tuple[float, float] | None:
    """Return the least and the largest two-sided p-value of a statistic that was rounded to this unit.

    None where no distribution has these degrees of freedom. F and chi-squared are one-sided by their nature.
    """
    ends = [max(abs(value) - digit / 2, 0.0), abs(value) + digit / 2]
    if any(degree <= 0 for degree in df):
        return None
    if test == "r":
        if ends[0] >= 1:
            return None
        ends = [end * sqrt(df[0] / (1 - min(end, 1 - 1e-12) ** 2)) for end in ends]
    values = [_tail(test, df, end) for end in ends]
    return min(values), max(values)


def _tail(test: Test, df: tuple[float, ...], value: float) -> float:
    # Imported where a test is reported, because few papers do and the library is slow to load.
    from scipy import special

    if test in ("t", "r"):
        return float(2 * special.stdtr(df[0], -value))
    if test == "F":
        return float(special.fdtrc(df[0], df[1], value))
    if test == "chi2":
        return float(special.chdtrc(df[0], value))
    return float(2 * special.ndtr(-value))


def agrees(stated: Reported, low: float, high: float) -> bool:
    """Whether the stated p can be a p-value in this range, rounded or cut; `.000` and `< .001` say the same."""
    if stated.sign in "<≤":
        return low < stated.p
    if stated.sign == ">":
        return high > stated.p
    return low - stated.p_digit / 2 <= stated.p * (1 + 1e-9) and stated.p <= high + stated.p_digit / 2


def p_values(sentences: Sequence[Sentence]) -> Compared:
    """Yield each reported test as evidence where its p-value fits its statistic, else the contradiction.

    The rule is that of statcheck (Nuijten and others 2016): it is certain where the two fall on different sides of
    0.05. A one-sided or corrected p is allowed where the paper speaks of such.
    """
    halved = any(_ONE_SIDED.search(sentence.text) for sentence in sentences)
    for sentence in sentences:
        for stated, words in reported(sentence.text):
            found = p_range(stated.test, stated.df, stated.value, stated.digit)
            if found is None:
                continue
            low, high = found
            one_sided = halved and stated.test in ("t", "r", "z")
            if agrees(stated, low, high) or (one_sided and agrees(stated, low / 2, high / 2)):
                yield (sentence.evidence(),)
                continue
            called = stated.p <= _LEVEL if stated.sign != ">" else stated.p < _LEVEL
            decisive = not halved and ((low > _LEVEL and called) or (high < _LEVEL and not called))
            said = f"Page {sentence.page} reports {words}; this statistic has p = {_said(low, high)}"
            yield Contradiction(said, (sentence.evidence(),), certain=decisive)


def _said(low: float, high: float) -> str:
    one, other = f"{low:.2g}", f"{high:.2g}"
    return one if one == other else f"{one} to {other}"
