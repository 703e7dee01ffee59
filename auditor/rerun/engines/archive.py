"""Tar streams to and from a container: what goes in is built here, what comes out is filtered member by member."""

from __future__ import annotations

import io
import os
import stat
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from auditor.errors import Unreadable

USER = 10001


def folder_entry(name: str, owner: int = USER, mode: int = 0o755) -> tarfile.TarInfo:
    """Return a folder's tar entry."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, mode, owner, owner
    return entry


def file_entry(name: str, size: int, owner: int = USER, mode: int = 0o644) -> tarfile.TarInfo:
    """Return a regular file's tar entry."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.uid, entry.gid = size, mode, owner, owner
    return entry


def small_tar(folders: Iterable[tarfile.TarInfo], files: Iterable[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """Return a tar of folders and of files whose content is at hand."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for folder in folders:
            archive.addfile(folder)
        for entry, data in files:
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def tree_tar(tree: Path, prefix: str, target: IO[bytes]) -> None:
    """Write the regular files and folders of `tree` to `target` as a tar under `prefix`, owned by the run's user.

    Links, devices and the like are left out; a file keeps its executable bit and nothing else of its mode.
    """
    with tarfile.open(fileobj=target, mode="w") as archive:
        archive.addfile(folder_entry(prefix))
        for path, name in _walk(tree):
            info = path.lstat()
            if stat.S_ISDIR(info.st_mode):
                archive.addfile(folder_entry(f"{prefix}/{name}"))
            elif stat.S_ISREG(info.st_mode):
                mode = 0o755 if info.st_mode & 0o100 else 0o644
                with path.open("rb") as stream:
                    archive.addfile(file_entry(f"{prefix}/{name}", info.st_size, mode=mode), stream)


def _walk(tree: Path) -> Iterator[tuple[Path, str]]:
    for folder, folders, files in os.walk(tree, followlinks=False):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in (*folders, *sorted(files)):
            path = Path(folder) / name
            yield path, path.relative_to(tree).as_posix()


def single_file(stream: Iterable[bytes], limit: int) -> bytes:
    """Return the content of the one regular file in a tar that a container sent.

    Raises Unreadable for anything else: a link, a device, a second member, a name that leaves its folder, a file over
    `limit` bytes.
    """
    buffer = bytearray()
    for chunk in stream:
        buffer += chunk
        if len(buffer) > limit + (1 << 16):
            raise Unreadable(f"A file of the run is larger than {limit} bytes and was not read.")
    try:
        with tarfile.open(fileobj=io.BytesIO(bytes(buffer)), mode="r:") as archive:
            members = archive.getmembers()
            if len(members) != 1 or not members[0].isreg() or members[0].issparse():
                raise Unreadable("The container sent something else than one regular file; it was refused.")
            member = members[0]
            if member.name.startswith("/") or ".." in member.name.split("/") or member.size > limit:
                raise Unreadable("The container sent a file under a name that leaves its folder; it was refused.")
            content = archive.extractfile(member)
            return content.read(limit) if content else b""
    except tarfile.TarError as error:
        raise Unreadable(f"What the container sent is no tar archive: {error}.") from error
