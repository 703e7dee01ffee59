"""The state of one run of the program model, shared by the parts that carry out statements, expressions and calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from auditor.analysis.flow.call import Call, Semantics
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.values import Class, Function, Thing, Value

STEPS = 80_000


class Exhausted(Exception):
    """The steps are used up."""


@dataclass
class Count:
    """How many calls were met, and of how many it is known what they run."""

    calls: int = 0
    resolved: int = 0


@dataclass
class Core(ABC):
    """One run over one program. What follows from a node of the syntax is in the parts that derive from this."""

    semantics: Semantics
    module: Callable[[str, str, int], Value | None] = lambda path, dotted, level: None
    """What an import (path of the file, dotted name, level) means in the repository; None where it is a library's."""
    steps: int = STEPS
    entry: str = ""
    """The file that is the program: main blocks of others do not run."""
    exhausted: bool = False
    count: Count = field(default_factory=Count)
    entered: set[int] = field(default_factory=set)
    """The functions that were run, by identity of their bodies."""
    defined: list[Function] = field(default_factory=list)
    line: int = 0
    visits_limit: int = 0
    """So often one function is run at most; 0 where only the steps bound it."""
    visits: Counter[int] = field(default_factory=Counter)
    """How often each function was run, by identity of its body."""
    instances: dict[int, tuple[Class, Thing]] = field(default_factory=dict)
    """The last object of each class of the program that was made, by identity of the class."""
    _stack: list[int] = field(default_factory=list)
    _running: list[Function] = field(default_factory=list)
    _loops: list[int] = field(default_factory=list)
    _branches: list[tuple[int, int]] = field(default_factory=list)
    """The sides of the branchings around the present statement: (identity of the branching, side)."""

    @property
    def inside(self) -> tuple[int, ...]:
        """The functions that are being run, outermost first, by identity of their bodies."""
        return tuple(self._stack)

    @property
    def branches(self) -> tuple[tuple[int, int], ...]:
        """The sides of the branchings around the present statement."""
        return tuple(self._branches)

    @abstractmethod
    def block(self, block: tuple[Any, ...], scope: Scope) -> bool:
        """Run statements in order; return whether the last one that ran leaves the block for good."""

    @abstractmethod
    def bind(self, target: Any, value: Value, scope: Scope) -> None:
        """Give a value to a name, an attribute, an item, or element by element to several."""

    @abstractmethod
    def value(self, node: Any, scope: Scope) -> Value:
        """Return what an expression gives."""

    @abstractmethod
    def apply(self, function: Value, call: Call) -> Value:
        """Return what a call of this value gives."""

    @abstractmethod
    def enter(self, function: Function, call: Call) -> Value:
        """Return what a function of the program gives for a call's arguments."""

    @abstractmethod
    def run_body(self, function: Function, arguments: dict[str, Value]) -> Value:
        """Return what a function's body gives for its parameters."""

    @staticmethod
    def bound_method(function: Function, base: Value) -> Function:
        """Return a method with the object that it is called on."""
        return Function(function.name, function.parameters, function.body, function.scope, function.line, base)
