"""Files that declare the packages of R, Julia and C++ code."""

from __future__ import annotations

import json
import re

from auditor.errors import Unreadable
from auditor.repository.declared.manifests import Declared, Lines, read_toml, table
from auditor.repository.model import Requirement

LINES_LIMIT = 5_000
LANGUAGES = {"r": (".r", ".rmd"), "julia": (".jl",), "c++": (".cpp", ".cc", ".cxx", ".cu", ".c", ".h", ".hpp", ".cuh")}
"""The suffixes of each ecosystem's sources, in lower case."""

NAMES = {
    "description": "r", "renv.lock": "r", "packrat.lock": "r", "install.r": "r", "requirements.r": "r",
    "packages.r": "r", "dependencies.r": "r", "project.toml": "julia", "manifest.toml": "julia", "require": "julia",
    "cmakelists.txt": "c++", "conanfile.txt": "c++", "vcpkg.json": "c++",
}  # fmt: skip
"""File names in lower case, to the ecosystem whose packages they declare."""

_PACKAGE = re.compile(r"[A-Za-z][\w.]{1,60}")
_INSTALL = re.compile(r"\b(?:install\.packages|install_version|pacman::p_load|p_load|BiocManager::install)\s{0,3}\(")
_FIND = re.compile(
    r"(?i)^\s{0,40}find_package\s{0,4}\(\s{0,4}([A-Za-z][\w.+-]{0,60})(?:\s+(\d[\w.]{0,20}))?([^)]{0,200})"
)
_BUILT_IN = frozenset({"R", "base", "stats", "utils", "methods", "graphics", "grDevices", "datasets", "parallel"})
_JULIA_OWN = frozenset(
    "Base Core Dates DelimitedFiles Distributed LinearAlgebra Logging Markdown Pkg Printf Profile Random "  # noqa: SIM905
    "SHA Serialization SharedArrays Sockets SparseArrays Statistics Test UUIDs Unicode".split()
)


def from_other(path: str, text: str) -> Declared:
    """Return what a manifest of another language declares, in `others`; raises Unreadable."""
    name = path.rpartition("/")[2].lower()
    ecosystem = NAMES[name]
    if name == "description":
        found = _description(path, text)
    elif name in ("renv.lock", "packrat.lock"):
        found = _renv(path, text) if text.lstrip().startswith("{") else []
    elif ecosystem == "r":
        found = _installs(path, text)
    elif ecosystem == "julia":
        found = _julia(path, text, name)
    elif name == "vcpkg.json":
        found = _vcpkg(path, text)
    else:
        found = _conan(path, text) if name == "conanfile.txt" else _cmake(path, text)
    return Declared(others=found, lock=name in ("renv.lock", "packrat.lock", "manifest.toml") and bool(found))


def _item(name: str, version: str, path: str, line: int, text: str, ecosystem: str, exact: bool) -> Requirement:
    return Requirement(
        name, version, path, line, text.strip()[:200], exact=exact, ecosystem=ecosystem  # type: ignore[arg-type]
    )  # fmt: skip


def _description(path: str, text: str) -> list[Requirement]:
    """Return the `Depends`, `Imports` and `LinkingTo` of an R package."""
    found: list[Requirement] = []
    field = ""
    for number, line in enumerate(text.split("\n")[:LINES_LIMIT], 1):
        head = re.match(r"^([A-Za-z@]{1,40}):(.{0,2000})", line)
        if head:
            field, line = head[1], head[2]
        if field not in ("Depends", "Imports", "LinkingTo"):
            continue
        for part in line.split(","):
            entry = re.match(r"\s{0,20}([A-Za-z][\w.]{1,60})\s{0,4}(?:\(([<>=]{1,2})\s{0,4}([\d.-]{1,30})\))?", part)
            if entry and entry[1] not in _BUILT_IN:
                version = f"{entry[2]}{entry[3]}" if entry[2] else ""
                found.append(_item(entry[1], version, path, number, part, "r", entry[2] == "=="))
    return found


