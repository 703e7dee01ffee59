"""Repairs of unseeded programs: the lines that seed, at the place where they count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository
from tests.unit.test_repair_leaks import apply, repository

FIT = """

def fit(steps):
    loss = torch.nn.Linear(2, 1)(torch.rand(4, 2)).mean() + np.random.rand()
    loss.backward()

"""
OPTIONS = "p = argparse.ArgumentParser()\np.add_argument('--seed', type=int, default=7)\n"


def finding(folder: Path) -> Finding:
    return Facts([read_repository(folder)]).run(all_checks()["randomness.seeds"])


def repaired(folder: Path, text: str, path: str = "train.py") -> str:
    found = finding(repository(folder, text, path))
    assert found.patch is not None, found.remedy
    apply(folder, found.patch)
    after = (folder / path).read_text()
    compile(after, path, "exec")
    assert finding(folder).status is Status.PASS
    return after


def test_without_options_what_is_drawn_from_is_seeded_after_the_imports(tmp_path: Path) -> None:
    text = "import torch\nimport numpy as np\n" + FIT + "fit(9)\n"
    after = repaired(tmp_path / "code", text)
    assert after == text.replace("as np\n", "as np\nnp.random.seed(0)\ntorch.manual_seed(0)\n")


def test_the_authors_own_seed_option_is_used_once_the_options_are_parsed(tmp_path: Path) -> None:
    text = f"import argparse\nimport torch\nimport numpy as np\n{FIT}{OPTIONS}args = p.parse_args()\nfit(9)\n"
    after = repaired(tmp_path / "code", text)
    assert "args = p.parse_args()\nnp.random.seed(args.seed)\ntorch.manual_seed(args.seed)\nfit(9)" in after


def test_options_that_main_parses_are_used_there(tmp_path: Path) -> None:
    main = "def main():\n    opt = p.parse_args()\n    fit(9)\n\n\nif __name__ == '__main__':\n    main()\n"
    text = f"import argparse\nimport torch\nimport numpy as np\n{FIT}{OPTIONS}\n\n{main}"
    after = repaired(tmp_path / "code", text)
    assert "    opt = p.parse_args()\n    np.random.seed(opt.seed)\n    torch.manual_seed(opt.seed)\n    fit" in after


def test_options_that_a_function_returns_are_used_where_they_are_taken(tmp_path: Path) -> None:
    get = f"def get():\n    {OPTIONS.replace(chr(10), chr(10) + '    ')}o = p.parse_args()\n    return o\n\n\n"
    text = f"import argparse\nimport torch\nimport numpy as np\n{FIT}{get}cfg = get()\nfit(9)\n"
    after = repaired(tmp_path / "code", text)
    assert "cfg = get()\nnp.random.seed(cfg.seed)\ntorch.manual_seed(cfg.seed)\nfit(9)" in after


def test_what_is_left_open_is_seeded_beside_the_rest_with_the_same_value(tmp_path: Path) -> None:
    head = f"import argparse\nimport torch\nimport numpy as np\n{FIT}{OPTIONS}args = p.parse_args()\n"
    text = head + "seed = args.seed\ntorch.manual_seed(seed)\nfit(9)\n"
    after = repaired(tmp_path / "code", text)
    assert after == text.replace("manual_seed(seed)\n", "manual_seed(seed)\nnp.random.seed(seed)\n")


def test_a_module_that_the_file_does_not_import_is_imported(tmp_path: Path) -> None:
    text = "import torch\nfrom sklearn.svm import SVC\nfrom sklearn.model_selection import train_test_split\n"
    text += "a, b = train_test_split([1, 2, 3])\nSVC().fit(a, b)\n"
    after = repaired(tmp_path / "code", text)
    assert "train_test_split\nimport numpy as np\nnp.random.seed(0)\na, b" in after


def test_a_missing_import_goes_to_the_head_and_the_seed_beside_the_others(tmp_path: Path) -> None:
    main = "def main():\n    torch.manual_seed(3)\n    fit(draw())\n\n\nmain()\n"
    text = "import torch\nfrom net import draw\n" + FIT.replace(" + np.random.rand()", "") + main
    folder = repository(tmp_path / "code", text)
    (folder / "net.py").write_text("import numpy as np\n\n\ndef draw():\n    return np.random.rand()\n")
    found = finding(folder)
    assert found.patch is not None, found.remedy
    apply(folder, found.patch)
    after = (folder / "train.py").read_text()
    assert "import draw\nimport numpy as np\n" in after
    assert "    torch.manual_seed(3)\n    np.random.seed(3)\n" in after
    assert finding(folder).status is Status.PASS


def test_the_programs_that_can_be_seeded_are_although_others_cannot(tmp_path: Path) -> None:
    folder = repository(tmp_path / "code", "import torch.nn\n" + FIT.replace(" + np.random.rand()", "") + "fit(1)\n")
    (folder / "other.py").write_text("import torch; x = 1\n" + FIT.replace(" + np.random.rand()", "") + "fit(1)\n")
    found = finding(folder)
    assert found.patch is not None
    assert "import torch.nn\n+torch.manual_seed(0)\n" in found.patch
    assert "It does so for 1 of 2 programs." in (found.remedy or "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from numpy import random\nimport torch\nimport numpy as np\n" + FIT + "import random as r\nr.random()\n"
         "fit(9)\n", None),
        ("from numpy import random\nimport torch, numpy as np\n" + FIT + "fit(random.rand())\n", None),
        (f"import argparse\nimport torch\nimport numpy as np\n{FIT}{OPTIONS}fit(p.parse_args().lr)\n",
         "no one statement takes the option `seed` before the first draw"),
        ("import torch\nimport numpy as np; x = 1\n" + FIT + "fit(9)\n", "line 2 holds more than one statement"),
        ("import tensorflow as tf\ng = tf.Graph()\nwith g.as_default():\n    w = tf.get_variable('w', [2])\n"
         "    tf.train.AdamOptimizer().minimize(w)\n", "TensorFlow is seeded for each graph"),
    ],
)  # fmt: skip
def test_seeds_are_given_only_where_it_is_known_how(tmp_path: Path, text: str, why: str | None) -> None:
    found = finding(repository(tmp_path / "code", text))
    if why is None:
        assert found.patch is not None, found.remedy
        apply(tmp_path / "code", found.patch)
        assert finding(tmp_path / "code").status is Status.PASS
    else:
        assert found.patch is None
        assert f"No patch: {why}" in (found.remedy or "")


def test_tensorflow_1_is_seeded_by_its_own_call(tmp_path: Path) -> None:
    text = "import tensorflow as tf\nw = tf.get_variable('w', [2])\ntf.train.AdamOptimizer().minimize(w)\n"
    assert "as tf\ntf.set_random_seed(0)\nw =" in repaired(tmp_path / "code", text)


def test_modules_that_draw_while_they_are_imported_are_not_seeded_too_late(tmp_path: Path) -> None:
    text = "import torch\nimport numpy as np\nimport net\n" + FIT + "fit(net.w)\n"
    folder = repository(tmp_path / "code", text)
    (folder / "net.py").write_text("import torch\nw = torch.rand(3)\n")
    found = finding(folder)
    assert found.patch is None
    assert "No patch: net.py draws while it is imported." in (found.remedy or "")
    assert found.code is not None
    assert found.code.split("\n") == [
        "# after the imports of train.py",
        "seed = 0",
        "np.random.seed(seed)",
        "torch.manual_seed(seed)",
    ]


def test_seeds_stand_before_anything_that_runs_although_imports_follow_it(tmp_path: Path) -> None:
    text = f"import torch\nimport numpy as np\n{FIT}fit(1)\nimport sys\nfit(2)\n"
    after = repaired(tmp_path / "code", text)
    assert after == text.replace("as np\n", "as np\nnp.random.seed(0)\ntorch.manual_seed(0)\n")


def test_graphs_of_an_estimator_are_not_seeded_from_outside(tmp_path: Path) -> None:
    text = "import tensorflow as tf\ndef model_fn():\n    w = tf.get_variable('w', [2])\n"
    text += "    tf.train.AdamOptimizer().minimize(w)\ntf.contrib.tpu.TPUEstimator(model_fn).train()\nmodel_fn()\n"
    found = finding(repository(tmp_path / "code", text))
    assert found.patch is None


def test_a_notebook_is_told_the_cell_after_whose_imports_it_is_seeded(tmp_path: Path) -> None:
    texts = ["# Title", "import torch\nimport numpy as np", FIT, "fit(9)"]
    cells = [{"cell_type": "code", "source": text, "outputs": [], "metadata": {}} for text in texts]
    notebook = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    found = finding(repository(tmp_path / "code", notebook, "a.ipynb"))
    assert found.patch is None
    assert (found.code or "").startswith("# after the imports of cell 2\nseed = 0\n")
    assert "cells of a notebook are shown, not patched" in (found.remedy or "")


BARE = "import time\nimport numpy as np\n{}\n"


@pytest.mark.parametrize(
    ("lines", "statement"),
    [
        ("rng = np.random.default_rng()\nx = rng.normal()", "rng = np.random.default_rng()"),
        ("seed = int(time.time())\nnp.random.seed(seed)\nx = np.random.rand()", "np.random.seed(seed)"),
        ("np.random.seed(hash('exp'))\nx = np.random.rand()", "np.random.seed(hash('exp'))"),
        ("seed = None\nnp.random.seed(seed)\nx = np.random.rand()", "np.random.seed(seed)"),
        ("np.random.seed(1)\nrng = np.random.RandomState()\nx = rng.rand()", "rng = np.random.RandomState()"),
        ("np.random.seed(1)\nnp.random.seed(None)\nx = np.random.rand()", "np.random.seed(None)"),
    ],
)
def test_what_takes_another_seed_in_each_run_is_not_closed_by_a_global_seed(
    tmp_path: Path, lines: str, statement: str
) -> None:
    found = finding(repository(tmp_path / "code", BARE.format(lines)))
    assert found.status in (Status.FAIL, Status.PARTIAL)
    assert found.patch is None
    assert found.code is None
    assert (found.remedy or "").startswith("Give numpy a fixed seed where train.py takes another one in each run")
    assert f"No patch: `{statement}` takes another seed in each run." in (found.remedy or "")


def test_a_fixed_seed_after_one_at_random_fixes_what_follows(tmp_path: Path) -> None:
    lines = "np.random.seed(int(time.time()))\nnp.random.seed(1)\nx = np.random.rand()"
    assert finding(repository(tmp_path / "code", BARE.format(lines))).status is Status.PASS


@pytest.mark.parametrize("module", ["random", "torch"])
@pytest.mark.parametrize("value", ["'exp1'", "0.5", "4294967296", "2**33", "-1", "None or 'a'", "True"])
def test_a_value_that_another_library_refuses_is_not_taken_over(tmp_path: Path, module: str, value: str) -> None:
    draw = "random.random()" if module == "random" else "torch.rand(2)"
    call = "random.seed" if module == "random" else "torch.manual_seed"
    for number, lines in enumerate((f"{call}({value})", f"s = {value}\n{call}(s)")):
        text = f"import {module}\nimport numpy as np\n{lines}\nx = {draw}\ny = np.random.rand()\n"
        found = finding(repository(tmp_path / str(number), text))
        assert "np.random.seed(" not in (found.patch or "").replace("np.random.seed(0)", "")


def test_a_small_number_is_taken_over_by_its_name(tmp_path: Path) -> None:
    text = "import random\nimport numpy as np\nSEED = 3\nrandom.seed(SEED)\nx = random.random()\ny = np.random.rand()\n"
    after = repaired(tmp_path / "code", text)
    assert after == text.replace("random.seed(SEED)\n", "random.seed(SEED)\nnp.random.seed(SEED)\n")


@pytest.mark.parametrize("beside", ["", "random.seed(args.seed)\n"])
def test_an_option_is_used_only_where_it_is_declared_as_a_whole_number(tmp_path: Path, beside: str) -> None:
    head = "import argparse\nimport random\nimport numpy as np\n"
    options = OPTIONS.replace("type=int, ", "") + "args = p.parse_args()\n" + beside
    found = finding(repository(tmp_path / "code", head + options + "x = np.random.rand() + random.random()\n"))
    assert found.patch is None
    assert "No patch: the option `seed` is not declared as a whole number." in (found.remedy or "")


def in_cells(folder: Path, *texts: str) -> Finding:
    cells = [{"cell_type": "code", "source": text, "outputs": [], "metadata": {}} for text in texts]
    notebook = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    return finding(repository(folder, notebook, "a.ipynb"))


def test_a_notebook_is_seeded_before_its_first_draw_though_more_is_imported_later(tmp_path: Path) -> None:
    found = in_cells(tmp_path / "code", "import numpy as np", "print(np.random.rand())", "from tqdm import tqdm")
    assert (found.code or "").startswith("# after the imports of cell 1\n")
    assert (found.remedy or "").startswith("Seed numpy after the imports of cell 1 of a.ipynb. ")


def test_what_is_imported_only_after_the_first_draw_is_imported_where_it_is_seeded(tmp_path: Path) -> None:
    found = in_cells(tmp_path / "code", "import os\nfrom numpy.random import rand", "print(rand())\nprint(os.name)",
                     "import random as r", "print(r.random())")  # fmt: skip
    lines = (found.code or "").split("\n")
    assert lines[0] == "# after the imports of cell 1"
    assert "import random as r" in lines
    assert lines.index("import random as r") < lines.index("r.seed(seed)")


def test_the_remedy_says_that_the_patch_seeds_with_a_constant(tmp_path: Path) -> None:
    found = finding(repository(tmp_path / "code", "import numpy as np\nprint(np.random.rand())\n"))
    assert "np.random.seed(0)" in (found.patch or "")
    assert (found.remedy or "").endswith("from an option that is recorded. The patch seeds with the constant 0.")
