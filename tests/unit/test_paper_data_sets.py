"""The data sets that the experiments of a paper use, and what it says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.known_data import is_known
from auditor.paper.data_names import mentions
from auditor.paper.model import DataSet, Paper, Table
from tests.unit.paper_pages import FILLER, paper_of


def experiment(sentences: str, *more: tuple[str, str], tables: tuple[Table, ...] = ()) -> Paper:
    return paper_of(("1 Introduction", FILLER), ("2 Experiments", FILLER + sentences), *more, tables=tables)


def names(sentences: str, *more: tuple[str, str], tables: tuple[Table, ...] = ()) -> list[str]:
    return [each.name for each in experiment(sentences, *more, tables=tables).data_sets]


def table(caption: str, header: tuple[str, ...], *rows: tuple[str, ...]) -> Table:
    return Table("Table 1", caption, 1, (0, 0, 9, 9), header, rows)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We train on CIFAR-10 and MNIST.", ["CIFAR-10", "MNIST"]),
        ("We evaluate our model on the BirdCalls dataset.", ["BirdCalls"]),
        (
            "Three data sets are used: Frogs4K (Li et al., 2009), BirdCalls [3] and WARD.",
            ["Frogs4K", "BirdCalls", "WARD"],
        ),
        ("Training uses the DialogSum, BirdCalls and WARD datasets.", ["DialogSum", "BirdCalls", "WARD"]),
        ("We test on benchmarks such as BirdCalls and WARD.", ["BirdCalls", "WARD"]),
        ("We use the solubility dataset [4] here.", ["solubility"]),
        ("We use the permuted MNIST task.", ["permuted MNIST"]),
        ("Contacts were fixed using data from the POLYMOD survey.", ["POLYMOD"]),
    ],
)
def test_names_beside_a_word_for_data_and_well_known_names_are_data_sets(sentence: str, expected: list[str]) -> None:
    assert names(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "We use the ResNet-50 architecture on our benchmark.",
        "We report AUC and Logloss on the dataset.",
        "The network was pretrained on ImageNet.",
        "We use the augmented data from Smith et al. [12].",
        "Existing datasets are small.",
        "In future work we will use the BirdCalls dataset.",
        "We train on the training dataset and test on the test dataset.",
        "The method of Smith et al. is evaluated in [3] on two datasets.",
    ],
)
def test_models_metrics_people_and_plans_are_no_data_sets(sentence: str) -> None:
    assert names(sentence) == []


def test_what_only_others_used_is_no_data_set_of_the_experiments() -> None:
    paper = paper_of(
        ("1 Introduction", FILLER + "Thousands of proposals were validated on the KDD99 dataset."),
        ("2 Related Work", "Lee et al. evaluate on the BirdCalls dataset. ImageNet was used by many."),
        ("3 Experiments", FILLER),
    )
    assert paper.data_sets == ()


def test_a_name_that_is_called_data_once_among_many_mentions_is_something_else() -> None:
    text = "We choose HSS here. " * 12 + "HSS on heavily trained datasets is low. The HSS dataset is one."
    assert "HSS" not in names(text)


def test_a_column_headed_as_data_sets_gives_their_names_in_any_case() -> None:
    shown = table("Results", ("Dataset", "Accuracy"), ("pokec", "0.4"), ("gplus [3]", "0.5"), ("Average", "0.4"))
    assert names("We report results.", tables=(shown,)) == ["pokec", "gplus"]


def test_heads_beside_known_data_sets_are_data_sets() -> None:
    shown = table("Accuracy", ("Method", "cifar10", "cifar100", "pets", "Avg"), ("Ours", "1", "2", "3", "2"))
    assert names("We report results.", tables=(shown,)) == ["cifar10", "cifar100", "pets"]


def test_items_of_a_list_of_data_sets_are_named_by_what_opens_them() -> None:
    paper = experiment(
        "We compare.",
        ("3 Datasets", "We used two of them in all our experiments."),
        ("", "• Drug efficacy: The activity of molecules as measured by [5]."),
    )
    assert [each.name for each in paper.data_sets] == ["Drug efficacy"]


def test_a_name_and_its_abbreviation_are_one_data_set() -> None:
    found = names("We use the Bird Call Archive (BCA) dataset. We train on the BCA dataset.")
    assert found == ["Bird Call Archive (BCA)"]


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ("We train on the Yelp dataset. On Yelp-5 we win.", ["Yelp"]),
        ("We train on CIFAR-10. The CIFAR dataset is small.", ["CIFAR-10"]),
        ("We train on CIFAR-10. On CIFAR-10 Airplane we win.", ["CIFAR-10"]),
        ("We train on the SemEval-2024 NLI4CT dataset. The NLI4CT dataset is hard.", ["SemEval-2024 NLI4CT"]),
        ("We compare CIFAR100 CIFAR10 on our model.", ["CIFAR100", "CIFAR10"]),
        ("We evaluate language Models in the BirdCalls dataset.", ["BirdCalls"]),
        ("We use the Stanford Question Answering Dataset (SQuAD). On SQuAD we win.", ["SQuAD"]),
    ],
)
def test_parts_versions_and_short_forms_of_one_name_are_one_data_set(sentences: str, expected: list[str]) -> None:
    assert [name.removeprefix("Stanford Question Answering (").rstrip(")") for name in names(sentences)] == expected


def test_cited_items_of_a_list_of_data_sets_are_names_in_any_case() -> None:
    text = "We use three standard datasets: letter recognition [18], curet [83] and ward [92]. They are small."
    assert names(text) == ["letter recognition", "curet", "ward"]


def test_a_subsection_of_the_experiments_is_part_of_them() -> None:
    paper = paper_of(
        ("1 Introduction", FILLER), ("2 Experiments", FILLER), ("2.1 Sequential Digits", "Here MNIST is read by pixel.")
    )
    assert [each.name for each in paper.data_sets] == ["MNIST"]


def told(sentences: str) -> DataSet:
    return experiment(sentences).data_sets[0]


def test_access_licence_and_source_are_told_where_the_paper_says_so() -> None:
    own = told("We use the BirdCalls dataset, which is proprietary.")
    assert (own.access, own.licence, own.source) == ("restricted", "", "")
    shared = told("We use the BirdCalls dataset [7], which is publicly available under a CC BY 4.0 licence.")
    assert (shared.access, shared.licence, shared.source) == ("public", "CC BY 4.0", "cited")
    assert told("We use the BirdCalls dataset.").access == "unsaid"
    assert told("We use MNIST.").access == "public"


def test_a_restriction_of_one_data_set_is_not_that_of_another_before_it() -> None:
    paper = experiment(
        "We use the BirdCalls dataset. The WARD dataset is confidential; the BirdCalls dataset is large."
    )
    assert {each.name: each.access for each in paper.data_sets} == {"BirdCalls": "unsaid", "WARD": "restricted"}


def test_synthetic_data_of_the_experiments_are_listed() -> None:
    (made,) = experiment("We first evaluate our method with simulation data.").data_sets
    assert (made.name, made.synthetic) == ("simulation data", True)


def test_each_data_set_carries_the_passage_that_names_it() -> None:
    found = told("We train our model on the BirdCalls dataset.")
    assert found.page == 1
    assert found.quote == "We train our model on the BirdCalls dataset."
    assert found.evidence().excerpt == found.quote


@pytest.mark.parametrize("name", ["SST", "Adult", "Smac", "M4"])
def test_a_known_name_that_may_mean_something_else_needs_more_than_itself(name: str) -> None:
    assert names(f"The entries of {name} are inner products of our matrix.") == []


def test_known_names_are_known_in_other_spellings_and_with_a_word_beside() -> None:
    assert is_known("CIFAR10")
    assert is_known("Attack SQuAD")
    assert is_known("Tiny ImageNet")
    assert not is_known("BirdCalls")


def test_hostile_text_is_read_in_bounded_time() -> None:
    for text in ("A " * 50_000, "A1-" * 50_000, "Data, " * 20_000, "(" * 50_000, "dataset such as the " * 5_000):
        assert len(mentions(text)) < 1_000


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ("We train on XSum. Extreme Summarization is hard. We use the XSum dataset.", ["XSum"]),
        ("We use the Bird Call Archive dataset (BCA, Lee et al., 2009). On BCA we win.", ["Bird Call Archive (BCA)"]),
        ("We train on the BirdCalls dataset and test on the BirdCalls-small dataset.", ["BirdCalls"]),
        ("We use the BirdCalls NER corpus. The BirdCalls dataset is large.", ["BirdCalls"]),
        ("We use the Frogs-13 dataset and the Frogs-30 dataset.", ["Frogs-13", "Frogs-30"]),
        (
            "We train on the Frogs10N dataset and the Frogs100N dataset. Frogs-N datasets are hard.",
            ["Frogs10N", "Frogs100N"],
        ),
    ],
)
def test_other_names_and_versions_of_one_data_set_are_not_counted_twice(sentences: str, expected: list[str]) -> None:
    assert names(sentences) == expected


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ("We test on a Kaggle dataset (Bird Breed Identification [5]).", ["Bird Breed Identification"]),
        ("Three datasets (Frogs4K, BirdCalls and WARD) are used.", ["Frogs4K", "BirdCalls", "WARD"]),
        ("We evaluate on CoNLL 2002 and 2003.", ["CoNLL 2002", "CoNLL 2003"]),
        ("We use a publicly available data set of mouse gene expression [4].", ["mouse gene expression"]),
        ("We use 1,371 synthetic scans from BirdShapes [57].", ["BirdShapes"]),
        ("For training we use the English portion of Common Voice 11.0.", ["Common Voice"]),
        ("We use the MIT-BIH Arrhythmia Database [12].", ["MIT-BIH Arrhythmia"]),
        (
            "We use the ETTh1, Weather, Traffic and Electricity datasets.",
            ["ETTh1", "Weather", "Traffic", "Electricity"],
        ),
        ("The learning rate for SVHN was 0.01.", ["SVHN"]),
        ("Results on the BirdCalls challenge are shown.", ["BirdCalls"]),
        ("We release FrogTalk, a corpus of 500 hours of frog calls.", ["FrogTalk"]),
        ("Pretraining uses the C4 corpus.", ["C4"]),
        ("The LFW and AgeDB benchmarks are used.", ["LFW", "AgeDB"]),
        ("The WARD dataset from the UCI Machine Learning Repository is used.", ["WARD"]),
        ("We pretrain our model on OpenWebText and test on WikiText-103.", ["OpenWebText", "WikiText-103"]),
    ],
)
def test_names_in_brackets_shared_names_and_cited_descriptions_are_found(sentences: str, expected: list[str]) -> None:
    assert names(sentences) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The encoder was pre-trained on a large corpora including the entire BirdCalls Corpus.",
        "It is harder compared to other popular datasets such as BirdCalls (Li, 2009) or WARD.",
        "We use X3D features and the X3D is trained on BirdCalls action classification dataset.",
        "We use the data of the VC region.",
        "Existing benchmarks such as GLUE do not measure this.",
        "The Random Forest benchmark is better than the Decision Tree benchmark.",
        "We built a parallel corpus of Sanskrit and Hindi.",
        "It also gets data from the Frog LIDAR sensor.",
        "We train on the Dtrain dataset and the Noisy dataset.",
        "On the Brazilian datasets we win.",
        "They achieved the best result on the BirdCalls dataset.",
    ],
)
def test_what_models_were_trained_on_before_what_is_compared_and_devices_are_no_data_sets(sentence: str) -> None:
    assert names(sentence) == []


def test_a_list_of_methods_under_a_title_on_data_names_no_data_set() -> None:
    found = names(
        "We compare.",
        ("3 Datasets and Baselines", "We use two datasets. (1) Frogs4K [3]: calls of frogs."),
        ("", "As baselines we select state-of-the-art methods. (2) DivideMix [4]: uses data division."),
    )
    assert found == ["Frogs4K"]


def test_sized_items_and_headings_within_lines_under_a_title_on_data_are_names() -> None:
    found = names("We compare.", ("3 Data", "2. Bird Titles v3 (253,770 sentence pairs)"))
    assert found == ["Bird Titles v3"]
    found = names("We compare.", ("3 Datasets", "Polyphonic Music: We train on polyphonic music data."))
    assert found == ["Polyphonic Music"]


def test_a_column_head_in_the_corner_heads_the_data_sets_beside_it() -> None:
    shown = table(
        "Results", ("Dataset", "Backbone", "UCF101", "HMDB51"), ("TARN", "C3D", "1", "2"), ("URL", "x", "3", "4")
    )
    assert set(names("We report results.", tables=(shown,))) == {"UCF101", "HMDB51"}


@pytest.mark.parametrize(
    "shown",
    [
        table("Dataset details", ("Feature", "Type"), ("Age", "int"), ("Sex", "cat")),
        table("Statistics of the dataset", ("", "Value"), ("#Users", "5"), ("Number of items", "7")),
        table("Class distribution of the dataset", ("Class", "Train"), ("Normal", "5"), ("Pneumonia", "7")),
        table("Task results", ("Task", "Ours"), ("Sentiment Analysis", "5"), ("Question Answering", "7")),
    ],
)
def test_rows_about_one_data_set_name_none(shown: Table) -> None:
    assert names("We use the WARD dataset.", tables=(shown,)) == ["WARD"]


def test_a_first_word_in_a_table_is_short_for_the_name_in_the_text() -> None:
    shown = table("Dataset statistics", ("Dataset", "Size"), ("Bird", "4"), ("WARD", "5"))
    found = names("We use the BirdCalls dataset and the WARD dataset.", tables=(shown,))
    assert found == ["BirdCalls", "WARD"]


def test_a_benchmark_that_the_title_names_is_a_data_set_of_the_authors() -> None:
    paper = replace(experiment("We compare."), title="FrogBench: A Benchmark for Frogs")
    assert [each.name for each in paper.data_sets] == ["FrogBench"]


@pytest.mark.parametrize(
    "sentence",
    [
        "We collected data using a handheld device.",
        "Our dataset contains hundreds of hours of driving.",
        "In this paper, we introduce a 3D skeleton dataset for sign language.",
    ],
)
def test_data_that_the_authors_collected_are_listed_as_their_own(sentence: str) -> None:
    assert names(sentence) == ["own data"]


def test_what_is_supposed_is_no_data_of_the_authors() -> None:
    assert names("Suppose that our dataset contains only 2% anomalies.") == []


def test_a_data_set_without_a_name_is_given_by_its_size_or_its_link() -> None:
    assert names("We utilized a dataset of 500 labelled speeches.") == ["dataset of 500 labelled speeches"]


def test_sets_that_need_a_signature_are_told_apart_from_open_ones() -> None:
    assert told("We use MIMIC-III.").access == "registration"
