"""Whether the paper holds what its own checklist or reproducibility statement says it holds."""

from __future__ import annotations

import re

from auditor.checks.facts import Statements
from auditor.checks.framework import check
from auditor.findings import Evidence, Finding, PaperEvidence, Status
from auditor.paper.model import Paper, Promise, Statement

_SHOWN = 4
_ELSEWHERE = re.compile(r"\bsuppl\w+|\bupon (?:acceptance|publication)\b|\bzip\b|\bsubmission\b", re.I)
"""Where a promise points out of the PDF: what stands there cannot be looked at."""
_CALLED = {
    "code_statement": "code",
    "data_split_described": "the data split",
    "hyperparameters_stated": "hyper-parameters",
    "hyperparameter_search_described": "how hyper-parameters were chosen",
    "seeds_or_runs_stated": "seeds or the number of runs",
    "error_bars_or_std_reported": "error bars or another spread",
    "significance_test": "significance tests",
    "compute_hardware_stated": "the hardware",
    "pseudocode_or_algorithm": "pseudocode",
    "limitations_section": "limitations",
    "broader_impact_section": "broader impact",
    "proofs": "proofs",
    "licence_mentioned": "a licence",
}

_WORDS = {
    "code_statement": r"\bcode\b|github|implementation",
    "data_split_described": r"\bsplits?\b|\btest\b|validation|\bfolds?\b",
    "hyperparameters_stated": r"hyper-?param|learning rate|batch|epochs?\b|\blayers\b",
    "hyperparameter_search_described": r"\bsearch|\btun(?:ed|ing)|\bgrid\b|validation|\bchosen\b|\bselected\b",
    "seeds_or_runs_stated": r"\bseeds?\b|\bruns\b|\btrials?\b|\brepeat|\btimes\b",
    "error_bars_or_std_reported": r"±|error bar|standard (?:deviation|error)|\bstd\b|\bconfidence|varianc|shaded"
    r"|quartile|boxplot|box plot|significan|percentile",
    "significance_test": r"significan|\btests?\b|p-value",
    "compute_hardware_stated": r"\b[GCT]PUs?\b|\bhours?\b|\bmachine|\bcluster\b|\bcloud\b|\bcores?\b"
    r"|\b[AVH]100\b|\bAPI\b",
    "pseudocode_or_algorithm": r"algorithm|pseudo-?code|\boverview\b|framework",
    "limitations_section": r"limitation|shortcoming|future work|drawback|threats to validity",
    "broader_impact_section": r"\bsociet|\bethic|impact|\brisks?\b|\bharm",
    "proofs": r"\bproofs?\b|\bprove",
    "licence_mentioned": r"licen[cs]|\bMIT\b|\bApache\b|\bCC[ -]|\bGPL|\bterms of\b",
}
"""Words without which a paper does not speak of an item at all; where one stands, the rules may have overlooked it."""
_FACTS = ("compute_hardware_stated", "licence_mentioned")
"""Items that a justification itself can answer."""


@check("paper.promises_kept")
def promises_kept(paper: Paper, statements: Statements) -> Finding:
    """What the filled-in checklist or the reproducibility statement says is in the paper is found there.

    Compared are the answers "yes" to questions that the rules look for in the paper too. A promise that the paper's
    own words deny fails; one of which no word was found is partial. Answers that point to a supplement are not held
    against the PDF; an honest "no" costs nothing.

    Why: Reviewers trust the checklist; an answer that the paper does not bear out misleads them.
    How: Give the section in which each thing stands, and answer "no" where it does not.
    Sources: NeurIPS Paper Checklist; AAAI Reproducibility Checklist; ACL Responsible NLP Research checklist; ICLR 1.
    """
    id = "paper.promises_kept"
    given = paper.promises
    if not given:
        sentence = "The paper has no filled-in checklist and no reproducibility statement."
        return Finding(check=id, status=Status.NOT_APPLICABLE, sentence=sentence)
    answered = [promise for promise in given if promise.answer != "open"]
    told = f"{len(answered)} of {len(given)} promises on reproducibility are filled in"
    pairs = [(promise, statements.items[promise.item]) for promise in _affirmed(answered) if promise.item]
    if not pairs:
        sentence = f"{told}; none of them says yes to something that the rules look for in the paper."
        return Finding(check=id, status=Status.UNKNOWN, sentence=sentence, evidence=_asked(given))
    denied = [pair for pair in pairs if pair[1].answer == "denied"]
    absent = [pair for pair in pairs if pair[1].answer == "not_found" and _unheard_of(pair[0], paper)]
    kept = [pair for pair in pairs if pair[1].answer == "stated"]
    if denied or absent:
        return _broken(id, denied, absent)
    if not kept:
        sentence = f"{told}; whether the paper holds what they say it does cannot be told by the rules."
        return Finding(check=id, status=Status.UNKNOWN, sentence=sentence, evidence=_asked(given))
    evidence = tuple(one for promise, statement in kept[:_SHOWN] for one in _both(promise, statement))
    names = ", ".join(dict.fromkeys(_CALLED[statement.item] for _, statement in kept))
    sentence = f"{told}; the paper holds what they say it does: {names}."
    return Finding(check=id, status=Status.PASS, sentence=sentence, evidence=evidence)


def _affirmed(answered: list[Promise]) -> list[Promise]:
    """Return the first promise for each item that says yes to it."""
    first: dict[str, Promise] = {}
    for promise in answered:
        if promise.answer == "yes" and promise.item:
            first.setdefault(promise.item, promise)
    return list(first.values())


def _unheard_of(promise: Promise, paper: Paper) -> bool:
    """Whether nothing in the PDF speaks of what was promised, although the promise does not point elsewhere."""
    words = re.compile(_WORDS[promise.item or ""], re.I)
    if _ELSEWHERE.search(promise.justification) or (promise.item in _FACTS and words.search(promise.justification)):
        return False
    lines = (
        line
        for section in paper.sections
        if section.kind not in ("references", "checklist")
        for line in paper.lines[max(section.first - 1, 0) : section.last]
    )
    return not any(words.search(line.text) for line in lines)


def _broken(id: str, denied: list[tuple[Promise, Statement]], absent: list[tuple[Promise, Statement]]) -> Finding:
    promise, statement = (denied or absent)[0]
    where = f"The {promise.source} on page {promise.page} says yes to {_CALLED[statement.item]}"
    if denied:
        said = f"{where}; page {statement.page} says the contrary"
    else:
        said = f"{where}; no passage of the paper was found that gives it"
    more = len(denied) + len(absent) - 1
    return Finding(
        check=id,
        status=Status.FAIL if denied else Status.PARTIAL,
        sentence=f"{said} ({more} more)." if more else f"{said}.",
        evidence=tuple(one for pair in (denied + absent)[:_SHOWN] for one in _both(*pair)),
        remedy="Add what is missing, or correct the answer.",
    )


def _both(promise: Promise, statement: Statement) -> tuple[Evidence, ...]:
    return (promise.evidence(), *statement.evidence())


def _asked(given: tuple[Promise, ...]) -> tuple[PaperEvidence, ...]:
    return tuple(promise.evidence() for promise in given[:2])
