"""Parts on which the results rest and that nobody else can open, read or build."""

from __future__ import annotations

import re

from auditor.checks.framework import check
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.closed.binaries import compiled_files
from auditor.repository.closed.notes import closed_notes
from auditor.repository.closed.services import hosted_models
from auditor.repository.closed.sources import unreadable_sources
from auditor.repository.kinds import WEB_SUFFIXES
from auditor.repository.model import Repository, Source
from auditor.repository.weights import weight_references

EVIDENCE_LIMIT = 5
# Calls that put trained weights into a model, by the last part of their names.
_LOADS_WEIGHTS = re.compile(
    r"(^|\.)(load_state_dict|load_weights|load_model\w{0,20}|load_checkpoints?|from_pretrained|restore|load_from_checkpoint"
    r"|load_parameters|load_params|import_meta_graph|InferenceSession|init_from_checkpoint|load_learner"
    r"|load_\w{0,20}(model|weights|checkpoint|ckpt|net|network|params|agent|policy))$|^caffe\.Net$|^hub\.(load|Module)$"
    r"|^tensorflow\.saved_model\.load$|^torch\.jit\.load$|^torch\.hub\.load$",
    re.I,
)
# Calls that read any file, which count where they speak of a model.
_READS = re.compile(r"(^|\.)(load|loads|load_npz|load_hdf5|read|deserialize)$")
_MODEL = re.compile(
    r"(?<![a-z])(models?|weights?|ckpts?|checkpoints?|nets?|network|params|policy|agent|generator|encoder|decoder)(?![a-z])"
    r"|pre-?trained",
    re.I,
)


def _none(check_id: str, sentence: str) -> Finding:
    return Finding(check=check_id, status=Status.NOT_APPLICABLE, sentence=sentence)


@check("closed.binaries")
def binaries(repository: Repository) -> Finding:
    """Every compiled file in the repository comes with the source that builds it.

    Why: nobody can tell what a compiled file does, change it, or run it on another system.
    How: commit the source beside it with the command that builds it, or remove the file if nothing needs it.
    Sources: this project; FAIR Principles for Research Software (2022), R1; NeurIPS paper checklist, item 5.
    """
    files = compiled_files(repository)
    closed = [one for one in files if one.source is None]
    if not files:
        return _none("closed.binaries", "The repository holds no compiled file of the authors' own.")
    if not closed:
        return Finding(
            check="closed.binaries",
            status=Status.PASS,
            sentence=f"Each compiled file comes with its source: {files[0].file.path} is built from {files[0].source}.",
            evidence=tuple(one.evidence for one in files[:EVIDENCE_LIMIT]),
        )
    needed = [one for one in closed if one.use is not None]
    shown = (needed or closed)[0]
    uses = tuple(one.use for one in needed[:1] if one.use is not None)
    return Finding(
        check="closed.binaries",
        status=Status.FAIL if needed else Status.PARTIAL,
        sentence=f"{len(closed)} of {len(files)} compiled files come without the source that builds them, such as "
        f"{shown.file.path}{', which the code needs' if needed else ''}.",
        evidence=(*(one.evidence for one in (needed or closed)[:EVIDENCE_LIMIT]), *uses),
        remedy=f"Commit the source of {shown.file.path} and how it is built, or remove the file.",
    )


@check("closed.weights")
def weights(repository: Repository) -> Finding:
    """Where trained weights can be had, the code that loads them into a model is there too.

    Why: weights without their model are a file of numbers; nobody can check what was measured with them.
    How: commit the model's definition, and the script that loads the weights and evaluates them.
    Sources: Papers with Code completeness checklist, items 3 and 4; Model Openness Framework (2024).
    """
    found = weight_references(repository)
    if not found:
        return _none("closed.weights", "The repository neither holds nor links trained weights of the authors' own.")
    own = [source for source in repository.sources if not source.vendored]
    reader = _reader(own)
    if reader is not None:
        return Finding(
            check="closed.weights",
            status=Status.PASS,
            sentence=f"The trained weights ({found[0].path}) are loaded by {reader.path}: {reader.excerpt}",
            evidence=(reader, found[0]),
        )
    other = [f for f in repository.own_files if f.kind == "source" and not f.path.endswith(WEB_SUFFIXES)]
    if other or any(source.problem and not source.calls for source in own):
        return Finding(
            check="closed.weights",
            status=Status.UNKNOWN,
            sentence="Not looked at: some of the code that could load the trained weights could not be read.",
            evidence=found[:1],
        )
    said = "No source loads the trained weights" if own else "There is no code to the trained weights"
    return Finding(
        check="closed.weights",
        status=Status.PARTIAL if own else Status.FAIL,
        sentence=f"{said} that are at {found[0].path}: {found[0].excerpt}",
        evidence=found[:EVIDENCE_LIMIT],
        remedy="Commit the model's definition and the script that loads and evaluates the weights.",
    )


