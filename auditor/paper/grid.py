"""Words between rules become a table: header and rows of text, lines that belong together joined."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.paper.cells import Column, Row, Rule, Word, columns_of, nearest, numeric, parted, rows_of, touched, wordy
from auditor.paper.heads import full_rules, header, header_rows

MAX_ROWS = 400
Grid = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
_GOES_ON = re.compile(r"[a-z(&]")
_OPEN = re.compile(r"(?:[-+/,&(]|\b(?:and|with|of|the|for|w/o|in|on|using|by|from|to|via|without))$")


class _Line:
    """One row of the body: its texts, its height on the page and its edges in each column."""

    def __init__(self, row: Row, columns: Sequence[Column]) -> None:
        self.middle, self.size = row.middle, row.size
        self.texts = [""] * len(columns)
        self.ends = [0.0] * len(columns)
        self.first_word = [0.0] * len(columns)
        cells = row.cells
        if len(cells) == 1 and _names_group(row, columns):
            self.texts[0] = cells[0].text
            return
        for cell in parted(cells, columns):
            place = nearest(cell, columns)
            self.first_word[place] = self.first_word[place] or cell.words[0].x1 - cell.words[0].x0
            self.texts[place] = f"{self.texts[place]} {cell.text}".strip()
            self.ends[place] = cell.x1

    @property
    def filled(self) -> list[int]:
        return [place for place, text in enumerate(self.texts) if text]

    def take(self, other: _Line, first: bool = False) -> None:
        """Add the other line's texts after the own ones, or before."""
        for place in other.filled:
            texts = (other.texts[place], self.texts[place]) if first else (self.texts[place], other.texts[place])
            self.texts[place] = " ".join(filter(None, texts))
            self.ends[place] = self.ends[place] if first and self.ends[place] else other.ends[place]


