"""Whether test data had a part in training, preparation or choice."""

from __future__ import annotations

from auditor.analysis.call_graph import Program
from auditor.analysis.flow.values import Place
from auditor.analysis.leakage.findings import Leak, LeakKind
from auditor.analysis.leakage.operations import WORDS
from auditor.analysis.leakage.programs import LeakageOf
from auditor.analysis.leakage.remedies import code_of, remedy_of
from auditor.analysis.randomness.names import names_in
from auditor.analysis.repair.repair import Repair, repair_leaks
from auditor.checks.framework import check, fact
from auditor.findings import FileEvidence, Finding, Status

EVIDENCE_LIMIT = 8
_ENDS = {"cross-validation": "cross-validated", "validation": "validated on"}


@fact
def leakage(program: Program) -> LeakageOf:
    """What every program that trains does to its data."""
    return LeakageOf(program)


@check("leakage.preprocessing", clean=True)
def preprocessing(leakage: LeakageOf) -> Finding:
    """What is learned from the data to prepare them is learned without the rows that are tested on.

    Why: a scaler, imputer, encoder or feature selection that has seen the test rows tells the model about them.
    Features chosen or encoded by the target make the measured performance too good; a mean or a scale hardly does.
    How: cut the test rows off first, fit on the training rows alone, and put the steps into one `Pipeline` with the
    model. High findings fail; medium and low ones count half. Where it is safe, the finding has a patch
    (`auditor patch`).
    Sources: Kapoor & Narayanan (2023), L1.2 and L1.3; Yang, Brower-Sinning, Lewis & Kästner (ASE 2022);
    arXiv:2604.04199 for the severities.
    """
    return _finding(leakage, "leakage.preprocessing", ("preprocessing",), "is prepared with statistics of test rows")


@check("leakage.resampling", clean=True)
def resampling(leakage: LeakageOf) -> Finding:
    """Rows are copied, made or changed at random only after the test rows were cut off.

    Why: a copy of a training row in the test set, or a synthetic row between two rows of which one is tested on, is
    known by heart.
    How: cut first, then resample or augment the training rows; in cross-validation use `imblearn.pipeline.Pipeline`.
    Where it is safe, the finding has a patch (`auditor patch`).
    Sources: Kapoor & Narayanan (2023), L1.4; Yang et al. (ASE 2022), overlap leakage.
    """
    return _finding(leakage, "leakage.resampling", ("resampling",), "is resampled or augmented before the split")


@check("leakage.evaluation", clean=True)
def evaluation(leakage: LeakageOf) -> Finding:
    """Something is tested on other rows than it was trained on.

    Why: a score on the training rows says how well they are remembered.
    How: keep rows back, or cross-validate. Training scores beside others are no fault, and none is reported.
    Sources: Kapoor & Narayanan (2023), L1.1.
    """
    return _finding(leakage, "leakage.evaluation", ("evaluation",), "is scored on the rows of its training alone")


@check("leakage.selection", clean=True)
def selection(leakage: LeakageOf) -> Finding:
    """The best model, epoch or setting is chosen by other rows than those on which it is finally measured.

    Why: the best of many results on the test rows is too good by chance, the more the more were tried.
    How: choose by a validation set that is cut off the training data; measure once on the test rows. Test rows that
    measured several trainings without a choice in the code are told and cost nothing.
    Sources: Kapoor & Narayanan (2023), L1.1 and section on model selection; Yang et al. (ASE 2022), multi-test leakage.
    """
    finding = _finding(leakage, "leakage.selection", ("selection",), "is chosen by the rows that it is measured on")
    repeated = [leak for leak in leakage.leaks if leak.kind == "repeated-test"]
    followed = finding.status is Status.PASS and not leakage.unread
    return _measured_again(leakage, finding, repeated) if repeated and followed else finding


def _measured_again(facts: LeakageOf, finding: Finding, repeated: list[Leak]) -> Finding:
    """Return the finding with a word on test rows that measured several trainings: no fault yet, but a temptation."""
    first = repeated[0]
    data = f"`{first.data}`" if first.data else "the test rows"
    ends = f"from {_where(facts, first.cause)} to {_where(facts, first.effect)}"
    said = f"No program chooses by the rows that it is measured on, but several trainings were scored on {data}, {ends}"
    evidence = tuple(_evidence(facts, place) for place in _places(repeated))
    update = {"level": "low", "sentence": f"{said}: to report the best would be to choose.", "evidence": evidence}
    return finding.model_copy(update=update)


@check("leakage.split", clean=True)
def split(leakage: LeakageOf) -> Finding:
    """Rows that belong together, by group or in time, are not torn apart at random where the code shows that they do.

    Why: a row whose neighbour in time, or whose patient, was trained on is half known.
    How: cut by time (`shuffle=False`, `TimeSeriesSplit`) where rows hold values of earlier or later ones (`shift`,
    `rolling`); cut by group (`GroupKFold`) everywhere if anywhere. Where it is safe, the finding has a patch
    (`auditor patch`).
    Sources: Kapoor & Narayanan (2023), L3.1 and L3.2.
    """
    return _finding(leakage, "leakage.split", ("order", "groups"), "is cut without regard to order or groups")


