"""What a `pyproject.toml` or `pixi.toml` declares, in the standard's words and in those of each tool."""

from __future__ import annotations

from typing import Any

from auditor.repository.declared.manifests import Declared, Lines, constrained, entries, read_toml, strings, table
from auditor.repository.declared.requirement_text import parse_conda, parse_requirement


def from_pyproject(path: str, text: str) -> Declared:
    """Return what a `pyproject.toml` declares: PEP 621 and 735, Poetry, PDM, Hatch, uv, flit, pixi.

    Raises Unreadable where it is no TOML.
    """
    document, lines = read_toml(path, text), Lines(text)
    declared = Declared()
    project, tool = table(document, "project"), table(document, "tool")
    _standard(declared, document, path, lines)
    _poetry(declared, table(tool, "poetry"), path, lines)
    _flit(declared, table(tool, "flit", "metadata"), path, lines)
    for name in ("uv", "pdm"):
        development = table(tool, name).get("dev-dependencies")
        groups = development.values() if isinstance(development, dict) else [development]
        for group in groups:
            _list(declared, group, path, lines, lines.of("dev-dependencies", lines.table(f"tool.{name}")), True)
    for name, environment in table(tool, "hatch", "envs").items():
        after = lines.table(f"tool.hatch.envs.{name}")
        for key in ("dependencies", "extra-dependencies"):
            _list(declared, table(environment).get(key), path, lines, after, True)
        declared.state_python(table(environment).get("python"), lines.of("python", after))
    _pixi(declared, table(tool, "pixi"), path, lines, "tool.pixi.")
    names = (project.get("name"), table(tool, "poetry").get("name"))
    declared.name = next((name for name in names if isinstance(name, str)), None)
    return declared


def from_pixi(path: str, text: str) -> Declared:
    """Return what a `pixi.toml` declares; raises Unreadable."""
    declared = Declared()
    _pixi(declared, read_toml(path, text), path, Lines(text), "")
    return declared


def _standard(declared: Declared, document: dict[str, Any], path: str, lines: Lines) -> None:
    project = table(document, "project")
    start = lines.table("project")
    _list(declared, project.get("dependencies"), path, lines, lines.of("dependencies", start), False)
    for section, groups, after in (
        ("project.optional-dependencies", table(project, "optional-dependencies"), start),
        ("dependency-groups", table(document, "dependency-groups"), 1),
    ):
        first = max(after, lines.table(section))
        for name, group in groups.items():
            _list(declared, group, path, lines, lines.of(name, first), True)
    declared.state_python(project.get("requires-python"), lines.of("requires-python", start))
    declared.scripts = tuple(map(str, table(project, "scripts")))


def _list(declared: Declared, entries: Any, path: str, lines: Lines, after: int, optional: bool) -> None:
    for entry in strings(entries):
        declared.add(parse_requirement(entry, path, lines.of(entry, after)), optional)


def _poetry(declared: Declared, poetry: dict[str, Any], path: str, lines: Lines) -> None:
    groups = [("dependencies", table(poetry, "dependencies"), False)]
    groups += [("dev-dependencies", table(poetry, "dev-dependencies"), True)]
    groups += [(f"group.{n}.dependencies", table(g, "dependencies"), True) for n, g in table(poetry, "group").items()]
    for section, group, optional in groups:
        after = lines.table(f"tool.poetry.{section}")
        for name, wanted in entries(group):
            line = lines.of(name, after)
            if name.lower() == "python":
                declared.state_python(wanted, line)
            else:
                declared.add(constrained(name, wanted, path, line), optional)
    declared.scripts += tuple(map(str, table(poetry, "scripts")))


def _flit(declared: Declared, flit: dict[str, Any], path: str, lines: Lines) -> None:
    after = lines.table("tool.flit.metadata")
    _list(declared, flit.get("requires"), path, lines, after, False)
    for group in table(flit, "requires-extra").values():
        _list(declared, group, path, lines, after, True)
    declared.state_python(flit.get("requires-python"), lines.of("requires-python", after))


def _pixi(declared: Declared, pixi: dict[str, Any], path: str, lines: Lines, prefix: str) -> None:
    tables = [("", pixi, False)]
    tables += [(f"feature.{name}.", table(feature), True) for name, feature in table(pixi, "feature").items()]
    for section, content, optional in tables:
        after = lines.table(f"{prefix}{section}dependencies")
        for name, wanted in entries(table(content, "dependencies")):
            version = wanted.get("version") if isinstance(wanted, dict) else wanted
            version = version.strip() if isinstance(version, str) and version != "*" else ""
            line = lines.of(name, after)
            if version and version[0].isdigit():
                version = f"={version}"
            if name == "python":
                declared.state_python(version, line)
            else:
                declared.add(parse_conda(f"{name}{version}", path, line) or parse_conda(name, path, line), optional)
        after = lines.table(f"{prefix}{section}pypi-dependencies")
        for name, wanted in entries(table(content, "pypi-dependencies")):
            declared.add(constrained(name, wanted, path, lines.of(name, after)), optional)
