"""Every call of git, hardened: no hooks, filters, monitors, submodules or prompts, and nothing of a foreign config."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from auditor.errors import BadInput, MachineFault
from auditor.submission.download import split_url
from auditor.submission.model import LeftOut, Limits

_OPTIONS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.symlinks=false",
    "core.autocrlf=false",
    "core.attributesFile=/dev/null",
    "core.longpaths=true",
    "submodule.recurse=false",
    "filter.lfs.smudge=",
    "filter.lfs.process=",
    "filter.lfs.required=false",
    "fetch.fsckObjects=false",
    "gc.auto=0",
    "safe.directory=*",
    "advice.detachedHead=false",
    "http.followRedirects=initial",
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "GIT_SSH_COMMAND": "false",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
_MAX_OUTPUT = 64 << 20
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+@-]{0,200}")


@dataclass(frozen=True)
class Checkout:
    """A commit whose files were written to a folder."""

    commit: str
    date: datetime
    left_out: tuple[LeftOut, ...]


def check_url(url: str, protocols: tuple[str, ...] = ("https",)) -> str:
    """Return `url` if git may be given it; raises BadInput for other schemes, credentials and would-be options."""
    parts = split_url(url)
    if url.startswith("-") or any(ord(c) < 33 or ord(c) == 127 for c in url):
        raise BadInput("The repository's address holds characters that no address has; give an https:// address.")
    if parts.scheme not in protocols or (parts.scheme == "https" and not parts.hostname):
        raise BadInput(f"A repository is cloned over {' or '.join(protocols)} only, not from {url[:120]!r}.")
    if parts.username or parts.password:
        raise BadInput("The repository's address holds a user name or password; clone it yourself and give the folder.")
    return url


def clone(
    url: str, ref: str | None, folder: Path, *, protocols: tuple[str, ...], seconds: float, limits: Limits
) -> Checkout:
    """Fetch one commit of `url` (the branch, tag or commit `ref`, else HEAD) and write its files to `folder`.

    Raises BadInput when the address, the ref or the size is the problem, MachineFault when git is missing.
    """
    check_url(url, protocols)
    if ref is not None and not _REF.fullmatch(ref):
        raise BadInput(f"{ref[:80]!r} is not the name of a branch, tag or commit.")
    store = folder.with_name(folder.name + ".git")
    _git(store, "init", "--quiet", "--bare", "--template=", store, seconds=30)
    try:
        wanted = ref or "HEAD"
        fetch = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--depth=1")
        arguments = (*fetch, "--", url, f"{wanted}:refs/audited")
        _git(store, *arguments, seconds=seconds, protocols=protocols, watch=(store, limits.bytes), url=url)
        return checkout(store, "refs/audited", folder, limits=limits)
    finally:
        shutil.rmtree(store, ignore_errors=True)


def is_git_store(folder: Path) -> bool:
    """Whether `folder` is a git directory itself (a bare repository)."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def borrow(git_dir: Path, store: Path) -> Path:
    """Make a git directory at `store` with the objects, references and index of `git_dir`, but not its configuration.

    Git run on `store` obeys nothing that a stranger may have written into the other's `config` or `hooks`.
    """
    _git(store, "init", "--quiet", "--bare", "--template=", store, seconds=30)
    (store / "objects" / "info").mkdir(parents=True, exist_ok=True)
    (store / "objects" / "info" / "alternates").write_text(f"{(git_dir / 'objects').resolve()}\n", encoding="utf-8")
    for name in ("HEAD", "packed-refs", "index", "shallow"):
        source = git_dir / name
        if source.is_file() and not source.is_symlink() and source.stat().st_size < 256 << 20:
            shutil.copyfile(source, store / name)
    for count, source in enumerate(sorted((git_dir / "refs").rglob("*"))):
        if source.is_file() and not source.is_symlink() and count < 20_000:
            target = store / source.relative_to(git_dir)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return store


