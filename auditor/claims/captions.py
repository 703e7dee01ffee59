"""What a caption says about all numbers of its table: metric, data set, split, runs, and what `±` stands for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from auditor.claims.matching import split_of
from auditor.claims.vocabulary import Metric, find_metric, mentions, words

NOT_RESULTS = frozenset(("parameters", "flops", "nnz", "p_value"))
"""Metrics that describe a model or a test rather than a result."""

TIMES = frozenset(("time", "training_time", "inference_time"))

_BRACKET_SPREAD = re.compile(
    r"(?:standard deviations?|std\.?|standard errors?|variance)[^.;]{0,40}(?:parenthes|bracket)"
    r"|\((?:std|standard deviation)\)",
    re.I,
)
_ERROR = re.compile(r"standard errors?\b|\bs\.?e\.?m\b", re.I)
_INTERVAL = re.compile(r"confidence interval|\bCI\b")
_RUNS = re.compile(
    r"\b(?:over|across|of|from|with|on)\s+(?:the\s+)?(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)\s+"
    r"(?:\w+\s+){0,2}?(?:runs|seeds|trials|repetitions|repeats|replicates|initiali[sz]ations|times)\b",
    re.I,
)
_SEEDS = re.compile(r"\bseeds\s(\d{1,3})\s?(?:to|-|–|through)\s?(\d{1,3})\b", re.I)
_NUMERALS = {"twenty": 20} | {
    word: n for n, word in enumerate(words("two three four five six seven eight nine ten"), 2)
}
_PROPER = r"(?:[A-Z][\w@.+/-]{1,30}|[a-z]{1,12}[A-Z0-9][\w.-]{0,20})(?:\s(?:[A-Z0-9][\w.@-]{0,30}|\d{4})){0,3}"
_ON = re.compile(
    rf"\b(?:on|for|from|of)\s(?:the\s)?({_PROPER})(?=\s(?:data ?sets?|corpus|benchmark|test|tasks?|data)\b)"
    rf"|\b(?:on|from)\s(?:the\s)?({_PROPER})(?!\w)(?!\s(?:architecture|model|network|method|algorithm)s?\b)"
)
_IN = re.compile(r"\bin\s(?:the\s)?([A-Z][a-z]{1,20}[A-Z0-9][A-Za-z0-9-]{0,20})(?![\w-])")
"""A name that is no word of English behind `in`."""
_MORE = re.compile(r"\s?(?:,|and\b|&|/)\s?(?:the\s)?[A-Z]")
"""After a name: another one."""
_SIZED_MODEL = re.compile(r"(?<!\w)[A-Za-z]\w{0,80}[- ]\d{1,9}(?:\.\d{1,9})?[BM]$")
"""A model with the number of its parameters: Pythia-1.4B."""
_DIFFERENCE = re.compile(r"[∆Δ](?:\s\w{1,15})?\s?$")
_METHOD = re.compile(r"\b(?:systems?|models?|networks?|methods?)\b", re.I)
_PARTED = re.compile(r"(?<![\w-])([^\W\d_]{1,30})- (?!and\b|or\b|to\b)([^\W\d_]{1,30})(?![\w-])")
_MODEL = re.compile(r"\s(?:models?|functions?|terms?|modell?ing)\b", re.I)
"""After the name of a metric (`reward model`): it is no result."""
_SENTENCE = re.compile(r"(?<!\bno)(?<!\bvs)(?<!\bal)(?<!\bcf)(?<!\be\.g)(?<!\bi\.e)(?<!\bapprox)\. ", re.I)
_PLACE = re.compile(r"(?:Tables?|Tab|Figures?|Figs?|Sections?|Sec|Appendix|Algorithm|Eqs?)\b", re.I)
_CAPTION_SPLIT = re.compile(
    r"\b(test|validation|dev|training|train)[- ]"
    r"(?:set|split|data|accurac(?:y|ies)|errors?|loss|performance|results?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Caption:
    """The facts of a caption. `metric` is the one metric it names that no column names, with its words."""

    metric: tuple[Metric, str] | None
    dataset: str | None
    split: str | None
    runs: int | None
    in_percent: bool
    brackets_are_spread: bool
    spread: str
    """What a spread in the table is: `std`, `error` (a standard error) or `interval`."""

    def std(self, printed: float | None) -> float | None:
        """Return the standard deviation that a printed spread means, or None where it cannot be told."""
        if printed is None or self.spread == "interval":
            return None
        if self.spread == "error":
            return printed * self.runs**0.5 if self.runs else None
        return printed


def read_caption(text: str, taken: Collection[str]) -> Caption:
    """Return what a caption (or a heading and the line above a table) says; `taken` are the columns' metrics."""
    return Caption(
        metric=_metric(text, taken),
        dataset=named_dataset(first_sentence(text)),
        split=_split(text),
        runs=_count(text),
        in_percent="(%)" in text[:300],
        brackets_are_spread=bool(_BRACKET_SPREAD.search(text[:1_500])),
        spread="error" if _ERROR.search(text[:1_500]) else "interval" if _INTERVAL.search(text[:1_500]) else "std",
    )


