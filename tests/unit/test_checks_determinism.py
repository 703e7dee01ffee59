"""The checks over hazards: the gravest decides, and low ones never fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository
from tests.unit.hazard_programs import write


def finding(root: Path, subject: str, program: str, **files: str) -> Finding:
    repository = read_repository(write(root, {"train.py": program} | files))
    return Facts([repository]).run(all_checks()[f"determinism.{subject}"])


@pytest.mark.parametrize(
    ("subject", "program", "status"),
    [
        ("order", "import os\nprint(os.listdir('d')[:9])\nhalf = os.listdir('d')[:9]\n", Status.FAIL),
        ("order", "import os\nfor name in os.listdir('d'):\n    print(name)\n", Status.PASS),
        ("order", "print(1)\n", Status.NOT_APPLICABLE),
        ("kernels", "import torch\ntorch.backends.cudnn.benchmark = True\nprint(torch.ones(3))\n", Status.PARTIAL),
        ("kernels", "import torch\ntorch.set_float32_matmul_precision('high')\n", Status.PASS),
        ("kernels", "import torch\nprint(torch.ones(3))\n", Status.PASS),
        ("kernels", "import numpy as np\nprint(np.ones(3))\n", Status.NOT_APPLICABLE),
        ("workers", "import torch\nprint(torch.utils.data.DataLoader([], in_order=False))\n", Status.PARTIAL),
        ("workers", "import torch\nprint(torch.utils.data.DataLoader([]))\n", Status.PASS),
        ("libraries", "from sklearn.cluster import KMeans\nKMeans(3).fit([[1]])\n", Status.FAIL),
        ("libraries", "from sklearn.cluster import KMeans\nKMeans(3, random_state=0).fit([[1]])\n", Status.PASS),
        ("remote", "from transformers import AutoModel\nprint(AutoModel.from_pretrained('a/b'))\n", Status.PARTIAL),
        ("notebooks", "print(1)\n", Status.NOT_APPLICABLE),
    ],
)
def test_the_gravest_hazard_decides_and_a_low_one_never_fails(
    tmp_path: Path, subject: str, program: str, status: Status
) -> None:
    found = finding(tmp_path, subject, program)
    assert found.status is status
    assert (found.level in ("high", "medium", "low")) == bool(found.remedy)


def test_a_finding_says_where_how_grave_and_what_to_write(tmp_path: Path) -> None:
    program = "import os\nnames = os.listdir('d')\ntrain = names[:9]\nprint(train)\n"
    found = finding(tmp_path, "order", program)
    assert found.sentence == (
        "train.py, line 2: files come in the order of the file system, and are cut by position in line 3 (high)."
    )
    assert found.remedy == "Write `sorted(os.listdir('d'))`. The patch does this."
    assert [getattr(evidence, "line", None) for evidence in found.evidence] == [2]


def test_hazards_are_told_the_gravest_first_with_their_number(tmp_path: Path) -> None:
    program = (
        "import torch\ntorch.manual_seed(1)\na = torch.utils.data.DataLoader([], shuffle=True)\n"
        "b = torch.utils.data.DataLoader([], in_order=False)\nprint(a, b)\n"
    )
    found = finding(tmp_path, "workers", program)
    assert found.status is Status.PARTIAL
    assert found.sentence.startswith("train.py, line 4: ")
    assert found.sentence.endswith("(2 places: 1 medium, 1 low).")


def test_the_versions_are_told_where_the_repository_leaves_them_open(tmp_path: Path) -> None:
    program = "from transformers import TrainingArguments\nprint(TrainingArguments('out'))\n"
    assert "with transformers >=4.19" in finding(tmp_path / "a", "kernels", program).sentence
    pinned = finding(tmp_path / "b", "kernels", program, **{"requirements.txt": "transformers==4.30.2\n"})
    assert "4.19" not in pinned.sentence


def test_what_could_not_be_read_leaves_silence_open(tmp_path: Path) -> None:
    found = finding(tmp_path, "order", "import os\nprint(os.listdir('d'))\n", **{"more.py": "def (:\n" * 9})
    assert found.status is Status.UNKNOWN


def test_a_notebook_that_ran_from_the_first_to_the_last_cell_passes(tmp_path: Path) -> None:
    output = [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}]
    cells = [
        {"cell_type": "code", "source": ["print(1)"], "outputs": output, "execution_count": n, "metadata": {}}
        for n in (1, 2)
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert finding(tmp_path, "notebooks", "print(1)\n", **{"a.ipynb": text}).status is Status.PASS
