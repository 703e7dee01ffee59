"""The programs and shell scripts that count: those the documentation names, or all where it names none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.analysis.call_graph import Program
from auditor.repository.model import Repository, Source

NAMES_LIMIT = 5_000
SCRIPT_LIMIT = 200_000
_LEFT_OVER = re.compile(
    r"(^|[/_. -])(depr[ei]cated|old|legacy|unused|untitled\d*|scratch|backup|bak|archived?|debug|playground|draft"
    r"|sandbox|tmp|temp|copy\d*)([/_. -]|$)",
    re.I,
)
_WORD = re.compile(r"[\w.-]{1,100}\.(?:py|sh|ipynb|bash|slurm)\b")
_FOLDER = re.compile(r"(?<![\w/.:-])((?:[\w.-]{1,60}/){1,6})(?:\*|[\w.*-]{0,60}/\*)")


@dataclass(frozen=True)
class Documented:
    """`programs` are Python entry points, `scripts` paths of shell scripts; `named`: whether a document names one."""

    programs: tuple[Source, ...]
    scripts: tuple[str, ...]
    named: bool


def documented_programs(program: Program) -> Documented:
    """Return the programs that the documentation runs or names, directly or by a shell script that it names.

    Where it names none, all that are not left over from the work (`old/`, `Untitled.ipynb`) count.
    """
    repository = program.repository
    words, folders = _named(repository)
    scripts = [f.path for f in repository.own_files if f.kind == "shell" and f.size < SCRIPT_LIMIT]
    run = {command.resolved for command in repository.commands if command.resolved}
    named_scripts = tuple(
        path
        for path in scripts
        if path in run or path.rpartition("/")[2] in words or any(path.startswith(folder) for folder in folders)
    )
    started = _started(repository, named_scripts)
    programs = tuple(
        source
        for source in program.entry_points
        if source.path in run or source.path.rpartition("/")[2] in words | started
    )
    if programs or named_scripts:
        return Documented(programs, named_scripts, named=True)
    kept = tuple(source for source in program.entry_points if not _LEFT_OVER.search(source.path))
    return Documented(
        kept or program.entry_points, tuple(path for path in scripts if not _LEFT_OVER.search(path)), named=False
    )


def _named(repository: Repository) -> tuple[set[str], set[str]]:
    """Return the file names that documents of the authors write, and the folders of which they name all files."""
    words: set[str] = set()
    folders: set[str] = set()
    for document in repository.documents:
        if document.main or document.path.count("/") <= 2:
            found = _WORD.findall(document.text[:200_000])
            words |= set(found[:NAMES_LIMIT])
            folders |= {match[1] for match in list(_FOLDER.finditer(document.text[:200_000]))[:NAMES_LIMIT]}
    return words, folders


def _started(repository: Repository, scripts: tuple[str, ...]) -> set[str]:
    return {name for path in scripts for name in _WORD.findall(repository.text(path)) if name.endswith(".py")}
