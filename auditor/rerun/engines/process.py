"""The process engine: a virtual environment and a scratch folder on this machine, for code that the user trusts."""

from __future__ import annotations

import hashlib
import os
import resource
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO

from auditor.errors import MachineFault
from auditor.recorder.reader import MAX_BYTES, PLACED
from auditor.rerun.engines import (
    HASHED_BYTES,
    HASHED_TOTAL_BYTES,
    LISTED_FILES,
    READ_TOTAL_BYTES,
    Built,
    HeadTail,
    Limits,
    RawRun,
    Recipe,
    Workspace,
    Written,
    confirm_inside,
    ignored,
    readable,
    run_environment,
)
from auditor.rerun.resolve import index_arguments, lock_hash, refused, uv_binary, uv_environment
from auditor.settings import Settings

VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
BUILD_SECONDS = 1_800
_TICK = 0.1


class ProcessEngine:
    """Runs code as this user, with limits but without any wall around it."""

    name = "process"
    isolation = "none: the code ran with your rights on this machine, with limits on time, memory and output alone"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def pythons(self) -> dict[str, str]:
        """Return the interpreters on the search path by version; this program's own is always among them."""
        return self._found

    @cached_property
    def _found(self) -> dict[str, str]:
        own = f"{sys.version_info.major}.{sys.version_info.minor}"
        found = {version: _interpreter(version) for version in VERSIONS if version != own}
        return {version: path for version, path in found.items() if path} | {own: sys.executable}

    def resolve(self, recipe: Recipe) -> str:
        """Return the lock; raises BuildFailed. Source distributions are built with the user's rights, like the code."""
        from auditor.rerun.resolve import resolve_wheels

        return resolve_wheels(recipe, self.settings, None)

    def download_bytes(self, recipe: Recipe, lock: str) -> int:
        """Return how many bytes the wheels of `lock` are, as the index states it."""
        from auditor.rerun.resolve import download_bytes

        return download_bytes(recipe, lock, self.settings, None)

    def build(self, recipe: Recipe, lock: str) -> Built:
        """Return a virtual environment of `lock` in the cache folder; raises BuildFailed."""
        interpreter = self.pythons().get(recipe.python)
        if interpreter is None:
            raise MachineFault(f"Python {recipe.python} is not installed on this machine.")
        folder = self.settings.cache.resolve() / "environments" / lock_hash(lock, recipe.python, interpreter)[:20]
        if (folder / "ready").is_file():
            return Built(str(folder), folder.name, "", recipe.python, cached=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "requirements.lock"
            path.write_text(lock, encoding="utf-8")
            self._uv(["venv", "--no-config", "--clear", "--python", interpreter, str(folder)], scratch)
            links = str(self.settings.find_links) if self.settings.find_links else None
            arguments = ["pip", "sync", "--no-config", "--require-hashes", "--allow-empty-requirements"]
            arguments += ["--python", str(folder / "bin/python"), *index_arguments(links, self.settings.index_url)]
            arguments += [] if recipe.sources else ["--only-binary", ":all:"]
            self._uv([*arguments, str(path)], scratch)
        (folder / "ready").touch()
        return Built(str(folder), folder.name, "", recipe.python)

    def _uv(self, arguments: list[str], folder: str) -> None:
        try:
            done = subprocess.run(
                [uv_binary(), *arguments],
                capture_output=True,
                text=True,
                errors="replace",
                cwd=folder,
                env=uv_environment(self.settings),
                timeout=BUILD_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise MachineFault(f"Installing packages took longer than {BUILD_SECONDS} s and was stopped.") from error
        if done.returncode:
            raise refused(done.stderr)

    @contextmanager
    def workspace(self, built: Built, tree: Path, run_id: str) -> Iterator[Workspace]:
        """Enter a scratch copy of `tree` in a temporary folder."""
        with tempfile.TemporaryDirectory(prefix=f"auditor-{run_id}-", ignore_cleanup_errors=True) as folder:
            yield ProcessWorkspace(Path(folder).resolve(), built, tree)


class ProcessWorkspace:
    """A scratch copy in a folder; each command is a session of its own, killed as a whole."""

    def __init__(self, folder: Path, built: Built, tree: Path) -> None:
        self.folder, self.built, self.root = folder, built, folder / "work"
        shutil.copytree(tree, self.root, symlinks=True, ignore=_only_regular)
        for name in ("record", "recorder", "home"):
            (folder / name).mkdir()
        for name, path in PLACED.items():
            shutil.copyfile(path, folder / "recorder" / name)
        self.filled = time.time_ns()
        time.sleep(0.02)  # the file system's clock is coarser than this one

    def make_folder(self, path: str) -> None:
        """Create a folder of the workspace, with its parents."""
        (self.root / confirm_inside(path)).mkdir(parents=True, exist_ok=True)

    def run(self, run_id: str, shell: str, folder: str, limits: Limits, paths: tuple[str, ...] = ()) -> RawRun:
        """Run a shell line in a session of its own, killed past its limits."""
        record = self.folder / "record" / f"{run_id}-{secrets.token_hex(8)}.jsonl"
        recorder = str(self.folder / "recorder")
        environment = run_environment(str(self.root), paths, recorder, str(record), limits.cpus)
        environment |= {
            "PATH": f"{self.built.reference}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder / "home"),
            "VIRTUAL_ENV": self.built.reference,
            "TMPDIR": str(self.folder / "home"),
        }
        place = self.root / confirm_inside(folder)
        script = f'{_limits(limits)}\ncd "$1" && exec /bin/sh -c "$2"'
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.Popen(
            ["/bin/sh", "-c", script, "auditor", str(place), shell],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.root,
            env=environment,
            start_new_session=True,
        )
        watch = _Watch(self, process, limits)
        watch.until_it_ends()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        code = process.returncode
        stderr = watch.streams[1].value()
        starved = code not in (0, None) and stderr.rstrip().rsplit(b"\n", 1)[-1].startswith(b"MemoryError")
        return RawRun(
            exit_code=None if watch.limit else (code if code >= 0 else 128 - code),
            wall_seconds=watch.wall,
            stdout=watch.streams[0].value(),
            stderr=stderr,
            truncated=any(stream.truncated for stream in watch.streams),
            cpu_seconds=max(spent, watch.cpu),
            peak_memory_bytes=watch.memory or None,
            out_of_memory=starved or watch.limit == "memory",
            limit=watch.limit or ("memory" if starved else None),
            record=_head(record, MAX_BYTES) if record.is_file() and not record.is_symlink() else b"",
        )

    def written(self, hashes: Mapping[str, str]) -> tuple[Written, ...]:
        """Return the regular files whose inode changed since the copy was made and whose content is not as given."""
        found: list[Written] = []
        total = hashed = 0
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            info = path.lstat()
            if not stat.S_ISREG(info.st_mode) or info.st_ctime_ns < self.filled or ignored(name):
                continue
            if len(found) >= LISTED_FILES or name.encode("utf-8", "surrogateescape") != name.encode("utf-8", "replace"):
                continue
            data = path.read_bytes() if readable(name, info.st_size) and total < READ_TOTAL_BYTES else None
            digest = hashlib.sha256(data).hexdigest() if data is not None else ""
            if data is None and info.st_size <= min(HASHED_BYTES, HASHED_TOTAL_BYTES - hashed):
                digest = _digest(path)
                hashed += info.st_size
            if hashes.get(name) != digest:
                total += len(data or b"")
                found.append(Written(name, info.st_size, digest, name not in hashes, data))
        return tuple(found)


def _interpreter(version: str) -> str | None:
    """The interpreter of a version on the search path, asked for its version: a name alone may lead nowhere."""
    path = shutil.which(f"python{version}")
    if path is None:
        return None
    ask = [path, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"]
    try:
        done = subprocess.run(ask, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    said, _, executable = done.stdout.strip().partition(" ")
    return executable if done.returncode == 0 and said == version else None


def _only_regular(folder: str, names: list[str]) -> list[str]:
    """The names that are not copied: links, devices, and the repository's own history."""
    left = []
    for name in names:
        mode = os.lstat(os.path.join(folder, name)).st_mode
        if name == ".git" or not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
            left.append(name)
    return left


def _head(path: Path, limit: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(limit)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _limits(limits: Limits) -> str:
    """Shell lines that set resource limits before the command; what the system's shell lacks is left out."""
    lines = [
        "ulimit -c 0",
        f"ulimit -f {limits.disk_bytes // 512}",
        "ulimit -n 4096",
        f"ulimit -t {int(limits.cpu_seconds) + 5}",
    ]
    if sys.platform == "linux":
        # Address space is more than memory (threads, mapped files): the watch counts the resident set as well.
        lines.append(f"ulimit -v {2 * limits.memory_bytes // 1024}")
    return "\n".join(f"{line} 2>/dev/null || true" for line in lines)


def _session_usage(session: int) -> tuple[float, int]:
    """Return CPU seconds and resident bytes of a session's living processes, from /proc; zeros where there is none."""
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    cpu, memory = 0.0, 0
    with suppress(OSError):
        for entry in os.scandir("/proc"):
            if not entry.name.isdigit():
                continue
            with suppress(OSError, ValueError, IndexError):
                fields = Path(entry.path, "stat").read_text(errors="replace").rpartition(")")[2].split()
                if int(fields[3]) == session:
                    cpu += sum(map(int, fields[11:15])) / tick
                    memory += int(fields[21]) * page
    return cpu, memory


def _session_members(session: int) -> list[int]:
    members = []
    with suppress(OSError):
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                with suppress(OSError, ValueError, IndexError):
                    fields = Path(entry.path, "stat").read_text(errors="replace").rpartition(")")[2].split()
                    if int(fields[3]) == session:
                        members.append(int(entry.name))
    return members


class _Watch:
    """Looks at a session from outside, and kills all of it at the first limit that it passes, and when it has ended."""

    def __init__(self, space: ProcessWorkspace, process: subprocess.Popen[bytes], limits: Limits) -> None:
        self.space, self.process, self.limits = space, process, limits
        self.streams = (HeadTail(limits.kept_log_bytes), HeadTail(limits.kept_log_bytes))
        self.limit: str | None = None
        self.cpu, self.memory, self.wall = 0.0, 0, 0.0

    def until_it_ends(self) -> None:
        """Return once every process of the session is gone."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        pipes = (self.process.stdout, self.process.stderr)
        readers = [
            threading.Thread(target=_drain, args=pair, daemon=True) for pair in zip(pipes, self.streams, strict=True)
        ]
        for reader in readers:
            reader.start()
        start = time.monotonic()
        try:
            while self.process.poll() is None:
                self.wall = time.monotonic() - start
                cpu, memory = _session_usage(self.process.pid)
                self.cpu, self.memory = max(self.cpu, cpu), max(self.memory, memory)
                self.limit = self.limit or self._passed(memory)
                if self.limit:
                    self._kill()
                time.sleep(_TICK)
        finally:
            self._kill()
        self.process.wait()
        for reader in readers:
            reader.join(5)
        self.wall = time.monotonic() - start

    def _passed(self, memory: int) -> str | None:
        if self.wall > self.limits.wall_seconds or self.cpu > self.limits.cpu_seconds:
            return "time"
        if memory > self.limits.memory_bytes:
            return "memory"
        return "log" if sum(stream.total for stream in self.streams) > self.limits.log_bytes else None

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for member in _session_members(self.process.pid):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(member, signal.SIGKILL)


def _drain(pipe: IO[bytes], stream: HeadTail) -> None:
    with suppress(OSError, ValueError):
        while piece := os.read(pipe.fileno(), 1 << 16):
            stream.feed(piece)
