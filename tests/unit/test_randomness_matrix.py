"""A seeded, an unseeded, a wrongly seeded and a helper-seeded program for every library that has generators."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository


class Library(NamedTuple):
    """How a library is imported, seeded by the value `{}`, and drawn from."""

    imports: str
    seed: str
    draw: str


GLOBAL = {
    "python": Library("import random", "random.seed({})", "print(random.random())"),
    "numpy": Library("import numpy as np", "np.random.seed({})", "print(np.random.rand(3))"),
    "torch": Library("import torch", "torch.manual_seed({})", "print(torch.rand(3))"),
    "torch layers": Library("import torch\nimport torch.nn as nn", "torch.manual_seed({})", "print(nn.Linear(2, 2))"),
    "tensorflow 2": Library("import tensorflow as tf", "tf.random.set_seed({})", "print(tf.random.normal([3]))"),
    "tensorflow 1": Library("import tensorflow as tf", "tf.set_random_seed({})", "print(tf.random_normal([3]))"),
    "tensorflow 1 in 2": Library(
        "import tensorflow.compat.v1 as tf", "tf.set_random_seed({})", "print(tf.random_uniform([3]))"
    ),
    "keras 2": Library(
        "import tensorflow as tf\nfrom keras.layers import Dense", "tf.set_random_seed({})", "print(Dense(3))"
    ),
    "keras 3": Library("import keras", "keras.utils.set_random_seed({})", "print(keras.random.normal((3,)))"),
    "sklearn": Library(
        "import numpy as np\nfrom sklearn.ensemble import RandomForestClassifier",
        "np.random.seed({})",
        "RandomForestClassifier().fit([[1]], [1])",
    ),
    "pandas": Library(
        "import numpy as np\nimport pandas as pd", "np.random.seed({})", "print(pd.read_csv('a.csv').sample(frac=0.5))"
    ),
    "mxnet": Library("import mxnet as mx", "mx.random.seed({})", "print(mx.nd.random.uniform(shape=3))"),
    "chainer": Library("import numpy as np\nimport chainer.links as L", "np.random.seed({})", "print(L.Linear(2, 2))"),
    "cupy": Library("import cupy as cp", "cp.random.seed({})", "print(cp.random.rand(3))"),
    "lightning": Library(
        "import torch\nimport pytorch_lightning as pl", "pl.seed_everything({})", "print(torch.rand(3))"
    ),
    "transformers": Library(
        "import torch\nfrom transformers import set_seed", "set_seed({})", "print(torch.nn.Linear(2, 2))"
    ),
    "datasets": Library(
        "import numpy as np\nfrom datasets import load_dataset",
        "np.random.seed({})",
        "print(load_dataset('x').train_test_split())",
    ),
    "umap": Library("import numpy as np\nimport umap", "np.random.seed({})", "print(umap.UMAP().fit_transform([[1]]))"),
    "scipy": Library("import numpy as np\nfrom scipy import stats", "np.random.seed({})", "print(stats.norm.rvs(3))"),
    "keras 2 functional": Library(
        "import tensorflow as tf\nfrom keras.layers import Dense, Input",
        "tf.set_random_seed({})",
        "print(Dense(3)(Input((2,))))",
    ),
    "keras 2 sequential": Library(
        "import tensorflow as tf\nfrom keras.models import Sequential\nfrom keras.layers import Dense",
        "tf.set_random_seed({})",
        "Sequential([Dense(3, input_shape=(2,))]).summary()",
    ),
    "keras 2 added": Library(
        "import tensorflow as tf\nfrom tensorflow.keras import Sequential, layers\nmodel = Sequential()",
        "tf.random.set_seed({})",
        "model.add(layers.Dense(3, input_dim=2))",
    ),
    "stable-baselines 3": Library(
        "from stable_baselines3 import PPO\nfrom stable_baselines3.common.utils import set_random_seed",
        "set_random_seed({})",
        "PPO('MlpPolicy', 'CartPole-v1').learn(100)",
    ),
    "stable-baselines 2": Library(
        "from stable_baselines import PPO2\nfrom stable_baselines.common import set_global_seeds",
        "set_global_seeds({})",
        "PPO2('MlpPolicy', 'CartPole-v1').learn(100)",
    ),
    "sklearn folds": Library(
        "import numpy as np\nfrom sklearn.model_selection import KFold, cross_val_score",
        "np.random.seed({})",
        "print(list(KFold(5, shuffle=True).split([[1]] * 9)))",
    ),
    "sklearn solver": Library(
        "import numpy as np\nfrom sklearn.linear_model import LogisticRegression",
        "np.random.seed({})",
        "LogisticRegression(solver='saga').fit([[1]], [1])",
    ),
    "imblearn": Library(
        "import numpy as np\nfrom imblearn.over_sampling import SMOTE",
        "np.random.seed({})",
        "SMOTE().fit_resample([[1]], [1])",
    ),
}

OWN = {
    "numpy Generator": Library(
        "import numpy as np", "rng = np.random.default_rng({})", "print(rng.normal(size=3))"
    ),
    "numpy RandomState": Library("import numpy as np", "rng = np.random.RandomState({})", "print(rng.rand(3))"),
    "numpy bit generator": Library(
        "import numpy as np", "rng = np.random.Generator(np.random.PCG64({}))", "print(rng.random())"
    ),
    "random.Random": Library("import random", "rng = random.Random({})", "print(rng.random())"),
    "cupy RandomState": Library("import cupy", "rng = cupy.random.RandomState({})", "print(rng.rand(3))"),
    "theano": Library(
        "from theano.tensor.shared_randomstreams import RandomStreams", "rng = RandomStreams({})", "print(rng.normal())"
    ),
    "optuna": Library(
        "import optuna", "rng = optuna.samplers.TPESampler(seed={})", "optuna.create_study(sampler=rng)"
    ),
}  # fmt: skip


def finding(root: Path, text: str, check: str = "randomness.seeds") -> Finding:
    (root / "train.py").write_text(text)
    return Facts([read_repository(root)]).run(all_checks()[check])


def program(library: Library, *parts: str) -> str:
    return "\n".join((library.imports, *parts)) + "\n"


def helper(library: Library) -> str:
    body = library.seed.format("seed").replace("rng = ", "return ")
    return f"def fix(seed):\n    {body}\n"


@pytest.mark.parametrize("name", [*GLOBAL, *OWN])
def test_a_constant_before_the_draw_seeds(tmp_path: Path, name: str) -> None:
    library = {**GLOBAL, **OWN}[name]
    assert finding(tmp_path, program(library, library.seed.format(3), library.draw)).level == "full"


@pytest.mark.parametrize("name", [*GLOBAL, *OWN])
def test_a_helper_that_is_called_seeds(tmp_path: Path, name: str) -> None:
    library = {**GLOBAL, **OWN}[name]
    call = "rng = fix(3)" if name in OWN else "fix(3)"
    assert finding(tmp_path, program(library, helper(library), call, library.draw)).level == "full"


@pytest.mark.parametrize("name", [*GLOBAL, *OWN])
def test_an_option_seeds_through_a_helper_of_another_module(tmp_path: Path, name: str) -> None:
    library = {**GLOBAL, **OWN}[name]
    (tmp_path / "tools.py").write_text(program(library, helper(library)))
    options = (
        "import argparse\nfrom tools import fix\np = argparse.ArgumentParser()\n"
        "p.add_argument('--seed', type=int, default=1)\nargs = p.parse_args()"
    )
    call = ("rng = " if name in OWN else "") + "fix(args.seed)"
    text = program(library, options, call, library.draw)
    assert finding(tmp_path, text).level == "full"
    assert finding(tmp_path, text, "randomness.seed_option").status is Status.PASS


@pytest.mark.parametrize("name", GLOBAL)
def test_a_draw_without_a_seed_or_with_a_helper_that_nothing_calls_is_not_seeded(tmp_path: Path, name: str) -> None:
    library = GLOBAL[name]
    assert finding(tmp_path, program(library, library.draw)).level == "none"
    assert finding(tmp_path, program(library, helper(library), library.draw)).level == "none"


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("seed", ["", "None", "int(time.time())", "os.getpid()"])
def test_a_generator_that_is_made_without_a_fixed_seed_is_a_fault(tmp_path: Path, name: str, seed: str) -> None:
    library = OWN[name]
    made = library.seed.replace("seed={}", "{}" if not seed else "seed={}").format(seed)
    text = program(library, "import os, time", made, library.draw)
    assert finding(tmp_path, text).level == "none"
    found = finding(tmp_path, text, "randomness.seed_source")
    assert found.status is Status.FAIL
    assert "severity high" in found.sentence
    assert found.evidence[0].line == len(library.imports.splitlines()) + 2


@pytest.mark.parametrize("name", GLOBAL)
@pytest.mark.parametrize("value", ["time.time()", "hash('run')", "int.from_bytes(os.urandom(4), 'big')"])
def test_a_seed_of_the_clock_a_hash_or_entropy_is_a_fault(tmp_path: Path, name: str, value: str) -> None:
    library = GLOBAL[name]
    text = program(library, "import os, time", f"number = {value}", library.seed.format("number"), library.draw)
    found = finding(tmp_path, text, "randomness.seed_source")
    assert found.status is Status.FAIL
    assert finding(tmp_path, text).level == "none"


LAZY = {"keras 2"}
"""Their layers draw when they are first used, which the source does not show."""


LAZY |= {"sklearn folds", "sklearn solver", "imblearn"}
"""Their objects draw when they are used, which is not told apart from their making."""


@pytest.mark.parametrize("name", [name for name in GLOBAL if name not in LAZY])
def test_a_seed_after_the_first_draw_is_too_late(tmp_path: Path, name: str) -> None:
    library = GLOBAL[name]
    late = finding(
        tmp_path, program(library, library.draw, library.seed.format(3), library.draw), "randomness.seed_order"
    )
    assert late.status is Status.FAIL
    assert late.evidence[0].line == len(library.imports.splitlines()) + 1
    assert late.evidence[1].line == late.evidence[0].line + 1
    assert library.seed.format(3) in (late.remedy or "")
    timely = program(library, library.seed.format(3), library.draw)
    assert finding(tmp_path, timely, "randomness.seed_order").status is Status.PASS


COVERING = ("python", "keras 3", "lightning", "transformers")


@pytest.mark.parametrize("name", [name for name in GLOBAL if name not in COVERING])
def test_seeding_another_library_is_partial(tmp_path: Path, name: str) -> None:
    library = GLOBAL[name]
    text = program(library, "import random", "random.seed(3)", "print(random.random())", library.draw)
    assert finding(tmp_path, text).level == "partial"


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        ("import xgboost\nxgboost.XGBClassifier(subsample=0.5)", "full"),
        ("import lightgbm\nlightgbm.LGBMClassifier(subsample=0.5)", "full"),
        ("import catboost\ncatboost.CatBoostClassifier()", "full"),
        ("from transformers import Trainer\nTrainer(None).train()\nimport torch\nprint(torch.rand(3))", "full"),
        ("from theano.sandbox.rng_mrg import MRG_RandomStreams\nprint(MRG_RandomStreams().normal())", "full"),
        ("import torch\ng = torch.Generator()\nprint(torch.rand(3, generator=g))", "full"),
        ("import xgboost, random\nxgboost.XGBClassifier()\nprint(random.random())", "none"),
        ("import pytorch_lightning as pl, torch\npl.seed_everything()\nprint(torch.rand(3))", "full"),
    ],
)
def test_what_a_library_seeds_by_itself_counts_as_its_default(tmp_path: Path, draw: str, expected: str) -> None:
    assert finding(tmp_path, draw + "\n").level == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("key = jax.random.PRNGKey(0)\nprint(jax.random.normal(key))", "full"),
        ("key = jax.random.key(0)\na, b = jax.random.split(key)\nprint(jax.random.normal(b))", "full"),
        ("key = jax.random.PRNGKey(int(time.time()))\nprint(jax.random.normal(key))", "none"),
        ("def make(s):\n    return jax.random.PRNGKey(s)\nprint(jax.random.normal(make(3)))", "full"),
    ],
)
def test_a_jax_key_carries_its_seed(tmp_path: Path, text: str, expected: str) -> None:
    assert finding(tmp_path, f"import jax, time\n{text}\n").level == expected


@pytest.mark.parametrize(
    ("argument", "expected"), [("random_state=0", "full"), ("random_state=None", "none"), ("", "none"),
                               ("random_state=np.random.RandomState(3)", "full")]
)  # fmt: skip
def test_a_random_state_of_its_own_fixes_a_split(tmp_path: Path, argument: str, expected: str) -> None:
    text = (
        f"import numpy as np\nfrom sklearn.model_selection import train_test_split\ntrain_test_split([1], {argument})\n"
    )
    assert finding(tmp_path, text).level == expected


FIXED = {
    "sklearn.model_selection.train_test_split([1]{})": "random_state",
    "sklearn.model_selection.KFold(5, shuffle=True{})": "random_state",
    "sklearn.model_selection.StratifiedShuffleSplit(5{})": "random_state",
    "sklearn.ensemble.RandomForestClassifier(9{})": "random_state",
    "sklearn.svm.SVC(probability=True{})": "random_state",
    "sklearn.svm.LinearSVC(C=1{})": "random_state",
    "sklearn.decomposition.PCA(2, svd_solver='randomized'{})": "random_state",
    "sklearn.linear_model.LogisticRegression(solver='sag'{})": "random_state",
    "sklearn.neural_network.MLPClassifier(alpha=1{})": "random_state",
    "sklearn.manifold.TSNE(2{})": "random_state",
    "sklearn.utils.shuffle([1]{})": "random_state",
    "imblearn.over_sampling.RandomOverSampler('auto'{})": "random_state",
    "stable_baselines3.PPO('MlpPolicy', 'A-v1'{})": "seed",
    "stable_baselines.PPO2('MlpPolicy', 'A-v1'{})": "seed",
}


@pytest.mark.parametrize("call", FIXED)
@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", "full"), ("None", "none"), ("", "none"), ("int(time.time())", "none"), ("pick()", "full")],
)
def test_what_takes_a_seed_of_its_own_is_fixed_by_a_constant_alone(
    tmp_path: Path, call: str, value: str, expected: str
) -> None:
    module = call.partition("(")[0].rpartition(".")[0]
    given = f", {FIXED[call]}={value}" if value else ""
    text = f"import time\nimport {module}\ndef pick():\n    return 3\nprint({call.format(given)})\n"
    assert finding(tmp_path, text).level == expected


@pytest.mark.parametrize(
    "call",
    ["model_selection.KFold(5)", "svm.SVC()", "linear_model.LogisticRegression()", "decomposition.PCA(2)",
     "model_selection.KFold(5, shuffle=False)", "linear_model.LogisticRegression(solver='lbfgs')"],
)  # fmt: skip
def test_what_draws_only_where_it_is_switched_on_draws_nothing_by_default(tmp_path: Path, call: str) -> None:
    text = f"from sklearn import decomposition, linear_model, model_selection, svm\nprint({call})\n"
    assert finding(tmp_path, text).level == "na"


ENVIRONMENT = (
    "import random, time\nimport {space}\nenv = {space}.make('A-v1')\nrandom.seed(1)\n{line}\nprint(random.random())\n"
)
PLAYED = "print(env.step(env.action_space.sample()))"


@pytest.mark.parametrize("space", ["gym", "gymnasium"])
@pytest.mark.parametrize(
    ("line", "row", "source"),
    [
        ("env.reset(seed=1)\nenv.action_space.seed(1)\n" + PLAYED, None, Status.PASS),
        ("def fix(e, s):\n    e.reset(seed=s)\n    e.action_space.seed(s)\nfix(env, 3)\n" + PLAYED, None, Status.PASS),
        ("env.reset()\n" + PLAYED, "no reset gives it a seed", Status.PASS),
        ("env.reset(seed=1)\n" + PLAYED, "actions are sampled by the space's own generator", Status.PASS),
        ("env.reset(seed=int(time.time()))\nenv.action_space.seed(1)\n" + PLAYED, None, Status.FAIL),
        ("env.reset(seed=1)\nenv.action_space.seed(random.SystemRandom().randint(0, 9))\n" + PLAYED, None, Status.FAIL),
    ],
)
def test_an_environment_has_generators_of_its_own(
    tmp_path: Path, space: str, line: str, row: str | None, source: Status
) -> None:
    text = ENVIRONMENT.format(space=space, line=line)
    (tmp_path / "requirements.txt").write_text(f"{space}==0.26.2\n")
    found = finding(tmp_path, text, "determinism.libraries")
    assert (row in found.sentence) if row else found.status is Status.PASS
    assert finding(tmp_path, text, "randomness.seed_source").status is source
    assert finding(tmp_path, text).level == "full"


def test_the_old_method_seeds_an_environment(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("gym==0.21.0\n")
    text = ENVIRONMENT.format(space="gym", line="env.seed(3)\nenv.reset()\nprint(env.step(0))")
    assert finding(tmp_path, text, "determinism.libraries").status is Status.PASS
    text = text.replace("env.seed(3)", "env.seed(int(time.time()))")
    assert finding(tmp_path, text, "randomness.seed_source").status is Status.FAIL
