"""The lines that seed what a program leaves open, at the place where they count."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from auditor.analysis.repair.script import Refused, Script, Spot, blocks_of, last_name, names_of, root_of

MODULES = {"python": "random", "numpy": "numpy", "torch": "torch", "tensorflow": "tensorflow"}
CALLS = {"python": "{0}.seed({1})", "numpy": "{0}.random.seed({1})", "torch": "{0}.manual_seed({1})"}
SHORT = {"numpy": "np", "tensorflow": "tf"}
_SETTING = frozenset("sys os warnings logging matplotlib plt mpl print".split())  # noqa: SIM905
"""What is called at the head of a file to set something up, and draws nothing."""
TENSORFLOW = {1: "{0}.set_random_seed({1})", 2: "{0}.random.set_seed({1})"}


@dataclass(frozen=True)
class Unseeded:
    """What a program leaves open: the libraries, and what the file holds that tells where and with what to seed them.

    `beside` is the line of a seeding of another library, and `value` what it seeds with; `option` the attribute of the
    parsed options that holds the author's own seed. `first` is the first line at the file's own level that draws, or 0.
    """

    libraries: tuple[str, ...]
    beside: int = 0
    value: str = ""
    option: str = ""
    first: int = 0
    tensorflow: int = 0
    """Which version's idioms are used; 0 where that is not known, -1 where graphs are made beside the default one."""


def seed(script: Script, wanted: Unseeded) -> None:
    """Seed the libraries: beside what is seeded, else after the options are parsed, else after the imports."""
    if "tensorflow" in wanted.libraries and wanted.tensorflow not in TENSORFLOW:
        own = "TensorFlow is seeded for each graph that is made there"
        raise Refused(own if wanted.tensorflow < 0 else "which version of TensorFlow is used is not known")
    beside = _beside(script, wanted) if wanted.beside else None
    parsed = _parsed(script, wanted) if wanted.option and beside is None else None
    if beside is not None:
        place, value = beside, wanted.value
    elif parsed is not None:
        place, value = parsed
    elif wanted.option:
        raise Refused(f"no one statement takes the option `{wanted.option}` before the first draw")
    else:
        place, value = _after_imports(script, wanted), "0"
    pairs = [_lines(script, library, place, value, wanted.tensorflow) for library in wanted.libraries]
    imports, calls = [line for line, _ in pairs if line], [call for _, call in pairs]
    head = place if isinstance(place, ast.Import | ast.ImportFrom) else _after_imports(script, wanted)
    if imports and head is not place:
        script.insert_after(head, imports)
        script.insert_after(place, calls)
    else:
        script.insert_after(place, imports + calls)


def _lines(script: Script, library: str, place: ast.stmt, value: str, version: int) -> tuple[str, str]:
    """Return the import, empty where the file has it before the place, and the call that seeds."""
    module = MODULES[library]
    name, line = _name_of(script, module)
    missing = ""
    if name is None or (line > place.lineno and place in script.tree.body):
        if name is None and SHORT.get(library, module) in names_of(script.tree):
            raise Refused(f"`{SHORT.get(library, module)}` is another one there")
        name = name or SHORT.get(library, module)
        missing = f"import {module}" + (f" as {name}" if name != module else "")
    return missing, (TENSORFLOW[version] if library == "tensorflow" else CALLS[library]).format(name, value)


def _name_of(script: Script, module: str) -> tuple[str | None, int]:
    """Return what a file's own level calls a module, and where; None where it does not import it whole."""
    known = (module, f"{module}.compat.v1", f"{module}.compat.v2")
    for node in script.tree.body:
        for alias in node.names if isinstance(node, ast.Import) else ():
            if alias.name in known and (alias.asname or alias.name == module):
                return alias.asname or module, node.lineno
            if not alias.asname and alias.name.startswith(f"{module}."):  # import torch.nn binds torch, too
                return module, node.lineno
    return None, 0


def _beside(script: Script, wanted: Unseeded) -> ast.stmt | None:
    """Return the statement that seeds another library, where the same place suits; None where it does not."""
    spot = script.spot(wanted.beside)
    parent = _holder(script, spot)
    if not isinstance(spot.statement, ast.Expr) or not isinstance(spot.statement.value, ast.Call):
        return None
    if isinstance(parent, ast.If) and "cuda" in ast.unparse(parent.test):
        return None
    return None if spot.looped else spot.statement


def _holder(script: Script, spot: Spot) -> ast.AST | None:
    return next((node for node in ast.walk(script.tree) if any(b is spot.block for b in _bodies(node))), None)


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    return [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]


def _parsed(script: Script, wanted: Unseeded) -> tuple[ast.stmt, str] | None:
    """Return the statement that parses the options, and the seed among them; None where it is not one statement."""
    found = [
        node
        for node in ast.walk(script.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and last_name(node.value) in ("parse_args", "parse_known_args")
    ]
    if len(found) != 1 or script.spot(found[0].lineno).looped:
        return None
    target = found[0].targets[0]
    if last_name(found[0].value) == "parse_known_args":  # type: ignore[arg-type]
        target = target.elts[0] if isinstance(target, ast.Tuple) else target
    holder = _holder(script, script.spot(found[0].lineno))
    early = wanted.first and (wanted.first < found[0].lineno or not isinstance(holder, ast.Module))
    if early or not isinstance(target, ast.Name | ast.Attribute) or isinstance(holder, ast.ClassDef):
        return None
    if (
        isinstance(holder, ast.FunctionDef)
        and any(isinstance(s, ast.Return) for s in holder.body)
        and (holder.name != "main")
    ):
        return _returned(script, holder, wanted)
    return found[0], f"{script.segment(target)}.{wanted.option}"


def _returned(script: Script, holder: ast.FunctionDef, wanted: Unseeded) -> tuple[ast.stmt, str] | None:
    """Return the one statement that takes the options from the function that parses them."""
    found = [
        node
        for node in ast.walk(script.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == holder.name
        and isinstance(node.targets[0], ast.Name)
    ]
    if len(found) != 1 or script.spot(found[0].lineno).looped or (wanted.first and wanted.first < found[0].lineno):
        return None
    return found[0], f"{script.segment(found[0].targets[0])}.{wanted.option}"


def _after_imports(script: Script, wanted: Unseeded) -> ast.stmt:
    """Return the last import at the head of the file, before anything runs that may draw."""
    place: ast.stmt | None = None
    for statement in script.tree.body:
        if not _quiet(statement) or (wanted.first and statement.lineno >= wanted.first):
            break
        if isinstance(statement, ast.Import | ast.ImportFrom):
            place = statement
    if place is None:
        raise Refused("no import stands before the first draw")
    return place


def _quiet(statement: ast.stmt) -> bool:
    """Return whether a statement at a file's own level draws nothing: it imports, defines, or sets something up."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    if isinstance(statement, ast.Try):
        return all(_quiet(inner) for block in blocks_of(statement) for inner in block)
    if not isinstance(statement, ast.Expr | ast.Assign | ast.Pass):
        return False
    return all(root_of(part) in _SETTING for part in ast.walk(statement) if isinstance(part, ast.Call))
