"""Whether seeds are set in time, reach what they are for, and are the same in each run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.analysis.call_graph import Program
from auditor.analysis.randomness import Randomness
from auditor.analysis.randomness.events import at_random
from auditor.analysis.randomness.faults import Fault, order_faults, source_faults
from auditor.analysis.randomness.hash_seed import hash_seed_faults
from auditor.analysis.randomness.options import option_faults
from auditor.analysis.randomness.paths import Path
from auditor.analysis.randomness.remedies import seed_option
from auditor.analysis.randomness.settings import declares_seed, settings_faults
from auditor.checks.causes import SEEDS, left_open, said
from auditor.checks.framework import check
from auditor.findings import FileEvidence, Finding, Status

EVIDENCE_LIMIT = 8
Detector = Callable[[Path, Program], Iterator[Fault]]


@check("randomness.seed_order", clean=True)
def seed_order(randomness: Randomness) -> Finding:
    """Each program seeds a library before it first draws from it, and once.

    Why: weights or a split that are drawn before the seed are others in each run, although a seed is set; a seed that
    is set again for each epoch or item gives the same numbers again.
    How: seed directly after the options are read, before data or models are made.
    Sources: determinism table, rows 8 (high) and 9 (medium); PyTorch and TensorFlow notes on reproducibility.
    """
    seeding = [path for path in randomness.followed if any(map(path.ledger.is_seeded, _drawn(path)))]
    finding = _finding(randomness, "randomness.seed_order", order_faults, bool(seeding),
                       _none_seeded(randomness),
                       "seeds before it draws")  # fmt: skip
    others = len(randomness.followed) - len(seeding)
    if finding.status is not Status.PASS or not others:
        return finding
    who = f"{seeding[0].entry.path} seeds" if len(seeding) == 1 else f"{len(seeding)} programs seed"
    rest = f"in {others} of {len(randomness.followed)} programs no seed of what is drawn was seen"
    return finding.model_copy(update={"sentence": f"{who} before drawing; {rest}."})


@check("randomness.seed_option", clean=True)
def seed_option_applied(randomness: Randomness) -> Finding:
    """An option or setting named seed reaches the generators, and is a number where it is not given.

    Why: a seed that is declared and never applied promises what the code does not do; one that is None by default
    seeds nothing in the runs that people start.
    How: pass the option to every seeding call; give it a number as default.
    Sources: determinism table, row 7 (high).
    """
    settings = tuple(settings_faults(randomness))
    applies = any(seed_option(path.entry, randomness.program) for path in randomness.followed)
    applies = applies or declares_seed(randomness.program)
    return _finding(randomness, "randomness.seed_option", option_faults, applies,
                    "No program that was followed declares an option named seed, and no settings file a seed.",
                    "applies what is named seed of its options and settings", settings)  # fmt: skip


@check("randomness.seed_source", clean=True)
def seed_source(randomness: Randomness) -> Finding:
    """No seed is taken from the clock, the process, the system's entropy, a string's hash or an unseeded draw.

    Why: a seed that is another in each run is none, unless it is recorded and can be given again.
    How: take the seed from an option with a number as default; set PYTHONHASHSEED in the environment, before Python
    starts.
    Sources: determinism table, rows 3, 5, 6 (high) and 10 (medium).
    """
    applies = any(event.kind == "seed" or (event.kind == "draw" and event.origins is not None)
                  for path in randomness.followed for event in path.events)  # fmt: skip
    hashing = tuple(hash_seed_faults(randomness))
    return _finding(randomness, "randomness.seed_source", source_faults, applies or bool(hashing),
                    "No program was seen to seed anything.",
                    "takes its seeds from constants, options or settings", hashing)  # fmt: skip


def _none_seeded(randomness: Randomness) -> str:
    """Return the sentence on programs that seed no library as a whole; their draws may have seeds of their own."""
    drawn = [event for path in randomness.followed for event in path.events if event.kind == "draw"]
    own = [event for event in drawn if event.origins is not None and not at_random(event.origins)]
    if drawn and len(own) == len(drawn):
        return (
            "Each call that draws is given a seed of its own; no library is seeded as a whole, so none comes too late."
        )
    return "No program was seen to seed a library as a whole that it draws from."


def _drawn(path: Path) -> set[str]:
    return {event.libraries[0] for event in path.ledger.draws()}


def _finding(
    randomness: Randomness, name: str, detect: Detector, applies: bool, absent: str, clean: str,
    more: tuple[Fault, ...] = (),
) -> Finding:  # fmt: skip
    """Return the finding over the faults of all programs that count, the gravest first, each once."""
    program = randomness.program
    found = [fault for path in randomness.followed for fault in detect(path, program)] + list(more)
    faults = sorted({(f.row, f.clause): f for f in found}.values(), key=lambda fault: fault.severity != "high")
    if faults:
        open_ = left_open(randomness)
        charged = [fault for fault in faults if open_.intersection(fault.libraries)]
        own = [fault for fault in faults if fault not in charged]
        finding = _of_faults(name, own + charged)
        if own:
            return finding
        told = {"counted_in": SEEDS, "sentence": f"{finding.sentence} {said(SEEDS)}"}
        return finding.model_copy(update=told)
    if not randomness.followed or not any(path.events for path in randomness.followed):
        status = Status.UNKNOWN if randomness.level != "na" else Status.NOT_APPLICABLE
        why = "No program could be followed to what it draws." if status is Status.UNKNOWN else "Nothing is drawn."
        return Finding(check=name, status=status, sentence=why, evidence=_looked(program))
    lost = [path.entry.path for path in randomness.followed if not path.whole] + list(randomness.not_followed)
    if lost:
        sentence = f"{lost[0]} was not followed to its end; nothing amiss was found before that."
        return Finding(check=name, status=Status.UNKNOWN, sentence=sentence, evidence=_looked(program))
    if not applies:
        return Finding(check=name, status=Status.NOT_APPLICABLE, sentence=absent, evidence=_looked(program))
    count, number = randomness.paths.count, len(randomness.followed)
    who = f"{randomness.followed[0].entry.path} {clean}" if number == 1 else f"Each of {number} programs {clean}"
    return Finding(
        check=name,
        status=Status.PASS,
        sentence=f"{who}, as far as {count.resolved} of {count.calls} calls could be followed.",
        evidence=_seedings(randomness),
    )


def _of_faults(name: str, faults: list[Fault]) -> Finding:
    first, more = faults[0], len(faults) - 1
    others = f"; {more} more of this kind" if more else ""
    sentence = f"{first.clause[:1].upper()}{first.clause[1:]} (severity {first.severity}){others}."
    evidence = {(e.path, e.line, e.cell): e for fault in faults for e in fault.evidence}
    return Finding(
        check=name,
        status=Status.FAIL if first.severity == "high" else Status.PARTIAL,
        level=first.severity,
        sentence=sentence,
        evidence=tuple(evidence.values())[:EVIDENCE_LIMIT],
        remedy=first.remedy,
    )


def _looked(program: Program) -> tuple[FileEvidence, ...]:
    return tuple(source.evidence() for source in program.started[:2])


def _seedings(randomness: Randomness) -> tuple[FileEvidence, ...]:
    found = [
        randomness.program.sources[event.place.path].evidence(event.place.line)
        for path in randomness.followed
        for event in path.ledger.seedings()
        if not at_random(event.origins or frozenset())
    ]
    return tuple({(e.path, e.line, e.cell): e for e in found}.values())[:EVIDENCE_LIMIT] or _looked(randomness.program)
