"""What lets two runs of the same code differ, beside generators without a seed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.analysis.hazards.hazard import LEFT_OFF, SEVERITIES, Hazard, Subject
from auditor.analysis.hazards.programs import Hazards, hazards_of
from auditor.analysis.randomness import Randomness
from auditor.analysis.repair.hazards import repair_hazards
from auditor.analysis.repair.repair import Repair
from auditor.checks.causes import DETERMINISM, SEEDS, left_open, said
from auditor.checks.framework import check, fact
from auditor.findings import FileEvidence, Finding, Status

EVIDENCE_LIMIT = 8
TOLD = 3
"""So many hazards are told in a sentence, and so many fixes in a remedy."""
ROOM = 300
"""So many characters of fixes are told, where there are several."""
_STATUS = {"high": Status.FAIL, "medium": Status.PARTIAL, "low": Status.PASS}

_USED: dict[Subject, re.Pattern[str]] = {
    "order": re.compile(
        r"(^|\.)(listdir|scandir|i?glob|iterdir|rglob|walk|ListDirectory|Glob|set|frozenset|imap_unordered"
        r"|as_completed|hash)$"
    ),
    "kernels": re.compile(
        r"^(jax|torch|torchvision|tensorflow|keras|transformers|lightning|pytorch_lightning)\."
        r"(?!\w{0,40}(deterministic|num_threads)|(\w{1,20}\.){0,2}\w{0,20}seed)"  # a mere setting runs no kernel
    ),
    "workers": re.compile(
        r"DataLoader$|DistributedSampler$|init_process_group$|^accelerate\.|\.interleave$|num_parallel_calls"
    ),
    "libraries": re.compile(
        r"^(sklearn|xgboost|lightgbm|catboost|optuna|gym|gymnasium|umap|datasets|openai|anthropic|jax|transformers)\."
        r"|\.sample$"
    ),
    "remote": re.compile(r"from_pretrained$|^torch\.hub\.|^huggingface_hub\.|urlretrieve$|urlopen$|^sentence_transf"),
}
"""The calls in which a subject's hazards would be found."""
_SUBJECTS: dict[Subject, str] = {
    "order": "lists files, makes sets or waits for tasks",
    "kernels": "uses a library whose kernels run on a GPU",
    "workers": "loads data by workers",
    "libraries": "calls a library whose randomness or timing is known here",
    "remote": "fetches a model or code by its name",
}


@fact
def hazards(randomness: Randomness) -> Hazards:
    """What lets two runs of the programs differ."""
    return hazards_of(randomness)


@check("determinism.order", reads=("notebook",), clean=True)
def order(hazards: Hazards) -> Finding:
    """Nothing that comes in no fixed order is cut, paired, numbered or drawn from by position.

    Why: file systems list files in any order, and sets of strings differ in each process: a split by position is then
    another split on another machine, whatever the seed.
    How: put `sorted(…)` around the listing or the set before it is used by position. High findings fail, medium ones
    count half.
    Sources: determinism table, rows 10-12 and 54; Python documentation of `os.listdir`, `glob` and `PYTHONHASHSEED`.
    """
    return _finding(hazards, "order")


@check("determinism.kernels", reads=("notebook",), clean=True)
def kernels(hazards: Hazards) -> Finding:
    """No kernel that sums in the order of its threads, or is chosen by its speed, is left switched on in training.

    Why: on a GPU such kernels give other sums in each run, and training carries the difference on.
    How: `torch.use_deterministic_algorithms(True)`, `cudnn.benchmark = False`, or what the framework offers for it.
    Sources: determinism table, rows 20-29, 34, 41, 43, 45 and 49; PyTorch notes on reproducibility.
    """
    return _finding(hazards, "kernels")


@check("determinism.workers", reads=("notebook",), clean=True)
def workers(hazards: Hazards) -> Finding:
    """Loading data by several workers neither repeats draws nor reorders rows.

    Why: workers that copy one generator draw the same augmentations; rows that come as they are ready come in another
    order each time.
    How: derive each worker's seed in `worker_init_fn`, keep rows in order, tell distributed samplers the epoch.
    Sources: determinism table, rows 30-33, 36 and 44; docstrings of torch 1.8 to 2.13, accelerate and tf.data.
    """
    return _finding(hazards, "workers")


@check("determinism.libraries", reads=("notebook",), clean=True)
def libraries(hazards: Hazards) -> Finding:
    """No library call draws, splits, searches or stops in a way that no seed of the program reaches.

    Why: estimators, samplers, environments and searches have generators of their own, which global seeds do not reach.
    How: pass `random_state`, `seed` or a seeded sampler to the call that is named.
    Sources: determinism table, rows 13-19, 35, 37-39, 47, 48 and 50-53; docstrings of the libraries.
    """
    return _finding(hazards, "libraries")


@check("determinism.remote", reads=("notebook",), clean=True)
def remote(hazards: Hazards) -> Finding:
    """Models and code that are fetched by name are fixed to one revision.

    Why: what stands under a name today may be replaced tomorrow, and the results with it.
    How: `revision="<commit>"`, `owner/name:<commit>`, an address with a commit instead of a branch. Data sets are
    answered by `data.fixed`.
    Sources: determinism table, row 40; huggingface_hub, `DEFAULT_REVISION`.
    """
    return _finding(hazards, "remote")


