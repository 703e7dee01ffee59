"""What an author can write instead, in the author's own names."""

from __future__ import annotations

import re

from auditor.analysis.leakage.findings import Leak

AS_CLASS = {
    "scale": "StandardScaler", "minmax_scale": "MinMaxScaler", "maxabs_scale": "MaxAbsScaler",
    "robust_scale": "RobustScaler", "quantile_transform": "QuantileTransformer", "power_transform": "PowerTransformer",
}  # fmt: skip
"""Functions of scikit-learn that scale at once, and the classes that do it with a memory."""
_FROM = {
    "train_test_split": "sklearn.model_selection", "cross_val_score": "sklearn.model_selection",
    "GroupShuffleSplit": "sklearn.model_selection", "make_pipeline": "sklearn.pipeline",
} | dict.fromkeys(AS_CLASS.values(), "sklearn.preprocessing")  # fmt: skip
"""What offered code calls, and where it is imported from."""
_BUILT_IN = frozenset(("len", "next", "False", "True", "torch"))
_READ = re.compile(r"(?<![\w.])[A-Za-z_]\w{0,60}(?!\w|=[^=])")
_TRAINS = re.compile(r"train|(^|_)tr(n|ng)?(_|$)", re.I)
_FEATURES = re.compile(r"^[Xx](?=$|[_\d]|t[re])|(?<=_)[Xx]$|X$|(?<![a-z])(data|features|images|inputs)(?![a-z])")
_LABELS = ("y", "Y", "labels", "label", "targets", "target")
_NAME = re.compile(r"^[A-Za-z_]\w{0,60}$")


def remedy_of(leak: Leak, known: frozenset[str], torch: bool = False) -> str:
    """Return the step that closes a leak, as code where `known`, the names of the author's file, allow it."""
    train, test = _parts(leak)
    if leak.kind == "selection":
        rows, by = (f"`{leak.data}`" if leak.data else "the test set"), " (`torch.utils.data.random_split`)"
        return (
            f"Cut a validation set off the training data{by if torch else ''}, choose the best by its result, and "
            f"measure once on the rows of {rows} when everything is chosen."
        )
    if leak.kind == "repeated-test":
        return "Choose between models on a validation set, and measure the chosen one once on the test rows."
    if leak.kind in ("evaluation", "order", "groups"):
        return _remedy_of_cut(leak, known)
    there = {train, test} <= known
    first, second = (f"`{train}`", f"`{test}`") if there else ("the training rows", "the test rows")
    if leak.kind == "resampling":
        return f"Cut the test rows off first; resample or augment {first} alone, and leave {second} as they are."
    name = _named(leak)
    there &= name in known or leak.name in AS_CLASS
    if not leak.both:
        shown = f": `{test} = {name}.transform({test})`" if there and name in known else ""
        return f"Use for {second} what was fitted on {first}{shown}."
    if _by_hand(leak):
        return f"Cut the test rows off first; compute it from {first} alone, and use that for {second} too."
    if not there:
        return (
            "Cut the test rows off first, fit on the training rows alone, and use what was fitted for both; in "
            "cross-validation, put the step and the model into one pipeline."
        )
    made = f"`{name} = {AS_CLASS[leak.name]}()`, " if leak.name in AS_CLASS else ""
    return (
        f"Cut the test rows off first, then {made}`{train} = {name}.fit_transform({train})` and "
        f"`{test} = {name}.transform({test})`; in cross-validation, put `{name}` and the model into one pipeline."
    )


def _remedy_of_cut(leak: Leak, known: frozenset[str]) -> str:
    """Return the step for rows that are to be cut otherwise."""
    data = leak.data or "the data"
    labels = _labels(leak.data, known)
    if leak.kind == "evaluation":
        cut = f"{data}_train, {data}_test, y_train, y_test = train_test_split({data}, {labels})"
        shown = f": `{cut}`" if labels else ""
        return f"Keep rows back{shown}; fit on the first part, score on the second."
    if leak.kind == "order":
        shown = f": `train_test_split({data}, {labels}, shuffle=False)`, or" if labels else ", for instance by"
        return f"Cut by time{shown} `TimeSeriesSplit()`."
    given = f"{data}, {labels}, groups={leak.name}"
    shown = f"`GroupShuffleSplit().split({given})`" if labels else f"`GroupShuffleSplit`, by `{leak.name}`"
    return f"Keep groups together: {shown}."


