"""Code against leaks: only where every name in it is one of the file's own."""

from __future__ import annotations

import re

import pytest

from auditor.analysis.flow.values import Place
from auditor.analysis.leakage.findings import Leak
from auditor.analysis.leakage.remedies import code_of, remedy_of

HERE = Place("train.py", 3)


def leak(kind: str, **more: object) -> Leak:
    return Leak(kind, "high", HERE, HERE, **more)  # type: ignore[arg-type]


MINIBATCH = frozenset("Xtrain Ytrain Xtest Ytest batchX batchY model".split())  # noqa: SIM905


@pytest.mark.parametrize(
    ("train", "known", "first"),
    [
        ("batchX", MINIBATCH, ""),
        ("Xtrain", MINIBATCH, "Xtrain, X_val, Ytrain, y_val = train_test_split(Xtrain, Ytrain)"),
        ("X_train", {"X_train", "y_train"}, "X_train, X_val, y_train, y_val = train_test_split(X_train, y_train)"),
        ("train_x", {"train_x", "train_y"}, "train_x, X_val, train_y, y_val = train_test_split(train_x, train_y)"),
        ("X_train", {"X_train", "labels"}, ""),
        ("X_train", {"y_train"}, ""),
        ("images", {"images", "labels"}, ""),
    ],
)
def test_a_validation_set_is_cut_in_code_only_off_training_data_of_the_file(
    train: str, known: set[str], first: str
) -> None:
    found = leak("selection", train=train, test="Xtest", data="Xtest")
    code = code_of(found, frozenset(known) | {"Xtest", "train_test_split"})
    assert code.split("\n")[0] == first


def test_code_brings_the_imports_that_the_file_lacks() -> None:
    code = code_of(leak("order", data="X"), frozenset({"X", "y"}))
    assert code.split("\n")[0] == "from sklearn.model_selection import train_test_split"


@pytest.mark.parametrize("kind", ["evaluation", "order", "groups"])
def test_where_the_labels_are_called_otherwise_the_step_is_told_in_words(kind: str) -> None:
    found = leak(kind, data="frames", name="subject")
    known = frozenset({"frames", "subject"})
    assert code_of(found, known) == ""
    assert not re.search(r"\by\b", remedy_of(found, known))
    assert "train_test_split(frames" not in remedy_of(found, known)


@pytest.mark.parametrize("kind", ["evaluation", "order", "groups"])
def test_where_all_names_are_there_the_step_is_code(kind: str) -> None:
    found = leak(kind, data="X", name="subject")
    known = frozenset({"X", "y", "subject"})
    assert code_of(found, known)
    assert "(X, y" in remedy_of(found, known)
