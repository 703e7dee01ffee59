"""Cells of a notebook that are no plain Python: which of them count as changes."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.findings import FileEvidence
from auditor.recorder.notebook import plain
from auditor.repository.inventory import read_repository
from auditor.rerun.model import Command, Repair
from auditor.rerun.notebook_cells import left_out_cells


def repair(folder: Path, *cells: str) -> Repair | None:
    (folder / "nb").mkdir()
    code = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in cells]
    (folder / "nb" / "a b.ipynb").write_text(json.dumps({"cells": code, "metadata": {}, "nbformat": 4}))
    command = Command(shell="python -m auditor_notebook 'a b.ipynb'", folder="nb", source="x", why="")
    return left_out_cells(read_repository(folder), (command,))


def test_a_shell_cell_that_is_left_out_is_a_change_with_its_cell_as_evidence(tmp_path: Path) -> None:
    found = repair(tmp_path, "x = 1", "%%bash\npython train.py", "!python evaluate.py --all\ny = 2")
    assert found is not None
    assert found.changes
    assert "cell 2 of nb/a b.ipynb, cell 3 of nb/a b.ipynb" in found.what
    assert found.evidence[0] == FileEvidence(path="nb/a b.ipynb", cell=2, excerpt="%%bash")


def test_magics_for_the_reader_are_no_change(tmp_path: Path) -> None:
    lines = ("%matplotlib inline\n%load_ext autoreload\n%autoreload 2", "%time x = 1", "%%time\nx = 1", "?print", "x?",
             "%config a=1", "!pip install numpy", "!nvidia-smi")  # fmt: skip
    assert repair(tmp_path, *lines) is None


def test_a_magic_that_runs_another_program_is_a_change(tmp_path: Path) -> None:
    assert repair(tmp_path, "%run train.py") is not None


def test_a_timed_statement_is_run_and_an_operator_at_a_lines_start_is_no_magic() -> None:
    assert plain("%time x = 1\ny = 2") == ("x = 1\ny = 2", [])
    text = "print('%d'\n  % 3)"
    assert plain(text) == (text, [])
    assert plain(f"%matplotlib inline\n{text}")[0].endswith(text)


def test_a_shell_line_that_goes_on_is_left_out_whole() -> None:
    source, left_out = plain("!run a \\\n  b\ny = !ls")
    compile(source, "x", "exec")
    assert left_out == ["!run a \\", "y = !ls"]
