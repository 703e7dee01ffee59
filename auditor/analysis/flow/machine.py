"""Run a program's statements over values that stand for many: which data, objects and functions flow where.

Every statement runs once, in order, both sides of a branch one after the other and joined, a loop's body once, or once
for each element of a short list. Functions and classes of the program are entered where they are called. Names are
bound anew by each assignment; data and objects keep their identity, so that a change through one name is seen through
the others. Work is bounded in steps and in depth; what lies beyond is left out and said to be (`exhausted`).
"""

from __future__ import annotations

from typing import Any

from auditor.analysis.flow.calls import Calls
from auditor.analysis.flow.core import Exhausted
from auditor.analysis.flow.expressions import Expressions
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.statements import Statements
from auditor.analysis.flow.values import Data, Place, Thing, Value


class Machine(Statements, Expressions, Calls):
    """One run over one program: a module's statements and all that they reach."""

    def run(self, path: str, block: tuple[Any, ...]) -> Scope:
        """Return the scope of a program after its statements ran, and its functions that nothing called."""
        self.entry = path
        scope = Scope(path)
        try:
            self.block(block, scope)
            self.run_uncalled(scope)
        except (Exhausted, RecursionError):
            self.exhausted = True
        return scope

    def run_uncalled(self, scope: Scope) -> None:
        """Run the functions that were defined and never called, with arguments of unknown origin."""
        for function in list(self.defined):
            if id(function.body) in self.entered or function.scope.module.path != scope.path or function.plain:
                continue
            arguments: dict[str, Value] = {}
            for name, _ in function.parameters:
                origin = f"parameter {name.lstrip('*')} of {function.name}"
                arguments[name] = Data(frozenset({(origin,)}), name=name.lstrip("*"))
            if function.bound is None and function.parameters and function.parameters[0][0] == "self":
                arguments["self"] = Thing(function.name.rpartition(".")[0], Place(scope.path, function.line))
            self.run_body(function, arguments)
