"""Where the values of an experiment's hyperparameters can be found: configs, commands with options, fixed values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

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

NAME = re.compile(
    r"(^|[_\-. ])(lr|learning_?rate|batch(_?size)?|bs|epochs?|n_?epochs?|num_?epochs?|iters?|n_?iters?"
    r"|iterations?|max_?iter\w*|num_?iter\w*|n_?steps?|num_?steps?"
    r"|max_?steps?|hidden\w*|dim|dims|layers?|n_?layers?|num_?layers?|dropout|momentum|weight_?decay|wd|alpha"
    r"|beta|gamma|lambda\w*|lam|sigma|eps(ilon)?|tau|temperature"
    r"|k|n_?clusters?|num_?clusters?|rank|depth|width|kernel\w*|optimi[sz]er|optim|scheduler|step_?size"
    r"|stepsize|eta|rho|mu|theta|delta|n_?samples?|num_?samples?"
    r"|n_?estimators|reg\w*|penalty|clip\w*|grad_?clip|horizon|latent\w*|z_?dim|embed\w*|warm_?up\w*|patience"
    r"|budget|noise|n_?particles|burn\w*|seed_?size|c|trials|model|arch"
    r"|dataset|units|neurons|filters|channels|bandwidth|lengthscale|length_?scale|replay\w*|target_update"
    r"|frames?|n_?trees|num_?blocks)($|[_\-. ])",
    re.I,
)
_CONFIG_SUFFIX = (
    ".yaml",
    ".yml",
    ".json",
    ".gin",
    ".cfg",
    ".ini",
    ".toml",
    ".conf",
    ".prototxt",
    ".jsonnet",
    ".config",
    ".hparams",
)
_NUMERIC = re.compile(
    r"^-?(\d[\d_]{0,40}(\.\d{0,40})?(e-?\d{1,3})?|\.\d{1,40}|10\s?\*\*\s?-?\d{1,2}|\d{1,20}\s?\*\s?\d{1,20})$|^[\[(]\s*-?\d|^(np"
    r"|numpy)\.(linspace|logspace|arange)\(|^range\(",
    re.I,
)
_CONFIG_KEY = re.compile(
    r"[\"']?([A-Za-z_][\w\-.]{0,60})[\"']?\s{0,4}[:=]\s{0,4}[\"']?(-?\d[\d.e_-]{0,30}|[A-Za-z]\w{0,30})", re.I
)
_RESULT_FILE = re.compile(
    r"(^|/)(results?|outputs?|logs?|\w*_results|results_\w*)/|(results?|metrics|scores|history|summary|log)\.json$",
    re.I,
)
MINIMUM = 2
DRIVEN = 3
"""Options that set hyperparameters, from which on they, and no longer the code, hold an experiment's values."""


def from_configs(repository: Repository) -> Iterator[FileEvidence]:
    """Yield config files that set at least two hyperparameters to numbers."""
    for file in repository.own_files:
        name = file.path.rpartition("/")[2].lower()
        folder = file.path.lower().rpartition("/")[0]
        suffixed = name.endswith(_CONFIG_SUFFIX) or (
            name.endswith(".txt") and bool(re.search(r"config|args", folder + name))
        )
        if (
            file.size > 200_000
            or file.kind in ("dependencies", "container")
            or not (suffixed and file.kind in ("config", "data", "other"))
        ):
            continue
        if _RESULT_FILE.search(file.path):
            continue
        if (
            name.startswith((".", "package", "tsconfig", "mkdocs", "codecov", "docker"))
            or "/.github/" in f"/{file.path}"
        ):
            continue
        try:
            text = repository.text(file.path)[:50_000]
        except Unreadable:
            continue
        hits = [m for m in _CONFIG_KEY.finditer(text) if NAME.search(m[1]) and m[2][:1] in "-0123456789"]
        if len({m[1] for m in hits}) >= MINIMUM:
            line = text.count("\n", 0, hits[0].start()) + 1
            yield FileEvidence(path=file.path, line=line, excerpt=", ".join(m[0].strip() for m in hits[:4]))


def from_commands(repository: Repository) -> Iterator[FileEvidence]:
    """Yield documented commands, and those of shell scripts, that set hyperparameters of an existing program."""
    for command in repository.commands:
        if command.exists and command.purpose not in ("install", "data"):
            read = read_command(command.shell)
            if read and _sets(read):
                yield command.evidence
    names = {path.rpartition("/")[2] for path in repository.by_path}
    for name, read, evidence in _in_scripts(repository):
        if name in names and _sets(read):
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


def tuned_options(source: Source) -> tuple[Option, ...]:
    """Return the options of a source that set hyperparameters, with numbers for defaults."""
    return tuple(
        option
        for option in source.options
        if option.default is not None
        and _NUMERIC.match(option.default.strip("\"'"))
        and any(NAME.search(name.lstrip("-")) for name in option.names)
    )


