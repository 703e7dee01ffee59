"""CPU builds from the user's wheel folder: when they stand in for the default build, and how they are resolved."""

import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditor.claims.model import Claims
from auditor.errors import MachineFault
from auditor.progress import Silent
from auditor.repository.inventory import read_repository
from auditor.rerun import resolve
from auditor.rerun.attempt import Attempt
from auditor.rerun.engines import BuildFailed, FolderWheel, Recipe
from auditor.rerun.environment import Choice, Wanted
from auditor.rerun.model import Rerun
from auditor.rerun.options import RerunOptions
from auditor.rerun.refusal import after_refusal
from auditor.rerun.rerun import rerun
from auditor.rerun.resolve import compile_arguments
from auditor.rerun.wheel_folder import MOST_BYTES, cpu_builds, lighter, locked_versions
from auditor.settings import Settings

RECIPE = Recipe("3.11", ("torch>=1.0", "setuptools", "networkx==2.8"), date(2024, 1, 14))
LOCK = "networkx==2.8 \\\n    --hash=sha256:00\ntorch==2.1.2 \\\n    --hash=sha256:00\n"
METADATA = (
    "Metadata-Version: 2.1\nName: torch\nRequires-Dist: setuptools>=77\nRequires-Dist: networkx\n"
    "Requires-Dist: sympy>=1.13\nRequires-Dist: optree; extra == 'optree'\n"
)


def _wheel(folder: Path, version: str, python: str = "cp311") -> None:
    name = f"torch-{version}-{python}-{python}-manylinux_2_28_x86_64.whl"
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr(f"torch-{version}.dist-info/METADATA", METADATA)


def test_only_cpu_builds_for_the_python_count_with_what_they_need_without_extras(tmp_path: Path) -> None:
    _wheel(tmp_path, "2.13.0+cpu")
    _wheel(tmp_path, "2.12.0")
    _wheel(tmp_path, "2.13.0+cpu", "cp39")
    (tmp_path / "torch-broken.whl").write_text("no archive")
    assert cpu_builds(tmp_path, "3.11") == (FolderWheel("torch", "2.13.0+cpu", ("setuptools", "networkx", "sympy")),)


def test_the_folders_build_of_the_very_release_is_always_taken(tmp_path: Path) -> None:
    _wheel(tmp_path, "2.1.2+cpu")
    _wheel(tmp_path, "2.13.0+cpu")
    found = lighter(RECIPE, LOCK, tmp_path, 0)
    assert found is not None
    assert [wheel.version for wheel in found.recipe.folder_wheels] == ["2.1.2+cpu"]


def test_another_release_is_taken_only_where_it_spares_a_large_download(tmp_path: Path) -> None:
    for version in ("1.9.0+cpu", "2.3.0+cpu", "2.13.0+cpu"):
        _wheel(tmp_path, version)
    assert lighter(RECIPE, LOCK, tmp_path, MOST_BYTES) is None
    found = lighter(RECIPE, LOCK, tmp_path, 2 * MOST_BYTES)
    assert found is not None
    assert found.what == "From the wheel folder: torch 2.3.0+cpu in place of 2.1.2."
    assert "2.0 GiB" in found.why


def test_without_a_folder_or_a_large_package_nothing_changes(tmp_path: Path) -> None:
    _wheel(tmp_path, "2.13.0+cpu")
    assert lighter(RECIPE, LOCK, None, 2 * MOST_BYTES) is None
    assert lighter(RECIPE, "numpy==1.26.0\n", tmp_path, 2 * MOST_BYTES) is None
    assert locked_versions(LOCK) == {"networkx": "2.8", "torch": "2.1.2"}


