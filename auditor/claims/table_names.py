"""What the label cells of a table's rows say about their numbers, and what the heads of its columns name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from auditor.claims.context import Context, Role
from auditor.claims.matching import split_of
from auditor.claims.subjects import is_own
from auditor.claims.table_columns import METHOD_PARTS, SETTINGS, WEAK_HEADS, Column
from auditor.claims.vocabulary import Metric, find_metric, words

Kind = Literal["method", "dataset", "metric", "split", "setting"]

CITED = re.compile(
    r"\[\d{1,3}(?:, ?\d{1,3}){0,5}\]|\bet al\b|\((?:[^()]{2,60}, ?)?(?:19|20)\d\d[a-z]?\)|\bbaselines?\b|\breported\b",
    re.I,
)
BRACKETED = re.compile(r"\s?\[[^\[\]]{1,60}\]|\s?\([^()]{0,60}(?:\bet al|\b(?:19|20)\d\d)[^()]{0,20}\)")
"""What is cited beside a name."""
OURS = re.compile(r"\b(?:ours?|proposed|this work|this paper)\b", re.I)
_DATA_HEAD = re.compile(r"\b(?:data|test|training|train|validation)[- ]?sets?\b", re.I)
_METHOD = re.compile(
    r"(?:our )?(?:systems?|models?|networks?|methods?|baselines?)(?: \w{1,3})?$"
    r"|.{0,60}\b(?:system|model|network|method|classifier|baseline)s?$",
    re.I,
)
_ORDINARY = re.compile(r"[A-Z]?[a-z]+(?: \(%\))?")
"""A word of English: what the data show rather than the name of a method."""
_ANSWER = re.compile(r"yes|no|true|false|y|n|x|on|off|none|[✓✗✔✘√-]|[\d.]+[kKMB]?", re.I)
"""What a cell may hold that says nothing without its head."""
_CORNERS = (("task",), ("tasks",))
_LITTLE = 3
_PARTS = 3
"""Label cells of one row that make up a name."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the label columns hold, by their place, and what the heads of the others name.

    `keyed` rows are for a number each; `rows` is what the label cells without a telling head are. Where `alike`, the
    names of rows repeat without their other labels; where `ours`, a column is the authors' own method's.
    """

    kinds: dict[int, Kind | None]
    rows: Role | None
    columns: Role
    keyed: bool
    alike: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class Naming:
    """What the label cells of a row say about its numbers. `told` where a head says that the data set is one."""

    dataset: str | None
    method: str | None
    split: str | None
    metric: Metric | None
    metric_text: str
    columns_are: Role
    told: bool
    label: str


def layout_of(
    columns: Sequence[Column], labels: set[int], body: Sequence[Sequence[str]], keyed: bool, context: Context
) -> Layout:
    """Return what rows and columns stand for: by their heads, else by what the text uses their names for."""
    cells = {i: dict.fromkeys(row[i] for row in body if i < len(row) and row[i]) for i in labels}
    kinds = {i: _kind(columns[i], cells[i], context) for i in labels}
    heads = [column.condition for i, column in enumerate(columns) if i not in labels and column.condition]
    used = vote(map(context.role, dict.fromkeys(heads)))
    if used == "dataset" and "method" not in kinds.values():
        corner = {i for i in labels if kinds[i] == "dataset" and words(columns[i].head)[-1:] in _CORNERS}
        kinds |= dict.fromkeys(corner, "method")  # `Tasks` in the corner is over the columns
    loose = [cell for i in labels if kinds[i] is None for cell in cells[i]]
    rows = None if keyed else vote(_role(cell, context) for cell in dict.fromkeys(loose))
    if any(words(column.head)[-1:] == ("support",) for column in columns):
        rows = "dataset"  # the report of a classifier: a row a class
    ours = any(named_own(column.condition if not column.metric else column.head, context.own) for column in columns)
    strong = any(kinds[i] == "dataset" and not _weak(columns[i]) for i in labels)
    parted = any(column.split and column.condition for column in columns)
    told: Role | None = "dataset" if keyed and parted and not ours else None  # `dev/clean` beside numbers
    told = told or ("method" if ours or (strong and "method" not in kinds.values()) else None)
    told = told or used
    columns_are = told or _opposite(set(kinds.values()), rows, keyed, heads)
    return Layout(kinds, rows, columns_are, keyed, _alike(kinds, body), ours)


def _alike(kinds: dict[int, Kind | None], body: Sequence[Sequence[str]]) -> bool:
    """Whether rows repeat the names in their main label columns: those of methods and data sets, else the first."""
    main = [i for i, kind in kinds.items() if kind in ("method", "dataset")] or sorted(kinds)[:1]
    names = [tuple(row[i] if i < len(row) else "" for i in main) for row in body if any(row[1:])]
    return len(set(names)) < len(names)


def _weak(column: Column) -> bool:
    return next(iter(words(column.head)[-1:]), "") in WEAK_HEADS


def _kind(column: Column, cells: Iterable[str], context: Context) -> Kind | None:
    """Return what a label column holds: as its head says, unless that may mean anything and its cells are cited."""
    last = next(iter(words(column.head)[-1:]), "")
    cells = list(cells)
    somebodys = sum(_somebodys(cell) for cell in cells)
    if somebodys * (4 if last in WEAK_HEADS else 2) >= len(cells) > 0:
        return "method"  # whatever the head says
    if column.kind == "dataset" and any(named_own(cell, context.own) for cell in cells):
        return "method"  # the head names the other columns: `Dataset` in the corner over rows of methods
    if column.kind is not None:
        return column.kind
    if _DATA_HEAD.search(column.head):
        return "dataset"
    if last in SETTINGS:
        return "method" if last in METHOD_PARTS else "setting"
    return None


def _somebodys(cell: str) -> bool:
    return bool(CITED.search(cell) or OURS.search(cell))


def _role(cell: str, context: Context) -> Role | None:
    is_method = CITED.search(cell) or _METHOD.match(cell) or named_own(cell, context.own)
    return "method" if is_method else context.role(cell)


def _opposite(kinds: set[Kind | None], rows: Role | None, keyed: bool, heads: Sequence[str]) -> Role:
    """Return what columns hold whose heads do not tell: methods beside rows of data or settings, else data."""
    if keyed or not kinds:
        return "method"
    if "method" in kinds or rows == "method":
        return "dataset"
    if "dataset" in kinds or rows == "dataset":
        ordinary = sum(_ORDINARY.fullmatch(head) is not None for head in heads)
        return "dataset" if ordinary * 2 > len(heads) else "method"
    return "method" if kinds <= {"setting", "split"} else "dataset"


def vote(roles: Iterable[Role | None]) -> Role | None:
    """Return the role that most have, or None."""
    counts = Counter(role for role in roles if role)
    if counts["dataset"] == counts["method"]:
        return None
    return "dataset" if counts["dataset"] > counts["method"] else "method"


def naming_of(
    row: Sequence[str], columns: Sequence[Column], labels: set[int], layout: Layout, context: Context
) -> Naming:
    """Return what the label cells of a row name."""
    said: dict[Kind | None, list[str]] = {kind: [] for kind in ("method", "dataset", "split", "setting", None)}
    metric, metric_text = None, ""
    for i in sorted(labels):
        cell = _label(row[i]) if i < len(row) else ""
        if not cell or "±" in cell:
            continue  # a result in a column of names
        if layout.keyed:
            head = columns[i].head.rpartition("/")[2]
            said[None].append(cell if cell.isalpha() else f"{head} {cell}")
            continue
        kind = layout.kinds[i]
        if columns[i].skip and len(labels) > 1 and kind is None and not cell[0].isalpha():
            continue
        found = find_metric(cell) or (context.metric_of(cell) if layout.rows is None else None)
        if found and kind in (None, "metric", "dataset", "setting") and metric is None and len(words(cell)) <= 6:
            metric, metric_text = found, cell
        elif kind in (None, "split") and split_of(cell) and (len(words(cell)) <= 2 or kind == "split"):
            said["split"].append(cell)
        elif kind in ("method", "dataset", "setting"):
            said[kind].append(_said(cell, columns[i], kind == "setting" and "method" not in layout.kinds.values()))
        elif kind != "metric":
            said[None].append(_said(cell, columns[i]))
    ours = layout.columns == "method"
    rows_are = layout.rows or ("dataset" if ours and (not layout.keyed or layout.ours) else "method")
    told = bool(said["dataset"])
    if layout.alike or not said[rows_are]:
        said[rows_are] += said[None] if layout.alike or layout.keyed else said[None][:1]
    if told or not ours or "dataset" not in layout.kinds.values():
        said["dataset" if ours and not layout.keyed else "method"] += said["setting"]
    columns_are: Role = "method" if metric is not None and not any(said.values()) else layout.columns
    label = " ".join(cell for i in sorted(labels) if i < len(row) and (cell := row[i]))
    dataset, method, split = (", ".join(said[kind][:_PARTS]) or None for kind in ("dataset", "method", "split"))
    return Naming(dataset, method, split, metric, metric_text, columns_are, told, label[:120])


def _said(cell: str, column: Column, setting: bool = False) -> str:
    """Return a label cell with its head where the cell alone says too little (`Pre-trained yes`, `Mode FO`)."""
    head = column.head.rpartition("/")[2].strip()
    return f"{head} {cell}" if head and (_ANSWER.fullmatch(cell) or (setting and len(cell) <= _LITTLE)) else cell


def _label(cell: str) -> str:
    return cell.strip(" *†‡:")[:120]


def named_own(label: str, own_names: frozenset[str]) -> bool:
    """Whether a label is the authors' own method's: `ours`, or its name without a citation."""
    return bool(OURS.search(label)) or (is_own(label, own_names) and not CITED.search(label))
