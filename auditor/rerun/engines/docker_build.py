"""The build container: third-party packages are resolved and installed in it, with the package index alone in reach."""

from __future__ import annotations

import threading
import uuid
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditor.errors import MachineFault
from auditor.rerun.engines import BuildFailed, HeadTail, Recipe
from auditor.rerun.engines.archive import file_entry, folder_entry, small_tar
from auditor.rerun.engines.proxy import index_proxy
from auditor.rerun.resolve import (
    certificate_file,
    compile_arguments,
    date_arguments,
    index_arguments,
    index_hosts,
    index_url,
    lock_hash,
    refused,
    uv_binary,
)
from auditor.rerun.source_pins import split_lock

if TYPE_CHECKING:
    from auditor.rerun.engines.docker import DockerEngine

WHEELS = "auditor-wheels"
"""The volume of the wheel cache that builds share."""
BUILD_SECONDS = 1_800
BUILD_MEMORY = 8 << 30
_SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def install(engine: DockerEngine, recipe: Recipe, lock: str, base: str, tag: str) -> None:
    """Keep the environment of `lock` as the image ENVIRONMENTS:`tag`; raises BuildFailed.

    Source distributions are built apart, on top of the environment of all that has wheels: these come out of the shared
    cache, in which no build script ever runs. What is built is kept for the next environment with the same source
    distributions of the same time.
    """
    from auditor.rerun.engines.docker import ENVIRONMENTS

    parts = split_lock(recipe, lock, engine.settings, engine.platform) if recipe.sources else None
    below = None
    if parts and parts.sources:
        with suppress(BuildFailed):  # a wheel that the index offers may still be none of the lock's
            below = engine.build(replace(recipe, sources=False), parts.wheels)
    if parts and below:
        image = str(engine.client.images.get(base).id)
        key = lock_hash(f"{date_arguments(recipe)}\n{parts.sources}", recipe.python, image)[:20]
        with BuildRoom(engine, below.reference, trusted_wheels=False, kept=key) as room:
            room.add(parts.sources, recipe)
            room.commit(ENVIRONMENTS, tag)
        return
    whole = replace(recipe, sources=recipe.sources and not (parts and not parts.sources))
    with BuildRoom(engine, base, trusted_wheels=not whole.sources, online=bool(lock.strip())) as room:
        room.install(lock, whole)
        room.commit(ENVIRONMENTS, tag)


