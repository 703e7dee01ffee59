"""Repairs that would break a program, or change what it says: refused, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.findings import Status
from tests.unit.test_repair_leaks import FITS, SPLIT, finding, program, repository


@pytest.mark.parametrize(
    ("split", "more", "why"),
    [
        ("X_tr, X_te, y_tr, y_te, w_tr, w_te = train_test_split(X, y, y)", "sample_weight=w_tr, ",
         "`sample_weight` may hold a value for each row"),
        ("X_tr, X_te, y_tr, y_te, w_tr, w_te = train_test_split(X, y, y)", "callbacks=[w_tr], ",
         "the training is given `w_tr` too"),
        (SPLIT.replace(")", ", shuffle=False)"), "", "has `shuffle`, which a second one would not keep"),
        (SPLIT.replace(")", ", stratify=y)"), "", "has `stratify`, which a second one would not keep"),
        (SPLIT, "**more, ", "`**` may hold a value for each row"),
    ],
)  # fmt: skip
def test_rows_that_something_else_is_aligned_with_are_not_cut_again(
    tmp_path: Path, split: str, more: str, why: str
) -> None:
    made, fit, tested = FITS[1]
    fit = fit.format("X_tr", "y_tr", "X_te", "y_te").replace("eval_set", f"{more}eval_set")
    found = finding(repository(tmp_path / "code", program(made, split, fit, tested, tail="")), "selection")
    assert found.status is Status.FAIL
    assert found.patch is None
    assert why in (found.remedy or "")


def test_a_validation_of_three_parts_is_left_alone(tmp_path: Path) -> None:
    made, _, tested = FITS[0]
    fit = "clf.fit(X_tr, y_tr, validation_data=(X_te, y_te, w_te), callbacks=[EarlyStopping()])"
    split = "X_tr, X_te, y_tr, y_te, w_tr, w_te = train_test_split(X, y, y)"
    found = finding(repository(tmp_path / "code", program(made, split, fit, tested, tail="")), "selection")
    assert found.patch is None


@pytest.mark.parametrize("opened", ["with open('out.txt', 'w') as out:", "if len(y) > 3:"])
def test_what_is_used_after_the_block_is_not_moved_into_a_pipeline(tmp_path: Path, opened: str) -> None:
    lines = [opened, "    Xs = StandardScaler().fit_transform(X)", "    print(cross_val_score(SVC(), Xs, y))"]
    found = finding(repository(tmp_path / "code", program(*lines, "final = SVC().fit(Xs, y)", tail="")))
    assert found.status is not Status.PASS
    assert found.patch is None
    assert "No patch: line 15 uses `Xs` too" in (found.remedy or "")


@pytest.mark.parametrize("given", ["fit_params={'sample_weight': y}", "params={'sample_weight': y}", "**more"])
def test_a_cross_validation_that_names_parts_of_the_model_gets_no_pipeline(tmp_path: Path, given: str) -> None:
    lines = ["Xs = StandardScaler().fit_transform(X)", f"print(cross_val_score(SVC(), Xs, y, {given}))"]
    found = finding(repository(tmp_path / "code", program(*lines, tail="")))
    assert found.patch is None
    assert "which names parts of the model" in (found.remedy or "")


def test_a_cross_validation_that_gives_the_models_back_gets_no_pipeline(tmp_path: Path) -> None:
    lines = ["from sklearn.model_selection import cross_validate", "Xs = StandardScaler().fit_transform(X)",
             "made = cross_validate(SVC(), Xs, y, return_estimator=True)", "print(made['estimator'])"]  # fmt: skip
    found = finding(repository(tmp_path / "code", program(*lines, tail="")))
    assert found.patch is None
    assert "names parts of the model" in (found.remedy or "")


PARTS = ["X_tr = scaler.transform(X_tr)", "X_te = scaler.transform(X_te)"]


@pytest.mark.parametrize(
    "lines",
    [
        ["scaler = StandardScaler()", "scaler.fit(X)", "X = np.log1p(X)", SPLIT, *PARTS],
        ["scaler = StandardScaler()", SPLIT, "X = np.log1p(X)", "scaler.fit(X)", *PARTS],
    ],
)
def test_a_fit_is_not_moved_past_a_change_of_its_rows(tmp_path: Path, lines: list[str]) -> None:
    found = finding(repository(tmp_path / "code", program("import numpy as np", *lines)))
    assert found.patch is None
    assert found.status is not Status.PASS
    assert "uses `X` too" in (found.remedy or "")


def test_a_split_of_the_authors_own_or_of_another_library_is_no_split_of_scikit_learns(tmp_path: Path) -> None:
    lines = ["scaler = StandardScaler()", "X = scaler.fit_transform(X)", SPLIT]
    own = program("def train_test_split(a, b, test_size):", "    return a[:5], a[5:], b[:5], b[5:]", *lines)
    other = program("from dask_ml.model_selection import train_test_split", *lines)
    for number, text in enumerate((own, other)):
        found = finding(repository(tmp_path / str(number), text.replace("cross_val_score, train_test_split", "KFold")))
        assert found.patch is None


def test_a_comprehensions_variable_does_not_hide_what_a_function_reads(tmp_path: Path) -> None:
    shown = "def show():\n    print([X for X in range(3)], len(X))"
    found = finding(repository(tmp_path / "code", program(shown, "X = StandardScaler().fit_transform(X)", SPLIT)))
    assert found.patch is None
    assert "No patch: the function at line 12 uses `X` too" in (found.remedy or "")


def test_a_functions_own_variable_of_the_same_name_hinders_no_repair(tmp_path: Path) -> None:
    shown = "def show(rows):\n    X = [X for X in rows]\n    return X"
    found = finding(repository(tmp_path / "code", program(shown, "X = StandardScaler().fit_transform(X)", SPLIT)))
    assert found.patch is not None
