"""What counts as a statement on an item, what denies it, and what only sounds like one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditor import toml
from auditor.paper.certainty import error_bars
from auditor.paper.experiment import split
from auditor.paper.model import Line, Page, Paper, Statement, Table
from auditor.paper.statements import ITEMS
from tests.unit.paper_pages import FILLER, paper_of

SAYINGS = toml.loads((Path(__file__).parents[1] / "fixtures" / "paper_sayings.toml").read_text(encoding="utf-8"))
BOX = (10.0, 10.0, 300.0, 20.0)
INTRODUCTION = ("1 Introduction", FILLER)


def answer(item: str, sentence: str, section: str = "2 Experiments") -> Statement:
    return paper_of(INTRODUCTION, (section, FILLER + sentence)).statements[item]


STATED = {
    "data_split_described": [
        "We randomly split the data into 75% train set and 25% test set.",
        "We use the first 200 seconds for training and the last 100 seconds for test.",
        "The training set holds 50000 examples, with 10000 for testing.",
        "We report the mean of ten-fold cross-validation.",
        "All methods were optimized using 50 trials for each cross-validation fold.",
        "We measured the change on the development set, newstest2013.",
    ],
    "hyperparameters_stated": [
        "The batch size was set to 100.",
        "We used the Adam optimizer with a learning rate of 3e-4.",
        "Our model has 6 layers, 12 attention heads and a dropout of 0.2.",
    ],
    "hyperparameter_search_described": [
        "We ran a grid search over the learning rate.",
        "All the methods are carefully tuned by validation.",
        "These hyperparameters were chosen after experimentation on the development set.",
        "In this paper, we try three different batch sizes for each data set.",
        "We study different initial learning rates in order to find the optimal one.",
    ],
    "seeds_or_runs_stated": [
        "The results are averaged over three random runs.",
        "Each experiment is repeated 10 times and the results are averaged.",
        "We fixed the random seed to 42 in all experiments.",
        "Each experiment was tried with two different seeds.",
    ],
    "error_bars_or_std_reported": [
        "Our method reaches 91.2 ± 0.3 on the test set.",
        "Tables show the mean and the standard deviation across these five executions.",
    ],
    "significance_test": [
        "We apply non-parametric Friedman tests to the ranks.",
        "An unpaired Student’s T-test shows that they differ.",
        "The difference is significant (p < 0.01).",
    ],
    "compute_hardware_stated": [
        "Our models were trained on one machine with 8 NVIDIA P100 GPUs.",
        "All experiments are conducted on a single GPU.",
        "We ran the experiments on a laptop with an Intel Core i7-8550U.",
    ],
    "training_time_stated": [
        "Each model required approximately 1.5 hours for pre-training.",
        "The GPUs take less than twenty minutes to train a model.",
        "In practice, training the networks on top usually took several minutes.",
        "Training both the fingerprints and the network took on the order of an hour.",
    ],
    "software_versions_stated": ["The models were implemented in PyTorch 1.13.1.", "We used R version 3.6.2."],
    "ablation": [
        "An ablation of the loss shows that every term helps.",
        "Table 6: Test accuracies for model variants without batch normalization.",
        "Three different link functions are studied in the experiments.",
        "We therefore compare three constraint scopes, each in all layers.",
    ],
    "pretrained_weights_mentioned": [
        "We use a pretrained BERT model from the library.",
        "We obtained a pre-trained WordCNN model for the data.",
        "We take the 8B Base Model, which is used as the starting point for long contexts.",
    ],
    "licence_mentioned": ["The data set is released under the MIT License.", "Our code is licensed under Apache 2.0."],
    "code_statement": ["We release our source code in the supplementary material."],
}

NOT_FOUND = {
    "data_split_described": [
        "The model reaches 86.5% accuracy on clean test samples.",
        "The rate was divided by 10 at 50% of the training iterations.",
        "One activation had a slight advantage on the validation set.",
    ],
    "hyperparameters_stated": [
        "The learning rate matters a lot (see Section 2.3).",
        "The batch size is discussed in [12].",
    ],
    "hyperparameter_search_described": [
        "Choosing a good learning rate is difficult.",
        "We consider three different data sets of images.",
    ],
    "seeds_or_runs_stated": ["We grow a seed set of 20 words.", "We averaged the last 5 checkpoints."],
    "error_bars_or_std_reported": [
        "Weights are drawn from a Gaussian with standard deviation 0.02.",
        "Inputs are normalized to zero mean and a standard deviation of 1.",
    ],
    "significance_test": ["There are 20 models and the perturbation factor is p = 0.1."],
    "compute_hardware_stated": [
        "The Extended Neural GPU is a model of this kind.",
        "Figure 3 compares the relative time on CPU and GPU.",
    ],
    "training_time_stated": [
        "We use the first 200 seconds for training.",
        "Every search had a time budget of 600 seconds to train models.",
    ],
    "software_versions_stated": ["We implemented it in PyTorch.", "Accuracy grows from R 47.6 to 48.1."],
    "ablation": ["We train without the older data sets.", "We compare three different baselines on two tasks."],
    "pretrained_weights_mentioned": ["Pretraining is popular in the field."],
    "licence_mentioned": ["The speed of the licence plate detector was measured."],
    "code_statement": ["We use the official implementation of the baseline."],
}


@pytest.mark.parametrize(("item", "sentence"), [(item, text) for item, texts in STATED.items() for text in texts])
def test_an_item_is_stated_by(item: str, sentence: str) -> None:
    found = answer(item, sentence)
    assert found.answer == "stated"
    assert found.page == 1
    assert found.quote


@pytest.mark.parametrize(("item", "sentence"), [(item, text) for item, texts in NOT_FOUND.items() for text in texts])
def test_an_item_is_not_stated_by(item: str, sentence: str) -> None:
    assert answer(item, sentence).answer == "not_found"


@pytest.mark.parametrize(
    ("item", "sentence"), [(item, text) for item, texts in SAYINGS["said"].items() for text in texts]
)
def test_an_item_is_stated_in_common_words(item: str, sentence: str) -> None:
    assert answer(item, sentence).answer == "stated"


@pytest.mark.parametrize(
    ("item", "sentence"), [(item, text) for item, texts in SAYINGS["unsaid"].items() for text in texts]
)
def test_common_words_that_only_sound_like_an_item_do_not_state_it(item: str, sentence: str) -> None:
    assert answer(item, sentence).answer != "stated"


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("seeds_or_runs_stated", "However, I had not saved the seeds for the random number generator."),
        ("pretrained_weights_mentioned", "The weights are used from scratch without using any pretrained model."),
        ("code_statement", "Our code is not publicly available for reasons of law."),
    ],
)
def test_a_negated_sentence_denies(item: str, sentence: str) -> None:
    found = answer(item, sentence)
    assert found.answer == "denied"
    assert found.quote


def test_a_statement_elsewhere_outweighs_a_denial() -> None:
    text = "We did not fix random seeds in the pilot. The results are averaged over five runs."
    found = answer("seeds_or_runs_stated", text)
    assert (found.answer, found.kind) == ("stated", "5")


def test_what_others_did_is_no_statement_of_the_authors() -> None:
    others = "Smith et al. (2019) trained the model on 8 NVIDIA V100 GPUs."
    assert answer("compute_hardware_stated", others).answer == "not_found"
    assert (
        answer("compute_hardware_stated", "It was trained on 8 NVIDIA V100 GPUs.", "2 Related Work").answer
        == "not_found"
    )


@pytest.mark.parametrize("section", ["2 Related Work", "2 Introduction"])
def test_what_the_authors_say_of_themselves_is_theirs_in_any_section_and_at_the_start_of_a_sentence(
    section: str,
) -> None:
    assert answer("compute_hardware_stated", "We trained it on 8 NVIDIA V100 GPUs.", section).answer == "stated"


def test_sizes_of_training_and_test_data_in_a_table_describe_the_split() -> None:
    table = Table("Table 1", "Statistics of the data sets", 1, BOX, ("Data", "Train", "Test"), (("A", "800", "200"),))
    paper = paper_of(INTRODUCTION, ("2 Experiments", FILLER))
    assert split(replace(paper, tables=(table,))).answer == "stated"
    assert split(replace(paper, tables=(replace(table, caption="Accuracy of the methods"),))).answer == "not_found"


def test_the_mark_of_a_footnote_hides_no_words() -> None:
    assert answer("pretrained_weights_mentioned", "We used the pre-trained models³ of others.").answer == "stated"


def test_what_stands_in_references_or_an_unfilled_checklist_is_no_statement() -> None:
    paper = paper_of(
        INTRODUCTION,
        ("References", "[1] We repeat all runs over five random seeds. 2020."),
        ("NeurIPS Paper Checklist", "Did you report error bars over 5 seeds? Answer: [TODO] Licence: MIT License."),
    )
    assert {statement.answer for statement in paper.statements.values()} == {"not_found"}


def test_kinds_tell_what_a_spread_is_over_and_what_a_licence_covers() -> None:
    table = Table("Table 1", "Mean and deviation over five seeds.", 1, (0, 0, 9, 9), ("a", "b"), (("x", "1.0 ± 0.1"),))
    with_table = paper_of(INTRODUCTION, tables=(table,))
    assert with_table.statements["error_bars_or_std_reported"].kind == "runs"
    assert answer("error_bars_or_std_reported", "We reach 91.2 ± 0.3.").kind == "unknown"
    article = "Copyright 2020 A. Author, released under a Creative Commons Attribution license."
    assert answer("licence_mentioned", article).kind == "article"
    assert answer("licence_mentioned", "Our code is released under the MIT license.").kind == "code"


def test_a_spread_is_over_runs_where_the_text_says_that_all_results_are_averages_of_runs() -> None:
    table = Table("Table 1", "Correlation of all methods.", 1, (0, 0, 9, 9), ("a", "b"), (("x", "1.0 ± 0.1"),))
    told = paper_of(INTRODUCTION, ("2 Results", "The results are averaged over three random runs."), tables=(table,))
    assert told.statements["error_bars_or_std_reported"].kind == "runs"
    untold = paper_of(INTRODUCTION, ("2 Results", FILLER), tables=(table,))
    assert untold.statements["error_bars_or_std_reported"].kind == "unknown"


def test_the_sentence_that_says_what_a_spread_is_over_is_preferred() -> None:
    text = "The models overlap in their confidence intervals on all scores. Values are means with 95% bootstrap "
    found = answer("error_bars_or_std_reported", text + "confidence intervals.")
    assert (found.kind, "bootstrap" in found.quote) == ("items", True)


def test_of_a_sentence_that_runs_over_a_page_the_part_that_tells_is_quoted_with_its_page() -> None:
    before = Line(1, "All of the many models that we describe in this section were, for the sake of the", BOX, 10.0)
    after = Line(2, "comparison, trained on one machine with 8 NVIDIA P100 GPUs for the whole time.", BOX, 10.0)
    paper = Paper("", (Page(1, 612, 792, (before,)), Page(2, 612, 792, (after,))), (), ())
    found = paper.statements["compute_hardware_stated"]
    assert (found.page, found.quote) == (2, f"… {after.text}")


def test_what_a_table_states_is_quoted_as_the_line_is_printed() -> None:
    row = Line(1, "Ours 91.2 ± 0.3 on all", (10, 100, 200, 110), 10.0)
    table = Table("Table 1", "Results.", 1, (0, 90, 300, 200), ("a", "b"), (("Ours", "91.2±0.3"),))
    found = Paper("", (Page(1, 612, 792, (row,)),), (), (table,))
    assert error_bars(found).quote == row.text
    assert error_bars(found).box == row.box


def test_the_enclosing_section_tells_whose_work_a_sentence_is_about() -> None:
    text = FILLER + "The model was trained on 8 NVIDIA V100 GPUs."
    others = paper_of(INTRODUCTION, ("2 Related Work", FILLER), ("2.1 Large models", text))
    own = paper_of(INTRODUCTION, ("2 Experiments", FILLER), ("2.1 Large models", text))
    assert others.statements["compute_hardware_stated"].answer == "not_found"
    assert own.statements["compute_hardware_stated"].answer == "stated"


def test_a_paragraph_with_its_own_bold_heading_counts_as_a_section_on_limitations_or_ethics() -> None:
    lines = [Line(1, "1 Introduction", BOX, 12.0, bold=True)]
    lines += [Line(1, FILLER[:90], (10, 20.0 + 12 * place, 300, 30.0 + 12 * place), 10.0) for place in range(4)]
    for item, lead in (
        ("limitations_section", "Study: Limitations."),
        ("broader_impact_section", "ETHICAL STATEMENT."),
    ):
        line = Line(1, f"{lead} Our questionnaire was answered by few.", (10, 80, 300, 90), 10.0, lead=lead)
        paper = Paper("", (Page(1, 612, 792, (*lines, line)),), (), ())
        assert (paper.statements[item].answer, paper.statements[item].quote) == ("stated", line.text)


def test_the_licences_of_code_and_of_data_are_told_apart() -> None:
    text = "The code is released under the MIT license. The data set is licensed under CC BY 4.0."
    assert "MIT" in answer("code_licence_stated", text).quote
    assert "CC BY" in answer("data_licence_stated", text).quote
    assert answer("data_licence_stated", "The code is released under the MIT license.").answer == "not_found"


def test_of_several_runs_the_one_that_is_reported_counts() -> None:
    text = "For each configuration, five separate instances were trained. "
    assert answer("seeds_or_runs_stated", text).kind == "5"
    first = answer("seeds_or_runs_stated", text + "We report the results from the first instance of each group.")
    assert (first.kind, "first instance" in first.quote) == ("1", True)


def test_a_promise_of_code_is_told_from_code_that_is_there() -> None:
    assert answer("code_statement", "We will make our code available upon acceptance.").kind == "promise"
    assert answer("code_statement", "The code is included in the supplementary material.").kind == "supplement"


def test_the_training_time_may_stand_in_a_column_of_a_table() -> None:
    table = Table("Table 1", "Losses.", 1, (0, 0, 9, 9), ("Model", "Total Train Time (mins)"), (("Base", "77.27"),))
    other = Table("Table 1", "Attacks.", 1, (0, 0, 9, 9), ("Model", "Attack time (s)"), (("Base", "77.27"),))
    assert paper_of(INTRODUCTION, tables=(table,)).statements["training_time_stated"].answer == "stated"
    assert paper_of(INTRODUCTION, tables=(other,)).statements["training_time_stated"].answer == "not_found"


def test_parts_are_known_by_their_headings() -> None:
    paper = paper_of(
        INTRODUCTION,
        ("2 Model Variations", FILLER),
        ("3 Limitations", FILLER),
        ("4 Conclusion", FILLER),
        ("Ethical Considerations", FILLER),
    )
    for item in ("ablation", "limitations_section", "broader_impact_section"):
        assert paper.statements[item].answer == "stated", item
    assert paper_of(INTRODUCTION, ("2 Results", "The word limitations occurs.")).statements[
        "limitations_section"
    ].answer == ("not_found")


def test_an_algorithm_is_a_captioned_listing_and_not_a_sentence_about_one() -> None:
    listing = paper_of(INTRODUCTION, ("2 Method", FILLER), ("Algorithm 1: Counting", "Input: a list. 1: return it"))
    assert listing.statements["pseudocode_or_algorithm"].answer == "stated"
    assert answer("pseudocode_or_algorithm", "Algorithm 1 of the book is slow.").answer == "not_found"


def test_proofs_are_asked_for_only_where_theorems_are_stated() -> None:
    theorem = ("Theorem 1", "The thing converges for all inputs of the class.")
    bare = paper_of(INTRODUCTION, ("2 Theory", FILLER), theorem)
    proved = paper_of(INTRODUCTION, ("2 Theory", FILLER), theorem, ("Proof.", "By induction over all of the steps."))
    assert paper_of(INTRODUCTION).statements["proofs"].kind == "none_needed"
    assert (bare.statements["proofs"].answer, bare.statements["proofs"].kind) == ("not_found", None)
    assert proved.statements["proofs"].answer == "stated"


def test_every_item_is_answered_even_for_an_empty_paper() -> None:
    found = Paper("", (), (), ()).statements
    assert tuple(found) == ITEMS
    assert len(ITEMS) == 19
    assert {statement.answer for statement in found.values()} == {"not_found"}


def test_long_lines_of_nonsense_cost_no_time() -> None:
    nonsense = "train " * 20_000 + "a" * 50_000 + " the the" * 5_000
    assert paper_of(INTRODUCTION, ("2 Experiments", nonsense[:60_000])).statements
