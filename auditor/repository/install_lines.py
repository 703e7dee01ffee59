"""Commands that install distributions: in scripts, documents, notebooks and in calls of the code itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.errors import Unreadable
from auditor.repository.manifests import Declared
from auditor.repository.model import Document, Repository, Requirement, Source
from auditor.repository.requirement_text import installed_by

SCRIPT_LIMIT = 200_000
CELL_LINES = 1_000
_COMMAND = re.compile(r"\b(pip[\d.]{0,4}|conda|mamba|easy_install|uv|poetry|pipenv)\s+(env\s+)?(install|create|add)\b")
_CELL = re.compile(
    r"^\s{0,40}[!%]\s{0,4}(?:\{?sys\.executable\}? -m )?(pip|conda|mamba|uv|apt)\b|^\s{0,40}pip install\b"
)
_SHELL = re.compile(r"(^|\.)(system|popen|run|call|check_call|check_output|Popen|getoutput)$")


def from_scripts(repository: Repository) -> dict[str, Declared]:
    """Return what each own shell script installs by name, by path; scripts that install nothing are left out."""
    declared: dict[str, Declared] = {}
    for file in repository.own_files:
        if file.kind != "shell" or file.size > SCRIPT_LIMIT:
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        found = Declared()
        for number, line in enumerate(text.split("\n"), 1):
            if _COMMAND.search(line) and not line.lstrip().startswith(("#", "echo")):
                for item in installed_by(line, file.path, number):
                    if item.name != "python":
                        found.add(item)
        if found.requirements:
            declared[file.path] = found
    return declared


def from_document(document: Document) -> Iterator[Requirement]:
    """Yield what the install commands of a document name, in its blocks and within its sentences."""
    for block in document.blocks:
        for offset, line in enumerate(block.text.split("\n")):
            if _COMMAND.search(line):
                yield from _said(installed_by(line.strip().lstrip("$%!> "), block.path, block.line + offset))
    for number, text in document.prose:
        match = _COMMAND.search(text)
        if match and "`" not in text[: match.start()]:
            command = text[match.start() : match.start() + 120].split(". ")[0]
            yield from _said(installed_by(command, document.path, number)[:1])


def from_notebooks(repository: Repository) -> Iterator[Requirement]:
    """Yield what notebooks install: `!pip` and `%pip` lines of code cells, commands in their text."""
    for notebook in repository.notebooks:
        for cell in notebook.cells:
            for number, line in enumerate(cell.text.split("\n")[:CELL_LINES], 1):
                told = _CELL.match(line[:2_000]) if cell.kind == "code" else _COMMAND.search(line[:2_000])
                if told:
                    command = re.sub(r"\{?sys\.executable\}? -m ", "", line.strip().lstrip("!% "))
                    for item in _said(installed_by(command.replace("`", " "), notebook.path, number)):
                        yield replace(item, cell=cell.number)


def from_calls(sources: list[Source]) -> Iterator[Requirement]:
    """Yield what the code installs by itself, by `os.system("pip install …")` or `subprocess.run(["pip", …])`."""
    for source in sources:
        for call in source.calls:
            if not _SHELL.search(call.name) or not call.arguments:
                continue
            command = re.sub(r"[\[\]'\",]+", " ", call.arguments[0])
            if _COMMAND.search(command):
                evidence = source.evidence(call.line)
                for item in _said(installed_by(command, source.path, evidence.line or call.line)):
                    yield replace(item, cell=evidence.cell)


def _said(items: list[Requirement]) -> Iterator[Requirement]:
    yield from (replace(item, source="prose") for item in items if item.name != "python")
