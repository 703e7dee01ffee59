"""The code that runs, as the detectors of hazards look at it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.call_graph import Node, Program
from auditor.analysis.hazards.hazard import Hazard, Severity, Subject, lowered
from auditor.analysis.hazards.versions import Versions
from auditor.analysis.randomness import EntryRandomness, Randomness
from auditor.analysis.randomness.names import in_names_of
from auditor.repository.model import Assignment, Call, Source

_GPU_CALL = re.compile(r"\.cuda$|^torch\.cuda\.(?!is_available)\w+$|^(lightning|pytorch_lightning)(\.\w+)*\.Trainer$"
                       r"|^transformers\.(\w+\.)*\w*Trainer$|^accelerate\.Accelerator$|DataParallel$")  # fmt: skip
ENTRIES_LIMIT = 100
"""Programs that are asked whether they seed what none of those that count runs."""
_GPU_NAME = re.compile(r"cuda|['\"/:]gpu\b", re.I)


@dataclass(frozen=True)
class Code:
    """The calls and assignments that run in some program of the repository, and what is asked of the whole."""

    randomness: Randomness

    @property
    def program(self) -> Program:
        """The program model."""
        return self.randomness.program

    @cached_property
    def versions(self) -> Versions:
        """The declared versions."""
        return Versions(self.program.repository.dependencies)

    @cached_property
    def _running(self) -> frozenset[tuple[str, str]]:
        nodes = self.randomness.reach.nodes
        return frozenset(node for entry in self.program.entry_points for node in nodes(entry))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The experiment sources of which something runs."""
        paths = {path for path, _ in self._running}
        return tuple(source for path, source in self.program.sources.items() if path in paths)

    def runs(self, source: Source, within: str) -> bool:
        """Return whether a function (or the module level) runs when any program is started."""
        return (source.path, within) in self._running

    @cached_property
    def calls(self) -> tuple[tuple[Source, Call], ...]:
        """The calls that run."""
        return tuple((s, call) for s in self.sources for call in s.calls if self.runs(s, call.within))

    @cached_property
    def assignments(self) -> tuple[tuple[Source, Assignment], ...]:
        """The assignments that run."""
        return tuple((s, item) for s in self.sources for item in s.assignments if self.runs(s, item.within))

    def calls_of(self, pattern: re.Pattern[str]) -> Iterator[tuple[Source, Call]]:
        """Yield the running calls whose resolved name matches."""
        for source, call in self.calls:
            if pattern.search(call.name):
                yield source, call

    @cached_property
    def modules(self) -> frozenset[str]:
        """The top modules that running sources import."""
        return frozenset(item.module.partition(".")[0] for s in self.sources for item in s.imports if not item.level)

    @cached_property
    def on_gpu(self) -> bool:
        """Whether the code moves anything to a GPU, or leaves that to a trainer that does."""
        if any(_GPU_CALL.search(call.name) for _, call in self.calls):
            return True
        values = (*(item.value for _, item in self.assignments), *(a for _, call in self.calls for a in call.arguments))
        return any(_GPU_NAME.search(value) for value in values)

    def given(self, source: Source, keyword: str) -> Counter[str]:
        """Return the values that a keyword is given in a file's calls, with how often."""
        cached: dict[tuple[str, str], Counter[str]] = self.__dict__.setdefault("_given", {})
        if (source.path, keyword) not in cached:
            values = (value for call in source.calls for key, value in call.keywords if key == keyword)
            cached[source.path, keyword] = Counter(values)
        return cached[source.path, keyword]

    @staticmethod
    def place(source: Source, line: int) -> str:
        """Return a line of a source in words, within its cell where it is a notebook's."""
        shown = source.evidence(line)
        return f"line {shown.line}" if shown.cell is None else f"cell {shown.cell}, line {shown.line}"

    def unseeded(self, node: Node, line: int, library: str) -> EntryRandomness | None:
        """Return a program that counts, runs this line, and never fixes the seed of `library`; else None."""
        for entry in self.randomness.entries:
            if library not in entry.seeds and self.randomness.reach.running((entry.entry,))(node, line):
                return entry
        return None

    def seeded(self, node: Node, line: int, library: str) -> bool:
        """Return whether every program that runs this line fixes the seed of `library`; of those that count first."""
        known = [e for e in self.randomness.entries if self.randomness.reach.running((e.entry,))(node, line)]
        others = () if known else self.program.entry_points[:ENTRIES_LIMIT]
        known += [self.randomness.of(e) for e in others if self.randomness.reach.running((e,))(node, line)]
        return bool(known) and all(library in entry.seeds for entry in known)

    def hazard(
        self,
        source: Source,
        call: Call | Assignment,
        found: tuple[int, Subject, str, Severity, str],
        library: str = "",
        versions: str = "",
    ) -> Hazard | None:
        """Return a hazard of (row, subject, title, severity, fix) at a place, or None where the versions rule it out.

        Where the repository leaves open whether its `library` is of the `versions` meant, the severity is one lower.
        """
        row, subject, title, severity, fix = found
        held = self.versions.holds(library, versions) if versions else True
        if held is False:
            return None
        text = call.statement if isinstance(call, Call) else f"{call.target} = {call.value}"
        return Hazard(
            row=row,
            subject=subject,
            title=title,
            severity=severity if held else lowered(severity),
            fix=in_names_of(source, self.program.repository, fix),
            evidence=source.evidence(call.line, text),
            holds_for=f"{library} {versions}" if versions else "",
            at=(source.path, call.line),
            known=bool(held),
        )
