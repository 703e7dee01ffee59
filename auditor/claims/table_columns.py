"""The columns of a table: what their heads say, which of them hold labels, and the numbers in their cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from auditor.claims.captions import TIMES
from auditor.claims.matching import split_of
from auditor.claims.numbers import Number, parse_cell
from auditor.claims.vocabulary import Metric, find_metric, words

_HEADS: dict[str, Literal["method", "dataset", "metric", "split"]] = {
    **dict.fromkeys(
        words("model models method methods algorithm algorithms approach approaches system systems"), "method"
    ),
    **dict.fromkeys(
        words("architecture network strategy variant variation classifier detector learner loss"), "method"
    ),
    **dict.fromkeys(words("dataset datasets data corpus task tasks benchmark domain language problem"), "dataset"),
    **dict.fromkeys(words("metric metrics measure measures score evaluation"), "metric"),
    **dict.fromkeys(words("split partition subset"), "split"),
}
_NOT_CONDITIONS = frozenset(
    words(
        "size sizes params parameters kb mb gb layers layer dim dimension dims lr rate rates radius batch epochs epoch "
        "year seed seeds optimizer steps iterations memory depth width samples instances features classes attributes "
        "count number support link paper code url download gpu gpus hours cost std n rank runs reference venue weight "
        "decay dropout"
    )
)
_REMARK = re.compile(r"\s*\([^()]{0,40}[A-Za-z][^()]{0,40}\)\s*$|\s*\[\d{1,3}\]\s*$")
_TIMED = re.compile(r"^(\d{1,7}(?:\.\d{1,6})?)\s?(s|sec|secs|seconds|ms|mins?|minutes|h|hrs?|hours)$", re.I)
_HEAD_SPREAD = re.compile(r"\((?:SD|s\.d\.|std|± ?std)\.?\)", re.I)
_COUNTED = re.compile(r"(?:^|/)\s?(?:#|No\.)\s?[A-Za-z]|\bnumber of\b", re.I)
_MEASURED = re.compile(r"\d\.\d|\d\s?(?:%|s|ms|secs?|mins?)$")
NAMED_CELL = re.compile(r"^([^\d:=]{1,30}?[@\d]{0,4})\s?[:=]\s?([-+]?[\d.,]{1,12}\s?%?(?:\s?±\s?[\d.]{1,8}\s?%?)?)$")
_CHANGE = re.compile(r"[∆Δ]|\b(?:gains?|improvement|change|diff|difference|delta|reduction|drop)\b", re.I)
_RELATIVE = re.compile(r"\(\s?\w{1,20}\s?[-−–]\s?\w{1,20}\s?\)\s?/\s?\w")
"""`(A - B)/A`: how much one result differs from another."""
_ARROWS = re.compile(r"[↑↓⇑⇓]")


@dataclass(frozen=True, slots=True)
class Column:
    """What the head of a column says about the numbers below it."""

    head: str
    metric: Metric | None
    metric_text: str
    split: str | None
    condition: str
    kind: Literal["method", "dataset", "metric", "split"] | None
    skip: bool


def levels(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[Sequence[str]]]:
    """Return one head a column and the body: leading rows without a number are further levels of the header."""
    heads = list(header)
    body = list(rows)
    for _ in range(2):
        first = body[0] if body else ()
        wordy = sum(bool(cell) for cell in first)
        if len(body) < 2 or wordy < 2 or len(first) != len(heads):
            break
        if any(parse_cell(cell) or _MEASURED.search(cell) for cell in first):
            break
        heads = [
            f"{upper}/{lower}" if upper and lower else upper or lower for upper, lower in zip(heads, first, strict=True)
        ]
        body = body[1:]
    return heads, body


def read_column(head: str) -> Column:
    """Return what the head of a column says; `/` parts the levels of a header."""
    head = head if len(head) <= 120 else head.rpartition("/")[2][-120:]  # prose that the table reader took for a head
    parts = [level.strip() for level in head.split("/") if level.strip()] if " / " not in head else [head]
    metric, metric_text = None, ""
    conditions = []
    for level in parts:
        found = find_metric(level)
        if found and metric is None:
            metric, metric_text = found, level
        else:
            conditions.append(level)
    if metric is None and find_metric(head):
        metric, metric_text, conditions = find_metric(head), head, []
    split = split_of(_ARROWS.sub("", head))
    named = [c for c in conditions if not (split and len(words(c)) <= 2 and split_of(c))]
    condition = " ".join(_plain_condition(c) for c in named if _plain_condition(c))
    last_word = next(iter(words(parts[-1])[-1:]), "") if parts else ""
    kind = _HEADS.get(last_word) if metric is None or last_word not in ("loss", "score") else None
    odd = set(words(head)) & _NOT_CONDITIONS if metric is None else set()
    condition = "" if kind == "metric" else condition
    return Column(
        head,
        metric,
        metric_text,
        split,
        condition,
        kind,
        bool(odd or _COUNTED.search(head) or _CHANGE.search(head) or _RELATIVE.search(head)),
    )


def _plain_condition(text: str) -> str:
    return _ARROWS.sub("", text).replace("(%)", "").replace("∗", "").strip(" :*")


def label_columns(columns: Sequence[Column], body: Sequence[Sequence[str]]) -> set[int]:
    """Return the columns that hold labels: no column whose cells are mostly numbers, and all to the left of those."""
    labels: set[int] = set()
    numbers_began = False
    for i, column in enumerate(columns):
        cells = [row[i] for row in body if i < len(row) and row[i]]
        numeric = sum(number_in(cell, column) is not None for cell in cells)
        wordy = sum(any(c.isalpha() for c in cell) for cell in cells if number_in(cell, column) is None)
        numbers_began = numbers_began or (numeric * 2 >= len(cells) > 0 and i > 0)
        if (wordy * 2 < len(cells) and not (i == 0 and column.kind)) or (numbers_began and not column.kind):
            continue
        if (cells and numeric * 2 < len(cells)) or (
            cells and i == 0 and not column.metric and column.kind in ("method", "dataset")
        ):
            labels.add(i)
    return labels


def metric_rows(body: Sequence[Sequence[str]], columns: Sequence[Column], labels: set[int]) -> bool:
    """Whether the rows, not the columns, name the metrics: then rows that name none are no results."""
    if any(column.metric for column in columns):
        return False
    cells = [row[i] for row in body for i in labels if i < len(row) and columns[i].kind != "method"]
    return any(find_metric(cell) and len(words(cell)) <= 6 for cell in cells)


def nameless(columns: Sequence[Column], labels: set[int], captioned: bool, body: Sequence[Sequence[str]]) -> set[int]:
    """Return the columns whose numbers cannot be told: several without a head, whole numbers below a caption's."""
    blank = {i for i, column in enumerate(columns) if i not in labels and not column.metric and not column.condition}
    blank = {i for i in blank if not columns[i].split} if len(blank) > 1 else set()
    if not captioned:
        return blank
    for i, column in enumerate(columns):
        cells = [row[i] for row in body if i < len(row) and row[i] and i not in labels and not column.metric]
        exact = sum("." in cell or "%" in cell for cell in cells)
        if exact * 2 < len(cells):
            blank.add(i)
    return blank


def number_in(cell: str, column: Column, brackets_are_spread: bool = False) -> Number | None:
    """Return the number of a cell, a remark in brackets or a unit of time aside, or None."""
    named = NAMED_CELL.match(cell)
    if named and find_metric(named[1]):
        return parse_cell(named[2])
    number = parse_cell(cell, brackets_are_spread or bool(_HEAD_SPREAD.search(column.head)))
    if (number is None and "(" in cell) or "[" in cell:
        number = number or parse_cell(_REMARK.sub("", cell[:120]))
    timed = _TIMED.match(cell.strip()) if number is None else None
    if timed and column.metric and column.metric.name in TIMES:
        number = Number(float(timed[1]), cell.strip())
    return number
