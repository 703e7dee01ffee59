"""Which findings rest on words that OCR read, and so are less certain than others."""

from __future__ import annotations

from collections.abc import Collection

from auditor.checks.facts import Statements
from auditor.checks.framework import all_checks
from auditor.claims.model import Claims
from auditor.findings import Finding, PaperEvidence
from auditor.paper.model import Paper

_OF_THE_PAPER = (Paper, Statements, Claims)


def by_ocr(findings: tuple[Finding, ...], pages: Collection[int]) -> tuple[Finding, ...]:
    """Return the findings; marked are those that quote one of these pages or, of a paper with such pages, nothing.

    OCR drops and misreads words: what it did not find may stand there all the same.
    """
    if not pages:
        return findings
    return tuple(
        finding.model_copy(update={"confidence": "ocr"}) if _rests_on(finding, pages) else finding
        for finding in findings
    )


def _rests_on(finding: Finding, pages: Collection[int]) -> bool:
    if finding.evidence:
        return any(isinstance(said, PaperEvidence) and said.page in pages for said in finding.evidence)
    known = all_checks().get(finding.check)
    return known is not None and any(kind in _OF_THE_PAPER for kind, _ in known.needs.values())
