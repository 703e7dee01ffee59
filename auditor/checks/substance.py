"""Whether there is code at all that a claim of the documentation could rest on."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.analysis.other_languages import OtherLanguages
from auditor.analysis.roles import Roles
from auditor.checks.framework import fact
from auditor.repository.kinds import PAGE_SUFFIXES
from auditor.repository.model import File, Repository

SUBSTANCE = 600
"""Bytes below which sources that run no experiment are a placeholder: a helper, an empty frame."""


@dataclass(frozen=True)
class Substance:
    """The authors' own source files, those at the top first; shell scripts and pages of HTML are none.

    `placeholder` where they are too little to be the code of a paper: a few lines that run no experiment, or none.
    """

    programs: tuple[File, ...]
    placeholder: bool

    @property
    def bytes(self) -> int:
        """Their size in all."""
        return sum(file.size for file in self.programs)


@fact
def substance(repository: Repository, roles: Roles | None) -> Substance:
    """Whether there is code."""
    found = [f for f in repository.own_files if f.kind in ("python", "notebook", "source") and f.size > 0]
    kept = [file for file in found if not file.path.endswith(PAGE_SUFFIXES)]
    shown = tuple(sorted(kept, key=lambda file: (file.path.count("/"), -file.size)))
    small = sum(file.size for file in shown) < SUBSTANCE
    return Substance(shown, placeholder=not shown or (small and _runs_nothing(repository, roles, shown)))


def _runs_nothing(repository: Repository, roles: Roles | None, shown: tuple[File, ...]) -> bool:
    """Return whether no source runs an experiment; of languages that are not read, nobody knows."""
    if roles is not None:
        return not roles.experiments
    other = OtherLanguages(repository)
    return not other.experiments and set(shown) <= set(other.files)
