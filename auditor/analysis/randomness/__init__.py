"""The random generators of a program: what draws, what seeds, from where, and in which order on each path."""

from auditor.analysis.randomness.levels import Randomness as Randomness
from auditor.analysis.randomness.records import EntryRandomness as EntryRandomness
