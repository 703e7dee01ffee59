"""Unpacking of zip and tar archives from strangers."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from auditor.errors import BadInput
from auditor.submission.model import LeftOut, Limits

_RATIO = 200  # deflate reaches about 1,000 on zeros; real files stay under 100
_RATIO_FROM = 16 << 20
_CHUNK = 1 << 20
_HEADER = 1 << 20
_EXTENDED = (
    tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE,
)  # fmt: skip

_UNREADABLE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    OSError,
)  # fmt: skip


@dataclass(frozen=True)
class _Member:
    path: str
    size: int
    kind: str
    modified: date | None
    open: Callable[[], IO[bytes]]
    link: str = ""
    packed: int | None = None


def is_archive(path: Path) -> bool:
    """Whether the file is a zip archive, or a tar archive, compressed or not, by its first bytes."""
    if zipfile.is_zipfile(path):
        return True
    try:
        with path.open("rb") as raw:
            return _decompressed(raw).read(512)[257:262] == b"ustar"
    except _UNREADABLE:
        return False


def is_damaged_zip(path: Path) -> bool:
    """Whether the file begins as a zip archive and cannot be opened as one: cut short, most often."""
    with path.open("rb") as raw:
        return raw.read(4) == b"PK\x03\x04" and not zipfile.is_zipfile(path)


def _decompressed(raw: IO[bytes]) -> IO[bytes]:
    """Return the stream without the compression that its first bytes name."""
    head = raw.read(6)
    raw.seek(0)
    for magic, module in ((b"\x1f\x8b", gzip), (b"BZh", bz2), (b"\xfd7zXZ\x00", lzma)):
        if head.startswith(magic):
            return module.open(raw)  # type: ignore[no-any-return]
    return raw


class _Counted(io.RawIOBase):
    """A tar stream that ends with BadInput once more was unpacked than files and their headers can take.

    tarfile reads headers, and skips members, without a limit of its own: a few kilobytes can stand for gigabytes.
    """

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self._stream = stream
        self._left = limits.bytes + 2048 * limits.files

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._stream.read(size if size >= 0 else _CHUNK)
        self._left -= len(data)
        if self._left < 0:
            raise BadInput("The archive unpacks to more than the limit on size.")
        return data


class _Header(tarfile.TarInfo):
    """A tar header that refuses names and attributes of a size that no file has; tarfile would read them whole."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        """Return the header that the block holds; raises BadInput for an extended header over 1 MiB."""
        header = super().frombuf(buf, encoding, errors)
        if header.type in _EXTENDED and header.size > _HEADER:
            raise BadInput("The archive has a header that is larger than any file name.")
        return header


def unpack(archive: Path, folder: Path, limits: Limits) -> tuple[tuple[LeftOut, ...], date | None]:
    """Write the regular files of `archive` to `folder`; return what was left out, and the newest plausible file date.

    Any name that could leave the folder (absolute, `..`, drive letter, backslash), that is no file name (control
    characters, over 255 bytes), or that stands for two files (the same name twice, or but for case), and any excess of
    size, number or compression ratio, ends the unpacking with BadInput and removes what was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    left_out: list[LeftOut] = []
    newest: date | None = None
    written, seen = 0, set[str]()
    try:
        for count, member in enumerate(_members(archive, limits)):
            if count >= limits.files:
                raise BadInput(f"The archive {archive.name} holds more than {limits.files:,} members.")
            path = _safe(member.path, archive.name)
            if member.kind == "folder" or _inside_git(path):
                continue
            if member.kind != "file":
                left_out.append(LeftOut(what=member.path, why=f"a {member.kind}{member.link} in the archive"))
                continue
            if path.lower() in seen:
                raise BadInput(
                    f"The archive {archive.name} holds {path!r} twice (names that differ by case count as one)."
                )
            seen.add(path.lower())
            written = _write(member, folder / path, written, limits.bytes, archive)
            if member.modified and _plausible(member.modified):
                newest = max(newest or member.modified, member.modified)
    except _UNREADABLE as error:
        _remove(folder)
        raise BadInput(f"The archive {archive.name} is damaged or of an unknown kind: {error}.") from error
    except BadInput:
        _remove(folder)
        raise
    return tuple(left_out), newest


