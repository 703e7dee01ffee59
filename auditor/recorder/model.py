"""What a run wrote down about itself."""

from __future__ import annotations

from auditor.record import Record
from auditor.text import Line


class Recorded(Record):
    """What the recorder inside the run wrote down about itself: self-reported evidence."""

    complete: bool = False
    python: Line | None = None
    distributions: dict[str, str] = {}
    seeds: tuple[Line, ...] = ()
    """`numpy.random.seed(0) at train.py:12`"""
    unseeded: tuple[Line, ...] = ()
    files_read: tuple[Line, ...] = ()
    files_written: tuple[Line, ...] = ()
    read_back: tuple[Line, ...] = ()
    """Those of the files read that this run had written before it first read them."""
    connections: tuple[Line, ...] = ()
    processes: tuple[Line, ...] = ()
    notes: tuple[Line, ...] = ()
