"""The environment that the repository's facts ask for: which Python, which requirements, as of which date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from packaging.markers import InvalidMarker, Marker
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion

from auditor.repository.declared.requirement_text import version_in_words
from auditor.repository.model import Dependencies, Repository, Requirement
from auditor.rerun.engines import Recipe
from auditor.submission.model import DateSource, Origin

# The first day on which most scientific packages offered wheels for a Python: some five months after its release
# (python.org's release dates; numpy's, scipy's and torch's first wheels on the package index).
WHEELS_SINCE = {
    "3.6": date(2017, 3, 1), "3.7": date(2018, 10, 1), "3.8": date(2020, 1, 1), "3.9": date(2021, 3, 1),
    "3.10": date(2022, 2, 1), "3.11": date(2023, 3, 1), "3.12": date(2024, 2, 1), "3.13": date(2025, 2, 1),
    "3.14": date(2026, 2, 1),
}  # fmt: skip

# Distributions that are no requirement of the code: the interpreter, installers, and the platform's own packages.
_NOT_PACKAGES = frozenset(
    {"python", "pip", "wheel", "conda", "cudatoolkit", "cuda", "cudnn", "mkl", "libgcc-ng", "r-base"}
)


@dataclass(frozen=True)
class Choice:
    """A Python, and why it was chosen; `fits` is False where one that is stated, or of the time, is not at hand."""

    python: str
    why: str
    fits: bool = True


@dataclass(frozen=True)
class Wanted:
    """What the environment is to hold before it is resolved. `notes` say what was left aside, and why."""

    choices: tuple[Choice, ...]
    """The Pythons at hand, best first."""
    requirements: tuple[str, ...]
    exact: bool
    as_of: date | None
    as_of_source: DateSource | None
    notes: tuple[str, ...] = ()


def wanted(repository: Repository, origin: Origin | None, pythons: dict[str, str], python: str | None) -> Wanted:
    """Return what the repository's facts ask for; `python` is the user's own choice of version."""
    dependencies = repository.dependencies
    as_of = origin.as_of if origin else None
    choices = python_choices(dependencies, as_of, tuple(pythons), python)
    declared, said = said_in_prose(dependencies)
    requirements, notes = requirement_lines(declared, choices[0].python)
    named = [r for r in declared if _counts(r)]
    return Wanted(
        choices=choices,
        requirements=requirements,
        exact=bool(named) and all(r.exact for r in named),
        as_of=as_of,
        as_of_source=origin.as_of_source if origin else None,
        notes=(*said, *notes),
    )


def said_in_prose(dependencies: Dependencies) -> tuple[tuple[Requirement, ...], tuple[str, ...]]:
    """Return the requirements without those that only prose names and no source imports, and a note on these.

    A sentence is not a declaration: words beside an install command are easily taken for packages, and nearly every
    English word is the name of somebody's package.
    """
    imported = {canonicalize_name(name) for name in dependencies.imported}
    aside = [
        r for r in dependencies.requirements
        if r.source == "prose" and not r.specifier and canonicalize_name(r.name) not in imported
    ]  # fmt: skip
    kept = tuple(r for r in dependencies.requirements if r not in aside)
    names = ", ".join(dict.fromkeys(r.name[:40] for r in aside[:10]))
    return kept, ((f"Named in prose and imported nowhere, so not installed: {names}.",) if aside else ())


def python_choices(
    dependencies: Dependencies, as_of: date | None, offered: tuple[str, ...], python: str | None = None
) -> tuple[Choice, ...]:
    """Return the Pythons at hand, best first: the user's, those that the statement admits, newest of the date first.

    A Python is of the date when packages offered wheels for it by then. `offered` must not be empty.
    """
    versions = sorted(offered, key=_numbers, reverse=True)
    if python:
        return (Choice(python, "You chose it."),)
    stated = stated_specifier(dependencies.python)
    fitting = [version for version in versions if stated is None or _admits(stated, version)]
    of_the_date = [v for v in fitting if as_of is None or WHEELS_SINCE.get(v, date.min) <= as_of]
    words = version_in_words(dependencies.python or "")
    said = f"The repository states Python {words}" if stated is not None else "No Python is stated"
    choices = [
        Choice(v, f"{said}; it is the newest at hand that had packages by {as_of or 'today'}.") for v in of_the_date
    ]
    too_new = sorted((v for v in fitting if v not in of_the_date), key=_numbers)
    choices += [
        Choice(v, f"{said}; it is the oldest at hand, newer than the repository's date {as_of}.", fits=False)
        for v in too_new
    ]
    others = [v for v in versions if v not in fitting]
    others.sort(key=lambda v: _distance(v, dependencies.python))
    choices += [Choice(v, f"{said}, which is not at hand; this one is the nearest.", fits=False) for v in others]
    return tuple(choices)


def stated_specifier(text: str | None) -> SpecifierSet | None:
    """Return a stated Python as a specifier (`3.8` -> `==3.8.*`); None where nothing usable is stated."""
    if not text:
        return None
    text = text.strip().replace(" ", "")
    poetry = re.fullmatch(r"\^(\d+)\.(\d+)(?:\.\d+)?", text)
    if poetry:
        text = f">={poetry[1]}.{poetry[2]},<{int(poetry[1]) + 1}"
    text = re.sub(r"^~(?==?\d)=?|^~(?=\d)", "~=", text) if text.startswith("~") else text
    bare = re.fullmatch(r"=?=?(\d+)(?:\.(\d+))?(?:\.\d+|\.\*)*", text)
    if bare:
        text = f"=={bare[1]}.{bare[2]}.*" if bare[2] else f"=={bare[1]}.*"
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def _admits(stated: SpecifierSet, version: str) -> bool:
    # A statement such as >=3.8.5 admits 3.8: some release of it fits.
    return any(stated.contains(f"{version}.{patch}") for patch in (0, 5, 10, 18))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)) or (0,)


def _distance(version: str, stated: str | None) -> tuple[int, int]:
    """How far a version lies from the first stated one; at the same distance the newer one is preferred."""
    found = re.search(r"3\.(\d+)", stated or "")
    minor = _numbers(version)[-1]
    away = minor - (int(found[1]) if found else 0)
    return abs(away), -away


def requirement_lines(requirements: tuple[Requirement, ...], python: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `name specifier` lines for what is declared, and notes on what is not taken as it stands.

    The authors' files are never handed to an installer: options, indexes, URLs and paths stay behind as facts. Where
    one name is declared twice, the first declaration with a specifier counts, files before prose.
    """
    lines: dict[str, str] = {}
    notes: list[str] = []
    ordered = sorted((r for r in requirements if _counts(r)), key=lambda r: (r.source != "file", not r.specifier))
    for requirement in ordered:
        name = canonicalize_name(requirement.name)
        if name in lines or not _applies(requirement.marker, python):
            continue
        specifier = requirement.specifier.replace(" ", "")
        if requirement.url:
            release = _release_in(requirement.url, name)
            if release is None:
                notes.append(f"{name} is declared by URL, which a rerun does not fetch; it was not installed.")
                continue
            notes.append(f"{name} {release} is declared by URL; it was taken from the package index instead.")
            specifier = f"=={release}"
        try:  # a specifier alone: whatever else stood there (a URL, an option, a marker) is refused by its grammar
            lines[name] = f"{name}{SpecifierSet(specifier)}"
        except InvalidSpecifier:
            notes.append(
                f"The version of {name} ({specifier[:60]}) is none that Python's packages use; it was left open."
            )
            lines[name] = name
    return tuple(lines.values()), tuple(notes)


