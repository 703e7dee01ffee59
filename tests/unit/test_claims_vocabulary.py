"""What the vocabulary takes for a metric, and what it leaves alone."""

import pytest

from auditor.claims.vocabulary import find_metric, mentions, metric_named, same_dataset, side_by_side


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Test accuracy", "accuracy"),
        ("top-1 acc.", "accuracy"),
        ("Acc@1", "accuracy"),
        ("Top-5 accuracy (%)", "top_5_accuracy"),
        ("testAcc", "accuracy"),
        ("val_loss", "loss"),
        ("F1-score", "f1"),
        ("macro F1", "f1_macro"),
        ("F1 (micro)", "f1_micro"),
        ("Hit @ 10", "hit@10"),
        ("R²", "r2"),
        ("ROUGE-L", "rouge_l"),
        ("ROUGE-2", "rouge_2"),
        ("LogLoss", "log_loss"),
        ("mIoU", "miou"),
        ("mean average precision", "map"),
        ("Matthew's Corr.", "matthews"),
        ("test errors", "error_rate"),
        ("PPL (dev)", "perplexity"),
        ("IS", "inception_score"),
    ],
)
def test_a_metric_is_found_under_the_names_of_the_field(text: str, name: str) -> None:
    metric = find_metric(text)
    assert metric is not None
    assert metric.name == name


@pytest.mark.parametrize(
    "text", ["", "model", "this is it", "a map of the city", "learning rate", "accurate", "prelossy"]
)
def test_a_word_that_is_no_metric_stays_none(text: str) -> None:
    assert find_metric(text) is None


def test_two_different_metrics_in_one_head_are_not_guessed_between() -> None:
    assert find_metric("precision / recall") is None


def test_the_longest_phrase_wins_over_the_words_inside_it() -> None:
    assert [m.metric.name for m in mentions("mean squared error and error rate")] == ["mse", "error_rate"]


def test_directions_and_scales_follow_the_metric() -> None:
    accuracy, loss, seconds = metric_named("accuracy"), metric_named("loss"), metric_named("training_time")
    assert accuracy is not None
    assert loss is not None
    assert seconds is not None
    assert (accuracy.direction, accuracy.scale, accuracy.bounded) == ("higher", "unit", True)
    assert (loss.direction, loss.scale, loss.bounded) == ("lower", "unbounded", False)
    assert seconds.scale == "seconds"


def test_a_canonical_name_with_a_number_is_known() -> None:
    assert metric_named("hit@3") is not None
    assert metric_named("hit@") is None


def test_a_variant_of_an_error_rate_keeps_its_own_name_and_has_the_rates_scale() -> None:
    variant, rate = metric_named("cgfpr"), metric_named("fpr")
    assert variant is not None
    assert rate is not None
    assert (variant.name, variant.scale, variant.direction) == ("cgfpr", rate.scale, rate.direction)
    assert metric_named("cg") is None
    assert metric_named("compressedfpr") is None


def test_a_data_set_is_known_by_neighbouring_words_and_aliases() -> None:
    assert same_dataset("CIFAR-10", "runs/resnet_cifar10/metrics.json")
    assert same_dataset("Penn Treebank", "--data ptb")
    assert not same_dataset("CIFAR-10", "cifar100")
    assert not same_dataset("Cora", "corad")


def test_names_are_compared_word_by_word() -> None:
    assert side_by_side("MLP + shifts", "results of mlp_shifts")
    assert not side_by_side("MLP", "MLPs")


def test_words_over_a_bracket_or_a_comma_are_no_phrase() -> None:
    assert [m.text for m in mentions("classification (Accuracy, right) and F1 (macro)")] == ["Accuracy", "F1 (macro"]
