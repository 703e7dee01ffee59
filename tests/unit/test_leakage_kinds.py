"""Every kind of leakage: a program that has it, and its twin that has not."""

from __future__ import annotations

import textwrap

import pytest

from auditor.analysis.leakage.programs import Run, run_source
from auditor.repository.code.syntax import facts_of

HEAD = """
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
df = pd.read_csv("data.csv")
X, y = df.drop(columns=["target"]), df["target"]
"""
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y)\n"
TAIL = """
from sklearn.linear_model import LogisticRegression
model = LogisticRegression()
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
"""


def run_of(code: str) -> Run:
    return run_source(facts_of("train.py", textwrap.dedent(code)), {}, None)


def found(code: str) -> set[tuple[str, str]]:
    """Return (kind, operation) of the leaks that reach the training."""
    return {(leak.kind, leak.operation) for leak in run_of(code).leaks if leak.both}


def before(step: str) -> str:
    return HEAD + step + "\n" + SPLIT + TAIL


def after(step: str) -> str:
    return HEAD + SPLIT + step + "\n" + TAIL


PREPROCESSING = [
    ("scaling", "from sklearn.preprocessing import StandardScaler\nX = StandardScaler().fit_transform(X)",
     "from sklearn.preprocessing import StandardScaler\ns = StandardScaler()\nX_train = s.fit_transform(X_train)\n"
     "X_test = s.transform(X_test)"),
    ("imputation", "from sklearn.impute import SimpleImputer\nimp = SimpleImputer()\nimp.fit(X)\nX = imp.transform(X)",
     "from sklearn.impute import SimpleImputer\nimp = SimpleImputer()\nimp.fit(X_train)\n"
     "X_train, X_test = imp.transform(X_train), imp.transform(X_test)"),
    ("vocabulary", "from sklearn.feature_extraction.text import TfidfVectorizer as T\nX = T().fit_transform(X['text'])",
     "from sklearn.feature_extraction.text import TfidfVectorizer as T\nv = T()\n"
     "X_train = v.fit_transform(X_train['text'])\nX_test = v.transform(X_test['text'])"),
    ("decomposition", "from sklearn.decomposition import *\npca = PCA(2)\nX = pca.fit_transform(X)",
     "from sklearn.decomposition import *\npca = PCA(2)\nX_train = pca.fit_transform(X_train)\n"
     "X_test = pca.transform(X_test)"),
    ("selection", "from sklearn.feature_selection import SelectKBest\nX = SelectKBest(k=5).fit_transform(X, y)",
     "from sklearn.feature_selection import SelectKBest\ns = SelectKBest(k=5)\n"
     "X_train = s.fit_transform(X_train, y_train)\nX_test = s.transform(X_test)"),
    ("target_encoding", "from category_encoders import TargetEncoder\nX = TargetEncoder().fit_transform(X, y)",
     "from category_encoders import TargetEncoder\ne = TargetEncoder()\nX_train = e.fit_transform(X_train, y_train)\n"
     "X_test = e.transform(X_test)"),
    ("encoding", "import category_encoders as ce\nX = ce.CountEncoder().fit_transform(X)",
     "import category_encoders as ce\ne = ce.CountEncoder()\nX_train = e.fit_transform(X_train)\n"
     "X_test = e.transform(X_test)"),
    ("categories", "from sklearn.preprocessing import OrdinalEncoder\nX = OrdinalEncoder().fit_transform(X)",
     "from sklearn.preprocessing import OrdinalEncoder\ne = OrdinalEncoder()\nX_train = e.fit_transform(X_train)\n"
     "X_test = e.transform(X_test)"),
    ("categories", "X['city'] = X['city'].astype('category').cat.codes",
     "names = list(X_train['city'].unique())\nX_test['city'] = X_test['city'].map(names.index)"),
    ("categories", "X['city'] = pd.Categorical(X['city']).codes",
     "X_train['city'] = X_train.city.astype('category').cat.codes"),
    ("categories", "X['city'] = pd.factorize(X['city'])[0]", "X_train['city'] = X_train['city'].factorize()[0]"),
    ("scaling",
     "from sklearn.compose import ColumnTransformer\nfrom sklearn.preprocessing import OneHotEncoder, StandardScaler\n"
     "columns = ColumnTransformer([('n', StandardScaler(), ['age']), ('c', OneHotEncoder(), ['city'])])\n"
     "X = columns.fit_transform(X)", "pass"),
    ("typed", "print(pd.qcut(X['fare'], 4))\nX['band'] = 3\nX.loc[(X['fare'] > 3) & (X['fare'] <= 7.91), 'band'] = 0",
     "print(pd.qcut(X_train['fare'], 4))\nX_train.loc[X_train['fare'] <= 7.91, 'band'] = 0"),
    ("typed", "print(X.groupby('title')['age'].mean())\nX.loc[X.age.isnull() & (X.title == 'Mr'), 'age'] = 33",
     "print(X_train['age'].mean())\nX_train.loc[X_train.age.isnull(), 'age'] = 33"),
    ("typed", "print(X['age'].median())\nX['age'] = X['age'].fillna(29.5)",
     "print(X_train['age'].median())\nX_train['age'] = X_train['age'].fillna(29.5)"),
    ("aggregate", "X = (X - X.mean()) / X.std()",
     "mean, std = X_train.mean(), X_train.std()\nX_train, X_test = (X_train - mean) / std, (X_test - mean) / std"),
    ("aggregate", "X['age'].fillna(X['age'].median(), inplace=True)",
     "m = X_train['age'].median()\nX_train['age'].fillna(m, inplace=True)\nX_test['age'].fillna(m, inplace=True)"),
    ("group", "X['g'] = X.groupby('city')['age'].transform('mean')",
     "g = X_train.groupby('city')['age'].mean()\nX_train['g'] = X_train['city'].map(g)\n"
     "X_test['g'] = X_test['city'].map(g)"),
    ("discretisation", "X['bin'] = pd.qcut(X['age'], 4)", "X_train['bin'] = pd.cut(X_train['age'], [0, 20, 90])\n"
     "X_test['bin'] = pd.cut(X_test['age'], [0, 20, 90])"),
    ("model",
     "from sklearn.ensemble import IsolationForest\nout = IsolationForest().fit(X)\nX = X[out.predict(X) == 1]",
     "from sklearn.ensemble import IsolationForest\nout = IsolationForest().fit(X_train)\n"
     "X_train = X_train[out.predict(X_train) == 1]"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "leaky", "clean"), PREPROCESSING)
