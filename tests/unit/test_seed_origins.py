"""Where seeds come from: options that are replaced, settings of a configuration, defaults of frameworks by version."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository

OPTION = (
    "import argparse, random, time\nimport numpy as np\np = argparse.ArgumentParser()\n"
    "p.add_argument('--seed', type=int, default=1)\nargs = p.parse_args()\n"
)
USED = "np.random.seed(args.seed)\nprint(np.random.rand(2))\n"


def finding(root: Path, files: dict[str, str] | str, check: str = "seeds") -> Finding:
    for path, text in ({"train.py": files} if isinstance(files, str) else files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Facts([read_repository(root)]).run(all_checks()[f"randomness.{check}"])


@pytest.mark.parametrize(
    "line",
    [
        "args.seed = random.randint(1, 9999)\n",
        "vars(args)['seed'] = random.randint(1, 9999)\n",
        "args.seed = int(time.time())\n",
        "def choose():\n    return random.randint(1, 9999)\nargs.seed = choose()\n",
        "def prepare(options):\n    options.seed = random.randint(1, 9999)\nprepare(args)\n",
        "args.seed = None\n",
        "setattr(args, 'seed', random.randint(1, 9999))\n",
    ],
)
def test_an_option_that_is_always_replaced_by_a_number_at_random_is_no_seed(tmp_path: Path, line: str) -> None:
    found = finding(tmp_path, OPTION + line + USED)
    assert found.level == "none"
    assert "the option `seed` is replaced by" in found.sentence
    source = finding(tmp_path, OPTION + line + USED, "seed_source")
    assert source.status is Status.FAIL
    assert "in place of its option `seed`" in source.sentence
    option = finding(tmp_path, OPTION + line + USED, "seed_option")
    assert option.status is Status.FAIL
    assert "it is replaced by" in option.sentence


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("if args.seed is None:\n    args.seed = random.randint(1, 9999)\n", True),
        ("if args.seed < 0:\n    args.seed = int(time.time())\n", True),
        ("args.seed = args.seed or random.randint(1, 9999)\n", True),
        ("args.seed = args.seed if args.seed is not None else random.randint(1, 9999)\n", True),
        ("seed = args.seed\nargs.seed = random.randint(1, 9999)\nargs.seed = seed\n", False),
        ("random.seed(args.seed)\nargs.seed = random.randint(1, 9999)\n", False),
    ],
)
def test_an_option_that_is_replaced_only_sometimes_stays_a_seed(tmp_path: Path, line: str, said: bool) -> None:
    found = finding(tmp_path, OPTION + line + USED)
    assert found.level == "full"
    assert ("where the option `seed` is not given" in found.sentence) is said
    assert finding(tmp_path, OPTION + line + USED, "seed_source").status is Status.PASS


def test_an_option_that_seeds_before_it_is_replaced_is_a_seed(tmp_path: Path) -> None:
    text = OPTION + USED + "args.seed = random.randint(1, 9999)\n"
    assert "numpy" not in finding(tmp_path, text, "seed_source").sentence.partition("line")[0]
    assert finding(tmp_path, text, "seed_option").status is Status.PASS


LIGHTNING = "import pytorch_lightning as pl\nimport torch\npl.seed_everything()\nprint(torch.rand(3))\n"


@pytest.mark.parametrize(
    ("requirement", "level", "said"),
    [
        ("pytorch-lightning==1.9.5", "none", "Lightning before 2.2 then draws one"),
        ("lightning==2.1.4", "none", "Lightning before 2.2 then draws one"),
        ("lightning<2", "none", "Lightning before 2.2 then draws one"),
        ("lightning==2.2.0", "full", "seed 0 by default of Lightning from version 2.2 on,"),
        ("lightning>=2.4", "full", "seed 0 by default of Lightning from version 2.2 on,"),
        ("lightning", "full", "before, it is at random, and no version is pinned"),
        ("lightning>=1.6", "full", "before, it is at random, and no version is pinned"),
    ],
)
def test_a_default_that_changed_holds_for_the_version_that_is_declared(
    tmp_path: Path, requirement: str, level: str, said: str
) -> None:
    files = {"train.py": LIGHTNING, "requirements.txt": f"torch\n{requirement}\n"}
    found = finding(tmp_path, files)
    assert found.level == level
    sentence = found.sentence if level == "full" else finding(tmp_path, files, "seed_source").sentence
    assert said in sentence


TRAINER = "import torch\nfrom transformers import Trainer, TrainingArguments\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("t = Trainer(None)\nt.train()\nprint(torch.rand(3))\n", "seed 42 by default of the Trainer of transformers"),
        ("t = Trainer(None, TrainingArguments('out'))\nprint(torch.rand(3))\n", "seed 42 by default"),
        ("class Own(Trainer):\n    pass\nOwn(None).train()\nprint(torch.rand(3))\n", "seed 42 by default"),
        ("t = Trainer(None, args=TrainingArguments('out', seed=7))\nprint(torch.rand(3))\n", "seeded: torch."),
    ],
)
def test_a_trainer_seeds_by_itself_unless_it_is_given_a_seed(tmp_path: Path, text: str, said: str) -> None:
    found = finding(tmp_path, TRAINER + text)
    assert found.level == "full"
    assert said in found.sentence


def test_a_trainer_whose_seed_is_the_clock_is_not_seeded(tmp_path: Path) -> None:
    text = TRAINER + "import time\nTrainer(None, TrainingArguments('o', seed=int(time.time())))\nprint(torch.rand(3))\n"
    assert finding(tmp_path, text).level == "none"
    assert finding(tmp_path, text, "seed_source").status is Status.FAIL


def test_a_library_s_own_default_is_named(tmp_path: Path) -> None:
    found = finding(tmp_path, "import xgboost\nxgboost.XGBClassifier(subsample=0.5)\n")
    assert found.level == "full"
    assert "seed 0 by default of XGBoost" in found.sentence


SIDES = (
    "import sys\nimport numpy as np\ndef one():\n    return np.random.rand(2)\n"
    "def two():\n    np.random.seed(7)\n    return np.random.rand(2)\n"
)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("if len(sys.argv) > 1:\n    one()\nelse:\n    two()\n", "partial"),
        ("np.random.seed(1)\nif len(sys.argv) > 1:\n    one()\nelse:\n    two()\n", "full"),
        ("if len(sys.argv) > 1:\n    np.random.seed(int(sys.argv[1]))\none()\n", "full"),
    ],
)
def test_a_draw_is_not_seeded_by_what_runs_only_instead_of_it(tmp_path: Path, run: str, expected: str) -> None:
    assert finding(tmp_path, SIDES + run).level == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("pretrained=True", "na"), ("weights=models.ResNet18_Weights.DEFAULT", "na"), ("True", "na"),
     ("pretrained=False", "none"), ("weights=None", "none"), ("", "none")],
)  # fmt: skip
def test_a_model_with_trained_weights_draws_none(tmp_path: Path, given: str, expected: str) -> None:
    text = f"from torchvision import models\nnet = models.resnet18({given})\nprint(net(1))\n"
    assert finding(tmp_path, text).level == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("run_experiment(main, seed=3)", "full"),
        ("run_experiment(main, seed=None)", "none"),
        ("run_experiment(main)", "none"),
    ],
)
def test_a_launcher_of_experiments_seeds_where_it_is_given_a_seed(tmp_path: Path, call: str, expected: str) -> None:
    text = (
        "import numpy as np\nfrom garage.experiment import run_experiment\ndef main():\n    print(np.random.rand(2))\n"
    )
    assert finding(tmp_path, text + call + "\n").level == expected


def test_a_program_whose_draws_are_not_in_the_tree_beside_one_that_draws_is_told(tmp_path: Path) -> None:
    files = {
        "a.py": "import random\nimport utils.parts\nrandom.seed(3)\nutils.parts.loss().backward()\n",
        "b.py": "import torch\nnet = torch.nn.Linear(2, 1)\nnet(torch.rand(2)).sum().backward()\n",
        "utils/__init__.py": "",
        "README.md": "```\npython a.py\npython b.py\n```\n",
    }
    assert finding(tmp_path, files).status in (Status.PARTIAL, Status.FAIL)


NONE_BY_DEFAULT = (
    "import argparse\nimport random\nimport numpy as np\np = argparse.ArgumentParser()\n"
    "p.add_argument('--manual_seed', type=int)\nargs = p.parse_args()\n"
)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("if not args.manual_seed:\n    args.manual_seed = random.randint(1, 9999)\nnp.random.seed(args.manual_seed)\n",
         "a number at random (`random.randint`) takes its place in train.py, line 8"),
        ("if args.manual_seed is not None:\n    np.random.seed(args.manual_seed)\n", "nothing is seeded by it"),
    ],
)  # fmt: skip
def test_what_seeds_where_an_option_that_is_none_by_default_is_not_given_is_said(
    tmp_path: Path, lines: str, said: str
) -> None:
    found = finding(tmp_path, NONE_BY_DEFAULT + lines + "print(np.random.rand(2))\n", "seed_option")
    assert found.status is Status.FAIL
    assert f"then {said}" in found.sentence


def test_a_seed_out_of_lists_of_lists_is_looked_for_once_in_each(tmp_path: Path) -> None:
    lists = "a0 = [3]\n" + "".join(f"a{n + 1} = [{', '.join([f'a{n}'] * 60)}]\n" for n in range(5))
    code = f"import numpy as np\n{lists}np.random.seed(a5)\nprint(np.random.rand(2))\n"
    assert finding(tmp_path, {"a.py": code, "README.md": "```\npython a.py\n```\n"}).level == "full"
