"""Reading executes nothing (promise 3): modules of the audited folder are never imported, wherever the user stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What the program, its libraries and a fresh interpreter import; each would be found first in the current folder.
NAMES = (
    "json",
    "yaml",
    "pickle",
    "pydantic",
    "typer",
    "rich",
    "socket",
    "subprocess",
    "jinja2",
    "docker",
    "ast",
    "git",
)


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, Path]:
    """A folder full of modules that leave a canary when they are imported, and the canary's place."""
    folder, canary = tmp_path / "repository", tmp_path / "canary"
    folder.mkdir()
    code = f"open({str(canary)!r}, 'a').write(__name__ + chr(10))\n"
    for name in (*NAMES, "sitecustomize", "usercustomize", "conftest", "setup"):
        (folder / f"{name}.py").write_text(code)
    (folder / "evil.pth").write_text(f"import os; open({str(canary)!r}, 'a')\n")
    (folder / "train.py").write_text("import json\nprint(json.dumps(1))\n")
    return folder, canary


@pytest.mark.parametrize("program", [[sys.executable, "-m", "auditor"], [str(Path(sys.executable).parent / "auditor")]])
def test_an_audit_started_inside_a_hostile_repository_imports_nothing_of_it(
    trap: tuple[Path, Path], tmp_path: Path, program: list[str]
) -> None:
    folder, canary = trap
    command = [*program, "audit", "--repo", ".", "-o", str(tmp_path / "reports")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert not canary.exists(), canary.read_text()


def test_a_confined_reader_imports_nothing_of_the_folder_the_user_stands_in(trap: tuple[Path, Path]) -> None:
    folder, canary = trap
    root = str(Path(__file__).resolve().parents[2])
    code = (
        f"import sys; here = sys.path.pop(0); sys.path.insert(0, {root!r})\n"
        "import math\nfrom auditor.confine import confined\n"
        "sys.path.insert(0, here)\n"
        "print(confined(math.sqrt, 16, seconds=30, what='x'))"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, env=environment)
    assert done.stdout == "4.0\n", done.stderr
    assert not canary.exists(), canary.read_text()
