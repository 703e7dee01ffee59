"""Names and what they hold, function within function within module."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.analysis.flow.values import Value


class Names(dict[str, Value]):
    """Names and what they hold; a branch that was tried is taken back at the cost of the names that it bound alone."""

    def __init__(self, known: dict[str, Value] | None = None) -> None:
        super().__init__(known or {})
        self._held: list[dict[str, Value | None]] = []

    def __setitem__(self, name: str, value: Value) -> None:
        if self._held:
            self._held[-1].setdefault(name, self.get(name))
        super().__setitem__(name, value)

    def branch(self) -> None:
        """Begin to note what each name held that is bound from now on."""
        self._held.append({})

    def back(self) -> dict[str, Value]:
        """Give the names what they held when the branch began; return those that it bound, with what it gave them."""
        bound: dict[str, Value] = {}
        for name, value in self._held.pop().items():
            bound[name] = self[name]
            if value is None:
                del self[name]
            else:
                super().__setitem__(name, value)
        return bound


@dataclass(eq=False)
class Scope:
    """The names of a module or of one call of a function; `parent` is where it was defined."""

    path: str
    names: Names = field(default_factory=Names)
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
