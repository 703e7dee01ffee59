"""A claim: one number that the paper, a README, a notebook or a result file says the method reaches."""

from __future__ import annotations

from typing import Literal

from auditor.findings import Evidence
from auditor.record import Record
from auditor.text import Line

Direction = Literal["higher", "lower"]
Unit = Literal["percent", "fraction", "seconds", "none"]


class Claim(Record):
    """A claimed value of a metric. `printed` is the number as it stands (its last digit sets the tolerance).

    `metric` is the canonical name of `auditor.claims.vocabulary`; `metric_text` what the source calls it. `own` is
    False where the source gives the number as somebody else's (a baseline, a cited result).
    """

    id: str
    metric: str
    metric_text: Line
    value: float
    printed: Line
    unit: Unit = "none"
    direction: Direction | None = None
    std: float | None = None
    n: int | None = None
    dataset: Line | None = None
    split: Line | None = None
    method: Line | None = None
    where: Line
    """`Table 2`, `text`, `README.md`, …"""
    origin: Literal["paper", "readme", "notebook", "results", "author"]
    own: bool | None = None
    headline: bool = False
    """Whether the abstract, the conclusion or a bold cell makes it one of the main claims."""
    relative: bool = False
    """Whether the number compares two results (a gain, a speed-up), so that no run prints it."""
    evidence: Evidence


class Claims(Record):
    """All claims of one submission, the paper's first."""

    items: tuple[Claim, ...] = ()
    cut: str = ""
    """A sentence on how many more were read than are kept; empty where all are."""

    @property
    def decisive(self) -> tuple[Claim, ...]:
        """The claims that decide on the outcome: the paper's, or all where no paper states any.

        A README's table of toy results is no substitute for the results that the paper is believed for.
        """
        return self.of("paper") or self.items

    def of(self, origin: str) -> tuple[Claim, ...]:
        """The claims with this origin."""
        return tuple(claim for claim in self.items if claim.origin == origin)
