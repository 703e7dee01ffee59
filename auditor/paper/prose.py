"""Running text put together from lines: over hyphens, broken addresses, columns and pages; and cut into sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from auditor.paper.model import Box, Line

_CAPTION = re.compile(r"(?:Table|Tab\.|Figure|Fig\.|Algorithm|Listing|TABLE|FIGURE|FIG\.)\s*[A-Z]?\d+", re.A)
_NOTE = re.compile(r"[¹²³⁴-⁹⁰∗*†‡§]")
_BULLET = re.compile(r"[•◦▪–—‣∙·]\s|\(?(?:\d{1,2}|[a-z]|i{1,3}|iv|vi{0,3})\)\s")
_ENDED = (".", "!", "?", ".”", '."', ".)", "?)", ".’")
_URL_TAIL = re.compile(
    r"(?:https?:|www\.|[\w-]+\.(?:com|org|io|net|edu|ai|co|ly|gl|dev|me|science|info|de|uk|fr|ch)/)\S*$", re.I
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|etc|cf|vs|resp|approx|w\.r\.t|viz|fig|figs|eq|eqs|sec|secs|tab|ref|refs|app|appx|alg|thm"
    r"|def|prop|no|nos|vol|pp|ed|eds|dr|prof|mr|ms|st|inc|corp|ltd|jr|univ|dept|intl|a\.k\.a|i\.i\.d|s\.t|ca|max|min"
    r"|avg|std)"
    r"|(?:^|[\s(.])[A-Z])\.$",
    re.I,
)
_END = re.compile(r"(?<![.!?])[.!?]+[\"”’')\]⁰¹²³⁴-⁹]*(?=\s+[\"“‘'(\[•¹²³⁴-⁹]*[A-Z0-9•▪$\\]|\s*$)")
_LONGEST = 1500


_UP = 30.0
"""Points; a line that ends this far above the one before it stands at the head of another column."""


@dataclass
class Passage:
    """Text with, for each line that it is made of, where the line begins in it."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line, words: frozenset[str]) -> None:
        """Append a line, re-joining the word or address that the line break cut."""
        self.text, gap = joined(self.text, line.text, words)
        self.starts.append(len(self.text))
        self.lines.append(line)
        self.text += gap + line.text

    def turn(self, start: int, end: int) -> int | None:
        """Return where in the text another page begins within `text[start:end]`; None where it is on one page."""
        first, last = self._held(start, end)
        return next(
            (self.starts[i] for i in range(first, last + 1) if self.lines[i].page != self.lines[first].page), None
        )

    def _held(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last line that hold `text[start:end]`."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        return first, max(bisect_right(self.starts, max(end - 1, start)) - 1, first)

    def place(self, start: int, end: int) -> tuple[int, Box]:
        """Return the page and the box of the lines that hold `text[start:end]`, as far as they are in one column."""
        first, last = self._held(start, end)
        page = self.lines[first].page
        top = self.lines[first].box[1]
        column = takewhile(lambda line: line.page == page and line.box[3] > top - _UP, self.lines[first : last + 1])
        held = [line.box for line in column]
        return page, (
            min(box[0] for box in held),
            min(box[1] for box in held),
            max(box[2] for box in held),
            max(box[3] for box in held),
        )


def joined(left: str, right: str, words: frozenset[str]) -> tuple[str, str]:
    """Return the left text as it is to stand, and what comes between it and the right: a space or nothing.

    A web address goes on after `/ - _ = ? & # % ~` and before `/`, never after a full stop. A hyphen at the end of a
    line is dropped when the document knows the word without it, or does not know it with it.
    """
    if not left:
        return left, ""
    address = left[-300:]
    # What no address can be without is looked for first: every line comes here.
    perhaps = "/" in address or ":" in address or "www" in address.lower()
    if perhaps and _URL_TAIL.search(address) and right[:1] and not right[0].isspace():
        if left[-1] in "/_=?&#%~-:" and re.match(r"[\w~/?#%(.-]", right):
            return left, ""
        if right[0] == "/":
            return left, ""
    if left.endswith("-") and len(left) > 1 and left[-2].isalpha() and right[:1].isalpha():
        head = re.search(r"[^\W\d_]+(?:-[^\W\d_]+)*(?=-$)", left[-60:])
        tail = re.match(r"[^\W\d_]+(?:-[^\W\d_]+)*", right)
        if head and tail and not right[0].isupper():
            with_hyphen = f"{head[0]}-{tail[0]}".casefold()
            without = f"{head[0]}{tail[0]}".casefold()
            if without in words or (with_hyphen not in words and "-" not in head[0]):
                return left[:-1], ""
        return left, ""
    return left, " "


def passages(lines: Sequence[Line], size: float, words: frozenset[str]) -> Iterator[Passage]:
    """Yield the passages of a section: its running text, and each caption, note and small print by itself.

    Running text that a float, a note or a page break interrupts goes on behind it.
    """
    running = Passage()
    for block in _blocks(lines):
        first = block[0]
        aside = (
            first.gaps > 1
            or abs(first.size - size) > 0.45
            or bool(_CAPTION.match(first.text))
            or bool(_NOTE.match(first.text))
        )
        if aside:
            yield _passage(block, words)
            continue
        if running.text and not _goes_on(running, first):
            yield running
            running = Passage()
        for line in block:
            running.add(line, words)
    if running.text:
        yield running


def _passage(block: Sequence[Line], words: frozenset[str]) -> Passage:
    passage = Passage()
    for line in block:
        passage.add(line, words)
    return passage


def _goes_on(running: Passage, first: Line) -> bool:
    """Whether a block of running text continues the sentence that the text before it left open."""
    text = running.text
    if text.endswith(_ENDED) or _BULLET.match(first.text):
        return False
    if len(text) > 30_000:
        return False
    opening = first.text[:1]
    return (
        not opening.isupper()
        or text.endswith((",", "-", "/", "the", "and", "of", "in", "by", "with", "a"))
        or (running.lines[-1].page != first.page and len(running.lines[-1].text) > 35)
    )


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if block and not _same_block(block, line):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _same_block(block: Sequence[Line], line: Line) -> bool:
    last = block[-1]
    if (last.gaps > 1) != (line.gaps > 1):
        return False
    if (
        last.page != line.page
        or abs(last.size - line.size) > 0.6
        or (_CAPTION.match(line.text) and last.text.endswith(_ENDED))
    ):
        return False
    if _BULLET.match(line.text) or (_NOTE.match(line.text) and last.size < 9.5):
        return False
    step = line.box[1] - last.box[1]
    if not 0 < step < 2.1 * max(line.size, 6):
        return False
    if min(last.box[2], line.box[2]) - max(last.box[0], line.box[0]) < 0:
        return False
    # A line that ends early and without a stop closes a heading, a list item or a row, not a line of prose.
    if last.text.endswith(_ENDED):
        return not (line.lead or line.bold != last.bold)
    return line.bold == last.bold or line.text[:1].islower()


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of each sentence; abbreviations and initials end none; 1,500 characters at most."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        before = text[max(start, match.start() - 12) : match.start() + 1]
        if match[0].startswith(".") and _ABBREVIATION.search(before) and text[end:].strip():
            continue
        spans.append((start, end))
        start = end
    if text[start:].strip():
        spans.append((start, len(text)))
    return [
        (cut, min(cut + _LONGEST, end)) for begin, end in spans for cut in range(begin, max(end, begin + 1), _LONGEST)
    ]
