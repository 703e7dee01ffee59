"""Calls of `train_test_split` as a repair needs them: what they are given, and what they call the parts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.analysis.leakage.operations import AGGREGATES
from auditor.analysis.repair.safety import leaves, own_alone, unread
from auditor.analysis.repair.script import Refused, Script, Spot, blocks_of, from_sklearn, last_name, names_of, same

_KEEPING = frozenset("fillna clip sub subtract add div divide mul multiply abs log log1p sqrt exp astype round".split())  # noqa: SIM905
_COLUMNS = re.compile(r"col|feat|var|num|cat|name|field|key", re.I)
"""What a list of columns is called; another bare name may be a choice of rows."""


@dataclass(frozen=True)
class Cut:
    """A call of `train_test_split` whose parts have plain names."""

    statement: ast.Assign
    call: ast.Call
    names: tuple[str, ...]

    def parts(self, argument: ast.expr) -> tuple[str, str] | None:
        """Return the names of the two parts of an argument; None where it is not cut here."""
        for position, given in enumerate(self.call.args):
            if same(given, argument):
                return self.names[2 * position], self.names[2 * position + 1]
        return None

    def parts_of_name(self, name: str) -> tuple[str, str]:
        """Return the names of the two parts of what a name holds; raises Refused where it is not cut here."""
        parts = self.parts(ast.Name(name, ast.Load()))
        if parts is None:
            raise Refused(f"`{name}` is not what the split is given")
        return parts


def cut_of(script: Script, statement: ast.stmt) -> Cut | None:
    """Return a statement as a cut; None where it is none, or its parts are kept otherwise than by plain names."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target, call = statement.targets[0], statement.value
    if not isinstance(target, ast.Tuple | ast.List) or not isinstance(call, ast.Call):
        return None
    names = tuple(part.id for part in target.elts if isinstance(part, ast.Name))
    plain = len(names) == len(target.elts) == 2 * len(call.args) and len(set(names)) == len(names)
    if not plain or last_name(call) != "train_test_split" or not from_sklearn(script, call):
        return None
    return Cut(statement, call, names)


def cut_after(script: Script, spot: Spot, kept: set[str], sole: set[str]) -> Cut:
    """Return the cut that follows a statement which may be moved below it; raises Refused where it may not.

    Nothing between uses the names `kept`; nothing else at all, before the statement, uses those of `sole`.
    """
    following = list(spot.following)
    place = next((n for n, s in enumerate(following) if (c := cut_of(script, s)) and sole & names_of(c.call)), None)
    if place is None:
        unread([s for s in following if sole & names_of(s)][:1], sole)
        raise Refused("no split of these rows by `train_test_split` follows in the same block")
    script.alone(spot.statement)
    script.alone(following[place])
    unread(following[:place], kept | sole)
    leaves(following[:place])
    own_alone(script, spot, sole)
    unread(after(script, spot, following[place]), sole)
    found = cut_of(script, following[place])
    assert found is not None
    return found


def after(script: Script, spot: Spot, cut: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the simple statements and heads of a scope that come after one, without those of functions within."""
    pending = list(getattr(spot.scope, "body", ()))
    while pending:
        statement = pending.pop()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if statement.lineno > (cut.end_lineno or 0):
            yield statement
        else:
            pending += [inner for block in blocks_of(statement) for inner in block]


def row_wise(node: ast.expr, name: str) -> bool:
    """Return whether an expression holds, for each row of what a name holds, something of that row, in its order."""
    if isinstance(node, ast.Name):
        return node.id == name
    if isinstance(node, ast.Attribute):
        return node.attr in ("values", "loc", "iloc") and row_wise(node.value, name)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        plain = node.func.attr in ("astype", "to_numpy", "toarray", "copy", "fillna", "tolist")
        return plain and row_wise(node.func.value, name) and name not in names_of(*node.args)
    if isinstance(node, ast.Subscript):
        return row_wise(node.value, name) and _columns(node.slice, name)
    return False


def keeps_rows(node: ast.expr) -> bool:
    """Return whether an expression is arithmetic over tables and statistics of them: no row comes or goes."""
    if isinstance(node, ast.Name | ast.Constant):
        return True
    if isinstance(node, ast.Attribute | ast.UnaryOp):
        return keeps_rows(node.value if isinstance(node, ast.Attribute) else node.operand)
    if isinstance(node, ast.BinOp):
        return keeps_rows(node.left) and keeps_rows(node.right)
    if isinstance(node, ast.Subscript):
        first = isinstance(node.slice, ast.Constant)  # a column by its name, or the first of several modes
        return keeps_rows(node.value) and (first or _columns(node.slice, ""))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        known = node.func.attr in _KEEPING or node.func.attr in AGGREGATES
        return known and keeps_rows(node.func.value) and all(keeps_rows(part) for part in given)
    return False


def only_wraps(node: ast.expr, call: ast.Call) -> bool:
    """Return whether an expression is what a call gives, written otherwise: as an array, as a table."""
    if node is call:
        return True
    if isinstance(node, ast.Attribute):
        return node.attr in ("A", "values") and only_wraps(node.value, call)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and only_wraps(node.func.value, call):
        return node.func.attr in ("toarray", "todense", "astype", "to_numpy")
    wraps = isinstance(node, ast.Call) and last_name(node) in ("DataFrame", "Series", "array", "asarray")
    return wraps and bool(node.args) and only_wraps(node.args[0], call)  # type: ignore[attr-defined]


def _columns(index: ast.expr, name: str) -> bool:
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        rows = index.elts[0]
        return isinstance(rows, ast.Slice) and rows.lower is rows.upper is rows.step is None
    if isinstance(index, ast.Constant):
        return isinstance(index.value, str)
    if isinstance(index, ast.List):
        return all(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in index.elts)
    return isinstance(index, ast.Name) and index.id != name and bool(_COLUMNS.search(index.id))
