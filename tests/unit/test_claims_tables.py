"""What the numbers of a table belong to."""

from auditor.claims.context import Context, Role, abbreviations
from auditor.claims.quantities import quantity
from auditor.claims.tables import Result, table_results
from auditor.claims.vocabulary import find_metric


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


def test_a_table_of_groups_without_heads_of_columns_gives_nothing() -> None:
    assert table_results((), [("VGG accuracy", ""), ("A", "90.1")], "Results") == ()


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
    results = table_results(
        ("Method", "AUC"), (("LR", "0.7686"), ("DeepFM", "0.8007")), "", Context(own=frozenset({"deepfm"}))
    )
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


def _context(**said: object) -> Context:
    return Context(open=True, results=True, **said)  # type: ignore[arg-type]


def test_a_quantity_outside_the_vocabulary_is_a_metric_by_its_noun() -> None:
    rows = (("Gorder", "3.1"), ("Original", "6.8"))
    results = table_results(("Order", "Fold error"), rows, "Results.", _context())
    assert [(r.metric.name, r.method, r.unit) for r in results] == [
        ("fold error", "Gorder", "none"),
        ("fold error", "Original", "none"),
    ]


def test_without_a_papers_context_unknown_quantities_stay_none() -> None:
    assert table_results(("Order", "Fold error"), (("Gorder", "3.1"), ("Original", "6.8")), "Results.") == ()


def test_a_column_beside_a_metric_is_one_where_the_table_shows_results() -> None:
    rows = (("A", "72.4", "70.9"), ("B", "72.1", "71.3"))
    results = table_results(("Model", "F1", "Faithfulness"), rows, "Baseline scores.", _context())
    assert {r.metric.name for r in results} == {"f1", "faithfulness"}


def test_the_context_gives_the_metric_that_the_table_leaves_unsaid() -> None:
    accuracy = find_metric("accuracy")
    assert accuracy is not None
    rows = (("Chars4K-62", "58.59 (101 KB)", "43.34 (9687 KB)"),)
    results = table_results(("Dataset", "Bonsai", "GBDT"), rows, "Results.", _context(metric=(accuracy, "accuracy")))
    assert [(r.metric.name, r.number.value, r.dataset, r.method) for r in results] == [
        ("accuracy", 58.59, "Chars4K-62", "Bonsai"),
        ("accuracy", 43.34, "Chars4K-62", "GBDT"),
    ]


def test_rows_for_a_number_each_are_named_by_it() -> None:
    rows = (("181", "93.5 ± 0.1", "10.9 ± 2.0"), ("359", "91.1 ± 0.2", "32.4 ± 15.7"))
    results = table_results(("Receptive field", "Accuracy/Dense", "Accuracy/Pruned"), rows, "")
    assert {(r.method, r.number.value) for r in results} >= {
        ("Receptive field 181 Dense", 93.5),
        ("Receptive field 359 Pruned", 32.4),
    }


def test_what_the_text_calls_methods_are_the_methods() -> None:
    def role(name: str) -> Role | None:
        return "method" if name in ("CNN", "MLP") else None

    rows = (("train", "0.78", "0.02"), ("novel", "0.77", "0.28"))
    results = table_results(("", "CNN", "MLP"), rows, "Accuracy.", _context(role=role))
    assert [(r.method, r.dataset) for r in results if r.number.value == 0.28] == [("MLP", "novel")]


def test_an_interval_or_a_share_behind_a_number_is_no_part_of_it() -> None:
    rows = (("A", "32.6 [30.9, 34.2]", "85% (17/20)"), ("B", "30.9 [29.4, 32.4]", "80% (16/20)"))
    results = table_results(("Model", "ROUGE-1", "Success rate"), rows, "")
    assert [r.number.value for r in results] == [32.6, 85.0, 30.9, 80.0]


def test_two_numbers_of_a_cell_take_the_names_of_its_head() -> None:
    rows = (("MLP-both", "75.0% → 44.5%"), ("MLP-in", "71.5% → 83.5%"))
    results = table_results(("Scope", "Success rate base → mono"), rows, "")
    assert [(r.method, r.number.value) for r in results[:2]] == [("MLP-both base", 75.0), ("MLP-both mono", 44.5)]


def test_settings_beside_a_method_belong_to_it() -> None:
    results = table_results(("Model", "Prompt", "F1"), (("Mistral", "short", "72.4"), ("Mistral", "long", "70.6")), "")
    assert [(r.method, r.dataset) for r in results] == [("Mistral, short", None), ("Mistral, long", None)]


def test_an_abbreviation_that_the_text_explains_names_its_metric() -> None:
    short = abbreviations("We report the minimum sensitivity (MS) and the correct classification rate (CCR).")
    results = table_results(("Method", "CCR"), (("A", "0.72"), ("B", "0.69")), "", _context(short=short))
    assert {r.metric.name for r in results} == {"accuracy"}
    assert short["MS"] == "minimum sensitivity"


