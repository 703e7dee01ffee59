"""Runs a notebook's code cells as they stand, in order, in one Python: `python -m auditor_notebook FILE.ipynb`.

It uses the standard library alone, so that no kernel has to be installed, and is put beside the recorder under the
name `auditor_notebook`. The value of a cell's last expression is printed as a notebook would show it, as text. Lines of
magic and of shell are left out, and said so; a cell in another language is left out too.
"""

from __future__ import annotations

import ast
import json
import os
import sys

MYPY = False
if MYPY:
    from typing import Any


def cells(path: str) -> list[tuple[int, str]]:
    """Return the code cells of a notebook: number, counted from 1 over all cells, and source without magic."""
    with open(path, encoding="utf-8") as stream:
        notebook = json.load(stream)
    found = notebook.get("cells") or [
        cell for sheet in notebook.get("worksheets", ()) for cell in sheet.get("cells", ())
    ]
    code = []
    for number, cell in enumerate(found, 1):
        text = cell.get("source", cell.get("input", ""))
        text = text if isinstance(text, str) else "".join(text)
        if cell.get("cell_type") == "code" and text.strip():
            code.append((number, without_magic(number, text)))
    return code


def without_magic(number: int, text: str) -> str:
    """Return a cell's source with magic and shell lines turned into comments; each is named on standard error."""
    if text.lstrip().startswith("%%") and not text.lstrip().startswith(("%%time", "%%capture")):
        print(f"[cell {number}] left out: {text.lstrip().splitlines()[0][:80]}", file=sys.stderr)
        return ""
    lines = []
    for line in text.splitlines():
        bare = line.lstrip()
        if bare.startswith(("%", "!")) or bare.endswith("??"):
            print(f"[cell {number}] left out: {bare[:80]}", file=sys.stderr)
            line = line[: len(line) - len(bare)] + "pass  # " + bare
        lines.append(line)
    return "\n".join(lines)


def run(text: str, name: str, scope: dict[str, Any]) -> None:
    """Execute one cell in `scope`, and print the value of its last expression where it has one."""
    tree = ast.parse(text, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), scope)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), name, "eval"), scope)
        if value is not None:
            print(repr(value))


def main(path: str) -> None:
    """Run all cells; an error ends the program as in any script."""
    import linecache

    sys.argv = [path]
    sys.path.insert(0, os.getcwd())
    scope: dict[str, Any] = {"__name__": "__main__", "display": print, "get_ipython": lambda: None}
    for number, text in cells(path):
        name = f"{os.path.basename(path)}[cell {number}]"
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        run(text, name, scope)
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
