"""Removing what reruns keep between audits."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import Any

from auditor.settings import Settings


def clean(settings: Settings) -> list[str]:
    """Remove environments, wheel caches and leftovers of interrupted runs; return a line for each kind that went.

    Without a docker daemon only the folder of the process engine is looked at. A rerun that is going on loses its
    containers.
    """
    removed = []
    if settings.cache.is_dir():
        shutil.rmtree(settings.cache)
        removed.append(f"the folder {settings.cache}")
    return removed + _clean_docker()


def _clean_docker() -> list[str]:
    import docker

    from auditor.rerun.engines.docker import ENVIRONMENTS, LABEL
    from auditor.rerun.engines.docker_build import WHEELS

    try:
        client = docker.from_env(timeout=60)
        client.ping()
    except docker.errors.DockerException:
        return []
    containers, networks, volumes = remove_leftovers(client, LABEL)
    for volume in client.volumes.list(filters={"name": WHEELS}):
        volume.remove(force=True)
        volumes += 1
    images = client.images.list(name=ENVIRONMENTS)
    for image in images:
        client.images.remove(str(image.id), force=True)
    counts = (
        (len(images), "environment"),
        (containers, "container"),
        (volumes, "volume"),
        (networks, "network"),
    )
    return [f"{count} {name}{'s' if count > 1 else ''}" for count, name in counts if count]


def remove_leftovers(client: Any, label: str) -> tuple[int, int, int]:
    """Remove the containers, networks and volumes that carry the label; return how many of each there were."""
    import docker

    wanted: dict[str, Any] = {"label": label}
    containers = client.containers.list(all=True, filters=wanted, ignore_removed=True)
    networks = client.networks.list(filters=wanted)
    volumes = client.volumes.list(filters=wanted)
    steps = [(container.remove, {"force": True, "v": True}) for container in containers]
    steps += [(network.remove, {}) for network in networks]
    steps += [(volume.remove, {"force": True}) for volume in volumes]
    for remove, options in steps:
        with suppress(docker.errors.APIError):  # what its own rerun is removing just now is gone in a moment
            remove(**options)
    return len(containers), len(networks), len(volumes)
