"""A number that a program printed or wrote, as a reader found it: what names it, and which of a series is the last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.claims.numbers import Number
from auditor.claims.vocabulary import Metric, find_metric, words

STEP = re.compile(
    r"\b(?:epochs?|ep|iter|iters|iteration|itr|steps?|batch|episode|timesteps?|global_step)\b|\[\s?\d+/\d+\]", re.I
)
"""Words beside which a count says how far a training has come."""

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_REPEAT = re.compile(r"(?<![a-z])(?:seed|run|fold|trial|repeat|repetition|rep|cv)s?(?![a-z])", re.I)
_SPREAD = frozenset(("std", "stdev", "stddev", "sd", "sem", "stderr", "se", "variance", "var", "ci"))
_NOT_THE_VALUE = _SPREAD | {"count", "min", "n", "width", "lower", "upper", "low", "high"}
"""Words of keys inside a metric that hold how far it spreads or over how many, not what it is."""
_SUMMARY = frozenset(("mean", "average", "avg", "overall", "final", "total", "averaged"))
_VALUE_KEYS = frozenset(("value", "score", "result", "mean", "avg", "average"))
_AVERAGES = ("macro", "micro", "weighted")


@dataclass(frozen=True, slots=True)
class Reading:
    """A number with `key`, the words that say what it is, and `names`, the words around it (row, heading, outer keys).

    `stepped` is True where an epoch or step is counted beside it.
    """

    key: str
    number: Number
    names: tuple[str, ...] = ()
    line: int | None = None
    excerpt: str = ""
    stepped: bool = False


def keyed(
    path: Sequence[str], number: Number, around: Sequence[str] = (), line: int | None = None, excerpt: str = ""
) -> Reading | None:
    """Return the reading of a number under nested keys (`cora`, `accuracy`), or None where no key has a letter.

    The innermost key that names a metric says what the number is; the other keys are names. A `value` or `mean` inside
    such a key belongs to it.
    """
    keys = [key for key in path if any(character.isalpha() for character in key)]
    if not keys:
        return None
    position = next((i for i in range(len(keys) - 1, -1, -1) if find_metric(keys[i])), len(keys) - 1)
    inner = [key for key in keys[position + 1 :] if key.lower() not in _VALUE_KEYS]
    if any(_NOT_THE_VALUE & set(words(key)) for key in inner):
        return None
    names = (*keys[:position], *inner, *around)
    return Reading(keys[position], number, names, line, excerpt, any(STEP.search(name) for name in keys))


def averaged(column: str, label: str) -> str:
    """Return `macro f1-score` for column `f1-score` in row `macro avg`, and the column alone in other rows."""
    label_words = words(label)
    for average in _AVERAGES:
        if average in label_words and find_metric(f"{average} {column}") is not None:
            return f"{average} {column}"
    return column


def has_letters(text: str) -> bool:
    """Whether any character of `text` is a letter."""
    return any(character.isalpha() for character in text)


def metric_in(key: str) -> Metric | None:
    """Return the metric that a key names, or None where it names none or the spread of one (`accuracy_std`)."""
    return None if _SPREAD & set(words(key)) else find_metric(key)


def metric_of(reading: Reading) -> str:
    """Return the canonical name of the reading's metric, or its key in normalised words where that is no metric."""
    metric = metric_in(reading.key)
    return metric.name if metric else " ".join(words(reading.key))[:100]


def series_of(reading: Reading) -> tuple[str, ...]:
    """Return what the values of one series share: the words, where a step is counted beside them without its number."""
    parts = (metric_of(reading), reading.key, *reading.names)
    if not reading.stepped:
        return parts
    return tuple(_DIGITS.sub("#", part) if STEP.search(part) else part for part in parts)


def final_readings(readings: Sequence[Reading]) -> set[int]:
    """Return the indexes of the last value of each series, and of what stands alone.

    The values of single folds, seeds or runs give way to a mean or total of the same metric printed after them.
    """
    last = {series_of(reading): index for index, reading in enumerate(readings)}
    summaries: dict[str, int] = {}
    for index, reading in enumerate(readings):
        if not reading.stepped and _SUMMARY & set(words(" ".join((reading.key, *reading.names)))):
            summaries[metric_of(reading)] = index
    finals = set(last.values())
    for index in tuple(finals):
        single = any(_REPEAT.search(name) for name in readings[index].names)
        if single and summaries.get(metric_of(readings[index]), -1) > index:
            finals.discard(index)
    return finals
