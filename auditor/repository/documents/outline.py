"""A document's outline: in which sections a line stands, and what is said just before it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from auditor.repository.model import Document

NEAR = 6
"""Lines above within which a paragraph introduces what follows."""


class Outline:
    """The sections of one document."""

    def __init__(self, document: Document) -> None:
        self._lines: list[int] = []
        self._titles: list[str] = []
        self._paths: list[tuple[str, ...]] = []
        open_: list[tuple[int, str]] = []
        for level, title, line in sorted(document.headings, key=lambda heading: heading[2]):
            open_ = [(depth, name) for depth, name in open_ if depth < level] + [(level, title)]
            self._lines.append(line)
            self._paths.append(tuple(name for _, name in open_))
            self._titles.append(title)
        self._prose = sorted(document.prose)
        self._starts = [line for line, _ in self._prose]
        first = document.headings[0] if document.headings else None
        self._title = first[1] if first and document.main else ""

    def sections(self, line: int) -> tuple[str, ...]:
        """Return the titles of the sections that hold a line, the outermost first, without the top README's own."""
        place = bisect_right(self._lines, line) - 1
        path = self._paths[place] if place >= 0 else ()
        return path[1:] if path and path[0] == self._title else path

    def heading(self, line: int) -> tuple[int, str]:
        """Return the line and the title of the heading that a line stands under; 0 and nothing before the first."""
        place = bisect_right(self._lines, line) - 1
        return (self._lines[place], self._titles[place]) if place >= 0 else (0, "")

    def before(self, line: int) -> str:
        """Return the paragraph just above a line, of the same section; empty where there is none."""
        place = bisect_left(self._starts, line) - 1
        if place < 0 or line - self._starts[place] > NEAR:
            return ""
        head = bisect_right(self._lines, line) - 1
        if head >= 0 and self._starts[place] < self._lines[head]:
            return ""
        return self._prose[place][1]
