"""Words between rules become a grid: text rows, columns where nearly all rows leave a gap, and a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_ROWS = 400
MAX_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page, in points from the top left corner."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float


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


Grid = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def grid(words: Sequence[Word], rules: Sequence[Rule]) -> Grid | None:
    """Return header and rows, or None where the words make no table (fewer than two rows or columns).

    The header is what stands above the first full-width rule after the top one. Where a header has several levels, the
    upper names stand before the lower, parted by `/`; an upper name spans the columns over its own short rule, else
    those to which it is nearest. A blank cell is an empty string.
    """
    if not words:
        return None
    rows = [row for row in _rows(words) if row][:MAX_ROWS]
    heads = _header_rows(rows, rules)
    size = sorted(word.size for word in words)[len(words) // 2]
    cells = [_cells(row, 0.42 * size) for row in rows]
    columns = _columns(cells[heads:] or cells, size)
    if len(columns) < 2 or len(rows) - heads < 1 or len(rows) < 2:
        return None
    columns = columns[:MAX_COLUMNS]
    header = _header(rows[:heads], cells[:heads], columns, rules)
    body = [_place(row, columns) for row in cells[heads:]]
    body = _joined_by_rules(body, rows[heads:], rules)
    return header, tuple(tuple(row) for row in body)


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        if rows:
            # The tallest word so far is the row; raised and lowered marks overlap it.
            tall = max(rows[-1], key=lambda other: other.bottom - other.top)
            if tall.top + 0.15 * tall.size < middle < tall.bottom - 0.1 * tall.size:
                rows[-1].append(word)
                continue
        rows.append([word])
    return [sorted(row, key=lambda word: word.x0) for row in rows]


def _header_rows(rows: Sequence[Sequence[Word]], rules: Sequence[Rule]) -> int:
    """How many rows stand in the header."""
    wide = max((rule.x1 - rule.x0 for rule in rules), default=0)
    full = [rule.y for rule in rules if rule.x1 - rule.x0 > 0.9 * wide]
    middles = [sum(word.top + word.bottom for word in row) / (2 * len(row)) for row in rows]
    for y in full[1:-1]:
        above = sum(middle < y for middle in middles)
        if 0 < above < len(rows):
            return above
    first = " ".join(word.text for word in rows[0]) if rows else ""
    return 1 if len(re.findall(r"\d", first)) < len(re.findall(r"[^\W\d_]", first)) else 0


def _cells(row: Sequence[Word], gap: float) -> list[Cell]:
    cells: list[Cell] = []
    for word in row:
        if word.text in ("|", "‖"):
            continue
        if cells and word.x0 - cells[-1].x1 < gap:
            cells[-1].words.append(word)
        else:
            cells.append(Cell([word]))
    return cells


def _split(cells: Sequence[Cell], columns: Sequence[tuple[float, float]]) -> list[Cell]:
    """The cells, those that reach over several columns cut where a word belongs to the next column."""
    result: list[Cell] = []
    for cell in cells:
        part = Cell([cell.words[0]])
        for word in cell.words[1:]:
            if _nearest(Cell([word]), columns) != _nearest(part, columns):
                result.append(part)
                part = Cell([word])
            else:
                part.words.append(word)
        result.append(part)
    return result


def _columns(rows: Sequence[Sequence[Cell]], size: float) -> list[tuple[float, float]]:
    """The columns as x-ranges: where text of more than a few rows stands, parted by gaps of 0.3 em or more."""
    spans = [(cell.x0, cell.x1) for row in rows for cell in row]
    if not spans:
        return []
    left, right = min(x0 for x0, _ in spans), max(x1 for _, x1 in spans)
    # A row of one cell (a group's name, a note) says nothing about columns.
    telling = [row for row in rows if len(row) > 1] or list(rows)
    allowed = int(0.12 * len(telling))
    step = 0.5
    count = int((right - left) / step) + 1
    cover = [0] * (count + 1)
    for row in telling:
        for cell in row:
            for place in range(max(int((cell.x0 - left) / step), 0), min(int((cell.x1 - left) / step) + 1, count)):
                cover[place] += 1
    ranges: list[tuple[float, float]] = []
    start: int | None = None
    for place in range(count + 1):
        filled = place < count and cover[place] > allowed
        if filled and start is None:
            start = place
        elif not filled and start is not None:
            ranges.append((left + start * step, left + place * step))
            start = None
    merged: list[tuple[float, float]] = []
    for x0, x1 in ranges:
        if merged and x0 - merged[-1][1] < 0.3 * size:
            merged[-1] = (merged[-1][0], x1)
        else:
            merged.append((x0, x1))
    return merged


def _place(cells: Sequence[Cell], columns: Sequence[tuple[float, float]]) -> list[str]:
    row = [""] * len(columns)
    if len(cells) == 1 and sum(cells[0].x0 < x1 and x0 < cells[0].x1 for x0, x1 in columns) > 1:
        row[0] = cells[0].text  # the name of a group of rows
        return row
    for cell in _split(cells, columns) if len(cells) < len(columns) else cells:
        best = _nearest(cell, columns)
        row[best] = f"{row[best]} {cell.text}".strip()
    return row


def _nearest(cell: Cell, columns: Sequence[tuple[float, float]]) -> int:
    def distance(place: int) -> tuple[float, float]:
        x0, x1 = columns[place]
        overlap = min(cell.x1, x1) - max(cell.x0, x0)
        return -overlap, abs((cell.x0 + cell.x1) / 2 - (x0 + x1) / 2)

    return min(range(len(columns)), key=distance)


def _header(
    rows: Sequence[Sequence[Word]],
    cells: Sequence[Sequence[Cell]],
    columns: Sequence[tuple[float, float]],
    rules: Sequence[Rule],
) -> tuple[str, ...]:
    names = [""] * len(columns)
    for level, (row, found) in enumerate(zip(rows, cells, strict=True)):
        bottom = max(word.bottom for word in row)
        size = max(word.size for word in row)
        upper = level + 1 < len(rows) and len(found) < len(columns)
        for cell in found if upper else _split(found, columns):
            places = _spanned(cell, found, columns, rules, bottom, size, upper)
            for place in places:
                # A name over one column alone goes on in the next line; one over several is a level of its own.
                names[place] += cell.text + ("/" if upper and len(places) > 1 else " ")
    return tuple(name.rstrip(" /") for name in names)


def _spanned(
    cell: Cell,
    row: Sequence[Cell],
    columns: Sequence[tuple[float, float]],
    rules: Sequence[Rule],
    bottom: float,
    size: float,
    upper: bool,
) -> list[int]:
    """The columns that a header cell names."""
    middle = (cell.x0 + cell.x1) / 2
    wide = max((rule.x1 - rule.x0 for rule in rules), default=0)
    for rule in rules:
        short = rule.x1 - rule.x0 < 0.9 * wide and sum(rule.x0 < c.x1 and c.x0 < rule.x1 for c in row) == 1
        if short and -0.5 * size < rule.y - bottom < 0.8 * size and rule.x0 - 2 < middle < rule.x1 + 2:
            under = [n for n, (x0, x1) in enumerate(columns) if rule.x0 - 3 < (x0 + x1) / 2 < rule.x1 + 3]
            if under:
                return under
    over = [
        n
        for n, (x0, x1) in enumerate(columns)
        if min(cell.x1, x1) - max(cell.x0, x0) > 0.3 * min(x1 - x0, cell.x1 - cell.x0)
    ]
    if not upper:
        return over[:1] if len(over) == 1 else over or [_nearest(cell, columns)]
    if len(over) == 1 and over[0] == 0:
        return over
    nearest = []
    for n, (x0, x1) in enumerate(columns):
        centre = (x0 + x1) / 2
        best = min(row, key=lambda other: abs((other.x0 + other.x1) / 2 - centre))
        if best is cell and (n > 0 or n in over):
            nearest.append(n)
    if len(nearest) > 1:
        x0, x1 = columns[nearest[0]][0], columns[nearest[-1]][1]
        # A name over several columns stands over their middle.
        if abs((x0 + x1) / 2 - middle) < 0.15 * (x1 - x0):
            return nearest
    return over or [_nearest(cell, columns)]


def _joined_by_rules(body: list[list[str]], rows: Sequence[Sequence[Word]], rules: Sequence[Rule]) -> list[list[str]]:
    """The rows of a fully ruled table: text lines between two rules are one row."""
    wide = max((rule.x1 - rule.x0 for rule in rules), default=0)
    full = [rule.y for rule in rules if rule.x1 - rule.x0 > 0.9 * wide]
    middles = [sum(word.top + word.bottom for word in row) / (2 * len(row)) for row in rows]
    bands: dict[int, list[list[str]]] = {}
    for row, middle in zip(body, middles, strict=True):
        bands.setdefault(sum(y < middle for y in full), []).append(row)
    if len(bands) < 3:
        return body
    return [row for held in bands.values() for row in (_one_row(held) if _is_one_row(held) else held)]


def _is_one_row(held: list[list[str]]) -> bool:
    """Whether a few text lines between two rules are one row: half of its columns hold text in one line only."""
    single = sum(sum(bool(row[place]) for row in held) == 1 for place in range(len(held[0])))
    return 2 <= len(held) <= 4 and 2 * single >= len(held[0])


def _one_row(held: list[list[str]]) -> list[list[str]]:
    return [[" ".join(filter(None, texts)) for texts in zip(*held, strict=True)]]