def test_the_date_holds_for_all_but_the_wheel_and_what_it_alone_needs() -> None:
    recipe = replace(RECIPE, folder_wheels=(FolderWheel("torch", "2.13.0+cpu", ("setuptools", "networkx", "sympy")),))
    assert recipe.lines[-2:] == ("torch==2.13.0+cpu", "setuptools<82")
    arguments = compile_arguments(recipe, None, "/wheels", None)
    undated = [a for a in arguments if a.endswith("=false")]
    assert undated == ["torch=false", "setuptools=false", "sympy=false"]
    assert "--find-links" in arguments


def test_to_learn_a_size_no_build_script_is_run_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def uv(arguments: list[str], text: str, settings: Settings) -> subprocess.CompletedProcess[str]:
        calls.append((arguments, text))
        rows = 'name = "torch"\nwheels = [{ url = "https://x/torch.whl", size = 700000000, hashes = {} }]\n'
        return subprocess.CompletedProcess(arguments, 0, rows, "")

    monkeypatch.setattr(resolve, "run_uv", uv)
    lock = "hyperopt==0.1.1 \\\n    --hash=sha256:00\n" + LOCK
    assert resolve.download_bytes(RECIPE, lock, Settings(), "x86_64-unknown-linux-gnu") == 700_000_000
    ((arguments, text),) = calls
    assert arguments[arguments.index("--only-binary") + 1] == ":all:"
    assert text == "torch==2.1.2\n"


class _Engine:
    """An engine whose builds fail where they take the folder's wheel, and which runs nothing."""

    name, isolation = "docker", ""

    def __init__(self, folder: Path, size: int) -> None:
        self.settings, self.size = Settings(find_links=folder), size
        self.built: list[Recipe] = []

    def pythons(self) -> dict[str, str]:
        return {"3.11": "base"}

    def resolve(self, recipe: Recipe) -> str:
        return LOCK

    def download_bytes(self, recipe: Recipe, lock: str) -> int:
        return self.size

    def build(self, recipe: Recipe, lock: str) -> None:
        self.built.append(recipe)
        raise BuildFailed("refused") if recipe.folder_wheels else MachineFault("enough")


class _Told(Silent):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def _rerun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> tuple[Rerun, _Engine, _Told]:
    tree, folder = tmp_path / "tree", tmp_path / "wheels"
    tree.mkdir()
    folder.mkdir()
    (tree / "run.py").write_text("import torch\nprint(1)\n")
    _wheel(folder, "2.13.0+cpu")
    engine, told = _Engine(folder, size), _Told()
    monkeypatch.setattr("auditor.rerun.rerun.find_engine", lambda kind, settings: engine)
    options = RerunOptions(engine="docker", command="python run.py")
    done = rerun(tree, read_repository(tree), Claims(), engine.settings, options, told, tmp_path / "audit")
    return done, engine, told


def test_a_build_that_fails_with_the_folders_wheel_is_made_with_the_indexs_and_its_size_is_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, engine, told = _rerun(tmp_path, monkeypatch, 3 * MOST_BYTES)
    assert [bool(recipe.folder_wheels) for recipe in engine.built] == [True, False]
    assert [repair.changes for repair in done.repairs if "wheel folder" in repair.what] == [False]
    assert any("3.0 GiB" in note for note in told.notes)


def test_a_small_environment_takes_the_release_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done, engine, told = _rerun(tmp_path, monkeypatch, MOST_BYTES // 2)
    assert [bool(recipe.folder_wheels) for recipe in engine.built] == [False]
    assert done.repairs == ()
    assert not any("GiB" in note for note in told.notes)


def test_a_refusal_gives_up_the_folders_builds_before_anything_else() -> None:
    recipe = replace(RECIPE, folder_wheels=(FolderWheel("torch", "2.13.0+cpu"),))
    attempt = Attempt(recipe, Choice("3.11", "stated"), ())
    want = Wanted((attempt.choice,), recipe.requirements, False, None, None)
    step = after_refusal("no solution", attempt, want, frozenset({"3.11"}))
    assert step is not None
    assert step[1].recipe == RECIPE
    assert step[1].default_builds
    assert not step[0].changes
