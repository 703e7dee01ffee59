"""Evaluate expressions."""

from __future__ import annotations

from typing import Any

from auditor.analysis.flow.call import Call, element_of
from auditor.analysis.flow.core import Core, Exhausted
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.statements import UNROLLED
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


class Expressions(Core):
    """The expressions, each by its kind."""

    def value(self, node: Any, scope: Scope) -> Value:
        """Return what an expression gives."""
        if node is None:
            return Data()
        self.steps -= 1
        if self.steps <= 0:
            raise Exhausted
        value: Value = getattr(self, "_v_" + node[0])(node, scope)
        return value

    def _v_name(self, node: Any, scope: Scope) -> Value:
        found = scope.get(node[1])
        return found if found is not None else Library(node[1])

    def _v_const(self, node: Any, scope: Scope) -> Value:
        return Constant(node[1])

    def _v_attr(self, node: Any, scope: Scope) -> Value:
        base, name = self.value(node[1], scope), node[2]
        if isinstance(base, Library):
            return Library(f"{base.name}.{name}", base.imported)
        if isinstance(base, Group) and base.keys is not None and (member := base.get(name)) is not None:
            return member
        if isinstance(base, Class):
            return base.find(name) or Data()
        if isinstance(base, Thing):
            if name in base.attributes:
                return base.attributes[name]
            member = base.cls.find(name) if base.cls else None
            if isinstance(member, Function):
                method = self.bound_method(member, base)
                return (
                    self.enter(method, Call([], {}, Place(scope.path, self.line), ("call", 0, None, (), ())))
                    if (member.reads_as_value)
                    else method
                )
            if member is not None:
                return member
        return self.semantics.attribute(base, name, Place(scope.path, self.line))

    def _v_item(self, node: Any, scope: Scope) -> Value:
        base = self.value(node[1], scope)
        index = self.value(node[2], scope) if node[2] and node[2][0] != "slice" else None
        return self.semantics.item(base, index, node, scope)

    def _v_slice(self, node: Any, scope: Scope) -> Value:
        return Data()

    def _v_group(self, node: Any, scope: Scope) -> Value:
        elements: list[Value] = []
        open_ = False
        for part in node[2]:
            value = self.value(part[1] if part and part[0] == "star" else part, scope)
            if part and part[0] == "star":
                open_ = not isinstance(value, Group) or value.open
                elements += value.elements if isinstance(value, Group) else [value]
            else:
                elements.append(value)
        return Group(elements, open=open_)

    def _v_dict(self, node: Any, scope: Scope) -> Value:
        keys, elements = [], []
        for key, part in zip(node[1], node[2], strict=True):
            elements.append(self.value(part, scope))
            found = self.value(key, scope) if key else None
            keys.append(found.value if isinstance(found, Constant) else object())
        return Group(elements, keys)

    def _v_op(self, node: Any, scope: Scope) -> Value:
        values = [self.value(part, scope) for part in node[2]]
        operator = node[1]
        if operator == "Yield":
            scope.returned.append(Group(values, open=True))
            return Data()
        if operator == "Add" and all(isinstance(v, Group) and v.keys is None for v in values):
            groups = [v for v in values if isinstance(v, Group)]
            return Group([e for g in groups for e in g.elements], open=any(g.open for g in groups))
        if operator == "USub" and isinstance(values[0], Constant) and isinstance(values[0].value, int | float):
            return Constant(-values[0].value)
        if operator in ("And", "Or"):
            return either(values[0], values[-1]) if len(values) == 2 else merged([data_of(v) for v in values])
        if all(isinstance(v, Constant | Library) for v in values):
            return Data()
        if operator in _COMPARES:
            self.semantics.compared(values, [text_of(part) for part in node[2]])
        found = merged([data_of(value) for value in values])
        if operator in _COMPARES and len(values) == 2:
            found.test = (text_of(node[2][0]), (operator, text_of(node[2][1])))
        elif operator in ("Invert", "Not") and isinstance(values[0], Data):
            known = values[0].test
            found.test = (known[0], _negated(known[1])) if known else (text_of(node[2][0]), ("no",))
        else:
            found.test = None
        return found

    def _v_lambda(self, node: Any, scope: Scope) -> Value:
        return Function("lambda", node[2], (("return", node[1], node[3]),), scope, node[1], plain=True)

    def _v_star(self, node: Any, scope: Scope) -> Value:
        return self.value(node[1], scope)

    def _v_walrus(self, node: Any, scope: Scope) -> Value:
        value = self.value(node[2], scope)
        self.bind(node[1], value, scope)
        return value

    def _v_choice(self, node: Any, scope: Scope) -> Value:
        self.value(node[1], scope)
        return either(self.value(node[2], scope), self.value(node[3], scope))

    def _v_comp(self, node: Any, scope: Scope) -> Value:
        inner = Scope(scope.path, parent=scope)
        bound: set[str] = set()
        unrolled: list[Value] = []
        tested: list[Data] = []
        for target, source, conditions in node[2]:
            value = self.value(source, inner)
            bound |= set(targets_of(target))
            known = isinstance(value, Group) and not value.open and len(value.elements) <= UNROLLED
            if known and isinstance(value, Group) and len(node[2]) == 1 and len(node[1]) == 1 and not conditions:
                for element in value.elements:
                    self.bind(target, element, inner)
                    unrolled.append(self.value(node[1][0], inner))
                return Group(unrolled)
            self.bind(target, element_of(value), inner)
            tested += [data_of(self.value(condition, inner)) for condition in conditions]
        inner.loops.append((self.line, frozenset(bound)))
        found = data_of(self.value(node[1][-1], inner)).copy(item=False)
        found.marks = found.marks.union(*(one.marks for one in tested))
        return found if found.rows or found.marks or found.used else Group([found], open=True)


_COMPARES = frozenset(("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "In", "NotIn"))
_NEGATED = {"Eq": "NotEq", "NotEq": "Eq", "Lt": "GtE", "GtE": "Lt", "Gt": "LtE", "LtE": "Gt", "In": "NotIn",
            "NotIn": "In", "isnull": "notnull", "notnull": "isnull", "yes": "no", "no": "yes"}  # fmt: skip


def _negated(part: tuple[str, ...]) -> tuple[str, ...]:
    return (_NEGATED.get(part[0], "no"), *part[1:])
