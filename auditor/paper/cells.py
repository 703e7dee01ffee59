"""Words between rules become rows of cells, and the columns that those rows share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MAX_COLUMNS = 60
_GAP = 0.42
"""Words at least so far apart, in ems, stand in two cells; words of one text stand at a third of an em."""
_GUTTER = 0.3
_CROSSED = 0.2
"""The share of rows whose cells may reach over the space between two columns."""
_NUMBER = re.compile(r"[(\[<>≤≥~∼≈±+−–$-]{0,3}\s?\d")
_NAMED = re.compile(r"\d{1,4}-[A-Za-z]")
"""`5-shot`, `1-off`."""
_DECIMAL = re.compile(r"\d{1,4}\.\d{1,6}%?")
"""Two such numbers, one after the other, are never one text."""
_EMPTY = re.compile(r"[-–—−./*?\s]*|n/?a\.?", re.I)
_STEP = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page, in points from the top left corner."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule."""

    y: float
    x0: float
    x1: float


@dataclass(slots=True)
class Cell:
    """Words of one row without a gap that could part two columns."""

    words: list[Word]

    @property
    def text(self) -> str:
        """The words, a space where they stand apart."""
        parts = [self.words[0].text]
        for before, word in zip(self.words, self.words[1:], strict=False):
            parts.append((" " if word.x0 - before.x1 > 0.09 * max(before.size, word.size) else "") + word.text)
        return "".join(parts)

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return max(word.x1 for word in self.words)

    @property
    def middle(self) -> float:
        """Half way between its edges."""
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class Row:
    """One line of text in a table."""

    cells: list[Cell]
    middle: float
    """The height of its middle, in points from the top of the page."""
    size: float

    @property
    def words(self) -> list[Word]:
        """Its words from left to right."""
        return [word for cell in self.cells for word in cell.words]


Column = tuple[float, float]
"""The left and the right edge of a column's text."""


def rows_of(words: Iterable[Word]) -> list[Row]:
    """Return the words as rows from top to bottom, each cut into cells at its wide gaps."""
    held: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.x0)):
        if word.text in ("|", "‖"):
            continue
        if held:
            first = held[-1][0]
            if word.middle - first.middle < 0.35 * max(first.bottom - first.top, word.bottom - word.top):
                held[-1].append(word)
                continue
        held.append([word])
    rows = []
    for found in held:
        found.sort(key=lambda word: word.x0)
        tall = max(found, key=lambda word: word.bottom - word.top)
        rows.append(Row(_cells(found, _GAP * tall.size), tall.middle, tall.size))
    return rows


def _cells(words: Sequence[Word], gap: float) -> list[Cell]:
    cells: list[Cell] = []
    edge = 0.0
    for word in words:
        joined = cells and (word.x0 - edge < gap or (word.x0 - edge < 4 * gap and _unfinished(cells[-1], word)))
        if joined and not (_DECIMAL.fullmatch(word.text) and _DECIMAL.fullmatch(cells[-1].words[-1].text)):
            cells[-1].words.append(word)
            edge = max(edge, word.x1)
        else:
            cells.append(Cell([word]))
            edge = word.x1
    return cells


def _unfinished(cell: Cell, word: Word) -> bool:
    """Whether a bracket or a sum of the cell goes on in the word: numbers are set apart there to stand in line."""
    return cell.words[-1].text.endswith(("(", "[", "±", "/")) or word.text.startswith(("±", ")", "]"))


def numeric(text: str) -> bool:
    """Whether a cell holds a number, perhaps with a sign, a bracket or a unit."""
    return (
        bool(_NUMBER.match(text))
        and not _NAMED.match(text)
        and sum(map(str.isalpha, text)) <= max(6, sum(map(str.isdigit, text)))
    )


def wordy(text: str) -> bool:
    """Whether a cell holds a text that is neither a number nor one of the signs for nothing."""
    return not numeric(text) and not _EMPTY.fullmatch(text)


def columns_of(rows: Sequence[Row], size: float) -> list[Column]:
    """Return the columns of the rows: where text stands, parted by gaps that nearly all rows leave."""
    # A row of one cell (a group's name, a note) says nothing about columns.
    telling = [row.cells for row in rows if len(row.cells) > 1] or [row.cells for row in rows]
    spans = [(cell.x0, cell.x1) for cells in telling for cell in cells]
    if not spans:
        return []
    merged: list[Column] = []
    for x0, x1 in _covered(spans, int(_CROSSED * len(telling))):
        if merged and x0 - merged[-1][1] < _GUTTER * size and not _apart(telling, merged[-1], (x0, x1)):
            merged[-1] = (merged[-1][0], x1)
        else:
            merged.append((x0, x1))
    width = 0.3 * (merged[-1][1] - merged[0][0]) if merged else 0.0
    narrow = [(cell.x0, cell.x1) for row in rows for cell in row.cells if cell.x1 - cell.x0 < width]
    return _with_sparse(merged, narrow)[:MAX_COLUMNS]


