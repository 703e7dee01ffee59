"""A place where results are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from auditor.findings import FileEvidence

_USE = re.compile(r"(^|/)(examples?|tutorials?|demos?|tests?|getting_?started)/", re.I)


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A place where the documentation shows results, and how."""

    how: Literal["numbers", "image"]
    evidence: FileEvidence


def in_use(path: str) -> bool:
    """Return whether a file lies among examples of use.

    What such a file prints shows how the code is used; only a table there reports results.
    """
    return bool(_USE.search(path))
