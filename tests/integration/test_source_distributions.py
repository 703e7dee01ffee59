"""Packages without a wheel, in the docker engine: built apart, once, with nothing else fetched or touched for them."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.rerun.engines import Built, Limits, Recipe
from auditor.rerun.engines.docker import DockerEngine
from auditor.settings import load_settings

pytestmark = pytest.mark.docker

# A build backend of the package's own, which needs nothing: it marks each build, and plants a file in its cache.
BACKEND = """
import base64, hashlib, os, uuid, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name, version = "{name}", "1.0"
    for path in ("/cache/planted", "/cache/uv/planted", "/cache/bin/uv"):
        try:
            open(path, "w").write("planted")
        except OSError:
            pass
    seen = sorted(os.listdir("/cache/uv"))
    info = f"{{name}}-{{version}}.dist-info"
    files = {{
        f"{{name}}.py": f"BUILD = {{uuid.uuid4().hex!r}}\\nSEEN = {{seen!r}}\\n",
        f"{{info}}/METADATA": f"Metadata-Version: 2.1\\nName: {{name}}\\nVersion: {{version}}\\n",
        f"{{info}}/WHEEL": "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }}
    record = "".join(f"{{path}},,\\n" for path in (*files, f"{{info}}/RECORD"))
    wheel = f"{{name}}-{{version}}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w") as archive:
        for path, text in {{**files, f"{{info}}/RECORD": record}}.items():
            archive.writestr(path, text)
    return wheel
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "{name}"
version = "1.0"
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DockerEngine]:
    """An engine without an index, whose caches and images are removed afterwards."""
    from auditor.rerun.engines import docker, docker_build

    monkeypatch.setattr(docker_build, "index_hosts", lambda settings: frozenset({"index.invalid:443"}))
    monkeypatch.setattr(docker_build, "WHEELS", f"auditor-test-{tmp_path.name[-40:].lower()}")
    monkeypatch.setattr(
        docker, "ENVIRONMENTS", f"auditor-test-{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:9]}"
    )
    folder = tmp_path / "folder"
    folder.mkdir()
    settings = load_settings().model_copy(
        update={"cache": tmp_path / "cache", "find_links": folder, "index_url": "https://index.invalid/simple"}
    )
    engine = DockerEngine(settings)
    yield engine
    for image in engine.client.images.list(name=docker.ENVIRONMENTS):
        engine.client.images.remove(str(image.id), force=True)
    for volume in engine.client.volumes.list(filters={"name": docker_build.WHEELS}):
        volume.remove(force=True)


def source(folder: Path, name: str) -> str:
    """Write a source distribution; return its line of a lock."""
    path = folder / f"{name}-1.0.tar.gz"
    files = {
        "PKG-INFO": f"Metadata-Version: 2.2\nName: {name}\nVersion: 1.0\n",
        "pyproject.toml": PROJECT.format(name=name),
        "backend.py": BACKEND.format(name=name),
    }
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            entry = tarfile.TarInfo(f"{name}-1.0/{file}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return pinned(path, name)


def wheel(folder: Path, name: str) -> str:
    """Write a wheel; return its line of a lock."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    files = {
        f"{name}.py": "",
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [
        f"{file},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}"
        for file, text in files.items()
    ]
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(f"{name}-1.0.dist-info/RECORD", "\n".join([*rows, f"{name}-1.0.dist-info/RECORD,,", ""]))
    return pinned(path, name)


def pinned(path: Path, name: str) -> str:
    return f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def built(engine: DockerEngine, *lock: str) -> Built:
    python = max(engine.pythons(), key=lambda version: tuple(map(int, version.split("."))))
    return engine.build(Recipe(python, ("x",), sources=True), "".join(lock))


def said(engine: DockerEngine, environment: Built, tree: Path, code: str) -> str:
    tree.mkdir(exist_ok=True)
    with engine.workspace(environment, tree, f"test-{tree.parent.name[-40:].lower()}") as space:
        raw = space.run("r1", f'python -c "{code}"', ".", Limits(wall_seconds=60, memory_bytes=256 << 20))
    assert raw.exit_code == 0, raw.stderr
    return raw.stdout.decode().strip()


def test_what_has_no_wheel_is_built_once_and_beside_what_has_one(engine: DockerEngine, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    own, one, other = source(folder, "ownbuild"), wheel(folder, "plainone"), wheel(folder, "plaintwo")
    first = built(engine, own, one)
    second = built(engine, own, one, other)
    marks = [
        said(engine, environment, tmp_path / "tree", f"import ownbuild, {name}; print(ownbuild.BUILD)")
        for environment, name in ((first, "plainone"), (second, "plaintwo"))
    ]
    assert len(marks[0]) == 32
    assert marks[0] == marks[1], "the wheel that was built for the first environment serves the second"
    assert first.identity != second.identity
    assert built(engine, own, one).cached


def test_a_build_script_reaches_no_cache_but_that_of_the_same_scripts(engine: DockerEngine, tmp_path: Path) -> None:
    from auditor.rerun.engines.docker_build import BuildRoom

    folder = tmp_path / "folder"
    own, second, one = source(folder, "ownbuild"), source(folder, "secondbuild"), wheel(folder, "plainone")
    environment = built(engine, own, one)
    with BuildRoom(engine, environment.base, trusted_wheels=True, online=False) as room:
        code, output = room.execute(["sh", "-c", "ls /cache /cache/uv; /cache/bin/uv --version"])
    assert code == 0
    assert "planted" not in output
    both = built(engine, own, second, one)
    seen = said(engine, both, tmp_path / "tree", "import secondbuild; print(secondbuild.SEEN)")
    marks = said(engine, both, tmp_path / "tree", "import ownbuild; print(ownbuild.BUILD)")
    assert "sdists" in seen
    assert marks != said(engine, environment, tmp_path / "tree", "import ownbuild; print(ownbuild.BUILD)")


def test_a_lock_of_wheels_alone_needs_no_build_though_builds_are_allowed(engine: DockerEngine, tmp_path: Path) -> None:
    from auditor.rerun.engines.docker_build import WHEELS

    environment = built(engine, wheel(tmp_path / "folder", "plainone"))
    assert said(engine, environment, tmp_path / "tree", "import plainone; print(1)") == "1"
    assert [volume.name for volume in engine.client.volumes.list(filters={"name": WHEELS})] == [WHEELS]
