"""Checks on how sure the paper's results are: seeds and runs, spread, tests, ablation."""

from __future__ import annotations

import re

from auditor.checks.facts import Statements
from auditor.checks.framework import check
from auditor.checks.paper_answer import (
    found,
    missing,
    not_applicable,
    partly,
    proposes_method,
    without_experiments,
    without_training,
)
from auditor.findings import Finding
from auditor.paper.model import Paper

_CALLED_SIGNIFICANT = re.compile(
    r"\bstatistically significan|\bsignificantly (?:better|outperform\w*|higher|lower|worse|improv\w+|more accurate)",
    re.I,
)


@check("paper.seeds_or_runs_stated")
def seeds_or_runs_stated(paper: Paper, statements: Statements) -> Finding:
    """The paper says over how many runs its numbers were taken, or with which seeds.

    Why: One lucky run and the mean of ten are different claims; who reruns must know which to compare with.
    How: Give the number of runs behind each number, and the seeds; a single run counts half.
    Sources: Pineau v2.0 5.2; AAAI 4.7 and 4.10; ARR C3; Ravi 3.
    """
    id, statement = "paper.seeds_or_runs_stated", statements.items["seeds_or_runs_stated"]
    remedy = "Repeat each experiment over several seeds, and state their number and values."
    if statement.answer == "stated":
        if statement.kind == "1":
            return partly(id, statement, f"Page {statement.page} tells of a single run.", remedy, "1")
        kinds = {"seed": "a seed", None: "repeated runs"}
        told = kinds.get(statement.kind, f"{statement.kind} runs")
        return found(id, statement, f"Page {statement.page} tells of {told}.", statement.kind)
    if statement.answer == "denied":
        sentence = f"The paper says on page {statement.page} that seeds or repeats were not kept or made."
        return missing(id, statement, sentence, remedy)
    exempt = without_experiments(id, paper)
    sentence = "No sentence gives a number of runs or repeats, or a random seed."
    return exempt or missing(id, statement, sentence, remedy)


@check("paper.error_bars_or_std_reported")
def error_bars_or_std_reported(paper: Paper, statements: Statements) -> Finding:
    """The paper's results come with a spread, and it says what the spread is over.

    Why: Without it nobody can tell a difference from noise, nor whether a rerun's number agrees.
    How: Give standard deviation, standard error or interval, and say over what: runs, folds or test items.
    Sources: Pineau v2.0 5.4; NeurIPS 7; AAAI 4.11; REFORMS 7b; ARR C3.
    """
    id, statement = "paper.error_bars_or_std_reported", statements.items["error_bars_or_std_reported"]
    if statement.answer == "stated":
        if statement.kind == "unknown":
            return partly(
                id,
                statement,
                f"A spread is reported on page {statement.page}; the words beside it do not say over what.",
                "Say in the caption whether the spread is over runs, folds or test items, and which measure it is.",
            )
        return found(
            id, statement, f"A spread over {statement.kind} is reported on page {statement.page}.", statement.kind
        )
    exempt = without_experiments(id, paper)
    return exempt or missing(
        id,
        statement,
        "No result comes with ±, a standard deviation or error, an interval or error bars.",
        "Report mean and standard deviation over repeated runs for every main result.",
    )


@check("paper.significance_test")
def significance_test(paper: Paper, statements: Statements) -> Finding:
    """Differences that the paper claims are tested, or at least come with a spread.

    Why: A difference smaller than the noise is no difference; "significantly better" is a statement about a test.
    How: Use a test that fits the design and name it with its p-value; error bars over runs make it dispensable.
    Sources: AAAI 4.12; NeurIPS 7; REFORMS 7c.
    """
    id, statement = "paper.significance_test", statements.items["significance_test"]
    remedy = "Test the main differences (paired over seeds or data sets) and name the test and its p-value."
    if statement.answer == "stated":
        return found(id, statement, f"A significance test is named on page {statement.page}.")
    exempt = without_experiments(id, paper)
    if exempt:
        return exempt
    for sentence in paper.sentences:
        if _CALLED_SIGNIFICANT.search(sentence.text):
            called = f"Page {sentence.page} calls a difference significant, and no test is named anywhere."
            return missing(id, statement, called, remedy).model_copy(update={"evidence": (sentence.evidence(),)})
    bars = statements.items["error_bars_or_std_reported"]
    if bars.answer == "stated":
        return not_applicable(id, f"No test is named; results come with a spread instead (page {bars.page}).", bars)
    return missing(id, statement, "Neither a significance test nor a spread of the results was found.", remedy)


@check("paper.ablation")
def ablation(paper: Paper, statements: Statements) -> Finding:
    """The paper shows what each part or setting of its method contributes.

    Why: Without it nobody knows which part of the method makes the result, nor what a rerun may leave out.
    How: Vary or remove one part at a time, keep the rest, and show the numbers in a section or table of its own.
    Sources: Ravi 9; AAAI 2.7; Pineau v2.0 1.1.
    """
    id, statement = "paper.ablation", statements.items["ablation"]
    if statement.answer == "stated":
        return found(id, statement, f"Parts or settings of the method are varied on page {statement.page}.")
    exempt = without_training(id, paper)
    if exempt:
        return exempt
    if not proposes_method(paper):
        return not_applicable(id, "No method of the authors' own that could be taken apart was found.")
    return missing(
        id,
        statement,
        "No section, table or sentence varies or removes parts of the method one by one.",
        "Add a table in which one component or setting at a time is removed or changed.",
    )
