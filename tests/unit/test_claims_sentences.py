"""Which results a sentence states."""

import pytest

from auditor.claims.sentences import sentence_results


@pytest.mark.parametrize(
    ("sentence", "metric", "value", "dataset"),
    [
        ("Our model achieves 71.68% accuracy on UrbanSound8k.", "accuracy", 71.68, "UrbanSound8k"),
        ("On the WMT 2014 task, we establish a BLEU score of 28.4.", "bleu", 28.4, "WMT 2014"),
        ("We obtained the maximum accuracy of 91.96% (authors report 92.92%).", "accuracy", 91.96, None),
        ("The best validation loss is 1.466 for the enwik8 dataset.", "loss", 1.466, None),
        ("Pearson r = 0.590 between both.", "pearson", 0.59, None),
    ],
)
def test_a_metric_and_its_number_belong_together(sentence: str, metric: str, value: float, dataset: str | None) -> None:
    (stated,) = sentence_results(sentence)
    assert (stated.mention.metric.name, stated.number.value) == (metric, value)
    assert dataset is None or stated.dataset == dataset


@pytest.mark.parametrize(
    "sentence",
    [
        "It improves over the best result by 2.0 BLEU.",
        "DeepFM outperforms LR by 0.86% in terms of AUC (1.15% in terms of Logloss).",
        "Classification accuracies with 95% confidence intervals are shown.",
        "Single-head attention is 0.9 BLEU worse than the best setting.",
        "We use the loss function of 2016 and a learning rate of 0.1.",
        "We trained for 3.5 days on 8 GPUs.",
        "The average rank is computed as in (Demsar, 2006).",
        "Perplexity increases by a factor of 3.65.",
    ],
)
def test_differences_bounds_and_settings_are_no_results(sentence: str) -> None:
    assert sentence_results(sentence) == ()


def test_the_cells_of_a_table_run_together_are_no_sentence() -> None:
    text = "Model Accuracy LSTM 0.753±0.017 0.687±0.033 GRU 0.617±0.045 0.846±0.021 CNN 0.551±0.127 accuracy of 0.3"
    assert sentence_results(text) == ()


def test_own_results_are_told_by_the_authors_words() -> None:
    assert sentence_results("We reach an accuracy of 81.2%.")[0].own is True
    assert sentence_results("GCN reaches an accuracy of 81.2% [3].")[0].own is None
