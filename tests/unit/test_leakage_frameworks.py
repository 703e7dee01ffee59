"""Trainings behind callbacks, in trainers and in sessions: which rows decided, and whether others were left."""

from __future__ import annotations

import pytest

from tests.unit.test_leakage_flow import run_of

DATA = """
import pandas as pd
from sklearn.model_selection import train_test_split
df = pd.read_csv("data.csv")
X_train, X_test, y_train, y_test = train_test_split(df, df["y"])
X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train)
"""
KERAS = (
    DATA
    + """
from keras.models import Sequential
from keras.callbacks import EarlyStopping, ModelCheckpoint, TensorBoard
model = Sequential()
{fit}
print(model.evaluate(X_test, y_test))
"""
)
BOOST = (
    DATA
    + """
import lightgbm as lgb
import xgboost as xgb
from xgboost import XGBClassifier
from catboost import CatBoostClassifier
from sklearn.metrics import accuracy_score
{fit}
print(accuracy_score(y_test, model.predict(X_test)))
"""
)


def selected(code: str) -> list[str]:
    """The names of the data by which was chosen, with nothing left to test on."""
    return [leak.data for leak in run_of(code).leaks if leak.kind == "selection"]


@pytest.mark.parametrize(
    ("fit", "chosen"),
    [
        ("model.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=[EarlyStopping(patience=3)])", True),
        ("stop = EarlyStopping()\nc = [TensorBoard(), stop]\n"
         "model.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=c)", True),
        ("model.fit(X_train, y_train, validation_data=(X_test, y_test),\n"
         "          callbacks=[ModelCheckpoint('w', save_best_only=True)])", True),
        ("model.fit(X_fit, y_fit, validation_data=(X_val, y_val), callbacks=[EarlyStopping()])", False),
        ("model.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=[EarlyStopping(monitor='loss')])",
         False),
        ("model.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=[ModelCheckpoint('w')])", False),
        ("model.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=[TensorBoard()])", False),
        ("model.fit(X_train, y_train, validation_data=(X_test, y_test))", False),
        ("model.fit(X_train, y_train, validation_split=0.1, callbacks=[EarlyStopping()])", False),
    ],
)  # fmt: skip
def test_a_callback_that_ends_or_keeps_by_the_test_rows_chooses_by_them(fit: str, chosen: bool) -> None:
    assert selected(KERAS.format(fit=fit)) == (["X_test"] if chosen else [])


@pytest.mark.parametrize(
    ("fit", "chosen"),
    [
        ("model = XGBClassifier()\n"
         "model.fit(X_train, y_train, eval_set=[(X_test, y_test)], early_stopping_rounds=9)", True),
        ("model = XGBClassifier(early_stopping_rounds=9)\n"
         "model.fit(X_train, y_train, eval_set=[(X_test, y_test)])", True),
        ("model = lgb.LGBMClassifier()\n"
         "model.fit(X_train, y_train, eval_set=[(X_test, y_test)], callbacks=[lgb.early_stopping(9)])", True),
        ("model = CatBoostClassifier()\nmodel.fit(X_train, y_train, eval_set=(X_test, y_test))", True),
        ("model = CatBoostClassifier()\n"
         "model.fit(X_train, y_train, eval_set=(X_test, y_test), use_best_model=False)", False),
        ("model = XGBClassifier()\nmodel.fit(X_train, y_train, eval_set=[(X_test, y_test)])", False),
        ("model = XGBClassifier()\n"
         "model.fit(X_fit, y_fit, eval_set=[(X_fit, y_fit), (X_val, y_val)], early_stopping_rounds=9)", False),
        ("a, b = lgb.Dataset(X_train, y_train), lgb.Dataset(X_test, y_test)\n"
         "model = lgb.train({}, a, valid_sets=[a, b], early_stopping_rounds=9)", True),
        ("a, b = lgb.Dataset(X_train, y_train), lgb.Dataset(X_test, y_test)\n"
         "model = lgb.train({}, a, valid_sets=[a, b])", False),
    ],
)  # fmt: skip
def test_boosting_that_stops_early_by_the_test_rows_chooses_by_them(fit: str, chosen: bool) -> None:
    assert bool(selected(BOOST.replace("{fit}", fit))) is chosen


