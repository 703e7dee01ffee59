"""Tables with their captions, as a header and rows of text.

TeX tables have horizontal rules only, so columns are found where no text stands in nearly all rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from auditor.paper.cells import Rule, Word, grid
from auditor.paper.model import Box, Line, Page, Table

MAX_TABLE_PAGES = 30
_CAPTION = re.compile(
    r"(?:Table|TABLE|Tab\.)\s+(?P<number>[A-Z]?\.?\d{1,2}(?:\.\d{1,2})?|[IVX]{1,5})(?P<mark>\s*[.:|–—])?(?P<rest>.*)"
)
_REACH = 45.0
"""How far, in points, a table's first rule or row may lie from its caption."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A table's caption: its label, its text and the box of its lines."""

    label: str
    text: str
    box: Box


def find_tables(path: str, pages: Sequence[Page]) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Return the tables of the pages that hold a caption, and sentences on what was left out.

    `path` is the PDF, which is opened again: pdfplumber gives the rules and words of those pages only.
    """
    candidates = [(page, found) for page in pages if (found := captions(page))]
    if not candidates:
        return (), ()
    import pdfplumber

    problems = []
    if len(candidates) > MAX_TABLE_PAGES:
        problems.append(f"{len(candidates)} pages hold tables; those of the first {MAX_TABLE_PAGES} were read.")
    tables: list[Table] = []
    with pdfplumber.open(path) as document:
        sheets = []
        for page, found in candidates[:MAX_TABLE_PAGES]:
            sheet = document.pages[page.number - 1]
            sheets.append((page, found, _words(sheet), _rules(sheet)))
            sheet.close()
        above = _captions_stand_above(sheets)
        for page, found, words, rules in sheets:
            taken: list[Box] = []
            for caption in found:
                table = _table(caption, found, page, words, rules, above, taken)
                if table:
                    tables.append(table)
                else:
                    problems.append(f"{caption.label} on page {page.number} could not be read as rows and columns.")
    return tuple(tables), tuple(problems)


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


def _words(sheet: Any) -> list[Word]:
    dx, dy = sheet.cropbox[0] - sheet.bbox[0], sheet.cropbox[1] - sheet.bbox[1]
    dx, dy = dx + sheet.bbox[0], dy + sheet.bbox[1]
    upright = sheet.filter(lambda item: item.get("upright", True))
    found = upright.extract_words(x_tolerance_ratio=0.15, y_tolerance=2, extra_attrs=["size"])
    return [
        Word(word["text"], word["x0"] - dx, word["top"] - dy, word["x1"] - dx, word["bottom"] - dy, word["size"])
        for word in found[:20_000]
    ]


def _rules(sheet: Any) -> list[Rule]:
    """The horizontal rules of a page, pieces of one rule joined."""
    dx, dy = sheet.cropbox[0], sheet.cropbox[1]
    pieces = sorted(
        (round((item["top"] + item["bottom"]) / 2 - dy, 1), item["x0"] - dx, item["x1"] - dx)
        for item in [*sheet.lines, *sheet.rects, *sheet.curves][:20_000]
        if item["bottom"] - item["top"] < 2 and item["x1"] - item["x0"] > 4
    )
    rules: list[Rule] = []
    for y, x0, x1 in pieces:
        same = next(
            (place for place in range(len(rules) - 1, max(len(rules) - 30, -1), -1) if _touch(rules[place], y, x0, x1)),
            None,
        )
        if same is None:
            rules.append(Rule(y, x0, x1))
        else:
            old = rules[same]
            rules[same] = Rule(old.y, min(old.x0, x0), max(old.x1, x1))
    return sorted((rule for rule in rules if rule.x1 - rule.x0 > 15), key=lambda rule: rule.y)


def _touch(rule: Rule, y: float, x0: float, x1: float) -> bool:
    return abs(rule.y - y) < 1.2 and x0 < rule.x1 + 1.5 and x1 > rule.x0 - 1.5


def _captions_stand_above(sheets: Sequence[tuple[Page, list[Caption], list[Word], list[Rule]]]) -> bool:
    """Whether this paper sets captions above its tables: on which side the rules are nearer, by majority."""
    votes = 0
    for _, found, _, rules in sheets:
        for caption in found:
            below, above = _chain(caption, found, rules, True), _chain(caption, found, rules, False)
            gap_below = below[0].y - caption.box[3] if len(below) > 1 else _REACH
            gap_above = caption.box[1] - above[-1].y if len(above) > 1 else _REACH
            votes += (gap_below < gap_above) - (gap_above < gap_below)
    return votes >= 0


def _table(
    caption: Caption,
    others: Sequence[Caption],
    page: Page,
    words: Sequence[Word],
    rules: Sequence[Rule],
    above: bool,
    taken: list[Box],
) -> Table | None:
    """The table beside its caption, looked for first on the side where this paper sets them."""
    for below in (above, not above):
        chain = _chain(caption, others, rules, below)
        if len(chain) < 2:
            continue
        wide = max(rule.x1 - rule.x0 for rule in chain)
        x0 = min(rule.x0 for rule in chain if rule.x1 - rule.x0 > 0.5 * wide) - 3
        x1 = max(rule.x1 for rule in chain if rule.x1 - rule.x0 > 0.5 * wide) + 3
        box = (round(x0, 1), round(chain[0].y - 1, 1), round(x1, 1), round(chain[-1].y + 1, 1))
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] - 2 and b[1] < box[3] - 2 for b in taken):
            continue
        read = grid([word for word in words if _within(word, box)], chain)
        if read:
            taken.append(box)
            return Table(caption.label, caption.text, page.number, box, *read)
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
