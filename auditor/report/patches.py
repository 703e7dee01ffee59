"""Patches of one audit put together, so that `git apply` takes them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

_FILE = re.compile(r"^(?=--- )", re.M)
_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? ")


@dataclass
class _Edits:
    """What patches change in one file, by the lines (from 1) of the file as it was audited."""

    head: str
    shown: dict[int, str] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    added: dict[int, list[str]] = field(default_factory=dict)
    """Lines that come before the line of this number."""

    @property
    def changed(self) -> set[int]:
        return self.removed | self.added.keys()


def combined(patches: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return patches of the same tree as one, and the files of which a change was left out.

    Each patch by itself applies to the tree as it was audited; two that change lines close together in one file do not
    apply one after the other, as each changes the lines around the other's. What changes another's lines is left out.
    """
    files: dict[str, _Edits] = {}
    left_out = []
    for patch in patches:
        for part in filter(None, _FILE.split(patch)):
            edits = _read(part)
            known = files.setdefault(edits.head, _Edits(edits.head))
            if known.changed & edits.changed:
                left_out.append(edits.head.split("\n")[0].removeprefix("--- a/").rstrip("\t"))
                continue
            known.shown |= edits.shown
            known.removed |= edits.removed
            known.added |= edits.added
    return "".join(edits.head + "".join(_hunks(edits)) for edits in files.values()), tuple(left_out)


def _read(part: str) -> _Edits:
    """Return the edits of one file's part of a unified diff."""
    lines = re.split(r"(?<=\n)", part)
    edits = _Edits("".join(lines[:2]))
    number, last = 0, ""
    for line in filter(None, lines[2:]):
        if start := _HUNK.match(line):
            number = int(start[1]) + (start[2] == "0")  # before the first line that it shows, of none: after that one
        elif line.startswith("\\"):  # "No newline at end of file" belongs to the line before
            if last == "+":
                edits.added[number][-1] += line
            else:
                edits.shown[number - 1] += line
        elif line.startswith("+"):
            edits.added.setdefault(number, []).append(line[1:])
        else:
            edits.shown[number] = line[1:]
            if line.startswith("-"):
                edits.removed.add(number)
            number += 1
        last = line[:1]
    return edits


def _hunks(edits: _Edits) -> Iterator[str]:
    """Yield the hunks: a run of lines that follow one another, with what is added before, within and after them."""
    grown = 0
    places = sorted(edits.shown.keys() | edits.added.keys())
    runs = [[place for _, place in run] for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]
    for run in runs:
        rows = []
        for place in run:
            rows += [f"+{row}" for row in edits.added.get(place, ())]
            if place in edits.shown:
                rows.append(("-" if place in edits.removed else " ") + edits.shown[place])
        old = sum(not row.startswith("+") for row in rows)
        new = sum(not row.startswith("-") for row in rows)
        start = run[0] if old else run[0] - 1
        yield f"@@ -{start},{old} +{run[0] + grown if new else run[0] + grown - 1},{new} @@\n"
        yield from rows
        grown += new - old
