"""Rows 47 to 50: keys of JAX that are used twice, and settings under which the same key gives other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.unordered import Names, parts
from auditor.repository.model import Call, Source

LIMIT = 20
"""So many keys of one file are told."""
_DRAW = re.compile(r"^jax\.random\.(?!PRNGKey$|key$|split$|fold_in$|key_data$|wrap_key_data$|clone$|key_impl$)\w+$")
_SETTINGS = re.compile(
    r"jax_(default_prng_impl|threefry_partitionable|random_seed_offset|enable_x64|default_matmul_precision)", re.I
)
_FAST = re.compile(r"^['\"](unsafe_)?rbg['\"]$")


def jax_hazards(code: Code) -> Iterator[Hazard]:
    """Yield keys that are drawn from twice, generators that promise less, and settings to be recorded."""
    if "jax" not in code.modules:
        return
    for source in code.sources:
        if any(_DRAW.search(call.name) for call in source.calls):
            yield from _reused(code, source)
    yield from _generators(code)
    yield from _unpinned(code)


def _reused(code: Code, source: Source) -> Iterator[Hazard]:
    walk = _Keys()
    walk.block(source.statements.block, {}, "")
    for name, first, line, within in walk.found[:LIMIT]:
        call = next((c for c in source.calls if c.line == line and _DRAW.search(c.name)), None)
        if call is None or not code.runs(source, within):
            continue
        title = f"the key {name} was drawn from in {code.place(source, first)} already: the numbers hang together"
        fix = f"{name}, fresh = jax.random.split({name})  # and draw from fresh"
        hazard = code.hazard(source, call, (47, "libraries", title, "medium", fix))
        if hazard:
            yield hazard


class _Keys:
    """A walk over statements; `used` is the line at which a name was last drawn from since it was given."""

    def __init__(self) -> None:
        self.names = Names({})
        self.found: list[tuple[str, int, int, str]] = []

    def block(self, block: tuple[Any, ...], used: dict[str, int], within: str) -> bool:
        """Walk over statements; return whether they leave the block (return, raise, break)."""
        for statement in block:
            kind = statement[0]
            if kind == "import":
                for name, dotted, level in statement[2]:
                    self.names.aliases[name] = dotted if level >= 0 else dotted.partition(".")[0]
            elif kind in ("def", "class"):
                self.block(statement[4], {}, f"{within}.{statement[2]}" if within else statement[2])
            elif kind == "if":
                self._expression(statement[2], used, within)
                self._branches(statement[3:5], used, within)
            elif kind == "try":
                self._branches((statement[2], *statement[3]), used, within)
            else:
                self._statement(statement, used, within)
            if kind in ("return", "jump"):
                return True
        return False

    def _branches(self, branches: tuple[Any, ...], used: dict[str, int], within: str) -> None:
        """Walk over branches of which one runs: what one draws from the others have not; who leaves counts not."""
        after: dict[str, int] = {}
        for branch in branches:
            own = dict(used)
            if not self.block(branch, own, within):
                after.update(own)
        used.clear()
        used.update(after)

    def _statement(self, statement: Any, used: dict[str, int], within: str) -> None:
        kind = statement[0]
        if kind == "assign":
            self._expression(statement[3], used, within)
            for target in statement[2]:
                self._given(target, used)
        elif kind == "for":
            self._expression(statement[3], used, within)
            self._given(statement[2], used)
            self.block(statement[4], used, within)
        elif kind in ("while", "with"):
            self.block(statement[3], used, within)
        elif kind in ("expr", "return"):
            self._expression(statement[2], used, within)

    def _given(self, target: Any, used: dict[str, int]) -> None:
        if target and target[0] == "name":
            used.pop(target[1], None)
        elif target and target[0] == "group":
            for part in target[2]:
                self._given(part, used)

    def _expression(self, node: Any, used: dict[str, int], within: str) -> None:
        if not node or node[0] in ("lambda", "comp", "choice"):
            return  # runs later, many times, or not
        if node[0] == "call" and _DRAW.search(self.names.dotted(node[2])):
            key = node[3][0] if node[3] else dict(node[4]).get("key")
            if key and key[0] == "name":
                if key[1] in used:
                    self.found.append((key[1], used[key[1]], node[1], within))
                used[key[1]] = node[1]
        for part in parts(node):
            self._expression(part, used, within)


def _generators(code: Code) -> Iterator[Hazard]:
    for source, call in code.calls:
        keywords = dict(call.keywords)
        setting = call.arguments[0] if call.arguments else ""
        value = call.arguments[1] if len(call.arguments) > 1 else ""
        fast = _FAST.match(keywords.get("impl", "")) if call.name.startswith("jax.random.") else None
        if fast or (call.name.endswith("config.update") and "prng_impl" in setting and _FAST.match(value)):
            title = "this generator's numbers may differ between devices and versions of the compiler"
            yield from _at(code, source, call, 50, title, 'impl="threefry2x32"')
        elif call.name.endswith("config.update") and _SETTINGS.search(setting):
            name = setting.strip("\"'")
            title = f"numbers hang on {name}, which a rerun must set alike"
            yield from _at(code, source, call, 48, title, f"{call.statement}  # said in the README too")


def _unpinned(code: Code) -> Iterator[Hazard]:
    """Yield draws whose numbers hang on a version of JAX that nothing fixes: 0.5 changed what a key gives."""
    if code.versions.holds("jax", "<0.5") is not None:
        return
    drawn = next(code.calls_of(_DRAW), None)
    if drawn:
        title = "the same key gives other numbers from jax 0.5 on, and no version is declared that tells which"
        yield from _at(code, *drawn, 48, title, "jax==<version>  # in the requirements")


def _at(code: Code, source: Source, call: Call, row: int, title: str, fix: str) -> Iterator[Hazard]:
    hazard = code.hazard(source, call, (row, "libraries", title, "medium" if row == 50 else "low", fix))
    if hazard:
        yield hazard
