"""Paths that are no part of the authors' machine: settings that the reader is told to edit, places in a container."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from auditor.repository.model import Repository

TEXT_LIMIT = 200_000
TEXTS_LIMIT = 2_000_000
"""Characters of all documents, or scripts, together that are searched."""
_SHOWN = re.compile(r"^[\s$>]{0,12}(?:export\s{1,3})?([A-Za-z_]\w{1,60})\s{0,3}=(?!=)", re.M)
"""A line of a document that gives a variable its value."""
_NAMED = re.compile(r"(?<![\w`'\"])[`'\"]{1,3}([A-Za-z_]\w{1,60})[`'\"]{1,3}(?![\w`'\"])")
_TO_EDIT = re.compile(r"\b(chang|edit|modif|adapt|adjust|replac|specif|indicat|set)\w{0,4}\b", re.I)
_COMMENT_TO_EDIT = re.compile(r"#.{0,200}\b(change|edit|modify|adapt|adjust|replace|set|specify|your?)\b", re.I)
_MOUNT = re.compile(r"(?:-v|--volume)[\s=]+[^\s:]{1,200}:(/[\w.-]{1,60}/[\w.-]{1,60})")
_WORKDIR = re.compile(r"^\s{0,8}WORKDIR\s{1,3}[\"']?(/[\w.-]{1,60}/[\w.-]{1,60})", re.M)


@dataclass(frozen=True)
class PathSettings:
    """What one repository's documents, containers and comments say of its paths."""

    repository: Repository

    def is_documented(self, variable: str) -> bool:
        """Return whether a document shows a variable with a value, or has the reader change it."""
        return variable in self._documented

    @cached_property
    def _documented(self) -> frozenset[str]:
        found: set[str] = set()
        left = TEXTS_LIMIT
        for document in self.repository.documents:
            text = document.text[: min(TEXT_LIMIT, left)]
            left -= len(text)
            found |= set(_SHOWN.findall(text))
            for row in text.split("\n"):
                if _TO_EDIT.search(row[:2_000]):
                    found |= set(_NAMED.findall(row[:2_000]))
        return frozenset(found)

    def in_container(self, path: str) -> bool:
        """Return whether a path lies in a place that the repository mounts into, or makes in, a container."""
        return bool(self._mounted) and path.startswith(self._mounted)

    @cached_property
    def _mounted(self) -> tuple[str, ...]:
        """The first two folders of every such place."""
        found: set[str] = set()
        left = TEXTS_LIMIT
        for file in self.repository.own_files:
            if file.kind in ("shell", "container") and file.size < min(TEXT_LIMIT, left):
                text = self.repository.text(file.path)
                left -= len(text)
                found |= {*_MOUNT.findall(text), *_WORKDIR.findall(text)}
        return tuple(sorted(f"{place}/" for place in found))


def is_to_edit(row: str, above: str) -> bool:
    """Return whether a comment in a line, or the comment above it, tells the reader to put another value there."""
    return bool(_COMMENT_TO_EDIT.search(row[:2_000]) or _COMMENT_TO_EDIT.match(above.strip()[:300]))
