"""The wheel holds everything: installed into an empty environment, run in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_contains_checklists_templates_and_the_example(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "auditor/checklists/default.yaml" in names
    assert "auditor/checklists/ml-code-completeness.yaml" in names
    assert any(name.startswith("auditor/report/templates/") for name in names)
    assert "auditor/claims/vocabulary.toml" in names
    assert "auditor/example/repository/train.py" in names
    assert "auditor/py.typed" in names


def test_an_installed_wheel_audits_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    site = next((home / "lib").glob("python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    # The wheel's own files come from the new environment; third-party packages from the one that runs the tests.
    third_party = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (site / "third_party.pth").write_text(f"{third_party}\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    python = str(home / "bin" / "python")
    where = subprocess.run(
        [python, "-c", "import auditor; print(auditor.__file__)"],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert str(home) in where.stdout
    listed = subprocess.run(
        [python, "-m", "auditor", "checklist", "list"], cwd=empty, env=environment, capture_output=True, text=True
    )
    assert "default" in listed.stdout, listed.stderr
    code = "from pathlib import Path; from auditor.example import write_example; print(*write_example(Path('example')))"
    made = subprocess.run([python, "-c", code], cwd=empty, env=environment, capture_output=True, text=True, check=True)
    done = subprocess.run(
        [python, "-m", "auditor", "audit", *made.stdout.split()],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (empty / "reports" / "one-pixel-shifts" / "report.html").is_file()
