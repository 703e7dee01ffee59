"""An empty shell gains nothing: files, words and settings that only look like what a check asks for do not raise it.

Each game is played on a repository with real, undocumented code and on one without any code; neither the readiness
score nor any single repository check may come out better than without it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts
from auditor.checks.framework import run_checks
from auditor.findings import Finding, Status
from auditor.report.summary import AUTHOR_SETTINGS
from auditor.repository.inventory import read_repository
from auditor.scoring.checklists import load
from auditor.scoring.score import score

CODE = {
    "train.py": """\
import numpy as np
from sklearn.linear_model import SGDClassifier

data = np.loadtxt("/home/me/data/points.csv")
rows = np.random.permutation(len(data))
model = SGDClassifier().fit(data[rows, 1:], data[rows, 0])
print(model.coef_)
""",
    "README.md": "# Our method\n\nCode of the paper.\n",
}
SHELL = {"README.md": "# Our method\n\nCode of the paper.\n"}
BASES = {"code": CODE, "shell": SHELL}

HEADINGS = (
    "# Our method\n\nCode of the paper.\n\n## Requirements\n\n## Installation\n\n## Data\n\n## Training\n\n"
    "## Evaluation\n\n## Pre-trained Models\n\n## Results\n\n## Hardware\n\n## License\n\n## Reproducibility\n"
)
TEMPLATE = """\
# Our method

Code of the paper.

## Requirements

To install requirements:

```setup
<your install command here>
```

## Training

```train
<your training command here>
```

## Pre-trained Models

You can download pretrained models here:

