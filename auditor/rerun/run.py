"""One run of one command: what the engine saw becomes a Run, its logs are kept, and its numbers are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from auditor.recorder.reader import read_record
from auditor.rerun.engines import Engine, RawRun, Written
from auditor.rerun.model import Command, Observation, OutputFile, Run

TAIL = 2_000
_READ_FOR_METRICS = 200


@dataclass(frozen=True)
class Kept:
    """A run with the text of its kept logs, and the claims that the authors say it answers."""

    run: Run
    stdout: str
    stderr: str
    claims: tuple[str, ...] = ()


def keep(raw: RawRun, command: Command, run_id: str, engine: Engine, folder: Path) -> Kept:
    """Return the run, its logs written under `folder`/runs/<id>/ as UTF-8 with undecodable bytes replaced."""
    place = folder / "runs" / run_id
    place.mkdir(parents=True, exist_ok=True)
    texts = {name: data.decode("utf-8", "replace") for name, data in (("stdout", raw.stdout), ("stderr", raw.stderr))}
    for name, text in texts.items():
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
    if raw.record:
        (place / "record.jsonl").write_bytes(raw.record)
    run = Run(
        id=run_id,
        command=command.shell,
        folder=command.folder,
        engine=engine.name,
        isolation=engine.isolation,
        exit_code=raw.exit_code,
        timed_out=raw.limit == "time",
        out_of_memory=raw.out_of_memory,
        limit=raw.limit,
        wall_seconds=round(raw.wall_seconds, 3),
        cpu_seconds=None if raw.cpu_seconds is None else round(raw.cpu_seconds, 3),
        peak_memory_bytes=raw.peak_memory_bytes,
        stdout_tail=texts["stdout"][-TAIL:],
        stderr_tail=texts["stderr"][-TAIL:],
        stdout_file=f"runs/{run_id}/stdout.txt",
        stderr_file=f"runs/{run_id}/stderr.txt",
        log_truncated=raw.truncated,
        recorded=read_record(raw.record),
        gpu=raw.gpu,
    )
    return Kept(run, texts["stdout"], texts["stderr"], command.claims)


def with_outputs(kept: Kept, written: tuple[Written, ...], earlier: dict[str, str]) -> tuple[Kept, tuple[Written, ...]]:
    """Return the run with the files that it wrote, and those files; what an earlier run wrote is not its.

    `earlier` maps paths to the digests that earlier runs in the same workspace left.
    """
    own = tuple(file for file in written if earlier.get(file.path) != file.sha256)
    outputs = tuple(OutputFile(path=f.path, size=f.size, sha256=f.sha256, new=f.new) for f in own)
    return replace(kept, run=kept.run.model_copy(update={"outputs": outputs})), own


def observe(kept: Kept, written: tuple[Written, ...]) -> tuple[Observation, ...]:
    """Return the numbers that a run printed and wrote, standard output first."""
    from auditor.rerun.observations import observe_file, observe_text

    found = list(observe_text(kept.run.id, "stdout", kept.stdout))
    found += observe_text(kept.run.id, "stderr", kept.stderr)
    for file in [file for file in written if file.data is not None][:_READ_FOR_METRICS]:
        found += observe_file(kept.run.id, file.path, file.data or b"")
    return tuple(found)
