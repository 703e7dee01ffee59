"""The docker engine: one build container with the package index in reach, then run containers without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from auditor.errors import MachineFault
from auditor.rerun.engines import Built, EngineAbsent, Recipe, Workspace
from auditor.settings import Settings

LABEL = "auditor.run"
ENVIRONMENTS = "auditor-env"
OFFERED = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
_HOW = "start Docker (or give DOCKER_HOST), or use --engine process for code that you trust"


class DockerEngine:
    """Runs code in docker, or in whatever answers as docker does (podman)."""

    name = "docker"

    def __init__(self, settings: Settings) -> None:
        """Connect to the daemon; raises EngineAbsent where none answers."""
        import docker

        self.settings = settings
        try:
            self.client = docker.from_env(timeout=900)
            self.info: dict[str, Any] = self.client.info()
        except docker.errors.DockerException as error:
            raise EngineAbsent(f"No docker daemon answers: {_HOW}.") from error
        except OSError as error:
            raise EngineAbsent(f"No docker daemon answers ({error}): {_HOW}.") from error
        self.runtime = "runsc" if "runsc" in self.info.get("Runtimes", {}) else None
        kernel = "gVisor between it and the kernel" if self.runtime else "the kernel is shared with this machine"
        self.isolation = (
            "docker: no network, no capabilities, no new privileges, unprivileged user, read-only root, default "
            f"seccomp profile, nothing of this machine mounted; {kernel}"
        )

    @property
    def platform(self) -> str:
        """The platform of the containers, in uv's words."""
        machine = str(self.info.get("Architecture", "x86_64"))
        return f"{ {'arm64': 'aarch64', 'amd64': 'x86_64'}.get(machine, machine) }-unknown-linux-gnu"

    def pythons(self) -> dict[str, str]:
        """Return version -> base image: the settings' own, else the official slim images that are here, else all."""
        if self.settings.base_images:
            return dict(self.settings.base_images)
        offered = {version: f"python:{version}-slim" for version in OFFERED}
        here = {tag for image in self.client.images.list() for tag in image.tags}
        return {version: image for version, image in offered.items() if image in here} or offered

    def resolve(self, recipe: Recipe) -> str:
        """Return the lock: from wheels on this machine; with source distributions inside a build container."""
        from auditor.rerun.engines.docker_build import BuildRoom
        from auditor.rerun.resolve import resolve_wheels

        if not recipe.sources:
            return resolve_wheels(recipe, self.settings, self.platform)
        with BuildRoom(self, self.base(recipe.python), trusted_wheels=False) as room:
            return room.resolve(recipe)

    def download_bytes(self, recipe: Recipe, lock: str) -> int:
        """Return how many bytes the wheels of `lock` are, as the index states it."""
        from auditor.rerun.resolve import download_bytes

        return download_bytes(recipe, lock, self.settings, self.platform)

    def build(self, recipe: Recipe, lock: str) -> Built:
        """Return the image of `lock`; it is built once and found again by the hash of lock, Python and base."""
        import docker

        from auditor.rerun.engines.docker_build import install
        from auditor.rerun.resolve import lock_hash

        base = self.base(recipe.python)
        tag = lock_hash(lock, recipe.python, self.client.images.get(base).id or base)[:20]
        reference = f"{ENVIRONMENTS}:{tag}"
        try:
            image = self.client.images.get(reference)
            return Built(reference, image.id or reference, base, recipe.python, cached=True)
        except docker.errors.ImageNotFound:
            pass
        install(self, recipe, lock, base, tag)
        return Built(reference, self.client.images.get(reference).id or reference, base, recipe.python)

    @contextmanager
    def workspace(self, built: Built, tree: Path, run_id: str) -> Iterator[Workspace]:
        """Enter a scratch copy of `tree` in a volume of its own."""
        from auditor.rerun.engines.docker_run import DockerWorkspace

        workspace = DockerWorkspace(self, built, run_id)
        try:
            workspace.fill(tree)
            yield workspace
        finally:
            self.remove(run_id)

    def base(self, python: str) -> str:
        """Return the base image for a Python version, pulled if it is not here; raises MachineFault."""
        import docker

        image = self.pythons().get(python)
        if image is None:
            raise MachineFault(f"No base image is set for Python {python}; name one in AUDITOR_BASE_IMAGES.")
        try:
            self.client.images.get(image)
        except docker.errors.ImageNotFound:
            try:
                self.client.images.pull(image)
            except docker.errors.DockerException as error:
                raise MachineFault(
                    f"The base image {image} is not here and could not be pulled; name one that is in "
                    "AUDITOR_BASE_IMAGES (3.11=image,…)."
                ) from error
        return image

    def remove(self, run_id: str) -> None:
        """Remove every container, volume and network with this run's label; what is gone already is no error."""
        import docker

        wanted: dict[str, Any] = {"label": f"{LABEL}={run_id}"}
        for container in self.client.containers.list(all=True, filters=wanted, ignore_removed=True):
            _quietly(lambda c=container: c.remove(force=True, v=True), docker.errors.DockerException)
        for network in self.client.networks.list(filters=wanted):
            _quietly(network.remove, docker.errors.DockerException)
        for volume in self.client.volumes.list(filters=wanted):
            _quietly(lambda v=volume: v.remove(force=True), docker.errors.DockerException)


def _quietly(action: Any, expected: type[Exception]) -> None:
    try:
        action()
    except expected:
        return


def locked_down(memory_bytes: int, processes: int, cpus: float) -> dict[str, Any]:
    """Return the options of every container that runs code of others, in the SDK's names."""
    from docker.types import LogConfig, Ulimit

    return {
        "user": "10001:10001",
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "init": True,
        "ipc_mode": "private",
        "pids_limit": processes,
        "mem_limit": memory_bytes,
        "memswap_limit": memory_bytes,
        "nano_cpus": int(cpus * 1e9),
        "ulimits": [
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="nofile", soft=16_384, hard=16_384),
        ],
        "log_config": LogConfig(type="json-file", config={"max-size": "10m", "max-file": "2"}),
    }
