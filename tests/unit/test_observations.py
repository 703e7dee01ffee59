"""Which numbers are read from what a program prints."""

from auditor.claims.vocabulary import metric_named
from auditor.rerun.model import Observation
from auditor.rerun.observations import observe_text


def _named(text: str) -> list[Observation]:
    return [o for o in observe_text("r1", "stdout", text) if metric_named(o.metric)]


def _final(text: str) -> list[tuple[str, float]]:
    return [(o.metric, o.value) for o in _named(text) if o.final]


def test_two_values_on_one_line_keep_their_own_names() -> None:
    first, second = _named("Validation Accuracy: 0.8080 Test Accuracy: 0.8100\n")
    assert (first.names[0], first.value) == ("Validation Accuracy", 0.808)
    assert (second.names[0], second.printed) == ("Test Accuracy", "0.8100")


def test_an_observation_says_where_it_stood() -> None:
    (found,) = _named("start\nF1=0.3\n")
    assert found.evidence.source == "run"
    assert (found.evidence.line, found.evidence.stream) == (2, "stdout")


def test_a_printed_dict_and_json_give_each_key() -> None:
    text = (
        "{'fdr': 0.0, 'tpr': 1.0, 'shd': 0}\n"
        + '{"cora": {"accuracy": 0.81}, "citeseer": {"accuracy": np.float64(0.719)}}\n'
    )
    found = _named(text)
    assert [(o.metric, o.value) for o in found] == [
        ("fdr", 0),
        ("tpr", 1),
        ("shd", 0),
        ("accuracy", 0.81),
        ("accuracy", 0.719),
    ]
    assert found[3].names == ("accuracy", "cora")


def test_keys_of_an_object_printed_over_several_lines_are_names() -> None:
    found = _named('{\n  "cora": {\n    "accuracy": 0.5\n  },\n  "accuracy": 0.6\n}\n')
    assert [o.names for o in found] == [("accuracy", "cora"), ("accuracy",)]


def test_only_the_last_epoch_is_final_even_when_an_earlier_one_was_better() -> None:
    text = "Epoch 1/2 - loss: 0.3 - acc: 0.9\nEpoch 2/2 - loss: 0.2 - acc: 0.8\n"
    assert _final(text) == [("loss", 0.2), ("accuracy", 0.8)]
    assert [o.value for o in _named(text) if not o.final] == [0.3, 0.9]


def test_a_line_printed_again_without_a_count_is_a_series_too() -> None:
    assert _final("test acc: 0.5\ntest acc: 0.7\ntest acc: 0.6\n") == [("accuracy", 0.6)]


def test_folds_give_way_to_the_mean_printed_after_them() -> None:
    assert _final("Fold 1: auc = 0.91\nFold 2: auc = 0.93\nMean AUC: 0.92 +/- 0.01\n") == [("auc", 0.92)]


def test_folds_without_a_mean_stay() -> None:
    assert _final("Fold 1: auc = 0.91\nFold 2: auc = 0.93\n") == [("auc", 0.91), ("auc", 0.93)]


def test_a_classification_report_gives_averages_and_accuracy() -> None:
    text = """
              precision    recall  f1-score   support

           0       0.90      0.80      0.85        10
           1       0.91      0.81      0.86        10

    accuracy                           0.89        20
   macro avg       0.92      0.83      0.84        20
weighted avg       0.93      0.82      0.87        20
"""
    final = dict(_final(text))
    assert final["accuracy"] == 0.89
    assert final["f1_macro"] == 0.84
    assert final["f1_weighted"] == 0.87


def test_rows_under_a_header_carry_their_label() -> None:
    found = _named("Dataset  Accuracy\nCora 0.8100\nCiteseer 0.7190\n")
    assert [(o.names, o.value) for o in found] == [(("Accuracy", "Cora"), 0.81), (("Accuracy", "Citeseer"), 0.719)]


def test_a_markdown_table_and_a_data_frame_are_tables() -> None:
    markdown = _named("| dataset | acc | f1 |\n|---|---|---|\n| cora | 0.81 ± 0.01 | 0.79 |\n")
    frame = _named("   Dataset  Accuracy    F1\n0     Cora      0.81  0.79\n1  Citeseer  0.72  0.70\n")
    assert [(o.metric, o.value) for o in markdown] == [("accuracy", 0.81), ("f1", 0.79)]
    assert [(o.names[-1], o.metric, o.value) for o in frame][2] == ("Citeseer", "accuracy", 0.72)


