"""Results in a table: which metric, data set, split and method each number belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.claims.captions import NOT_RESULTS, Caption, read_caption
from auditor.claims.context import Context, Role
from auditor.claims.matching import split_of
from auditor.claims.model import Direction, Unit
from auditor.claims.numbers import Number, parse_cell
from auditor.claims.subjects import is_own
from auditor.claims.table_columns import (
    NAMED_CELL,
    SETTINGS,
    Column,
    beside_metrics,
    key_column,
    label_columns,
    levels,
    metric_rows,
    nameless,
    number_in,
    paired,
    read_column,
)
from auditor.claims.table_groups import groups, names_data, panels, repeated, settings
from auditor.claims.vocabulary import Metric, find_metric, words

_ALONE = Context()
ROWS = 200
COLUMNS = 40

_CITED = re.compile(
    r"\[\d{1,3}(?:, ?\d{1,3}){0,5}\]|\bet al\b|\((?:[^()]{2,60}, ?)?(?:19|20)\d\d[a-z]?\)|\bbaselines?\b|\breported\b",
    re.I,
)
_DATA_HEAD = re.compile(r"\b(?:data|test|training|train|validation)[- ]?sets?\b", re.I)
_SUMMARY = re.compile(r"\b(?:mean|avg|average|overall|total|median)\b", re.I)
_NAME = re.compile(r"[A-Z][\w-]{1,30}(?: [A-Z0-9][\w-]{0,30}){0,3}")
"""What may be a data set's name over a group of methods."""
_OURS = re.compile(r"\b(?:ours?|proposed|this work|this paper)\b", re.I)


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


@dataclass(frozen=True, slots=True)
class _Layout:
    """What rows and columns stand for; None where their names do not tell. `keyed` rows are for a number each."""

    rows: Role | None
    columns: Role | None
    ours_in_columns: bool
    keyed: bool


@dataclass(frozen=True, slots=True)
class _Naming:
    """What the label cells of a row say about its numbers."""

    dataset: str | None
    method: str | None
    split: str | None
    metric: Metric | None
    metric_text: str
    columns_are: Role
    label: str


def table_results(
    header: Sequence[str], rows: Sequence[Sequence[str]], caption: str, context: Context = _ALONE
) -> tuple[Result, ...]:
    """Return the results in a table; nothing where no head, row, caption or context names a metric.

    The metric is the column's, else the row's, else the one that the caption names, else the context's. A row or column
    with one of the context's own names, or called `ours`, is the authors' own, and the others then are not.
    """
    rows = [row[:COLUMNS] for row in rows[:ROWS]]
    parts = panels(header[:COLUMNS], rows, _measures)
    found: list[Result] = []
    for first, head, body in parts:
        results = [replace(result, row=first + result.row) for result in _in_panel(head, body, caption, context)]
        found += [_marked(result, rows[first - 1][0].strip(), "method") for result in results] if first else results
    return tuple(_owned(found, context.own))


def _measures(head: str) -> bool:
    column = read_column(head)
    return column.metric is not None and not column.skip


def _in_panel(header: Sequence[str], rows: Sequence[Sequence[str]], caption: str, context: Context) -> list[Result]:
    header, body = levels(header, rows)
    columns = [read_column(head, context.metric_of) for head in header]
    about = read_caption(caption, {column.metric.name for column in columns if column.metric})
    about = replace(about, dataset=about.dataset or context.dataset)
    if about.dataset and _is_own(about.dataset, context.own):
        about = replace(about, dataset=None)  # `results of FooNet`: the method, not a data set
    labels = label_columns(columns, body)
    if context.open and about.metric is None:
        columns = beside_metrics(columns, labels, body, lambda name: context.results and context.role(name) is None)
    keyed = key_column(columns, labels, body)
    labels = {0} if keyed else labels
    by_rows = metric_rows(body, columns, labels)
    if by_rows:
        about = replace(about, metric=None)
    elif about.metric is None and not any(column.metric for column in columns):
        about = replace(about, metric=context.metric)
    unknown = nameless(columns, labels, about.metric is not None, body)
    layout = _layout(columns, labels, body, keyed, context)
    several = sum(any(parse_cell(cell) for cell in row) for row in body) > 1
    results: list[Result] = []
    for position, row in enumerate(body):
        naming = _naming(row, columns, labels, layout, context)
        if several and not any(row[i] for i in labels if i < len(row)):
            continue  # a row under a merged cell: whose it is cannot be told
        for i, cell in enumerate(row[: len(columns)]):
            if i in labels or not cell or i in unknown:
                continue
            for text, column in _parts(cell, columns, i):
                result = _result(text, column, naming, about, position)
                results += [result] if result else []
    results = _told_apart(results, groups(body), context)
    return _told_apart(results, settings(body, columns, labels), context)


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
    role = _vote(map(context.role, dict.fromkeys(marks.values())))
    return [_marked(result, marks[result.row], role) if result.row in marks else result for result in results]


def _marked(result: Result, mark: str, role: Role | None) -> Result:
    if role == "dataset":
        return replace(result, dataset=mark)
    if names_data(mark):
        return replace(result, dataset=f"{mark} {result.dataset}" if result.dataset else mark)
    if result.dataset is None and result.method and role is None and _NAME.fullmatch(mark):
        return replace(result, dataset=mark)
    return replace(result, method=f"{result.method} ({mark})" if result.method else mark)


