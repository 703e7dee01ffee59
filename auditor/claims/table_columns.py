"""The columns of a table: what their heads say, which of them hold labels, and the numbers in their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from auditor.claims.captions import TIMES
from auditor.claims.matching import split_of
from auditor.claims.numbers import Number, parse_cell
from auditor.claims.quantities import named
from auditor.claims.reading import has_letters
from auditor.claims.vocabulary import Metric, find_metric, metric_named, words

_HEADS: dict[str, Literal["method", "dataset", "metric", "split"]] = {
    **dict.fromkeys(
        words("model models method methods algorithm algorithms approach approaches system systems"), "method"
    ),
    **dict.fromkeys(
        words("architecture network strategy variant variation classifier detector learner loss"), "method"
    ),
    **dict.fromkeys(
        words(
            "dataset datasets data corpus task tasks benchmark game games domain language lang problem class category "
            "scenario environment env difficulty subject patient region country city aspect scene attribute topic "
            "disease organ tissue site"
        ),
        "dataset",
    ),
    **dict.fromkeys(words("metric metrics measure measures score evaluation"), "metric"),
    **dict.fromkeys(words("split partition subset"), "split"),
}
SETTINGS = frozenset(
    words(
        "prompt prompts decoding setting settings variation augmentation backbone input inputs features feature "
        "pretraining initialization init type config configuration mode version supervision online ablation "
        "component components encoder decoder kernel strategy technique optimizer optimiser"
    )
)
"""Last words of heads over the settings of a method."""
METHOD_PARTS = frozenset(
    words(
        "backbone encoder decoder kernel optimizer optimiser technique strategy component components initialization "
        "init pretraining supervision ablation augmentation decoding"
    )
)
"""Those of them that may stand for the method itself."""
WEAK_HEADS = frozenset(
    words(
        "domain language lang problem class category scenario environment env difficulty subject patient region "
        "country city aspect scene attribute topic disease organ tissue site network variation loss"
    )
)
"""Last words of heads that may mean anything: what stands below them tells more."""
_NOT_CONDITIONS = frozenset(
    words(
        "size sizes params parameters kb mb gb layers layer dim dimension dims lr rate rates radius batch epochs epoch "
        "year seed seeds optimizer steps iterations memory depth width samples instances features classes attributes "
        "count number support link paper code url download gpu gpus hours cost std n rank runs reference venue weight "
        "decay dropout storage sparsity flops"
    )
)
_BOUND = r"[-+−]?\d{0,9}\.?\d{1,9}\s?%?"
_REMARK = re.compile(
    r"\s*\([^()]{0,40}[A-Za-z/][^()]{0,40}\)\s*$|\s*\[\d{1,3}\]\s*$"
    rf"|\s*[\[(]\s?{_BOUND}\s?(?:,|;|–|-|to)\s?{_BOUND}\s?[\])]\s*$"
)
"""What may follow a number in its cell: words or a share in brackets, a reference, an interval."""
_VALUE = r"[-+−–]?\d{1,6}(?:\.\d{1,6})?\s?%?"
_PAIR = re.compile(rf"({_VALUE})\s?(→|⇒|->|/)\s?({_VALUE})")
_FROM_TO = re.compile(r"([\w-]{1,20})\s?(?:→|⇒|->)\s?([\w-]{1,20})")
_REPRODUCED = re.compile(r"\boriginal\b.{0,80}\bour\b", re.I)
_POINTER = re.compile(
    r"(?:\bin )?\b(?:Figures?|Fig\.|Tables?|Tab\.|Appendix|Section|Sec\.)"
    r"\s?(?:[A-Z]?\.?\d[\d.]*|[A-Z]\b)?"
)
"""Where to read more, which is no part of a name."""
_TIMES_SIGN = re.compile(r"(?<=\d)\s?[x×]$")
_TIMED = re.compile(r"^(\d{1,7}(?:\.\d{1,6})?)\s?(s|sec|secs|seconds|ms|mins?|minutes|h|hrs?|hours)$", re.I)
_HEAD_SPREAD = re.compile(r"\((?:SD|s\.d\.|std|± ?std)\.?\)", re.I)
_COUNTED = re.compile(r"(?:^|/)\s?(?:#|No\.)\s?[A-Za-z]|\bnumber of\b", re.I)
_MEASURED = re.compile(r"\d\.\d|\d\s?(?:%|s|ms|secs?|mins?)$")
NAMED_CELL = re.compile(r"^([^\d:=]{1,30}?[@\d]{0,4})\s?[:=]\s?([-+]?[\d.,]{1,12}\s?%?(?:\s?±\s?[\d.]{1,8}\s?%?)?)$")
_CHANGE = re.compile(r"[∆Δ]|\b(?:gains?|improvement|change|diff|difference|delta|reduction|drop)\b", re.I)
_RELATIVE = re.compile(r"\(\s?\w{1,20}\s?[-−–]\s?\w{1,20}\s?\)\s?/\s?\w")
"""`(A - B)/A`: how much one result differs from another."""
_RESULTS = re.compile(r"\b(?:metrics?|results?|scores?|performances?|measures?)$", re.I)
"""Heads over metrics that name nothing."""
_KEYS = 4
"""Columns of numbers that together may name a row."""
_SORTS = frozenset(("type", "name", "variant", "id"))
"""Last words of heads whose first tells what is below: `Model type`."""
_SPREAD = re.compile(r"(?:std|sd|s\.d|stdev|std dev|se|sem|stderr|ci|variance|var)\.?", re.I)
"""A head over the spread of what stands beside it."""
_WITH_SPREAD = re.compile(r"(?<=\w)\s?\(\s?±\s?(?:std|sd|se|ci)\.?\s?\)", re.I)
_LETTERS = {
    **dict.fromkeys(("p", "pr", "pre", "prec"), "precision"),
    **dict.fromkeys(("r", "re", "rec"), "recall"),
}
_ARROWS = re.compile(r"[↑↓⇑⇓]")
_AT_SIZE = re.compile(r"(?<=[a-z)])\s@\s?\d[\d.,]{0,9}\s?[kKMBT]\b")
"""`Val loss @105B`: after how much training or of how large a model; `Recall@10` is a metric of its own."""


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
    named: bool = False
    """Whether the text knows its condition as a data set's name."""


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
        heads = _spread(heads) if sum(bool(cell) for cell in first) >= len(first) - 1 else heads
        heads = [
            f"{upper}/{lower}" if upper and lower else upper or lower for upper, lower in zip(heads, first, strict=True)
        ]
        body = body[1:]
    return heads, body


