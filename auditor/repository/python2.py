"""Rewrite the idioms of Python 2 and early Python 3 by line, so that today's parser reads the rest."""

from __future__ import annotations

import ast
import re

_REPAIRS = 60
"""How many further lines may be blanked out before a file is given up."""
_WORK = 6 << 20
"""Characters that all attempts on one file may parse together."""

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


def modernised(text: str) -> tuple[ast.Module, str, int] | None:
    """Return the tree, the rewritten text and the number of lines left out of a file in an older Python.

    A line that no rule repairs is replaced by `pass`; where that does not help, so is the unindented statement around
    it; sixty times at most, less often in a large file. Returns None where the file still does not parse.
    """
    if "\0" in text:
        return None
    lines = [_rewritten(line) for line in text.expandtabs(8).split("\n")]
    left_out: set[int] = set()
    for _ in range(min(_REPAIRS, 2 + _WORK // (len(text) + 1))):
        joined = "\n".join(lines)
        try:
            tree = ast.parse(joined)
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            removed = _blank_line(lines, number) or _blank_block(lines, number)
            if not removed:
                return None
            left_out |= removed
        except (ValueError, RecursionError, MemoryError):
            return None
        else:
            return tree, joined, len(left_out)
    return None


def _rewritten(line: str) -> str:
    if len(line) > 2_000 or line.lstrip().startswith("#"):
        return line
    for pattern, replacement in _RULES:
        line = pattern.sub(replacement, line)
    return line


def _blank_line(lines: list[str], number: int) -> set[int]:
    """Replace a line by `pass` at its indentation; return its number, or nothing where there is nothing to replace."""
    if not 0 <= number < len(lines):
        return set()
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    stripped = line.strip()
    if stripped in ("", "pass", "if True:"):
        return set()
    lines[number] = f"{indent}if True:" if stripped.endswith(":") else f"{indent}pass"
    return {number}


def _blank_block(lines: list[str], number: int) -> set[int]:
    """Empty the unindented statement around a line, up to the next one; return the numbers of its lines."""
    number = min(max(number, 0), len(lines) - 1)
    first = next((n for n in range(number, -1, -1) if _begins(lines[n]) and lines[n] != "pass"), 0)
    last = next((n for n in range(max(number, first + 1), len(lines)) if _begins(lines[n]) and n > number), len(lines))
    removed = {n for n in range(first, last) if lines[n].strip()}
    for n in removed:
        lines[n] = ""
    return removed


def _begins(line: str) -> bool:
    """Return whether a statement may begin here: text without indentation that closes no bracket."""
    return bool(line) and line[0] not in " \t)]}#\"'"
