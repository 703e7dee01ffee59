"""The checks on the rerun, on reruns made by hand: one that passes and one that fails each."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import rerun as checks
from auditor.checks.framework import Facts, all_checks
from auditor.findings import FileEvidence, Finding, RunEvidence, Status
from auditor.repository.inventory import read_repository
from auditor.rerun.model import (
    Command,
    Diagnosis,
    Environment,
    Observation,
    OutputFile,
    Plan,
    Recorded,
    Repair,
    Rerun,
    Run,
)

FINE = Diagnosis(outcome="reproduced", fault="none", sentence="All 1 claims hold.")
LINE = RunEvidence(run="run-1-1", stream="stderr", line=3, excerpt="ModuleNotFoundError: No module named 'x'")
BROKEN = Diagnosis(outcome="run_failed_code_error", fault="submission", cause="dependency_not_declared",
                   sentence="The package of the module x is not declared.", evidence=(LINE,))  # fmt: skip
ADDED = Repair(rung="inferred", cause="dependency_not_declared", what="Added x.", why="No x.", evidence=(LINE,))
CHOSEN = Repair(
    rung="as_of_date", cause="dependency_unpinned_and_changed", what="As of 2020.", why="Open.", changes=False
)


def a_run(id: str = "run-1-1", **facts: object) -> Run:
    values = {"exit_code": 0, "stdout_tail": "accuracy: 0.9", "recorded": Recorded(complete=True)} | facts
    return Run(id=id, command="python train.py", engine="docker", isolation="", wall_seconds=1, **values)  # type: ignore[arg-type]


def a_rerun(**facts: object) -> Rerun:
    command = Command(shell="python train.py", source="README.md", why="")
    environment = Environment(
        python="3.11", python_why="", requirements=("x",), lock="x==1 --hash=0", image="auditor-env:1"
    )
    values = {"engine": "docker", "plan": Plan(commands=(command,)), "environment": environment, "runs": (a_run(),),
              "as_it_is": FINE, "after_repairs": FINE}  # fmt: skip
    return Rerun(**(values | facts))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose train.py seeds in its third line, for every rerun of a test."""
    (tmp_path / "train.py").write_text("import random\n\nrandom.seed(0)\nprint(random.random())\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def status(check: str, rerun: Rerun) -> Status:
    return found(check, rerun).status


def found(check: str, rerun: Rerun) -> Finding:
    own = all_checks()[check].function(
        **{"rerun": rerun} | ({"repository": None} if "repository" in all_checks()[check].needs else {})
    )
    assert own.check == check
    finding = Facts([rerun, read_repository(Path.cwd())]).run(all_checks()[check])
    assert finding.check == check
    if finding.status in (Status.PASS, Status.PARTIAL, Status.FAIL):
        assert finding.evidence, finding.sentence
    if finding.status in (Status.PARTIAL, Status.FAIL):
        assert finding.remedy
    return finding


IDS = sorted(id for id, check in all_checks().items() if check.function.__module__ == checks.__name__)


@pytest.mark.parametrize("check", IDS)
def test_without_a_rerun_every_check_is_unknown(check: str) -> None:
    absent = Facts([], {Rerun: "the code was not run"})
    assert absent.run(all_checks()[check]).status is Status.UNKNOWN
    sentence = Diagnosis(outcome="not_attempted", fault="machine", sentence="No docker daemon answers.")
    assert status(check, a_rerun(attempted=False, runs=(), as_it_is=sentence, after_repairs=sentence)) is Status.UNKNOWN


@pytest.mark.parametrize("check", IDS)
def test_the_auditors_own_fault_is_never_held_against_the_submission(check: str) -> None:
    broken = Diagnosis(outcome="auditor_error", fault="auditor", sentence="The rerun itself failed.")
    assert status(check, a_rerun(as_it_is=broken, after_repairs=broken, runs=())) is Status.UNKNOWN


def test_there_are_six_checks() -> None:
    assert len(IDS) == 6


def test_environment_built() -> None:
    assert status("rerun.environment_built", a_rerun(repairs=(CHOSEN,))) is Status.PASS
    assert status("rerun.environment_built", a_rerun(repairs=(ADDED,), as_it_is=BROKEN)) is Status.PARTIAL
    failed = Diagnosis(outcome="env_build_failed", fault="submission", sentence="x==99 does not exist.")
    none = Environment(python="3.11", python_why="", requirements=("x==99",), log="No solution found")
    assert (
        status("rerun.environment_built", a_rerun(environment=none, runs=(), as_it_is=failed, after_repairs=failed))
        is Status.FAIL
    )
    machine = failed.model_copy(update={"fault": "machine"})
    rerun = a_rerun(environment=none, runs=(), as_it_is=machine, after_repairs=machine)
    assert status("rerun.environment_built", rerun) is Status.UNKNOWN


def test_ran() -> None:
    assert status("rerun.ran", a_rerun()) is Status.PASS
    differ = Diagnosis(outcome="runs_numbers_differ", fault="submission", sentence="1 of 1 claims does not hold.")
    assert status("rerun.ran", a_rerun(as_it_is=differ, after_repairs=differ)) is Status.PASS
    assert status("rerun.ran", a_rerun(as_it_is=BROKEN, repairs=(ADDED,))) is Status.PARTIAL
    assert (
        status("rerun.ran", a_rerun(as_it_is=BROKEN, after_repairs=BROKEN, runs=(a_run(exit_code=1),))) is Status.FAIL
    )
    slow = Diagnosis(outcome="timed_out", fault="policy", sentence="It had not ended after 600 s.")
    assert (
        status("rerun.ran", a_rerun(as_it_is=slow, after_repairs=slow, runs=(a_run(exit_code=None),))) is Status.UNKNOWN
    )
    gpu = Diagnosis(outcome="run_failed_needs_gpu", fault="machine", sentence="It asks for a GPU.")
    assert status("rerun.ran", a_rerun(as_it_is=gpu, after_repairs=gpu, repairs=(ADDED,))) is Status.FAIL


def test_repairs_needed() -> None:
    assert status("rerun.repairs_needed", a_rerun(repairs=(CHOSEN,))) is Status.PASS
    assert status("rerun.repairs_needed", a_rerun(repairs=(ADDED, ADDED), as_it_is=BROKEN)) is Status.PARTIAL
    assert status("rerun.repairs_needed", a_rerun(repairs=(ADDED,) * 3, as_it_is=BROKEN)) is Status.FAIL
    assert status("rerun.repairs_needed", a_rerun(as_it_is=BROKEN, after_repairs=BROKEN)) is Status.FAIL


def test_seeds_recorded() -> None:
    seeded = Recorded(complete=True, seeds=("random.seed(0) at train.py:3",))
    assert status("rerun.seeds_recorded", a_rerun(runs=(a_run(recorded=seeded),))) is Status.PASS
    bare = Recorded(complete=True, unseeded=("random.random at train.py:3",))
    assert status("rerun.seeds_recorded", a_rerun(runs=(a_run(recorded=bare),))) is Status.FAIL
    library = Recorded(complete=True, unseeded=("random.random at /usr/lib/python3.11/tempfile.py:3",))
    assert status("rerun.seeds_recorded", a_rerun(runs=(a_run(recorded=library),))) is Status.UNKNOWN
    assert status("rerun.seeds_recorded", a_rerun(runs=(a_run(recorded=None),))) is Status.UNKNOWN


def test_no_network_needed() -> None:
    assert status("rerun.no_network_needed", a_rerun()) is Status.PASS
    tried = Recorded(complete=True, connections=("example.org:443",))
    assert status("rerun.no_network_needed", a_rerun(runs=(a_run(recorded=tried),))) is Status.PARTIAL
    needs = Diagnosis(
        outcome="run_failed_needs_network", fault="policy", sentence="It tries to reach.", evidence=(LINE,)
    )
    assert status("rerun.no_network_needed", a_rerun(as_it_is=needs, after_repairs=needs)) is Status.FAIL
    assert status("rerun.no_network_needed", a_rerun(runs=(a_run(exit_code=1),), as_it_is=BROKEN)) is Status.UNKNOWN


def test_outputs_written() -> None:
    def seen(stream: str) -> Observation:
        place = RunEvidence(run="run-1-1", stream=stream, line=1, excerpt="accuracy: 0.9")
        return Observation(
            run="run-1-1", metric="accuracy", metric_text="accuracy", value=0.9, printed="0.9", evidence=place
        )

    output = OutputFile(path="metrics.json", size=9, sha256="0", new=True)
    assert status("rerun.outputs_written", a_rerun(observations=(seen("metrics.json"),))) is Status.PASS
    assert status("rerun.outputs_written", a_rerun(observations=(seen("stdout"),))) is Status.PARTIAL
    assert status("rerun.outputs_written", a_rerun(runs=(a_run(outputs=(output,)),))) is Status.FAIL
    assert status("rerun.outputs_written", a_rerun(runs=(a_run(exit_code=1),), as_it_is=BROKEN)) is Status.UNKNOWN


def test_only_the_last_round_of_repairs_counts() -> None:
    first = a_run("run-1-1", exit_code=1, recorded=Recorded(unseeded=("random.random at train.py:1",)))
    last = a_run("run-2-1", recorded=Recorded(complete=True, seeds=("random.seed(0) at train.py:3",)))
    assert status("rerun.seeds_recorded", a_rerun(runs=(first, last))) is Status.PASS


def test_a_command_that_runs_nothing_shows_nothing() -> None:
    """Promise 7: an empty shell gains nothing."""
    empty = Environment(python="3.11", python_why="", requirements=(), image="auditor-env:1")
    runs = (a_run(stdout_tail="done").model_copy(update={"command": "echo done"}),)
    fine = FINE.model_copy(update={"outcome": "runs_no_claim_to_compare"})
    nothing = a_rerun(environment=empty, runs=runs, as_it_is=fine, after_repairs=fine)
    for check in ("rerun.ran", "rerun.repairs_needed", "rerun.no_network_needed", "rerun.environment_built"):
        assert status(check, nothing) is Status.UNKNOWN, check
    assert "echo done" in found("rerun.ran", nothing).sentence


def test_cells_left_out_count_as_a_change_although_the_rest_ran() -> None:
    cells = Repair(rung="command", cause="other", what="Cells are left out: cell 3.", why="No shell.",
                   evidence=(FileEvidence(path="a.ipynb", cell=3, excerpt="%%bash"),))  # fmt: skip
    assert status("rerun.ran", a_rerun(repairs=(cells,))) is Status.PARTIAL
    assert status("rerun.repairs_needed", a_rerun(repairs=(cells,))) is Status.PARTIAL


@pytest.mark.parametrize("place", ["train.py:4", "gone.py:3", "train.py", "train.py[cell 1]:3"])
def test_a_seed_that_only_the_record_knows_is_no_pass(place: str) -> None:
    forged = Recorded(complete=True, seeds=(f"random.seed(0) at {place}",))
    finding = found("rerun.seeds_recorded", a_rerun(runs=(a_run(recorded=forged),)))
    assert finding.status is Status.UNKNOWN
    assert "record alone" in finding.sentence


@pytest.mark.parametrize("outcome", ["no_entry_point", "run_failed_code_error", "env_build_failed"])
def test_a_finding_without_lines_of_its_own_still_carries_evidence(outcome: str) -> None:
    bare = Diagnosis(outcome=outcome, fault="submission", sentence="It ended.")  # type: ignore[arg-type]
    none = Environment(python="3.11", python_why="", requirements=())
    for check in IDS:
        for rerun in (
            a_rerun(as_it_is=bare, after_repairs=bare, runs=(), environment=none),
            a_rerun(as_it_is=bare, repairs=(ADDED.model_copy(update={"evidence": ()}),)),
        ):
            finding = found(check, rerun)
            assert finding.evidence or finding.status in (Status.UNKNOWN, Status.NOT_APPLICABLE)
