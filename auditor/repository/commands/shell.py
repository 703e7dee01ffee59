"""One shell command line taken apart: what it runs, in which folder, with which options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

COMMAND_LIMIT = 2_000

_PROMPT = re.compile(
    r"^\s{0,40}(?:\(\w[\w.-]{0,40}\)\s{0,4})?(?:\[[^\]\n]{0,60}\]\s{0,2})?(?:[\w.-]{1,40}@[\w.-]{1,60}[:~\w/ "
    r".-]{0,80})?(?:[$%❯➜]|>>>|>|[\w~][\w.~/-]{0,40}\$)\s{1,4}(?=\S)"
)
_LABEL = re.compile(
    r"^(?:[-*]\s{1,4}(?:\w[\w ]{0,30}:\s{1,4})?|\w[\w ]{0,30}:\s{1,4})"
    r"(?=(?:\w{1,30}=\S{1,60}\s){0,4}python[\d.]{0,4}\s)"
)
_ASSIGNED = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{0,60}=\S{0,300}$")
_PYTHON = re.compile(r"^(?:\S{0,200}/)?(?:i?python|pypy)[\d.]{0,5}(?:\.exe)?$")
_SHELLS = frozenset({"bash", "sh", "zsh", "source", ".", "ksh"})
_PREFIXES = frozenset({"sudo", "nohup", "time", "env", "exec", "command", "unbuffer", "optirun", "setsid"})
_LAUNCHERS = frozenset(
    {
        "mpirun",
        "mpiexec",
        "srun",
        "taskset",
        "numactl",
        "horovodrun",
        "torchrun",
        "accelerate",
        "deepspeed",
        "kernprof",
        "coverage",
        "nice",
        "ionice",
        "poetry",
        "uv",
        "pipenv",
        "conda",
        "rye",
        "pdm",
        "sbatch",
        "qsub",
        "bsub",
        "cog",
        "ray",
        "xvfb-run",
        "stdbuf",
        "timeout",
        "jsrun",
        "aprun",
        "docker",
        "nvidia-docker",
        "docker-compose",
        "podman",
        "singularity",
        "apptainer",
        "screen",
        "tmux",
        "firejail",
        "env",
    }
)
_LAUNCHER_MODULES = (
    "torch.distributed.launch",
    "torch.distributed.run",
    "apex.parallel.multiproc",
    "pdb",
    "cProfile",
    "accelerate.commands.launch",
    "kernprof",
    "scoop",
    "memory_profiler",
    "trace",
)
_INTERPRETERS = {
    "rscript": "R",
    "julia": "julia",
    "th": "lua",
    "luajit": "lua",
    "lua": "lua",
    "node": "js",
    "perl": "perl",
    "stack": "hs",
}
_INSTALL = re.compile(
    r"^(pip[\d.]{0,4}|conda|mamba|micromamba|apt|apt-get|brew|yum|dnf|easy_install|virtualenv|pyenv|npm|cargo"
    r"|luarocks|pipenv|poetry|uv"
    r"|git|wget|curl|tar|unzip|gunzip|mkdir|ln|cp|mv|rm|export|set|module|chmod|cmake|docker|nvidia-docker"
    r"|singularity|pushd|popd|cat|ls"
    r"|gdown|aria2c|axel|rsync|scp|aws|gsutil|kaggle|activate|deactivate|echo|touch|which|source|jupyter"
    r"|tensorboard|nvidia-smi|huggingface-cli|vim|nano|screen|tmux|ssh|du|head|tail|grep|sed|md5sum"
    r"|add-apt-repository|dpkg|setx|alias|ulimit|sudo|workon|mkvirtualenv)$"
)
_RUNNERS = {
    "make": "make",
    "snakemake": "snakemake",
    "dvc": "dvc",
    "mlflow": "mlflow",
    "guild": "guild",
    "just": "just",
    "bazel": "bazel",
    "blaze": "bazel",
    "papermill": "papermill",
    "streamlit": "streamlit",
    "allennlp": "allennlp",
    "fairseq-train": "fairseq",
}


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A simple command: the program (`python`, `bash`, `make` …), its target as named, and the words after it."""

    text: str
    program: str
    target: str | None
    words: tuple[str, ...] = ()
    module: bool = False
    """The target is a module named after `-m`."""
    installs: bool = False


def strip_prompt(line: str) -> str:
    """Return a documented line without its shell prompt, and without the bullet or label of a Python command."""
    stripped = _LABEL.sub("", line.strip(), count=1)
    if stripped.startswith(("$", "%")) and not re.match(r"^\$\s?[({\w]", stripped):
        return stripped[1:].strip()
    if re.match(r"^\$ ?\S", stripped) and not re.match(r"^\$[A-Za-z_]+\s*=", stripped):
        return stripped[1:].strip() if re.match(r"^\$\s", stripped) or not re.match(r"^\$\w+", stripped) else stripped
    return _PROMPT.sub("", stripped, count=1) if not stripped.startswith(">>>") else ""


