"""Paths of the authors' own machine that the experiments need and that nothing outside the code can change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from auditor.analysis.call_graph import Node, Program
from auditor.analysis.documented import Documented
from auditor.findings import FileEvidence
from auditor.repository.comments import comment_mark, without_comment
from auditor.repository.model import Assignment, Call, Function, Source

SCRIPT_LIMIT = 200_000
PATHS_LIMIT = 200
"""Paths of one file that are looked at."""
ALL_PATHS_LIMIT = 1_000
"""Paths of all files together."""
CALLS_LIMIT = 1_000
"""Calls of one function that are looked at."""
_ROOT = (
    r"/(?:home|Users|users|mnt|media|scratch\w*|nfs\w*|cluster|gpfs\w*|lustre|private|afs|work|workspace|projects?"
    r"|storage|net|ssd\w*|hdd\w*|raid|export|share|vol\w*|data\d*|raw|datasets?|srv|root|ceph|disk\w*"
    r"|content/g?drive|gdrive)/(?:\*\*|[\w.~-])[\w.~*-]*"
)
_OWN = re.compile(
    rf"^(?:file://)?(?:{_ROOT}|[A-Za-z]:[\\/]+(?:Users|Documents|Projects?|data|work|code|home|Dropbox)\b"
    r"|[D-Z]:[\\/]+\w+)"
)
_OTHER_ROOT = re.compile(
    r"^/(?!tmp|dev|proc|sys|usr|etc|opt|bin|sbin|lib|var|run|kaggle|content|app)[A-Za-z][\w.-]{1,60}/[\w. -]+"
)
"""A path from the root of another name is one only where it is used as a path: names of tensors look alike."""
_IN_SCRIPT = re.compile(
    rf"(?:^|[\s=(]|-[IL])[\"']?({_ROOT}[^\s\"';|)]{{0,200}}"
    r"|/(?!tmp|dev|proc|sys|usr|etc|opt|bin|sbin|lib|var|run|kaggle|content|app)[A-Za-z]\w{0,30}/[\w.-]{1,60}/[\w./-]{1,200})"
)
"""In a script a path from the root stands for nothing else."""
_SEARCHED = re.compile(r"(?:^|\s)(?:PYTHONPATH|LD_LIBRARY_PATH|PATH)=\S{0,1000}")
"""Places where modules and programs may be looked for: one that is not there does no harm."""
_PLACEHOLDER = re.compile(
    r"path[-_/ ]?to|your|<|>|\bxxx|\.\.\.|^/(my|some|the|full|abs(olute)?|path|dir(ectory)?|folder)([-_/]|$)"
    r"|/home/(user(name)?|me|name|jupyter|jovyan)(/|$)"
    r"|/Users/(user(name)?|me|name)(/|$)",
    re.I,
)
_PATH_NAME = re.compile(r"path|dir|root|folder|file|location|prefix|base|corpus|_data$|^data", re.I)
_OPENS = re.compile(
    r"(^|\.)(open|load\w*|read\w*|listdir|glob|iglob|walk|join|ImageFolder|Path|chdir|append|insert|exists|isdir"
    r"|makedirs|genfromtxt|imread|File|restore|from_file|scandir)$"
)
_NOT_NEEDED = re.compile(r"(savefig|to_csv|to_latex|imwrite|imsave|write_image|savetxt)$|^sys\.path\.(append|insert)$")
"""What writes there, or only adds a place where modules may be looked for."""
_FROM_OUTSIDE = re.compile(r"environ\.get$|getenv$|add_argument$|ArgumentParser$|set_defaults$|DEFINE_|add_option$")
_IF_THERE = re.compile(
    r"^\s{0,60}(?:el)?if\s{1,3}(?:os\.)?(?:path\.)?(?:exists|isdir|isfile|Path)\(\s{0,3}[rbu]?['\"]([^'\"\n]{2,200})['\"]",
    re.M,
)
_OPTION = r"\w{1,40}\.\w{0,30}?(?:path|dir|root|folder|file|data|out|name|corpus)\w{0,30}"
_IF_NOT_GIVEN = re.compile(
    rf"^\s{{0,60}}(?:el)?if\s[^\n]{{0,40}}?(?:not\s{{1,3}}\(?{_OPTION}\)?\s{{0,3}}:"
    rf"|\b{_OPTION}\s{{1,3}}(?:is|==)\s{{1,3}}(?:None|''|\"\")|len\(sys\.argv\)|gethostname|getuser|platform\.node|uname)"
)
"""An option that is not given, or a machine that is known by its name: elsewhere another branch is taken."""
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
    def if_there(self) -> tuple[str, ...]:
        """The paths that the code asks for before it uses them."""
        found = _IF_THERE.finditer("\n".join(self.rows)[:SCRIPT_LIMIT])
        return tuple(dict.fromkeys(match[1] for match in islice(found, PATHS_LIMIT)))

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


def own_machine_paths(program: Program, documented: Documented) -> tuple[FileEvidence, ...]:
    """Return the places where a program that counts needs a path of the authors' machine.

    The programs that count are those the documentation names; where it names none, all of them. A path that is the
    default of an option, of an environment variable or of a parameter that is handed over, or that is only written to,
    is not needed.
    """
    found: list[FileEvidence] = []
    nodes = reached_nodes(program, documented.programs)
    called = _Called(program)
    left = ALL_PATHS_LIMIT
    for path in sorted({path for path, _ in nodes}):
        source = program.sources[path]
        code = _Code(program, source)
        absolute = (item for item in source.strings if _OWN.match(item[0]) or _OTHER_ROOT.match(item[0]))
        for text, line in islice(absolute, min(PATHS_LIMIT, left)):
            left -= 1
            needed = _is_own(code, text, line) and runs_line(source, line, nodes, documented.programs)
            if needed and not _changeable(code, called, text, line):
                found.append(source.evidence(line, text))
    for path in documented.scripts:
        found += in_script(path, program.repository.text(path))
    return tuple(found)


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
    if _PLACEHOLDER.search(text):
        return False
    uses = list(_uses(code, text, line))
    if any(before.endswith("+") for _, before in uses):
        return False  # the end of a path that begins elsewhere
    if _OWN.match(text):
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
    """Return whether something outside the code can put another path in place of this one."""
    source = code.source
    if any(option.line <= line <= option.line + 3 for option in source.options):
        return True
    calls = code.calls.get(line, [])
    if any(_FROM_OUTSIDE.search(call.name) or _NOT_NEEDED.search(call.name) for call in calls):
        return True
    if not source.notebook and _has_other_way(code, text, line):
        return True
    named = {item.target for item in code.assignments.get(line, ()) if text in item.value}
    if any(option.default in named for option in source.options):
        return True
    inside = next((f for f in reversed(source.functions) if f.line <= line <= f.last_line), None)
    if inside is None:
        return False
    if source.option_style == "sacred" and re.search(r"config|cfg|default|setting", inside.name, re.I):
        return True
    return _is_handed_over(code, called, inside, line, text)


def _has_other_way(code: _Code, text: str, line: int) -> bool:
    """Return whether the code does without a path: where it is not there, or where an option gives another one."""
    if text.startswith(code.if_there):
        return True
    rows = code.rows[max(0, line - 30) : line]
    if not rows or _OR_GIVEN.search(_before_quote(rows[-1][:1_000], text)):
        return bool(rows)
    depth = len(rows[-1]) - len(rows[-1].lstrip())
    for row in reversed(rows[:-1]):
        if row.strip() and len(row) - len(row.lstrip()) < depth:
            return bool(_IF_NOT_GIVEN.match(row[:1_000]))
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


def in_script(path: str, text: str) -> Iterator[FileEvidence]:
    """Yield the lines, without comments, of a script of any language that name a path of the authors' machine."""
    mark = comment_mark(path)
    for number, row in enumerate(text[:SCRIPT_LIMIT].split("\n"), 1):
        code = without_comment(row[:2_000], mark)
        if ":-" in code or ":=" in code:
            continue
        match = _IN_SCRIPT.search(_SEARCHED.sub(" ", code))
        if match and not _PLACEHOLDER.search(match[1]):
            yield FileEvidence(path=path, line=number, excerpt=row.strip()[:300])
