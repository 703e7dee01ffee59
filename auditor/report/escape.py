"""Text of strangers inside Markdown: inert for renderers, mail programs and forges."""

from __future__ import annotations

import re

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
    words = printable(text, limit).split(" ")
    line = " ".join(code(word) if _LIVE.search(word) else _PUNCTUATION.sub(r"\\\1", word) for word in words)
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
