"""Where unordered things are used by their position: cut, picked, paired, numbered.

Passes over a file's statements in order, in which names hold what they were given last; later ones know which
functions return such things or are handed them, and which attributes hold them. They are followed through names,
attributes of `self`, comprehensions, `list(…)` and the like, lists that are appended to in a loop, and into the
file's functions; what else is done to a value ends its trace, so that silence proves nothing and a find does.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from auditor.analysis.hazards.unordered import (
    KEEPS,
    Expression,
    Held,
    Loop,
    Names,
    Positional,
    Scope,
    Unordered,
    Use,
)
from auditor.analysis.hazards.unordered import is_own as _is_own
from auditor.analysis.hazards.unordered import parts as _parts
from auditor.repository.model import Source

PASSES = 3
"""So often a file is walked through: what a function is handed may be handed on once."""
_SPLITS = re.compile(r"(^|\.)(train_test_split|random_split)$")
_DRAWS = re.compile(
    r"^(numpy\.random|random|torch)\.(\w+\.)?(shuffle|sample|choices?|permutation)$"
    r"|^(self\.)?(rng|rs|random_state|generator)\.(shuffle|sample|choices?|permutation)$"
)
_GRAVEST: tuple[Use, ...] = ("split", "cut", "paired", "numbered", "drawn", "indexed", "picked", "summed")
_SHOWS = re.compile(r"^(print|repr)$|\.(info|debug|warning)$")
_COMBINES = frozenset({"Add", "BitOr", "BitAnd", "Sub", "BitXor", "Or"})


def positional_uses(source: Source, known: dict[str, Unordered]) -> tuple[Positional, ...]:
    """Return the uses by position in one file, the gravest first; `known` are functions of other files that list."""
    walk = _Walk(known)
    block = source.statements.block
    for _ in range(PASSES):
        walk.found.clear()
        walk.block(block, Scope(""))
    told = sorted(walk.found, key=lambda use: _GRAVEST.index(use.use))
    return tuple(use for use in told if use.made.kind != "set" or use.made.strings)


def returned(source: Source) -> dict[str, Unordered]:
    """Return the plain functions of a file that return listed files, by name."""
    walk = _Walk({})
    walk.block(source.statements.block, Scope(""))
    return {
        name: held
        for name, held in walk.names.returns.items()
        if isinstance(held, Unordered) and "." not in name and held.kind == "files"
    }


class _Walk:
    """The walk over one file; statements first, expressions below."""

    def __init__(self, known: dict[str, Unordered]) -> None:
        self.names = Names(known)
        self.found: list[Positional] = []

    def block(self, block: tuple[Any, ...], scope: Scope) -> None:
        for statement in block:
            method = getattr(self, f"_{statement[0]}", None)
            if method:
                method(statement, scope)

    def _import(self, statement: Any, scope: Scope) -> None:
        for name, dotted, level in statement[2]:
            self.names.aliases[name] = dotted if level >= 0 else dotted.partition(".")[0]

    def _def(self, statement: Any, scope: Scope) -> None:
        prefix = scope.owner if scope.class_body else scope.within
        within = f"{prefix}.{statement[2]}" if prefix else statement[2]
        inner = Scope(within, scope.owner, names=dict(scope.names), strings=set(scope.strings))
        for at, (name, _) in enumerate(statement[3]):
            inner.strings.discard(name)
            inner.names.pop(name, None)
            for key in (at, name):
                if (within, key) in self.names.handed:
                    inner.names[name] = self.names.handed[within, key]
        self.block(statement[4], inner)

    def _class(self, statement: Any, scope: Scope) -> None:
        prefix = scope.owner if scope.class_body else scope.within
        owner = f"{prefix}.{statement[2]}" if prefix else statement[2]
        self.block(statement[4], Scope(scope.within, owner, class_body=True))

    def _assign(self, statement: Any, scope: Scope) -> None:
        _, line, targets, value = statement
        held = self.look(value, scope, line)
        for target in targets:
            self._give(target, held, value, scope)

    def _give(self, target: Expression, held: Held, value: Expression, scope: Scope) -> None:
        if target is None:
            return
        if target[0] == "name":
            scope.names.pop(target[1], None)
            scope.strings.discard(target[1])
            for loop in scope.loops:
                loop.fresh.add(target[1])
            if held is not None:
                scope.names[target[1]] = held
            elif self.names.strings(value, scope) == 2:
                scope.strings.add(target[1])
        elif _is_own(target):
            if isinstance(held, Unordered):
                self.names.attributes[scope.owner, target[2]] = held
            elif repr(target) in repr(value)[:4_000]:
                self.names.forget(target, scope)  # made of itself: by then it is in order, or no list any more
        elif target[0] == "group":
            several = held if isinstance(held, tuple) else (None,) * len(target[2])
            for part, one in zip(target[2], several, strict=False):
                self._give(part, one, None, scope)
        elif target[0] == "item":
            self._into(target, value, scope)

    def _into(self, target: Expression, value: Expression, scope: Scope) -> None:
        """Note that `d[x] = …` in a loop over something unordered numbers it, by a counter or a growing length."""
        _, base, index = target
        for loop in scope.loops:
            made, counters = loop.made, loop.counters
            counter = value and value[0] == "name" and value[1] in counters
            length = value and value[0] == "call" and value[2] == ("name", "len") and value[3] == (base,)
            if counter or length:
                self._use(made, "numbered", made.line, scope)
            elif base and base[0] == "name" and index and index[0] == "name" and index[1] in counters:
                scope.names[base[1]] = made

    def _update(self, statement: Any, scope: Scope) -> None:
        _, line, target, operation, value = statement
        held = self.look(value, scope, line)
        if operation == "Add" and _adds(value):
            late = next((loop.made for loop in scope.loops if loop.made.kind == "finish"), None)
            self._use(late, "summed", line, scope)
        if target and target[0] == "name" and isinstance(held, Unordered) and held.kind == "files":
            scope.names.setdefault(target[1], held)

    def _expr(self, statement: Any, scope: Scope) -> None:
        _, line, value = statement
        self.look(value, scope, line)
        for part in value[2] if value and value[0] == "group" else (value,):
            self._called_alone(part, scope)

    def _called_alone(self, value: Expression, scope: Scope) -> None:
        """Follow a call that stands by itself: it may sort or fill what it is called on."""
        if not value or value[0] != "call" or not value[2]:
            return
        function, arguments = value[2], value[3]
        last = function[2] if function[0] == "attr" else function[1] if function[0] == "name" else ""
        if "sort" in last:
            for part in (function[1] if function[0] == "attr" else None, *arguments):
                self.names.forget(part, scope)
        elif function[0] == "attr":
            self._grow(function[1], last, arguments, scope)

    def _grow(self, base: Expression, method: str, arguments: tuple[Any, ...], scope: Scope) -> None:
        """A list that is appended to in a loop over something unordered is unordered; a set learns what it holds."""
        held = self.names.held(base, scope)
        if isinstance(held, Unordered) and held.kind == "set" and method in ("add", "update"):
            held.strings = max([held.strings, *(self.names.strings(argument, scope) for argument in arguments)])
        if method not in ("append", "extend") or not base or not arguments:
            return
        self._number(arguments[0], scope)
        name = base[1] if base[0] == "name" else ""
        given = next((loop.made for loop in reversed(scope.loops) if name not in loop.fresh), None)
        if method == "extend":
            extended = self._quiet(arguments[0], scope)
            given = extended if isinstance(extended, Unordered) else given
        given = replace(given, grown=True) if given is not None else None
        if given is not None and base[0] == "name":
            scope.names.setdefault(base[1], given)
        elif given is not None and _is_own(base):
            self.names.attributes.setdefault((scope.owner, base[2]), given)

    def _number(self, value: Expression, scope: Scope) -> None:
        """Note that what is gathered in an inner loop is given the number of an outer one's turn, as classes are."""
        several = value[2] if value and value[0] == "group" else (value,)
        for loop in scope.loops:
            if loop.depth < scope.depth and any(
                part and part[0] == "name" and part[1] in loop.counters for part in several
            ):
                self._use(loop.made, "numbered", loop.made.line, scope)

    def _return(self, statement: Any, scope: Scope) -> None:
        _, line, value = statement
        held = self.look(value, scope, line)
        if value and value[0] == "group":
            several = tuple(self._quiet(part, scope) for part in value[2])
            held = tuple(one if isinstance(one, Unordered) else None for one in several)
            held = held if any(held) else None
        if held is not None and scope.within:
            self.names.returns[scope.within] = held

    def _if(self, statement: Any, scope: Scope) -> None:
        self.look(statement[2], scope, statement[1])
        self.block(statement[3], scope)
        self.block(statement[4], scope)

    def _for(self, statement: Any, scope: Scope) -> None:
        _, line, target, value, body = statement
        made, counters = self._iterated(target, value, scope, line)
        scope.depth += 1
        scope.loops += [Loop(made, counters, depth=scope.depth)] if made else []
        self.block(body, scope)
        scope.depth -= 1
        if made:
            scope.loops.pop()

    def _iterated(
        self, target: Expression, value: Expression, scope: Scope, line: int
    ) -> tuple[Unordered | None, frozenset[str]]:
        """Return what unordered thing a loop runs over, and the names that count its turns."""
        held = self.look(value, scope, line)
        names: tuple[Any, ...] = target[2] if target and target[0] == "group" else ()
        if value and value[0] == "call" and self.names.dotted(value[2]) == "os.walk":
            for part in names[1:]:
                self._give(part, Unordered("files", value[1]), None, scope)
            return None, frozenset()
        counted = value and value[0] == "call" and value[2] == ("name", "enumerate") and names and names[0]
        counters = frozenset({str(names[0][1])}) if counted and names[0][0] == "name" else frozenset()
        return (held if isinstance(held, Unordered) else None), counters

    def _while(self, statement: Any, scope: Scope) -> None:
        self.look(statement[2], scope, statement[1])
        self.block(statement[3], scope)

    def _try(self, statement: Any, scope: Scope) -> None:
        self.block(statement[2], scope)
        for handler in statement[3]:
            self.block(handler, scope)

    def _with(self, statement: Any, scope: Scope) -> None:
        _, line, items, body = statement
        for value, target in items:
            self._give(target, self.look(value, scope, line), value, scope)
        self.block(body, scope)

    # Expressions

    def _quiet(self, node: Expression, scope: Scope) -> Held:
        """Return what an expression holds, without noting its uses again."""
        kept = len(self.found)
        held = self.look(node, scope, 0)
        del self.found[kept:]
        return held

    def look(self, node: Expression, scope: Scope, line: int) -> Held:
        """Return the unordered thing that an expression yields, or None; uses by position inside it are noted."""
        if not node:
            return None
        if node[0] in ("name", "attr"):
            return self.names.held(node, scope)
        method = getattr(self, f"_look_{node[0]}", None)
        if method:
            return method(node, scope, line)
        for part in _parts(node):
            self.look(part, scope, line)
        return None

    def _look_item(self, node: Expression, scope: Scope, line: int) -> Held:
        held = self.look(node[1], scope, line)
        index = node[2]
        if not isinstance(held, Unordered) or not index:
            return None
        if index[0] == "slice":
            if bool(index[1]) != bool(index[2]) and not index[3]:
                self._use(held, "cut", line, scope)  # with both bounds, all parts are mostly taken in turn
            return held
        if held.grown and not scope.within.endswith("__getitem__"):
            return None
        if (index[0] == "const" and isinstance(index[1], int)) or (index[0] == "op" and index[1] == "USub"):
            self._use(held, "picked", line, scope)
        elif scope.within.endswith("__getitem__") and index[0] in ("name", "op"):
            self._use(held, "indexed", line, scope)
        return None

    def _look_comp(self, node: Expression, scope: Scope, line: int) -> Held:
        _, elements, generators = node
        first = None
        for target, value, _ in generators:
            made, counters = self._iterated(target, value, scope, line)
            first = first or made
            for element in elements if made and len(elements) == 2 else ():
                if element and element[0] == "name" and element[1] in counters:
                    self._use(made, "numbered", line, scope)
        for element in elements:
            self.look(element, scope, line)
        return first if len(elements) == 1 else None

    def _look_op(self, node: Expression, scope: Scope, line: int) -> Held:
        held = [self.look(part, scope, line) for part in node[2]]
        return _first(held) if node[1] in _COMBINES else None

    def _look_choice(self, node: Expression, scope: Scope, line: int) -> Held:
        return _first([self.look(part, scope, line) for part in node[2:]])

    def _look_call(self, node: Expression, scope: Scope, line: int) -> Held:
        _, own_line, function, arguments, keywords = node
        line = line and own_line
        name = self.names.dotted(function)
        last = name.rpartition(".")[2]
        line = 0 if _SHOWS.search(name) else line
        base = self.look(function[1], scope, line) if function and function[0] == "attr" else None
        held = [self.look(part, scope, line) for part in arguments]
        for _, value in keywords:
            self.look(value, scope, line)
        self._hand(name, held, {key: self._quiet(value, scope) for key, value in keywords}, scope)
        if last in ("Process", "Thread"):
            self._start(dict(keywords), scope)
        made = self.names.made(node, name, scope)
        if made or "sort" in last or last in ("set", "frozenset"):
            return made
        if isinstance(base, Unordered) and base.kind == "set":
            if last == "pop" and not arguments:
                self._use(base, "picked", line, scope)
            return base if last in ("union", "intersection", "difference", "copy") else None
        first = _first(held)
        if first is None:
            own = f"{scope.owner}.{name[5:]}" if name.startswith("self.") else last
            return self.names.returns.get(name) or self.names.returns.get(own)
        use = self._called(name, held, arguments)
        if use:
            self._use(first, use, line, scope, name)
        zipped = last == "zip" and use != "paired"
        return first if zipped or KEEPS.search(name) else None

    def _hand(self, name: str, held: list[Held], keywords: dict[str, Held], scope: Scope) -> None:
        """Note what a function of the file, or the making of one of its objects, is handed."""
        if name.startswith("self."):
            places = [(f"{scope.owner}.{name[5:]}", 1)]
        elif "." in name:
            return
        else:
            places = [(name, 0), (f"{name}.__init__", 1)]
        for function, offset in places:
            given: list[tuple[str | int, Held]] = [*enumerate(held, offset), *keywords.items()]
            self.names.handed.update({(function, at): one for at, one in given if isinstance(one, Unordered)})

    def _start(self, keywords: dict[str, Expression], scope: Scope) -> None:
        """Note what a process or thread hands to the function that it starts."""
        target, arguments = keywords.get("target"), keywords.get("args")
        if target and target[0] == "name" and arguments and arguments[0] == "group":
            self._hand(target[1], [self._quiet(part, scope) for part in arguments[2]], {}, scope)

    def _called(self, name: str, held: list[Held], arguments: tuple[Any, ...]) -> Use | None:
        """Return how a function uses the unordered things that it is given, by position."""
        last = name.rpartition(".")[2]
        if _SPLITS.search(name):
            return "split"
        if _DRAWS.search(name):
            return "drawn"
        if last == "zip":
            origins = {id(one.origin) for one in held if isinstance(one, Unordered)}
            return "paired" if len(origins) > 1 else None
        if last == "next":
            return "picked"
        inner = arguments[0] if arguments and arguments[0] and arguments[0][0] == "call" else None
        if last != "dict" or inner is None:
            return None
        counts = any(part and part[0] == "call" and part[2] == ("name", "range") for part in inner[3])
        return "numbered" if inner[2] == ("name", "enumerate") or counts else None

    def _use(self, made: Unordered | None, use: Use, line: int, scope: Scope, drawing: str = "") -> None:
        if line and made is not None:
            self.found.append(Positional(made, use, line, scope.within, drawing))


def _adds(value: Expression) -> bool:
    """Return whether a value that is added may be a fraction, whose sum hangs on the order: no count, no list."""
    if not value or value[0] in ("const", "group", "comp", "dict"):
        return False
    return not (value[0] == "call" and value[2] == ("name", "len"))


def _first(held: list[Held]) -> Unordered | None:
    return next((one for one in held if isinstance(one, Unordered)), None)
