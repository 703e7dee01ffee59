"""What the documentation tells somebody who wants to run the code."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.analysis.call_graph import Program
from auditor.analysis.other_languages import OtherLanguages
from auditor.analysis.purpose import unfitted_kind
from auditor.analysis.roles import Roles
from auditor.checks.framework import check
from auditor.checks.looked_at import looked_at
from auditor.checks.substance import Substance
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.hardware import stated_hardware, uses_gpu_library
from auditor.repository.hyperparameters import (
    fixed_values,
    from_commands,
    from_configs,
    is_driven_by_options,
    other_than_published,
)
from auditor.repository.model import DocumentedCommand, Repository, Source

EVIDENCE_LIMIT = 5


def main_commands(repository: Repository) -> tuple[DocumentedCommand, ...]:
    """Return the documented commands that run the authors' experiments, the main ones first.

    Those of the top README stand before those of other documents; of them, training before running before evaluating
    before data preparation. Commands for tests and for building count only where there is nothing else.
    """
    order = {"train": 0, "run": 1, "evaluate": 2, "data": 3, "other": 4}
    readme = next((document.path for document in repository.documents if document.main), None)
    commands = [c for c in repository.commands if c.purpose in order and c.target]
    return tuple(sorted(commands, key=lambda c: (c.evidence.path != readme, order[c.purpose])))


@check("documentation.run_command", reads=("document",))
def run_command(repository: Repository) -> Finding:
    """The documentation gives a command that runs the authors' code, its file exists, and it accepts every option.

    Why: a command that can be copied is the shortest way from a clone to a number.
    How: write the full command of each experiment into the README, and try each in a fresh clone.
    Sources: guide field `run_command`; NeurIPS paper checklist, item 5; REFORMS, 2d and 2e; Ravi checklist, item 6.
    """
    commands = main_commands(repository)
    if not commands:
        return Finding(
            check="documentation.run_command",
            status=Status.FAIL,
            level="none",
            sentence="No document gives a command that runs the authors' code.",
            evidence=looked_at(repository),
            remedy="Write the command of the main experiment into the README.",
        )
    best = _kind(commands, next((document.path for document in repository.documents if document.main), None))
    working = [command for command in best if command.works]
    programs = {command.resolved or command.target for command in best}
    if best[0].works or len({command.resolved or command.target for command in working}) * 2 > len(programs):
        shown = working[0]
        return Finding(
            check="documentation.run_command",
            status=Status.PASS,
            level="works",
            sentence=f"The documented command names a file that is there and options that it takes: {shown.shell}",
            evidence=tuple(command.evidence for command in working[:EVIDENCE_LIMIT]),
        )
    broken = next(command for command in best if not command.works)
    return Finding(
        check="documentation.run_command",
        # Naming a program that is not there is no step towards running it.
        status=Status.PARTIAL if broken.exists or broken.absent else Status.FAIL,
        level="broken",
        sentence=f"{_why(broken)}: {broken.shell}",
        evidence=tuple(command.evidence for command in best[:EVIDENCE_LIMIT] if not command.works),
        remedy=f"Correct the command in {broken.evidence.path}: {_why(broken)}.",
    )


def _kind(commands: tuple[DocumentedCommand, ...], readme: str | None) -> tuple[DocumentedCommand, ...]:
    """Return the commands that decide: those of the top README with the first purpose that any of them has.

    Where the top README gives none, those of all other documents: which of the parts is the main one cannot be told.
    """
    first = commands[0]
    if first.evidence.path != readme:
        return tuple(c for c in commands if c.purpose != "data") or commands
    return tuple(c for c in commands if c.purpose == first.purpose and c.evidence.path == readme)


def _why(command: DocumentedCommand) -> str:
    if not command.exists:
        return f"{command.resolved} runs nothing" if command.resolved else f"{command.target} is not there"
    if command.absent:
        return f"{', '.join(command.absent[:3])} is not there"
    return f"{command.resolved} does not take {', '.join(command.unaccepted[:3])}"


@check("documentation.hyperparameters", reads=("document", "python"))
def hyperparameters(repository: Repository, roles: Roles | None, program: Program | None, code: Substance) -> Finding:
    """The values used for the paper's main experiments can be found: in configs, commands, or fixed in the programs.

    Why: a method with other values is another experiment.
    How: commit one config file or one full command for each experiment.
    Sources: guide field `hyperparameters`; Pineau checklist, item 5.1; AAAI checklist, item 4.13; NeurIPS paper
    checklist, item 6.
    """
    commands, configs = list(from_commands(repository)), list(from_configs(repository))
    others, other = OtherLanguages(repository, beside=roles is not None), other_than_published(repository)
    fixed: list[FileEvidence] = []
    if roles is not None and program is not None and other is None:
        fixed = _in_code([source for source in roles.main_experiments if roles.fits_or_measures(source)], program)
    if other is None and unfitted_kind(repository) is None:
        fixed += others.fixed_values
    no_experiment = code.placeholder or (roles.only_demonstrates if roles else not others.files)
    found = [] if no_experiment else commands[:3] + configs[:3] + fixed[:3]
    if found:
        words = "commands" if commands else "config files" if configs else "programs"
        return Finding(
            check="documentation.hyperparameters",
            status=Status.PASS,
            level="1",
            sentence=f"The {words} give the values of experiments, as in {found[0].path}: {found[0].excerpt}",
            evidence=tuple(found[:EVIDENCE_LIMIT]),
        )
    why = (
        f"The README says that the values in the code are others: {other.excerpt}"
        if other
        else ("No config file, command or program gives the values of an experiment; defaults of options alone do not.")
    )
    return Finding(
        check="documentation.hyperparameters",
        status=Status.FAIL,
        level="0",
        sentence=why,
        evidence=(other,) if other else looked_at(repository),
        remedy="Commit a config file or a full command with the values of each experiment of the paper.",
    )


def _in_code(experiments: Sequence[Source], program: Program) -> list[FileEvidence]:
    """Return where the values of experiments stand in their code; empty where options hold those of most of them.

    An experiment's code is its program and what that imports at first hand.
    """
    found = []
    for source in experiments:
        made_of = (source, *(program.sources[path] for path in program.imports.get(source.path, ())))
        value = (
            None if is_driven_by_options(made_of) else next((v for part in made_of for v in fixed_values(part)), None)
        )
        found += [value] if value else []
    return found if 2 * len(found) >= len(experiments) else []


@check("documentation.hardware", reads=("document",))
def hardware(repository: Repository) -> Finding:
    """The documentation states the hardware needed or used: device, number, memory, or the time a run takes.

    Why: who reruns the code must know whether their machine and their day are large enough.
    How: name the GPU model or the processor, its memory and the time of each experiment in the README.
    Sources: guide field `hardware`; Pineau checklist, items 5.5 and 5.6; AAAI checklist, item 4.8; Ravi checklist,
    item 2.
    """
    found = tuple(stated_hardware(repository))
    if found:
        return Finding(
            check="documentation.hardware",
            status=Status.PASS,
            level="1",
            sentence=f"{found[0].path} states it: {found[0].excerpt}",
            evidence=found[:EVIDENCE_LIMIT],
        )
    machine = "GPU model, memory" if uses_gpu_library(repository) else "processor, memory"
    return Finding(
        check="documentation.hardware",
        status=Status.FAIL,
        level="0",
        sentence="No document states which hardware is needed or was used, or how long a run takes.",
        evidence=looked_at(repository),
        remedy=f"State the {machine} and time of the main experiment in the README.",
    )
