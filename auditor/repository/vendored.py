"""Which folders of a tree are other people's work: third-party folders, submodules, whole libraries copied in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from auditor.errors import Unreadable
from auditor.repository.declared.distributions import COPIED_LIBRARIES
from auditor.repository.model import File

_THIRD_PARTY = frozenset(
    "third_party third-party thirdparty 3rdparty 3rd_party 3rd-party vendor vendors vendored _vendor external externals"  # noqa: SIM905
    " extern node_modules site-packages dist-packages bower_components submodules .venv venv virtualenv .tox"
    " external_libs ext_libs dependencies".split()
)
_SUBMODULE = re.compile(r"^\s{0,20}path\s{0,5}=\s{0,5}(\S{1,300})\s*$", re.M)
_README = re.compile(r"readme(\.(md|rst|txt))?$", re.I)
_PROGRAM = re.compile(r"(?<![\w./-])(?:\./)?([\w-][\w.-]{0,80}/[\w./-]{1,150}\.py)\b")
_BUILD_FILES = ("setup.py", "pyproject.toml", "CMakeLists.txt")
_ARCHIVE_NAME = re.compile(r"-(master|main)$|-\d+(\.\d+){1,3}$")


def vendored_folders(root: Path, files: Iterable[File]) -> frozenset[str]:
    """Return the folders (ending in `/`) below which nothing is the authors' own.

    A folder counts when its name is one for third-party code, when `.gitmodules` names it, when it is a library's
    unpacked source archive (`name-master`, `name-1.2` with a licence or setup of its own), or when it carries the name
    of a well-known library together with one of these or at least thirty Python files of it. A folder with both a
    licence and a setup (or CMakeLists.txt) of its own is another project too, unless the top README names a program by
    its place in it. Where no Python code would be left, such folders are the authors' own: a fork holds their work.
    """
    files = tuple(files)
    named = _named_programs(root, files)
    found = {f"{path}/" for path in submodules(root, files)}
    members: dict[str, list[File]] = {}
    for file in files:
        parts = PurePosixPath(file.path).parts[:-1]
        for depth, part in enumerate(parts):
            folder = "/".join(parts[: depth + 1]) + "/"
            if part.lower() in _THIRD_PARTY:
                found.add(folder)
                break
            members.setdefault(folder, []).append(file)
    copied = {folder for folder, inside in members.items() if _copied_library(folder, inside, len(files))}
    projects = {
        folder
        for folder, inside in members.items()
        if _is_project(folder, inside) and not any({file.path, file.path[len(folder) :]} & named for file in inside)
    }
    for folders in (found | copied | projects, found | copied):
        if any(file.kind in ("python", "notebook") and not file.path.startswith(tuple(folders)) for file in files):
            return frozenset(folders)
    return frozenset(found)


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
    name = folder.rstrip("/").rpartition("/")[2]
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
    top = {file.path[len(folder) :]: file.kind for file in inside if "/" not in file.path[len(folder) :]}
    return "licence" in top.values(), not top.keys().isdisjoint(_BUILD_FILES)
