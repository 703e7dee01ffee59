"""How a statement of the paper becomes a finding, and what kind of paper it is: shared by the checks on papers."""

from __future__ import annotations

import re

from auditor.findings import Finding, Status
from auditor.paper.model import Paper, Statement

_EXPERIMENT_TITLE = re.compile(
    r"\bexperiment|\bevaluat|\bresults?\b|\bempirical|\bcase stud|\bbenchmark|\bsimulation|\bnumerical|\bperformance\b",
    re.I,
)
_TRAINS = re.compile(
    r"\b(?:train(?:ed|ing|s)?|fine-?tun\w+|learning rates?|epochs?|gradient descent|SGD|Adam|classifiers?"
    r"|neural networks?"
    r"|hyper-?parameters?|cross-?validation|fitted model)\b",
    re.I,
)
_PROPOSES = re.compile(
    r"\b(?:we|this (?:paper|work|article))\s(?:\w+\s){0,3}(?:propos\w+|introduc\w+|present\w*|develop\w*"
    r"|design\w*)\s(?:\S+\s){0,8}?"
    r"(?:method|algorithm|model|approach|architecture|framework|network|procedure|technique|system|loss)\b"
    r"|\b(?:our|the proposed)\s(?:\w+\s){0,2}(?:method|algorithm|model|approach|architecture|framework|network)\b",
    re.I,
)
_ALGORITHM = re.compile(
    r"\b(?:our|the proposed|(?:propos|introduc|present|develop|design)\w*\s(?:an?|the|two"
    r"|three)\s(?:\S+\s){0,4}?)\s?(?:\w+\s)?algorithms?\b",
    re.I,
)


def found(check: str, statement: Statement, sentence: str, level: str | None = None) -> Finding:
    """Return a pass that rests on the statement's quote."""
    return Finding(check=check, status=Status.PASS, sentence=sentence, level=level, evidence=statement.evidence())


def partly(check: str, statement: Statement, sentence: str, remedy: str, level: str | None = None) -> Finding:
    """Return a partial that rests on the statement's quote."""
    return Finding(
        check=check,
        status=Status.PARTIAL,
        sentence=sentence,
        level=level,
        evidence=statement.evidence(),
        remedy=remedy,
    )


def missing(check: str, statement: Statement, sentence: str, remedy: str) -> Finding:
    """Return a fail: the paper denies it (with the quote as evidence), or nothing was found where it was looked for."""
    return Finding(check=check, status=Status.FAIL, sentence=sentence, evidence=statement.evidence(), remedy=remedy)


def not_applicable(check: str, sentence: str, statement: Statement | None = None) -> Finding:
    """Return that the question does not arise for this paper, with the reason."""
    evidence = statement.evidence() if statement else ()
    return Finding(check=check, status=Status.NOT_APPLICABLE, sentence=sentence, evidence=evidence)


def without_experiments(check: str, paper: Paper) -> Finding | None:
    """Return `not_applicable` for a paper that shows no experiment, else None."""
    if paper.tables or any(_EXPERIMENT_TITLE.search(section.title) for section in paper.sections):
        return None
    if any(re.search(r"\b(?:our|the|we \w+) (?:experiments?|results show)\b", s.text, re.I) for s in paper.sentences):
        return None
    return not_applicable(check, "The paper shows no experiment: no section on experiments or results, and no table.")


def without_training(check: str, paper: Paper) -> Finding | None:
    """Return `not_applicable` for a paper in which nothing is trained or fitted, else None."""
    bare = without_experiments(check, paper)
    if bare:
        return bare
    if sum(bool(_TRAINS.search(sentence.text)) for sentence in paper.sentences) >= 3:
        return None
    return not_applicable(
        check, "Nothing in the paper is trained: fewer than three sentences speak of training a model."
    )


def proposes_method(paper: Paper) -> bool:
    """Whether the authors present a method of their own."""
    return any(_PROPOSES.search(sentence.text) for sentence in paper.sentences)


def proposes_algorithm(paper: Paper) -> bool:
    """Whether the authors call something of their own an algorithm."""
    return any(_ALGORITHM.search(sentence.text) for sentence in paper.sentences)
