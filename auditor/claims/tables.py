"""Results in a table: which metric, data set, split and method each number belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from auditor.claims.matching import split_of
from auditor.claims.model import Direction, Unit
from auditor.claims.numbers import Number, parse_cell
from auditor.claims.vocabulary import Metric, find_metric, mentions, words

ROWS = 200
COLUMNS = 40
NOT_RESULTS = frozenset(("parameters", "flops", "nnz", "p_value"))
"""Metrics that describe a model or a test rather than a result."""

_TIMES = frozenset(("time", "training_time", "inference_time"))
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
_CITED = re.compile(
    r"\[\d{1,3}(?:, ?\d{1,3}){0,5}\]|\bet al\b|\((?:[^()]{2,60}, ?)?(?:19|20)\d\d[a-z]?\)|\bbaselines?\b|\breported\b",
    re.I,
)
_OURS = re.compile(r"\b(?:ours?|proposed|this work|this paper)\b", re.I)
_REMARK = re.compile(r"\s*\([^()]{0,40}[A-Za-z][^()]{0,40}\)\s*$|\s*\[\d{1,3}\]\s*$")
_TIMED = re.compile(r"^(\d{1,7}(?:\.\d{1,6})?)\s?(s|sec|secs|seconds|ms|mins?|minutes|h|hrs?|hours)$", re.I)
_BRACKET_SPREAD = re.compile(
    r"(?:standard deviations?|std\.?|standard errors?|variance)[^.;]{0,40}(?:parenthes|bracket)"
    r"|\((?:std|standard deviation)\)",
    re.I,
)
_HEAD_SPREAD = re.compile(r"\((?:SD|s\.d\.|std|± ?std)\.?\)", re.I)
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
    rf"|\b(?:on|from)\s(?:the\s)?({_PROPER})"
)
_COUNTED = re.compile(r"(?:^|/)\s?(?:#|No\.)\s?[A-Za-z]|\bnumber of\b", re.I)
_MEASURED = re.compile(r"\d\.\d|\d\s?(?:%|s|ms|secs?|mins?)$")
_NAMED_CELL = re.compile(r"^([^\d:=]{1,30}?[@\d]{0,4})\s?[:=]\s?([-+]?[\d.,]{1,12}\s?%?(?:\s?±\s?[\d.]{1,8}\s?%?)?)$")
_CHANGE = re.compile(r"[∆Δ]|\b(?:gains?|improvement|change|diff|difference|delta|reduction|drop)\b", re.I)
_CAPTION_SPLIT = re.compile(
    r"\b(test|validation|dev|training|train)[- ]"
    r"(?:set|split|data|accurac(?:y|ies)|errors?|loss|performance|results?)\b",
    re.I,
)
_ARROWS = re.compile(r"[↑↓⇑⇓]")


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
class _Column:
    """What the head of a column says about the numbers below it."""

    head: str
    metric: Metric | None
    metric_text: str
    split: str | None
    condition: str
    kind: Literal["method", "dataset", "metric", "split"] | None
    skip: bool


def table_results(
    header: Sequence[str], rows: Sequence[Sequence[str]], caption: str, own_names: frozenset[str] = frozenset()
) -> tuple[Result, ...]:
    """Return the results in a table; nothing where no head, row or caption names a metric.

    The metric is the column's, else the row's, else the one that the caption names. `own_names` are the names of the
    paper's own method: a row or column so named, or called `ours`, is the authors' own, and the others then are not.
    """
    header, body = _levels(header[:COLUMNS], [row[:COLUMNS] for row in rows[:ROWS]])
    columns = [_column(head) for head in header]
    general = _caption_metric(caption, columns)
    labels = _label_columns(columns, body)
    nameless = _nameless(columns, labels, general, body)
    general = None if _metric_rows(body, columns, labels) else general
    several = sum(any(parse_cell(cell) for cell in row) for row in body) > 1
    results: list[Result] = []
    for position, row in enumerate(body):
        naming = _naming(row, columns, labels, own_names, general)
        if several and not any(row[i] for i in labels if i < len(row)):
            continue  # a row under a merged cell: whose it is cannot be told
        for i, cell in enumerate(row[: len(columns)]):
            if i in labels or not cell or i in nameless:
                continue
            result = _result(cell, columns[i], naming, general, caption, position)
            results += [result] if result else []
    return tuple(_owned(results, own_names))


@dataclass(frozen=True, slots=True)
class _Naming:
    """What the label cells of a row say about its numbers."""

    dataset: str | None
    method: str | None
    split: str | None
    metric: Metric | None
    metric_text: str
    columns_are: Literal["method", "dataset"]
    label: str


def _levels(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[Sequence[str]]]:
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


def _column(head: str) -> _Column:
    head = head if len(head) <= 120 else head.rpartition("/")[2][-120:]  # prose that the table reader took for a head
    levels = [level.strip() for level in head.split("/") if level.strip()] if " / " not in head else [head]
    metric, metric_text = None, ""
    conditions = []
    for level in levels:
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
    last_word = next(iter(words(levels[-1])[-1:]), "") if levels else ""
    kind = _HEADS.get(last_word) if metric is None or last_word not in ("loss", "score") else None
    odd = set(words(head)) & _NOT_CONDITIONS if metric is None else set()
    condition = "" if kind == "metric" else condition
    return _Column(
        head, metric, metric_text, split, condition, kind, bool(odd or _COUNTED.search(head) or _CHANGE.search(head))
    )


def _plain_condition(text: str) -> str:
    return _ARROWS.sub("", text).replace("(%)", "").replace("∗", "").strip(" :*")


def _caption_metric(caption: str, columns: Sequence[_Column]) -> tuple[Metric, str] | None:
    """Return the one metric that the caption names and no column does, or None."""
    taken = {column.metric.name for column in columns if column.metric}
    found = {
        mention.metric.name: mention
        for mention in mentions(caption[:600])
        if mention.metric.name not in taken | NOT_RESULTS | _TIMES
    }
    if len(found) > 1:  # `test accuracy ... of the loss function`: what is said first, in the first sentence, counts
        first = caption.partition(". ")[0]
        found = {m.metric.name: m for m in mentions(first) if m.metric.name in found}
    if len(found) != 1:
        return None
    mention = next(iter(found.values()))
    return mention.metric, mention.text


def _label_columns(columns: Sequence[_Column], body: Sequence[Sequence[str]]) -> set[int]:
    """Return the columns that hold labels: no column whose cells are mostly numbers, and all to the left of those."""
    labels: set[int] = set()
    numbers_began = False
    for i, column in enumerate(columns):
        cells = [row[i] for row in body if i < len(row) and row[i]]
        numeric = sum(_number(cell, column, "") is not None for cell in cells)
        wordy = sum(any(c.isalpha() for c in cell) for cell in cells if _number(cell, column, "") is None)
        numbers_began = numbers_began or (numeric * 2 >= len(cells) > 0 and i > 0)
        if (wordy * 2 < len(cells) and not (i == 0 and column.kind)) or (numbers_began and not column.kind):
            continue
        if (cells and numeric * 2 < len(cells)) or (
            cells and i == 0 and not column.metric and column.kind in ("method", "dataset")
        ):
            labels.add(i)
    return labels


def _metric_rows(body: Sequence[Sequence[str]], columns: Sequence[_Column], labels: set[int]) -> bool:
    """Whether the rows, not the columns, name the metrics: then rows that name none are no results."""
    if any(column.metric for column in columns):
        return False
    cells = [row[i] for row in body for i in labels if i < len(row) and columns[i].kind != "method"]
    return any(find_metric(cell) and len(words(cell)) <= 6 for cell in cells)


def _nameless(
    columns: Sequence[_Column], labels: set[int], general: tuple[Metric, str] | None, body: Sequence[Sequence[str]]
) -> set[int]:
    """Return the columns whose numbers cannot be told: several without a head, whole numbers below a caption's."""
    blank = {i for i, column in enumerate(columns) if i not in labels and not column.metric and not column.condition}
    blank = {i for i in blank if not columns[i].split} if len(blank) > 1 else set()
    if general is None:
        return blank
    for i, column in enumerate(columns):
        cells = [row[i] for row in body if i < len(row) and row[i] and i not in labels and not column.metric]
        exact = sum("." in cell or "%" in cell for cell in cells)
        if exact * 2 < len(cells):
            blank.add(i)
    return blank


