"""Every kind of declaration, with the line that each requirement stands on."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.declared.distributions import DISTRIBUTIONS, distribution_of, same_distributions
from auditor.repository.inventory import read_repository
from auditor.repository.model import Dependencies, Repository


def tree(folder: Path, files: dict[str, str]) -> Repository:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read_repository(folder)


def declared(folder: Path, files: dict[str, str]) -> Dependencies:
    return tree(folder, files).dependencies


def listed(dependencies: Dependencies) -> set[tuple[str, str, int, bool]]:
    return {(r.name, r.specifier, r.line, r.exact) for r in dependencies.requirements}


def checked(folder: Path, files: dict[str, str], id: str) -> Finding:
    return Facts([tree(folder, files)]).run(all_checks()[id])


PYPROJECT = """\
[project]
name = "mine"
requires-python = ">=3.9"
dependencies = [
  "numpy==1.26.4",
  "torch>=2",
]
[project.optional-dependencies]
plots = ["matplotlib"]
[dependency-groups]
dev = ["pytest==8.0", {include-group = "docs"}]
[tool.uv]
dev-dependencies = ["ruff==0.4.1"]
[tool.pdm.dev-dependencies]
lint = ["black==24.1"]
[tool.hatch.envs.train]
python = "3.11"
dependencies = [
  "wandb==0.16",
]
[tool.flit.metadata]
requires = ["requests>=2"]
"""
POETRY = """\
[tool.poetry]
name = "mine"
[tool.poetry.dependencies]
python = "^3.8"
torchvision = "*"
torch = "1.13.1"
other = { git = "https://example.org/other.git", rev = "0123abcd" }
[tool.poetry.group.dev.dependencies]
pytest = "^7.1"
"""
PIPFILE_LOCK = {
    "_meta": {"requires": {"python_version": "3.8"}},
    "default": {"numpy": {"version": "==1.21.0"}},
    "develop": {"pytest": {"version": "==6.2"}},
}
UV_LOCK = """\
requires-python = ">=3.10"

[[package]]
name = "mine"
version = "0.1"
source = { editable = "." }

[[package]]
name = "numpy"
version = "1.26.4"

[[package]]
name = "torch"
version = "2.2.0"
"""
CONDA_LOCK = """\
version: 1
package:
- name: numpy
  version: 1.21.5
  manager: conda
  platform: linux-64
- name: numpy
  version: 1.21.5
  manager: conda
  platform: osx-64
- name: einops
  version: 0.4.1
  manager: pip
"""
PIXI_LOCK = """\
version: 6
packages:
- conda: https://conda.example.org/conda-forge/linux-64/numpy-1.26.0-py311h64a7726_0.conda
  sha256: 00
- conda: https://conda.example.org/conda-forge/linux-64/python-3.11.6-hab00c5b_0.conda
- pypi: https://files.example.org/einops-0.7.0-py3-none-any.whl
  name: einops
  version: 0.7.0
"""
PIXI = (
    '[dependencies]\npython = "3.11.*"\nnumpy = ">=1.20"\nscipy = "1.11.4"\n[pypi-dependencies]\neinops = "==0.7.0"\n'
)
EXPLICIT = """\
# This file may be used to create an environment using:
@EXPLICIT
https://conda.example.org/linux-64/python-3.7.3-h0371630_0.tar.bz2
https://conda.example.org/linux-64/numpy-1.16.4-py37h7e9f1db_0.tar.bz2#00
"""
CONDA_LIST = (
    "# packages in environment at /opt/env:\n#\n# Name  Version  Build\nnumpy    1.16.4   py37_0\nx264 1!157 h0\n"
)
PIP_LIST = "Package    Version\n---------- -------\nnumpy      1.16.4\ntzdata     2024a\n"
ENVIRONMENT = """\
name: mine
channels: [defaults]
dependencies:
  - python=3.7.4
  - numpy-base=1.16.4=py37_0
  - conda-forge::numpy=1.16.4=py37_0
  - pip:
    - einops==0.3.0
    - -r more.txt
