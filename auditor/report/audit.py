"""The Audit document: everything a report shows, as versioned JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from auditor.claims.model import Claim
from auditor.findings import Evidence, Finding
from auditor.record import Record
from auditor.rerun.model import Rerun
from auditor.scoring.model import Checklist, Scorecard
from auditor.submission.model import LeftOut, Origin
from auditor.text import Excerpt, Line

SCHEMA_VERSION: Literal["1.0"] = "1.0"


class LinkSummary(Record):
    """A link that the paper gives; `code` marks the one to its own code."""

    url: Line
    page: int
    context: Excerpt
    code: bool = False


class TableSummary(Record):
    """A table of the paper as it was read."""

    label: Line
    caption: Line
    page: int
    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]


class PaperSummary(Record):
    """What was read of the paper."""

    title: Line
    pages: int
    language: str
    scanned: bool
    ocr_pages: tuple[int, ...] = ()
    """Pages that are pictures of text and were read by OCR."""
    sections: tuple[Line, ...] = ()
    links: tuple[LinkSummary, ...] = ()
    tables: tuple[TableSummary, ...] = ()


class RepositorySummary(Record):
    """What was read of the repository. `kinds` counts files; `lines` counts lines of Python of the authors' own."""

    files: int
    bytes: int
    kinds: dict[str, int]
    lines: int
    unparsed: tuple[Line, ...] = ()
    """Python files that could not be parsed, each with the reason."""
    licence: Line | None = None
    dependencies: tuple[Line, ...] = ()
    commands: tuple[Line, ...] = ()


class AuthorSettings(Record):
    """The submission's own settings for this tool: shown, never obeyed by `audit`."""

    path: Line
    text: Excerpt


class Passage(Record):
    """A passage that helps a human to judge an item that no program can."""

    item: str
    evidence: Evidence


class CheckDocumentation(Record):
    """What a check of this audit asks, why, how to satisfy it, and by which sources, as it was when it was made."""

    question: str
    why: str
    how: str
    sources: str


class Audit(Record):
    """One audit: what was handed in, what was read, found, run, compared, and the grade that follows."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    auditor_version: str
    created: datetime
    title: Line
    slug: str
    pdf: Origin | None = None
    repository: Origin | None = None
    left_out: tuple[LeftOut, ...] = ()
    paper_summary: PaperSummary | None = None
    repository_summary: RepositorySummary | None = None
    author_settings: tuple[AuthorSettings, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    rerun: Rerun | None = None
    scorecard: Scorecard
    checklist: Checklist | None = None
    """The checklist that was scored, so that titles, weights, thresholds and caps can be read from the audit alone."""
    passages: tuple[Passage, ...] = ()
    """What helps a human to judge the items that no program can."""
    documentation: dict[str, CheckDocumentation] = {}
    """By check id, for every finding."""
    seconds: dict[str, float] = {}
    """Wall time of each stage."""
    machine: dict[str, str] = {}
    """Python, platform and the versions of the readers used."""

    def finding(self, check: str) -> Finding | None:
        """The finding of a check, by id."""
        return next((finding for finding in self.findings if finding.check == check), None)
