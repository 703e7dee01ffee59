"""Whether random generators are under control."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.analysis.call_graph import Program
from auditor.analysis.determinism import determinism
from auditor.analysis.randomness import EntryRandomness, Randomness
from auditor.analysis.randomness.events import AT_RANDOM
from auditor.analysis.randomness.names import generator_name
from auditor.analysis.randomness.remedies import SEED_NAME, seed_option
from auditor.analysis.repair.repair import Repair
from auditor.analysis.repair.seeds import place_of_seeds, repair_seeds
from auditor.checks.framework import check, fact
from auditor.errors import Unreadable
from auditor.findings import FileEvidence, Finding, Status

EVIDENCE_LIMIT = 6
_CONSTANT = re.compile(r"^\+[^\n#]{0,200}seed\w{0,20}\((\d{1,10})\)", re.M)
"""A line of a patch that seeds with a number."""


@fact
def randomness(program: Program) -> Randomness:
    """Draws and seeds of the experiment code."""
    return Randomness(program)


@check("randomness.seeds", reads=("notebook",))
def seeds(randomness: Randomness) -> Finding:
    """Every library from whose random generator an experiment draws is seeded, by a constant or an option, before use.

    Why: without seeds two runs of the same code give different numbers, and no difference can be traced.
    How: call `random.seed(s)`, `numpy.random.seed(s)`, `torch.manual_seed(s)` … at the start of each program, from an
    option. Where it is safe, the finding has a patch (`auditor patch`).
    Sources: guide field `seeds`; determinism table, rows 1-8 and 13; AAAI checklist, item 4.7; Ravi checklist, item 3.
    """
    level = randomness.level
    entries = [entry for entry in randomness.entries if entry.level != "na"]
    if level == "na":
        looked = tuple(entry.entry.evidence() for entry in randomness.entries[:3]) or _any_source(randomness.program)
        return Finding(
            check="randomness.seeds",
            status=Status.NOT_APPLICABLE,
            level="na",
            sentence="No program that was found draws from a random generator that is known here.",
            evidence=looked,
        )
    if level == "full":
        if randomness.unread:
            raise Unreadable(f"What could be read is seeded. {randomness.unread}")
        first = entries[0]
        return Finding(
            check="randomness.seeds",
            status=Status.PASS,
            level="full",
            sentence=_fully(first, randomness.program),
            evidence=_seeds(entries),
        )
    return _left_open(randomness, entries)


def _left_open(randomness: Randomness, entries: list[EntryRandomness]) -> Finding:
    """Return the finding where some library or all are drawn from without a seed: by the program that seeds least."""
    worst = min(entries, key=lambda entry: (entry.level == "full", len(entry.seeded) / max(len(entry.draws), 1)))
    open_ = sorted(set(worst.draws) - worst.seeded)
    unreached = randomness.unreached
    aside = f"; no program was found to reach the seeding in {unreached[0].evidence.path}" if unreached else ""
    aside += _replaced(randomness)
    repair = repair_seeds(randomness, entries)
    patched = _patched(repair, sum(entry.level != "full" for entry in entries))
    code = None if repair.patch else repair.code or None
    recorded = "" if worst.entry.notebook else ", from an option that is recorded"
    step = _step(worst, open_, randomness.program, "")
    if randomness.level == "none":
        if randomness.unread:
            raise Unreadable(f"No seeding was found in what could be read. {randomness.unread}")
        return Finding(
            check="randomness.seeds",
            status=Status.FAIL,
            level="none",
            sentence=f"{worst.entry.path} draws from {_named(open_) or 'generators'} and seeds nothing{aside}.",
            evidence=_draws(worst, open_) + tuple(seed.evidence for seed in unreached[:2]),
            remedy=f"{step}{recorded}. {patched}",
            code=code,
            patch=repair.patch,
        )
    seeded = _seeds(entries)[:3]
    others, also = ", others are seeded", " too"
    if not seeded:  # no program that counts is seeded, and another one is
        seeded = tuple(seeding.evidence for seeding in randomness.aside[:2])
        others, also = f"; a seed is set only aside from it, in {seeded[0].path}" if seeded else "", ""
    return Finding(
        check="randomness.seeds",
        status=Status.PARTIAL,
        level="partial",
        sentence=f"{worst.entry.path} draws from {_named(open_)} without a seed{others}{aside}.",
        evidence=_draws(worst, open_)[: EVIDENCE_LIMIT - len(seeded)] + seeded,
        remedy=f"{_step(worst, open_, randomness.program, also)}. {patched}",
        code=code,
        patch=repair.patch,
    )


def _replaced(randomness: Randomness) -> str:
    """Return the clause on an option named seed that a program replaces by a number at random; else nothing."""
    for path in randomness.followed:
        for name, origin in path.ledger.replaced.items():
            if SEED_NAME.match(name) and origin.place is not None:
                where = f"{origin.place.path}, line {origin.place.line}"
                return f"; the option `{name}` is replaced by `{origin.name}`, another number in each run, in {where}"
    return ""


def _named(libraries: Iterable[str]) -> str:
    """Return libraries as a reader knows them."""
    return ", ".join(generator_name(library) if library == "python" else library for library in libraries)


def _step(entry: EntryRandomness, libraries: list[str], program: Program, too: str) -> str:
    """Return the clause that says where to seed; what takes another seed in each run heeds no other."""
    named = _named(libraries)
    if any(draw.at_random for library in libraries for draw in entry.draws[library]):
        return f"Give {named} a fixed seed where {entry.entry.path} takes another one in each run"
    path = entry.entry.path
    where = f"at the start of {path}"
    if entry.entry.notebook:
        place = place_of_seeds(entry, libraries, program)
        where = place if path in place else f"{place} of {path}"
    return f"Seed {named}{too} {where}"


def _patched(repair: Repair, programs: int) -> str:
    """Return whether the remedy is there as a patch, and why it is not."""
    if repair.patch is None:
        return f"No patch: {repair.why_not}."
    constants = sorted(set(_CONSTANT.findall(repair.patch)))
    told = f"The patch seeds with the constant {', '.join(constants)}." if constants else "The patch does this."
    return told + (f" It does so for {repair.repaired} of {programs} programs." if programs > 1 else "")


def _fully(entry: EntryRandomness, program: Program) -> str:
    if not entry.draws:
        return f"{entry.entry.path} seeds {_named(sorted(entry.seeds))}; what draws is not in the repository."
    drawn = _named(sorted(entry.draws))
    draws = [draw for draws in entry.draws.values() for draw in draws]
    if not entry.seeds and all(draw.seeded and not draw.by_default for draw in draws):
        return f"Each call by which {entry.entry.path} draws has a seed of its own: {drawn}{_by_what(entry, program)}."
    return f"Every library that {entry.entry.path} draws from is seeded: {drawn}{_by_what(entry, program)}."


def _by_what(entry: EntryRandomness, program: Program) -> str:
    """Return the words to add on where the seeds come from, where that is no constant or plain option."""
    if by_default := _by_default(entry):
        return by_default
    origins = {origin for seeds in entry.seeds.values() for seed in seeds for origin in seed.origins}
    options = sorted(origin.name for origin in origins if origin.kind == "option")
    if options and any(origin.kind in AT_RANDOM - {"none", "absent"} for origin in origins):
        return f" (by another number in each run where the option `{options[0]}` is not given)"
    settings = sorted(origin.name for origin in origins if origin.kind == "setting")
    told = settings and seed_option(entry.entry, program) is None  # an option may come through a copy of all options
    return f" (by the setting `{settings[0]}` of a configuration)" if told else ""


def _by_default(entry: EntryRandomness) -> str:
    """Return the words to add where only frameworks seed, by themselves, and the authors' code says nothing."""
    deciding = [seed for library in entry.draws for seed in entry.seeds.get(library, ())]
    own = [draw.by_default for draws in entry.draws.values() for draw in draws if draw.seeded]
    if not all(seed.by_default for seed in deciding) or not all(own) or not (deciding or own):
        return ""
    words = dict.fromkeys([*(seed.value for seed in deciding), *own])
    return f" ({', '.join(words)}, not by the code)"


