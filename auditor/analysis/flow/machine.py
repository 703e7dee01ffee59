"""Run a program's statements over values that stand for many: which data, objects and functions flow where.

Every statement runs once, in order, both sides of a branch one after the other and joined, a loop's body once, or once
for each element of a short list. Functions and classes of the program are entered where they are called. Names are
bound anew by each assignment; data and objects keep their identity, so that a change through one name is seen through
the others. Work is bounded in steps and in depth; what lies beyond is left out and said to be (`exhausted`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

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

STEPS = 80_000
DEPTH = 12
"""How many functions of the program may be entered within each other."""
UNROLLED = 6
"""Loops over lists of at most so many known elements run once for each."""


class Exhausted(Exception):
    """The steps are used up."""


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

    def invoke(self, thing: Thing, call: Call) -> Value:
        """Return what calling an object gives."""

    def attribute(self, base: Value, name: str, place: Place) -> Value:
        """Return an attribute of data or of an object."""

    def item(self, base: Value, index: Value | None, node: Any, scope: Scope) -> Value:
        """Return `base[index]`."""

    def set_item(self, base: Value, index: Any, value: Value, target: Any) -> None:
        """Carry out `base[index] = value`."""

    def bound(self, target: Any, value: Value, place: Place) -> None:
        """Note that a value got a name."""

    def compared(self, values: list[Value], texts: list[str]) -> None:
        """Note that values, written as these texts, were compared with each other."""


@dataclass
class Count:
    """How many calls were met, and of how many it is known what they run."""

    calls: int = 0
    resolved: int = 0


@dataclass
class Machine:
    """One run over one program: a module's statements and all that they reach."""

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
    _stack: list[int] = field(default_factory=list)
    _loops: list[int] = field(default_factory=list)

    # Statements

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
            self._enter(function, arguments)

    def block(self, block: tuple[Any, ...], scope: Scope) -> bool:
        """Run statements in order; return whether the last one that ran leaves the block for good."""
        for statement in block:
            self.steps -= 1
            if self.steps <= 0:
                raise Exhausted
            self.line = statement[1]
            if getattr(self, "_" + statement[0])(statement, scope):
                return True
        return False

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
                base.set_column(target[2], data_of(value))
        elif kind == "item":
            self.semantics.set_item(self.value(target[1], scope), target[2], value, target)

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
        before = scope.names
        scope.names = dict(before)
        ended = self.block(node[3], scope)
        one, scope.names = scope.names, dict(before)
        ended_too = self.block(node[4], scope)
        other = scope.names
        if ended or ended_too:
            scope.names = before
            before.update(other if ended else one)
        else:
            before.update({name: either(one.get(name), other.get(name)) if one.get(name) is not other.get(name)
                           else one[name] for name in one.keys() | other.keys()})  # fmt: skip
            scope.names = before
        return ended and ended_too

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
            before = dict(scope.names)
            ended = self.block(handler, scope)
            after, scope.names = scope.names, before
            if not ended:
                before.update({name: either(before.get(name), value) for name, value in after.items()
                               if before.get(name) is not value})  # fmt: skip

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
                    scope.names.update(zip(value.keys, value.elements, strict=True))
                continue
            value = self.module(scope.path, dotted, max(level, 0))
            if level < 0 and value is not None:  # import a.b: the name a holds the package
                for part in reversed(dotted.split(".")[1:]):
                    value = Group([value], [part])
            outer = name if level < 0 else dotted
            scope.names[name] = value if value is not None else Library(outer, imported=True)

    # Expressions

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
                method = self._bound(member, base)
                return self.enter(method, Call([], {}, Place(scope.path, self.line), ("call", 0, None, (), ()))) if (
                    member.reads_as_value
                ) else method
            if member is not None:
                return member
        return self.semantics.attribute(base, name, Place(scope.path, self.line))

    def _bound(self, function: Function, base: Value) -> Function:
        return Function(function.name, function.parameters, function.body, function.scope, function.line, base)

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

    # Calls

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
                    self._stack[-1] if self._stack else 0)  # fmt: skip
        self.count.calls += 1
        if function_node and function_node[0] == "attr":
            base = self.value(function_node[1], scope)
            name = function_node[2]
            found = self._member(base, name)
            if found is None and not isinstance(base, Library):
                self.count.resolved += isinstance(base, Thing | Group) or (isinstance(base, Data) and bool(base.rows))
                return self._with_functions(self.semantics.method(base, name, call), call)
            function: Value = found if found is not None else Library(f"{base.name}.{name}", base.imported)  # type: ignore[union-attr]
        else:
            function = self.value(function_node, scope)
        return self.apply(function, call)

    def _member(self, base: Value, name: str) -> Value | None:
        """Return the program's own function that a name of an object, class or module stands for."""
        if isinstance(base, Thing):
            if name in base.attributes:
                return base.attributes[name]
            member = base.cls.find(name) if base.cls else None
            return self._bound(member, base) if isinstance(member, Function) else None
        if isinstance(base, Class):
            return base.find(name)
        if isinstance(base, Group) and base.keys is not None:
            return base.get(name)
        return None

    def apply(self, function: Value, call: Call) -> Value:
        """Return what a call of this value gives."""
        if isinstance(function, Function):
            self.count.resolved += 1
            return self.enter(function, call)
        if isinstance(function, Class):
            self.count.resolved += 1
            return self._instance(function, call)
        if isinstance(function, Thing):
            self.count.resolved += 1
            method = function.cls.find("forward") or function.cls.find("__call__") if function.cls else None
            if isinstance(method, Function) and not function.cls.library_bases():  # type: ignore[union-attr]
                return self.enter(self._bound(method, function), call)
            return self.semantics.invoke(function, call)
        if isinstance(function, Library):
            self.count.resolved += function.imported or function.name in _BUILTINS
            if function.name == "super":
                return Library("super")
            return self._with_functions(self.semantics.call(function, call), call)
        return merged([data_of(function), *(data_of(value) for value in call.values)])

    def _with_functions(self, result: Value, call: Call) -> Value:
        """Run the program's functions that were handed to a library: it may call them."""
        for value in call.values:
            if isinstance(value, Function) and not value.plain and id(value.body) not in self.entered:
                self.enter(value, Call([], {}, call.place, ("call", 0, None, (), ()), call.loops))
        return result

    def _instance(self, cls: Class, call: Call) -> Value:
        bases = cls.library_bases()
        thing = Thing(bases[0] if bases else cls.name, call.place, cls=cls)
        init = cls.find("__init__")
        if isinstance(init, Function):
            self.enter(self._bound(init, thing), call)
        whole = merged([data_of(value) for value in call.values])
        if whole.rows and any("Dataset" in base for base in bases):
            return whole.copy(opaque="")
        return thing

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
                arguments[name] = self.value(default, function.scope) if default else Data()
        return self._enter(function, arguments)

    def _enter(self, function: Function, arguments: dict[str, Value]) -> Value:
        body = id(function.body)
        if len(self._stack) >= DEPTH or body in self._stack:
            return merged([data_of(value) for value in arguments.values()])
        self.entered.add(body)
        scope = Scope(function.scope.path, {name.lstrip("*"): v for name, v in arguments.items()}, function.scope)
        line, self.line = self.line, function.line
        self._stack.append(body)
        try:
            self.block(function.body, scope)
        finally:
            self._stack.pop()
            self.line = line
        result: Value | None = None
        for value in scope.returned:
            result = value if result is None else either(result, value)
        return result if result is not None else Constant(None)


_COMPARES = frozenset(("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "In", "NotIn"))
_NEGATED = {"Eq": "NotEq", "NotEq": "Eq", "Lt": "GtE", "GtE": "Lt", "Gt": "LtE", "LtE": "Gt", "In": "NotIn",
            "NotIn": "In", "isnull": "notnull", "notnull": "isnull", "yes": "no", "no": "yes"}  # fmt: skip
_BUILTINS = frozenset(
    "abs all any bool bytes callable chr dict dir divmod enumerate eval exec filter float format frozenset getattr"
    " globals hasattr hash hex id input int isinstance issubclass iter len list locals map max min next object oct"
    " open ord pow print property range repr reversed round set setattr slice sorted staticmethod classmethod str sum"
    " super tuple type vars zip display".split()  # noqa: SIM905
)


def _negated(part: tuple[str, ...]) -> tuple[str, ...]:
    return (_NEGATED.get(part[0], "no"), *part[1:])


def _role(name: str) -> str:
    """Return which part of a split a name speaks of."""
    lower = name.lower()
    for role, words in (("train", ("train", "trn")), ("test", ("test", "tst")), ("val", ("val", "dev"))):
        if any(word in lower for word in words):
            return role
    return ""


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
