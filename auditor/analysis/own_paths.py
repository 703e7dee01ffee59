"""Paths of the authors' own machine that the experiments need and that nothing outside the code can change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from auditor.analysis.call_graph import Node, Program
from auditor.analysis.documented import Documented, documented_programs
from auditor.analysis.other_languages import OtherLanguages
from auditor.analysis.path_text import OWN, PLACEHOLDER, SCRIPT_LIMIT, container_places, in_script, in_source
from auditor.analysis.roles import Roles
from auditor.findings import FileEvidence
from auditor.repository.model import Assignment, Call, Function, Repository, Source

SOURCES_LIMIT = 2_000
PATHS_LIMIT = 200
"""Paths of one file that are looked at."""
ALL_PATHS_LIMIT = 1_000
"""Paths of all files together."""
CALLS_LIMIT = 1_000
"""Calls of one function that are looked at."""
_OTHER_ROOT = re.compile(
    r"^/(?!tmp|dev|proc|sys|usr|etc|opt|bin|sbin|lib|var|run|kaggle|content|app)"
    r"(?:[A-Za-z]/[\w.-]{1,60}|[A-Za-z][\w.-]{1,60})/[\w. -]+"
)
"""A path from the root of another name is one only where it is used as a path: names of tensors look alike."""
_PATH_NAME = re.compile(r"path|dir|root|folder|file|location|prefix|base|corpus|_data$|^data", re.I)
_OPENS = re.compile(
    r"(^|\.)(open|load\w*|read\w*|listdir|glob|iglob|walk|join|ImageFolder|Path|chdir|append|insert|exists|isdir"
    r"|makedirs|genfromtxt|imread|File|restore|from_file|scandir)$"
)
_SEARCHED = re.compile(r"^sys\.path\.(append|insert)$")
"""It only adds a place where modules may be looked for."""
_FROM_OUTSIDE = re.compile(r"environ\.get$|getenv$|add_argument$|ArgumentParser$|set_defaults$|DEFINE_|add_option$")
_OPTION = r"\w{1,40}\.\w{0,30}?(?:path|dir|root|folder|file|data|out|name|corpus)\w{0,30}"
_IF_NOT_GIVEN = re.compile(
    rf"^\s{{0,60}}(?:el)?if\s[^\n]{{0,40}}?(?:not\s{{1,3}}\(?{_OPTION}\)?\s{{0,3}}:"
    rf"|\b{_OPTION}\s{{1,3}}(?:is|==)\s{{1,3}}(?:None|''|\"\")|len\(sys\.argv\))"
)
"""An option that is not given: where it is, another branch is taken."""
_OR_GIVEN = re.compile(r"\b(?:args?|argv|opts?|options|FLAGS|environ)\b[^\n]{0,120}\b(?:or|else)\s{1,3}[rbuf]?['\"]$")
_BY_NAME = re.compile(r"(^|\.)(eval|locate|getattr|import_module|__import__|get|globals|locals)$")
_NAME_START = re.compile(r"['\"][\w.]{0,60}?([A-Za-z]{2,40}_)(?:%s|\{|['\"]\s?\+)")


@dataclass(frozen=True)
class _Code:
    """A source with its text and statements by line, each looked up once."""

    program: Program
    source: Source

    @cached_property
    def rows(self) -> list[str]:
        """The lines of its text; none of a notebook's."""
        return [] if self.source.notebook else self.program.repository.text(self.source.path).split("\n")

    @cached_property
    def calls(self) -> dict[int, list[Call]]:
        """The calls of each line."""
        found: dict[int, list[Call]] = {}
        for call in self.source.calls:
            found.setdefault(call.line, []).append(call)
        return found

    @cached_property
    def assignments(self) -> dict[int, list[Assignment]]:
        """The assignments of each line."""
        found: dict[int, list[Assignment]] = {}
        for item in self.source.assignments:
            found.setdefault(item.line, []).append(item)
        return found


@dataclass(frozen=True)
class _Called:
    """The calls of a program by the last part of their names."""

    program: Program

    @cached_property
    def by_name(self) -> dict[str, list[Call]]:
        """As many calls of each function as are looked at."""
        found: dict[str, list[Call]] = {}
        for source in self.program.sources.values():
            for call in source.calls:
                alike = found.setdefault(call.name.rpartition(".")[2], [])
                if len(alike) < CALLS_LIMIT:
                    alike.append(call)
        return found


