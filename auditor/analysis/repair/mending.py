"""Repairs of hazards: order put into what has none, a keyword given to a call, a switch turned off; in the child."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.analysis.repair.safety import own_alone
from auditor.analysis.repair.script import Refused, Script, Spot, binds, blocks_of, last_name, names_of, root_of, same

_KEYWORDS = frozenset(
    "random_state seed generator worker_init_fn in_order deterministic sloppy benchmark sampler".split()  # noqa: SIM905
)
"""What a call may be given that only fixes what it draws, or the order in which it hands on."""
_ONCE = frozenset(("iglob", "iterdir", "rglob", "scandir"))
"""They give an iterator, which `sorted` makes a list of."""
_ITERATES = frozenset("list tuple enumerate zip map filter iter set frozenset array asarray tqdm".split())  # noqa: SIM905
_ASKS = frozenset("len min max sum print any all join".split())  # noqa: SIM905


@dataclass(frozen=True)
class Fix:
    """One hazard's place and the code to write instead, as `Hazard.fix` has it."""

    line: int
    code: str


def mend(script: Script, line: int, fix: Fix) -> None:
    """Write a fix into a file; raises Refused where it is more than a change of one call or one value."""
    if fix.code.startswith("dirs.sort()"):
        return _sort_walk(script, line)
    try:
        parsed = ast.parse(fix.code).body
    except (SyntaxError, ValueError, RecursionError):
        raise Refused("the fix is more than a change of one call") from None
    if len(parsed) > 1 and isinstance(parsed[0], ast.Import):
        raise Refused(f"the file does not import {parsed[0].names[0].name}")
    statement = parsed[0] if len(parsed) == 1 else None
    if isinstance(statement, ast.Assign):
        return _assign(script, line, statement)
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        raise Refused("the fix is more than a change of one call")
    inner = call.args[0] if call.args else None
    if last_name(call) == "sorted" and isinstance(inner, ast.Call):
        return _sort(script, _called(script, line, last_name(inner)), call.keywords)
    if last_name(call) == "imap":
        return _in_order(script, _called(script, line, "imap_unordered"))
    return _keywords(script, _called(script, line, last_name(call)), call)


def _called(script: Script, line: int, name: str) -> ast.Call:
    """Return the one call of this name on a line."""
    found = [n for n in script.nodes if isinstance(n, ast.Call) and n.lineno == line and last_name(n) == name]
    if not found:
        raise Refused(f"the fix is more than a change of the call in line {line}")
    if len(found) > 1:
        raise Refused(f"line {line} holds more than one call of `{name}`")
    return found[0]


def _assign(script: Script, line: int, wanted: ast.Assign) -> None:
    statement = script.spot(line).statement
    if not isinstance(statement, ast.Assign) or not any(
        same(target, wanted.targets[0]) for target in statement.targets
    ):
        raise Refused(f"line {line} is no assignment by itself")
    if not isinstance(statement.value, ast.Constant) or len(statement.targets) > 1:
        raise Refused(f"line {line} sets more than this")
    script.put(statement.value, ast.unparse(wanted.value))


def _keywords(script: Script, call: ast.Call, wanted: ast.Call) -> None:
    """Give a call the keywords that it lacks or has otherwise."""
    known = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in known:
        raise Refused("what the call is given by `**` is not seen")
    new = {k.arg: k.value for k in wanted.keywords if k.arg and not (k.arg in known and same(known[k.arg], k.value))}
    if not new or new.keys() - _KEYWORDS:
        raise Refused("whether it is meant so is the author's to say")
    spot = script.spot(call.lineno)
    texts = {name: _value(script, spot, value) for name, value in new.items()}
    changes: dict[ast.AST, str] = {known[name]: text for name, text in texts.items() if name in known}
    added = "".join(f", {name}={text}" for name, text in texts.items() if name not in known)
    last = max([*call.args, *known.values()], key=lambda node: (node.end_lineno, node.end_col_offset), default=None)
    if added and last is not None:
        changes[last] = changes.get(last, script.segment(last)) + added
    text = script.written(call, changes)
    if added and last is None:
        text = re.sub(r"\(\s{0,99}\)$", lambda _: f"({added[2:]})", text)
    script.put(call, text)


