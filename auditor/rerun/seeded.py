"""Whether a seed that a run's own record names stands in the source, where the record says that it was set."""

from __future__ import annotations

import re

from auditor.analysis.randomness.generators import LOCAL_GENERATORS, SEEDS
from auditor.findings import FileEvidence
from auditor.repository.model import Repository, Source

_PLACE = re.compile(r" at (.{1,300}?)(?:\[cell (\d{1,6})\])?:(\d{1,7})$")
_PATTERNS = (*(pattern for pattern, _ in SEEDS), *(pattern for pattern, _ in LOCAL_GENERATORS))


def seeding_call(seed: str, repository: Repository | None) -> FileEvidence | None:
    """Return the seeding call on the line that a recorded seed (`random.seed(0) at train.py:3`) names, else None."""
    place = _PLACE.search(seed)
    if place is None or repository is None:
        return None
    source = next((source for source in repository.sources if source.path == place[1]), None)
    line = _line(source, place[2], int(place[3])) if source else None
    if source is None or line is None:
        return None
    for call in source.calls:
        if call.line == line and any(pattern.search(call.name) for pattern in _PATTERNS):
            return source.evidence(line, call.statement or call.name)
    return None


def _line(source: Source, cell: str | None, line: int) -> int | None:
    """The line of a source; of a notebook, the line in the joined text of its cells."""
    if cell is None:
        return None if source.notebook else line
    return next((first + line - 1 for number, first in source.cells if number == int(cell)), None)
