"""Results in a table: which metric, data set, split and method each number belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.claims.captions import NOT_RESULTS, TIMES, Caption, read_caption
from auditor.claims.context import Context, Role
from auditor.claims.data_heads import Assigned, metric_for, metrics_by_data, named_before_metric, repeated_heads
from auditor.claims.matching import split_of
from auditor.claims.model import Direction, Unit
from auditor.claims.numbers import Number, parse_cell
from auditor.claims.quantities import named
from auditor.claims.table_columns import (
    NAMED_CELL,
    Column,
    beside_metrics,
    key_columns,
    label_columns,
    lettered,
    levels,
    metric_rows,
    nameless,
    number_in,
    paired,
    read_column,
)
from auditor.claims.table_groups import groups, names_data, panels, repeated, settings
from auditor.claims.table_names import BRACKETED, CITED, OURS, Layout, Naming, layout_of, named_own, naming_of, vote
from auditor.claims.vocabulary import Metric, find_metric, mentions, words

_ALONE = Context()
ROWS = 200
COLUMNS = 40

_SUMMARY = re.compile(r"\b(?:mean|avg|average|overall|total|median)\b", re.I)
_NOT_DATA = re.compile(
    r"^[<>=≤≥~]?\s?[\d.,]+\s?[%kKM]?$|-based$|\bwith(?:out)?\b|\bw/o?\b|\b(?:before|after)\b|^[a-z]+ing\b"
    r"|\b(?:order|ordering|setting|mode|phase|stage)s?$",
    re.I,
)
_CHANGE = re.compile(
    r"\s*(?:[∆Δ]|(?:(?:absolute|relative|abs\.|rel\.|avg\.|average|mean) )?"
    r"(?:improvement|gain|difference|delta|diff)s?\b)",
    re.I,
)
"""Labels of rows that tell how results differ."""
_PREVIOUS = re.compile(
    r"\b(?:previous|prior|existing|published|related) (?:work|methods?|results?|approach)|baselines?\b", re.I
)
_OF_OTHERS = frozenset(
    ("coefficient_of_variation", "correlation", "pearson", "spearman", "kendall", "kappa", "fleiss_kappa", "p_value")
)
"""Metrics that are taken of other metrics."""
_PART = re.compile(r"easy|medium|hard|difficult|small|large|seen|unseen|clean|noisy|other|original|attack(?:ed)?", re.I)
"""What may be part of a data set and names none alone."""
_SIZED = re.compile(r"\(\d{1,4}(?:\.\d{1,3})?[BM]\)$|[- ]\d{1,4}(?:\.\d{1,3})?B$")
"""A model by the number of its parameters."""
_WITHOUT = re.compile(r"(?:^|\s|\()(?:w/o|without|minus)\s|^(?:no|[-−–])\s", re.I)
"""The authors' own method less a part: neither their result nor a baseline."""
_BEGINS = 12
_PERCENT = re.compile(r"\(\s?%\s?\)\s*$")
_LOW = 50
"""Percentages of a result are not all below this."""
_NAME = re.compile(r"[A-Z][\w-]{1,30}(?: [A-Z0-9][\w-]{0,30}){0,3}")
"""What may be a data set's name over a group of methods."""


@dataclass(frozen=True, slots=True)
class Result:
    """One number of a table with what it belongs to, and its place in words (`row | column: number`)."""

    metric: Metric
    metric_text: str
    number: Number
    unit: Unit
    direction: Direction | None
    dataset: str | None
    split: str | None
    method: str | None
    own: bool | None
    n: int | None
    row: int
    excerpt: str


def table_results(
    header: Sequence[str], rows: Sequence[Sequence[str]], caption: str, context: Context = _ALONE
) -> tuple[Result, ...]:
    """Return the results in a table; nothing where no head, row, caption or context names a metric.

    The metric is the column's, else the row's, else the one that the caption names, else the context's. A row or column
    with one of the context's own names, or called `ours`, is the authors' own, and the others then are not.
    """
    rows = [row[:COLUMNS] for row in rows[:ROWS]]
    found: list[Result] = []
    for begin, upper, part in repeated_heads(header[:COLUMNS], rows):
        for first, head, body in panels(upper, part, _measures):
            results = _in_panel(head, body, caption, context)
            results = [_marked(r, part[first - 1][0].strip(), "method") for r in results] if first else results
            found += [replace(result, row=begin + first + result.row) for result in results]
    return tuple(_owned(found, context.own))


