"""What an author can write instead, in the author's own names."""

from __future__ import annotations

import re

from auditor.analysis.leakage.findings import Leak

AS_CLASS = {
    "scale": "StandardScaler", "minmax_scale": "MinMaxScaler", "maxabs_scale": "MaxAbsScaler",
    "robust_scale": "RobustScaler", "quantile_transform": "QuantileTransformer", "power_transform": "PowerTransformer",
}  # fmt: skip
"""Functions of scikit-learn that scale at once, and the classes that do it with a memory."""
_NAME = re.compile(r"^[A-Za-z_]\w{0,60}$")


def remedy_of(leak: Leak) -> str:
    """Return the step that closes a leak, as code where the author's names allow it."""
    train, test = _parts(leak)
    if leak.kind == "selection":
        return (
            f"Cut a validation set off the training data, choose the best by its result, and measure once on the rows "
            f"of `{leak.data or test}` when everything is chosen."
        )
    if leak.kind == "repeated-test":
        return "Choose between models on a validation set, and measure the chosen one once on the test rows."
    if leak.kind == "evaluation":
        name = leak.data if _NAME.match(leak.data or "") else "X"
        return (
            f"Keep rows back: `{name}_train, {name}_test, y_train, y_test = train_test_split({name}, y)`; "
            f"fit on the first, score on the second."
        )
    if leak.kind == "order":
        return f"Cut by time: `train_test_split({leak.data or 'X'}, y, shuffle=False)`, or `TimeSeriesSplit()`."
    if leak.kind == "groups":
        return f"Keep groups together: `GroupShuffleSplit().split({leak.data or 'X'}, y, groups={leak.name})`."
    if leak.kind == "resampling":
        return f"Cut the test rows off first; resample or augment `{train}` alone, and leave `{test}` as it is."
    if not leak.both:
        return f"Use for `{test}` what was fitted on `{train}`: `{test} = {_named(leak)}.transform({test})`."
    if _by_hand(leak):
        return f"Cut the test rows off first; compute it from `{train}` alone, and use that for `{test}` too."
    name = _named(leak)
    made = f"`{name} = {AS_CLASS[leak.name]}()`, " if leak.name in AS_CLASS else ""
    return (
        f"Cut the test rows off first, then {made}`{train} = {name}.fit_transform({train})` and "
        f"`{test} = {name}.transform({test})`; in cross-validation, `make_pipeline({name}, model)`."
    )


def code_of(leak: Leak, torch: bool = False) -> str:
    """Return lines that close a leak, in the author's names; empty where they would not differ from the remedy.

    `torch` says that the rows come from PyTorch's data sets.
    """
    train, test = _parts(leak)
    data = leak.data if _NAME.match(leak.data or "") else "X"
    named = _named(leak)
    if torch and leak.kind == "selection" and leak.how != "validation":
        return (
            "held = len(train_set) // 10\n"
            "train_set, val_set = torch.utils.data.random_split(train_set, [len(train_set) - held, held])\n"
            "# train on train_set, keep what is best on val_set\n"
            "# when everything is chosen, once: measure on the test set"
        )
    if leak.kind in ("selection", "repeated-test"):
        rows, rest = (train, test) if leak.kind == "selection" else ("X_train", data)
        return (
            f"{rows}, X_val, y_train, y_val = train_test_split({rows}, y_train)\n"
            f"# fit on {rows}, choose by the result on X_val\n"
            f"# when everything is chosen, once: measure on {rest}"
        )
    if leak.kind == "evaluation":
        return (
            f"{data}_train, {data}_test, y_train, y_test = train_test_split({data}, y)\n"
            f"# fit on {data}_train, score on {data}_test"
        )
    if leak.kind == "order":
        return f"{data}_train, {data}_test, y_train, y_test = train_test_split({data}, y, shuffle=False)"
    if leak.kind == "groups":
        return f"cut = GroupShuffleSplit(n_splits=1).split({data}, y, groups={leak.name})\ntrain, test = next(cut)"
    if leak.how == "cross-validation":
        return f"model = make_pipeline({named}, model)\nscores = cross_val_score(model, {data}, y)"
    if leak.operation == "resampling":
        return f"# after the split\n{train}, y_train = {named}.fit_resample({train}, y_train)"
    if leak.kind == "resampling" or not leak.both or _by_hand(leak):
        return ""
    made = f"{named} = {AS_CLASS[leak.name]}()\n" if leak.name in AS_CLASS else ""
    return f"# after the split\n{made}{train} = {named}.fit_transform({train})\n{test} = {named}.transform({test})"


def _parts(leak: Leak) -> tuple[str, str]:
    """Return the author's names of the training and test rows; the customary ones where they have none of their own."""
    train, test = leak.train, leak.test
    if train == test or not _NAME.match(train) or not _NAME.match(test):
        return "X_train", "X_test"
    return train, test


def _by_hand(leak: Leak) -> bool:
    """Return whether it is computed without an object that could be fitted to other rows."""
    if leak.operation in ("selection", "model", "group", "outliers") or not _NAME.match(leak.name):
        return not leak.fitted or leak.operation == "model"
    return not leak.fitted and leak.name not in AS_CLASS


def _named(leak: Leak) -> str:
    """Return the name of the object that is fitted; of a function that does without, what its object may be called."""
    if leak.name in AS_CLASS:
        return "scaler"
    return leak.name if _NAME.match(leak.name) and not leak.name[:1].isupper() else "transformer"
