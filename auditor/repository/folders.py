"""The folders that paths of a tree lie in, by name, in time that grows with the paths alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set


def folders_above(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, the nearest first, the root left out."""
    end = path.rfind("/")
    while end > 0:
        path = path[:end]
        yield path
        end = path.rfind("/")


def folders_of(paths: Iterable[str]) -> frozenset[str]:
    """Return every folder that one of the paths lies in, the root left out."""
    found: set[str] = set()
    for path in paths:
        for folder in folders_above(path):
            if folder in found:
                break
            found.add(folder)
    return frozenset(found)


def lies_in(path: str, folders: Set[str]) -> bool:
    """Return whether a path lies in one of the folders, at any depth."""
    return bool(folders) and any(folder in folders for folder in folders_above(path))
