"""One call as the model meets it, and what it asks of those who know the libraries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.texts import text_of
from auditor.analysis.flow.values import Class, Data, Group, Library, Place, Value, data_of, either


@dataclass(slots=True)
class Call:
    """One call as it is met: evaluated arguments, and the place and expression it was written as."""

    arguments: list[Value]
    keywords: dict[str, Value]
    place: Place
    node: Any
    loops: tuple[int, ...] = ()
    """The loops around it, through the functions that were entered."""
    within: int = 0
    """The function that it stands in, by identity of its body."""
    branches: tuple[tuple[int, int], ...] = ()
    """The sides of the branchings around it, through the functions that were entered."""

    def argument(self, position: int, *names: str) -> Value | None:
        """Return an argument by position or by one of its names."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        return self.arguments[position] if position < len(self.arguments) else None

    @property
    def values(self) -> list[Value]:
        """All arguments."""
        return [*self.arguments, *self.keywords.values()]

    @property
    def text(self) -> str:
        """The called expression as written."""
        return text_of(self.node[2])

    def argument_text(self, position: int, *names: str) -> str:
        """Return an argument as written."""
        for key, value in self.node[4]:
            if key in names:
                return text_of(value)
        return text_of(self.node[3][position]) if position < len(self.node[3]) else ""


class Semantics(Protocol):
    """What libraries' functions, methods and attributes do with values."""

    def call(self, function: Library, call: Call) -> Value:
        """Return what a library's function or class gives."""

    def method(self, base: Value, name: str, call: Call) -> Value:
        """Return what a method of data or of an object gives."""

    def invoke(self, thing: Value, call: Call) -> Value:
        """Return what calling an object gives, or a value of unknown kind."""

    def data_set(self, cls: Class, call: Call) -> Value:
        """Return what an instance of the program's own class of data sets gives."""

    def attribute(self, base: Value, name: str, place: Place) -> Value:
        """Return an attribute of data or of an object."""

    def item(self, base: Value, index: Value | None, node: Any, scope: Scope) -> Value:
        """Return `base[index]`."""

    def set_item(self, base: Value, index: Any, value: Value, place: Place) -> None:
        """Carry out `base[index] = value`."""

    def set_attribute(self, base: Data, name: str, value: Value, place: Place) -> None:
        """Carry out `base.name = value`."""

    def instance(self, cls: Class, call: Call) -> None:
        """Note that an object of the program's own class is made."""

    def bound(self, target: Any, value: Value, place: Place) -> None:
        """Note that a value got a name."""

    def compared(self, values: list[Value], texts: list[str]) -> None:
        """Note that values, written as these texts, were compared with each other."""


def element_of(value: Value) -> Value:
    """Return one element of a value that is looped over."""
    if isinstance(value, Group):
        if value.keys is not None:
            return Data()
        elements = value.elements[:60]
        if elements and all(isinstance(e, Group) and e.keys is None for e in elements):
            groups = [e for e in elements if isinstance(e, Group)]
            if len({len(g.elements) for g in groups}) == 1:
                columns = zip(*(g.elements for g in groups), strict=True)
                return Group([_any_of(list(column)) for column in columns])
        return _any_of(elements)
    data = data_of(value)
    return data.copy(item=True) if data.rows else data


def _any_of(values: list[Value]) -> Value:
    result: Value | None = None
    for value in values:
        result = value if result is None else either(result, value)
    return result if result is not None else Data()
