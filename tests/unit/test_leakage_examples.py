"""Which examples two tables share, and values that hold one thing in many ways."""

from __future__ import annotations

import pytest

from auditor.analysis.leakage.findings import pairs
from tests.unit.test_leakage_kinds import HEAD, SPLIT, TAIL, before, found, run_of


def test_numbers_typed_for_the_training_rows_after_a_look_at_them_are_no_leak_of_other_files() -> None:
    code = """
    import pandas as pd
    train, test = pd.read_csv("train.csv"), pd.read_csv("test.csv")
    print(pd.qcut(train["fare"], 4), pd.qcut(test["fare"], 4))
    for data in (train, test):
        data.loc[data["fare"] <= 7.91, "band"] = 0
    model.fit(train.drop(columns="y"), train["y"])
    print(accuracy_score(test["y"], model.predict(test.drop(columns="y"))))
    """
    assert found(code) == set()


NOISY = """
import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC
labels, others = np.load("labels.npy"), np.load("others.npy")
plain, noisy = np.load("plain.npy"), np.load("noisy.npy")
X_train, X_test, y_train, y_test = train_test_split(plain, labels)
model = SVC().fit(X_train, y_train)
print(model.score(noisy, {targets}))
"""


@pytest.mark.parametrize(("targets", "same"), [("labels", True), ("others", False)])
def test_rows_with_the_targets_of_the_training_are_its_examples_in_another_version(targets: str, same: bool) -> None:
    (pair,) = pairs(run_of(NOISY.format(targets=targets)).ledger)
    assert (pair.same_rows, pair.disjoint) == (same, not same)


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("read('train')", "read('test')"),
        ("np.load(sys.argv[1])", "np.load(sys.argv[2])"),
        ("both['y_tr']", "both['y_te']"),
        ("both['train']", "both['test_labels']"),
    ],
)
def test_targets_of_other_files_or_columns_make_no_same_examples(train: str, test: str) -> None:
    code = f"""
    import sys
    import numpy as np
    from sklearn.svm import SVC
    def read(name):
        return np.load(name + "_labels.npy")
    both = np.load("labels.npz")
    model = SVC().fit(np.load("train.npy"), {train})
    print(model.score(np.load("test.npy"), {test}))
    """
    (pair,) = pairs(run_of(code).ledger)
    assert (pair.same_rows, pair.disjoint) == (False, True)


def test_two_tables_that_were_aligned_are_still_two() -> None:
    step = "X_train, X_test = X_train.align(X_test, join='left', axis=1)\n"
    (pair,) = pairs(run_of(HEAD + SPLIT + step + TAIL).ledger)
    assert pair.disjoint


SCALER = (
    "from sklearn.pipeline import Pipeline\nfrom sklearn.preprocessing import StandardScaler\np0 = StandardScaler()\n"
)
LISTS = "{name}0 = [X]\n" + "".join(f"{{name}}{n + 1} = [{{name}}{n}, {{name}}{n}]\n" for n in range(60))


@pytest.mark.parametrize(
    "step",
    [
        SCALER + "".join(f"p{n + 1} = Pipeline([('a', p{n}), ('b', p{n})])\n" for n in range(30))
        + "X = p30.fit_transform(X)",
        SCALER + "steps = [('a', p0)]\nown = Pipeline(steps)\nsteps.append(('b', own))\nX = own.fit_transform(X)",
        SCALER + "".join(f"p{n + 1} = Pipeline({', '.join([f'p{n}'] * 60)})\n" for n in range(6))
        + "p6.transform(X)\nX = p0.fit_transform(X)",
        LISTS.format(name="a") + LISTS.format(name="b") + "kept = a60 if X.ndim > 1 else b60\n"
        + SCALER + "X = p0.fit_transform(X)",
        "a0 = [X]\n" + "".join(f"a{n + 1} = [{', '.join([f'a{n}'] * 60)}]\n" for n in range(6)) + "np.array(a6)\n"
        + SCALER + "X = p0.fit_transform(X)",
    ],
    ids=["steps of steps", "a step of itself", "nothing fitted", "lists of either side", "lists of lists"],
)  # fmt: skip
def test_what_holds_one_thing_in_exponentially_many_ways_is_looked_into_once(step: str) -> None:
    run = run_of(before(step))
    assert not run.exhausted
    assert ("preprocessing", "scaling") in {(leak.kind, leak.operation) for leak in run.leaks}
