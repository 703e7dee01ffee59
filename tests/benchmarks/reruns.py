"""Reruns of labelled real repositories, as a table: what the auditor did beside what a skilled person did by hand.

    python tests/benchmarks/reruns.py --cases FILE --repos DIR [--engine docker] [--only ID] [--latest]
                                      [--answers OUT.jsonl] [--json]

FILE holds one case a line as JSON (id, repo, commit, commit_date, claims, and the label: entry, outcome,
outcome_after_minimal_fix, root_cause); DIR holds the checkouts as `owner__name`, with `absent_files.csv` where files
are missing from them. The auditor receives the repository, the commit, its date and the claims; the label is
looked at only when it is done. A case has 10 minutes of CPU time, 6 GB and one core. With `--latest` every case is run
a second time with the newest versions of what is not pinned, and the same figures are printed beside.

An outcome is right when the outcome as it is, or the one after recorded repairs, is the labelled one of the same kind.
A root cause is compared where the label has it in the list's words; otherwise both are printed to be read.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from auditor.progress import Silent
from auditor.repository.inventory import read_repository
from auditor.rerun.model import RAN, Rerun
from auditor.rerun.options import RerunOptions
from auditor.rerun.rerun import rerun
from auditor.settings import load_settings
from auditor.submission.model import LeftOut, Origin
from corpus import absent_files, folder_of
from rerun_cases import Case, Label, read_cases

LIMITS: dict[str, Any] = {"cpu_seconds": 600.0, "time_limit": 2400.0, "memory_bytes": 6 << 30, "cpus": 1.0}
STAGES = ("plan", "environment", "run", "collect")


def run_case(case: Case, repos: Path, engine: str, latest: bool, kept: Path) -> dict[str, Any]:
    """Return what the auditor answers for one case; a case that breaks is an answer too. Logs land in `kept`."""
    start = time.perf_counter()
    answer: dict[str, Any] = {"id": case.id, "versions": "latest" if latest else "as of the date"}
    try:
        folder = folder_of(repos, case.repo)
        if folder is None:
            raise FileNotFoundError(f"{case.repo} is not in {repos.name}")
        absent = absent_files(repos).get(case.repo.lower(), [])
        origin = Origin(kind="git", location=case.repo, commit=case.commit)
        if not latest:
            origin = origin.model_copy(update={"as_of": case.day, "as_of_source": "commit"})
        done = rerun(
            tree=folder,
            repository=read_repository(folder, absent=absent),
            claims=case.claims,
            settings=load_settings(),
            options=RerunOptions(engine=engine, **LIMITS),  # type: ignore[arg-type]
            progress=Silent(),
            folder=kept,
            origin=origin,
            left_out=tuple(LeftOut(what=path, why="not in this checkout", file=True) for path in absent),
        )
        answer |= told(done, case)
    except Exception as error:  # one case that breaks never stops the others
        answer |= {"outcome": "auditor_error", "outcome_after_repairs": "auditor_error"}
        answer |= {
            "obstacle": {"sentence": f"{type(error).__name__}: {error}"[:400], "cause": None, "fault": "auditor"}
        }
    return answer | {"seconds_in_all": round(time.perf_counter() - start, 1)}


def told(done: Rerun, case: Case) -> dict[str, Any]:
    """Return the answer that a rerun gives."""
    environment = done.environment
    obstacle = done.as_it_is if done.as_it_is.outcome not in RAN else done.after_repairs
    numbers = {claim.id: claim for claim in case.claims.items}
    return {
        "outcome": done.as_it_is.outcome,
        "outcome_after_repairs": done.after_repairs.outcome,
        "obstacle": {
            "outcome": obstacle.outcome,
            "fault": obstacle.fault,
            "cause": obstacle.cause,
            "sentence": obstacle.sentence,
        },
        "after_repairs": done.after_repairs.sentence,
        "repairs": [repair.model_dump(include={"rung", "cause", "what", "changes"}) for repair in done.repairs],
        "commands": [f"cd {c.folder} && {c.shell}" if c.folder != "." else c.shell for c in done.plan.commands],
        "not_chosen": [f"{c.shell}: {c.why}" for c in done.plan.rejected[:10]],
        "python": environment.python if environment else None,
        "date": str(environment.as_of) if environment and environment.as_of else None,
        "environment": bool(environment and environment.image),
        "runs": [
            {
                "id": run.id,
                "command": run.command,
                "exit": run.exit_code,
                "limit": run.limit,
                "cpu": run.cpu_seconds,
                "wall": run.wall_seconds,
                "GiB": round((run.peak_memory_bytes or 0) / 2**30, 2),
            }
            for run in done.runs
        ],
        "observed": [
            {"metric": o.metric, "value": o.value, "names": o.names, "final": o.final} for o in done.observations[:200]
        ],
        "verdicts": [
            {
                "metric": numbers[v.claim].metric,
                "about": numbers[v.claim].dataset or numbers[v.claim].method,
                "claimed": numbers[v.claim].value,
                "observed": v.observed,
                "outcome": v.outcome,
                "rule": v.rule,
            }
            for v in done.verdicts
        ],
        "claims": len(case.claims.items),
        "claims_not_read": list(case.unread),
        "seconds": {stage: done.seconds.get(stage, 0.0) for stage in STAGES},
        "notes": list(done.notes),
    }


def judged(answer: dict[str, Any], label: Label) -> dict[str, Any]:
    """Return the comparison of an answer with its label; None where the label does not say."""
    as_it_is = answer["outcome"] == label.outcome if label.outcome else None
    repaired = answer["outcome_after_repairs"] == label.repaired if label.repaired else None
    cause = answer["obstacle"]["cause"]
    failing = bool(label.outcome) and label.outcome not in RAN
    return {
        "outcome_right": as_it_is,
        "repaired_right": repaired,
        "right": bool(as_it_is or repaired),
        "ran_by_hand": label.ran,
        "ran": any(answer[key] in RAN for key in ("outcome", "outcome_after_repairs")),
        "cause_right": cause == label.cause if failing and label.cause else None,
        "false_reproduced": "reproduced" in (answer["outcome"], answer["outcome_after_repairs"])
        and "reproduced" not in (label.outcome, label.repaired),
    }


def totals(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the figures over all cases, each as `part/whole`."""
    rows = list(rows)
    by_hand = [row for row in rows if row["ran_by_hand"]]
    causes = [row["cause_right"] for row in rows if row["cause_right"] is not None]
    return {
        "right outcome": f"{sum(row['right'] for row in rows)}/{len(rows)}",
        "as it is": f"{sum(row['outcome_right'] is True for row in rows)}/{len(rows)}",
        "ran of those that ran by hand": f"{sum(row['ran'] for row in by_hand)}/{len(by_hand)}",
        "right cause": f"{sum(causes)}/{len(causes)}",
        "false reproduced": f"{sum(row['false_reproduced'] for row in rows)}/{len(rows)}",
    }


