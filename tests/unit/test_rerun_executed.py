"""Which reruns executed the submission's code, and which only said something."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.findings import RunEvidence
from auditor.repository.inventory import read_repository
from auditor.rerun.executed import runs_the_code
from auditor.rerun.model import Diagnosis, Observation, Plan, Rerun, Run

FILES = {
    "train.py": "import random\nprint(random.random())\n",
    "empty.py": "",
    "says.py": "print('accuracy: 0.9')\n",
    "code/main.py": "from lib import run\nrun()\n",
    "code/lib.py": "def run():\n    open('x', 'w').write('1')\n",
    "pkg/__main__.py": "import os\nos.getcwd()\n",
    "run.sh": "#!/bin/sh\npython train.py\n",
    "says.sh": "#!/bin/sh\necho accuracy 0.9\n",
}
FINE = Diagnosis(outcome="runs_no_claim_to_compare", fault="none", sentence="It ran.")


def executed(folder: Path, command: str, number: bool = False, where: str = ".") -> bool:
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    run = Run(id="run-1-1", command=command, folder=where, engine="docker", isolation="", exit_code=0, wall_seconds=1)
    place = RunEvidence(run=run.id, stream="stdout", line=1, excerpt="accuracy 0.9")
    seen = Observation(run=run.id, metric="accuracy", metric_text="accuracy", value=0.9, printed="0.9", evidence=place)
    rerun = Rerun(engine="docker", plan=Plan(commands=()), runs=(run,), observations=(seen,) if number else (),
                  as_it_is=FINE, after_repairs=FINE)  # fmt: skip
    return runs_the_code(rerun, read_repository(folder))


@pytest.mark.parametrize(
    "command",
    ["python train.py --lr 1", "cd code && python main.py", "bash run.sh", "./run.sh", "python -m pkg",
     "OMP_NUM_THREADS=1 python3 -u train.py", "python -c 'from train import x'", "torchrun train.py"],
)  # fmt: skip
def test_a_command_that_executes_a_file_of_the_repository_runs_its_code(tmp_path: Path, command: str) -> None:
    assert executed(tmp_path, command)


def test_the_folder_of_the_command_counts(tmp_path: Path) -> None:
    assert executed(tmp_path, "python main.py", where="code")
    assert not executed(tmp_path, "python main.py")


@pytest.mark.parametrize("number", [True, False])
@pytest.mark.parametrize(
    "command",
    ["true", "echo done", "true train.py", "echo accuracy 0.9", "cat train.py", "python -c 'print(0.9)'", "sleep 1; :"],
)
def test_a_command_that_only_says_something_does_not(tmp_path: Path, command: str, number: bool) -> None:
    assert not executed(tmp_path, command, number)


@pytest.mark.parametrize("command", ["python empty.py", "python says.py", "sh says.sh", "python gone.py"])
def test_an_empty_shell_with_the_right_name_does_not(tmp_path: Path, command: str) -> None:
    assert not executed(tmp_path, command)


def test_a_number_counts_where_the_program_is_not_among_the_files(tmp_path: Path) -> None:
    assert not executed(tmp_path, "make results")
    assert executed(tmp_path, "make results", number=True)