def test_the_head_of_a_group_may_stand_beside_its_middle() -> None:
    rows = (
        ("", "Accuracy", "88.8", "88.3"),
        ("Eye", "", "", ""),
        ("", "F1", "10.7", "12.3"),
        ("", "Accuracy", "60.9", "61.7"),
        ("Whale", "", "", ""),
        ("", "F1", "5.2", "7.1"),
    )
    results = table_results(("Dataset", "", "A", "B"), rows, "", _context(role=lambda name: "dataset"))
    assert _only(results, 60.9).dataset == "Whale"


def test_pointers_to_figures_in_a_head_are_no_part_of_a_name() -> None:
    results = table_results(
        ("Method", "SGD in Figure 7/CIFAR-10", "B.1)/MNIST"), (("A", "13.5", "1.2"),), "Test error."
    )
    assert [r.dataset for r in results] == ["SGD CIFAR-10", "MNIST"]


def test_groups_whose_heads_name_the_metric_are_tables_of_their_own() -> None:
    rows = (
        ("VGG accuracy", "", "", ""),
        ("181", "93.5", "10.9", "82.6"),
        ("359", "91.1", "32.4", "58.7"),
        ("ResNet accuracy", "", "", ""),
        ("110", "94.8", "56.0", "38.7"),
    )
    results = table_results(("Receptive Field", "Dense", "Pruned", "Difference in accuracy"), rows, "CIFAR10 results")
    assert [r.metric.name for r in results] == ["accuracy"] * 6
    assert _only(results, 94.8).method == "Dense (ResNet accuracy)"
    assert _only(results, 94.8).row == 4


def test_a_name_over_methods_that_return_in_each_group_is_the_data_set_where_none_is_told() -> None:
    group = (("CLM network", "0.58", "0.72"), ("Nominal network", "0.49", "0.69"))
    rows = (("Diabetic Retinopathy", "", ""), *group, ("Adience", "", ""), *group)
    results = table_results(("Method", "QWK", "CCR"), rows, "")
    assert {r.dataset for r in results} == {"Diabetic Retinopathy", "Adience"}


def test_beside_rows_of_data_sets_the_columns_are_methods_and_other_labels_are_of_the_data() -> None:
    results = table_results(
        ("Dataset", "Feature", "NN", "Envelope"),
        (("Auto-MPG", "Weight", "9.33 ± 3.2", "9.19 ± 3.4"),),
        "MSE on test data.",
    )
    result = _only(results, 9.19)
    assert (result.dataset, result.method) == ("Auto-MPG, Weight", "Envelope")


def test_a_setting_beside_a_method_is_no_data_set() -> None:
    results = table_results(
        ("Model", "Optimiser", "Accuracy"),
        (("VGG16", "Adam", "82.4"), ("VGG16", "SGD", "75.0")),
        "Average performance.",
    )
    assert [(r.method, r.dataset) for r in results] == [("VGG16, Adam", None), ("VGG16, SGD", None)]


def test_a_column_without_a_data_set_s_name_is_a_part_of_what_the_caption_is_about() -> None:
    results = table_results(("Method", "de", "es"), (("BEA", "58.2", "64.7"),), "F1 on the CoNLL dataset by language.")
    assert [r.dataset for r in results] == ["CoNLL, de", "CoNLL, es"]


def test_letters_beside_f1_are_precision_and_recall() -> None:
    results = table_results(("Method", "P", "R", "F1"), (("A", "59.5", "67.9", "63.4"),), "", _context())
    assert [r.metric.name for r in results] == ["precision", "recall", "f1"]


def test_letters_that_a_list_explains_are_metrics() -> None:
    caption = "Captions on MSVD. B@4, R, M, C denote BLEU-4, ROUGE L, METEOR, CIDEr, respectively."
    results = table_results(
        ("Model", "B@4", "R", "M", "C"),
        (("RMN", "54.6", "73.4", "36.5", "94.4"),),
        caption,
        _context(short=abbreviations(caption)),
    )
    assert [r.metric.name for r in results] == ["bleu_4", "rouge_l", "meteor", "cider"]


def test_of_two_metrics_the_one_that_can_be_as_high_is_meant() -> None:
    accuracy, mse = find_metric("accuracy"), find_metric("MSE")
    assert accuracy is not None
    assert mse is not None
    either = ((accuracy, "accuracy"), (mse, "MSE"))
    rows = (("Auto-MPG", "9.33", "9.19"), ("Heart", "0.85", "0.86"), ("Other", "85.2", "86.1"))
    results = table_results(("Dataset", "NN", "CGL"), rows, "Quality.", _context(either=either))
    assert {(r.dataset, r.metric.name) for r in results} == {("Auto-MPG", "mse"), ("Heart", "accuracy")}


def test_a_caption_s_metric_is_not_that_of_a_column_beside_others() -> None:
    rows = (("A", "14.0", "83.9"), ("B", "14.2", "81.5"))
    results = table_results(("Method", "S", "Acc"), rows, "Results with mask correlation.", _context())
    assert "correlation" not in {r.metric.name for r in results}


def test_rows_of_differences_are_no_results() -> None:
    rows = (("MultiNet", "92.7"), ("MTL", "84.3"), ("∆ (MultiNet - MTL)", "8.4"))
    assert [r.number.value for r in table_results(("Network", "Accuracy"), rows, "")] == [92.7, 84.3]


