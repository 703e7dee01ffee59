"""A validation part cut off the training rows, where the test rows decided when a training ends."""

from __future__ import annotations

import ast

from auditor.analysis.repair.crossing import add_import
from auditor.analysis.repair.cuts import cut_of
from auditor.analysis.repair.script import Refused, Script, names_of
from auditor.analysis.repair.splits import one_call

_GIVEN = ("validation_data", "eval_set")


def hold_out(script: Script, line: int) -> None:
    """Let `model.fit(X, y, validation_data=(X_test, y_test), …)` be given a part of X and y to choose by instead."""
    spot = script.spot(line)
    call = one_call(spot.statement, "fit")
    if call is None or len(call.args) < 2:
        raise Refused("the training is not one call that is given rows and targets in order")
    rows, targets = call.args[:2]
    if not isinstance(rows, ast.Name) or not isinstance(targets, ast.Name) or not _cut(script, rows.id, targets.id):
        raise Refused(f"`{ast.unparse(rows)[:60]}` is not seen to be rows that can be cut again")
    held = next((keyword.value for keyword in call.keywords if keyword.arg in _GIVEN), None)
    pair = held.elts[-1] if isinstance(held, ast.List) and held.elts else held
    if not isinstance(pair, ast.Tuple) or len(pair.elts) < 2:
        raise Refused("what is validated on is not a pair of rows and targets")
    own = [_names(script, name) for name in (rows.id, targets.id)]
    changes: dict[ast.AST, str] = dict(zip(pair.elts[:2], (names[1] for names in own), strict=True))
    inside = set(ast.walk(pair))
    for (fitted, _), name in zip(own, (rows.id, targets.id), strict=True):
        found = [node for node in ast.walk(call) if isinstance(node, ast.Name) and node.id == name]
        changes |= {node: fitted for node in found if node not in inside}
    (x_fit, x_val), (y_fit, y_val) = own
    given = f"train_test_split({rows.id}, {targets.id}, test_size=0.2, random_state=0)"
    script.insert_before(spot.statement, [f"{x_fit}, {x_val}, {y_fit}, {y_val} = {given}"])
    script.replace(spot.statement, script.written(spot.statement, changes))
    add_import(script, "sklearn.model_selection", "train_test_split")


def _cut(script: Script, rows: str, targets: str) -> bool:
    """Return whether both names are parts of one cut of the file."""
    cuts = (cut_of(node) for node in ast.walk(script.tree) if isinstance(node, ast.Assign))
    return any({rows, targets} <= set(cut.names) for cut in cuts if cut is not None)


def _names(script: Script, name: str) -> tuple[str, str]:
    """Return what the two parts of a training part are called, both free in the file."""
    stem = name.removesuffix("_train").removesuffix("_tr")
    found = f"{stem}_fit", f"{stem}_val"
    if names_of(script.tree) & set(found):
        found = f"{name}_fit", f"{name}_val"
    if names_of(script.tree) & set(found):
        raise Refused(f"`{found[0]}` or `{found[1]}` is another one there")
    return found
