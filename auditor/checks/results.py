"""Whether the repository shows the results that its code gives."""

from __future__ import annotations

from auditor.checks.framework import check
from auditor.checks.looked_at import looked_at
from auditor.checks.substance import Substance
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.model import Repository
from auditor.repository.results.documented import shown_results

EVIDENCE_LIMIT = 5


@check("documentation.results", reads=("document",))
def results(repository: Repository, code: Substance) -> Finding:
    """The documentation shows the paper's results as numbers: in a table, text, a notebook or a result file.

    Why: who reruns the code must know which numbers to expect, and from which command.
    How: add a table to the README with each result and the command that produces it.
    Sources: guide field `results`; Papers with Code completeness checklist, item 5; Pineau checklist, item 4.5.
    """
    shown = shown_results(repository)
    numbers = tuple(item.evidence for item in shown if item.how == "numbers")
    images = tuple(item.evidence for item in shown if item.how == "image")
    if shown and code.placeholder:
        return Finding(
            check="documentation.results",
            status=Status.FAIL,
            level="none",
            sentence=f"{shown[0].evidence.path} shows numbers, but there is no code here that could have given them.",
            evidence=(numbers or images)[:EVIDENCE_LIMIT],
            remedy="Commit the code that gives these results.",
        )
    if numbers:
        return Finding(
            check="documentation.results",
            status=Status.PASS,
            level="numbers",
            sentence=f"{numbers[0].path} shows results as numbers: {numbers[0].excerpt}",
            evidence=numbers[:EVIDENCE_LIMIT],
        )
    if images:
        return Finding(
            check="documentation.results",
            status=Status.PARTIAL,
            level="image",
            sentence=f"{images[0].path} shows results only as a picture: {images[0].excerpt}",
            evidence=images[:EVIDENCE_LIMIT],
            remedy=f"Give the numbers behind the picture in {images[0].path} as a table.",
        )
    unread = [notebook for notebook in repository.notebooks if notebook.problem]
    if unread:  # its outputs are unknown; code that does not parse says nothing of them
        return Finding(
            check="documentation.results",
            status=Status.UNKNOWN,
            sentence=f"Not found in what could be read. {unread[0].path} was not read: {unread[0].problem}.",
            evidence=tuple(FileEvidence(path=notebook.path) for notebook in unread[:EVIDENCE_LIMIT]),
        )
    return Finding(
        check="documentation.results",
        status=Status.FAIL,
        level="none",
        sentence="No document, notebook or result file that one points to shows the paper's results.",
        evidence=looked_at(repository),
        remedy="Add a table of the paper's main results to the README, each with the command that gives it.",
    )