def test_rows_under_a_heading_that_names_the_metric() -> None:
    found = _named("Test accuracy per dataset:\n  moons 0.93\n  circles 0.88\n\nother 0.5\n")
    assert [(o.metric, o.names[1], o.value) for o in found] == [
        ("accuracy", "moons", 0.93),
        ("accuracy", "circles", 0.88),
    ]


def test_a_heading_names_what_follows() -> None:
    (found,) = _named("=== Pubmed ===\nacc 78.9%\n")
    assert (found.value, found.printed, found.names) == (78.9, "78.9%", ("acc", "Pubmed"))


def test_counts_of_right_answers_are_a_share() -> None:
    loss, accuracy = _named("Test set: Average loss: 0.0312, Accuracy: 9901/10000 (99%)\n")
    assert (loss.value, accuracy.value) == (0.0312, 0.9901)
    assert accuracy.names == ("Accuracy", "Test set")


def test_a_metric_named_at_the_start_of_the_line_reaches_over_other_numbers() -> None:
    assert _final("Accuracy of the network on the 10000 test images: 55 %\n") == [("accuracy", 55.0)]


def test_a_number_in_the_name_of_the_metric_is_not_its_value() -> None:
    assert _final("BLEU-1: 0.5 BLEU-4 = 0.2\n") == [("bleu_1", 0.5), ("bleu_4", 0.2)]


def test_a_spread_is_no_value_of_the_metric() -> None:
    assert _final("accuracy: 0.81 +/- 0.02\naccuracy_std: 0.02\n") == [("accuracy", 0.81)]


def test_a_name_that_is_no_metric_is_kept_as_it_is() -> None:
    (found,) = observe_text("r1", "stdout", "Gromov distance: 3.25\n")
    assert (found.metric, found.value) == ("gromov distance", 3.25)


def test_log_prefixes_times_and_paths_are_no_numbers() -> None:
    text = "2021-03-04 12:30:01,123 INFO train: test_acc=0.83\nsaved to runs/exp12 at 12:30:01\n"
    text += '  File "a.py", line 33, in <module>\n'
    assert [(o.metric, o.value) for o in observe_text("r1", "stderr", text)] == [("accuracy", 0.83)]


def test_escapes_and_progress_bars_leave_what_stays_on_the_screen() -> None:
    assert _final("\x1b[1mloss: 0.9\x1b[0m\n 10%|#  | acc: 0.1\r100%|###| acc: 0.7\n") == [
        ("loss", 0.9),
        ("accuracy", 0.7),
    ]


def test_the_end_of_a_very_long_log_is_read() -> None:
    text = "".join(f"Epoch {i}: acc: 0.{i % 1000:03d}\n" for i in range(30_000)) + "Final test accuracy: 0.777\n"
    assert ("accuracy", 0.777) in _final(text)


def test_hostile_output_is_read_in_bounded_work_and_breaks_nothing() -> None:
    for text in (
        "{" * 100_000,
        "a:" * 100_000,
        (" " * 1_990 + "x\n") * 200,
        ("-" * 1_990 + "x\n") * 200,
        "acc: 1, " * 20_000,
        "'" * 50_000 + "{}",
        "\x1b[" * 50_000,
        "acc: " + "9" * 5_000,
        "acc: 1e999 loss: nan f1: inf",
        "\x00\ud800 acc: 0.5\n",
    ):
        assert len(observe_text("r1", "stdout", text)) <= 2_000


def test_two_cells_of_a_notebook_are_told_apart_by_the_headings_above_them() -> None:
    text = "## Test Linear Model\n{'fdr': 0.0, 'shd': 0}\n## Test Nonlinear Model\n{'fdr': 0.1, 'shd': 2}\n"
    found = observe_text("r1", "stdout", text)
    assert [(o.metric, o.value, o.names[-1]) for o in found if o.final] == [
        ("fdr", 0.0, "Test Linear Model"),
        ("shd", 0.0, "Test Linear Model"),
        ("fdr", 0.1, "Test Nonlinear Model"),
        ("shd", 2.0, "Test Nonlinear Model"),
    ]
