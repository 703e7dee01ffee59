"""Checks on the paper's own arithmetic, and on which data its choices were made."""

from __future__ import annotations

from importlib.util import find_spec

from auditor.checks.compared import compared
from auditor.checks.facts import Statements
from auditor.checks.framework import check
from auditor.claims.counts import counted
from auditor.claims.significance import p_values, reported
from auditor.findings import Finding, Status
from auditor.paper.model import Paper
from auditor.paper.selection import chosen_on_test, chosen_on_validation


@check("paper.counts_fit")
def counts_fit(paper: Paper, statements: Statements) -> Finding:
    """Percentages and means that stand beside their counts can be had from such counts.

    `17/20 (80%)` fails. A share of test items, or a mean of whole ratings, that no whole numbers give is partial,
    because what was counted may be something else.

    Why: Who wants to check a rate starts from its counts; where the two differ, one of them was not measured.
    How: Compute percentages from the counts in the script that writes the table.
    Sources: Brown and Heathers, The GRIM test (2017), doi:10.1177/1948550616673876.
    """
    return compared(
        "paper.counts_fit",
        counted(paper.sentences, paper.tables),
        "No percentage or mean stands beside the counts that it was computed from.",
        "{count} percentages or means were compared with the counts beside them; all fit.",
        "Correct the percentage or the count.",
        Status.NOT_APPLICABLE,
    )


@check("paper.p_values_fit")
def p_values_fit(paper: Paper, statements: Statements) -> Finding:
    """Each p-value is the one that its test statistic and degrees of freedom give.

    Looked at are t, F, chi-squared, r and z in the form `t(28) = 2.20, p = .036`, recomputed within the rounding of the
    statistic. A p on the other side of .05 fails, any other difference is partial; one-sided and corrected values are
    allowed for where the paper speaks of such.

    Why: The conclusion rests on the p-value; one that does not follow from its statistic was mistyped or never
    computed.
    How: Let the script that runs the test write the sentence.
    Sources: Nuijten et al., statcheck (2016), doi:10.3758/s13428-015-0664-2.
    """
    id, remedy = "paper.p_values_fit", "Correct the statistic, its degrees of freedom or the p-value."
    if find_spec("scipy") is None and any(reported(sentence.text) for sentence in paper.sentences):
        sentence = "Not looked at: p-values are recomputed with SciPy, which is not installed (extra `statistics`)."
        return Finding(check=id, status=Status.UNKNOWN, sentence=sentence)
    nothing = "No test is reported with its statistic, degrees of freedom and p-value."
    agreed = "{count} p-values were computed again from their statistics; all agree."
    return compared(id, p_values(paper.sentences), nothing, agreed, remedy, Status.NOT_APPLICABLE)


@check("paper.selection_not_on_test")
def selection_not_on_test(paper: Paper, statements: Statements) -> Finding:
    """The paper chooses hyper-parameters, checkpoints and stopping on other data than those it reports on.

    A sentence that tells of a choice by test results fails; one that tells of a choice on validation data passes.

    Why: The best of many tries on the test set is better than the method; on new data the number will not come again.
    How: Keep a validation set or cross-validate for every choice, and touch the test set once.
    Sources: Kapoor and Narayanan, Leakage and the reproducibility crisis (2023), L1; REFORMS 6a.
    """
    id = "paper.selection_not_on_test"
    on_test, on_validation = chosen_on_test(paper.sentences), chosen_on_validation(paper.sentences)
    if on_test:
        return Finding(
            check=id,
            status=Status.FAIL,
            sentence=f"Page {on_test[0].page} says that something was chosen by its result on the test data.",
            evidence=tuple(sentence.evidence() for sentence in on_test[:5]),
            remedy="Choose on validation data, and report the test result of that choice.",
        )
    if on_validation:
        first = on_validation[0]
        return Finding(
            check=id,
            status=Status.PASS,
            sentence=f"Page {first.page} tells of a choice on validation data, and no sentence of one on test data.",
            evidence=tuple(sentence.evidence() for sentence in on_validation[:3]),
        )
    sentence = "No sentence says on which data hyper-parameters or checkpoints were chosen."
    return Finding(check=id, status=Status.UNKNOWN, sentence=sentence)