def first_sentence(caption: str) -> str:
    """Return a caption's first sentence, which `no. of` or `vs. ` does not end."""
    return _SENTENCE.split(caption[:2_000], maxsplit=1)[0]


def rejoined(text: str, known: Collection[str]) -> str:
    """Return a caption with the words that its lines part put together (`ME- TEOR`), with the hyphen if it has one.

    `known` are the paper's words in lower case.
    """

    def whole(parted: re.Match[str]) -> str:
        one, two = parted[1], parted[2]
        plain = f"{one}{two}".lower() in known or not (two[0].isupper() or f"{one}-{two}".lower() in known)
        return f"{one}{two}" if plain else f"{one}-{two}"

    return _PARTED.sub(whole, text)


def _metric(caption: str, taken: Collection[str]) -> tuple[Metric, str] | None:
    """Return the one metric that the caption names and no column does, or None."""
    found = {
        mention.metric.name: mention
        for mention in mentions(caption[:600])
        if mention.metric.name not in {*taken, *NOT_RESULTS, *TIMES}
        and not _DIFFERENCE.search(caption[max(0, mention.start - 20) : mention.start])
        and not _MODEL.match(caption, mention.end)
    }
    if (
        len(found) > 1 or taken
    ):  # `test accuracy ... of the loss function`: what is said first, in the first sentence, counts
        first = first_sentence(caption)
        found = {m.metric.name: m for m in mentions(first) if m.metric.name in found}
    if len(found) != 1:
        return None
    mention = next(iter(found.values()))
    return mention.metric, mention.text


def named_dataset(text: str) -> str | None:
    """Return the data set that `on UrbanSound8k dataset` names in a caption or heading, or None for none or several."""
    text = text[:600]
    named = [m for m in _ON.finditer(text) if find_metric(m[1] or m[2]) is None]
    if any(_MORE.match(text, m.end()) for m in named):
        return None
    found = {(m[1] or m[2]).rstrip(".") for m in named} or {m[1] for m in _IN.finditer(text)}
    found = {name for name in found if not _METHOD.search(name)}
    found = {name for name in found if not _SIZED_MODEL.search(name) and not _PLACE.match(name)}
    return next(iter(found)) if len(found) == 1 else None


def _split(caption: str) -> str | None:
    found = {split_of(match[1]) for match in _CAPTION_SPLIT.finditer(caption[:600])}
    return next(iter(found)) if len(found) == 1 else None


def _count(caption: str) -> int | None:
    listed = _SEEDS.search(caption[:1_500])
    if listed and int(listed[2]) > int(listed[1]):
        return int(listed[2]) - int(listed[1]) + 1
    found = {
        _NUMERALS.get(m[1].lower()) or int(m[1])
        for m in _RUNS.finditer(caption[:1_500])
        if m[1].lower() in _NUMERALS or m[1].isdigit()
    }
    return next(iter(found)) if len(found) == 1 and min(found) >= 2 else None
