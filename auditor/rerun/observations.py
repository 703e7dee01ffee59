"""The numbers that a run printed or wrote, each with the words around it and the place where it stood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.claims.vocabulary import find_metric, words
from auditor.findings import RunEvidence
from auditor.rerun.model import Observation
from auditor.rerun.observations_files import read_file
from auditor.rerun.observations_reading import STEP, Reading
from auditor.rerun.observations_text import read_text

LIMIT = 20_000
"""How many numbers of one stream or file are read."""

KEPT = 2_000
"""How many of them become observations: final values first, and those that name a metric before the others."""

_EARLIER = 20
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_REPEAT = re.compile(r"(?<![a-z])(?:seed|run|fold|trial|repeat|repetition|rep|cv)s?(?![a-z])", re.I)
_SUMMARY = frozenset(("mean", "average", "avg", "overall", "final", "total", "averaged"))


def observe_text(run_id: str, stream: str, text: str) -> tuple[Observation, ...]:
    """Return the numbers that a program printed, in order; `stream` is `stdout`, `stderr` or the path of a text file.

    Read are `key: value` and `key=value`, `Test accuracy 81.0%`, dicts and JSON, tables under a header, classification
    reports, and rows under a heading that names a metric. A name that is no known metric is kept as it stands, in
    lower case. Of a value printed again and again, only the last is `final`.
    """
    return _observations(run_id, stream, read_text(text, LIMIT))


def observe_file(run_id: str, path: str, data: bytes) -> tuple[Observation, ...]:
    """Return the numbers of a file that a run wrote: JSON, JSON lines, CSV, TSV, npz, npy, notebook or text.

    Nothing is unpickled. A file over 10 MB, of another kind, or not readable as its kind gives nothing.
    """
    return _observations(run_id, path, read_file(path, data, LIMIT))


def _observations(run_id: str, stream: str, readings: Sequence[Reading]) -> tuple[Observation, ...]:
    named = [(_metric(reading), reading) for reading in readings]
    finals = _finals(named)
    kept = _kept(named, finals)
    return tuple(
        Observation(
            run=run_id,
            metric=metric,
            metric_text=reading.key,
            value=reading.number.value,
            printed=reading.number.printed,
            names=tuple(dict.fromkeys(name[:200] for name in (reading.key, *reading.names) if name))[:8],
            final=index in finals,
            evidence=RunEvidence(run=run_id, stream=stream, line=reading.line, excerpt=reading.excerpt[:400]),
        )
        for index, (metric, reading) in enumerate(named)
        if index in kept
    )


def _metric(reading: Reading) -> str:
    metric = find_metric(reading.key)
    return metric.name if metric else " ".join(words(reading.key))[:100]


def _finals(named: Sequence[tuple[str, Reading]]) -> set[int]:
    """Return the indexes of the last value of each series, and of what stands alone.

    A series is what is printed under the same words again; where an epoch or step is counted beside it, the numbers
    among these words do not matter. The values of single folds or seeds give way to a later mean.
    """
    last: dict[tuple[str, ...], int] = {}
    summaries: dict[str, int] = {}
    for index, (metric, reading) in enumerate(named):
        last[_series(metric, reading)] = index
        if _SUMMARY & set(words(" ".join((reading.key, *reading.names)))) and not reading.stepped:
            summaries[metric] = index
    finals = set(last.values())
    for index in tuple(finals):
        metric, reading = named[index]
        if summaries.get(metric, -1) > index and any(_REPEAT.search(name) for name in reading.names):
            finals.discard(index)
    return finals


def _series(metric: str, reading: Reading) -> tuple[str, ...]:
    parts = (metric, reading.key, *reading.names)
    if not reading.stepped:
        return parts
    return tuple(_DIGITS.sub("#", part) if STEP.search(part) else part for part in parts)


def _kept(named: Sequence[tuple[str, Reading]], finals: set[int]) -> set[int]:
    """Return the indexes to keep: the final values, then the last few earlier ones of each series, under the cap."""
    order = sorted(finals, key=lambda index: (find_metric(named[index][1].key) is None, index))
    seen: dict[tuple[str, ...], int] = {}
    for index in range(len(named) - 1, -1, -1):
        metric, reading = named[index]
        series = _series(metric, reading)
        seen[series] = seen.get(series, 0) + 1
        if index not in finals and seen[series] <= _EARLIER and find_metric(reading.key):
            order.append(index)
    return set(order[:KEPT])