def test_a_statistic_over_all_rows_before_the_split_leaks_and_one_over_the_training_rows_does_not(
    operation: str, leaky: str, clean: str
) -> None:
    assert ("preprocessing", operation) in found(before(leaky))
    assert found(after(clean)) == set()


def test_the_finding_has_the_lines_of_both_ends_and_the_training_between() -> None:
    code = before(
        "from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()\nX = scaler.fit_transform(X)"
    )
    (leak,) = (leak for leak in run_of(code).leaks if leak.kind == "preprocessing")
    lines = code.split("\n")
    assert "fit_transform" in lines[leak.cause.line - 1]
    assert ["model.fit" in lines[place.line - 1] for place in leak.between] == [True]
    assert "model.score" in lines[leak.effect.line - 1]
    assert (leak.name, leak.train, leak.test) == ("scaler", "X_train", "X_test")


@pytest.mark.parametrize(
    "step",
    [
        "X = X.fillna(0)",
        "X['sum'] = X.sum(axis=1)",
        "X['mean'] = X.mean(axis=1)",
        "X['long'] = X.codes.apply(len)",
        "X = np.log1p(X)",
        "X = pd.get_dummies(X)",
        "from sklearn.preprocessing import OneHotEncoder\nX = OneHotEncoder().fit_transform(X)",
        "from sklearn.compose import make_column_transformer\nfrom sklearn.preprocessing import OneHotEncoder\n"
        "X = make_column_transformer((OneHotEncoder(), ['city']), remainder='passthrough').fit_transform(X)",
        "print(X['age'].median())\nX['age'] = X['age'].fillna(-1)",
        "print(X['age'].median())\nX['fare'] = X['fare'].fillna(29.5)",
        "print(pd.qcut(df['age'], 4))\nX.loc[X['fare'] > 20, 'rich'] = 1",
        "X['long'] = X['text'].apply(lambda s: len(s.split()))",
        "from sklearn.preprocessing import Normalizer\nX = Normalizer().fit_transform(X)",
        "print(X.mean(), X.corr())",
        "X = X.dropna().drop_duplicates().reset_index(drop=True)",
    ],
)
def test_what_is_done_row_by_row_or_only_looked_at_is_no_leak(step: str) -> None:
    assert found(before(step)) == set()


def test_the_encoded_target_alone_is_no_leak() -> None:
    step = "from sklearn.preprocessing import LabelEncoder\ndf['target'] = LabelEncoder().fit_transform(df['target'])\n"
    again = "X, y = df.drop(columns=['target']), df['target']\n"
    assert found(HEAD + step + again + SPLIT + TAIL) == set()


def test_pipelines_and_cross_validation_objects_are_safe() -> None:
    code = """
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    from sklearn.model_selection import cross_val_score, GridSearchCV
    pipe = make_pipeline(StandardScaler(), SVC())
    print(cross_val_score(pipe, X, y))
    search = GridSearchCV(pipe, {"svc__C": [1, 10]}).fit(X_train, y_train)
    print(search.score(X_test, y_test))
    """
    assert found(HEAD + SPLIT + textwrap.dedent(code)) == set()


