"""A syntax tree as plain data: what an analysis of value flow needs, small enough to leave the confined child.

A statement or expression is a tuple whose first item is its kind. Statements have their line second:

    ("assign", line, targets, value)       ("update", line, target, operator, value)    ("expr", line, value)
    ("return", line, value)                ("if", line, test, body, orelse)
    ("for", line, target, value, body)     ("while", line, test, body)
    ("try", line, body, handlers)          ("with", line, ((value, target), …), body)
    ("class", line, name, bases, body)     ("def", line, name, parameters, body, decorators, last_line)
    ("delete", line, targets)              ("import", line, ((name, dotted, level), …))
    ("jump", line)                         for break, continue and raise

and expressions are

    ("name", id)   ("const", value)   ("attr", base, name)   ("item", base, index)   ("slice", low, high, step)
    ("call", line, function, arguments, ((keyword, value), …))           ("group", kind, items)  ("dict", keys, values)
    ("op", operator, operands)                 ("lambda", line, parameters, value)               ("star", value)
    ("comp", elements, ((target, value, conditions), …))                 ("choice", test, then, otherwise)

A set's literal or comprehension is the call of `set` on its elements. The level of `import a.b` is -1: the name is the
first part. Parameters are ((name, default), …). What has no part in value flow is None.
"""

from __future__ import annotations

import ast
import marshal
import zlib
from typing import Any

from auditor.repository.source import Statements

Node = tuple[Any, ...] | None
Block = tuple[tuple[Any, ...], ...]

NODES_LIMIT = 60_000
"""The most expressions and statements that are kept of one file."""
DEPTH_LIMIT = 80
TEXT_LIMIT = 120
"""Characters kept of a string constant."""


def statements_of(tree: ast.Module) -> Statements:
    """Return the statements of a file, as many as are kept."""
    reader = _Reader()
    block = reader.block(tree.body, 0)
    return Statements(zlib.compress(marshal.dumps(block), 1), reader.left > 0)


