"""Repairs of one call: a pipeline in a cross-validation, a split in order of time, test rows only transformed."""

from __future__ import annotations

import ast

from auditor.analysis.repair.cuts import after, cut_of
from auditor.analysis.repair.safety import leaves, own_alone, unread
from auditor.analysis.repair.script import Refused, Script, Spot, from_sklearn, last_name, names_of, same
from auditor.analysis.repair.splits import OTHERWISE, one_call

_OF_THE_MODEL = frozenset(("fit_params", "params", "return_estimator", None))
"""Arguments that name, or give back, what a pipeline holds deeper; None stands for those that are not seen."""
_IN_ORDER = ("estimator", "X", "y")


def into_pipeline(script: Script, line: int, effect: int, resampling: bool) -> None:
    """Put what is fitted on all rows on a line into one pipeline with the model that is cross-validated."""
    spot, crossing = script.spot(line), script.spot(effect)
    statement = spot.statement
    if (
        not isinstance(statement, ast.Assign)
        or len(statement.targets) != 1
        or not isinstance(statement.value, ast.Call)
    ):
        raise Refused(OTHERWISE)
    call = statement.value
    if last_name(call) not in ("fit_transform", "fit_resample", "fit_sample") or not isinstance(
        call.func, ast.Attribute
    ):
        raise Refused(OTHERWISE)
    target = statement.targets[0]
    made = [target] if isinstance(target, ast.Name) else list(getattr(target, "elts", ()))
    names = [part.id for part in made if isinstance(part, ast.Name)]
    if not names or len(names) != len(made) or call.keywords or (len(names) > 1 and len(names) != len(call.args)):
        raise Refused("what is made is kept otherwise than by plain names")
    cross = _crossed(script, crossing)
    if crossing.block is not spot.block or crossing.index <= spot.index:
        raise Refused("the cross-validation stands in another block")
    between = spot.block[spot.index + 1 : crossing.index]
    script.alone(statement)
    script.alone(crossing.statement)
    unread(between, set(names) | names_of(call))
    leaves(between)
    fitted = {call.func.value.id} if isinstance(call.func.value, ast.Name) else set()
    own_alone(script, spot, set(names) | fitted)  # only copies of it are fitted from now on
    unread(after(script, spot, crossing.statement), set(names) | fitted)
    changes: dict[ast.AST, str] = {}
    for name, given in zip(names, call.args, strict=False):
        changes |= {
            node: script.segment(given)
            for node in ast.walk(cross)
            if isinstance(node, ast.Name) and node.id == name and node is not cross.args[0]
        }
    model = script.segment(cross.args[0])
    maker = _maker(script, spot, call.func.value)
    if set(names) & names_of(cross.args[0]):
        raise Refused("the model is made of what is prepared")
    changes[cross.args[0]] = f"make_pipeline({maker}, {model})"
    script.remove(statement)
    script.replace(crossing.statement, script.written(crossing.statement, changes))
    add_import(script, "imblearn.pipeline" if resampling else "sklearn.pipeline", "make_pipeline")


def _crossed(script: Script, spot: Spot) -> ast.Call:
    found = [
        part
        for part in ast.walk(spot.statement)
        if isinstance(part, ast.Call) and last_name(part).startswith("cross_val") and len(part.args) >= 2
    ]
    if len(found) != 1 or not from_sklearn(script, found[0]):
        raise Refused("the cross-validation is not one call of scikit-learn with its model and data in order")
    given = {keyword.arg for keyword in found[0].keywords}
    if len(found[0].args) > len(_IN_ORDER) or any(isinstance(part, ast.Starred) for part in found[0].args):
        raise Refused("what the cross-validation is given by order is not known")
    if shown := sorted(name or "**" for name in given & _OF_THE_MODEL):
        raise Refused(f"the cross-validation has `{shown[0]}`, which names parts of the model")
    return found[0]


def _maker(script: Script, spot: Spot, maker: ast.expr) -> str:
    """Return what a step is called: by its name, or as it is made; a clone of it is fitted in each fold."""
    if isinstance(maker, ast.Name) or (isinstance(maker, ast.Call) and last_name(maker)[:1].isupper()):
        return script.segment(maker)
    raise Refused(f"what `{ast.unparse(maker)[:60]}` holds is not known")


def add_import(script: Script, module: str, name: str) -> None:
    """Import a name after the last import at the head of the file, where the file does not hold it yet."""
    imports = [node for node in script.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in imports:
        if isinstance(node, ast.ImportFrom) and any((alias.asname or alias.name) == name for alias in node.names):
            if node.module != module:
                raise Refused(f"`{name}` is another one there")
            return
    if name in names_of(script.tree):
        raise Refused(f"`{name}` is another one there")
    if not imports:
        raise Refused("the file imports nothing by itself")
    first_other = next((s.lineno for s in script.tree.body if not _head(s)), len(script.lines) + 1)
    last = [node for node in imports if node.lineno < first_other] or imports[:1]
    script.insert_after(last[-1], [f"from {module} import {name}"])


def _head(statement: ast.stmt) -> bool:
    """Return whether a statement may stand among the imports at the head of a file."""
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.Expr)


def in_order(script: Script, effect: int) -> None:
    """Let a split of rows that stand in an order cut them without mixing."""
    cut = cut_of(script, script.spot(effect).statement)
    if cut is None or any(keyword.arg is None for keyword in cut.call.keywords):
        raise Refused("the split is not one call of `train_test_split` with plain names")
    known = {keyword.arg: keyword for keyword in cut.call.keywords}
    if "stratify" in known:
        raise Refused("the split is stratified, which needs mixed rows")
    if "shuffle" in known:
        text = script.written(cut.statement, {known["shuffle"].value: "False"})
    else:
        last = cut.call.keywords[-1].value if cut.call.keywords else cut.call.args[-1]
        text = script.written(cut.statement, {last: f"{script.segment(last)}, shuffle=False"})
    script.replace(cut.statement, text)


def only_transform(script: Script, line: int, train: str) -> None:
    """Use for the test rows what was fitted on the training rows, in place of fitting it anew."""
    spot = script.spot(line)
    call = one_call(spot.statement, "fit_transform")
    if call is None or not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
        raise Refused("the object that was fitted to the training rows has no name there")
    fitter, before = call.func.value.id, list(spot.block[: spot.index])
    while before and fitter not in _bound(before[-1]):
        known = one_call(before[-1], "fit_transform", "fit")
        if known is not None and same(known.func.value, call.func.value) and train in names_of(*known.args):  # type: ignore[attr-defined]
            if len(call.args) != 1 or call.keywords:
                raise Refused("it is given targets too")
            made = f"{fitter}.transform({script.segment(call.args[0])})"
            script.replace(spot.statement, script.written(spot.statement, {call: made}))
            return
        if known is not None and fitter in names_of(known.func):
            break
        before.pop()
    raise Refused(f"`{fitter}` is not fitted to `{train}` before, in the same block")


def _bound(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
