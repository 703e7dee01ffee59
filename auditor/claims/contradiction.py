"""Two statements of one document that cannot both be right, and those that were compared and agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.findings import Evidence


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements that cannot both be right; `certain` is False where one may mean something else."""

    sentence: str
    evidence: tuple[Evidence, ...]
    certain: bool


Agreeing = tuple[Evidence, ...]
"""Two statements that were compared and do not contradict each other."""

Compared = Iterator[Contradiction | Agreeing]