def _value(script: Script, spot: Spot, value: ast.expr) -> str:
    """Return a keyword's new value in names that are known there."""
    if isinstance(value, ast.Lambda):
        return _worker(script, value)
    through = {id(part.value) for part in ast.walk(value) if isinstance(part, ast.Attribute)}
    bare = {part.id for part in ast.walk(value) if isinstance(part, ast.Name) and id(part) not in through}
    if found := sorted(bare & _parameters(spot.scope)):
        raise Refused(f"what `{found[0]}` holds there is its caller's to say")
    if found := sorted(bare & _bound_otherwise(script.tree)):
        raise Refused(f"`{found[0]}` is not only assigned to")
    for name in sorted(names_of(value)):
        if not _in_scope(script, spot, name):
            raise Refused(f"`{name}` is not known in line {spot.statement.lineno}")
    return ast.unparse(value)


def _worker(script: Script, value: ast.Lambda) -> str:
    """Define a function of one line below the imports, which other processes can be sent; return its name."""
    name, head = "seed_worker", None
    for statement in script.tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            head = statement
        elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            break
    if head is None or name in names_of(script.tree):
        raise Refused(f"`{name}` is another one there, or no import stands at the head of the file")
    parameter = value.args.args[0].arg
    known = {bound for statement in script.tree.body for bound in _bound(statement)}
    if lacking := sorted(names_of(value.body) - known - {parameter}):
        raise Refused(f"`{lacking[0]}` is not known to all of the file")
    script.insert_after(head, ["", "", f"def {name}({parameter}):", f"    {ast.unparse(value.body)}", ""])
    return name


def _in_scope(script: Script, spot: Spot, name: str) -> bool:
    """Return whether a name surely has its value where a statement stands: bound before it, or by the whole file."""
    line, scope = spot.statement.lineno, spot.scope
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return any(name in _bound(statement) for statement in _before(script.tree.body, line))
    if name in _parameters(scope):
        return True
    inner = (part for part in ast.walk(scope) if isinstance(part, ast.stmt) and part is not scope)
    if any(name in _bound(statement) for statement in inner):
        return any(name in _bound(statement) for statement in _before(scope.body, line))
    imports = ast.Import | ast.ImportFrom
    return any(
        name in _bound(statement)
        for statement in script.tree.body
        if statement.lineno < scope.lineno or isinstance(statement, imports)
    )  # what is bound below a function may not be there when it is called


def _bound_otherwise(tree: ast.Module) -> set[str]:
    """Return the names that a loop, an unpacking or a deletion binds too: what is assigned to them tells not all."""
    assigned = {id(target) for part in ast.walk(tree) if isinstance(part, ast.Assign) for target in part.targets}
    names = (part for part in ast.walk(tree) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load))
    return {part.id for part in names if id(part) not in assigned}


def _parameters(scope: ast.AST) -> set[str]:
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return set()
    return {part.arg for part in ast.walk(scope.args) if isinstance(part, ast.arg)}


def _before(block: Sequence[ast.stmt], line: int) -> Iterator[ast.stmt]:
    """Yield the statements that have surely run before a line, in its own block and those around it."""
    for statement in block:
        if statement.lineno > line:
            return
        if (statement.end_lineno or 0) < line:
            yield statement
        else:
            yield from [statement] if isinstance(statement, ast.For) else []
            for inner in blocks_of(statement):
                if inner[0].lineno <= line <= (inner[-1].end_lineno or 0):  # another branch has not run
                    yield from _before(inner, line)


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement by itself binds."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return {n.id for t in targets if t for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


