"""Carry out statements: assignments, branches, loops, definitions, imports."""

from __future__ import annotations

from typing import Any

from auditor.analysis.flow.call import element_of
from auditor.analysis.flow.core import Core, Exhausted
from auditor.analysis.flow.rows import Selection, extend
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.texts import targets_of, text_of
from auditor.analysis.flow.values import (
    Class,
    Constant,
    Data,
    Function,
    Group,
    Library,
    Place,
    Thing,
    Value,
    data_of,
    either,
    merged,
)

UNROLLED = 6
"""Loops over lists of at most so many known elements run once for each."""


class Statements(Core):
    """The statements, each by its kind."""

    def block(self, block: tuple[Any, ...], scope: Scope) -> bool:
        """Run statements in order; return whether the last one that ran leaves the block for good."""
        around = len(self._branches)
        ended = False
        for statement in block:
            self.steps -= 1
            if self.steps <= 0:
                raise Exhausted
            self.line = statement[1]
            if getattr(self, "_" + statement[0])(statement, scope):
                ended = True
                break
        del self._branches[around:]
        return ended

    def _assign(self, node: Any, scope: Scope) -> None:
        value = self.value(node[3], scope)
        for target in node[2]:
            self.bind(target, value, scope)

    def bind(self, target: Any, value: Value, scope: Scope) -> None:
        """Give a value to a name, an attribute, an item, or element by element to several."""
        if target is None:
            return
        kind = target[0]
        if kind == "group":
            self._unpack(target[2], value, scope)
        elif kind == "star":
            self.bind(target[1], value, scope)
        elif kind == "name":
            holder = scope.module if target[1] in scope.globals else scope
            holder.names[target[1]] = value
            self.semantics.bound(target, value, Place(scope.path, self.line))
        elif kind == "attr":
            base = self.value(target[1], scope)
            if isinstance(base, Thing):
                base.attributes[target[2]] = value
            elif isinstance(base, Class):
                base.members[target[2]] = value
            elif isinstance(base, Data):
                self.semantics.set_attribute(base, target[2], value, Place(scope.path, self.line))
        elif kind == "item":
            self.semantics.set_item(self.value(target[1], scope), target[2], value, Place(scope.path, self.line))

    def _unpack(self, targets: tuple[Any, ...], value: Value, scope: Scope) -> None:
        if isinstance(value, Group) and value.keys is None and not value.open and len(value.elements) == len(targets):
            for target, element in zip(targets, value.elements, strict=True):
                self.bind(target, element, scope)
            return
        whole = data_of(value)
        for target in targets:
            words = {_role(name) for name in targets_of(target)} - {""}
            role = next(iter(words)) if len(words) == 1 else ""
            piece = whole.copy()
            if whole.opaque and role and not whole.item:
                piece.rows = extend(whole.rows, Selection("split", whole.opaque, (role,)))
                piece.opaque = ""
            self.bind(target, piece, scope)

    def _update(self, node: Any, scope: Scope) -> None:
        target, value = node[2], self.value(node[4], scope)
        known = self.value(target, scope)
        if isinstance(known, Group) and known.keys is None:
            known.open = True
            known.elements += value.elements[:60] if isinstance(value, Group) else [value]
            return
        self.bind(target, merged([data_of(known), data_of(value)]), scope)

    def _expr(self, node: Any, scope: Scope) -> None:
        self.value(node[2], scope)

    def _return(self, node: Any, scope: Scope) -> bool:
        scope.returned.append(self.value(node[2], scope) if node[2] else Constant(None))
        return True

    def _jump(self, node: Any, scope: Scope) -> bool:
        return True

    def _delete(self, node: Any, scope: Scope) -> None:
        for target in node[2]:
            if target and target[0] == "item" and target[2] and target[2][0] == "const":
                base = self.value(target[1], scope)
                if isinstance(base, Data):
                    base.columns.pop(target[2][1], None)

    def _if(self, node: Any, scope: Scope) -> bool:
        self.value(node[2], scope)
        if text_of(node[2]) in ("__name__ == '__main__'", "'__main__' == __name__") and scope.parent is None:
            return self.block(node[3 if scope.path == self.entry else 4], scope)
        scope.names.branch()
        ended = self._side(node, 0, scope)
        one = scope.names.back()
        scope.names.branch()
        ended_too = self._side(node, 1, scope)
        other = scope.names.back()
        if ended != ended_too:  # what follows is the other side
            self._branches.append((id(node), 1 if ended else 0))
        if ended:
            _bind_all(scope, other)
        elif ended_too:
            _bind_all(scope, one)
        else:
            held = scope.names
            sides = {
                name: (one.get(name, held.get(name)), other.get(name, held.get(name))) for name in {**one, **other}
            }
            _bind_all(scope, {name: left if left is right and left is not None else either(left, right)
                              for name, (left, right) in sides.items()})  # fmt: skip
        return ended and ended_too

    def _side(self, node: Any, side: int, scope: Scope) -> bool:
        """Run one side of a branching; return whether it leaves the block for good."""
        self._branches.append((id(node), side))
        ended = self.block(node[3 + side], scope)
        self._branches.pop()
        return ended

    def _for(self, node: Any, scope: Scope) -> None:
        source = self.value(node[3], scope)
        self._loops.append(node[1])
        scope.loops.append((node[1], frozenset(targets_of(node[2]))))
        known = isinstance(source, Group) and not source.open and 0 < len(source.elements) <= UNROLLED
        if known and isinstance(source, Group) and source.keys is None:
            for element in source.elements:
                self.bind(node[2], element, scope)
                self.block(node[4], scope)
        else:
            self.bind(node[2], element_of(source), scope)
            self.block(node[4], scope)
        scope.loops.pop()
        self._loops.pop()

    def _while(self, node: Any, scope: Scope) -> None:
        self.value(node[2], scope)
        self._loops.append(node[1])
        scope.loops.append((node[1], frozenset()))
        self.block(node[3], scope)
        scope.loops.pop()
        self._loops.pop()

    def _with(self, node: Any, scope: Scope) -> bool:
        for item, target in node[2]:
            value = self.value(item, scope)
            if target:
                self.bind(target, value, scope)
        return self.block(node[3], scope)

    def _try(self, node: Any, scope: Scope) -> None:
        self.block(node[2], scope)
        for handler in node[3]:
            scope.names.branch()
            ended = self.block(handler, scope)
            bound = scope.names.back()
            if not ended:
                _bind_all(scope, {name: either(scope.names.get(name), value) for name, value in bound.items()
                                  if scope.names.get(name) is not value})  # fmt: skip

    def _def(self, node: Any, scope: Scope) -> None:
        scope.names[node[2]] = self._function(node, scope, node[2])

    def _function(self, node: Any, scope: Scope, name: str) -> Function:
        decorators = [text_of(item) for item in node[5]]
        function = Function(name, node[3], node[4], scope, node[1])
        function.reads_as_value = any(text.endswith(("property", ".setter")) for text in decorators)
        self.defined.append(function)
        return function

    def _class(self, node: Any, scope: Scope) -> None:
        bases = [self.value(base, scope) for base in node[3]]
        found = Class(node[2], scope, bases, {}, {}, node[1])
        inner = Scope(scope.path, parent=scope)
        for statement in node[4]:
            if statement[0] == "def":
                found.methods[statement[2]] = self._function(statement, scope, f"{node[2]}.{statement[2]}")
            elif statement[0] == "assign":
                self._assign(statement, inner)
        found.members = inner.names
        scope.names[node[2]] = found

    def _import(self, node: Any, scope: Scope) -> None:
        for name, dotted, level in node[2]:
            if name == "*":
                value = self.module(scope.path, dotted.rpartition(".")[0], level)
                if isinstance(value, Group) and value.keys:
                    _bind_all(scope, dict(zip(value.keys, value.elements, strict=True)))
                continue
            value = self.module(scope.path, dotted, max(level, 0))
            if level < 0 and value is not None:  # import a.b: the name a holds the package
                for part in reversed(dotted.split(".")[1:]):
                    value = Group([value], [part])
            outer = name if level < 0 else dotted
            scope.names[name] = value if value is not None else Library(outer, imported=True)


def _bind_all(scope: Scope, bound: dict[str, Value]) -> None:
    for name, value in bound.items():
        scope.names[name] = value


def _role(name: str) -> str:
    """Return which part of a split a name speaks of."""
    lower = name.lower()
    for role, words in (("train", ("train", "trn")), ("test", ("test", "tst")), ("val", ("val", "dev"))):
        if any(word in lower for word in words):
            return role
    return ""
