"""Each check on a repository, with a tree that passes and one that fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository

TRAIN = """\
import argparse
import random
import numpy as np
import torch
from torch import nn


def evaluate(model, data):
    with torch.no_grad():
        return float(model(data).mean())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    set_seed(args.seed)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        loss = model(torch.tensor(np.random.rand(4, 3))).mean()
        loss.backward()
        optimizer.step()
    print("test accuracy", evaluate(model, None))


def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.backends.cudnn.deterministic = True


if __name__ == "__main__":
    main()
"""
EVALUATE = (
    "import torch\nfrom train import evaluate\n"
    "model = torch.load('model.pt')\nprint('accuracy', evaluate(model, None))\n"
)
README = """\
# Method

## Requirements
Python 3.8, trained on one NVIDIA V100 in 2 hours.

## Run
```
python train.py --lr 0.01 --epochs 30
python evaluate.py
```
Download the [dataset](https://example.org/data.zip) and the [pretrained model](https://zenodo.org/record/1/model.pt).

## Results
| data set | accuracy |
|---|---|
| A | 91.2 |
| B | 88.1 |

## License
MIT License
"""
GOOD = {
    "train.py": TRAIN,
    "evaluate.py": EVALUATE,
    "README.md": README,
    "requirements.txt": "numpy==1.20.0\ntorch==1.8.0\n",
}
SHELL = {
    "train.py": "# training code\n",
    "evaluate.py": "",
    "README.md": "# Training\n\n# Evaluation\n\n# Pre-trained Models\n\n# Results\n\n# Requirements\n\n# License\n",
    "requirements.txt": "",
    "LICENSE": "",
    "model.pt": b"",
    "config.yaml": "",
    "seed.py": "import random\nimport numpy\n\ndef set_seed(seed):\n    random.seed(seed)\n    "
    "numpy.random.seed(seed)\n",
}
LEVELS = {
    "code.present": None,
    "code.training": "1",
    "code.experiments": "1",
    "code.evaluation": "separate",
    "code.pretrained_model": "1",
    "code.no_absolute_paths": "0",
    "code.complete": "0",
    "dependencies.declared": "file",
    "dependencies.pinned": "all",
    "dependencies.python_version": "1",
    "dependencies.complete": None,
    "documentation.run_command": "works",
    "documentation.results": "numbers",
    "documentation.hyperparameters": "1",
    "documentation.hardware": "1",
    "randomness.seeds": "full",
    "randomness.determinism": "1",
    "data.available": "instructions",
    "licence.stated": "MIT",
}


def found(root: Path, files: dict[str, str | bytes], check: str) -> Finding:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Facts([read_repository(root)]).run(all_checks()[check])


@pytest.mark.parametrize("check", LEVELS)
def test_a_complete_repository_passes(tmp_path: Path, check: str) -> None:
    finding = found(tmp_path, dict(GOOD), check)
    assert finding.status is Status.PASS, finding.sentence
    assert finding.level == LEVELS[check]
    assert finding.evidence


@pytest.mark.parametrize(
    "check",
    [
        c
        for c in LEVELS
        if c not in ("code.present", "code.no_absolute_paths", "code.complete", "dependencies.complete")
    ],
)
def test_an_empty_shell_with_the_right_file_names_gains_nothing(tmp_path: Path, check: str) -> None:
    finding = found(tmp_path, dict(SHELL), check)
    assert finding.status.score in (None, 0.0), finding.sentence
    assert finding.status is Status.UNKNOWN or finding.evidence


def without(path: str, old: str, new: str = "") -> dict[str, str | bytes]:
    assert old in GOOD[path]
    return dict(GOOD) | {path: GOOD[path].replace(old, new)}


FAILING: list[tuple[str, dict[str, str | bytes], Status, str | None]] = [
    ("code.present", {"README.md": "soon"}, Status.FAIL, None),
    ("code.present", {"README.md": "soon", "train.m": "% to come\n", "eval.R": "# x\n"}, Status.FAIL, None),
    ("code.training", {"train.py": "print('hello')\n"}, Status.FAIL, "0"),
    ("code.training", {"lib.py": "def train(m):\n    m.loss.backward()\n"}, Status.FAIL, "0"),
    ("code.experiments", {"lib.py": "def f(x):\n    return x\n"}, Status.FAIL, "0"),
    ("code.evaluation", {"train.py": TRAIN}, Status.PARTIAL, "inside"),
    ("code.pretrained_model", {"README.md": "Pre-trained models: coming soon "
                                            "[here](https://zenodo.org/)."}, Status.FAIL, "0"),
    ("code.no_absolute_paths", {"run.py": "import pandas\npandas.read_csv('/home/ann/data/x.csv')\n"}, Status.FAIL,
    "1"),
    ("code.complete", {"a.py": "from .gone import f\nf()\n"}, Status.FAIL, "1"),
    ("code.complete", {"README.md": "The training code will be released soon.", "a.py": "print(1)"}, Status.FAIL, "1"),
    ("code.complete", {"README.md": "```\npip install -r requirements.txt\n```", "a.py": "print(1)"}, Status.FAIL, "1"),
    ("dependencies.declared", {"a.py": "import numpy"}, Status.FAIL, "none"),
    ("dependencies.declared", {"a.py": "import numpy", "README.md": "`pip install numpy`"}, Status.PARTIAL, "prose"),
    ("dependencies.pinned", {"requirements.txt": "numpy\ntorch==1.0", "a.py": "import torch\nimport numpy\n"},
     Status.PARTIAL, "some"),
    ("dependencies.pinned", {"requirements.txt": "numpy\n"}, Status.FAIL, "none"),
    ("dependencies.python_version", {"a.py": "import numpy", "README.md": "```\npython3 a.py\n```"}, Status.FAIL, "0"),
    ("dependencies.complete", without("requirements.txt", "numpy==1.20.0\n"), Status.PARTIAL, None),
    ("documentation.run_command", without("README.md", "--lr 0.01", "--learning-rate 0.01"), Status.PARTIAL, "broken"),
    ("documentation.run_command", {"README.md": "Run the notebooks.", "a.py": "print(1)"}, Status.FAIL, "none"),
    (
        "documentation.results",
        {"README.md": "# Results\n![accuracy curve](accuracy.png)", "train.py": TRAIN},
        Status.PARTIAL,
        "image",
    ),
    ("documentation.results", {"README.md": "| option | default |\n|---|---|\n| lr | 0.1 |\n| wd | "
                                            "0.2 |"}, Status.FAIL, "none"),
    ("documentation.hyperparameters", {"train.py": TRAIN, "README.md": "```\npython train.py\n```"}, Status.FAIL, "0"),
    ("documentation.hardware", {"README.md": "Runs on any machine. Set --gpu 0."}, Status.FAIL, "0"),
    ("randomness.seeds", without("train.py", "    set_seed(args.seed)\n"), Status.FAIL, "none"),
    ("randomness.seeds", without("train.py", "    np.random.seed(seed)\n"), Status.PARTIAL, "partial"),
    ("randomness.seeds", {"a.py": "import random, "
                                  "time\nrandom.seed(time.time())\nrandom.random()\n"}, Status.FAIL, "none"),
    ("randomness.seeds", {"a.py": "print(1 + 1)\n"}, Status.NOT_APPLICABLE, "na"),
    ("randomness.determinism", without("train.py", "    set_seed(args.seed)\n"), Status.FAIL, "0"),
    ("data.available", {"a.py": "import pandas\npandas.read_csv('data/train.csv')\n"}, Status.FAIL, "none"),
    ("data.available", {"a.py": "from sklearn.datasets import "
                                "make_blobs\nmake_blobs()\n"}, Status.NOT_APPLICABLE, "na"),
    ("licence.stated", {"README.md": "# x"}, Status.FAIL, "none"),
    ("licence.stated", {"LICENSE": "You may look at this, but never on a Sunday, says the "
                                   "author."}, Status.PARTIAL, "none"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "files", "status", "level"), FAILING)
def test_what_is_missing_is_found(
    tmp_path: Path, check: str, files: dict[str, str | bytes], status: Status, level: str | None
) -> None:
    finding = found(tmp_path, files, check)
    assert (finding.status, finding.level) == (status, level), finding.sentence
    assert finding.evidence
    if status in (Status.FAIL, Status.PARTIAL):
        assert finding.remedy


def test_code_in_another_language_is_unknown_and_no_fail(tmp_path: Path) -> None:
    finding = found(tmp_path, {"main.f90": "program main\nend program", "README.md": "# x"}, "code.training")
    assert finding.status is Status.UNKNOWN
    assert found(tmp_path, {}, "code.present").status is Status.PASS


def test_a_missing_seed_is_found_although_a_helper_defines_one(tmp_path: Path) -> None:
    helper = "import torch\ndef seed_everything(s):\n    torch.manual_seed(s)\n"
    finding = found(
        tmp_path,
        {"helper.py": helper, "train.py": "import torch\nimport helper\nprint(torch.rand(3))\n"},
        "randomness.seeds",
    )
    assert finding.level == "none"
    assert "no program was found to reach" in finding.sentence


def test_a_seed_option_that_nothing_applies_is_no_seed(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = dict(GOOD) | {
        "train.py": TRAIN.replace("    set_seed(args.seed)\n", "    print(args.seed)\n")
    }
    assert found(tmp_path, files, "randomness.seeds").level == "none"


def test_a_seeding_function_is_followed_through_modules_and_names(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "lib/seeds.py": "import torch\ndef fix(s):\n    torch.manual_seed(s)\n",
        "lib/__init__.py": "",
        "main.py": "import torch\nfrom lib.seeds import fix as f\ndef run():\n    f(1)\n    "
        "print(torch.rand(2))\njob = run\n",
    }
    assert found(tmp_path, files | {"main.py": str(files["main.py"]) + "run()\n"}, "randomness.seeds").level == "full"


def test_results_in_a_notebooks_outputs_count(tmp_path: Path) -> None:
    cell = {
        "cell_type": "code",
        "source": "print(acc)",
        "outputs": [{"output_type": "stream", "text": "test accuracy: 91.24"}],
    }
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4})
    assert found(tmp_path, {"a.ipynb": notebook, "train.py": TRAIN}, "documentation.results").level == "numbers"


def test_a_path_that_an_option_sets_is_no_absolute_path(tmp_path: Path) -> None:
    program = (
        "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--data', default='/home/ann/data')\nprint(p.parse_args())\n"
    )
    assert found(tmp_path, {"a.py": program}, "code.no_absolute_paths").level == "0"


def test_weights_of_others_and_empty_files_do_not_count(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.py": "print(1)", "models/vgg16.pth": b"x" * 5000, "models/net.pth": b""}
    assert found(tmp_path, files, "code.pretrained_model").level == "0"
    assert found(tmp_path, {"models/net.pth": b"x" * 5000}, "code.pretrained_model").level == "1"
