"""Time, memory and number of readings of every repository below a folder, as a table.

    python tests/benchmarks/repository.py CORPUS_DIR [--only NAME ...] [--profile] [--json]
    python tests/benchmarks/repository.py CORPUS_DIR --many 50000

With `--many`, trees of so many small files (`many_files.py`) are written below CORPUS_DIR first.

Every folder of CORPUS_DIR is read in a fresh process: all facts, the claims, all checks; no paper, no rerun, nothing
executed. Seconds are CPU time of that process and its confined children after the program itself is loaded (what that
takes stands below the table); wall time stands beside it. MiB is the sum of the peaks of the process and its largest
child, so the true peak is at most that. A second process reads once more with the confined reader inside itself, and
counts how often each file was opened and each text handed to Python's parser. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

FACTS = ("sources", "notebooks", "documents", "commands", "dependencies", "data", "licence")


def _cpu() -> float:
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def audit_tree(folder: Path) -> tuple[dict[str, Any], dict[str, float]]:
    """Return what the tree holds and how its findings ended, and the wall seconds of each fact and check."""
    from auditor.checks.framework import Facts, all_checks
    from auditor.claims.collect import collect_claims
    from auditor.repository.inventory import read_repository

    seconds: dict[str, float] = {}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = step()
        seconds[name] = round(time.perf_counter() - start, 4)
        return result

    repository = timed("walk", lambda: read_repository(folder))
    for name in FACTS:
        timed(name, lambda name=name: getattr(repository, name))  # type: ignore[misc]
    claims = timed("claims", lambda: collect_claims(None, repository))
    facts = Facts([repository, claims])
    findings = [timed(name, lambda check=check: facts.run(check)) for name, check in all_checks().items()]  # type: ignore[misc]
    held = {
        "files": len(repository.files),
        "lines": sum(source.lines for source in repository.sources if not source.notebook),
        "refused": sum(not source.known for source in repository.sources if not source.vendored),
        "failed": sum("check itself failed" in finding.sentence for finding in findings),
    }
    return held, seconds


def measure(folder: Path) -> dict[str, Any]:
    """Return seconds and MiB of one tree; meant for a fresh process."""
    from auditor.checks.framework import all_checks

    all_checks()
    loaded, start = _cpu(), time.perf_counter()
    held, seconds = audit_tree(folder)
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "seconds": round(_cpu() - loaded, 3),
        "wall": round(time.perf_counter() - start, 3),
        "MiB": round(sum(peaks)),
        "loading": round(loaded, 3),
        **held,
        "profile": seconds,
    }


def count(folder: Path) -> dict[str, Any]:
    """Return how many files were opened and parsed, and those more than once; meant for a fresh process."""
    from auditor.errors import Unreadable
    from auditor.repository import inventory, reading
    from auditor.repository.kinds import HEAD_BYTES

    opened: Counter[str] = Counter()
    parsed: Counter[str] = Counter()
    real = inventory.read_bytes

    def read_bytes(root: Path, path: str, limit: int, whole: bool = True) -> bytes:
        if limit > HEAD_BYTES:
            opened[path] += 1
        return real(root, path, limit, whole)

    def each(function: Callable[[Any], Any], items: Sequence[Any], budget: object, what: str) -> Iterator[Any]:
        for item in items:
            try:
                yield function(item)
            except (Unreadable, RecursionError, MemoryError) as error:
                yield Unreadable(str(error))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "compile" and isinstance(arguments[1], str) and arguments[1].startswith("audited:"):
            parsed[arguments[1]] += 1

    vars(inventory)["read_bytes"] = read_bytes
    vars(reading)["confined_each"] = each
    sys.addaudithook(hook)
    audit_tree(folder)
    return {
        "parsed": len(parsed),
        "parsed twice": sum(times > 1 for times in parsed.values()),
        "opened": len(opened),
        "opened twice": sum(times > 1 for times in opened.values()),
    }


def _fresh(folder: Path, step: str) -> dict[str, Any]:
    command = [sys.executable, __file__, str(folder), "--step", step]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["no word"])[-1]}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[])
    parser.add_argument("--profile", action="store_true", help="show which facts and checks take the time")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--many", type=int, metavar="FILES", help="write trees of so many files, and measure them")
    parser.add_argument("--step", choices=("measure", "count"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        print(json.dumps((measure if args.step == "measure" else count)(args.corpus)))
        return
    if args.many:
        from many_files import write_trees

        write_trees(args.corpus, args.many)
    folders = [f for f in sorted(args.corpus.iterdir()) if f.is_dir() and (not args.only or f.name in args.only)]
    rows = [{"repository": f.name, **_fresh(f, "measure"), **_fresh(f, "count")} for f in folders]
    print(json.dumps(rows, indent=1)) if args.json else _show(rows, args.profile)


COLUMNS = (
    "seconds",
    "wall",
    "MiB",
    "files",
    "lines",
    "refused",
    "failed",
    "parsed",
    "parsed twice",
    "opened",
    "opened twice",
)


def _show(rows: list[dict[str, Any]], profile: bool) -> None:
    print(f"{'repository':>44}" + "".join(f"{column:>13}" for column in COLUMNS))
    for row in rows:
        if "error" in row:
            print(f"{row['repository']:>44.44}  {row['error']}")
            continue
        print(f"{row['repository']:>44.44}" + "".join(f"{row[column]:>13}" for column in COLUMNS))
        if profile:
            parts = sorted(row["profile"].items(), key=lambda item: -item[1])[:8]
            print(" " * 46 + ", ".join(f"{name} {seconds:.3f}" for name, seconds in parts))
    whole = [row for row in rows if "error" not in row]
    for name in ("seconds", "wall", "MiB", "loading"):
        values = sorted(row[name] for row in whole)
        if values:
            at = values[min(len(values) - 1, round(0.95 * (len(values) - 1)))]
            print(f"{name:>8}: median {statistics.median(values):g}, 95% {at:g}, worst {values[-1]:g} of {len(values)}")
    twice = sum(row["parsed twice"] for row in whole)
    print(
        f"{sum(row['parsed'] for row in whole)} sources parsed, {twice} of them twice; {len(rows) - len(whole)} errors"
    )


if __name__ == "__main__":
    main()
