"""What a `setup.py` declares, from its syntax tree alone. Runs in a confined child."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetupFacts:
    """The declarations of one `setup.py`: requirement strings with their lines, extras, Python, console scripts."""

    requirements: tuple[tuple[str, int], ...] = ()
    extras: tuple[tuple[str, int], ...] = ()
    python: str | None = None
    python_line: int | None = None
    scripts: tuple[str, ...] = ()
    name: str | None = None
    modules: tuple[str, ...] = ()
    """Extension modules that the script would build."""


def setup_facts(tree: ast.Module) -> SetupFacts:
    """Return what the script with this syntax tree declares."""
    names: dict[str, ast.expr] = {}
    setups: list[ast.Call] = []
    modules: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            names[node.targets[0].id] = node.value
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "setup":
                setups.append(node)
            elif called.endswith("Extension") and node.args and isinstance(node.args[0], ast.Constant):
                modules.append(str(node.args[0].value))
    if not setups:
        return SetupFacts(modules=tuple(modules))
    return _of_call(setups[-1], names, tuple(modules))


def _of_call(call: ast.Call, names: dict[str, ast.expr], modules: tuple[str, ...]) -> SetupFacts:
    keywords = {key.arg: key.value for key in call.keywords if key.arg}
    for spread in (key.value for key in call.keywords if key.arg is None):
        mapping = names.get(spread.id) if isinstance(spread, ast.Name) else spread
        if isinstance(mapping, ast.Dict):
            pairs = zip(mapping.keys, mapping.values, strict=True)
            keywords |= {str(k.value): v for k, v in pairs if isinstance(k, ast.Constant)}
    required: list[tuple[str, int]] = []
    for key in ("install_requires", "requires", "setup_requires"):
        if key in keywords:
            required += _strings(keywords[key], names)
    extras = [
        item
        for key in ("extras_require", "tests_require")
        if key in keywords
        for item in _strings(keywords[key], names)
    ]
    python, line = None, None
    if "python_requires" in keywords:
        found = _strings(keywords["python_requires"], names)
        python, line = found[0] if found else (None, None)
    if python is None and "classifiers" in keywords:
        python, line = _classified(_strings(keywords["classifiers"], names))
    scripts = [
        text.partition("=")[0].strip() for text, _ in _strings(keywords.get("entry_points"), names) if "=" in text
    ]
    name = _strings(keywords.get("name"), names)
    return SetupFacts(
        tuple(required), tuple(extras), python, line, tuple(scripts), name[0][0] if name else None, modules
    )


def _classified(classifiers: list[tuple[str, int]]) -> tuple[str | None, int | None]:
    mark = "Programming Language :: Python :: "
    stated = [
        (text[len(mark) :], line)
        for text, line in classifiers
        if text.startswith(mark) and text[len(mark) :][:1].isdigit()
    ]
    if not stated:
        return None, None
    return ", ".join(version for version, _ in stated), stated[0][1]


def _strings(node: ast.expr | None, names: dict[str, ast.expr], depth: int = 0) -> list[tuple[str, int]]:
    """Return every string constant in an expression, names followed; a dictionary gives its values."""
    if node is None or depth > 10:
        return []
    if isinstance(node, ast.Constant):
        if not isinstance(node.value, str):
            return []
        return [(line.strip(), node.lineno) for line in node.value.split("\n") if line.strip()]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [item for element in node.elts for item in _strings(element, names, depth + 1)]
    if isinstance(node, ast.Dict):
        return [item for value in node.values for item in _strings(value, names, depth + 1)]
    if isinstance(node, ast.Name) and node.id in names:
        return _strings(names[node.id], names, depth + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _strings(node.left, names, depth + 1) + _strings(node.right, names, depth + 1)
    return []
