"""What a repository declares that it needs, over every kind of file and its README, beside what its sources import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository import manifests
from auditor.repository.distributions import distribution_of, same_distributions
from auditor.repository.manifests import Declared
from auditor.repository.model import Dependencies, Repository, Requirement, Source
from auditor.repository.modules import ModuleTree, missing_modules, third_party
from auditor.repository.prose_dependencies import prose_passages, prose_requirements, speaks_of_needs, stated_python
from auditor.repository.requirement_text import RequirementsFile, installed_by
from auditor.repository.setup_script import SetupFacts

_ENVIRONMENT = re.compile(r"(environment|conda|env)[^/]*\.ya?ml$", re.I)
_LOCKS = frozenset({"pipfile.lock", "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml"})
_SIDE_FOLDERS = frozenset({"docs", "doc", "tests", "test", ".github", ".circleci", "ci", "website"})
_COMMAND = re.compile(r"\b(pip[\d.]{0,4}|conda|mamba|easy_install|uv|poetry|pipenv)\s+(env\s+)?(install|create|add)\b")
IMPORT_EVIDENCE = 3


def read_dependencies(repository: Repository) -> Dependencies:
    """Return the declarations in files, then those in prose, and what the authors' own sources import.

    A file counts as declaring where at least one distribution is named in it. A file that could not be read, or that
    names an index or a file outside the repository, adds a sentence to `problems`.
    """
    problems: list[str] = []
    setups = _setups(repository, problems)
    declared: dict[str, Declared] = {}
    for path in _declaring_files(repository):
        try:
            found = _read(repository, path, setups, problems)
        except Unreadable as error:
            problems.append(str(error))
            continue
        if found is not None:
            declared[path] = found
    _scripts(repository, declared)
    requirements = [item for found in declared.values() for item in found.requirements]
    requirements += _prose(repository)
    own = [source for source in repository.sources if not source.vendored and not _is_setup(source.path)]
    tree = ModuleTree(repository)
    imported = _imported(tree, own)
    names = frozenset(item.name for item in requirements)
    covered = frozenset(same for name in names for same in same_distributions(name))
    python, evidence = _python(repository, declared)
    return Dependencies(
        requirements=tuple(requirements),
        files=tuple(path for path, found in declared.items() if found.requirements),
        lock_files=tuple(path for path, found in declared.items() if found.lock and found.requirements),
        python=python,
        python_evidence=evidence,
        imported=imported,
        undeclared=tuple(name for name in imported if name not in covered),
        missing_local=missing_modules(tree, own, covered),
        problems=tuple(problems),
    )


def _is_setup(path: str) -> bool:
    return path.rpartition("/")[2].lower() == "setup.py"


def _declaring_files(repository: Repository) -> list[str]:
    """Return the own declaring files, those at the top first; those of documentation and tests are left out."""
    found = []
    for file in repository.own_files:
        if file.kind not in ("dependencies", "container"):
            continue
        folders = file.path.lower().split("/")[:-1]
        if not any(folder in _SIDE_FOLDERS for folder in folders):
            found.append(file.path)
    return sorted(found, key=lambda path: (path.count("/"), path))


def _setups(repository: Repository, problems: list[str]) -> dict[str, SetupFacts]:
    found = {}
    for source in repository.sources:
        if source.setup is not None and not source.vendored:
            found[source.path] = source.setup
        elif _is_setup(source.path) and not source.vendored:
            problems.append(f"{source.path} could not be read: {source.problem}")
    return found


def _read(repository: Repository, path: str, setups: dict[str, SetupFacts], problems: list[str]) -> Declared | None:
    """Return what one file declares; None where its kind says nothing on Python distributions."""
    name = path.rpartition("/")[2].lower()
    if name == "setup.py":
        return manifests.from_setup(path, setups.get(path, SetupFacts()))
    text = repository.text(path)
    if name in _LOCKS:
        return manifests.from_lock(path, text)
    if name == "setup.cfg":
        return manifests.from_setup_cfg(path, text)
    if name == "pyproject.toml":
        return manifests.from_pyproject(path, text)
    if name == "pipfile":
        return manifests.from_pipfile(path, text)
    if _ENVIRONMENT.search(name):
        return manifests.from_conda(path, text)
    if name in ("runtime.txt", ".python-version"):
        match = re.search(r"(\d+\.\d+(\.\d+)?)", text[:200])
        return Declared(python=f"=={match[1]}" if match else None, python_line=1)
    if name.endswith((".txt", ".in", ".pip")) or name.startswith("requirement"):
        reader = RequirementsFile(repository.text)
        found = reader.parse(path)
        problems += reader.problems
        python = next((item for item in found if item.name == "python"), None)
        return Declared(
            requirements=[item for item in found if item.name != "python"],
            lock="--hash=" in text,
            python=(python.specifier or None) if python else None,
            python_line=python.line if python else None,
        )
    if "compose" not in name and repository.by_path[path].kind == "container":
        return manifests.from_container(path, text)
    return None


def _scripts(repository: Repository, declared: dict[str, Declared]) -> None:
    """Add shell scripts that install distributions by name."""
    for file in repository.own_files:
        if file.kind != "shell" or file.size > 200_000:
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        found = []
        for number, line in enumerate(text.split("\n"), 1):
            if _COMMAND.search(line) and not line.lstrip().startswith(("#", "echo")):
                found += [item for item in installed_by(line, file.path, number) if item.name != "python"]
        if found:
            declared[file.path] = Declared(requirements=found)


def _prose(repository: Repository) -> list[Requirement]:
    """Return what documents and notebooks say or show is to be installed."""
    found: list[Requirement] = []
    for document in repository.documents:
        if any(part in _SIDE_FOLDERS for part in document.path.lower().split("/")[:-1]):
            continue
        for block in document.blocks:
            for offset, line in enumerate(block.text.split("\n")):
                if _COMMAND.search(line):
                    items = installed_by(line.strip().lstrip("$%!> "), block.path, block.line + offset)
                    found += [replace(item, source="prose") for item in items if item.name != "python"]
        for number, text in document.prose:
            match = _COMMAND.search(text)
            if match and "`" not in text[: match.start()]:
                items = installed_by(text[match.start() : match.start() + 120].split(". ")[0], document.path, number)
                found += [replace(item, source="prose") for item in items[:1] if item.name != "python"]
        found += prose_requirements(document)
    for notebook in repository.notebooks:
        for cell in notebook.cells:
            for number, line in enumerate(cell.text.split("\n"), 1):
                if cell.kind == "code" and re.match(r"\s*[!%]\s*(pip|conda)", line):
                    items = installed_by(line.strip().lstrip("!% "), notebook.path, number)
                    found += [replace(item, source="prose") for item in items if item.name != "python"]
    return _merged(found)


def _merged(found: list[Requirement]) -> list[Requirement]:
    """Return each distribution once: the mention with a version before the one without."""
    best: dict[str, Requirement] = {}
    for item in found:
        known = best.get(item.name)
        if known is None or (item.exact, bool(item.specifier)) > (known.exact, bool(known.specifier)):
            best[item.name] = item
    return list(best.values())


def _imported(tree: ModuleTree, sources: list[Source]) -> dict[str, tuple[FileEvidence, ...]]:
    found: dict[str, list[FileEvidence]] = {}
    for module, source, item in third_party(tree, sources):
        places = found.setdefault(distribution_of(module), [])
        if len(places) < IMPORT_EVIDENCE:
            places.append(source.evidence(item.line, f"import {module}"))
    return {name: tuple(found[name]) for name in sorted(found)}


def _python(repository: Repository, declared: dict[str, Declared]) -> tuple[str | None, FileEvidence | None]:
    """Return the stated Python version, files before prose, with where it stands."""
    for path, found in declared.items():
        if found.python:
            line = found.python_line
            return found.python, FileEvidence(path=path, line=line, excerpt=_line(repository, path, line))
    for path, line, text in _python_passages(repository):
        stated = stated_python(text)
        if stated:
            return stated[0], FileEvidence(path=path, line=line, excerpt=stated[1])
    return None, None


def _python_passages(repository: Repository) -> Iterator[tuple[str, int, str]]:
    for document in repository.documents:
        for line, heading, text in prose_passages(document):
            if speaks_of_needs(heading, text) or re.search(r"\bpython\s?[23]", text[:3_000], re.I):
                yield document.path, line, text
        for block in document.blocks:
            for offset, row in enumerate(block.text.split("\n")):
                if re.search(
                    r"\bpython\s?={1,2}\s?\d|python\s?[>~]=\s?\d|\bpython version|^\s*-?\s*python\s*[23]\.\d", row, re.I
                ):
                    yield document.path, block.line + offset, row
        for link in document.links:
            badge = re.search(r"badge/python-(\d\.\d)", link.url, re.I)
            if badge:
                yield document.path, link.line, f"python {badge[1]}"


def _line(repository: Repository, path: str, line: int | None) -> str:
    try:
        lines = repository.text(path).split("\n")
    except Unreadable:
        return ""
    return lines[line - 1].strip()[:300] if line and line <= len(lines) else ""
