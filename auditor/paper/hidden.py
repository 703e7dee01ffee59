"""Text that is in the file but that no reader of the page can see."""

from __future__ import annotations

import re
from typing import Any

from auditor.paper.glyphs import Glyphs, Word, frame_of
from auditor.paper.layout import fragments, lines
from auditor.paper.model import Line

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


def hidden_lines(page: Any, number: int, glyphs: Glyphs) -> tuple[tuple[Word, ...], list[Line]]:
    """Return the words that a reader sees, and the lines of those that nobody does.

    Pale words are looked up in a rendering of the page: white letters on a dark bar are seen, on white paper they are
    not. The invisible text layer of a scan is no hidden text.
    """
    if glyphs.picture:
        return glyphs.words + glyphs.pale + glyphs.hidden, []
    seen, unseen = list(glyphs.words), list(glyphs.hidden)
    if glyphs.pale:
        visible = _visible(page, glyphs)
        seen += visible
        kept = {word.order for word in visible}
        unseen += [word for word in glyphs.pale if word.order not in kept]
        seen.sort(key=lambda word: word.order)
    unseen.sort(key=lambda word: word.order)
    return tuple(seen), lines(fragments(unseen), number, None)[:200] if unseen else []


def _visible(page: Any, glyphs: Glyphs) -> list[Word]:
    words = glyphs.pale
    if glyphs.frame != frame_of(page):
        return list(words)  # the rendering is not turned
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
