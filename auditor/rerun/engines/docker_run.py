"""A workspace in docker: a volume with the scratch copy, a holder that looks after it, one container a command."""

from __future__ import annotations

import hashlib
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import MachineFault, Unreadable
from auditor.recorder.reader import MAX_BYTES, PLACED
from auditor.rerun.engines import (
    HASHED_BYTES,
    HASHED_TOTAL_BYTES,
    LISTED_FILES,
    READ_BYTES,
    READ_TOTAL_BYTES,
    Built,
    HeadTail,
    Limits,
    RawRun,
    Written,
    confirm_inside,
    ignored,
    readable,
    run_environment,
)
from auditor.rerun.engines.archive import file_entry, folder_entry, single_file, small_tar, tree_tar

if TYPE_CHECKING:
    from auditor.rerun.engines.docker import DockerEngine

ROOT = "/audit/work"
_TICK = 0.5
_DISK_TICK = 2.0
_IN_TIME = ("timeout", "-s", "KILL", "60")
_TIMED_OUT = 137
_MEASURE = "du -skx /audit; du -skx --apparent-size /audit; du -sx --inodes /audit"
_START = 'mkdir -p "$HOME" && cd "$1" && exec /bin/sh -c "$2"'


class DockerWorkspace:
    """A scratch copy in a named volume, with a holder that runs no code of others: it measures, lists and hands out."""

    def __init__(self, engine: DockerEngine, built: Built, run_id: str) -> None:
        self.engine, self.built, self.id = engine, built, run_id
        self.volume = f"auditor-{run_id}"
        self.holder: Any = None

    def fill(self, tree: Path) -> None:
        """Create volume and holder, and copy the regular files of `tree` in."""
        from auditor.rerun.engines.docker import LABEL, locked_down

        labels = {LABEL: self.id}
        self.engine.client.volumes.create(self.volume, labels=labels)
        # Root without any capability but one: it may read folders that the run closed to others, and writes nothing.
        options = locked_down(256 << 20, 64, 1.0) | {"user": "0:0", "cap_add": ["DAC_READ_SEARCH"]}
        self.holder = self.engine.client.containers.create(
            self.built.base, ["sleep", "infinity"], network_mode="none", read_only=True,
            volumes={self.volume: {"bind": "/audit", "mode": "rw"}}, labels=labels, **options,
        )  # fmt: skip
        placed = [(name, path.read_bytes()) for name, path in PLACED.items()]
        files = [(file_entry(f"recorder/{name}", len(data), owner=0), data) for name, data in placed]
        self._put(small_tar([folder_entry("record"), folder_entry("recorder", 0)], files))
        with tempfile.TemporaryFile() as stream:
            tree_tar(tree, "work", stream)
            stream.seek(0)
            self._put(stream)
        self.holder.start()
        code, _ = self._ask(["touch", "/audit/filled"])
        if code:
            raise MachineFault("The workspace's volume cannot be written.")

    def make_folder(self, path: str) -> None:
        """Create a folder of the workspace, with its parents."""
        self._ask(["mkdir", "-p", "--", f"{ROOT}/{confirm_inside(path)}"], user="10001:10001")

    def run(self, run_id: str, shell: str, folder: str, limits: Limits, paths: tuple[str, ...] = ()) -> RawRun:
        """Run a shell line in a container of its own, watched from outside and killed past its limits."""
        record = f"/audit/record/{run_id}-{secrets.token_hex(8)}.jsonl"  # no earlier run can write there
        container = self._create(record, shell, confirm_inside(folder), limits, paths)
        streams = (HeadTail(limits.kept_log_bytes), HeadTail(limits.kept_log_bytes))
        attached = self.engine.client.api.attach(
            container.id, stdout=True, stderr=True, stream=True, logs=True, demux=True
        )
        reader = threading.Thread(target=_drain, args=(attached, streams), daemon=True)
        reader.start()
        watch = _Watch(self, container, limits, streams)
        _start_it(container)
        watch.until_it_ends()
        reader.join(10)
        state = self.engine.client.api.inspect_container(container.id)["State"]
        container.remove(force=True, v=True)
        oom = bool(state.get("OOMKilled"))
        return RawRun(
            exit_code=int(state["ExitCode"]) if watch.limit is None else None,
            wall_seconds=watch.wall,
            stdout=streams[0].value(),
            stderr=streams[1].value(),
            truncated=streams[0].truncated or streams[1].truncated,
            cpu_seconds=watch.cpu,
            peak_memory_bytes=watch.memory,
            out_of_memory=oom,
            limit=watch.limit or ("memory" if oom else watch.crowded),
            record=self._fetch(record, MAX_BYTES) or b"",
            gpu="asked for by device request" if limits.gpus else None,
        )

    def _create(self, record: str, shell: str, folder: str, limits: Limits, paths: tuple[str, ...]) -> Any:
        from docker.types import DeviceRequest, Ulimit

        from auditor.rerun.engines.docker import LABEL, locked_down

        options = locked_down(limits.memory_bytes, limits.processes, limits.cpus)
        options["ulimits"].append(Ulimit(name="fsize", soft=limits.disk_bytes, hard=limits.disk_bytes))
        if limits.gpus:
            options["device_requests"] = [DeviceRequest(count=limits.gpus, capabilities=[["gpu"]])]
        elif self.engine.runtime:
            options["runtime"] = self.engine.runtime
        environment = run_environment(ROOT, paths, "/audit/recorder", record, limits.cpus)
        environment |= {
            "PATH": "/opt/env/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": "/tmp/home",
            "VIRTUAL_ENV": "/opt/env",
        }
        return self.engine.client.containers.create(
            self.built.reference,
            ["/bin/sh", "-c", _START, "auditor", f"{ROOT}/{folder}", shell],
            entrypoint=[],
            network_mode="none",
            read_only=True,
            tmpfs={"/tmp": "rw,exec,nosuid,nodev,size=2g,mode=1777"},
            shm_size=1 << 30,
            volumes={self.volume: {"bind": "/audit", "mode": "rw"}},
            working_dir="/",
            hostname="audit",
            environment=environment,
            labels={LABEL: self.id},
            **options,
        )

    def written(self, hashes: Mapping[str, str]) -> tuple[Written, ...]:
        """Return the regular files whose inode changed since the workspace was filled and whose content differs.

        The change time is used, which a program cannot set; names that are not UTF-8 are left out.
        """
        find = ["find", ROOT, "-xdev", "-type", "f", "-cnewer", "/audit/filled", "-printf", "%s\\t%P\\0"]
        _, listing = self._ask(find, limit=4 << 20)
        found: list[Written] = []
        total = hashed = 0
        rows = listing.split(b"\0")[:-1]  # what follows the last separator was cut off
        for row in sorted(rows, key=lambda row: row.partition(b"\t")[2])[: 20 * LISTED_FILES]:
            size, _, name = row.partition(b"\t")
            try:
                path = name.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if not path or not size.isdigit() or ignored(path) or len(found) >= LISTED_FILES:
                continue
            wanted = readable(path, int(size)) and total + int(size) <= READ_TOTAL_BYTES
            data = self._fetch(f"{ROOT}/{path}", READ_BYTES) if wanted else None
            digest = hashlib.sha256(data).hexdigest() if data is not None else ""
            if data is None and int(size) <= min(HASHED_BYTES, HASHED_TOTAL_BYTES - hashed):
                digest = self._digest(path)
                hashed += int(size)
            if hashes.get(path) != digest:
                total += len(data or b"")
                found.append(Written(path, int(size), digest, path not in hashes, data))
        return tuple(found)

    def _fetch(self, path: str, limit: int) -> bytes | None:
        import docker

        try:
            stream, _ = self.holder.get_archive(path)
            return single_file(stream, limit)
        except (docker.errors.DockerException, Unreadable):
            return None

    def _digest(self, path: str) -> str:
        code, output = self._ask(["sha256sum", "--", f"{ROOT}/{path}"])
        word = output.strip().lstrip(b"\\").split(b" ")[0]
        return word.decode("ascii", "replace") if not code and len(word) == 64 else ""

    def disk(self) -> tuple[int, int]:
        """Return bytes, taken or promised by sparse files, and files in the volume; more than any limit if unknown."""
        code, output = self._ask(["sh", "-c", _MEASURE])
        if code == _TIMED_OUT:
            return sys.maxsize, sys.maxsize
        taken, apparent, inodes = ([_number(line) for line in output.splitlines()] + [0, 0, 0])[:3]
        return max(taken, apparent) * 1024, inodes

    def _put(self, data: Any) -> None:
        if not self.holder.put_archive("/audit", data):
            raise MachineFault("The repository could not be copied into the container's volume.")

    def _ask(self, argv: list[str], user: str = "0:0", limit: int = 1 << 16) -> tuple[int, bytes]:
        """Return exit status and standard output of a command in the holder; it is ended after a minute."""
        api = self.engine.client.api
        job = api.exec_create(self.holder.id, [*_IN_TIME, *argv], user=user, stderr=False)["Id"]
        kept = bytearray()
        for piece in api.exec_start(job, stream=True):
            if len(kept) < limit:
                kept += piece
        return int(api.exec_inspect(job)["ExitCode"] or 0), bytes(kept[:limit])