def show(answer: dict[str, Any], label: Label, verdict: dict[str, Any]) -> None:
    """Print one case."""
    marks = {True: "right", False: "WRONG", None: "not labelled"}
    print(f"\n{answer['id']} ({answer['versions']})")
    for line in answer.get("commands", ()):
        print(f"  ours         {line}")
    for line in label.entry:
        print(f"  by hand      {line}")
    built = "built" if answer.get("environment") else "not built"
    stages = ", ".join(f"{stage} {seconds:.0f} s" for stage, seconds in answer.get("seconds", {}).items())
    print(f"  environment  {built}, Python {answer.get('python')}, as of {answer.get('date')}; by hand {label.python}")
    for repair in answer.get("repairs", ()):
        print(
            f"  {'repair' if repair['changes'] else 'choice':12} [{repair['rung']}, {repair['cause']}] {repair['what']}"
        )
    for run in answer.get("runs", ()):
        print(f"  {run['id']:12} exit {run['exit']}, {run['cpu']} s of CPU, {run['GiB']} GiB, limit {run['limit']}")
    compared = [v for v in answer.get("verdicts", ()) if v["observed"] is not None]
    print(
        f"  numbers      {len(answer.get('observed', ()))} seen; {len(compared)} of {answer.get('claims', 0)} compared"
    )
    for v in compared:
        print(f"  {v['outcome']:12} {v['metric']} ({v['about']}): claimed {v['claimed']}, observed {v['observed']:.5g}")
    repaired = answer["outcome_after_repairs"]
    print(f"  as it is     {answer['outcome']}; label {label.outcome}: {marks[verdict['outcome_right']]}")
    print(f"  repaired     {repaired}; label {label.repaired or 'none'}: {marks[verdict['repaired_right']]}")
    print(f"  diagnosis    {answer['obstacle']['cause']}: {answer['obstacle']['sentence'][:300]}")
    print(f"  by hand      {label.cause or label.said or '-'}: {marks[verdict['cause_right']]}")
    print(f"  times        {stages}; {answer['seconds_in_all']:.0f} s in all")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--engine", choices=("docker", "process"), default="docker")
    parser.add_argument("--only", metavar="ID")
    parser.add_argument("--latest", action="store_true")
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--logs", type=Path, help="where each case's logs and lock are kept")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows: dict[bool, list[dict[str, Any]]] = {}
    answers = []
    with tempfile.TemporaryDirectory() as scratch:
        for case, label in read_cases(args.cases, args.only):
            for latest in (False, True) if args.latest else (False,):
                kept = (args.logs or Path(scratch)) / f"{case.id}{'-latest' if latest else ''}"
                kept.mkdir(parents=True, exist_ok=True)
                answer = run_case(case, args.repos, args.engine, latest, kept)
                answers.append(answer)
                rows.setdefault(latest, []).append(judged(answer, label))
                if args.answers:  # written as they come: a run of hours that is stopped has shown what it has
                    args.answers.write_text("".join(json.dumps(a) + "\n" for a in answers), encoding="utf-8")
                if not args.json:
                    show(answer, label, rows[latest][-1])
    figures = {"latest" if latest else "as of the date": totals(found) for latest, found in rows.items()}
    if args.json:
        print(json.dumps({"answers": answers, "totals": figures}, indent=1))
        return
    for name, figure in figures.items():
        print(f"\n{name}: " + "; ".join(f"{what} {value}" for what, value in figure.items()))


if __name__ == "__main__":
    main()
