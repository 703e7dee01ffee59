"""Whether a repository names the paper that it is handed in with."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.paper.model import Paper
from auditor.repository.inventory import read_repository

TITLE = "BirdNet: Ordinal Regression for Dense Aerial Images"


def subject(root: Path, files: dict[str, str], title: str = TITLE) -> Finding:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Facts([Paper(title, (), (), ()), read_repository(root)]).run(all_checks()["agreement.same_subject"])


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "# Code of: Ordinal regression for dense\naerial images (BirdNet)\n"},
        {"README.md": "# bird-net\n\nRun `train.py`.\n"},
        {"README.md": "# Code\n", "src/birdnet/train.py": "print(1)\n"},
        {"README.md": "# Code\n", "train.py": "class BirdNet:\n    pass\n"},
    ],
)
def test_the_title_or_the_name_of_the_method_shows_whose_code_it_is(tmp_path: Path, files: dict[str, str]) -> None:
    finding = subject(tmp_path, files)
    assert finding.status is Status.PASS
    assert finding.evidence


def test_a_repository_that_names_neither_may_hold_other_work(tmp_path: Path) -> None:
    finding = subject(tmp_path, {"README.md": "# Fish\n\nRegression for images of fish.\n", "train.py": "print(1)\n"})
    assert finding.status is Status.PARTIAL
    assert "birdnet" in finding.sentence


def test_a_paper_without_a_title_cannot_be_looked_for(tmp_path: Path) -> None:
    assert subject(tmp_path, {"README.md": "# Fish\n"}, title="").status is Status.UNKNOWN
