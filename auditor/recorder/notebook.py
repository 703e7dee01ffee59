"""Runs a notebook's code cells as they stand, in order, in one Python: `python -m auditor_notebook FILE.ipynb`.

It uses the standard library alone, so that no kernel has to be installed, and is put beside the recorder under the
name `auditor_notebook`. The value of a cell's last expression is printed as a notebook would show it, as text. Lines of
magic and of shell are left out, and said so; a cell in another language is left out too. The nearest heading above a
cell is printed before it, without numbers, since it tells whose numbers follow.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import unicodedata

MYPY = False
if MYPY:
    from typing import Any

_AROUND_PYTHON = ("%%time", "%%capture")
_TIMED = re.compile(r"%time\s+(\S.*)")
# A magic, a shell line, the value of either, or a question for help.
_NO_PYTHON = re.compile(r"%%?[A-Za-z]|!|[A-Za-z_][\w, ]{0,100}=\s{0,10}(?:!|%[A-Za-z])|\?|[\w.%]{1,200}\?{1,2}\s*$")


_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.{1,200})", re.M)
_NO_WORD = re.compile(r"[^\w .+-]")
_DECIMAL = re.compile(r"\d\.\d")


def cells(path: str) -> list[tuple[int, str, str]]:
    """Return the code cells of a notebook: number (from 1, over all cells), source without magic, and heading."""
    with open(path, encoding="utf-8") as stream:
        notebook = json.load(stream)
    found = notebook.get("cells") or [
        cell for sheet in notebook.get("worksheets", ()) for cell in sheet.get("cells", ())
    ]
    code = []
    heading = ""
    for number, cell in enumerate(found, 1):
        text = cell.get("source", cell.get("input", ""))
        text = text if isinstance(text, str) else "".join(text)
        if cell.get("cell_type") == "code" and text.strip():
            code.append((number, without_magic(number, text), heading))
        elif cell.get("cell_type") == "markdown":
            heading = heading_in(text) or heading
        elif cell.get("cell_type") == "heading":  # of the format before the fourth
            heading = bare(text[:200])
    return code


def heading_in(text: str) -> str:
    """Return the words of the last heading of a markdown cell; empty where it has none."""
    return ([words for words in map(bare, _HEADING.findall(text)) if words] or [""])[-1]


def bare(heading: str) -> str:
    """Return the words of a heading: no markup, no control characters, and no number that could pass for a result."""
    words = _NO_WORD.sub(" ", unicodedata.normalize("NFKC", heading)).split()
    return " ".join(word for word in words if any(c.isalpha() for c in word) and not _DECIMAL.search(word))[:70]


def without_magic(number: int, text: str) -> str:
    """Return a cell's source with magic and shell lines turned into comments; each is named on standard error."""
    source, left_out = plain(text)
    for line in left_out:
        print(f"[cell {number}] left out: {line[:80]}", file=sys.stderr)
    return source


def plain(text: str) -> tuple[str, list[str]]:
    """Return a cell's source in plain Python, and its lines of magic, shell and help that are left out for it."""
    first = text.lstrip().partition("\n")[0]
    if first.startswith("%%") and not first.startswith(("%%time ", "%%capture ")) and first not in _AROUND_PYTHON:
        return "", [first]
    if _is_python(text):
        return text, []
    lines, left_out, goes_on = [], [], False
    indent = ""
    for line in text.splitlines():
        bare = line.lstrip()
        indent = indent if goes_on else line[: len(line) - len(bare)]
        timed = _TIMED.match(bare)
        if timed and not goes_on:
            line = indent + timed.group(1)
        elif goes_on or _NO_PYTHON.match(bare):
            if not goes_on:
                left_out.append(bare)
            line, goes_on = indent + "pass  # " + bare.rstrip("\\"), bare.endswith("\\")
        lines.append(line)
    return "\n".join(lines), left_out


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


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
    shown = ""
    for number, text, heading in cells(path):
        if heading and heading != shown:
            shown = heading
            print(f"## {heading}")
        name = f"{os.path.basename(path)}[cell {number}]"
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        run(text, name, scope)
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
