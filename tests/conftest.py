"""What all tests share: which parts of the machine are there, and small submissions made in temporary folders."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# `make test` without a daemon or a browser leaves those tests out and says so; with this set, nothing may be left out.
REQUIRED = os.environ.get("AUDITOR_TEST_REQUIRE", "").split(",")


def _docker_missing() -> str | None:
    try:
        import docker

        from auditor.settings import load_settings

        client = docker.from_env(timeout=5)
        client.ping()
        images = load_settings().base_images or {"3.11": "python:3.11-slim"}
        tags = {tag for image in client.images.list() for tag in image.tags}
        if not any(image in tags or f"{image}:latest" in tags for image in images.values()):
            return f"no base image ({', '.join(images.values())})"
    except Exception as error:  # the SDK raises half a dozen kinds for a daemon that is not there
        return f"no docker daemon ({type(error).__name__})"
    return None


def _browser_missing() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return None if any(shutil.which(name) for name in names) else "no Chromium"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for marker, missing in (("docker", _docker_missing), ("browser", _browser_missing)):
        marked = [item for item in items if item.get_closest_marker(marker)]
        reason = missing() if marked else None
        if reason is None:
            continue
        if marker in REQUIRED:
            raise pytest.UsageError(f"{marker} tests are required (AUDITOR_TEST_REQUIRE), but there is {reason}.")
        config.stash.setdefault(LEFT_OUT, []).append(f"{len(marked)} {marker} tests left out: {reason}")
        for item in marked:
            item.add_marker(pytest.mark.skip(reason=reason))


LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(LEFT_OUT, []):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture
def git_repository(tmp_path: Path) -> Path:
    """A repository with two commits, a tag on the first, and a clean working tree."""
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "train.py").write_text("print('first')\n")
    (folder / "README.md").write_text("# Code\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first", date="2020-03-04T05:06:07+00:00")
    git(folder, "tag", "v1")
    (folder / "train.py").write_text("print('second')\n")
    git(folder, "commit", "-qam", "second", date="2021-03-04T05:06:07+00:00")
    return folder


def git(folder: Path, *arguments: str, date: str = "2021-01-01T00:00:00+00:00") -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()
