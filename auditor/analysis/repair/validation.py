"""A validation part cut off the training rows, where the test rows decided when a training ends."""

from __future__ import annotations

import ast
import re

from auditor.analysis.repair.crossing import add_import
from auditor.analysis.repair.cuts import Cut, cut_of
from auditor.analysis.repair.script import Refused, Script, names_of
from auditor.analysis.repair.splits import one_call

_GIVEN = ("validation_data", "eval_set")
_KEPT = ("shuffle", "stratify", "groups", None)
"""How rows are cut; None stands for arguments that are not seen."""
_DEFAULTS = ("shuffle=True", "stratify=None")
_ALIGNED = re.compile(r"weight|margin|group|init_score|qid|validation_split")
"""What an argument is called that holds a value for each row, or says which of the rows are held out."""


def hold_out(script: Script, line: int) -> None:
    """Let `model.fit(X, y, validation_data=(X_test, y_test), …)` be given a part of X and y to choose by instead."""
    spot = script.spot(line)
    call = one_call(spot.statement, "fit")
    if call is None or len(call.args) < 2:
        raise Refused("the training is not one call that is given rows and targets in order")
    rows, targets = call.args[:2]
    cuts = _cuts(script, rows.id, targets.id) if isinstance(rows, ast.Name) and isinstance(targets, ast.Name) else []
    if not isinstance(rows, ast.Name) or not isinstance(targets, ast.Name) or not cuts:
        raise Refused(f"`{ast.unparse(rows)[:60]}` is not seen to be rows that can be cut again")
    held = next((keyword.value for keyword in call.keywords if keyword.arg in _GIVEN), None)
    pair = held.elts[-1] if isinstance(held, ast.List) and held.elts else held
    if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2:
        raise Refused("what is validated on is not a pair of rows and targets")
    _nothing_aligned(call, pair, {rows.id, targets.id}, cuts)
    own = [_names(script, name) for name in (rows.id, targets.id)]
    changes: dict[ast.AST, str] = dict(zip(pair.elts, (names[1] for names in own), strict=True))
    inside = set(ast.walk(pair))
    for (fitted, _), name in zip(own, (rows.id, targets.id), strict=True):
        found = [node for node in ast.walk(call) if isinstance(node, ast.Name) and node.id == name]
        changes |= {node: fitted for node in found if node not in inside}
    (x_fit, x_val), (y_fit, y_val) = own
    given = f"train_test_split({rows.id}, {targets.id}, test_size=0.2, random_state=0)"
    script.insert_before(spot.statement, [f"{x_fit}, {x_val}, {y_fit}, {y_val} = {given}"])
    script.replace(spot.statement, script.written(spot.statement, changes))
    add_import(script, "sklearn.model_selection", "train_test_split")


def _cuts(script: Script, rows: str, targets: str) -> list[Cut]:
    """Return the cuts of which both names are parts; raises Refused where a new one would differ in kind."""
    cuts = (cut_of(script, node) for node in ast.walk(script.tree) if isinstance(node, ast.Assign))
    found = [cut for cut in cuts if cut is not None and {rows, targets} <= set(cut.names)]
    for cut in found:
        asked = [keyword for keyword in cut.call.keywords if ast.unparse(keyword) not in _DEFAULTS]
        if kept := [keyword.arg or "**" for keyword in asked if keyword.arg in _KEPT]:
            raise Refused(
                f"the split at line {cut.statement.lineno} has `{kept[0]}`, which a second one would not keep"
            )
    return found


def _nothing_aligned(call: ast.Call, pair: ast.Tuple, own: set[str], cuts: list[Cut]) -> None:
    """Raise Refused where the training is given more that has a value for each row, which would stay uncut."""
    if not all(isinstance(part, ast.Constant) for part in call.args[2:]):
        raise Refused("what else the training is given by order may belong to its rows")
    for keyword in call.keywords:
        if keyword.arg is None or (_ALIGNED.search(keyword.arg) and keyword.arg != "class_weight"):
            raise Refused(f"`{keyword.arg or '**'}` may hold a value for each row")
    inside = set(ast.walk(pair))
    parts = {name for cut in cuts for name in cut.names} - own
    for part in ast.walk(call):
        if isinstance(part, ast.Name) and part.id in parts and part not in inside:
            raise Refused(f"the training is given `{part.id}` too")


def _names(script: Script, name: str) -> tuple[str, str]:
    """Return what the two parts of a training part are called, both free in the file."""
    stem = name.removesuffix("_train").removesuffix("_tr")
    found = f"{stem}_fit", f"{stem}_val"
    if names_of(script.tree) & set(found):
        found = f"{name}_fit", f"{name}_val"
    if names_of(script.tree) & set(found):
        raise Refused(f"`{found[0]}` or `{found[1]}` is another one there")
    return found
