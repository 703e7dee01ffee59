"""Tables with their captions, as a header and rows of text.

TeX tables have horizontal rules only, so columns are found where no text stands in nearly all rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its words and its horizontal rules."""

    page: Page
    words: Sequence[Word]
    rules: Sequence[Rule]


Captioned = tuple[Sheet, list[Caption]]


def find_tables(sheets: Sequence[Sheet]) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Return the tables of the pages that hold a caption, and sentences on what was left out."""
    candidates = [(sheet, found) for sheet in sheets if (found := captions(sheet.page, sheet.words))]
    problems = []
    if len(candidates) > MAX_TABLE_PAGES:
        problems.append(f"{len(candidates)} pages hold tables; those of the first {MAX_TABLE_PAGES} were read.")
        candidates = candidates[:MAX_TABLE_PAGES]
    tables: list[Table] = []
    below = _captions_stand_above(candidates)
    for sheet, found in candidates:
        taken: list[Box] = []
        for caption in found:
            table = _table(caption, (sheet, found), below, taken)
            if table:
                tables.append(table)
            else:
                problems.append(f"{caption.label} on page {sheet.page.number} could not be read as rows and columns.")
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


def _side(caption: Caption, captioned: Captioned, below: bool) -> Side:
    sheet, found = captioned
    bounds = [*(other.box for other in found if other is not caption), *figures(sheet.page, sheet.words)]
    return side_of(sheet.page, sheet.words, sheet.rules, caption, bounds, below)


def _captions_stand_above(candidates: Sequence[Captioned]) -> bool:
    """Whether this paper sets captions above its tables: on which side the rules are nearer, by majority."""
    votes = 0
    for captioned in candidates:
        for caption in captioned[1]:
            below, above = (rule_chain(_side(caption, captioned, side), REACH) for side in (True, False))
            gap_below = below[0].y - caption.box[3] if len(below) > 1 else REACH
            gap_above = caption.box[1] - above[-1].y if len(above) > 1 else REACH
            votes += (gap_below < gap_above) - (gap_above < gap_below)
    return votes >= 0


def _table(caption: Caption, captioned: Captioned, below: bool, taken: list[Box]) -> Table | None:
    """The table beside its caption, looked for first on the side where this paper sets them."""
    for side in (below, not below):
        found = region(_side(caption, captioned, side))
        if found is None or any(_overlap(found.box, box) for box in taken):
            continue
        read = grid(found.words, found.rules)
        if read:
            taken.append(found.box)
            return Table(caption.label, caption.text, captioned[0].page.number, found.box, *read)
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] - 2 and other[1] < one[3] - 2
