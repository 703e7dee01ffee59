"""A changed file as a unified diff that `git apply` and `patch -p1` take."""

from __future__ import annotations

import difflib
import re

from auditor.errors import Unreadable
from auditor.text import PATCH_LIMIT, hides

_UNQUOTED = re.compile(r"[^\x00-\x1f\x7f\"\\]{1,400}")


def unified(path: str, before: str, after: str) -> str:
    """Return the diff from one text of a file to another; its lines end as they do in the texts.

    Raises Unreadable where no diff can both be shown and applied: it would be too long to be read, hold characters that
    steer a terminal or hide text, or name the file in a way that the tools would read otherwise.
    """
    if not _UNQUOTED.fullmatch(path) or hides(path):
        raise Unreadable("the file's name holds characters that a patch would have to quote")
    end = "\t" if " " in path else ""  # the tab ends a name with spaces, as git writes it
    found = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}{end}", f"b/{path}{end}")
    patch = "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found)
    if hides(patch):
        raise Unreadable("a line around the change holds characters that cannot be shown")
    if len(patch) > PATCH_LIMIT:
        raise Unreadable(f"the patch would have {len(patch)} characters, with the lines around the change")
    return patch


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; a line ends at a line feed alone, as it does for the tools."""
    return [line for line in re.split(r"(?<=\n)", text) if line]
