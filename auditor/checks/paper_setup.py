"""Checks on how the paper describes its experiments: data split, hyperparameters, machines, time, software."""

from __future__ import annotations

import re

from auditor.checks.facts import Statements
from auditor.checks.framework import check
from auditor.checks.paper_answer import (
    found,
    missing,
    not_applicable,
    partly,
    without_experiments,
    without_training,
)
from auditor.findings import Finding
from auditor.paper.model import Paper
from auditor.paper.sayings import of_others

_NAMED_SOFTWARE = re.compile(
    r"(?<![/.])\b(?:PyTorch|TensorFlow|Keras|JAX|scikit-?learn|auto-?sklearn|sklearn|MATLAB|XGBoost|LightGBM"
    r"|Hugging ?Face|Transformers library|Theano|Caffe|Autograd|NumPy|SciPy|PyOD|spaCy|NLTK|Gurobi|Weka"
    r"|(?:in|with|using) (?:Python|R|Julia|C\+\+|Java)\b|Python (?:packages?|librar(?:y|ies)|frameworks?))",
    re.I,
)
_OWN_USE = re.compile(r"\b(?:we|our|implement\w*|used?|using|combine\w*|built on|based on)\b", re.I)
_GENERIC = re.compile(
    r"\b(?:NVIDIA|GeForce|RTX|GTX|Titan|Tesla|Quadro|[AVPHKTL]\d{1,3}s?\b|TPU|Xeon|Intel|AMD|Core i\d|GB|GHz|Colab)",
    re.I,
)


@check("paper.data_split_described")
def data_split_described(paper: Paper, statements: Statements) -> Finding:
    """The paper says which data served for training and which for evaluation.

    Why: A result on other test data, or on data seen in training, is another result; without the split nobody can tell.
    How: Give the size or share of each part, or name the official split or the number of folds, in the text.
    Sources: Pineau v2.0 3.2; NeurIPS 6; REFORMS 6a; Gundersen and Kjensmo D2; ARR B6.
    """
    id, statement = "paper.data_split_described", statements.items["data_split_described"]
    if statement.answer == "stated":
        return found(id, statement, f"The data split is described on page {statement.page}.")
    exempt = without_training(id, paper)
    return exempt or missing(
        id,
        statement,
        "No sentence gives the sizes, shares, folds or the official split of training and test data.",
        "State how many examples are for training, validation and testing, and how they were drawn.",
    )


@check("paper.hyperparameters_stated")
def hyperparameters_stated(paper: Paper, statements: Statements) -> Finding:
    """The paper gives values of the hyperparameters of its main experiments.

    Why: The same code with other values gives other numbers; defaults change between versions.
    How: List the final values (learning rate, batch size, epochs, sizes …) in the text, a table or the appendix.
    Sources: Pineau v2.0 5.1; NeurIPS 6; AAAI 4.13; Gundersen and Kjensmo E6; ARR C2.
    """
    id, statement = "paper.hyperparameters_stated", statements.items["hyperparameters_stated"]
    if statement.answer == "stated":
        return found(id, statement, f"Values of hyperparameters are given on page {statement.page}.")
    exempt = without_training(id, paper)
    return exempt or missing(
        id,
        statement,
        "No sentence or table gives a hyperparameter with its value (learning rate, batch size, epochs, sizes …).",
        "Add a table with the final value of every hyperparameter of every model.",
    )


