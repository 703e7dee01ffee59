"""A place where results are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from auditor.findings import FileEvidence
from auditor.repository.model import Repository

_USE = re.compile(r"(^|/)(examples?|tutorials?|demos?|tests?|getting_?started)/", re.I)
_LICENCE = re.compile(r"^(licen[sc]e|copying)(\.\w{1,4})?$")
_PROJECT = re.compile(r"^(readme|setup\.py|pyproject\.toml|makefile|cmakelists)")


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A place where the documentation shows results, and how."""

    how: Literal["numbers", "image"]
    evidence: FileEvidence


def in_use(path: str) -> bool:
    """Return whether a file lies among examples of use.

    What such a file prints shows how the code is used; only a table there reports results.
    """
    return bool(_USE.search(path))


def others_projects(repository: Repository) -> tuple[str, ...]:
    """Return the folders (ending in `/`) that carry a licence and a README or build file of their own.

    Below the top, such a folder is a project copied in, unless it holds nearly all of the Python files and the top
    does not carry both itself.
    """
    names: dict[str, set[str]] = {}
    for file in repository.own_files:
        folder, _, name = file.path.rpartition("/")
        names.setdefault(folder, set()).add(name.lower())
    whole = _is_project(names.pop("", set()))
    python = [file.path for file in repository.own_files if file.kind == "python"]
    found = []
    for folder, inside in names.items():
        if _is_project(inside):
            within = sum(path.startswith(f"{folder}/") for path in python)
            if whole or within * 10 < len(python) * 9:
                found.append(f"{folder}/")
    return tuple(found)


def _is_project(names: set[str]) -> bool:
    return any(_LICENCE.match(name) for name in names) and any(_PROJECT.match(name) for name in names)
