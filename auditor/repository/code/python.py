"""One Python file, or the code of one notebook, to its Source. Runs in a confined child."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from auditor.errors import Unreadable
from auditor.repository.code.notebooks import joined_code
from auditor.repository.code.syntax import facts_of
from auditor.repository.inventory import read_text
from auditor.repository.model import Notebook, Source

SOURCE_LIMIT = 2 << 20
"""Bytes of one file; a larger one is data in a Python file's clothes."""
LINES_LIMIT = 30_000
"""Lines of one file, likewise."""
_LANGUAGES = ("python", "ipython", "python3", "python2", "")


def read_python(root: Path, path: str) -> Source:
    """Return the facts of a Python file; raises Unreadable where it cannot be opened or is too large."""
    text = read_text(root, path, SOURCE_LIMIT)
    lines = text.count("\n") + 1
    if lines > LINES_LIMIT:
        raise Unreadable(f"it has {lines} lines, more than the {LINES_LIMIT} read")
    return facts_of(path, text)


def read_cells(notebook: Notebook) -> Source | None:
    """Return the facts of a notebook's code cells, read as one text; None where there are none in Python."""
    if notebook.problem or notebook.language.lower() not in _LANGUAGES:
        return None
    code, cells = joined_code(notebook)
    lines = code.count("\n") + 1
    if len(code) > SOURCE_LIMIT or lines > LINES_LIMIT:
        why = f"it has {len(code)} characters and {lines} lines of code, more than are read"
        return Source(notebook.path, lines, problem=why, known=False, notebook=True, cells=cells)
    return replace(facts_of(notebook.path, code, notebook=True), cells=cells)
