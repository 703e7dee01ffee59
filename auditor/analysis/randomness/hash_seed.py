"""PYTHONHASHSEED set inside the running process, where it no longer has an effect."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysis.randomness.faults import Fault
from auditor.analysis.randomness.levels import Randomness
from auditor.repository.model import Source

_NAME = "PYTHONHASHSEED"
_STARTS = re.compile(
    r"^(os\.(exec\w+|spawn\w+|system|popen|fork)|subprocess\.\w+|multiprocessing\.\w+|torch\.multiprocessing\.\w+)$"
)


def hash_seed_faults(randomness: Randomness) -> Iterator[Fault]:
    """Yield the lines, reached from a program, that set PYTHONHASHSEED for a process that has started already.

    Not where the file starts another process, which inherits it.
    """
    program = randomness.program
    runs = randomness.reach.running(tuple(entry.entry for entry in randomness.entries))
    for source in program.sources.values():
        if any(_STARTS.match(call.name) for call in source.calls):
            continue
        for within, line, text in _set_in(source):
            if runs((source.path, within), line):
                yield Fault(
                    10,
                    "medium",
                    f"`{text}` in {source.path}, line {line}, has no effect: Python reads it when it starts",
                    (source.evidence(line, text),),
                    f"Start the program as `PYTHONHASHSEED=0 python {source.path}`, and sort what comes out of a set.",
                )


def _set_in(source: Source) -> Iterator[tuple[str, int, str]]:
    for item in source.assignments:
        if "environ" in item.target and _NAME in item.target:
            yield item.within, item.line, f"{item.target} = {item.value}"
    for call in source.calls:
        if call.name in ("os.environ.setdefault", "os.putenv") and any(_NAME in text for text in call.arguments[:1]):
            yield call.within, call.line, call.statement
