"""What counts as done for determinism beyond seeding, whatever the library calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.inventory import read_repository


def level(root: Path, text: str) -> str | None:
    (root / "train.py").write_text(text)
    return Facts([read_repository(root)]).run(all_checks()["randomness.determinism"]).level


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("os.environ['XLA_FLAGS'] = '--xla_gpu_deterministic_ops=true'", "1"),
        ("os.environ['XLA_FLAGS'] = '--xla_gpu_autotune_level=4'", "0"),
        ("os.environ['MXNET_CUDNN_AUTOTUNE_DEFAULT'] = '0'", "1"),
        ("os.environ['MXNET_CUDNN_AUTOTUNE_DEFAULT'] = '1'", "0"),
        ("os.environ.setdefault('OMP_NUM_THREADS', '1')", "1"),
        ("os.environ.setdefault('OMP_NUM_THREADS', '8')", "0"),
        ("torch.use_deterministic_algorithms(mode=True)", "1"),
        ("torch.use_deterministic_algorithms(mode=False)", "0"),
        ("torch.set_deterministic_debug_mode('error')", "1"),
        ("torch.set_deterministic_debug_mode('default')", "0"),
        ("lightning.seed_everything(1, workers=True)", "1"),
        ("lightning.seed_everything(1)", "0"),
        ("mmcv.set_random_seed(1, deterministic=True)", "1"),
        ("agent.predict(1, deterministic=True)", "0"),
        ("lightgbm.LGBMClassifier(deterministic=True, force_row_wise=True)", "1"),
        ("lightgbm.LGBMClassifier(num_leaves=3)", "0"),
        ("with torch.backends.cudnn.flags(deterministic=True):\n    print(1)", "1"),
    ],
)
def test_a_measure_counts_under_each_of_its_names_where_it_is_switched_on(
    tmp_path: Path, lines: str, expected: str
) -> None:
    head = "import os\nimport torch, lightning, mmcv, lightgbm\nfrom rl import agent\n"
    assert level(tmp_path, f"{head}{lines}\nprint(torch.rand(1))\n") == expected


def test_a_program_that_neither_draws_nor_fits_has_nothing_to_make_deterministic(tmp_path: Path) -> None:
    assert level(tmp_path, "import torch\ntorch.use_deterministic_algorithms(True)\nprint(1)\n") == "0"


def test_a_script_that_starts_only_what_draws_nothing_fixes_no_draws(tmp_path: Path) -> None:
    (tmp_path / "show.py").write_text("print(1)\n")
    for program, expected in (("show.py", "0"), ("train.py", "1")):
        (tmp_path / "run.sh").write_text(f"export PYTHONHASHSEED=0\npython {program}\n")
        assert level(tmp_path, "import random\nprint(random.random())\n") == expected


def test_to_do_without_cudnn_is_no_measure_since_other_kernels_run_instead(tmp_path: Path) -> None:
    assert level(tmp_path, "import torch\ntorch.backends.cudnn.enabled = False\nprint(1)\n") == "0"


def test_threads_fixed_for_programs_in_another_language_count_beside_python_that_draws_nothing(tmp_path: Path) -> None:
    steps = (
        "local optim = require 'optim'\nfor i = 1, 100 do\n  optim.sgd(step, parameters)\nend\nprint('loss', loss)\n"
    )
    (tmp_path / "train.lua").write_text(steps)
    (tmp_path / "run.sh").write_text("export OMP_NUM_THREADS=1\nth train.lua\n")
    assert level(tmp_path, "print(1)\n") == "1"
