"""A folder of checked-out repositories, and what the repository checks say of each."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from auditor.checks.framework import Facts, run_checks
from auditor.findings import Finding
from auditor.repository.inventory import read_repository
from guide import CHECKS


@dataclass(frozen=True)
class Read:
    """The findings on one repository by check, and the wall seconds that reading and checking took."""

    repository: str
    findings: dict[str, Finding]
    seconds: float


def folder_of(corpus: Path, repository: str) -> Path | None:
    """Return the folder `owner__name` (in any case) below `corpus`, or None where it is not there."""
    wanted = repository.replace("/", "__").lower()
    exact = corpus / repository.replace("/", "__")
    if exact.is_dir():
        return exact
    return next((path for path in corpus.iterdir() if path.name.lower() == wanted and path.is_dir()), None)


def absent_files(corpus: Path) -> dict[str, list[str]]:
    """Return by repository the paths of files whose content the corpus lacks (`absent_files.csv`: repo, path)."""
    found: dict[str, list[str]] = {}
    listing = corpus / "absent_files.csv"
    if listing.is_file():
        with listing.open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                found.setdefault(row["repo"].strip().lower(), []).append(row["path"])
    return found


def read_one(job: tuple[str, Path, list[str]]) -> Read:
    """Return what the repository checks say of one folder."""
    name, folder, absent = job
    start = time.perf_counter()
    facts = Facts([read_repository(folder, absent=absent)])
    findings = {finding.check: finding for finding in run_checks(facts, CHECKS.values())}
    return Read(name, findings, time.perf_counter() - start)


def read_corpus(corpus: Path, repositories: Iterable[str], jobs: int = 1) -> list[Read]:
    """Return what is found in each of the repositories that `corpus` holds, in the order given."""
    absent = absent_files(corpus)
    places = ((name, folder_of(corpus, name)) for name in repositories)
    work = [(name, folder, absent.get(name.lower(), [])) for name, folder in places if folder is not None]
    if jobs == 1:
        return [read_one(job) for job in work]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(read_one, work))