def resolve(store: Path, ref: str) -> tuple[str, datetime] | None:
    """Return the commit that `ref` names in `store` and its committer date, or None if there is no such commit."""
    if not _REF.fullmatch(ref):
        return None
    try:
        shown = _git(store, "log", "-1", "--format=%H %cI", "--end-of-options", ref, "--", seconds=30)
    except BadInput:
        return None
    commit, _, day = shown.strip().partition(" ")
    return commit, datetime.fromisoformat(day.replace("Z", "+00:00"))


def checkout(store: Path, ref: str, folder: Path, *, limits: Limits) -> Checkout:
    """Write the files of `ref` to `folder`: no links, no submodules; links that stay inside become copies.

    Raises BadInput where there is no such commit, or where it passes the limits.
    """
    resolved = resolve(store, ref)
    if resolved is None:
        raise BadInput(f"The repository has no commit called {ref[:80]!r}.")
    commit, day = resolved
    folder.mkdir(parents=True, exist_ok=True)
    listing = _git(store, "ls-tree", "-r", "-l", "-z", commit, seconds=120)
    entries = [entry for entry in listing.split("\0") if entry]
    if len(entries) > limits.files:
        raise BadInput(f"The repository holds more than {limits.files:,} files.")
    links, left_out, absent, total = [], [], [], 0
    for entry in entries:
        meta, _, path = entry.partition("\t")
        mode, kind, _, size = meta.split()
        if mode == "120000":
            links.append(path)
        elif kind == "commit":
            left_out.append(LeftOut(what=path, why="a git submodule: its content lies in another repository"))
        elif size == "-" or not size.isdigit():
            absent.append((path, "its content is not in this copy of the repository"))
        elif int(size) > limits.file_bytes:
            absent.append((path, f"larger than {limits.file_bytes >> 20} MiB"))
        else:
            total += int(size)
    if total > limits.bytes:
        raise BadInput(f"The repository's files take {total >> 20} MiB; the limit is {limits.bytes >> 20} MiB.")
    left_out += [LeftOut(what=path, why=why, file=True) for path, why in absent]
    _git(store, "read-tree", commit, seconds=120)
    _forget(store, folder, [path for path, _ in absent])
    _git(store, f"--work-tree={folder}", "checkout-index", "--all", "--force", seconds=600)
    room = limits.bytes - total
    for path in links:
        copied, left = _materialise(folder, path, room)
        room -= copied
        left_out += left
    return Checkout(commit, day, tuple(left_out))


def untracked_and_ignored(store: Path, tree: Path) -> frozenset[str]:
    """Return the paths of `tree` that its ignore rules exclude (folders end with `/`)."""
    listed = _git(
        store, f"--work-tree={tree}", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory",
        seconds=120,
    )  # fmt: skip
    return frozenset(path for path in listed.split("\0") if path)


def blob_hashes(store: Path, commit: str) -> dict[str, str]:
    """Return path -> git blob id of every regular file of a commit."""
    listed = _git(store, "ls-tree", "-r", "-z", commit, seconds=120)
    rows = (entry.partition("\t") for entry in listed.split("\0") if entry)
    return {path: meta.split()[2] for meta, _, path in rows if meta.startswith("100")}


