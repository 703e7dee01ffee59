"""Numbers that stood in a shipped file before the run, and those that the run computed although a file holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks.agreement import numbers_not_constant
from auditor.checks.facts import Sources
from auditor.claims.model import Claim, Claims
from auditor.findings import FileEvidence, Finding, Status
from auditor.recorder.reader import read_record
from auditor.repository.inventory import read_repository
from auditor.rerun.model import Diagnosis, OutputFile, Plan, Recorded, Rerun, Run
from auditor.rerun.observations import observe_text
from auditor.rerun.verdict import verdicts

DONE = Diagnosis(outcome="reproduced", fault="none", sentence="It ran.")
SHOWS = "import json\nfor k, v in json.load(open('results.json')).items():\n    print(k, v)\n"
TRAIN = "from data import fit\nprint('accuracy:', fit())\n"
RESULTS = '{"accuracy": 0.8127}'


def _finding(
    folder: Path, files: dict[str, str], *runs: tuple[str, Recorded], text: str = "accuracy: 0.8127\n", **more: object
) -> Finding:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    repository = read_repository(folder)
    claim = Claim(id="C1", metric="accuracy", metric_text="accuracy", value=81.27, printed="81.27", unit="percent",
                  where="Table 1", origin="paper", evidence=FileEvidence(path="README.md"))  # fmt: skip
    claims = Claims(items=(claim,))
    made = [
        Run(id=f"run-1-{n}", command=command, engine="docker", isolation="", exit_code=0, wall_seconds=1,
            recorded=recorded, **more)  # type: ignore[arg-type]
        for n, (command, recorded) in enumerate(runs, 1)
    ]  # fmt: skip
    seen = observe_text(made[-1].id, "stdout", text)
    rerun = Rerun(engine="docker", plan=Plan(commands=()), runs=tuple(made), observations=seen,
                  verdicts=verdicts(claims, seen, made), as_it_is=DONE, after_repairs=DONE)  # fmt: skip
    own = tuple(source for source in repository.sources if not source.vendored)
    finding = numbers_not_constant(rerun, repository, Sources(own) if own else None, claims)
    if finding.status in (Status.FAIL, Status.PARTIAL):
        assert finding.evidence
        assert finding.remedy
    return finding


READS = Recorded(complete=True, files_read=("results.json",))


def test_a_program_that_prints_a_shipped_results_file_fails(tmp_path: Path) -> None:
    finding = _finding(tmp_path, {"show.py": SHOWS, "results.json": RESULTS}, ("python show.py", READS))
    assert finding.status is Status.FAIL
    assert "results.json" in finding.sentence


def test_one_that_rewrites_what_it_has_read_fails_too(tmp_path: Path) -> None:
    recorded = Recorded(complete=True, files_read=("results.json",), files_written=("results.json",))
    files = {"show.py": SHOWS, "results.json": RESULTS}
    assert _finding(tmp_path, files, ("python show.py", recorded)).status is Status.FAIL


def test_the_authors_own_results_that_no_run_reads_are_no_fault(tmp_path: Path) -> None:
    files = {"train.py": TRAIN, "results.json": RESULTS}
    assert _finding(tmp_path, files, ("python train.py", Recorded(complete=True))).status is Status.PASS


def test_a_run_may_read_what_it_has_written_itself(tmp_path: Path) -> None:
    files = {"train.py": TRAIN, "show.py": SHOWS, "results.json": RESULTS}
    wrote = Recorded(complete=True, files_written=("results.json",))
    assert _finding(tmp_path, files, ("python train.py", wrote), ("python show.py", READS)).status is Status.PASS
    back = Recorded(complete=True, files_read=("results.json",), files_written=("results.json",),
                    read_back=("results.json",))  # fmt: skip
    assert _finding(tmp_path, files, ("python train.py", back)).status is Status.PASS


def test_the_record_tells_what_was_read_only_after_it_was_written() -> None:
    lines = [b'{"e": "write", "path": "a"}', b'{"e": "read", "path": "b"}', b'{"e": "write", "path": "b"}',
             b'{"e": "read", "path": "a"}']  # fmt: skip
    recorded = read_record(b"\n".join(lines))
    assert recorded is not None
    assert recorded.read_back == ("a",)


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"run.sh": "echo accuracy: 0.8127\n"}, "bash run.sh"),
        ({"run.sh": "set -e\ncat out/log.txt\n", "out/log.txt": "accuracy: 0.8127\n"}, "bash run.sh"),
        ({"run.sh": "gcc main.c && ./a.out\n", "main.c": "double best = 0.8127; // accuracy\n"}, "bash run.sh"),
        ({"train.py": "import show_it\n", "third_party/show_it.py": "BEST = 0.8127\n"}, "python train.py"),
        ({"tests/test_it.py": "print('accuracy:', 0.8127)\n"}, "python tests/test_it.py"),
    ],
)
def test_a_number_in_a_script_that_is_called_fails(tmp_path: Path, files: dict[str, str], command: str) -> None:
    assert _finding(tmp_path, files, (command, Recorded(complete=True))).status is Status.FAIL


def test_a_script_that_nothing_calls_and_data_that_hold_other_numbers_are_no_fault(tmp_path: Path) -> None:
    rows = "".join(f"{i / 10000:.4f},{i}\n" for i in range(7000, 9000))
    files = {"train.py": TRAIN, "figures.R": "accuracy = 0.8127\n", "data.csv": "x,y\n" + rows}
    recorded = Recorded(complete=True, files_read=("data.csv",))
    assert _finding(tmp_path, files, ("python train.py", recorded)).status is Status.PASS


def test_a_file_to_compare_with_is_partial(tmp_path: Path) -> None:
    files = {"train.py": TRAIN, "expected.json": RESULTS}
    recorded = Recorded(complete=True, files_read=("expected.json",))
    assert _finding(tmp_path, files, ("python train.py", recorded)).status is Status.PARTIAL


def test_a_number_shown_with_more_digits_than_the_file_holds_was_computed(tmp_path: Path) -> None:
    files = {"train.py": TRAIN, "results.json": RESULTS}
    finding = _finding(tmp_path, files, ("python train.py", READS), text="accuracy: 0.812743\n")
    assert finding.status is Status.PASS


def test_where_no_source_is_known_to_have_run_nothing_is_said(tmp_path: Path) -> None:
    files = {"train.py": TRAIN}
    assert _finding(tmp_path, files, ("some-tool --fast", Recorded(complete=True))).status is Status.UNKNOWN


def test_the_log_that_a_run_overwrote_and_shows_is_its_own(tmp_path: Path) -> None:
    files = {"run.sh": "python train.py > log.txt\ncat log.txt\n", "train.py": TRAIN, "log.txt": "accuracy: 0.8127\n"}
    output = OutputFile(path="log.txt", size=1, sha256="0", new=False)
    run = ("bash run.sh", Recorded(complete=True))
    assert _finding(tmp_path, files, run, outputs=(output,)).status is Status.PASS
    assert _finding(tmp_path, files, run).status is Status.PASS, "written again with the same content"


def test_the_stored_outputs_of_the_notebook_that_is_run_are_no_copied_numbers(tmp_path: Path) -> None:
    notebook = (
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "print(fit())", "outputs": [{"name": "stdout", '
    )
    notebook += '"output_type": "stream", "text": "accuracy: 0.8127"}]}]}'
    recorded = Recorded(complete=True, files_read=("run.ipynb",))
    command = ("python -m auditor_notebook run.ipynb", recorded)
    finding = _finding(tmp_path, {"run.ipynb": notebook, "fit.py": TRAIN}, command)
    assert finding.status is not Status.FAIL


def test_a_round_number_that_also_stands_in_a_configuration_is_no_copy(tmp_path: Path) -> None:
    files = {"train.py": TRAIN, "config.json": '{"accuracy_every": 80, "epochs": 80}'}
    recorded = Recorded(complete=True, files_read=("config.json",))
    finding = _finding(tmp_path, files, ("python train.py", recorded), text="accuracy: 80\n")
    assert finding.status is Status.PASS