def _release_in(url: str, name: str) -> str | None:
    """The public version of a wheel that a URL names; None for a repository or another file.

    A name alone is not looked up in the index: there it may be somebody else's package.
    """
    try:
        found, version, _, _ = parse_wheel_filename(unquote(urlsplit(url).path.rsplit("/", 1)[-1]))
    except (InvalidWheelFilename, InvalidVersion, ValueError):
        return None
    return version.public if found == name else None


def _counts(requirement: Requirement) -> bool:
    named = re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?", requirement.name)
    return bool(named) and not requirement.optional and canonicalize_name(requirement.name) not in _NOT_PACKAGES


def _applies(marker: str, python: str) -> bool:
    if not marker:
        return True
    try:
        environment = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux",
                       "platform_system": "Linux", "os_name": "posix", "extra": ""}  # fmt: skip
        return Marker(marker).evaluate(environment)
    except (InvalidMarker, ValueError, KeyError):
        return True


def name_of(line: str) -> str:
    """Return the canonical name of a requirement line."""
    return canonicalize_name(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0])


def recipe_for(want: Wanted, choice: Choice) -> Recipe:
    """Return the recipe of a choice of Python: the date is the later of the code's and of that Python's first wheels.

    Until Python 3.12 a fresh environment held setuptools, and old packages rely on it: one of the time is added.
    """
    as_of = want.as_of
    if as_of:
        as_of = max(as_of, WHEELS_SINCE.get(choice.python, as_of))
        as_of = None if as_of >= date.today() else as_of
    lines = want.requirements
    if lines and _numbers(choice.python) < (3, 12) and not any(name_of(line) == "setuptools" for line in lines):
        lines = (*lines, "setuptools")
    return Recipe(choice.python, lines, as_of)