@check("determinism.notebooks", reads=("notebook",), clean=True)
def notebooks(hazards: Hazards) -> Finding:
    """The outputs stored in notebooks come from cells that ran from the first to the last.

    Why: outputs of cells that ran in another order may rest on values that the notebook no longer makes.
    How: restart the kernel and run all cells before the notebook is stored.
    Sources: determinism table, row 55; Pimentel, Murta, Braganholo & Freire (MSR 2019).
    """
    stored = [n for n in hazards.code.program.repository.notebooks if any(c.execution_count for c in n.cells)]
    if not stored:
        return _not_applicable("notebooks", "No notebook says in which order its cells ran.")
    found = hazards.of("notebooks")
    if found:
        return _of(found, hazards)
    return Finding(
        check="determinism.notebooks",
        status=Status.PASS,
        sentence=f"The cells of {_count(len(stored), 'notebook')} ran from the first to the last.",
        evidence=tuple(FileEvidence(path=notebook.path) for notebook in stored[:EVIDENCE_LIMIT]),
    )


def _finding(hazards: Hazards, subject: Subject) -> Finding:
    """Return the finding over one subject: by the gravest of its hazards."""
    found = hazards.of(subject)
    if found:
        return _of(found, hazards)
    places = list(hazards.code.calls_of(_USED[subject]))
    if not places:
        return _not_applicable(subject, f"No program {_SUBJECTS[subject]}.")
    return Finding(
        check=f"determinism.{subject}",
        status=Status.PASS,
        sentence=f"Nothing that lets two runs differ was found in {_count(len(places), 'call')} of that kind.",
        evidence=tuple(source.evidence(call.line) for source, call in places[:EVIDENCE_LIMIT]),
    )


def _not_applicable(subject: Subject, sentence: str) -> Finding:
    return Finding(check=f"determinism.{subject}", status=Status.NOT_APPLICABLE, sentence=sentence)


def _of(found: tuple[Hazard, ...], hazards: Hazards) -> Finding:
    """Return the finding of hazards, the gravest told first, with their fixes.

    What another check charges decides only where there is nothing else.
    """
    charged = {hazard: check for hazard in found if (check := _charged(hazard, hazards))}
    own = [hazard for hazard in found if hazard not in charged]
    found = (*own, *charged)
    worst = found[0].severity
    places = hazards.places_of(found)
    counts = [f"{number} {name}" for name in SEVERITIES if (number := sum(h.severity == name for h in places))]
    told = "; ".join(_told(hazard, places) for hazard in found[:TOLD])
    sentence = f"{told}." if len(places) <= 1 else f"{told} ({_count(len(places), 'place')}: {', '.join(counts)})."
    counted_in = None if own else charged[found[0]]
    repair = repair_hazards(hazards, found)
    fixes = dict.fromkeys(f"`{hazard.fix}`" for hazard in found if hazard.severity == worst)
    return Finding(
        check=f"determinism.{found[0].subject}",
        status=_STATUS[worst],
        level=worst,
        sentence=f"{sentence} {said(counted_in)}" if counted_in else sentence,
        evidence=tuple(hazard.evidence for hazard in places[:EVIDENCE_LIMIT]),
        remedy=f"{_written(list(fixes)[:TOLD])} {_patched(repair, len(places))}",
        patch=repair.patch,
        counted_in=counted_in,
    )


def _written(fixes: list[str]) -> str:
    """Return fixes as one sentence, so many as leave room for another."""
    while len(fixes) > 1 and sum(map(len, fixes)) > ROOM:
        fixes = fixes[:-1]
    return f"Write {'; '.join(fixes)}."


def _patched(repair: Repair, places: int) -> str:
    """Return whether the fixes are there as a patch, and why they, or some of them, are not."""
    if repair.patch is None:
        return f"No patch: {repair.why_not}."
    if places == 1:
        return "The patch does this."
    if repair.repaired >= places:
        return f"The patch mends {'both' if places == 2 else f'all {places}'} places."
    rest = f"; of the rest, {repair.why_not}" if repair.why_not else ""
    return f"The patch mends {repair.repaired} of the {places} places{rest}."


def _charged(hazard: Hazard, hazards: Hazards) -> str:
    """Return the check that charges a hazard's cause; empty where none does."""
    if hazard.cause == LEFT_OFF:
        return "" if hazards.asks else DETERMINISM
    return SEEDS if hazard.cause in left_open(hazards.code.randomness) else ""


def _told(hazard: Hazard, places: Sequence[Hazard]) -> str:
    """Return one hazard in words: where, with the lines alike in that file, what, how grave, for which versions."""
    evidence = hazard.evidence
    inside = f"cell {evidence.cell}, " if evidence.cell is not None else ""
    versions = f", with {hazard.holds_for}" if hazard.holds_for and not hazard.known else ""
    alike = sum(other.kind == hazard.kind for other in places) - 1
    more = f" and {alike} more" if alike else ""
    return f"{evidence.path}, {inside}line {evidence.line}{more}: {hazard.title} ({hazard.severity}{versions})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
