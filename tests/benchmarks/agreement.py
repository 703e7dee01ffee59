"""Agreement of the repository checks with human answers, beside trivial baselines.

    python tests/benchmarks/agreement.py --corpus DIR --labels CSV [--labels CSV] [--answers OUT.csv] [--json]

DIR holds one checked-out repository a folder, `owner__name` (and may hold `absent_files.csv`: repo, path of files
left out for their size). A CSV has a column `repo` (owner/name) and either yes or no labels (`1`, `0`) of the five
items of the ML Code Completeness Checklist, or the fields and values of the annotation guide (docs/guide.md). With one
of each, the agreed gold is scored too: the items on which both say the same. `na` counts neither as yes nor as no.

OUT.csv gets a row a repository: `repo`, the guide's fields with the guide's values, for each yes or no item its
probability (`p_<field>`), and the seconds. `--folds 5` scores probabilities of models refitted without the fold.
Accuracy, balanced accuracy, precision, recall, F1, kappa and MCC are of the answers; Brier and ECE of the
probabilities. Intervals are 95% bootstrap percentiles of kappa. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import statistics
from collections import Counter
from pathlib import Path

from scipy.stats import spearmanr

from auditor.scoring.calibration import tick_probability
from calibrate import out_of_fold
from corpus import Read, folder_of, read_corpus
from figures import binary, interval, kappa, probabilistic
from guide import CHECKS, ORDERED, PUBLISHED, TICKS, Answers, is_published, read_answers, ticked, values_of

GREP = {
    "training": r"\.backward\(|\.fit\(|optimizer|\btrain\b",
    "evaluation": r"accuracy|evaluat|\btest\b",
    "pretrained_model": r"pre-?trained|checkpoint",
    "results": r"^\|.*\d.*\|$|\bresults?\b",
    "dependencies": r"install_requires|\bpip install\b|\brequirements\b",
}
"""The baseline of one regular expression an item: training and evaluation over Python files, the rest over READMEs."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--labels", type=Path, action="append", required=True)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--bootstrap", type=int, default=1000, metavar="ROUNDS")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    tables = [(path.stem, read_answers(path)) for path in args.labels]
    names = list(dict.fromkeys(name for _, answers in tables for name in answers))
    read = read_corpus(args.corpus, names, args.jobs)
    if not read:
        parser.error(f"{args.corpus} holds none of the {len(names)} labelled repositories")
    given = {each.repository.lower(): values_of(each.findings) for each in read}
    sure = _probabilities(read, [answers for _, answers in tables], args.folds)
    if args.answers:
        _write(args.answers, read, given, sure)
    report = {
        "repositories": len(read),
        "missing": sorted(set(names) - set(given)),
        "seconds": _seconds(read),
        "tables": _tables(tables, given, sure, args.bootstrap),
        "baselines": _baselines(args.corpus, tables, given),
    }
    print(json.dumps(report, indent=1, default=str)) if args.json else _print(report)


def _probabilities(read: list[Read], tables: list[Answers], folds: int) -> dict[str, dict[str, float | None]]:
    """Return the probability of a tick by repository and field, of the shipped models or of models without the fold."""
    if folds:
        return out_of_fold(read, tables, folds)
    return {
        each.repository.lower(): {
            field: tick_probability(CHECKS[field], each.findings.values()) for field in TICKS if field in CHECKS
        }
        for each in read
    }