class _Reader:
    """One file's conversion; `left` is how many nodes may still be kept."""

    def __init__(self) -> None:
        self.left = NODES_LIMIT

    def block(self, body: list[ast.stmt], depth: int) -> Block:
        found = (self.statement(node, depth + 1) for node in body)
        return tuple(item for item in found if item is not None)

    def statement(self, node: ast.stmt, depth: int) -> Node:
        self.left -= 1
        if self.left <= 0 or depth > DEPTH_LIMIT:
            return None
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node, depth) if method else None

    def expression(self, node: ast.expr | None, depth: int) -> Node:
        self.left -= 1
        if node is None or self.left <= 0 or depth > DEPTH_LIMIT:
            return None
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node, depth + 1) if method else None

    def _many(self, nodes: list[Any], depth: int) -> tuple[Node, ...]:
        return tuple(self.expression(node, depth) for node in nodes)

    # Statements

    def _assign(self, node: ast.Assign, depth: int) -> Node:
        return ("assign", node.lineno, self._many(node.targets, depth), self.expression(node.value, depth))

    def _annassign(self, node: ast.AnnAssign, depth: int) -> Node:
        if node.value is None:
            return None
        return ("assign", node.lineno, self._many([node.target], depth), self.expression(node.value, depth))

    def _augassign(self, node: ast.AugAssign, depth: int) -> Node:
        target, value = self.expression(node.target, depth), self.expression(node.value, depth)
        return ("update", node.lineno, target, type(node.op).__name__, value)

    def _expr(self, node: ast.Expr, depth: int) -> Node:
        if isinstance(node.value, ast.Constant):
            return None
        return ("expr", node.lineno, self.expression(node.value, depth))

    def _return(self, node: ast.Return, depth: int) -> Node:
        return ("return", node.lineno, self.expression(node.value, depth))

    def _if(self, node: ast.If, depth: int) -> Node:
        test = self.expression(node.test, depth)
        return ("if", node.lineno, test, self.block(node.body, depth), self.block(node.orelse, depth))

    def _for(self, node: ast.For | ast.AsyncFor, depth: int) -> Node:
        target, value = self.expression(node.target, depth), self.expression(node.iter, depth)
        return ("for", node.lineno, target, value, self.block([*node.body, *node.orelse], depth))

    _asyncfor = _for

    def _while(self, node: ast.While, depth: int) -> Node:
        body = self.block([*node.body, *node.orelse], depth)
        return ("while", node.lineno, self.expression(node.test, depth), body)

    def _with(self, node: ast.With | ast.AsyncWith, depth: int) -> Node:
        items = tuple(
            (self.expression(item.context_expr, depth), self.expression(item.optional_vars, depth))
            for item in node.items
        )
        return ("with", node.lineno, items, self.block(node.body, depth))

    _asyncwith = _with

    def _try(self, node: ast.Try, depth: int) -> Node:
        body = self.block([*node.body, *node.orelse, *node.finalbody], depth)
        return ("try", node.lineno, body, tuple(self.block(item.body, depth) for item in node.handlers))

    _trystar = _try

    def _match(self, node: ast.Match, depth: int) -> Node:
        cases = tuple(self.block(case.body, depth) for case in node.cases)
        return ("try", node.lineno, (), cases)

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, depth: int) -> Node:
        parameters, body = self._parameters(node.args, depth), self.block(node.body, depth)
        decorators = self._many(node.decorator_list, depth)
        return ("def", node.lineno, node.name, parameters, body, decorators, node.end_lineno or node.lineno)

    _asyncfunctiondef = _functiondef

    def _parameters(self, node: ast.arguments, depth: int) -> tuple[tuple[str, Node], ...]:
        positional = [*node.posonlyargs, *node.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.defaults)) + list(node.defaults)
        pairs = [*zip(positional, defaults, strict=True), *zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        found = [(argument.arg, self.expression(default, depth)) for argument, default in pairs]
        found += [("*" + node.vararg.arg, None)] if node.vararg else []
        found += [("**" + node.kwarg.arg, None)] if node.kwarg else []
        return tuple(found)

    def _classdef(self, node: ast.ClassDef, depth: int) -> Node:
        return ("class", node.lineno, node.name, self._many(node.bases, depth), self.block(node.body, depth))

    def _import(self, node: ast.Import, depth: int) -> Node:
        tops = [alias.name.partition(".")[0] for alias in node.names]
        pairs = ((a.asname, a.name, 0) if a.asname else (t, a.name, -1) for a, t in zip(node.names, tops, strict=True))
        return ("import", node.lineno, tuple(pairs))

    def _importfrom(self, node: ast.ImportFrom, depth: int) -> Node:
        module = node.module or ""
        names = tuple((a.asname or a.name, f"{module}.{a.name}" if module else a.name, node.level) for a in node.names)
        return ("import", node.lineno, names)

    def _delete(self, node: ast.Delete, depth: int) -> Node:
        return ("delete", node.lineno, self._many(node.targets, depth))

    def _raise(self, node: ast.Raise, depth: int) -> Node:
        return ("jump", node.lineno)

    def _break(self, node: ast.Break, depth: int) -> Node:
        return ("jump", node.lineno)

    _continue = _break

    # Expressions

    def _name(self, node: ast.Name, depth: int) -> Node:
        return ("name", node.id)

    def _constant(self, node: ast.Constant, depth: int) -> Node:
        value = node.value
        if isinstance(value, str):
            return ("const", value[:TEXT_LIMIT])
        return ("const", value if isinstance(value, bool | int | float | None) and abs(value or 0) < 1e300 else 0)

    def _attribute(self, node: ast.Attribute, depth: int) -> Node:
        return ("attr", self.expression(node.value, depth), node.attr)

    def _subscript(self, node: ast.Subscript, depth: int) -> Node:
        return ("item", self.expression(node.value, depth), self.expression(node.slice, depth))

    def _slice(self, node: ast.Slice, depth: int) -> Node:
        return ("slice", *(self.expression(part, depth) for part in (node.lower, node.upper, node.step)))

    def _call(self, node: ast.Call, depth: int) -> Node:
        keywords = tuple((key.arg or "**", self.expression(key.value, depth)) for key in node.keywords)
        function = self.expression(node.func, depth)
        return ("call", node.lineno, function, self._many(node.args, depth), keywords)

    def _tuple(self, node: ast.Tuple, depth: int) -> Node:
        return ("group", "tuple", self._many(node.elts[:200], depth))

    def _list(self, node: ast.List, depth: int) -> Node:
        return ("group", "list", self._many(node.elts[:200], depth))

    def _set(self, node: ast.Set, depth: int) -> Node:
        return self._made_set(node, ("group", "list", self._many(node.elts[:200], depth)))

    def _made_set(self, node: ast.expr, elements: Node) -> Node:
        return ("call", node.lineno, ("name", "set"), (elements,), ())

    def _dict(self, node: ast.Dict, depth: int) -> Node:
        return ("dict", self._many(node.keys[:200], depth), self._many(node.values[:200], depth))

    def _binop(self, node: ast.BinOp, depth: int) -> Node:
        return ("op", type(node.op).__name__, self._many([node.left, node.right], depth))

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Node:
        return ("op", type(node.op).__name__, self._many([node.operand], depth))

    def _boolop(self, node: ast.BoolOp, depth: int) -> Node:
        return ("op", type(node.op).__name__, self._many(node.values, depth))

    def _compare(self, node: ast.Compare, depth: int) -> Node:
        return ("op", type(node.ops[0]).__name__, self._many([node.left, *node.comparators], depth))

    def _joinedstr(self, node: ast.JoinedStr, depth: int) -> Node:
        values = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        return ("op", "Format", self._many(values, depth))

    def _lambda(self, node: ast.Lambda, depth: int) -> Node:
        return ("lambda", node.lineno, self._parameters(node.args, depth), self.expression(node.body, depth))

    def _ifexp(self, node: ast.IfExp, depth: int) -> Node:
        return ("choice", *self._many([node.test, node.body, node.orelse], depth))

    def _starred(self, node: ast.Starred, depth: int) -> Node:
        return ("star", self.expression(node.value, depth))

    def _comprehension(self, elements: list[ast.expr], parts: list[ast.comprehension], depth: int) -> Node:
        generators = tuple(
            (self.expression(p.target, depth), self.expression(p.iter, depth), self._many(p.ifs, depth)) for p in parts
        )
        return ("comp", self._many(elements, depth), generators)

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp, depth: int) -> Node:
        return self._comprehension([node.elt], node.generators, depth)

    _generatorexp = _listcomp

    def _setcomp(self, node: ast.SetComp, depth: int) -> Node:
        return self._made_set(node, self._comprehension([node.elt], node.generators, depth))

    def _dictcomp(self, node: ast.DictComp, depth: int) -> Node:
        return self._comprehension([node.key, node.value], node.generators, depth)

    def _await(self, node: ast.Await | ast.YieldFrom, depth: int) -> Node:
        return self.expression(node.value, depth)

    _yieldfrom = _await

    def _yield(self, node: ast.Yield, depth: int) -> Node:
        return ("op", "Yield", self._many([node.value] if node.value else [], depth))

    def _namedexpr(self, node: ast.NamedExpr, depth: int) -> Node:
        return ("walrus", self.expression(node.target, depth), self.expression(node.value, depth))
