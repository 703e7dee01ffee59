"""Conda's environment files and recipes, and the lists that conda and pip print of what is installed."""

from __future__ import annotations

import re

from auditor.errors import Unreadable
from auditor.repository.declared.lock_files import from_explicit
from auditor.repository.declared.manifests import ENTRIES_LIMIT, Declared, Lines
from auditor.repository.declared.requirement_text import parse_conda, parse_requirement
from auditor.repository.yaml_text import read_yaml

ENVIRONMENT_LIMIT = 200_000
_INSTALLERS = frozenset({"pip", "setuptools", "wheel", "conda"})
_FROZEN = re.compile(r"^[A-Za-z0-9][\w.-]{0,80}(==\S{1,60}| @ \S{1,300})(\s*;.{0,120})?$|^-e \S{1,300}$")
_COLUMNS = re.compile(r"^([A-Za-z0-9][\w.-]{0,80})\s{1,80}\(?(\d[\w.+!-]{0,40})\)?(\s+\S{1,60}){0,3}$")
_EXPORTED = re.compile(r"^[A-Za-z0-9_][\w.-]{0,80}=[0-9][\w.!+]{0,40}=\w{1,60}$")
_DEPENDENCIES = re.compile(r"^dependencies:[ \t]{0,20}\n(?:[ \t]{0,20}(?:#.{0,200})?\n){0,20}[ \t]{0,20}-", re.M)
_HEAD = re.compile(r"^#\s*(packages in environment|This file may be used to create an environment)|^@EXPLICIT", re.M)


def is_environment(text: str) -> bool:
    """Return whether a YAML text has the shape of a conda environment: a list of dependencies, a name or channels."""
    head = text[:50_000]
    return bool(_DEPENDENCIES.search(head) and re.search(r"^(channels|name|prefix):", head, re.M))


def from_environment(path: str, text: str) -> Declared:
    """Return what a conda environment file declares, its pip section included; raises Unreadable."""
    if len(text) > ENVIRONMENT_LIMIT:
        raise Unreadable(f"{path} has more than the {ENVIRONMENT_LIMIT} characters that are read of an environment.")
    try:
        document = read_yaml(text)
    except Unreadable as error:
        raise Unreadable(f"{path} could not be read: {error}.") from None
    declared, lines = Declared(), Lines(text)
    start = lines.of("dependencies")
    entries = document.get("dependencies") if isinstance(document, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, str):
            item = parse_conda(entry, path, lines.of(entry.partition("::")[2] or entry, start))
            if item and item.name not in _INSTALLERS and not item.name.startswith("-"):
                declared.add(item)
        elif isinstance(entry, dict) and isinstance(entry.get("pip"), list):
            section = lines.of("pip", start)
            for inner in entry["pip"]:
                if isinstance(inner, str):
                    _pip(declared, inner, path, lines.of(inner, section))
    # `conda env export` writes the build of each package, and with them what nobody asked for by name.
    declared.listed = sum(item.text.count("=") == 2 for item in declared.requirements) > 5
    return declared


def _pip(declared: Declared, entry: str, path: str, line: int) -> None:
    included = re.match(r"(?:-r|--requirement)[\s=]*(\S{1,300})", entry)
    if included:
        declared.includes.append((included[1], line))
    elif not entry.startswith("--"):
        declared.add(parse_requirement(entry, path, line))


def from_recipe(path: str, text: str) -> Declared:
    """Return what the `requirements:` of a conda recipe (meta.yaml) name; it is a template and so read by lines."""
    declared = Declared()
    inside = section = ""
    for number, line in enumerate(text.split("\n")[:ENTRIES_LIMIT], 1):
        key = re.match(r"^(\s{0,20})(\w{1,40}):\s*(#.{0,200})?$", line)
        if key:
            inside, section = (key[2], "") if not key[1] else (inside, key[2])
        entry = re.match(r"^\s{1,20}-\s+([^#{]{1,200})", line)
        if entry and inside == "requirements" and section in ("run", "host", ""):
            item = parse_conda(entry[1].strip(), path, number)
            if item and item.name not in _INSTALLERS:
                declared.add(item)
    return declared


def is_listing(text: str) -> bool:
    """Return whether a text is a list of installed distributions as `pip freeze`, `pip list` or conda prints it."""
    lines = _entries(text)
    matching = sum(bool(_FROZEN.match(line)) for line in lines)
    return is_tabular(text) or (len(lines) >= 3 and matching * 10 >= len(lines) * 9)


def is_tabular(text: str) -> bool:
    """Return whether a text is a list as `pip list`, `conda list` or `conda list --explicit` prints it."""
    lines = _entries(text)
    titled = bool(lines) and bool(re.match(r"^Package\s+Version", lines[0]))
    return titled or bool(_HEAD.search(text[:2_000])) or (len(lines) >= 3 and all(map(_EXPORTED.match, lines)))


def _entries(text: str) -> list[str]:
    lines = [line.strip()[:500] for line in text[:20_000].split("\n")]
    return [line for line in lines if line and not line.startswith("#")][:200]


def from_listing(path: str, text: str) -> Declared:
    """Return what a list of installed distributions names."""
    if "@EXPLICIT" in text[:20_000]:
        return from_explicit(path, text)
    declared = Declared(listed=True)
    for number, line in enumerate(text.split("\n")[:ENTRIES_LIMIT], 1):
        columns = _COLUMNS.match(line.strip()[:300])
        if columns:
            item = parse_conda(f"{columns[1]}=={columns[2]}", path, number)
        elif line.startswith(("#", "-----", "Package")):
            continue
        else:
            item = parse_requirement(line, path, number)
        if item and item.name not in _INSTALLERS:
            declared.add(item)
    return declared
