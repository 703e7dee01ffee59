"""The captions of a page's tables, and what else bounds a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditor.paper.cells import Rule, Word, rows_of
from auditor.paper.model import Box, Line, Page

_NUMBER = r"\s+(?P<number>[A-Z]?\.?\d{1,2}(?:\.\d{1,2})?|[IVX]{1,5})(?P<mark>\s*[.:|–—])?"
_CAPTION = re.compile(rf"(?:Table|TABLE|Tab\.){_NUMBER}(?P<rest>.*)")
_SECOND = re.compile(r"(?:Table|TABLE|Tab\.)\s+(?P<number>[A-Z]?\.?\d{1,2}|[IVX]{1,5})\s?[.:|–—]")
_FIGURE = re.compile(rf"(?:Figure|FIGURE|Fig\.|FIG\.|Algorithm){_NUMBER}(?P<rest>.*)")
_BROKEN = re.compile(r"(?<=[a-z])- (?=[a-z])")
_LINES = 12
_BESIDE = 0.8
"""The gap, in ems, that parts a caption from what stands beside it."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A table's caption: its label, its text and the box of its lines."""

    label: str
    text: str
    box: Box


def captions(page: Page, words: Sequence[Word] = (), rules: Sequence[Rule] = ()) -> list[Caption]:
    """Return the captions of tables on the page; a sentence that begins with "Table 3 shows" is none.

    Two captions side by side, and one beside running text, are parted by means of the page's words; a rule ends one.
    """
    found = []
    for place, line in enumerate(page.lines):
        match = _CAPTION.fullmatch(line.text)
        if not match or not _begins(match, line) or _goes_on(page.lines[max(place - 1, 0) : place], line):
            found += _within_line(line, words, rules)
            continue
        rest = match["rest"].strip()
        text, box = [rest] if rest else [], list(line.box)
        for below in page.lines[place + 1 : place + _LINES] if rest else _lower(page, line):
            if not _same_caption(line, box, below) or _ruled_off(box, below.box, rules):
                break
            text.append(below.text)
            box = [min(box[0], below.box[0]), box[1], max(box[2], below.box[2]), below.box[3]]
        caption = Caption(f"Table {match['number']}", " ".join(text), (box[0], box[1], box[2], box[3]))
        second = _SECOND.search(rest)
        found += list(_side_by_side(caption, line, second["number"], words)) if second else [caption]
    return found


def _lower(page: Page, line: Line) -> list[Line]:
    """The lines below a label that stands alone, which the reading order may put elsewhere."""
    over = (other for other in page.lines if other.box[1] > line.box[1] + 1 and _over(other, line))
    return sorted(over, key=lambda other: other.box[1])[:_LINES]


def _over(one: Line, other: Line) -> bool:
    return one.box[0] < other.box[2] and other.box[0] < one.box[2]


def _within_line(line: Line, words: Sequence[Word], rules: Sequence[Rule]) -> list[Caption]:
    """The captions that begin within a line, after a wide gap: beside a figure's caption, or beside running text."""
    if not _SECOND.search(line.text):
        return []
    x0, top, x1, bottom = line.box
    own = (word for word in words if top < word.middle < bottom and x0 - 1 < word.x0 < x1)
    inside = sorted(own, key=lambda word: word.x0)
    return [
        _of_words(word, words, rules)
        for place, (before, word) in enumerate(pairwise(inside))
        if word.x0 - before.x1 > _BESIDE * word.size
        and _SECOND.match(" ".join(part.text for part in inside[place + 1 : place + 4]))
    ]


def _of_words(first: Word, words: Sequence[Word], rules: Sequence[Rule]) -> Caption:
    """The caption that begins with this word: the rows of words below it that begin where it does."""
    rows = rows_of(word for word in words if word.x0 > first.x0 - 3 and word.bottom > first.top)
    text: list[str] = []
    box = [first.x0, first.top, first.x1, first.bottom]
    for row in rows[:_LINES]:
        cell = row.cells[0]
        for other in row.cells[1:]:
            if other.x0 - cell.x1 > _BESIDE * row.size:
                break
            cell.words += other.words
        own = (cell.x0, min(word.top for word in cell.words), cell.x1, max(word.bottom for word in cell.words))
        near = abs(row.size - first.size) < 0.6 and own[1] - box[3] < 0.35 * first.size + 1
        if not near or abs(cell.x0 - first.x0) > 3 or _ruled_off(box, own, rules):
            break
        text.append(cell.text)
        box = [min(box[0], own[0]), box[1], max(box[2], own[2]), own[3]]
    whole = _BROKEN.sub("", " ".join(text))
    match = _CAPTION.fullmatch(whole)
    label = f"Table {match['number']}" if match else whole
    return Caption(label, match["rest"].strip() if match else whole, (box[0], box[1], box[2], box[3]))


