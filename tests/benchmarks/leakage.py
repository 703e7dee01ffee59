"""Precision and recall of leakage against labelled programs, as a table by source and kind of label.

    python tests/benchmarks/leakage.py --inputs DIR --labels FILE [--answers OUT.csv] [--json] [--misses]
    python tests/benchmarks/leakage.py --corpus DIR [--findings] [--json]

FILE is a CSV with the columns file, source, level (`file` or `pair`), kind, leaky (1 or 0), train_line and eval_line.
Every file named there is read once, each by itself, and nothing of it is executed. A label of level `pair` speaks of
one training and one evaluation: where it has their lines it is compared with what was found of that pair, and beside
that with the whole file, where it is no more than a lower bound of precision (other pairs of the file bear no label).
The label kind `overlap` means resampling before the split in some sources, and evaluation on training rows in others
(`OVERLAP`); they are shown apart. What a cross-validation spoils has no label.

The last columns are the figures, where there are any, of a 242-line walk over the syntax tree and of the tool that
needs Souffle and a type checker (F1, on the whole of each source). Answers: file, kind, leaky, lines of both ends,
seconds.

With `--corpus`, every folder in DIR is read as one repository, nothing of it is executed, and what the program model
made of it is printed: the share of calls that were resolved, the share of entry points whose whole path was followed
within the budget, leaks by kind and severity, and seconds (of the model alone, without reading the files). `--findings`
prints each leak of high or medium severity with its lines, to be read against the files.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.analysis.call_graph import Program
from auditor.analysis.leakage.findings import Leak, Pair, pairs, refitted
from auditor.analysis.leakage.operations import RESAMPLING
from auditor.analysis.leakage.programs import LeakageOf, Run, run_source
from auditor.repository.code.syntax import facts_of
from auditor.repository.inventory import read_repository

OVERLAP = {
    "yang_tests": "resampling",
    "leakcheck_snippets": "resampling",
    "yang_ase22_gt": "resampling",
    "draoui_exp1": "training-rows",
    "draoui_exp2": "training-rows",
}
"""What the label `overlap` means in each source."""
ELSEWHERE = {
    ("yang_tests", "preprocessing", "file"): (0.76, 0.88),
    ("yang_tests", "resampling", "file"): (0.67, 1.00),
    ("yang_ase22_gt", "preprocessing", "file"): (0.57, 0.97),
    ("yang_ase22_gt", "resampling", "file"): (0.60, 1.00),
    ("yang_ase22_gt", "multi-test", "file"): (0.51, 0.74),
    ("draoui_exp1", "preprocessing", "file"): (0.70, 0.86),
    ("draoui_exp1", "preprocessing", "pair"): (0.65, None),
    ("draoui_exp1", "training-rows", "pair"): (0.67, None),
    ("draoui_exp2", "preprocessing", "pair"): (0.68, None),
    ("draoui_exp2", "training-rows", "pair"): (0.64, None),
    ("leakcheck_snippets", "preprocessing", "file"): (0.85, None),
}
LINES_APART = 3
"""A call's line may follow by so many the line on which its statement begins, which labels give."""
KINDS = {"preprocessing": "preprocessing", "resampling": "resampling", "multi-test": "repeated-test"}


@dataclass(frozen=True)
class Answer:
    """What is said of one file and kind: whether it leaks, and between which lines."""

    file: str
    kind: str
    leaky: bool
    lines: tuple[int, int] | None
    seconds: float


@dataclass(frozen=True)
class Read:
    """One file as read: its run, its pairs, and the seconds that both took."""

    run: Run
    pairs: tuple[Pair, ...]
    seconds: float


def read(path: Path) -> Read:
    """Return what is found in one file."""
    text = path.read_text(encoding="utf-8", errors="replace")
    start = time.perf_counter()
    run = run_source(facts_of(path.name, text), {}, None)
    found = tuple(pairs(run.ledger))
    return Read(run, found, time.perf_counter() - start)


