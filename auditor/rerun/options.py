"""What the user may set about a rerun."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from auditor.errors import BadInput

EngineName = Literal["auto", "docker", "process"]

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


@dataclass(frozen=True)
class RerunOptions:
    """Engine and limits. `cpu_seconds` bounds the CPU time of all runs together, `time_limit` their wall time.

    Wall time is bounded more loosely, because a loaded machine takes several times the CPU time.
    """

    engine: EngineName = "auto"
    command: str | None = None
    cpu_seconds: float = 600
    time_limit: float = 2400
    memory_bytes: int = 6 << 30
    cpus: float = 1.0
    gpus: int = 0
    python: str | None = None
    base_image: str | None = None

    @classmethod
    def of(
        cls,
        engine: EngineName,
        time_limit: str,
        memory: str,
        cpus: float,
        gpus: int,
        command: str | None,
        python: str | None,
        base_image: str | None,
    ) -> RerunOptions:
        """Return the options that a user typed; raises BadInput for a time, size or version that cannot be read."""
        if python is not None and not re.fullmatch(r"[23]\.\d{1,2}", python):
            raise BadInput(f"{python!r} is not a Python version such as 3.11.")
        if command is not None and not command.strip():
            raise BadInput("The command after --command is empty.")
        seconds = duration(time_limit)
        return cls(engine, command, seconds, 4 * seconds, size(memory), cpus, gpus, python, base_image)


def duration(text: str) -> float:
    """Return the seconds that `90s`, `10m`, `1.5h` or plain `90` stand for; raises BadInput."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,3})?)\s*([smhd]?)", text.strip().lower())
    if not found or float(found[1]) <= 0:
        raise BadInput(f"{text!r} is not a time such as 90s, 10m or 2h.")
    return float(found[1]) * _SECONDS[found[2] or "s"]


def size(text: str) -> int:
    """Return the bytes that `512m`, `6g` or plain `1000000` stand for; raises BadInput."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,3})?)\s*([kmgt]?)i?b?", text.strip().lower())
    if not found or float(found[1]) <= 0:
        raise BadInput(f"{text!r} is not a size such as 512m or 6g.")
    return int(float(found[1]) * _BYTES.get(found[2], 1))