def _measures(head: str) -> bool:
    column = read_column(head)
    return column.metric is not None and not column.skip


def _in_panel(header: Sequence[str], rows: Sequence[Sequence[str]], caption: str, context: Context) -> list[Result]:
    header, body = levels(header, rows)
    columns = lettered([read_column(head, context.metric_of) for head in header])
    columns = named_before_metric(_varying(columns, caption), context.role)
    about = read_caption(caption, {column.metric.name for column in columns if column.metric})
    about = replace(about, dataset=about.dataset or context.dataset)
    if about.dataset and named_own(about.dataset, context.own):
        about = replace(about, dataset=None)  # `results of FooNet`: the method, not a data set
    labels = label_columns(columns, body)
    if context.open and about.metric is None:
        columns = beside_metrics(columns, labels, body, lambda name: context.results and context.role(name) is None)
    keys = key_columns(columns, labels, body)
    keyed, labels = bool(keys), keys or labels
    by_rows = metric_rows(body, columns, labels)
    if by_rows:
        about = replace(about, metric=None)
    elif about.metric is None and not any(column.metric for column in columns):
        about = replace(about, metric=context.metric)
    if about.metric is context.metric is not None:
        columns = _named_by(context, columns, labels, layout_of(columns, labels, body, keyed, context))
    scored = any(c.metric and not c.skip and c.metric.name not in {*NOT_RESULTS, *TIMES} for c in columns)
    if scored and about.metric and context.open:
        # Beside columns that name their own metrics the caption's is for names of data and methods alone.
        columns = [
            replace(
                c,
                skip=c.skip or not (c.metric or c.split or context.role(c.condition) or named_own(c.head, context.own)),
            )
            for c in columns
        ]
    unknown = nameless(columns, labels, about.metric is not None, body)
    layout = layout_of(columns, labels, body, keyed, context)
    called = any(
        c.condition and not _PART.fullmatch(c.condition) and context.role(c.condition) == "dataset"
        for i, c in enumerate(columns)
        if i not in labels
    )
    columns = [replace(c, named=called) for c in columns]
    several = sum(any(parse_cell(cell) for cell in row) for row in body) > 1
    results: list[Result] = []
    assigned = metrics_by_data(caption)
    for position, row in enumerate(body):
        naming = naming_of(row, columns, labels, layout, context)
        if several and not any(row[i] for i in labels if i < len(row)):
            continue  # a row under a merged cell: whose it is cannot be told
        if any(_CHANGE.match(row[i]) for i in labels if i < len(row)):
            continue
        if context.either and not scored and not by_rows and about.metric is None:
            naming = replace(naming, **_either(context.either, row))
        for i, cell in enumerate(row[: len(columns)]):
            if i in labels or not cell or i in unknown:
                continue
            for text, column in _parts(cell, columns, i):
                result = _result(text, column, naming, about, position, assigned)
                results += [result] if result else []
    marks = groups(body)
    results = [replace(r, own=_group_own(marks.get(r.row, ""), r.own)) for r in results]
    results = _told_apart(results, marks, context)
    return _told_apart(results, settings(body, columns, labels), context)


def _varying(columns: list[Column], caption: str) -> list[Column]:
    """Return the columns as those of the spread or agreement that a caption begins with, if it does.

    Below `Coefficient of variation of …` a column headed `Precision` holds no precision.
    """
    first = next(iter(mentions(caption[:80])), None)
    if first is None or first.start > _BEGINS or first.metric.name not in _OF_OTHERS:
        return columns
    return [
        replace(c, metric=first.metric, metric_text=f"{first.text} of {c.metric_text}")
        if c.metric and c.metric.name not in _OF_OTHERS
        else c
        for c in columns
    ]


