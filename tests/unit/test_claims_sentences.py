"""Which results a sentence states."""

import pytest

from auditor.claims.gains import gains
from auditor.claims.sentences import sentence_results
from auditor.claims.shares import shares


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


@pytest.mark.parametrize(
    ("sentence", "metric", "values"),
    [
        ("We can summarize data 100x faster for sparse data, and 10x faster on dense data.", "speedup", [100, 10]),
        ("In particular, it achieves a speedup ratio of up to 6.5x.", "speedup", [6.5]),
        ("It requires 78.8 times less memory to store the masks.", "reduction factor", [78.8]),
        ("Foo dominates by as much as 30.7% on A-62 and 28.9% on B-61.", "improvement", [30.7, 28.9]),
        ("Foo reduced the test error by up to 20.5% in a fixed time.", "reduction", [20.5]),
        ("The performance gain over the nominal version reaches 16.8% for DR.", "improvement", [16.8]),
    ],
)
def test_a_result_relative_to_another_is_a_gain(sentence: str, metric: str, values: list[float]) -> None:
    found = gains(sentence)
    assert [gain.number.value for gain in found] == values
    assert {gain.metric for gain in found} == {metric}


@pytest.mark.parametrize(
    "sentence",
    [
        "The learning rate is reduced by 10% every epoch.",
        "With each 10x increase in parameters the fit stays.",
        "It provides further improvement with a recall of 99.4%.",
        "Smith et al. improve the accuracy by 3.1 points.",
        "A lower effectiveness of 60% was assumed.",
    ],
)
def test_settings_and_the_gains_of_others_are_no_gains(sentence: str) -> None:
    assert gains(sentence) == ()


def test_quantities_beyond_the_vocabulary_are_read_where_asked() -> None:
    text = "Estimates were more accurate (mean absolute bias: 0.4 yr) than before."
    assert sentence_results(text) == ()
    assert [(s.mention.metric.name, s.number.value) for s in sentence_results(text, any_quantity=True)] == [
        ("mean absolute bias", 0.4)
    ]


@pytest.mark.parametrize(
    "sentence",
    ["We train with a learning rate of 0.01.", "All models score 0.5 points.", "A dropout rate of 0.5."],
)
def test_settings_and_verbs_are_no_quantities(sentence: str) -> None:
    assert sentence_results(sentence, any_quantity=True) == ()


def test_a_number_belongs_to_its_method_and_not_to_what_that_is_compared_with() -> None:
    text = "FooNet beats BERT with an F1-score of 75.2 and an EM of 78.1, with respect to BERT's F1-score of 73.7."
    stated = sentence_results(text, (), ("BERT", "FooNet"), frozenset({"foonet"}))
    assert [(s.number.value, s.method, s.own) for s in stated] == [
        (75.2, "FooNet", True),
        (78.1, "FooNet", True),
        (73.7, "BERT", False),
    ]


def test_numbers_given_respectively_are_nobodys() -> None:
    text = "LSTM and h-detach give an accuracy of 98.60% and an F1 of 98.62% respectively."
    assert {s.method for s in sentence_results(text, (), ("LSTM", "h-detach"))} == {None}


def test_a_rate_that_is_held_fixed_is_a_condition() -> None:
    assert [s.number.value for s in sentence_results("It reaches a recall of 99.4% at 3% FPR.")] == [99.4]


def test_what_others_are_said_to_reach_is_not_the_authors_own() -> None:
    assert sentence_results("Smith et al. report an accuracy of 81.2%.")[0].own is False


def test_the_baseline_is_not_the_authors_own() -> None:
    (stated,) = sentence_results("The baseline model achieved 93.67% accuracy.")
    assert (stated.method, stated.own) == ("baseline model", False)


@pytest.mark.parametrize(
    "sentence",
    [
        "It drops 3.9 chrF on FLORES for Hindi.",
        "Thinking aloud helps (partially observable: +0.30 win rate).",
        "They differ with highlights (6.48 and 5.54 Precision and Recall points) from those without.",
        "Both stay inside a 0.7 BLEU band around the base.",
        "Parameter Value Batch size 64 Optimizer Muon momentum 0.95 Learning rate 0.0037 Loss function Cross-entropy",
    ],
)
def test_bands_drops_and_cells_of_settings_are_no_results(sentence: str) -> None:
    assert sentence_results(sentence, any_quantity=True) == ()


def test_a_model_after_on_is_no_data_set() -> None:
    (stated,) = sentence_results("An accuracy of 88.3% was obtained on the VGG16 model.")
    assert stated.dataset is None


def test_a_name_in_a_bracket_with_its_own_number_has_no_other_number() -> None:
    said = "The best is high supervision (HSup, F1 = 89.2), while little supervision results in an F1 of 62.1."
    assert [(s.number.value, s.method) for s in sentence_results(said, methods=("HSup",))] == [
        (89.2, "HSup"),
        (62.1, None),
    ]


def test_what_we_see_of_a_method_is_not_ours() -> None:
    (seen,) = sentence_results("We see that REG has the highest success rate at 95%.")
    (reached,) = sentence_results("We achieve a success rate of 95%.")
    assert (seen.own, reached.own) == (None, True)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("With this policy we can synthesize 58% of programs within a minute.", [("share of programs", 58.0)]),
        ("For 63% of the drawings the top sample exactly matches the truth.", [("share of drawings", 63.0)]),
        ("The classifier was trained on 80% of the images and predicts the others.", []),
        ("We prune 90% of the weights of the classifier.", []),
        ("It correctly answers 71% of questions [12].", []),
    ],
)
def test_a_share_of_things_done_is_a_result(sentence: str, said: list[tuple[str, float]]) -> None:
    assert [(share.metric, share.number.value) for share in shares(sentence)] == said
