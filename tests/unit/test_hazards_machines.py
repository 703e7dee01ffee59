"""Rows that hang on the machine: its cores, the processes that are started, the order in which tasks end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.hazard_programs import found_in, hazards_in, of_row

GROUP = "import torch\ntorch.distributed.init_process_group('nccl'{})\nprint(torch.ones(3))\n"
SUM = (
    "from concurrent.futures import ThreadPoolExecutor, as_completed\nwith ThreadPoolExecutor() as pool:\n"
    "    futures = [pool.submit(float, n) for n in '123']\ntotal = 0.0\n"
    "for future in {}:\n    total += {}\nprint(total)\n"
)
SCATTER = (
    "import os\n{}import jax\nprint(jax.devices('cuda'))\ngrads = jax.grad(abs)(1.0)\n"
    "print(jax.ops.segment_sum(grads, grads))\n"
)
CACHE = "import datasets\nrows = datasets.load_dataset('a')\nprint(rows.map(len, {}))\n"

TWINS = [
    (20, "import os, torch\ntorch.set_num_threads({})\nprint(torch.ones(3))\n", "os.cpu_count()", "4"),
    (20, "import os\nos.environ['OMP_NUM_THREADS'] = {}\nprint(1)\n", "str(os.cpu_count())", "'4'"),
    (33, GROUP, "", ", world_size=8"),
    (38, CACHE, "new_fingerprint='v1'", "batched=True"),
    (49, SCATTER, "", "os.environ['XLA_FLAGS'] = '--xla_gpu_deterministic_ops=true'\n"),
    (54, SUM.format("{}", "future.result()"), "as_completed(futures)", "futures"),
    (54, SUM.format("as_completed(futures)", "{}"), "future.result()", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "program", "bad", "good"), TWINS)
def test_each_row_is_found_in_one_twin_and_not_in_the_other(
    tmp_path: Path, row: int, program: str, bad: str, good: str
) -> None:
    assert found_in(tmp_path, row, (program.format(bad), program.format(good))) == [True, False]


@pytest.mark.parametrize(
    "told",
    ["torchrun --nproc_per_node=4 train.py", "We train on 8 V100 GPUs.", "CUDA_VISIBLE_DEVICES=0,1 python train.py"],
)
def test_a_number_of_processes_that_is_told_is_no_hazard(tmp_path: Path, told: str) -> None:
    found = hazards_in(tmp_path, {"train.py": GROUP.format(""), "README.md": f"# Code\n\n{told}\n"})
    assert [hazard for hazard in found if hazard.row == 33] == []


def test_sums_in_the_order_of_their_end_cost_the_last_digits_alone(tmp_path: Path) -> None:
    found = of_row(tmp_path, 54, SUM.format("as_completed(futures)", "future.result()"))
    assert [hazard.severity for hazard in found] == ["low"]
