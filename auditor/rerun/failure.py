"""Why one command failed, what is known where it did, and the lines of the log that show it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from auditor.findings import RunEvidence
from auditor.repository.model import Repository
from auditor.rerun.model import Diagnosis, Fault, Outcome, RootCause, Run
from auditor.rerun.traceback import Traceback
from auditor.submission.model import LeftOut


@dataclass(frozen=True)
class Failure:
    """Why one command failed, with what a repair needs to know."""

    outcome: Outcome
    fault: Fault
    cause: RootCause | None
    sentence: str
    evidence: tuple[RunEvidence, ...] = ()
    module: str | None = None
    """The module that was not found."""
    path: str | None = None
    """The file or folder that was not found."""
    for_writing: bool = False
    package: str | None = None
    """The top-level name of the library whose version does not fit."""

    @property
    def diagnosis(self) -> Diagnosis:
        """The failure as it lands in the audit."""
        return Diagnosis(
            outcome=self.outcome, fault=self.fault, cause=self.cause, sentence=self.sentence, evidence=self.evidence
        )


@dataclass(frozen=True)
class Scene:
    """What is known where a command failed: the run, its kept logs, the repository, and what acquisition left out."""

    run: Run
    stdout: str
    stderr: str
    repository: Repository
    left_out: tuple[LeftOut, ...] = ()
    exact: frozenset[str] = field(default_factory=frozenset)
    """Top-level module names whose distributions the repository fixes to one version."""

    @property
    def tail(self) -> str:
        """The ends of both logs."""
        return self.stdout[-20_000:] + "\n" + self.stderr[-40_000:]


Trace = Traceback | None


def shown(scene: Scene, trace: Trace, pattern: re.Pattern[str] | None) -> tuple[RunEvidence, ...]:
    """Return the traceback, the last line that matches, or the end of the log, with its line in the kept log."""
    if trace:
        stream = "stderr" if trace.excerpt and trace.excerpt in scene.stderr else "stdout"
        text = scene.stderr if stream == "stderr" else scene.stdout
        line = text[: text.rfind(trace.excerpt)].count("\n") + 1
        return (RunEvidence(run=scene.run.id, stream=stream, line=line, excerpt=trace.excerpt),)
    for stream, text in (("stderr", scene.stderr), ("stdout", scene.stdout)):
        lines = text.split("\n")
        for number in range(len(lines) - 1, max(-1, len(lines) - 400), -1):
            if pattern and pattern.search(lines[number][:2000]):
                return (RunEvidence(run=scene.run.id, stream=stream, line=number + 1, excerpt=lines[number][:500]),)
    return last_lines(scene)


def last_lines(scene: Scene) -> tuple[RunEvidence, ...]:
    """Return the end of the log, standard error first."""
    for stream, text in (("stderr", scene.stderr), ("stdout", scene.stdout)):
        lines = text.rstrip().split("\n")
        if lines and lines[-1].strip():
            first = max(0, len(lines) - 8)
            return (
                RunEvidence(run=scene.run.id, stream=stream, line=first + 1, excerpt="\n".join(lines[first:])[-1900:]),
            )
    return ()