def from_defaults(repository: Repository, imported: Mapping[str, Sequence[Source]]) -> Iterator[FileEvidence]:
    """Yield the commands that choose an experiment of a program whose options give the other values.

    `imported` are the sources that a program is made of, by its path. A command without any argument says only how the
    program is started.
    """
    for command in repository.commands:
        path = command.resolved or ""
        if not command.works or command.purpose in ("install", "data", "evaluate") or path not in imported:
            continue
        read = read_command(command.shell)
        if read and _chooses(read) and _given_by_options(imported[path]):
            yield command.evidence
    named = {path.rpartition("/")[2]: path for path in imported}
    for name, read, evidence in _in_scripts(repository):
        path = named.get(name, "")
        if path and _chooses(read) and _given_by_options(imported[path]):
            yield evidence


def _given_by_options(sources: Sequence[Source]) -> bool:
    return sum(len(tuned_options(source)) for source in sources) >= MINIMUM


def _chooses(command: ShellCommand) -> bool:
    """Return whether a command is given a value or a switch that is part of the experiment, and no placeholder."""
    return any(
        (not value or _CHOICE.match(value) or not re.search(r"[<>\[\]{}$]|/", value))
        and not _HOUSE.search(name)
        and not (value and _stands_for(name, value))
        for name, value in passed(command.words)
    )


_CHOICE = re.compile(r"^[\[({]?\w[\w.-]{0,40}\|[\w.|-]{1,200}[\])}]?$|^[\[({]\w[\w.-]{0,40}/[\w./-]{1,200}[\])}]?$")
"""Alternatives, of which the reader takes one: `[a|b|c]`."""
_HOUSE = re.compile(r"gpu|device|cuda|port|host|dir|path|log|verbose|output|save|worker|thread|resume|help|^-h$", re.I)
"""Options that say where and how a program runs, and nothing on the experiment."""


def _sets(command: ShellCommand) -> bool:
    """Return whether the words after a program set hyperparameters: a named one, or several bare numbers."""
    given = list(passed(command.words))
    named = [
        name
        for name, value in given
        if name and value and NAME.search(name.lstrip("-")) and re.search(r"[\d]|^[A-Za-z]", value)
    ]
    bare = [v for name, v in given if not name and v and re.fullmatch(r"-?[\d.e-]{1,12}", v) and not _JOB.fullmatch(v)]
    placeholder = any(value and (re.search(r"[<>]", value) or _stands_for(name, value)) for name, value in given)
    numeric = any(value and re.fullmatch(r"[\[\"']?-?\d[\d.e,_ -]{0,40}[\]\"']?", value) for _, value in given)
    seeds = "seed" in (command.target or "").lower()  # a script for many seeds is given seeds
    return (len(named) >= MINIMUM or (len(bare) >= MINIMUM and not seeds)) and numeric and not placeholder


_JOB = re.compile(r"\d{6,}")
"""A number that long is a job's or process's, no hyperparameter given without a name."""


_COUNTED = re.compile(r"epoch|iter|steps?$|batch|eps|delta|(^|[-_])lr$|rate$|num|size", re.I)
"""What is given in numbers: letters in their place are to be filled in."""


def _stands_for(name: str, value: str) -> bool:
    """Return whether a word in capitals stands for a value to be filled in, as in `--data DATA_DIR` or `--lr LR`."""
    if re.fullmatch(r"[a-z]{1,3}", value) and _COUNTED.search(name):
        return True
    if not re.fullmatch(r"[A-Z_]{2,}", value):
        return False
    plain = name.lstrip("-").upper().replace("-", "_")
    kinds = (
        r"(^|_)(PATH|DIR|FILE|NAME|NUM|NUMBER|ID|GPU|YOUR|VALUE|FOLDER|MODEL|DATASET|DATA|SEED|CONFIG|ROOT|HERE)(_|$)"
    )
    return bool(re.search(kinds, value)) or (bool(plain) and (value in plain or plain in value))


def is_driven_by_options(sources: Sequence[Source]) -> bool:
    """Return whether options hold the values of the program that these sources make up."""
    return sum(len(tuned_options(source)) for source in sources) >= DRIVEN


def fixed_values(source: Source) -> Iterator[FileEvidence]:
    """Yield where a program sets a number in its code, by assignment or by the name of a hyperparameter in a call.

    What declares an option fixes nothing, nor does a zero or one, or the look of a figure.
    """
    options = {option.line + n for option in source.options for n in range(4)}
    for item in source.assignments:
        if item.line not in options and _NUMERIC.search(item.value) and item.value not in _NO_VALUE:
            yield source.evidence(item.line, f"{item.target} = {item.value}"[:200])
    for call in source.calls:
        for key, value in () if call.line in options or _DRAWS.search(call.name) else call.keywords:
            if NAME.search(key) and _NUMERIC.search(value) and value not in _NO_VALUE:
                yield source.evidence(call.line, f"{key}={value} in {call.statement}"[:200])


_NO_VALUE = ("0", "1", "0.0")
_DRAWS = re.compile(
    r"^(matplotlib|seaborn|plotly|bokeh)\.|(^|\.)(plt|ax\w{0,6}|fig)(\[\w{0,20}\])?\.|(^|\.)(im|mat)?(plot|draw|show)(_\w{1,40})?$"
)


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
