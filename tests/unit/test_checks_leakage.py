"""The checks on leakage: what they say of whole repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.inventory import read_repository

BODY = """import pandas as pd
from sklearn.feature_selection import SelectKBest
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC
df = pd.read_csv("data.csv")
X, y = df.drop(columns=["target"]), df["target"]
{before}
X_train, X_test, y_train, y_test = train_test_split(X, y)
model = SVC()
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
"""


def finding(folder: Path, check: str, files: dict[str, str]) -> Finding:
    for path, text in files.items():
        (folder / path).write_text(text)
    return Facts([read_repository(folder)]).run(all_checks()[check])


def test_a_clean_program_passes_every_check(tmp_path: Path) -> None:
    files = {"train.py": BODY.format(before="X = X.fillna(0)")}
    for name in ("preprocessing", "resampling", "evaluation", "selection"):
        assert finding(tmp_path, f"leakage.{name}", files).status is Status.PASS


def test_selection_by_the_target_before_the_split_fails_with_both_ends_and_the_authors_names(tmp_path: Path) -> None:
    before = "chosen = SelectKBest(k=9)\nX = chosen.fit_transform(X, y)"
    result = finding(tmp_path, "leakage.preprocessing", {"train.py": BODY.format(before=before)})
    assert (result.status, result.level) == (Status.FAIL, "high")
    assert "`X` is selected by `chosen` in train.py, line 9" in result.sentence
    places = [(e.line, e.excerpt) for e in result.evidence if isinstance(e, FileEvidence)]
    assert [line for line, _ in places] == [9, 12, 13]
    assert places[0][1] == "X = chosen.fit_transform(X, y)"


def test_a_scaler_before_the_split_counts_half_and_its_remedy_is_code(tmp_path: Path) -> None:
    before = "scaler = StandardScaler()\nX = scaler.fit_transform(X)"
    result = finding(tmp_path, "leakage.preprocessing", {"train.py": BODY.format(before=before)})
    assert (result.status, result.level) == (Status.PARTIAL, "low")
    assert result.remedy is not None
    assert "`X_train = scaler.fit_transform(X_train)`" in result.remedy
    assert "`X_test = scaler.transform(X_test)`" in result.remedy


def test_oversampling_before_the_split_fails(tmp_path: Path) -> None:
    before = "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)"
    result = finding(tmp_path, "leakage.resampling", {"train.py": BODY.format(before=before)})
    assert (result.status, result.level) == (Status.FAIL, "high")


def test_a_repository_that_trains_nothing_is_not_asked(tmp_path: Path) -> None:
    assert finding(tmp_path, "leakage.selection", {"a.py": "print(1 + 1)\n"}).status is Status.NOT_APPLICABLE


def test_training_that_cannot_be_followed_to_its_data_is_unknown(tmp_path: Path) -> None:
    code = "from elsewhere import loop\nloop.fit()\n"
    result = finding(tmp_path, "leakage.preprocessing", {"train.py": code})
    assert result.status is Status.UNKNOWN
    assert "train.py" in result.sentence


def test_a_program_that_was_not_followed_to_its_end_is_no_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.analysis.leakage.programs.STEPS", 40)
    result = finding(tmp_path, "leakage.resampling", {"train.py": BODY.format(before="X = X.fillna(0)")})
    assert result.status is Status.UNKNOWN


def test_a_notebook_is_read_in_the_order_of_its_cells_and_cited_by_them(tmp_path: Path) -> None:
    import json

    before = "%matplotlib inline\nscaler = StandardScaler()\nX = scaler.fit_transform(X)"
    head, tail = BODY.format(before="#CUT").split("#CUT")
    cells = [{"cell_type": "code", "source": text, "outputs": [], "metadata": {}} for text in (head, before, tail)]
    notebook = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    result = finding(tmp_path, "leakage.preprocessing", {"a.ipynb": notebook})
    first = result.evidence[0]
    assert isinstance(first, FileEvidence)
    assert (first.cell, first.line) == (2, 3)
    assert "a.ipynb, cell 2, line 3" in result.sentence


def test_the_remedy_of_a_best_test_epoch_is_written_for_the_library_of_the_loop(tmp_path: Path) -> None:
    code = """import torch
