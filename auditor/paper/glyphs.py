"""The words of one PDF page, from pdfium: where each stands, how large, how bold, and whether a reader can see it."""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from auditor.paper.characters import INVISIBLE, Characters, Frame, Style, kinds_of_objects
from auditor.paper.model import Box

MAX_CHARACTERS = 60_000
"""Characters read of one page; a page of print holds under ten thousand."""
MAX_OBJECTS = 20_000
"""Page objects looked at when a page is tested for being a picture of text."""

_SPELT = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\x00": "", "\ufffe": "\u00ad", "\x02": "\u00ad", "\u2010": "-", "\u2011": "-", "\xa0": " ", "\u2009": " ",
}  # fmt: skip
# A control code that no font of the file explains means nothing.
_LIGATURES = str.maketrans({chr(code): "" for code in range(32)} | _SPELT)
_SUPERSCRIPT = str.maketrans("0123456789-−–+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁺")
_TINY = 2.0
_NONE = Style(0.0, False, 0, True, False)
_BACK, _GAP = -0.6, 0.22
"""How far from the end of a word, in ems, its next glyph begins."""
_SPACE = 0.09
"""The same behind a space: a glyph of its own leaves a tenth of an em; pdfium invents some where the size changes."""


@dataclass(slots=True)  # frozen ones take three times as long to make, and a page has a thousand
class Word:
    """A run of glyphs without a gap; a soft hyphen (U+00AD) ends a word that is broken over a line."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    style: Style
    order: int


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A page's words: those a reader sees, and those that are there but invisible (`hidden`) or pale (`pale`)."""

    words: tuple[Word, ...]
    hidden: tuple[Word, ...]
    pale: tuple[Word, ...]
    picture: bool
    """Whether the page is a picture of text: images cover it, and no visible text lies on them."""
    cut: bool
    """Whether the page held more characters than are read."""
    frame: Frame
    """The frame of the boxes: the page as it is shown, or turned so that text set sideways stands upright."""


def read_glyphs(page: Any) -> Glyphs:
    """Return the words of a pypdfium2 page in content order, in points from the page's top left corner."""
    to_page = frame_of(page)
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    if not text_page:
        return Glyphs((), (), (), False, False, to_page)
    try:
        count = max(pdfium.FPDFText_CountChars(text_page), 0)
        words = _words(text_page, min(count, MAX_CHARACTERS), to_page)
        upright = _main_angle(words)
        if upright in (90, 180, 270):
            to_page, upright = to_page.turned(upright), 0
            words = _words(text_page, min(count, MAX_CHARACTERS), to_page)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    seen: list[Word] = []
    hidden: list[Word] = []
    pale: list[Word] = []
    for word in words:
        inside = word.x1 > -1 and word.x0 < to_page.width + 1 and word.bottom > -1 and word.top < to_page.height + 1
        if not word.style.seen or word.style.size < _TINY or not inside:
            hidden.append(word)
        elif word.style.angle == upright:
            (pale if word.style.pale else seen).append(word)
    picture = _is_picture(page, len(seen) + len(pale), sum(not word.style.seen for word in words))
    return Glyphs(tuple(seen), tuple(hidden), tuple(pale), picture, count > MAX_CHARACTERS, to_page)


def frame_of(page: Any) -> Frame:
    """Return the frame of a pypdfium2 page, from its crop box and its rotation."""
    left, bottom, _, _ = page.get_bbox()
    width, height = page.get_size()
    return Frame(left, bottom, width, height, page.get_rotation() % 360)