def _apart(rows: Sequence[Sequence[Cell]], left: Column, right: Column) -> bool:
    """Whether most rows that have a cell in one of two columns that nearly touch have one in each."""
    held = [{cell.middle > right[0] for cell in cells if left[0] < cell.x1 and cell.x0 < right[1]} for cells in rows]
    return 5 * sum(len(sides) == 2 for sides in held) > 3 * sum(bool(sides) for sides in held)


def _covered(spans: Sequence[Column], allowed: int) -> list[Column]:
    """Where more than the allowed number of spans lie."""
    left, right = min(x0 for x0, _ in spans), max(x1 for _, x1 in spans)
    count = int((right - left) / _STEP) + 1
    cover = [0] * (count + 1)
    for x0, x1 in spans:
        for place in range(int((x0 - left) / _STEP), min(int((x1 - left) / _STEP) + 1, count)):
            cover[place] += 1
    ranges: list[Column] = []
    start: int | None = None
    for place in range(count + 1):
        filled = place < count and cover[place] > allowed
        if filled and start is None:
            start = place
        elif not filled and start is not None:
            ranges.append((left + start * _STEP, left + place * _STEP))
            start = None
    return ranges


def _with_sparse(columns: list[Column], spans: Sequence[Column]) -> list[Column]:
    """The columns, and those that few rows fill: where cells stand that touch no other column."""
    lone = [span for span in spans if all(span[1] < x0 or x1 < span[0] for x0, x1 in columns)]
    return sorted([*columns, *(_covered(lone, 0) if lone else [])])


def touched(cell: Cell, columns: Sequence[Column]) -> list[int]:
    """Return the places of the columns that a cell's text reaches into."""
    return [n for n, (x0, x1) in enumerate(columns) if cell.x0 < x1 and x0 < cell.x1]


def nearest(cell: Cell, columns: Sequence[Column]) -> int:
    """Return the column that a cell shares most with, or whose middle is nearest."""

    def distance(place: int) -> tuple[float, float]:
        x0, x1 = columns[place]
        overlap = min(cell.x1, x1) - max(cell.x0, x0)
        return -max(overlap, 0.0), abs(cell.middle - (x0 + x1) / 2)

    return min(range(len(columns)), key=distance)


def parted(cells: Sequence[Cell], columns: Sequence[Column], names: bool = False) -> list[Cell]:
    """Return the cells, those over several columns cut at the widest gap that lies between two columns.

    A gap between words that is no wider than the others of its cell parts them only where numbers stand on both sides,
    so that a phrase set over several columns stays whole; or, in a row of `names`, where each column has one word.
    """
    result: list[Cell] = []
    for cell in cells:
        places = touched(cell, columns)
        each = names and len(cell.words) == len(places)
        cuts = {_cut(cell.words, columns[n], columns[n + 1], each) for n in places[:-1]} - {0}
        edges = [0, *sorted(cuts), len(cell.words)]
        result += [Cell(cell.words[first:end]) for first, end in pairwise(edges)]
    return result


def _cut(words: Sequence[Word], left: Column, right: Column, each: bool) -> int:
    """The place of the first word after the gap that parts two columns; 0 where none does."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
    between = [n for n, gap in enumerate(gaps) if left[1] - 2 < words[n].x1 + gap / 2 < right[0] + 2]
    if not between:
        return 0
    usual = sorted(gaps)[len(gaps) // 2]
    # A text that begins, or has its middle, where those of its column do is that column's.
    aligned = [n for n in between if gaps[n] >= usual and _in_line(words[n + 1].x0, words[-1].x1, right)]
    place = aligned[-1] if aligned else max(between, key=lambda n: gaps[n])
    telling = aligned or gaps[place] > 1.25 * usual or each
    numbers = numeric(words[place].text) and numeric(words[place + 1].text)
    return place + 1 if (telling or numbers) and gaps[place] > 0.1 * words[place].size else 0


def _in_line(x0: float, x1: float, column: Column) -> bool:
    return abs(x0 - column[0]) < 1 or abs(x0 + x1 - column[0] - column[1]) < 2
