"""Whether the authors' code is there, and what it does."""

from __future__ import annotations

from auditor.analysis.call_graph import Program
from auditor.analysis.evaluating import Evaluating
from auditor.analysis.other_languages import OtherLanguages
from auditor.analysis.roles import Roles
from auditor.checks.framework import Absent, check, fact
from auditor.checks.looked_at import looked_at
from auditor.checks.other_code import in_other_language
from auditor.checks.substance import Substance
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.kinds import WEB_SUFFIXES
from auditor.repository.model import Repository
from auditor.repository.weights import weight_references

EVIDENCE_LIMIT = 5


@fact
def program(repository: Repository) -> Program:
    """The call graph over the authors' experiment code; absent where there is no Python of their own."""
    found = Program(repository)
    if not found.sources:
        raise Absent("the repository holds no Python source or notebook")
    if all(source.problem and not source.calls for source in found.sources.values()):
        raise Absent("none of the Python sources could be parsed")
    return found


@fact
def roles(program: Program) -> Roles:
    """What the programs do."""
    return Roles(program)


@check("code.present")
def present(repository: Repository, code: Substance) -> Finding:
    """The repository holds source code of the authors' own, more than a few lines that run no experiment.

    Why: without code nothing can be rerun, and every other item about it is void.
    How: commit the code itself, not only a README, results or a link to another place.
    Sources: Papers with Code completeness checklist, item 2; NeurIPS paper checklist, item 5; guide field
    `experiments`.
    """
    shown = code.programs
    scripts = [file for file in repository.own_files if file.kind == "shell" and file.size > 0]
    if shown and code.placeholder:
        return Finding(
            check="code.present",
            status=Status.FAIL,
            sentence=f"The source files hold {code.bytes} bytes in all, and run no experiment.",
            evidence=tuple(FileEvidence(path=file.path) for file in shown[:EVIDENCE_LIMIT]),
            remedy="Commit the code of the experiments to this repository.",
        )
    if shown:
        return Finding(
            check="code.present",
            status=Status.PASS,
            sentence=f"{len(shown)} source file{'s' if len(shown) > 1 else ''} of the authors' own, such as "
            f"{shown[0].path}.",
            evidence=tuple(FileEvidence(path=file.path) for file in shown[:EVIDENCE_LIMIT]),
        )
    if scripts:
        return Finding(
            check="code.present",
            status=Status.PARTIAL,
            sentence="There are shell scripts, but no source file that they could run.",
            evidence=tuple(FileEvidence(path=file.path) for file in scripts[:EVIDENCE_LIMIT]),
            remedy="Commit the programs that the scripts start.",
        )
    listed = [file.path for file in repository.files[:3]]
    return Finding(
        check="code.present",
        status=Status.FAIL,
        sentence=f"None of the {len(repository.files)} files is source code of the authors' own.",
        evidence=tuple(FileEvidence(path=path) for path in listed),
        remedy="Commit the code of the experiments to this repository.",
    )


@check("code.training", reads=("python", "notebook"))
def training(repository: Repository, roles: Roles | None) -> Finding:
    """Code is there that runs the paper's method from data to a fitted model, and some program reaches it.

    Why: without it the paper's main numbers cannot be made again, only used.
    How: commit the script or notebook that fits the model, with its data loading, and make it runnable on its own.
    Sources: guide field `training`; Papers with Code completeness checklist, item 2; Pineau checklist, item 4.2.
    """
    if roles is None:
        return _no_python("code.training", repository)
    if roles.fits and (roles.fits_surely or not roles.unfitted):
        best = _distinct(roles.fits)
        return Finding(
            check="code.training",
            status=Status.PASS,
            level="1",
            sentence=f"{best[0].path} fits the method: {best[0].excerpt}",
            evidence=best,
        )
    if roles.unfitted:
        return _no_fitting(
            f"The work is of a kind that fits no method ({roles.unfitted.excerpt}), and no program trains one.",
            (roles.unfitted,),
        )
    if roles.own_methods:
        return Finding(
            check="code.training",
            status=Status.PASS,
            level="1",
            sentence=f"{roles.own_methods[0].path} runs a method of the authors' own on data that it reads.",
            evidence=tuple(source.evidence() for source in roles.own_methods[:EVIDENCE_LIMIT]),
        )
    return in_other_language("code.training", OtherLanguages(repository, beside=True)) or _nothing_fits(roles)


