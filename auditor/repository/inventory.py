"""Walk a tree without following links, and read single files of it under caps."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.errors import BadInput, Unreadable
from auditor.repository.folders import lies_in
from auditor.repository.kinds import HEAD_BYTES, LFS_MARK, kind_of
from auditor.repository.model import TEXT_LIMIT, File, Repository

MAX_DEPTH = 40
SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", "__pycache__", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache"}
)
LEFT_OUT_LIMIT = 50


def read_repository(
    root: Path, max_files: int = 200_000, max_bytes: int = 4 << 30, absent: Iterable[str] = ()
) -> Repository:
    """Return the tree under `root` as a Repository, with what was not read in `left_out`.

    `absent` are the paths of files that belong to it but whose content is not here; they count by their names.
    Links are never followed; version-control folders and caches are not listed; the walk stops at `max_files` files,
    `max_bytes` bytes and forty levels. Raises BadInput if `root` is no readable folder.
    """
    from auditor.repository.vendored import vendored_folders

    walk = _Walk(root, max_files, max_bytes)
    walk.run()
    here = {file.path for file in walk.files}
    named = (File(path, TEXT_LIMIT, kind_of(path, TEXT_LIMIT, b""), absent=True) for path in absent if path not in here)
    files = tuple(sorted([*walk.files, *named], key=lambda file: file.path))
    folders = vendored_folders(root, files)
    marked = tuple(replace(file, vendored=True) if lies_in(file.path, folders) else file for file in files)
    return Repository(root=root, files=marked, left_out=tuple(walk.left_out))


class _Walk:
    """One pass over a tree, by folder, shallow ones first so that a cap cuts the deepest part."""

    def __init__(self, root: Path, max_files: int, max_bytes: int) -> None:
        self.root, self.max_files, self.max_bytes = root, max_files, max_bytes
        self.files: list[File] = []
        self.left_out: list[str] = []
        self.bytes = 0
        self.full = False

    def run(self) -> None:
        pending = [("", 0)]
        while pending and not self.full:
            following: list[tuple[str, int]] = []
            for folder, depth in pending:
                following += self._folder(folder, depth)
                if self.full:
                    break
            pending = following

    def _leave_out(self, sentence: str) -> None:
        if len(self.left_out) < LEFT_OUT_LIMIT:
            self.left_out.append(_shown(sentence))
        elif len(self.left_out) == LEFT_OUT_LIMIT:
            self.left_out.append("More was left out for the same reasons.")

    def _folder(self, folder: str, depth: int) -> list[tuple[str, int]]:
        try:
            opened = _open_folder(self.root, folder.split("/") if folder else [])
        except OSError as error:
            return self._unreadable(folder, error)
        try:
            with os.scandir(opened) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
            found = []
            for entry in listed:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if self._entry(entry, path, opened):
                    if depth + 1 >= MAX_DEPTH:
                        self._leave_out(f"The folder {path} lies deeper than {MAX_DEPTH} levels.")
                    else:
                        found.append((path, depth + 1))
                if self.full:
                    break
            return found
        except OSError as error:
            return self._unreadable(folder, error)
        finally:
            os.close(opened)

    def _unreadable(self, folder: str, error: OSError) -> list[tuple[str, int]]:
        """Leave a folder out; raises BadInput where it is the root."""
        if not folder:
            raise BadInput(f"The folder {self.root} cannot be read: {error.strerror or error}.") from error
        self._leave_out(f"The folder {folder} cannot be read.")
        return []

    def _entry(self, entry: os.DirEntry[str], path: str, opened: int) -> bool:
        """Take one entry in; return whether it is a folder to walk."""
        try:
            path.encode()
        except UnicodeEncodeError:
            self._leave_out(f"A file name that is not UTF-8 was left out: {path.encode(errors='replace').decode()}.")
            return False
        if entry.is_symlink():
            self._leave_out(f"The link {path} was not followed.")
            return False
        if entry.is_dir(follow_symlinks=False):
            return entry.name not in SKIPPED_FOLDERS
        if not entry.is_file(follow_symlinks=False):
            self._leave_out(f"{path} is no regular file.")
            return False
        self._file(entry.name, path, opened)
        return False

    def _file(self, name: str, path: str, opened: int) -> None:
        """Take in the file of this name in the folder that is `opened`."""
        try:
            size, head = _head(name, opened)
        except OSError:
            self._leave_out(f"The file {path} cannot be read.")
            return
        if len(self.files) >= self.max_files or self.bytes + size > self.max_bytes:
            limit = f"{self.max_files} files" if len(self.files) >= self.max_files else f"{self.max_bytes} bytes"
            self._leave_out(f"The tree is larger than {limit}; from {path} on it was not read.")
            self.full = True
            return
        self.bytes += size
        self.files.append(File(path, size, kind_of(path, size, head), absent=head.startswith(LFS_MARK)))


_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def _open_folder(root: Path, parts: Sequence[str]) -> int:
    """Return the descriptor of a folder below `root`, following no link on the way; raises OSError."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts:
        try:
            inner = os.open(part, _FLAGS | os.O_DIRECTORY, dir_fd=folder)
        finally:
            os.close(folder)
        folder = inner
    return folder


def _head(name: str, folder: int) -> tuple[int, bytes]:
    """Return the size and the first bytes of a regular file in an opened folder; raises OSError."""
    descriptor = os.open(name, _FLAGS, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{name} is no regular file")
        return status.st_size, os.read(descriptor, HEAD_BYTES)
    finally:
        os.close(descriptor)


def read_bytes(root: Path, path: str, limit: int, whole: bool = True) -> bytes:
    """Return up to `limit` bytes of a regular file below `root`, following no link on the way.

    Raises Unreadable where the path leaves the root, crosses a link, is no regular file, or (if `whole`) is larger.
    """
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        raise Unreadable(f"The path {_shown(path)} does not lie in the repository.")
    try:
        folder = _open_folder(root, parts[:-1])
        try:
            descriptor = os.open(parts[-1], _FLAGS, dir_fd=folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise Unreadable(f"The file {_shown(path)} cannot be opened: {error.strerror or error}.") from None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{_shown(path)} is no regular file.")
        if whole and status.st_size > limit:
            raise Unreadable(
                f"The file {_shown(path)} has {status.st_size} bytes, more than the {limit} that are read."
            )
        return stream.read(limit)


def _shown(text: str) -> str:
    from auditor.text import printable

    return printable(text)


def read_text(root: Path, path: str, limit: int = TEXT_LIMIT) -> str:
    """Return a file's text, undecodable bytes replaced, line ends as `\\n`.

    Raises Unreadable where the path leaves the root or crosses a link, or the file is larger than `limit` bytes.
    """
    return _decoded(read_bytes(root, path, limit))


def read_start(root: Path, path: str, limit: int) -> tuple[str, bool]:
    """Return the text of a file's first `limit` bytes, and whether that is all of it; raises Unreadable."""
    data = read_bytes(root, path, limit + 1, whole=False)
    return _decoded(data[:limit]), len(data) <= limit


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", errors="replace")
    else:
        text = data.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
