"""Whether the paper says, in one place, where everything that a reproduction needs is found."""

from __future__ import annotations

import re

from auditor.checks.facts import Statements
from auditor.checks.framework import check
from auditor.findings import Finding, Status
from auditor.paper.model import Paper

_TITLE = re.compile(r"^(?:statement (?:on|of) )?reproducib\w+(?: statement| checklist)?\.?$", re.I)


@check("paper.reproducibility_statement")
def reproducibility_statement(paper: Paper, statements: Statements) -> Finding:
    """A section of its own says where code, data, settings and proofs are found.

    Why: details that are spread over text, appendix and repository are overlooked by those who need them.
    How: before the references, add a paragraph "Reproducibility statement" that names where each of them stands.
    Sources: ICLR 1.
    """
    id = "paper.reproducibility_statement"
    section = next((s for s in paper.sections if _TITLE.match(s.title.strip()) and s.last > s.first), None)
    prose = [s for s in paper.sentences if section and s.section == section.title]
    if section and prose:
        return Finding(
            check=id,
            status=Status.PASS,
            sentence=f"A section “{section.title}” stands on page {section.page}.",
            evidence=(prose[0].evidence(),),
        )
    return Finding(
        check=id,
        status=Status.FAIL,
        sentence=f"None of the {len(paper.sections)} sections is a statement on reproducibility.",
        remedy="Add a paragraph that says where code, data, settings and proofs are found.",
    )
