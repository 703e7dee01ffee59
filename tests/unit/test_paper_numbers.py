"""The paper's own arithmetic: impossible values, counts, p-values, choices on test data."""

from __future__ import annotations

import pytest

from auditor.claims.contradiction import Contradiction
from auditor.claims.counts import counted, mean_possible, share_fits, share_possible
from auditor.claims.impossible import impossible
from auditor.claims.model import Claim
from auditor.claims.significance import agrees, p_range, p_values, reported
from auditor.claims.superiority import better_by_name
from auditor.findings import PaperEvidence, Status
from auditor.paper.model import Sentence, Table
from auditor.paper.selection import chosen_on_test, chosen_on_validation
from tests.unit.test_paper_checks import experiment, finding

BOX = (0.0, 0.0, 1.0, 1.0)


def said(*texts: str) -> list[Sentence]:
    return [Sentence(text, 1, BOX, "body", "Experiments") for text in texts]


def claim(metric: str, printed: str, unit: str = "percent", **more: object) -> Claim:
    given = {
        "id": "",
        "metric": metric,
        "metric_text": metric,
        "value": float(printed.split("±")[0]),
        "printed": printed,
        "unit": unit,
        "direction": "higher",
        "method": "Net",
        "where": "Table 1",
        "origin": "paper",
        "evidence": PaperEvidence(page=1, excerpt=printed),
    }
    return Claim.model_validate(given | more)


def contradicted(comparisons: object) -> list[Contradiction]:
    return [one for one in comparisons if isinstance(one, Contradiction)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"exact_match_accuracy": "76.3", "f1": "73.7"}, True),
        ({"exact_match_accuracy": "73.7", "f1": "76.3"}, False),
        ({"precision": "80.0", "recall": "60.0", "f1": "68.6"}, False),
        ({"precision": "80.0", "recall": "60.0", "f1": "72.0"}, True),
        ({"precision_macro": "80.0", "recall_macro": "60.0", "f1_macro": "55.0"}, False),  # a mean over classes may
        ({"recall@1": "40.0", "recall@5": "39.0"}, True),
        ({"accuracy": "91.0", "recall": "80.0", "specificity": "90.0"}, True),
        ({"accuracy": "85.0", "recall": "80.0", "specificity": "90.0"}, False),
    ],
)
def test_metrics_that_exclude_each_other_are_found_in_a_row(values: dict[str, str], wrong: bool) -> None:
    claims = [claim(metric, printed) for metric, printed in values.items()]
    assert bool(contradicted(impossible(claims, (), ()))) is wrong


def test_scores_that_no_confusion_matrix_of_the_test_set_gives_are_doubtful() -> None:
    told = said("The test set holds 520 positive and 520 negative examples.")
    # 429 of 520 and 468 of 520 give 82.5, 90.0 and (429 + 468) / 1040 = 86.25.
    fine = [claim("recall", "82.50"), claim("specificity", "90.00"), claim("accuracy", "86.25")]
    wrong = [claim("recall", "82.50"), claim("specificity", "90.00"), claim("accuracy", "87.10")]
    assert not contradicted(impossible(fine, (), told))
    (doubt,) = contradicted(impossible(wrong, (), told))
    assert (doubt.certain, "520 positives" in doubt.sentence) == (False, True)
    assert not contradicted(
        impossible(wrong, (), said("Each fold of the test set has 5 positive and 5 negative cases."))
    )
    assert not contradicted(impossible([row.model_copy(update={"n": 5}) for row in wrong], (), told))


def test_rounding_alone_contradicts_nothing() -> None:
    claims = [
        claim("precision", "0.67", "fraction"),
        claim("recall", "0.67", "fraction"),
        claim("f1", "0.68", "fraction"),
    ]
    assert not contradicted(impossible(claims, (), ()))


def test_a_spread_wider_than_the_range_allows_is_doubtful_and_a_wide_one_is_not() -> None:
    too_wide = claim("accuracy", "99.9±40.0", std=40.0)
    wide = claim("accuracy", "90.0±12.0", std=12.0)
    assert [one.certain for one in contradicted(impossible([too_wide], (), ()))] == [False]
    assert not contradicted(impossible([wide], (), ()))


