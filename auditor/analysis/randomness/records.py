"""What one program draws and seeds, by library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from auditor.analysis.call_graph import Node
from auditor.analysis.randomness.events import Origins
from auditor.findings import FileEvidence
from auditor.repository.model import Source

Level = Literal["full", "partial", "none", "na"]


@dataclass(frozen=True, slots=True)
class Draw:
    """A place that draws from a library's generator; `seeded` where a generator or argument of its own fixes it."""

    library: str
    node: Node
    evidence: FileEvidence
    line: int
    seeded: bool = False
    initial: bool = False
    """It draws a layer's first weights, which loading trained ones replaces."""
    by_default: str = ""
    """Words on the seed that the library takes by itself where the code gives none; else empty."""
    at_random: bool = False
    """Its own generator, or the seeding last before it, is another one in each run: no other seed fixes it."""
    missed: bool = False
    """Its library is seeded only where this does not run."""


@dataclass(frozen=True, slots=True)
class Seeding:
    """A call that seeds `libraries` with `value`; `fixed` is False where that is drawn at random or None."""

    libraries: tuple[str, ...]
    node: Node
    evidence: FileEvidence
    line: int
    value: str
    fixed: bool
    origins: Origins = frozenset()
    """Where the value comes from, as far as the path was followed."""
    by_default: bool = False
    """The library takes it by itself where the code gives none; `value` then says so in words."""


@dataclass(frozen=True)
class EntryRandomness:
    """What one entry point draws and seeds, as far as it reaches."""

    entry: Source
    draws: dict[str, tuple[Draw, ...]] = field(default_factory=dict)
    seeds: dict[str, tuple[Seeding, ...]] = field(default_factory=dict)
    unseen: bool = False
    """It imports modules of its own that are not in the tree: what draws may stand there."""

    @property
    def seeded(self) -> frozenset[str]:
        """The libraries drawn from whose every draw is fixed."""
        return frozenset(
            library
            for library, draws in self.draws.items()
            if all(draw.seeded or (library in self.seeds and not draw.at_random and not draw.missed) for draw in draws)
        )

    @property
    def level(self) -> Level:
        """`full`, `partial`, `none` of the libraries are seeded, or `na` where nothing is drawn."""
        if not self.draws:
            return "full" if self.seeds and self.unseen else "na"
        if len(self.seeded) == len(self.draws):
            return "full"
        asked = any(draw.seeded and not draw.by_default for draws in self.draws.values() for draw in draws)
        return "partial" if asked or self.seeds else "none"


Placed = TypeVar("Placed", Draw, Seeding)


def by_path(items: Iterable[Placed]) -> dict[str, list[Placed]]:
    """Return draws or seedings by the file that they stand in."""
    found: dict[str, list[Placed]] = {}
    for item in items:
        found.setdefault(item.node[0], []).append(item)
    return found


def gathered(entry: Source, draws: Iterable[Draw], seeds: Iterable[Seeding]) -> EntryRandomness:
    """Return draws and seedings of one program, by library."""
    by_library: dict[str, list[Draw]] = {}
    seeded: dict[str, list[Seeding]] = {}
    for draw in draws:
        by_library.setdefault(draw.library, []).append(draw)
    for seeding in seeds:
        for library in seeding.libraries:
            seeded.setdefault(library, []).append(seeding)
    return EntryRandomness(
        entry, {k: tuple(v) for k, v in by_library.items()}, {k: tuple(v) for k, v in seeded.items()}
    )
