"""What happens to random generators on the path of a program, in order: draws, seedings, ends of the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from auditor.analysis.flow.values import Place

OriginKind = Literal[
    "constant", "option", "setting", "environment", "default", "derived", "unknown",
    "clock", "entropy", "hash", "drawn", "none", "absent",
]  # fmt: skip
AT_RANDOM: frozenset[str] = frozenset({"clock", "entropy", "hash", "drawn", "none", "absent"})
"""What makes another number in each run: clock or process id, the system's entropy, the hash of a string, an unseeded
draw, None, and no argument at all."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of a seed comes from: an option or setting by its name, a constant as written, …

    `default` is a library's own fixed seed, `derived` what is drawn from a generator that is itself seeded.
    """

    kind: OriginKind
    name: str = ""
    place: Place | None = None
    replaces: str = ""
    """The option that the program gives this value in place of what the user gave."""


Origins = frozenset[Origin]


def at_random(origins: Origins) -> bool:
    """Return whether a seed can be no other than one drawn at random: no option, constant or setting goes into it."""
    return bool(origins) and all(origin.kind in AT_RANDOM for origin in origins)


@dataclass(frozen=True, slots=True)
class Event:
    """One event on a path.

    A `draw` has the origins of its own generator's seed, or None where it draws from the library's global generator; a
    `seed` those of its value. `segment` is 0 for what the program runs itself; functions that a library calls (hooks,
    callbacks) are segments of their own, whose order among each other is not known.
    """

    kind: Literal["draw", "seed", "leave"]
    place: Place
    name: str = ""
    libraries: tuple[str, ...] = ()
    origins: Origins | None = None
    segment: int = 0
    loops: tuple[int, ...] = ()
    loop_names: tuple[str, ...] = ()
    branches: tuple[tuple[int, int], ...] = ()
    functions: tuple[str, ...] = ()
    """The names of the functions around it, outermost first."""
    deferred: bool = False
    """It draws later than it stands here: the object that it makes draws when it is used."""
    initial: bool = False
    """It draws a layer's first weights."""
    text: str = ""
    """A seed as written."""


@dataclass
class Ledger:
    """The events of one program, and what became of its options."""

    events: list[Event] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """The options that reached a seeding, a generator, or code outside the repository."""
    read: set[tuple[str, Place]] = field(default_factory=set)
    """The options that were read, with where."""
    replaced: dict[str, Origin] = field(default_factory=dict)
    """The options that were read after the program had given them a number at random, with where that comes from."""
    escaped: bool = False
    """All options together were handed to code outside the repository."""

    def draws(self) -> Iterator[Event]:
        """Yield the draws."""
        return (event for event in self.events if event.kind == "draw")

    def seedings(self) -> Iterator[Event]:
        """Yield the seedings."""
        return (event for event in self.events if event.kind == "seed")

    def is_seeded(self, library: str) -> bool:
        """Return whether a library's global generator was given a fixed seed so far."""
        return any(library in event.libraries and not at_random(event.origins or frozenset())
                   for event in self.seedings())  # fmt: skip