def _no_fitting(sentence: str, evidence: tuple[FileEvidence, ...]) -> Finding:
    return Finding(
        check="code.training", status=Status.NOT_APPLICABLE, level="na", sentence=sentence, evidence=evidence
    )


def _nothing_fits(roles: Roles) -> Finding:
    """Return the finding where no program fits anything: not needed, not run, or not there."""
    if roles.fits_anywhere:
        return Finding(
            check="code.training",
            status=Status.FAIL,
            level="0",
            sentence="There is code that could fit the method, but no script, main block or notebook runs it.",
            evidence=_some_sources(roles),
            remedy="Add the script or notebook that calls it with the paper's data and settings.",
        )
    if roles.trained_model:
        return Finding(
            check="code.training",
            status=Status.FAIL,
            level="0",
            sentence=f"{roles.trained_model.path} has a model to be trained, but no program here trains it.",
            evidence=(roles.trained_model,),
            remedy="Commit the training code: the script or notebook from data to fitted model.",
        )
    if roles.experiments:
        return _no_fitting(
            f"Nothing in the programs ({roles.experiments[0].path} …) fits a model; the method seems to need no "
            f"fitting.",
            tuple(source.evidence() for source in roles.experiments[:EVIDENCE_LIMIT]),
        )
    return Finding(
        check="code.training",
        status=Status.FAIL,
        level="0",
        sentence="No program in the repository fits the paper's method.",
        evidence=_some_sources(roles),
        remedy="Commit the training code: the script or notebook from data to fitted model.",
    )


@check("code.experiments", reads=("python", "notebook"))
def experiments(repository: Repository, roles: Roles | None) -> Finding:
    """Code is there that reproduces at least one experiment of the paper: a program that fits, measures or plots.

    Why: a library alone does not show how the paper's numbers came about.
    How: commit one script, notebook or config for each experiment, and say which is which.
    Sources: guide field `experiments`; AAAI checklist, item 4.4; Gundersen and Kjensmo, E7; NeurIPS paper checklist,
    item 5.
    """
    if roles is None:
        return _no_python("code.experiments", repository)
    if roles.only_demonstrates:
        return Finding(
            check="code.experiments",
            status=Status.FAIL,
            level="0",
            sentence=f"The method is only shown on made-up data, such as in {roles.experiments[0].path}.",
            evidence=tuple(source.evidence() for source in roles.experiments[:EVIDENCE_LIMIT]),
            remedy="Commit the scripts or notebooks with which the paper's experiments were run.",
        )
    if roles.experiments or roles.own_methods:
        started = {source.path for source in roles.program.started}
        ordered = sorted(
            roles.experiments or roles.own_methods,
            key=lambda source: (source.path not in started, roles.tries_out(source), source.path.count("/")),
        )
        return Finding(
            check="code.experiments",
            status=Status.PASS,
            level="1",
            sentence=f"{len(ordered)} {'programs run' if len(ordered) > 1 else 'program runs'} an experiment, such as "
            f"{ordered[0].path}.",
            evidence=tuple(_entry_evidence(roles, source.path) for source in ordered[:EVIDENCE_LIMIT]),
        )
    other = None if roles.unfitted else in_other_language("code.experiments", OtherLanguages(repository, beside=True))
    return other or Finding(
        check="code.experiments",
        status=Status.FAIL,
        level="0",
        sentence="No program in the repository runs an experiment: none fits a model, computes a metric or "
        "draws a figure.",
        evidence=_some_sources(roles),
        remedy="Commit the scripts or notebooks with which the paper's experiments were run.",
    )


