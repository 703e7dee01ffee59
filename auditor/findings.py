"""What a check concludes, and what it rests on."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from pydantic import Field

from auditor.record import Record
from auditor.text import Excerpt, Line, Patch


class Status(str, Enum):
    """The five answers a check can give."""

    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def score(self) -> float | None:
        """1 for a pass, one half for a partial, 0 for a fail, None where nothing was answered."""
        return {"pass": 1.0, "partial": 0.5, "fail": 0.0}.get(self.value)


class PaperEvidence(Record):
    """A passage of the paper: `page` counts from 1; `box` is (x0, top, x1, bottom) in points from its top left."""

    source: Literal["paper"] = "paper"
    page: int
    excerpt: Excerpt
    box: tuple[float, float, float, float] | None = None


class FileEvidence(Record):
    """Lines of a file of the repository: `path` is relative with `/`, lines count from 1; a whole file has no lines.

    `cell` is the number of a notebook's cell, counted from 1; lines then count within the cell.
    """

    source: Literal["file"] = "file"
    path: Line
    line: int | None = None
    last_line: int | None = None
    cell: int | None = None
    excerpt: Excerpt = ""


class RunEvidence(Record):
    """What a run showed: `stream` is `stdout`, `stderr`, `record`, `engine`, or the path of a file that it wrote."""

    source: Literal["run"] = "run"
    run: Line
    stream: Line
    line: int | None = None
    excerpt: Excerpt = ""


Evidence = Annotated[PaperEvidence | FileEvidence | RunEvidence, Field(discriminator="source")]


class Finding(Record):
    """The answer of one check.

    `level` is the standard's own word where it has levels (`file`/`prose`/`none`, `works`/`broken`/`none`, a
    licence's SPDX id …). `confidence` is the measured probability that a human reader gives the same yes or no, or
    the word `rule`, or `ocr` where words were read from a picture, which is less certain. `sentence` says what was
    found; `remedy` is the concrete next step for the author, `code` that step as lines to write, and `patch` a
    unified diff (`a/…`, `b/…`) that does it, where that is safe. `counted_in` names a check that finds the same
    cause: where that one costs points, this one costs none.
    """

    check: str
    status: Status
    sentence: Line
    level: Line | None = None
    confidence: float | Literal["rule", "ocr"] = "rule"
    evidence: tuple[Evidence, ...] = ()
    remedy: Line | None = None
    code: Excerpt | None = None
    patch: Patch | None = None
    counted_in: Line | None = None
