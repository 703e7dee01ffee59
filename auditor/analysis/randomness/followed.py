"""What a program draws and seeds, from the events on its path."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.analysis.call_graph import Program
from auditor.analysis.flow.values import Place
from auditor.analysis.randomness.events import Event, at_random
from auditor.analysis.randomness.paths import Path
from auditor.analysis.randomness.reading import MAKES_SEED
from auditor.analysis.randomness.records import Draw, Seeding
from auditor.findings import FileEvidence


def statement_at(program: Program, place: Place) -> str:
    """Return the statement of the first call on a line; empty where none is known."""
    return next((call.statement for call in program.sources[place.path].calls if call.line == place.line), "")


def evidence_at(program: Program, place: Place) -> FileEvidence:
    """Return a place of a path as evidence."""
    return program.sources[place.path].evidence(place.line, statement_at(program, place))


def drawn_on(path: Path, program: Program) -> Iterator[Draw]:
    """Yield the draws on a path, each line once; a draw that only makes a seed is judged by what the seed is for."""
    seen: set[tuple[str, Place, bool, bool]] = set()
    last: dict[str, Event] = {}
    fixed = [event for event in path.ledger.seedings() if not at_random(event.origins or frozenset())]
    for event in path.events:
        last |= dict.fromkeys(event.libraries, event) if event.kind == "seed" else {}
        if event.kind != "draw":
            continue
        own = event.origins is not None and not at_random(event.origins)
        loose = not own and (event.origins is not None or _reseeded(event, last.get(event.libraries[0])))
        missed = event.origins is None and _missed(event, fixed)
        key = (event.libraries[0], event.place, own, loose or missed)
        if key in seen:
            continue
        seen.add(key)
        if MAKES_SEED.match(statement_at(program, event.place)):
            continue
        by_default = next((o.name for o in event.origins or () if o.kind == "default"), "")
        by_default = by_default if all(origin.kind == "default" for origin in event.origins or ()) else ""
        evidence = evidence_at(program, event.place)
        yield Draw(event.libraries[0], _node(event), evidence, event.place.line, own, event.initial, by_default, loose,
                   missed)  # fmt: skip


def _missed(draw: Event, fixed: list[Event]) -> bool:
    """Return whether its library is seeded, and only on other sides of a branching than that on which a draw stands."""
    seedings = [event for event in fixed if draw.libraries[0] in event.libraries]
    sides = dict(draw.branches)
    return bool(seedings) and all(
        any(sides.get(branching, side) != side for branching, side in event.branches) for event in seedings
    )


def _reseeded(draw: Event, last: Event | None) -> bool:
    """Return whether the seeding last before a draw is at random, and always runs where the draw does."""
    if last is None or not at_random(last.origins or frozenset()):
        return False
    return last.branches == draw.branches[: len(last.branches)]


def seeded_on(path: Path, program: Program) -> Iterator[Seeding]:
    """Yield the seedings on a path that are fixed, each line once."""
    seen: set[tuple[Place, str]] = set()
    for event in path.ledger.seedings():
        origins = event.origins or frozenset()
        if event.libraries == ("environment",):  # its own generator, and none of a library that is drawn from
            continue
        if at_random(origins) or (event.place, event.name) in seen:
            continue
        seen.add((event.place, event.name))
        default = next((origin for origin in origins if origin.kind == "default"), None)
        value = default.name if default else event.text
        evidence = evidence_at(program, event.place)
        yield Seeding(event.libraries, _node(event), evidence, event.place.line, value, True, origins, bool(default))


def _node(event: Event) -> tuple[str, str]:
    return event.place.path, event.functions[-1] if event.functions else ""
