"""Where the values of an experiment's hyperparameters can be found: configs, commands with options, fixed values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.model import Option, Repository, Source
from auditor.repository.shell_command import ShellCommand, logical_lines, passed, read_command, simple_commands

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
_STRICT = re.compile(
    r"(^|[_\-.])(lr|learning_?rate|batch_?size|n?_?epochs?|num_?epochs?|n_?iters?|max_?iter\w*|num_?iter\w*"
    r"|iterations|n_?steps|num_?steps|hidden\w*|n_?layers?|num_?layers?"
    r"|dropout\w*|momentum|weight_?decay|gamma|lambda\w*|lam|alpha|beta|sigma|epsilon|eps|tau|n_?clusters|rank"
    r"|stepsize|step_?size|eta|n_?estimators|latent\w*|bandwidth|k|m|n|d|p|r|eta|rho"
    r"|n_?samples?|num_?samples?|trials|n_?trials|num_?trials|burn\w*|dim|budget|horizon|max_?depth|reg\w*"
    r"|noise\w*|temperature|optimizer)($|[_\-.\d])",
    re.I,
)
_LOOSE = re.compile(r"^(dim|k|m|n|d|p|r|alpha|eps|epsilon|n_?samples|noise\w*)$", re.I)
_GRID = re.compile(r"(^|_)(param\w*|grid|config|hparams|hyper\w*|settings?)(_|$|s$)", re.I)
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
    for file in repository.own_files:
        if file.kind != "shell" or file.size > 200_000:
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        for offset, whole in logical_lines(text):
            for simple in simple_commands(whole):
                read = read_command(simple)
                if read and read.target and read.target.rpartition("/")[2] in names and _sets(read):
                    yield FileEvidence(path=file.path, line=offset + 1, excerpt=simple[:300])


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
    """Yield the documented commands that choose an experiment of a program whose options give the other values.

    `imported` are the sources that a program is made of, by its path. A command without any argument says only how the
    program is started.
    """
    for command in repository.commands:
        path = command.resolved or ""
        if not command.works or command.purpose in ("install", "data", "evaluate") or path not in imported:
            continue
        read = read_command(command.shell)
        given = [(name, value) for name, value in passed(read.words) if value] if read else []
        chosen = [
            value
            for name, value in given
            if ("|" in value or not re.search(r"[<>\[\]{}$]|/", value))
            and not _HOUSE.search(name or "")
            and not _stands_for(name or "", value)
        ]
        options = [option for source in imported[path] for option in tuned_options(source)]
        if chosen and len(options) >= MINIMUM:
            yield command.evidence


_HOUSE = re.compile(r"gpu|device|cuda|port|host|dir|path|log|verbose|output|save|worker|thread|resume", re.I)
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


def from_sources(source: Source) -> Iterator[FileEvidence]:
    """Yield the fixed values in a program: hyperparameters assigned or passed as numbers, not mere option defaults."""
    options = {option.line for option in source.options}
    lines = {line + n for line in options for n in range(4)}
    found: dict[str, tuple[int, str]] = {}
    for item in source.assignments:
        target = item.target.rpartition(".")[2].strip("\"'[]")
        if (
            item.line not in lines
            and _GRID.search(target)
            and re.match(r"^[\[{(]|^dict\(|^itertools", item.value)
            and re.search(r"\d", item.value)
        ):
            found[target] = found[f"{target}:"] = (item.line, f"{item.target} = {item.value}"[:200])
        counted = re.search(r"epoch|step|iter|batch", target, re.I) or _LOOSE.match(target)
        counter = item.value in ("0", "1") and counted
        if item.line not in lines and not counter and _STRICT.search(target) and _NUMERIC.search(item.value):
            found.setdefault(target, (item.line, f"{item.target} = {item.value}"))
    for call in source.calls:
        if call.line in lines or call.name.endswith(("add_argument", "Option")) or "DEFINE" in call.name:
            continue
        for key, value in call.keywords:
            if _STRICT.search(key) and not _LOOSE.match(key) and _NUMERIC.search(value):
                found.setdefault(key, (call.line, f"{key}={value} in {call.statement}"))
    if len(found) >= MINIMUM:
        for line, text in list(found.values())[:3]:
            yield source.evidence(line, text)
