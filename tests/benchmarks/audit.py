"""Time, memory and findings of whole audits, as a table.

    python tests/benchmarks/audit.py [--runs N] [--json] [PAPER REPOSITORY | PAPER - | - REPOSITORY] ...

Without arguments it measures the bundled example. Each audit is a fresh process of `python -m auditor audit`; wall time
and peak resident memory (of the process and its largest child) are the operating system's own. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from auditor.example import write_example


def measure(paper: str, repository: str, runs: int) -> dict[str, object]:
    """Return the median wall seconds, the peak MiB, the grade and the findings by status of one submission."""
    walls, peaks, audit = [], [], {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            names = [name for name in (paper,) if name != "-"]
            names += ["--repo", repository] if repository != "-" else []
            command = [sys.executable, "-m", "auditor", "audit", *names, "-o", folder, "--json", "--quiet"]
            with open(Path(folder) / "out", "wb") as out:
                start = time.perf_counter()
                process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE)
                error = process.stderr.read() if process.stderr else b""
                _, status, usage = os.wait4(process.pid, 0)
                walls.append(time.perf_counter() - start)
                peaks.append(usage.ru_maxrss / 1024)
            if os.waitstatus_to_exitcode(status) != 0:
                return {"submission": _name(paper, repository), "error": error.decode()[:300].strip()}
            audit = json.loads((Path(folder) / "out").read_bytes())
    statuses = Counter(finding["status"] for finding in audit["findings"])
    return {
        "submission": _name(paper, repository),
        "seconds": round(statistics.median(walls), 2),
        "MiB": round(max(peaks)),
        "grade": audit["scorecard"]["letter"],
        "readiness": audit["scorecard"]["readiness"]["value"],
        "coverage": audit["scorecard"]["readiness"]["coverage"],
        "claims": len(audit["claims"]),
        **{status: statuses[status] for status in ("pass", "partial", "fail", "unknown", "not_applicable")},
    }


def _name(paper: str, repository: str) -> str:
    return Path(paper).stem if paper != "-" else Path(repository).name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("submissions", nargs="*", metavar="PAPER REPOSITORY")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    names = args.submissions
    with tempfile.TemporaryDirectory() as folder:
        if not names:
            names = [str(path) for path in write_example(Path(folder))]
        if len(names) % 2:
            parser.error("name a paper and a repository for each submission; `-` stands for none")
        rows = [measure(names[i], names[i + 1], args.runs) for i in range(0, len(names), 2)]
    if args.json:
        print(json.dumps(rows, indent=1))
        return
    columns = ("submission", "seconds", "MiB", "grade", "readiness", "coverage", "claims")
    columns += ("pass", "partial", "fail", "unknown", "not_applicable")
    print("".join(f"{column:>{28 if column == 'submission' else 11}.26}" for column in columns))
    for row in rows:
        if "error" in row:
            print(f"{row['submission']!s:>28.26}  {row['error']}")
        else:
            print("".join(f"{row[c]!s:>{28 if c == 'submission' else 11}.26}" for c in columns))


if __name__ == "__main__":
    main()