def _start_it(container: Any) -> None:
    import docker

    try:
        container.start()
    except docker.errors.APIError as error:  # no such device driver, no room for the limits asked for
        raise MachineFault(f"The container could not be started: {error.explanation or error}.") from error


def _number(output: bytes) -> int:
    word = output.split()[:1]
    return int(word[0]) if word and word[0].isdigit() else 0


def _drain(attached: Any, streams: tuple[HeadTail, HeadTail]) -> None:
    """Read both streams to their end, so that the program never blocks on them, and keep what the limit allows."""
    try:
        for pair in attached:
            for piece, stream in zip(pair, streams, strict=True):
                if piece:
                    stream.feed(piece)
    except Exception:  # the daemon closes the stream of a killed container in several ways
        return


class _Watch:
    """Looks at a running container from outside, and kills it at the first limit that it passes."""

    def __init__(
        self, space: DockerWorkspace, container: Any, limits: Limits, streams: tuple[HeadTail, HeadTail]
    ) -> None:
        self.space, self.container, self.limits, self.streams = space, container, limits, streams
        self.api = space.engine.client.api
        self.limit: str | None = None
        self.crowded: str | None = None
        self.cpu: float | None = None
        self.memory: int | None = None
        self.wall = 0.0

    def until_it_ends(self) -> None:
        """Return once the container has ended, by itself or killed."""
        start = time.monotonic()
        next_disk = start + _DISK_TICK
        tick = 0.05
        while self.api.inspect_container(self.container.id)["State"]["Running"]:
            self.wall = time.monotonic() - start
            self._measure()
            limit = self._passed()
            if limit is None and time.monotonic() >= next_disk:
                limit = self._disk()
                next_disk = time.monotonic() + _DISK_TICK
            if limit:
                self._kill(limit)
            time.sleep(tick)
            tick = min(_TICK, tick * 2)
        self.wall = time.monotonic() - start

    def _measure(self) -> None:
        import docker

        try:
            stats = self.api.stats(self.container.id, stream=False, one_shot=True)
        except docker.errors.DockerException:
            return
        used = stats.get("cpu_stats", {}).get("cpu_usage", {}).get("total_usage")
        if used:
            self.cpu = max(self.cpu or 0.0, used / 1e9)
        memory = stats.get("memory_stats", {})
        details = memory.get("stats", {})
        cached = details.get("total_inactive_file", details.get("inactive_file", 0))
        if memory.get("usage"):
            self.memory = max(self.memory or 0, memory["usage"] - cached)
        if stats.get("pids_stats", {}).get("current", 0) >= self.limits.processes:
            self.crowded = "processes"

    def _passed(self) -> str | None:
        if self.wall > self.limits.wall_seconds or (self.cpu or 0.0) > self.limits.cpu_seconds:
            return "time"
        if sum(stream.total for stream in self.streams) > self.limits.log_bytes:
            return "log"
        return None

    def _disk(self) -> str | None:
        used, files = self.space.disk()
        return "disk" if used > self.limits.disk_bytes or files > self.limits.disk_files else None

    def _kill(self, limit: str) -> None:
        import docker

        self.limit = self.limit or limit
        try:
            self.container.kill()
        except docker.errors.DockerException:
            return  # it ended by itself in the meantime
