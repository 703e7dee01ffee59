"""What the numbers of a table belong to."""

from auditor.claims.tables import Result, table_results


def _only(results: tuple[Result, ...], value: float) -> Result:
    (result,) = [r for r in results if r.number.value == value]
    return result


def test_columns_of_metrics_and_rows_of_methods() -> None:
    results = table_results(
        ("Model", "F1-Score", "EM"),
        (("BERT", "73.7", "76.3"), ("CharBERT", "75.2", "78.1")),
        "Results on the SQuAD dataset",
    )
    result = _only(results, 75.2)
    assert (result.metric.name, result.method, result.dataset, result.unit) == ("f1", "CharBERT", "SQuAD", "percent")


def test_data_sets_over_metrics_in_a_two_level_header() -> None:
    results = table_results(
        ("", "Wiki-Convert/PPL↓", "Wiki-Convert/Hit@1", "Numeracy600K/PPL↓"), (("Exp", "3.05", "66.15", "4.63"),), ""
    )
    result = _only(results, 4.63)
    assert (result.metric.name, result.dataset, result.method, result.direction) == (
        "perplexity",
        "Numeracy600K",
        "Exp",
        "lower",
    )


def test_rows_of_metrics_and_columns_of_methods() -> None:
    results = table_results(
        ("", "Default", "Exp"),
        (("PPL", "7.30 ± 0.14", "7.05 ± 0.06"), ("H@1", "51.12 ± 0.35", "51.66 ± 0.26")),
        "Masked word prediction, averaged over three runs.",
    )
    result = _only(results, 51.66)
    assert (result.metric.name, result.method, result.number.std, result.n) == ("hit@1", "Exp", 0.26, 3)


def test_the_caption_names_the_metric_of_columns_that_are_data_sets() -> None:
    results = table_results(
        ("Method", "Cora", "Citeseer"), (("SGC", "81.0", "71.9"),), "Test accuracy (%) of node classification."
    )
    result = _only(results, 71.9)
    assert (result.metric.name, result.dataset, result.method, result.split) == ("accuracy", "Citeseer", "SGC", "test")


def test_a_cell_that_names_its_metric_is_believed() -> None:
    results = table_results(("Dataset", "Metric"), (("Cora", "Acc: 81.0 %"), ("Reddit", "F1: 94.9 %")), "Performance")
    assert [(r.metric.name, r.dataset, r.number.value) for r in results] == [
        ("accuracy", "Cora", 81.0),
        ("f1", "Reddit", 94.9),
    ]


def test_a_table_without_any_metric_gives_nothing() -> None:
    assert (
        table_results(("Dataset", "Train", "Test"), (("Cora", "140", "1000"), ("Citeseer", "120", "1000")), "Data sets")
        == ()
    )


def test_sizes_and_hyperparameters_beside_results_are_no_results() -> None:
    results = table_results(
        ("Model", "Test", "# Parameters", "Time"),
        (("M3", "46.8%", "129M", "150s"), ("M5", "62.7%", "18M", "66s")),
        "Test accuracy.",
    )
    assert {r.metric.name for r in results} == {"accuracy", "time"}


def test_differences_are_no_results() -> None:
    assert table_results(("Model", "∆ Loss"), (("A", "-2.43"), ("B", "-1.1")), "") == ()


def test_a_row_called_ours_is_own_and_the_others_are_not() -> None:
    results = table_results(("Method", "Accuracy"), (("GCN [3]", "80.1"), ("MLP", "55.1"), ("Net (Ours)", "81.0")), "")
    assert [(r.method, r.own) for r in results] == [("GCN", False), ("MLP", False), ("Net (Ours)", True)]


def test_nobody_is_called_own_where_the_table_does_not_tell() -> None:
    assert {r.own for r in table_results(("Model", "Acc"), (("A", "80.1"), ("B", "81.1")), "")} == {None}