def _members(archive: Path, limits: Limits) -> Iterator[_Member]:
    if zipfile.is_zipfile(archive):
        yield from _zip_members(archive)
    else:
        yield from _tar_members(archive, limits)


def _zip_members(archive: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            if info.flag_bits & 1:
                raise BadInput(f"The archive {archive.name} is encrypted; unpack it yourself and give the folder.")
            mode = info.external_attr >> 16
            kind = "folder" if info.is_dir() else "symbolic link" if stat.S_ISLNK(mode) else "file"
            try:
                modified = date(*info.date_time[:3])
            except ValueError:
                modified = None
            # The name as stored: ZipInfo.filename is already cut at NUL and has separators replaced.
            name = info.orig_filename
            yield _Member(name, info.file_size, kind, modified, partial(opened.open, info), packed=info.compress_size)


def _tar_members(archive: Path, limits: Limits) -> Iterator[_Member]:
    with (
        archive.open("rb") as raw,
        tarfile.open(
            fileobj=_Counted(_decompressed(raw), limits), mode="r|", errors="surrogateescape", tarinfo=_Header
        ) as opened,
    ):
        for info in opened:
            kinds = {
                tarfile.DIRTYPE: "folder",
                tarfile.SYMTYPE: "symbolic link",
                tarfile.LNKTYPE: "hard link",
                tarfile.CHRTYPE: "device",
                tarfile.BLKTYPE: "device",
                tarfile.FIFOTYPE: "pipe",
            }
            kind = "file" if info.isreg() else kinds.get(info.type, "special member")
            modified = datetime.fromtimestamp(min(max(info.mtime, 0), 4e9), timezone.utc).date()
            link = f" to {info.linkname[:200]}" if info.linkname else ""

            def reader(member: tarfile.TarInfo = info) -> IO[bytes]:
                stream = opened.extractfile(member)
                if stream is None:
                    raise BadInput(f"The archive {archive.name} holds a member without content.")
                return stream

            yield _Member(info.name, info.size, kind, modified, reader, link)


def _safe(name: str, archive: str) -> str:
    trimmed = name.rstrip("/")
    while trimmed.startswith("./"):
        trimmed = trimmed[2:]
    path = PurePosixPath(trimmed)
    bad = (
        not trimmed
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in trimmed
        or (len(trimmed) > 1 and trimmed[1] == ":")
        or any(ord(c) < 32 or ord(c) == 127 for c in trimmed)
        or any(len(os.fsencode(part)) > 255 or part.endswith((" ", ".")) for part in path.parts)
        or len(path.parts) > 60
    )
    if bad and trimmed not in ("", "."):
        raise BadInput(
            f"The archive {archive} holds the name {name[:120]!r}, which could lead out of its folder; not unpacked."
        )
    return str(path)


def _inside_git(path: str) -> bool:
    """A `.git` folder in an upload is never used: its config could name programs to run."""
    return any(part.lower() == ".git" for part in PurePosixPath(path).parts)


def _write(member: _Member, target: Path, written: int, max_bytes: int, archive: Path) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    packed = member.packed if member.packed is not None else archive.stat().st_size
    with member.open() as source, target.open("xb") as sink:
        here = 0
        while chunk := source.read(_CHUNK):
            here += len(chunk)
            written += len(chunk)
            if written > max_bytes:
                raise BadInput(f"The archive {archive.name} unpacks to more than {max_bytes >> 20} MiB.")
            if here > _RATIO_FROM and here > _RATIO * max(packed, 1):
                raise BadInput(
                    f"The archive {archive.name} holds {member.path[:80]!r}, unpacking to over {_RATIO} times its size."
                )
            sink.write(chunk)
    return written


def _plausible(day: date) -> bool:
    """Zip's epoch (1980) and future dates stand for no date at all."""
    return date(2000, 1, 1) <= day <= date.today() + timedelta(days=1)


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
