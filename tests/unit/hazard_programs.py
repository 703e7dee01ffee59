"""Small programs written into a folder, and the hazards that reading them finds."""

from __future__ import annotations

from pathlib import Path

from auditor.analysis.call_graph import Program
from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.programs import hazards_of
from auditor.analysis.randomness import Randomness
from auditor.repository.inventory import read_repository


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files below a folder and return it."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return root


def hazards_in(root: Path, files: dict[str, str]) -> tuple[Hazard, ...]:
    """Return the hazards of a repository of these files."""
    return hazards_of(Randomness(Program(read_repository(write(root, files))))).all


def of_row(root: Path, row: int, program: str, **files: str) -> list[Hazard]:
    """Return the hazards of one row in a program; `requirements` is what requirements.txt holds."""
    named = {"requirements.txt": files["requirements"]} if "requirements" in files else {}
    return [hazard for hazard in hazards_in(root, {"train.py": program} | named) if hazard.row == row]


def found_in(root: Path, row: int, programs: tuple[str, ...]) -> list[bool]:
    """Return of each program whether the row is found in it."""
    return [bool(of_row(root / str(number), row, program)) for number, program in enumerate(programs)]