def _write(path: Path, read: list[Read], given: Answers, sure: dict[str, dict[str, float | None]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["repo", *CHECKS, *(f"p_{field}" for field in TICKS), "seconds"])
        for each in read:
            key = each.repository.lower()
            chances = [sure[key][field] for field in TICKS]
            shown = ["" if chance is None else f"{chance:.4f}" for chance in chances]
            values = [given[key].get(field, "") for field in CHECKS]
            writer.writerow([each.repository, *values, *shown, f"{each.seconds:.2f}"])


def _seconds(read: list[Read]) -> dict[str, float]:
    seconds = sorted(each.seconds for each in read)
    return {
        "median": round(statistics.median(seconds), 2),
        "p95": round(seconds[min(len(seconds) - 1, math.ceil(0.95 * len(seconds)) - 1)], 2),
        "worst": round(seconds[-1], 2),
    }


def _agreed(published: Answers, annotated: Answers) -> Answers:
    """Return the items on which the published label and the annotation say the same, as `1` and `0`."""
    both: Answers = {}
    for name in published.keys() & annotated.keys():
        same = {
            f: v
            for f, v in published[name].items()
            if annotated[name].get(f, "na") != "na" and ticked(f, annotated[name][f]) == (v == "1")
        }
        both[name] = same
    return both


def _tables(
    tables: list[tuple[str, Answers]], given: Answers, sure: dict[str, dict[str, float | None]], rounds: int
) -> dict[str, object]:
    report: dict[str, object] = {}
    for title, answers in tables:
        report[title] = _ticks(answers, given, sure, rounds)
        if is_published(answers):
            report[f"{title}: number of ticks"] = _totals(answers, given, sure)
        else:
            report[f"{title}: values"] = _values(answers, given, rounds)
    published = [answers for _, answers in tables if is_published(answers)]
    annotated = {name: row for _, answers in tables if not is_published(answers) for name, row in answers.items()}
    if published and annotated:
        gold = {name: row for answers in published for name, row in _agreed(answers, annotated).items()}
        report["agreed gold"] = _ticks(gold, given, sure, rounds)
    return report


def _ticks(
    answers: Answers, given: Answers, sure: dict[str, dict[str, float | None]], rounds: int
) -> dict[str, dict[str, object]]:
    """Return by field the figures of the yes or no answers."""
    table: dict[str, dict[str, object]] = {}
    for field in TICKS:
        rows = [(name, row[field]) for name, row in answers.items() if row.get(field, "na") != "na" and name in given]
        told = [(name, value) for name, value in rows if given[name].get(field)]
        if not told:
            continue
        truth = [int(ticked(field, value)) for _, value in told]
        said = [int(ticked(field, given[name][field])) for name, _ in told]
        figures: dict[str, object] = {"n": len(told), "answered": len(told) / len(rows), "base": sum(truth) / len(told)}
        figures |= binary(truth, said)
        figures["interval"] = interval(
            len(told), lambda i, t=truth, s=said: kappa([str(t[k]) for k in i], [str(s[k]) for k in i]), rounds
        )
        chances = [(y, sure[name].get(field)) for (name, _), y in zip(told, truth, strict=True)]
        known = [(y, p) for y, p in chances if p is not None]
        if known:
            figures |= probabilistic([y for y, _ in known], [p for _, p in known])
        table[field] = figures
    return table


def _values(answers: Answers, given: Answers, rounds: int) -> dict[str, dict[str, object]]:
    """Return by field the agreement on the guide's values."""
    table: dict[str, dict[str, object]] = {}
    for field in CHECKS:
        rows = [(name, row[field]) for name, row in answers.items() if row.get(field) and name in given]
        told = [(value, given[name][field]) for name, value in rows if given[name].get(field)]
        if not told:
            continue
        truth, said = [value for value, _ in told], [value for _, value in told]
        order = ORDERED.get(field)
        table[field] = {
            "n": len(told),
            "answered": len(told) / len(rows),
            "accuracy": sum(a == b for a, b in told) / len(told),
            "kappa": kappa(truth, said, order),
            "interval": interval(
                len(told), lambda i, t=truth, s=said, o=order: kappa([t[k] for k in i], [s[k] for k in i], o), rounds
            ),
            "majority": Counter(truth).most_common(1)[0][1] / len(truth),
        }
    return table


def _totals(answers: Answers, given: Answers, sure: dict[str, dict[str, float | None]]) -> dict[str, float]:
    """Return Spearman's rank correlation of the number of ticks with the published number."""
    names = [name for name, row in answers.items() if name in given and all(row.get(field) for field in PUBLISHED)]
    truth = [sum(row == "1" for row in (answers[name][field] for field in PUBLISHED)) for name in names]
    said = [sum(ticked(f, given[name][f]) for f in PUBLISHED if given[name].get(f)) for name in names]
    chance = [sum(sure[name].get(f) or 0.0 for f in PUBLISHED) for name in names]
    return {
        "n": len(names),
        "spearman of ticks": float(spearmanr(truth, said).statistic),
        "spearman of probabilities": float(spearmanr(truth, chance).statistic),
    }


def _baselines(corpus: Path, tables: list[tuple[str, Answers]], given: Answers) -> dict[str, object]:
    """Return by table and item the accuracy of the majority, and balanced accuracy and kappa of yes and of grep."""
    found = {name: _grep(corpus, name) for name in given}
    report: dict[str, object] = {}
    for title, answers in tables:
        rows: dict[str, object] = {}
        for field in PUBLISHED:
            told = [
                (int(ticked(field, r[field])), found[n][field])
                for n, r in answers.items()
                if r.get(field) and n in given
            ]
            if told:
                truth = [y for y, _ in told]
                share = sum(truth) / len(truth)
                figures = binary(truth, [a for _, a in told])
                rows[field] = {
                    "majority accuracy": max(share, 1 - share),
                    "constant yes accuracy": share,
                    "grep accuracy": figures["accuracy"],
                    "grep balanced": figures["balanced"],
                    "grep kappa": figures["kappa"],
                }
        report[title] = rows
    return report


def _grep(corpus: Path, name: str) -> dict[str, int]:
    folder = folder_of(corpus, name)
    assert folder is not None
    readmes = [p for p in folder.glob("[Rr][Ee][Aa][Dd][Mm][Ee]*") if p.is_file() and not p.is_symlink()]
    sources = [p for p in folder.rglob("*.py") if p.is_file() and not p.is_symlink()][:300]
    texts = {
        kind: "\n".join(p.read_bytes()[:200_000].decode(errors="replace") for p in paths)
        for kind, paths in (("code", sources), ("readme", readmes))
    }
    return {
        field: int(
            bool(re.search(pattern, texts["code" if field in ("training", "evaluation") else "readme"], re.I | re.M))
        )
        for field, pattern in GREP.items()
    }


def _print(report: dict[str, object]) -> None:
    print(f"{report['repositories']} repositories read; seconds: {report['seconds']}; not there: {report['missing']}")
    tables = {**report["tables"], **{f"baselines, {k}": v for k, v in report["baselines"].items()}}  # type: ignore[dict-item]
    for title, table in tables.items():
        print(f"\n{title}")
        if not any(isinstance(row, dict) for row in table.values()):
            print("  " + "; ".join(f"{name} {_shown(value)}" for name, value in table.items()))
            continue
        columns = list(dict.fromkeys(name for row in table.values() for name in row))
        print(f"  {'':18}" + "".join(f"{name.replace(' accuracy', ' acc.'):>14}" for name in columns))
        for field, row in table.items():
            print(f"  {field:18}" + "".join(f"{_shown(row.get(name, math.nan)):>14}" for name in columns))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"{value[0]:.2f} … {value[1]:.2f}"
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:.3f}"
    return str(value)


if __name__ == "__main__":
    main()
