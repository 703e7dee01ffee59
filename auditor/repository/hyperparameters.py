"""Where the values of an experiment's hyperparameters can be found: configs, commands with options, fixed values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.commands.shell import (
    COMMAND_LIMIT,
    ShellCommand,
    logical_lines,
    passed,
    read_command,
    simple_commands,
)
from auditor.repository.model import Option, Repository, Source
from auditor.repository.settings_forms import modules_reading

SEVERAL = 3
"""Numbers that a config file sets, or a documented program's options have, from which on they are an experiment's."""
DRIVEN = 4
"""Options with numbers for defaults, from which on they, and no longer the code, hold an experiment's values."""
_NUMERIC = re.compile(
    r"^-?(\d[\d_]{0,40}(\.\d{0,40})?(e-?\d{1,3})?|\.\d{1,40}|10\s?\*\*\s?-?\d{1,2}|\d{1,20}\s?\*\s?\d{1,20})$|^[\[(]\s*-?\d|^(np"
    r"|numpy)\.(linspace|logspace|arange)\(\s?[-\d.]|^range\(\s?\d",
    re.I,
)
_LETTERS = re.compile(r"(?!(?:true|false|none|null|inf|nan|auto)$)[a-z_]\w{0,40}", re.I)
_NO_VALUE = ("0", "1", "0.0")
_HOUSE = re.compile(
    r"gpu|device|cuda|port|host|dir|path|log|verbose|output|save|worker|thread|resume|help|^-h$|seed|freq|interval"
    r"|every",
    re.I,
)
"""Options that say where and how a program runs, and nothing on the experiment."""
_MACHINE = re.compile(r"(^|_)(n_?)?(jobs|workers|threads|cpus|gpus|procs|processes|cores)(_|$)|verbos", re.I)
"""Names of numbers that say how a program runs on a machine."""
_CAPITALS = re.compile(r"[A-Z]{2,40}(?:_[A-Z]{1,40}){0,6}")
_DRAWS = re.compile(
    r"^(matplotlib|seaborn|plotly|bokeh)\.|(^|\.)(plt|ax\w{0,6}|fig)(\[\w{0,20}\])?\.|(^|\.)(im|mat)?(plot|draw|show)(_\w{1,40})?$"
)


_CONFIG_KEY = re.compile(r"[\"']?([A-Za-z_][\w\-.]{0,60})[\"']?\s{0,4}[:=]\s{0,4}[\"']?-?\d[\d.e_-]{0,30}", re.I)
_NO_CONFIG = re.compile(
    r"(^|/)(\.|package|tsconfig|mkdocs|codecov|docker)|(^|/)(results?|outputs?|logs?|\w*_results|results_\w*)/"
    r"|(results?|metrics|scores|history|summary|log)\.json$",
    re.I,
)
"""Settings of tools, and what a run has written."""


_FILE_NAME = re.compile(r"[\w-][\w.-]{0,100}\.(?:ya?ml|json|toml|gin)\b")
SCRIPTS = 200


def from_configs(repository: Repository) -> Iterator[FileEvidence]:
    """Yield config files that set several numbers, of those that something may read."""
    readers = _Readers(repository)
    for file in repository.own_files:
        settings = file.kind == "config" or file.path.endswith((".config", ".hparams"))
        if not settings or file.size > 200_000 or _NO_CONFIG.search(file.path):
            continue
        try:
            text = repository.text(file.path)[:50_000]
        except Unreadable:
            continue
        hits = list(_CONFIG_KEY.finditer(text))
        if len({hit[1] for hit in hits}) >= SEVERAL and readers.may_read(file.path):
            line = text.count("\n", 0, hits[0].start()) + 1
            yield FileEvidence(path=file.path, line=line, excerpt=", ".join(hit[0].strip() for hit in hits[:4]))


@dataclass(frozen=True)
class _Readers:
    """What in a repository may read a settings file: a file that nothing reads sets nothing."""

    repository: Repository

    def may_read(self, path: str) -> bool:
        """Return whether the code loads settings of this kind, or code, scripts or documents name the file."""
        modules = modules_reading(PurePosixPath(path).suffix.lower())
        return modules is None or bool(modules & self._modules) or self._other or path.rpartition("/")[2] in self._named

    @cached_property
    def _modules(self) -> frozenset[str]:
        """The top modules that the sources import."""
        imports = (item for source in self.repository.sources for item in source.imports if not item.level)
        return frozenset(item.module.partition(".")[0] for item in imports)

    @cached_property
    def _other(self) -> bool:
        """Whether code in a language whose imports are not read may do so, or Python that could not be read."""
        return any(file.kind == "source" for file in self.repository.own_files) or any(
            not source.known for source in self.repository.sources
        )

    @cached_property
    def _named(self) -> frozenset[str]:
        """The names of files in literals of the code, and in commands, scripts and documents."""
        texts = [text for source in self.repository.sources for text, _ in source.strings]
        texts += [document.text for document in self.repository.documents]
        scripts = [file for file in self.repository.own_files if file.kind == "shell" and file.size <= 200_000]
        texts += [self.repository.text(file.path) for file in scripts[:SCRIPTS]]
        return frozenset(name for text in texts for name in _FILE_NAME.findall(text[:200_000]))


def from_commands(repository: Repository) -> Iterator[FileEvidence]:
    """Yield documented commands, and those of shell scripts, that choose an experiment of an existing program.

    What they leave open, the defaults of the program's options say; a command that chooses nothing leaves several open.
    """
    numbers = {source.path: [*filter(_sets_number, source.options)] for source in repository.sources}
    for command in repository.commands:
        if command.exists and command.purpose not in ("install", "data"):
            read, options = read_command(command.shell), numbers.get(command.resolved or "", [])
            trains = command.purpose in ("train", "run") and len(options) >= SEVERAL
            if read and not _leaves_number(read, options) and (_chooses(read) or (trains and _is_whole(read))):
                yield command.evidence
    names = {path.rpartition("/")[2] for path in repository.by_path}
    for name, read, evidence in _in_scripts(repository):
        if name in names and _chooses(read):
            yield evidence