def _any_source(program: Program) -> tuple[FileEvidence, ...]:
    return tuple(FileEvidence(path=path) for path in list(program.sources)[:2])


def _seeds(entries: list[EntryRandomness]) -> tuple[FileEvidence, ...]:
    found = [seed.evidence for entry in entries for seeds in entry.seeds.values() for seed in seeds[:1]]
    if not found:
        found = [
            draw.evidence for entry in entries for draws in entry.draws.values() for draw in draws[:1] if draw.seeded
        ]
    return tuple({(e.path, e.line): e for e in found}.values())[:EVIDENCE_LIMIT]


def _draws(entry: EntryRandomness, libraries: list[str]) -> tuple[FileEvidence, ...]:
    open_ = [
        sorted((d for d in entry.draws[library] if not d.seeded), key=lambda d: not (d.at_random or d.missed))
        or entry.draws[library]
        for library in libraries
    ]
    return tuple(draw.evidence for draws in open_ for draw in draws[:2])[:EVIDENCE_LIMIT]


@check("randomness.determinism", reads=("notebook",))
def deterministic(randomness: Randomness) -> Finding:
    """Something beyond seeding is done so that two runs give the same numbers.

    Why: parallel kernels, workers and threads change results even where every generator is seeded.
    How: `torch.use_deterministic_algorithms(True)`, `cudnn.benchmark = False`, seeded data-loader workers, a fixed
    thread count.
    Sources: guide field `determinism`; determinism table, rows 20-31 and 43.
    """
    found = determinism(randomness)
    program = randomness.program
    if found:
        return Finding(
            check="randomness.determinism",
            status=Status.PASS,
            level="1",
            sentence=f"{found[0].path} does more than seed: {found[0].excerpt}",
            evidence=found[:EVIDENCE_LIMIT],
        )
    started = program.started
    if not started:
        return Finding(
            check="randomness.determinism",
            status=Status.NOT_APPLICABLE,
            level="0",
            sentence="No program was found that could ask for deterministic kernels, workers or threads.",
            evidence=_any_source(program),
        )
    what = "deterministic kernels, workers or threads"
    one = f"{started[0].path} does not ask for {what}."
    return Finding(
        check="randomness.determinism",
        status=Status.FAIL,
        level="0",
        sentence=one if len(started) == 1 else f"None of the {len(started)} programs asks for {what}.",
        evidence=tuple(source.evidence() for source in started[:2]),
        remedy="Ask for deterministic algorithms at the start of each program, or state by how much results vary.",
    )
