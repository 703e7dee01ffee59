"""Fit the models behind the measured confidence, and write them to auditor/scoring/calibration.json.

    python tests/benchmarks/calibrate.py --corpus DIR --labels CSV [--labels CSV] … [--jobs N]

Labels as for agreement.py; each human answer is one observation, so a published label and an annotation of the same
repository are two. One logistic regression an item, over the levels of a few checks, regularised (L2) as
cross-validation over repositories finds best; the Brier score and the reliability curve are cross-validated too. The
rules behind the levels were developed on labelled repositories: where these are the same ones, the figures flatter.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from auditor import __version__
from auditor.scoring.calibration import FILE, Bin, Calibration, Model, features
from corpus import Read, read_corpus
from figures import probabilistic
from guide import CHECKS, ORDERED, PUBLISHED, TICKS, Answers, read_answers, ticked

STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)
"""Inverse strengths of regularisation that are tried (scikit-learn's `C`)."""
FOLDS = 5
FEWEST = 8
"""Answers of either kind below which no model is fitted."""
COMMON = tuple(CHECKS[field] for field in PUBLISHED)
"""The checks whose levels every model may use beside those of its own check."""


def main() -> None:
    """Fit, write, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--labels", type=Path, action="append", required=True)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    tables = [read_answers(path) for path in args.labels]
    read = read_corpus(args.corpus, dict.fromkeys(name for answers in tables for name in answers), args.jobs)
    if not read:
        parser.error(f"{args.corpus} holds none of the labelled repositories; the models stay as they are")
    models = {CHECKS[field]: model for field in TICKS if (model := fit(field, read, tables)) is not None}
    calibration = Calibration(
        version="1",
        date=date.today().isoformat(),
        auditor_version=__version__,
        repositories=len(read),
        labels=tuple(path.name for path in args.labels),
        models=models,
    )
    dropped = set(TICKS) - {field for field in TICKS if CHECKS[field] in models}
    if dropped:
        print(f"No model for {', '.join(sorted(dropped))}: fewer than {FEWEST} answers of either kind.")
    FILE.write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(f"{'check':32}{'n':>5}{'base':>7}{'Brier':>8}{'of base':>9}")
    for check, model in models.items():
        print(f"{check:32}{model.n:5}{model.base:7.2f}{model.brier:8.3f}{model.brier_of_base:9.3f}")


def fit(field: str, read: Iterable[Read], tables: Iterable[Answers]) -> Model | None:
    """Return the model of one field; None where humans gave too few answers of either kind."""
    names, x, y, groups = _observations(field, list(read), list(tables))
    if min(y.sum(), len(y) - y.sum()) < FEWEST:
        return None
    strength, chances = _best(x, y, groups)
    fitted = LogisticRegression(C=strength, max_iter=1000).fit(x, y)
    base = float(y.mean())
    return Model(
        ticks=TICKS[field],
        intercept=round(float(fitted.intercept_[0]), 4),
        weights={
            name: round(float(weight), 4)
            for name, weight in zip(names, fitted.coef_[0], strict=True)
            if abs(weight) >= 0.0005
        },
        n=len(y),
        base=round(base, 4),
        brier=round(probabilistic(y, chances)["brier"], 4),
        brier_of_base=round(base * (1 - base), 4),
        reliability=_curve(y, chances),
    )


def out_of_fold(read: list[Read], tables: list[Answers], folds: int) -> dict[str, dict[str, float | None]]:
    """Return by repository and field the probability of a tick by models fitted without that repository's fold."""
    keys = [each.repository.lower() for each in read]
    sure: dict[str, dict[str, float | None]] = {key: dict.fromkeys(TICKS) for key in keys}
    for field in TICKS:
        names, x, y, groups = _observations(field, read, tables)
        if min(y.sum(), len(y) - y.sum()) < FEWEST:
            continue
        for fold in range(folds):
            inside = groups % folds != fold
            if len(set(y[inside])) < 2:
                continue
            strength, _ = _best(x[inside], y[inside], groups[inside])
            model = LogisticRegression(C=strength, max_iter=1000).fit(x[inside], y[inside])
            for number, each in enumerate(read):
                if number % folds == fold:
                    row = _row(names, each)
                    sure[keys[number]][field] = float(model.predict_proba(row[None])[0, 1])
    return sure


def _observations(
    field: str, read: list[Read], tables: list[Answers]
) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Return the names of the features, their matrix (answers x features), the answers, and the repository of each."""
    checks = {CHECKS[field], *COMMON}
    found = [features(f for f in each.findings.values() if f.check in checks) for each in read]
    counted = {name: sum(name in each for each in found) for name in set().union(*found)}
    names = sorted(name for name, count in counted.items() if 2 <= count < len(read))
    rows, answers, groups = [], [], []
    for number, each in enumerate(read):
        for table in tables:
            value = table.get(each.repository.lower(), {}).get(field)
            if value and (value in ("0", "1", *TICKS[field], *ORDERED.get(field, ()))):
                rows.append(_row(names, each))
                answers.append(int(ticked(field, value)))
                groups.append(number)
    return names, np.asarray(rows, float), np.asarray(answers), np.asarray(groups)


def _row(names: list[str], read: Read) -> np.ndarray:
    found = features(read.findings.values())
    return np.asarray([name in found for name in names], float)


def _best(x: np.ndarray, y: np.ndarray, groups: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the strength with the lowest cross-validated Brier score, and its probabilities."""
    tried = []
    for strength in STRENGTHS:
        model = LogisticRegression(C=strength, max_iter=1000)
        chances = cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba")[:, 1]
        tried.append((probabilistic(y, chances)["brier"], strength, chances))
    _, strength, chances = min(tried, key=lambda item: item[0])
    return strength, chances


def _curve(y: np.ndarray, chances: np.ndarray) -> tuple[Bin, ...]:
    """Return the reliability curve over up to five bins of equal numbers of answers."""
    parts = np.array_split(np.argsort(chances, kind="stable"), min(5, len(y) // 10 or 1))
    return tuple(
        Bin(mean=round(float(chances[p].mean()), 3), ticked=round(float(y[p].mean()), 3), n=len(p)) for p in parts
    )


if __name__ == "__main__":
    main()
