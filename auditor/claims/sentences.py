"""Results in running text: `achieves 71.68% accuracy on UrbanSound8k`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.claims.captions import NOT_RESULTS
from auditor.claims.matching import split_of
from auditor.claims.model import Unit
from auditor.claims.numbers import Number, find_numbers
from auditor.claims.quantities import quantities
from auditor.claims.subjects import surroundings
from auditor.claims.vocabulary import Mention, mentions, metric_named, plain
from auditor.paper.model import Sentence

MAIN = re.compile(r"conclu|abstract|^(?:\W|\d)*summary\b(?! of)", re.I)
"""Titles of the sections whose numbers are the main ones."""

_LIMIT = 1_000

# A number after these words is a difference, a bound or a setting, not a result.
_DIFFERENCE = re.compile(
    r"(?:\b(?:by|from|than|over|under|only|up to|at least|at most|margin of|gains? of|drop of|increase of|decrease of"
    r"|improvements? of|reduction of|difference of|threshold of|factor of|least|within|below|above|additional|extra"
    r"|further|minimum of|minimum amount of|dropp?(?:s|ed)?|gain(?:s|ed)?|los(?:es|t|ing)|add(?:s|ed)?|sav(?:es|ed))"
    r"\s+(?:a |an )?(?:more than |over |about |around |roughly |almost |approximately )?|[+<>≤≥]\s?)$",
    re.I,
)
_AFTER_DIFFERENCE = re.compile(
    r"^\s*(?:(?:and|or|to|,|vs\.?) \S{1,12}\s){0,2}(?:points?|pp|gap|band|margin|difference|percentage points?"
    r"|absolute|relative|higher|lower|better|worse|more|less|improvements?|increase|decrease|reduction|gains?|drop"
    r"|degradation|faster|settings?|thresholds?|levels?|confidence|credible|CIs?\b|quantile|percentile)\b",
    re.I,
)
_LINK = re.compile(
    r"\b(?:of|is|was|are|were|to|at|reach(?:es|ed|ing)?|achiev(?:es|ed|ing)|obtain(?:s|ed|ing)?|equals?|be|being)"
    r"(?:\s+(?:about|around|approximately|roughly|only|just|still|as high as|as low as))?"
    r"(?:\s+\|?[A-Za-zρτκ]{1,2}\|?\s?=)?\s*[~≈∼]?\s*$",
    re.I,
)
_SYMBOL = re.compile(r"^\s*(?:scores?|values?|rate|rates)?\s*[:=(~≈∼]{1,2}\s*$", re.I)
_OWN_NUMBER = re.compile(r"\s?\(%\)|\s?[:=]|\s\d")
_SECONDS = re.compile(r"\s?(?:m|µ|u)?s(?:ec(?:ond)?s?)?\b|\s?min(?:ute)?s?\b|\s?h(?:ou)?rs?\b")
_START = re.compile(r"\s?to\s\d")
"""After the first number of `63% to 19%`, which is where something began."""
_SPLIT = re.compile(
    r"\bon (?:the |our )?(train\w*|validation|dev\w*|held-out|test\w*)[- ](?:set|split|data|samples|images)", re.I
)
_EXAMPLE = re.compile(r"\be\.g\.,?\s(?:an? )?$")
_MEANS = re.compile(r"\s(?:reflects|indicates|means|denotes|represents|corresponds to)\b")
"""After a quantity: what it is, not what it comes to."""
_FIXED = frozenset(("fpr", "fdr", "fnr", "tpr", "recall", "specificity"))
_AT = re.compile(r"\b(?:at|with|when|for|fixed at|fixed)\s(?:a |an |the )?(?:fixed )?$", re.I)
"""Before a rate that is held fixed (`at 3% FPR`): a condition of the result."""
_RANGE = re.compile(r"\s?[-–]\s?\d{1,3}(?:\.\d{1,3})?\s?%")
_MADE = re.compile(r"\s(?:functions?|terms?|curves?|landscapes?|weights?|coefficients?)\b", re.I)
"""After the name of a metric: it is no result."""
_VERB = re.compile(
    r"\b(?:is|are|was|were|ha[sd]|have|achiev|obtain|reach|improv|outperform|perform|show|yield|gives?|gave|gets?|got"
    r"|report|increas|decreas|reduc|observ|found|find|drop|ris|remain)",
    re.I,
)
_ENDED = re.compile(r"[.!?;:][\s\d\[\],)\"'”’†‡*]{0,20}$")
_TERMS = re.compile(r"\bin terms of\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Stated:
    """A result stated in a sentence."""

    mention: Mention
    number: Number
    unit: Unit
    dataset: str | None
    split: str | None
    method: str | None
    own: bool | None


def sentence_results(
    sentence: str,
    datasets: tuple[str, ...] = (),
    methods: tuple[str, ...] = (),
    own_names: frozenset[str] = frozenset(),
    any_quantity: bool = False,
) -> tuple[Stated, ...]:
    """Return the results that a sentence states: a metric's name and a number that belong together by their order.

    With `any_quantity`, quantities that the vocabulary lacks (`mean absolute bias`) are metrics too.

    `98.6% test accuracy`, `BLEU score of 28.4`, `accuracy: 0.81` count; differences (`by 2.0 BLEU`), bounds and numbers
    with no metric next to them do not. `datasets` and `methods` are names known from elsewhere in the document.
    """
    text = plain(sentence[:_LIMIT])
    named = [
        m for m in mentions(text) if m.metric.name not in NOT_RESULTS and (any_quantity or m.metric.scale != "seconds")
    ]
    named = [m for m in named if not _MADE.match(text, m.end)]
    named += quantities(text) if any_quantity else ()
    named.sort(key=lambda mention: mention.start)
    if not named:
        return ()
    numbers = [n for n in find_numbers(text) if not any(m.start <= n.start < m.end for m in named)]
    spread = sum(n.std is not None for n in numbers)
    if len(numbers) > 3 and (len(numbers) + spread) * 4 > len(text.split()):
        return ()  # the cells of a table or figure, run together
    if len(numbers) > 1 and any_quantity and not _ENDED.search(sentence.strip()) and not _VERB.search(text):
        return ()
    results = []
    for number in numbers:
        mention = _metric_of(number, named, numbers, text)
        if mention and _credible(number, mention, text):
            results.append(_stated(text, number, mention, datasets, methods, own_names, len(numbers)))
    return tuple(results)


def main_numbers(sentences: Iterable[Sentence]) -> set[tuple[str, float]]:
    """Return the (metric, number) pairs that stand in one sentence of the abstract or the conclusion."""
    pairs: set[tuple[str, float]] = set()
    for sentence in sentences:
        if sentence.kind == "abstract" or MAIN.search(sentence.section):
            named = {mention.metric.name for mention in mentions(sentence.text)}
            exact = {n.value for n in find_numbers(sentence.text[:2_000]) if "." in n.printed or n.percent}
            pairs |= {(name, value) for name in named for value in exact}
    return pairs


def _metric_of(number: Number, named: list[Mention], numbers: list[Number], text: str) -> Mention | None:
    """Return the metric right after the number, or the one before it when only linking words stand between."""
    after = next((m for m in named if m.start >= number.end), None)
    if after is not None:
        between = text[number.end : after.start]
        apart = len(between.split()) > 2 or re.search(r"[,;:()\d]|\b(?:and|of|with|in)\b", between)
        if not apart and not _OWN_NUMBER.match(text, after.end):
            return after
    before = next((m for m in reversed(named) if m.end <= number.start), None)
    if before is None or _TERMS.search(text[: before.start]):
        return None
    between = text[before.end : number.start]
    if any(before.end <= other.start < number.start for other in numbers):
        return None  # of `accuracies of 97.3%, 98.1% and 98.6%` only the first can be told
    if len(between.split()) > 10 or ";" in between or ". " in between or "=" in between.rstrip()[:-1]:
        return None
    return before if _SYMBOL.match(between) or _LINK.search(between) or not between.strip() else None


def _credible(number: Number, mention: Mention, text: str) -> bool:
    left, right = text[max(0, number.start - 40) : number.start], text[number.end : number.end + 30]
    if number.printed.startswith("+") or _DIFFERENCE.search(left) or _AFTER_DIFFERENCE.match(right):
        return False
    if mention.start >= number.end and _AFTER_DIFFERENCE.match(text[mention.end : mention.end + 30]):
        return False
    if (
        _EXAMPLE.search(left)
        or _MEANS.match(text, mention.end)
        or _START.match(right)
        or (mention.metric.name in _FIXED and _is_fixed(number, mention, text))
    ):
        return False
    if re.search(r"(?:Tables?|Figures?|Figs?\.|Sections?|Sec\.|Eq\.|Appendix|Algorithm|\[)\s?$", left):
        return False
    exact = "." in number.printed or number.percent
    if mention.metric.scale == "unit":
        return exact and 0 <= number.value <= 100
    if mention.metric.scale == "signed":
        return exact and abs(number.value) <= 100
    if mention.metric.scale == "seconds":
        return not number.percent and _SECONDS.match(right) is not None
    known = metric_named(mention.metric.name) is not None
    return ("." in number.printed and "e" not in number.printed.lower() and not (number.percent and known)) or (
        number.percent and not known
    )


def _is_fixed(number: Number, mention: Mention, text: str) -> bool:
    """Whether a rate is a condition of the result: `at 3% FPR`, `with FPR=3%`, `FPR is fixed to be 3%`."""
    if number.start < mention.start:
        return _AT.search(text[: number.start]) is not None
    between = text[mention.end : number.start]
    return "fixed" in between or ("=" in between and _AT.search(text[: mention.start]) is not None)


def _stated(
    text: str,
    number: Number,
    mention: Mention,
    datasets: tuple[str, ...],
    methods: tuple[str, ...],
    own_names: frozenset[str],
    count: int,
) -> Stated:
    dataset, method, own = surroundings(text, number, datasets, methods, own_names, count)
    near = " ".join((*text[max(0, mention.start - 20) : mention.start].split()[-1:], mention.text))
    parted = _SPLIT.search(text, mention.end, mention.end + 60)
    near = f"{near} {parted[1]}" if parted else near
    bounded = mention.metric.bounded
    percent = number.percent or (bounded and number.value > 1) or _RANGE.match(text[number.end : number.end + 12])
    unit: Unit = "percent" if percent else "fraction" if bounded else "none"
    return Stated(mention, number, unit, dataset, split_of(near), method, own)
