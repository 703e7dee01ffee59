"""Each kind of file that declares dependencies, to the requirements and the Python version in it."""

from __future__ import annotations

import configparser
import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

from auditor import toml
from auditor.errors import Unreadable
from auditor.repository.model import Requirement
from auditor.repository.requirement_text import installed_by, is_exact, parse_conda, parse_requirement
from auditor.repository.setup_script import SetupFacts
from auditor.repository.yaml_text import read_yaml


@dataclass
class Declared:
    """What one file declares. `lock` where it fixes everything; `python` with the line that states it."""

    requirements: list[Requirement] = field(default_factory=list)
    python: str | None = None
    python_line: int | None = None
    lock: bool = False
    scripts: tuple[str, ...] = ()


def line_of(text: str, *words: str) -> int | None:
    """Return the first line that holds all the words, or None."""
    for number, line in enumerate(text.split("\n"), 1):
        if all(word in line for word in words):
            return number
    return None


def from_setup(path: str, facts: SetupFacts) -> Declared:
    """Return what a `setup.py` declares."""
    declared = Declared(python=facts.python, python_line=facts.python_line, scripts=facts.scripts)
    for texts, optional in ((facts.requirements, False), (facts.extras, True)):
        for text, line in texts:
            item = parse_requirement(text, path, line)
            if item:
                declared.requirements.append(replace(item, optional=optional))
    return declared