# Order


def _sort(script: Script, call: ast.Call, keywords: list[ast.keyword]) -> None:
    """Put `sorted(…)` around what has no order; raises Refused where a list is not as good as what it gave."""
    if any(binds(node, "sorted") or binds(node, "iter") for node in script.nodes):
        raise Refused("`sorted` or `iter` is another one in the file")
    key = "".join(f", {keyword.arg}={ast.unparse(keyword.value)}" for keyword in keywords)
    parent = script.parents.get(call)
    text = f"sorted({script.segment(call)}{key})"
    once = last_name(call) in _ONCE or (last_name(call) == "glob" and not _lists(script, call))
    if isinstance(parent, ast.Call) and last_name(parent) == "next" and call in parent.args:
        text = f"iter({text})"
    elif isinstance(parent, ast.withitem | ast.Await | ast.Starred | ast.Attribute | ast.BinOp):
        raise Refused("a list would not do in its place")
    elif (once or last_name(call) in ("set", "frozenset")) and not _only_iterated(parent, call):
        _list_will_do(script, call, parent)
    script.put(call, text)


def _lists(script: Script, call: ast.Call) -> bool:
    """Return whether a call of `glob` is the module's, which gives a list, and no path's, which gives an iterator."""
    root = root_of(call.func)
    for node in script.nodes:
        if isinstance(node, ast.Import) and any((a.asname or a.name) == root and a.name == "glob" for a in node.names):
            return True
        if (
            isinstance(node, ast.ImportFrom)
            and node.module == "glob"
            and root in {a.asname or a.name for a in node.names}
        ):
            return True
    return "gfile" in ast.unparse(call.func)


def _only_iterated(parent: ast.AST | None, node: ast.AST) -> bool:
    """Return whether what holds an expression only goes through its elements."""
    if isinstance(parent, ast.Call):
        return last_name(parent) in _ITERATES | _ASKS and node in parent.args
    return isinstance(parent, ast.For | ast.comprehension) and parent.iter is node


def _list_will_do(script: Script, call: ast.Call, parent: ast.AST | None) -> None:
    """Raise Refused unless the call is given a name of which every use only goes through the elements."""
    target = parent.targets[0] if isinstance(parent, ast.Assign) and parent.value is call else None
    if not isinstance(target, ast.Name) or len(parent.targets) > 1:  # type: ignore[union-attr]
        raise Refused("whether a list would do in its place is not known")
    own_alone(script, script.spot(call.lineno), {target.id})
    for node in script.nodes:
        if isinstance(node, ast.Name) and node.id == target.id and node is not target:
            holder = script.parents.get(node)
            if not _only_iterated(holder, node):
                raise Refused(f"line {node.lineno} uses `{target.id}` in a way that a list may not allow")


def _in_order(script: Script, call: ast.Call) -> None:
    """Take results in the order of their tasks."""
    if not isinstance(call.func, ast.Attribute):
        raise Refused("what is called is not the method of a pool")
    script.put(call.func, f"{script.segment(call.func.value)}.imap")


def _sort_walk(script: Script, line: int) -> None:
    """Sort the names of each folder before a walk goes on to them."""
    loop = next(
        (
            node
            for node in script.nodes
            if isinstance(node, ast.For)
            and node.lineno <= line <= node.body[0].lineno
            and isinstance(node.iter, ast.Call)
            and last_name(node.iter) == "walk"
            and len(node.iter.args) == 1
            and not node.iter.keywords
        ),
        None,
    )
    names = loop.target.elts if loop is not None and isinstance(loop.target, ast.Tuple) else []
    if loop is None or len(names) != 3 or not all(isinstance(name, ast.Name) for name in names[1:]):
        raise Refused("the walk is no loop over folder, folders and files")
    script.insert_before(loop.body[0], [f"{name.id}.sort()" for name in names[1:]])  # type: ignore[attr-defined]
