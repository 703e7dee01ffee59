"""Folders that are made together, and files that a command names."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.repository.inventory import read_repository
from auditor.repository.model import Repository
from auditor.rerun.command_files import absent_for, named_inputs
from auditor.rerun.model import Command
from auditor.rerun.setup_folders import documented_folders, written_folders


def tree(folder: Path, **files: str) -> Repository:
    for name, text in files.items():
        path = folder / {"docker": "Dockerfile", "setup": "setup.sh", "readme": "README.md", "train": "train.py"}[name]
        path.write_text(text)
    return read_repository(folder)


def command(shell: str, folder: str = ".") -> Command:
    return Command(shell=shell, folder=folder, source="README.md", why="")


def test_folders_that_the_repositorys_own_setup_makes_are_made_together(tmp_path: Path) -> None:
    known = tree(tmp_path, docker="FROM x\nRUN mkdir -p $VAR/roc $VAR/calibration /tmp/x ../up;\n")
    folders, evidence = documented_folders(known, "replication/roc")
    assert folders == ("replication/roc",)
    assert evidence[0].line == 2


def test_folders_of_all_set_up_files_are_made_at_the_first_that_is_missing(tmp_path: Path) -> None:
    stages = 'FROM a AS one\nENV VAR="original"\nFROM b AS two\nENV VAR="again"\nRUN mkdir -p $VAR/roc ${VAR}/pr;\n'
    readme = "# Set-up\n\n```\n$ mkdir -p logs && mkdir tables\n```\n\nThen mkdir what you like, or `mkdir notes`.\n"
    known = tree(tmp_path, docker=stages, setup="mkdir -p data/w again/w;\n# mkdir not/this\n", readme=readme)
    folders, evidence = documented_folders(known, "again/w")
    assert set(folders) == {"again/roc", "again/pr", "data/w", "again/w", "logs", "tables", "notes"}
    assert [(place.path, place.line) for place in evidence] == [("setup.sh", 1)]


def test_a_folder_that_no_set_up_names_is_not_documented(tmp_path: Path) -> None:
    known = tree(tmp_path, setup="cd elsewhere && mkdir out\nmkdir $HOME/x ~/y {a,b} *.z\n")
    assert documented_folders(known, "other/place") == ((), ())


def test_literal_output_paths_of_the_program_that_runs_name_their_folders(tmp_path: Path) -> None:
    source = (
        "import json\nimport matplotlib.pyplot as plt\n"
        "open('results/a/x.json', 'w')\nopen('data/in.csv')\nplt.savefig('figures/f.png')\n"
        "frame.to_csv('/home/me/x.csv')\nframe.to_csv(path)\nopen('../up/x', mode='w')\nnp.save('deep/er/x.npy', y)\n"
    )
    known = tree(tmp_path, train=source)
    assert written_folders(known, (command("python train.py"),)) == ("results/a", "figures", "deep/er")
    assert written_folders(known, (command("python other.py"),)) == ()


@pytest.mark.parametrize(
    ("shell", "names"),
    [
        ("cd code && python learn_gender.py ../get/x.bin 500", {"get/x.bin", "code/learn_gender.py", "code/500"}),
        ("python -m tools.make_data d/x.bin", set()),
        ("python use.py --data=d/x.bin --output y.bin", {"use.py", "d/x.bin"}),
        ("python use.py d/x.bin > z.bin", {"use.py", "d/x.bin"}),
        ("python download_data.py d/x.bin", set()),
        ("python use.py /home/me/x ../../y", {"use.py"}),
        ("python 'use.py", set()),
    ],
)
def test_the_files_that_a_command_names_to_be_read(shell: str, names: set[str]) -> None:
    assert named_inputs(command(shell)) == names


def test_a_missing_file_is_known_absent_where_the_command_names_it() -> None:
    failed = command("cd code && python learn.py ../emb/x.bin 500")
    assert absent_for(failed, "../emb/x.bin") == {"emb/x.bin"}
    assert absent_for(failed, "hidden.bin") == frozenset()
    assert absent_for(failed, "/home/me/x.bin") == frozenset()
