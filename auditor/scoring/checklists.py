"""Finding and loading checklists: one loader for the source tree and for an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from auditor.errors import BadInput
from auditor.scoring.model import Checklist

_MAX_BYTES = 1 << 20


def folders() -> tuple[Path, ...]:
    """Return where the shipped checklists may lie: inside the package (wheel), or beside it (source tree)."""
    package = Path(__file__).resolve().parent.parent
    return (package / "checklists", package.parent / "checklists")


def available() -> tuple[str, ...]:
    """Return the names of the shipped checklists, sorted."""
    return tuple(sorted({path.stem for folder in folders() if folder.is_dir() for path in folder.glob("*.yaml")}))


@cache
def load(name: str) -> Checklist:
    """Return the checklist of this name, or of this path to a YAML file of the user's own.

    Raises BadInput when there is none, or when it is not a valid checklist.
    """
    return read(_find(name))


def read(path: Path) -> Checklist:
    """Return the checklist that the YAML file holds; raises BadInput when it is not valid."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(f"The checklist {path} is larger than 1 MiB.")
        checklist = Checklist.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"The checklist {path} cannot be read: {str(error).splitlines()[0]}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(f"The checklist {path} is not valid at {place or 'the top'}: {first['msg']}.") from error
    _validate(checklist, path)
    return checklist


def _find(name: str) -> Path:
    for folder in folders():
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    raise BadInput(
        f"There is no checklist {name!r}; there are {', '.join(available())}, or give the path of a YAML file."
    )


def _validate(checklist: Checklist, path: Path) -> None:
    ids = [item.id for item in checklist.items]
    twice = {id for id in ids if ids.count(id) > 1}
    if twice:
        raise BadInput(f"The checklist {path} has two items called {sorted(twice)[0]}.")
    for item in checklist.items:
        if not item.checks and item.answered_by != ("human",):
            raise BadInput(f"The item {item.id} of {path} names no check and is not marked as a human's.")
        if item.weight < 0:
            raise BadInput(f"The item {item.id} of {path} has a weight below 0.")
    if "F" not in checklist.grading.letters or min(checklist.grading.letters.values()) > 0:
        raise BadInput(f"The grading of {path} must give the letter F from 0.")
