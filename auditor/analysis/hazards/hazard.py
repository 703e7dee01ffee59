"""One reason why two runs may differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditor.findings import FileEvidence

Severity = Literal["high", "medium", "low"]
Subject = Literal["order", "kernels", "workers", "libraries", "remote", "notebooks"]
LEFT_OFF = "determinism"
"""The cause of a hazard that is there because deterministic kernels are asked for nowhere."""
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Hazard:
    """A place where two runs may come to differ.

    `severity` is `high` where the results change from run to run on any machine, `medium` where they do on a GPU, with
    workers, between machines or over time, `low` where the last digits do, or hardly ever. `fix` is code in the
    author's own names.
    """

    row: int
    """Of the table in docs/determinism.md."""
    subject: Subject
    title: str
    """What happens, as a clause that starts with what does it."""
    severity: Severity
    fix: str
    evidence: FileEvidence
    holds_for: str = ""
    """The versions for which it holds (`torch <1.9`); empty where it holds for all."""
    cause: str = ""
    """The library whose global generator, which nothing seeds, is all that is amiss; or LEFT_OFF."""
    at: tuple[str, int] = ("", 0)
    """Path and line where the fix goes; of a notebook, the line of all its code."""
    certain: bool = True
    """Whether the fix surely does no more than to mend it."""
    known: bool = True
    """Whether the repository's declared versions are among these; False where it declares none that tells."""

    @property
    def kind(self) -> tuple[int, str, str]:
        """What those alike in one file have in common: row, title and path."""
        return self.row, self.title, self.evidence.path


def lowered(severity: Severity) -> Severity:
    """Return the next lower severity: for what holds only for some of the versions that the repository leaves open."""
    return "medium" if severity == "high" else "low"


def by_severity(hazards: tuple[Hazard, ...]) -> tuple[Hazard, ...]:
    """Return hazards in the order in which they are told: the gravest first, then by row and place."""
    return tuple(
        sorted(hazards, key=lambda h: (SEVERITIES.index(h.severity), h.row, h.evidence.path, h.evidence.line or 0))
    )