def _finding(facts: LeakageOf, check_id: str, kinds: tuple[LeakKind, ...], fault: str) -> Finding:
    """Return the finding over the leaks of some kinds: by the gravest of them."""
    leaks = [leak for leak in facts.leaks if leak.kind in kinds]
    if leaks:
        return _of_leaks(facts, check_id, leaks)
    if not facts.programs:
        looked = tuple(source.evidence() for source in facts.program.started[:2])
        return Finding(
            check=check_id,
            status=Status.NOT_APPLICABLE,
            sentence="No program trains, splits or tests anything by a name that is known here.",
            evidence=looked,
        )
    if not facts.trains or not facts.evaluates:
        what = "tested" if facts.trains else "trained"
        return Finding(
            check=check_id,
            status=Status.UNKNOWN,
            sentence=f"What is {what} could not be followed to its data in {facts.programs[0].path}"
            + (f" or {len(facts.programs) - 1} more." if len(facts.programs) > 1 else "."),
        )
    count = facts.count
    return Finding(
        check=check_id,
        status=Status.PASS,
        sentence=f"Nothing {fault} in {_programs(len(facts.runs))}, as far as {count.resolved} of {count.calls} calls "
        "could be followed.",
        evidence=tuple(run.entry.evidence() for run in facts.runs[:EVIDENCE_LIMIT]),
    )


def _programs(number: int) -> str:
    return "1 program" if number == 1 else f"{number} programs"


def _of_leaks(facts: LeakageOf, check_id: str, leaks: list[Leak]) -> Finding:
    first = leaks[0]
    repair = repair_leaks(facts, leaks)
    known = names_in(facts.program.sources[first.cause.path], facts.program.repository)
    torch = any(item.module.startswith("torch") for item in facts.program.sources[first.cause.path].imports)
    return Finding(
        check=check_id,
        status=Status.FAIL if first.severity == "high" else Status.PARTIAL,
        level=first.severity,
        sentence=f"{_sentence(facts, first)}{_others(leaks)}.",
        evidence=tuple(_evidence(facts, place) for place in _places(leaks)),
        remedy=f"{remedy_of(first, known, torch)} {_patched(repair, len(leaks))}",
        code=None if repair.patch else repair.code or code_of(first, known, torch) or None,
        patch=repair.patch,
    )


def _others(leaks: list[Leak]) -> str:
    """Return how many leaks there are besides the first, and how grave they are; empty for none."""
    more = len(leaks) - 1
    as_grave = sum(leak.severity == leaks[0].severity for leak in leaks) - 1
    if not more:
        return ""
    are = "are" if more > 1 else "is"
    if as_grave in (0, more):
        return f"; {more} more {are} {'as' if as_grave else 'less'} grave"
    return f"; of {more} more, {as_grave} {'are' if as_grave > 1 else 'is'} as grave"


def _patched(repair: Repair, leaks: int) -> str:
    """Return whether the remedy is there as a patch, and why it is not."""
    if repair.patch is None:
        return f"No patch: {repair.why_not}."
    return (
        "The patch does this." if repair.repaired == leaks else f"The patch does this for {repair.repaired} of {leaks}."
    )


def _sentence(facts: LeakageOf, leak: Leak) -> str:
    """Return what happens, with both ends."""
    cause, effect = _where(facts, leak.cause), _where(facts, leak.effect)
    data = f"`{leak.data}`" if leak.data else "the data"
    if leak.kind == "evaluation":
        return f"{data} is trained on in {cause} and scored on in {effect}, and no program tests on other rows"
    if leak.kind == "selection":
        if leak.how == "validation":
            said = f"The result on {data} decides in {cause} when the training ends"
            return f"{said}, and no other rows are left to test it on"
        return f"The best result on {data} in {cause} is kept, and no other rows are left to measure it on"
    if leak.kind == "order":
        return f"Rows of {data} hold values of others by `{leak.name}` in {cause}, and are cut at random in {effect}"
    if leak.kind == "groups":
        return f"Rows of {data} are kept together by `{leak.name}` in {cause}, and are cut at random in {effect}"
    by = f" by `{leak.name}`" if leak.name else ""
    how = WORDS[leak.operation]  # type: ignore[index]
    end = _ENDS.get(leak.how, "tested on")
    rows = f"`{leak.test}`, which is" if leak.test and leak.test != leak.data else "the rows that are"
    return f"{data} is {how}{by} in {cause} together with {rows} {end} in {effect}"


def _where(facts: LeakageOf, place: Place) -> str:
    evidence = _evidence(facts, place)
    inside = f"cell {evidence.cell}, " if evidence.cell is not None else ""
    return f"{place.path}, {inside}line {evidence.line}"


def _places(leaks: list[Leak]) -> list[Place]:
    """Return the ways of the gravest leaks: cause, what lies between, effect."""
    found: dict[Place, None] = {}
    for leak in leaks[:4]:
        found.update(dict.fromkeys((leak.cause, *leak.between, leak.effect)))
    return list(found)[:EVIDENCE_LIMIT]


def _evidence(facts: LeakageOf, place: Place) -> FileEvidence:
    source = facts.program.sources[place.path]
    said = next((call.statement for call in source.calls if call.line == place.line), "")
    return source.evidence(place.line, said)