def _naming(
    row: Sequence[str],
    columns: Sequence[_Column],
    labels: set[int],
    own_names: frozenset[str],
    general: tuple[Metric, str] | None,
) -> _Naming:
    said: dict[str, str] = {}
    metric, metric_text = None, ""
    loose: list[str] = []
    for i in sorted(labels):
        cell = _label(row[i]) if i < len(row) else ""
        if not cell:
            continue
        kind = columns[i].kind
        found = find_metric(cell)
        if found and kind in (None, "metric", "dataset") and metric is None and len(words(cell)) <= 6:
            metric, metric_text = found, cell
        elif kind and kind not in said:
            said[kind] = cell
        elif split_of(cell) and len(words(cell)) <= 2:
            said.setdefault("split", cell)
        else:
            loose.append(cell)
    ours = any(_is_own(column.condition, own_names) for column in columns if not column.metric)
    rows_are = "dataset" if ours and "method" not in said else "method"
    if metric is None and general is None and not any(column.metric for column in columns):
        rows_are = "method"
    if loose:
        other = "dataset" if rows_are == "method" else "method"
        said.setdefault(rows_are if rows_are not in said else other, loose[0])
    columns_are: Literal["method", "dataset"] = "dataset" if "method" in said and not ours else "method"
    if metric is not None and not said:
        columns_are = "method"
    label = " ".join(cell for i in sorted(labels) if i < len(row) and (cell := row[i]))
    return _Naming(
        said.get("dataset"), said.get("method"), said.get("split"), metric, metric_text, columns_are, label[:120]
    )


