"""One round: the plan's commands, run one after the other in a fresh copy of the repository."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.claims.model import Claims
from auditor.repository.model import Repository
from auditor.rerun.attempt import Attempt
from auditor.rerun.command_files import absent_for, named_inputs
from auditor.rerun.diagnosis import why_it_failed
from auditor.rerun.engines import Built, Engine, Limits
from auditor.rerun.environment import Wanted, name_of
from auditor.rerun.failure import Failure, Scene
from auditor.rerun.ladder import next_step
from auditor.rerun.model import Command, Diagnosis, Observation, Run, Verdict
from auditor.rerun.run import Kept, keep, observe, with_outputs
from auditor.submission.model import LeftOut

_LEAST_SECONDS = 5.0


@dataclass(frozen=True)
class Round:
    """What one round is run with; `hashes` are those of the repository's files."""

    number: int
    attempt: Attempt
    engine: Engine
    built: Built
    tree: Path
    hashes: dict[str, str]
    folder: Path
    limits: Limits


@dataclass(frozen=True)
class Result:
    """The runs of a round, the failures among them in order, and the numbers that were seen."""

    runs: tuple[Kept, ...]
    failures: tuple[Failure, ...]
    observations: tuple[Observation, ...]
    skipped: tuple[str, ...] = ()
    """A sentence on each command that was not run: time used up, its input known absent, a failure repaired first."""


@dataclass(frozen=True)
class Settled:
    """What a round comes to."""

    diagnosis: Diagnosis = field(
        default_factory=lambda: Diagnosis(outcome="not_attempted", fault="none", sentence="Nothing was run.")
    )
    observations: tuple[Observation, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


def run_round(round_: Round, repository: Repository, left_out: tuple[LeftOut, ...], want: Wanted) -> Result:
    """Run the commands; a failure that the ladder can repair ends the round, any other lets the next command start."""
    runs: list[Kept] = []
    failures: list[Failure] = []
    observations: list[Observation] = []
    skipped: list[str] = []
    earlier: dict[str, str] = {}
    absent: set[str] = set()
    shipped = frozenset(round_.hashes.values())
    cpu, wall = round_.limits.cpu_seconds, round_.limits.wall_seconds
    commands = round_.attempt.commands
    identity = f"{uuid.uuid4().hex[:12]}"
    with round_.engine.workspace(round_.built, round_.tree, identity) as space:
        for folder in round_.attempt.folders:
            space.make_folder(folder)
        for index, command in enumerate(commands):
            if index and min(cpu, wall) < _LEAST_SECONDS:
                skipped += [_not_run(command, "the time was used up") for command in commands[index:]]
                break
            lacking = sorted((named_inputs(command) & absent) - earlier.keys())
            if lacking:
                skipped.append(_not_run(command, f"{lacking[0]} is not there, as an earlier command showed"))
                continue
            run_id = f"run-{round_.number}-{index + 1}"
            limits = replace(round_.limits, cpu_seconds=cpu, wall_seconds=wall)
            raw = space.run(run_id, command.shell, command.folder, limits, round_.attempt.paths)
            kept, own = with_outputs(
                keep(raw, command, run_id, round_.engine, round_.folder),
                written := space.written(round_.hashes),
                earlier,
            )
            earlier |= {file.path: file.sha256 for file in written}
            cpu -= raw.cpu_seconds or raw.wall_seconds
            wall -= raw.wall_seconds
            _list_outputs(round_.folder, kept.run)
            runs.append(kept)
            failure = why_it_failed(_scene(kept, repository, left_out, round_.attempt))
            if failure is None or failure.fault == "policy":
                # A copy of a shipped file, under whatever name, is nothing that the run computed.
                observations += observe(kept, tuple(file for file in own if file.sha256 not in shipped))
            if failure is not None:
                failures.append(failure)
                if failure.outcome == "run_failed_missing_data" and failure.path:
                    absent |= absent_for(command, failure.path) - repository.by_path.keys()
                if next_step(failure, round_.attempt, repository, want) is not None:
                    skipped += [_not_run(command, "an earlier command failed") for command in commands[index + 1 :]]
                    break
    return Result(tuple(runs), tuple(failures), tuple(observations), tuple(skipped))


def _not_run(command: Command, why: str) -> str:
    return f"Not run: {command.shell[:300]} ({why[:150]})."


def _scene(kept: Kept, repository: Repository, left_out: tuple[LeftOut, ...], attempt: Attempt) -> Scene:
    pinned = {name_of(line) for line in attempt.recipe.requirements if "==" in line}
    modules = pinned | {name.replace("-", "_") for name in pinned}
    modules |= {"sklearn"} if "scikit-learn" in pinned else set()
    return Scene(kept.run, kept.stdout, kept.stderr, repository, left_out, frozenset(modules))


def _list_outputs(folder: Path, run: Run) -> None:
    """Write the index of a run's files beside its logs."""
    rows = [
        f"{file.sha256 or '-'}\t{file.size}\t{'new' if file.new else 'changed'}\t{file.path}" for file in run.outputs
    ]
    (folder / "runs" / run.id / "outputs.tsv").write_text("\n".join([*rows, ""]), encoding="utf-8")


def settle(result: Result, claims: Claims) -> Settled:
    """Return the verdicts on a round's numbers, and its diagnosis, which the paper's claims decide where it states any.

    A failure of the submission's decides. Where the commands that failed did so for the machine's or the policy's
    sake, those that ran decide, if what they showed answers a claim.
    """
    from auditor.rerun.verdict import verdicts

    runs = tuple(kept.run for kept in result.runs)
    declared = {kept.run.id: kept.claims for kept in result.runs}
    found = tuple(verdicts(claims, result.observations, runs, declared)) if result.observations else ()
    deciding = {claim.id for claim in claims.decisive}
    compared = [verdict for verdict in found if verdict.claim in deciding and verdict.holds is not None]
    told = [verdict.holds for verdict in compared]
    decisive = next((failure for failure in result.failures if failure.fault == "submission"), None)
    if decisive is None and result.failures and not told:
        decisive = result.failures[0]
    if decisive is not None:
        return Settled(decisive.diagnosis, result.observations, found)
    evidence = tuple(item for verdict in compared for item in verdict.evidence[:1])[:10]
    also = _also(result)
    of = " of the paper" if len(deciding) < len(claims.items) else ""
    share = f"{len(told)} of {len(deciding)} claims{of} could be compared"
    if not told:
        sentence = f"It ran to its end; no claim{of} answers to what it prints or writes.{also}"
        outcome = Diagnosis(outcome="runs_no_claim_to_compare", fault="none", sentence=sentence)
    elif all(told):
        sentence = f"{share}; all of these hold.{also}"
        outcome = Diagnosis(outcome="reproduced", fault="none", sentence=sentence, evidence=evidence)
    else:
        worse = len(told) - sum(verdict.holds is True for verdict in compared)
        sentence = f"{share}; {worse} of these do not hold.{also}"
        outcome = Diagnosis(outcome="runs_numbers_differ", fault="submission", sentence=sentence, evidence=evidence)
    return Settled(outcome, result.observations, found)


def _also(result: Result) -> str:
    parts = []
    for failure in result.failures[:2]:
        stopped = failure.outcome in ("timed_out", "out_of_memory")
        parts.append(f" {'Stopped before its end' if stopped else 'One command failed'}: {failure.sentence}")
    if result.skipped:
        parts.append(f" Commands that were not run: {len(result.skipped)}.")
    return "".join(parts)
