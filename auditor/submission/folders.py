"""Copies of folders and the identity of trees."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path

from auditor.errors import BadInput
from auditor.submission import git
from auditor.submission.model import LeftOut, Limits

# What tools leave in a working tree and nobody means to submit.
_NEVER = {
    ".git",
    ".hg",
    ".svn",
    "__pycache__",
    ".venv",
    ".tox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "node_modules",
}
_DEPTH = 60


def walk(root: Path) -> Iterator[os.DirEntry[str]]:
    """Yield every entry below `root` that is no folder; links are yielded, never followed."""
    stack = [(str(root), 0)]
    while stack:
        folder, depth = stack.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEPTH:
                    stack.append((entry.path, depth + 1))
            else:
                yield entry


def copy_tree(source: Path, target: Path, limits: Limits, ignored: frozenset[str] = frozenset()) -> list[LeftOut]:
    """Copy the regular files of `source` that are not ignored to `target`; return what was left out.

    A link to a file inside the tree becomes a copy of that file; other links, devices and virtual environments are left
    out. Raises BadInput past the limits.
    """
    left_out: list[LeftOut] = []
    target.mkdir(parents=True, exist_ok=True)
    inside, total, count = source.resolve(), 0, 0
    skipped: set[str] = set()
    for entry in walk(source):
        path = os.path.relpath(entry.path, source)
        if _skip(path, source, ignored, skipped):
            continue
        origin = Path(entry.path)
        if entry.is_symlink():
            origin = origin.resolve()
            if not origin.is_relative_to(inside) or not origin.is_file():
                left_out.append(LeftOut(what=path, why="a symbolic link that does not lead to a file of the tree"))
                continue
        elif not entry.is_file(follow_symlinks=False):
            left_out.append(LeftOut(what=path, why="not a regular file"))
            continue
        size = origin.stat().st_size
        if size > limits.file_bytes:
            left_out.append(LeftOut(what=path, why=f"larger than {limits.file_bytes >> 20} MiB", file=True))
            continue
        total, count = total + size, count + 1
        if total > limits.bytes or count > limits.files:
            raise BadInput(f"The folder {source} holds more than {limits.files:,} files or {limits.bytes >> 20} MiB.")
        copied = target / path
        copied.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(origin, copied)
        except OSError as error:
            left_out.append(LeftOut(what=path, why=f"could not be read: {error.strerror}"))
    left_out += [
        LeftOut(what=f"{folder}/", why="a tool's own folder, not part of the work") for folder in sorted(skipped)
    ]
    return left_out


def _skip(path: str, source: Path, ignored: frozenset[str], skipped: set[str]) -> bool:
    parts = path.split(os.sep)
    for index, part in enumerate(parts[:-1], 1):
        folder = "/".join(parts[:index])
        if part in _NEVER or (source / folder / "pyvenv.cfg").is_file():
            if part != ".git" and part != "__pycache__":
                skipped.add(folder)
            return True
        if f"{folder}/" in ignored:
            return True
    return path in ignored or parts[-1] == ".git"


def file_hashes(root: Path) -> dict[str, str]:
    """Return SHA-256 by relative path (with `/`) of every regular file below `root`."""
    hashes = {}
    for entry in walk(root):
        if entry.is_file(follow_symlinks=False):
            hashes[os.path.relpath(entry.path, root).replace(os.sep, "/")] = _sha256(entry.path)
    return hashes


def _sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def tree_hash(hashes: dict[str, str]) -> str:
    """Return SHA-256 over the sorted lines `sha256  path` (names that are not UTF-8 kept byte for byte)."""
    digest = hashlib.sha256()
    for path in sorted(hashes):
        digest.update(f"{hashes[path]}  {path}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def newest_date(root: Path) -> date | None:
    """Return the newest plausible modification date (UTC) of the files below `root`."""
    days = []
    for entry in walk(root):
        stamp = entry.stat(follow_symlinks=False).st_mtime
        if 946_684_800 < stamp < datetime.now(timezone.utc).timestamp() + 86_400:
            days.append(stamp)
    return datetime.fromtimestamp(max(days), timezone.utc).date() if days else None


def is_dirty(store: Path, commit: str, hashes_of: Path) -> bool:
    """Whether the files below `hashes_of` differ from those of `commit` (regular files, by content)."""
    committed = git.blob_hashes(store, commit)
    for path, blob in committed.items():
        file = hashes_of / path
        if not file.is_file() or git.blob_hash(file.read_bytes()) != blob:
            return True
    present = {os.path.relpath(entry.path, hashes_of).replace(os.sep, "/") for entry in walk(hashes_of)}
    return bool(present - committed.keys())