def _ruled_off(above: Sequence[float], below: Box, rules: Sequence[Rule]) -> bool:
    """Whether a rule as long as the lower line, or nearly, lies between two lines."""
    first, last = (above[1] + above[3]) / 2, (below[1] + below[3]) / 2
    return any(
        first < rule.y < last and min(rule.x1, below[2]) - max(rule.x0, below[0]) > 0.8 * (below[2] - below[0])
        for rule in rules
    )


def figures(page: Page, words: Sequence[Word] = ()) -> list[Box]:
    """Return the boxes of the lines that begin the captions of figures and algorithms, up to their first wide gap."""
    found = [line for line in page.lines if (match := _FIGURE.fullmatch(line.text)) and _begins(match, line)]
    return [_before_gap(line, words) if line.gaps else line.box for line in found]


def _before_gap(line: Line, words: Sequence[Word]) -> Box:
    x0, top, x1, bottom = line.box
    edge = x0
    for word in sorted((word for word in words if top < word.middle < bottom), key=lambda word: word.x0):
        if x0 - 1 < word.x0 and word.x0 - edge > 1.3 * line.size:
            return x0, top, edge, bottom
        edge = max(edge, word.x1)
    return x0, top, x1, bottom


def _begins(match: re.Match[str], line: Line) -> bool:
    rest = match["rest"].strip()
    return bool(match["mark"] or line.bold or line.lead or not rest or rest[0].isupper())


def _goes_on(before: Sequence[Line], line: Line) -> bool:
    """Whether a line is the next one of a paragraph: "…, see / Table 1. We find" begins no caption."""
    for last in before:
        close = -2 < line.box[1] - last.box[3] < 0.35 * line.size + 1 and abs(line.size - last.size) < 0.3
        prose = not last.gaps and last.text.count(" ") > 2 and not _CAPTION.fullmatch(last.text)
        aligned = abs(last.box[0] - line.box[0]) < 20 and last.box[2] > 0.9 * line.box[2]
        return close and prose and aligned and not line.bold and not line.lead
    return False


def _same_caption(first: Line, box: Sequence[float], below: Line) -> bool:
    close = -0.7 * first.size < below.box[1] - box[3] < 0.35 * first.size + 1 and below.box[3] > box[3]
    centred = abs(below.box[0] + below.box[2] - box[0] - box[2]) < 12
    within = below.box[0] >= box[0] - 2 and below.box[2] <= box[2] + 2
    over = len(first.text) < 12 and _over(below, first)
    aligned = abs(below.box[0] - first.box[0]) < 40 or within or centred or over
    # Small capitals are letters of a smaller font.
    small = 0.7 * first.size < below.size < first.size and below.text.isupper()
    same = abs(below.size - first.size) < 0.6 or small
    return close and aligned and same and not _CAPTION.fullmatch(below.text)


def _side_by_side(caption: Caption, line: Line, number: str, words: Sequence[Word]) -> Iterator[Caption]:
    """Yield both captions of a line that holds two."""
    x0, top, x1, bottom = caption.box
    inside = [word for word in words if x0 - 1 < word.x0 and word.x1 < x1 + 1 and top - 1 < word.middle < bottom + 1]
    first = [word for word in inside if word.middle < line.box[3]]
    first.sort(key=lambda word: word.x0)
    apart = [b.x0 for a, b in pairwise(first) if b.text in ("Table", "TABLE", "Tab.") and b.x0 - a.x1 > 0.7 * line.size]
    if not apart:
        yield caption
        return
    cut = apart[-1]
    for label, edges in ((caption.label, (x0, cut - 1)), (f"Table {number}", (cut - 1, x1))):
        own = [word for word in inside if edges[0] - 1 <= word.x0 < edges[1]]
        text = " ".join(word.text for word in sorted(own, key=lambda word: (round(word.middle), word.x0)))
        text = _BROKEN.sub("", text)
        match = _CAPTION.fullmatch(text)
        right = max((word.x1 for word in own), default=edges[1])
        yield Caption(label, match["rest"].strip() if match else text, (edges[0], top, right, bottom))
