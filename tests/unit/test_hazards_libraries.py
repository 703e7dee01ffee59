"""Rows 13 to 19, 28, 35, 37, 39, 40, 47 to 53 and 55: what the libraries draw, fetch or stop by themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.hazard_programs import found_in, hazards_in, of_row

SEEDED = "import numpy as np\nnp.random.seed(1)\n"
TORCH = "import torch\ntorch.manual_seed(1)\n"

TWINS = [
    (13, "from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier({}).fit([[1]], [1])\n",
     "n_estimators=9", "n_estimators=9, random_state=0"),
    (13, "{}from sklearn.cluster import KMeans\nKMeans(3).fit([[1]])\n", "", SEEDED),
    (13, "from sklearn.svm import SVC\nSVC({}).fit([[1]], [1])\n", "probability=True", "C=2"),
    (13, "from sklearn.decomposition import PCA\nPCA({}).fit([[1]])\n", "svd_solver='randomized'", "2"),
    (15, "from sklearn.model_selection import train_test_split\na, b = train_test_split([1, 2], {})\nprint(a, b)\n",
     "test_size=0.5", "shuffle=False"),
    (15, "from sklearn.model_selection import KFold\nfor a, b in KFold(3, {}).split([1, 2, 3]):\n    print(a, b)\n",
     "shuffle=True", "shuffle=False"),
    (14, "from numpy.random import RandomState\nfrom sklearn.model_selection import KFold\nrng = RandomState(1)\n"
     "a, b = KFold(shuffle=True, random_state={0}), KFold(shuffle=True, random_state={0})\nprint(a, b)\n", "rng", "7"),
    (16, "import pandas as pd\ndata = pd.read_csv('a.csv')\nprint(data.sample(frac=0.5{}))\n", "", ", random_state=1"),
    (16, "import pandas as pd\ndf = pd.read_csv('a.csv')\nprint({}.sample(n=3))\n", "df", "robot"),
    (17, "import xgboost\nxgboost.XGBClassifier(booster='gblinear'{}).fit([[1]], [1])\n", "",
     ", updater='coord_descent'"),
    (18, "import lightgbm\nlightgbm.LGBMClassifier({}).fit([[1]], [1])\n", "", "deterministic=True"),
    (19, "import catboost\ncatboost.CatBoostClassifier(task_type={}).fit([[1]], [1])\n", "'GPU'", "'CPU'"),
    (37, "from datasets import load_dataset\nrows = load_dataset('a')['train']\nprint(rows.shuffle({}))\n", "",
     "seed=1"),
    (37, "from datasets import load_dataset\nrows = load_dataset('a')['train']\nprint(rows.train_test_split({}))\n", "",
     "seed=1"),
    (37, SEEDED + "from datasets import load_dataset\nrows = load_dataset('a'{})['train']\nprint(rows.shuffle())\n",
     ", streaming=True", ""),
    (39, "{}from transformers import AutoModelForCausalLM\nmodel = AutoModelForCausalLM.from_pretrained('./m')\n"
     "print(model.generate(1, do_sample=True))\n", "", TORCH),
    (39, "from openai import OpenAI\nclient = OpenAI()\n"
     "print(client.chat.completions.create(model='m', messages=[], temperature={}))\n", "0.7", "0"),
    (39, "from openai import OpenAI\nclient = OpenAI()\nt = float(input())\n"
     "print(client.chat.completions.create(model='m', messages=[], {}))\n", "temperature=t", "temperature=t, seed=1"),
    (40, "from transformers import AutoModel\nprint(AutoModel.from_pretrained('org/model'{}))\n", "",
     ", revision='0123abc'"),
    (40, "from transformers import AutoModel\nprint(AutoModel.from_pretrained({}))\n", "'org/model'", "'./here.pt'"),
    (40, "from sentence_transformers import SentenceTransformer\nmodel = SentenceTransformer('a/b', revision='0')\n"
     "{}\nprint(SentenceTransformer('my-own'))\n", "print(model)", "model.save('my-own')"),
    (40, "import torch\nprint(torch.hub.load('owner/nets{}', 'net'))\n", "", ":v1.2"),
    (40, "import urllib.request as r\nprint(r.urlopen('https://raw.githubusercontent.com/a/b/{}/x.txt'))\n", "master",
     "0123456789abcdef0123456789abcdef01234567"),
    (47, "import jax\nkey = jax.random.PRNGKey(0)\na = jax.random.normal(key, (2,))\n{}"
     "b = jax.random.normal(key, (2,))\nprint(a, b)\n", "", "key, _ = jax.random.split(key)\n"),
    (47, "import jax\nkey = jax.random.PRNGKey(0)\nif input():\n    a = jax.random.normal(key, (2,))\n{}"
     "print(jax.random.normal(key, (2,)))\n", "", "    raise SystemExit(a)\n"),
    (48, "import jax\njax.config.update({}, True)\nprint(1)\n", "'jax_enable_x64'", "'jax_debug_nans'"),
    (50, "import jax\nprint(jax.random.key(0{}))\n", ", impl='rbg'", ""),
    (51, "import gym\nenv = gym.make('A')\nprint(env.reset({}))\n", "", "seed=1"),
    (51, "import gym\nenv = gym.make('A')\n{}\nprint(env.action_space.n)\n", "env.step(1)", "print(env.spec)"),
    (51, "import gym\nenv = gym.make('A')\n{}print(env.reset())\n", "", "env.seed(1)\n"),
    (51, "import gym\nenv = gym.make('A')\nenv.reset(seed=1)\n{}print(env.action_space.sample())\n", "",
     "env.action_space.seed(1)\n"),
    (52, "import optuna\nstudy = optuna.create_study({})\nprint(study)\n", "",
     "sampler=optuna.samplers.TPESampler(seed=1)"),
    (52, "import optuna\nprint(optuna.samplers.TPESampler({}))\n", "n_startup_trials=3", "seed=3"),
    (52, "import optuna\nstudy = optuna.load_study(study_name='a')\nstudy.optimize(print, {})\n", "timeout=60",
     "n_trials=60"),
    (52, "import optuna\nstudy = optuna.load_study(study_name='a')\nstudy.optimize(print, n_jobs={})\n", "4", "1"),
    (52, "import time\nend = time.time() + 60\nn = 0\nwhile {}:\n    n = n * 2 + 1\nprint(n)\n", "time.time() < end",
     "n < 60"),
    (52, "import time\nend = time.time() + 60\nwhile time.time() < end:\n    {}\nprint(end)\n", "print(len(str(end)))",
     "time.sleep(1)"),
    (53, "import umap\nprint(umap.UMAP({}).fit_transform([[1]]))\n", "n_neighbors=3", "random_state=3"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "program", "bad", "good"), TWINS)
def test_each_row_is_found_in_one_twin_and_not_in_the_other(
    tmp_path: Path, row: int, program: str, bad: str, good: str
) -> None:
    assert found_in(tmp_path, row, (program.format(bad), program.format(good))) == [True, False]


@pytest.mark.parametrize(
    ("row", "program", "bad", "good", "library"),
    [
        (51, "import gym\nenv = gym.make('A')\nenv.seed(1)\nprint(env.reset())\n", "gym==0.26.2", "gym==0.21.0", "gym"),
        (48, "import jax\nprint(jax.random.normal(jax.random.key(0)))\n", "jax>=0.4", "jax==0.4.38", "jax"),
    ],
)
def test_a_row_for_some_versions_holds_only_where_such_a_version_is_declared(
    tmp_path: Path, row: int, program: str, bad: str, good: str, library: str
) -> None:
    assert of_row(tmp_path / "bad", row, program, requirements=f"{bad}\n")
    assert of_row(tmp_path / "good", row, program, requirements=f"{good}\n") == []


def test_a_fix_is_written_in_the_authors_names_with_their_seed(tmp_path: Path) -> None:
    program = (
        "import argparse\nfrom sklearn import model_selection as ms\np = argparse.ArgumentParser()\n"
        "p.add_argument('--seed', type=int, default=1)\nopt = p.parse_args()\n"
        "tr, te = ms.train_test_split(open('x').read(), test_size=0.2)\nprint(tr, te)\n"
    )
    (found,) = of_row(tmp_path, 15, program)
    assert found.fix == "ms.train_test_split(open('x').read(), test_size=0.2, random_state=opt.seed)"


@pytest.mark.parametrize(
    ("library", "requirements", "fix"),
    [
        ("gym", "gym==0.21.0", "env.seed(0)"),
        ("gym", "gym==0.26.2", "env.reset(seed=0)"),
        ("gym", "", "env.reset(seed=0)  # before gym 0.22: env.seed(0)"),
        ("gymnasium", "", "env.reset(seed=0)"),
    ],
)
def test_an_environment_is_seeded_in_the_way_of_its_version(
    tmp_path: Path, library: str, requirements: str, fix: str
) -> None:
    program = f"import {library} as gym\nenv = gym.make('A')\nprint(env.reset())\n"
    (found,) = of_row(tmp_path, 51, program, requirements=f"{requirements}\n")
    assert found.fix == fix


HEAD_FIRST = """from transformers import AutoModelForSequenceClassification, Trainer{}
{}model = AutoModelForSequenceClassification.from_pretrained('./local')
Trainer(model=model).train()
"""


def test_a_new_head_is_drawn_before_the_trainer_seeds_unless_the_program_does(tmp_path: Path) -> None:
    (found,) = of_row(tmp_path / "a", 35, HEAD_FIRST.format("", ""))
    assert found.severity == "high"
    assert of_row(tmp_path / "b", 35, HEAD_FIRST.format(", set_seed", "set_seed(1)\n")) == []


def test_a_parameter_that_nothing_sets_starts_with_whatever_lay_in_memory(tmp_path: Path) -> None:
    program = (
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        self.bias = nn.Parameter(torch.{})\n        {}\n\n\nprint(Net())\n"
    )
    assert of_row(tmp_path / "a", 28, program.format("empty(3)", "pass"))
    assert of_row(tmp_path / "b", 28, program.format("zeros(3)", "pass")) == []
    assert of_row(tmp_path / "c", 28, program.format("empty(3)", "nn.init.zeros_(self.bias)")) == []
    assert of_row(tmp_path / "d", 28, program.format("empty(3)", "self.bias.data.fill_(0)")) == []


@pytest.mark.parametrize(
    ("counts", "severity"),
    [((1, 2, 3), None), ((7, 8, 9), None), ((1, 3, 2), "medium"), ((1, 2, 5), "low"), ((1, None, 2), None)],
)
def test_cells_that_ran_out_of_order_are_told_from_gaps_and_from_cells_that_did_not_run(
    tmp_path: Path, counts: tuple[int | None, ...], severity: str | None
) -> None:
    output = [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}]
    cells = [
        {"cell_type": "code", "source": [f"print({n})"], "outputs": output, "execution_count": n, "metadata": {}}
        for n in counts
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    found = [hazard for hazard in hazards_in(tmp_path, {"a.ipynb": text}) if hazard.row == 55]
    assert [hazard.severity for hazard in found] == ([severity] if severity else [])
