"""Tables with their captions, as a header and rows of text.

TeX tables have horizontal rules only, so columns are found where no text stands in nearly all rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.paper.cells import Rule, Word, grid
from auditor.paper.glyphs import superscript
from auditor.paper.layout import Fragment
from auditor.paper.model import Box, Line, Page, Table

MAX_TABLE_PAGES = 30
_CAPTION = re.compile(
    r"(?:Table|TABLE|Tab\.)\s+(?P<number>[A-Z]?\.?\d{1,2}(?:\.\d{1,2})?|[IVX]{1,5})(?P<mark>\s*[.:|–—])?(?P<rest>.*)"
)
# An exponent, or the marks of notes; a raised word is only small print.
_RAISED = re.compile(r"[-−–+]?\d{1,3}(?:,\d{1,3})*|[-−–]")
_REACH = 45.0
"""How far, in points, a table's first rule or row may lie from its caption."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A table's caption: its label, its text and the box of its lines."""

    label: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its words and its horizontal rules."""

    page: Page
    words: Sequence[Word]
    rules: Sequence[Rule]


def find_tables(sheets: Sequence[Sheet]) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Return the tables of the pages that hold a caption, and sentences on what was left out."""
    candidates = [(sheet, found) for sheet in sheets if (found := captions(sheet.page))]
    problems = []
    if len(candidates) > MAX_TABLE_PAGES:
        problems.append(f"{len(candidates)} pages hold tables; those of the first {MAX_TABLE_PAGES} were read.")
        candidates = candidates[:MAX_TABLE_PAGES]
    tables: list[Table] = []
    above = _captions_stand_above(candidates)
    for sheet, found in candidates:
        taken: list[Box] = []
        for caption in found:
            table = _table(caption, found, sheet, above, taken)
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
        yield Word(text, word.x0, top, word.x1, bottom, word.style.size)


def captions(page: Page) -> list[Caption]:
    """Return the captions of tables on the page; a sentence that begins with "Table 3 shows" is none."""
    found = []
    for place, line in enumerate(page.lines):
        match = _CAPTION.fullmatch(line.text)
        if not match:
            continue
        rest = match["rest"].strip()
        if not (match["mark"] or line.bold or line.lead or not rest or rest[0].isupper()):
            continue
        text, box = [rest] if rest else [], list(line.box)
        for below in page.lines[place + 1 : place + 12]:
            if not _same_caption(line, box, below):
                break
            text.append(below.text)
            box = [min(box[0], below.box[0]), box[1], max(box[2], below.box[2]), below.box[3]]
        number = match["number"]
        found.append(Caption(f"Table {number}", " ".join(text), (box[0], box[1], box[2], box[3])))
    return found


def _same_caption(first: Line, box: Sequence[float], below: Line) -> bool:
    close = -2 < below.box[1] - box[3] < 0.35 * first.size + 1
    aligned = abs(below.box[0] - first.box[0]) < 40 or (below.box[0] >= box[0] - 2 and below.box[2] <= box[2] + 2)
    return close and aligned and abs(below.size - first.size) < 0.6 and not _CAPTION.fullmatch(below.text)


def _captions_stand_above(candidates: Sequence[tuple[Sheet, list[Caption]]]) -> bool:
    """Whether this paper sets captions above its tables: on which side the rules are nearer, by majority."""
    votes = 0
    for sheet, found in candidates:
        for caption in found:
            below, above = (_chain(caption, found, sheet.rules, side) for side in (True, False))
            gap_below = below[0].y - caption.box[3] if len(below) > 1 else _REACH
            gap_above = caption.box[1] - above[-1].y if len(above) > 1 else _REACH
            votes += (gap_below < gap_above) - (gap_above < gap_below)
    return votes >= 0


def _table(
    caption: Caption,
    others: Sequence[Caption],
    sheet: Sheet,
    above: bool,
    taken: list[Box],
) -> Table | None:
    """The table beside its caption, looked for first on the side where this paper sets them."""
    for below in (above, not above):
        chain = _chain(caption, others, sheet.rules, below)
        if len(chain) < 2:
            continue
        wide = max(rule.x1 - rule.x0 for rule in chain)
        x0 = min(rule.x0 for rule in chain if rule.x1 - rule.x0 > 0.5 * wide) - 3
        x1 = max(rule.x1 for rule in chain if rule.x1 - rule.x0 > 0.5 * wide) + 3
        box = (round(x0, 1), round(chain[0].y - 1, 1), round(x1, 1), round(chain[-1].y + 1, 1))
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] - 2 and b[1] < box[3] - 2 for b in taken):
            continue
        read = grid([word for word in sheet.words if _within(word, box)], chain)
        if read:
            taken.append(box)
            return Table(caption.label, caption.text, sheet.page.number, box, *read)
    return None


def _within(word: Word, box: Box) -> bool:
    middle = (word.top + word.bottom) / 2
    return box[0] <= (word.x0 + word.x1) / 2 <= box[2] and box[1] <= middle <= box[3]


def _chain(caption: Caption, others: Sequence[Caption], rules: Sequence[Rule], below: bool) -> list[Rule]:
    """The rules of the table on one side of the caption, from top to bottom, up to the next caption."""
    x0, top, x1, bottom = caption.box
    mine = [rule for rule in rules if min(rule.x1, x1) - max(rule.x0, x0) > 0.3 * min(rule.x1 - rule.x0, x1 - x0)]
    if below:
        limit = min((c.box[1] for c in others if c.box[1] > bottom and _beside(c, caption)), default=float("inf"))
        side = [rule for rule in mine if bottom - 3 <= rule.y < limit]
    else:
        limit = max((c.box[3] for c in others if c.box[3] < top and _beside(c, caption)), default=0.0)
        side = [rule for rule in reversed(mine) if limit < rule.y <= top + 3]
    if not side or abs(side[0].y - (bottom if below else top)) > _REACH:
        return []
    first = side[0]
    full = [first]
    chain = [first]
    for rule in side[1:]:
        if abs(rule.y - chain[-1].y) > 330:
            break
        same = abs(rule.x0 - first.x0) < 12 and abs(rule.x1 - first.x1) < 12
        partial = rule.x0 > first.x0 - 3 and rule.x1 < first.x1 + 3
        if same:
            full.append(rule)
        if same or partial:
            chain.append(rule)
    last = chain.index(full[-1])
    return sorted(chain[: last + 1], key=lambda rule: rule.y)


def _beside(one: Caption, two: Caption) -> bool:
    return min(one.box[2], two.box[2]) > max(one.box[0], two.box[0])