@check("code.evaluation", reads=("python", "notebook", "document"))
def evaluation(repository: Repository, roles: Roles | None) -> Finding:
    """A file, a mode or a documented command is there whose purpose is to compute the held-out or final metrics.

    Why: the numbers of the paper can then be checked without training again.
    How: add an evaluation script, or a `--eval` mode of the training script, that loads a trained model and prints
    the metric.
    Sources: guide field `evaluation`; Papers with Code completeness checklist, item 3; Pineau checklist, item 4.3.
    """
    if roles is None:
        return _no_python("code.evaluation", repository)
    separate = Evaluating(roles).places
    if separate:
        return Finding(
            check="code.evaluation",
            status=Status.PASS,
            level="separate",
            sentence=f"Evaluation stands on its own in {separate[0].path}: {separate[0].excerpt}",
            evidence=_distinct(separate),
        )
    if roles.metrics:
        place = roles.metrics[0]
        return Finding(
            check="code.evaluation",
            status=Status.PARTIAL,
            level="inside",
            sentence=f"A metric is computed only inside training or experiment code, in {place.path}: {place.excerpt}",
            evidence=_distinct(roles.metrics),
            remedy=f"Make the evaluation in {place.path} a script or mode of its own that loads a trained model.",
        )
    other = None if roles.unfitted else in_other_language("code.evaluation", OtherLanguages(repository, beside=True))
    return other or Finding(
        check="code.evaluation",
        status=Status.FAIL,
        level="none",
        sentence="No program computes a held-out or final metric.",
        evidence=_some_sources(roles),
        remedy="Commit the code that computes the paper's metrics.",
    )


@check("code.pretrained_model", reads=("document",))
def pretrained_model(repository: Repository) -> Finding:
    """The authors' own trained weights can be had: committed, or linked from the documentation or a download script.

    Why: with them the reported numbers can be checked in minutes, and the work can be built on.
    How: commit the weights, or link them from the README at a place that lasts (a release, an archive, a model hub).
    Sources: guide field `pretrained_model`; Papers with Code completeness checklist, item 4; Pineau checklist, item
    4.4.
    """
    found = weight_references(repository)
    if found:
        return Finding(
            check="code.pretrained_model",
            status=Status.PASS,
            level="1",
            sentence=f"Trained weights are at {found[0].path}: {found[0].excerpt}",
            evidence=found[:EVIDENCE_LIMIT],
        )
    return Finding(
        check="code.pretrained_model",
        status=Status.FAIL,
        level="0",
        sentence=f"None of the {len(repository.files)} files holds trained weights of the authors' own, and no "
        f"document links any.",
        evidence=looked_at(repository),
        remedy="Publish the trained weights and link them from the README.",
    )


def _no_python(id: str, repository: Repository) -> Finding:
    """Return the finding where there is no Python to read: what other languages show, else unknown or a fail."""
    if found := in_other_language(id, OtherLanguages(repository)):
        return found
    other = [f for f in repository.own_files if f.kind == "source" and not f.path.endswith(WEB_SUFFIXES)]
    if other:
        return Finding(
            check=id,
            status=Status.UNKNOWN,
            sentence=f"Not looked at: the code is in a language of which the rules read little ({other[0].path}).",
            evidence=(FileEvidence(path=other[0].path),),
        )
    python = [f for f in repository.own_files if f.kind in ("python", "notebook") and f.size > 0]
    if python:
        return Finding(
            check=id,
            status=Status.UNKNOWN,
            sentence=f"Not looked at: the Python sources could not be parsed, or are tests ({python[0].path}).",
            evidence=(FileEvidence(path=python[0].path),),
        )
    return Finding(
        check=id,
        status=Status.FAIL,
        level="none" if id == "code.evaluation" else "0",
        sentence="The repository holds no source code of the authors' own.",
        evidence=looked_at(repository),
        remedy="Commit the code of the experiments to this repository.",
    )


def _some_sources(roles: Roles) -> tuple[FileEvidence, ...]:
    paths = sorted(roles.program.sources, key=lambda path: (path.count("/"), path))
    return tuple(FileEvidence(path=path) for path in paths[:3])


def _entry_evidence(roles: Roles, path: str) -> FileEvidence:
    command = next((c for c in roles.program.repository.commands if c.resolved == path), None)
    return command.evidence if command else FileEvidence(path=path)


def _distinct(evidence: tuple[FileEvidence, ...]) -> tuple[FileEvidence, ...]:
    """Return a few places, one of each file first."""
    first: dict[str, FileEvidence] = {}
    for item in evidence:
        first.setdefault(item.path, item)
    return tuple(first.values())[:EVIDENCE_LIMIT]
