"""Checks on the parts that a paper should have: algorithm, proofs, limitations, broader impact."""

from __future__ import annotations

import re

from auditor.checks.facts import Statements
from auditor.checks.framework import check
from auditor.checks.paper_answer import found, missing, not_applicable, partly, proposes_algorithm
from auditor.findings import Finding
from auditor.paper.model import Paper

_ADMITS = re.compile(
    r"\b(?:a|one|another|the (?:main|major|key)|several|some|main) limitations? (?:of (?:our|this|the (?:present"
    r"|proposed|current))|is that|of the study)"
    r"|\b(?:our|this) (?:\w+ )?(?:method|approach|work|study|model|paper)\b.{0,60}\b(?:is limited (?:to|by|in)"
    r"|has (?:\w+ )?limitations?|limitations?)\b"
    r"|\blimitations? of (?:our|this) (?:\w+ )?(?:method|approach|work|study|model|analysis)\b",
    re.I,
)


@check("paper.pseudocode_or_algorithm")
def pseudocode_or_algorithm(paper: Paper, statements: Statements) -> Finding:
    """A paper that presents an algorithm sets it out as a listing or pseudocode.

    Why: Prose leaves out the order of steps, the stopping rule and the special cases, which reimplementers then guess.
    How: Add a numbered listing with inputs, outputs and every step of the algorithm.
    Sources: AAAI 1.1; Gundersen and Kjensmo M5; Pineau v2.0 1.1.
    """
    id, statement = "paper.pseudocode_or_algorithm", statements.items["pseudocode_or_algorithm"]
    if statement.answer == "stated":
        return found(id, statement, f"A listing or pseudocode stands on page {statement.page}.")
    if not proposes_algorithm(paper):
        return not_applicable(id, "No algorithm of the authors' own was found.")
    return missing(
        id,
        statement,
        "The authors present an algorithm, and no listing or pseudocode of it was found.",
        "Set the algorithm out as a listing with inputs, outputs and steps.",
    )


@check("paper.proofs")
def proofs(paper: Paper, statements: Statements) -> Finding:
    """A paper that states theorems gives their proofs.

    Why: A theorem without a proof cannot be checked.
    How: Give each proof in the text or the appendix, headed by the word proof and the theorem's number.
    Sources: Pineau v2.0 2.2; NeurIPS 3; AAAI 2.4.
    """
    id, statement = "paper.proofs", statements.items["proofs"]
    if statement.answer == "stated":
        return found(id, statement, f"A proof stands on page {statement.page}.")
    if statement.kind == "none_needed":
        return not_applicable(id, "The paper sets out no theorem, lemma or proposition.")
    return missing(
        id,
        statement,
        "Theorems are stated, and no passage headed as a proof was found in the text or the appendix.",
        "Add the proof of each theorem to the appendix, or cite where it is given.",
    )


@check("paper.limitations_section")
def limitations_section(paper: Paper, statements: Statements) -> Finding:
    """The paper has a section or headed paragraph on its limitations.

    Why: It tells where a result should not be expected to hold, before anybody tries there.
    How: Head a section or paragraph with the word limitations; a single sentence elsewhere counts half.
    Sources: NeurIPS 2; ARR A1; REFORMS 8b.
    """
    id, statement = "paper.limitations_section", statements.items["limitations_section"]
    remedy = "Add a section on limitations: assumptions, data and settings for which the result was not shown."
    if statement.answer == "stated" and statement.kind == "section":
        return found(id, statement, f"Limitations have their own heading on page {statement.page}.", "section")
    if statement.answer == "stated":
        half = f"Page {statement.page} names limitations; no section or paragraph is headed so."
        return partly(id, statement, half, remedy, "sentence")
    for sentence in paper.sentences:
        if _ADMITS.search(sentence.text):
            half = f"Page {sentence.page} names a limitation; no section or paragraph is headed so."
            return partly(id, statement, half, remedy, "sentence").model_copy(
                update={"evidence": (sentence.evidence(),)}
            )
    return missing(id, statement, "No heading and no sentence names limitations of the work.", remedy)


@check("paper.broader_impact_section")
def broader_impact_section(paper: Paper, statements: Statements) -> Finding:
    """The paper has a section or headed paragraph on its broader impact or its ethics.

    Why: Conferences ask for it; who reuses the work should know the harm that the authors foresaw.
    How: Head a section or paragraph with broader impact or ethics, and say what may go wrong for whom.
    Sources: NeurIPS 10; ARR A2.
    """
    id, statement = "paper.broader_impact_section", statements.items["broader_impact_section"]
    if statement.answer == "stated":
        return found(id, statement, f"Impact or ethics has its own heading on page {statement.page}.", "section")
    return missing(
        id,
        statement,
        "No section or paragraph is headed broader impact, ethics or the like.",
        "Add a short statement on positive and negative consequences of the work.",
    )
