"""Compute the metrics of Table 1 from the predicted probabilities that train.py has written."""

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, log_loss

METRICS = {
    "accuracy": lambda truth, probability: accuracy_score(truth, probability.argmax(axis=1)),
    "macro_f1": lambda truth, probability: f1_score(truth, probability.argmax(axis=1), average="macro"),
    "log_loss": log_loss,
}


def summarize(truth, probabilities):
    """Return {method: {metric: mean, metric_std: sample standard deviation}} over the runs of each method."""
    results = {}
    for method, runs in probabilities.items():
        results[method] = {}
        for metric, measure in METRICS.items():
            values = [measure(truth, probability) for probability in runs]
            results[method][metric] = float(np.mean(values))
            results[method][f"{metric}_std"] = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return results


def show(results, title):
    """Return the results as lines of text, one for each method."""
    lines = [title]
    for method, values in results.items():
        parts = (f"{metric} {values[metric]:.4f} +/- {values[metric + '_std']:.4f}" for metric in METRICS)
        lines.append(f"{method}: {', '.join(parts)}")
    return "\n".join(lines)


def main():
    """Print the metrics of a file of predictions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("predictions", type=Path, nargs="?", default=Path("outputs/predictions.npz"))
    args = parser.parse_args()
    with np.load(args.predictions) as stored:
        truth = stored["truth"]
        probabilities = {method: stored[method] for method in stored.files if method != "truth"}
    print(show(summarize(truth, probabilities), "Digits, from stored predictions"))


if __name__ == "__main__":
    main()
