"""The worked example of CONTRIBUTING.md is real: adding a check takes one function, one YAML line and one test pair."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ID = "repository.citation"


def block(language: str, beginning: str) -> str:
    """Return the first code block of CONTRIBUTING.md in a language that begins so."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    blocks = re.findall(rf"```{language}\n(.*?)```", text, re.S)
    return next(code for code in blocks if code.lstrip().startswith(beginning))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program to which the check was added as CONTRIBUTING.md says."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "auditor", folder / "auditor", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "checklists", folder / "checklists")
    (folder / "auditor" / "checks" / "citation.py").write_text(block("python", '"""Whether others can give credit'))
    (folder / "test_checks_citation.py").write_text(block("python", "from pathlib import Path"))
    checklist = folder / "checklists" / "default.yaml"
    before, part, after = checklist.read_text().partition("\n  - id: execution\n")
    assert part, "the checklist's third part has another name"
    checklist.write_text(before.rstrip() + "\n" + block("yaml", "- {id: artifact.citation") + part + after)
    return folder


def run(house: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(house)}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_test_pair_passes(house: Path) -> None:
    assert "2 passed" in run(house, "-m", "pytest", "-p", "no:cacheprovider", "test_checks_citation.py")


def test_explain_shows_the_check_without_further_registration(house: Path) -> None:
    shown = run(house, "-m", "auditor", "explain", ID)
    assert "CITATION.cff" in shown
    assert "Software Citation Principles" in shown


def test_every_audit_answers_it(house: Path, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "train.py").write_text("print('accuracy 0.9')\n")
    shown = run(
        house, "-m", "auditor", "audit", "--repo", str(tmp_path / "code"), "-o", str(tmp_path / "out"), "--json"
    )
    assert f'"{ID}"' in shown
    assert "There is no CITATION.cff" in shown
