"""One cause, counted once: which libraries `randomness.seeds` charges already."""

from __future__ import annotations

from auditor.analysis.randomness import Randomness

SEEDS, DETERMINISM = "randomness.seeds", "randomness.determinism"


def left_open(randomness: Randomness) -> frozenset[str]:
    """Return the libraries that some program which counts draws from and leaves without a seed."""
    entries = (entry for entry in randomness.entries if entry.level not in ("full", "na"))
    return frozenset(library for entry in entries for library in set(entry.draws) - entry.seeded)


def said(check: str) -> str:
    """Return the sentence that tells the reader of it."""
    return f"The cause is counted in `{check}`."
