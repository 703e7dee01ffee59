"""What pdfium says of the characters of one page, asked for many at a time: the call costs more than its answer."""

from __future__ import annotations

import ctypes
import math
import re
import struct
from collections import deque
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from operator import le
from typing import Any

import pypdfium2.raw as pdfium

from auditor.paper.model import Box

_BOLD = re.compile(r"bold|black|heavy|semibd|-medi|medi$|cmbx|cmssbx|sfbx|ecbx|-bd|bd$", re.I)
_INK = re.compile("[^\\s\ud800-\udfff]+")
"""Neither space nor half of a character, which a font's map may name alone: no text."""
INVISIBLE = 3
"""The render mode of text that is not painted."""


def _direct(function: Any, result: Any, *arguments: Any) -> Any:
    """The C function with plain addresses in place of typed pointers: asked for each glyph, that is a third faster."""
    return ctypes.PYFUNCTYPE(result, *arguments)(_address(function))


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_BOX_OF = _direct(pdfium.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_ORIGIN_OF = _direct(pdfium.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS)
_OBJECT_OF = _direct(pdfium.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _INT)
_MATRIX_OF = _direct(pdfium.FPDFText_GetMatrix, _INT, _ADDRESS, _INT, _ADDRESS)
_SIZE_OF = _direct(pdfium.FPDFText_GetFontSize, ctypes.c_double, _ADDRESS, _INT)
_COLOUR_OF = _direct(pdfium.FPDFText_GetFillColor, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
_OBJECT_AT = _direct(pdfium.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
_KIND_OF = _direct(pdfium.FPDFPageObj_GetType, _INT, _ADDRESS)
_FONT_OF = _direct(pdfium.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
_MODE_OF = _direct(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _ADDRESS)


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


class Characters:
    """The characters of a text page that are ink, in content order."""

    def __init__(self, text_page: Any, count: int, frame: Frame) -> None:
        text = _text(text_page, count)
        spans = [match.span() for match in _INK.finditer(text)]
        self._text_page = text_page
        self._page = _address(text_page)
        self._places = list(chain.from_iterable(range(*span) for span in spans))
        self._frame = frame
        self._origin = (ctypes.c_double * 2)()
        self._origin_at = ctypes.addressof(self._origin), ctypes.addressof(self._origin) + 8
        self.text = "".join([text[start:end] for start, end in spans])
        """The characters themselves, without what stands between them."""
        self.spaced = frozenset(accumulate(end - start for start, end in spans))
        """The indices of those that follow something else than ink."""

    def boxes(self) -> list[Box]:
        """Return the box of every character, in the frame's points."""
        count, frame = len(self._places), self._frame
        sides = (ctypes.c_float * (4 * count))()  # left, top, right, bottom of each, as in FS_RECTF
        start = ctypes.addressof(sides)
        _run(map(_BOX_OF, repeat(self._page), self._places, range(start, start + 16 * count, 16)))
        values = sides[:]
        x0s, ys1, x1s, ys0 = values[0::4], values[1::4], values[2::4], values[3::4]
        if frame.turn or not (all(map(le, x0s, x1s)) and all(map(le, ys0, ys1))):
            return list(map(frame.box, x0s, ys0, x1s, ys1))
        left, ceiling = frame.left, frame.height + frame.bottom
        if left:
            x0s, x1s = [x - left for x in x0s], [x - left for x in x1s]
        return list(zip(x0s, [ceiling - y for y in ys1], x1s, [ceiling - y for y in ys0], strict=True))

    def baseline(self, index: int) -> float:
        """Return the height of the baseline on which a character stands."""
        _ORIGIN_OF(self._page, self._places[index], *self._origin_at)
        x, y = self._origin
        frame = self._frame
        return frame.point(x, y)[1] if frame.turn else frame.height - (y - frame.bottom)

    def styles(self) -> list[Style]:
        """Return the style of every character; equal styles are one object."""
        holders = list(map(_OBJECT_OF, repeat(self._page), self._places))
        first = dict(zip(reversed(holders), reversed(self._places), strict=True))
        styles = _Styles(self._text_page, self._frame.turn)
        known = {holder: styles.of(holder, place) for holder, place in first.items()}
        return [known[holder] for holder in holders]


def _text(text_page: Any, count: int) -> str:
    """The page's characters, each at its index: asked for at once, one by one where the indices would shift."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count:
            return text
    return "".join(chr(pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(count))


def kinds_of_objects(page: Any, count: int) -> set[int]:
    """Return which kinds of page objects are among the first so many of a page."""
    return set(map(_KIND_OF, map(_OBJECT_AT, repeat(_address(page)), range(count))))


_SAID = struct.Struct("4I4f")
"""A colour (red, green, blue, alpha) and what a matrix says of size and angle."""
_run = deque[Any](maxlen=0).extend


class _Styles:
    """The styles of text objects; of what pdfium says alike it is read once, as is the weight of a font."""

    def __init__(self, text_page: Any, turn: int) -> None:
        self._text_page = text_page
        self._page = _address(text_page)
        self._turn = turn
        self._known: dict[tuple[bytes, int, float, int | None, int | None], Style] = {}
        self._same: dict[Style, Style] = {}
        self._bold: dict[int, bool] = {}
        self._said = (ctypes.c_char * 40)()  # four channels of a colour, six numbers of a matrix
        start = ctypes.addressof(self._said)
        self._channels = tuple(range(start, start + 16, 4))
        self._matrix = start + 16

    def of(self, holder: int | None, index: int) -> Style:
        """Return the style of a text object, of which the character at this index is one."""
        page = self._page
        _MATRIX_OF(page, index, self._matrix)
        coloured = _COLOUR_OF(page, index, *self._channels)
        font, mode = (_FONT_OF(holder), _MODE_OF(holder)) if holder else (None, None)
        key = (self._said.raw[: _SAID.size], coloured, _SIZE_OF(page, index), font, mode)
        style = self._known.get(key)
        if style is None:
            new = self._read(index, *key)
            style = self._known[key] = self._same.setdefault(new, new)
        return style

    def _read(self, index: int, said: bytes, coloured: int, em: float, font: int | None, mode: int | None) -> Style:
        red, green, blue, alpha, a, b, c, d = _SAID.unpack(said)
        scale = math.sqrt(abs(a * d - b * c)) or 1.0
        angle = math.degrees(math.atan2(b, a)) - self._turn
        bold = self._bold[font] if font in self._bold else self._is_bold(index)
        if font:
            self._bold[font] = bold
        pale = bool(coloured) and (min(red, green, blue) > 240 or alpha < 12)
        return Style(round(em * scale, 2), bold, round(angle / 5) * 5 % 360, mode != INVISIBLE, pale)

    def _is_bold(self, index: int) -> bool:
        name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._text_page, index, name, 128, flags)
        said = _BOLD.search(name.value.decode("utf-8", "replace"))
        return bool(said) or pdfium.FPDFText_GetFontWeight(self._text_page, index) >= 650