def from_setup_cfg(path: str, text: str) -> Declared:
    """Return what a `setup.cfg` declares; raises Unreadable where it is no configuration file."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Unreadable(f"{path} is no configuration file ({type(error).__name__}).") from None
    declared = Declared()
    blocks = [(parser.get("options", "install_requires", fallback=""), False)]
    if parser.has_section("options.extras_require"):
        blocks += [(value, True) for _, value in parser.items("options.extras_require")]
    for block, optional in blocks:
        for entry in re.split(r"[\n;]" if "\n" not in block else r"\n", block):
            item = parse_requirement(entry, path, line_of(text, entry.strip()) or 1) if entry.strip() else None
            if item:
                declared.requirements.append(replace(item, optional=optional))
    python = parser.get("options", "python_requires", fallback="").strip()
    if python:
        declared.python, declared.python_line = python, line_of(text, "python_requires")
    return declared


def _toml(path: str, text: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = toml.loads(text)
        return document
    except (toml.TOMLDecodeError, RecursionError, ValueError) as error:
        raise Unreadable(f"{path} is no TOML ({' '.join(str(error).split())[:150]}).") from None


def from_pyproject(path: str, text: str) -> Declared:
    """Return what a `pyproject.toml` declares, in the standard's words or Poetry's; raises Unreadable."""
    document = _toml(path, text)
    declared = Declared()
    project = _table(document, "project")
    groups = [(_list(project.get("dependencies")), False)]
    groups += [(_list(v), True) for v in _table(project, "optional-dependencies").values()]
    groups += [(_list(v), True) for v in _table(document, "dependency-groups").values()]
    for entries, optional in groups:
        for entry in entries:
            item = parse_requirement(entry, path, line_of(text, entry[:60]) or 1) if isinstance(entry, str) else None
            if item:
                declared.requirements.append(replace(item, optional=optional))
    if isinstance(project.get("requires-python"), str):
        declared.python, declared.python_line = project["requires-python"], line_of(text, "requires-python")
    declared.scripts = tuple(map(str, _table(project, "scripts")))
    poetry = _table(_table(document, "tool"), "poetry")
    if poetry:
        _poetry(declared, poetry, path, text)
    return declared


def _poetry(declared: Declared, poetry: dict[str, Any], path: str, text: str) -> None:
    groups = [(_table(poetry, "dependencies"), False), (_table(poetry, "dev-dependencies"), True)]
    groups += [(_table(g, "dependencies"), True) for g in _table(poetry, "group").values() if isinstance(g, dict)]
    for group, optional in groups:
        for name, value in group.items():
            version = value.get("version", "") if isinstance(value, dict) else value
            version = version if isinstance(version, str) else ""
            line = line_of(text, name) or 1
            if name.lower() == "python":
                declared.python, declared.python_line = version, line
                continue
            specifier = _caret(version)
            item = parse_requirement(f"{name}{specifier}", path, line) or parse_requirement(name, path, line)
            if item:
                declared.requirements.append(replace(item, optional=optional, text=f'{name} = "{version}"'))
    declared.scripts += tuple(map(str, _table(poetry, "scripts")))


def _caret(version: str) -> str:
    """Return a Poetry constraint in PEP 440 words; a bare version fixes it there."""
    version = version.strip()
    if version in ("", "*"):
        return ""
    if version.startswith(("^", "~")) and not version.startswith("~="):
        base = version.lstrip("^~ ")
        parts = base.split(".")
        if version.startswith("~"):
            return f">={base},=={'.'.join(parts[:2])}.*" if len(parts) > 1 else f">={base}"
        lead = next((n for n, part in enumerate(parts) if part != "0"), len(parts) - 1)
        try:
            upper = [*parts[:lead], str(int(parts[lead]) + 1)]
        except ValueError:
            return f">={base}"
        return f">={base},<{'.'.join(upper)}"
    return version if version[0] in "<>=!~" else f"=={version}"


def from_pipfile(path: str, text: str) -> Declared:
    """Return what a `Pipfile` declares; raises Unreadable."""
    document = _toml(path, text)
    declared = Declared()
    for section, optional in (("packages", False), ("dev-packages", True)):
        for name, value in _table(document, section).items():
            version = value.get("version", "") if isinstance(value, dict) else value
            version = "" if not isinstance(version, str) or version == "*" else version
            item = parse_requirement(f"{name}{version}", path, line_of(text, name) or 1)
            if item:
                declared.requirements.append(replace(item, optional=optional))
    requires = _table(document, "requires")
    python = requires.get("python_full_version") or requires.get("python_version")
    if isinstance(python, str):
        declared.python, declared.python_line = python, line_of(text, "python_")
    return declared


def from_lock(path: str, text: str) -> Declared:
    """Return what a lock file fixes (Pipfile.lock, poetry.lock, uv.lock, pdm.lock, pylock.toml); raises Unreadable."""
    declared = Declared(lock=True)
    if path.endswith(".lock") and text.lstrip().startswith("{"):
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"{path} is no JSON ({type(error).__name__}).") from None
        sections = [_table(document, part) for part in ("default", "develop")] if isinstance(document, dict) else []
        entries = [(n, v.get("version", "")) for s in sections for n, v in s.items() if isinstance(v, dict)]
    else:
        document = _toml(path, text)
        packages = document.get("package", document.get("packages"))
        listed = packages if isinstance(packages, list) else []
        entries = [
            (str(p.get("name")), f"=={p.get('version')}") for p in listed if isinstance(p, dict) and p.get("version")
        ]
    for name, version in entries[:5_000]:
        if isinstance(name, str) and isinstance(version, str):
            item = parse_requirement(f"{name}{version}", path, 1)
            if item:
                declared.requirements.append(replace(item, exact=is_exact(version)))
    return declared


def from_conda(path: str, text: str) -> Declared:
    """Return what a conda environment file declares, its pip section included; raises Unreadable."""
    try:
        document = read_yaml(text)
    except Unreadable as error:
        raise Unreadable(f"{path} could not be read: {error}.") from None
    declared = Declared()
    entries = document.get("dependencies") if isinstance(document, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, str):
            item = parse_conda(entry, path, line_of(text, entry[:60]) or 1)
            if item and item.name == "python":
                declared.python, declared.python_line = item.specifier or None, item.line
            elif item and item.name not in ("pip", "setuptools", "wheel") and not item.name.startswith("-"):
                declared.requirements.append(item)
        elif isinstance(entry, dict) and isinstance(entry.get("pip"), list):
            for inner in entry["pip"]:
                if isinstance(inner, str) and not inner.startswith(("-r", "--")):
                    item = parse_requirement(inner, path, line_of(text, inner[:60]) or 1)
                    if item:
                        declared.requirements.append(item)
    return declared


def from_container(path: str, text: str) -> Declared:
    """Return what the `RUN` lines of a Dockerfile install, and the Python that its base image names."""
    declared = Declared()
    pending, start = "", 0
    for number, raw in enumerate(text.split("\n")[:5_000], 1):
        line = raw.strip()[:2_000]
        if line.startswith("#"):
            continue
        start = start or number
        if line.endswith("\\"):
            pending = (pending + line[:-1] + " ")[:20_000]
            continue
        whole, pending = pending + line, ""
        first, start = start, 0
        base = re.match(r"(?i)from\s+(?:\S+/)?(python|continuumio/miniconda3?|pypy):?(\d[\w.]{0,20})?", whole)
        if base and base[1].lower() == "python" and base[2]:
            declared.python, declared.python_line = declared.python or base[2], declared.python_line or first
        stated = re.search(r"\bpython={0,2}\s?(3\.\d{1,2}|2\.7)", whole)
        if stated and declared.python is None:
            declared.python, declared.python_line = stated[1], first
        if re.match(r"(?i)(run|\s)", whole) or not re.match(r"(?i)[a-z]+\s", whole):
            found = installed_by(whole, path, first)
            declared.requirements += [item for item in found if item.name != "python"]
            for item in found:
                if item.name == "python" and item.specifier and declared.python is None:
                    declared.python, declared.python_line = item.specifier, first
    return declared


def _table(document: Any, key: str) -> dict[str, Any]:
    value = document.get(key) if isinstance(document, dict) else None
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
