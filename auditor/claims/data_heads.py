"""What captions and heads tell of data sets by name: `accuracy for QNLI, F1 for SQuAD`; `MRPC Acc` over a column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from auditor.claims.captions import NOT_RESULTS
from auditor.claims.numbers import parse_cell
from auditor.claims.table_columns import Column
from auditor.claims.vocabulary import Metric, mentions, plain, words

_LIMIT = 1_000
_FOR = re.compile(r"\s?(?:scores? |rates? |values? )?(?:for|on)\s(?P<names>[^.:;()]{2,120}(?:\.\d[^.:;()]{0,80})?)")
_BETWEEN = re.compile(r", and |, | and | & ")
_REST = re.compile(r"(?:all )?(?:the )?(?:others?|rest|remaining)\b", re.I)
_NAME = re.compile(r"[A-Z]?\w{0,20}(?:[A-Z]|\d)[\w. -]{0,40}|[A-Z][a-z]\w{0,20}")
_WORDY = 3
"""Cells of words in a row that is a header."""

Assigned = tuple[tuple[frozenset[str], Metric, str], ...]
"""Metrics with the words of the name that each is for; no words for all others."""


def metrics_by_data(caption: str) -> Assigned:
    """Return the metrics that a caption gives data sets by name, or nothing where it gives fewer than two."""
    text = plain(caption[:_LIMIT])
    said = [mention for mention in mentions(text) if mention.metric.name not in NOT_RESULTS]
    found: list[tuple[frozenset[str], Metric, str]] = []
    for place, mention in enumerate(said):
        after = said[place + 1].start if place + 1 < len(said) else len(text)
        match = _FOR.match(text, mention.end, after)
        for name in _BETWEEN.split(match["names"]) if match else ():
            name = name.strip(" ,")
            if _REST.match(name):
                found.append((frozenset(), mention.metric, mention.text))
            elif _NAME.fullmatch(name):
                found.append((frozenset(words(name)), mention.metric, mention.text))
    return tuple(found) if len({metric.name for _, metric, _ in found}) > 1 else ()


def metric_for(dataset: str | None, assigned: Assigned) -> tuple[Metric, str] | None:
    """Return the metric that a caption gives a data set: by the longest name in it, else that of all others."""
    said = set(words(dataset or ""))
    fitting = [entry for entry in assigned if entry[0] <= said] if said else []
    if not fitting:
        return None
    longest = max(len(entry[0]) for entry in fitting)
    best = {metric.name: (metric, text) for names, metric, text in fitting if len(names) == longest}
    return next(iter(best.values())) if len(best) == 1 else None


def named_before_metric(columns: Sequence[Column], role: Callable[[str], str | None]) -> list[Column]:
    """Return the columns, those that name data before their metric (`MRPC Acc`) as being for these data.

    It is so where the text uses more of the names before metrics for data sets than for anything else.
    """
    names = [_before(column) for column in columns]
    roles = Counter(role(name) for name in dict.fromkeys(filter(None, names)))
    if roles["dataset"] <= roles["method"]:
        return list(columns)
    return [replace(c, condition=name) if name else c for c, name in zip(columns, names, strict=True)]


def _before(column: Column) -> str:
    """Return the name before the metric in a column's head, or nothing."""
    said = mentions(column.metric_text) if column.metric and not column.skip else ()
    name = plain(column.metric_text)[: said[0].start].strip(" (:-") if said else ""
    lowest = column.head.endswith(column.metric_text)  # what stands below a metric tells more
    return name if lowest and _NAME.fullmatch(name) and column.split is None else ""


def repeated_heads(
    header: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[tuple[int, Sequence[str], Sequence[Sequence[str]]]]:
    """Return the parts of a table in which its header begins anew, as (place of the first row, header, rows).

    A header begins anew with a row of words below rows of numbers that has the header's first cell.
    """
    starts = [
        place
        for place, row in enumerate(rows)
        if place > 1
        and row
        and row[0].strip() == header[0].strip() != ""
        and sum(bool(cell.strip()) for cell in row) >= _WORDY
        and not any(map(parse_cell, row))
        and any(map(parse_cell, rows[place - 1]))
    ]
    ends = [*starts, len(rows)]
    first = [(0, header, rows[: ends[0]])]
    return first + [(s + 1, rows[s], rows[s + 1 : e]) for s, e in zip(starts, ends[1:], strict=True)]
