"""The header of a table: which rows it has, and which columns each of its names stands over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from auditor.paper.cells import Cell, Column, Row, Rule, numeric, parted, touched, wordy

_MAX_HEADS = 8
_UNNAMED = 6.0
"""What it costs, in points of misplacement, to leave a column without a name."""


def full_rules(rules: Sequence[Rule]) -> list[float]:
    """Return the heights of the rules as wide as the table."""
    wide = max((rule.x1 - rule.x0 for rule in rules), default=0)
    return [rule.y for rule in rules if rule.x1 - rule.x0 > 0.9 * wide]


def header_rows(rows: Sequence[Row], columns: Sequence[Column], rules: Sequence[Rule]) -> int:
    """Return how many rows are the header: those above the first rule that parts them from numbers, and names below."""
    heads = _above_rule(rows, rules)
    if not heads:
        heads = 1 if rows and not any(numeric(cell.text) for cell in rows[0].cells) else 0
    counted = _number_columns(rows[heads:], columns)
    while heads < min(len(rows) - 1, _MAX_HEADS) and counted and _names(rows[heads], columns, counted):
        heads += 1
    return heads


def _above_rule(rows: Sequence[Row], rules: Sequence[Rule]) -> int:
    for y in full_rules(rules):
        above = sum(row.middle < y for row in rows)
        if 0 < above < len(rows):
            # A rule that only a last row or a second group follows parts no header from the body.
            numbers = [sum(numeric(cell.text) for cell in row.cells) * 2 > len(row.cells) for row in rows[:above]]
            return numbers.index(True) if above > 2 and sum(numbers) * 2 >= above else above
    return 0


def _number_columns(rows: Sequence[Row], columns: Sequence[Column]) -> set[int]:
    """The columns that hold numbers in most rows."""
    filled: dict[int, list[bool]] = {}
    for row in rows:
        for cell in row.cells:
            for place in touched(cell, columns)[:1]:
                filled.setdefault(place, []).append(numeric(cell.text))
    return {place for place, held in filled.items() if sum(held) * 5 > 3 * len(held)}


def _names(row: Row, columns: Sequence[Column], counted: set[int]) -> bool:
    """Whether a row names columns: words stand over at least two columns of numbers, and no number does."""
    over = [cell for cell in row.cells if counted & set(touched(cell, columns))]
    named = {place for cell in over for place in touched(cell, columns)} & counted
    return len(row.cells) > 1 and all(wordy(cell.text) for cell in over) and len(named) >= min(2, len(counted))


def header(rows: Sequence[Row], columns: Sequence[Column], rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the name of each column; `/` parts the levels of a name, the upper ones first."""
    names = [""] * len(columns)
    widths = list(columns)
    for level in reversed(range(len(rows))):
        row, last = rows[level], level + 1 == len(rows)
        short = _short_rules(row, rows[level + 1 :], rules)
        cells = parted(row.cells, columns, names=True) if last or len(row.cells) * 2 > len(columns) else row.cells
        cells = _whole(cells, columns, short, row.size)
        for cell, (first, end) in zip(cells, _spans(cells, widths, short, last), strict=True):
            # A name over one column alone goes on in the next line; one over several is a level of its own.
            wide = end - first > 1 and not last
            for place in range(first, end):
                names[place] = f"{cell.text}{'/' if wide else ' '}{names[place]}"
            if end - first == 1:
                # Upper names are centred over the lower ones where these are wider than the numbers.
                widths[first] = min(widths[first][0], cell.x0), max(widths[first][1], cell.x1)
    return tuple(name.rstrip(" /") for name in names)


def _whole(cells: Sequence[Cell], columns: Sequence[Column], short: Sequence[Rule], size: float) -> list[Cell]:
    """The cells of a header row, words that name one column or stand over one short rule made one cell."""
    result: list[Cell] = []
    for cell in cells:
        if result and cell.x0 - result[-1].x1 < 0.8 * size:
            last, places = result[-1], touched(cell, columns)
            ruled = any(_over(last, rule) and _over(cell, rule) for rule in short)
            if ruled or (len(places) == 1 and places == touched(last, columns)):
                last.words += cell.words
                continue
        result.append(Cell(list(cell.words)))
    return result


def _over(cell: Cell, rule: Rule) -> bool:
    return rule.x0 - 2 < cell.middle < rule.x1 + 2


def _short_rules(row: Row, below: Sequence[Row], rules: Sequence[Rule]) -> list[Rule]:
    """The rules under a row that do not reach over the whole table."""
    wide = max((rule.x1 - rule.x0 for rule in rules), default=0)
    after = next((other.middle for other in below if other.middle - row.middle > 0.9 * row.size), float("inf"))
    limit = min(after + 0.3 * row.size, row.middle + 1.6 * row.size)
    return [rule for rule in rules if rule.x1 - rule.x0 < 0.9 * wide and row.middle < rule.y < limit]


def _spans(
    cells: Sequence[Cell], columns: Sequence[Column], short: Sequence[Rule], last: bool
) -> list[tuple[int, int]]:
    """The columns [first, end) of each name, in order and apart, so that names stand over what they name.

    A short rule under a name says which columns it spans. Else a name over several columns is centred over them; the
    choice with the least misplacement is taken, and columns left without a name count against it.
    """
    known = [_under(cell, cells, columns, short) for cell in cells]
    count, total = len(cells), len(columns)
    # A lone name stands over what its own width says: a name of two lines, or one over the middle of several columns.
    unnamed = _UNNAMED if count > 1 else 0.0

    @cache
    def best(place: int, start: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        if place == count:
            return unnamed * (total - start), ()
        if start >= total:
            return 1e6 * (count - place), tuple((total - 1, total) for _ in range(count - place))
        options = []
        fixed = known[place]
        for first in range(start, total) if fixed is None else (max(fixed[0], start),):
            skipped = unnamed * (first - start - (start == 0 < first))
            ends = range(first + 1, total + 1) if fixed is None else (max(fixed[1], first + 1),)
            for end in ends:
                cost = 0.0 if fixed else _misplaced(cells[place], columns[first:end], last)
                if cost > 1e5:
                    continue
                rest, spans = best(place + 1, end)
                options.append((skipped + cost + rest, ((first, end), *spans)))
        if not options:
            rest, spans = best(place + 1, start)
            return 1e5 + rest, ((start, start + 1), *spans)
        return min(options)

    return list(best(0, 0)[1])


def _under(cell: Cell, row: Sequence[Cell], columns: Sequence[Column], short: Sequence[Rule]) -> tuple[int, int] | None:
    """The columns over the short rule that a name alone stands on."""
    for rule in short:
        if _over(cell, rule) and sum(_over(other, rule) for other in row) == 1:
            under = [n for n, (x0, x1) in enumerate(columns) if rule.x0 - 3 < (x0 + x1) / 2 < rule.x1 + 3]
            if under:
                return under[0], under[-1] + 1
    return None


def _misplaced(cell: Cell, over: Sequence[Column], last: bool) -> float:
    """How far, in points, a name stands from where it would stand over these columns."""
    x0, x1 = over[0][0], over[-1][1]
    centred = abs(cell.middle - (x0 + x1) / 2)
    if len(over) == 1:
        return min(centred, abs(cell.x0 - x0), abs(cell.x1 - x1))
    # The lowest names stand over one column each, save where the text itself reaches over several.
    if last and not (cell.x0 < over[0][1] and over[-1][0] < cell.x1):
        return 1e6
    return centred
