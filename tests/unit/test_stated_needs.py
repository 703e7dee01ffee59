"""What documents say is needed: libraries with versions, hardware, time; and what a script installs beside a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.hardware import stated_hardware
from auditor.repository.inventory import read_repository
from auditor.repository.model import Repository


def tree(root: Path, files: dict[str, str]) -> Repository:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    return read_repository(root)


CODE = {"main.py": "import tensorflow\nimport ortools\nimport own_rl\n"}


@pytest.mark.parametrize(
    ("readme", "needed"),
    [
        ("## Installation\n* Framework: Tensorflow1.4 gpu\n* Ortools(6.6.4656)\n", {"tensorflow", "ortools"}),
        ("To run it, you will need [own_rl](https://example.org/own_rl) and tensorflow.\n", {"own-rl", "tensorflow"}),
        ("Here is what you'll need to know about tensorflow.\n", set()),
        ("The method works with tensorflow models as with others.\n", set()),
    ],
)
def test_prose_names_what_is_needed_and_not_what_is_spoken_of(tmp_path: Path, readme: str, needed: set[str]) -> None:
    found = tree(tmp_path, CODE | {"README.md": f"# Paper\n\n{readme}"}).dependencies.requirements
    assert {item.name for item in found} == needed


def test_a_version_may_stand_right_after_the_name(tmp_path: Path) -> None:
    found = tree(tmp_path, CODE | {"README.md": "## Requirements\n* Tensorflow1.4\n"}).dependencies.requirements
    assert [(item.name, item.specifier, item.exact) for item in found] == [("tensorflow", "==1.4", True)]


@pytest.mark.parametrize(
    ("version", "exact"), [("1.5.0+cu101", True), ("0.5.0a0+19315e3", True), ("1.5.0+", False), ("1.5.0 +", False)]
)
def test_a_local_part_of_a_version_is_told_from_a_plus_for_or_later(tmp_path: Path, version: str, exact: bool) -> None:
    readme = {"README.md": f"# Paper\n\n## Requirements\n* tensorflow {version}\n"}
    assert [item.exact for item in tree(tmp_path, CODE | readme).dependencies.requirements] == [exact]


def test_needs_below_a_misspelt_heading_count(tmp_path: Path) -> None:
    readme = {"README.md": "# Paper\n\n## Enviroment\n* Tensorflow before 2\n"}
    assert tree(tmp_path, CODE | readme).dependencies.level == "prose"


@pytest.mark.parametrize(("title", "level"), [("A TensorFlow implementation", "prose"), ("Our implementation", "none")])
def test_a_framework_named_beside_what_is_to_be_installed_need_not_be_in_that_sentence(
    tmp_path: Path, title: str, level: str
) -> None:
    files = {"main.py": "import numpy\nimport tensorflow\nimport scipy\nimport ortools\n"}
    readme = {"README.md": f"# Paper\n\n{title}.\n\n## Installation\nWe use the ortools package.\n"}
    facts = Facts([tree(tmp_path, files | readme)])
    assert facts.run(all_checks()["dependencies.declared"]).level == level


def test_the_own_distribution_is_no_requirement_however_it_is_spelt(tmp_path: Path) -> None:
    files = {"setup.py": "from setuptools import setup\nsetup(name='ownrl')\n"}
    readme = {"README.md": "# Paper\n\n```\npip install git+https://example.org/us/own-rl\n```\n"}
    assert tree(tmp_path, CODE | files | readme).dependencies.requirements == ()


def test_a_script_beside_a_list_adds_nothing_to_what_is_declared(tmp_path: Path) -> None:
    script = {"demo/serve.sh": "pip install flask tensorflow\n"}
    alone = tree(tmp_path / "a", CODE | script).dependencies
    beside = tree(tmp_path / "b", CODE | script | {"requirements.txt": "tensorflow==1.8.0\n"}).dependencies
    assert (alone.level, alone.files) == ("prose", ())  # instructions, as those of a document
    assert {item.name for item in alone.requirements} == {"flask", "tensorflow"}
    assert beside.files == ("requirements.txt",)
    assert all(item.exact for item in beside.requirements)


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("You get this performance in under 3 hours.", True),
        ("Train a new teacher (~1 hour for the small one and 5-7 hours for the other).", True),
        ("We assume you have access to a gpu that can run CUDA 9.2.", True),
        ("We used 4 GPUs.", True),
        ("A laptop CPU suffices; a run takes five seconds.", True),
        ("A desktop computer is enough.", True),
        ("A run takes ten minutes.", True),
        ("The experiments run on a single laptop.", True),
        ("The function takes a second argument.", False),
        ("Set the device to CPU. Ten epochs are enough.", False),
        ("## Quick start (GPU required)", True),
        ("If you have multiple GPUs, give their numbers.", False),
        ("The extension needs a cuda enabled build.", False),
        ("Framework: Tensorflow1.4 gpu", False),
        ("The clip of 3 hours shows an agent.", False),
    ],
)
def test_hardware_and_time_are_told_from_versions_and_lengths(tmp_path: Path, sentence: str, stated: bool) -> None:
    repository = tree(tmp_path, {"README.md": f"# Paper\n\n{sentence}\n"})
    assert bool(list(stated_hardware(repository))) is stated


@pytest.mark.parametrize(("library", "asked"), [("numpy", "processor, memory"), ("torch", "GPU model, memory")])
def test_the_gpu_is_asked_for_only_where_a_library_uses_one(tmp_path: Path, library: str, asked: str) -> None:
    facts = Facts([tree(tmp_path, {"main.py": f"import {library}\n", "README.md": "# Paper\n"})])
    assert asked in (facts.run(all_checks()["documentation.hardware"]).remedy or "")