def test_the_head_of_a_group_says_whose_its_rows_are() -> None:
    rows = (("Xie et al. (2018)", "57.8"), ("our work", ""), ("RaRe", "59.1"))
    results = table_results(("Method", "F1"), rows, "")
    assert [(r.method, r.own) for r in results] == [("Xie et al. (2018)", False), ("RaRe", True)]


def test_an_answer_in_a_label_column_is_named_with_its_head() -> None:
    rows = (("yes", "no", "7.5"), ("yes", "yes", "7.6"))
    results = table_results(("Trainable", "Pre-trained", "WER"), rows, "")
    assert [r.method for r in results] == ["Trainable yes, Pre-trained no", "Trainable yes, Pre-trained yes"]


def test_the_rows_of_a_classifier_s_report_are_classes() -> None:
    rows = (("Pneumonia", "0.90", "0.95", "159"), ("Normal", "0.98", "0.96", "428"))
    results = table_results(("", "precision", "recall", "support"), rows, "")
    assert {(r.dataset, r.method) for r in results} == {("Pneumonia", None), ("Normal", None)}


def test_the_variation_of_a_metric_is_not_the_metric() -> None:
    results = table_results(
        ("Model", "Prec", "Rec"), (("A", "0.67", "0.80"),), "Coefficient of variation of the judges."
    )
    assert {r.metric.name for r in results} == {"coefficient_of_variation"}


def test_rows_for_several_numbers_together_are_named_by_them() -> None:
    rows = (("8", "0", "18.1", "0.489"), ("64", "0", "18.2", "0.491"), ("64", "0.2", "16.4", "0.616"))
    results = table_results(("B", "p", "Val./MSE", "Val./STOI"), rows, "")
    assert _only(results, 0.616).method == "B 64, p 0.2"
    assert {r.split for r in results} == {"Val./STOI", "Val./MSE"} or {r.metric.name for r in results} == {
        "mse",
        "stoi",
    }


def test_scores_that_the_caption_sums_up_are_named_by_their_columns() -> None:
    score = quantity("Mean fluency and clarity scores".removesuffix("s"))
    assert score is not None
    context = _context(metric=(score, "Mean fluency and clarity scores"))
    results = table_results(("Model", "Fluency", "Clarity"), (("A", "69.5", "67.2"),), "Mean scores.", context)
    assert [(r.metric.name, r.method) for r in results] == [("fluency score", "A"), ("clarity score", "A")]


def test_a_parameter_s_sensitivity_is_no_recall() -> None:
    assert find_metric("GQ-CNN Parameter Sensitivity") is None


def test_rows_of_cited_works_are_methods_whatever_their_head_says() -> None:
    rows = (("InfDem [35]", "17.8"), ("TARN [4]", "19.0"), ("Ours", "48.0"))
    results = table_results(("Dataset", "Accuracy"), rows, "")
    assert [(r.method, r.dataset, r.own) for r in results] == [
        ("InfDem", None, False),
        ("TARN", None, False),
        ("Ours", None, True),
    ]


def test_letters_behind_names_of_metrics_head_columns() -> None:
    caption = "Pearson (r) and Spearman (ρ) correlation coefficients with human scores."
    results = table_results(
        ("", "CoNLL/r", "CoNLL/ρ"), (("GREEN", "0.786", "0.813"),), caption, _context(short=abbreviations(caption))
    )
    assert [r.metric.name for r in results] == ["pearson", "spearman"]


def test_a_column_of_spreads_is_no_result() -> None:
    results = table_results(("Model", "Return/Mean", "Return/Std"), (("RIDE", "0.77", "0.03"),), "")
    assert [r.number.value for r in results] == [0.77]


def test_an_average_over_all_is_of_no_data_set_of_that_name() -> None:
    rows = (("Canon", "39.8", "41.1"), ("Average", "35.2", "37.7"))
    results = table_results(("Data set", "CBM3D", "Net"), rows, "PSNR of methods.")
    assert _only(results, 35.2).dataset is None


def test_a_share_of_seeds_is_no_data_set() -> None:
    results = table_results(("Method", "10%", "20%"), (("DTW", "0.89", "0.95"),), "Accuracy by share of seeds.")
    assert [(r.method, r.dataset) for r in results] == [("DTW (10%)", None), ("DTW (20%)", None)]


def test_what_the_model_type_is_is_the_method() -> None:
    results = table_results(("Model type", "Test accuracy"), (("LSTM", "0.94"), ("GRU", "0.91")), "")
    assert [(r.method, r.dataset) for r in results] == [("LSTM", None), ("GRU", None)]


def test_the_average_of_numbered_rows_is_over_all() -> None:
    rows = (("1", "25.2", "26.7"), ("2", "28.3", "30.2"), ("3", "28.8", "32.3"), ("Average", "27.4", "29.7"))
    context = _context(role=lambda name: "method")
    results = table_results(("Image", "CBM3D", "Net"), rows, "PSNR of methods.", context)
    assert "Average" not in (_only(results, 27.4).dataset or "")
