"""Whether a rerun executed the submission's code at all: a command that only says something runs nothing."""

from __future__ import annotations

import re
import shlex

from auditor.repository.commands.shell import ShellCommand, logical_lines, read_command, simple_commands
from auditor.repository.declared.requirement_text import joined
from auditor.repository.model import Repository
from auditor.rerun.model import Rerun, Run

# Programs that say, show, move or set something: what they print was written before, not computed.
_INERT = frozenset({
    "echo", "printf", "true", "false", ":", "test", "[", "[[", "sleep", "exit", "cat", "head", "tail", "less", "more",
    "grep", "sed", "awk", "cut", "sort", "uniq", "wc", "tee", "tr", "seq", "ls", "pwd", "date", "find", "which", "cd",
    "mkdir", "touch", "cp", "mv", "rm", "ln", "chmod", "export", "set", "unset", "source", ".", "pip", "pip3", "conda",
    "git", "wget", "curl", "tar", "unzip", "nvidia-smi", "if", "then", "else", "fi", "for", "do", "done", "while",
})  # fmt: skip
_PYTHON_CODE = re.compile(r"(?:^|/)python[\d.]{0,5}$")
_IMPORTED = re.compile(r"\b(?:import|from)\s+([A-Za-z_]\w*)")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
_TESTERS = ("pytest", "unittest", "nose")


def last_round(rerun: Rerun) -> list[Run]:
    """Return the runs of the last round of repairs: ids are `run-<round>-<command>`."""
    if not rerun.runs:
        return []
    last = rerun.runs[-1].id.rpartition("-")[0]
    return [run for run in rerun.runs if run.id.rpartition("-")[0] == last]


def runs_the_code(rerun: Rerun, repository: Repository | None) -> bool:
    """Return whether a command of the last round executed a program of the repository, or computed a number.

    A program without a call or an import, and a script that only prints, are none; what the run's own record says does
    not count, because a command can write it.
    """
    measured = {observation.run for observation in rerun.observations}
    return any(
        _executes(run, repository) or (run.id in measured and _computes(run.command)) for run in last_round(rerun)
    )


def _executes(run: Run, repository: Repository | None) -> bool:
    if repository is None:
        return False
    folder = "" if run.folder == "." else run.folder
    for text in simple_commands(run.command):
        words = _words(text)
        if words[:1] == ["cd"] and len(words) > 1:
            folder = joined(f"{folder}/x" if folder else "x", words[1].rstrip("/")) or ""
            continue
        code = _inline_code(words)
        if code is not None and any(_own_module(name, repository) for name in _IMPORTED.findall(code[:20_000])):
            return True
        command = read_command(text)
        if command is not None and code is None and _runs_own(command, folder, repository):
            return True
    return False


def _runs_own(command: ShellCommand, folder: str, repository: Repository) -> bool:
    if command.program in _TESTERS:
        return any(source.calls and not source.vendored for source in repository.sources)
    if command.installs or not command.target:
        return False
    named = command.target
    if command.module and named == "auditor_notebook":
        named = command.words[0] if command.words else ""
    elif command.module:
        path = named.replace(".", "/")
        return any(
            _acts(file.path, repository)
            for file in repository.own_files
            for end in (f"/{path}.py", f"/{path}/__main__.py")
            if f"/{file.path}".endswith(end)
        )
    path = joined(f"{folder}/x" if folder else "x", named) or ""
    return path in repository.by_path and not repository.by_path[path].vendored and _acts(path, repository)


def _acts(path: str, repository: Repository) -> bool:
    """Whether a program does more than say something."""
    source = next((source for source in repository.sources if source.path == path), None)
    if source is not None:
        return bool(source.problem or source.imports or any(call.name != "print" for call in source.calls))
    kind = repository.by_path[path].kind
    if kind in ("shell", "other"):
        return any(_computes(line) for _, line in logical_lines(repository.text(path)))
    return kind == "source"


def _computes(shell: str) -> bool:
    """Whether a shell line calls a program that can compute something."""
    for text in simple_commands(shell):
        words = _words(text)
        if words and words[0].rpartition("/")[2] not in _INERT and _inline_code(words) is None:
            return True
    return False


def _words(text: str) -> list[str]:
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        words = text.split()
    while words and (_ASSIGNED.match(words[0]) or words[0] in ("time", "nohup", "exec", "env", "command")):
        words = words[1:]
    return words


def _inline_code(words: list[str]) -> str | None:
    """The code of `python -c CODE`; None for another command."""
    if not words or not _PYTHON_CODE.search(words[0]) or "-c" not in words[1:4]:
        return None
    position = words.index("-c") + 1
    return words[position] if position < len(words) else ""


def _own_module(name: str, repository: Repository) -> bool:
    return any(
        f"/{file.path}".endswith((f"/{name}.py", f"/{name}/__init__.py")) and _acts(file.path, repository)
        for file in repository.own_files
    )
