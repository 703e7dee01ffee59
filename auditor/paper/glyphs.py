"""The words of one PDF page, from pdfium: where each stands, how large, how bold, and whether a reader can see it."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2.raw as pdfium

from auditor.paper.model import Box

MAX_CHARACTERS = 60_000
"""Characters read of one page; a page of print holds under ten thousand."""
MAX_OBJECTS = 20_000
"""Page objects looked at when a page is tested for being a picture of text."""

_BOLD = re.compile(r"bold|black|heavy|semibd|-medi|medi$|cmbx|cmssbx|sfbx|ecbx|-bd|bd$", re.I)
_SPELT = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\x00": "", "\ufffe": "\u00ad", "\x02": "\u00ad", "\u2010": "-", "\u2011": "-", "\xa0": " ", "\u2009": " ",
}  # fmt: skip
# A control code that no font of the file explains means nothing.
_LIGATURES = str.maketrans({chr(code): "" for code in range(32)} | _SPELT)
_SUPERSCRIPT = str.maketrans("0123456789-−–+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁺")
_HALVES = frozenset(map(chr, range(0xD800, 0xE000)))
"""Halves of a character that a font's map names alone: no text."""
_INVISIBLE = 3
_TINY = 2.0


@dataclass(frozen=True, slots=True)
class Style:
    """What the glyphs of one text object share. `size` is in points on the page, `angle` in degrees."""

    size: float
    bold: bool
    angle: int
    seen: bool
    pale: bool
    """Filled with white or nearly so: seen only on a dark ground."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page's own coordinates become points from the top left corner of the page as it is shown."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int
    """Degrees that the page is turned clockwise when shown: 0, 90, 180, 270."""

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Return (x0, top, x1, bottom) of a rectangle given by two corners in the page's own coordinates."""
        xs, ys = zip(self.point(x0, y0), self.point(x1, y1), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def turned(self, angle: int) -> Frame:
        """Return the frame in which text that runs at this angle (90, 180 or 270) runs from left to right."""
        width, height = (self.width, self.height) if angle == 180 else (self.height, self.width)
        return Frame(self.left, self.bottom, width, height, (self.turn + angle) % 360)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page's own coordinates is shown."""
        x, y = x - self.left, y - self.bottom
        if self.turn == 90:
            return y, x
        if self.turn == 180:
            return self.width - x, y
        if self.turn == 270:
            return self.width - y, self.height - x
        return x, self.height - y


def frame_of(page: Any) -> Frame:
    """Return the frame of a pypdfium2 page, from its crop box and its rotation."""
    left, bottom, _, _ = page.get_bbox()
    width, height = page.get_size()
    return Frame(left, bottom, width, height, page.get_rotation() % 360)


def _words(text_page: Any, count: int, frame: Frame) -> list[Word]:
    text = _characters(text_page, count)
    places = [place for place, character in enumerate(text) if not (character.isspace() or character in _HALVES)]
    styles = _Styles(text_page, frame)
    words: list[Word] = []
    run: list[str] = []
    box = last = (0.0, 0.0, 0.0, 0.0)
    style, baseline, before, spaced = styles.none, 0.0, -1, False
    for place, new, now in zip(places, _boxes(text_page, places, frame), styles.of(places), strict=True):
        spaced = spaced or place != before + 1
        before = place
        # A ligature comes as several characters that share one box.
        if run and new == last:
            run.append(text[place])
            continue
        last = new
        # The common case of `_continues`, for which there is no time to ask.
        level = now is style and run and new[1] == box[1] and new[3] == box[3] and new[2] >= box[2]
        if level and -0.6 * style.size < new[0] - box[2] < (0.09 if spaced else 0.22) * style.size:
            box = (box[0] if box[0] < new[0] else new[0], box[1], new[2], box[3])
            run.append(text[place])
            spaced = False
            continue
        if run and not _continues(box, new, style, now, spaced):
            words.append(_word(run, box, baseline, style, len(words)))
            run = []
        if run:
            box = (min(box[0], new[0]), min(box[1], new[1]), max(box[2], new[2]), max(box[3], new[3]))
        else:
            baseline, style, box = _baseline(text_page, place, frame), now, new
        run.append(text[place])
        spaced = False
    if run:
        words.append(_word(run, box, baseline, style, len(words)))
    return [word for word in words if word.text]


def _characters(text_page: Any, count: int) -> str:
    """The page's characters, each at its index: asked for at once, one by one where the indices would shift."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count:
            return text
    return "".join(chr(pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(count))


def _boxes(text_page: Any, places: list[int], frame: Frame) -> list[Box]:
    """Return (x0, top, x1, bottom) of these characters."""
    box_of = _direct(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    holder = ctypes.cast(text_page, ctypes.c_void_p).value
    sides = (ctypes.c_float * (4 * len(places)))()  # left, top, right, bottom of each, as in FS_RECTF
    start = ctypes.addressof(sides)
    for order, place in enumerate(places):
        box_of(holder, place, start + 16 * order)
    values = iter(sides[:])
    corners = zip(values, values, values, values, strict=True)
    left, ceiling = frame.left, frame.height + frame.bottom
    if frame.turn == 0:
        return [
            (x0 - left, ceiling - top, x1 - left, ceiling - bottom)
            if x0 <= x1 and bottom <= top
            else frame.box(x0, bottom, x1, top)
            for x0, top, x1, bottom in corners
        ]
    return [frame.box(x0, bottom, x1, top) for x0, top, x1, bottom in corners]


def _baseline(text_page: Any, place: int, frame: Frame) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, place, x, y)
    return frame.point(x.value, y.value)[1]


def _direct(function: Any, result: Any, *arguments: Any) -> Any:
    """The C function with plain addresses in place of typed pointers: what is asked for each glyph costs a third."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


def _continues(box: Box, new: Box, style: Style, now: Style, spaced: bool) -> bool:
    """Whether a glyph belongs to the word before it: same line, no gap; small capitals change size inside a word."""
    if style is not now and (style.angle != now.angle or style.seen != now.seen or style.pale != now.pale):
        return False
    size = style.size if style.size > now.size else now.size
    gap = new[0] - box[2]
    # A space glyph of its own leaves at least a tenth of an em; pdfium invents spaces where the font size changes.
    if not -0.6 * size < gap < (0.09 if spaced else 0.22) * size:
        return False
    if style is now and new[1] == box[1] and new[3] == box[3]:
        return True
    overlap = min(box[3], new[3]) - max(box[1], new[1])
    if overlap < 0.5 * min(box[3] - box[1], new[3] - new[1]):
        return False
    # A raised or lowered mark is a word of its own, joined again when the line is put together.
    return style.size == now.size or (abs(new[3] - box[3]) < 0.22 * size and abs(style.size - now.size) < 0.35 * size)


def _word(run: list[str], box: Box, baseline: float, style: Style, order: int) -> Word:
    return Word("".join(run).translate(_LIGATURES), *box, baseline, style, order)


class _Styles:
    """The styles of text objects, each asked for once, and the weight of fonts likewise."""

    none = Style(0.0, False, 0, True, False)

    def __init__(self, text_page: Any, frame: Frame) -> None:
        self._page = text_page
        self._turn = frame.turn
        self._known: dict[int | None, Style] = {}
        self._same: dict[Style, Style] = {}
        self._bold: dict[int | None, bool] = {}
        self._matrix = pdfium.FS_MATRIX()
        self._colour = [ctypes.c_uint() for _ in range(4)]

    def of(self, places: list[int]) -> list[Style]:
        """Return the styles of these characters; equal styles are one object."""
        object_of = _direct(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
        page, known = ctypes.cast(self._page, ctypes.c_void_p).value, self._known
        holders = [object_of(page, place) for place in places]
        for place, holder in zip(places, holders, strict=True):
            if holder not in known:
                style = self._read(place)
                known[holder] = self._same.setdefault(style, style)
        return [known[holder] for holder in holders]

    def _read(self, index: int) -> Style:
        holder = pdfium.FPDFText_GetTextObject(self._page, index)
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self._page, index, matrix)
        scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c)) or 1.0
        size = pdfium.FPDFText_GetFontSize(self._page, index) * scale
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) - self._turn
        font = ctypes.cast(pdfium.FPDFTextObj_GetFont(holder), ctypes.c_void_p).value if holder else None
        bold = self._bold.get(font) if font else None
        if bold is None:
            bold = self._bold[font] = self._is_bold(index)
        seen = not holder or pdfium.FPDFTextObj_GetTextRenderMode(holder) != _INVISIBLE
        pale = False
        if pdfium.FPDFText_GetFillColor(self._page, index, *self._colour):
            red, green, blue, alpha = (channel.value for channel in self._colour)
            pale = min(red, green, blue) > 240 or alpha < 12
        return Style(round(size, 2), bold, round(angle / 5) * 5 % 360, seen, pale)

    def _is_bold(self, index: int) -> bool:
        name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._page, index, name, 128, flags)
        said = _BOLD.search(name.value.decode("utf-8", "replace"))
        return bool(said) or pdfium.FPDFText_GetFontWeight(self._page, index) >= 650


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
    """Whether images cover four fifths of the page and hardly any visible text was drawn after them."""
    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    sides = [ctypes.c_float() for _ in range(4)]
    covered, texts_after = 0.0, 0
    for index in range(min(pdfium.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page.raw, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFPageObj_GetBounds(item, *sides):
            x0, y0, x1, y1 = (side.value for side in sides)
            wide, high = min(x1, right) - max(x0, left), min(y1, top) - max(y0, bottom)
            if covered < 0.8 * area <= covered + max(wide, 0) * max(high, 0):
                texts_after = 0
            covered += max(wide, 0) * max(high, 0)
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFTextObj_GetTextRenderMode(item) != _INVISIBLE:
            texts_after += 1
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and seen > 20:
            texts_after += 20
    if covered < 0.8 * area:
        return False
    return not seen or texts_after < 10 or unseen > 5 * seen


def superscript(text: str) -> str:
    """Return a raised mark with its digits and sign as superscript characters: no part of the number before it."""
    return text.translate(_SUPERSCRIPT)


def moved(word: Word, text: str) -> Word:
    """Return the word with another text."""
    return replace(word, text=text)
