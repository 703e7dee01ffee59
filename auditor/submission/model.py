"""What a user hands in, once it lies safely in a scratch folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from auditor.record import Record
from auditor.text import Line

DateSource = Literal["commit", "newest file", "paper", "today"]


class Origin(Record):
    """Where one half of a submission came from, and what identifies the bytes that were audited."""

    kind: Literal["file", "url", "arxiv", "folder", "git", "archive", "bundle"]
    location: Line
    sha256: str | None = None
    """Of the PDF or the archive as handed in."""
    ref: Line | None = None
    """The git reference that was asked for."""
    commit: str | None = None
    dirty: bool | None = None
    """Whether a folder under git differs from its commit."""
    tree_hash: str | None = None
    """SHA-256 over the sorted lines `sha256  path` of every regular file audited."""
    as_of: date | None = None
    """The date by which the dependencies are resolved."""
    as_of_source: DateSource | None = None


@dataclass(frozen=True)
class Limits:
    """How much of a stranger's tree is taken: bytes and files in all, and bytes of one file."""

    bytes: int
    files: int
    file_bytes: int


class LeftOut(Record):
    """Something that could not be, or was not, taken into the audit, and why.

    `file` where `what` is the path of a file that belongs to the repository: then its name still counts.
    """

    what: Line
    why: Line
    file: bool = False


@dataclass(frozen=True)
class Submission:
    """A paper, a repository, or both, acquired into `scratch`; nothing of it has been executed."""

    slug: str
    """A short name safe for files, for the report's folder."""
    scratch: Path
    reports: Path | None = None
    """Where audits land: those that lie inside the audited folder are not part of it."""
    pdf: Path | None = None
    pdf_origin: Origin | None = None
    tree: Path | None = None
    """The scratch copy of the repository, without `.git`; regular files only."""
    tree_origin: Origin | None = None
    file_hashes: dict[str, str] | None = None
    """SHA-256 by relative path of every regular file of the tree."""
    left_out: tuple[LeftOut, ...] = ()
    """Symbolic links, submodules, LFS pointers, files over the size limit …"""