def _named_by(context: Context, columns: list[Column], labels: set[int], layout: Layout) -> list[Column]:
    """Return the columns with their heads as metrics where they are what the table's metric only sums up.

    `Fluency` and `Clarity` below `Mean fluency and clarity scores`; `Satisfaction (%)` beside rows of methods, where
    no caption names the metric.
    """
    assert context.metric is not None
    metric, text = context.metric
    said = words(text)
    apart = [c for i, c in enumerate(columns) if i not in labels and c.condition]
    parts = len(apart) > 1 and all(set(words(c.condition)) < set(said[:-1]) for c in apart)
    units = "method" in layout.kinds.values() or layout.rows == "method"
    found = []
    for i, column in enumerate(columns):
        name = column.condition
        if i in labels or not name or column.skip:
            found.append(column)
        elif parts:
            own = Metric(" ".join((*words(name), said[-1].removesuffix("s"))), metric.direction, metric.scale)
            found.append(replace(column, metric=own, metric_text=name, condition=""))
        elif units and _PERCENT.search(column.head) and context.role(name) is None:
            upper, _, lowest = column.head.rpartition("/")
            metric_named = context.metric_of(lowest) or named(lowest)
            found.append(replace(column, metric=metric_named, metric_text=lowest, condition=upper.replace("/", " ")))
        else:
            found.append(column)
    return found


def _either(pair: tuple[tuple[Metric, str], tuple[Metric, str]], row: Sequence[str]) -> dict[str, Any]:
    """Return which of two metrics a row's numbers are of: the one between 0 and 1 where all are fractions."""
    values = [number.value for cell in row if "." in cell and (number := parse_cell(cell))]
    if not values or not (all(0 <= v <= 1 for v in values) or 1 < max(values) < _LOW):
        return {"metric": None, "metric_text": ""}
    metric, text = pair[0] if max(values) <= 1 else pair[1]
    return {"metric": metric, "metric_text": text}


def _parts(cell: str, columns: Sequence[Column], i: int) -> Iterator[tuple[str, Column]]:
    """Yield the cell with its column, or each of its two numbers with a column of its own name."""
    pair = paired(cell, [column.head for column in columns], i)
    if not pair:
        yield cell, columns[i]
    for text, name in pair:
        head = columns[i].head if name != "original" else name
        yield text, replace(columns[i], head=head, condition=name, kind="method")


def _told_apart(results: list[Result], marks: dict[int, str], context: Context) -> list[Result]:
    """Return the results with the marks of their rows in their names, where rows would else be named alike."""
    if not marks or not repeated([(r.row, (r.metric.name, r.dataset, r.split, r.method)) for r in results]):
        return results
    role = vote(map(context.role, dict.fromkeys(marks.values())))
    return [_marked(result, marks[result.row], role) if result.row in marks else result for result in results]


def _group_own(mark: str, own: bool | None) -> bool | None:
    """Whether the head of a group (`our work`, `previous work`) says whose its rows are, else `own`."""
    return True if OURS.search(mark) else False if _PREVIOUS.search(mark) else own


def _marked(result: Result, mark: str, role: Role | None) -> Result:
    if mark.count("(") != mark.count(")"):
        return result  # part of a cell
    if mark in (result.dataset, result.method) or (result.method or "").startswith(f"{mark},"):
        return result
    if role == "dataset":
        return replace(result, dataset=mark)
    if names_data(mark):
        return replace(result, dataset=f"{mark} {result.dataset}" if result.dataset else mark)
    if result.dataset is None and result.method and role is None and _NAME.fullmatch(mark):
        return replace(result, dataset=mark)
    return replace(result, method=f"{result.method} ({mark})" if result.method else mark)


