"""Which folders of a tree are other people's work: third-party folders, submodules, whole libraries copied in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from auditor.errors import Unreadable
from auditor.repository.declared.distributions import COPIED_LIBRARIES
from auditor.repository.folders import folders_above, lies_in
from auditor.repository.model import File

_THIRD_PARTY = frozenset(
    "third_party third-party thirdparty 3rdparty 3rd_party 3rd-party vendor vendors vendored _vendor external externals"  # noqa: SIM905
    " extern node_modules site-packages dist-packages bower_components submodules .venv venv virtualenv .tox"
    " external_libs ext_libs dependencies".split()
)
_SUBMODULE = re.compile(r"^\s{0,20}path\s{0,5}=\s{0,5}(\S{1,300})\s*$", re.M)
_LICENCE = re.compile(r"^(licen[sc]e|copying)(\.\w{1,4})?$")
_PROJECT = re.compile(r"^(readme|setup\.py|pyproject\.toml|makefile|cmakelists)")
_README = re.compile(r"readme(\.(md|rst|txt))?$", re.I)
_PROGRAM = re.compile(r"(?<![\w./-])(?:\./)?([\w-][\w.-]{0,80}/[\w./-]{1,150}\.py)\b")
_BUILD_FILES = ("setup.py", "pyproject.toml", "CMakeLists.txt")
_ARCHIVE_NAME = re.compile(r"-(master|main)$|-\d+(\.\d+){1,3}$")


def vendored_folders(root: Path, files: Iterable[File]) -> frozenset[str]:
    """Return the folders below which nothing is the authors' own.

    A folder counts when its name is one for third-party code, when `.gitmodules` names it, when it is a library's
    unpacked source archive (`name-master`, `name-1.2` with a licence or setup of its own), or when it carries the name
    of a well-known library together with one of these or at least thirty Python files of it. A folder with both a
    licence and a setup (or CMakeLists.txt) of its own is another project too, unless the top README names a program by
    its place in it. Where no Python code would be left, such folders are the authors' own: a fork holds their work.
    """
    files = tuple(files)
    named = _named_programs(root, files)
    found = set(submodules(root, files))
    members: dict[str, list[File]] = {}
    third_party: dict[str, str | None] = {}
    for file in files:
        folder = file.path.rpartition("/")[0]
        if folder not in third_party:
            third_party[folder] = _third_party(folder)
        other = third_party[folder]
        if other is not None:
            found.add(other)
        for above in folders_above(file.path):
            if other is None or other.startswith(f"{above}/"):
                members.setdefault(above, []).append(file)
    copied = {folder for folder, inside in members.items() if _copied_library(folder, inside, len(files))}
    projects = {
        folder
        for folder, inside in members.items()
        if _is_project(folder, inside) and not any({file.path, file.path[len(folder) + 1 :]} & named for file in inside)
    }
    for folders in (found | copied | projects, found | copied):
        if any(file.kind in ("python", "notebook") and not lies_in(file.path, folders) for file in files):
            return frozenset(folders)
    return frozenset(found)


def _third_party(folder: str) -> str | None:
    """Return the folder of third-party code that a folder is or lies in, the outermost; None where there is none."""
    parts = folder.split("/")
    depth = next((depth for depth, part in enumerate(parts, 1) if part.lower() in _THIRD_PARTY), None)
    return None if depth is None else "/".join(parts[:depth])


def others_projects(files: Iterable[File]) -> frozenset[str]:
    """Return the folders that carry a licence and a README or build file of their own.

    Below the top, such a folder is a project copied in, unless it holds nearly all of the Python files and the top
    does not carry both itself.
    """
    names: dict[str, set[str]] = {}
    python: Counter[str] = Counter()
    for file in files:
        folder, _, name = file.path.rpartition("/")
        names.setdefault(folder, set()).add(name.lower())
        if file.kind == "python":
            python.update(("", *folders_above(file.path)))
    whole = _carries_papers(names.pop("", set()))
    return frozenset(
        folder
        for folder, inside in names.items()
        if _carries_papers(inside) and (whole or python[folder] * 10 < python[""] * 9)
    )


def _carries_papers(names: set[str]) -> bool:
    return any(_LICENCE.match(name) for name in names) and any(_PROJECT.match(name) for name in names)


def submodules(root: Path, files: Iterable[File]) -> tuple[str, ...]:
    """Return the paths that the root's `.gitmodules` names."""
    from auditor.repository.inventory import read_text

    if not any(file.path == ".gitmodules" for file in files):
        return ()
    try:
        text = read_text(root, ".gitmodules", 100_000)
    except Unreadable:
        return ()
    return tuple(path.strip("/") for path in _SUBMODULE.findall(text) if ".." not in path)


def _named_programs(root: Path, files: Iterable[File]) -> set[str]:
    """Return the paths of Python files, of two parts at least, that the README at the root names."""
    from auditor.repository.inventory import read_text

    readme = next((file.path for file in files if _README.match(file.path) and not file.absent), None)
    try:
        text = read_text(root, readme, 200_000) if readme else ""
    except Unreadable:
        return set()
    return set(_PROGRAM.findall(text))


def _copied_library(folder: str, inside: list[File], total: int) -> bool:
    name = folder.rpartition("/")[2]
    python = sum(file.kind == "python" for file in inside)
    if python < 3 or python * 10 > total * 9:
        return False
    own_licence, own_setup = _papers(folder, inside)
    if _ARCHIVE_NAME.search(name) and (own_licence or own_setup):
        return True
    plain = _ARCHIVE_NAME.sub("", name).lower().replace("-", "_")
    known = plain in COPIED_LIBRARIES
    return known and (own_licence or own_setup or python >= 30)


def _is_project(folder: str, inside: list[File]) -> bool:
    return sum(file.kind == "python" for file in inside) >= 3 and all(_papers(folder, inside))


def _papers(folder: str, inside: list[File]) -> tuple[bool, bool]:
    """Return whether a folder has a licence and a setup of its own."""
    start = len(folder) + 1
    top = {file.path[start:]: file.kind for file in inside if "/" not in file.path[start:]}
    return "licence" in top.values(), not top.keys().isdisjoint(_BUILD_FILES)