from torchvision import datasets
train = torch.utils.data.DataLoader(datasets.MNIST("a", train=True))
test = torch.utils.data.DataLoader(datasets.MNIST("a", train=False))
net = torch.nn.Linear(9, 9)
best = 0
for epoch in range(9):
    for x, y in train:
        torch.nn.functional.cross_entropy(net(x), y).backward()
    for x, y in test:
        acc = (net(x).argmax() == y).sum()
    if acc > best:
        best = acc
"""
    result = finding(tmp_path, "leakage.selection", {"train.py": code})
    assert (result.status, result.level) == (Status.FAIL, "high")
    assert result.code is None  # it has no data set of a name, only loaders
    assert "(`torch.utils.data.random_split`)" in (result.remedy or "")
    named = code.replace('DataLoader(datasets.MNIST("a", train=True))', "DataLoader(train_set)")
    named = named.replace("train = ", 'train_set = datasets.MNIST("a", train=True)\ntrain = ')
    assert "random_split(train_set" in (finding(tmp_path, "leakage.selection", {"train.py": named}).code or "")
    assert "No patch: which rows to keep for the choice is the author's to say." in (result.remedy or "")


def test_test_rows_that_measured_several_trainings_are_told_and_cost_nothing(tmp_path: Path) -> None:
    code = (
        "import pandas as pd\nfrom sklearn.model_selection import train_test_split\nfrom sklearn.svm import SVC\n"
        "X = pd.read_csv('a.csv')\ny = X.pop('y')\nX_train, X_test, y_train, y_test = train_test_split(X, y)\n"
        "for c in (0.1, 1, 10):\n    model = SVC(C=c).fit(X_train, y_train)\n"
        "    print(c, model.score(X_test, y_test))\n"
    )
    found = finding(tmp_path, "leakage.selection", {"train.py": code})
    assert (found.status, found.level) == (Status.PASS, "low")
    assert "several trainings were scored on `X_test`, from train.py, line 9" in found.sentence
    once = code.replace("for c in (0.1, 1, 10):\n    ", "c = 1\n").replace("    print", "print")
    assert finding(tmp_path, "leakage.selection", {"train.py": once}).level is None


VALIDATED = """
from keras.models import Sequential
net = Sequential()
X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train)
net.fit(X_fit, y_fit, validation_data=(X_val, y_val))
print(net.evaluate(X_test, y_test))
"""


def test_the_finding_says_which_rows_were_scaled_together(tmp_path: Path) -> None:
    everything = "X = StandardScaler().fit_transform(X)"
    said = finding(tmp_path, "leakage.preprocessing", {"train.py": BODY.format(before=everything)}).sentence
    assert "together with `X_test`, which is tested on in" in said
    head = BODY.format(before="").partition("model = ")[0]
    code = head + "X_train = StandardScaler().fit_transform(X_train)\n" + VALIDATED
    said = finding(tmp_path, "leakage.preprocessing", {"train.py": code}).sentence
    assert "`X_train` is scaled by `StandardScaler` in train.py, line 10" in said
    assert "together with `X_val`, which is validated on in train.py, line 15" in said


@pytest.mark.parametrize(
    ("before", "others"),
    [
        ("X = StandardScaler().fit_transform(X)\nX = X - X.mean()", "; 1 more is as grave."),
        ("X = SelectKBest().fit_transform(X, y)\nX = X - X.mean()", "; 1 more is less grave."),
        ("X = StandardScaler().fit_transform(X)\nX = X - X.mean()\nX = X / X.std()", "; 2 more are as grave."),
        ("X = SelectKBest().fit_transform(X, y)\nX = SelectKBest().fit_transform(X, y)\nX = X - X.mean()",
         "; of 2 more, 1 is as grave."),
    ],
)  # fmt: skip
def test_how_many_more_leaks_there_are_is_said_in_plain_words(tmp_path: Path, before: str, others: str) -> None:
    said = finding(tmp_path, "leakage.preprocessing", {"train.py": BODY.format(before=before)}).sentence
    assert said.endswith(others)
