"""The nouns of a rerun: plan, environment, run, observation, verdict, outcome. All of them land in the audit."""

from __future__ import annotations

from datetime import date
from typing import Literal

from auditor.findings import Evidence
from auditor.record import Record
from auditor.recorder.model import Recorded
from auditor.submission.model import DateSource
from auditor.text import Excerpt, Line

Outcome = Literal[
    "reproduced",
    "runs_numbers_differ",
    "runs_no_claim_to_compare",
    "env_build_failed",
    "run_failed_code_error",
    "run_failed_missing_data",
    "run_failed_needs_network",
    "run_failed_needs_gpu",
    "out_of_memory",
    "timed_out",
    "no_entry_point",
    "auditor_error",
    "not_attempted",
]
"""How a rerun ended; `not_attempted` where no engine was at hand or the user did not ask."""

RAN: tuple[Outcome, ...] = ("reproduced", "runs_numbers_differ", "runs_no_claim_to_compare")
"""The outcomes of code that ran to its end."""

Fault = Literal["none", "submission", "machine", "policy", "auditor"]

RootCause = Literal[
    "dependency_not_declared",
    "dependency_unpinned_and_changed",
    "pinned_version_unavailable_for_python",
    "package_renamed_or_removed",
    "python_version_too_new",
    "build_tools_missing",
    "wrong_or_stale_command",
    "working_folder_or_path",
    "hard_coded_path",
    "missing_file",
    "data_download",
    "gpu_only",
    "interactive_backend",
    "too_long",
    "bug",
    "other",
]

Rung = Literal["as_declared", "as_of_date", "inferred", "relaxed", "another_python", "command"]
"""The rungs of the ladder of repairs, cheapest first; `command` is a change to how the code is called."""


class Command(Record):
    """One step of a plan. `shell` is a POSIX shell line run in `folder` (relative to the repository's root)."""

    shell: Line
    folder: Line = "."
    source: Line
    """Where it was found: `auditor.toml`, `README.md`, `--command`, `scripts by role` …"""
    why: Line
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[str, ...] = ()
    """The claims that it answers, where the author says so: ids, places (`Table 1`) or metrics."""
    accepted: bool | None = None
    """Whether the named file exists and accepts the options, as far as its source shows; None where unknown."""


class Plan(Record):
    """Which commands are run, in order; `rejected` lists those found and not chosen, each with its reason in `why`."""

    commands: tuple[Command, ...]
    rejected: tuple[Command, ...] = ()
    notes: tuple[Line, ...] = ()


class Repair(Record):
    """Something changed so that the code runs: rung, cause, what was changed, and the message that asked for it.

    A choice that changes nothing of the submission (Python, date, working folder, PYTHONPATH) has `changes` False: it
    does not count against the outcome as it is.
    """

    rung: Rung
    cause: RootCause
    what: Line
    why: Line
    changes: bool = True
    evidence: tuple[Evidence, ...] = ()


class Environment(Record):
    """What the code ran in: Python, the lock with hashes, the date it was resolved by, and how to build it again."""

    python: str
    python_why: Line
    requirements: tuple[Line, ...]
    as_of: date | None = None
    as_of_source: DateSource | None = None
    lock: str = ""
    """The full lock, with hashes, as `uv pip sync` reads it."""
    lock_hash: str = ""
    cached: bool = False
    dockerfile: str = ""
    image: Line | None = None
    """Id or digest of the image that ran."""
    base_image: Line | None = None
    repairs: tuple[Repair, ...] = ()
    log: Excerpt = ""
    """The decisive lines of a failed resolution or build."""


class OutputFile(Record):
    """A file that a run wrote or changed; `sha256` is empty where it was larger than what is hashed."""

    path: Line
    size: int
    sha256: str
    new: bool
    """False where a file of the repository was overwritten."""


class Run(Record):
    """One execution of one command, as the engine saw it from outside, and as the recorder saw it from inside."""

    id: str
    command: Line
    folder: Line = "."
    engine: Line
    isolation: Line
    exit_code: int | None
    timed_out: bool = False
    out_of_memory: bool = False
    limit: Line | None = None
    """Which limit ended it (`time`, `memory`, `processes`, `disk`, `log`)."""
    wall_seconds: float
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    stdout_tail: Excerpt = ""
    stderr_tail: Excerpt = ""
    stdout_file: Line | None = None
    """Path of the kept log (head and tail under the cap), relative to the audit's folder."""
    stderr_file: Line | None = None
    log_truncated: bool = False
    outputs: tuple[OutputFile, ...] = ()
    recorded: Recorded | None = None
    gpu: Line | None = None


class Observation(Record):
    """One number that a run printed or wrote. `names` are the words around it, by which it is matched to a claim."""

    run: str
    metric: str
    metric_text: Line
    value: float
    printed: Line
    names: tuple[Line, ...] = ()
    final: bool = True
    """False for a value of an epoch or fold that a later line replaced."""
    evidence: Evidence


class Verdict(Record):
    """The comparison of one claim with what was observed."""

    claim: str
    outcome: Literal["reproduced", "better", "worse", "inconclusive", "not_observed"]
    observed: float | None = None
    difference: float | None = None
    bound: float | None = None
    rule: Line
    """Which bound applied, or why nothing was compared, in words."""
    matched_by: Line = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def holds(self) -> bool | None:
        """True where the claim stands, False where it is contradicted, None where nothing could be said."""
        return {"reproduced": True, "better": True, "worse": False}.get(self.outcome)


class Diagnosis(Record):
    """Why a rerun ended as it did, with the lines that decide it."""

    outcome: Outcome
    fault: Fault
    cause: RootCause | None = None
    sentence: Line
    evidence: tuple[Evidence, ...] = ()


class Rerun(Record):
    """Everything that the rerun of one submission showed."""

    engine: Line
    isolation: Line = ""
    attempted: bool = True
    plan: Plan
    environment: Environment | None = None
    runs: tuple[Run, ...] = ()
    observations: tuple[Observation, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    repairs: tuple[Repair, ...] = ()
    """All repairs, of environment and command, in the order they were made."""
    as_it_is: Diagnosis
    after_repairs: Diagnosis
    seconds: dict[str, float] = {}
    """Wall time of each stage: plan, environment, run, collect."""
    notes: tuple[Line, ...] = ()
