"""The path of each program: what it draws and seeds in order, run through the program model with its modules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auditor.analysis.call_graph import Program
from auditor.analysis.flow.call import Call
from auditor.analysis.flow.core import STEPS, Count, Exhausted
from auditor.analysis.flow.linking import Linker
from auditor.analysis.flow.machine import Machine
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.values import Class, Data, Function, Place, Thing, Value
from auditor.analysis.randomness.defaults import Defaults
from auditor.analysis.randomness.events import Event, Ledger
from auditor.analysis.randomness.remedies import SEED_NAME
from auditor.analysis.randomness.semantics import Generators
from auditor.analysis.reach import Reach
from auditor.repository.model import Source

TOTAL_STEPS = 300_000
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
    ignored: tuple[tuple[str, str, Place], ...] = ()
    """Functions that ran and never read their own parameter named seed: (function, parameter, where)."""

    @property
    def events(self) -> list[Event]:
        """The events in order."""
        return self.ledger.events

    def before(self, event: Event) -> list[Event]:
        """Return what comes before an event, the event left out."""
        return self.events[: self.events.index(event)]


VISITS = 8
"""A function that ran so often shows nothing new."""


def path_of(program: Program, reach: Reach, entry: Source, steps: int = STEPS) -> Path:
    """Return the path of a program; functions that it reaches only through libraries follow at the end."""
    semantics = Generators(Defaults(program.repository), declared_options(entry, program))
    machine = semantics.machine
    machine.steps, machine.entry, machine.visits_limit = steps, entry.path, VISITS
    machine.module = Linker(program.sources, program.tree, machine).resolve
    scope = Scope(entry.path)
    whole = entry.statements.whole
    try:
        machine.block(entry.statements.block, scope)
        _run_console(machine, scope, program.console_functions.get(entry.path, ()))
        _run_reached(semantics, reach.nodes(entry))
    except (Exhausted, RecursionError):
        whole = False
    ignored = tuple(_ignored_seeds(semantics))
    return Path(entry, semantics.ledger, machine.count, whole, steps - machine.steps, ignored)


def _run_console(machine: Machine, scope: Scope, names: tuple[str, ...]) -> None:
    """Run the functions of a program that console scripts call, without arguments, unless it has called them itself."""
    for name in names:
        function = scope.get(name)
        if isinstance(function, Function) and id(function.body) not in machine.entered:
            place = Place(scope.path, function.line)
            machine.enter(function, Call([], {}, place, ("call", function.line, None, (), ())))


def _ignored_seeds(semantics: Generators) -> Iterator[tuple[str, str, Place]]:
    """Yield the functions that ran and never read their own parameter named seed; interfaces of others are left out."""
    for function in semantics.machine.defined:
        if id(function.body) not in semantics.machine.entered or function.plain:
            continue
        owner, _, last = function.name.rpartition(".")
        for name, _ in function.parameters:
            given = SEED_NAME.match(name) and last not in ("seed", "reset") and not (owner and last.startswith("__"))
            if given and not _mentions(function.body, name):
                yield function.name, name, Place(function.scope.module.path, function.line)


def _mentions(block: tuple[Any, ...], name: str) -> bool:
    """Return whether a name, or one that may read any (`locals`), stands somewhere in statements."""
    pending: list[Any] = [block]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            if len(node) == 2 and node[0] == "name" and node[1] in (name, "locals", "eval"):
                return True
            pending += node
    return False


def _run_reached(semantics: Generators, nodes: frozenset[tuple[str, str]]) -> None:
    """Run the functions that the program reaches by the call graph and that nothing entered: hooks and callbacks.

    Those of classes of which no object was made are left out, unless nothing tells which classes are made.
    """
    machine = semantics.machine
    waiting = [f for f in machine.defined if not f.plain and (f.scope.module.path, f.name) in nodes]
    waiting.sort(key=lambda f: (f.scope.module.path != machine.entry, f.name not in _MAINS))
    for function in waiting:
        if id(function.body) in machine.entered:
            continue
        owner = function.scope.get(function.name.partition(".")[0]) if "." in function.name else None
        thing = _object_of(owner, semantics) if isinstance(owner, Class) else None
        if isinstance(owner, Class) and thing is None:
            continue
        semantics.segment += 1
        arguments: dict[str, Value] = {name: Data() for name, _ in function.parameters}
        if thing is not None and function.parameters:
            arguments[function.parameters[0][0]] = thing
        machine.run_body(function, arguments)


def _object_of(cls: Class, semantics: Generators) -> Thing | None:
    """Return an object of a class or of one that derives from it; a new one where its making may have been missed."""
    for made, thing in semantics.machine.instances.values():
        if made is cls or _derives(made, cls):
            return thing
    return Thing(cls.name, Place(cls.scope.path, cls.line), cls=cls) if semantics.computes_classes else None


def _derives(cls: Class, base: Class, depth: int = 0) -> bool:
    bases = [one for one in cls.bases if isinstance(one, Class)]
    return depth < 8 and any(one is base or _derives(one, base, depth + 1) for one in bases)


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
