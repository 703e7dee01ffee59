"""Whether a statement may be moved: who else reads or binds what it does, in between and elsewhere."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable

from auditor.analysis.repair.script import Refused, Script, Spot, names_of, root_of

_OPAQUE = frozenset(("eval", "exec", "globals", "locals", "vars", "setattr"))


def unread(statements: Iterable[ast.stmt], names: set[str]) -> None:
    """Raise Refused where a statement reads or binds one of these names, or may do so unseen."""
    for statement in statements:
        held = names_of(statement)
        if found := sorted(held & names):
            raise Refused(f"line {statement.lineno} uses `{found[0]}` too")
        if held & _OPAQUE:
            raise Refused(f"what line {statement.lineno} reads is not known")


def leaves(statements: Iterable[ast.stmt]) -> None:
    """Raise Refused where a statement may leave the block: what was moved past it would not run."""
    for statement in statements:
        for part in ast.walk(statement):
            if isinstance(part, ast.Return | ast.Raise | ast.Break | ast.Continue | ast.Yield | ast.YieldFrom):
                raise Refused(f"line {statement.lineno} may leave before the new place")


def own_alone(script: Script, spot: Spot, names: set[str]) -> None:
    """Raise Refused where names of a statement's scope are those of others too: of functions, or of other rounds."""
    if spot.looped:
        raise Refused(f"line {spot.statement.lineno} stands in a loop")
    if isinstance(spot.scope, ast.Module) and script.imported:
        raise Refused("other files import this one")
    if isinstance(spot.scope, ast.ClassDef):
        raise Refused(f"line {spot.statement.lineno} stands in the body of a class")
    for part in ast.walk(spot.scope):
        if part is spot.scope or not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if found := sorted(_free_in(part) & names):
            raise Refused(f"the function at line {part.lineno} uses `{found[0]}` too")
    for part in ast.walk(spot.scope):
        if isinstance(part, ast.Global | ast.Nonlocal) and (found := sorted(set(part.names) & names)):
            raise Refused(f"line {part.lineno} shares `{found[0]}` with another function")


def unaliased(spot: Spot, target: ast.expr) -> None:
    """Raise Refused where a table that is changed in place may be known under another name, or to a caller."""
    if isinstance(target, ast.Name):
        return
    name = root_of(target)
    parameters = getattr(spot.scope, "args", None)
    if isinstance(parameters, ast.arguments) and name in {
        a.arg for a in ast.walk(parameters) if isinstance(a, ast.arg)
    }:
        raise Refused(f"the caller sees what is changed in `{name}`")
    for part in ast.walk(spot.scope):
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Name):
            bound = {node.id for target in part.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
            if name in bound | {part.value.id}:
                raise Refused(f"line {part.lineno} gives `{name}` a second name")


def _free_in(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """Return the names that a function takes from around it; every name in it where that cannot be told."""
    try:
        whole = symtable.symtable(ast.unparse(function), "function", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # `nonlocal` alone, for one
        return names_of(function)
    found: set[str] = set()
    pending = [whole]
    while pending:
        table = pending.pop()
        pending += table.get_children()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() or table is whole}
    return found
