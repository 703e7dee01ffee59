"""Rewrite the idioms of Python 2 and early Python 3 by line, so that today's parser reads the rest."""

from __future__ import annotations

import ast
import re

_REPAIRS = 60
"""How many further lines may be blanked out before a file is given up."""

# Each rule keeps the line count, so that every fact keeps its line. `_ = ` stands for a statement that became a call:
# whatever follows it, even over several lines, is then an expression like any other.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(\s{0,200}(?:[^#\n'\"]{0,200}[:;]\s{0,20})?)print\s{1,20}>>\s{0,20}"), r"\1_ = "),
    (re.compile(r"^(\s{0,200}(?:[^#\n'\"]{0,200}[:;]\s{0,20})?)print(?=\s{1,20}[^=\s(.,)])\s{1,20}"), r"\1_ = "),
    (re.compile(r"^(\s{0,200})print(?=\s{0,20}[\"'`])"), r"\1_ = "),
    (re.compile(r"^(\s{0,200})print(?=\s{1,20}\()"), r"\1_ = "),
    (re.compile(r"^(\s{0,200})exec\s{1,20}(?=[^=\s(])"), r"\1_ = "),
    (re.compile(r"^(\s{0,200}except\s{1,20}[^:#]{1,200}),\s{0,20}(\w{1,80})\s{0,20}:"), r"\1 as \2:"),
    (re.compile(r"^(\s{0,200})raise\s{1,20}([\w.]{1,200})\s{0,20},"), r"\1_ = \2,"),
    (re.compile(r"<>"), "!="),
    (re.compile(r"`([^`\n]{1,200})`"), r"(\1)"),
    (re.compile(r"\b0([0-7]{2,12})\b(?![.xob])"), r"0o\1"),
    (re.compile(r"\b(\d{1,40})[lL]\b"), r"\1"),
    (re.compile(r"\b[uU][rR](?=[\"'])"), "r"),
    (re.compile(r"\basync(?=\s{0,5}=[^=])"), "async_"),
    (re.compile(r"\.async\b"), ".async_"),
)


def modernised(text: str) -> tuple[ast.Module, str] | None:
    """Return the tree and the rewritten text of a file in an older Python, or None where it still does not parse.

    A line that no rule repairs is replaced by `pass`, up to sixty times.
    """
    if "\0" in text:
        return None
    lines = [_rewritten(line) for line in text.expandtabs(8).split("\n")]
    for _ in range(_REPAIRS):
        joined = "\n".join(lines)
        try:
            return ast.parse(joined), joined
        except SyntaxError as error:
            if not error.lineno or not _blank_out(lines, error.lineno - 1):
                return None
        except (ValueError, RecursionError, MemoryError):
            return None
    return None


def _rewritten(line: str) -> str:
    if len(line) > 2_000 or line.lstrip().startswith("#"):
        return line
    for pattern, replacement in _RULES:
        line = pattern.sub(replacement, line)
    return line


def _blank_out(lines: list[str], number: int) -> bool:
    """Replace a line by `pass` at its indentation; return False where there is nothing left to replace."""
    if not 0 <= number < len(lines):
        return False
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    stripped = line.strip()
    if stripped in ("", "pass", "if True:"):
        return False
    lines[number] = f"{indent}if True:" if stripped.endswith(":") else f"{indent}pass"
    return True