def _result(cell: str, column: Column, naming: Naming, caption: Caption, row: int, assigned: Assigned) -> Result | None:
    dataset, method = _names(column, naming, caption)
    metric, text = _metric(cell, column, naming, caption)
    if column.metric is None and naming.metric is None and not column.skip:
        metric, text = metric_for(dataset, assigned) or (metric, text)
    if metric is None or metric.name in NOT_RESULTS:
        return None
    number = number_in(cell, column, caption.brackets_are_spread)
    if number is None or (metric.scale == "seconds" and number.percent):
        return None
    if metric.scale == "unit" and not 0 <= number.value <= 100:
        return None
    in_percent = number.percent or "%" in column.head or "%" in naming.metric_text or caption.in_percent
    return Result(
        metric=metric,
        metric_text=text,
        number=replace(number, std=caption.std(number.std)),
        unit=_unit(metric, in_percent or (metric.bounded and number.value > 1), cell, column.head),
        direction=_direction(column.head, metric),
        dataset=dataset,
        split=column.split or naming.split or split_of(text) or (None if metric.scale == "seconds" else caption.split),
        method=method,
        own=True if OURS.search(column.head) else None,
        n=caption.runs,
        row=row,
        excerpt=f"{naming.label} | {column.head or text}: {cell}",
    )


def _names(column: Column, naming: Naming, caption: Caption) -> tuple[str | None, str | None]:
    """Return data set and method of a cell: those of its row with what its column says, in what the caption is about.

    `CIFAR-10, Airplane` where the caption names the one and the column the other, which alone would say too little.
    """
    dataset, method, condition = naming.dataset, naming.method, column.condition
    told = naming.told
    if condition and naming.columns_are == "dataset" and column.kind != "method" and not _SIZED.search(condition):
        if _NOT_DATA.search(condition) and not (dataset or caption.dataset):
            return None, f"{method} ({condition})" if method else condition
        over = "" if _SUMMARY.search(condition) or not condition[:1].isalnum() else condition
        dataset = ", ".join(name for name in (dataset, over) if name) or None
        told = told or column.named
    elif condition:
        method = f"{method} {condition}" if method else condition
    if dataset and _SUMMARY.fullmatch(dataset.strip(".")):
        dataset = None  # over all
    if not dataset or told or not caption.dataset:
        return dataset or caption.dataset, method
    within = set(words(caption.dataset)) <= set(words(dataset))
    return dataset if within else f"{caption.dataset}, {dataset}", method


def _metric(cell: str, column: Column, naming: Naming, caption: Caption) -> tuple[Metric | None, str]:
    """Return the metric of a cell, from the nearest word: its own (`Acc: 81.0 %`), the column's, row's or caption's."""
    named = NAMED_CELL.match(cell)
    if named and find_metric(named[1]):
        return find_metric(named[1]), named[1]
    if column.skip or column.kind == "metric":
        return None, ""
    if column.metric is not None:
        return column.metric, column.metric_text
    if naming.metric is not None:
        return naming.metric, naming.metric_text
    return caption.metric or (None, "")


def _unit(metric: Metric, percent: bool, cell: str, head: str) -> Unit:
    if metric.bounded:
        return "percent" if percent else "fraction"
    if metric.scale == "seconds":
        seconds = re.search(r"\b(?:s|secs?|seconds)\b", head) or re.search(r"\d\s?(?:s|secs?|seconds)$", cell.strip())
        return "seconds" if seconds else "none"
    return "percent" if percent else "none"


def _direction(head: str, metric: Metric) -> Direction | None:
    if any(arrow in head for arrow in "↑⇑"):
        return "higher"
    if any(arrow in head for arrow in "↓⇓"):
        return "lower"
    return metric.direction


def _owned(results: Sequence[Result], own_names: frozenset[str]) -> Iterator[Result]:
    """Yield the results with `own` told where the table tells it: by name, by `ours`, by a citation beside the name."""
    flags = [result.own is True or named_own(result.method or "", own_names) for result in results]
    some = any(flags)
    for result, flag in zip(results, flags, strict=True):
        cited = bool(result.method and CITED.search(result.method))
        method = BRACKETED.sub("", result.method).strip(" ,()") if result.method and cited else result.method
        method = result.method if method and method.endswith("et al.") else method  # the work is all its name
        less = _WITHOUT.search(result.method or "") and result.own is not True
        own = None if less else True if flag else False if cited or some else None
        yield replace(result, own=own, method=method or result.method)