"""
RECIPE = (
    "package:\n  name: {{ name }}\nrequirements:\n  build:\n    - gcc\n  run:\n    - pytorch >=1.3\n    - scipy 1.4.1\n"
)
SETUP = """\
from setuptools import setup
VERSION = "1.2"
needed = ["numpy==%s" % VERSION, f"scipy>={VERSION}"]
needed.append("torch")
needed += [">=".join(["gpytorch", VERSION])]
extras = {}
extras["plots"] = ["matplotlib"]
setup(name="mine", install_requires=needed, extras_require=extras, **dict(python_requires=">=3.6"))
"""
SETUP_READS = """\
from setuptools import setup
def wanted():
    with open("requirements/base.txt") as handle:
        return handle.read().splitlines()
setup(name="mine", install_requires=wanted(), long_description=open("README.md").read())
"""
SETUP_CFG = """\
[metadata]
name = mine
[options]
python_requires = >=3.7
install_requires =
    numpy>=1.18
    torch==1.8.0 ; python_version < "3.9"
[options.extras_require]
dev =
    pytest
"""
FLOATING = (
    "numpy==1.16.4 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\ntorch @ https://example.org/torch-1.0-cp36.whl\n"
)

KINDS: list[tuple[dict[str, str], set[tuple[str, str, int, bool]], str | None]] = [
    (
        {"pyproject.toml": PYPROJECT},
        {
            ("numpy", "==1.26.4", 5, True), ("torch", ">=2", 6, False), ("matplotlib", "", 9, False),
            ("pytest", "==8.0", 11, True), ("ruff", "==0.4.1", 13, True), ("black", "==24.1", 15, True),
            ("wandb", "==0.16", 19, True), ("requests", ">=2", 22, False),
        },
        ">=3.9",
    ),
    (
        {"pyproject.toml": POETRY},
        {
            ("torchvision", "", 5, False), ("torch", "==1.13.1", 6, True), ("other", "", 7, True),
            ("pytest", "<8,>=7.1", 9, False),
        },
        "^3.8",
    ),
    (
        {"Pipfile": '[packages]\nnumpy = "==1.2"\ntorch = "*"\n[requires]\npython_version = "3.8"\n'},
        {("numpy", "==1.2", 2, True), ("torch", "", 3, False)},
        "3.8",
    ),
    (
        {"Pipfile.lock": json.dumps(PIPFILE_LOCK, indent=1)},
        {("numpy", "==1.21.0", 8, True), ("pytest", "==6.2", 13, True)},
        "3.8",
    ),
    ({"uv.lock": UV_LOCK}, {("numpy", "==1.26.4", 9, True), ("torch", "==2.2.0", 13, True)}, ">=3.10"),
    (
        {"poetry.lock": '[[package]]\nname = "numpy"\nversion = "1.2"\n[metadata]\npython-versions = "^3.8"\n'},
        {("numpy", "==1.2", 2, True)},
        "^3.8",
    ),
    (
        {"pdm.lock": '[metadata]\nrequires_python = ">=3.8"\n[[package]]\nname = "numpy"\nversion = "1.2"\n'},
        {("numpy", "==1.2", 4, True)},
        ">=3.8",
    ),
    (
        {"pylock.toml": 'requires-python = ">=3.12"\n[[packages]]\nname = "numpy"\nversion = "2.0"\n'},
        {("numpy", "==2.0", 3, True)},
        ">=3.12",
    ),
    ({"conda-lock.yml": CONDA_LOCK}, {("numpy", "==1.21.5", 3, True), ("einops", "==0.4.1", 11, True)}, None),
    ({"pixi.lock": PIXI_LOCK}, {("numpy", "==1.26.0", 3, True), ("einops", "==0.7.0", 7, True)}, "==3.11.6"),
    (
        {"pixi.toml": PIXI},
        {("numpy", ">=1.20", 3, False), ("scipy", "==1.11.4", 4, True), ("einops", "==0.7.0", 6, True)},
        "=3.11.*",
    ),
    ({"spec-file.txt": EXPLICIT}, {("numpy", "==1.16.4", 4, True)}, "==3.7.3"),
    ({"conda_list.txt": CONDA_LIST}, {("numpy", "==1.16.4", 4, True), ("x264", "==1!157", 5, True)}, None),
    ({"installed_packages.txt": PIP_LIST}, {("numpy", "==1.16.4", 3, True), ("tzdata", "==2024a", 4, True)}, None),
    ({"pip_freeze.txt": "a==1.0\nb==2.0\nc==3.0\n"}, {("a", "==1.0", 1, True), ("b", "==2.0", 2, True),
                                                      ("c", "==3.0", 3, True)}, None),
    (
        {"environment.yml": ENVIRONMENT, "more.txt": "tqdm==4.1\n"},
        {
            ("numpy-base", "==1.16.4", 5, True), ("numpy", "==1.16.4", 6, True), ("einops", "==0.3.0", 8, True),
            ("tqdm", "==4.1", 1, True),
        },
        "==3.7.4",
    ),
    ({"tf.yml": "name: tf\ndependencies:\n  - tensorflow=1.14.0\n"}, {("tensorflow", "==1.14.0", 3, True)}, None),
    ({"meta.yaml": RECIPE}, {("pytorch", ">=1.3", 7, False), ("scipy", "==1.4.1", 8, True)}, None),
    (
        {"setup.py": SETUP},
        {
            ("numpy", "==1.2", 3, True), ("scipy", ">=1.2", 3, False), ("torch", "", 4, False),
            ("gpytorch", ">=1.2", 5, False), ("matplotlib", "", 7, False),
        },
        ">=3.6",
    ),
    (
        {"setup.py": SETUP_READS, "requirements/base.txt": "numpy==1.2\n", "README.md": "# Mine\n"},
        {("numpy", "==1.2", 1, True)},
        None,
    ),
    (
        {"setup.cfg": SETUP_CFG},
        {("numpy", ">=1.18", 6, False), ("torch", "==1.8.0", 7, True), ("pytest", "", 10, False)},
        ">=3.7",
    ),
    ({"requirements.txt": FLOATING}, {("numpy", "==1.16.4", 1, True), ("torch", "", 4, True)}, None),
    (
        {"requirements.txt": "-c pins.txt\n-r sub/more.txt\nnumpy\n-e .\n", "pins.txt": "numpy==1.2\n",
         "sub/more.txt": "# first\ntorch==1.0\n"},
        {("numpy", "==1.2", 3, True), ("torch", "==1.0", 2, True)},
        None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected", "python"), KINDS, ids=[" ".join(files) for files, *_ in KINDS])
def test_each_kind_of_file_gives_its_requirements_with_their_lines(
    tmp_path: Path, files: dict[str, str], expected: set[tuple[str, str, int, bool]], python: str | None
) -> None:
    dependencies = declared(tmp_path, files)
    assert listed(dependencies) == expected
    assert dependencies.python == python
    assert dependencies.level == "file"


DOCKERFILE = """\
ARG TAG=1.13.1-cuda11.6
FROM --platform=linux/amd64 pytorch/pytorch:${TAG} AS base
RUN apt-get update && apt-get install -y --no-install-recommends \\
    git \\
    libgl1=1.4.0-1 && \\
    pip install einops==0.3