def _words(text_page: Any, count: int, frame: Frame) -> list[Word]:
    characters = Characters(text_page, count, frame)
    boxes, styles, spaced = characters.boxes(), characters.styles(), characters.spaced
    found: list[Word] = []
    begin, style, low, high, off = 0, _NONE, 0.0, 0.0, 0.0
    left = top = right = bottom = 0.0
    for place, ((x0, y0, x1, y1), now) in enumerate(zip(boxes, styles, strict=True)):
        # The common case of `_continues`, for which there is no time to ask.
        if (
            now is style
            and low < x0 - right < high
            and -off < y0 - top < off
            and -off < y1 - bottom < off
            and x1 >= right
            and place not in spaced
        ):
            right = x1
            if x0 < left:
                left = x0
            if y0 < top:
                top = y0
            if y1 > bottom:
                bottom = y1
            continue
        new, box = boxes[place], (left, top, right, bottom)
        # A ligature comes as several characters that share one box.
        if place and new == boxes[place - 1]:
            continue
        if place and _continues(box, new, style, now, place in spaced):
            left, top, right, bottom = min(left, x0), min(top, y0), max(right, x1), max(bottom, y1)
            continue
        if place:
            found.append(_word(characters, begin, place, box, style, len(found)))
        begin, style, left, top, right, bottom = place, now, x0, y0, x1, y1
        low, high, off = _BACK * now.size, _GAP * now.size, 0.1 * (y1 - y0)
    if boxes:
        found.append(_word(characters, begin, len(boxes), (left, top, right, bottom), style, len(found)))
    return [word for word in found if word.text]


def _continues(box: Box, new: Box, style: Style, now: Style, spaced: bool) -> bool:
    """Whether a glyph belongs to the word before it: same line, no gap; small capitals change size inside a word."""
    if style is not now and (style.angle != now.angle or style.seen != now.seen or style.pale != now.pale):
        return False
    size = style.size if style.size > now.size else now.size
    gap = new[0] - box[2]
    if not _BACK * size < gap < (_SPACE if spaced else _GAP) * size:
        return False
    if style is now and new[1] == box[1] and new[3] == box[3]:
        return True
    overlap = min(box[3], new[3]) - max(box[1], new[1])
    if overlap < 0.5 * min(box[3] - box[1], new[3] - new[1]):
        return False
    # A raised or lowered mark is a word of its own, joined again when the line is put together.
    return style.size == now.size or (abs(new[3] - box[3]) < 0.22 * size and abs(style.size - now.size) < 0.35 * size)


def _word(characters: Characters, begin: int, end: int, box: Box, style: Style, order: int) -> Word:
    text = characters.text[begin:end]
    if not (text.isascii() and text.isprintable()):
        text = text.translate(_LIGATURES)
    return Word(text, *box, characters.baseline(begin), style, order)


def _main_angle(words: list[Word]) -> int:
    """The angle at which most characters stand; 0 unless a page was typeset sideways."""
    angles = Counter[int]()
    for word in words:
        angles[word.style.angle] += len(word.text)
    total = sum(angles.values())
    if not total:
        return 0
    angle, most = angles.most_common(1)[0]
    return angle if most > 0.6 * total else 0


def _is_picture(page: Any, seen: int, unseen: int) -> bool:
    """Whether images cover four fifths of the page and hardly any visible text was drawn after them.

    On a page without any visible word a quarter is enough: what was scanned may be smaller than the sheet.
    """
    count = min(pdfium.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)
    if pdfium.FPDF_PAGEOBJ_IMAGE not in kinds_of_objects(page.raw, count):
        return False
    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    sides = [ctypes.c_float() for _ in range(4)]
    covered, texts_after = 0.0, 0
    for index in range(count):
        item = pdfium.FPDFPage_GetObject(page.raw, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFPageObj_GetBounds(item, *sides):
            x0, y0, x1, y1 = (side.value for side in sides)
            wide, high = min(x1, right) - max(x0, left), min(y1, top) - max(y0, bottom)
            if covered < 0.8 * area <= covered + max(wide, 0) * max(high, 0):
                texts_after = 0
            covered += max(wide, 0) * max(high, 0)
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFTextObj_GetTextRenderMode(item) != INVISIBLE:
            texts_after += 1
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and seen > 20:
            texts_after += 20
    if covered < (0.8 if seen else 0.25) * area:
        return False
    return not seen or texts_after < 10 or unseen > 5 * seen


def superscript(text: str) -> str:
    """Return a raised mark with its digits and sign as superscript characters: no part of the number before it."""
    return text.translate(_SUPERSCRIPT)
