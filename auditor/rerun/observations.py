"""The numbers that a run printed or wrote, each with the words around it and the place where it stood."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.claims.printed_files import read_file
from auditor.claims.printed_text import read_text
from auditor.claims.reading import Reading, final_readings, metric_in, metric_of, series_of
from auditor.findings import RunEvidence
from auditor.rerun.model import Observation

LIMIT = 20_000
"""How many numbers of one stream or file are read."""

KEPT = 2_000
"""How many of them become observations: final values first, and those that name a metric before the others."""

_EARLIER = 20


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
    finals = final_readings(readings)
    kept = _kept(readings, finals)
    return tuple(
        Observation(
            run=run_id,
            metric=metric_of(reading),
            metric_text=reading.key,
            value=reading.number.value,
            printed=reading.number.printed,
            names=tuple(dict.fromkeys(name[:200] for name in (reading.key, *reading.names) if name))[:8],
            final=index in finals,
            evidence=RunEvidence(run=run_id, stream=stream, line=reading.line, excerpt=reading.excerpt[:400]),
        )
        for index, reading in enumerate(readings)
        if index in kept
    )


def _kept(readings: Sequence[Reading], finals: set[int]) -> set[int]:
    """Return the indexes to keep: the final values, then the last few earlier ones of each series, under the cap."""
    order = sorted(finals, key=lambda index: (metric_in(readings[index].key) is None, index))
    seen: dict[tuple[str, ...], int] = {}
    for index in range(len(readings) - 1, -1, -1):
        series = series_of(readings[index])
        seen[series] = seen.get(series, 0) + 1
        if index not in finals and seen[series] <= _EARLIER and metric_in(readings[index].key):
            order.append(index)
    return set(order[:KEPT])
