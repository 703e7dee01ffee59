"""Which files and functions are programs, and which of the repository's own modules an import means."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.analysis.call_graph import Program
from auditor.analysis.fitting import is_step
from auditor.checks import Facts, all_checks
from auditor.repository.inventory import read_repository

MAIN = "import torch\n\n\ndef main():\n    torch.manual_seed(3)\n    return torch.rand(2)\n"
UNSEEDED = MAIN.replace("    torch.manual_seed(3)\n", "")


def written(root: Path, files: dict[str, str]) -> Program:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return Program(read_repository(root))


def level(root: Path, files: dict[str, str]) -> str | None:
    return Facts([written(root, files).repository]).run(all_checks()["randomness.seeds"]).level


SETUP = "from setuptools import setup\nsetup(name='kit', entry_points={entries})\n"
DECLARED = [
    {"setup.py": SETUP.format(entries="{'console_scripts': ['kit-train = kit.cli:main']}")},
    {"setup.py": SETUP.format(entries='"""\\n[console_scripts]\\nkit-train=kit.cli:main\\n"""')},
    {"setup.cfg": "[options.entry_points]\nconsole_scripts =\n    kit-train = kit.cli:main\n"},
    {"pyproject.toml": "[project]\nname = 'kit'\n[project.scripts]\nkit-train = 'kit.cli:main'\n"},
    {"pyproject.toml": '[tool.poetry.scripts]\nkit-train = "kit.cli:main"\n'},
]


@pytest.mark.parametrize("declaration", DECLARED)
def test_a_console_script_starts_the_function_that_it_names(tmp_path: Path, declaration: dict[str, str]) -> None:
    files = {**declaration, "kit/__init__.py": "", "kit/cli.py": MAIN, "kit/other.py": "from kit import cli\n"}
    program = written(tmp_path, files)
    assert [source.path for source in program.entry_points] == ["kit/cli.py"]
    assert ("kit/cli.py", "main") in program.reached(program.entry_points[0])
    assert level(tmp_path, files) == "full"


def test_a_console_script_of_a_name_that_a_package_hands_on_starts_where_it_is_defined(tmp_path: Path) -> None:
    files = {**DECLARED[3], "kit/__init__.py": "from kit.run import main\n", "kit/run.py": UNSEEDED}
    files["pyproject.toml"] = files["pyproject.toml"].replace("kit.cli:main", "kit:main")
    assert [source.path for source in written(tmp_path, files).entry_points] == ["kit/run.py"]
    assert level(tmp_path, files) == "none"


def test_what_a_console_script_runs_is_followed_in_order(tmp_path: Path) -> None:
    late = "import torch\n\n\ndef main():\n    torch.rand(2)\n    torch.manual_seed(3)\n    return torch.rand(2)\n"
    repository = written(tmp_path, {**DECLARED[3], "kit/__init__.py": "", "kit/cli.py": late}).repository
    found = Facts([repository]).run(all_checks()["randomness.seed_order"])
    assert found.level == "high"
    assert [(item.path, item.line) for item in found.evidence] == [("kit/cli.py", 5), ("kit/cli.py", 6)]


@pytest.mark.parametrize(
    "command", ["python -m kit.train", "python kit/train.py --fast", "python3 -m kit.train --fast"]
)
def test_a_documented_module_that_runs_at_its_top_level_is_a_program_although_others_import_it(
    tmp_path: Path, command: str
) -> None:
    files = {
        "README.md": f"# Kit\n\n```\n{command}\n```\n",
        "kit/__init__.py": "",
        "kit/train.py": "import torch\n\ntorch.manual_seed(1)\nprint(torch.rand(3))\n",
        "kit/test.py": "import kit.train\n\nprint(kit.train)\n",
    }
    assert "kit/train.py" in [source.path for source in written(tmp_path, files).started]


def test_a_package_that_is_started_runs_its_main_module(tmp_path: Path) -> None:
    files = {
        "README.md": "# Kit\n\n```\npython -m kit\n```\n",
        "kit/__init__.py": "",
        "kit/__main__.py": "from kit.cli import main\n\nmain()\n",
        "kit/cli.py": MAIN,
    }
    assert [source.path for source in written(tmp_path, files).started] == ["kit/__main__.py"]
    assert level(tmp_path, files) == "full"


def test_a_module_that_only_defines_is_no_program_even_where_a_command_names_it(tmp_path: Path) -> None:
    files = {
        "README.md": "# Kit\n\n```\npython tools.py\n```\n",
        "tools.py": "def f():\n    return 1\n",
        "a.py": "import tools\n\nprint(tools.f())\n",
    }
    assert [source.path for source in written(tmp_path, files).entry_points] == ["a.py"]


@pytest.mark.parametrize(
    ("importing", "imported"),
    [
        ("scripts/train/run.py", "train.py"),
        ("scripts/train/run.py", "src/train.py"),
        ("scripts/train/run.py", "scripts/train/train.py"),
        ("scripts/train/run.py", "scripts/train.py"),
        ("train/run.py", "lib/train.py"),
    ],
)
def test_a_module_of_the_name_of_a_folder_is_found(tmp_path: Path, importing: str, imported: str) -> None:
    files = {importing: "from train import main\n\nif __name__ == '__main__':\n    main()\n", imported: MAIN}
    program = written(tmp_path, files)
    assert program.imports[importing] == (imported,)
    assert level(tmp_path, files) == "full"


def test_a_module_beside_the_importing_file_stands_before_one_elsewhere(tmp_path: Path) -> None:
    files = {
        "scripts/train/run.py": "from train import main\nmain()\n",
        "scripts/train/train.py": MAIN,
        "train.py": UNSEEDED,
    }
    program = written(tmp_path, files)
    assert program.imports["scripts/train/run.py"] == ("scripts/train/train.py",)
    (run,) = [source for source in program.entry_points if source.path == "scripts/train/run.py"]
    assert ("scripts/train/train.py", "main") in program.reached(run)


def test_a_local_package_of_a_library_s_name_at_the_top_is_followed_from_a_folder_below(tmp_path: Path) -> None:
    files = {
        "scripts/run.py": "import sys\nsys.path.append('.')\nfrom datasets.tools import main\nmain()\n",
        "datasets/__init__.py": "",
        "datasets/tools.py": MAIN,
    }
    assert level(tmp_path, files) == "full"


@pytest.mark.parametrize("step", ["state['optimizer'].step()", "self.run['a'][\"opt_g\"].step()", "opt.step()"])
def test_a_step_of_an_optimizer_in_a_container_trains(tmp_path: Path, step: str) -> None:
    program = written(tmp_path, {"fit.py": f"def fit(self, state, opt):\n    {step}\n    state['env'].step()\n"})
    steps = [is_step(program.sources["fit.py"], call) for call in program.sources["fit.py"].calls]
    assert steps == [True, False]


def test_a_generator_in_a_nested_container_keeps_its_seed(tmp_path: Path) -> None:
    text = (
        "import numpy as np\nstate = {'random': {'data': np.random.RandomState(3)}}\nstate['seed'] = 3\n"
        "other = {'rng': np.random.RandomState(state['seed'])}\n"
        "print(state['random']['data'].rand(2), other['rng'].rand(2))\n"
    )
    assert level(tmp_path, {"a.py": text}) == "full"
    assert level(tmp_path, {"a.py": text.replace("RandomState(3)", "RandomState()")}) == "partial"


PICKED = (
    "import argparse\nimport numpy as np\np = argparse.ArgumentParser()\np.add_argument('--kind')\na = p.parse_args()\n"
)
TWO = "def one():\n    return np.random.rand(2)\ndef two():\n    return np.random.RandomState().rand(2)\n"


@pytest.mark.parametrize(
    "pick",
    [
        "def get():\n    if a.kind == '1':\n        return two\n    return one\nmake = get()\n",
        "if a.kind == '1':\n    make = two\nelse:\n    make = one\n",
        "make = {'1': two, '2': one}[a.kind]\n",
        "make = two if a.kind == '1' else one\n",
    ],
)
def test_every_function_that_a_condition_may_pick_is_followed(tmp_path: Path, pick: str) -> None:
    text = PICKED + TWO + "np.random.seed(1)\n" + pick + "print(make())\n"
    assert level(tmp_path, {"a.py": text}) == "partial" or "RandomState()" not in text
    assert level(tmp_path, {"a.py": text.replace("RandomState()", "RandomState(3)")}) == "full"


@pytest.mark.parametrize(
    "text",
    [
        "import fire\n" + MAIN.replace("main", "fit") + "\n\nif __name__ == '__main__':\n    fire.Fire()\n",
        "import click\n\n\n@click.group()\ndef cli():\n    pass\n\n\n@cli.command()\n"
        + MAIN.replace("import torch\n\n\n", "").replace("main", "fit")
        + "\n\nimport torch\nif __name__ == '__main__':\n    cli()\n",
    ],
)
def test_the_commands_of_a_command_line_library_are_started(tmp_path: Path, text: str) -> None:
    assert level(tmp_path, {"run.py": text}) == "full"
    assert level(tmp_path, {"run.py": text.replace("    torch.manual_seed(3)\n", "")}) == "none"


def test_a_module_named_conf_is_code_unless_it_is_of_the_documentation(tmp_path: Path) -> None:
    files = {
        "utils/conf.py": "import torch\ndef fix(seed):\n    torch.manual_seed(seed)\n",
        "docs/conf.py": "project = 'kit'\nextensions = []\n",
        "manual/conf.py": "project = 'kit'\nextensions = []\n",
        "run.py": "import torch\nfrom utils.conf import fix\nfix(3)\nprint(torch.rand(3))\n",
    }
    assert sorted(written(tmp_path, files).sources) == ["run.py", "utils/conf.py"]
    assert level(tmp_path, files) == "full"


CHECKED = (
    "import numpy as np\nfrom sklearn.utils import check_random_state\n{}rng = check_random_state({})\nrng.rand(2)\n"
)


@pytest.mark.parametrize(
    ("before", "state", "answer"),
    [
        ("", "3", "full"),
        ("", "None", "none"),
        ("np.random.seed(1)\n", "None", "full"),
        ("", "np.random.RandomState(3)", "full"),
        ("", "np.random", "none"),
        ("np.random.seed(1)\n", "np.random", "full"),
        ("", "np.random.RandomState()", "none"),
    ],
)
def test_a_checked_state_is_the_generator_given_or_the_global_one(
    tmp_path: Path, before: str, state: str, answer: str
) -> None:
    assert level(tmp_path, {"a.py": CHECKED.format(before, state)}) == answer