def logical_lines(text: str, documented: bool = False) -> Iterator[tuple[int, str]]:
    """Yield (offset of its first line, line) with continuation lines joined; comments and empty lines are left out.

    In a `documented` text, a line that begins with a long option continues the one before it, backslash or not.
    """
    pending, start, goes_on = "", 0, False
    for offset, raw in enumerate(text.split("\n")):
        line = raw.rstrip()
        if not goes_on and not (documented and pending and _LONG_OPTION.match(line)):
            if pending.strip() and not pending.strip().startswith("#"):
                yield start, pending
            pending, start = "", offset
        goes_on = line.endswith("\\") and len(pending) < COMMAND_LIMIT
        joint = " " if pending and not pending.endswith(" ") else ""
        pending = (pending + joint + (line[:-1] + " " if goes_on else line))[:COMMAND_LIMIT]
    if pending.strip() and not pending.strip().startswith("#"):
        yield start, pending


_LONG_OPTION = re.compile(r"^\s{0,40}--[A-Za-z]")


def simple_commands(line: str) -> Iterator[str]:
    """Yield the simple commands of a line that is chained with `&&`, `;`, `||` or a pipe."""
    line = _CHOICE.sub(lambda match: match[0].replace("|", "/"), line)
    current, quote = "", ""
    position = 0
    while position < len(line):
        character = line[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif (
            line.startswith(("&&", "||"), position)
            or character in ";|"
            or (character == "&" and line[position:].strip() == "&")
        ):
            if current.strip():
                yield current.strip()
            current = ""
            position += 2 if line.startswith(("&&", "||"), position) else 1
            continue
        current += character
        position += 1
    if current.strip():
        yield current.strip()


def read_command(text: str) -> ShellCommand | None:
    """Return the parts of a simple command, or None where it is none that this reader knows."""
    words = _split(text)
    while words and (words[0] in _PREFIXES or _ASSIGNED.match(words[0])):
        words = words[1:]
    if not words:
        return None
    program = words[0]
    low = program.lower()
    if low in ("bazel", "blaze"):
        return _bazel(text, words)
    if low in ("matlab", "octave"):
        return _matlab(text, words)
    if low in _LAUNCHERS:
        found = _launched(text, words)
        if found or not _INSTALL.match(low):
            return found
    if _PYTHON.match(low):
        return _python(text, words[1:])
    if low in _SHELLS and len(words) > 1:
        if words[1] == "activate" or words[1].endswith("/activate"):
            return ShellCommand(text, low, None, installs=True)
        rest = [word for word in words[1:] if not word.startswith("-")]
        return ShellCommand(text, "bash", rest[0] if rest else None, tuple(words[2:])) if rest else None
    if low in _INTERPRETERS:
        rest = [word for word in words[1:] if re.search(r"\.(R|r|jl|lua|js|pl|m|hs)$", word)]
        return ShellCommand(text, low, rest[0], tuple(words[2:])) if rest else None
    if low == "jupyter" or low in ("papermill", "ipython"):
        named = next((word for word in words[1:] if word.endswith(".ipynb")), None)
        runs = low == "papermill" or "--execute" in words or "run" in words[1:2]
        return ShellCommand(text, low, named, tuple(words[1:]), installs=not (named and runs))
    if re.match(r"^\.{1,2}/[\w./-]+$", program) or re.match(r"^[\w./-]+\.(sh|py|bash)$", program):
        return ShellCommand(text, "./", program.removeprefix("./"), tuple(words[1:]))
    if low in _RUNNERS:
        rest = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        return ShellCommand(text, low, rest[0] if rest else None, tuple(words[1:]))
    if _INSTALL.match(low):
        return ShellCommand(text, low, None, tuple(words[1:]), installs=True)
    return ShellCommand(text, program, None, tuple(words[1:]))


_CHOICE = re.compile(r"[\[<{(][^\[\]<>{}()\n]{1,80}[\]>})]")
_ANGLED = re.compile(r"<(?![\s<=])([^<>\n]{0,80}[^<>\s])>")
_BRACKETED = re.compile(r"\[(?![\s-])([^\[\]\n]{0,80})\]")


def _one_word(match: re.Match[str]) -> str:
    """Return a placeholder or list of several words, as a reader sees it: as one word."""
    return re.sub(r"[\s'\"]{1,10}", "_", match[0])


def _bazel(text: str, words: list[str]) -> ShellCommand:
    """Return what `bazel run //folder:target -- options` runs; other uses of it build."""
    label = next((word for word in words[2:] if re.match(r"^(//|:)[\w/:.-]{0,200}$", word)), None)
    if "run" not in words[1:2] or label is None:
        return ShellCommand(text, "bazel", None, tuple(words[1:]), installs=True)
    return ShellCommand(text, "bazel", label, tuple(words[words.index(label) + 1 :]))


def _matlab(text: str, words: list[str]) -> ShellCommand | None:
    """Return the script that `matlab -r "script"`, `matlab -batch script` or `octave script.m` runs."""
    script = next((word for word in words[1:] if re.match(r"^[\w./-]{1,200}\.m$", word)), None)
    if script:
        return ShellCommand(text, "matlab", script)
    for word in reversed(words[1:]):
        match = re.match(r"^(?:run\(?'?)?([A-Za-z]\w{0,80})(\.m)?\b", word)
        if match and (word.endswith(".m") or "-r" in words or "-batch" in words):
            return ShellCommand(text, "matlab", f"{match[1]}.m")
    return None


def _split(text: str) -> list[str]:
    cleaned = text.replace("“", '"').replace("”", '"').replace("’", "'")
    cleaned = _BRACKETED.sub(_one_word, _ANGLED.sub(_one_word, cleaned))
    try:
        return shlex.split(cleaned, comments=True)
    except ValueError:
        return cleaned.split()


def _python(text: str, words: list[str]) -> ShellCommand | None:
    position = 0
    while position < len(words):
        word = words[position]
        if re.match(r"^-[uOBEsSi]{0,4}m$", word) and position + 1 < len(words):
            module, rest = words[position + 1], words[position + 2 :]
            if module in _LAUNCHER_MODULES:
                return _python(text, _after_launcher(rest))
            if module in (
                "pip",
                "venv",
                "virtualenv",
                "ensurepip",
                "ipykernel",
                "spacy",
                "nltk.downloader",
                "http.server",
            ):
                return ShellCommand(text, "python", None, tuple(rest), installs=True)
            if module in ("pytest", "unittest", "nose"):
                return ShellCommand(text, module, None, tuple(rest), installs=True)
            return ShellCommand(text, "python", module, tuple(rest), module=True)
        if word in ("-c", "--version", "-V"):
            return None
        if word.startswith("-"):
            if not re.match(r"^-([uOBEsSivdqtbI3R]{1,4}|OO|[WX].*)$", word):
                return None  # no option of the interpreter: the file's name was left out
            position += 2 if word in ("-W", "-X") else 1
            continue
        if re.match(r"^\d+(\.\d+)*\b", word):
            return None  # a version: prose that names the interpreter
        installs = word.rpartition("/")[2] == "setup.py"
        return ShellCommand(text, "python", word, tuple(words[position + 1 :]), installs=installs)
    return None


def _after_launcher(words: list[str]) -> list[str]:
    """Return the words from the launched script on."""
    for position, word in enumerate(words):
        if word.endswith(".py") or word == "-m":
            return words[position:]
    return words


def _launched(text: str, words: list[str]) -> ShellCommand | None:
    """Return the command inside `mpirun -n 4 python x.py`, `torchrun x.py`, `accelerate launch x.py`, `uv run …`."""
    for position, word in enumerate(words[1:], 1):
        if _PYTHON.match(word.lower()):
            return _python(text, words[position + 1 :])
        if word.endswith(".py"):
            return ShellCommand(text, "python", word, tuple(words[position + 1 :]))
        if word == "-m" and position + 1 < len(words) and words[0] in ("torchrun", "accelerate", "deepspeed"):
            return ShellCommand(text, "python", words[position + 1], tuple(words[position + 2 :]), module=True)
        if word.endswith((".sh", ".slurm", ".sbatch")):
            return ShellCommand(text, "bash", word, tuple(words[position + 1 :]))
        if word in ("install", "create", "add", "activate", "env", "config", "sync", "lock", "shell", "update"):
            return None
    return None


def passed(words: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Yield (option or empty, value) of the words after a program: a positional has an empty option.

    Placeholders in brackets are read as what they stand for; redirections end the command.
    """
    pending: str | None = None
    for raw in words:
        word = raw.strip()
        if re.match(r"^\d?>{1,2}|^<$|^&$|^&>|^2>&1$", word):
            break
        if word.startswith("[") and not word.endswith("]") and len(word) > 1:
            word = word[1:]
        word = (
            word.strip("[]")
            if word.startswith("[-") or (word.endswith("]") and word.startswith("--"))
            else word.rstrip("]")
        )
        if re.match(r"^--?[A-Za-z][\w.-]{0,80}(=.*)?$", word):
            if pending is not None:
                yield pending, None
            name, mark, value = word.partition("=")
            if mark:
                yield name, value
                pending = None
            else:
                pending = name
        elif word in ("...", "…", "\\", "|", ""):
            continue
        elif pending is not None:
            yield pending, word
            pending = None
        else:
            yield "", word
    if pending is not None:
        yield pending, None