@dataclass(frozen=True)
class OwnPaths:
    """The places where the code needs a path of the authors' machine, and what was looked at to find them."""

    found: tuple[FileEvidence, ...]
    looked: tuple[str, ...]
    """The files that hold code that counts."""
    experiments: bool
    """Whether that code does experiments."""
    unread: str = ""
    """A sentence on a file that could not be read as code and whose text holds such a path; else empty."""


def own_paths(repository: Repository, program: Program | None, roles: Roles | None) -> OwnPaths:
    """The paths in what the documented programs run; without Python, in all scripts and sources."""
    container = container_places(repository)
    if program is None:
        files = [f for f in repository.own_files if f.kind in ("source", "shell") or f.path.endswith((".m", ".R"))]
        looked = tuple(file.path for file in files[:SOURCES_LIMIT])
        found = [item for path in looked for item in in_script(path, repository.text(path), container)]
        return OwnPaths(tuple(found), looked, bool(looked), _unread(repository, container))
    documented = documented_programs(program)
    other = OtherLanguages(repository, beside=True).programs
    found = list(_needed(program, documented, container))
    found += [item for path in documented.scripts for item in in_script(path, repository.text(path), container)]
    found += [item for path in other for item in in_source(path, repository.text(path), container)]
    reached = {path for entry in documented.programs for path, _ in program.reached(entry)}
    unread = _unread(repository, container) or (
        program.unread if all(s.known for s in program.sources.values()) else ""
    )
    return OwnPaths(
        tuple(found),
        tuple(sorted(reached or program.sources)),
        roles is not None and bool(roles.experiments),
        unread,
    )


def _unread(repository: Repository, container: tuple[str, ...]) -> str:
    """Return a sentence on a file that could not be read as code and whose text holds, or may hold, an own path."""
    files = [(s.path, s.problem) for s in repository.sources if not s.known and not s.vendored]
    files += [(notebook.path, notebook.problem) for notebook in repository.notebooks if notebook.problem]
    for path, problem in files:
        file = repository.by_path[path]
        if file.absent or file.size > SCRIPT_LIMIT or in_source(path, repository.text(path), container):
            return f"{path} was not read: {problem}."
    return ""


def _needed(program: Program, documented: Documented, container: tuple[str, ...]) -> Iterator[FileEvidence]:
    """Yield the places where a program that counts needs a path of the authors' machine.

    The programs that count are those the documentation names; where it names none, all of them. A path is not needed
    where something from outside is used in its place: an option, an environment variable, a parameter handed over.
    """
    nodes = reached_nodes(program, documented.programs)
    called = _Called(program)
    left = ALL_PATHS_LIMIT
    for path in sorted({path for path, _ in nodes}):
        source = program.sources[path]
        code = _Code(program, source)
        absolute = (item for item in source.strings if OWN.match(item[0]) or _OTHER_ROOT.match(item[0]))
        for text, line in islice(absolute, min(PATHS_LIMIT, left)):
            left -= 1
            needed = _is_own(code, text, line) and runs_line(source, line, nodes, documented.programs)
            if needed and not text.startswith(container) and not _changeable(code, called, text, line):
                yield source.evidence(line, text)


def reached_nodes(program: Program, programs: tuple[Source, ...]) -> frozenset[Node]:
    """Return what the programs reach, with the functions that they look up by a name put together while running."""
    nodes = {node for entry in programs for node in program.reached(entry)}
    starts: set[str] = set()
    for path in {path for path, _ in nodes}:
        for call in program.sources[path].calls:
            if (path, call.within) in nodes and _BY_NAME.search(call.name):
                starts |= {match[1] for text in call.arguments for match in _NAME_START.finditer(text)}
    if starts:
        for source in program.sources.values():
            nodes |= {
                (source.path, function.name)
                for function in source.functions
                if function.name.rpartition(".")[2].startswith(tuple(starts))
            }
    return frozenset(nodes)


def _is_own(code: _Code, text: str, line: int) -> bool:
    if PLACEHOLDER.search(text):
        return False
    uses = list(_uses(code, text, line))
    row = code.rows[line - 1][:2_000] if line <= len(code.rows) else ""
    ends = (_before(row, text) if text in row else "", *(before for _, before in uses))
    if any(before.endswith("+") for before in ends):
        return False  # the end of a path that begins elsewhere
    if OWN.match(text):
        return True
    return bool(_OTHER_ROOT.match(text)) and any(name for name, _ in uses)