def answer(file: str, kind: str, known: Read) -> Answer:
    """Return the answer for a whole file."""
    lines: list[tuple[int, int]] = []
    if kind == "training-rows":
        lines = [(p.fit.place.line, p.evaluation.place.line) for p in known.pairs if p.same_rows]
    else:
        for leak in known.run.leaks:
            if leak.kind == KINDS[kind] and leak.how != "cross-validation":
                lines.append((leak.cause.line, leak.effect.line))
        if kind == "resampling":
            lines += [(p.fit.place.line, p.evaluation.place.line) for p in known.pairs if p.trained_on_more]
    return Answer(file, kind, bool(lines), lines[0] if lines else None, known.seconds)


def answer_pair(file: str, kind: str, known: Read, train: int, test: int) -> Answer:
    """Return the answer for the pair of a training and an evaluation at these lines; the nearest evaluation's."""
    here: list[Pair] = []
    for offset in range(LINES_APART + 1):
        here = [pair for pair in known.pairs if pair.evaluation.place.line == test + offset]
        if here:
            break
    here = [pair for pair in here if train <= pair.fit.place.line <= train + LINES_APART] or here
    if kind == "training-rows":  # the label does not say which evaluation of its line is meant: all must be
        resampled = [any(mark.kind == "resampling" for mark in pair.marks) for pair in here]
        leaky = bool(here) and all(p.same_rows or r for p, r in zip(here, resampled, strict=True))
    else:
        leaky = any(_preprocessed(pair) for pair in here)
    return Answer(file, kind, leaky, (train, test), known.seconds)


def _preprocessed(pair: Pair) -> bool:
    marks = [mark for mark in pair.marks if mark.kind not in RESAMPLING]
    return pair.seen is not pair.fit and any(mark in pair.fit.marks or refitted(mark) for mark in marks)


def compare(
    labels: list[dict[str, str]], files: dict[str, Read]
) -> Iterator[tuple[tuple[str, str, str], bool, Answer]]:
    """Yield (source, kind, level), label and answer for each label that can be compared."""
    for row in labels:
        file, source = row["file"], row["source"]
        kind = OVERLAP[source] if row["kind"] == "overlap" else row["kind"]
        leaky = row["leaky"] == "1"
        if row["level"] == "file" or (source == "draoui_exp1" and kind == "preprocessing"):
            yield (source, kind, "file"), leaky, answer(file, kind, files[file])
        if row["level"] == "pair" and row["train_line"] and row["eval_line"]:
            lines = int(row["train_line"]), int(row["eval_line"])
            yield (source, kind, "pair"), leaky, answer_pair(file, kind, files[file], *lines)


def figures(outcomes: list[tuple[bool, bool]]) -> dict[str, float | int | None]:
    """Return counts, precision, recall and F1 of (label, answer) pairs."""
    true = sum(label and found for label, found in outcomes)
    false = sum(found and not label for label, found in outcomes)
    missed = sum(label and not found for label, found in outcomes)
    return {
        "labels": len(outcomes), "true": true, "false": false, "missed": missed,
        "precision": true / (true + false) if true + false else None,
        "recall": true / (true + missed) if true + missed else None,
        "f1": 2 * true / (2 * true + false + missed) if true + false + missed else None,
    }  # fmt: skip


@dataclass(frozen=True)
class Followed:
    """What the program model made of one repository; `whole` counts the entry points followed to their end."""

    name: str
    entries: int
    whole: int
    calls: int
    resolved: int
    leaks: tuple[Leak, ...]
    seconds: float


def follow(folder: Path) -> Followed:
    """Return what the model makes of a repository."""
    program = Program(read_repository(folder))
    _ = program.sources, program.entry_points, program.tree
    start = time.perf_counter()
    found = LeakageOf(program)
    leaks = found.leaks
    seconds = time.perf_counter() - start
    whole = sum(not run.exhausted and run.entry.statements.whole for run in found.runs)
    return Followed(
        folder.name, len(found.programs), whole, found.count.calls, found.count.resolved, leaks, seconds
    )  # fmt: skip


