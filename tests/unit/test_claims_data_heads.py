"""What captions and heads tell of data sets by name, and headers that begin anew within a table."""

import pytest

from auditor.claims.captions import first_sentence, read_caption
from auditor.claims.context import Context, Role, described_data
from auditor.claims.data_heads import metric_for, metrics_by_data
from auditor.claims.sentences import sentence_results
from auditor.claims.tables import Result, table_results

_DATA = ("MRPC", "CoLA", "QNLI", "SQuAD 2.0", "MNLI-m")


def _role(name: str) -> Role | None:
    return "dataset" if name in _DATA else None


def _only(results: tuple[Result, ...], value: float) -> Result:
    (result,) = [r for r in results if r.number.value == value]
    return result


def test_a_caption_gives_each_data_set_its_metric() -> None:
    assigned = metrics_by_data("Robustness. We report accuracy for QNLI, F1-score for CoNLL NER and SQuAD 2.0. More.")
    names = [(metric_for(name, assigned) or (None,))[0] for name in ("QNLI Attack", "SQuAD 2.0 Attack", "RTE")]
    assert [metric and metric.name for metric in names] == ["accuracy", "f1", None]


def test_a_caption_gives_the_other_data_sets_their_metric() -> None:
    assigned = metrics_by_data("We report F1 scores for SQuAD, and accuracy for other tasks.")
    found = metric_for("MRPC", assigned)
    assert found is not None
    assert found[0].name == "accuracy"


def test_one_metric_for_all_is_left_to_the_caption() -> None:
    assert metrics_by_data("Accuracy for QNLI and SQuAD") == ()


def test_numbers_take_the_metric_that_the_caption_gives_their_data_set() -> None:
    results = table_results(
        ("Model", "QNLI/Attack", "SQuAD 2.0/Attack"),
        (("Foo", "63.4", "50.1"), ("Bar", "80.1", "56.3")),
        "Robustness. We report accuracy for QNLI, F1-score for SQuAD 2.0.",
        Context(role=_role),
    )
    assert [(r.metric.name, r.number.value) for r in results][:2] == [("accuracy", 63.4), ("f1", 50.1)]


def test_a_data_set_before_the_metric_in_a_head_is_what_the_numbers_are_for() -> None:
    results = table_results(
        ("Models", "Classification/MRPC Acc", "Classification/QNLI Acc"),
        (("Foo", "87.8", "91.7"), ("Bar", "86.7", "90.7")),
        "Results",
        Context(role=_role),
    )
    assert (_only(results, 87.8).dataset, _only(results, 90.7).dataset) == ("MRPC", "QNLI")


def test_a_word_before_the_metric_that_is_no_data_set_stays_part_of_it() -> None:
    results = table_results(("Model", "Val Acc"), (("Foo", "87.8"), ("Bar", "86.7")), "Results", Context(role=_role))
    assert _only(results, 87.8).dataset is None


def test_no_point_behind_an_abbreviation_ends_a_captions_first_sentence() -> None:
    caption = "Memory, no. of parameters and MAP on images from the Wider Face dataset. More RAM."
    assert first_sentence(caption).endswith("Wider Face dataset")
    assert read_caption(caption, ()).dataset == "Wider Face"


def test_a_reward_model_is_no_metric_of_a_caption() -> None:
    assert read_caption("Comparison of methods with explicit reward model", ()).metric is None


def test_a_header_that_begins_anew_names_the_rows_below_it() -> None:
    results = table_results(
        ("Dataset", "Alpha/Accuracy", "Alpha/F1", "Beta/Accuracy"),
        (
            ("FooNet", "71.1", "72.2", "73.3"),
            ("BarNet", "61.1", "62.2", "63.3"),
            ("Dataset", "Gamma/F1", "Gamma/Accuracy", "Sigma/F1"),
            ("FooNet", "81.1", "82.2", "83.3"),
            ("BarNet", "51.1", "52.2", "53.3"),
        ),
        "Results",
        Context(own=frozenset({"foonet"})),
    )
    found = [_only(results, value) for value in (71.1, 81.1, 53.3)]
    assert [(r.metric.name, r.dataset, r.method) for r in found] == [
        ("accuracy", "Alpha", "FooNet"),
        ("f1", "Gamma", "FooNet"),
        ("f1", "Sigma", "BarNet"),
    ]


def test_a_score_below_a_metric_is_that_metric() -> None:
    context = Context(open=True)
    results = table_results(("Method", "Wake/F1/Score"), (("Foo", "97.8"), ("Bar", "89.1")), "", context)
    assert _only(results, 97.8).metric.name == "f1"


def test_a_model_less_a_part_is_neither_the_own_result_nor_a_baseline() -> None:
    rows = (("FooNet", "91.8"), ("w/o FooNet loss", "91.4"), ("BERT", "90.0"))
    results = table_results(("Model", "F1"), rows, "Ablation", Context(own=frozenset({"foonet"})))
    assert [r.own for r in results] == [True, None, False]


def test_a_model_with_its_size_in_brackets_is_no_data_set() -> None:
    rows = (("DPO", "20.98", "40.44"), ("SimPO", "28.50", "44.38"))
    results = table_results(("Method", "Mistral (7B)/Accuracy", "Llama3 (8B)/Accuracy"), rows, "Results")
    assert (_only(results, 40.44).dataset, _only(results, 40.44).method) == (None, "DPO Llama3 (8B)")


def test_an_order_is_no_data_set() -> None:
    rows = (("d=64, MLP", "0.543", "0.886"), ("d=128, MLP", "0.625", "0.932"))
    results = table_results(("Architecture", "Index order", "Path order"), rows, "Accuracy at each order")
    assert _only(results, 0.543).dataset is None


def test_what_an_example_says_or_a_quantity_means_is_no_result() -> None:
    assert sentence_results("We vary it, e.g., a 40% accuracy is low.") == ()
    assert sentence_results("Here a 40% accuracy reflects a blend of both.") == ()


def test_the_head_in_the_corner_may_name_the_other_columns() -> None:
    rows = (("FooNet", "71.1", "72.2"), ("BarNet", "61.1", "62.2"))
    by_name = table_results(("Dataset", "MRPC", "QNLI"), rows, "Accuracy", Context(own=frozenset({"foonet"})))
    assert (_only(by_name, 71.1).dataset, _only(by_name, 71.1).method) == ("MRPC", "FooNet")
    by_use = table_results(("Tasks", "MRPC", "QNLI"), rows, "Accuracy", Context(role=_role))
    assert _only(by_use, 71.1).method == "FooNet"


def test_a_data_set_by_the_number_of_its_ratings_is_no_model() -> None:
    rows = (("IALM", "0.183", "0.283"), ("APGD", "0.172", "0.272"))
    results = table_results(("Method", "ML 1M", "ML 10M"), rows, "Accuracy")
    assert _only(results, 0.183).dataset == "ML 1M"


def test_what_stands_below_a_metric_tells_more_than_what_stands_before_it() -> None:
    rows = (("bodies", "1.5", "4.2"), ("pendulum", "2.5", "3.2"))
    context = Context(role=lambda name: "dataset" if name == "Energy" else None)
    results = table_results(("Task", "Energy MSE/Baseline", "Energy MSE/FooNet"), rows, "Results", context)
    assert (_only(results, 4.2).dataset, _only(results, 4.2).method) == ("bodies", "FooNet")


@pytest.mark.parametrize(
    ("caption", "data"), [("Results on the test set.", None), ("On the hidden test set.", "hidden test set")]
)
def test_a_split_alone_is_no_data_set(caption: str, data: str | None) -> None:
    assert described_data(caption) == data
