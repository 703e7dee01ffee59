"""Rows 21 to 36 and 41 to 45: kernels, precision, workers and samplers, by version where that matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.hazard_programs import found_in, of_row

TORCH = "import os\nimport torch\nfrom torch import nn\ntorch.manual_seed(1)\nx = torch.ones(2, 2).cuda()\n"
RESIZE = (
    "class Net(nn.Module):\n    def forward(self, x, images):\n        return nn.functional.interpolate({})\n"
    "Net()(x, x)\n"
)
STEP = "x.sum().backward()\n"
FLAG = "torch.use_deterministic_algorithms(True)\n"

TWINS = [
    (21, TORCH + "y = x.scatter_add_(0, x, x)\n{}" + STEP, "", FLAG),
    (21, TORCH + RESIZE.format("x, mode={}") + STEP, "'bilinear'", "'nearest'"),
    (21, TORCH + RESIZE.format("{}, mode='bilinear'") + STEP, "x", "images"),
    (21, TORCH + "y = nn.AdaptiveAvgPool2d({})\n" + STEP, "3", "(1, 1)"),
    (22, TORCH + "y = nn.ReflectionPad2d(1)\ntorch.use_deterministic_algorithms(True{})\n" + STEP, "",
     ", warn_only=True"),
    (23, TORCH + "torch.backends.cudnn.benchmark = {}\n", "True", "False"),
    (23, TORCH + "torch.backends.cudnn.benchmark = {}\n", "True", "not fixed"),
    (24, TORCH + "net = nn.Conv2d(1, 1, 3)\n{}" + STEP, "", "torch.backends.cudnn.deterministic = True\n"),
    (24, TORCH.replace(".cuda()", "{}") + "net = nn.Conv2d(1, 1, 3)\n" + STEP, ".cuda()", ""),
    (24, TORCH + "net = nn.Conv2d(1, 1, 3)\n{}print(1)\n", STEP, ""),
    (26, TORCH + "torch.backends.cuda.matmul.allow_tf32 = {}\n", "True", "False"),
    (26, TORCH + "torch.set_float32_matmul_precision({})\n", "'high'", "'highest'"),
    (27, TORCH + "net = torch.compile(nn.Linear(1, 1))\n{}" + STEP, "", FLAG),
    (29, TORCH + "y = nn.functional.scaled_dot_product_attention(x, x, x)\n{}" + STEP, "", FLAG),
    (30, TORCH + "for b in torch.utils.data.DataLoader([], shuffle=True{}):\n    print(b)\n", "",
     ", generator=torch.Generator().manual_seed(1)"),
    (30, TORCH + "for b in torch.utils.data.DataLoader([], in_order={}):\n    print(b)\n", "False", "True"),
    (32, "from torch.utils.data.distributed import DistributedSampler\nsampler = DistributedSampler([])\n{}"
     "print(sampler)\n", "", "sampler.set_epoch(1)\n"),
    (34, "from transformers import TrainingArguments\nprint(TrainingArguments('out'{}))\n", "",
     ", full_determinism=True"),
    (34, "import os\nfrom transformers import HfArgumentParser, TrainingArguments\n{}"
     "print(HfArgumentParser((TrainingArguments,)))\n", "", "os.system('python train.py --full_determinism')\n"),
    (36, "from accelerate import Accelerator\nprint(Accelerator({}))\n", "", "use_seedable_sampler=True"),
    (41, "import lightning\nlightning.Trainer({}).fit(None)\n", "", "deterministic=True"),
    (43, "import tensorflow as tf\nwith tf.device('/gpu:0'):\n    net = tf.keras.layers.Conv2D(3, 3)\n{}print(net)\n",
     "", "tf.config.experimental.enable_op_determinism()\n"),
    (44, "import tensorflow as tf\nd = tf.data.Dataset.range(3).map(str, num_parallel_calls=4, deterministic={})\n"
     "print(d)\n", "False", "True"),
    (44, "import tensorflow as tf\noptions = tf.data.Options()\noptions.deterministic = {}\nprint(options)\n", "False",
     "True"),
    (45, "import tensorflow as tf\nprint(tf.{}())\n", "Session", "constant"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "program", "bad", "good"), TWINS)
def test_each_row_is_found_in_one_twin_and_not_in_the_other(
    tmp_path: Path, row: int, program: str, bad: str, good: str
) -> None:
    assert found_in(tmp_path, row, (program.format(bad), program.format(good))) == [True, False]


WORKERS = """import numpy as np
from torch.utils.data import DataLoader, Dataset


