"""The split moved up before what was fitted: on the training rows alone, and used for the test rows."""

from __future__ import annotations

import ast
import re

from auditor.analysis.leakage.operations import AGGREGATES, RESAMPLE
from auditor.analysis.repair.cuts import Cut, cut_after, cut_of, keeps_rows, only_wraps, row_wise
from auditor.analysis.repair.fitters import fitter_of
from auditor.analysis.repair.safety import leaves, own_alone, unaliased, unread
from auditor.analysis.repair.script import Refused, Script, Spot, last_name, names_of, root_of, same

OTHERWISE = "how the rows are changed there is not one that is rewritten"
_ROW_FREE = frozenset(("columns", "dtypes", "dtype"))
"""Attributes of a table that no choice of rows changes."""
_ALONG_ROWS = re.compile(r"axis\s*=\s*(1|-1|'columns')")


def move_below_split(script: Script, line: int) -> None:
    """Move what is fitted, resampled or computed over all rows on a line below the split, onto the training rows."""
    spot = script.spot(line)
    statement = spot.statement
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Tuple):
            _move_resampling(script, spot, statement, target)
        elif (call := one_call(statement.value, "fit_transform")) is not None:
            _move_transform(script, spot, statement, call)
        elif (call := one_call(statement.value, "fit")) is not None:
            _move_fit(script, spot, call)
        else:
            _move_statistic(script, spot, statement)
    elif isinstance(statement, ast.Expr) and (call := one_call(statement, "fit")) is not None:
        _move_fit(script, spot, call)
    else:
        raise Refused(OTHERWISE)


def one_call(node: ast.AST, *names: str) -> ast.Call | None:
    """Return the only call of a method by one of these names; None where there is none."""
    found = [part for part in ast.walk(node) if isinstance(part, ast.Call) and last_name(part) in names]
    found = [call for call in found if isinstance(call.func, ast.Attribute)]
    return found[0] if len(found) == 1 else None


def _move_transform(script: Script, spot: Spot, statement: ast.Assign, call: ast.Call) -> None:
    """Move `T = … f.fit_transform(A) …`: fitted on the training part, and used for the test part."""
    target = statement.targets[0]
    assert isinstance(call.func, ast.Attribute)
    if not call.args or isinstance(call.args[0], ast.Starred):
        raise Refused("what is fitted is given by name")
    if not only_wraps(statement.value, call):
        raise Refused("which rows there are may change there")
    given, whole = call.args[0], root_of(target)
    fitter, lines = fitter_of(script, call.func.value)
    kept = names_of(call) | names_of(call.func)
    in_place = root_of(given) == whole
    if in_place and not (row_wise(given, whole) and row_wise(target, whole)):
        raise Refused(f"`{ast.unparse(given)[:60]}` may be other rows than `{whole}`")
    if not in_place and (not isinstance(target, ast.Name) or whole in names_of(given)):
        raise Refused(f"`{ast.unparse(target)[:60]}` is made of other rows")
    unaliased(spot, target)
    cut = cut_after(script, spot, kept, {whole})
    train, test = cut.parts_of_name(whole)
    if not in_place:
        _give(script, cut, {whole: script.segment(given)})
    for part, fitted in ((train, True), (test, False)):
        changes = _roles(statement, given if not in_place else None, whole, part)
        changes[call] = _called(script, call, changes, f"{fitter}.{'fit_transform' if fitted else 'transform'}",
                                cut if fitted else None)  # fmt: skip
        inside = set(ast.walk(call)) - {call}
        text = script.written(statement, {node: new for node, new in changes.items() if node not in inside})
        lines.append(_indexed(text, statement, part))
    script.remove(statement)
    script.insert_after(cut.statement, lines)


def _roles(statement: ast.Assign, given: ast.expr | None, whole: str, part: str) -> dict[ast.AST, str]:
    """Return what to write for the nodes of a statement that stand for all rows: by name, or as `given`."""
    if given is None:
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == whole]
        return dict.fromkeys(names, part)
    found: dict[ast.AST, str] = {statement.targets[0]: part}
    found |= {node: part for node in ast.walk(statement.value) if isinstance(node, ast.expr) and same(node, given)}
    within = {inner for node in found for inner in ast.walk(node)}
    free = {
        inner
        for node in ast.walk(statement.value)
        if isinstance(node, ast.Attribute) and node.attr in _ROW_FREE
        for inner in ast.walk(node)
    }
    held = names_of(given)
    for node in ast.walk(statement.value):
        if isinstance(node, ast.Name) and node.id == root_of(given) and node.id in held and node not in within | free:
            raise Refused(f"`{node.id}` stands in line {statement.lineno} in more than one role")
    return found


