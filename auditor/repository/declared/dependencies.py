"""What a repository declares that it needs, over every kind of file and its README, beside what its sources import."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.declared import conda_files, lock_files, manifests, other_manifests, pyproject
from auditor.repository.declared.containers import from_container
from auditor.repository.declared.distributions import (
    LOCAL_WORDS,
    distribution_of,
    is_known_third_party,
    same_distributions,
)
from auditor.repository.declared.install_lines import from_calls, from_document, from_notebooks, from_scripts
from auditor.repository.declared.manifests import Declared
from auditor.repository.declared.prose_dependencies import (
    prose_passages,
    prose_requirements,
    stated_python,
)
from auditor.repository.declared.requirement_text import joined
from auditor.repository.declared.setup_script import SetupFacts
from auditor.repository.declared.unused import unused_requirements
from auditor.repository.missing.modules import missing_modules
from auditor.repository.model import Dependencies, File, Repository, Requirement, Source
from auditor.repository.modules import ModuleTree, shadowed_imports, third_party

_ENVIRONMENT = re.compile(r"(environment|conda|env)[^/]*\.ya?ml$", re.I)
_READERS = {
    "setup.cfg": manifests.from_setup_cfg,
    "pyproject.toml": pyproject.from_pyproject,
    "pixi.toml": pyproject.from_pixi,
    "pipfile": manifests.from_pipfile,
    "pipfile.lock": lock_files.from_pipfile_lock,
    "poetry.lock": lock_files.from_toml_lock,
    "uv.lock": lock_files.from_toml_lock,
    "pdm.lock": lock_files.from_toml_lock,
    "pylock.toml": lock_files.from_toml_lock,
    "pixi.lock": lock_files.from_conda_lock,
    "meta.yaml": conda_files.from_recipe,
}
_SIDE_FOLDERS = frozenset({"docs", "doc", "tests", "test", ".github", ".circleci", "ci", "website"})
_SIDE_DOCUMENTS = re.compile(r"^(contributing|changelog|changes|news|release|code_of_conduct|security|history)\b", re.I)
_PYTHON_ROW = re.compile(
    r"\bpython\s?={1,2}\s?\d|\bpython[23]\.\d|\s(?:-p|--python)[ =]python[23]\b|python\s?[>~]=\s?\d"
    r"|\bpython version|^\s{0,20}-?\s{0,5}python\s{0,3}[23]\.\d",
    re.I,
)
_LIST_NAME = re.compile(r"(freeze|pip|conda|packages?|spec|modules|installed|versions?|libs?|libraries|env)", re.I)
LIST_SIZE = 200_000
IMPORT_EVIDENCE = 3


def read_dependencies(repository: Repository) -> Dependencies:
    """Return the declarations in files, then those in prose, and what the authors' own sources import.

    A file counts as declaring where at least one distribution is named in it; one for another language than Python,
    where that is the language of most of the authors' code. A file that could not be read, or that names an index or a
    file outside the repository, adds a sentence to `problems`.
    """
    problems: list[str] = []
    declared = _declarations(repository, problems)
    requirements = [item for found in declared.values() for item in found.requirements]
    others = tuple(item for found in declared.values() for item in found.others)
    own = [source for source in repository.sources if not source.vendored and not _is_setup(source.path)]
    tree = repository.modules
    imported = _imported(tree, own)
    names = {found.name.lower() for found in declared.values() if found.name}
    # Beside a list, scripts install what one part or one machine needs more.
    scripts = [] if requirements else list(from_scripts(repository))
    requirements += _prose(repository, own, imported, names, scripts)
    covered = frozenset(same for item in requirements for same in same_distributions(item.name))
    missing = missing_modules(tree, own, covered)
    imported = _without_local(imported, missing)
    language = _main_language(repository)
    files = [path for path, found in declared.items() if found.requirements or _speaks(path, found, language)]
    python, evidence = _python(repository, declared)
    return Dependencies(
        requirements=tuple(requirements),
        files=tuple(files),
        lock_files=tuple(path for path, found in declared.items() if found.lock and found.requirements),
        python=python,
        python_evidence=evidence,
        imported=imported,
        undeclared=tuple(name for name in imported if name not in covered),
        missing_local=missing,
        problems=tuple(problems),
        others=others,
        images=tuple(image for found in declared.values() for image in found.images),
        unused=unused_requirements(repository, declared, imported),
        shadowed=shadowed_imports(tree, own, covered),
    )


def _declarations(repository: Repository, problems: list[str]) -> dict[str, Declared]:
    """Return what each declaring file declares, files at the top first, and those that a file hands on after it."""
    setups = _setups(repository, problems)
    declared: dict[str, Declared] = {}
    pending = _declaring_files(repository)
    for path in pending:
        if path in declared:
            continue
        try:
            found = _read(repository, path, setups, problems)
        except Unreadable as error:
            problems.append(str(error))
            continue
        if found is None:
            continue
        declared[path] = found
        for named, line in found.includes:
            target = joined(path, named)
            if target is None or target not in repository.by_path:
                problems.append(f"{path}, line {line} takes its requirements from {named[:120]}, which is not there.")
            elif target not in declared:
                text = repository.text(target)
                declared[target] = manifests.from_requirements(target, text, repository.text, problems)
    return declared


def _is_setup(path: str) -> bool:
    return path.rpartition("/")[2].lower() == "setup.py"


def _declaring_files(repository: Repository) -> list[str]:
    """Return the own declaring files, those at the top first; those of documentation and tests are left out."""
    found = []
    for file in repository.own_files:
        folders = file.path.lower().split("/")[:-1]
        if not any(folder in _SIDE_FOLDERS for folder in folders) and _may_declare(repository, file):
            found.append(file.path)
    return sorted(found, key=lambda path: (path.count("/"), path))


def _may_declare(repository: Repository, file: File) -> bool:
    """Return whether a file declares by its kind or name, or looks as if by its first lines."""
    folder, _, name = file.path.lower().rpartition("/")
    if file.kind in ("dependencies", "container") or name in other_manifests.NAMES:
        return True
    if file.size > LIST_SIZE or not name.endswith((".txt", ".yml", ".yaml", ".lock", ".in")):
        return False
    try:
        if name.endswith((".yml", ".yaml")):
            return file.kind == "config" and file.path.count("/") <= 2 and conda_files.is_environment(
                repository.text(file.path))  # fmt: skip
        if folder.rpartition("/")[2] in ("requirements", "requirement") or re.match(r"requir\w{0,12}\.", name):
            return True  # `requirments.txt` is meant for one
        return bool(_LIST_NAME.search(name)) and conda_files.is_listing(repository.text(file.path))
    except Unreadable:
        return False


def _setups(repository: Repository, problems: list[str]) -> dict[str, SetupFacts]:
    found = {}
    for source in repository.sources:
        if source.setup is not None and not source.vendored:
            found[source.path] = source.setup
        elif _is_setup(source.path) and not source.vendored:
            problems.append(f"{source.path} could not be read: {source.problem}")
    return found


def _read(repository: Repository, path: str, setups: dict[str, SetupFacts], problems: list[str]) -> Declared | None:
    """Return what one file declares; None where its kind says nothing on distributions."""
    name = path.rpartition("/")[2].lower()
    if name == "setup.py":
        return manifests.from_setup(path, setups.get(path, SetupFacts()))
    text = repository.text(path)
    if name in _READERS:
        return _READERS[name](path, text)
    if name in other_manifests.NAMES:
        return other_manifests.from_other(path, text)
    if re.fullmatch(r".{0,60}conda-lock\.ya?ml", name):
        return lock_files.from_conda_lock(path, text)
    if name in ("runtime.txt", ".python-version"):
        match = re.search(r"(\d{1,9}\.\d{1,9}(\.\d{1,9})?)", text[:200])
        return Declared(python=f"=={match[1]}" if match else None, python_line=1)
    if "compose" not in name and repository.by_path[path].kind == "container":
        return from_container(path, text)
    if name.endswith((".yml", ".yaml")):
        return conda_files.from_environment(path, text) if _ENVIRONMENT.search(name) or conda_files.is_environment(
            text) else None  # fmt: skip
    if conda_files.is_tabular(text):
        return conda_files.from_listing(path, text)
    if name.endswith((".txt", ".in", ".pip", ".lock")) or name.startswith("requirement"):
        return manifests.from_requirements(path, text, repository.text, problems)
    return None


def _main_language(repository: Repository) -> str:
    """Return the ecosystem in which most of the authors' source files are written."""
    counts = {"python": sum(file.kind in ("python", "notebook") for file in repository.own_files)}
    for ecosystem, suffixes in other_manifests.LANGUAGES.items():
        counts[ecosystem] = sum(file.path.lower().endswith(suffixes) for file in repository.own_files)
    return max(counts, key=lambda ecosystem: counts[ecosystem])


