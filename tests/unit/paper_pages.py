"""Papers for tests: typeset by reportlab as PDFs, or built straight from lines."""

from __future__ import annotations

import textwrap
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from auditor.paper.model import Line, Link, Page, Paper, Table

WIDTH, HEIGHT = 612.0, 792.0

FILLER = (
    "The work is about the question that is asked in this section and it is written with many of the words that are "
    "in all English text, so that the language can be told by the reader from the share of those words. "
)


class Sheet:
    """A PDF that is written line by line, in points from the top left corner."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
        self.top = 72.0

    def text(self, text: str, x: float = 108, top: float | None = None, size: float = 10, bold: bool = False) -> Sheet:
        """One line; without `top` below the last one."""
        if top is None:
            top = self.top
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawString(x, HEIGHT - top - size, text)
        self.top = top + 1.2 * size
        return self

    def paragraph(self, text: str, x: float = 108, characters: int = 85) -> Sheet:
        """Lines of at most so many characters, and a gap below."""
        for line in textwrap.wrap(text, characters):
            self.text(line, x)
        self.top += 6
        return self

    def heading(self, text: str) -> Sheet:
        """A heading in larger bold type."""
        self.top += 8
        return self.text(text, size=12, bold=True)

    def title(self, text: str) -> Sheet:
        """The title."""
        return self.text(text, size=17, bold=True)

    def next_page(self) -> Sheet:
        """Begin another page."""
        self.canvas.showPage()
        self.top = 72.0
        return self

    def rule(self, top: float, x0: float, x1: float) -> Sheet:
        """A horizontal rule."""
        self.canvas.line(x0, HEIGHT - top, x1, HEIGHT - top)
        return self

    def save(self) -> Path:
        """Write the file."""
        self.canvas.save()
        return self.path


def paper_of(*parts: tuple[str, str], links: tuple[Link, ...] = (), tables: tuple[Table, ...] = ()) -> Paper:
    """A paper built from (heading, text); a heading without a number or a known name is set in larger type."""
    lines = [Line(1, "A Study of Something", (108, 50, 400, 70), 17.0, True)]
    page, top = 1, 90.0

    def put(text: str, size: float, bold: bool) -> None:
        nonlocal page, top
        if top > 700:
            page, top = page + 1, 72.0
        lines.append(Line(page, text, (108, top, 108 + 5 * len(text), top + size), size, bold))
        top += 1.2 * size

    for heading, text in parts:
        top += 8
        if heading:
            put(heading, 12.0, True)
        for line in textwrap.wrap(text, 90):
            put(line, 10.0, False)
        top += 8
    last = max(line.page for line in lines)
    pages = tuple(
        Page(number, WIDTH, HEIGHT, tuple(line for line in lines if line.page == number))
        for number in range(1, last + 1)
    )
    return Paper("A Study of Something", pages, links, tables)
