"""The reader of the flight recorder's file, which comes from beside untrusted code and is read as a hostile file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditor.recorder.model import Recorded
from auditor.text import printable

RECORDER = Path(__file__).with_name("recorder.py")
NOTEBOOK = Path(__file__).with_name("notebook.py")
PLACED = {"sitecustomize.py": RECORDER, "auditor_notebook.py": NOTEBOOK}
"""What an engine puts into the folder that is first on a run's module path: name there, and file here."""

MAX_BYTES = 8 << 20
MAX_LINES = 20_000
MAX_LINE = 8_192
MAX_ITEMS = 500


def read_record(data: bytes) -> Recorded | None:
    """Return what the recorder wrote; None where it wrote nothing. Lines that are not its own are counted in a note.

    `complete` is True only where the first process that started also reached its end.
    """
    if not data.strip():
        return None
    kept: dict[str, dict[str, None]] = {}
    distributions: dict[str, str] = {}
    python: str | None = None
    first: object = None
    complete = False
    strange = 0
    for raw in data[:MAX_BYTES].split(b"\n")[:MAX_LINES]:
        if not raw.strip():
            continue
        event = _event(raw)
        if event is None:
            strange += 1
            continue
        kind, get = str(event["e"]), _field(event)
        if kind == "start" and first is None:
            first, python = event.get("pid"), get("python")
        elif kind == "end":
            complete = complete or event.get("pid") == first
        elif kind == "distribution" and len(distributions) < MAX_ITEMS:
            distributions[get("name")] = get("version")
        else:
            text = _sentence(kind, get)
            if kind == "read" and text in kept.get("write", {}) and text not in kept.get("read", {}):
                kept.setdefault("read back", {})[text] = None
            if text:
                kept.setdefault(kind, {})[text] = None
    return Recorded(
        complete=complete,
        python=python,
        distributions=distributions,
        seeds=_items(kept, "seed"),
        unseeded=_items(kept, "unseeded"),
        files_read=_items(kept, "read"),
        files_written=_items(kept, "write"),
        read_back=_items(kept, "read back"),
        connections=_items(kept, "connect"),
        processes=_items(kept, "process"),
        notes=_notes(strange, len(data) > MAX_BYTES),
    )


def _field(event: dict[str, Any]) -> Callable[[str], str]:
    return lambda name: printable(str(event.get(name, "")), 300)


def _event(raw: bytes) -> dict[str, Any] | None:
    if len(raw) > MAX_LINE:
        return None
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("e"), str) else None


def _sentence(kind: str, get: Callable[[str], str]) -> str:
    if kind in ("seed", "unseeded"):
        return f"{get('call')} at {get('at')}"
    field = {"read": "path", "write": "path", "connect": "address", "process": "command"}.get(kind)
    return get(field) if field else ""


def _items(kept: dict[str, dict[str, None]], kind: str) -> tuple[str, ...]:
    return tuple(kept.get(kind, {}))[:MAX_ITEMS]


def _notes(strange: int, cut: bool) -> tuple[str, ...]:
    notes = []
    if strange:
        notes.append(f"{strange} lines of the record are not the recorder's own.")
    if cut:
        notes.append("The record is larger than what is read of it.")
    return tuple(notes)
