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
from urllib.parse import urlsplit

from auditor.errors import BadInput, MachineFault
from auditor.submission.model import LeftOut

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
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+@-]{0,200}")


@dataclass(frozen=True)
class Checkout:
    """A commit whose files were written to a folder."""

    commit: str
    date: datetime
    left_out: tuple[LeftOut, ...]


def check_url(url: str, protocols: tuple[str, ...] = ("https",)) -> str:
    """Return `url` if git may be given it; raises BadInput for other schemes, credentials and would-be options."""
    parts = urlsplit(url)
    if url.startswith("-") or any(ord(c) < 33 or ord(c) == 127 for c in url):
        raise BadInput("The repository's address holds characters that no address has; give an https:// address.")
    if parts.scheme not in protocols or (parts.scheme == "https" and not parts.hostname):
        raise BadInput(f"A repository is cloned over {' or '.join(protocols)} only, not from {url[:120]!r}.")
    if parts.username or parts.password:
        raise BadInput("The repository's address holds a user name or password; clone it yourself and give the folder.")
    return url


def clone(
    url: str, ref: str | None, folder: Path, *, protocols: tuple[str, ...], seconds: float, max_bytes: int
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
        _git(store, *arguments, seconds=seconds, max_bytes=max_bytes, protocols=protocols, watch=store, url=url)
        return checkout(store, "refs/audited", folder, max_bytes=max_bytes)
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


def checkout(store: Path, ref: str, folder: Path, *, max_bytes: int) -> Checkout:
    """Write the files of `ref` to `folder`: no links, no submodules; links that stay inside become copies."""
    resolved = resolve(store, ref)
    if resolved is None:
        raise BadInput(f"The repository has no commit called {ref[:80]!r}.")
    commit, day = resolved
    folder.mkdir(parents=True, exist_ok=True)
    entries = [entry for entry in _git(store, "ls-tree", "-r", "-l", "-z", commit, seconds=120).split("\0") if entry]
    links, left_out, absent, total = [], [], [], 0
    for entry in entries:
        meta, _, path = entry.partition("\t")
        mode, kind, _, size = meta.split()
        if mode == "120000":
            links.append(path)
        elif kind == "commit":
            left_out.append(LeftOut(what=path, why="a git submodule: its content lies in another repository"))
        elif size == "-" or not size.isdigit():
            absent.append(path)
        else:
            total += int(size)
    if total > max_bytes:
        raise BadInput(f"The repository's files take {total >> 20} MiB; the limit is {max_bytes >> 20} MiB.")
    left_out += [LeftOut(what=path, why="its content is not in this copy of the repository") for path in absent]
    _git(store, "read-tree", commit, seconds=120)
    if absent:
        # The index must not name what cannot be written, or git stops at the first of them.
        for start in range(0, len(absent), 500):
            _git(
                store,
                f"--work-tree={folder}",
                "update-index",
                "--force-remove",
                "--",
                *absent[start : start + 500],
                seconds=60,
            )
    _git(store, f"--work-tree={folder}", "checkout-index", "--all", "--force", seconds=600)
    for path in links:
        left_out += _materialise(folder, path)
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


def _materialise(folder: Path, path: str) -> list[LeftOut]:
    """Replace the text file that git wrote for a symbolic link by a copy of its target, if that lies in the tree."""
    written = folder / path
    try:
        target = written.read_text(encoding="utf-8")
        written.unlink()
        resolved = (written.parent / target).resolve()
        if resolved.is_relative_to(folder.resolve()) and resolved.is_file() and not target.startswith("/"):
            shutil.copyfile(resolved, written)
            return []
        if resolved.is_relative_to(folder.resolve()) and resolved.is_dir() and not target.startswith("/"):
            return [LeftOut(what=path, why=f"a link to the folder {target}, which is audited where it stands")]
    except (OSError, UnicodeDecodeError, ValueError):
        target = "what cannot be read"
    return [LeftOut(what=path, why=f"a symbolic link to {target[:200]}, which is not a file of the tree")]


def _git(
    store: Path,
    *arguments: str | Path,
    seconds: float,
    max_bytes: int | None = None,
    watch: Path | None = None,
    protocols: tuple[str, ...] = (),
    url: str = "",
) -> str:
    """Return what one git command prints; raises BadInput with git's last line when it fails or breaks a limit."""
    from git import Git
    from git.exc import GitCommandNotFound

    options = [part for option in _OPTIONS for part in ("-c", option)]
    command = ["git", *options]
    if arguments[0] != "init":
        command.append(f"--git-dir={store}")
    command += [str(argument) for argument in arguments]
    environment = _ENVIRONMENT | {"GIT_ALLOW_PROTOCOL": ":".join(protocols) or "none"}
    try:
        process = Git().execute(command, env=environment, as_process=True)
    except GitCommandNotFound as error:
        raise MachineFault(
            "git is not installed; install it (for example `apt-get install git`) and try again."
        ) from error
    # GitPython hands the process out wrapped; limits on time and size need the process itself.
    assert process.proc is not None
    return _communicate(process.proc, seconds, max_bytes, watch, url)


def _communicate(
    process: subprocess.Popen[bytes], seconds: float, max_bytes: int | None, watch: Path | None, url: str
) -> str:
    end, broken = time.monotonic() + seconds, ""

    def guard() -> None:
        nonlocal broken
        while process.poll() is None:
            if time.monotonic() > end:
                broken = f"took longer than {seconds:.0f} s"
            elif watch and max_bytes and _size(watch) > max_bytes:
                broken = f"is larger than the limit of {max_bytes >> 20} MiB"
            if broken:
                process.kill()
                return
            time.sleep(0.05 if time.monotonic() < end - seconds + 2 else 0.5)

    watcher = threading.Thread(target=guard, daemon=True)
    watcher.start()
    out, err = process.communicate()
    watcher.join()
    if broken:
        raise BadInput(f"Fetching {url or 'the repository'} {broken} and was stopped.")
    if process.returncode:
        lines = err.decode("utf-8", "replace").strip().splitlines()
        said = next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "no message")
        raise BadInput(f"git could not read {url or 'the repository'}: {said.removeprefix('fatal: ')[:300]}.")
    return out.decode("utf-8", "surrogateescape")


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size
        except OSError:
            continue
    return total