def code_of(leak: Leak, known: frozenset[str], torch: bool = False) -> str:
    """Return lines that close a leak, after the imports that they need; empty where words say it better.

    `known` are the names of the author's file: code that speaks of any other data is not given. `torch` says that the
    rows come from PyTorch's data sets.
    """
    code = _code(leak, known, torch)
    made: set[str] = set()
    missing: dict[str, None] = {}
    for line in code.split("\n"):
        targets, _, value = line.partition("#")[0].rpartition(" = ")
        read = set(_READ.findall(value)) - made - known - _BUILT_IN
        missing |= {f"from {_FROM[name]} import {name}": None for name in sorted(read) if name in _FROM}
        if read - _FROM.keys():
            return ""
        made |= set(_READ.findall(targets))
    return "\n".join((*missing, code))


def _code(leak: Leak, known: frozenset[str], torch: bool) -> str:
    """Return lines that close a leak, whether or not the file holds all that they name."""
    train, test = _parts(leak)
    data = leak.data if _NAME.match(leak.data or "") else ""
    labels = _labels(train, known)
    if torch and leak.kind == "selection" and leak.how != "validation":
        return (
            "held = len(train_set) // 10\n"
            "train_set, val_set = torch.utils.data.random_split(train_set, [len(train_set) - held, held])\n"
            "# train on train_set, keep what is best on val_set\n"
            "# when everything is chosen, once: measure on the test set"
        )
    if leak.kind in ("selection", "repeated-test"):
        rest = next((name for name in (test, data) if name in known), "the test rows")
        if not _TRAINS.search(train) or "batch" in train.lower() or not labels:
            return ""  # what is trained on here is a part of the training data, or what goes with it is not known
        return (
            f"{train}, X_val, {labels}, y_val = train_test_split({train}, {labels})\n"
            f"# fit on {train}, choose by the result on X_val\n"
            f"# when everything is chosen, once: measure on {rest}"
        )
    y = _labels(data, known)
    if leak.kind in ("evaluation", "order", "groups"):
        return _cut(leak, data, y) if y else ""
    if leak.how == "cross-validation":
        fitted = f"pipeline = make_pipeline({_named(leak)}, model)"
        return f"{fitted}\nscores = cross_val_score(pipeline, {data}, {y})" if y else ""
    return _prepared(leak, (train, test), labels)


def _cut(leak: Leak, data: str, y: str) -> str:
    """Return the lines that cut rows otherwise."""
    parts = f"{data}_train, {data}_test, y_train, y_test"
    if leak.kind == "evaluation":
        return f"{parts} = train_test_split({data}, {y})\n# fit on {data}_train, score on {data}_test"
    if leak.kind == "order":
        return f"{parts} = train_test_split({data}, {y}, shuffle=False)"
    return f"cut = GroupShuffleSplit(n_splits=1).split({data}, {y}, groups={leak.name})\ntrain, test = next(cut)"


def _prepared(leak: Leak, parts: tuple[str, str], labels: str) -> str:
    """Return the lines that prepare training rows alone."""
    (train, test), named = parts, _named(leak)
    if leak.operation == "resampling":
        return f"# after the split\n{train}, {labels} = {named}.fit_resample({train}, {labels})" if labels else ""
    if leak.kind == "resampling" or not leak.both or _by_hand(leak):
        return ""
    made = f"{named} = {AS_CLASS[leak.name]}()\n" if leak.name in AS_CLASS else ""
    return f"# after the split\n{made}{train} = {named}.fit_transform({train})\n{test} = {named}.transform({test})"


def _labels(name: str, known: frozenset[str]) -> str:
    """Return what a file calls the labels of rows: as the rows, with `y` for `x`; empty where it has no such name."""
    found = (_FEATURES.sub(word, name, count=1) for word in _LABELS)
    return next((label for label in found if label in known and label != name), "")


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
