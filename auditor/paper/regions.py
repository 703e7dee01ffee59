"""Where on a page a table lies: between the rules nearest its caption, and over the rows that stand in line with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditor.paper.captions import Caption
from auditor.paper.cells import Row, Rule, Word, columns_of, numeric, rows_of, touched
from auditor.paper.model import Box, Page

REACH = 45.0
"""How far, in points, a table may lie from its caption."""
_FAR = 300.0
"""How far the first rule may lie where rows of cells fill the space between."""
_PITCH = 2.0
"""How far apart, in ems, the lines of one table may stand where no rule says that they belong together."""
_APART = 0.8
"""The gap, in ems, that parts two columns where no rules are there to say that this is a table."""


@dataclass(frozen=True, slots=True)
class Region:
    """The words and rules of one table, and the box around them."""

    words: list[Word]
    rules: list[Rule]
    box: Box


@dataclass(frozen=True, slots=True)
class Side:
    """The part of a page above or below a caption, up to the next caption or figure."""

    page: Page
    caption: Caption
    below: bool
    words: Sequence[Word]
    rules: Sequence[Rule]

    def distance(self, y: float) -> float:
        """How far a height lies from the caption."""
        return y - self.caption.box[3] if self.below else self.caption.box[1] - y

    def nearest_first(self, rows: Sequence[Row]) -> list[Row]:
        """The rows, the one at the caption first."""
        return list(rows) if self.below else list(rows)[::-1]


def side_of(
    page: Page, words: Sequence[Word], rules: Sequence[Rule], caption: Caption, bounds: Sequence[Box], below: bool
) -> Side:
    """Return what lies above or below a caption; `bounds` are the boxes of other captions."""
    x0, top, x1, bottom = caption.box
    over = [box for box in bounds if min(box[2], x1) > max(box[0], x0)]
    if below:
        first, last = bottom - 3, min((box[1] for box in over if box[1] > bottom), default=float("inf"))
    else:
        first, last = max((box[3] for box in over if box[3] < top), default=0.0), top + 3
    return Side(
        page,
        caption,
        below,
        [word for word in words if first < word.middle < last],
        [
            rule
            for rule in rules
            if first <= rule.y <= last
            and min(rule.x1, x1) - max(rule.x0, x0) > 0.3 * min(rule.x1 - rule.x0, x1 - x0)
            and not _underlines(rule, caption.box)
        ],
    )


def _underlines(rule: Rule, box: Box) -> bool:
    """Whether a rule lies under words of a caption."""
    inside = box[0] - 2 < rule.x0 and rule.x1 < box[2] + 2 and box[1] < rule.y < box[3] + 0.5
    return inside and rule.x1 - rule.x0 < 0.8 * (box[2] - box[0])


def region(side: Side) -> Region | None:
    """Return the region of the table on one side of its caption, or None where there is none."""
    chain = rule_chain(side, REACH) or rule_chain(side, _FAR)
    if not chain:
        return _without_rules(side)
    wide = max(rule.x1 - rule.x0 for rule in chain)
    x0 = min(rule.x0 for rule in chain if rule.x1 - rule.x0 > 0.5 * wide) - 3
    x1 = max(rule.x1 for rule in chain if rule.x1 - rule.x0 > 0.5 * wide) + 3
    words = [word for word in side.words if x0 <= (word.x0 + word.x1) / 2 <= x1]
    rows = rows_of(words)
    first, last = _within(rows, chain)
    if last - first < 1:
        first, last = _around(rows, chain)
    first, last = _grown(rows, first, last, chain)
    held = rows[first:last]
    if len(held) < 2 or (len(chain) < 2 and len(held) < 3):
        return None
    top = min(held[0].middle - 0.6 * held[0].size, chain[0].y - 1)
    bottom = max(held[-1].middle + 0.6 * held[-1].size, chain[-1].y + 1)
    if side.distance(top if side.below else bottom) > REACH:
        return None
    return _region(words, chain, (x0, top, x1, bottom))


def _region(words: Sequence[Word], rules: list[Rule], box: Box) -> Region:
    x0, top, x1, bottom = box
    inside = [word for word in words if top <= word.middle <= bottom]
    return Region(inside, rules, (round(x0, 1), round(top, 1), round(x1, 1), round(bottom, 1)))


def rule_chain(side: Side, reach: float) -> list[Rule]:
    """Return the rules of the table from top to bottom: those as wide as the first one, and those within its width."""
    rules = sorted(side.rules, key=lambda rule: side.distance(rule.y))
    if not rules or side.distance(rules[0].y) > reach:
        return []
    place = _first(rules)
    first = rules[place]
    rules = rules[place:]
    chain, full = [first], 1
    for rule in rules[1:]:
        if _prose_between(side, chain[-1], rule):
            break
        edges = abs(rule.x0 - first.x0) < 12, abs(rule.x1 - first.x1) < 12
        same = all(edges)
        if any(edges) and not same and abs(rule.y - chain[-1].y) < 30 and _contains(rule, first):
            # The rules over a header leave its empty corner out.
            first, same = rule, True
        if same or (rule.x0 > first.x0 - 3 and rule.x1 < first.x1 + 3):
            chain.append(rule)
            full = len(chain) if same else full
    return sorted(chain[:full], key=lambda rule: rule.y)


def _contains(rule: Rule, other: Rule) -> bool:
    return rule.x0 < other.x0 + 3 and other.x1 - 3 < rule.x1


def _first(rules: Sequence[Rule]) -> int:
    """The place of the table's first rule: a shorter one just before it underlines a word or a head of columns."""
    near = [rule for rule in rules[1:6] if abs(rule.y - rules[0].y) < 30]
    x0, x1 = rules[0].x0, rules[0].x1
    wider = (rule for rule in near if _contains(rule, rules[0]) and rule.x1 - rule.x0 > 1.3 * (x1 - x0))
    over = next(wider, None)
    return 0 if over is None else rules.index(over)


