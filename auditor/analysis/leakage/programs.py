"""The leaks of a repository: every program is run through the model, with the modules that it imports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.call_graph import Program
from auditor.analysis.flow.core import STEPS, Count
from auditor.analysis.flow.linking import Linker
from auditor.analysis.leakage.events import Ledger
from auditor.analysis.leakage.findings import Leak, leaks
from auditor.analysis.leakage.operations import TRAINING_WORDS
from auditor.analysis.leakage.semantics import Leakage
from auditor.repository.model import Source
from auditor.repository.modules import ModuleTree

TOTAL_STEPS = 800_000
"""Steps for all programs of a repository together."""


@dataclass(frozen=True)
class Run:
    """What the model met in one program."""

    entry: Source
    ledger: Ledger
    leaks: tuple[Leak, ...]
    count: Count
    exhausted: bool
    steps: int
    """Statements and expressions that were run."""


def run_source(source: Source, sources: dict[str, Source], tree: ModuleTree | None, steps: int = STEPS) -> Run:
    """Return what a program does to its data; with no tree, of its own file alone."""
    semantics = Leakage()
    machine = semantics.machine
    machine.steps = steps
    if tree is not None:
        machine.module = Linker(sources, tree, machine).resolve
    machine.run(source.path, source.statements.block)
    return Run(source, semantics.ledger, tuple(leaks(semantics.ledger)), machine.count, machine.exhausted,
               steps - machine.steps)  # fmt: skip


@dataclass(frozen=True)
class LeakageOf:
    """The leakage of a repository's programs."""

    program: Program

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Every program as far as the steps reach, those that the documentation starts first."""
        return tuple(self._runs())

    def _runs(self) -> Iterator[Run]:
        left = TOTAL_STEPS
        started = {source.path for source in self.program.started}
        order = sorted(self.programs, key=lambda source: (source.path not in started, source.path))
        for source in order:
            if left <= 0:
                return
            steps = min(STEPS, left)
            run = run_source(source, self.program.sources, self.program.tree, steps)
            yield run
            left -= run.steps

    def _matters(self, entry: Source) -> bool:
        """Return whether a program, or a module that it imports, trains, splits or tests by a name known here."""
        seen, pending = {entry.path}, [entry.path]
        while pending:
            path = pending.pop()
            if path in self._training:
                return True
            following = set(self.program.imports.get(path, ())) - seen
            seen |= following
            pending += following
        return False

    @cached_property
    def _training(self) -> frozenset[str]:
        """The sources that train, split or test something."""
        return frozenset(
            path
            for path, source in self.program.sources.items()
            if any(call.name.rpartition(".")[2] in TRAINING_WORDS for call in source.calls)
        )

    @cached_property
    def programs(self) -> tuple[Source, ...]:
        """The entry points that train, split or test something."""
        return tuple(source for source in self.program.entry_points if self._matters(source))

    @cached_property
    def leaks(self) -> tuple[Leak, ...]:
        """All leaks, each once, the gravest first."""
        order = {"high": 0, "medium": 1, "low": 2}
        known = {(leak.kind, leak.cause, leak.operation): leak for run in reversed(self.runs) for leak in run.leaks}
        return tuple(sorted(known.values(), key=lambda leak: (order[leak.severity], leak.cause.path, leak.cause.line)))

    @cached_property
    def trains(self) -> bool:
        """Whether any program trains something that is known to be trained on data."""
        crossed = (e for run in self.runs for e in run.ledger.evaluations if e.how == "cross-validation")
        return any(fit.rows for run in self.runs for fit in run.ledger.fits) or any(event.rows for event in crossed)

    @cached_property
    def evaluates(self) -> bool:
        """Whether any program tests what it trained, or cuts its data to do so."""
        return any(run.ledger.splits or any(e.rows for e in run.ledger.evaluations) for run in self.runs)

    @cached_property
    def count(self) -> Count:
        """The calls that were met, and those of them that are resolved."""
        return Count(sum(run.count.calls for run in self.runs), sum(run.count.resolved for run in self.runs))

    @cached_property
    def watch_points(self) -> tuple[tuple[str, int, str], ...]:
        """The lines at which rows reach a training (`fit`) or an evaluation (`score`): (path, line, which).

        What only the data can show (equal rows on both sides of a split, shared groups, their order in time) a run can
        tell that records what passes here.
        """
        found: dict[tuple[str, int, str], None] = {}
        for run in self.runs:
            found.update(((fit.place.path, fit.place.line, "fit"), None) for fit in run.ledger.fits)
            found.update(((event.place.path, event.place.line, "score"), None) for event in run.ledger.evaluations)
        return tuple(found)

    @property
    def unread(self) -> str:
        """What could not be looked at, as a sentence; empty where all was."""
        if self.program.unread:
            return self.program.unread
        cut = [run.entry.path for run in self.runs if run.exhausted or not run.entry.statements.whole]
        missing = len(self.programs) - len(self.runs)
        if not cut and not missing:
            return ""
        return f"{len(cut) + missing} of {len(self.programs)} programs were not followed to their end."
