"""Commands that install distributions: in scripts, documents, notebooks and in calls of the code itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.errors import Unreadable
from auditor.repository.commands.shell import logical_lines
from auditor.repository.declared.requirement_text import installed_by, parse_requirement
from auditor.repository.model import Document, Repository, Requirement, Source

SCRIPT_LIMIT = 200_000
CELL_LINES = 1_000
CLONES_LIMIT = 100_000
_COMMAND = re.compile(
    r"\b(pip[\d.]{0,4}|conda|mamba|easy_install|uv|poetry|pipenv)(?:\s{1,9}--?[\w-]{1,40}(?:=\S{1,100})?){0,4}"
    r"\s{1,9}(env\s{1,9})?(install|create|add)\b"
)
_CLONE = re.compile(r"\bgit\s{1,5}clone\s(?:[^&;|\n]{0,200}\s)?(?P<url>(?:https?://|git@)[\w./:~-]{5,200})")
_COMMIT = re.compile(
    r"\bgit\s{1,5}(?:checkout|reset\s{1,5}--hard)\s{1,5}(?P<commit>[0-9a-f]{7,40}|v?\d{1,4}(?:\.\d{1,4}){1,3})\b"
)
_FROM_FOLDER = re.compile(
    r"\bpip[\d.]{0,4}\s{1,5}install\s{1,5}(?:-e|--editable|-U|\.)|\bsetup\.py\s{1,5}(?:install|develop)\b"
)
_CELL = re.compile(
    r"^\s{0,40}[!%]\s{0,4}(?:\{?sys\.executable\}? -m )?(pip|conda|mamba|uv|apt)\b|^\s{0,40}pip install\b"
)
_SHELL = re.compile(r"(^|\.)(system|popen|run|call|check_call|check_output|Popen|getoutput)$")


def from_scripts(repository: Repository) -> Iterator[Requirement]:
    """Yield what own shell scripts install by name: instructions as those of a document, no declaring files."""
    for file in repository.own_files:
        if file.kind != "shell" or file.size > SCRIPT_LIMIT:
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        yield from _said(list(from_clones(text, file.path, 1)))
        for offset, line in logical_lines(text):
            if _COMMAND.search(line) and not line.lstrip().startswith("echo"):
                yield from _said(installed_by(line, file.path, offset + 1))


def from_document(document: Document) -> Iterator[Requirement]:
    """Yield what the install commands of a document name, in its blocks and within its sentences."""
    for block in document.blocks:
        for offset, line in logical_lines(block.text):
            if _COMMAND.search(line):
                yield from _said(installed_by(line.strip().lstrip("$%!> "), block.path, block.line + offset))
        yield from _said(list(from_clones(block.text, block.path, block.line)))
    for number, text in document.prose:
        match = _COMMAND.search(text)
        if match and "`" not in text[: match.start()]:
            command = text[match.start() : match.start() + 120].split(". ")[0]
            yield from _said(installed_by(command, document.path, number)[:1])


def from_clones(text: str, path: str, line: int) -> Iterator[Requirement]:
    """Yield the distributions that a text installs from a clone at one commit: clone, checkout, install in its folder.

    A clone without a commit may be of the repository itself and is left out.
    """
    clones = list(_CLONE.finditer(text[:CLONES_LIMIT]))
    ends = [clone.start() for clone in clones[1:]] + [len(text)]
    for clone, end in zip(clones, ends[: len(clones)], strict=True):
        steps = text[clone.end() : min(end, clone.end() + 1_000)]
        commit = _COMMIT.search(steps)
        if commit and _FROM_FOLDER.search(steps, commit.end()):
            stands = line + text.count("\n", 0, clone.start())
            item = parse_requirement(f"git+{clone['url']}@{commit['commit']}", path, stands)
            if item:
                yield replace(item, exact=True, text=f"{clone[0]} … {commit[0]}"[:200])


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