def test_a_method_named_in_the_title_is_own() -> None:
    results = table_results(("Method", "AUC"), (("LR", "0.7686"), ("DeepFM", "0.8007")), "", frozenset({"deepfm"}))
    assert [(r.method, r.own) for r in results] == [("LR", False), ("DeepFM", True)]


def test_rows_without_a_label_are_left_out_where_several_rows_hold_numbers() -> None:
    assert table_results(("", "N", "PPL"), (("", "2", "6.11"), ("", "4", "5.19")), "") == ()


def test_a_standard_error_becomes_a_standard_deviation_only_with_the_number_of_runs() -> None:
    told = table_results(("M", "Acc"), (("A", "80.0 ± 1.0"),), "Mean and standard error over 4 seeds.")
    untold = table_results(("M", "Acc"), (("A", "80.0 ± 1.0"),), "Mean and standard error.")
    assert told[0].number.std == 2.0
    assert untold[0].number.std is None


def test_listed_seeds_are_counted() -> None:
    assert table_results(("M", "Acc"), (("A", "80.0 ± 1.0"),), "Mean over the seeds 0 to 4.")[0].n == 5


def test_a_row_that_heads_the_rows_below_it_names_them_where_they_are_named_alike() -> None:
    results = table_results(
        ("Method", "cifar10", "dtd"),
        (
            ("Pretrained model: ResNet-18", "", ""),
            ("k-NN", "0.826", "0.587"),
            ("Mask", "0.949", "0.660"),
            ("Pretrained model: ResNet-50", "", ""),
            ("k-NN", "0.832", "0.693"),
        ),
        "We report top-1 accuracy.",
    )
    assert _only(results, 0.826).method == "k-NN (Pretrained model: ResNet-18)"
    assert _only(results, 0.832).method == "k-NN (Pretrained model: ResNet-50)"
    assert _only(results, 0.66).method == "Mask (Pretrained model: ResNet-18)"
    named = table_results(
        ("Method", "Accuracy"),
        (("Cora dataset", ""), ("GCN", "81.0"), ("Citeseer dataset", ""), ("GCN", "70.3")),
        "",
    )
    assert (_only(named, 70.3).dataset, _only(named, 70.3).method) == ("Citeseer dataset", "GCN")


def test_settings_to_the_left_tell_rows_apart_that_are_named_alike() -> None:
    rows = (("5", "logit", "10-2", "0.41"), ("5", "logit", "10-3", "0.53"), ("10", "logit", "10-2", "0.42"))
    results = table_results(("BS", "LF", "LR", "Accuracy"), rows, "")
    assert [r.method for r in results] == ["logit (BS 5, LR 10-2)", "logit (BS 5, LR 10-3)", "logit (BS 10, LR 10-2)"]
    apart = table_results(("Size", "Model", "Accuracy"), (("5", "GCN", "0.41"), ("9", "SGC", "0.53")), "")
    assert [r.method for r in apart] == ["GCN", "SGC"]


def test_rows_that_are_variations_of_a_data_set_stand_against_columns_of_methods() -> None:
    results = table_results(
        ("Validation set label bias & size", "Random search", "Smac"),
        (("Stratified, 20", "2.83", "3.16"), ("Balanced, 20", "3.08", "3.17")),
        "Average ranks (lower is better) for each search strategy.",
    )
    result = _only(results, 3.08)
    assert (result.method, result.dataset) == ("Random search", "Balanced, 20")


def test_a_model_with_its_size_is_no_data_set() -> None:
    results = table_results(("Scope", "PPL"), (("MLP-in", "24.32"), ("MLP-both", "47.99")), "Screening on Pythia-1.4B.")
    assert [r.dataset for r in results] == [None, None]


def test_a_change_of_a_result_relative_to_another_is_no_result() -> None:
    results = table_results(
        ("Dataset", "SP1", "SP2", "(SP2-SP1)/SP1 %"), (("ALOI", "0.714", "0.763", "6.8"),), "Test AUC for two spaces."
    )
    assert [r.number.value for r in results] == [0.714, 0.763]
