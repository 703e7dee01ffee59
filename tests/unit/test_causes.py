"""One cause is charged once, though several checks find it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository
from tests.unit.hazard_programs import write

SPLIT = "from sklearn.model_selection import train_test_split\nprint(train_test_split([1, 2]))\n"
DRAWS = "import numpy as np\nprint(np.random.rand())\n"


def finding(root: Path, check: str, program: str) -> Finding:
    repository = read_repository(write(root, {"train.py": program}))
    return Facts([repository]).run(all_checks()[check])


@pytest.mark.parametrize(
    ("check", "program"),
    [
        ("determinism.libraries", SPLIT),
        ("randomness.seed_source", "import time, numpy as np\nnp.random.seed(int(time.time()))\n" + DRAWS),
        ("randomness.seed_option", "import argparse\np = argparse.ArgumentParser()\n"
         "p.add_argument('--seed', type=int, default=1)\na = p.parse_args()\n" + DRAWS),
    ],
)  # fmt: skip
def test_an_unseeded_library_is_counted_with_the_seeds(tmp_path: Path, check: str, program: str) -> None:
    found = finding(tmp_path, check, program)
    assert finding(tmp_path, "randomness.seeds", program).status is Status.FAIL
    assert (found.status, found.counted_in) == (Status.FAIL, "randomness.seeds")
    assert found.sentence.endswith("The cause is counted in `randomness.seeds`.")
    assert found.remedy


def test_what_no_seed_of_the_program_reaches_is_counted_for_itself(tmp_path: Path) -> None:
    program = "import optuna\nstudy = optuna.create_study()\nstudy.optimize(print, n_trials=3)\n"
    found = finding(tmp_path, "determinism.libraries", program)
    assert (found.status, found.counted_in) == (Status.FAIL, None)


def test_beside_other_causes_only_these_decide(tmp_path: Path) -> None:
    search = "import optuna\nstudy = optuna.create_study(sampler=s)\nstudy.optimize(print, n_trials=3, n_jobs=4)\n"
    found = finding(tmp_path, "determinism.libraries", SPLIT + search)
    assert (found.status, found.level, found.counted_in) == (Status.PARTIAL, "medium", None)
    assert "1 high, 1 medium" in found.sentence


KERNELS = """import torch
net = torch.nn.Conv2d(3, 3, 3).cuda()
net(torch.ones(1, 3, 9, 9).cuda()).sum().backward()
"""


def test_kernels_that_nothing_asks_for_are_counted_with_determinism(tmp_path: Path) -> None:
    found = finding(tmp_path, "determinism.kernels", KERNELS)
    assert finding(tmp_path, "randomness.determinism", KERNELS).status is Status.FAIL
    assert (found.status, found.counted_in) == (Status.PARTIAL, "randomness.determinism")


def test_kernels_left_off_beside_another_measure_are_counted_for_themselves(tmp_path: Path) -> None:
    program = KERNELS + "torch.set_num_threads(1)\n"
    assert finding(tmp_path, "randomness.determinism", program).status is Status.PASS
    assert finding(tmp_path, "determinism.kernels", program).counted_in is None
