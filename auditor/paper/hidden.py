"""Text that is in the file but that no reader of the page can see."""

from __future__ import annotations

import re
from typing import Any

from auditor.paper.glyphs import Glyphs, Word, frame_of
from auditor.paper.layout import fragments, lines
from auditor.paper.model import Line
from auditor.paper.needed import may_match

_SCALE = 2.0
_CONTRAST = 24
"""The least difference, of 255, between the darkest and the lightest point within a word that can be read."""

# Words to a program that reads the paper for a reviewer. A person is never told to ignore instructions.
_ADDRESSED = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instruction|prompt|guideline|direction)s?\b"
    r"|\b(?:ai|llm|language model|gpt|chatgpt|automated|auditor|assistant)s?\b.{0,80}"
    r"\b(?:review|rate|score|accept|recommend|give|praise|positive|pass|ignore|must|should)"
    r"|\b(?:give|write|provide|output|only)\b.{0,30}\b(?:positive|favou?rable|high(?:est)?)\b.{0,20}\b(?:review"
    r"|score|rating)"
    r"|\bdo not (?:mention|highlight|report)\b.{0,40}\b(?:negative|weakness|limitation|flaw)",
    re.I,
)

# What a visible text may well say of reviews and language models is no instruction; these are.
_STEERS = re.compile(
    r"\b(?:ignore|disregard|forget)\s(?:\w+\s){0,3}(?:previous|prior|above|earlier|other)\s(?:\w+\s){0,2}"
    r"(?:instructions?|prompts?|guidelines?|directions?)\b"
    r"|\b(?:give|grant|assign|award|output|write)\s(?:\w+\s){0,4}(?:a\s|the\s)?(?:positive|favou?rable|highest|best|top"
    r"|perfect|passing)\s(?:\w+\s)?(?:review|score|grade|rating|mark)s?\b",
    re.I,
)


def hidden_lines(page: Any, number: int, glyphs: Glyphs) -> tuple[tuple[Word, ...], list[Line]]:
    """Return the words that a reader sees, and the lines of those that nobody does.

    Pale words are looked up in a rendering of the page: white letters on a dark bar are seen, on white paper they are
    not. So are all words of a page that tells a program what to do, because letters can be covered or cut off, too. The
    invisible text layer of a scan is no hidden text.
    """
    if glyphs.picture:
        return glyphs.words + glyphs.pale + glyphs.hidden, []
    seen, unseen = list(glyphs.words), list(glyphs.hidden)
    doubtful = list(glyphs.pale)
    if steers(" ".join(word.text for word in seen)):
        doubtful += seen
        seen = []
    if doubtful:
        visible = _visible(page, glyphs, doubtful)
        seen += visible
        kept = {word.order for word in visible}
        unseen += [word for word in doubtful if word.order not in kept]
        seen.sort(key=lambda word: word.order)
    unseen.sort(key=lambda word: word.order)
    return tuple(seen), lines(fragments(unseen), number, None)[:200] if unseen else []


def _visible(page: Any, glyphs: Glyphs, words: list[Word]) -> list[Word]:
    if glyphs.frame != frame_of(page):
        return words  # the rendering is not turned
    bitmap = page.render(scale=_SCALE, grayscale=True, may_draw_forms=False)
    pixels, stride = memoryview(bitmap.buffer).cast("B"), bitmap.stride
    found = []
    for word in words:
        left, right = int(max(word.x0 * _SCALE, 0)), int(min(word.x1 * _SCALE + 1, bitmap.width))
        rows = range(int(max(word.top * _SCALE, 0)), int(min(word.bottom * _SCALE + 1, bitmap.height)))
        values = [value for row in rows for value in pixels[row * stride + left : row * stride + right]]
        if values and max(values) - min(values) >= _CONTRAST:
            found.append(word)
    return found


def addressed_to_programs(text: str) -> str | None:
    """Return the passage that tells an automated reader what to do, or None."""
    found = _ADDRESSED.search(" ".join(text.split())[:20_000])
    return found[0] if found else None


def steers(text: str) -> re.Match[str] | None:
    """Return where a text that people can read tells a reviewer's program what to conclude, or None."""
    text = text[:200_000]
    return _STEERS.search(text) if may_match(_STEERS, text.casefold()) else None