def _layout(
    columns: Sequence[Column], labels: set[int], body: Sequence[Sequence[str]], keyed: bool, context: Context
) -> _Layout:
    loose = [i for i in labels if not columns[i].kind]
    cells = [row[i] for row in body for i in loose if i < len(row) and row[i]]
    heads = [column.condition for i, column in enumerate(columns) if i not in labels and column.condition]
    ours = any(_is_own(column.condition if not column.metric else column.head, context.own) for column in columns)
    rows = None if keyed else _vote(map(context.role, dict.fromkeys(cells)))
    return _Layout(rows, _vote(map(context.role, dict.fromkeys(heads))), ours, keyed)


def _vote(roles: Iterable[Role | None]) -> Role | None:
    counts = Counter(role for role in roles if role)
    if counts["dataset"] == counts["method"]:
        return None
    return "dataset" if counts["dataset"] > counts["method"] else "method"


def _naming(
    row: Sequence[str], columns: Sequence[Column], labels: set[int], layout: _Layout, context: Context
) -> _Naming:
    said: dict[str, str] = {}
    metric, metric_text = None, ""
    loose: list[str] = []
    set_to: list[str] = []
    for i in sorted(labels):
        cell = _label(row[i]) if i < len(row) else ""
        if not cell:
            continue
        if layout.keyed:
            said["dataset" if layout.ours_in_columns else "method"] = f"{columns[i].head} {cell}"
            continue
        if columns[i].skip and len(labels) > 1 and columns[i].kind is None:
            continue
        kind = columns[i].kind or ("dataset" if _DATA_HEAD.search(columns[i].head) else None)
        found = find_metric(cell) or (context.metric_of(cell) if layout.rows is None else None)
        if found and kind in (None, "metric", "dataset") and metric is None and len(words(cell)) <= 6:
            metric, metric_text = found, cell
        elif kind and kind not in said and (kind != "split" or split_of(cell)):
            said[kind] = cell
        elif split_of(cell) and len(words(cell)) <= 2:
            said.setdefault("split", cell)
        elif columns[i].kind is None and SETTINGS.intersection(words(columns[i].head)[-1:]):
            set_to.append(cell)
        else:
            loose.append(cell)
    ours = layout.ours_in_columns or layout.columns == "method"
    rows_are = layout.rows or ("dataset" if ours and "method" not in said else "method")
    if loose:
        other = "dataset" if rows_are == "method" else "method"
        said.setdefault(rows_are if rows_are not in said else other, loose[0])
    if set_to:
        said["method"] = ", ".join((*([said["method"]] if "method" in said else ()), *set_to))
    columns_are: Role = "dataset" if "method" in said and not ours and not layout.keyed else "method"
    columns_are = "method" if layout.ours_in_columns else layout.columns or columns_are
    if metric is not None and not said:
        columns_are = "method"
    label = " ".join(cell for i in sorted(labels) if i < len(row) and (cell := row[i]))
    return _Naming(
        said.get("dataset"), said.get("method"), said.get("split"), metric, metric_text, columns_are, label[:120]
    )


def _label(cell: str) -> str:
    return cell.strip(" *†‡:")[:120]


def _result(cell: str, column: Column, naming: _Naming, caption: Caption, row: int) -> Result | None:
    metric, text = _metric(cell, column, naming, caption)
    if metric is None or metric.name in NOT_RESULTS:
        return None
    number = number_in(cell, column, caption.brackets_are_spread)
    if number is None or (metric.scale == "seconds" and number.percent):
        return None
    if metric.scale == "unit" and not 0 <= number.value <= 100:
        return None
    dataset, method = naming.dataset, naming.method
    if column.condition and naming.columns_are == "dataset" and column.kind != "method":
        over = "" if _SUMMARY.search(column.condition) or not column.condition[:1].isalnum() else column.condition
        dataset = f"{over} {dataset}" if over and dataset else over or dataset
    elif column.condition:
        method = column.condition if not method else f"{method} {column.condition}"
    in_percent = number.percent or "%" in column.head or "%" in naming.metric_text or caption.in_percent
    return Result(
        metric=metric,
        metric_text=text,
        number=replace(number, std=caption.std(number.std)),
        unit=_unit(metric, in_percent or (metric.bounded and number.value > 1), cell, column.head),
        direction=_direction(column.head, metric),
        dataset=dataset or caption.dataset,
        split=column.split or naming.split or split_of(text) or (None if metric.scale == "seconds" else caption.split),
        method=method,
        own=True if _OURS.search(column.head) else None,
        n=caption.runs,
        row=row,
        excerpt=f"{naming.label} | {column.head or text}: {cell}",
    )


def _metric(cell: str, column: Column, naming: _Naming, caption: Caption) -> tuple[Metric | None, str]:
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


def _is_own(label: str, own_names: frozenset[str]) -> bool:
    return bool(_OURS.search(label)) or (is_own(label, own_names) and not _CITED.search(label))


def _owned(results: Sequence[Result], own_names: frozenset[str]) -> Iterator[Result]:
    """Yield the results with `own` told where the table tells it: by name, by `ours`, by a citation beside the name."""
    flags = [result.own is True or _is_own(result.method or "", own_names) for result in results]
    some = any(flags)
    for result, flag in zip(results, flags, strict=True):
        cited = bool(result.method and _CITED.search(result.method))
        method = _CITED.sub("", result.method).strip(" ,()") if result.method and cited else result.method
        own = True if flag else False if cited or some else None
        yield replace(result, own=own, method=method or result.method)
