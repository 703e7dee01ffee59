"""Commands that the authors declare in a file made for it: how their code is run, and which claim it answers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any

import yaml

from auditor import toml
from auditor.errors import BadInput, Unreadable
from auditor.findings import FileEvidence
from auditor.repository.model import Repository
from auditor.rerun.engines import confirm_inside
from auditor.rerun.model import Command

_MOST_BYTES = 1 << 20
_MOST_COMMANDS = 20
_SCRIPTS = ("reproduce.sh", "run.sh", "run_all.sh", "run_experiments.sh", "reproduce", "run", "scripts/reproduce.sh",
            "code/run", "code/run.sh")  # fmt: skip
_TARGETS = ("reproduce", "run", "experiments", "results", "train", "all")
_NEEDS_NETWORK = re.compile(r"\b(?:wget|curl|gdown|git\s+clone|pip3?\s+install|conda|apt(?:-get)?)\b")

Found = tuple[list[Command], list[str]]


def declared_commands(repository: Repository) -> Found:
    """Return the commands of the first file that declares any, and notes on files that declare none that can be used.

    Those that cannot be run carry `accepted` False and the reason. Nothing else of these files is obeyed.
    """
    notes: list[str] = []
    for reader in _READERS:
        try:
            commands, more = reader(repository)
        except Unreadable as error:
            commands, more = [], [str(error)]
        notes += more
        if any(command.accepted is not False for command in commands):
            return commands[:_MOST_COMMANDS], notes
        notes += [command.why for command in commands]
    return [], notes


def _auditor_toml(repository: Repository) -> Found:
    if "auditor.toml" not in repository.by_path:
        return [], []
    try:
        runs = toml.loads(_text(repository, "auditor.toml")).get("run", [])
    except (toml.TOMLDecodeError, RecursionError) as error:
        return [], [f"auditor.toml is not valid TOML: {str(error)[:100]}."]
    commands = []
    for run in runs if isinstance(runs, list) else []:
        if not isinstance(run, dict) or not isinstance(run.get("command"), str):
            return [], ["A [[run]] of auditor.toml has no command."]
        claims = run.get("claims", [])
        claims = tuple(str(claim) for claim in claims) if isinstance(claims, list) else ()
        commands.append(
            _command(run["command"], str(run.get("folder", ".")), "auditor.toml", "The authors declare it.", claims)
        )
    return commands, []


def _mlproject(repository: Repository) -> Found:
    data = _yaml(repository, "MLproject")
    points = data.get("entry_points") if isinstance(data, dict) else None
    if not isinstance(points, dict) or not points:
        return [], []
    name = "main" if "main" in points else next(iter(points))
    entry = points[name]
    shell = entry.get("command") if isinstance(entry, dict) else None
    if not isinstance(shell, str):
        return [], ["The MLproject file's entry point has no command."]
    parameters = entry.get("parameters")
    for key, value in (parameters if isinstance(parameters, dict) else {}).items():
        value = value.get("default") if isinstance(value, dict) else value
        if value is not None:
            shell = shell.replace("{" + str(key) + "}", shlex.quote(str(value)))
    missing = re.search(r"\{(\w+)\}", shell)
    if missing:
        return [], [f"The MLproject file gives no default for the parameter {missing[1]}."]
    return [_command(shell, ".", "MLproject", f"It is the entry point “{name}” of the MLproject file.")], []


def _dvc(repository: Repository) -> Found:
    data = _yaml(repository, "dvc.yaml")
    stages = data.get("stages") if isinstance(data, dict) else None
    commands = []
    for name, stage in (stages if isinstance(stages, dict) else {}).items():
        lines = stage.get("cmd") if isinstance(stage, dict) else None
        lines = lines if isinstance(lines, list) else [lines]
        if not all(isinstance(line, str) for line in lines) or "${" in str(lines):
            return [], ["dvc.yaml holds stages with templates, which are not read."]
        folder = str(stage.get("wdir", "."))
        commands.append(_command(" && ".join(lines), folder, "dvc.yaml", f"It is the stage “{name}” of dvc.yaml."))
    return commands, []


def _noted(repository: Repository) -> Found:
    notes = []
    for path in ("Snakefile", "workflow/Snakefile", "main.nf", "codecheck.yml", "CITATION.codecheck"):
        if path in repository.by_path:
            what = "lists results, not commands" if path == "codecheck.yml" else "is a workflow that is not run yet"
            notes.append(f"{path} is there; it {what}.")
    return [], notes


def _scripts(repository: Repository) -> Found:
    for path in _SCRIPTS:
        if path in repository.by_path:
            text = _text(repository, path)
            folder, _, name = path.rpartition("/")
            first = text.split("\n", 1)[0]
            shell = "python" if "python" in first else ("bash" if "bash" in first or path.endswith(".sh") else "sh")
            command = _command(f"{shell} {name}", folder or ".", path, "A script of this name is made to run it all.")
            return [_without_network(command, text)], []
    return [], []


def _makefile(repository: Repository) -> Found:
    path = next((name for name in ("Makefile", "makefile", "GNUmakefile") if name in repository.by_path), None)
    if path is None:
        return [], []
    text = _text(repository, path).replace("\\\n", " ")
    values = dict(re.findall(r"^([A-Za-z_]\w*)[ \t]*[:?]?=[ \t]*([^\n]*)$", text, re.M))
    for target in _TARGETS:
        found = re.search(rf"^{target}[ \t]*:(?!=)([^\n=]*)\n((?:\t[^\n]*\n)*)", text + "\n", re.M)
        if not found or not found[2].strip():
            continue
        recipe = [line.strip().lstrip("@-").strip() for line in found[2].splitlines()]
        shell = " && ".join(line for line in recipe if line and not line.startswith("#"))
        for name, value in values.items():
            shell = shell.replace(f"$({name})", value.strip()).replace("${" + name + "}", value.strip())
        line = text[: found.start()].count("\n") + 1
        command = _command(shell, ".", path, f"It is the recipe of the Makefile's target “{target}”.", line=line)
        if "$(" in shell or "${" in shell or "$@" in shell or found[1].strip():
            why = f"The Makefile's target “{target}” depends on others or on values that only make knows."
            return [command.model_copy(update={"accepted": False, "why": why})], []
        return [_without_network(command, shell)], []
    return [], []


def _command(
    shell: str, folder: str, source: str, why: str, claims: tuple[str, ...] = (), line: int | None = None
) -> Command:
    evidence = (FileEvidence(path=source, line=line, excerpt=shell),)
    try:
        folder = confirm_inside(folder)
    except BadInput as error:
        return Command(shell=shell, source=source, why=str(error), evidence=evidence, accepted=False)
    if len(shell) > 500:
        return Command(shell=shell, source=source, why="The command is too long.", evidence=evidence, accepted=False)
    return Command(
        shell=" ".join(shell.split()), folder=folder, source=source, why=why, claims=claims, evidence=evidence
    )


def _without_network(command: Command, text: str) -> Command:
    found = _NEEDS_NETWORK.search(text)
    if not found:
        return command
    why = f"{command.source} calls {found[0]}, and the run has no network."
    return command.model_copy(update={"accepted": False, "why": why})


def _text(repository: Repository, path: str) -> str:
    if repository.by_path[path].size > _MOST_BYTES:
        raise Unreadable(f"{path} is larger than what is read of it.")
    return repository.text(path)


def _yaml(repository: Repository, path: str) -> Any:
    if path not in repository.by_path:
        return None
    text = _text(repository, path)
    if text.count("*") > 200 and "&" in text:
        raise Unreadable(f"{path} holds more YAML aliases than are read.")
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(f"{path} is not valid YAML: {str(error)[:100]}.") from error


_READERS: tuple[Callable[[Repository], Found], ...] = (
    _auditor_toml, _mlproject, _dvc, _noted, _scripts, _makefile,
)  # fmt: skip