LIGHTNING = (
    DATA
    + """
import pytorch_lightning as pl
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from torch.utils.data import DataLoader, TensorDataset
class Net(pl.LightningModule):
    pass
train, val, test = DataLoader(X_fit), DataLoader(X_val), DataLoader(X_test)
model = Net()
trainer = pl.Trainer({settings})
trainer.fit(model, train, {held})
trainer.test(model, test)
"""
)


@pytest.mark.parametrize(
    ("settings", "held", "chosen"),
    [
        ("callbacks=[EarlyStopping(monitor='val_loss')]", "test", True),
        ("callbacks=[ModelCheckpoint(monitor='val_acc')]", "val_dataloaders=test", True),
        ("callbacks=[ModelCheckpoint()]", "test", False),
        ("callbacks=[EarlyStopping(monitor='val_loss')]", "val", False),
        ("max_epochs=3", "test", False),
    ],
)
def test_a_lightning_trainer_chooses_by_the_rows_that_it_validates_on(settings: str, held: str, chosen: bool) -> None:
    assert bool(selected(LIGHTNING.format(settings=settings, held=held))) is chosen


SESSION = """
import tensorflow as tf
import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.feature_selection import SelectKBest
data = np.load("data.npy")
y = np.load("y.npy")
{before}
x, t = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
loss = tf.reduce_mean(tf.square(x - t))
step = tf.train.AdamOptimizer(1e-3).minimize(loss)
best = 9
with tf.Session() as sess:
    for epoch in range(9):
        for i in range(0, len(tr), 32):
            _, l = sess.run([step, loss], feed_dict={x: tr[i:i + 32], t: y_tr[i:i + 32]})
        {after}
"""
CUT = "tr, te, y_tr, y_te = train_test_split(data, y)"
VALIDATED = CUT + "\ntr, va, y_tr, y_va = train_test_split(tr, y_tr)"
BY = "result = sess.run(loss, feed_dict={{x: {0}, t: y_{0}}})\n        if result < best:\n            best = result"


def test_what_a_session_trains_and_measures_is_followed_to_its_rows() -> None:
    before = "data = SelectKBest().fit_transform(data, y)\n" + CUT
    run = run_of(SESSION.replace("{before}", before).replace("{after}", "print(sess.run(loss, {x: te, t: y_te}))"))
    assert [(leak.kind, leak.operation) for leak in run.leaks if leak.severity == "high"] == [
        ("preprocessing", "selection")
    ]


@pytest.mark.parametrize(
    ("before", "after", "chosen"),
    [
        (CUT, BY.format("te"), True),
        (VALIDATED, BY.format("va") + "\n        print(sess.run(loss, {x: te, t: y_te}))", False),
        (CUT, "print(sess.run(loss, {x: te, t: y_te}))", False),
    ],
)
def test_the_best_result_of_a_session_on_test_rows_is_chosen_by_them(before: str, after: str, chosen: bool) -> None:
    assert bool(selected(SESSION.replace("{before}", before).replace("{after}", after))) is chosen


def test_the_parts_of_a_data_set_that_comes_cut_are_different_rows() -> None:
    code = """
    import tensorflow as tf
    from tensorflow.examples.tutorials.mnist import input_data
    mnist = input_data.read_data_sets("data", one_hot=True)
    x = tf.placeholder(tf.float32)
    step = tf.train.AdamOptimizer().minimize(tf.reduce_mean(x))
    sess = tf.Session()
    for _ in range(9):
        batch = mnist.train.next_batch(50)
        sess.run(step, feed_dict={x: batch[0]})
    print(sess.run(accuracy, feed_dict={x: mnist.test.images}))
    """
    run = run_of(code)
    assert not [leak for leak in run.leaks if leak.kind == "evaluation"]
    tested = [event for event in run.ledger.evaluations if event.scored]
    assert tested
    assert tested[0].rows.isdisjoint(run.ledger.fits[0].rows)


def test_several_layers_of_one_network_measured_on_the_same_rows_are_one_finding() -> None:
    code = """
    import torch
    from torchvision import datasets
    train = torch.utils.data.DataLoader(datasets.MNIST("a", train=True))
    test = torch.utils.data.DataLoader(datasets.MNIST("a", train=False))
    one, two = torch.nn.Linear(9, 9), torch.nn.Linear(9, 9)
    best = 0
    for epoch in range(9):
        for x, y in train:
            loss = torch.nn.functional.cross_entropy(two(one(x)), y)
            loss.backward()
        for x, y in test:
            acc = (two(one(x)).argmax() == y).sum()
        if acc > best:
            best = acc
    """
    assert len(selected(code)) == 1