def grid(words: Sequence[Word], rules: Sequence[Rule]) -> Grid | None:
    """Return header and rows, or None where the words make no table (fewer than two rows or columns).

    The header is what stands above the first full-width rule after the top one, and what names columns of numbers below
    it. Where a header has several levels, the upper names stand before the lower, parted by `/`. A row of one text
    names the group of rows below it and stands in the first column; a header that is repeated over a group is left
    out. A blank cell is an empty string.
    """
    rows = rows_of(words)[:MAX_ROWS]
    if len(rows) < 2:
        return None
    size = sorted(word.size for word in words)[len(words) // 2]
    columns = columns_of(rows[min(_first_rule(rows, rules), len(rows) - 1) :], size)
    heads = header_rows(rows, columns, rules)
    columns = columns_of(rows[heads:], size)
    if len(columns) < 2 or len(rows) - heads < 1:
        return None
    top, body = rows[:heads], rows[heads:]
    panel: list[str] = []
    if heads > 1 and len(top[0].cells) == 1 and _repeated(top[1:], body):
        # The first group's own name; the same header stands over each group.
        panel, top = [top[0].cells[0].text], top[1:]
    body = [row for row in body if not any(_same(row, other) for other in top if len(other.cells) > 1)]
    lines = _joined([_Line(row, columns) for row in body], rules, columns)
    blank = [""] * (len(columns) - 1)
    return header(top, columns, rules), tuple(tuple(row) for row in [*([[*panel, *blank]] if panel else []), *lines])


def _first_rule(rows: Sequence[Row], rules: Sequence[Rule]) -> int:
    return next((n for y in full_rules(rules) if 0 < (n := sum(row.middle < y for row in rows)) < len(rows)), 0)


def _same(one: Row, other: Row) -> bool:
    texts = [[cell.text for cell in row.cells] for row in (one, other)]
    return texts[0] == texts[1] and not any(map(numeric, texts[0]))


def _repeated(top: Sequence[Row], body: Sequence[Row]) -> bool:
    return any(len(upper.cells) > 1 and any(_same(upper, row) for row in body) for upper in top)


def _names_group(row: Row, columns: Sequence[Column]) -> bool:
    """Whether the one text of a row reaches over several columns, or stands in the middle of the table."""
    cell = row.cells[0]
    left, right = columns[0][0], columns[-1][1]
    central = abs(cell.middle - (left + right) / 2) < 0.04 * (right - left) and len(columns) > 2
    in_line = any(min(abs(cell.x0 - x0), abs(cell.middle - (x0 + x1) / 2)) < 2 for x0, x1 in columns)
    return len(touched(cell, columns)) > 1 or (central and not in_line and wordy(cell.text))


def _joined(lines: list[_Line], rules: Sequence[Rule], columns: Sequence[Column]) -> list[list[str]]:
    """The rows of the body: lines between two rules of a fully ruled table, and lines that go on, are one row."""
    bands: dict[int, list[_Line]] = {}
    full = full_rules(rules)
    for line in lines:
        bands.setdefault(sum(y < line.middle for y in full), []).append(line)
    held = list(bands.values())
    if len(bands) >= 3:
        held = [[_one(band)] if _is_one_row(band) else band for band in held]
    left = [rule.y for rule in rules if rule.x0 < columns[0][1]]
    return [line.texts for line in _spread([one for band in held for one in _continued(_level(band), columns)], left)]


def _spread(lines: Sequence[_Line], heights: Sequence[float]) -> Sequence[_Line]:
    """The lines, a name that stands once between two rules, beside several lines, given to each of them."""
    bands: dict[int, list[_Line]] = {}
    for line in lines:
        bands.setdefault(sum(y < line.middle for y in heights), []).append(line)
    if len(bands) < 2:
        return lines
    for band in bands.values():
        names = [line.texts[0] for line in band if line.texts[0]]
        # A name of several lines is set half way down its rows.
        central = 1 < len(names) < len(band) and not band[0].texts[0]
        if (len(names) == 1 or central) and all(len(line.filled) > 1 for line in band):
            for line in band:
                line.texts[0] = " ".join(names)
    return lines


def _is_one_row(band: list[_Line]) -> bool:
    """Whether a few text lines between two rules are one row: half of its columns hold text in one line only."""
    count = len(band[0].texts)
    single = sum(sum(bool(line.texts[place]) for line in band) == 1 for place in range(count))
    return 2 <= len(band) <= 4 and 2 * single >= count


def _one(band: Sequence[_Line]) -> _Line:
    first, *others = band
    for other in others:
        first.take(other)
    return first


def _level(lines: Sequence[_Line]) -> list[_Line]:
    """The lines, those less than a line's height from a fuller one joined to it: a name of two lines beside numbers."""
    kept = list(lines)
    for line in sorted(lines, key=lambda line: len(line.filled)):
        near = [other for other in kept if other is not line and abs(other.middle - line.middle) < 0.85 * line.size]
        hosts = [other for other in near if len(other.filled) >= len(line.filled) and not _contradict(line, other)]
        if hosts:
            host = min(hosts, key=lambda other: abs(other.middle - line.middle))
            host.take(line, first=line.middle < host.middle)
            kept.remove(line)
    return kept


def _contradict(one: _Line, other: _Line) -> bool:
    """Whether both lines have a number, or two lines' worth of texts, in the same columns: they are two rows."""
    both = [place for place in one.filled if other.texts[place]]
    return len(both) > 1 or any(numeric(line.texts[place]) for line in (one, other) for place in both)


def _continued(lines: Sequence[_Line], columns: Sequence[Column]) -> list[_Line]:
    """The lines, those that only go on with the texts above them joined to these."""
    result: list[_Line] = []
    for line in lines:
        if result and _goes_on(result[-1], line, columns):
            result[-1].take(line)
            result[-1].middle = line.middle
        else:
            result.append(line)
    return result


def _goes_on(above: _Line, line: _Line, columns: Sequence[Column]) -> bool:
    """Whether a line is the rest of texts that did not fit into the line above it."""
    filled = line.filled
    if not filled or len(filled) * 2 > len(columns) or line.middle - above.middle > 1.7 * line.size:
        return False
    if any(numeric(line.texts[place]) or not wordy(above.texts[place] or "-") for place in filled):
        return False
    if filled == [0]:
        text = above.texts[0]
        others = len(above.filled) > 1
        return others and bool(_GOES_ON.match(line.texts[0]) or _OPEN.search(text) or text.count("(") > text.count(")"))
    full = (above.ends[p] + 0.25 * line.size + line.first_word[p] > columns[p][1] - 0.5 for p in filled)
    return not line.texts[0] and all(full)