def _called(script: Script, call: ast.Call, changes: dict[ast.AST, str], method: str, cut: Cut | None) -> str:
    """Return the call for one part; what else it was given (targets) goes with the training part, as `cut` has it."""
    first = call.args[0]
    inside = {node: new for node, new in changes.items() if node in set(ast.walk(first))}
    given = [inside[first] if first in inside else script.written(first, inside)]
    others = [("", node) for node in call.args[1:]] + [(f"{k.arg}=", k.value) for k in call.keywords]
    for key, node in others if cut else ():
        parts = cut.parts(node) if cut else None
        if parts is None:
            raise Refused(f"`{ast.unparse(node)[:60]}` is not cut by the same split")
        given.append(key + parts[0])
    return f"{method}({', '.join(given)})"


def _indexed(text: str, statement: ast.Assign, part: str) -> str:
    """Return a statement that makes a table with the index of its part, whose rows are not numbered from 0."""
    for node in ast.walk(statement.value):
        if isinstance(node, ast.Call) and last_name(node) in ("DataFrame", "Series"):
            if any(keyword.arg == "index" for keyword in node.keywords):
                continue
            if node is not statement.value or f"{part}.columns" not in text or not text.endswith(")"):
                raise Refused("the new table's index would be another than that of the rows")
            return f"{text[:-1]}, index={part}.index)"
    return text


def _give(script: Script, cut: Cut, texts: dict[str, str]) -> None:
    """Let the cut be given what was fitted in place of what came of it."""
    nodes: dict[ast.AST, str] = {
        node: texts[node.id] for node in ast.walk(cut.call) if isinstance(node, ast.Name) and node.id in texts
    }
    if any(new != script.segment(node) for node, new in nodes.items()):
        script.replace(cut.statement, script.written(cut.statement, nodes))


def _move_resampling(script: Script, spot: Spot, statement: ast.Assign, target: ast.Tuple) -> None:
    """Move `X_new, y_new = sampler.fit_resample(X, y)` below the cut, onto the training part."""
    call = statement.value
    names = [part.id for part in target.elts if isinstance(part, ast.Name)]
    if not isinstance(call, ast.Call) or last_name(call) not in RESAMPLE or call.keywords:
        raise Refused(OTHERWISE)
    if len(names) != len(target.elts) or len(call.args) != len(names):
        raise Refused("what is resampled is kept otherwise than by plain names")
    cut = cut_after(script, spot, names_of(call), set(names))
    trains = ", ".join(cut.parts_of_name(name)[0] for name in names)
    _give(script, cut, {name: script.segment(given) for name, given in zip(names, call.args, strict=True)})
    script.remove(statement)
    script.insert_after(cut.statement, [f"{trains} = {script.segment(call.func)}({trains})"])


def _move_statistic(script: Script, spot: Spot, statement: ast.Assign) -> None:
    """Move `X = (X - X.mean()) / X.std()` below the cut: both parts by the training part's statistics, it last."""
    target = statement.targets[0]
    made, statistics = root_of(target), [
        part for part in ast.walk(statement.value) if isinstance(part, ast.Call) and last_name(part) in AGGREGATES
    ]  # fmt: skip
    sources = {root_of(part.func.value) if isinstance(part.func, ast.Attribute) else "" for part in statistics}
    whole = made if made in names_of(statement.value) else next(iter(sources), "")
    if not statistics or not whole or sources - {whole} or (made != whole and not isinstance(target, ast.Name)):
        raise Refused(OTHERWISE)
    if not keeps_rows(statement.value):
        raise Refused("which rows there are may change there")
    if not row_wise(target, made) or any(_ALONG_ROWS.search(ast.unparse(part)) for part in statistics):
        raise Refused(OTHERWISE)
    unaliased(spot, target)
    cut = cut_after(script, spot, names_of(statement), {made})
    train, test = cut.parts_of_name(made)
    _give(script, cut, {made: whole})
    learned = {inner for part in statistics for inner in ast.walk(part)}
    lines = []
    for part in (test, train):
        changes: dict[ast.AST, str] = {
            node: train if node in learned else part
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and node.id in (made, whole)
        }
        lines.append(script.written(statement, changes))
    script.remove(statement)
    script.insert_after(cut.statement, lines)