class Rows(Dataset):
    def __init__(self):
        self.rng = np.random.RandomState(1)

    def __getitem__(self, index):
        return {}


for batch in DataLoader(Rows(), num_workers={}):
    print(batch)
"""


@pytest.mark.parametrize(
    ("draw", "workers", "torch", "severity"),
    [
        ("np.random.rand()", "2", "torch==1.8.1", "high"),
        ("np.random.rand()", "2", "torch==1.9.0", None),
        ("np.random.rand()", "2", "torch>=1.4", "medium"),
        ("np.random.rand()", "2", "", "medium"),
        ("np.random.rand()", "0", "torch==1.8.1", None),
        ("np.random.rand()", "1", "torch==1.8.1", None),
        ("np.random.rand()", "2, worker_init_fn=print", "torch==1.8.1", None),
        ("self.rng.rand()", "2", "torch==2.9.1", "high"),
        ("self.rng.rand()", "0", "torch==2.9.1", None),
    ],
)
def test_workers_draw_alike_from_numpys_generator_before_torch_1_9_and_from_an_own_one_ever_since(
    tmp_path: Path, draw: str, workers: str, torch: str, severity: str | None
) -> None:
    found = of_row(tmp_path, 31, WORKERS.format(draw, workers), requirements=f"{torch}\n")
    assert [hazard.severity for hazard in found] == ([severity] if severity else [])
    assert all(("torch <1.9" in hazard.holds_for) == ("self" not in draw) for hazard in found)


@pytest.mark.parametrize(
    ("row", "program", "inside", "outside"),
    [
        (25, TORCH + FLAG, "torch==2.9.1", "torch==2.10.0"),
        (34, "from transformers import TrainingArguments\nprint(TrainingArguments('out'))\n",
         "transformers==4.19.0", "transformers==4.18.0"),
        (36, "from accelerate import Accelerator\nprint(Accelerator())\n", "accelerate==0.27.2", "accelerate==0.25.0"),
    ],
)  # fmt: skip
def test_a_row_for_some_versions_holds_on_one_side_of_the_version_alone(
    tmp_path: Path, row: int, program: str, inside: str, outside: str
) -> None:
    (found,) = of_row(tmp_path / "inside", row, program, requirements=f"{inside}\n")
    assert found.known
    assert of_row(tmp_path / "outside", row, program, requirements=f"{outside}\n") == []
    (found,) = of_row(tmp_path / "open", row, program)
    assert not found.known
    assert found.holds_for


def test_a_workspace_that_is_set_lets_deterministic_algorithms_run(tmp_path: Path) -> None:
    program = TORCH + "os.environ['CUBLAS_WORKSPACE_CONFIG'] = ':4096:8'\n" + FLAG
    assert of_row(tmp_path, 25, program, requirements="torch==2.9.1\n") == []


def test_tensorflow_is_told_the_switch_that_its_version_has(tmp_path: Path) -> None:
    program = "import tensorflow as tf\nwith tf.device('/gpu:0'):\n    print(tf.keras.layers.Conv2D(3, 3))\n"
    (new,) = of_row(tmp_path / "new", 43, program, requirements="tensorflow==2.8.0\n")
    (old,) = of_row(tmp_path / "old", 43, program, requirements="tensorflow-gpu==2.7.0\n")
    assert "enable_op_determinism" in new.fix
    assert "TF_DETERMINISTIC_OPS" in old.fix
    assert of_row(tmp_path / "first", 43, program, requirements="tensorflow==1.15.0\n") == []
