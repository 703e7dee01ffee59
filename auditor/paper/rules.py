"""The horizontal rules of a page, which part the rows of a table, and its pictures, as pdfium lists them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from auditor.paper.cells import Rule
from auditor.paper.characters import Frame
from auditor.paper.model import Box

MAX_OBJECTS = 100_000
"""Objects of a page that are looked at; a scatter plot of a whole data set holds as many."""
MAX_SEGMENTS = 100_000
MAX_RULES = 20_000
MAX_PICTURES = 1_000
_THICK = 2.0
"""A filled box lower than this, in points, is a rule."""
_DEEPEST = 8

Matrix = tuple[float, float, float, float, float, float]
_AS_IT_IS: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def horizontal_rules(page: Any, frame: Frame) -> tuple[list[Rule], list[Box]]:
    """Return the rules of a pypdfium2 page and the boxes of its pictures, in the frame's points.

    The rules come from top to bottom, pieces of one rule joined.
    """
    flat = _Flat(frame)
    pieces = sorted(
        (round((top + bottom) / 2, 1), x0, x1)
        for x0, top, x1, bottom in flat.boxes(page)
        if bottom - top < _THICK and x1 - x0 > 4
    )
    rules: list[Rule] = []
    for y, x0, x1 in pieces:
        near = range(len(rules) - 1, max(len(rules) - 30, -1), -1)
        same = next((place for place in near if _touch(rules[place], y, x0, x1)), None)
        if same is None:
            rules.append(Rule(y, x0, x1))
        else:
            old = rules[same]
            rules[same] = Rule(old.y, min(old.x0, x0), max(old.x1, x1))
    return sorted((rule for rule in rules if rule.x1 - rule.x0 > 15), key=lambda rule: rule.y), flat.pictures


def _touch(rule: Rule, y: float, x0: float, x1: float) -> bool:
    return abs(rule.y - y) < 1.2 and x0 < rule.x1 + 1.5 and x1 > rule.x0 - 1.5


class _Flat:
    """The boxes of a page's lines and flat rectangles, those of the forms that it shows included."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._objects, self._segments, self._boxes = MAX_OBJECTS, MAX_SEGMENTS, MAX_RULES
        self._sides = [ctypes.c_float() for _ in range(4)]
        self._matrix = pdfium.FS_MATRIX()
        self.pictures: list[Box] = []

    def boxes(self, page: Any) -> Iterator[Box]:
        count = pdfium.FPDFPage_CountObjects(page.raw)
        yield from self._of(pdfium.FPDFPage_GetObject, page.raw, count, _AS_IT_IS, _DEEPEST)

    def _of(self, get: Any, holder: Any, count: int, matrix: Matrix, deep: int) -> Iterator[Box]:
        for index in range(max(count, 0)):
            self._objects -= 1
            if self._objects < 0 or self._boxes < 0:
                return
            item = get(holder, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                yield from self._path(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and len(self.pictures) < MAX_PICTURES:
                self.pictures += self._bounds(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and deep:
                inner = _after(self._matrix_of(item), matrix)
                held = pdfium.FPDFFormObj_CountObjects(item)
                yield from self._of(pdfium.FPDFFormObj_GetObject, item, held, inner, deep - 1)

    def _bounds(self, item: Any, matrix: Matrix) -> Iterator[Box]:
        """The object's box as shown, where it has one."""
        if pdfium.FPDFPageObj_GetBounds(item, *self._sides):
            x0, y0, x1, y1 = (side.value for side in self._sides)
            yield self._shown([(x0, y0), (x1, y1)], matrix)

    def _path(self, item: Any, matrix: Matrix) -> Iterator[Box]:
        """The path's box where it is flat; else those of its parts, as a grid is often drawn in one path."""
        box = next(self._bounds(item, matrix), None)
        if box is None or box[2] - box[0] <= 4:
            return
        if box[3] - box[1] < _THICK:
            self._boxes -= 1
            yield box
            return
        whole = _after(self._matrix_of(item), matrix)
        for points in self._parts(item):
            self._boxes -= 1
            yield self._shown(points, whole)

    def _parts(self, item: Any) -> Iterator[list[tuple[float, float]]]:
        """The corners of each part of a path."""
        count = pdfium.FPDFPath_CountSegments(item)
        if count < 2 or count > self._segments:
            return
        self._segments -= count
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[tuple[float, float]] = []
        for index in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(item, index)
            if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield points
                points = []
            if pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                points.append((x.value, y.value))
        if len(points) > 1:
            yield points

    def _matrix_of(self, item: Any) -> Matrix:
        matrix = self._matrix
        if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
            return _AS_IT_IS
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def _shown(self, points: list[tuple[float, float]], matrix: Matrix) -> Box:
        a, b, c, d, e, f = matrix
        placed = [self._frame.point(a * x + c * y + e, b * x + d * y + f) for x, y in points]
        xs, ys = [x for x, _ in placed], [y for _, y in placed]
        return min(xs), min(ys), max(xs), max(ys)


def _after(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does what `first` does and afterwards what `then` does."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
