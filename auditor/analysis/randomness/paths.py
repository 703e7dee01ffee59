"""The path of each program: what it draws and seeds in order, run through the program model with its modules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.call_graph import Program
from auditor.analysis.flow.core import STEPS, Count, Exhausted
from auditor.analysis.flow.linking import Linker
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.values import Class, Data, Function, Place, Thing, Value
from auditor.analysis.randomness.events import Event, Ledger
from auditor.analysis.randomness.semantics import Generators
from auditor.analysis.reach import Reach
from auditor.repository.model import Source

TOTAL_STEPS = 400_000
"""Steps for all programs of a repository together."""
_MAINS = ("main", "run", "my_main", "train", "cli", "app")


@dataclass(frozen=True)
class Path:
    """What happens to generators when one source is the program."""

    entry: Source
    ledger: Ledger
    count: Count
    whole: bool
    """All that it runs was followed."""
    steps: int

    @property
    def events(self) -> list[Event]:
        """The events in order."""
        return self.ledger.events

    def before(self, event: Event) -> list[Event]:
        """Return what comes before an event, the event left out."""
        return self.events[: self.events.index(event)]


def path_of(program: Program, reach: Reach, entry: Source, steps: int = STEPS) -> Path:
    """Return the path of a program; functions that it reaches only through libraries follow at the end."""
    semantics = Generators(declared_options(entry, program))
    machine = semantics.machine
    machine.steps, machine.entry = steps, entry.path
    machine.module = Linker(program.sources, program.tree, machine).resolve
    scope = Scope(entry.path)
    whole = entry.statements.whole
    try:
        machine.block(entry.statements.block, scope)
        _run_reached(semantics, reach.nodes(entry))
    except (Exhausted, RecursionError):
        whole = False
    return Path(entry, semantics.ledger, machine.count, whole, steps - machine.steps)


def _run_reached(semantics: Generators, nodes: frozenset[tuple[str, str]]) -> None:
    """Run the functions that the program reaches by the call graph and that nothing entered: hooks and callbacks."""
    machine = semantics.machine
    waiting = [f for f in machine.defined if not f.plain and (f.scope.module.path, f.name) in nodes]
    waiting.sort(key=lambda f: (f.scope.module.path != machine.entry, f.name not in _MAINS))
    for function in waiting:
        if id(function.body) not in machine.entered:
            semantics.segment += 1
            machine.run_body(function, _unknown(function))


def _unknown(function: Function) -> dict[str, Value]:
    arguments: dict[str, Value] = {name: Data() for name, _ in function.parameters}
    owner, dot, _ = function.name.partition(".")
    if dot and function.parameters:
        cls = function.scope.get(owner)
        thing = Thing(owner, Place(function.scope.path, function.line), cls=cls if isinstance(cls, Class) else None)
        arguments[function.parameters[0][0]] = thing
    return arguments


def declared_options(entry: Source, program: Program) -> frozenset[str]:
    """Return the names under which a program reads the options that it and its modules declare."""
    found: set[str] = set()
    for path in (entry.path, *program.imports.get(entry.path, ())):
        for option in program.sources[path].options:
            found |= {option.destination} if option.destination else {_read_as(name) for name in option.names}
    return frozenset(found)


def _read_as(name: str) -> str:
    return name.lstrip("-").replace("-", "_")


@dataclass(frozen=True)
class Paths:
    """The paths of a repository's programs, as far as the steps reach."""

    program: Program
    reach: Reach

    def of(self, entry: Source) -> Path | None:
        """Return the path of one program; None where the steps for all are used up."""
        known = self._known
        if entry.path not in known:
            left = TOTAL_STEPS - sum(path.steps for path in known.values() if path is not None)
            known[entry.path] = path_of(self.program, self.reach, entry, min(STEPS, left)) if left > 0 else None
        return known[entry.path]

    @cached_property
    def _known(self) -> dict[str, Path | None]:
        return {}

    @property
    def count(self) -> Count:
        """The calls that were met so far, and those of them that are resolved."""
        done = [path for path in self._known.values() if path is not None]
        return Count(sum(path.count.calls for path in done), sum(path.count.resolved for path in done))