def _move_fit(script: Script, spot: Spot, call: ast.Call) -> None:
    """Move `f.fit(A)` below the cut, onto the training part, with the statement that transforms A by it."""
    statement = spot.statement
    assert isinstance(call.func, ast.Attribute)
    named = isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    fitter = statement.targets[0].id if named else root_of(call.func.value)  # type: ignore[attr-defined]
    if len(call.args) != 1 or call.keywords or (not named and not isinstance(call.func.value, ast.Name)):
        raise Refused(OTHERWISE)
    if named and statement.value is not call:  # type: ignore[attr-defined]
        raise Refused(OTHERWISE)
    given = call.args[0]
    use = next((s for s in spot.following if fitter in names_of(s)), None)
    used = one_call(use.value, "transform") if isinstance(use, ast.Assign) else None
    if isinstance(use, ast.Assign) and used is not None and used.args and same(used.args[0], given):
        if not only_wraps(use.value, used):
            raise Refused("which rows there are may change there")
        return _move_both(script, spot, call, use)
    return _fit_on_part(script, spot, given, fitter)


def _fit_on_part(script: Script, spot: Spot, given: ast.expr, fitter: str) -> None:
    """Fit on the training part what is fitted on all rows and used for the parts: where it stands, or below the cut."""
    cuts = [(n, cut) for n, s in enumerate(spot.block) if (cut := cut_of(script, s)) is not None]
    for place, cut in cuts:
        parts, node = cut.parts(given), given
        if parts is None and row_wise(given, root := root_of(given)):
            parts = cut.parts(ast.Name(root, ast.Load()))
            node = next(n for n in ast.walk(given) if isinstance(n, ast.Name) and n.id == root)
        if parts is None:
            continue
        text = script.written(spot.statement, {node: parts[0]})
        if place < spot.index:
            unread(spot.block[place + 1 : spot.index], {parts[0]} | names_of(given))
            script.replace(spot.statement, text)
            return
        between = spot.block[spot.index + 1 : place]
        script.alone(cut.statement)
        own_alone(script, spot, {fitter})
        imported = {name for node in ast.walk(script.tree) if isinstance(node, ast.alias) for name in names_of(node)}
        unread(between, names_of(spot.statement) - imported)
        unread([cut.statement], {fitter})
        leaves(between)
        script.remove(spot.statement)
        script.insert_after(cut.statement, [text])
        return
    raise Refused("no split of these rows by `train_test_split` stands in the same block")


def _move_both(script: Script, spot: Spot, fit: ast.Call, use: ast.Assign) -> None:
    """Move `f.fit(A)` and `T = … f.transform(A) …` below the cut."""
    given, target = fit.args[0], use.targets[0]
    whole = root_of(target)
    place = list(spot.block).index(use)
    unread(spot.block[spot.index + 1 : place], names_of(spot.statement, use))
    second = Spot(use, spot.block, place, spot.scope, spot.looped)
    in_place = root_of(given) == whole
    if in_place and not (row_wise(given, whole) and row_wise(target, whole)):
        raise Refused(f"`{ast.unparse(given)[:60]}` may be other rows than `{whole}`")
    if not in_place and (not isinstance(target, ast.Name) or whole in names_of(given)):
        raise Refused(f"`{ast.unparse(target)[:60]}` is made of other rows")
    script.alone(spot.statement)
    own_alone(script, spot, {whole})
    unaliased(spot, target)
    cut = cut_after(script, second, names_of(spot.statement, use), {whole})
    train, test = cut.parts_of_name(whole)
    if not in_place:
        _give(script, cut, {whole: script.segment(given)})
    fitted: dict[ast.AST, str] = {given: train}
    if in_place:
        fitted = {n: train for n in ast.walk(given) if isinstance(n, ast.Name) and n.id == whole}
    lines = [script.written(spot.statement, fitted)]
    for part in (train, test):
        changes = _roles(use, given if not in_place else None, whole, part)
        lines.append(_indexed(script.written(use, changes), use, part))
    script.remove(spot.statement)
    script.remove(use)
    script.insert_after(cut.statement, lines)