@check("paper.hyperparameter_search_described")
def hyperparameter_search_described(paper: Paper, statements: Statements) -> Finding:
    """The paper says how its hyperparameters were chosen.

    Why: The effort spent on tuning, and the data it was done on, decide comparisons as much as the methods do.
    How: Give the ranges tried, the rule of selection, and the data it was applied to; or say that nothing was tuned.
    Sources: Pineau v2.0 5.1; AAAI 4.2; REFORMS 5e; NeurIPS 6; ARR C2.
    """
    id, statement = "paper.hyperparameter_search_described", statements.items["hyperparameter_search_described"]
    if statement.answer == "stated":
        return found(id, statement, f"How hyperparameters were chosen is told on page {statement.page}.")
    if statement.answer == "denied":
        return not_applicable(id, f"The paper says on page {statement.page} that nothing was searched for.", statement)
    exempt = without_training(id, paper)
    return exempt or missing(
        id,
        statement,
        "No sentence says how hyperparameters were found (a search, a sweep, tuning on validation data).",
        "Say which values were tried for each hyperparameter, how the final ones were selected, and on which data.",
    )


@check("paper.compute_hardware_stated")
def compute_hardware_stated(paper: Paper, statements: Statements) -> Finding:
    """The paper names the machine that ran its experiments.

    Why: Who wants to rerun them must know whether a laptop will do; some numbers depend on the hardware.
    How: Name the model and number of GPUs or CPUs and the memory; "a GPU" without a model counts half.
    Sources: Pineau v2.0 5.6; NeurIPS 8; AAAI 4.8; ARR C1; REFORMS 2c; Gundersen and Kjensmo E4; Ravi 2.
    """
    id, statement = "paper.compute_hardware_stated", statements.items["compute_hardware_stated"]
    remedy = "Name the model and number of GPUs or CPUs and the memory of the machine that ran the experiments."
    if statement.answer == "stated":
        if not _GENERIC.search(statement.quote):
            return partly(id, statement, f"Page {statement.page} tells the kind of hardware, not the model.", remedy)
        return found(id, statement, f"The hardware is named on page {statement.page}.")
    exempt = without_experiments(id, paper)
    sentence = "No sentence names the GPU, CPU, memory or service that ran the experiments."
    return exempt or missing(id, statement, sentence, remedy)


@check("paper.training_time_stated")
def training_time_stated(paper: Paper, statements: Statements) -> Finding:
    """The paper says how long training took.

    Why: It tells whether a rerun takes minutes or months, before anybody starts one.
    How: Give the time per run, per epoch or in total, with its unit and the hardware it was measured on.
    Sources: Pineau v2.0 5.5; NeurIPS 8; ARR C1.
    """
    id, statement = "paper.training_time_stated", statements.items["training_time_stated"]
    exempt = without_training(id, paper)
    if exempt:  # the time that a solver or a simulation takes is no training time
        return exempt
    if statement.answer == "stated":
        return found(id, statement, f"The time that training took is told on page {statement.page}.")
    return missing(
        id,
        statement,
        "No sentence or table column gives the time that training took; budgets and other times do not count.",
        "State the time per training run and the total, with the hardware.",
    )


@check("paper.software_versions_stated")
def software_versions_stated(paper: Paper, statements: Statements) -> Finding:
    """The paper names the software that its experiments need, with versions.

    Why: Libraries change their defaults and their numbers between versions.
    How: Name the language and the main libraries with full versions; names without versions count half.
    Sources: AAAI 4.8; ARR C4; Gundersen and Kjensmo E5; Pineau v2.0 4.1; Ravi 1.
    """
    id, statement = "paper.software_versions_stated", statements.items["software_versions_stated"]
    remedy = "Name the language and the main libraries with their versions, such as Python 3.11 and PyTorch 2.4.1."
    if statement.answer == "stated":
        return found(id, statement, f"Software is named with its version on page {statement.page}.")
    exempt = without_experiments(id, paper)
    if exempt:
        return exempt
    for sentence in paper.sentences:
        if not of_others(sentence) and _NAMED_SOFTWARE.search(sentence.text) and _OWN_USE.search(sentence.text):
            named = f"Software is named without a version on page {sentence.page}."
            return partly(id, statement, named, remedy).model_copy(update={"evidence": (sentence.evidence(),)})
    return missing(id, statement, "No sentence names a library or language with its version.", remedy)
