"""The programs and shell scripts that count: those the documentation names, or all where it names none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from auditor.analysis.call_graph import Program
from auditor.repository.folders import lies_in
from auditor.repository.model import Document, Source

NAMES_LIMIT = 5_000
SCRIPT_LIMIT = 200_000
_LEFT_OVER = re.compile(
    r"(^|[/_. -])(depr[ei]cated|old|legacy|unused|untitled\d*|scratch|backups?|bak|archived?|debug|playground|draft"
    r"|sandbox|tmp|temp|copy\d*)([/_. -]|$)",
    re.I,
)
_WORD = re.compile(r"(?<![\w/])(?:\./)?([\w-][\w./-]{0,150}\.(?:py|sh|ipynb|bash|slurm))\b")
_FOLDER = re.compile(r"(?<![\w/.:-])((?:[\w.-]{1,60}/){1,6})[\w.*/-]{0,60}\*[\w-]{0,30}\.(?:py|sh|ipynb)\b")


@dataclass(frozen=True)
class Documented:
    """`programs` are Python entry points, `scripts` paths of shell scripts; `named`: whether a document names one."""

    programs: tuple[Source, ...]
    scripts: tuple[str, ...]
    named: bool


def is_left_over(path: str) -> bool:
    """Return whether a path's names say that it is left over from the work (`old/`, `backups/`)."""
    return bool(_LEFT_OVER.search(path))


def documented_programs(program: Program) -> Documented:
    """Return the programs that the documentation runs or names, directly or by a shell script that it names.

    A document speaks for the folder that it lies in: beside those that it names, no other program there counts. Where
    none speaks, all that are not left over from the work (`old/`, `Untitled.ipynb`) count.
    """
    repository = program.repository
    documents = (document for document in repository.documents if document.main or document.path.count("/") <= 3)
    areas = [area for area in map(_Area.of, documents) if area.words or area.folders]
    words = frozenset().union(*(area.words for area in areas))
    naming_all = [area for area in areas if area.folders]

    def is_documented(path: str) -> bool:
        return _is_named(path, words) or any(area.names(path) for area in naming_all)

    run = {command.resolved for command in repository.commands if command.resolved}
    scripts = [f.path for f in repository.own_files if f.kind == "shell" and f.size < SCRIPT_LIMIT]
    starting = {path: _WORD.findall(repository.text(path)) for path in scripts}
    named_scripts = {path for path in scripts if path in run or is_documented(path)}
    started = {word for path in named_scripts for word in starting[path] if word.endswith(".py")}
    named = {
        source.path
        for source in program.entry_points
        if source.path in run or is_documented(source.path) or _is_named(source.path, started)
    }
    named_at_all = bool(named or named_scripts)
    governed = {area.folder for area in areas if any(area.covers(path) and area.names(path) for path in named | run)}
    kept = [
        source
        for source in program.entry_points
        if source.path in named
        or (not _LEFT_OVER.search(source.path) and "" not in governed and not lies_in(source.path, governed))
    ]
    ends = {end for source in program.entry_points for end in _ends(source.path)}
    own = {path for path in scripts if any(word.lstrip("./") in ends for word in starting[path])}
    chosen = sorted(named_scripts | {path for path in own if not _LEFT_OVER.search(path)})
    return Documented(tuple(kept) or (() if named_at_all else program.entry_points), tuple(chosen), named_at_all)


@dataclass(frozen=True)
class _Area:
    """A document's folder, with the file names that the document writes and the folders of which it names all files."""

    folder: str
    words: frozenset[str]
    folders: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> _Area:
        text = document.text[:200_000]
        folders = {match[1] for match in list(_FOLDER.finditer(text))[:NAMES_LIMIT]}
        return cls(
            document.path.rpartition("/")[0], frozenset(_WORD.findall(text)[:NAMES_LIMIT]), tuple(sorted(folders))
        )

    def covers(self, path: str) -> bool:
        return _below(path, self.folder)

    def names(self, path: str) -> bool:
        inner = path[len(self.folder) :].lstrip("/") if self.covers(path) else path
        return _is_named(path, self.words) or any(inner.startswith(folder) for folder in self.folders)


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _ends(path: str) -> Iterator[str]:
    """Yield a path, and the ends of it that begin at a folder's name or are the file's."""
    yield path
    while "/" in path:
        path = path.partition("/")[2]
        yield path


def _is_named(path: str, words: Set[str]) -> bool:
    """Return whether a path, or an end of it that begins at a folder's name, is among the words."""
    return any(end in words for end in _ends(path))
