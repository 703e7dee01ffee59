"""Rewrite the idioms of Python 2 and early Python 3 by line, so that today's parser reads the rest."""

from __future__ import annotations

import ast
import re

from auditor.repository.code.repair import leave_out, leave_out_block, mend

_REPAIRS = 60
"""How many further places may be mended or left out before a file is given up."""
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
    (re.compile(r"(?<![\w.])(?<![eE][+-])0([0-7]{2,12})\b(?![.xob])"), r"0o\1"),
    (re.compile(r"\b(\d{1,40})[lL]\b"), r"\1"),
    (re.compile(r"\b[uU][rR](?=[\"'])"), "r"),
    (re.compile(r"\basync(?=\s{0,5}=[^=])"), "async_"),
    (re.compile(r"\.async\b"), ".async_"),
)


def modernised(text: str) -> tuple[ast.Module, str, int] | None:
    """Return the tree, the rewritten text and the number of lines left out of a file in an older Python.

    A slip of form that no rule repairs is mended; where it cannot be, the smallest part around it is left out; sixty
    times at most, less often in a large file. Returns None where the file still does not parse.
    """
    lines = [_rewritten(line) for line in _spaced(text.replace("\0", " ")).split("\n")]
    left_out: set[int] = set()
    furthest: set[int] = set()
    for _ in range(min(_REPAIRS, 2 + _WORK // (len(text) + 1))):
        joined = "\n".join(lines)
        try:
            tree = ast.parse(joined)
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            if number not in furthest and mend(lines, error):
                furthest.add(number)
                continue
            removed = leave_out(lines, number) or leave_out_block(lines, number)
            if not removed:
                return None
            left_out |= removed
        except (ValueError, RecursionError, MemoryError):
            return None
        else:
            return tree, joined, len(left_out)
    return None


def _spaced(text: str) -> str:
    """Return the text with tabs as spaces: eight, as Python 2 counts, or four where only those fit together."""
    if "\t" not in text:
        return text
    for width in (8, 4):
        try:
            ast.parse(text.expandtabs(width))
        except IndentationError:
            continue
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
        return text.expandtabs(width)
    return text.expandtabs(8)


def _rewritten(line: str) -> str:
    if len(line) > 2_000 or line.lstrip().startswith("#"):
        return line
    for pattern, replacement in _RULES:
        line = pattern.sub(replacement, line)
    return line
