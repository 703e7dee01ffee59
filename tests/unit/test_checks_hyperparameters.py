"""Where the values of experiments are looked for, and what only looks like them; what counts as hardware."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.inventory import read_repository

OPTIONS = (
    "import argparse\nimport torch\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float, default=0.1)\n"
    "p.add_argument('--epochs', type=int, default=30)\np.add_argument('--data_set', default='a')\n"
    "p.add_argument('--dropout', type=float, default=0.5)\np.add_argument('--units', type=int, default=64)\n"
    "p.add_argument('--gpu', type=int, default=0)\n"
    "p.add_argument('--unrolled', action='store_true')\np.add_argument('--resume', action='store_true')\n"
    "a = p.parse_args()\nnet = torch.nn.Linear(2, 1)\nloss = net(torch.rand(4, 2))\n"
    "optimizer = torch.optim.SGD(net.parameters())\nloss.mean().backward()\noptimizer.step()\n"
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
        ("python train.py --unrolled", "1"),
        ("python train.py --resume", "1"),
        ("python train.py --help", "0"),
        ("python train.py", "1"),
        ("python train.py --gpu 1", "1"),
        ("python train.py --data_set <NAME>", "0"),
        ("python train.py --lr LR --data_set DATA_SET", "0"),
        ("python train.py --seed 3", "1"),
        ("python train.py --data_set cifar10 --lr=l --dropout=d2", "0"),
        ("python train.py --data_set cifar10 --lr 1e-3", "1"),
        ("python train.py --dropout 0.3", "1"),
    ],
)
def test_defaults_count_where_a_command_runs_the_experiment(tmp_path: Path, command: str, expected: str) -> None:
    assert level(tmp_path, {"train.py": OPTIONS, "README.md": README.format(command)}) == expected


def test_defaults_in_a_module_of_options_count_too(tmp_path: Path) -> None:
    head, _, tail = OPTIONS.partition("loss =")
    main = "import torch\nfrom options import a\n" + "loss =" + tail
    files = {"options.py": head, "train.py": main, "README.md": README.format("python train.py --data_set b")}
    assert level(tmp_path, files) == "1"


def test_numbers_beside_options_are_no_settings_of_the_experiment(tmp_path: Path) -> None:
    beside = "batch_size = 32\nhidden_size = 64\n"
    assert level(tmp_path, {"train.py": OPTIONS + beside}) == "0"
    assert level(tmp_path, {"train.py": ALONE + beside}) == "1"


ALONE = (
    "import torch\nnet = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n"
    "net(torch.rand(4, 2)).mean().backward()\noptimizer.step()\n"
)


def test_options_that_hold_the_values_of_most_experiments_decide(tmp_path: Path) -> None:
    assert level(tmp_path, {"train.py": OPTIONS, "train_b.py": OPTIONS, "train_c.py": ALONE}) == "0"
    assert level(tmp_path, {"train_d.py": ALONE}) == "1"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("runs.yml", "rate: 0.1\nrounds: 30\ncells: [3, 4]\nwide: 64\n", "1"),
        ("runs.yml", "rate: 0.1\nrounds: 30\n", "0"),
        ("results.json", '{"a": 0.1, "b": 30, "c": 3}', "0"),
        (".settings.yml", "rate: 0.1\nrounds: 30\nwide: 64\n", "0"),
    ],
)
def test_a_config_file_sets_several_numbers(tmp_path: Path, path: str, text: str, expected: str) -> None:
    assert level(tmp_path, {"train.py": "import yaml, json\n" + OPTIONS, path: text}) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "0"),
        ({"README.md": "# x\n\nThe values are in `runs.yml`.\n"}, "1"),
        ({"run.sh": "python train.py -c runs.yml\n"}, "1"),
        ({"load.py": "import yaml\nprint(yaml.safe_load(open(0)))\n"}, "1"),
        ({"model.lua": "local x = 1\n"}, "1"),
    ],
)
def test_a_config_file_that_nothing_can_read_sets_nothing(tmp_path: Path, more: dict[str, str], expected: str) -> None:
    files = {"train.py": OPTIONS, "runs.yml": "rate: 0.1\nrounds: 30\nwide: 64\n", **more}
    assert level(tmp_path, files) == expected


def test_numbers_beside_a_program_that_does_nothing_are_no_experiments(tmp_path: Path) -> None:
    files = {"train.py": "pass\n", "run.sh": "python train.py --lr 0.1 --rounds 30\n", "a.ini": "a = 2\nb = 3\nc = 4\n"}
    assert level(tmp_path, files) == "0"


def test_values_in_the_code_of_a_program_that_fits_count_whatever_they_are_called(tmp_path: Path) -> None:
    assert level(tmp_path, {"train.py": ALONE.replace(", lr=0.1", "") + "number_of_repeats = 300\n"}) == "1"


def test_values_of_a_figure_are_none_of_an_experiment(tmp_path: Path) -> None:
    drawn = "import matplotlib.pyplot as plt\nplt.plot(range(5), alpha=0.5)\nplt.savefig('a.png')\n"
    assert level(tmp_path, {"plot.py": drawn}) == "0"


def test_a_program_that_fits_decides_before_one_that_draws(tmp_path: Path) -> None:
    drawn = "import matplotlib.pyplot as plt\nwidth = 30\nplt.plot(range(5))\nplt.savefig('a.png')\n"
    assert level(tmp_path, {"train.py": OPTIONS, "plot.py": drawn}) == "0"
    assert level(tmp_path, {"train.py": ALONE, "plot.py": drawn}) == "1"


def test_a_few_options_leave_the_other_values_in_the_code(tmp_path: Path) -> None:
    two = OPTIONS.replace("p.add_argument('--dropout', type=float, default=0.5)\n", "")
    assert level(tmp_path, {"train.py": two + "width = 64\n"}) == "1"
    assert level(tmp_path, {"train.py": OPTIONS + "width = 64\n"}) == "0"


@pytest.mark.parametrize(
    ("title", "line", "expected"),
    [
        ("A method", "rank = 20;", "1"),
        ("A method", "rank = 1;", "0"),
        ("A method", "rank = size(X, 2);", "0"),
        ("A simulator", "rank = 20;", "0"),
    ],
)
def test_values_in_a_script_of_another_language_that_fits_count(
    tmp_path: Path, title: str, line: str, expected: str
) -> None:
    script = f"{line}\nfor iter = a:b\n  err(iter) = norm(X - W * H);\nend\n"
    assert level(tmp_path, {"README.md": f"# {title}\n", "run_nmf.m": script}) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("The default parameters are not the ones with which the results of the paper were made.", "0"),
        ("Note: the default settings, such as the number of samples, are meant as a proof-of-concept.", "0"),
        ("The arguments of the parser do not represent the best values.", "0"),
        ("The default parameters are those of the paper. Training does not take long.", "1"),
    ],
)
def test_values_that_the_readme_says_are_others_do_not_count(tmp_path: Path, said: str, expected: str) -> None:
    assert level(tmp_path, {"train.py": ALONE, "README.md": f"# x\n\n{said}\n"}) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("python train.py --data_set cifar10\n", "1"),
        ("DATA=cifar10\nPYTHON=/opt/bin/python\n${PYTHON} train.py --data_set $DATA\n", "1"),
        ("python -m train --data_set cifar10\n", "1"),
        ("python train.py --data_set $1\n", "0"),
        ("python other.py --data_set cifar10\n", "0"),
    ],
)
def test_commands_of_shell_scripts_choose_experiments_too(tmp_path: Path, script: str, expected: str) -> None:
    assert level(tmp_path, {"train.py": OPTIONS, "run.sh": script}) == expected


def test_alternatives_in_a_documented_command_are_values_to_take(tmp_path: Path) -> None:
    given = README.format("python train.py --data_set [mnist|cifar10|svhn]")
    assert level(tmp_path, {"train.py": OPTIONS, "README.md": given}) == "1"


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


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pos = np.arange(x.shape[0])", "0"),
        ("n_jobs = -1", "0"),
        ("search = run(num_workers=8)", "0"),
        ("grid = np.linspace(0.1, 2)", "1"),
        ("size = 350", "1"),
    ],
)
def test_counts_of_data_and_of_processes_are_no_settings(tmp_path: Path, line: str, expected: str) -> None:
    text = f"import numpy as np\nfrom m import model, run, x, y\n{line}\nmodel.fit(x, y)\nprint(model.score(x, y))\n"
    assert level(tmp_path, {"train.py": text}) == expected


@pytest.mark.parametrize(
    ("command", "expected"), [("run.py DATA_SET METHOD", "0"), ("run.py mnist sgd", "1"), ("run.py MNIST", "1")]
)
def test_words_that_a_reader_fills_in_choose_nothing(tmp_path: Path, command: str, expected: str) -> None:
    text = "import sys\nfrom m import model, x, y\nmodel.fit(x, y)\nprint(sys.argv)\n"
    assert level(tmp_path, {"run.py": text, "README.md": README.format(f"python {command}")}) == expected
