"""The check on the reproducibility statement: a paper that has one, and one that only uses the word."""

from __future__ import annotations

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.paper.model import Paper
from tests.unit.paper_pages import FILLER, paper_of


def finding(paper: Paper) -> Finding:
    return Facts([paper]).run(all_checks()["paper.reproducibility_statement"])


def test_a_section_with_prose_is_a_statement() -> None:
    paper = paper_of(
        ("1 Introduction", FILLER),
        ("Reproducibility Statement", "The code and all settings are in Appendix A. " + FILLER),
    )
    result = finding(paper)
    assert result.status is Status.PASS
    assert result.evidence


def test_a_section_about_the_reproducibility_of_others_is_none() -> None:
    paper = paper_of(("1 Introduction", FILLER), ("2 Reproducibility of earlier studies", FILLER))
    result = finding(paper)
    assert result.status is Status.FAIL
    assert result.remedy
