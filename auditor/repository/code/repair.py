"""Mend the form of Python lines that the parser refuses, or leave out the smallest part around them."""

from __future__ import annotations

import re

_HEADER_END = re.compile(r":[ \t]{0,40}(#[^\n]{0,500})?$")

_HEADER = re.compile(r"(async|def|class|if|elif|else|for|while|with|try|except|finally|match|case)\b")


def mend(lines: list[str], error: SyntaxError) -> bool:
    """Change a slip of form where the parser stopped so that all code stays; return whether something was changed.

    Slips are: an indentation that fits no block, a header whose block is missing, a bracket that closes nothing, and a
    colon that ends a line which is no header.
    """
    number = (error.lineno or 0) - 1
    if not 0 <= number < len(lines):
        return False
    if "unindent does not match" in error.msg:
        return _shift(lines, number, _open_level(lines, number))
    if "unexpected indent" in error.msg:
        above = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
        return above is not None and _shift(lines, number, _indent(lines[above]))
    if "expected an indented block" in error.msg:
        return _give_block(lines, number)
    return _drop_sign(lines, number, (error.offset or 0) - 1, "unmatched" in error.msg)


def leave_out(lines: list[str], number: int) -> set[int]:
    """Take out the smallest part around a line, a larger one each time it is asked again; return its lines' numbers.

    First the line with its continuation (of a header only itself, its block stays), then the statement that holds it by
    indentation, and so outwards to the unindented one. Nothing is returned where nothing is left to take out.
    """
    number = min(max(number, 0), len(lines) - 1)
    while number > 0 and not lines[number].strip():
        number -= 1
    line = lines[number].strip()
    if line.endswith(":") and line != "if True:":
        lines[number] = " " * _indent(lines[number]) + "if True:"
        return {number}
    if line in ("pass", "if True:", ""):
        inner = _indent(lines[number])
        number = next((n for n in range(number, -1, -1) if lines[n].strip() and _indent(lines[n]) < inner), -1)
    return _empty(lines, number)


def leave_out_block(lines: list[str], number: int) -> set[int]:
    """Empty the unindented statement around a line, up to the next one; return the numbers of its lines."""
    number = min(max(number, 0), len(lines) - 1)
    first = next((n for n in range(number, -1, -1) if _begins(lines[n]) and lines[n] != "pass"), 0)
    last = next((n for n in range(max(number, first + 1), len(lines)) if _begins(lines[n]) and n > number), len(lines))
    removed = {n for n in range(first, last) if lines[n].strip()}
    for n in removed:
        lines[n] = ""
    return removed


def _empty(lines: list[str], number: int) -> set[int]:
    """Replace a line and the deeper ones below it by `pass`."""
    if number < 0:
        return set()
    indent = _indent(lines[number])
    last = number + 1
    while last < len(lines) and (not lines[last].strip() or _indent(lines[last]) > indent):
        last += 1
    removed = {n for n in range(number, last) if lines[n].strip()}
    for n in removed:
        lines[n] = ""
    lines[number] = " " * indent + "pass"
    return removed


def _shift(lines: list[str], number: int, level: int) -> bool:
    """Move a line, and those below that are at least as deep but not back at `level`, to the indentation `level`."""
    own = _indent(lines[number])
    if own == level:
        return False
    last = number
    while last < len(lines) and (not lines[last].strip() or _indent(lines[last]) >= own):
        if lines[last].strip():
            if last > number and _indent(lines[last]) == level:
                break
            lines[last] = " " * (_indent(lines[last]) - own + level) + lines[last].lstrip()
        last += 1
    return True


def _open_level(lines: list[str], number: int) -> int:
    """Return the least indentation above a line's own in the block that the line would end."""
    own = _indent(lines[number])
    level = own
    for n in range(number - 1, -1, -1):
        if lines[n].strip() and not lines[n].lstrip().startswith("#"):
            indent = _indent(lines[n])
            if indent <= own:
                break
            level = indent if level == own else min(level, indent)
    return level


def _give_block(lines: list[str], number: int) -> bool:
    above = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
    match = _HEADER_END.search(lines[above]) if above is not None else None
    if above is None or match is None:
        return False
    lines[above] = lines[above][: match.start()] + ": pass"
    return True


def _drop_sign(lines: list[str], number: int, offset: int, unmatched: bool) -> bool:
    """Take out the sign at which the parser stopped, where it closes nothing or ends a line that is no header."""
    line = lines[number]
    ends = line.rstrip()
    colon = ends.endswith(":") and offset == len(ends) - 1 and not _HEADER.match(line.lstrip())
    if not (0 <= offset < len(line) and (unmatched or colon)):
        return False
    lines[number] = line[:offset] + " " + line[offset + 1 :]
    return True


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _begins(line: str) -> bool:
    """Return whether a statement may begin here: text without indentation that closes no bracket."""
    return bool(line) and line[0] not in " \t)]}#\"'"