def over_corpus(corpus: Path, show: bool, as_json: bool) -> None:
    """Print what the model makes of every repository of a corpus."""
    known: list[Followed] = []
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir()):
        known.append(follow(folder))
        for leak in known[-1].leaks if show else ():
            if leak.severity != "low":
                ends = f"{leak.cause.path}:{leak.cause.line} -> {leak.effect.path}:{leak.effect.line}"
                print(f"{folder.name}  {leak.severity} {leak.kind} {leak.operation} {leak.name} {leak.data}  {ends}")
    seconds = sorted(item.seconds for item in known) or [0.0]
    calls, entries = sum(item.calls for item in known), sum(item.entries for item in known)
    kinds = Counter(f"{leak.kind} {leak.severity}" for item in known for leak in item.leaks)
    summary = {
        "repositories": len(known), "calls": calls,
        "resolved": round(sum(item.resolved for item in known) / max(calls, 1), 3),
        "entry_points": entries, "reached": round(sum(item.whole for item in known) / max(entries, 1), 3),
        "median_s": round(statistics.median(seconds), 3), "worst_s": round(seconds[-1], 3),
        "total_s": round(sum(seconds), 1), "leaks": dict(sorted(kinds.items())),
    }  # fmt: skip
    print(json.dumps(summary, indent=1) if as_json else "\n".join(f"{k:>13}  {v}" for k, v in summary.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--corpus", type=Path, help="a folder of repositories, instead of labelled files")
    parser.add_argument("--findings", action="store_true", help="with --corpus: list the leaks that are not low")
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--misses", action="store_true", help="name the files that are answered otherwise than labelled"
    )
    args = parser.parse_args()
    if args.corpus:
        over_corpus(args.corpus, args.findings, args.json)
    elif args.inputs and args.labels:
        over_labels(args)
    else:
        parser.error("give --inputs and --labels, or --corpus")


def over_labels(args: argparse.Namespace) -> None:
    """Print how the answers agree with labels."""
    with args.labels.open(newline="") as stream:
        labels = list(csv.DictReader(stream))
    files = {name: read(args.inputs / name) for name in sorted({row["file"] for row in labels})}
    compared = list(compare(labels, files))
    rows: list[dict[str, Any]] = []
    for key in sorted({key for key, _, _ in compared}):
        outcomes = [(label, found.leaky) for other, label, found in compared if other == key]
        rows.append({"source": key[0], "kind": key[1], "level": key[2], **figures(outcomes)})
    if args.answers:
        _write(args.answers, [found for _, _, found in compared])
    seconds = sorted(item.seconds for item in files.values())
    calls = sum(item.run.count.calls for item in files.values())
    resolved = sum(item.run.count.resolved for item in files.values())
    summary = {
        "files": len(files), "median_ms": round(1e3 * statistics.median(seconds), 1),
        "worst_s": round(seconds[-1], 3), "calls": calls, "resolved": round(resolved / max(calls, 1), 3),
        "cut_short": sum(item.run.exhausted for item in files.values()),
    }  # fmt: skip
    if args.json:
        print(json.dumps({"figures": rows, **summary}, indent=1))
        return
    _show(rows, summary)
    if args.misses:
        for key, label, found in compared:
            if label != found.leaky:
                outcome = "missed" if label else "false "
                print(f"{outcome} {key[0]:>19} {key[1]:>14} {key[2]} {found.file} {found.lines or ''}")


def _write(path: Path, answers: list[Answer]) -> None:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "kind", "leaky", "first_line", "second_line", "seconds"])
        for item in answers:
            writer.writerow([item.file, item.kind, int(item.leaky), *(item.lines or ("", "")), f"{item.seconds:.4f}"])


def _show(rows: list[dict[str, Any]], summary: dict[str, float | int]) -> None:
    print(
        f"{'source':>19} {'kind':>14} level  n  true/false/missed  precision recall   F1   | F1 of tree walk, of tool"
    )
    for row in rows:
        counts = f"{row['true']}/{row['false']}/{row['missed']}"
        shares = "  ".join(
            f"{row[name]:6.2f}" if row[name] is not None else "     -" for name in ("precision", "recall", "f1")
        )
        others = ELSEWHERE.get((str(row["source"]), str(row["kind"]), str(row["level"])), (None, None))
        beside = "  ".join(f"{value:.2f}" if value is not None else "   -" for value in others)
        name = f"{row['source']:>19} {row['kind']:>14} {row['level']:>5}"
        print(f"{name} {row['labels']:>4} {counts:>14}   {shares}  | {beside}")
    print(", ".join(f"{name} {value}" for name, value in summary.items()))


if __name__ == "__main__":
    main()
