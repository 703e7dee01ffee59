"""What a repository shows to be missing: open lists and modules of the authors."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.inventory import read_repository


def level(root: Path, files: dict[str, str]) -> str | None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Facts([read_repository(root)]).run(all_checks()["code.complete"]).level


@pytest.mark.parametrize(
    ("readme", "answer"),
    [
        ("## Coming soon\n\n- Pretrained weights\n", "1"),
        ("- [x] Training code\n- [ ] Evaluation script\n", "1"),
        ("- [x] Training code\n- [x] Evaluation script\n", "0"),
        ("- [ ] Support more models\n", "0"),
        ("## To do\n\n- [x] Release the code\n- clean the code\n", "0"),
        ("## To do\n\n- Release the evaluation script\n", "1"),
        ("## Files\n\n- Training code: `train.py`\n", "0"),
        ("Modify the values in `configs/` as you like.\n", "0"),
        ("Configuration files are provided in `config/`.\n", "0"),
        ("The results can be found in `scores/`.\n", "0"),
        ("Download the images and put them in `images/`.\n", "0"),
    ],
)
def test_an_open_item_that_names_a_part_is_a_missing_part(tmp_path: Path, readme: str, answer: str) -> None:
    files = {"README.md": f"# M\n\n{readme}", "train.py": "print(1)\n", "configs/a.yml": "a: 1\n"}
    assert level(tmp_path, files) == answer


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("import init_paths\n", "1"),
        ("from dccp import Problem\n", "0"),
        ("from waymodata import ScoredAgent\n", "0"),
        ("import os\np = os.path.join(os.path.dirname(__file__), 'clf.pkl')\nx = open(p, 'wb')\n", "0"),
        ("import os\np = os.path.join(os.path.dirname(__file__), 'cache', 'clf.pkl')\nx = open(p, 'rb')\n", "0"),
        ("import os\np = os.path.join(os.path.dirname(__file__), 'here.json')\nx = open(p)\n", "0"),
    ],
)
def test_a_module_or_file_of_the_authors_that_is_absent_is_missing(tmp_path: Path, program: str, answer: str) -> None:
    files = {
        "README.md": "# M\n\nInstall waymodata. `python train.py`\n",
        "train.py": program,
        "agents_of_ours.py": "class ScoredAgent:\n    pass\n",
        "here.json": "{}",
    }
    assert level(tmp_path, files) == answer


def test_a_default_that_the_documented_command_replaces_is_not_needed(tmp_path: Path) -> None:
    program = (
        "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--config_path', default='configs/base.yml')\np.parse_args()\n"
    )
    files = {"train.py": program, "configs/a.yml": "a: 1\n"}
    assert level(tmp_path, {**files, "README.md": "# M\n\n`python train.py --config=configs/a.yml`\n"}) == "0"
    assert level(tmp_path, {**files, "README.md": "# M\n\n`python train.py`\n"}) == "1"
