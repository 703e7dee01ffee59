"""Jupyter notebooks: cells, stored outputs, and the code cells joined to one text."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any

from auditor.repository.inventory import read_text
from auditor.repository.model import Cell, Notebook

NOTEBOOK_LIMIT = 40 << 20
OUTPUT_LIMIT = 20_000
"""Characters kept of one cell's stored outputs."""
CELL_LIMIT = 5_000
_STRAY_LIMIT = 200
"""Characters before a notebook's first brace that are passed over."""

_OTHER_LANGUAGE = re.compile(
    r"^%%(bash|sh|script|html|javascript|js|latex|svg|markdown|writefile|file|cython|perl|ruby|R)\b", re.I
)

_QUOTED_OR_COMMENT = re.compile(r"""'[^'\n]{0,2000}'|"[^"\n]{0,2000}"|#.*""")


def read_notebook(root: Path, path: str) -> Notebook:
    """Return the notebook in a file; `problem` is set where it holds none. Raises Unreadable where it is too large."""
    text = read_text(root, path, NOTEBOOK_LIMIT)
    if not text.strip():
        return Notebook(path)  # nothing is in it, so nothing of it is unread
    try:  # a stray letter before the first brace, or anything after the last, costs nothing
        document, _ = json.JSONDecoder().raw_decode(text, max(text.find("{", 0, _STRAY_LIMIT), 0))
    except ValueError as error:
        return Notebook(path, problem=f"it is no JSON ({type(error).__name__})")
    return notebook_of(path, document)


def notebook_of(path: str, document: Any) -> Notebook:
    """Return the Notebook that a parsed JSON document holds; `problem` is set where it is none."""
    if not isinstance(document, dict):
        return Notebook(path, problem="its JSON is no notebook")
    cells = document.get("cells")
    if cells is None and isinstance(document.get("worksheets"), list):  # the third format, before 2015
        cells = [c for sheet in document["worksheets"] if isinstance(sheet, dict) for c in sheet.get("cells") or []]
    if not isinstance(cells, list):
        return Notebook(path, problem="its JSON holds no cells")
    metadata = document.get("metadata")
    read = tuple(_cell(n, c) for n, c in enumerate(cells[:CELL_LIMIT], 1) if isinstance(c, dict))
    return Notebook(path, read, _language(metadata if isinstance(metadata, dict) else {}))


def _language(metadata: dict[str, Any]) -> str:
    for key in ("language_info", "kernelspec"):
        part = metadata.get(key)
        if isinstance(part, dict):
            name = part.get("name" if key == "language_info" else "language")
            if isinstance(name, str):
                return name
    return "python"


def _cell(number: int, cell: dict[str, Any]) -> Cell:
    kind = cell.get("cell_type")
    text = _text(cell.get("source", cell.get("input", "")))
    if kind not in ("code", "markdown", "raw"):
        return Cell(number, "markdown" if kind == "heading" else "raw", text)
    count = cell.get("execution_count", cell.get("prompt_number"))
    outputs: list[str] = []
    images, error = 0, None
    listed = cell.get("outputs")
    for output in listed[:200] if isinstance(listed, list) else []:
        if not isinstance(output, dict):
            continue
        if output.get("output_type") in ("error", "pyerr"):
            error = f"{output.get('ename', 'error')}: {output.get('evalue', '')}"[:300]
        inner = output.get("data")
        data = inner if isinstance(inner, dict) else output
        images += any(key.startswith("image/") or key in ("png", "jpeg", "svg") for key in data) or (
            "data:image/" in _text(data.get("text/html"))[:1_000]  # an interactive plot's last state
        )
        text_output = _text(output.get("text") or data.get("text/plain") or data.get("text") or "")
        if text_output.strip():
            outputs.append(text_output[:OUTPUT_LIMIT])
    return Cell(number, kind, text, count if isinstance(count, int) else None, tuple(outputs), images, error)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def joined_code(notebook: Notebook) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the code cells as one text and, for each, (its number, the line on which it begins).

    Magics and shell lines become `pass` or vanish, so that every line keeps its place.
    """
    lines: list[str] = []
    starts: list[tuple[int, int]] = []
    for cell in notebook.cells:
        if cell.kind != "code":
            continue
        starts.append((cell.number, len(lines) + 1))
        lines += plain_lines(cell.text)
    return "\n".join(lines), tuple(starts)


def plain_lines(code: str) -> list[str]:
    """Return a cell's lines with IPython's own syntax taken out."""
    lines = code.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith((" ", "\t")):  # IPython takes a cell's common indentation away
        lines = textwrap.dedent(code).split("\n")
    if _OTHER_LANGUAGE.match(first.strip()):
        return [""] * len(lines)
    result = []
    depth = 0
    for line in lines:
        stripped = line.lstrip()
        indent = line[: len(line) - len(stripped)]
        if depth > 0:  # within brackets a sign is an operator
            result.append(line)
        elif stripped.startswith(("%", "!", "?")) or (
            stripped.endswith("?") and "#" not in stripped and "'" not in stripped
        ):
            result.append(f"{indent}pass" if indent else "")
            continue
        elif re.match(r"\w{1,60}\s{0,3}=\s{0,3}[!%]", stripped):
            result.append(f"{indent}{stripped.partition('=')[0]}= None")
            continue
        else:
            result.append(line)
        bare = _QUOTED_OR_COMMENT.sub("", line)
        depth = max(0, depth + sum(map(bare.count, "([{")) - sum(map(bare.count, ")]}")))
    return result