def column(head: str, *cells: str, caption: str = "Results.") -> Table:
    return Table("Table 2", caption, 3, BOX, ("Method", head), tuple((f"M{i}", cell) for i, cell in enumerate(cells)))


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        (column("Accuracy (%)", "91.2", "93.4", "192.5", "90.1"), True),
        (column("AUC", "0.91", "0.93", "1.07", "0.88"), True),
        (column("AUC", "0.91", "0.93", "1.00", "0.88"), False),
        (column("Accuracy gain (%)", "20", "30", "110", "40"), False),
        (column("Accuracy", "98", "99", "102", "97", caption="Accuracy relative to the teacher."), False),
        (column("Accuracy", "0.91", "0.92", "93.0", "0.90"), False),
        (column("Perplexity", "20.1", "30.2", "120.5", "22.0"), False),
    ],
)
def test_a_cell_outside_the_range_of_its_column_is_doubtful(table: Table, wrong: bool) -> None:
    assert bool(contradicted(impossible((), (table,), ()))) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The network reaches an accuracy of 104.2% on the test set.", True),
        ("The network reaches 104.2% of the accuracy of the teacher.", False),
        ("The accuracy is 101.3% of the baseline.", False),
        ("We improve accuracy by 120%.", False),
    ],
)
def test_a_sentence_that_gives_more_than_all_is_found(text: str, wrong: bool) -> None:
    assert bool(contradicted(impossible((), (), said(text)))) is wrong


def test_better_by_name_is_held_against_the_tables() -> None:
    claims = [
        claim("accuracy", "81.0", method="FooNet", dataset="Cora"),
        claim("accuracy", "83.0", method="BarNet", dataset="Cora"),
    ]
    (doubt,) = contradicted(better_by_name(claims, said("We find that FooNet outperforms BarNet on Cora.")))
    assert not doubt.certain
    assert "81.0 against 83.0" in doubt.sentence
    for fine in (
        "We find that BarNet consistently outperforms FooNet.",
        "FooNet outperforms BarNet in terms of speed.",
        "FooNet + dropout outperforms BarNet.",
        "FooNet does not outperform BarNet, although FooNet outperforms BarNet on toys.",
    ):
        assert not contradicted(better_by_name(claims, said(fine)))


def test_a_method_that_is_better_somewhere_is_not_called_worse() -> None:
    claims = [
        claim("accuracy", "81.0", method="FooNet", dataset="Cora"),
        claim("accuracy", "83.0", method="BarNet", dataset="Cora"),
        claim("accuracy", "72.0", method="FooNet", dataset="PubMed"),
        claim("accuracy", "70.0", method="BarNet", dataset="PubMed"),
    ]
    assert not contradicted(better_by_name(claims, said("FooNet outperforms BarNet.")))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The attack succeeds in 17/20 (80%) of the cases.", True),
        ("The attack succeeds in 17/20 (85%) of the cases.", False),
        ("Part A was solved in 15/24 (62%) and 15/24 (63%).", False),
        ("We removed 13 out of 87 participants (14.9%).", False),
        ("We removed 13 out of 87 participants (13.9%).", True),
        ("An accuracy of 85.0% on the 40 test questions was reached.", False),
        ("The model has an accuracy of 86.3% on the 40 test questions.", True),
        ("The model has an average accuracy of 86.3% on the 40 test questions.", False),
        ("The model has an accuracy of 86.3% on the 4000 test questions.", False),
        ("On a 5-point scale the answers were rated well (M = 3.46, SD = 0.8, n = 20).", True),
        ("On a 5-point scale the answers were rated well (M = 3.45, SD = 0.8, n = 20).", False),
        ("The distance is small (M = 3.46, SD = 0.8, n = 20).", False),
    ],
)
def test_shares_and_means_are_compared_with_their_counts(text: str, wrong: bool) -> None:
    assert bool(contradicted(counted(said(text), ()))) is wrong


def test_a_table_cell_with_a_share_and_its_counts_is_compared() -> None:
    table = column("Success", "85% (17/20)", "80% (8/10)", "80% (17/20)")
    (found,) = contradicted(counted((), (table,)))
    assert found.certain
    assert "17 of 20 is 85%" in found.sentence


def test_shares_and_means_allow_rounding_and_cutting_only() -> None:
    assert share_fits(66.7, 0.1, 2, 3)
    assert share_fits(66.6, 0.1, 2, 3)
    assert not share_fits(66.5, 0.1, 2, 3)
    assert share_possible(85.0, 0.1, 40)
    assert not share_possible(86.3, 0.1, 40)
    assert mean_possible(3.33, 0.01, 3)
    assert not mean_possible(3.35, 0.01, 3)


