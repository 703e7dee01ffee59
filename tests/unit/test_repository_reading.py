"""The reading of a tree: walk, sources, notebooks, documents, dependencies, commands, licence, data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import BadInput, Unreadable
from auditor.repository.code.notebooks import plain_lines
from auditor.repository.code.syntax import facts_of
from auditor.repository.commands.shell import passed, read_command, strip_prompt
from auditor.repository.declared.requirement_text import installed_by, parse_conda, parse_requirement
from auditor.repository.inventory import read_repository
from auditor.repository.licence import licence_of_text
from auditor.repository.model import Repository


def trees(root: Path, files: dict[str, str | bytes]) -> Repository:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_repository(root)


def test_kinds_come_from_names_and_from_first_bytes(tmp_path: Path) -> None:
    repository = trees(
        tmp_path,
        {
            "README.md": "# x",
            "LICENSE": "MIT License",
            "train.py": "",
            "run": "#!/usr/bin/env python3\n",
            "requirements-dev.txt": "numpy",
            "data/a.csv": "1,2",
            "models/net": b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.ctorch._utils",
            "curves/net": b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.train_acc",
            "Dockerfile": "FROM x",
            "big.bin": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        },
    )
    kinds = {file.path: file.kind for file in repository.files}
    assert kinds["README.md"] == "document"
    assert kinds["LICENSE"] == "licence"
    assert kinds["run"] == "python"
    assert kinds["requirements-dev.txt"] == "dependencies"
    assert kinds["data/a.csv"] == "data"
    assert kinds["models/net"] == "weights"
    assert kinds["curves/net"] == "data"
    assert kinds["Dockerfile"] == "container"
    assert repository.by_path["big.bin"].absent


def test_files_too_large_to_be_taken_in_count_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("")
    repository = read_repository(tmp_path, absent=["models/net.pth", "main.py"])
    assert repository.by_path["models/net.pth"].absent
    assert repository.by_path["models/net.pth"].kind == "weights"
    assert not repository.by_path["main.py"].absent


def test_third_party_folders_and_submodules_are_vendored(tmp_path: Path) -> None:
    repository = trees(
        tmp_path,
        {
            "main.py": "",
            "third_party/lib/a.py": "",
            "sub/b.py": "",
            ".gitmodules": '[submodule "sub"]\n\tpath = sub\n\turl = https://example.org/sub\n',
            "fairseq/setup.py": "",
            "fairseq/a.py": "",
            "fairseq/b.py": "",
            "fairseq/c.py": "",
        },
    )
    assert {file.path for file in repository.own_files} == {"main.py", ".gitmodules"}


@pytest.mark.parametrize(
    ("files", "own"),
    [
        (("LICENSE", "setup.py"), False),
        (("LICENSE",), True),
        (("setup.py",), True),
    ],
)
def test_a_folder_with_a_licence_and_a_setup_of_its_own_is_another_project(
    tmp_path: Path, files: tuple[str, ...], own: bool
) -> None:
    inside = {f"tool/{name}": "MIT License\n" for name in (*files, "a.py", "b.py", "c.py")}
    repository = trees(tmp_path, {"main.py": "", **inside})
    assert any(file.path.startswith("tool/") for file in repository.own_files) is own


def test_a_folder_that_holds_all_the_code_is_the_authors_own(tmp_path: Path) -> None:
    inside = {f"tool/{name}": "" for name in ("LICENSE", "setup.py", "a.py", "b.py", "c.py")}
    repository = trees(tmp_path, {"README.md": "# T", **inside})
    assert any(file.path.startswith("tool/") for file in repository.own_files)


def test_a_project_whose_programs_the_readme_names_is_the_authors_own(tmp_path: Path) -> None:
    tool = {f"tool/{name}": "" for name in ("LICENSE", "setup.py", "a.py", "b.py", "examples/run.py")}
    for number, (readme, own) in enumerate([("python examples/run.py", True), ("python run.py", False), ("", False)]):
        repository = trees(tmp_path / str(number), {"README.md": f"```\n{readme}\n```\n", "main.py": "", **tool})
        assert any(file.path.startswith("tool/") for file in repository.own_files) is own, readme


def test_a_root_that_is_no_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_repository(tmp_path / "absent")


def test_calls_are_named_through_aliases_and_relative_imports() -> None:
    source = facts_of(
        "pkg/train.py",
        "import numpy as np\nfrom torch import nn as n\nfrom .utils import seed_all as s\n\ndef run(k):\n    "
        "np.random.seed(k)\n"
        "    n.Linear(1, 2)\n    s(3)\n\nif __name__ == '__main__':\n    run(1)\n",
    )
    assert [(call.name, call.within) for call in source.calls] == [
        ("numpy.random.seed", "run"),
        ("torch.nn.Linear", "run"),
        ("pkg.utils.seed_all", "run"),
        ("run", ""),
    ]
    assert source.main_guard
    assert source.main_lines == (10, 11)


def test_python_2_keeps_its_facts_and_says_so() -> None:
    source = facts_of(
        "old.py",
        "import numpy as np\nprint 'loss %f' % (\n    1.0)\ntry:\n    np.random.seed(0)\nexcept ValueError, "
        "e:\n    raise ValueError, 'x'\n"
        "net.cuda(async=True)\nprint >>f, 0777, 10L\n",
    )
    assert source.problem is not None
    assert ("numpy.random.seed", 5) in {(call.name, call.line) for call in source.calls}


@pytest.mark.parametrize(
    ("text", "style", "names"),
    [
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('-l', '--lr', default=0.1)\n",
            "argparse",
            {"-l", "--lr"},
        ),
        ("import click\n@click.command()\n@click.option('--lr', default=1)\ndef main(lr): pass\n", "click", {"--lr"}),
        ("from absl import flags\nflags.DEFINE_float('lr', 0.1, '')\n", "absl", {"--lr", "-lr"}),
        (
            "import tensorflow as tf\nflags = tf.app.flags\nflags.DEFINE_float('lr', 1, '')\n",
            "tf.flags",
            {"--lr", "-lr"},
        ),
        ("import typer\ndef main(lr: float = 0.1): pass\ntyper.run(main)\n", "typer", {"--lr", "--no-lr"}),
        ("import fire\ndef main(lr=0.1): pass\nfire.Fire(main)\n", "fire", {"--lr", "--no-lr"}),
        ("import sys\nprint(sys.argv[1])\n", "sys.argv", set()),
    ],
)
def test_options_are_read_in_each_librarys_words(text: str, style: str | None, names: set[str]) -> None:
    source = facts_of("a.py", text)
    assert source.option_style == style
    assert {name for option in source.options for name in option.names} == names


def test_options_with_computed_names_are_not_listed() -> None:
    source = facts_of("a.py", "p = object()\nfor k in d:\n    p.add_argument('--' + k)\n")
    assert source.options_unlisted


def test_a_notebook_is_a_source_with_its_cells_as_places(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "# title"},
        {
            "cell_type": "code",
            "source": ["%matplotlib inline\n", "import numpy as np\n"],
            "outputs": [],
            "execution_count": 1,
        },
        {
            "cell_type": "code",
            "source": "!pip install x\nnp.random.seed(0)",
            "outputs": [{"output_type": "stream", "text": ["accuracy: 0.9\n"]}],
            "execution_count": 2,
        },
    ]
    repository = trees(tmp_path, {"a.ipynb": json.dumps({"cells": cells, "nbformat": 4, "metadata": {}})})
    (source,) = repository.sources
    call = next(call for call in source.calls if call.name == "numpy.random.seed")
    place = source.evidence(call.line)
    assert (place.cell, place.line) == (3, 2)
    assert repository.notebooks[0].cells[2].outputs == ("accuracy: 0.9\n",)


def test_magics_leave_their_lines_in_place() -> None:
    assert plain_lines("%time\nif a:\n    !ls\nx = !ls\nb?") == ["", "if a:", "    pass", "x = None", ""]
    assert plain_lines("%%bash\npip install x") == ["", ""]


def test_markdown_gives_headings_code_links_and_tables_with_lines(tmp_path: Path) -> None:
    readme = (
        "#Title\n\nSee [data](http://a.org/d.zip).\n\n```bash\npython train.py\n```\n\n| a | acc |\n|---|---|\n"
        "| x | 1.0 |\n"
        "<!-- [hidden](http://b.org) -->\n"
    )
    (document,) = trees(tmp_path, {"README.md": readme}).documents
    assert document.main
    assert document.headings == ((1, "Title", 1),)
    assert [(block.text, block.line) for block in document.blocks] == [("python train.py", 6)]
    assert [link.url for link in document.links] == ["http://a.org/d.zip"]
    assert document.tables[0].rows == (("x", "1.0"),)


def test_restructured_text_gives_headings_and_literal_blocks(tmp_path: Path) -> None:
    text = "Title\n=====\n\nRun::\n\n    python a.py\n\n.. image:: fig/x.png\n"
    (document,) = trees(tmp_path, {"README.rst": text}).documents
    assert document.headings[0][1] == "Title"
    assert document.blocks[0].text == "python a.py"
    assert document.links[0].image


@pytest.mark.parametrize(
    ("text", "name", "exact"),
    [
        ("numpy==1.16.4", "numpy", True),
        ("Scikit_Learn>=0.20", "scikit-learn", False),
        ("torch==1.*", "torch", False),
        ("numpy=1.16.4=py37_0", "numpy", True),
        ("-e git+https://github.com/a/b.git@0123abcd#egg=c", "c", True),
        ("git+https://github.com/a/b.git", "b", False),
        ("x==1.0 --hash=sha256:00", "x", True),
    ],
)
def test_requirement_lines_are_read_in_pips_words(text: str, name: str, exact: bool) -> None:
    item = parse_requirement(text, "r.txt", 1)
    assert item is not None
    assert (item.name, item.exact) == (name, exact)


@pytest.mark.parametrize(
    ("text", "specifier", "exact"),
    [
        ("numpy=1.16.4", "==1.16.4", True),
        ("numpy=1.16", "==1.16.*", True),
        ("numpy", "", False),
        ("numpy>=1.1", ">=1.1", False),
    ],
)
def test_requirement_lines_are_read_in_condas_words(text: str, specifier: str, exact: bool) -> None:
    item = parse_conda(text, "e.yml", 1)
    assert item is not None
    assert (item.specifier, item.exact) == (specifier, exact)


def test_install_commands_name_their_distributions() -> None:
    names = [
        item.name
        for item in installed_by("conda install -c pytorch pytorch=1.0 && pip install -r r.txt 'tqdm>=4'", "R", 1)
    ]
    assert names == ["pytorch", "tqdm"]


EVERY_KIND = {
    "setup.py": "from setuptools import setup\nREQ = ['numpy>=1.0']\nsetup(name='x', install_requires=REQ, "
    "python_requires='>=3.7')\n",
    "setup.cfg": "[options]\ninstall_requires =\n    scipy==1.2\n",
    "pyproject.toml": '[project]\nname="x"\ndependencies=["pandas==1.0"]\n'
    '[tool.poetry.dependencies]\npython="^3.7"\nsix="^1.2"\n',
    "Pipfile": '[packages]\nrequests="==2.0"\n',
    "environment.yml": "dependencies:\n  - python=3.6\n  - pytorch=1.0.1\n  - pip:\n    - tqdm==4.0\n",
    "Dockerfile": "FROM python:3.8\nRUN apt-get update && \\\n  pip install einops==0.3\n",
}


def test_every_kind_of_declaring_file_is_read(tmp_path: Path) -> None:
    dependencies = trees(tmp_path, dict(EVERY_KIND)).dependencies
    assert set(dependencies.files) == set(EVERY_KIND)
    found = {(item.name, item.exact) for item in dependencies.requirements}
    assert found >= {
        ("numpy", False), ("scipy", True), ("pandas", True), ("six", False), ("requests", True), ("pytorch", True),
        ("tqdm", True),
        ("einops", True),
    }  # fmt: skip
    assert dependencies.level == "file"
    assert dependencies.python is not None


def test_a_setup_script_without_requirements_declares_nothing(tmp_path: Path) -> None:
    repository = trees(tmp_path, {"setup.py": "from setuptools import setup\nsetup(name='x')\n"})
    assert repository.dependencies.level == "none"


def test_what_is_imported_and_not_declared_is_named(tmp_path: Path) -> None:
    repository = trees(
        tmp_path,
        {
            "requirements.txt": "numpy\ntensorflow-gpu\n",
            "a.py": "import numpy, os, cv2, tensorflow\nimport helper_mine\n",
            "helper_mine.py": "",
        },
    )
    assert set(repository.dependencies.imported) == {"numpy", "opencv-python", "tensorflow"}
    assert repository.dependencies.undeclared == ("opencv-python",)


def test_an_import_of_a_local_module_that_is_not_there_is_found(tmp_path: Path) -> None:
    repository = trees(
        tmp_path,
        {
            "pkg/a.py": "from .gone import x\nimport utils\nfrom pkg.missing import y\nfrom pkg import b\n",
            "pkg/b.py": "",
        },
    )
    assert [place.excerpt for place in repository.dependencies.missing_local] == [
        "import of .gone",
        "import of utils",
        "import of pkg.missing",
    ]


def test_libraries_in_prose_count_with_their_versions(tmp_path: Path) -> None:
    repository = trees(tmp_path, {"README.md": "## Requirements\n- Python 3.6\n- PyTorch 1.0.1\n- numpy >= 1.15\n"})
    dependencies = repository.dependencies
    assert dependencies.level == "prose"
    assert {(r.name, r.exact) for r in dependencies.requirements} == {("torch", True), ("numpy", False)}
    assert dependencies.python == "==3.6.*"


def test_a_library_named_in_passing_is_no_declaration(tmp_path: Path) -> None:
    assert trees(tmp_path, {"README.md": "# A PyTorch implementation\n\nWe beat numpy.\n"}).dependencies.level == "none"


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("$ python a.py", "python a.py"),
        ("(env) user@host:~/x$ python a.py", "python a.py"),
        (">>> import x", ""),
        ("python a.py", "python a.py"),
    ],
)
def test_prompts_are_taken_off(line: str, bare: str) -> None:
    assert strip_prompt(line) == bare


@pytest.mark.parametrize(
    ("text", "program", "target"),
    [
        ("CUDA_VISIBLE_DEVICES=0 python3 -u train.py --lr 1", "python", "train.py"),
        ("python -m torch.distributed.launch --nproc_per_node=4 train.py --x", "python", "train.py"),
        ("mpirun -n 4 python a.py", "python", "a.py"),
        ("torchrun --nproc 2 a.py", "python", "a.py"),
        ("python -m pkg.run", "python", "pkg.run"),
        ("bash scripts/run.sh", "bash", "scripts/run.sh"),
        ("make train", "make", "train"),
        ("pip install x", "pip", None),
    ],
)
def test_commands_are_seen_through_their_launchers(text: str, program: str, target: str | None) -> None:
    command = read_command(text)
    assert command is not None
    assert (command.program, command.target) == (program, target)


def test_words_after_a_program_become_options_and_positionals() -> None:
    assert list(passed(("a", "--lr=1", "--n", "-3", "[--flag]", "--x", "y", ">", "log"))) == [
        ("", "a"), ("--lr", "1"), ("--n", "-3"), ("--flag", None), ("--x", "y"),
    ]  # fmt: skip


PROGRAM = (
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('--epochs', type=int)\n"
    "p.add_argument('--cuda', action='store_true')\np.parse_args()\n"
)


@pytest.mark.parametrize(
    ("command", "works", "unaccepted"),
    [
        ("python train.py --epochs 3 --cuda", True, ()),
        ("python train.py --epoch 3", True, ()),
        ("python train.py --rate 3", False, ("--rate",)),
        ("python train.py extra", False, ("extra",)),
        ("python absent.py", False, ()),
    ],
)
def test_documented_commands_are_checked_against_files_and_options(
    tmp_path: Path, command: str, works: bool, unaccepted: tuple[str, ...]
) -> None:
    repository = trees(tmp_path, {"README.md": f"```\n{command}\n```\n", "train.py": PROGRAM})
    (found,) = repository.commands
    assert found.works is works
    assert found.unaccepted == unaccepted


def test_cd_moves_the_folder_and_imported_option_modules_count(tmp_path: Path) -> None:
    repository = trees(
        tmp_path,
        {
            "README.md": "```\ngit clone https://example.org/proj.git\ncd proj\ncd src && python train.py "
            "--epochs 3\n```\n",
            "src/train.py": "from opts import parse\nparse()\n",
            "src/opts.py": PROGRAM,
        },
    )
    command = next(c for c in repository.commands if c.target)
    assert (command.resolved, command.folder, command.works, command.options_known) == (
        "src/train.py",
        "src",
        True,
        True,
    )


def test_a_placeholder_is_no_command(tmp_path: Path) -> None:
    repository = trees(tmp_path, {"README.md": "`python <script>.py` and `python train_xxx.py`\n"})
    assert [c for c in repository.commands if c.target] == []


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("Apache License\nVersion 2.0, January 2004\n" + "terms " * 100, "Apache-2.0"),
        ("GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007 " + "terms " * 100, "GPL-3.0"),
        ("MIT License", "MIT"),
        ("Educational Community License, Version 2.0, consists of the Apache License, Version 2.0 " * 9, "ECL-2.0"),
        ("Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International " * 9, "CC-BY-NC-ND-4.0"),
        ("Creative Commons Attribution-ShareAlike 3.0 Unported " * 9, "CC-BY-SA-3.0"),
        ("Attribution 4.0 is what we call this version of our terms. " * 9, None),
        ("All rights reserved. " * 40, None),
    ],
)
def test_licence_texts_are_recognised(text: str, spdx: str | None) -> None:
    assert licence_of_text(text) == spdx


def test_an_empty_licence_file_states_nothing(tmp_path: Path) -> None:
    assert trees(tmp_path, {"LICENSE": "\n"}).licence is None


def test_the_readme_can_state_the_licence(tmp_path: Path) -> None:
    licence = trees(
        tmp_path, {"README.md": "# x\n\n## License\n\nThis code is released under the MIT license.\n"}
    ).licence
    assert licence is not None
    assert licence.spdx == "MIT"


def test_data_come_by_loader_file_download_and_instruction(tmp_path: Path) -> None:
    repository = trees(
        tmp_path,
        {
            "train.py": "import torchvision\ntorchvision.datasets.MNIST('d', download=True)\n",
            "data/a.csv": "1,2\n" * 10,
            "get.sh": "wget https://example.org/data.zip\n",
            "README.md": "Download the [dataset](https://example.org/d) first.\n",
        },
    )
    assert {item.how for item in repository.data} == {"loader", "included", "downloaded", "instructions"}


def test_text_outside_the_root_is_refused(tmp_path: Path) -> None:
    repository = trees(tmp_path, {"a.txt": "x"})
    for path in ("../a.txt", "/etc/passwd", "b/../../a", ""):
        with pytest.raises(Unreadable):
            repository.text(path)


def test_a_fork_of_a_known_library_is_the_authors_own_where_no_other_code_is_left(tmp_path: Path) -> None:
    for path in ("baselines/setup.py", "baselines/run.py", "baselines/a2c.py", "baselines/dqn.py"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("print(1)\n")
    (tmp_path / "data").mkdir()
    for number in range(3):
        (tmp_path / f"data/{number}.gif").write_bytes(b"GIF89a")
    assert not any(file.vendored for file in read_repository(tmp_path).files)
    (tmp_path / "train.py").write_text("import baselines\n")
    assert read_repository(tmp_path).by_path["baselines/run.py"].vendored
