"""Whether a program is fixed once its global generators are seeded: nothing at random remains on its path."""

from __future__ import annotations

from auditor.analysis.randomness import EntryRandomness, Randomness
from auditor.analysis.randomness.events import Event, at_random
from auditor.analysis.randomness.followed import statement_at
from auditor.analysis.randomness.paths import Path


def still_open(randomness: Randomness, entry: EntryRandomness) -> str:
    """Return why a program is not fixed although its libraries are seeded; empty where every draw is.

    Every seed and generator on the path has a fixed value, and every other draw follows a seeding of its library that
    can run with it. What a callback seeds does not count for another one: their order is not known.
    """
    path = randomness.paths.of(entry.entry)
    if path is None or not path.whole:
        return _by_its_code(randomness, entry)
    for event in path.events:
        own = event.kind == "seed" or (event.kind == "draw" and event.origins is not None)
        if own and at_random(event.origins or frozenset()):
            return f"`{_text(randomness, event)}` takes another seed in each run"
        late = event.kind == "draw" and event.origins is None and event.libraries[0] in entry.draws
        if late and not _follows_seeding(event, path):
            return f"`{_text(randomness, event)}` may draw before its library is seeded"
    return ""


def _follows_seeding(draw: Event, path: Path) -> bool:
    sides = dict(draw.branches)
    for event in path.events:
        if event is draw:
            return draw.deferred and any(_seeds(other, draw, sides) for other in path.events)
        if _seeds(event, draw, sides):
            return True
    return False


def _seeds(event: Event, draw: Event, sides: dict[int, int]) -> bool:
    here = event.kind == "seed" and draw.libraries[0] in event.libraries and event.segment in (0, draw.segment)
    return here and all(sides.get(branching, side) == side for branching, side in event.branches)


def _by_its_code(randomness: Randomness, entry: EntryRandomness) -> str:
    """Return what the code that a program reaches seeds at random, its path not being known."""
    paths = {path for path, _ in randomness.reach.nodes(entry.entry)}
    for seeding in randomness.seedings:
        if seeding.node[0] in paths and not seeding.fixed:
            return f"`{seeding.evidence.excerpt or seeding.value}` may take another seed in each run"
    loose = next((draw for draws in entry.draws.values() for draw in draws if draw.at_random), None)
    return f"`{loose.evidence.excerpt}` takes another seed in each run" if loose else ""


def _text(randomness: Randomness, event: Event) -> str:
    """Return the statement of an event: its line may be another one in the file as it was."""
    return (statement_at(randomness.program, event.place) or event.name)[:80]
