"""Repairs as patches: rewritten in a confined child, and given only where the new program is free of the fault."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.analysis.call_graph import Program
from auditor.analysis.leakage.findings import Leak
from auditor.analysis.leakage.programs import LeakageOf, Run, run_source
from auditor.analysis.repair.child import Faults, Rewritten, rewrite_each
from auditor.analysis.repair.diff import unified
from auditor.confine import confined
from auditor.errors import Unreadable
from auditor.repository.code.notebooks import joined_code
from auditor.repository.code.python import SOURCE_LIMIT
from auditor.repository.inventory import read_bytes
from auditor.repository.model import Source

LEAKS_LIMIT = 8
"""So many leaks of one file are repaired together."""
RUNS_LIMIT = 4
"""So many programs are followed again with the repaired file."""
SECONDS = 10.0
MEMORY = 1 << 30


@dataclass(frozen=True)
class Repair:
    """How a fault is closed: by a `patch`, or else by lines of `code`; `why_not` says why there is no patch."""

    patch: str | None = None
    code: str = ""
    why_not: str = ""
    repaired: int = 0
    """How many of the faults the patch closes."""


@dataclass(frozen=True)
class Text:
    """A file's text with line feeds alone, and what its lines really end in."""

    text: str
    end: str = "\n"
    mark: str = ""
    """The byte order mark, where it begins with one."""

    def whole(self, text: str) -> str:
        """Return a new text of the file in the way in which the file is written."""
        return self.mark + text.replace("\n", self.end)


def text_of_file(program: Program, path: str) -> Text:
    """Return a file's text; raises Unreadable where a patch of it could not be sure to apply."""
    try:
        text = read_bytes(program.repository.root, path, SOURCE_LIMIT).decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("the file is not UTF-8") from None
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text[len(mark) :]
    crossed = text.count("\r\n")
    if text.count("\r") != crossed or (crossed and text.count("\n") != crossed):
        raise Unreadable("the file's lines end in different ways")
    return Text(text.replace("\r\n", "\n"), "\r\n" if crossed else "\n", mark)


def repair_leaks(facts: LeakageOf, leaks: Sequence[Leak]) -> Repair:
    """Return how to close leaks of one kind, those in the file of the first; a patch only where it is seen to do so."""
    path = leaks[0].cause.path
    source = facts.program.sources[path]
    here = [leak for leak in leaks if leak.cause.path == leak.effect.path == path][:LEAKS_LIMIT]
    if not here or here[0] is not leaks[0]:
        return Repair(why_not="its two ends stand in different files")
    try:
        text = _notebook_text(facts.program, path) if source.notebook else text_of_file(facts.program, path)
        found = _rewritten(facts, text.text, source, here)
        if source.notebook:
            code = _by_cell(source, text.text, found.text)
            return Repair(code=code, why_not="cells of a notebook are shown, not patched", repaired=found.repaired)
        patch = unified(path, text.whole(text.text), text.whole(found.text))
        return Repair(patch, repaired=found.repaired)
    except Unreadable as why:
        return Repair(why_not=str(why).rstrip("."))


def _rewritten(facts: LeakageOf, text: str, source: Source, leaks: list[Leak]) -> Rewritten:
    """Return the file without the leaks, or without the first of them; raises Unreadable where neither is safe."""
    imported = any(source.path in paths for paths in facts.program.imports.values())
    why = ""
    for some in (leaks, leaks[:1])[: 1 + (len(leaks) > 1)]:
        faults = Faults(source.path, text, tuple(some), notebook=source.notebook, imported=imported)
        found = in_child([faults])[0]
        if found.source is not None and closed(facts, found.source, {leak.kind for leak in some}):
            return found
        why = why or (found.refused[0] if found.refused else "the leak was still seen after the change")
    raise Unreadable(why)


def in_child(several: list[Faults]) -> list[Rewritten]:
    """Return files as they are rewritten; raises Unreadable where that took too long, or failed."""
    return confined(rewrite_each, several, seconds=SECONDS, memory_bytes=MEMORY, what="the program to repair")


def closed(facts: LeakageOf, source: Source, kinds: set[str]) -> bool:
    """Return whether programs with a changed file leak less in these ways, no more in others, and test as much."""
    program = facts.program
    runs = [run for run in facts.runs if any(leak.cause.path == source.path for leak in run.leaks)][:RUNS_LIMIT]
    sources = {**program.sources, source.path: source}
    for run in runs:
        entry = source if run.entry.path == source.path else run.entry
        again = run_source(entry, sources, program.tree)
        before, after = Counter(leak.kind for leak in run.leaks), Counter(leak.kind for leak in again.leaks)
        fewer = all(after[kind] < before[kind] for kind in kinds if before[kind])  # type: ignore[index]
        if again.exhausted or not fewer or after - before or _tests(again) < _tests(run):
            return False
    return bool(runs)


def _tests(run: Run) -> int:
    return sum(bool(event.rows) for event in run.ledger.evaluations)


def _notebook_text(program: Program, path: str) -> Text:
    notebook = next((found for found in program.repository.notebooks if found.path == path), None)
    if notebook is None:
        raise Unreadable("the notebook is not there")
    return Text(joined_code(notebook)[0])


def _by_cell(source: Source, before: str, after: str) -> str:
    """Return the changed lines of a notebook under the numbers of their cells."""
    return "\n".join(_cell_lines(source, before.split("\n"), after.split("\n")))


def _cell_lines(source: Source, old: list[str], new: list[str]) -> Iterator[str]:
    cell: int | None = None
    for tag, first, last, start, end in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        line = first + 1 if first < last else first  # what is only added belongs to the line before it
        number = source.evidence(max(line, 1)).cell
        if number != cell:
            yield f"# cell {number}"
            cell = number
        yield from (f"- {text}" for text in old[first:last])
        yield from (f"+ {text}" for text in new[start:end])
