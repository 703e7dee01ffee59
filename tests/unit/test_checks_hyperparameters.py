"""Where the values of experiments are looked for, and what only looks like them; what counts as hardware."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.inventory import read_repository

OPTIONS = (
    "import argparse\nimport torch\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float, default=0.1)\n"
    "p.add_argument('--epochs', type=int, default=30)\np.add_argument('--data_set', default='a')\n"
    "p.add_argument('--gpu', type=int, default=0)\na = p.parse_args()\nloss = torch.nn.Linear(2, 1)(torch.rand(4, 2))\n"
    "loss.mean().backward()\n"
)
README = "# x\n\n```\n{}\n```\n"


def level(root: Path, files: dict[str, str], check: str = "documentation.hyperparameters") -> str | None:
    for path, text in files.items():
        (root / path).write_text(text)
    return Facts([read_repository(root)]).run(all_checks()[check]).level


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python train.py --data_set cifar10", "1"),
        ("python train.py", "0"),
        ("python train.py --gpu 1", "0"),
        ("python train.py --data_set <NAME>", "0"),
        ("python train.py --dataset cifar10 --unknown 3", "0"),
    ],
)
def test_defaults_count_where_a_command_chooses_the_experiment(tmp_path: Path, command: str, expected: str) -> None:
    assert level(tmp_path, {"train.py": OPTIONS, "README.md": README.format(command)}) == expected


def test_defaults_in_a_module_of_options_count_too(tmp_path: Path) -> None:
    head, _, tail = OPTIONS.partition("loss =")
    main = "import torch\nfrom options import a\n" + "loss =" + tail
    files = {"options.py": head, "train.py": main, "README.md": README.format("python train.py --data_set b")}
    assert level(tmp_path, files) == "1"


def test_numbers_beside_options_are_no_settings_of_the_experiment(tmp_path: Path) -> None:
    beside = "batch_size = 32\nhidden_size = 64\n"
    alone = (
        "import torch\nnet = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(net.parameters())\n"
        "net(torch.rand(4, 2)).mean().backward()\noptimizer.step()\n"
    )
    assert level(tmp_path, {"train.py": OPTIONS + beside}) == "0"
    assert level(tmp_path, {"train.py": alone + beside}) == "1"


def test_letters_in_place_of_numbers_are_to_be_filled_in(tmp_path: Path) -> None:
    assert (
        level(tmp_path, {"train.py": OPTIONS, "README.md": README.format("python train.py --lr l --epochs ep")}) == "0"
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"SECURITY.md": "# Security\n\nYou receive an answer within 24 hours.\n"}, "0"),
        ({"README.md": "# x\n\nWe recommend running all experiments on GPU.\n"}, "0"),
        ({"README.md": "# x\n\nAll models were trained on GPUs in 3 hours.\n"}, "1"),
    ],
)
def test_hardware_is_what_a_run_needs_or_used(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert level(tmp_path, files, "documentation.hardware") == expected
