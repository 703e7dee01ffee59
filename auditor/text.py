"""Text from strangers, made safe to show: on a terminal, in HTML, in JSON, in a spreadsheet."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

# Control characters (C0, C1, DEL) but tab and newline; bidirectional overrides and isolates; zero-width
# characters; the private escapes of PDF text layers; unpaired surrogates from file names that are not UTF-8.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)

LINE_LIMIT = 500
EXCERPT_LIMIT = 2_000
PATCH_LIMIT = 40_000


def printable(text: str, limit: int = LINE_LIMIT, one_line: bool = True) -> str:
    """Return `text` without characters that steer a terminal or hide text, cut to `limit` characters with `…`.

    With `one_line`, runs of white space become one space.
    """
    text = _UNSAFE.sub("", text[: limit * 4])
    if one_line:
        text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def hides(text: str) -> bool:
    """Return whether a text holds characters that steer a terminal or hide text; line ends of either kind do not."""
    return bool(_UNSAFE.search(text.replace("\r\n", "\n")))


def _patch(text: str) -> str:
    """A patch that was cleaned or cut would not apply: what may not be shown is refused instead."""
    if len(text) > PATCH_LIMIT or hides(text):
        raise ValueError("a patch is too long, or holds characters that cannot be shown")
    return text


def _excerpt(text: str) -> str:
    return printable(text, EXCERPT_LIMIT, one_line=False)


Line = Annotated[str, AfterValidator(printable)]
"""A field of a record: one clean line of at most 500 characters."""

Excerpt = Annotated[str, AfterValidator(_excerpt)]
"""A field of a record: clean text of at most 2,000 characters, line breaks kept."""

Patch = Annotated[str, AfterValidator(_patch)]
"""A field of a record: a unified diff, kept to the letter."""
