"""Which programs decide on seeds and determinism, which seeds are fixed, and which draws count."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Status
from auditor.repository.inventory import read_repository

DRAW = "import torch\n\n\ndef fit():\n    loss = torch.nn.Linear(2, 1)(torch.rand(4, 2)).mean()\n    loss.backward()\n"
SEED = "torch.manual_seed({})\n"


def level(root: Path, files: dict[str, str], check: str = "randomness.seeds") -> str | None:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return Facts([read_repository(root)]).run(all_checks()[check]).level


def program(*before: str, after: str = "fit()\n") -> str:
    return DRAW + "".join(before) + after


OPTION = (
    "import argparse, random\np = argparse.ArgumentParser()\np.add_argument('--seed', type=int)\na = p.parse_args()\n"
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (SEED.format(7), "full"),
        (OPTION + SEED.format("a.seed"), "full"),
        (OPTION + "if a.seed is None:\n    a.seed = random.randint(1, 9)\n" + SEED.format("a.seed"), "full"),
        ("import random\nseed = random.randint(1, 9)\n" + SEED.format("seed"), "none"),
        ("import os\nraw = os.urandom(4)\nseed = int.from_bytes(raw, 'big')\n" + SEED.format("seed + 1"), "none"),
        (SEED.format(""), "none"),
    ],
)
def test_a_seed_is_fixed_by_a_constant_or_an_option_and_not_by_a_draw(
    tmp_path: Path, lines: str, expected: str
) -> None:
    assert level(tmp_path, {"train.py": program(lines)}) == expected


@pytest.mark.parametrize(("call", "expected"), [("fix()", "none"), ("fix(3)", "full"), ("fix(seed=3)", "full")])
def test_a_parameter_that_is_none_by_default_seeds_only_where_a_caller_passes_it(
    tmp_path: Path, call: str, expected: str
) -> None:
    helper = "\n\ndef fix(seed=None):\n    torch.manual_seed(seed)\n\n\n"
    assert level(tmp_path, {"train.py": program(helper, call + "\n")}) == expected


def test_the_programs_that_the_readme_starts_decide_and_not_side_scripts(tmp_path: Path) -> None:
    files = {
        "README.md": "# x\n```\npython train.py --lr 1\n```\n",
        "train.py": program(SEED.format(1)),
        "tools/other.py": program(),
    }
    assert level(tmp_path, files) == "full"


def test_a_documented_script_stands_for_the_programs_beside_it(tmp_path: Path) -> None:
    files = {
        "README.md": "# x\n```\nbash a/run.sh\n```\n",
        "a/run.sh": "python train.py\n",
        "a/train.py": program(SEED.format(1)),
        "b/train.py": program(),
    }
    assert level(tmp_path, files) == "full"


def test_only_a_program_aside_being_seeded_is_partial(tmp_path: Path) -> None:
    files = {
        "README.md": "# x\n```\npython train.py\n```\n",
        "train.py": program(),
        "baseline.py": program(SEED.format(1)),
    }
    assert level(tmp_path, files) == "partial"


@pytest.mark.parametrize(
    ("check", "text", "without"),
    [
        ("randomness.seeds", "import torch\ntorch.manual_seed(1)\n", "none"),
        ("randomness.determinism", "import torch\ntorch.use_deterministic_algorithms(True)\n", "0"),
    ],
)
def test_a_program_that_draws_nothing_seeds_and_fixes_nothing(
    tmp_path: Path, check: str, text: str, without: str
) -> None:
    assert level(tmp_path, {"train.py": program(), "fix.py": text}, check) == without


def test_a_settings_files_seed_that_no_program_loads_is_not_said_to_be_applied(tmp_path: Path) -> None:
    (tmp_path / "runs.yml").write_text("seed: 3\n")
    (tmp_path / "train.py").write_text(program())
    found = Facts([read_repository(tmp_path)]).run(all_checks()["randomness.seed_option"])
    assert found.status is Status.NOT_APPLICABLE


def test_what_is_seeded_aside_is_named_and_not_said_of_the_program_itself(tmp_path: Path) -> None:
    files = {"README.md": "# x\n```\npython train.py\n```\n", "baseline.py": program(SEED.format(1))}
    assert level(tmp_path, {**files, "train.py": program()}) == "partial"
    found = Facts([read_repository(tmp_path)]).run(all_checks()["randomness.seeds"])
    assert "others are seeded" not in found.sentence
    assert "a seed is set only aside from it, in baseline.py" in found.sentence
    assert "baseline.py" in {item.path for item in found.evidence}


def test_a_fixed_split_alone_seeds_a_part_of_a_library_that_is_drawn_from_elsewhere(tmp_path: Path) -> None:
    text = (
        "import numpy as np\nfrom sklearn.model_selection import train_test_split\n"
        "a, b = train_test_split(range(9), random_state=0)\nprint(np.random.rand(3))\n"
    )
    assert level(tmp_path, {"train.py": text}) == "partial"
    assert level(tmp_path, {"train.py": text.replace("np.random.rand(3)", "a")}) == "full"


def test_a_library_that_a_star_import_brings_is_known_by_its_customary_name(tmp_path: Path) -> None:
    files = {
        "common.py": "import numpy as np\nfrom random import *\n",
        "train.py": "from common import *\nnp.random.seed(0)\nprint(np.random.rand(3))\n",
    }
    assert level(tmp_path, files) == "full"


def test_a_seeding_function_behind_star_imports_is_followed_by_its_name(tmp_path: Path) -> None:
    files = {
        "lib/__init__.py": "from .tools import *\n",
        "lib/tools.py": "from .seeds import *\n",
        "lib/seeds.py": "import torch\ndef fix_all(s):\n    torch.manual_seed(s)\n",
        "train.py": "from lib import *\n" + program("fix_all(1)\n"),
    }
    assert level(tmp_path, files) == "full"
    files["train.py"] = "from lib import *\n" + program()
    assert level(tmp_path, files) == "none"


def test_what_a_program_does_not_import_does_not_run_in_it(tmp_path: Path) -> None:
    files = {
        "train.py": program(SEED.format(1), "import thing\nthing.make().shake()\n"),
        "elsewhere.py": "import numpy as np\nclass Box:\n    def shake(self):\n        return np.random.rand(3)\n",
        "thing.py": "def make():\n    return 1\n",
    }
    assert level(tmp_path, files) == "full"


def test_draws_in_code_without_a_program_count_and_what_is_not_there_is_left_to_the_seed(tmp_path: Path) -> None:
    layer = "import tensorflow as tf\ndef noise(x):\n    return x + tf.random.normal([3])\n"
    assert level(tmp_path / "a", {"ops.py": layer}) == "none"
    absent = "import torch\nfrom models import net\ntorch.manual_seed(1)\nnet()\n"
    assert level(tmp_path / "b", {"main.py": absent}) == "full"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"run.sh": "export OMP_NUM_THREADS=1\npython train.py\n"}, "1"),
        ({"run.sh": "export OMP_NUM_THREADS=16\npython train.py\n"}, "0"),
        ({"run.sh": "# OMP_NUM_THREADS=1\npython train.py\n"}, "0"),
        ({"train.py": program("import os\nos.environ['MKL_NUM_THREADS'] = '1'\n")}, "1"),
        ({"train.py": program("torch.backends.cudnn.benchmark = True\n")}, "0"),
        ({"train.py": program("torch.backends.cudnn.benchmark = False\n")}, "1"),
        ({"helper.py": "import torch\ndef fix():\n    torch.backends.cudnn.deterministic = True\n"}, "0"),
    ],
)
def test_threads_and_kernels_count_where_they_are_set_for_a_program(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    assert level(tmp_path, {"train.py": program()} | files, "randomness.determinism") == expected


@pytest.mark.parametrize(("value", "expected"), [("os.urandom(4)[0]", "0"), ("torch.initial_seed() % 9", "1")])
def test_workers_that_are_seeded_at_random_are_not_made_deterministic(
    tmp_path: Path, value: str, expected: str
) -> None:
    text = program(
        f"import os\nimport numpy as np\ndef start(worker):\n    np.random.seed({value})\n",
        "loader = torch.utils.data.DataLoader([], worker_init_fn=start)\n",
    )
    assert level(tmp_path, {"train.py": text}, "randomness.determinism") == expected


def test_that_every_library_is_seeded_is_not_said_over_programs_that_were_not_read(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import numpy as np\n" + "x = np.random.rand()\n" * 30_001)
    (tmp_path / "other.py").write_text("import numpy as np\nnp.random.seed(0)\nprint(np.random.rand(2))\n")
    found = Facts([read_repository(tmp_path)]).run(all_checks()["randomness.seeds"])
    assert found.status is Status.UNKNOWN
    assert found.sentence.startswith("What could be read is seeded. train.py was not read: it has 30003 lines")
