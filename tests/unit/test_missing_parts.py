"""Parts that are missing: absent modules and names, files that commands, links and options name, promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.inventory import read_repository


def level(root: Path, files: dict[str, str]) -> str | None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Facts([read_repository(root)]).run(all_checks()["code.complete"]).level


TRAIN = {"README.md": "# M\n\n```\npython train.py\n```\n", "train.py": "print(1)\n"}


@pytest.mark.parametrize(
    ("source", "others", "answer"),
    [
        ("from utils import f\n", {"other.py": "x = 1\n"}, "1"),
        ("from tree_helpers import f\n", {}, "1"),
        ("from keras_utils import f\n", {}, "0"),
        ("from sketching import project\n", {"sketching_methods.py": "def project(x):\n    return x\n"}, "0"),
        ("from sketching import project\n", {"sketching_methods.py": "def other(x):\n    return x\n"}, "0"),
        ("from old.my_filters import f\n", {"new/__init__.py": "", "new/my_filters.py": "def f():\n    pass\n"}, "1"),
        ("from helper import f, g\n", {"helper.py": "def f():\n    pass\n"}, "1"),
        ("from helper import f, g\n", {"helper.py": "from numpy import *\ndef f():\n    pass\n"}, "0"),
        ("from helper import f, g\n", {"helper.py": "def f():\n    pass\n\n\ng = f\n"}, "0"),
        ("from pack import part\n", {"pack/__init__.py": "", "pack/part.py": "x = 1\n"}, "0"),
        ("from constants_mnist import SIZE\n", {}, "1"),
        ("from typing import Optional\n", {"eval/typing.py": "x = 1\n"}, "0"),
        ("from typing import Optional\n", {"typing.py": "x = 1\n"}, "1"),
        ("import helper\nhelper.g()\n", {"helper.py": "def f():\n    pass\n"}, "1"),
        ("import helper\nhelper.f()\n", {"helper.py": "def f():\n    pass\n"}, "0"),
        ("import helper\nclass Old:\n    def run(self):\n        helper.g()\n", {"helper.py": "x = 1\n"}, "0"),
        ("import helper\nclass New:\n    def run(self):\n        helper.g()\nNew()\n", {"helper.py": "x = 1\n"}, "1"),
        ("import helper\ndef go():\n    helper.g()\n", {"helper.py": "x = 1\n", "run.sh": "fire train go\n"}, "1"),
        ("import helper\ndef go():\n    helper.g()\n", {"helper.py": "x = 1\n"}, "0"),
        ("import helper, click\n@click.command()\ndef go():\n    helper.g()\n", {"helper.py": "x = 1\n"}, "1"),
        (
            "import helper, sys\ndef go_on():\n    helper.g()\nglobals()['go_' + sys.argv[1]]()\n",
            {"helper.py": "x = 1\n"},
            "1",
        ),
        (
            "import helper\nfor i, helper in enumerate('ab'):\n    helper.g()\n",
            {"helper.py": "def f():\n    pass\n"},
            "0",
        ),
        ("import helper\nhelper, n = open('a'), 1\nhelper.g()\n", {"helper.py": "def f():\n    pass\n"}, "0"),
        ("import helper\nhelper = helper.f()\nhelper.g()\n", {"helper.py": "def f():\n    pass\n"}, "0"),
        ("import helper\nhelper.table['g'](1)\n", {"helper.py": "table = {}\n"}, "0"),
        ("import gym\ngym.make('x')\n", {"envs/gym.py": "x = 1\n"}, "0"),
        ("try:\n    from utils import f\nexcept ImportError:\n    pass\n", {}, "0"),
        ("import pandas\n", {}, "0"),
        ("from pack import message_pb2\n", {"pack/__init__.py": ""}, "0"),
        ("import pack.sprite_tools\n", {"pack/__init__.py": "", "pack/sprites_tools.py": "x = 1\n"}, "0"),
        ("import pack.other_tools\n", {"pack/__init__.py": "", "pack/sprites_tools.py": "x = 1\n"}, "1"),
    ],
)
def test_an_absent_module_or_name_of_the_authors_is_missing(
    tmp_path: Path, source: str, others: dict[str, str], answer: str
) -> None:
    assert level(tmp_path, TRAIN | others | {"train.py": source + "print(1)\n"}) == answer


def test_an_absent_module_of_any_experiment_code_is_missing_but_not_of_tests(tmp_path: Path) -> None:
    gone = "from utils import f\nprint(f())\n"
    assert level(tmp_path / "a", TRAIN | {"convert.py": gone}) == "1"
    assert level(tmp_path / "b", TRAIN | {"tests/test_cut.py": f"import pytest\n{gone}"}) == "0"
    assert level(tmp_path / "c", TRAIN | {"old/convert.py": gone}) == "0"


def test_a_name_that_begins_with_a_capital_is_a_module_of_the_authors(tmp_path: Path) -> None:
    assert level(tmp_path / "a", TRAIN | {"b.py": "from AdamX import AdamX\nprint(AdamX())\n"}) == "1"
    assert level(tmp_path / "b", TRAIN | {"b.py": "from PIL import Image\nprint(Image)\n"}) == "0"


def test_what_is_generated_and_parts_of_a_well_known_library_are_not_missing(tmp_path: Path) -> None:
    package = {"pack/__init__.py": "", "pack/net.py": "from .proto import net_pb2\nprint(net_pb2)\n"}
    assert level(tmp_path / "a", TRAIN | package) == "0"
    assert level(tmp_path / "b", TRAIN | {"rllab/run.py": "from rllab.misc import ext\nprint(ext)\n"}) == "0"


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("python decode.py --n 3\n", "1"),
        ("# python decode.py\n", "0"),
        ("python train_one.py\n", "0"),
        ("wget https://example.org/decode.py\npython decode.py\n", "0"),
        ("python ../elsewhere/decode.py\n", "0"),
        ("python $HOME/decode.py\n", "0"),
    ],
)
def test_a_script_starts_a_program_that_is_there_fetched_or_elsewhere(tmp_path: Path, script: str, answer: str) -> None:
    assert level(tmp_path, TRAIN | {"scripts/all.sh": script}) == answer


def test_data_and_programs_that_only_prose_names_may_be_anyones(tmp_path: Path) -> None:
    prose = (
        "# M\n\n`data/split.csv` says which image is tested; each `my_task.py` is alike.\n\n```\npython train.py\n```\n"
    )
    files = {"README.md": prose, "train.py": "print(open('data/split.csv').read())\n"}
    assert level(tmp_path, files) == "0"


@pytest.mark.parametrize(
    ("readme", "answer"),
    [
        ("> pip install -r requirements.txt", "1"),
        ("> pip install -r requirements_gpu.txt", "0"),
        ("> pip install -r needed.txt", "0"),
        ("> bash run_script.sh", "0"),
        ("```\nbash run_script.sh\n```", "0"),
        ("```\nbash evaluate_all.sh\n```", "1"),
    ],
)
def test_a_command_for_the_whole_needs_its_file_under_that_name_or_one_alike(
    tmp_path: Path, readme: str, answer: str
) -> None:
    files = {"README.md": f"# M\n\n{readme}\n", "run_scripts/a.sh": "python train.py\n", "train.py": "print(1)\n"}
    there = {} if "requirements.txt" in readme else {"requirement_gpu.txt": "numpy\n", "need.txt": "", "needed.txt": ""}
    assert level(tmp_path, files | there) == answer


@pytest.mark.parametrize(
    ("others", "answer"),
    [
        ({}, "1"),
        ({"two/a.py": "import sys\nsys.path.append('../one')\n"}, "0"),
        ({"one/setup.py": "from setuptools import setup\nsetup(name='one')\n"}, "0"),
        ({"two/cut.py": "def f():\n    return 1\n"}, "0"),
        ({"run.sh": "PYTHONPATH=one python two/train.py\n"}, "0"),
    ],
)
def test_a_module_in_a_folder_that_python_does_not_look_in_is_missing(
    tmp_path: Path, others: dict[str, str], answer: str
) -> None:
    files = {"one/cut.py": "def f():\n    return 1\n", "two/train.py": "from cut import f\nprint(f())\n"}
    assert level(tmp_path, files | others) == answer


OPTIONS = (
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('{name}', default='{value}')\np.parse_args()\n"
)


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("--cfg", "configs/base.yml", "1"),
        ("--cfg", "configs/there.yml", "0"),
        ("--cfg", "configs/your_config.yml", "0"),
        ("--save-config", "configs/base.yml", "0"),
    ],
)
def test_settings_that_are_an_options_default_must_be_there(tmp_path: Path, name: str, value: str, answer: str) -> None:
    program = OPTIONS.format(name=name, value=value)
    assert level(tmp_path, TRAIN | {"train.py": program, "configs/there.yml": "a: 1\n"}) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("The complex shapes: not published yet", "1"),
        ("Precision will be added shortly.", "1"),
        ("The checkpoint is not on GitHub due to its size.", "1"),
        ("The data are not on GitHub due to their size, download them at https://example.org/d.zip", "0"),
        ("More results will be added soon.", "0"),
        ("The forest domain is not currently available publicly.", "1"),
        ("It extracts the data if they are not available.", "0"),
        ("The paper is not published yet.", "0"),
        ("Pre-trained networks are coming soon.", "1"),
        ("The training file will be uploaded after it is cleaned.", "1"),
        ("TODO: upload the script for preprocessing", "1"),
        ("- [ ] Data loaders.", "1"),
        ("- [ ] Refactor", "0"),
        ("<del>Upload code: coming soon.</del>", "0"),
        ("~~Coming soon: training code~~", "0"),
        ("The results will be available in a dashboard.", "0"),
        ("The method is not yet available on PyPI.", "0"),
        ("A port to JAX is coming soon.", "0"),
        ("We plan to add more pretrained models later.", "0"),
        ("We currently provide PyTorch, and support for TensorFlow is coming soon.", "0"),
    ],
)
def test_a_promise_of_a_part_shows_that_it_is_missing(tmp_path: Path, text: str, answer: str) -> None:
    assert level(tmp_path, {"README.md": f"# M\n\n{text}\n", "a.py": "print(1)\n"}) == answer


def test_letters_to_reviewers_promise_nothing(tmp_path: Path) -> None:
    files = {"README.md": "# M\n", "rebuttal.md": "The code will be added soon.\n", "a.py": "print(1)\n"}
    assert level(tmp_path, files) == "0"


def test_a_document_below_the_top_promises_only_what_comes_soon(tmp_path: Path) -> None:
    files = {"README.md": "# M\n", "a.py": "print(1)\n"}
    dated = "We will release the model file on October 15th.\n"
    assert level(tmp_path / "a", files | {"challenge/README.md": dated}) == "0"
    assert level(tmp_path / "b", files | {"gan/README.md": "Evaluation: coming soon!\n"}) == "1"
    assert level(tmp_path / "c", files | {"docs/faq.md": "Evaluation: coming soon!\n"}) == "0"


def test_code_that_was_moved_away_is_missing(tmp_path: Path) -> None:
    text = "# M\n\nThe code has been moved to a new repository.\n"
    assert level(tmp_path / "a", {"README.md": text}) == "1"
    assert level(tmp_path / "b", {"README.md": text, "a.py": "print(1)\n"}) == "0"
    text = "# M\n\nThis repository is deprecated.\n"
    assert level(tmp_path / "c", {"README.md": text}) == "1"
    assert level(tmp_path / "d", {"README.md": text, "c.py": "print(1)\n"}) == "0"


def test_a_documented_program_that_is_an_empty_file_is_missing(tmp_path: Path) -> None:
    assert level(tmp_path, TRAIN | {"train.py": ""}) == "1"


@pytest.mark.parametrize(
    ("named", "answer"),
    [("mutation.py", "0"), ("mutate.py", "0"), ("SOMESCRIPT.sh", "0"), ("tensorboard.sh", "0"), ("evaluation.py", "1")],
)
def test_a_changed_name_a_template_and_a_viewer_are_not_missing(tmp_path: Path, named: str, answer: str) -> None:
    files = {
        "mutations.py": "print(1)\n",
        "02_generate_dataset.py": "print(1)\n",
        "enwik8_base.sh": "python train.py\n",
    }
    command = f"python {named}" if named.endswith(".py") else f"bash {named}"
    assert level(tmp_path, TRAIN | files | {"README.md": f"# M\n\n```\npython train.py\n{command}\n```\n"}) == answer


def test_the_requirements_of_a_part_must_lie_with_it_or_above(tmp_path: Path) -> None:
    part = {"a/README.md": "```\npip3 install -r requirements.txt\n```\n", "a/run.py": "print(1)\n"}
    assert level(tmp_path / "1", TRAIN | part | {"b/requirements.txt": "numpy\n"}) == "1"
    assert level(tmp_path / "2", TRAIN | part | {"requirements.txt": "numpy\n"}) == "0"


def test_files_of_another_repository_are_not_missing_here(tmp_path: Path) -> None:
    text = "# M\n\n## Data\nUse [theirs](https://github.com/else/where).\n\nThen modify the file `prediction.py`.\n"
    assert level(tmp_path, TRAIN | {"README.md": text}) == "0"


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("I will upload running scripts when I have time.", "1"),
        ("We will release the full training code.", "1"),
        ("We will add your name to the list of users.", "0"),
    ],
)
def test_a_promise_may_say_what_the_code_is_for(tmp_path: Path, sentence: str, answer: str) -> None:
    assert level(tmp_path, TRAIN | {"README.md": f"# M\n\n{sentence}\n\n```\npython train.py\n```\n"}) == answer


def test_a_name_or_module_that_moved_or_grew_is_not_missing(tmp_path: Path) -> None:
    package = {"lib/__init__.py": "", "lib/tools.py": "x = 1\n", "lib/other.py": "def norm_mask(m):\n    return m\n"}
    assert level(tmp_path / "a", package | {"t.py": "from lib.tools import norm_mask\nprint(norm_mask(1))\n"}) == "0"
    assert level(tmp_path / "b", package | {"t.py": "from lib.tools import crop_mask\nprint(crop_mask(1))\n"}) == "1"
    nets = {"nets/__init__.py": "", "nets/pytorchnet.py": "def f():\n    return 1\n"}
    assert level(tmp_path / "d", nets | {"t.py": "import nets.residual\nprint(nets.residual.f())\n"}) == "1"


def test_a_call_of_a_library_is_no_sign_of_a_module_of_ones_own(tmp_path: Path) -> None:
    files = {"train.py": "import quicklib\nprint(quicklib.resize(1))\n", "a.py": "def resize(x):\n    return x\n"}
    assert level(tmp_path / "a", files) == "0"


def test_a_module_of_a_package_hides_none_of_pythons_own(tmp_path: Path) -> None:
    files = {
        "core/typing.py": "def annotate():\n    return 1\n",
        "core/a.py": "from typing import Optional\nprint(1)\n",
    }
    assert level(tmp_path / "a", files | {"core/__init__.py": ""}) == "0"


def test_a_general_part_of_a_folder_of_code_is_missing(tmp_path: Path) -> None:
    files = {"src/steps/split.py": "import src.utils as utils\nprint(utils.read())\n"}
    assert level(tmp_path / "a", files) == "1"
    assert level(tmp_path / "b", files | {"src/utils.py": "def read():\n    return 1\n"}) == "0"


def test_what_is_left_over_may_import_what_is_gone(tmp_path: Path) -> None:
    loads = "import importlib\nprint(getattr(importlib.import_module('models.' + 'a'), 'get_' + 'x'))\n"
    files = {"run.py": loads, "models/__init__.py": "", "models/a.py": "def get_x():\n    return 1\n"}
    gone = "from models.gone import f\n\n\ndef get_y():\n    return f()\n"
    assert level(tmp_path / "a", files | {"models/backups/b.py": gone}) == "0"
    assert level(tmp_path / "b", files | {"models/b.py": gone}) == "1"


@pytest.mark.parametrize(
    ("readme", "answer"),
    [
        ("We will release a real evaluation dataset.", "1"),
        ("We will release more results.", "0"),
        ("See the [licence](LICENSE.txt).", "0"),
        ("See the [settings](settings.txt).", "1"),
        ("Run `python train.py.py`.", "0"),
        ("Run `python tune.py.py`.", "1"),
    ],
)
def test_what_a_document_promises_and_names(tmp_path: Path, readme: str, answer: str) -> None:
    program = "print(open('in/params.txt').read())\n"
    assert level(tmp_path, {"README.md": f"# Method\n\n{readme}\n", "train.py": program}) == answer


def test_a_notebook_that_puts_a_folder_on_the_path_brings_its_modules(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": "import sys\nsys.path.insert(0, '../packages')", "outputs": []}]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2})
    files = {"README.md": "# M\n", "src/model.py": "import boughs\n", "packages/boughs/__init__.py": "x = 1\n"}
    assert level(tmp_path, files) == "1"
    assert level(tmp_path, {"src/base.ipynb": notebook}) == "0"
