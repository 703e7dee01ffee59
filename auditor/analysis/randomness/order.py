"""Whether generators are seeded before they are drawn from, and only once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.analysis.flow.values import Place
from auditor.analysis.randomness.events import Event, at_random
from auditor.analysis.randomness.paths import Path
from auditor.analysis.randomness.reading import MAKES_SEED

UNORDERED = frozenset(("jax", "optuna", "xgboost", "lightgbm", "catboost", "theano", "environment"))
"""Libraries whose draws name their generator: nothing global has to be seeded first."""
_AGAIN = ("__getitem__", "forward", "__iter__", "__next__", "training_step", "call", "collate_fn")
_STEPS = re.compile(
    r"(^|[^a-z])(epoch|ep|step|iter|iteration|batch|it|itr|batch_?idx|i_?epoch|timestep)s?($|[^a-z])", re.I
)

_NO_RESULT = re.compile(
    r"[\w.]{0,60}(name|path|file|dir|folder|stamp|port|suffix|prefix|colou?r|uid|run_?id|exp_?id|tag|url|log)\w{0,20}"
    r"(\[[^\]]{0,40}\])?\s{0,4}\+?=[^=]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class LateSeeding:
    """A library that a program draws from before it seeds it, and the first seeding after that."""

    library: str
    draw: Event
    seeding: Event


@dataclass(frozen=True, slots=True)
class Reseeding:
    """A seeding that runs again and again with the same value: in a loop over steps, or in a method called for each."""

    seeding: Event
    where: str


def late_seedings(path: Path, statement: Callable[[Place], str]) -> Iterator[LateSeeding]:
    """Yield the libraries that are surely drawn from before they are first seeded.

    `statement` gives the text at a place: draws that only make a name, a port or a seed do not matter. Only what the
    program runs itself, in order, is compared; what stands on different sides of one branching, or before the program
    leaves in that branch, never happens in one run.
    """
    events = [event for event in path.events if event.segment == 0]
    leaves = [event.branches for event in events if event.kind == "leave" and event.branches]
    first: dict[str, Event] = {}
    seeded: set[str] = set()
    for event in events:
        known = event.kind == "draw" and event.libraries[0] in first
        if event.kind == "draw" and not (known or event.deferred or event.origins is not None):
            first |= {event.libraries[0]: event} if _matters(statement(event.place)) else {}
        if event.kind != "seed" or at_random(event.origins or frozenset()):
            continue
        for library in event.libraries:
            draw = first.get(library)
            if draw is not None and library not in seeded | UNORDERED and _both(draw, event, leaves):
                yield LateSeeding(library, draw, event)
            seeded.add(library)


def _matters(text: str) -> bool:
    """Return whether a statement's draws can change results: they make no name, path, port or seed."""
    return not (MAKES_SEED.match(text) or _NO_RESULT.match(text))


def _both(one: Event, other: Event, leaves: list[tuple[tuple[int, int], ...]]) -> bool:
    """Return whether two events, the second after the first, can happen in one run."""
    sides = dict(one.branches)
    if any(sides.get(branching, side) != side for branching, side in other.branches):
        return False
    return not any(one.branches[: len(end)] == end and other.branches[: len(end)] != end for end in leaves)


def reseedings(path: Path) -> Iterator[Reseeding]:
    """Yield the seedings with one fixed value in a loop over epochs, steps or batches, or for each item."""
    seen: set[tuple[str, int]] = set()
    for event in path.ledger.seedings():
        origins = event.origins or frozenset()
        key = (event.place.path, event.place.line)
        if key in seen or at_random(origins) or {"jax", "environment"} & set(event.libraries) or event.deferred:
            continue
        if event.text.startswith("self.") or any(o.kind not in ("constant", "option") for o in origins):
            continue
        where = _again(event)
        if where:
            seen.add(key)
            yield Reseeding(event, where)


def _again(event: Event) -> str:
    """Return what repeats a seeding whose value does not depend on it; empty where nothing known does."""
    names = set(re.findall(r"[A-Za-z_]\w{0,80}", event.text))
    loops = [name for name in event.loop_names if _STEPS.search(name)]
    if loops and not names & {part for name in event.loop_names for part in re.findall(r"\w{1,80}", name)}:
        return f"for each `{loops[-1]}`"
    methods = [name for name in event.functions if name.rpartition(".")[2] in _AGAIN]
    only_constant = all(origin.kind == "constant" for origin in event.origins or ())
    if methods and only_constant and not {"idx", "index", "i", "item"} & names:
        return f"in every call of `{methods[-1]}`"
    return ""