# Two-sided values as R gives them: pt, pf, pchisq, pnorm.
@pytest.mark.parametrize(
    ("test", "df", "value", "p"),
    [
        ("t", (28.0,), 2.20, 0.0362),
        ("F", (1.0, 30.0), 4.17, 0.0500),
        ("chi2", (1.0,), 3.84, 0.0500),
        ("r", (38.0,), 0.52, 0.0006),
        ("z", (), 1.96, 0.0500),
    ],
)
def test_p_values_are_those_of_the_distributions(test: str, df: tuple[float, ...], value: float, p: float) -> None:
    found = p_range(test, df, value, 0.0)  # type: ignore[arg-type]
    assert found is not None
    assert found[0] == pytest.approx(p, abs=6e-5)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The difference is clear, t(28) = 2.20, p = .036.", None),
        ("The difference is clear, t(28) = 2.20, p < .05.", None),
        ("The difference is clear, t(28) = 2.20, p = .012.", False),
        ("The difference is clear, t(28) = 1.20, p = .012.", True),
        ("F(2, 40) = 1.2, p < .01", True),
        ("χ2(1, N = 90) = 0.89, p = .35", None),
        ("z = 1.96, p = .05", None),
        ("r(38) = .52, p < .001", None),
    ],
)
def test_a_p_value_that_its_statistic_does_not_give_is_found(text: str, verdict: bool | None) -> None:
    found = contradicted(p_values(said(text)))
    assert [one.certain for one in found] == ([] if verdict is None else [verdict])
    assert reported(text)


def test_one_sided_p_values_are_allowed_where_the_paper_speaks_of_them() -> None:
    sentences = said("All tests are one-sided.", "The difference is clear, t(28) = 2.20, p = .018.")
    assert not contradicted(p_values(sentences))
    assert contradicted(p_values(sentences[1:]))


def test_other_letters_before_brackets_are_no_tests() -> None:
    assert reported("F(x) = 2, p = 0.1 and Dropout(p) with p = 0.5, t = 3") == ()


def test_a_p_of_zero_to_the_last_digit_is_below_it() -> None:
    (((stated, _)),) = reported("t(100) = 5.0, p = .000")
    assert agrees(stated, 1e-6, 2e-6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We tune the learning rate on the test set.", True),
        ("Hyperparameters were selected based on test accuracy.", True),
        ("We report the best test accuracy over all epochs.", True),
        ("We use the test set for early stopping.", True),
        ("The test set is used as validation set.", True),
        ("For each method we pick the checkpoint with highest test accuracy.", True),
        ("The figure shows the test errors of our model obtained by the grid search on two datasets.", True),
        ("We choose 100 images from the test set.", False),
        ("We tuned the learning rate on the validation set and report test accuracy.", False),
        ("We did not tune hyperparameters on the test set.", False),
        ("Tuning hyperparameters on the test set would leak information.", False),
        ("Smith et al. (2019) tune the learning rate on the test set.", False),
        ("The number of layers is selected with validation data, and the models are run on the test set.", False),
    ],
)
def test_a_choice_by_test_results_is_told_from_an_evaluation(text: str, found: bool) -> None:
    assert bool(chosen_on_test(said(text))) is found


def test_a_best_setting_behind_test_results_was_chosen_by_them() -> None:
    results, between = (
        "Test results for the second data set are shown in Table 3.",
        "It has the best score for F1, too.",
    )
    chosen = "Therefore this configuration can be selected as the optimal for this problem."
    assert [one.text for one in chosen_on_test(said(results, between, chosen))] == [results, chosen]
    assert not chosen_on_test(said(between, chosen))
    assert not chosen_on_test(said(results, "On the validation set it is first as well.", chosen))


@pytest.mark.parametrize(
    "text",
    [
        "The hyper-parameters were tuned on the validation set.",
        "We train on 100k samples and use another 10k held-out dev set for configuring hyperparameters.",
        "Grid search was performed using 20% of the training data as a validation set to determine the layers.",
        "We tuned the hyperparameter N by optimizing for validation loss over hundreds of runs.",
    ],
)
def test_a_choice_on_validation_data_is_found(text: str) -> None:
    assert chosen_on_validation(said(text))


def test_curves_on_validation_data_are_no_choice() -> None:
    assert not chosen_on_validation(said("Curves of the best model over time, using validation sets of size 100."))


def test_the_checks_pass_fail_and_are_silent() -> None:
    assert finding("counts_fit", experiment("It works in 17/20 (85%) cases.")).status is Status.PASS
    assert finding("counts_fit", experiment("It works in 17/20 (80%) cases.")).status is Status.FAIL
    assert finding("counts_fit", experiment()).status is Status.NOT_APPLICABLE
    assert finding("p_values_fit", experiment("We find t(28) = 2.20, p = .036.")).status is Status.PASS
    assert finding("p_values_fit", experiment("We find t(28) = 1.20, p = .036.")).status is Status.FAIL
    assert finding("p_values_fit", experiment()).status is Status.NOT_APPLICABLE
    on_test = experiment("We tune the learning rate on the test set.")
    assert finding("selection_not_on_test", on_test).status is Status.FAIL
    assert finding("selection_not_on_test", experiment("We tuned it on validation data.")).status is Status.PASS
    assert finding("selection_not_on_test", experiment()).status is Status.UNKNOWN
