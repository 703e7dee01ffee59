"""A line of code in a language that is read by lines, without its comment."""

from __future__ import annotations

import re

from auditor.repository.kinds import COMMENT_MARKS

_QUOTED = r"\"(?:[^\"\\]|\\.){0,2000}\"?|(?<![\w)\]}.])'(?:[^'\\]|\\.){0,2000}'?"
"""A text in quotes, with its end where it has one; a single quote after a name or bracket transposes it."""
_PLAIN_QUOTED = r"\"[^\"]{0,2000}\"?|(?<![\w)\]}.])'[^']{0,2000}'?"
"""Likewise where a backslash escapes nothing."""
_TOKENS = {
    "%": re.compile(rf"{_PLAIN_QUOTED}|%"),
    "#": re.compile(rf"{_QUOTED}|(?<![$\w{{])#"),  # in a shell `$#` and `${{x#y}}` are none
    "--": re.compile(rf"{_QUOTED}|--"),
    "//": re.compile(rf"{_QUOTED}|//"),
}


def comment_mark(path: str) -> str:
    """Return what begins a comment in a file of this name: `#` where the name does not tell."""
    return COMMENT_MARKS.get(path.rpartition(".")[2].lower(), "#")


def without_comment(line: str, mark: str) -> str:
    """Return a line of at most some thousand characters up to its comment; a mark within quotes begins none."""
    if mark not in line:
        return line
    for match in _TOKENS[mark].finditer(line):
        token = match[0]
        if token == mark:
            return line[: match.start()]
        if len(token) == 1 or token[-1] != token[0]:  # a quote without an end
            return line[: match.start()] + token.partition(mark)[0]
    return line
