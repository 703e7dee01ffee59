"""Figures of agreement between two lists of answers, with bootstrap intervals; scikit-learn does the arithmetic."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence

import numpy as np
from sklearn import metrics

BINS = 10
MEASURES = ("accuracy", "balanced", "precision", "recall", "f1", "kappa", "mcc")


def binary(truth: Sequence[int], answer: Sequence[int]) -> dict[str, float]:
    """Return the measures of yes or no answers against the truth; those that are undefined are NaN."""
    y, a = np.asarray(truth), np.asarray(answer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns of each measure that a constant leaves undefined
        recalls = [float((a[y == value] == value).mean()) for value in (0, 1) if (y == value).any()]
        return {
            "accuracy": float((y == a).mean()),
            "balanced": float(np.mean(recalls)) if len(recalls) == 2 else math.nan,
            "precision": float(metrics.precision_score(y, a, zero_division=np.nan)),
            "recall": float(metrics.recall_score(y, a, zero_division=np.nan)),
            "f1": float(metrics.f1_score(y, a, zero_division=np.nan)),
            "kappa": float(metrics.cohen_kappa_score(y, a, labels=[0, 1])),
            "mcc": float(metrics.matthews_corrcoef(y, a)),
        }


def probabilistic(truth: Sequence[int], probability: Sequence[float]) -> dict[str, float]:
    """Return the Brier score and the expected calibration error over ten bins of equal width."""
    y, p = np.asarray(truth, float), np.asarray(probability, float)
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    gaps = [abs(float((y[bins == b] - p[bins == b]).sum())) for b in range(BINS)]
    return {"brier": float(((y - p) ** 2).mean()), "ece": sum(gaps) / len(y)}


def kappa(truth: Sequence[str], answer: Sequence[str], order: Sequence[str] | None = None) -> float:
    """Return Cohen's kappa, with linear weights over `order` where the values have one; 1.0 for one constant value."""
    if set(truth) == set(answer) and len(set(truth)) == 1:
        return 1.0
    labels = list(order) if order else sorted(set(truth) | set(answer))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = "linear" if order else None
        return float(metrics.cohen_kappa_score(truth, answer, labels=labels, weights=weights))


def interval(count: int, measure: Callable[[np.ndarray], float], rounds: int) -> tuple[float, float]:
    """Return the 95% percentile interval of `measure`, a function of row numbers, over bootstrap samples of rows."""
    if not rounds:
        return math.nan, math.nan
    draw = np.random.default_rng(0)
    values = np.asarray([measure(draw.integers(0, count, count)) for _ in range(rounds)], float)
    values = values[~np.isnan(values)]
    if not len(values):
        return math.nan, math.nan
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)
