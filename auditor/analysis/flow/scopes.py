"""Names and what they hold, function within function within module."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.analysis.flow.values import Value, either


@dataclass(eq=False)
class Scope:
    """The names of a module or of one call of a function; `parent` is where it was defined."""

    path: str
    names: dict[str, Value] = field(default_factory=dict)
    parent: Scope | None = None
    globals: set[str] = field(default_factory=set)
    returned: list[Value] = field(default_factory=list)
    loops: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    """The loops around the present statement: their lines and the names that they bind."""

    def get(self, name: str) -> Value | None:
        """Return what a name holds here or in the scopes around."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    @property
    def module(self) -> Scope:
        """The scope of the file."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def merge(self, before: dict[str, Value], one: dict[str, Value], other: dict[str, Value]) -> None:
        """Take the names after a branching: what either side bound, both where both did."""
        self.names = dict(before)
        for name in one.keys() | other.keys():
            left, right = one.get(name), other.get(name)
            self.names[name] = left if left is right and left is not None else either(left, right)