def blob_hash(data: bytes) -> str:
    """Return the id that git gives to a file of this content (SHA-1, git's own object format)."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _forget(store: Path, folder: Path, paths: list[str]) -> None:
    """Take paths off the index: git stops at the first file that it cannot write."""
    for start in range(0, len(paths), 500):
        some = paths[start : start + 500]
        _git(store, f"--work-tree={folder}", "update-index", "--force-remove", "--", *some, seconds=60)


def _materialise(folder: Path, path: str, room: int) -> tuple[int, list[LeftOut]]:
    """Replace the text file that git wrote for a symbolic link by a copy of its target, if that lies in the tree.

    Returns the bytes copied, at most `room`, and what was left out: many links to one large file must not fill a disk.
    """
    written = folder / path
    try:
        target = written.read_text(encoding="utf-8")
        written.unlink()
        resolved = (written.parent / target).resolve()
        inside = resolved.is_relative_to(folder.resolve()) and not target.startswith("/")
        if inside and resolved.is_file():
            size = resolved.stat().st_size
            if size > room:
                return 0, [LeftOut(what=path, why="a copy of what it links to would pass the limit on size")]
            shutil.copyfile(resolved, written)
            return size, []
        if inside and resolved.is_dir():
            return 0, [LeftOut(what=path, why=f"a link to the folder {target}, which is audited where it stands")]
    except (OSError, UnicodeDecodeError, ValueError):
        target = "what cannot be read"
    return 0, [LeftOut(what=path, why=f"a symbolic link to {target[:200]}, which is not a file of the tree")]


def _git(
    store: Path,
    *arguments: str | Path,
    seconds: float,
    protocols: tuple[str, ...] = (),
    watch: tuple[Path, int] | None = None,
    url: str = "",
) -> str:
    """Return what one git command prints; raises BadInput with git's last line when it fails or breaks a limit.

    `watch` is a folder and the bytes that it may grow to while the command runs.
    """
    from git import Git
    from git.exc import GitCommandNotFound

    options = [part for option in _OPTIONS for part in ("-c", option)]
    command = ["git", *options]
    if arguments[0] != "init":
        command.append(f"--git-dir={store}")
    command += [str(argument) for argument in arguments]
    environment = _ENVIRONMENT | {"GIT_ALLOW_PROTOCOL": ":".join(protocols) or "none"}
    try:
        # GitPython hands the process out wrapped, and ends it when the wrapper goes: both are kept.
        wrapper = Git().execute(command, env=environment, as_process=True)
    except GitCommandNotFound as error:
        raise MachineFault("git is not installed; install it (for example `apt-get install git`).") from error
    assert wrapper.proc is not None
    return _Watched(wrapper.proc, seconds, watch).output(url or "the repository")


class _Watched:
    """A process whose time, output and folder are bounded; past a bound it is killed."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float, watch: tuple[Path, int] | None) -> None:
        self.process, self.watch = process, watch
        self.seconds, self.start = seconds, time.monotonic()
        self.broken = ""
        self.errors = bytearray()

    def output(self, name: str) -> str:
        """Return what the process prints; raises BadInput where it fails or passes a bound."""
        threads = [threading.Thread(target=target, daemon=True) for target in (self._guard, self._drain)]
        for thread in threads:
            thread.start()
        printed = bytearray()
        assert self.process.stdout is not None
        while chunk := self.process.stdout.read(1 << 16):
            printed += chunk
            if len(printed) > _MAX_OUTPUT:
                self._end("lists more files than are read")
        self.process.wait()
        for thread in threads:
            thread.join()
        if self.broken:
            raise BadInput(f"Fetching {name} {self.broken} and was stopped.")
        if self.process.returncode:
            lines = self.errors.decode("utf-8", "replace").strip().splitlines()
            said = next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "no message")
            raise BadInput(f"git could not read {name}: {said.removeprefix('fatal: ')[:300]}.")
        return printed.decode("utf-8", "surrogateescape")

    def _drain(self) -> None:
        assert self.process.stderr is not None
        while chunk := self.process.stderr.read(1 << 12):
            if len(self.errors) < 1 << 16:
                self.errors += chunk

    def _guard(self) -> None:
        while self.process.poll() is None:
            passed = time.monotonic() - self.start
            if passed > self.seconds:
                self._end(f"took longer than {self.seconds:.0f} s")
            elif self.watch and _size(self.watch[0]) > self.watch[1]:
                self._end(f"is larger than the limit of {self.watch[1] >> 20} MiB")
            time.sleep(0.05 if passed < 2 else 0.5)

    def _end(self, why: str) -> None:
        self.broken = self.broken or why
        self.process.kill()


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size
        except OSError:
            continue
    return total
