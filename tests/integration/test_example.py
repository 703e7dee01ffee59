"""The three variants of the bundled example get three different, right verdicts, by the program as a user calls it."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from auditor.example import write_example
from auditor.report.audit import Audit

MAIN_CLAIM = "MLP + shifts"


@cache
def audited(variant: str, engine: str) -> Audit:
    """Return the audit of a variant; each is made once for all tests of this file."""
    folder = Path(mkdtemp(prefix=f"example-{variant}-"))
    paper, repository = write_example(folder / "submission", variant)
    command = [sys.executable, "-m", "auditor", "audit", str(paper), str(repository), "--rerun", "--engine", engine]
    command += ["--output", str(folder / "reports"), "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    audit = Audit.model_validate_json(done.stdout)
    report = folder / "reports" / audit.slug / "report.html"
    assert done.stderr.rstrip().splitlines()[-1].startswith(str(report))
    assert report.is_file()
    return audit


def outcome(audit: Audit) -> tuple[str, str]:
    assert audit.rerun is not None
    diagnosis = audit.rerun.as_it_is
    return diagnosis.outcome, diagnosis.fault


def verdicts(audit: Audit, method: str) -> list[str]:
    """Return the outcomes of the paper's claims in Table 1 about a method, in the table's order."""
    assert audit.rerun is not None
    found = {verdict.claim: verdict.outcome for verdict in audit.rerun.verdicts}
    claims = [c for c in audit.claims if c.origin == "paper" and c.where == "Table 1" and c.method == method]
    return [found[claim.id] for claim in claims]


@pytest.mark.docker
def test_the_variant_that_reproduces_is_reproduced_without_any_repair() -> None:
    audit = audited("reproduces", "docker")
    assert outcome(audit) == ("reproduced", "none")
    assert audit.rerun is not None
    assert not [repair for repair in audit.rerun.repairs if repair.changes]
    for method in ("Logistic regression", "MLP", MAIN_CLAIM):
        assert verdicts(audit, method) == ["reproduced"] * 3


@pytest.mark.docker
def test_the_variant_that_overclaims_runs_and_its_numbers_differ_where_it_overclaims_and_nowhere_else() -> None:
    audit = audited("overclaims", "docker")
    assert outcome(audit) == ("runs_numbers_differ", "submission")
    assert verdicts(audit, MAIN_CLAIM) == ["worse"] * 3
    for method in ("Logistic regression", "MLP"):
        assert verdicts(audit, method) == ["reproduced"] * 3


@pytest.mark.docker
def test_the_broken_variant_fails_for_missing_data_by_the_fault_of_the_submission() -> None:
    audit = audited("broken", "docker")
    assert outcome(audit) == ("run_failed_missing_data", "submission")
    assert audit.rerun is not None
    assert "data/split.csv" in audit.rerun.as_it_is.model_dump_json()


@pytest.mark.docker
def test_the_grades_of_the_variants_stand_in_the_order_that_they_deserve() -> None:
    cards = [audited(variant, "docker").scorecard for variant in ("reproduces", "overclaims", "broken")]
    letters = [card.letter for card in cards]
    assert None not in letters
    assert letters[0] in ("A", "B")
    assert letters[0] < letters[1] <= letters[2]  # type: ignore[operator]
    outcomes = [card.outcome.value for card in cards]
    assert outcomes[0] > outcomes[1] > outcomes[2]  # type: ignore[operator]


@pytest.mark.docker
def test_the_run_is_locked_down_and_leaves_the_submission_as_it_was(tmp_path: Path) -> None:
    audit = audited("reproduces", "docker")
    assert audit.rerun is not None
    assert audit.rerun.engine == "docker"
    assert {output.path for run in audit.rerun.runs for output in run.outputs} >= {"outputs/results.json"}
    _, fresh = write_example(tmp_path)
    assert not (fresh / "outputs").exists()


def test_the_process_engine_reproduces_the_example_too() -> None:
    audit = audited("reproduces", "process")
    assert outcome(audit) == ("reproduced", "none")
    assert audit.rerun is not None
    assert audit.rerun.isolation.startswith("none")
    assert verdicts(audit, MAIN_CLAIM) == ["reproduced"] * 3
