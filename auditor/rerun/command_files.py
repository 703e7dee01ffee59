"""The files that a command names, seen from the top of the repository."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from auditor.repository.commands.shell import simple_commands
from auditor.repository.declared.requirement_text import joined
from auditor.rerun.model import Command

_FOR_WRITING = re.compile(r"^-{1,2}(?:\w+[-_])?(?:o|out|output|save|log|dump|write|dest|target|result)", re.I)
_MAKING = re.compile(
    r"(?:^|[/_.-])(?:download|fetch|prepare|pre_?process|generat|creat|convert|extract|setup|export|"
    r"(?:get|make|mk|gen|build|save|dump|write)(?![A-Za-z]))",
    re.I,
)


def placed_words(command: Command) -> Iterator[tuple[str, list[str]]]:
    """Yield each simple command's words with the folder in which it stands, from the top; empty for the top itself."""
    folder: str | None = "" if command.folder == "." else command.folder
    for text in simple_commands(command.shell):
        try:
            words = shlex.split(text)
        except ValueError:
            return
        if words[:1] == ["cd"]:
            folder = within(folder, words[1]) if len(words) == 2 else None
        elif words:
            if folder is None:
                return
            yield folder, words


def within(folder: str | None, name: str) -> str | None:
    """Return the path that `name` means in `folder`; None where it leaves the repository."""
    return None if folder is None else joined(f"{folder}/x" if folder else "x", name)


def named_inputs(command: Command) -> frozenset[str]:
    """Return the paths that a command names to be read, as far as its words tell.

    What stands behind an option or a sign for writing is none, and a program whose name says that it makes or fetches
    something may name what it makes.
    """
    found = set()
    for folder, words in placed_words(command):
        if any(_MAKING.search(word) for word in words[: 3 if "-m" in words[:2] else 2] if not word.startswith("-")):
            continue
        before = ""
        for word in words[1:]:
            name = word.partition("=")[2] if word.startswith("-") and "=" in word else word
            writes = _FOR_WRITING.match(word) or _FOR_WRITING.match(before) or before.endswith(">") or ">" in word
            if not writes and not name.startswith("-"):
                found.add(within(folder, name))
            before = word
    return frozenset(path for path in found if path)


def absent_for(command: Command, missing: str) -> frozenset[str]:
    """Return where `missing`, as a failed command's program named it, would lie; nothing where the command does not.

    Only a path that stands in the command itself is sure to mean the same file for another one.
    """
    places = {folder for folder, _ in placed_words(command)}
    return frozenset(path for path in (within(place, missing) for place in places) if path) & named_inputs(command)