def _uses(code: _Code, text: str, line: int) -> Iterator[tuple[bool, str]]:
    """Yield (whether it is used as a path, the words before it) for each statement at a line that holds a literal."""
    for item in code.assignments.get(line, ()):
        if text in item.value:
            yield bool(_PATH_NAME.search(item.target.rpartition(".")[2])), _before(item.value, text)
    for call in (call for near in range(line - 3, line + 1) for call in code.calls.get(near, ())):
        for position, argument in enumerate(call.arguments):
            if text in argument:
                later = position and call.name.endswith("join")
                yield bool(_OPENS.search(call.name)), "+" if later else _before(argument, text)
        for name, value in call.keywords:
            if text in value:
                yield bool(_PATH_NAME.search(name)), _before(value, text)


def _before(value: str, text: str) -> str:
    return value[: value.find(text)].rstrip("rbfuRBFU'\"").rstrip()


def runs_line(source: Source, line: int, nodes: frozenset[Node], programs: tuple[Source, ...]) -> bool:
    """Return whether a line is run: its function is reached; of a main block, its file is the program."""
    inside = [function for function in source.functions if function.line <= line <= function.last_line]
    if inside:
        return (source.path, inside[-1].name) in nodes
    lines = source.main_lines
    return lines is None or not lines[0] <= line <= lines[1] or source in programs


def _changeable(code: _Code, called: _Called, text: str, line: int) -> bool:
    """Return whether something outside the code can put another path in place of this one, or nothing reads it."""
    source = code.source
    if any(option.line <= line <= option.line + 3 for option in source.options):
        return True
    calls = code.calls.get(line, [])
    if any(_FROM_OUTSIDE.search(call.name) or _SEARCHED.search(call.name) for call in calls):
        return True
    if not source.notebook and _has_other_way(code, text, line):
        return True
    named = {item.target for item in code.assignments.get(line, ()) if text in item.value}
    if any(option.default in named for option in source.options):
        return True
    inside = next((f for f in reversed(source.functions) if f.line <= line <= f.last_line), None)
    alone = not calls and (inside is not None or any(row[:1].strip() for row in code.rows[line - 1 : line]))
    if alone and named and all(map(code.program.tree.is_named_once, named)):
        return True  # nothing reads it: a name in a class may be one that a library reads
    return inside is not None and _is_handed_over(code, called, inside, line, text)


def _has_other_way(code: _Code, text: str, line: int) -> bool:
    """Return whether a path only stands in where an option is not given."""
    rows = code.rows[max(0, line - 30) : line]
    if not rows or _OR_GIVEN.search(_before_quote(rows[-1][:1_000], text)):
        return bool(rows)
    depth = len(rows[-1]) - len(rows[-1].lstrip())
    for row in reversed(rows[:-1]):
        indented = len(row) - len(row.lstrip())
        if row.strip() and indented < depth:
            if _IF_NOT_GIVEN.match(row[:1_000]):
                return True
            depth = indented
    return False


def _before_quote(row: str, text: str) -> str:
    return row[: max(0, row.find(text))]


def _is_handed_over(code: _Code, called: _Called, inside: Function, line: int, text: str) -> bool:
    """Return whether a literal is the default of a parameter that some call of the function hands over."""
    if code.source.notebook:
        return inside.line == line
    header = "\n".join(row[:4_000] for row in code.rows[inside.line - 1 : min(line, inside.line + 200)])[:4_000]
    end = header.find(text)
    match = re.search(r"(\w{1,80})\s{0,4}(?::[^=,()]{1,80})?=\s{0,4}[rbuf]?['\"]$", header[:end] if end > 0 else "")
    if match is None or re.search(r"\)\s{0,4}(->[^:\n]{1,80})?:\s{0,4}(#[^\n]{0,200})?\n", header[:end]):
        return False  # in the body
    position = header[: match.start()].count(",") - ("self" in header[: match.start()])
    name = inside.name.rpartition(".")[2]
    name = inside.name.split(".")[-2] if name == "__init__" and "." in inside.name else name
    return any(_hands(call, match[1], position) for call in called.by_name.get(name, ()))


def _hands(call: Call, parameter: str, position: int) -> bool:
    return any(name == parameter for name, _ in call.keywords) or len(call.arguments) > position
