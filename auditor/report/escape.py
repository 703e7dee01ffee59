"""Text of strangers inside Markdown: inert for renderers, mail programs and forges."""

from __future__ import annotations

import re

from auditor.report.links import without_punctuation
from auditor.report.words import code_spans
from auditor.text import printable

# What starts an escape, code, emphasis, a link, an image, HTML, an entity, a table cell, strike-through, a heading or
# a formula. Full stops and hyphens stay as they are, so that the text also reads well where nothing renders it.
_PUNCTUATION = re.compile(r"([\\`*_\[\]<>&|~!#${}])")
_BULLET = re.compile(r"^([-+=])")
_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
# Words that a renderer or a forge turns into a link or a notification by itself: addresses, mail addresses and
# mentions, references to issues. Inside a code span none of them is.
_LIVE = re.compile(r"://|@|www\.|#\d|\bgh-\d|^\W{0,9}(?:mailto|xmpp|javascript|vbscript|data):", re.I)
BLOCK_LIMIT = 40_000
"""Characters of a code block."""
_TICKS = re.compile(r"`+")


def plain(text: str, limit: int = 500) -> str:
    """Return one line of Markdown that shows `text` and does nothing else, in or out of a table."""
    return _not_a_list(_inert(printable(text, limit)))


def prose(text: str, limit: int = 500) -> str:
    """Return one line of Markdown as `plain` does, but with what stands between backticks as code spans."""
    line = ""
    for piece, is_code in code_spans(printable(text, limit)):
        shown = code(piece) if is_code else _inert(piece)
        # Two runs of backticks side by side would be one, and fence something else.
        line += f" {shown}" if line.endswith("`") and shown.startswith("`") else shown
    return _not_a_list(line)


def _inert(text: str) -> str:
    return " ".join(_word(word) if _LIVE.search(word) else _escaped(word) for word in text.split(" "))


def _word(word: str) -> str:
    """A word that is alive, in a code span, without the punctuation of the sentence around it."""
    before, inner, after = without_punctuation(word)
    return f"{_escaped(before)}{code(inner)}{_escaped(after)}"


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(r"\\\1", text)


def _not_a_list(line: str) -> str:
    return _NUMBER.sub(r"\1\\\2", _BULLET.sub(r"\\\1", line))


def code(text: str, limit: int = 500) -> str:
    """Return `text` as a code span, fenced by more backticks than it holds; safe in a table.

    A pipe becomes the broken bar `¦`: it would end a table's cell even inside a code span.
    """
    text = printable(text, limit).replace("|", "¦")
    if not text:
        return "–"
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def block(text: str, language: str, limit: int = BLOCK_LIMIT) -> list[str]:
    """Return the lines of a fenced code block, fenced by more backticks than any run of them in `text`."""
    text = printable(text, limit, one_line=False)
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    return [f"{fence}{language}", *text.rstrip("\n").split("\n"), fence]


def link(label: str, address: str | None) -> str:
    """Return a link with a code span for its words; the words alone where there is no address.

    `address` comes from auditor.report.links, percent-encoded.
    """
    return code(label) if address is None else f"[{code(label)}](<{address.replace('|', '%7C')}>)"
