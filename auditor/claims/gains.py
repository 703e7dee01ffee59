"""Results that compare two results: gains, reductions, speed-ups. They are claims, though no program prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.claims.model import Direction, Unit
from auditor.claims.numbers import Number
from auditor.claims.quantities import quantities
from auditor.claims.vocabulary import mentions, plain

_LIMIT = 1_000
_NEAR = 90
"""Characters within which a word of change and its number stand."""
_MORE = 3
"""Numbers joined to the first by `and` that share its words."""

_N = r"(?P<value>\d{1,6}(?:,\d{3}){0,3}(?:\.\d{1,4})?)"
_ABOUT = (
    r"(?:about |around |roughly |nearly |almost |approximately |over |more than |as much as |at least |up to |~ ?){0,2}"
)
_FASTER = r"faster|quicker|speed-? ?ups?|acceleration|higher throughput"
_SMALLER = r"fewer|less|smaller|lower|cheaper|more efficient|more accurate|better|reduction|improvement"
_FACTOR = re.compile(
    rf"(?<!\beach )(?<!\bevery )(?<!\bper )(?<![\w.]){_N}\s?(?:[x×]|-?\s?fold|\s?times)(?![\w-])\s?"
    rf"(?:\w{{1,15}}\s){{0,2}}?(?P<what>{_FASTER}|{_SMALLER})\b",
    re.I,
)
_SPEEDUP = re.compile(
    rf"\b(?:speed-? ?ups?|speed(?:s|ed)? up|accelerat\w{{1,4}})(?:\s\w{{1,15}}){{0,5}}?"
    rf"\s(?:of|by|to|reach\w{{0,3}}|is|was)\s{_ABOUT}(?:a factor of )?{_N}"
    rf"(?:\s?[x×](?![\w×])|-?\s?fold|\s?times|(?!\s?%))(?![\w.]\w)",
    re.I,
)
_VERB = re.compile(
    r"\b(?P<improvement>improv(?:es?|ed|ing)|outperform\w{0,3}|surpass\w{0,3}|exceed\w{0,3}|boost\w{0,3}|better|beats?"
    r"|dominat\w{1,3})\b|\b(?P<increase>increas(?:es?|ed|ing)|rais(?:es?|ed|ing)|higher)\b"
    r"|\b(?P<reduction>reduc(?:es?|ed|ing)|decreas(?:es?|ed|ing)|lower\w{0,3}|sav(?:es?|ing)|cuts?|drop(?:s|ped)|degrad(?:es?|ed))\b",
    re.I,
)
_NOUN = re.compile(
    r"\b(?P<improvement>improvements?|gains?|advantage)\b|\b(?P<increase>increases?)\b"
    r"|\b(?P<reduction>reductions?|decreases?|drops?|savings?|degradation)\b",
    re.I,
)
_AMOUNT = (
    rf"{_ABOUT}(?:an? (?:absolute|relative|average|mean|additional|further) (?:of )?)?{_N}"
    r"(?P<unit>\s?%|\s?percent\b|\s?pp\b)?(?P<points>\s?(?:absolute |percentage |accuracy |BLEU |F1 )?points?\b)?"
)
_BY = re.compile(rf"\bby\s(?:a |an |margin of |margins of )?{_AMOUNT}", re.I)
_OF = re.compile(rf"\b(?:of|is|was|reach\w{{0,3}}|as high as)\s{_AMOUNT}", re.I)
_JOINED = re.compile(
    r"\s?(?:%|x|×|percent)?(?:\s(?:on|for|in|over|compared (?:to|with))\s[^,.;%]{1,50}?)?(?:,? and|,)\s"
    + _N
    + r"\s?(?P<unit>%|x|×)?",
    re.I,
)
_NOT_RESULT = re.compile(
    r"\blearning rate\b|\bper (?:epoch|step)\b|\bevery\b|\bdecay|\bwarm-?up\b|\bif\b|\bmultipl\w{1,4} by\b"
    r"|\bdivid\w{1,3}\b|\bthreshold\b|\bwould\b|\bshould\b",
    re.I,
)
_QUOTED = re.compile(r"\[\d{1,3}\]|\bet al\b")


@dataclass(frozen=True, slots=True)
class Gain:
    """A change that a sentence states: a `speedup`, an `improvement`, `increase` or `reduction`, or a factor of one."""

    metric: str
    text: str
    number: Number
    unit: Unit
    direction: Direction | None


def gains(sentence: str) -> tuple[Gain, ...]:
    """Return the gains, reductions and factors that a sentence states, in order; others' gains are none."""
    text = plain(sentence[:_LIMIT])
    if _NOT_RESULT.search(text) or _QUOTED.search(text):
        return ()
    found: dict[int, Gain] = {}
    for gain in (*_factors(text), *_changes(text)):
        found.setdefault(gain.number.start, gain)
    return tuple(found[start] for start in sorted(found))


def _factors(text: str) -> Iterator[Gain]:
    for match in (*_SPEEDUP.finditer(text), *_FACTOR.finditer(text)):
        said = match.groupdict().get("what") or "speedup"
        name = "speedup" if re.fullmatch(_FASTER, said, re.I) else "reduction factor"
        name = "improvement factor" if re.match(r"better|more acc|improvement", said, re.I) else name
        yield from _each(name, match[0], match, text, "none", "higher")


def _changes(text: str) -> Iterator[Gain]:
    """Yield the changes by a number of points or percent that a verb or noun of change announces."""
    named = [(m.start, m.text) for m in (*mentions(text), *quantities(text))]
    for words, amount in ((_VERB, _BY), (_NOUN, _OF), (_NOUN, _BY)):
        for word in words.finditer(text):
            by = amount.search(text, word.end(), word.end() + _NEAR)
            if by is None or not (by["unit"] or by["points"]) or re.search(r"[.;]\s", text[word.end() : by.start()]):
                continue
            if amount is _OF and any(word.end() <= at < by.start("value") for at, _ in named):
                continue  # `further improvement with a recall of 99.4%`
            change = str(word.lastgroup)
            what = _nearest(named, word.start(), by.end())
            direction: Direction | None = "higher" if change == "improvement" else None
            said = what if _NOUN.search(what) else f"{what} {change}".strip()
            yield from _each(change, said, by, text, "percent", direction)


def _nearest(named: list[tuple[int, str]], start: int, end: int) -> str:
    """Return the quantity that changes: the one between word and number, else the nearest within the sentence."""
    if not named:
        return ""
    inside = [name for at, name in named if start <= at < end]
    return inside[0] if inside else min(named, key=lambda each: min(abs(each[0] - start), abs(each[0] - end)))[1]


def _each(
    metric: str, said: str, match: re.Match[str], text: str, unit: Unit, direction: Direction | None
) -> Iterator[Gain]:
    """Yield the gain of a match and those of the numbers joined to it (`by 30.7% on A and 28.9% on B`)."""
    current: re.Match[str] | None = match
    for _ in range(_MORE + 1):
        if current is None:
            return
        printed = current["value"]
        number = Number(
            float(printed.replace(",", "")),
            printed,
            unit == "percent",
            None,
            current.start("value"),
            current.end("value"),
        )
        yield Gain(metric, said[:80], number, unit, direction)
        current = _JOINED.match(text, current.end("value"))
        if current is not None and bool(current["unit"]) != (unit == "percent"):
            return