def _label(cell: str) -> str:
    return cell.strip(" *†‡:")[:120]


def _result(
    cell: str, column: _Column, naming: _Naming, general: tuple[Metric, str] | None, caption: str, row: int
) -> Result | None:
    named = _NAMED_CELL.match(cell)  # `Acc: 81.0 %`
    metric, text = (find_metric(named[1]), named[1]) if named else (None, "")
    if metric is None and (column.skip or column.kind in ("method", "dataset", "metric")):
        return None
    if metric is None:
        metric, text = column.metric, column.metric_text
    if metric is None and naming.metric is not None:
        metric, text = naming.metric, naming.metric_text
    if metric is None and general is not None:
        metric, text = general
    if metric is None or metric.name in NOT_RESULTS:
        return None
    number = _number(cell, column, caption)
    if (
        number is None
        or (metric.scale == "seconds" and number.percent)
        or (metric.scale == "unit" and not 0 <= number.value <= 100)
    ):
        return None
    dataset, method = naming.dataset, naming.method
    if column.condition and naming.columns_are == "dataset":
        dataset = f"{column.condition} {dataset}" if dataset else column.condition
    elif column.condition:
        method = column.condition if not method else f"{method} {column.condition}"
    dataset = dataset or named_dataset(caption.partition(". ")[0])
    in_percent = "%" in column.head or "%" in naming.metric_text or "(%)" in caption[:300]
    percent = number.percent or in_percent or (metric.bounded and number.value > 1)
    runs, error = _runs(caption), re.search(r"standard errors?\b|\bs\.?e\.?m\b", caption, re.I)
    std = number.std
    if std is not None and error:
        std = std * runs**0.5 if runs else None
    if std is not None and re.search(r"confidence interval|\bCI\b", caption):
        std = None
    return Result(
        metric=metric,
        metric_text=text,
        number=replace(number, std=std),
        unit=_unit(metric, percent, cell, column.head),
        direction=_direction(column.head, metric),
        dataset=dataset,
        split=column.split or naming.split or split_of(text) or _caption_split(caption),
        method=method,
        own=None,
        n=runs,
        row=row,
        excerpt=f"{naming.label} | {column.head or text}: {cell}",
    )


def _number(cell: str, column: _Column, caption: str) -> Number | None:
    named = _NAMED_CELL.match(cell)
    if named and find_metric(named[1]):
        return parse_cell(named[2])
    number = parse_cell(cell, bool(_BRACKET_SPREAD.search(caption) or _HEAD_SPREAD.search(column.head)))
    if (number is None and "(" in cell) or "[" in cell:
        number = number or parse_cell(_REMARK.sub("", cell[:120]))
    timed = _TIMED.match(cell.strip()) if number is None else None
    if timed and column.metric and column.metric.name in _TIMES:
        number = Number(float(timed[1]), cell.strip())
    return number


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


def named_dataset(text: str) -> str | None:
    """Return the data set that `on UrbanSound8k dataset` names in a caption or heading, or None for none or several."""
    found = {m[1] or m[2] for m in _ON.finditer(text[:600]) if find_metric(m[1] or m[2]) is None}
    return next(iter(found)) if len(found) == 1 else None


def _caption_split(caption: str) -> str | None:
    found = {split_of(match[1]) for match in _CAPTION_SPLIT.finditer(caption[:600])}
    return next(iter(found)) if len(found) == 1 else None


def _runs(caption: str) -> int | None:
    listed = _SEEDS.search(caption[:1_500])
    if listed and int(listed[2]) > int(listed[1]):
        return int(listed[2]) - int(listed[1]) + 1
    found = {
        _NUMERALS.get(m[1].lower()) or int(m[1])
        for m in _RUNS.finditer(caption[:1_500])
        if m[1].lower() in _NUMERALS or m[1].isdigit()
    }
    return next(iter(found)) if len(found) == 1 and min(found) >= 2 else None


def _is_own(label: str, own_names: frozenset[str]) -> bool:
    if _OURS.search(label):
        return True
    said = {re.sub(r"\W", "", part).lower() for part in re.split(r"[\s(),/]+", label)}
    said |= {re.split(r"[-–_]", part)[0].lower() for part in label.split()[:1]}
    return bool(said & own_names) and not _CITED.search(label)


def _owned(results: Sequence[Result], own_names: frozenset[str]) -> Iterator[Result]:
    """Yield the results with `own` told where the table tells it: by name, by `ours`, by a citation beside the name."""
    flags = [bool(result.method) and _is_own(result.method or "", own_names) for result in results]
    some = any(flags)
    for result, flag in zip(results, flags, strict=True):
        cited = bool(result.method and _CITED.search(result.method))
        method = _CITED.sub("", result.method).strip(" ,()") if result.method and cited else result.method
        own = True if flag else False if cited or (some and result.method) else None
        yield replace(result, own=own, method=method or result.method)