def _spread(upper: Sequence[str]) -> list[str]:
    """Return an upper level of heads with each head over the empty places that it spans, the first column's aside.

    A head that stands alone spans all; of several each spans the places to its right.
    """
    filled = [i for i, head in enumerate(upper) if head]
    if upper[0] or not filled or len(filled) == len(upper) - 1:
        return list(upper)
    if len(filled) == 1:
        return ["", *[upper[filled[0]]] * (len(upper) - 1)]
    if filled[0] != 1:
        return list(upper)  # centred heads: which places they span cannot be told
    return [upper[max(j for j in filled if j <= i)] if i else "" for i in range(len(upper))]


def read_column(head: str, named_otherwise: Callable[[str], Metric | None] = lambda text: None) -> Column:
    """Return what the head of a column says; `/` parts the levels of a header.

    `named_otherwise` finds metrics that the vocabulary lacks in a level.
    """
    head = _AT_SIZE.sub("", _WITH_SPREAD.sub("", head))
    head = head if len(head) <= 120 else head.rpartition("/")[2][-120:]  # prose that the table reader took for a head
    parts = [level.strip() for level in head.split("/") if level.strip()] if " / " not in head else [head]
    known: Iterable[tuple[str, Metric | None]] = ((level, find_metric(level)) for level in parts)
    others = ((level, named_otherwise(level)) for level in reversed(parts))  # the lowest level tells most
    lowest = named_otherwise(parts[-1]) if len(parts) > 1 and find_metric(parts[-1]) is None else None
    if lowest and _RESULTS.search(parts[-1]) and any(find_metric(level) for level in parts):
        lowest = None  # `F1/Score`
    known = ((parts[-1], lowest),) if lowest else known
    metric_text, metric = next(((level, found) for level, found in (*known, *others) if found), ("", None))
    conditions = [level for level in parts if level != metric_text]
    if lowest:
        conditions = [level for level in conditions if find_metric(level) is None]  # what the lowest is taken of
    if metric is None and find_metric(head):
        metric, metric_text, conditions = find_metric(head), head, []
    split = split_of(_ARROWS.sub("", head))
    named = [c for c in conditions if not (split and len(words(c)) <= 2 and split_of(c)) and not _RESULTS.search(c)]
    condition = " ".join(_plain_condition(c) for c in named if _plain_condition(c))
    last_word = next(iter(words(parts[-1])[-1:]), "") if parts else ""
    first_word = next(iter(words(parts[-1])), "") if last_word in _SORTS and parts else ""
    kind = _HEADS.get(first_word or last_word) if metric is None or last_word not in ("loss", "score") else None
    odd = set(words(head)) & _NOT_CONDITIONS if metric is None else set()
    condition = "" if kind == "metric" else condition
    return Column(
        head,
        metric,
        metric_text,
        split,
        condition,
        kind,
        bool(
            odd
            or (parts and _SPREAD.fullmatch(parts[-1]))
            or _COUNTED.search(head)
            or _CHANGE.search(head)
            or _RELATIVE.search(head)
        ),
    )