def _prose_between(side: Side, one: Rule, other: Rule) -> bool:
    """Whether running text lies between two rules, or too much of nothing."""
    y0, y1 = sorted((one.y, other.y))
    if y1 - y0 < 30:
        return False
    x0, x1 = one.x0 - 3, one.x1 + 3
    rows = rows_of(word for word in side.words if y0 < word.middle < y1 and x0 <= (word.x0 + word.x1) / 2 <= x1)
    heights = [y0, *(row.middle for row in rows), y1]
    if any(after - before > 120 for before, after in pairwise(heights)):
        return True
    prose = [_is_prose(row, x0, x1) for row in rows]
    return len(rows) > 2 and 2 * sum(prose) > len(rows)


def _is_prose(row: Row, x0: float, x1: float) -> bool:
    """Whether a row is a line of running text: words from the left edge on, without a wide gap."""
    words = row.words
    gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
    reaches = words[0].x0 < x0 + 0.05 * (x1 - x0) and words[-1].x1 > x0 + 0.75 * (x1 - x0)
    return len(words) > 4 and reaches and max(gaps) < _APART * row.size


def _within(rows: Sequence[Row], chain: Sequence[Rule]) -> tuple[int, int]:
    first = sum(row.middle < chain[0].y for row in rows)
    return first, sum(row.middle < chain[-1].y for row in rows)


def _around(rows: Sequence[Row], chain: Sequence[Rule]) -> tuple[int, int]:
    """The rows right above and right below a lone rule."""
    place = sum(row.middle < chain[0].y for row in rows)
    first, last = place, place
    if place and _tabular(rows[place - 1]) and chain[0].y - rows[place - 1].middle < 1.5 * rows[place - 1].size:
        first = place - 1
    if place < len(rows) and _tabular(rows[place]) and rows[place].middle - chain[0].y < 1.5 * rows[place].size:
        last = place + 1
    return first, last


def _tabular(row: Row) -> bool:
    gaps = [after.x0 - before.x1 for before, after in pairwise(row.cells)]
    return bool(gaps) and max(gaps) > _APART * row.size