def test_cross_validation_of_data_that_were_scaled_as_a_whole_leaks() -> None:
    code = (
        "from sklearn.preprocessing import scale\nfrom sklearn.model_selection import cross_val_score\nX = scale(X)\n"
    )
    assert ("preprocessing", "scaling") in found(HEAD + code + "print(cross_val_score(SVC(), X, y))\n")


def test_feature_selection_inside_the_folds_is_no_leak_and_outside_of_them_is() -> None:
    loop = """
    from sklearn.model_selection import KFold
    from sklearn.feature_selection import SelectKBest
    for fit, held in KFold(5).split(values):
        model = SVC()
        {inside}
        model.fit(values[fit], y[fit])
        print(model.score(values[held], y[held]))
    """
    head = HEAD + "values = X.values\nselect = SelectKBest()\n"
    loop = textwrap.dedent(loop)
    assert found(head + "values = select.fit_transform(values, y)\n" + loop.format(inside="pass")) == {
        ("preprocessing", "selection")
    }
    assert found(head + loop.format(inside="select.fit(values[fit], y[fit])")) == set()


RESAMPLERS = [
    "from imblearn.over_sampling import SMOTE\n{X}, {y} = SMOTE().fit_resample({X}, {y})",
    "import imblearn\nros = imblearn.over_sampling.RandomOverSampler()\n{X}, {y} = ros.fit_sample({X}, {y})",
    "from sklearn.utils import resample\n{X} = pd.concat([{X}, resample({X}[{X}.a == 1], n_samples=900)])",
]


@pytest.mark.parametrize("step", RESAMPLERS)
def test_rows_that_are_multiplied_before_the_split_leak_and_after_it_do_not(step: str) -> None:
    assert ("resampling", "resampling") in found(before(step.format(X="X", y="y")))
    assert found(after(step.format(X="X_train", y="y_train"))) == set()


def test_undersampling_leaves_no_copies() -> None:
    step = "from imblearn.under_sampling import RandomUnderSampler\nX, y = RandomUnderSampler().fit_resample(X, y)"
    assert found(before(step)) == set()


def test_random_augmentation_before_the_split_is_found_and_of_the_training_set_is_not() -> None:
    code = """
    import torch
    from torchvision import datasets, transforms
    from torch.utils.data import DataLoader, random_split
    flip = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
    plain = transforms.ToTensor()
    {data}
    net = torch.nn.Linear(9, 2)
    for x, y in DataLoader(train):
        torch.nn.functional.cross_entropy(net(x), y).backward()
    for x, y in DataLoader(test):
        print((net(x).argmax(1) == y).sum())
    """
    leaky = "train, test = random_split(datasets.ImageFolder('all', transform=flip), [90, 10])"
    clean = "train, test = datasets.MNIST('m', train=True, transform=flip), datasets.MNIST('m', train=False)"
    code = textwrap.dedent(code)
    assert found(code.format(data=leaky)) == {("resampling", "augmented_reading")}
    assert found(code.format(data=clean)) == set()


def test_a_score_on_the_training_rows_alone_is_a_fault_and_beside_a_test_score_it_is_none() -> None:
    alone = HEAD + "from sklearn.svm import SVC\nmodel = SVC().fit(X, y)\nprint(model.score(X, y))\n"
    assert found(alone) == {("evaluation", "score")}
    assert found(HEAD + SPLIT + TAIL + "print(model.score(X_train, y_train))\n") == set()


def test_the_best_epoch_by_test_rows_is_a_fault_and_by_validation_rows_it_is_none() -> None:
    code = """
    import torch
    from torchvision.datasets import MNIST
    from torch.utils.data import DataLoader, random_split
    {data}
    net = torch.nn.Linear(9, 2)
    def accuracy(loader):
        correct = 0
        for x, y in loader:
            correct += (net(x).argmax(1) == y).sum().item()
        return correct
    best = 0
    for epoch in range(9):
        for x, y in DataLoader(train):
            torch.nn.functional.cross_entropy(net(x), y).backward()
        result = accuracy(DataLoader(chosen_by))
        if result > best:
            best = result
            torch.save(net.state_dict(), "best.pt")
    print(accuracy(DataLoader(test)))
    """
    leaky = "train, test = MNIST('m', train=True), MNIST('m', train=False)\nchosen_by = test"
    clean = "train, chosen_by = random_split(MNIST('m', train=True), [9, 1])\ntest = MNIST('m', train=False)"
    code = textwrap.dedent(code)
    assert ("selection", "chosen") in found(code.format(data=leaky))
    assert ("selection", "chosen") not in found(code.format(data=clean))


