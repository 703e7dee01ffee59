"""What the head of a column says about the numbers below it."""

from __future__ import annotations

import pytest

from auditor.claims.table_columns import read_column


@pytest.mark.parametrize(
    ("head", "metric"),
    [("Val loss @105B", "loss"), ("Accuracy @ 30k", "accuracy"), ("Recall@10", "recall@10"), ("HD (mm)", "hausdorff")],
)
def test_how_long_or_large_a_model_was_trained_is_no_part_of_a_metric(head: str, metric: str) -> None:
    found = read_column(head).metric
    assert found is not None
    assert found.name == metric