def _speaks(path: str, found: Declared, language: str) -> bool:
    """Return whether a file declares the packages of the main language; a build script only looks for them."""
    if language == "python" or path.lower().endswith("cmakelists.txt"):
        return False
    return any(item.ecosystem == language for item in found.others)


def _prose(
    repository: Repository,
    own: list[Source],
    imported: dict[str, tuple[FileEvidence, ...]],
    names: set[str],
    scripts: list[Requirement],
) -> list[Requirement]:
    """Return what documents, scripts, notebooks and the code itself say is to be installed, each distribution once.

    The repository's own distribution is no requirement. Where the sources are known to import something and nothing
    of it is named, what is named is none of the main libraries, and so no declaration.
    """
    found = [*scripts]
    known = frozenset(name for name in imported if name not in LOCAL_WORDS)
    for document in repository.documents:
        folders = document.path.lower().split("/")
        if not any(part in _SIDE_FOLDERS for part in folders[:-1]) and not _SIDE_DOCUMENTS.match(folders[-1]):
            found += from_document(document)
            found += prose_requirements(document, known)
    found += from_notebooks(repository)
    found += from_calls(own)
    plain = {name.replace("-", "").replace("_", "") for name in names}
    merged = [item for item in _merged(found) if item.name.replace("-", "") not in plain]
    used = any(same in imported for item in merged for same in same_distributions(item.name))
    return merged if used or not imported else []


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


def _without_local(
    imported: dict[str, tuple[FileEvidence, ...]], missing: tuple[FileEvidence, ...]
) -> dict[str, tuple[FileEvidence, ...]]:
    """Return what is imported but the authors' own modules that are not there: to declare them would not bring them."""
    modules = [place.excerpt.removeprefix("import of ") for place in missing]
    local = {distribution_of(module) for module in modules if module[:1] != "." and not is_known_third_party(module)}
    return {name: places for name, places in imported.items() if name not in local}


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
        for line, _, text in prose_passages(document):
            yield document.path, line, text
        for block in document.blocks:
            for offset, row in enumerate(block.text.split("\n")):
                if _PYTHON_ROW.search(row[:2_000]):
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
