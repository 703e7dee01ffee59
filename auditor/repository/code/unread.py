"""Code that could not be read, where that leaves open what the code does."""

from __future__ import annotations

from auditor.repository.model import Repository, Source

WEIGHT = 10
"""Where less than one line of code in so many could not be read, files that nothing uses leave nothing open."""
_LINE_BYTES = 40
"""By so many the lines of a file are counted that was not opened."""


def unread_code(repository: Repository, among: frozenset[str] | None = None) -> tuple[tuple[str, str], ...]:
    """Return (path, why) of the own Python files and notebooks that could not be read, or none where they hardly count.

    They count where they are a tenth of the code or more; a single one, where the documentation starts it or another
    source may import it. `among` are the paths that are asked about.
    """
    own = [s for s in repository.sources if not s.vendored and (among is None or s.path in among)]
    known = {s.path for s in own if s.known}
    unread = {s.path: s.problem or "" for s in own if not s.known}
    if among is None:
        unread |= {
            n.path: n.problem for n in repository.notebooks if n.problem and not repository.by_path[n.path].vendored
        }
    if not unread:
        return ()
    lines = sum(s.lines for s in own if s.path in known)
    counted = {s.path: s.lines for s in own}
    missing = sum(max(counted.get(path, 0), repository.by_path[path].size // _LINE_BYTES) for path in unread)
    if missing * WEIGHT >= lines + missing:
        return tuple(unread.items())
    used = _imported_names(own) | {command.resolved or "" for command in repository.commands}
    return tuple((path, why) for path, why in unread.items() if path in used or _module_names(path) & used)


def _imported_names(sources: list[Source]) -> set[str]:
    """Return the last names of all modules that the sources import, and the names that they import from modules."""
    names: set[str] = set()
    for source in sources:
        for item in source.imports:
            names |= {item.module.rpartition(".")[2], *item.names}
    return names


def _module_names(path: str) -> set[str]:
    """Return the name by which a file is imported; a package's own file has its folder's."""
    parts = path.removesuffix(".py").split("/")
    return {parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]}
