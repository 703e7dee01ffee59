"""Carry out calls: of the program's own functions by entering them, of everything else by asking the semantics."""

from __future__ import annotations

import builtins
from dataclasses import replace
from typing import Any

from auditor.analysis.flow.call import Call
from auditor.analysis.flow.core import Core
from auditor.analysis.flow.scopes import Names, Scope
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

DEPTH = 12
"""How many functions of the program may be entered within each other."""


class Calls(Core):
    """Calls, and the entering of functions and classes."""

    def _v_call(self, node: Any, scope: Scope) -> Value:
        function_node = node[2]
        arguments: list[Value] = []
        for part in node[3]:
            value = self.value(part, scope)
            if part and part[0] == "star" and isinstance(value, Group) and not value.open:
                arguments += value.elements
            else:
                arguments.append(value)
        keywords = {key: self.value(part, scope) for key, part in node[4]}
        call = Call(arguments, keywords, Place(scope.path, node[1]), node, tuple(self._loops),
                    self._stack[-1] if self._stack else 0, tuple(self._branches))  # fmt: skip
        self.count.calls += 1
        if function_node and function_node[0] == "attr":
            name = function_node[2]
            inherited = self._inherited(function_node, scope)
            if inherited is not None:
                return self.apply(inherited, call)
            base = self.value(function_node[1], scope)
            found = self._member(base, name)
            if found is None and not isinstance(base, Library):
                self.count.resolved += isinstance(base, Thing | Group) or (isinstance(base, Data) and bool(base.rows))
                return self._with_functions(self.semantics.method(base, name, call), call)
            function: Value = found if found is not None else Library(f"{base.name}.{name}", base.imported)  # type: ignore[union-attr]
        else:
            function = self.value(function_node, scope)
        return self.apply(function, call)

    def _inherited(self, node: Any, scope: Scope) -> Function | None:
        """Return the program's own method that `super().name` stands for, on the object at hand."""
        if not (node[1] and node[1][0] == "call" and node[1][2] == ("name", "super") and self._running):
            return None
        function = self._running[-1]
        owner = function.scope.get(function.name.partition(".")[0])
        if not isinstance(owner, Class) or not function.parameters:
            return None
        thing = scope.get(function.parameters[0][0])
        found = (base.find(node[2]) for base in owner.bases if isinstance(base, Class))
        method = next((member for member in found if isinstance(member, Function)), None)
        return self.bound_method(method, thing) if method is not None and thing is not None else None

    def _member(self, base: Value, name: str) -> Value | None:
        """Return the program's own function that a name of an object, class or module stands for."""
        if isinstance(base, Thing):
            if name in base.attributes:
                return base.attributes[name]
            member = base.cls.find(name) if base.cls else None
            return self.bound_method(member, base) if isinstance(member, Function) else None
        if isinstance(base, Class):
            return base.find(name)
        if isinstance(base, Group) and base.keys is not None:
            return base.get(name)
        return None

    def apply(self, function: Value, call: Call) -> Value:
        """Return what a call of this value gives."""
        if isinstance(function, Function):
            self.count.resolved += 1
            return self._enter_any(function, call) if function.others else self.enter(function, call)
        if isinstance(function, Class):
            self.count.resolved += 1
            return self._instance(function, call)
        if isinstance(function, Thing):
            self.count.resolved += 1
            method = function.cls.find("forward") or function.cls.find("__call__") if function.cls else None
            if isinstance(method, Function) and not function.cls.library_bases():  # type: ignore[union-attr]
                return self.enter(self.bound_method(method, function), call)
            return self.semantics.invoke(function, call)
        if isinstance(function, Library):
            self.count.resolved += function.imported or function.name in _BUILTINS
            if function.name == "super":
                return Library("super")
            return self._with_functions(self.semantics.call(function, call), call)
        return self.semantics.invoke(function, call)

    def _with_functions(self, result: Value, call: Call) -> Value:
        """Run the program's functions that were handed to a library: it may call them."""
        for value in call.values:
            if isinstance(value, Function) and not value.plain and id(value.body) not in self.entered:
                self.enter(value, Call([], {}, call.place, ("call", 0, None, (), ()), call.loops))
        return result

    def _instance(self, cls: Class, call: Call) -> Value:
        bases = cls.library_bases()
        thing = Thing(bases[0] if bases else cls.name, call.place, cls=cls)
        if any("Dataset" in base or ".datasets." in base for base in bases):
            thing.data = data_of(self.semantics.data_set(cls, call))
        self.instances[id(cls)] = (cls, thing)
        self.semantics.instance(cls, call)
        init = cls.find("__init__")
        if isinstance(init, Function):
            self.enter(self.bound_method(init, thing), call)
        return thing

    def _enter_any(self, function: Function, call: Call) -> Value:
        """Return what one or the other of several functions gives: each is a side of a branching of its own."""
        result: Value | None = None
        for side, one in enumerate((replace(function, others=()), *function.others)):
            self._branches.append((id(call.node), side))
            value = self.enter(one, replace(call, branches=tuple(self._branches)))
            self._branches.pop()
            result = value if result is None else either(result, value)
        return result if result is not None else Data()

    def enter(self, function: Function, call: Call) -> Value:
        """Return what a function of the program gives for a call's arguments."""
        arguments: dict[str, Value] = {}
        given = ([function.bound] if function.bound is not None else []) + call.arguments
        names = [name for name, _ in function.parameters if not name.startswith("*")]
        arguments.update(zip(names, given, strict=False))
        for name, default in function.parameters:
            if name.startswith("**"):
                arguments[name] = Group(list(call.keywords.values()), list(call.keywords))
            elif name.startswith("*"):
                arguments[name] = Group(given[len(names) :])
            elif name in call.keywords:
                arguments[name] = call.keywords[name]
            elif name not in arguments:
                spread = self._spread(name, call)
                default_value = self.value(default, function.scope) if default and spread is None else Data()
                arguments[name] = spread if spread is not None else default_value
        return self.run_body(function, arguments)

    def _spread(self, name: str, call: Call) -> Value | None:
        """Return what `**mapping` in a call gives a parameter; None where it surely gives nothing."""
        mapping = call.keywords.get("**")
        if isinstance(mapping, Group) and mapping.keys is not None:
            return mapping.get(name)
        return self.semantics.attribute(mapping, name, call.place) if isinstance(mapping, Data) else None

    def run_body(self, function: Function, arguments: dict[str, Value]) -> Value:
        """Return what a function's body gives for its parameters; what calls itself gives its arguments together."""
        body = id(function.body)
        often = 0 < self.visits_limit <= self.visits[body]
        if len(self._stack) >= DEPTH or body in self._stack or often:
            return merged([data_of(value) for value in arguments.values()])
        self.entered.add(body)
        self.visits[body] += 1
        given = {name.lstrip("*"): value for name, value in arguments.items()}
        scope = Scope(function.scope.path, Names(given), function.scope)
        line, self.line = self.line, function.line
        self._stack.append(body)
        self._running.append(function)
        try:
            self.block(function.body, scope)
        finally:
            self._stack.pop()
            self._running.pop()
            self.line = line
        result: Value | None = None
        for value in scope.returned:
            result = value if result is None else either(result, value)
        return result if result is not None else Constant(None)


_BUILTINS = frozenset(dir(builtins)) | {"display", "reduce", "unicode", "xrange"}