def _grown(rows: Sequence[Row], first: int, last: int, chain: Sequence[Rule]) -> tuple[int, int]:
    """The range of rows with those above and below it that stand in line with it."""
    if last <= first:
        return first, last
    size = rows[first].size
    columns = columns_of(rows[first:last], size)

    def near(row: Row, by: Row) -> bool:
        y0, y1 = sorted((row.middle, by.middle))
        heights = [y0, *(rule.y for rule in chain if y0 < rule.y < y1), y1]
        return max(after - before for before, after in pairwise(heights)) < _PITCH * size

    def fits(row: Row, by: Row) -> bool:
        if not near(row, by) or abs(row.size - by.size) > 0.15 * size:
            return False
        if not _tabular(row) or len(chain) < 2:
            return _tabular(row)
        # The names of rows often have no head of their own.
        cells = row.cells[1:] if row.cells[0].x1 < columns[0][0] else row.cells
        single = [place[0] for cell in cells if len(place := touched(cell, columns)) == 1]
        return len(set(single)) == len(cells) >= max(2, len(columns) // 2)

    def heads(row: Row, by: Row) -> bool:
        """Whether a row above the first rule names columns: its cells stand over some, each over its own."""
        if fits(row, by):
            return True
        places = [touched(cell, columns) for cell in row.cells]
        apart = all(before[-1] < after[0] for before, after in pairwise(places)) if all(places) else False
        return len(chain) > 1 and _tabular(row) and near(row, by) and apart and abs(row.size - by.size) < 0.15 * size

    return _walk(rows, first, -1, heads), _walk(rows, last - 1, 1, fits) + 1


def _walk(rows: Sequence[Row], start: int, step: int, fits: Callable[[Row, Row], bool]) -> int:
    """The last place in one direction that is reached over rows that fit; a lone row between two is stepped over."""
    place = start
    while 0 <= place + step < len(rows):
        after = place + 2 * step
        if fits(rows[place + step], rows[place]):
            place += step
        elif (
            len(rows[place + step].cells) == 1
            and 0 <= after < len(rows)
            and fits(rows[after], rows[place + step])
            and abs(rows[place + step].middle - rows[place].middle) < _PITCH * rows[place].size
        ):
            place = after
        else:
            break
    return place


def _without_rules(side: Side) -> Region | None:
    """Rows of cells at the caption that no rule bounds: three or more, with numbers."""
    x0, x1 = _column(side)
    words = [word for word in side.words if x0 <= (word.x0 + word.x1) / 2 <= x1]
    rows = side.nearest_first(rows_of(words))
    if not rows or not 0 < side.distance(rows[0].middle) < REACH:
        return None
    held: list[Row] = []
    for row in rows:
        if not _tabular(row) or (held and abs(row.middle - held[-1].middle) > _PITCH * row.size):
            break
        held.append(row)
    cells = [cell.text for row in held for cell in row.cells]
    columns = columns_of(held, held[0].size) if held else []
    regular = sum(len(row.cells) >= 2 and len(row.cells) * 2 >= len(columns) for row in held)
    if len(held) < 3 or regular < len(held) or 10 * sum(map(numeric, cells)) < 4 * len(cells):
        return None
    heights = [row.middle for row in held]
    size = held[0].size
    return _region(words, [], (x0, min(heights) - 0.6 * size, x1, max(heights) + 0.6 * size))


def _column(side: Side) -> tuple[float, float]:
    """The left and the right edge of the prose that the caption stands in line with, else of the caption."""
    left, _, right, _ = side.caption.box
    prose = [
        line.box
        for line in side.page.lines
        if not line.gaps and min(line.box[2], right) - max(line.box[0], left) > 0.5 * min(right - left, 200)
    ]
    if len(prose) < 3:
        return left - 3, right + 3
    middle = len(prose) // 2
    x0, x1 = sorted(box[0] for box in prose)[middle], sorted(box[2] for box in prose)[middle]
    return min(x0, left) - 3, max(x1, right) + 3
