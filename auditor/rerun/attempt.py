"""One attempt at a rerun: what a round of runs is made with, and what a repair makes a new one of."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.utils import canonicalize_name

from auditor.rerun.engines import Recipe
from auditor.rerun.environment import Choice, name_of
from auditor.rerun.model import Command, Repair


@dataclass(frozen=True)
class Attempt:
    """What one round of runs is made with. A repair makes a new one of it."""

    recipe: Recipe
    choice: Choice
    commands: tuple[Command, ...]
    paths: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    inferred: frozenset[str] = frozenset()
    """Distributions that were added because the code imports them."""
    default_builds: bool = False
    """Whether large packages are to be those of the index, though the wheel folder holds CPU builds of them."""

    def has(self, name: str) -> bool:
        """Whether a distribution is among the requirements."""
        return any(name_of(line) == canonicalize_name(name) for line in self.recipe.requirements)


Step = tuple[Repair, Attempt]
