"""The engines that run a plan's commands: what every engine promises, and the choice of one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from auditor.errors import BadInput, MachineFault
from auditor.settings import Settings


class BuildFailed(Exception):
    """An environment could not be resolved or installed; `log` holds the decisive lines of the tool that refused."""

    def __init__(self, sentence: str, log: str = "") -> None:
        super().__init__(sentence)
        self.log = log


@dataclass(frozen=True)
class Limits:
    """The limits of one command: seconds, bytes and counts. `cpu_seconds` counts all its processes together."""

    wall_seconds: float = 2400.0
    cpu_seconds: float = 600.0
    memory_bytes: int = 6 << 30
    cpus: float = 1.0
    processes: int = 512
    disk_bytes: int = 8 << 30
    disk_files: int = 200_000
    log_bytes: int = 64 << 20
    """Output on both streams together past which a run is ended."""
    kept_log_bytes: int = 1 << 20
    """How much of each stream is kept: half of it from the head, half from the tail."""
    gpus: int = 0


@dataclass(frozen=True)
class FolderWheel:
    """A wheel of the user's folder, taken whatever its date: `version` as it is named, `needs` without extras."""

    name: str
    version: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """What an environment is made from: names and specifiers as facts, never a file of the authors.

    `later` gives packages a later date than `as_of`; `sources` allows source distributions, whose build runs
    third-party code, so that they are resolved and built inside the engine's confinement only. `folder_wheels` are
    taken from the user's wheel folder; what they need, and the repository does not name, may be of today.
    """

    python: str
    requirements: tuple[str, ...]
    as_of: date | None = None
    later: tuple[tuple[str, date], ...] = ()
    sources: bool = False
    folder_wheels: tuple[FolderWheel, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The requirements as they are resolved, with the wheels of the folder."""
        own = tuple(f"{wheel.name}=={wheel.version}" for wheel in self.folder_wheels)
        # From release 82 on setuptools lacks pkg_resources, which the code of the time may still import.
        newest = ("setuptools<82",) if any("setuptools" in wheel.needs for wheel in self.folder_wheels) else ()
        return (*self.requirements, *own, *newest)

    @property
    def undated(self) -> tuple[str, ...]:
        """The distributions to which `as_of` does not apply."""
        named = {line.split("=")[0].strip("<>!~ ").lower() for line in self.requirements} - {"setuptools"}
        needed = [name for wheel in self.folder_wheels for name in wheel.needs if name not in named]
        return tuple(dict.fromkeys([*(wheel.name for wheel in self.folder_wheels), *needed]))


@dataclass(frozen=True)
class Built:
    """An environment that stands ready: the image (docker) or folder (process) and the base it was made on."""

    reference: str
    identity: str
    """What names it in a report: the image's id, or the environment's hash."""
    base: str
    python: str
    cached: bool = False
    log: str = ""


@dataclass(frozen=True)
class RawRun:
    """What the engine saw of one command from outside. `limit` is the limit that ended it, None where none did."""

    exit_code: int | None
    wall_seconds: float
    stdout: bytes
    stderr: bytes
    truncated: bool = False
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    out_of_memory: bool = False
    limit: str | None = None
    record: bytes = b""
    """What the recorder wrote inside, unparsed."""
    gpu: str | None = None


@dataclass(frozen=True)
class Written:
    """A file that a run wrote or changed; `data` is None where it was too large or of no kind that is read.

    `sha256` is empty where the file, or all files together, were larger than what is hashed.
    """

    path: str
    size: int
    sha256: str
    new: bool
    data: bytes | None = None


class Workspace(Protocol):
    """A scratch copy of the submission in which commands run one after the other."""

    def run(self, run_id: str, shell: str, folder: str, limits: Limits, paths: tuple[str, ...] = ()) -> RawRun:
        """Run a POSIX shell line in `folder`; `paths` are folders of the repository put on PYTHONPATH.

        A command that fails is a value; raises MachineFault where the engine itself breaks.
        """
        ...

    def make_folder(self, path: str) -> None:
        """Create a folder of the workspace, with its parents."""
        ...

    def written(self, hashes: Mapping[str, str]) -> tuple[Written, ...]:
        """Return the regular files written since the workspace was filled whose content differs from `hashes`."""
        ...


class Engine(Protocol):
    """Builds environments and runs commands."""

    name: str
    settings: Settings
    isolation: str
    """What separates the code from this machine, in words for the report."""

    def pythons(self) -> dict[str, str]:
        """Return the Python versions at hand, each with its base image or interpreter."""
        ...

    def resolve(self, recipe: Recipe) -> str:
        """Return the full lock with hashes for `recipe`; raises BuildFailed."""
        ...

    def download_bytes(self, recipe: Recipe, lock: str) -> int:
        """Return how many bytes the wheels of `lock` are, as the index states it."""
        ...

    def build(self, recipe: Recipe, lock: str) -> Built:
        """Return the environment of `lock`, from the cache where it was built before; raises BuildFailed."""
        ...

    def workspace(self, built: Built, tree: Path, run_id: str) -> AbstractContextManager[Workspace]:
        """Enter a fresh scratch copy of `tree`; everything that it made is removed on leaving."""
        ...


class EngineAbsent(MachineFault):
    """No engine of the kind asked for is at hand; the message says how to get one."""


@dataclass
class HeadTail:
    """The head and the tail of a stream of bytes, bounded however much flows through."""

    limit: int
    total: int = 0
    _head: bytearray = field(default_factory=bytearray)
    _tail: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.total += len(data)
        half = self.limit // 2
        room = half - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        if data:
            self._tail += data[-half:]
            if len(self._tail) > 2 * half:
                del self._tail[:-half]

    @property
    def truncated(self) -> bool:
        """Whether something between head and tail was dropped."""
        return self.total > len(self._head) + min(len(self._tail), self.limit // 2)

    def value(self) -> bytes:
        """Return what was kept, with a line that says how much is missing."""
        tail = bytes(self._tail[-(self.limit // 2) :]) if self._tail else b""
        missing = self.total - len(self._head) - len(tail)
        between = b"\n[... %d bytes left out ...]\n" % missing if missing else b""
        return bytes(self._head) + between + tail


# What of a run's files is read back: kinds that can hold metrics. Others are listed with size and hash only.
READ_SUFFIXES = frozenset({
    ".json", ".jsonl", ".csv", ".tsv", ".txt", ".log", ".out", ".yaml", ".yml", ".md", ".tex", ".npz", ".npy",
    ".ipynb", ".html", ".xml", ".dat", ".res", ".results",
})  # fmt: skip
READ_BYTES = 16 << 20
READ_TOTAL_BYTES = 256 << 20
LISTED_FILES = 1_000
# A sparse file of a terabyte is written in an instant, and would be hashed for an hour.
HASHED_BYTES = 256 << 20
HASHED_TOTAL_BYTES = 1 << 30


def readable(path: str, size: int) -> bool:
    """Return whether a written file of this name and size is read back to look for metrics."""
    name = path.rsplit("/", 1)[-1].lower()
    suffix = name[name.rfind(".") :] if "." in name else ""
    return size <= READ_BYTES and (suffix in READ_SUFFIXES or "tfevents" in name or not suffix)


def ignored(path: str) -> bool:
    """Return whether a written file is Python's own by-product and no output."""
    parts = path.split("/")
    return "__pycache__" in parts or ".ipynb_checkpoints" in parts or path.endswith(".pyc")


def confirm_inside(path: str) -> str:
    """Return a relative folder path of a workspace, normalised; raises BadInput where it would leave it."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts:
                raise BadInput(f"The folder {path!r} leaves the repository.")
            parts.pop()
        else:
            parts.append(part)
    if path.startswith("/"):
        raise BadInput(f"The folder {path!r} leaves the repository.")
    return "/".join(parts) or "."


def python_path(root: str, paths: tuple[str, ...], recorder: str) -> str:
    """Return the PYTHONPATH of a run: the recorder's folder first, then the repository's own folders."""
    folders = [recorder, *(root if path == "." else f"{root}/{path}" for path in (".", *paths))]
    return ":".join(dict.fromkeys(folders))


def run_environment(root: str, paths: tuple[str, ...], recorder: str, record: str, cpus: float) -> dict[str, str]:
    """Return the whole environment of a run but PATH and HOME: nothing of this process's own is in it."""
    threads = str(max(1, int(cpus)))
    return {
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": python_path(root, paths, recorder),
        "AUDITOR_ROOT": root,
        "AUDITOR_RECORD": record,
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads),
    }


def find_engine(kind: str, settings: Settings) -> Engine:
    """Return the engine called `docker`, `process` or `auto` (docker, where a daemon answers).

    Raises EngineAbsent, with a sentence on how to get one, and BadInput for another word.
    """
    if kind == "process":
        from auditor.rerun.engines.process import ProcessEngine

        return ProcessEngine(settings)
    if kind in ("docker", "auto"):
        from auditor.rerun.engines.docker import DockerEngine

        return DockerEngine(settings)
    raise BadInput(f"There is no engine called {kind!r}; choose docker, process or auto.")
