"""Train the three classifiers of the paper's Table 1 and write their predictions and metrics.

The defaults are the settings of the paper. `results.json` holds the mean and the standard deviation of each metric over
the seeds, `predictions.npz` the predicted probabilities that `evaluate.py` reads.
"""

import argparse
import csv
import json
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from evaluate import show, summarize

HERE = Path(__file__).resolve().parent


def options():
    """Return the command line's options; the defaults are the paper's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=("validation", "test"), default="test", help="where the metrics are computed")
    parser.add_argument("--seeds", type=int, default=5, help="number of runs, with the seeds 0, 1, 2, ...")
    parser.add_argument("--labels", type=int, default=200, help="labelled images per run")
    parser.add_argument("--inverse-penalty", type=float, default=10.0, help="C of the logistic regression")
    parser.add_argument("--hidden", type=int, default=128, help="hidden units of the MLP")
    parser.add_argument("--alpha", type=float, default=0.01, help="L2 penalty of the MLP")
    parser.add_argument("--learning-rate", type=float, default=0.001, help="of Adam, for the MLP")
    parser.add_argument("--epochs", type=int, default=100, help="passes of the MLP over its training images")
    parser.add_argument("--output", type=Path, default=Path("outputs"), help="folder for what is written")
    return parser.parse_args()


def load_parts():
    """Return {part: (images scaled to [0, 1], labels)} for the fixed split of data/split.csv."""
    digits = load_digits()
    with open(HERE / "data" / "split.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    parts = {}
    for part in ("pool", "validation", "test"):
        indices = np.array([int(row["index"]) for row in rows if row["part"] == part])
        parts[part] = digits.data[indices] / 16.0, digits.target[indices]
    return parts


def draw(pool, count, seed):
    """Return `count` labelled images drawn from the pool without replacement."""
    images, labels = pool
    chosen = np.random.default_rng(seed).choice(len(labels), size=count, replace=False)
    return images[chosen], labels[chosen]


def with_shifts(images, labels):
    """Return the images and their copies shifted by one pixel up, down, left and right, zeros moving in."""
    square = np.pad(images.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    offsets = ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    copies = [square[:, top : top + 8, left : left + 8].reshape(-1, 64) for top, left in offsets]
    return np.concatenate(copies), np.tile(labels, len(offsets))


def mlp(args, seed):
    """Return the untrained multilayer perceptron; every random draw of it follows from the seed."""
    return MLPClassifier(
        hidden_layer_sizes=(args.hidden,),
        alpha=args.alpha,
        learning_rate_init=args.learning_rate,
        batch_size=32,
        max_iter=args.epochs,
        n_iter_no_change=args.epochs,
        random_state=seed,
    )


def train(args, images, labels, seed):
    """Return {method: fitted classifier} for one draw of labelled images."""
    regression = LogisticRegression(C=args.inverse_penalty, max_iter=1000, random_state=seed)
    return {
        "Logistic regression": regression.fit(images, labels),
        "MLP": mlp(args, seed).fit(images, labels),
        "MLP + shifts": mlp(args, seed).fit(*with_shifts(images, labels)),
    }


def main():
    """Train with every seed, then print and write the metrics."""
    args = options()
    # The number of epochs is fixed on purpose, so that a network which could go on is no news.
    warnings.simplefilter("ignore", ConvergenceWarning)
    parts = load_parts()
    held_out, truth = parts[args.part]
    probabilities = {}
    for seed in range(args.seeds):
        start = time.perf_counter()
        images, labels = draw(parts["pool"], args.labels, seed)
        # With one thread, sums are added up in the same order on every machine.
        with threadpool_limits(limits=1):
            classifiers = train(args, images, labels, seed)
        for method, classifier in classifiers.items():
            probabilities.setdefault(method, []).append(classifier.predict_proba(held_out))
        print(f"seed {seed}: three classifiers trained in {time.perf_counter() - start:.1f} s", flush=True)
    results = summarize(truth, probabilities)
    args.output.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        args.output / "predictions.npz", truth=truth, **{k: np.array(v) for k, v in probabilities.items()}
    )
    (args.output / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print(show(results, f"Digits, {args.part} set"))


if __name__ == "__main__":
    main()
