"""Row 52: loops that stop by the clock, so that a faster machine does more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.unordered import Names, parts
from auditor.repository.model import Call, Source

_CLOCK = re.compile(r"^(time\.(time|perf_counter|monotonic|process_time|clock)|timeit\.default_timer)$")
_WAITS = re.compile(r"(^|\.)(sleep|wait|poll|recv|is_alive|join|status|is_set)$")


def clock_hazards(code: Code) -> Iterator[Hazard]:
    """Yield loops whose condition asks the clock and whose body computes instead of waiting."""
    for source in code.sources:
        if not any(_CLOCK.search(call.name) for call in source.calls):
            continue
        walk = _Loops()
        walk.block(source.statements.block, "")
        for line, within in walk.found:
            if code.runs(source, within):
                yield from _of(code, source, line, within)


def _of(code: Code, source: Source, line: int, within: str) -> Iterator[Hazard]:
    call = next((c for c in source.calls if c.line == line), Call("", line, within))
    title = "the loop stops by the clock: a faster machine gets further"
    fix = "for step in range(steps):  # as many as the paper's runs took"
    hazard = code.hazard(source, call, (52, "libraries", title, "medium", fix))
    if hazard:
        yield hazard


class _Loops:
    """A walk over statements that finds such loops."""

    def __init__(self) -> None:
        self.names = Names({})
        self.found: list[tuple[int, str]] = []

    def block(self, block: tuple[Any, ...], within: str) -> None:
        for statement in block:
            kind = statement[0]
            if kind == "import":
                for name, dotted, level in statement[2]:
                    self.names.aliases[name] = dotted if level >= 0 else dotted.partition(".")[0]
            elif kind in ("def", "class"):
                self.block(statement[4], f"{within}.{statement[2]}" if within else statement[2])
            elif kind == "while" and self._stops(statement[2]) and not self._holds(statement[3], _WAITS):
                self.found.append((statement[1], within))
            for part in statement[2:]:
                if kind not in ("def", "class", "import") and _is_block(part):
                    self.block(part, within)

    def _stops(self, test: Any) -> bool:
        """Return whether a condition asks the clock; one that may be switched off by None is another matter."""
        return self._asks(test, _CLOCK) and "('const', None)" not in repr(test)

    def _asks(self, node: Any, pattern: re.Pattern[str]) -> bool:
        if not node:
            return False
        if node[0] == "call" and pattern.search(self.names.dotted(node[2])):
            return True
        return any(self._asks(part, pattern) for part in parts(node))

    def _holds(self, block: Any, pattern: re.Pattern[str]) -> bool:
        """Return whether a block calls something of this name anywhere, or hardly does anything."""
        return any(self._asks(statement, pattern) for statement in block)


def _is_block(part: Any) -> bool:
    return isinstance(part, tuple) and bool(part) and isinstance(part[0], tuple) and bool(part[0]) and (
        part[0][0] in ("assign", "update", "expr", "return", "if", "for", "while", "try", "with", "jump"))  # fmt: skip
