"""`auditor clean` removes what reruns keep, and nothing else."""

from __future__ import annotations

import pytest

from auditor.rerun.clean import clean
from auditor.settings import Settings, load_settings


def test_without_a_daemon_the_cache_folder_goes(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    cache = tmp_path_factory.mktemp("cache") / "auditor"
    (cache / "environments").mkdir(parents=True)
    assert clean(Settings(cache=cache)) == [f"the folder {cache}"]
    assert not cache.exists()
    assert clean(Settings(cache=cache)) == []


@pytest.mark.docker
def test_leftovers_of_interrupted_runs_go_and_other_containers_stay(tmp_path_factory: pytest.TempPathFactory) -> None:
    import docker

    from auditor.rerun import clean as module
    from auditor.rerun.engines.docker import LABEL

    client = docker.from_env()
    image = next(iter(load_settings().base_images.values()), "python:3.11-slim")
    ours = client.containers.create(image, ["true"], labels={LABEL: "test-clean"})
    theirs = client.containers.create(image, ["true"])
    try:
        module.remove_leftovers(client, f"{LABEL}=test-clean")  # not those of reruns that are going on
        left = {container.id for container in client.containers.list(all=True)}
        assert ours.id not in left
        assert theirs.id in left
    finally:
        theirs.remove(force=True)
