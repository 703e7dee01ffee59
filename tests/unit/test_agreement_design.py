"""Sizes, optimizers, settings and counts: as the paper states them, and as the repository holds them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import FileEvidence, Finding, PaperEvidence, Status
from auditor.paper.model import Paper
from auditor.repository.inventory import read_repository
from tests.unit.test_paper_checks import experiment


def finding(check: str, folder: Path, sentence: str, files: dict[str, str]) -> Finding:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Facts([experiment(sentence), read_repository(folder)]).run(all_checks()[f"agreement.{check}"])


def optioned(*options: str) -> str:
    added = "".join(f"p.add_argument({option})\n" for option in options)
    return f"import argparse\np = argparse.ArgumentParser()\n{added}a = p.parse_args()\n"


SIZES = "We use a transformer model with 6 layers, 8 attention heads, and an embedding dimension of 384."


def test_sizes_of_the_network_are_compared_with_the_options(tmp_path: Path) -> None:
    same = optioned("'--n_layer', default=6", "'--n_head', default=8", "'--n_embd', default=384")
    other = same.replace("default=6", "default=12")
    assert finding("architecture", tmp_path / "a", SIZES, {"train.py": same}).status is Status.PASS
    result = finding("architecture", tmp_path / "b", SIZES, {"train.py": other})
    assert result.status is Status.PARTIAL
    assert "layers 6; the code has 12" in result.sentence
    assert {type(one) for one in result.evidence} == {PaperEvidence, FileEvidence}


@pytest.mark.parametrize(
    ("sentence", "files"),
    [
        ("We use T5-small with 6 layers and 8 attention heads.", {"train.py": optioned("'--n_layer', default=12")}),
        (SIZES, {"toy.py": "from transformers import GPT2Config\nc = GPT2Config(n_layer=2, n_head=2)\n"}),
        ("Deeper networks are slow.", {"train.py": optioned("'--n_layer', default=12")}),
    ],
)
def test_networks_of_others_and_single_calls_contradict_nothing(
    tmp_path: Path, sentence: str, files: dict[str, str]
) -> None:
    assert finding("architecture", tmp_path, sentence, files).status is Status.UNKNOWN


ADAM = "import torch\nopt = torch.optim.Adam(net.parameters())\n"


@pytest.mark.parametrize(
    ("sentence", "files", "status"),
    [
        ("We train all models with Adam.", {"train.py": ADAM}, Status.PASS),
        ("The network is trained with AdamW.", {"train.py": ADAM}, Status.PASS),
        ("We use SGD with a momentum of 0.9.", {"train.py": ADAM}, Status.PARTIAL),
        ("We use SGD.", {"train.py": ADAM + "opt = torch.optim.SGD(net.parameters(), lr=1)\n"}, Status.PASS),
        ("We use SGD.", {"train.py": "x = 1\n", "conf/a.yaml": "optimizer: sgd\n"}, Status.PASS),
        ("We use SGD.", {"train.py": optioned("'--optimizer', default='adam', choices=['adam', 'sgd']")}, Status.PASS),
        ("We use SGD.", {"train.py": "model.compile(optimizer='rmsprop')\n"}, Status.PARTIAL),
        ("We use SGD.", {"train.py": "x = 1\n"}, Status.UNKNOWN),
        ("Methods such as Adam are trained easily.", {"train.py": ADAM}, Status.UNKNOWN),
        ("Gradient descent was chosen over SGD, as we trained on one machine.", {"train.py": ADAM}, Status.UNKNOWN),
        ("The optimizers that we tried are Adam and SGD.", {"train.py": ADAM}, Status.UNKNOWN),
    ],
)
def test_the_optimizer_of_the_paper_is_looked_for_in_the_code(
    tmp_path: Path, sentence: str, files: dict[str, str], status: Status
) -> None:
    assert finding("optimizer", tmp_path, sentence, files).status is status


def test_a_value_in_a_block_of_the_readme_or_in_a_script_is_one_that_the_code_uses(tmp_path: Path) -> None:
    code = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--num_train_epochs', default=1.0)\n"
    block = "# Net\n\n```python\n!python train.py \\\n    --num_train_epochs 2 \\\n    --do_train\n```\n"
    said = "The model is fine-tuned for 2 training epochs."
    assert finding("hyperparameters", tmp_path / "a", said, {"train.py": code}).status is Status.PARTIAL
    shown = finding("hyperparameters", tmp_path / "b", said, {"train.py": code, "README.md": block})
    assert shown.status is Status.PASS
    assert shown.evidence[1] == FileEvidence(path="README.md", line=5, excerpt="--num_train_epochs 2 \\")
    script = {"train.py": code, "run.sh": "python train.py --num_train_epochs 2\n"}
    assert finding("hyperparameters", tmp_path / "c", said, script).status is Status.PASS


RUNS = "Results are averaged over 5 random seeds."


@pytest.mark.parametrize(
    ("sentence", "files", "status"),
    [
        (RUNS, {"run.py": "seeds = [1, 2, 3, 4, 5]\n"}, Status.PASS),
        (RUNS, {"run.py": "seeds = [1, 2, 3]\n"}, Status.PARTIAL),
        (RUNS, {"run.py": optioned("'--num_runs', default=5")}, Status.PASS),
        (RUNS, {"run.py": "seeds = [1, 2, 3]\nnum_runs = 10\n"}, Status.UNKNOWN),
        (RUNS, {"run.py": "print(1)\n"}, Status.UNKNOWN),
        (
            "We have 300 training examples.",
            {"run.py": "x = 1\n", "data/train.csv": "a,b\n" + "1,2\n" * 300},
            Status.PASS,
        ),
        ("We have 500 training examples.", {"run.py": "x = 1\n", "data/train.csv": "1,2\n" * 300}, Status.PARTIAL),
        (
            "We have about 500 training examples.",
            {"run.py": "x = 1\n", "data/train.csv": "1,2\n" * 300},
            Status.UNKNOWN,
        ),
        ("We have 500 training examples.", {"run.py": "x = 1\n", "data/test.csv": "1,2\n" * 300}, Status.UNKNOWN),
    ],
)
def test_counts_of_the_paper_are_compared_with_those_of_the_repository(
    tmp_path: Path, sentence: str, files: dict[str, str], status: Status
) -> None:
    result = finding("counts", tmp_path, sentence, files)
    assert result.status is status
    assert (len(result.evidence) == 2) is (status in (Status.PASS, Status.PARTIAL))


@pytest.mark.parametrize(("printed", "status"), [("1,234,567", Status.PASS), ("2,234,567", Status.PARTIAL)])
def test_parameters_that_a_notebook_prints_are_compared(tmp_path: Path, printed: str, status: Status) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": [f"Total params: {printed}\n"]}
    cell = {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "source": ["model.summary()"],
        "outputs": [output],
    }
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    said = "Our model has 1.2M parameters."
    assert finding("counts", tmp_path, said, {"run.ipynb": notebook}).status is status


@pytest.mark.parametrize("check", ["architecture", "optimizer", "counts"])
def test_a_paper_that_cannot_be_read_is_unknown(tmp_path: Path, check: str) -> None:
    (tmp_path / "train.py").write_text(ADAM)
    paper: Paper = replace(experiment(), scanned=True)
    result = Facts([paper, read_repository(tmp_path)]).run(all_checks()[f"agreement.{check}"])
    assert result.status is Status.UNKNOWN
