"""Lock files: every distribution with the version that was resolved, and the line it stands on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from auditor.errors import Unreadable
from auditor.repository.declared.manifests import ENTRIES_LIMIT, Declared, Lines, read_toml, table
from auditor.repository.declared.requirement_text import is_exact, parse_conda, parse_requirement
from auditor.repository.model import Requirement

_Parser = Callable[[str, str, int], "Requirement | None"]
_NAMED = re.compile(r"^name\s{0,4}=\s{0,4}[\"']([^\"']{1,120})[\"']")
_CONDA_FILE = re.compile(r"/([A-Za-z0-9_.-]{1,100})-([0-9][\w.!+]{0,60})-(\w{1,80})\.(?:tar\.bz2|conda)\b")
_KEY = re.compile(r"^[\s-]{0,6}(name|version|manager|kind|conda|pypi):\s{0,4}[\"']?([^\"'\s]{1,400})")


def from_toml_lock(path: str, text: str) -> Declared:
    """Return what a poetry.lock, uv.lock, pdm.lock or pylock.toml fixes; raises Unreadable.

    The project's own entry (uv writes it with an `editable` or `virtual` source) is no dependency.
    """
    document = read_toml(path, text)
    declared = Declared(lock=True, listed=True)
    places: dict[str, list[int]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        named = _NAMED.match(line)
        if named:
            places.setdefault(named[1], []).append(number)
    packages = document.get("package", document.get("packages"))
    for package in packages[:ENTRIES_LIMIT] if isinstance(packages, list) else []:
        name, version = table(package).get("name"), table(package).get("version")
        if not isinstance(name, str) or {"editable", "virtual"} & set(table(package, "source")):
            continue
        stands = places.get(name) or [1]
        line_number = stands.pop(0) if len(stands) > 1 else stands[0]
        declared.add(_fixed(name, version, path, line_number, bool(table(package, "vcs") or table(package, "archive"))))
    metadata = table(document, "metadata")
    python = document.get("requires-python") or metadata.get("python-versions") or metadata.get("requires_python")
    index = Lines(text)
    words = ("requires-python", "python-versions", "requires_python")
    declared.state_python(python, max(index.of(word) for word in words))
    return declared


def from_pipfile_lock(path: str, text: str) -> Declared:
    """Return what a Pipfile.lock fixes; raises Unreadable."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path} is no JSON ({type(error).__name__}).") from None
    declared, lines = Declared(lock=True, listed=True), Lines(text)
    for section in ("default", "develop"):
        after = lines.of(section)
        for name, entry in list(table(document, section).items())[:ENTRIES_LIMIT]:
            version = table(entry).get("version")
            line = lines.of(name, after)
            item = parse_requirement(f"{name}{version if isinstance(version, str) else ''}", path, line)
            declared.add(item, optional=section == "develop")
    requires = table(document, "_meta", "requires")
    declared.state_python(requires.get("python_full_version") or requires.get("python_version"), lines.of("requires"))
    return declared


def _fixed(name: str, version: Any, path: str, line: int, at_source: bool) -> Requirement | None:
    if isinstance(version, str) and is_exact(f"=={version}"):
        return parse_requirement(f"{name}=={version}", path, line)
    item = parse_requirement(name, path, line)
    return Requirement(item.name, "", path, line, name, exact=True) if item and at_source else item


def from_conda_lock(path: str, text: str) -> Declared:
    """Return what a conda-lock.yml or pixi.lock fixes, each distribution once; read line by line, both can be huge."""
    declared = Declared(lock=True, listed=True)
    seen: set[tuple[str, str]] = set()
    name, stands, conda = "", 0, False
    for number, line in enumerate(text.split("\n"), 1):
        file = _CONDA_FILE.search(line[:600])
        key = _KEY.match(line[:600]) if file is None else None
        if file is not None:
            _once(declared, seen, (file[1], file[2]), parse_conda, path, number)
        elif key is None:
            continue
        elif key[1] == "name":
            name, stands = key[2], number
        elif key[1] in ("manager", "kind"):
            conda = key[2] == "conda"
        elif key[1] == "version" and name:
            _once(declared, seen, (name, key[2]), parse_conda if conda else parse_requirement, path, stands)
            name = ""
        if len(seen) >= ENTRIES_LIMIT:
            break
    return declared


def _once(
    declared: Declared, seen: set[tuple[str, str]], fixed: tuple[str, str], parse: _Parser, path: str, line: int
) -> None:
    """Take in a distribution that is fixed alike for several platforms only once; conda's underscore ones never."""
    if fixed not in seen and not fixed[0].startswith("_"):
        seen.add(fixed)
        declared.add(parse(f"{fixed[0]}=={fixed[1]}", path, line))


def from_explicit(path: str, text: str) -> Declared:
    """Return what an explicit conda list (`@EXPLICIT` and the packages' addresses) fixes."""
    declared = Declared(lock=True, listed=True)
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(text.split("\n")[:ENTRIES_LIMIT], 1):
        file = _CONDA_FILE.search(line[:600])
        if file is not None:
            _once(declared, seen, (file[1], file[2]), parse_conda, path, number)
    return declared
