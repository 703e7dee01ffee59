"""Expressions of the program model as text again: for keys of selections, for evidence, for remedies."""

from __future__ import annotations

from typing import Any

_SIGNS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "MatMult": "@",
    "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!=", "In": "in", "NotIn": "not in",
    "Is": "is", "IsNot": "is not", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "And": "and", "Or": "or",
    "LShift": "<<", "RShift": ">>",
}  # fmt: skip
_PREFIXES = {"USub": "-", "UAdd": "+", "Invert": "~", "Not": "not "}
TEXT_LIMIT = 160


def text_of(node: Any, depth: int = 0) -> str:
    """Return the source text of an expression, cut to a readable length; empty where it is too deep."""
    if node is None or depth > 12:
        return ""
    kind = node[0]
    if kind == "name":
        return str(node[1])
    if kind == "const":
        return repr(node[1])
    if kind == "attr":
        return f"{text_of(node[1], depth + 1)}.{node[2]}"
    if kind == "item":
        return f"{text_of(node[1], depth + 1)}[{_bare(node[2], depth)}]"
    if kind == "slice":
        return f"{text_of(node[1], depth + 1)}:{text_of(node[2], depth + 1)}"
    if kind == "call":
        given = [text_of(argument, depth + 1) for argument in node[3]]
        given += [f"{key}={text_of(value, depth + 1)}" for key, value in node[4]]
        return f"{text_of(node[2], depth + 1)}({', '.join(given)})"[:TEXT_LIMIT]
    if kind == "group":
        inner = ", ".join(text_of(item, depth + 1) for item in node[2])
        return (f"[{inner}]" if node[1] == "list" else f"({inner})")[:TEXT_LIMIT]
    if kind == "op":
        parts = [text_of(part, depth + 1) for part in node[2]]
        if len(parts) == 1:
            return f"{_PREFIXES.get(node[1], '')}{parts[0]}"
        return f" {_SIGNS.get(node[1], '?')} ".join(parts)[:TEXT_LIMIT]
    return f"<{kind}>"


def _bare(node: Any, depth: int) -> str:
    text = text_of(node, depth + 1)
    return text[1:-1] if node and node[0] == "group" and node[1] == "tuple" else text


def names_in(node: Any, depth: int = 0) -> set[str]:
    """Return the plain names that an expression reads."""
    if not isinstance(node, tuple) or depth > 12:
        return set()
    if node and node[0] == "name":
        return {str(node[1])}
    return set().union(*(names_in(part, depth + 1) for part in node)) if node else set()


def targets_of(node: Any) -> list[str]:
    """Return the names that an assignment's target binds, in order; attributes and items as text."""
    if node is None:
        return []
    if node[0] == "group":
        return [name for part in node[2] for name in targets_of(part)]
    if node[0] == "star":
        return targets_of(node[1])
    return [text_of(node)]