def test_several_models_on_one_test_set_use_it_repeatedly_and_one_model_does_not() -> None:
    second = "other = RandomForestClassifier()\nother.fit(X_train, y_train)\nprint(other.score(X_test, y_test))\n"
    assert ("repeated-test", "repeated") in found(HEAD + SPLIT + TAIL + second)
    assert found(HEAD + SPLIT + TAIL + "print(model.predict(X_test))\n") == set()


def test_high_severity_is_kept_for_what_makes_results_too_good() -> None:
    scaled = before("from sklearn.preprocessing import StandardScaler\nX = StandardScaler().fit_transform(X)")
    chosen = before("from sklearn.feature_selection import SelectKBest\nX = SelectKBest(k=5).fit_transform(X, y)")
    assert {leak.severity for leak in run_of(scaled).leaks} == {"low"}
    assert {leak.severity for leak in run_of(chosen).leaks} == {"high"}


def test_rows_that_hold_values_of_earlier_rows_are_not_to_be_mixed_and_may_be_cut_in_order() -> None:
    lagged = HEAD + "X['before'] = X['price'].shift(1)\nX = X.dropna()\n"
    assert ("order", "order") in found(lagged + SPLIT + TAIL)
    assert found(lagged + SPLIT.replace("(X, y)", "(X, y, shuffle=False)") + TAIL) == set()


def test_groups_that_one_split_keeps_together_are_kept_by_all() -> None:
    grouped = """
from sklearn.model_selection import GroupKFold
from sklearn.svm import SVC
for fit, held in GroupKFold(5).split(X, y, groups=df["patient"]):
    model = SVC().fit(X.iloc[fit], y.iloc[fit])
    print(model.score(X.iloc[held], y.iloc[held]))
"""
    assert found(HEAD + grouped) == set()
    assert ("groups", "groups") in found(HEAD + grouped + SPLIT + TAIL)


def test_a_single_image_that_is_changed_is_no_copy_among_the_test_rows() -> None:
    code = """
    import numpy as np
    from keras.preprocessing.image import ImageDataGenerator
    from sklearn.model_selection import train_test_split
    from sklearn.svm import SVC
    X, y = np.load("x.npy"), np.load("y.npy")
    change = ImageDataGenerator(rotation_range=9)
    {}
    X_train, X_test, y_train, y_test = train_test_split(X, y)
    print(SVC().fit(X_train, y_train).score(X_test, y_test))
    """
    one = "for n in range(len(X)):\n        X[n] = change.flow(np.array([X[n]]), batch_size=1)[0]"
    assert not found(textwrap.dedent(code).format(textwrap.dedent(one)))
    assert found(textwrap.dedent(code).format("X = change.flow(X).next()")) == {("resampling", "augmentation")}


CHOSEN = """
corr = df.corr()
wanted = {wanted}
X = df[wanted].drop(columns="target")
"""


@pytest.mark.parametrize(
    "wanted",
    [
        "list(corr[corr['target'].abs() > 0.3].index)",
        "corr.nlargest(5, 'target').index",
        "[name for name in corr[corr['target'] > 0.3].index]",
    ],
)
def test_columns_by_the_index_of_a_correlation_are_chosen_with_its_rows(wanted: str) -> None:
    assert ("preprocessing", "selection") in found(before(CHOSEN.format(wanted=wanted)))


def test_names_in_a_table_of_means_choose_nothing() -> None:
    assert not found(before("means = df.mean()\nX = df[list(means.index)].drop(columns='target')"))


LOADED = """
import torch
from torch.utils.data import random_split
rows = torch.load("rows.pt")
training, validation, test = random_split(rows, [8, 1, 1])

def accuracy(model, part):
    right = 0
    for x, y in part:
        right += (model(x) == y).sum().item()
    return right

model, best = torch.nn.Linear(3, 2), 0
for epoch in range(9):
    for x, y in training:
        torch.nn.functional.cross_entropy(model(x), y).backward()
    now = accuracy(model, validation)
    if now > best:
        best = now
        torch.save(model.state_dict(), "best.pt")
"""
FRESH = "model = torch.nn.Linear(3, 2)\nmodel.load_state_dict(torch.load('best.pt'))\nprint(accuracy(model, {}))\n"


def test_the_best_state_loaded_into_a_new_model_and_tested_on_other_rows_is_chosen_rightly() -> None:
    assert ("selection", "chosen") in found(LOADED)
    assert ("selection", "chosen") in found(LOADED + FRESH.format("validation"))
    assert ("selection", "chosen") not in found(LOADED + FRESH.format("test"))
