"""Faults of seeding on the path of a program: order, options, sources, and what is no fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository

PASS, FAIL, PARTIAL = Status.PASS, Status.FAIL, Status.PARTIAL
NA, UNKNOWN = Status.NOT_APPLICABLE, Status.UNKNOWN
OPTIONS = "import argparse\np = argparse.ArgumentParser()\n{}\nargs = p.parse_args()\n"
SEED_OPTION = "p.add_argument('--seed', type=int, default=1)"


def finding(root: Path, check: str, files: dict[str, str] | str) -> Finding:
    for path, text in ({"train.py": files} if isinstance(files, str) else files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Facts([read_repository(root)]).run(all_checks()[f"randomness.{check}"])


ORDERS = [
    ("import torch\nnet = torch.nn.Linear(2, 1)\ntorch.manual_seed(0)\nprint(torch.rand(2))\n", FAIL),
    ("import torch\ndef make():\n    return torch.nn.Linear(2, 1)\ndef fix():\n    torch.manual_seed(0)\n"
     "net = make()\nfix()\nprint(torch.rand(2))\n", FAIL),
    ("import torch\ndef make():\n    return torch.nn.Linear(2, 1)\ndef fix():\n    torch.manual_seed(0)\n"
     "fix()\nnet = make()\n", PASS),
    ("import random, sys\nif len(sys.argv) > 1:\n    print(random.random())\nelse:\n    random.seed(0)\n"
     "    print(random.random())\n", PASS),
    ("import random, sys\ndef main():\n    if len(sys.argv) > 1:\n        print(random.random())\n        return\n"
     "    random.seed(0)\n    print(random.random())\nmain()\n", PASS),
    ("import random, sys\nif len(sys.argv) > 1:\n    print(random.random())\n    sys.exit(0)\nrandom.seed(0)\n"
     "print(random.random())\n", PASS),
    ("import random\nport = random.randint(1024, 9999)\nrandom.seed(0)\nprint(random.random())\n", PASS),
    ("import torch\ndrop = torch.nn.Dropout(0.5)\ntorch.manual_seed(0)\nprint(drop(torch.rand(3)))\n", PASS),
    ("import random\nclass Bag:\n    def __getitem__(self, at):\n        return random.random()\nbag = Bag()\n"
     "random.seed(0)\nprint(random.random())\n", PASS),
    ("import numpy as np\nfor epoch in range(9):\n    np.random.seed(0)\n    print(np.random.rand())\n", PARTIAL),
    ("import numpy as np\nfor epoch in range(9):\n    np.random.seed(epoch)\n    print(np.random.rand())\n", PASS),
    ("import numpy as np\nfor method in 'ab':\n    np.random.seed(0)\n    print(method, np.random.rand())\n", PASS),
    ("import random\nprint(random.random())\n", NA),
    ("print(1)\n", NA),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ORDERS)
def test_a_seed_comes_before_the_first_draw_and_once(tmp_path: Path, text: str, expected: Status) -> None:
    assert finding(tmp_path, "seed_order", text).status is expected


def test_a_method_that_a_base_class_brings_is_followed(tmp_path: Path) -> None:
    base = "import random\nclass Base:\n    def start(self):\n        return random.random()\n"
    main = (
        "import random\nfrom base import Base\nclass Task(Base):\n    def start(self):\n"
        "        return super().start()\nTask().start()\nrandom.seed(1)\nprint(random.random())\n"
    )
    found = finding(tmp_path, "seed_order", {"base.py": base, "train.py": main})
    assert found.status is FAIL
    assert (found.evidence[0].path, found.evidence[0].line) == ("base.py", 4)


def test_a_reseeding_for_each_item_repeats_its_numbers(tmp_path: Path) -> None:
    text = (
        "import random\nfrom torch.utils.data import Dataset, DataLoader\nclass Noise(Dataset):\n"
        "    def __getitem__(self, index):\n        random.seed({})\n        return random.random()\n"
        "for batch in DataLoader(Noise()):\n    print(batch)\n"
    )
    assert finding(tmp_path, "seed_order", text.format(0)).status is PARTIAL
    assert finding(tmp_path, "seed_order", text.format("index")).status is PASS


DRAW = "import random\nrandom.seed({})\nprint(random.random())\n"
OPTION_CASES = [
    (OPTIONS.format(SEED_OPTION) + DRAW.format("args.seed"), PASS),
    (OPTIONS.format(SEED_OPTION) + DRAW.format("3"), FAIL),
    (OPTIONS.format(SEED_OPTION) + "print('seed', args.seed)\n" + DRAW.format("3"), FAIL),
    (OPTIONS.format(SEED_OPTION) + "def fix(s):\n    pass\nfix(args.seed)\n" + DRAW.format("3"), FAIL),
    (OPTIONS.format(SEED_OPTION) + "import lab\nlab.fit(seed=args.seed)\n" + DRAW.format("3"), PASS),
    (OPTIONS.format(SEED_OPTION) + "import lab\nlab.fit(**vars(args))\n" + DRAW.format("3"), PASS),
    (OPTIONS.format(SEED_OPTION) + "import os\nos.system(f'run --seed {args.seed}')\n" + DRAW.format("3"), PASS),
    (OPTIONS.format(SEED_OPTION) + "import numpy as np\nrng = np.random.default_rng(args.seed)\nprint(rng.random())\n",
     PASS),
    (OPTIONS.format("p.add_argument('--seed', type=int)")
     + "import random\nif args.seed is not None:\n    random.seed(args.seed)\nprint(random.random())\n", FAIL),
    (OPTIONS.format("p.add_argument('--seed', type=int)")
     + "if args.seed is None:\n    args.seed = 7\n" + DRAW.format("args.seed"), PASS),
    (OPTIONS.format("p.add_argument('--seed', type=int, required=True)") + DRAW.format("args.seed"), PASS),
    ("import random\nrandom.seed(1)\nprint(random.random())\n", NA),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), OPTION_CASES)
def test_an_option_named_seed_is_applied_and_has_a_number(tmp_path: Path, text: str, expected: Status) -> None:
    assert finding(tmp_path, "seed_option", text).status is expected


def test_a_seed_that_the_documented_command_gives_is_not_left_open(tmp_path: Path) -> None:
    text = OPTIONS.format("p.add_argument('--seed', type=int)") + (
        "import random\nif args.seed is not None:\n    random.seed(args.seed)\nprint(random.random())\n"
    )
    given = {"train.py": text, "README.md": "# x\n```\npython train.py --seed 3\n```\n"}
    assert finding(tmp_path, "seed_option", given).status is PASS


def test_the_remedy_is_code_with_the_authors_own_option(tmp_path: Path) -> None:
    text = (
        "import argparse\nimport numpy as np\np = argparse.ArgumentParser()\n"
        "p.add_argument('--manualSeed', type=int, default=1)\nopt = p.parse_args()\nprint(np.random.rand())\n"
    )
    found = finding(tmp_path, "seed_option", text)
    assert found.status is FAIL
    assert found.remedy == "Put `np.random.seed(opt.manualSeed)` after line 5 of train.py."
    assert "severity high" in found.sentence


NOISE = "import numpy as np\ndef noise(seed=None):\n    return np.random.RandomState(seed).rand()\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return np.random.permutation(n)", FAIL),
        ("return np.random.RandomState(seed).permutation(n)", NA),
        ("np.random.seed(seed)\n    return np.random.permutation(n)", NA),
        ("return n", NA),
    ],
)
def test_a_function_that_takes_a_seed_draws_with_it(tmp_path: Path, body: str, expected: Status) -> None:
    text = f"import numpy as np\ndef split(n, seed=0):\n    {body}\nprint(split(9), np.random.rand())\n"
    assert finding(tmp_path, "seed_option", text).status is expected


SOURCES = [
    ("import random\nrandom.seed()\nprint(random.random())\n", FAIL),
    ("import torch\ntorch.seed()\nprint(torch.rand(2))\n", FAIL),
    ("import numpy as np, random\nnp.random.seed(random.randint(0, 9))\nprint(np.random.rand())\n", FAIL),
    ("import numpy as np, random\nrandom.seed(1)\nnp.random.seed(random.randint(0, 9))\nprint(np.random.rand())\n",
     PASS),
    ("import random\nrng = random.Random()\nrng.seed(3)\nprint(rng.random())\n", PASS),
    (NOISE + "print(noise())\n", FAIL),
    (NOISE + "print(noise(3))\n", PASS),
    ("import numpy as np\ndef noise(seed=None):\n    if seed is not None:\n        np.random.seed(seed)\n"
     "    return np.random.rand()\nnp.random.seed(1)\nprint(noise())\n", PASS),
    (OPTIONS.format(SEED_OPTION) + "import random\nif args.seed < 0:\n    random.seed()\nelse:\n"
     "    random.seed(args.seed)\nprint(random.random())\n", PASS),
    ("import os, random\nrandom.seed(int(os.environ['SEED']))\nprint(random.random())\n", PASS),
    ("import json, random\nconfig = json.load(open('a.json'))\nrandom.seed(config['seed'])\nprint(random.random())\n",
     PASS),
    ("import os, random\nos.environ['PYTHONHASHSEED'] = '0'\nrandom.seed(0)\nprint(random.random())\n", PARTIAL),
    ("import os, random, subprocess\nos.environ['PYTHONHASHSEED'] = '0'\nsubprocess.run(['a'])\nrandom.seed(0)\n"
     "print(random.random())\n", PASS),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SOURCES)
def test_a_seed_is_the_same_in_each_run(tmp_path: Path, text: str, expected: Status) -> None:
    assert finding(tmp_path, "seed_source", text).status is expected


def test_a_seed_at_random_is_told_with_the_line_that_makes_it(tmp_path: Path) -> None:
    text = "import time, random\nnow = int(time.time())\n\nrandom.seed(now)\nprint(random.random())\n"
    found = finding(tmp_path, "seed_source", text)
    assert [evidence.line for evidence in found.evidence] == [4, 2]
    assert "`time.time`" in found.sentence


def test_a_seed_is_not_to_be_read_from_options_that_are_not_read_yet(tmp_path: Path) -> None:
    text = "import time, random\nrandom.seed(int(time.time()))\n" + OPTIONS.format(SEED_OPTION)
    remedy = finding(tmp_path, "seed_source", text + "print(random.random(), args.seed)\n").remedy or ""
    assert "after line 6, where the options are read" in remedy


def test_programs_that_seed_nothing_are_not_said_to_seed_in_order(tmp_path: Path) -> None:
    seeded = "import random\nrandom.seed(1)\nprint(random.random())\n"
    files = {"train.py": seeded, "train_b.py": "import numpy as np\nx = np.random.rand(3)\nprint(x)\n"}
    found = finding(tmp_path, "seed_order", files)
    assert found.status is PASS
    assert found.sentence == "train.py seeds before drawing; in 1 of 2 programs no seed of what is drawn was seen."


def test_a_program_that_is_not_followed_to_its_end_is_unknown(tmp_path: Path) -> None:
    text = "import random\nrandom.seed(1)\nprint(random.random())\n" + "x = [1, 2, 3]\n" * 30_000
    assert finding(tmp_path, "seed_order", text).status is UNKNOWN


def test_seeds_of_one_cause_are_told_with_their_number(tmp_path: Path) -> None:
    text = (
        "import random\nseeds = {name: abs(hash(name)) for name in ('a', 'b')}\nfor name in ('a', 'b'):\n"
        "    random.seed(seeds[name])\n    print(random.random())\n    random.seed(seeds[name] + 1)\n"
        "    print(random.random())\n"
    )
    found = finding(tmp_path, "seed_source", text)
    assert "train.py, line 4 (and 1 more of the same cause) takes its seed from" in found.sentence
    assert [getattr(item, "line", 0) for item in found.evidence] == [4, 2, 6]


def test_draws_with_seeds_of_their_own_are_told_alike_by_all_checks(tmp_path: Path) -> None:
    text = "from sklearn.model_selection import train_test_split\na, b = train_test_split([1, 2], random_state=3)\n"
    assert finding(tmp_path, "seeds", text).sentence.startswith("Each call by which train.py draws has a seed of its ")
    assert finding(tmp_path, "seed_order", text).sentence.startswith("Each call that draws is given a seed of its own")