def _plain_condition(text: str) -> str:
    text = _POINTER.sub("", _ARROWS.sub("", text).replace("(%)", "").replace("∗", ""))
    if text.count("(") != text.count(")"):
        text = " ".join(word for word in text.split() if word.count("(") == word.count(")"))
    return text.strip(" :*")


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


def lettered(columns: Sequence[Column]) -> list[Column]:
    """Return the columns, `P` and `R` beside F1 as precision and recall."""
    known = {column.metric.name.partition("_")[0] for column in columns if column.metric}
    if not known & {"f1", "precision", "recall"}:
        return list(columns)
    found = []
    for column in columns:
        upper, name = _lowest(column.head)
        told = column.metric is None and ("f1" in known or len(name) > 1)
        metric = metric_named(_LETTERS.get(name.lower().rstrip("."), "")) if told else None
        found.append(replace(column, metric=metric, metric_text=name, condition=upper) if metric else column)
    return found


def key_columns(columns: Sequence[Column], labels: set[int], body: Sequence[Sequence[str]]) -> set[int]:
    """Return the first columns that hold the numbers that each row is for, where none holds words; none if none do.

    It is the first (`Receptive field`, 181), or all before the first metric where only together they differ from row to
    row (`Batch size`, `Dropout`).
    """
    if labels or len(columns) < 2 or len(body) < 2 or columns[0].metric or not has_letters(columns[0].head):
        return set()
    before = next((i for i, column in enumerate(columns) if column.metric is not None or column.split), 1)
    for count in dict.fromkeys((1, min(before, _KEYS))):
        keys = [tuple(row[:count]) for row in body if row and row[0]]
        numbers = sum(all(parse_cell(cell) for cell in key) for key in keys)
        if len(set(keys)) == len(keys) > 1 and numbers * 2 > len(keys):
            return set(range(count))
    return set()


