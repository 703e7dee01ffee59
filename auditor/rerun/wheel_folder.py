"""CPU builds of the largest packages, from the user's wheel folder, where the default build would be gigabytes."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, replace
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from auditor.rerun.engines import FolderWheel, Recipe

LARGE = frozenset({"torch", "torchvision", "torchaudio", "tensorflow", "jaxlib", "paddlepaddle", "mxnet"})
"""Distributions whose default build for Linux carries a GPU's libraries, or depends on them."""
MOST_BYTES = 1 << 30
"""The download beyond which a CPU build of another release stands in for the default build of the time."""
_METADATA_BYTES = 1 << 20


@dataclass(frozen=True)
class Lighter:
    """A recipe that takes CPU builds from the wheel folder, and why, in a sentence each."""

    recipe: Recipe
    what: str
    why: str


def lighter(recipe: Recipe, lock: str, folder: Path | None, size: int) -> Lighter | None:
    """Return the recipe with CPU builds from `folder` in place of the large packages of `lock`; None where none serve.

    The folder's build of the very release that was resolved is always taken. One of another release is taken only
    where the download (`size`, in bytes) would exceed MOST_BYTES; of several, the one nearest above the release.
    """
    locked = {name: version for name, version in locked_versions(lock).items() if name in LARGE}
    if folder is None or not locked or recipe.folder_wheels:
        return None
    offered = [wheel for wheel in cpu_builds(folder, recipe.python) if wheel.name in locked]
    exact = [w for w in offered if Version(w.version).public == Version(locked[w.name]).public]
    chosen, why = {wheel.name: wheel for wheel in exact}, "The wheel folder holds the CPU build of this release."
    others = {wheel.name for wheel in offered} - set(chosen)
    if others and size > MOST_BYTES:
        why = f"The default build and what it needs would be a download of {size / 2**30:.1f} GiB."
        for name in others:
            chosen[name] = _nearest([wheel for wheel in offered if wheel.name == name], Version(locked[name]))
    if not chosen:
        return None
    wheels = tuple(chosen[name] for name in sorted(chosen))
    said = [f"{w.name} {w.version} in place of {locked[w.name]}" for w in wheels]
    return Lighter(replace(recipe, folder_wheels=wheels), f"From the wheel folder: {', '.join(said)}.", why)


def locked_versions(lock: str) -> dict[str, str]:
    """Return the version of each distribution of a lock."""
    return {canonicalize_name(m[1]): m[2] for m in re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.M)}


def cpu_builds(folder: Path, python: str) -> tuple[FolderWheel, ...]:
    """Return the wheels of a folder that are CPU builds of large packages for this Python; unreadable ones are none."""
    tag = "cp" + python.replace(".", "")
    found = []
    for path in sorted(folder.glob("*.whl"))[:10_000]:
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        if name in LARGE and (version.local or "").startswith("cpu") and tag in {t.interpreter for t in tags}:
            found.append(FolderWheel(name, str(version), _needs(path)))
    return tuple(found)


def _nearest(wheels: list[FolderWheel], wanted: Version) -> FolderWheel:
    ordered = sorted(wheels, key=lambda wheel: Version(wheel.version))
    return next((wheel for wheel in ordered if Version(wheel.version) >= wanted), ordered[-1])


def _needs(path: Path) -> tuple[str, ...]:
    """Return the names that a wheel requires without an extra; nothing where the wheel cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            place = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
            with archive.open(place) as stream:
                text = stream.read(_METADATA_BYTES).decode("utf-8", "replace")
    except (OSError, zipfile.BadZipFile, StopIteration):
        return ()
    names = []
    for line in HeaderParser().parsestr(text).get_all("Requires-Dist") or ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if requirement.marker is None or "extra" not in str(requirement.marker):
            names.append(canonicalize_name(requirement.name))
    return tuple(names)
