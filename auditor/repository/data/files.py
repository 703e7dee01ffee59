"""The data that lie in the tree, and the shell scripts that fetch others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.known_data import canonical
from auditor.repository.commands.shell import logical_lines
from auditor.repository.data.calls import last_part, written_names
from auditor.repository.data.fixed import checks_content, fixed_by_address
from auditor.repository.data.words import DATA_WORD, MODELS, NOT_DATA, OUTPUT, WEIGHTS
from auditor.repository.folders import lies_in
from auditor.repository.model import DataReference, File, Repository

FETCHES = re.compile(
    r"\b(wget|curl|gdown|aria2c|kaggle\s+(datasets|competitions)|gsutil\s+(?:-\w+\s+)?(?:cp|rsync)"
    r"|aws\s+s3\s+(?:cp|sync)|axel|dvc\s+pull)\b"
)
ADDRESS = re.compile(r"(https?|ftp)://[^\s\"'<>)]{4,300}")
SCRIPT_TEXT = 400_000

_INSTALLS = re.compile(r"(^|[/_\-.])(install|setup|docker|travis|ci|env|build)([/_\-.]|$)", re.I)
_DATA_FOLDER = re.compile(r"^(data|datasets?|corpus|raw|inputs?|.{1,60}_data|data_.{1,60})$")
_OUT_FOLDER = re.compile(
    r"^([a-z]{0,20}[_-]?results?|logs?|outputs?|figures?|plots?|figs?|images?|checkpoints?|models?|weights)$"
)
PART = re.compile(
    r"(^|[_\-.])(splits?|ids?|idx(?!\d-ubyte)|index|indices|lists?|files|vocab|vocabulary|classes|labelmap|synsets?|wnids|examples?"
    r"|samples?|demo|toy|test_images?|readme)([_\-.\d]|$)",
    re.I,
)
"""Names of files that are a list about a data set, or an excerpt of it."""

SIDE = re.compile(r"(^|/)(tests?|docs?|\.github)/|(^|/)(setup|conftest)\.py$|_test\.py$")
"""What tests, documentation and packaging do, and no experiment."""

SMALLEST = 30
"""Bytes below which a data file is a placeholder."""
_MESHES = (".obj", ".off", ".ply", ".wav", ".mp3", ".mp4", ".avi")


def from_shell(repository: Repository) -> Iterator[DataReference]:
    """Yield the downloads of the shell scripts and makefiles; what they install, and weights, are left out."""
    for file in repository.own_files:
        if (file.kind != "shell" and last_part(file.path) != "Makefile") or SIDE.search(file.path):
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        checked = "a checksum" if any(checks_content(line) for line in text[:SCRIPT_TEXT].split("\n")) else ""
        addresses = _variables(text)
        for offset, line in logical_lines(text[:SCRIPT_TEXT]):
            if not FETCHES.search(line[:2_000]) or line.lstrip().startswith("#"):
                continue
            for url in _addresses(line, addresses) or [""]:
                name = url or line.strip()[:200]
                if is_data(name, f"{file.path} {line[:2_000]}"):
                    evidence = FileEvidence(path=file.path, line=offset + 1, excerpt=line.strip()[:300])
                    fixed = checked or fixed_by_address(url)
                    named = canonical(f"{name} {file.path}")
                    yield DataReference(name, "downloaded", evidence, url or None, named, fixed=fixed)


def _variables(text: str) -> dict[str, str]:
    """Return the addresses that a script keeps in variables."""
    pattern = r"^\s{0,20}(?:export\s)?(\w{1,60})\s?:?=\s?[\"']?((?:https?|ftp)://[^\s\"'<>]{4,300})"
    return dict(re.findall(pattern, text[:SCRIPT_TEXT], re.M))


def _addresses(line: str, variables: dict[str, str]) -> list[str]:
    direct = [match[0] for match in ADDRESS.finditer(line[:2_000])]
    named = [variables[name] for name in re.findall(r"\$[{(]?(\w{1,60})", line[:2_000]) if name in variables]
    return direct or named


def is_data(name: str, context: str) -> bool:
    """Return whether what a command fetches is data, and not software or trained weights."""
    if NOT_DATA.search(name) or fetches_models(context.partition(" ")[0]):
        return False
    worded = DATA_WORD.search(name) or (canonical(name) and not MODELS.search(name.replace("_", " ")))
    if (WEIGHTS.search(name) or MODELS.search(name)) and not worded:
        return False
    return bool(worded) or not _INSTALLS.search(context)


def fetches_models(path: str) -> bool:
    """Return whether a program or script is called after the models that it fetches (`fetch_model.py`)."""
    name = last_part(path).replace("_", " ")
    return bool((WEIGHTS.search(name) or MODELS.search(name)) and not (DATA_WORD.search(name) or canonical(name)))


def copied_projects(repository: Repository) -> frozenset[str]:
    """Return the folders that hold other people's projects; none where nearly all of the code lies in such folders."""
    folders = repository.others_projects
    code = [file.path for file in repository.own_files if file.kind in ("python", "notebook", "source")]
    return folders if sum(lies_in(path, folders) for path in code) * 10 < len(code) * 9 else frozenset()


def from_tree(repository: Repository) -> Iterator[DataReference]:
    """Yield the data files of the tree; those of which Git LFS holds back the content are paths that are fetched."""
    mentioned: frozenset[str] | None = None
    for file in repository.own_files:
        if not is_data_file(file):
            continue
        name = last_part(file.path)
        if PART.search(name):
            continue
        if not _in_data_folder(file.path):
            mentioned = _mentioned(repository) if mentioned is None else mentioned
            if OUTPUT.search(name) or (name not in mentioned and not _named_for_data(file.path)):
                continue
        yield DataReference(file.path, "included", FileEvidence(path=file.path), data_set=canonical(file.path))


def _mentioned(repository: Repository) -> frozenset[str]:
    """Return the last parts of all paths that code reads or documents name; what a program writes is left out."""
    names = {last_part(text) for source in repository.sources for text, _ in source.strings}
    for document in repository.documents:
        names |= set(re.findall(r"[\w.-]{3,100}\.\w{1,10}", document.text[:200_000]))
    return frozenset(names) - written_names(repository)


def _named_for_data(path: str) -> bool:
    return bool(DATA_WORD.search(path.replace("_", " ")) or canonical(path))


def _in_data_folder(path: str) -> bool:
    return any(_DATA_FOLDER.match(part) for part in path.lower().split("/")[:-1])


def is_data_file(file: File) -> bool:
    """Return whether a file is a data set or part of one: data by its kind, or anything in a folder named for data."""
    *folders, name = file.path.lower().split("/")
    if (
        name.startswith(".")
        or name.endswith(".pyc")
        or any(part in ("test", "tests", "docs", "doc") for part in folders)
        or (name.endswith(_MESHES) and not _in_data_folder(file.path))
    ):
        return False
    told = next((part for part in reversed(folders) if _OUT_FOLDER.match(part) or _DATA_FOLDER.match(part)), "")
    if _OUT_FOLDER.match(told):
        return False
    in_data = bool(told)
    if file.kind == "data" or (file.kind == "archive" and _DATA_FOLDER.match(name.partition(".")[0])):
        return file.size >= SMALLEST or file.absent
    return in_data and file.kind in ("image", "archive", "other", "binary") and file.size > 100