def metric_rows(body: Sequence[Sequence[str]], columns: Sequence[Column], labels: set[int]) -> bool:
    """Whether the rows, not the columns, name the metrics: then rows that name none are no results."""
    if any(column.metric for column in columns):
        return False
    places = [i for i in labels if columns[i].kind != "method"]
    rows = [[row[i] for i in places if i < len(row)] for row in body if sum(bool(cell) for cell in row) > 1]
    naming = sum(any(find_metric(cell) and len(words(cell)) <= 6 for cell in cells) for cells in rows)
    return naming * 4 >= len(rows) > 0 < naming


def beside_metrics(
    columns: Sequence[Column], labels: set[int], body: Sequence[Sequence[str]], may_be_one: Callable[[str], bool]
) -> list[Column]:
    """Return the columns, those beside a metric's column taken for metrics too, whatever their heads say.

    They must stand right of one, hold measured numbers (a decimal point, a percent sign), and have a head that
    `may_be_one`.
    Where one metric stands over conditions (`Accuracy/Pruned`), it stands over its neighbours too (`Dense`).
    """
    metrics = [c for i, c in enumerate(columns) if c.metric and i not in labels and not c.skip]
    if not metrics:
        return list(columns)
    spanned = metrics[0] if len({c.metric_text for c in metrics}) == 1 and all(c.condition for c in metrics) else None
    first = next(i for i, c in enumerate(columns) if c is metrics[0])
    above = {_lowest(column.head)[0] for i, column in enumerate(columns) if i >= first and i not in labels}
    found = []
    for i, column in enumerate(columns):
        cells = [row[i] for row in body if i < len(row) and row[i]]
        measured = sum("." in cell or "%" in cell for cell in cells) * 2 > len(cells) > 0
        plain = not (column.metric or column.kind or column.skip or column.split or i in labels)
        if plain and measured and spanned:
            found.append(replace(column, metric=spanned.metric, metric_text=spanned.metric_text))
            continue
        upper, name = _lowest(column.head) if len(above) > 1 else ("", _lowest(column.head)[1])
        metric = named(name) if plain and measured and i > first and may_be_one(name) else None
        found.append(replace(column, metric=metric, metric_text=name, condition=upper) if metric else column)
    return found


def _lowest(head: str) -> tuple[str, str]:
    """The upper levels of a head and its lowest one."""
    upper, _, name = ("", "", head) if " / " in head else head.rpartition("/")
    return _plain_condition(upper.replace("/", " ")), _plain_condition(name)


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


def paired(cell: str, heads: Sequence[str], column: int) -> tuple[tuple[str, str], ...]:
    """Return the two numbers of a cell that holds two, each with its name, or nothing where no head names both.

    `69.0% → 43.5%` below `SR base → mono`; `77.5 / 76.6` where heads say `Original Results / Our Results`.
    """
    match = _PAIR.fullmatch(cell.strip()[:40])
    if match is None:
        return ()
    if match[2] != "/":
        named = _FROM_TO.search(heads[column])
        return ((match[1], named[1]), (match[3], named[2])) if named else ()
    said = " ".join(heads)
    if not _REPRODUCED.search(said):
        return ()
    return (match[1], "original"), (match[3], "ours")


def number_in(cell: str, column: Column, brackets_are_spread: bool = False) -> Number | None:
    """Return the number of a cell, a remark in brackets or a unit of time aside, or None."""
    named = NAMED_CELL.match(cell)
    if named and find_metric(named[1]):
        return parse_cell(named[2])
    cell = _TIMES_SIGN.sub("", cell)
    number = parse_cell(cell, brackets_are_spread or bool(_HEAD_SPREAD.search(column.head)))
    if (number is None and "(" in cell) or "[" in cell:
        number = number or parse_cell(_REMARK.sub("", cell[:120]))
    timed = _TIMED.match(cell.strip()) if number is None else None
    if timed and column.metric and column.metric.name in TIMES:
        number = Number(float(timed[1]), cell.strip())
    return number
