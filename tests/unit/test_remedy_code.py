"""Code in remedies: it runs in the author's own file, in the author's own names, or it is not given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository

PARSED = "p = argparse.ArgumentParser()\np.add_argument('--seed', type=int, default=1)\nopt = p.parse_args()\n"


def finding(root: Path, check: str, files: dict[str, str] | str) -> Finding:
    for path, text in ({"train.py": files} if isinstance(files, str) else files).items():
        (root / path).write_text(text)
    return Facts([read_repository(root)]).run(all_checks()[check])


def notebook(*cells: str) -> str:
    code = [{"cell_type": "code", "source": c, "metadata": {}, "outputs": [], "execution_count": 1} for c in cells]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


# No patch is given where a draw of a library comes while another file is imported: then the code is shown.
@pytest.mark.parametrize(
    ("imports", "draw", "wanted"),
    [
        ("import numpy as np", "np.random.rand()", ["np.random.seed(seed)"]),
        ("import numpy", "numpy.random.rand()", ["numpy.random.seed(seed)"]),
        ("import os, numpy as N", "N.random.rand()", ["N.random.seed(seed)"]),
        ("from numpy.random import rand", "rand()", ["import numpy as np", "np.random.seed(seed)"]),
        ("import tensorflow as tf", "tf.random.uniform([2])", ["tf.random.set_seed(seed)"]),
        ("import tensorflow as tf\nx = tf.placeholder(1)", "tf.random_uniform([2])", ["tf.set_random_seed(seed)"]),
        ("import tensorflow.compat.v1 as tf\nx = tf.placeholder(1)", "tf.random_uniform([2])",
         ["tf.set_random_seed(seed)"]),
        ("from random import random", "random()", ["import random as random_module", "random_module.seed(seed)"]),
    ],
)  # fmt: skip
def test_the_lines_that_seed_a_cell_use_the_names_of_the_notebook(
    tmp_path: Path, imports: str, draw: str, wanted: list[str]
) -> None:
    found = finding(tmp_path, "randomness.seeds", {"a.ipynb": notebook(imports, f"print({draw})")})
    assert found.status is Status.FAIL
    assert (found.code or "").split("\n")[1:] == ["seed = 0", *wanted]


def test_a_declared_first_version_of_tensorflow_decides_the_call(tmp_path: Path) -> None:
    cells = notebook("import tensorflow as tf", "print(tf.random.uniform([2]))")
    found = finding(tmp_path, "randomness.seeds", {"a.ipynb": cells, "requirements.txt": "tensorflow==1.14.0\n"})
    assert "tf.set_random_seed(seed)" in (found.code or "")


def test_the_authors_own_option_seeds_after_it_is_parsed(tmp_path: Path) -> None:
    cells = notebook("import argparse\nimport numpy as np\n" + PARSED, "print(np.random.rand())")
    found = finding(tmp_path, "randomness.seeds", {"a.ipynb": cells})
    assert "np.random.seed(opt.seed)" in (found.code or "")
    assert "seed = 0" not in (found.code or "")


def test_a_notebook_is_seeded_after_the_imports_of_a_cell(tmp_path: Path) -> None:
    found = finding(tmp_path, "randomness.seeds", {"a.ipynb": notebook("import numpy as np\nprint(np.random.rand())")})
    assert (found.remedy or "").startswith("Seed numpy after the imports of cell 1 of a.ipynb. ")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("import argparse\nfrom sklearn.cluster import KMeans\n" + PARSED + "KMeans(3).fit([[1]])\n", "opt.seed"),
        ("import argparse\nfrom sklearn.cluster import KMeans\ndef main():\n    " + PARSED.replace("\n", "\n    ")
         + "KMeans(3).fit([[1]])\nmain()\n", "opt.seed"),
        ("import argparse\nfrom sklearn.cluster import KMeans\ndef fit(opt):\n    KMeans(opt.k).fit([[1]])\n"
         + PARSED + "fit(opt)\n", "opt.seed"),
        ("import argparse\nfrom sklearn.cluster import KMeans\ndef fit():\n    KMeans(3).fit([[1]])\ndef main():\n    "
         + PARSED.replace("\n", "\n    ") + "fit()\nmain()\n", "0"),
        ("from sklearn.cluster import KMeans\nKMeans(3).fit([[1]])\n", "0"),
    ],
)  # fmt: skip
def test_a_library_is_given_the_programs_seed_where_it_is_known(tmp_path: Path, text: str, wanted: str) -> None:
    found = finding(tmp_path, "determinism.libraries", text)
    assert f"random_state={wanted})`" in (found.remedy or "")


def test_a_fix_brings_the_import_that_the_file_lacks(tmp_path: Path) -> None:
    text = "from transformers import AutoModel\nm = AutoModel.from_pretrained('a')\nm.generate(do_sample=True)\n"
    remedy = finding(tmp_path, "determinism.libraries", text).remedy
    assert remedy is not None
    assert remedy.startswith("Write `import torch; torch.manual_seed(0)`. No patch: ")


CONSTANT = (
    "import argparse\nimport numpy as np\nfrom sklearn.model_selection import train_test_split\nimport wandb\n"
    + PARSED
    + "{}\ntrain, test = train_test_split(np.load('a.npy'), random_state=42)\nprint(train)\n"
)


@pytest.mark.parametrize("line", ["wandb.init(config=opt)", "wandb.config.update(opt)", "np.save(f'{opt.seed}', 1)"])
def test_an_option_that_is_only_noted_beside_constants_reaches_nothing(tmp_path: Path, line: str) -> None:
    found = finding(tmp_path, "randomness.seed_option", CONSTANT.format(line))
    assert found.status is Status.FAIL
    assert found.remedy == "Give `opt.seed` in place of the constant in train.py, line 9."


def test_a_library_without_programs_is_not_asked_for_determinism(tmp_path: Path) -> None:
    found = finding(tmp_path, "randomness.determinism", {"lib.py": "def double(x):\n    return 2 * x\n"})
    assert found.status is Status.NOT_APPLICABLE


def test_one_program_is_told_by_its_name(tmp_path: Path) -> None:
    found = finding(tmp_path, "randomness.determinism", "import torch\nprint(torch.rand(2))\n")
    assert found.sentence == "train.py does not ask for deterministic kernels, workers or threads."


def test_where_nothing_is_declared_all_distributions_are_to_be_fixed(tmp_path: Path) -> None:
    found = finding(tmp_path, "dependencies.pinned", "import numpy\nprint(numpy.ones(2))\n")
    assert found.remedy == "Fix the versions of all distributions that the results were made with."
