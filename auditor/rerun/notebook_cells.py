"""What of a notebook is left out when its cells run as plain Python, and the repair that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from auditor.errors import BadInput
from auditor.findings import FileEvidence
from auditor.recorder.notebook import plain
from auditor.repository.model import Notebook, Repository
from auditor.rerun.engines import confirm_inside
from auditor.rerun.model import Command, Repair

_NOTEBOOK = re.compile(r"\bauditor_notebook\s+(?:'([^']+)'|(\S+))")
# Lines that show or set up something for the reader of a notebook, and change no result of its Python.
_FOR_THE_READER = re.compile(
    r"%%?(?:matplotlib|load_ext|reload_ext|autoreload|time|timeit|capture|config|who\w*|pdb|xmode|precision|"
    r"history|tensorboard|html|HTML|latex|markdown|svg|javascript|js)\b|\?|[\w.%]+\?{1,2}\s*$|"
    r"!\s*(?:ls|pwd|which|nvidia-smi)\b[^|;&<>]*$"
)
# The environment is built from what is declared: what such a line would install is missed, and recorded, where it is.
_INSTALLS = re.compile(r"[!%]\s*(?:(?:sudo|python3?\s+-m)\s+)?(?:pip3?|conda|mamba|uv\s+pip)\s+install\b[^;&|]*$")
_SHOWN = 10


def left_out_cells(repository: Repository, commands: tuple[Command, ...]) -> Repair | None:
    """Return the repair that names the notebook cells that the plan's commands leave out; None where none matters."""
    found = [
        (notebook, number, line)
        for notebook in _notebooks_run(repository, commands)
        for number, line in _left_out(notebook)
    ]
    if not found:
        return None
    places = list(dict.fromkeys(f"cell {number} of {notebook.path}" for notebook, number, _ in found))
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return Repair(
        rung="command",
        cause="other",
        what=f"Cells that call the shell or magics of IPython are left out: {', '.join(places[:_SHOWN])}{more}."[:490],
        why="A notebook's cells are run as plain Python, without a shell and without IPython.",
        evidence=tuple(
            FileEvidence(path=notebook.path, cell=number, excerpt=line[:500])
            for notebook, number, line in found[:_SHOWN]
        ),
    )


def _notebooks_run(repository: Repository, commands: tuple[Command, ...]) -> Iterator[Notebook]:
    by_path = {notebook.path: notebook for notebook in repository.notebooks} if commands else {}
    for command in commands:
        for match in _NOTEBOOK.finditer(command.shell):
            with suppress(BadInput):  # a name that leads out of the repository is none of its notebooks
                path = confirm_inside(f"{command.folder}/{match[1] or match[2]}")
                if path in by_path:
                    yield by_path[path]


def _left_out(notebook: Notebook) -> Iterator[tuple[int, str]]:
    for cell in notebook.cells:
        if cell.kind != "code":
            continue
        for line in plain(cell.text)[1]:
            if not _FOR_THE_READER.match(line) and not _INSTALLS.match(line):
                yield cell.number, line
