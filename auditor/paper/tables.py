"""Tables with their captions, as a header and rows of text.

TeX tables have horizontal rules only, so columns are found where no text stands in nearly all rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from auditor.paper.captions import Caption, captions, figures
from auditor.paper.cells import Rule, Word
from auditor.paper.glyphs import superscript
from auditor.paper.grid import grid
from auditor.paper.layout import Fragment
from auditor.paper.model import Box, Page, Table
from auditor.paper.regions import REACH, Side, region, rule_chain, side_of

MAX_TABLE_PAGES = 30
# An exponent, or the marks of notes; a raised word is only small print.
_RAISED = re.compile(r"[-−–+]?\d{1,3}(?:,\d{1,3})*|[-−–]")


@dataclass(frozen=True)
class Sheet:
    """A page with its words, horizontal rules (None where no word could begin a table's caption) and pictures."""

    page: Page
    fragments: Sequence[Fragment]
    rules: Sequence[Rule] | None
    pictures: Sequence[Box] = ()

    @cached_property
    def words(self) -> list[Word]:
        """The words, as tall as their lines."""
        return [word for fragment in self.fragments for word in cell_words(fragment)]

    @cached_property
    def captions(self) -> list[Caption]:
        """The captions of the page's tables."""
        return captions(self.page, self.words, self.rules) if self.rules is not None else []

    @cached_property
    def bounds(self) -> list[Box]:
        """The boxes of the captions of figures and algorithms."""
        return figures(self.page, self.words)


def find_tables(sheets: Sequence[Sheet]) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Return the tables of the pages that hold a caption, and sentences on what was left out."""
    candidates = [sheet for sheet in sheets if sheet.captions]
    problems = []
    if len(candidates) > MAX_TABLE_PAGES:
        problems.append(f"{len(candidates)} pages hold tables; those of the first {MAX_TABLE_PAGES} were read.")
        candidates = candidates[:MAX_TABLE_PAGES]
    following = {sheet.page.number - 1: sheet for sheet in sheets}
    tables: list[Table] = []
    taken: dict[int, list[Box]] = {}
    below = _captions_stand_above(candidates)
    for sheet in candidates:
        left = []
        for caption in sheet.captions:
            table = _beside(caption, sheet, below, taken.setdefault(sheet.page.number, []))
            left += [] if table else [caption]
            tables += [table] if table else []
        for caption in left:
            table = _elsewhere(caption, sheet, following.get(sheet.page.number), taken)
            tables += [table] if table else []
            if not table:
                problems.append(f"{caption.label} on page {sheet.page.number} {_unread(caption, sheet)}.")
    return tuple(tables), tuple(problems)


def cell_words(fragment: Fragment) -> Iterator[Word]:
    """Yield the words of a fragment as tall as their line: a raised or lowered mark stands in the row of its word."""
    main = fragment.main
    top, bottom = main.baseline - 0.8 * main.style.size, main.baseline + 0.2 * main.style.size
    for word in fragment.words:
        raised = word.style.size < 0.85 * main.style.size and word.baseline < main.baseline - 0.15 * main.style.size
        text = superscript(word.text) if raised and _RAISED.fullmatch(word.text) else word.text.replace("\u00ad", "-")
        # The radical sign, which tables use as a tick, hangs from its baseline.
        lower = 0.75 * word.style.size if word is main and text == "√" else 0.0
        yield Word(text, word.x0, top + lower, word.x1, bottom + lower, word.style.size)


def _side(caption: Caption, sheet: Sheet, below: bool) -> Side:
    bounds = [*(other.box for other in sheet.captions if other is not caption), *sheet.bounds]
    return side_of(sheet.page, sheet.words, sheet.rules or (), caption, bounds, below)


def _captions_stand_above(candidates: Sequence[Sheet]) -> bool:
    """Whether this paper sets captions above its tables: on which side the rules are nearer, all captions together."""
    lead = 0.0
    for sheet in candidates:
        for caption in sheet.captions:
            below, above = (rule_chain(_side(caption, sheet, side), REACH) for side in (True, False))
            gap_below = below[0].y - caption.box[3] if len(below) > 1 else REACH
            gap_above = caption.box[1] - above[-1].y if len(above) > 1 else REACH
            lead += gap_above - gap_below
    return lead >= 0


def _beside(caption: Caption, sheet: Sheet, below: bool, taken: list[Box]) -> Table | None:
    """The table above or below its caption, looked for first on the side where this paper sets them."""
    for side in (below, not below):
        table = _read(caption, sheet, _side(caption, sheet, side), taken)
        if table:
            return table
    return None


def _elsewhere(caption: Caption, sheet: Sheet, following: Sheet | None, taken: dict[int, list[Box]]) -> Table | None:
    """The table to the left or right of its caption, or on the next page where the caption ends its own."""
    x0, top, x1, bottom = caption.box
    level = [rule for rule in sheet.rules or () if abs(rule.y - top) < REACH and (rule.x1 < x0 or x1 < rule.x0)]
    places = [(sheet, level)]
    last = not any(word.middle > bottom and x0 < word.x1 and word.x0 < x1 for word in sheet.words if len(word.text) > 3)
    if last and following and following.rules:
        # What stands above the caption of a figure is the figure.
        start = max((box[3] for box in following.bounds), default=0.0)
        places.append((following, [rule for rule in following.rules if rule.y > start]))
    for where, rules in places:
        if not rules:
            continue
        first = min(rules, key=lambda rule: rule.y)
        above = Caption(caption.label, caption.text, (first.x0, first.y - 10, first.x1, first.y - 2))
        table = _read(caption, where, _side(above, where, below=True), taken.setdefault(where.page.number, []))
        if table:
            return table
    return None


def _unread(caption: Caption, sheet: Sheet) -> str:
    """Why the caption has no table, as the rest of a sentence."""
    x0, top, x1, bottom = caption.box
    for left, upper, right, lower in sheet.pictures:
        beside = min(abs(upper - bottom), abs(top - lower)) < REACH and min(right, x1) - max(left, x0) > 0.3 * (x1 - x0)
        if beside and right - left > 80 and lower - upper > 20:
            return "is a picture; its cells were not read"
    return "could not be read as rows and columns"


def _read(caption: Caption, sheet: Sheet, side: Side, taken: list[Box]) -> Table | None:
    found = region(side)
    if found is None or any(_overlap(found.box, box) for box in taken):
        return None
    read = grid(found.words, found.rules)
    if not read:
        return None
    taken.append(found.box)
    return Table(caption.label, caption.text, sheet.page.number, found.box, *read)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] - 2 and other[1] < one[3] - 2
