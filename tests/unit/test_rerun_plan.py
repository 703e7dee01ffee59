"""Which commands a rerun runs, and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.claims.model import Claims
from auditor.errors import BadInput
from auditor.repository.inventory import read_repository
from auditor.rerun.model import Plan
from auditor.rerun.plan import make_plan

MAIN = """import argparse
p = argparse.ArgumentParser()
p.add_argument('--lr')
if __name__ == '__main__':
    print(p.parse_args())
"""


def plan(folder: Path, files: dict[str, str], command: str | None = None) -> Plan:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return make_plan(read_repository(folder), Claims(), command)


def shells(a_plan: Plan) -> list[str]:
    return [command.shell for command in a_plan.commands]


def test_the_users_own_command_comes_before_all(tmp_path: Path) -> None:
    a_plan = plan(tmp_path, {"run.sh": "python a.py\n"}, "python mine.py")
    assert shells(a_plan) == ["python mine.py"]
    assert a_plan.commands[0].source == "--command"


def test_an_empty_command_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="empty"):
        plan(tmp_path, {}, "  ")


def test_the_authors_declaration_names_folder_and_claims(tmp_path: Path) -> None:
    toml = '[[run]]\ncommand = "python train.py"\nfolder = "code"\nclaims = ["C1", "C2"]\n'
    a_plan = plan(
        tmp_path, {"auditor.toml": toml, "code/train.py": MAIN, "README.md": "```\npython code/train.py\n```\n"}
    )
    assert shells(a_plan) == ["python train.py"]
    assert (a_plan.commands[0].folder, a_plan.commands[0].claims) == ("code", ("C1", "C2"))


def test_a_declared_folder_that_leaves_the_repository_is_not_used(tmp_path: Path) -> None:
    a_plan = plan(tmp_path, {"auditor.toml": '[[run]]\ncommand = "ls"\nfolder = "../.."\n', "main.py": MAIN})
    assert shells(a_plan) == ["python main.py"]
    assert any("leaves the repository" in note for note in a_plan.notes)


def test_an_mlproject_entry_point_is_filled_with_its_defaults(tmp_path: Path) -> None:
    parameters = "    parameters:\n      lr: {type: float, default: 0.1}\n"
    text = f"entry_points:\n  main:\n{parameters}    command: python t.py --lr {{lr}}\n"
    assert shells(plan(tmp_path, {"MLproject": text, "t.py": MAIN})) == ["python t.py --lr 0.1"]


def test_an_mlproject_parameter_without_a_default_leaves_the_plan_to_others(tmp_path: Path) -> None:
    text = "entry_points:\n  main:\n    command: python t.py --lr {lr}\n"
    a_plan = plan(tmp_path, {"MLproject": text, "main.py": MAIN})
    assert shells(a_plan) == ["python main.py"]
    assert any("no default" in note for note in a_plan.notes)


def test_the_stages_of_dvc_run_in_order(tmp_path: Path) -> None:
    text = "stages:\n  prepare: {cmd: python p.py}\n  train: {cmd: python t.py, wdir: src}\n"
    a_plan = plan(tmp_path, {"dvc.yaml": text, "p.py": MAIN, "src/t.py": MAIN})
    assert [(c.shell, c.folder) for c in a_plan.commands] == [("python p.py", "."), ("python t.py", "src")]


def test_a_makefile_recipe_is_read_with_its_variables(tmp_path: Path) -> None:
    text = "PY = python3\n\nclean:\n\trm -r x\n\nrun:\n\t@$(PY) main.py --lr 1\n"
    assert shells(plan(tmp_path, {"Makefile": text, "main.py": MAIN})) == ["python3 main.py --lr 1"]


def test_a_makefile_target_that_depends_on_others_is_not_guessed(tmp_path: Path) -> None:
    a_plan = plan(tmp_path, {"Makefile": "all: data\n\tpython main.py\n", "main.py": MAIN})
    assert a_plan.commands[0].source == "scripts by role"
    assert any("depends on others" in note for note in a_plan.notes)


def test_a_script_that_downloads_is_not_run(tmp_path: Path) -> None:
    a_plan = plan(tmp_path, {"run.sh": "wget http://x/y\npython main.py\n", "main.py": MAIN})
    assert shells(a_plan) == ["python main.py"]
    assert any("no network" in note for note in a_plan.notes)


def test_readme_commands_are_run_and_installing_is_not(tmp_path: Path) -> None:
    readme = "# X\n## Training\n```bash\npip install -r requirements.txt\npython train.py --lr 0.1\n```\n"
    a_plan = plan(tmp_path, {"README.md": readme, "train.py": MAIN, "requirements.txt": "numpy\n"})
    assert shells(a_plan) == ["python train.py --lr 0.1"]
    assert a_plan.commands[0].evidence[0].path == "README.md"


def test_a_readme_command_with_a_placeholder_or_an_unknown_option_is_rejected_with_the_reason(tmp_path: Path) -> None:
    readme = (
        "# X\n## Training\n```\npython train.py --lr <LEARNING_RATE>\npython train.py --nope 1\npython gone.py\n```\n"
    )
    a_plan = plan(tmp_path, {"README.md": readme, "train.py": MAIN})
    assert shells(a_plan) == ["python train.py"]
    reasons = " ".join(command.why for command in a_plan.rejected)
    assert "placeholder" in reasons
    assert "--nope" in reasons
    assert "gone.py is not there" in reasons


def test_no_more_than_three_documented_commands_are_run(tmp_path: Path) -> None:
    lines = "\n".join(f"python train.py --lr {i}" for i in range(6))
    a_plan = plan(tmp_path, {"README.md": f"## Training\n```\n{lines}\n```\n", "train.py": MAIN})
    assert len(a_plan.commands) == 3
    assert sum("Not needed" in command.why for command in a_plan.rejected) >= 3


def test_without_any_word_a_script_is_chosen_by_its_role(tmp_path: Path) -> None:
    files = {"utils.py": "def f(): pass\n", "train.py": MAIN, "reproduce_results.py": MAIN, "tests/test_x.py": MAIN}
    assert shells(plan(tmp_path, files)) == ["python reproduce_results.py"]


def test_a_script_that_needs_an_option_nobody_states_is_not_run(tmp_path: Path) -> None:
    source = MAIN.replace("'--lr'", "'--data', required=True")
    a_plan = plan(tmp_path, {"main.py": source})
    assert a_plan.commands == ()
    assert "--data" in a_plan.rejected[0].why


def test_a_module_that_only_defines_things_is_no_entry_point(tmp_path: Path) -> None:
    assert plan(tmp_path, {"model.py": "class Model:\n    pass\n"}).commands == ()


def test_a_notebook_that_the_readme_points_to_is_run(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": "print(1)", "outputs": [], "execution_count": 1, "metadata": {}}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    files = {
        "README.md": "See [it](examples/demo.ipynb).",
        "examples/demo.ipynb": notebook,
        "pkg/__init__.py": "",
        "pkg/a.py": MAIN,
    }
    a_plan = plan(tmp_path, files)
    assert [(c.shell, c.folder) for c in a_plan.commands] == [("python -m auditor_notebook demo.ipynb", "examples")]


def test_broken_declarations_are_notes_and_never_errors(tmp_path: Path) -> None:
    files = {"auditor.toml": "[[run]\n", "MLproject": ": : :\n- [", "dvc.yaml": "stages: 3\n", "main.py": MAIN}
    a_plan = plan(tmp_path, files)
    assert shells(a_plan) == ["python main.py"]
    assert any("auditor.toml" in note for note in a_plan.notes)


@pytest.mark.parametrize(
    "line",
    ["python train.py --help", "python train.py --lr path/to/x", "python train.py DATASET_NAME",
     "python train.py --lr ***", "python download_data.py"],
)  # fmt: skip
def test_lines_that_run_nothing_of_the_work_are_not_chosen(tmp_path: Path, line: str) -> None:
    readme = f"## Training\n```\n{line}\npython train.py --lr 1\n```\n"
    a_plan = plan(tmp_path, {"README.md": readme, "train.py": MAIN, "download_data.py": MAIN})
    assert shells(a_plan) == ["python train.py --lr 1"]


def test_a_script_named_alone_gets_its_interpreter(tmp_path: Path) -> None:
    readme = "## Training\n```\n./train.sh 1\n```\n"
    files = {"README.md": readme, "train.sh": "python main.py\n", "main.py": MAIN}
    assert shells(plan(tmp_path, files)) == ["bash ./train.sh 1"]


def test_the_top_readme_comes_before_those_of_folders(tmp_path: Path) -> None:
    block = "## Training\n```\npython {}.py\n```\n"
    files = {"a/README.md": block.format("x"), "a/x.py": MAIN, "README.md": block.format("y"), "y.py": MAIN}
    assert shells(plan(tmp_path, files))[0] == "python y.py"


def test_a_program_for_another_python_is_tried_where_there_is_nothing_else(tmp_path: Path) -> None:
    old = "import sys\nif __name__ == '__main__':\n    print 'x'\n"
    assert shells(plan(tmp_path, {"train.py": old})) == ["python train.py"]
    assert shells(plan(tmp_path, {"train.py": old, "demo.py": MAIN})) == ["python demo.py"]
