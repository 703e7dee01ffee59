"""One thread is one thread, whether the number is given by position or by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Status
from auditor.repository.inventory import read_repository

SCRIPT = """
import numpy as np
import torch
from threadpoolctl import threadpool_limits

if __name__ == "__main__":
    with threadpool_limits({limit}):
        print(np.random.default_rng(0).normal())
"""


@pytest.mark.parametrize(("limit", "status"), [("1", "pass"), ("limits=1", "pass"), ("limits=8", "fail"), ("", "fail")])
def test_a_limit_to_one_thread_is_a_measure_for_determinism(tmp_path: Path, limit: str, status: str) -> None:
    (tmp_path / "train.py").write_text(SCRIPT.format(limit=limit))
    (tmp_path / "README.md").write_text("# Code\n\n```\npython train.py\n```\n")
    found = Facts([read_repository(tmp_path)]).run(all_checks()["randomness.determinism"])
    assert found.status is Status(status), found.sentence