def _in_scripts(repository: Repository) -> Iterator[tuple[str, ShellCommand, FileEvidence]]:
    """Yield by the name of the file that they run the commands of the shell scripts, variables filled in."""
    for file in repository.own_files:
        if file.kind != "shell" or file.size > 200_000:
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        known: dict[str, str] = {}
        for offset, whole in logical_lines(text):
            if assigned := _VARIABLE.match(whole):
                known[assigned[1]] = assigned[2].strip("\"'")
                continue
            for simple in simple_commands(_filled_in(whole, known)):
                read = read_command(simple)
                if read and read.target:
                    target = f"{read.target.replace('.', '/')}.py" if read.module else read.target
                    line = FileEvidence(path=file.path, line=offset + 1, excerpt=simple[:300])
                    yield target.rpartition("/")[2], read, line


def _filled_in(line: str, known: Mapping[str, str]) -> str:
    """Return a line of a script with the values of the variables that the script has set."""
    return _USED.sub(lambda match: known.get(match[1], match[0]), line)[:COMMAND_LIMIT]


_VARIABLE = re.compile(r"^\s{0,20}(?:export\s)?([A-Za-z_]\w{0,60})=(\"[^\"`]{0,200}\"|[^\s\"`]{1,200})\s{0,20}$")
_USED = re.compile(r"\$\{?([A-Za-z_]\w{0,60})\}?")


def _chooses(command: ShellCommand) -> bool:
    """Return whether a command is given a value or a switch that is part of the experiment, and no placeholder."""
    given = list(passed(command.words))
    filled_in = any(not name and value and "_" in value and _CAPITALS.fullmatch(value) for name, value in given)
    return any(
        not _HOUSE.search(name)
        and not (value and _stands_for(name, value))
        and not (filled_in and not name and value and _CAPITALS.fullmatch(value))  # run.py DATASET_NAME METHOD
        for name, value in given
    )


def _is_whole(command: ShellCommand) -> bool:
    """Return whether a command runs the experiment as it stands: nothing is left to be filled in."""
    given = list(passed(command.words))
    return not any(name in ("-h", "--help") or (value and _stands_for(name, value)) for name, value in given)


def _leaves_number(command: ShellCommand, numbers: Sequence[Option]) -> bool:
    """Return whether a word stands where an option takes a number, as in `--eps=e`: the reader chooses the values."""
    names = {name for option in numbers for name in option.names}
    return any(name in names and value and _LETTERS.fullmatch(value) for name, value in passed(command.words))


def _stands_for(name: str, value: str) -> bool:
    """Return whether a word stands for a value to be filled in, as in `--data <file>` or `--lr LR`.

    Of alternatives in brackets, as in `[a|b]`, the reader takes one.
    """
    if re.search(r"[<>\[\]{}$]", value):
        return "<" in value or "$" in value or not re.search(r"[|/]", value)
    plain = name.lstrip("-").upper().replace("-", "_")
    return bool(plain and re.fullmatch(r"[A-Z_]{2,}", value)) and (value in plain or plain in value)


def is_driven_by_options(sources: Sequence[Source]) -> bool:
    """Return whether options hold the values of the program that these sources make up."""
    return sum(_sets_number(option) for source in sources for option in source.options) >= DRIVEN


def _sets_number(option: Option) -> bool:
    number = option.default is not None and _NUMERIC.match(option.default.strip("\"'"))
    return bool(number) and not any(_HOUSE.search(name) for name in option.names)


def fixed_values(source: Source) -> Iterator[FileEvidence]:
    """Yield where a program sets a number in its code, by assignment or by name in a call.

    What declares an option fixes nothing, nor does a zero or one, the look of a figure, or a number of processes.
    """
    options = {option.line + n for option in source.options for n in range(4)}
    for item in source.assignments:
        sets = _NUMERIC.search(item.value) and item.value not in _NO_VALUE and not _MACHINE.search(item.target)
        if sets and item.line not in options:
            yield source.evidence(item.line, f"{item.target} = {item.value}"[:200])
    for call in source.calls:
        for key, value in () if call.line in options or _DRAWS.search(call.name) else call.keywords:
            if _NUMERIC.search(value) and value not in _NO_VALUE and not _MACHINE.search(key):
                yield source.evidence(call.line, f"{key}={value} in {call.statement}"[:200])


_SETTINGS = r"(defaults?|arguments?|(hyper-?)?parameters?|settings|flags)"
_DENIED = r"(\bnot\b|n't\b|proof[- ]of[- ]concept|\bdiffer)"
_OTHER_VALUES = re.compile(
    rf"\bdefault\b[^.]{{0,60}}\b{_SETTINGS}\b[^.]{{0,200}}{_DENIED}"
    rf"|\b{_SETTINGS}\b[^.]{{0,60}}{_DENIED}[^.]{{0,60}}\b(optimal|best|tuned|in the paper|the paper's|our results)",
    re.I,
)


def other_than_published(repository: Repository) -> FileEvidence | None:
    """Return where a README says that the values in the code are not those of the paper, or None."""
    for document in repository.documents:
        if document.main:
            for line, text in document.prose:
                match = _OTHER_VALUES.search(text[:5_000])
                if match:
                    return FileEvidence(path=document.path, line=line, excerpt=" ".join(match[0].split())[:300])
    return None
