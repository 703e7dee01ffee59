"""Faults of seeding on the paths of a repository's programs: too late, again and again, at random, never applied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.analysis.call_graph import Program
from auditor.analysis.flow.values import Place
from auditor.analysis.randomness.events import Event, Origin, at_random
from auditor.analysis.randomness.followed import evidence_at, statement_at
from auditor.analysis.randomness.names import generator_name
from auditor.analysis.randomness.order import late_seedings, reseedings
from auditor.analysis.randomness.paths import Path
from auditor.analysis.randomness.reading import MAKES_SEED
from auditor.analysis.randomness.remedies import (
    code_for,
    parsed,
    remedy,
    seed_expression,
    seed_step,
    sentence_case,
    where_to_seed,
)
from auditor.findings import FileEvidence

Severity = Literal["high", "medium"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `row` of the determinism table, a clause that says it, evidence, and the step that mends it."""

    row: int
    severity: Severity
    clause: str
    evidence: tuple[FileEvidence, ...]
    remedy: str
    libraries: tuple[str, ...] = ()
    """Those that it leaves without a fixed seed."""


def place_in_words(program: Program, place: Place) -> str:
    """Return a place as a reader looks it up: file, cell and line."""
    evidence = program.sources[place.path].evidence(place.line)
    inside = f"cell {evidence.cell}, " if evidence.cell is not None else ""
    return f"{place.path}, {inside}line {evidence.line}"


def order_faults(path: Path, program: Program) -> Iterator[Fault]:
    """Yield the seedings of one path that come after the first draw, and those that run again and again."""
    for late in late_seedings(path, lambda place: statement_at(program, place)):
        draw, seeding = place_in_words(program, late.draw.place), place_in_words(program, late.seeding.place)
        yield Fault(
            8,
            "high",
            f"{generator_name(late.library)} is first drawn from in {draw} and seeded only later, in {seeding}",
            (evidence_at(program, late.draw.place), evidence_at(program, late.seeding.place)),
            f"{_moved(late.seeding, late.library, path, program)}, so that it comes before {draw}.",
            (late.library,),
        )
    for again in reseedings(path):
        seeding = place_in_words(program, again.seeding.place)
        yield Fault(
            9,
            "medium",
            f"the same seed is set {again.where} in {seeding}, so that the same numbers come again",
            (evidence_at(program, again.seeding.place),),
            f"{_moved(again.seeding, again.seeding.libraries[0], path, program)}, once a run, or give this place a "
            "generator of its own.",
        )


def _moved(seeding: Event, library: str, path: Path, program: Program) -> str:
    """Return where a seeding belongs: as written where its names hold there too, else by the program's own option."""
    text = statement_at(program, seeding.place)
    if seeding.place.path != path.entry.path or seeding.functions or not text:
        return remedy([library], path.entry, program).rstrip(".")
    return f"Run `{text}` {where_to_seed(path.entry)}"


def source_faults(path: Path, program: Program) -> Iterator[Fault]:
    """Yield the seedings and generators of one path whose seed is another in each run, by cause, with their number."""
    alike: dict[object, tuple[Origin, list[Event]]] = {}
    for event in path.events:
        made = event.kind == "draw" and event.deferred
        if not at_random(event.origins or frozenset()) or not (event.kind == "seed" or made):
            continue
        origin = _telling(event)
        if origin is None or _replaced(event, path) or MAKES_SEED.match(statement_at(program, event.place)):
            continue
        alike.setdefault(origin.place or event.place, (origin, []))[1].append(event)
    for origin, events in alike.values():
        yield _by_cause(origin, events, path, program)


def _by_cause(origin: Origin, events: list[Event], path: Path, program: Program) -> Fault:
    """Return the fault of seedings with one cause: told at the first, with the number of the others."""
    first, places = events[0], list(dict.fromkeys(event.place for event in events))
    shown = dict.fromkeys((first.place, origin.place or first.place, *places))
    more = f" (and {len(places) - 1} more of the same cause)" if len(places) > 1 else ""
    what = f"`{statement_at(program, first.place) or first.name}` in {place_in_words(program, first.place)}{more}"
    return Fault(
        _ROWS.get(origin.kind, 3),
        "high",
        f"{what} {_words(origin)}{_in_place_of(origin)}",
        tuple(evidence_at(program, place) for place in shown),
        _given(first, path, program) + (" Do likewise for the others." if more else ""),
        first.libraries,
    )


def _words(origin: Origin) -> str:
    kind = "default" if origin.kind == "absent" and origin.name else origin.kind
    return _WORDS[kind].format(name=origin.name)


def _in_place_of(origin: Origin) -> str:
    """Return the clause that says which option a seed at random replaces; empty where it replaces none."""
    return f", which the program puts in place of its option `{origin.replaces}`" if origin.replaces else ""


def _given(event: Event, path: Path, program: Program) -> str:
    """Return the step that gives a seeding or generator the program's own seed."""
    place, more = place_in_words(program, event.place), seed_step(path.entry, program)
    if event.place.path == path.entry.path:
        code, read = code_for(event, path.entry, program), parsed(path.entry)
        if read and event.place.line < read[1]:  # the options are not read there yet
            return sentence_case(
                f"{more}write `{code}` after line {read[1]}, where the options are read, and not in {place}."
            )
        return sentence_case(f"{more}write `{code}` in {place}.")
    seed = seed_expression(path.entry, program)
    return sentence_case(f"{more}hand `{seed}` of {path.entry.path} on to `{event.name}` in {place}.")


def _replaced(event: Event, path: Path) -> bool:
    """Return whether the program seeds by a fixed value on another side of a branching.

    Then the seed at random is its author's word for "any".
    """
    sides = dict(event.branches)
    return any(
        bool(other.origins)
        and not at_random(other.origins or frozenset())
        and any(sides.get(branching, side) != side for branching, side in other.branches)
        for other in path.events
    )


_WORDS = {
    "clock": "takes its seed from `{name}`, another one in each run",
    "entropy": "takes its seed from the system's entropy (`{name}`)",
    "hash": "takes its seed from `{name}`, which differs from run to run for strings",
    "drawn": "takes its seed from `{name}`, a draw that nothing seeds",
    "none": "is given None, and so the system's entropy",
    "absent": "is given no seed, and takes the system's entropy",
    "default": "is given no seed, and {name}",
}
_ROWS = {"clock": 6, "entropy": 6, "hash": 6, "drawn": 6, "none": 3, "absent": 3}
_ORDER = ("clock", "entropy", "hash", "drawn", "none", "absent")


def _telling(event: Event) -> Origin | None:
    """Return the origin that tells the fault; None where the call may not run with it.

    A parameter that is None by default is often guarded: then the seeding stands in a branch.
    """
    found = sorted(event.origins or (), key=lambda origin: _ORDER.index(origin.kind))
    origin = found[0] if found else None
    if origin is not None and origin.kind == "none" and event.text != "None" and event.branches:
        return None
    return origin