def _renv(path: str, text: str) -> list[Requirement]:
    packages = table(_json(path, text), "Packages")
    lines = Lines(text)
    found = []
    for name, entry in list(packages.items())[:LINES_LIMIT]:
        version = table(entry).get("Version")
        if isinstance(version, str):
            found.append(_item(name, f"=={version}", path, lines.of(name), f"{name} {version}", "r", True))
    return found


def _installs(path: str, text: str) -> list[Requirement]:
    """Return the packages that an R script installs by name."""
    found = []
    for number, line in enumerate(text.split("\n")[:LINES_LIMIT], 1):
        call = _INSTALL.search(line[:2_000])
        if call and not line.lstrip().startswith("#"):
            named = re.findall(r"[\"']([A-Za-z][\w.]{1,60})[\"']", line[call.end() : 2_000])
            found += [_item(name, "", path, number, line, "r", False) for name in named]
    return found


def _julia(path: str, text: str, name: str) -> list[Requirement]:
    if name == "require":
        rows = [(n, line.split()) for n, line in enumerate(text.split("\n")[:LINES_LIMIT], 1) if line.strip()]
        named = [(number, words) for number, words in rows if _PACKAGE.fullmatch(words[0]) and words[0] != "julia"]
        return [_item(w[0], f">={w[1]}" if len(w) > 1 else "", path, n, " ".join(w), "julia", False) for n, w in named]
    document, lines = read_toml(path, text), Lines(text)
    if name == "project.toml":
        versions = table(document, "compat")
        wanted = {key: versions.get(key, "") for key in table(document, "deps")}
    else:  # a Manifest.toml, whose newer format keeps its packages in a table of their own
        packages = table(document, "deps") or document
        entries = {key: value[0] for key, value in packages.items() if isinstance(value, list) and value}
        wanted = {
            key: f"=={table(entry).get('version')}" for key, entry in entries.items() if table(entry).get("version")
        }
    found = []
    for key, version in list(wanted.items())[:LINES_LIMIT]:
        if key not in _JULIA_OWN:
            version = version if isinstance(version, str) else ""
            # Julia reads a bare version as "compatible with"; only `=` fixes it.
            exact = version.startswith("=")
            found.append(_item(key, version, path, lines.of(key), f"{key} {version}", "julia", exact))
    return found


def _cmake(path: str, text: str) -> list[Requirement]:
    found = []
    for number, line in enumerate(text.split("\n")[:LINES_LIMIT], 1):
        named = _FIND.match(line[:500])
        if named and named[1].lower() not in ("python", "python3", "pythoninterp", "pythonlibs", "git", "doxygen"):
            exact = bool(named[2]) and "EXACT" in named[3]
            found.append(_item(named[1], named[2] or "", path, number, line, "c++", exact))
    return found


def _conan(path: str, text: str) -> list[Requirement]:
    found, section = [], ""
    for number, line in enumerate(text.split("\n")[:LINES_LIMIT], 1):
        section = line.strip() if line.startswith("[") else section
        entry = re.match(r"^([a-z0-9][\w.+-]{1,80})/(\[?[\w.<>=~ -]{1,60}\]?)", line)
        if entry and section == "[requires]":
            fixed = not entry[2].startswith("[")
            found.append(_item(entry[1], entry[2], path, number, line, "c++", fixed))
    return found


def _vcpkg(path: str, text: str) -> list[Requirement]:
    wanted = table({"root": _json(path, text)}, "root").get("dependencies")
    lines = Lines(text)
    found = []
    for entry in wanted[:LINES_LIMIT] if isinstance(wanted, list) else []:
        name = entry if isinstance(entry, str) else table({"root": entry}, "root").get("name")
        if isinstance(name, str):
            found.append(_item(name, "", path, lines.of(name), name, "c++", False))
    return found


def _json(path: str, text: str) -> object:
    try:
        document: object = json.loads(text)
        return document
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path} is no JSON ({type(error).__name__}).") from None
