"""Options named seed: whether they reach a generator, and what happens where they are not given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysis.call_graph import Program
from auditor.analysis.flow.values import Place
from auditor.analysis.randomness.events import AT_RANDOM, Origin
from auditor.analysis.randomness.faults import Fault, place_in_words
from auditor.analysis.randomness.followed import evidence_at
from auditor.analysis.randomness.paths import Path
from auditor.analysis.randomness.remedies import (
    destination,
    remedy,
    seed_expression,
    seed_option,
)
from auditor.analysis.randomness.semantics import only_shows
from auditor.errors import Unreadable
from auditor.repository.model import Option, Source

PLACES_LIMIT = 4
SCRIPT_LIMIT = 200_000
_ALL = re.compile(r"^(vars\(|args?\b|opts?\b|options\b|config\b|cfg\b|params\b|hparams\b|flags\b|conf\b|dict\()", re.I)
"""What is spread into a call may hold every option."""
_FALLBACK = re.compile(r"\bor\b|\belse\b|\bif\b")


def option_faults(path: Path, program: Program) -> Iterator[Fault]:
    """Yield what is wrong with a program's option named seed, and with its functions' parameters of that name."""
    yield from _ignored(path, program)
    found = seed_option(path.entry, program)
    if found is None or not path.whole:
        return
    source, option = found
    name = destination(option)
    if not _is_used(name, path, program):
        yield _unused(path, program, source, option)
    elif _is_none(option) and not _is_given(option, path.entry, program) and not _is_replaced(name, program):
        yield _none_by_default(path, program, source, option)


def _ignored(path: Path, program: Program) -> Iterator[Fault]:
    """Yield the functions that take a seed, draw from a global generator themselves, and never read the seed."""
    for function, parameter, place in path.ignored:
        draws = [
            event
            for event in path.ledger.draws()
            if event.origins is None and event.place.path == place.path and event.functions[-1:] == (function,)
        ]
        if draws:
            first = place_in_words(program, draws[0].place)
            yield Fault(
                7,
                "high",
                f"`{function}` in {place_in_words(program, place)} takes `{parameter}` and draws in {first} without it",
                (program.sources[place.path].evidence(place.line), evidence_at(program, draws[0].place)),
                f"Make a generator of `{parameter}` in `{function}` and draw from it, as in "
                f"`numpy.random.default_rng({parameter})`.",
                tuple({event.libraries[0] for event in draws}),
            )


def _unused(path: Path, program: Program, source: Source, option: Option) -> Fault:
    clause = f"`{option.names[0]}` is declared in {source.path}, line {option.line}, and reaches no generator"
    evidence = [source.evidence(option.line, f"{', '.join(option.names)}")]
    by = path.ledger.replaced.get(destination(option))
    if by is not None and by.place is not None:
        what = "None" if by.kind == "none" else f"a number at random (`{by.name}`)"
        clause += f": it is replaced by {what} in {place_in_words(program, by.place)}"
        evidence.append(evidence_at(program, by.place))
    return Fault(
        7,
        "high",
        clause,
        tuple(evidence),
        _applied(path, program),
        tuple(never_seeded(path)),
    )


def _applied(path: Path, program: Program) -> str:
    """Return the step by which an option reaches a generator: a new seeding, or the option in place of constants."""
    drawn = {event.libraries[0] for event in path.ledger.draws() if event.origins is None}
    unseeded = never_seeded(path)
    fixed = dict.fromkeys(event.place for event in path.events if event.origins and
                          all(origin.kind == "constant" for origin in event.origins))  # fmt: skip
    if unseeded or not fixed:
        return remedy(unseeded or sorted(drawn) or ["python"], path.entry, program)
    places = "; ".join(place_in_words(program, place) for place in list(fixed)[:PLACES_LIMIT])
    constant = "constant" if len(fixed) == 1 else "constants"
    return f"Give `{seed_expression(path.entry, program)}` in place of the {constant} in {places}."


def never_seeded(path: Path) -> list[str]:
    """Return the libraries whose global generators are drawn from and never seeded."""
    drawn = {event.libraries[0] for event in path.ledger.draws() if event.origins is None}
    return sorted(library for library in drawn if not path.ledger.is_seeded(library))


def _none_by_default(path: Path, program: Program, source: Source, option: Option) -> Fault:
    chosen = _at_random_instead(destination(option), path)
    then = "nothing is seeded by it"
    evidence = [source.evidence(option.line, f"{', '.join(option.names)}")]
    if chosen is not None and chosen.place is not None:
        then = f"a number at random (`{chosen.name}`) takes its place in {place_in_words(program, chosen.place)}"
        evidence.append(evidence_at(program, chosen.place))
    return Fault(
        7,
        "high",
        f"`{option.names[0]}` in {source.path}, line {option.line}, is None unless it is given, and no documented "
        f"command gives it: then {then}",
        tuple(evidence),
        f"Give `{option.names[0]}` a number: `default=0` in {source.path}, line {option.line}.",
    )


def _at_random_instead(name: str, path: Path) -> Origin | None:
    """Return what the program seeds with where an option is not given: a number drawn at random; None where nothing."""
    for event in path.events:
        origins = event.origins or frozenset()
        if event.kind == "seed" and any(origin.name == name for origin in origins):
            drawn = (o for o in origins if o.kind in AT_RANDOM - {"none", "absent"} and o.place is not None)
            if (found := min(drawn, key=lambda o: (o.place.path, o.place.line), default=None)) is not None:  # type: ignore[union-attr]
                return found
    return None


def _is_none(option: Option) -> bool:
    return option.default in (None, "None") and not option.required and option.names[0].startswith("-")


def _is_used(name: str, path: Path, program: Program) -> bool:
    """Return whether an option reaches a generator or code outside the repository, or may do so unseen."""
    ledger = path.ledger
    if name in ledger.used or ledger.escaped or any(o.name == name for e in path.events for o in e.origins or ()):
        return True
    followed = {place for read, place in ledger.read if read == name}
    return any(_reads(source, name, followed, program) for source in program.sources.values())


def _reads(source: Source, name: str, followed: set[Place], program: Program) -> bool:
    """Return whether a source reads an option on a line that was not followed, other than to show it."""
    bare = rf"|^{re.escape(name)}$" if source.option_style in ("click", "typer", "fire", "hydra", "sacred") else ""
    pattern = re.compile(rf"(\.|\[[\"']|get\([\"']|[\"']--){re.escape(name)}\b{bare}")
    for call in source.calls:
        if Place(source.path, call.line) in followed or only_shows(call.name) or call.name.endswith("add_argument"):
            continue
        if any(key == "**" and _ALL.match(value) for key, value in call.keywords):
            return True
        if any(pattern.search(text) for text in (*call.arguments, *(value for _, value in call.keywords))):
            return True
    for item in source.assignments:
        if Place(source.path, item.line) not in followed and pattern.search(item.value):
            return True
    return False


def _is_given(option: Option, entry: Source, program: Program) -> bool:
    """Return whether a documented command or a shell script gives the option."""
    pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(name)}[ =]" for name in option.names))
    last = entry.path.rpartition("/")[2]
    if any(pattern.search(command.shell) for command in program.repository.commands if last in command.shell):
        return True
    for file in program.repository.own_files:
        if file.kind == "shell" and file.size < SCRIPT_LIMIT:
            try:
                text = program.repository.text(file.path)
            except Unreadable:
                continue
            if last in text and pattern.search(text):
                return True
    return False


def _is_replaced(name: str, program: Program) -> bool:
    """Return whether some assignment gives a number to what the option leaves open."""
    for source in program.sources.values():
        for item in source.assignments:
            last = re.split(r"[.\[\"']+", item.target.rstrip("]\"'"))[-1]
            if last == name and (item.value.lstrip("-").isdigit() or _FALLBACK.search(item.value)):
                return True
    return False