FROM base
RUN <<EOF
conda install scipy=1.4.1
EOF
"""


def test_a_container_file_gives_what_it_installs_and_its_base_image(tmp_path: Path) -> None:
    dependencies = declared(tmp_path, {"Dockerfile": DOCKERFILE})
    assert listed(dependencies) == {
        ("torch", "==1.13.1", 2, True), ("einops", "==0.3", 3, True), ("scipy", "==1.4.1", 8, True),
    }  # fmt: skip
    assert {(r.name, r.exact, r.ecosystem) for r in dependencies.others} == {
        ("git", False, "system"), ("libgl1", True, "system"),
    }  # fmt: skip
    assert [(image.reference, image.fixed) for image in dependencies.images] == [
        ("pytorch/pytorch:1.13.1-cuda11.6", True)
    ]


@pytest.mark.parametrize(
    ("image", "fixed"),
    [
        ("python:3.8-slim", True),
        ("python", False),
        ("tensorflow/tensorflow:latest-gpu-py3", False),
        ("registry.example.org:5000/lab/image", False),
        ("python@sha256:" + "0" * 64, True),
        ("nvidia/cuda:${VERSION}", False),
    ],
)
def test_a_base_image_is_fixed_by_a_version_or_a_digest(tmp_path: Path, image: str, fixed: bool) -> None:
    finding = checked(tmp_path, {"Dockerfile": f"FROM {image}\nRUN pip install numpy\n"}, "dependencies.image")
    assert finding.status is (Status.PASS if fixed else Status.FAIL)
    assert finding.evidence


def test_a_singularity_definition_is_read_in_its_post_section(tmp_path: Path) -> None:
    text = "Bootstrap: docker\nFrom: python:3.7\n\n%post\n  pip install numpy==1.2\n%runscript\n  pip install no\n"
    dependencies = declared(tmp_path, {"Singularity": text})
    assert listed(dependencies) == {("numpy", "==1.2", 5, True)}
    assert dependencies.python == "3.7"
    assert dependencies.images[0].evidence.line == 2


def test_packages_of_another_language_count_where_the_code_is_in_it(tmp_path: Path) -> None:
    description = "Package: mine\nDepends: R (>= 3.5)\nImports:\n    glmnet (== 4.1),\n    ggplot2\n"
    dependencies = declared(tmp_path, {"DESCRIPTION": description, "R/fit.R": "fit <- 1\n"})
    assert [(r.name, r.line, r.exact) for r in dependencies.others] == [("glmnet", 4, True), ("ggplot2", 5, False)]
    assert dependencies.files == ("DESCRIPTION",)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("renv.lock", '{"Packages": {\n"glmnet": {"Version": "4.1"}}}', ("glmnet", 2, True)),
        ("install.R", 'install.packages(c("glmnet"))\n', ("glmnet", 1, False)),
        ("Project.toml", '[deps]\nFlux = "0"\nRandom = "1"\n[compat]\nFlux = "=0.9.0"\n', ("Flux", 2, True)),
        ("Manifest.toml", '[[deps.Flux]]\nversion = "0.9.0"\n', ("Flux", 1, True)),
        ("REQUIRE", "julia 1.0\nFlux 0.9\n", ("Flux", 2, False)),
        ("conanfile.txt", "[requires]\neigen/3.3.7\n", ("eigen", 2, True)),
        ("vcpkg.json", '{"dependencies": [\n"eigen3"]}', ("eigen3", 2, False)),
        ("CMakeLists.txt", "find_package(Eigen3 3.3 REQUIRED)\n", ("Eigen3", 1, False)),
    ],
)
def test_manifests_of_other_languages_are_read(
    tmp_path: Path, name: str, text: str, expected: tuple[str, int, bool]
) -> None:
    (item,) = declared(tmp_path, {name: text, "train.py": "import torch\n"}).others
    assert (item.name, item.line, item.exact) == expected


def test_a_manifest_of_another_language_declares_nothing_for_python_code(tmp_path: Path) -> None:
    files = {"Project.toml": '[deps]\nFlux = "0"\n', "a.py": "import torch\n", "b.py": "", "c.jl": ""}
    assert declared(tmp_path, files).level == "none"


def test_notebooks_and_code_that_install_are_prose_with_cell_and_line(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["Install\n", "`pip install scipy==1.4`"]},
        {"cell_type": "code", "source": ["import torch\n", "!pip install torch==1.0"], "outputs": []},
        {"cell_type": "code", "source": ["%pip install einops"], "outputs": []},
    ]
    files = {
        "run.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}),
        "a.py": 'import os\nos.system("pip install tqdm==4.1")\n',
    }
    found = {(r.name, r.path, r.cell, r.line) for r in declared(tmp_path, files).requirements}
    assert found == {
        ("scipy", "run.ipynb", 1, 2), ("torch", "run.ipynb", 2, 2), ("einops", "run.ipynb", 3, 1),
        ("tqdm", "a.py", None, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Requirements\n- Python 3.6\n- PyTorch 1.0.1\n- numpy >= 1.15\n", {("torch", True), ("numpy", False)}),
        ("Built on:\n* tensorflow==1.12.0\n", {("tensorflow", True)}),
        ("## Setup\ntensorflow 1.2 or 1.4\n", {("tensorflow", False)}),
        ("## Requirements\n- CUDA 9.0\n- torch\n", {("torch", False)}),
        ("`python2 with pytorch(1.3.1)` is recommended.\n", {("torch", True)}),
        ("## Setup\n```\npip install numpy \\\n  https://x.org/torch-0.4.0-cp36-none-any.whl \\\n  pygcn\n```\n",
         {("numpy", False), ("torch", True), ("pygcn", False)}),
        ("## Requirements\n- TensorFlow\n  - `==1.4.0`\n", {("tensorflow", True)}),
        ("## Dependencies\n\n    PyTorch==0.4.0, graphviz=0.10.1 pygcn\n", {("torch", True), ("graphviz", True),
                                                                        ("pygcn", False)}),
        ("## Requirements\nPyTorch == 0.4.0/0.4.1\n", {("torch", True)}),
        ("## Requirements\n- torch https://example.org/torch.git@9f243e66fc\n", {("torch", True)}),
        ("Written in torch 1.0, on the class in `tensorflow.data`.\n", {("torch", True)}),
        ("## Usage\nIn PyTorch:\n", set()),
        ("Other solvers such as MOSEK are possible, which you need to install.\n", set()),
    ],
)  # fmt: skip
def test_prose_declares_what_it_says_is_needed(tmp_path: Path, text: str, expected: set[tuple[str, bool]]) -> None:
    code = "import torch, tensorflow, pygcn.nn, IPython, requests\n"
    dependencies = declared(tmp_path, {"README.md": f"# Mine\n\n{text}", "a.py": code})
    assert {(r.name, r.exact) for r in dependencies.requirements} == expected


@pytest.mark.parametrize(
    "text",
    [
        "Python-3.5",
        "python 3.5",
        "Python: 3.5",
        "Python version: 3.5",
        "- Python\n  - `3.5`",
        "Tested with Python 3.5.",
    ],
)
def test_prose_states_the_python_version(tmp_path: Path, text: str) -> None:
    assert declared(tmp_path, {"README.md": f"# Mine\n\n## Requirements\n\n{text}\n"}).python == "==3.5.*"


def test_a_python_version_is_stated_in_a_list_without_a_sentence_on_needs(tmp_path: Path) -> None:
    assert declared(tmp_path, {"README.md": "# Mine\n\n## Setting\n\n- python = 3.7.3\n"}).python == "==3.7.3"


def test_a_command_that_starts_python_states_no_version(tmp_path: Path) -> None:
    said = "For an example, run python3 -m main or python3 main.py.\n"
    assert declared(tmp_path, {"README.md": f"# Mine\n\n{said}"}).python is None


@pytest.mark.parametrize("name", ["Dockerfile", "install.sh", "README.md"])
def test_a_clone_at_one_commit_that_is_installed_is_a_fixed_distribution(tmp_path: Path, name: str) -> None:
    steps = "git clone https://example.org/them/tool.git && cd tool && git checkout 0123abcd && pip install -e ."
    text = {"Dockerfile": f"FROM x\nRUN {steps}\n", "install.sh": f"{steps}\n"}.get(name, f"```\n{steps}\n```\n")
    (item,) = declared(tmp_path, {name: text}).requirements
    assert (item.name, item.exact) == ("tool", True)


def test_a_clone_without_a_commit_may_be_the_repository_itself(tmp_path: Path) -> None:
    text = "# Mine\n```\ngit clone https://example.org/me/mine.git\ncd mine\npip install -e .\n```\n"
    assert declared(tmp_path, {"README.md": text}).level == "none"


def test_build_arguments_that_list_distributions_are_filled_in(tmp_path: Path) -> None:
    text = "FROM x:1.0\nARG wanted=' \\\n  numpy==1.2 \\\n  torch'\nRUN pip3 --no-cache-dir install $wanted\n"
    found = declared(tmp_path, {"Dockerfile": text}).requirements
    assert {(r.name, r.line, r.exact) for r in found} == {("numpy", 5, True), ("torch", 5, False)}


def test_a_misspelt_requirements_file_is_one(tmp_path: Path) -> None:
    assert declared(tmp_path, {"requirments.txt": "numpy\n"}).files == ("requirments.txt",)


def test_a_version_in_prose_fixes_what_a_file_leaves_open(tmp_path: Path) -> None:
    files = {"requirements.txt": "torch>=1.0\nnumpy\n", "README.md": "# Mine\n\nTested with pytorch 1.0.1.\n"}
    finding = checked(tmp_path, {**files, "a.py": "import torch\nimport numpy\n"}, "dependencies.pinned")
    assert finding.level == "some"
    assert "1 of 2" in finding.sentence


def test_a_list_of_what_nothing_imports_declares_nothing(tmp_path: Path) -> None:
    files = {"requirements.txt": "pygame==1.0\nflask==2.0\n", "a.py": "import torch, numpy\n"}
    finding = checked(tmp_path, files, "dependencies.declared")
    assert (finding.status, finding.level) == (Status.FAIL, "none")
    assert finding.evidence


@pytest.mark.parametrize("code", [{}, {"train.py": "print(1)\nprint(2)\n"}])
def test_a_list_without_code_that_needs_it_gains_nothing(tmp_path: Path, code: dict[str, str]) -> None:
    files = {**code, "requirements.txt": "torch==1.0\nnumpy==1.2\n"}
    assert checked(tmp_path, files, "dependencies.declared").status is Status.FAIL
    assert checked(tmp_path, {}, "dependencies.pinned").status is Status.FAIL


def test_the_repositorys_own_distribution_is_no_requirement(tmp_path: Path) -> None:
    files = {
        "setup.py": "from setuptools import setup\nsetup(name='mine')\n",
        "README.md": "# Mine\n\n```\npip install mine\n```\n",
    }
    assert declared(tmp_path, files).level == "none"


def test_what_a_guide_for_contributors_names_is_no_requirement(tmp_path: Path) -> None:
    files = {"CONTRIBUTING.md": "# Setup\n\npip install numpy\n", "a.py": "import numpy\n"}
    assert declared(tmp_path, files).level == "none"


@pytest.mark.parametrize(
    ("files", "level", "sentence"),
    [
        ({"requirements.txt": "torch==1.0\nnumpy\n", "setup.py": "from setuptools import setup\n"
          "setup(install_requires=['torch', 'numpy==1.2'])\n"}, "all", "All 2 declared"),
        ({"requirements.txt": "torch==1.0\n", "part/requirements.txt": "torch\n"}, "all", "All 1 declared"),
        ({"one/requirements.txt": "torch==1.0\n", "two/requirements.txt": "torch\n"}, "some", "0 of 1 declared"),
        ({"environment.yml": "dependencies:\n - pytorch=1.0.1\n - pip:\n   - torch\n"}, "all", "All 1 declared"),
    ],
)  # fmt: skip
def test_each_distribution_is_counted_once_and_a_version_governs_its_folder(
    tmp_path: Path, files: dict[str, str], level: str, sentence: str
) -> None:
    finding = checked(tmp_path, {**files, "a.py": "import torch\nimport numpy\n"}, "dependencies.pinned")
    assert finding.level == level
    assert finding.sentence.startswith(sentence)


def test_versions_of_what_nothing_imports_gain_nothing(tmp_path: Path) -> None:
    code = {"a.py": "import torch, numpy\n"}
    padded = checked(tmp_path, {**code, "requirements.txt": "torch\nnumpy\nx==1.0\ny==2.0\n"}, "dependencies.pinned")
    assert padded.status is Status.FAIL
    assert "x" in padded.sentence


@pytest.mark.parametrize(
    ("requirements", "status"),
    [
        ("torch==1.0\ntensorboard\npytest\nargparse\n", Status.PASS),
        ("torch==1.0\npygame\n", Status.PARTIAL),
        ("torch==1.0\npygame\nflask\ncelery\n", Status.FAIL),
        ("".join(f"lib{n}==1.{n}\n" for n in range(10, 30)) + "torch==1.0\n", Status.PASS),
    ],
)
def test_what_is_declared_and_used_nowhere_is_named(tmp_path: Path, requirements: str, status: Status) -> None:
    files = {"requirements.txt": requirements, "a.py": "import torch\n"}
    assert checked(tmp_path, files, "dependencies.used").status is status


def test_a_file_that_takes_the_place_of_a_module_is_found(tmp_path: Path) -> None:
    files = {"random.py": "x = 1\n", "train.py": "import random\nif __name__ == '__main__':\n    print(random)\n"}
    finding = checked(tmp_path, files, "dependencies.shadowed")
    assert finding.status is Status.PARTIAL
    assert "random.py" in finding.sentence


def test_a_module_of_a_package_takes_no_place(tmp_path: Path) -> None:
    files = {
        "lib/__init__.py": "",
        "lib/random.py": "",
        "lib/train.py": "import random\nif __name__ == '__main__':\n    print(random)\n",
        "main.py": "import random\nif __name__ == '__main__':\n    print(random)\n",
    }
    assert checked(tmp_path, files, "dependencies.shadowed").status is Status.NOT_APPLICABLE


def test_the_table_of_distributions_agrees_with_what_is_installed_here() -> None:
    wrong = {}
    for module, names in importlib.metadata.packages_distributions().items():
        if module in DISTRIBUTIONS:
            found = same_distributions(distribution_of(module))
            if not found & {name.lower().replace("_", "-").replace(".", "-") for name in names}:
                wrong[module] = (found, names)
    assert wrong == {}


@pytest.mark.parametrize(
    "files",
    [
        {"uv.lock": "[[package]]\nname = 3\n"},
        {"uv.lock": "not toml ["},
        {"Pipfile.lock": "[]"},
        {"Pipfile.lock": "{"},
        {"pyproject.toml": "[tool]\npoetry = 3\n[project]\ndependencies = {a = 1}\n"},
        {"environment.yml": "dependencies: {a: b}\n"},
        {"renv.lock": "{", "a.R": ""},
        {"Dockerfile": "FROM \\\n" * 10},
        {"setup.py": "setup(install_requires=[*a, *a])\na = a + a\n"},
        {"requirements.txt": "-r requirements.txt\n-r ../out.txt\n==\n"},
    ],
)
def test_a_broken_declaration_declares_nothing_and_breaks_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    assert declared(tmp_path, files).requirements == ()


TORCH_CODE = {"train.py": "import numpy\nimport torch\n\nprint(torch.ones(2), numpy.ones(2))\n"}


@pytest.mark.parametrize(
    "readme",
    [
        "## Requirements\n- [PyTorch](http://pytorch.org) install = 1.4.0\n",
        "## Usage\n- supports python36 and [pytorch=0.4](http://pytorch.org)\n",
        "This notebook provides an implementation in Python 3.7 (and PyTorch 1.5.0).\n",
        "You need a working PyTorch installation. We used version 0.4.0, but newer ones may do.\n",
        "## Installation\nThe code has been tested over PyTorch 0.4.1 and 1.0.0 versions.\n",
        "# x\n\n## Dependencies\n\n### Ours\n- PyTorch 1.7\n",
        "You need to install torch (tested on https://github.com/pytorch/torch/tree/5d00e8eea2644611f397d05c6c8f15).\n",
    ],
)
def test_a_main_library_named_with_its_version_is_declared_and_fixed(tmp_path: Path, readme: str) -> None:
    files = {"README.md": f"# x\n\n{readme}", **TORCH_CODE}
    assert checked(tmp_path, files, "dependencies.declared").level == "prose"
    assert checked(tmp_path, files, "dependencies.pinned").level == "all"


@pytest.mark.parametrize(
    "readme",
    [
        "If you are looking for PyTorch 0.3, switch to the tag v0.3.\n",
        "## News\n- PyTorch 1.5.0 is supported now\n",
        "The results are the same, and it is slower than with PyTorch 1.0.\n",
        "## Installation\n`conda install numpy=1.16.4` repairs a fault of the plots.\n",
    ],
)
def test_a_version_of_other_code_or_of_a_lesser_library_declares_nothing(tmp_path: Path, readme: str) -> None:
    code = {"train.py": "import numpy\nimport pandas\nimport torch\n\nprint(torch.ones(2), numpy.ones(2), pandas)\n"}
    files = {"README.md": f"# x\n\n{readme}", **code}
    assert checked(tmp_path, files, "dependencies.declared").level == "none"
    assert checked(tmp_path, files, "dependencies.pinned").level == "none"


def test_a_version_in_prose_counts_for_what_the_file_leaves_out(tmp_path: Path) -> None:
    files = {"README.md": "# x\n\nTested with PyTorch 0.4.1.\n", "requirements.txt": "numpy\n", **TORCH_CODE}
    assert checked(tmp_path, files, "dependencies.pinned").level == "some"


def test_a_requirements_file_in_words_gives_the_versions_it_names(tmp_path: Path) -> None:
    found = declared(tmp_path, {"requirements.txt": "torch 0.4.0\ntqdm\nplease read\n", **TORCH_CODE})
    assert {(item.name, item.exact) for item in found.requirements} == {("torch", True), ("tqdm", False)}


def test_an_environment_of_a_named_python_states_its_version(tmp_path: Path) -> None:
    files = {"README.md": "# x\n\n```bash\nvirtualenv -p python3 env\n```\n", **TORCH_CODE}
    assert checked(tmp_path, files, "dependencies.python_version").level == "1"
    assert checked(tmp_path, {"README.md": "# x\n\n```bash\npython3 train.py\n```\n"} | TORCH_CODE,
                   "dependencies.python_version").level == "0"  # fmt: skip


def test_a_licence_that_names_others_is_told_by_its_own_title(tmp_path: Path) -> None:
    text = "Mozilla Public License Version 2.0\n\n1.12. Secondary License: the GNU Affero General Public License, "
    licence = tree(tmp_path, {"LICENSE": f"{text}Version 3.0, or any later versions.\n"}).licence
    assert licence is not None
    assert licence.spdx == "MPL-2.0"


def test_a_licence_of_a_part_is_not_that_of_the_whole(tmp_path: Path) -> None:
    files = {
        **TORCH_CODE,
        "eval.py": "import torch\n",
        "other/model.py": "import torch\n",
        "other/LICENSE": "MIT License",
    }
    assert tree(tmp_path / "part", files).licence is None
    whole = {"code/train.py": "import torch\n", "code/LICENSE": "MIT License"}
    licence = tree(tmp_path / "whole", whole).licence
    assert licence is not None
    assert licence.spdx == "MIT"


def test_the_section_on_the_licence_goes_before_that_of_the_data(tmp_path: Path) -> None:
    readme = "# x\n\n## Data\nUnder a CC0 license.\n\n## License\n\n    Under the Apache License, Version 2.0\n"
    licence = tree(tmp_path, {"README.md": readme}).licence
    assert licence is not None
    assert licence.spdx == "Apache-2.0"


def test_a_module_of_the_authors_that_is_missing_is_no_distribution_to_declare(tmp_path: Path) -> None:
    code = "import numpy\nfrom birds_utils.core import WingModel\n"
    files = {"requirements.txt": "numpy\n", "run.py": code, "old.py": "class WingModel:\n    pass\n"}
    dependencies = declared(tmp_path, files)
    assert [place.excerpt for place in dependencies.missing_local] == ["import of birds_utils.core"]
    assert dependencies.undeclared == ()
    assert "birds-utils" not in dependencies.imported


@pytest.mark.parametrize(
    ("said", "words"),
    [("3", "Python 3."), ("3.6", "Python 3.6."), ("3.6.2", "Python 3.6.2."), (">=3.6", "Python 3.6 or newer.")],
)
def test_a_python_version_is_told_as_a_reader_says_it(tmp_path: Path, said: str, words: str) -> None:
    files = {"README.md": f"# x\n\nRequires Python {said}.\n", "run.py": "import numpy\n"}
    assert checked(tmp_path, files, "dependencies.python_version").sentence == f"README.md states {words}"


def test_the_remedy_lists_what_the_prose_names(tmp_path: Path) -> None:
    files = {"README.md": "# x\n\n## Requirements\n\n- numpy\n- torch\n", "run.py": "import numpy, torch, scipy\n"}
    finding = checked(tmp_path, files, "dependencies.declared")
    assert finding.sentence == "Only prose says what is needed: numpy, torch."
    assert finding.remedy == "Put it into a requirements.txt: numpy, torch."


def test_a_distribution_whose_module_has_another_name_is_declared_by_a_list_of_prerequisites(tmp_path: Path) -> None:
    files = {
        "README.md": "# x\n\n### Prerequisites\n\n* numpy\n* scikit-garden\n",
        "run.py": "import numpy\nfrom skgarden import RandomForestQuantileRegressor\n",
    }
    assert checked(tmp_path, files, "dependencies.complete").status is Status.PASS


@pytest.mark.parametrize("declared", ["mnist", "python-mnist"])
def test_a_module_that_two_distributions_provide_is_declared_by_either(tmp_path: Path, declared: str) -> None:
    files = {"requirements.txt": f"{declared}\n", "train.py": "from mnist import MNIST\nprint(MNIST())\n"}
    assert checked(tmp_path, files, "dependencies.complete").status is Status.PASS
    assert checked(tmp_path, files, "dependencies.used").status is Status.PASS


def test_all_checks_count_the_same_distributions_or_say_which(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "torch\nsklearn\nnumpy\n",
        "environment.yml": "dependencies:\n  - pytorch\n  - scikit-learn\n",
        "train.py": "import torch, numpy, sklearn, pandas\n",
        "README.md": "# Code\n\nTested with pandas==1.3.0.\n",
    }
    assert "declares 3 distributions" in checked(tmp_path, files, "dependencies.declared").sentence
    assert (
        "1 of 4 declared distributions (1 of them in prose alone)"
        in checked(tmp_path, files, "dependencies.pinned").sentence
    )
    assert "3 Python distributions that files declare" in checked(tmp_path, files, "dependencies.used").sentence
