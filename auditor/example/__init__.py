"""The bundled example: a small paper and its repository, to try the auditor on and to test it with."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timezone
from pathlib import Path

from auditor.errors import BadInput

VARIANTS = {
    "reproduces": "the paper's numbers are those that its code gives",
    "overclaims": "the paper claims more than its code gives",
    "broken": "a file that the code needs is missing",
}

# Files without a history are dated by their time of change, and dependencies are resolved as of that date.
RELEASED = datetime(2026, 11, 21, tzinfo=timezone.utc)

_HERE = Path(__file__).parent
_NEEDED = Path("data/split.csv")


def write_example(folder: Path, variant: str = "reproduces") -> tuple[Path, Path]:
    """Write the paper and the repository of a variant into `folder`, which is made, and return the path of each.

    Raises BadInput for a variant that does not exist, or where something of that name stands in the folder already.
    """
    if variant not in VARIANTS:
        raise BadInput(f"There is no example called {variant!r}; there are {', '.join(VARIANTS)}.")
    paper, repository = folder / "one-pixel-shifts.pdf", folder / "repository"
    for path in (paper, repository):
        if path.exists():
            raise BadInput(f"{path} is there already; give the example a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    source = "paper-overclaims.pdf" if variant == "overclaims" else "paper.pdf"
    shutil.copyfile(_HERE / "paper" / source, paper)
    ignore = shutil.ignore_patterns("__pycache__", "outputs")
    shutil.copytree(_HERE / "repository", repository, ignore=ignore, copy_function=shutil.copyfile)
    if variant == "broken":
        (repository / _NEEDED).unlink()
        (repository / _NEEDED).parent.rmdir()
    for path in (paper, *repository.rglob("*")):
        os.utime(path, (RELEASED.timestamp(), RELEASED.timestamp()))
    return paper, repository