class BuildRoom:
    """A container of a base image on a network of its own, whose only way out is a proxy to the package index.

    With `trusted_wheels` no package's code runs in it, and it shares the cache of wheels with other builds; otherwise
    its cache is thrown away, so that a package's build script cannot change what later audits install. A cache `kept`
    under a name is that of builds which run the same scripts, and of no others. Without `online` there is no way out at
    all, which is enough for an environment without packages.
    """

    def __init__(
        self, engine: DockerEngine, base: str, trusted_wheels: bool, online: bool = True, kept: str = ""
    ) -> None:
        self.engine, self.base = engine, base
        self.id = f"build-{uuid.uuid4().hex[:12]}"
        self.volume = WHEELS if trusted_wheels else (f"{WHEELS}-{kept}" if kept else f"auditor-{self.id}")
        self.lasting, self.online = bool(trusted_wheels or kept), online
        self.proxy = ""
        self._stack = ExitStack()

    def __enter__(self) -> BuildRoom:
        self._stack.callback(self.engine.remove, self.id)
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    def _open(self) -> None:
        from auditor.rerun.engines.docker import LABEL, locked_down

        client, labels = self.engine.client, {LABEL: self.id}
        network = client.networks.create(f"auditor-{self.id}", driver="bridge", internal=True, labels=labels)
        network.reload()
        settings = self.engine.settings
        if self.online:
            self.proxy = self._way_out(network.attrs["IPAM"]["Config"][0]["Gateway"])
        client.volumes.create(self.volume, labels={} if self.lasting else labels)
        volumes: dict[str, dict[str, str]] = {self.volume: {"bind": "/cache", "mode": "rw"}}
        if settings.find_links:
            volumes[str(settings.find_links.resolve())] = {"bind": "/wheels", "mode": "ro"}
        self.container: Any = client.containers.create(
            self.base,
            ["sleep", "infinity"],
            network=network.name,
            volumes=volumes,
            tmpfs={"/tmp": "rw,exec,nosuid,nodev,size=4g,mode=1777"},
            working_dir="/tmp",
            labels=labels,
            **locked_down(BUILD_MEMORY, 512, 2.0),
        )
        self._put()
        self.container.start()

    def _way_out(self, gateway: str) -> str:
        """Return the URL of a proxy on the network's gateway; it goes when the room is left."""
        hosts = index_hosts(self.engine.settings)
        try:
            return self._stack.enter_context(index_proxy(gateway, hosts))[0]
        except OSError as error:
            raise MachineFault(
                f"The build container's gateway {gateway} is not an address of this machine ({error}); packages can be "
                "installed only where the docker daemon runs on the same machine."
            ) from error

    def _put(self) -> None:
        """Put uv and the certificates in, owned by root, and make the folders that uv writes to."""
        with open(uv_binary(), "rb") as stream:
            uv = stream.read()
        files = [(file_entry("bin/uv", len(uv), owner=0, mode=0o755), uv)]
        bundle = certificate_file(self.engine.settings)
        if bundle:
            data = bundle.read_bytes()
            files.append((file_entry("bin/ca.pem", len(data), owner=0), data))
        self.container.put_archive("/cache", small_tar([folder_entry("bin", 0), folder_entry("uv")], files))
        self.container.put_archive("/", small_tar([folder_entry("opt/env")], []))

    def resolve(self, recipe: Recipe) -> str:
        """Return the lock of `recipe`, source distributions allowed; raises BuildFailed."""
        arguments = compile_arguments(recipe, None, self._links(), index_url(self.engine.settings))
        arguments += ["--python", "python3", "--output-file", "/tmp/out.lock"]
        text = "\n".join(recipe.lines).encode() + b"\n"
        self._write("requirements.in", text)
        arguments[arguments.index("-")] = "/tmp/requirements.in"
        code, output = self.execute(["/cache/bin/uv", *arguments])
        if code:
            raise refused(output)
        code, lock = self.execute(["cat", "/tmp/out.lock"])
        return lock

    def install(self, lock: str, recipe: Recipe) -> None:
        """Install exactly `lock`, hashes checked, into `/opt/env`; raises BuildFailed."""
        self._write("requirements.lock", lock.encode())
        code, output = self.execute(
            ["/cache/bin/uv", "venv", "--no-config", "--python", "python3", "--allow-existing", "/opt/env"]
        )
        if code:
            raise BuildFailed("No virtual environment could be made in the base image.", output[-4000:])
        arguments = ["/cache/bin/uv", "pip", "sync", "--no-config", "--require-hashes", "--allow-empty-requirements"]
        arguments += ["--link-mode", "copy", "--python", "/opt/env/bin/python", "--color", "never"]
        self._fetch([*arguments, *([] if recipe.sources else ["--only-binary", ":all:"])], recipe)

    def add(self, lock: str, recipe: Recipe) -> None:
        """Build and install `lock`, hashes checked, beside what `/opt/env` holds; raises BuildFailed."""
        self._write("requirements.lock", lock.encode())
        arguments = ["/cache/bin/uv", "pip", "install", "--no-config", "--require-hashes", "--no-deps", "--link-mode"]
        self._fetch([*arguments, "copy", "--python", "/opt/env/bin/python", "--color", "never", "-r"], recipe)

    def _fetch(self, arguments: list[str], recipe: Recipe) -> None:
        """Run uv's arguments on the lock; where the index is out of reach, what is kept may be enough."""
        arguments = [*arguments, "/tmp/requirements.lock"]
        if recipe.as_of and recipe.sources:
            # The build requirements of source distributions are of the time too.
            arguments += date_arguments(recipe)
        arguments += index_arguments(self._links(), index_url(self.engine.settings)) if self.online else ["--offline"]
        code, output = self.execute(arguments)
        if code and self.lasting and self.online:
            code, output = self.execute([*arguments, "--offline"])
        if code:
            raise refused(output)

    def commit(self, repository: str, tag: str) -> None:
        """Keep the container as an image."""
        self.container.commit(repository=repository, tag=tag)

    def execute(self, argv: list[str]) -> tuple[int, str]:
        """Return exit status and output of a command in the container, killed with it after BUILD_SECONDS."""
        api = self.engine.client.api
        environment = {
            "PATH": _SEARCH,
            "HOME": "/tmp",
            "UV_CACHE_DIR": "/cache/uv",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_NO_PROGRESS": "1",
        }
        if self.proxy:
            environment |= {"HTTPS_PROXY": self.proxy, "ALL_PROXY": self.proxy}
        if certificate_file(self.engine.settings):
            environment["SSL_CERT_FILE"] = "/cache/bin/ca.pem"
        job = api.exec_create(self.container.id, argv, environment=environment)["Id"]
        timer = threading.Timer(BUILD_SECONDS, self.container.kill)
        timer.daemon = True
        timer.start()
        kept = HeadTail(4 << 20)
        try:
            for piece in api.exec_start(job, stream=True):
                kept.feed(piece)
        finally:
            timer.cancel()
        status = api.exec_inspect(job)["ExitCode"]
        return (1 if status is None else int(status)), kept.value().decode("utf-8", "replace")

    def _write(self, name: str, data: bytes) -> None:
        """Write a file into the container's /tmp, which is a tmpfs that the archive interface cannot reach."""
        archive = small_tar([], [(file_entry(name, len(data)), data)])
        self.container.put_archive("/opt/env", archive)
        code, output = self.execute(["cp", f"/opt/env/{name}", f"/tmp/{name}"])
        if code:
            raise MachineFault(f"The build container does not take files: {output[:200]}.")

    def _links(self) -> str | None:
        return "/wheels" if self.engine.settings.find_links else None