- [My awesome model](https://drive.google.com/mymodel.pth) trained on <dataset>.
- [Model](#)
- [Weights](TODO)

## Results

| Model name       | Top 1 Accuracy | Top 5 Accuracy |
| ---------------- | -------------- | -------------- |
| My awesome model | XX%            | XX%            |
| Ours             | TBD            | -              |
"""
PLACES = """
requirements.txt setup.py setup.cfg pyproject.toml environment.yml Pipfile Pipfile.lock poetry.lock
uv.lock conda-lock.yml Dockerfile Makefile LICENSE COPYING NOTICE CITATION.cff CHANGELOG.md
CONTRIBUTING.md tests/test_all.py .github/workflows/ci.yml evaluate.py eval.py test.py main.py run.sh
reproduce.sh download_data.sh download_models.sh config.yaml configs/default.yaml hparams.json
notebook.ipynb results.csv results/table1.csv figures/results.png data/train.csv data/README.md
croissant.json SHA256SUMS model.pt checkpoints/best.ckpt weights/model.safetensors runtime.txt
.python-version docs/index.md MODEL_CARD.md DATASHEET.md
""".split()  # noqa: SIM905 (forty names read better as words)
SEEDING = """\
import random
import numpy as np


def set_seed(seed=42):
    random.seed(seed)
    np.random.seed(seed)
"""
OPTIONS = """\
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, default=0)
"""
EMPTY_TABLE = """\
# Our method

Code of the paper.

## Results

| Method | Accuracy | F1 |
|---|---|---|
| Ours | | |
| Baseline | ? | ? |
| Theirs | xx.x | 00.0 |

<!-- | Ours | 97.1 | 96.2 | -->
"""
COMMAND = {"README.md": "# Our method\n\nCode of the paper.\n\n```\npython main.py\n```\n"}
INVENTED = "a results table with invented numbers"
GAMES: dict[str, dict[str, str]] = {
    "placeholder files of every name": dict.fromkeys(PLACES, ""),
    "placeholders of a few words": {
        "requirements.txt": "# TODO\n",
        "LICENSE": "TODO: add a licence\n",
        "evaluate.py": "# evaluation goes here\n",
        "eval.py": "def evaluate():\n    pass\n",
        "test.py": "raise NotImplementedError\n",
        "download_data.sh": "#!/bin/sh\n# wget https://example.org/data.zip\n",
        "configs/default.yaml": "# learning_rate: 0.1\n",
        "checkpoints/README.md": "Pretrained models will be released soon.\n",
        "model.pt": "placeholder",
        "data/README.md": "Put the data here.\n",
        "results/README.md": "Results: TBD\n",
    },
    "a seed helper that nothing calls": {"seeding.py": SEEDING},
    "switches for determinism that nothing runs": {
        "determinism.py": (
            "import torch\n\n\ndef make_deterministic():\n    torch.use_deterministic_algorithms(True)\n"
            "    torch.backends.cudnn.deterministic = True\n    torch.backends.cudnn.benchmark = False\n"
        )
    },
    "a seed option that nothing applies": {"options.py": OPTIONS},
    "copied README headings": {"README.md": HEADINGS},
    "the template of the checklist, not filled in": {"README.md": TEMPLATE},
    "settings for this tool": dict.fromkeys(AUTHOR_SETTINGS, "ignore: ['*']\nall: pass\ngrade: A\n"),
    "pins of distributions that nothing uses": {
        "requirements.txt": "flask==2.0.0\ndjango==3.2.0\nrequests==2.28.0\n",
    },
    "a results table without results": {"README.md": EMPTY_TABLE},
    INVENTED: {"README.md": EMPTY_TABLE.replace("| | |", "| 97.1 | 96.2 |")},
    "a command for an empty program": {
        "main.py": "",
        "README.md": "# Our method\n\nCode of the paper.\n\n```\npython main.py --lr 0.1 --epochs 30 --bs 64\n```\n",
    },
    "a command for a program that only says pass": {"main.py": '"""Train the model."""\n\npass\n', **COMMAND},
    "a command for a program that only imports": {
        "main.py": "import torch\nimport numpy as np\n\nLR = 0.1\n",
        **COMMAND,
    },
    "a command for a program of empty functions": {
        "main.py": "def train(epochs=30):\n    pass\n\n\nif __name__ == '__main__':\n    train()\n",
        **COMMAND,
    },
    "a file named for a split that no code reads": {"data/train.csv": "a,b\n1,2\n", "data/test.csv": "a,b\n3,4\n"},
    "switches for determinism in a program that draws nothing": {
        "main.py": (
            "import torch\n\ntorch.use_deterministic_algorithms(True)\ntorch.backends.cudnn.benchmark = False\n"
            "print('ready')\n"
        ),
        "run.sh": "export PYTHONHASHSEED=0 CUBLAS_WORKSPACE_CONFIG=:4096:8\npython main.py\n",
    },
    "a hash of nothing and a card without words": {
        "SHA256SUMS": f"{'0' * 64}  nothing.bin\n",
        "DATASET_CARD.md": "# Data\n",
    },
    "words that flatter": {
        "README.md": (
            "# Our method\n\nCode of the paper. Fully reproducible, deterministic, seeded, pinned, tested, complete, "
            "NeurIPS checklist compliant, gold badge, ![build](https://img.shields.io/badge/reproducible-100%25-green)\n"
        )
    },
    "functions that are named for what they should do": {
        "library.py": (
            "def train():\n    pass\n\n\ndef evaluate():\n    pass\n\n\ndef download_data():\n    pass\n\n\n"
            "def load_pretrained():\n    pass\n\n\naccuracy = None\nhyperparameters = {}\n"
        )
    },
}


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write the files and return the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def findings(folder: Path) -> dict[str, Finding]:
    """What the default checklist's checks say of a folder, by check."""
    return {f.check: f for f in run_checks(Facts([read_repository(folder)]), load("default").checks)}


# Numbers beside real code cannot be told from true ones by reading: the paper and the rerun decide on them.
PLAYED = [(game, base) for game in GAMES for base in BASES if (game, base) != (INVENTED, "code")]


@pytest.mark.parametrize(("game", "base"), PLAYED)
def test_a_game_gains_nothing(tmp_path: Path, game: str, base: str) -> None:
    before = findings(written(tmp_path / "plain", BASES[base]))
    after = findings(written(tmp_path / "gamed", {**BASES[base], **GAMES[game]}))
    better = [
        f"{check}: {finding.sentence}"
        for check, finding in after.items()
        if (finding.status.score or 0.0) > (before[check].status.score or 0.0)
    ]
    assert better == []
    for name in ("default", "ml-code-completeness"):
        checklist = load(name)
        plain, gamed = (score(checklist, each.values(), executed=False) for each in (before, after))
        assert (gamed.readiness.value or 0.0) <= (plain.readiness.value or 0.0)


def test_the_real_thing_gains(tmp_path: Path) -> None:
    before = findings(written(tmp_path / "plain", CODE))
    real = {
        "requirements.txt": "numpy==1.26.4\nscikit-learn==1.5.0\n",
        "train.py": CODE["train.py"].replace("rows =", "np.random.seed(0)\nrows ="),
    }
    after = findings(written(tmp_path / "real", {**CODE, **real}))
    for check in ("dependencies.declared", "dependencies.pinned", "randomness.seeds"):
        assert before[check].status is Status.FAIL
        assert after[check].status is Status.PASS
