"""What a program reaches, for facts that must not rest on a guess: its own modules, and names of star imports."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.call_graph import Node, Program
from auditor.repository.model import Call, Source

CANDIDATES = 3
"""A bare name that more functions of the tree bear than this tells nothing on which one is called."""
_BY_NAME = re.compile(r"^(importlib\.|__import__$|runpy\.|imp\.load|hydra\.utils\.(instantiate|get_class))")


_RUN_BY_CALLING = ("__init__", "__call__", "forward", "call", "build", "run")
"""The methods that a class's name brings in where it is called."""


@dataclass(frozen=True)
class Reach:
    """The functions that run when a program is started.

    The call graph finds a method by its name wherever it is defined. Here it counts only in a module that the program
    imports, itself or through others, unless it loads modules by computed names. A bare name that a file neither
    defines nor imports by name comes from a star import: it is followed to the function of that name.
    """

    program: Program

    def nodes(self, entry: Source) -> frozenset[Node]:
        """Return the functions that `entry` reaches, module levels included."""
        cached: dict[str, frozenset[Node]] = self.__dict__.setdefault("_nodes", {})
        if entry.path not in cached:
            cached[entry.path] = self._walk(entry)
        return cached[entry.path]

    def running(self, entries: tuple[Source, ...]) -> Callable[[Node, int], bool]:
        """Return the function that tells whether a line at a node runs when any of `entries` is the program."""
        nodes = self.nodes(entries[0]) if len(entries) == 1 else frozenset().union(*map(self.nodes, entries))
        started = frozenset(entry.path for entry in entries)
        return lambda node, line: node in nodes and (node[0] in started or not self._in_main(node, line))

    def _in_main(self, node: Node, line: int) -> bool:
        """Return whether a line stands in the main block of a module, which runs only in the program itself."""
        lines = self.program.sources[node[0]].main_lines
        return not node[1] and lines is not None and lines[0] <= line <= lines[1]

    def _walk(self, entry: Source) -> frozenset[Node]:
        modules = self._modules(entry)
        found = {node for node in self.program.reached(entry) if node[0] in modules}
        pending = list(found)
        while pending:
            path, within = pending.pop()
            source = self.program.sources[path]
            for call in self._calls.get((path, within), ()):
                for target in self._by_star(source, call):
                    if target not in found and target[0] in modules:
                        found.add(target)
                        pending.append(target)
        return frozenset(found)

    def _modules(self, entry: Source) -> frozenset[str]:
        """Return the sources that a program imports, itself and through others; all where it computes their names."""
        found = {entry.path}
        pending = [entry.path]
        while pending:
            path = pending.pop()
            if path in self._computing:
                return frozenset(self.program.sources)
            following = [p for p in self.program.imports.get(path, ()) if p not in found]
            found.update(following)
            pending += following
        return frozenset(found)

    @cached_property
    def _computing(self) -> frozenset[str]:
        sources = self.program.sources.values()
        return frozenset(s.path for s in sources if any(_BY_NAME.match(call.name) for call in s.calls))

    @cached_property
    def _calls(self) -> dict[Node, list[Call]]:
        found: dict[Node, list[Call]] = {}
        for path in self._starred:
            for call in self.program.sources[path].calls:
                found.setdefault((path, call.within), []).append(call)
        return found

    @cached_property
    def _starred(self) -> frozenset[str]:
        return frozenset(
            source.path for source in self.program.sources.values() if any("*" in i.names for i in source.imports)
        )

    @cached_property
    def _plain(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for source in self.program.sources.values():
            for function in source.functions:
                owner, _, last = function.name.rpartition(".")
                if not owner or (last in _RUN_BY_CALLING and "." not in owner):
                    found.setdefault(owner or last, []).append((source.path, function.name))
        return found

    def _by_star(self, source: Source, call: Call) -> list[Node]:
        if "." in call.name or any(function.name == call.name for function in source.functions):
            return []
        candidates = self._plain.get(call.name, [])
        return candidates if len({path for path, _ in candidates}) <= CANDIDATES else []