def _reader(sources: list[Source]) -> FileEvidence | None:
    """Return the call that most plainly puts trained weights into a model."""
    weak: FileEvidence | None = None
    for source in sources:
        for call in source.calls:
            if _LOADS_WEIGHTS.search(call.name[-120:]):
                return source.evidence(call.line, call.statement)
            if weak is None and _READS.search(call.name[-120:]) and _MODEL.search(call.statement):
                weak = source.evidence(call.line, call.statement)
    return weak


@check("closed.hosted_models")
def hosted(repository: Repository) -> Finding:
    """Each hosted model that the code calls is named with a version that does not move.

    Why: a name such as `gpt-4` means another model each year, and the service can end; the numbers then cannot be made
    again by anyone.
    How: name the dated version (`gpt-4-0613`), commit the service's answers, and repeat the main result with an open
    model.
    Sources: Chen and others, How is ChatGPT's behavior changing over time? (2023); REFORMS (2024), module 2; ACL
    Responsible NLP Research checklist, C1.
    """
    models = hosted_models(repository)
    if not models:
        return _none("closed.hosted_models", "The code calls no hosted service that the rules know.")
    loose = [model for model in models if not model.fixed]
    shown = tuple(model.evidence for model in (loose or models)[:EVIDENCE_LIMIT])
    if not loose:
        return Finding(
            check="closed.hosted_models",
            status=Status.PASS,
            sentence=f"The code calls {models[0].service}, and names each model with a fixed version: "
            f"{', '.join(dict.fromkeys(str(model.name) for model in models[:4]))}.",
            evidence=shown,
        )
    named = [model for model in loose if model.name]
    which = f"by a name that moves: {', '.join(dict.fromkeys(str(m.name) for m in named[:4]))}" if named else (
        "and names no model or version")  # fmt: skip
    return Finding(
        check="closed.hosted_models",
        status=Status.PARTIAL if len(loose) < len(models) else Status.FAIL,
        sentence=f"The code calls the hosted service {(named or loose)[0].service} {which}.",
        evidence=shown,
        remedy="Name the dated version of each model that was used, and commit the service's answers.",
    )


@check("closed.elsewhere")
def elsewhere(repository: Repository) -> Finding:
    """The documentation does not say that the code, or the whole of it, is kept elsewhere or for later.

    Why: what is promised often never comes, and what is withheld cannot be checked.
    How: commit the code with which the paper's numbers were made; say plainly which part cannot be shared, and why.
    Sources: NeurIPS paper checklist, item 5; Collberg and Proebsting, Repeatability in computer
    systems research (2016).
    """
    notes = closed_notes(repository)
    if not notes:
        return _none("closed.elsewhere", "No document speaks of code that is kept elsewhere or for later.")
    order = ("withheld", "promised", "partial")
    worst = min(notes, key=lambda note: order.index(note.kind))
    said = {
        "withheld": "says that code is kept back",
        "promised": "promises code for later",
        "partial": "says that this is only a part of the code",
    }[worst.kind]
    return Finding(
        check="closed.elsewhere",
        status=Status.FAIL if worst.kind == "withheld" else Status.PARTIAL,
        sentence=f"{worst.evidence.path} {said}: {worst.evidence.excerpt}",
        evidence=tuple(note.evidence for note in notes[:EVIDENCE_LIMIT]),
        remedy="Commit the code with which the paper's numbers were made, or say which part cannot be shared and why.",
    )


@check("closed.readable")
def readable(repository: Repository) -> Finding:
    """The authors' sources can be read by a person: none is encrypted, encoded or minified.

    Why: code that nobody can read cannot be reviewed, and hides what it does to the numbers.
    How: commit the sources as they were written.
    Sources: Open Source Definition, criterion 2; this project.
    """
    hidden = unreadable_sources(repository)
    code = [source for source in repository.sources if not source.vendored]
    if not hidden:
        return _none("closed.readable", "No source of the authors' own hides what it does.")
    whole = len(hidden) * 2 > len(code)
    return Finding(
        check="closed.readable",
        status=Status.FAIL if whole else Status.PARTIAL,
        sentence=f"{len(hidden)} of the authors' sources cannot be read by a person, such as {hidden[0].path}: "
        f"{hidden[0].excerpt}",
        evidence=hidden[:EVIDENCE_LIMIT],
        remedy=f"Commit {hidden[0].path} as it was written.",
    )
