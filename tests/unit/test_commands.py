"""Documented commands: found in every common form, resolved to files, checked against what the program accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.commands.mentions import mentions
from auditor.repository.commands.shell import read_command, strip_prompt
from auditor.repository.inventory import read_repository
from auditor.repository.model import DocumentedCommand, Repository

PARSER = (
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float)\n"
    "p.add_argument('--cuda', action='store_true')\np.parse_args()\n"
)


def tree(root: Path, files: dict[str, str]) -> Repository:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return read_repository(root)


def level(root: Path, files: dict[str, str]) -> str | None:
    return Facts([tree(root, files)]).run(all_checks()["documentation.run_command"]).level


def commands(root: Path, files: dict[str, str]) -> list[DocumentedCommand]:
    return [command for command in tree(root, files).commands if command.target]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ('xvfb-run -s "-screen 0 1400x900x24" python train.py', "train.py"),
        ("docker run --gpus all -v $PWD:/w image python /w/train.py", "/w/train.py"),
        ("docker build -t image .", None),
        ("singularity exec image.sif python3 train.py --x 1", "train.py"),
        ("env OMP_NUM_THREADS=1 python train.py", "train.py"),
        ("CUDA_VISIBLE_DEVICES=<gpu id> python train.py", "train.py"),
        ("bazel run //pkg:main -- --steps=3", "//pkg:main"),
        ("bazel build //pkg:main", None),
        ('matlab -nodisplay -r "run_all"', "run_all.m"),
        ("timeout 60 python train.py", "train.py"),
        ("python -um pkg.train --x 1", "pkg.train"),
    ],
)
def test_a_wrapper_does_not_hide_the_program(text: str, target: str | None) -> None:
    command = read_command(text)
    assert command is not None
    assert command.target == target


@pytest.mark.parametrize(
    "line",
    [
        "$ python a.py",
        "proj$ python a.py",
        "(env) me@host:~/proj$ python a.py",
        "> python a.py",
        "-  python a.py",
        "command: python a.py",
        "- Train: python a.py",
    ],
)
def test_a_prompt_or_label_is_taken_off(line: str) -> None:
    assert strip_prompt(line) == "python a.py"


@pytest.mark.parametrize("gap", ["\n", "\n    ", " \\\n    "])
def test_a_line_of_options_continues_the_documented_command(tmp_path: Path, gap: str) -> None:
    readme = f"# x\n\n```\npython train.py{gap}--lr 0.1{gap}--cuda\npython b.py\n```\n"
    found = commands(tmp_path, {"README.md": readme, "train.py": PARSER})
    assert [" ".join(command.shell.split()) for command in found] == ["python train.py --lr 0.1 --cuda", "python b.py"]


@pytest.mark.parametrize(
    "command",
    [
        "python train.py --lr <learning rate of your choice>",
        "python train.py --lr [a value] --cuda",
        "python train.py --cuda <with or without>",
        "python train.py --lr 0.1 $EXTRA",
        "python train.py --lr 0.1 ...",
        "python Train.py --lr 0.1",
        "python repo/train.py --lr 0.1",
    ],
)
def test_placeholders_case_and_the_clones_own_folder_do_not_break_a_command(tmp_path: Path, command: str) -> None:
    (found,) = commands(tmp_path, {"README.md": f"```\n{command}\n```\n", "train.py": PARSER})
    assert found.works, found.unaccepted


@pytest.mark.parametrize(
    ("program", "words", "works"),
    [
        ("from absl import app, flags\nflags.DEFINE_float('lr', 1, '')\n", "--lr=1 a.tfrecord b.tfrecord", True),
        ("from absl import app, flags\nflags.DEFINE_float('lr', 1, '')\n", "--rate=1", False),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr')\np.add_subparsers()\n",
            "train --lr 1",
            True,
        ),
        (
            "from somelib.cmd import common_arg_parser\np = common_arg_parser()\np.add_argument('--lr')\n",
            "--env x",
            True,
        ),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr')\np.parse_known_args()\n",
            "--env x",
            True,
        ),
        (PARSER, "--env x", False),
        (PARSER, "--lr 1 stray", False),
        (PARSER, "--lr 1 for the first table", True),
        (
            "import click\n\n\n@click.command(context_settings={'ignore_unknown_options': True})\n"
            "@click.argument('words', nargs=-1)\ndef run(words):\n    print(words)\n",
            "x --env y",
            True,
        ),
    ],
)
def test_what_a_program_accepts_depends_on_how_it_reads_its_words(
    tmp_path: Path, program: str, words: str, works: bool
) -> None:
    (found,) = commands(tmp_path, {"README.md": f"```\npython a.py {words}\n```\n", "a.py": program})
    assert found.works is works


def test_a_console_script_of_the_repository_is_a_command(tmp_path: Path) -> None:
    files = {
        "README.md": "```\nmethod-train --lr 1\n```\n",
        "setup.py": "from setuptools import setup\n"
        "setup(entry_points={'console_scripts': ['method-train = method.main:run']})\n",
        "method/__init__.py": "",
        "method/main.py": PARSER,
    }
    (found,) = commands(tmp_path, files)
    assert (found.resolved, found.works) == ("method/main.py", True)


def test_a_console_script_of_something_else_is_no_command(tmp_path: Path) -> None:
    assert level(tmp_path, {"README.md": "```\nother-train --lr 1\n```\n", "main.py": PARSER}) == "none"


def test_a_bazel_target_is_looked_up_in_its_build_file(tmp_path: Path) -> None:
    readme = "```\nproj$ bazel run :agent -- --steps=3\nproj$ bazel run :absent\n```\n"
    first, second = commands(
        tmp_path, {"README.md": readme, "BUILD": 'py_binary(name = "agent", srcs = ["agent.py"])\n'}
    )
    assert (first.works, second.works) == (True, False)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Please use the main_loop.py to reproduce the results.", ["main_loop.py"]),
        ("Run the code with run_a.sh or run_b.sh and wait.", ["run_a.sh", "run_b.sh"]),
        ("Then run prep.py from its folder.", ["prep.py"]),
        ("Use the main file to run everything.", ["main.py"]),
        ("The layers use `ops.py` for speed.", []),
        ("Just run the notebooks.", []),
        ("See train.py.", []),
    ],
)
def test_running_text_names_programs_to_run(text: str, targets: list[str]) -> None:
    assert [mention.target for mention in mentions(text)] == targets


def test_only_a_sure_mention_of_an_absent_program_is_a_command(tmp_path: Path) -> None:
    assert level(tmp_path / "a", {"README.md": "Run demo.py.\n", "x.py": "print(1)\n"}) == "broken"
    assert level(tmp_path / "b", {"README.md": "Use demo.py to plot.\n", "x.py": "print(1)\n"}) == "none"


def test_what_builds_the_code_or_is_the_readers_own_is_no_command_to_run_it(tmp_path: Path) -> None:
    files = {"README.md": "## Installation\n```\nmake fast\n```\n", "Makefile": "fast:\n\tcc a.c\n"}
    assert level(tmp_path / "a", files) == "none"
    assert level(tmp_path / "b", files | {"README.md": "## Experiments\n```\nmake fast\n```\n"}) == "works"
    readme = {"README.md": "```\nsource ~/.bashrc\npython train.py --lr 1\n```\n", "train.py": PARSER}
    assert level(tmp_path / "c", readme) == "works"


def test_a_change_log_gives_no_commands(tmp_path: Path) -> None:
    assert level(tmp_path, {"README.md": "# M\n", "ChangeLog": "python gone.py --x\n", "a.py": "print(1)\n"}) == "none"


def test_an_absent_settings_file_of_a_folder_that_is_there_breaks_a_command(tmp_path: Path) -> None:
    files = {"a.py": "import sys\nprint(sys.argv)\n", "configs/big.yaml": "a: 1\n"}
    for number, (named, works) in enumerate(
        [
            ("configs/big.yaml", True),
            ("configs/small.yaml", False),
            ("configs/your_config.yaml", True),
            ("elsewhere/c.yaml", True),
        ]
    ):
        (found,) = commands(tmp_path / str(number), files | {"README.md": f"```\npython a.py --config {named}\n```\n"})
        assert found.works is works, named


def test_a_compiled_program_counts_where_its_source_is_there(tmp_path: Path) -> None:
    readme = "```\ng++ solve.cpp\n./a.out -b 3 < graphs/g.txt\n```\n"
    assert level(tmp_path / "a", {"README.md": readme, "solve.cpp": "int main(){}\n", "graphs/g.txt": "1\n"}) == "works"
    assert (
        level(tmp_path / "b", {"README.md": readme, "solve.cpp": "int main(){}\n", "graphs/h.txt": "1\n"}) == "broken"
    )
    assert level(tmp_path / "c", {"README.md": readme, "solve.py": "print(1)\n"}) == "none"


def test_the_training_command_decides_over_a_broken_data_tool(tmp_path: Path) -> None:
    readme = "## Pretraining\n```\npython data_utils.py --gone 1\npython train.py --lr 1\n```\n"
    assert level(tmp_path, {"README.md": readme, "data_utils.py": PARSER, "train.py": PARSER}) == "works"


def test_a_broken_training_command_decides_over_a_demo_that_works(tmp_path: Path) -> None:
    readme = "```\npython demo.py\n```\n## Training\n```\npython train.py --gone 1\n```\n"
    assert level(tmp_path, {"README.md": readme, "demo.py": PARSER, "train.py": PARSER}) == "broken"


def test_without_commands_in_the_readme_most_of_the_parts_decide(tmp_path: Path) -> None:
    files = {"README.md": "# Parts\n", "train.py": PARSER, "a/run.py": PARSER, "b/run.py": PARSER}
    files |= {"a/README.md": "```\npython run.py --lr 1\n```\n", "b/README.md": "```\npython run.py --lr 1\n```\n"}
    files |= {"c/README.md": "## Train\n```\npython gone.py\n```\n"}
    assert level(tmp_path, files) == "works"


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("The `single.py`, which is to be run from inside the `src` directory, does all.", "works"),
        ("Finally, `single.py` puts all together and may be used to execute a full training run.", "works"),
        ("`single.py` can be run on one GPU.", "works"),
        ("`single.py` holds the layers of the model.", "none"),
        ("`single.py` is used by the other modules.", "none"),
        ("`single.py` defines a model. It can be trained by hand.", "none"),
    ],
)
def test_a_sentence_in_the_passive_voice_tells_to_run_a_program(tmp_path: Path, sentence: str, answer: str) -> None:
    assert level(tmp_path, {"README.md": f"# M\n\n{sentence}\n", "src/single.py": "print(1)\n"}) == answer


def test_a_name_in_a_listing_of_files_is_no_command(tmp_path: Path) -> None:
    files = {
        "README.md": "# T\n\n```\n[TASK]/\n    models.py\n```\n\n```\npython train.py\n```\n",
        "train.py": "import x\nx.run()\n",
    }
    assert [command.target for command in commands(tmp_path, files)] == ["train.py"]
    assert level(tmp_path, files) == "works"


@pytest.mark.parametrize(("option", "expected"), [("--poli", "works"), ("--p", "broken")])
def test_an_abbreviation_is_accepted_where_one_option_begins_so(tmp_path: Path, option: str, expected: str) -> None:
    parser = PARSER.replace("'--lr'", "'--policy'").replace("'--cuda', action='store_true'", "'--path'")
    assert level(tmp_path, {"README.md": f"# T\n\n`python train.py {option} x`\n", "train.py": parser}) == expected


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("Replace the paths in run_all.sh with yours.", "works"),
        ("## Run the model\n\n- code/main.py\n", "works"),
        ("## Files\n\n- code/main.py\n", "none"),
        ("## Run the model\n\nThe loss stands in code/main.py.\n", "none"),
        ("Before, adapt install_all.sh and gone.sh to your machine.", "none"),
    ],
)
def test_a_document_without_commands_points_to_programs(tmp_path: Path, readme: str, expected: str) -> None:
    files = {
        "run_all.sh": "python code/main.py\n",
        "install_all.sh": "pip install x\n",
        "code/main.py": "import x\nx.run()\n",
    }
    assert level(tmp_path, {"README.md": f"# T\n\n{readme}\n", **files}) == expected


IDLE = {
    "nothing but a docstring": '"""Train the model."""\n\npass\n',
    "imports and constants": "import numpy as np\n\nRATE = 0.1\n",
    "empty functions": "def train():\n    pass\n\n\nif __name__ == '__main__':\n    train()\n",
}


@pytest.mark.parametrize("kind", IDLE)
def test_a_program_that_runs_nothing_does_not_work(tmp_path: Path, kind: str) -> None:
    files = {"README.md": "# T\n\n```\npython train.py\n```\n", "train.py": IDLE[kind]}
    assert level(tmp_path, files) == "broken"


def test_a_program_that_only_imports_a_module_of_the_tree_may_run_it(tmp_path: Path) -> None:
    files = {"README.md": "# T\n\n```\npython train.py\n```\n", "train.py": "import work\n", "work.py": "print(1)\n"}
    assert level(tmp_path, files) == "works"


def test_a_program_whose_function_a_decorator_starts_runs(tmp_path: Path) -> None:
    body = "from sacred import Experiment\nex = Experiment()\n\n\n@ex.automain\ndef main():\n    return 1\n"
    assert level(tmp_path, {"README.md": "# T\n\n```\npython train.py\n```\n", "train.py": body}) == "works"
