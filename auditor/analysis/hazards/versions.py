"""Which versions of a library the repository asks for, and whether a rule for some versions holds for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from auditor.repository.model import Dependencies, Requirement

_SAME = {
    "tensorflow": ("tensorflow", "tensorflow-gpu", "tensorflow-cpu"),
    "lightning": ("lightning", "pytorch-lightning"),
    "gym": ("gym",),
}
"""Distributions that bring the same library, with the same numbering."""


@dataclass(frozen=True)
class Versions:
    """The versions that a repository's files and documents declare."""

    dependencies: Dependencies

    @cached_property
    def _by_name(self) -> dict[str, list[Requirement]]:
        found: dict[str, list[Requirement]] = {}
        for item in self.dependencies.requirements:
            if item.specifier and not item.optional:
                found.setdefault(item.name, []).append(item)
        return found

    def of(self, library: str) -> tuple[SpecifierSet, ...]:
        """Return the specifiers declared for a library: the exact ones where there are any, of files before prose."""
        items = [item for name in _SAME.get(library, (library,)) for item in self._by_name.get(name, ())]
        for chosen in (
            [item for item in items if item.exact and item.source == "file"],
            [item for item in items if item.source == "file"],
            items,
        ):
            found = tuple(s for item in chosen if (s := _specifiers(item.specifier)) is not None)
            if found:
                return found
        return ()

    def holds(self, library: str, rule: str) -> bool | None:
        """Return whether what is declared lies within `rule` (`<1.9`); None where it may or may not.

        Tried on the versions at and around every bound that is named on either side.
        """
        wanted = SpecifierSet(rule)
        answers = {
            wanted.contains(version, prereleases=True)
            for declared in self.of(library)
            for version in _around(declared, wanted)
            if declared.contains(version, prereleases=True)
        }
        return answers.pop() if len(answers) == 1 else None


def _specifiers(text: str) -> SpecifierSet | None:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def _around(*sets: SpecifierSet) -> set[Version]:
    """Return versions at, below and above every bound."""
    found: set[Version] = set()
    for specifiers in sets:
        for specifier in specifiers:
            try:
                bound = Version(specifier.version.removesuffix(".*"))
            except InvalidVersion:
                continue
            major, minor, micro = bound.major, bound.minor, bound.micro
            found.add(bound)
            found |= {Version(f"{a}.{b}.{c}") for a, b, c in (
                (major, minor, micro), (major, minor, micro + 1), (major, minor + 1, 0), (major + 1, 0, 0),
                (major, minor, max(micro - 1, 0)), (major, max(minor - 1, 0), 99), (max(major - 1, 0), 99, 0),
            )}  # fmt: skip
    return {version for version in found if version > Version("0")}
