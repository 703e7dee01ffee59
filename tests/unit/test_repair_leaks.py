"""Repairs of leaks: real repositories, real patches, applied by git and audited again."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository
from tests.conftest import git

HEAD = """import pandas as pd
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectKBest
from sklearn.manifold import TSNE
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler
from imblearn.over_sampling import SMOTE
from sklearn.svm import SVC

df = pd.read_csv("data.csv")
X, y = df.drop(columns=["target"]), df["target"]
"""
TAIL = """
clf = SVC()
clf.fit(X_tr, y_tr)
print(clf.score(X_te, y_te))
"""
SPLIT = "X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.2)"


def program(*lines: str, tail: str = TAIL) -> str:
    return HEAD + "\n".join(lines) + "\n" + tail


def finding(folder: Path, check: str = "preprocessing") -> Finding:
    return Facts([read_repository(folder)]).run(all_checks()[f"leakage.{check}"])


def repository(folder: Path, text: str | bytes, path: str = "train.py") -> Path:
    folder.mkdir()
    data = text.encode() if isinstance(text, str) else text
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(data)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "core.autocrlf", "false")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def apply(folder: Path, patch: str, by: str = "git") -> None:
    command = ["git", "apply", "--whitespace=nowarn", "-"] if by == "git" else ["patch", "-p1", "--silent"]
    subprocess.run(command, cwd=folder, input=patch.encode(), check=True, capture_output=True)


REPAIRED = [
    (["scaler = StandardScaler()", "X = scaler.fit_transform(X)", SPLIT],
     ["scaler = StandardScaler()", SPLIT, "X_tr = scaler.fit_transform(X_tr)", "X_te = scaler.transform(X_te)"]),
    (["Xs = StandardScaler().fit_transform(X.values)", "X_tr, X_te, y_tr, y_te = train_test_split(Xs, y)"],
     ["X_tr, X_te, y_tr, y_te = train_test_split(X.values, y)", "standard_scaler = StandardScaler()",
      "X_tr = standard_scaler.fit_transform(X_tr)", "X_te = standard_scaler.transform(X_te)"]),
    (["best = SelectKBest(k=9)", "chosen = best.fit_transform(X, y)",
      "X_tr, X_te, y_tr, y_te = train_test_split(chosen, y, stratify=y)"],
     ["best = SelectKBest(k=9)", "X_tr, X_te, y_tr, y_te = train_test_split(X, y, stratify=y)",
      "X_tr = best.fit_transform(X_tr, y_tr)", "X_te = best.transform(X_te)"]),
    (["scaler = StandardScaler()", "scaler.fit(X)", "X = scaler.transform(X)  # all of it", "print(len(y))", SPLIT],
     ["scaler = StandardScaler()", "print(len(y))", SPLIT, "scaler.fit(X_tr)", "X_tr = scaler.transform(X_tr)",
      "X_te = scaler.transform(X_te)"]),
    (["scaler = StandardScaler().fit(X)", SPLIT, "X_tr = scaler.transform(X_tr)", "X_te = scaler.transform(X_te)"],
     [SPLIT, "scaler = StandardScaler().fit(X_tr)", "X_tr = scaler.transform(X_tr)", "X_te = scaler.transform(X_te)"]),
    (["scaler = StandardScaler()", "pca = PCA(3)", "Z = scaler.fit_transform(X)", "Z2 = pca.fit_transform(Z)",
      "X_tr, X_te, y_tr, y_te = train_test_split(Z2, y)"],
     ["scaler = StandardScaler()", "pca = PCA(3)", "X_tr, X_te, y_tr, y_te = train_test_split(X, y)",
      "X_tr = scaler.fit_transform(X_tr)", "X_te = scaler.transform(X_te)", "X_tr = pca.fit_transform(X_tr)",
      "X_te = pca.transform(X_te)"]),
    (["scaler = StandardScaler()", "X = pd.DataFrame(scaler.fit_transform(X), columns=X.columns)", SPLIT],
     ["scaler = StandardScaler()", SPLIT,
      "X_tr = pd.DataFrame(scaler.fit_transform(X_tr), columns=X_tr.columns, index=X_tr.index)",
      "X_te = pd.DataFrame(scaler.transform(X_te), columns=X_te.columns, index=X_te.index)"]),
    (["scaler = StandardScaler()", "cols = ['a', 'b']", "X[cols] = scaler.fit_transform(X[cols])", SPLIT],
     ["scaler = StandardScaler()", "cols = ['a', 'b']", SPLIT, "X_tr[cols] = scaler.fit_transform(X_tr[cols])",
      "X_te[cols] = scaler.transform(X_te[cols])"]),
    (["X = (X - X.mean()) / X.std()", SPLIT],
     [SPLIT, "X_te = (X_te - X_tr.mean()) / X_tr.std()", "X_tr = (X_tr - X_tr.mean()) / X_tr.std()"]),
    (["norm = X.fillna(X.median())", "X_tr, X_te, y_tr, y_te = train_test_split(norm, y)"],
     ["X_tr, X_te, y_tr, y_te = train_test_split(X, y)", "X_te = X_te.fillna(X_tr.median())",
      "X_tr = X_tr.fillna(X_tr.median())"]),
    (["scaler = StandardScaler()", SPLIT, "X_tr = scaler.fit_transform(X_tr)", "X_te = scaler.fit_transform(X_te)"],
     ["scaler = StandardScaler()", SPLIT, "X_tr = scaler.fit_transform(X_tr)", "X_te = scaler.transform(X_te)"]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), REPAIRED)
@pytest.mark.parametrize("by", ["git", "patch"])
def test_what_is_fitted_on_all_rows_is_fitted_on_the_training_rows_after_the_patch(
    tmp_path: Path, before: list[str], after: list[str], by: str
) -> None:
    folder = repository(tmp_path / "code", program(*before))
    found = finding(folder)
    assert found.patch is not None, found.remedy
    apply(folder, found.patch, by)
    text = (folder / "train.py").read_text()
    assert text == program(*after)
    compile(text, "train.py", "exec")
    assert finding(folder).status is Status.PASS


def test_oversampling_moves_below_the_split(tmp_path: Path) -> None:
    split = "X_tr, X_te, y_tr, y_te = train_test_split({}, {}, random_state=1)"
    folder = repository(
        tmp_path / "code", program("sm = SMOTE()", "X2, y2 = sm.fit_resample(X, y)", split.format("X2", "y2"))
    )
    found = finding(folder, "resampling")
    assert found.patch is not None
    apply(folder, found.patch)
    wanted = program("sm = SMOTE()", split.format("X", "y"), "X_tr, y_tr = sm.fit_resample(X_tr, y_tr)")
    assert (folder / "train.py").read_text() == wanted
    assert finding(folder, "resampling").status is Status.PASS


@pytest.mark.parametrize(
    ("made", "module", "check"),
    [
        ("Z = {}.fit_transform(X)", "sklearn.pipeline", "preprocessing"),
        ("Z, y = {}.fit_resample(X, y)", "imblearn.pipeline", "resampling"),
    ],
)
def test_a_step_before_a_cross_validation_goes_into_one_pipeline_with_the_model(
    tmp_path: Path, made: str, module: str, check: str
) -> None:
    step = "SMOTE()" if check == "resampling" else "StandardScaler()"
    lines = [made.format(step), "print(cross_val_score(SVC(C=2), Z, y, cv=5))"]
    folder = repository(tmp_path / "code", program(*lines, tail=""))
    found = finding(folder, check)
    assert found.patch is not None, found.remedy
    apply(folder, found.patch)
    text = (folder / "train.py").read_text()
    assert f"cross_val_score(make_pipeline({step}, SVC(C=2)), X, y, cv=5)" in text
    assert f"from {module} import make_pipeline\n" in text
    assert finding(folder, check).status is Status.PASS


def test_rows_in_an_order_are_cut_without_mixing(tmp_path: Path) -> None:
    folder = repository(tmp_path / "code", program("X['last'] = X['a'].shift(1)", SPLIT))
    found = finding(folder, "split")
    assert found.patch is not None, found.remedy
    apply(folder, found.patch)
    assert "train_test_split(X, y, test_size=0.2, shuffle=False)" in (folder / "train.py").read_text()
    assert finding(folder, "split").status is Status.PASS


UNSAFE = [
    (["X = StandardScaler().fit_transform(X)", "print(X.mean())", SPLIT], "line 13 uses `X` too"),
    (["X = StandardScaler().fit_transform(X)", SPLIT, "print(X[0])"], "line 14 uses `X` too"),
    (["def show():\n    print(X)", "X = StandardScaler().fit_transform(X)", SPLIT], "the function at line 12 uses `X`"),
    (["le = LabelEncoder()", "X = le.fit_transform(X)", SPLIT], "`LabelEncoder` would stop at a category"),
    (["X = TSNE().fit_transform(X)", SPLIT], "`TSNE` cannot transform other rows"),
    (["s = StandardScaler(); X = s.fit_transform(X)", SPLIT], "line 12 holds more than one statement"),
    (["Z = StandardScaler().fit_transform(X)", "exec('print(Z)')", "X_tr, X_te, y_tr, y_te = train_test_split(Z, y)"],
     "what line 13 reads is not known"),
    (["Z = StandardScaler().fit_transform(X)", "X = X + 1", "X_tr, X_te, y_tr, y_te = train_test_split(Z, y)"],
     "line 13 uses `X` too"),
    (["X = X[X['a'] < X['a'].quantile(0.9)]", SPLIT], "which rows there are may change there"),
    (["both = X", "X['a'] = StandardScaler().fit_transform(X[['a']])", SPLIT], "line 12 gives `X` a second name"),
    (["s = StandardScaler()", SPLIT, "X_tr = X_tr.iloc[:9]", "s.fit(X)", "X_tr = s.transform(X_tr)",
      "X_te = s.transform(X_te)"], "line 14 uses `X_tr` too"),
    (["s = StandardScaler()", "X = s.fit_transform(X)", "print(cross_val_score(SVC(), X, y))", "s.transform([[1]])"],
     "line 15 uses `s` too"),
    (["X = StandardScaler().fit_transform(X)[:90]", SPLIT], "which rows there are may change there"),
    (["best = SelectKBest()", "Z = best.fit_transform(X, y > 0)", "X_tr, X_te, y_tr, y_te = train_test_split(Z, y)"],
     "`y > 0` is not cut by the same split"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "why"), UNSAFE)
def test_a_repair_that_is_not_safe_gives_no_patch_and_says_why(tmp_path: Path, lines: list[str], why: str) -> None:
    found = finding(repository(tmp_path / "code", program(*lines)))
    assert found.status in (Status.PARTIAL, Status.FAIL)
    assert found.patch is None
    assert f"No patch: {why}" in (found.remedy or "")


def test_names_that_other_files_import_are_left_alone(tmp_path: Path) -> None:
    folder = repository(tmp_path / "code", program("scaler = StandardScaler()", "X = scaler.fit_transform(X)", SPLIT))
    (folder / "plot.py").write_text("from train import X\nprint(X)\n")
    (folder / "train.py").write_text((folder / "train.py").read_text() + "if __name__ == '__main__':\n    print(1)\n")
    found = finding(folder)
    assert found.patch is None
    assert "No patch: other files import this one." in (found.remedy or "")


def test_a_function_is_repaired_where_it_stands(tmp_path: Path) -> None:
    body = "\tscaler = StandardScaler()\n\tX = scaler.fit_transform(X)\n\t" + SPLIT + "\n"
    text = (
        f"{HEAD}def run(X, y):\n{body}\tclf = SVC().fit(X_tr, y_tr)\n\treturn clf.score(X_te, y_te)\nprint(run(X, y))\n"
    )
    folder = repository(tmp_path / "code", text)
    found = finding(folder)
    assert found.patch is not None, found.remedy
    apply(folder, found.patch)
    text = (folder / "train.py").read_text()
    assert "\tX_tr = scaler.fit_transform(X_tr)\n\tX_te = scaler.transform(X_te)\n\tclf" in text
    compile(text, "train.py", "exec")
    assert finding(folder).status is Status.PASS


LEAKY = program("scaler = StandardScaler()", "X = scaler.fit_transform(X)", SPLIT, tail=TAIL.rstrip("\n"))


@pytest.mark.parametrize("by", ["git", "patch"])
@pytest.mark.parametrize(
    "data",
    [
        LEAKY.replace("\n", "\r\n").encode(),
        LEAKY.encode(),  # no final newline
        LEAKY.replace(
            "clf = SVC()\nclf.fit(X_tr, y_tr)\n", "print(SVC().fit(X_tr, y_tr).score(X_te, y_te)) #"
        ).encode(),
        b"\xef\xbb\xbf" + LEAKY.encode(),
        LEAKY.replace("df = pd", "größe = '模型' * 2\ndf = pd").replace("X = scaler", "X = scaler").encode(),
    ],
    ids=["crlf", "no-final-newline", "split-near-the-end", "byte-order-mark", "unicode"],
)
def test_a_patch_applies_to_the_file_as_it_is_written(tmp_path: Path, data: bytes, by: str) -> None:
    folder = repository(tmp_path / "code", data)
    found = finding(folder)
    assert found.patch is not None, found.remedy
    apply(folder, found.patch, by)
    after = (folder / "train.py").read_bytes()
    compile(after, "train.py", "exec")
    assert (b"\r\n" in after) == (b"\r\n" in data)
    assert after.count(b"\r\n") in (0, after.count(b"\n"))
    assert after.endswith(b"\n") == data.endswith(b"\n")
    assert finding(folder).status is Status.PASS


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"# caf\xe9\n" + LEAKY.encode(), "the file is not UTF-8"),
        (LEAKY.replace("\n", "\r\n", 3).encode(), "the file's lines end in different ways"),
        (LEAKY.replace(SPLIT, SPLIT + "  # \u202etest").encode(), "holds characters that cannot be shown"),
        (LEAKY.replace(SPLIT, SPLIT + "  # " + "x" * 50_000).encode(), "the patch would have"),
        (LEAKY.replace("pd.read_csv", "print 1;pd.read_csv").encode(), "the file is not in today's Python"),
    ],
    ids=["not-utf-8", "mixed-ends", "hidden-direction", "very-long-line", "python-2"],
)
def test_a_file_of_which_no_patch_can_be_shown_and_applied_gets_none(tmp_path: Path, data: bytes, why: str) -> None:
    found = finding(repository(tmp_path / "code", data))
    assert found.patch is None
    assert why in (found.remedy or "")


@pytest.mark.parametrize("path", ["my code/train it.py", "größe/<b>&amp;.py"])
def test_a_file_with_an_odd_name_is_patched(tmp_path: Path, path: str) -> None:
    folder = repository(tmp_path / "code", LEAKY, path)
    found = finding(folder)
    assert found.patch is not None, found.remedy
    apply(folder, found.patch)
    assert finding(folder).status is Status.PASS


def test_a_notebook_is_shown_its_lines_by_cell_and_gets_no_patch(tmp_path: Path) -> None:
    import json

    texts = [HEAD, "%matplotlib inline\nscaler = StandardScaler()\nX = scaler.fit_transform(X)", SPLIT, TAIL]
    cells = [{"cell_type": "code", "source": text, "outputs": [], "metadata": {}} for text in texts]
    notebook = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    found = finding(repository(tmp_path / "code", notebook, "a.ipynb"))
    assert found.patch is None
    assert found.code is not None
    assert found.code.split("\n") == [
        "# cell 2",
        "- X = scaler.fit_transform(X)",
        "# cell 3",
        "+ X_tr = scaler.fit_transform(X_tr)",
        "+ X_te = scaler.transform(X_te)",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("from sklearn.preprocessing import scale\nX = scale(X)",
         "# after the split\nscaler = StandardScaler()\nX_tr = scaler.fit_transform(X_tr)\n"
         "X_te = scaler.transform(X_te)"),
        ("X = X.ffill()", None),
        ("X['c'] = pd.qcut(X['c'], 4)", None),
    ],
)  # fmt: skip
def test_code_names_an_object_only_where_one_can_be_fitted(tmp_path: Path, line: str, code: str | None) -> None:
    found = finding(repository(tmp_path / "code", program(line, SPLIT)))
    assert found.status is Status.PARTIAL
    assert found.code == code
    assert ("fit_transform" in (found.remedy or "")) == (code is not None)


def test_a_scale_that_belongs_to_categories_unseen_in_training_is_given_no_patch(tmp_path: Path) -> None:
    lines = ["from sklearn.preprocessing import OrdinalEncoder", "enc = OrdinalEncoder({})", "X = enc.fit_transform(X)"]
    strict = finding(repository(tmp_path / "strict", program(*lines, SPLIT).replace("{}", "")))
    lenient = finding(repository(tmp_path / "lenient", program(*lines, SPLIT).replace("{}", "handle_unknown='ignore'")))
    assert strict.patch is None
    assert lenient.patch is not None


FITS = [
    ("from keras.callbacks import EarlyStopping\nfrom keras.models import Sequential\nclf = Sequential()",
     "clf.fit({0}, {1}, epochs=len({0}), validation_data=({2}, {3}), callbacks=[EarlyStopping()])",
     "print(clf.evaluate(X_te, y_te))"),
    ("from xgboost import XGBClassifier\nclf = XGBClassifier(early_stopping_rounds=3)",
     "clf.fit({0}, {1}, eval_set=[({0}, {1}), ({2}, {3})])", "print(clf.score(X_te, y_te))"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "fit", "tested"), FITS)
def test_a_training_that_the_test_rows_ended_is_given_a_validation_part(
    tmp_path: Path, made: str, fit: str, tested: str
) -> None:
    text = program(made, SPLIT, fit.format("X_tr", "y_tr", "X_te", "y_te"), tested, tail="")
    folder = repository(tmp_path / "code", text)
    found = finding(folder, "selection")
    assert found.patch is not None, found.remedy
    apply(folder, found.patch)
    cut = "X_fit, X_val, y_fit, y_val = train_test_split(X_tr, y_tr, test_size=0.2, random_state=0)"
    wanted = program(made, SPLIT, cut, fit.format("X_fit", "y_fit", "X_val", "y_val"), tested, tail="")
    assert (folder / "train.py").read_text() == wanted
    assert finding(folder, "selection").status is Status.PASS


def test_rows_that_are_not_seen_to_be_cut_are_not_cut_again(tmp_path: Path) -> None:
    made, fit, tested = FITS[0]
    lines = [made, SPLIT, "parts = [X_tr, X_tr]", fit.format("parts", "y_tr", "[X_te, X_te]", "y_te"), tested]
    found = finding(repository(tmp_path / "code", program(*lines, tail="")), "selection")
    assert found.status is Status.FAIL
    assert found.patch is None
    assert "`parts` is not seen to be rows that can be cut again" in (found.remedy or "")


@pytest.mark.parametrize(
    "given",
    ["+".join(["X"] * 3_000), "X" + "[0]" * 900, "(" * 90 + "X" + ")" * 90, "X" * 9_000, "f(" * 80 + "X" + ")" * 80],
)
def test_a_statement_without_measure_ends_in_a_finding(tmp_path: Path, given: str) -> None:
    lines = ["s = StandardScaler()", f"Z = s.fit_transform({given})", "X_tr, X_te, y_tr, y_te = train_test_split(Z, y)"]
    found = finding(repository(tmp_path / "code", program(*lines)))
    assert found.status in (Status.PARTIAL, Status.UNKNOWN, Status.PASS)
    if found.patch:
        apply(tmp_path / "code", found.patch)
        compile((tmp_path / "code" / "train.py").read_text(), "train.py", "exec")
