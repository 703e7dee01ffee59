"""Which programs of a repository its documentation starts, the most telling place first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, normpath

from auditor.analysis.call_graph import Program
from auditor.errors import Unreadable
from auditor.repository.model import DocumentedCommand, Source

SCRIPT_LIMIT = 200_000
SCRIPTS = 1_000
_PROGRAM = re.compile(r"[\w./-]{1,150}\.py\b")


def ranked_programs(program: Program) -> tuple[tuple[Source, ...], ...]:
    """Return groups of entry points: what the top README starts, other documents, scripts; what only evaluates; all.

    Commands that install or prepare data start none of them. A documented shell script stands for what it starts.
    """
    entries = {source.path: source for source in program.entry_points}
    by_name: dict[str, list[str]] = {}
    for path in entries:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    readme = next((document.path for document in program.repository.documents if document.main), None)
    commands = [c for c in program.repository.commands if c.exists and c.purpose not in ("install", "data")]
    evaluating = [c for c in commands if c.purpose == "evaluate"]
    top = [c for c in commands if c.purpose != "evaluate" and c.evidence.path == readme]
    others = [c for c in commands if c.purpose != "evaluate" and c.evidence.path != readme]
    scripts = [file.path for file in program.repository.own_files if file.kind == "shell"][:SCRIPTS]
    named = (
        {path for command in top for path in _started_by(program, command, by_name)},
        {path for command in others for path in _started_by(program, command, by_name)},
        {path for script in scripts for path in _in_script(program, script, by_name)},
        {path for command in evaluating for path in _started_by(program, command, by_name)},
        set(entries),
    )
    return tuple(tuple(source for path, source in entries.items() if path in paths) for paths in named)


def _started_by(program: Program, command: DocumentedCommand, entries: dict[str, list[str]]) -> Iterator[str]:
    """Yield the entry points, given by their names, that a command starts."""
    path = command.resolved or ""
    if path in entries.get(path.rpartition("/")[2], ()):
        yield path
    file = program.repository.by_path.get(path)
    if file is not None and file.kind == "shell":
        yield from _in_script(program, path, entries)


def _in_script(program: Program, script: str, entries: dict[str, list[str]]) -> Iterator[str]:
    """Yield the entry points that a shell script names: beside it, from the root, or the only one of that name."""
    file = program.repository.by_path[script]
    if file.size > SCRIPT_LIMIT:
        return
    try:
        text = program.repository.text(script)
    except Unreadable:
        return
    for name in dict.fromkeys(_PROGRAM.findall(text)):
        same = entries.get(name.rpartition("/")[2], [])
        places = [normpath(f"{dirname(script)}/{name}").lstrip("/"), normpath(name)] if same else []
        found = next((place for place in places if place in same), same[0] if len(same) == 1 else None)
        if found is not None:
            yield found
