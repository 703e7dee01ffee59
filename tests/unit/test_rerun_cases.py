"""How labelled cases of reruns are read: what the auditor is given, and what stays with the label."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

_PLACE = Path(__file__).parents[1] / "benchmarks" / "rerun_cases.py"


@pytest.fixture(scope="module")
def cases() -> Any:
    spec = importlib.util.spec_from_file_location("rerun_cases", _PLACE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["rerun_cases"] = module
    spec.loader.exec_module(module)
    return module


def _read(cases: Any, *rows: tuple[str, object]) -> list[tuple[object, ...]]:
    claims, unread = cases.read_claims([{"metric": m, "value": v, "where": "README.md table"} for m, v in rows])
    assert unread == ()
    return [(c.metric, c.value, c.unit, c.dataset, c.method, c.split) for c in claims.items]


def test_the_words_beside_a_metric_say_for_which_data_and_split(cases: Any) -> None:
    assert _read(cases, ("Cora test accuracy", "81.0 %")) == [("accuracy", 81.0, "percent", "Cora", None, "test")]
    assert _read(cases, ("accuracy", 0.9)) == [("accuracy", 0.9, "fraction", None, None, None)]


def test_lists_give_one_claim_for_each_name_and_later_rows_keep_the_names(cases: Any) -> None:
    found = _read(cases, ("A=1 original cGFPR/cGFNR", "0.34/0.50"), ("A=0 original", "0.32/0.51"))
    assert [(metric, value, method) for metric, value, _, _, method, _ in found] == [
        ("cgfpr", 0.34, "A=1 original"),
        ("cgfnr", 0.50, "A=1 original"),
        ("cgfpr", 0.32, "A=0 original"),
        ("cgfnr", 0.51, "A=0 original"),
    ]


def test_a_printed_dict_gives_its_entries_and_same_means_the_claim_before(cases: Any) -> None:
    found = _read(cases, ("linear model fdr,shd", "{'fdr': 0.5, 'shd': 3}"), ("MLP model, same metrics", "same"))
    assert [(metric, value, dataset or method) for metric, value, _, dataset, method, _ in found] == [
        ("fdr", 0.5, "linear"),
        ("shd", 3.0, "linear"),
        ("fdr", 0.5, "MLP"),
        ("shd", 3.0, "MLP"),
    ]


@pytest.mark.parametrize("value", ["the curve rises", "0.80-0.85", "> 90 %", "about 0.9", None])
def test_what_is_no_single_number_is_told_and_not_guessed(cases: Any, value: object) -> None:
    claims, unread = cases.read_claims([{"metric": "Figure 2 accuracy", "value": value, "where": "paper"}])
    assert claims.items == ()
    assert len(unread) == 1


def test_a_data_set_and_a_method_are_told_apart_and_the_table_is_neither(cases: Any) -> None:
    found = _read(cases, ("Table 2: ResNet-20 test accuracy on CIFAR-10 (mean of 5)", "91.2 ± 0.3 %"))
    assert found == [("accuracy", 91.2, "percent", "CIFAR-10", "ResNet-20", "test")]
    assert _read(cases, ("MNIST test error", "1.3 % (best of 3)"))[0][:4] == ("error_rate", 1.3, "percent", "MNIST")


def test_the_label_never_reaches_what_the_auditor_is_given(cases: Any, tmp_path: Path) -> None:
    row = {
        "id": "x", "repo": "o/n", "commit": "0" * 40, "commit_date": "2021-04-13", "entry": ["python secret_entry.py"],
        "claims": [], "outcome": "reproduced", "outcome_after_minimal_fix": "not reached", "root_cause": "gpu_only: …",
    }  # fmt: skip
    (tmp_path / "cases.jsonl").write_text(json.dumps(row) + "\n")
    ((case, label),) = cases.read_cases(tmp_path / "cases.jsonl")
    assert "secret_entry" not in repr(case)
    assert (label.outcome, label.repaired, label.cause, label.ran) == ("reproduced", "", "gpu_only", True)
