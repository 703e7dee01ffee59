"""What works on this machine, and how to get what does not."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from dataclasses import dataclass

from auditor.settings import Settings


@dataclass(frozen=True)
class Part:
    """One thing that an audit can use: whether it works here, what was seen, how to get it; `needed` by every audit."""

    name: str
    works: bool
    says: str
    remedy: str = ""
    needed: bool = False


def examine(settings: Settings) -> tuple[Part, ...]:
    """Return the state of git, the PDF reader, OCR, docker, base images, GPU, uv, torch, the index and the settings."""
    docker, images = _docker(settings)
    return (
        _git(),
        _reader(),
        _ocr(),
        _uv(),
        docker,
        images,
        _gpu(),
        _torch(),
        _network(settings),
        _certificates(settings),
    )


def _git() -> Part:
    remedy = "install git, for example with `apt-get install git` or `brew install git`"
    said = _output("git", "--version")
    return Part("git", said is not None, said or "not found", remedy, needed=True)


def _reader() -> Part:
    found = importlib.util.find_spec("pypdfium2") is not None
    says = "pypdfium2" if found else "pypdfium2 not installed"
    return Part("PDF reader", found, says, "pip install auditor again", needed=True)


def _ocr() -> Part:
    said = _output("tesseract", "--version")
    says = (said or "not found").partition(";")[0]
    return Part("tesseract", said is not None, says, "only needed for --ocr: `apt-get install tesseract-ocr`")


def _uv() -> Part:
    try:
        import uv

        said = _output(uv.find_uv_bin(), "--version")
    except (ImportError, FileNotFoundError):
        said = None
    return Part("uv", said is not None, said or "not found", "pip install uv")


def _docker(settings: Settings) -> tuple[Part, Part]:
    how = "install a container engine (`apt-get install docker.io`, Docker Desktop or podman) and start its daemon"
    try:
        import docker

        client = docker.from_env(timeout=10)
        version = client.version()
        tags = {tag for image in client.images.list() for tag in image.tags}
    except Exception as error:  # the SDK raises half a dozen kinds for a daemon that is not there
        says = f"no daemon answers ({type(error).__name__})"
        return Part("docker", False, says, how), Part("base images", False, "needs docker", "start docker first")
    runtimes = client.info().get("Runtimes", {})
    kernel = "gVisor (runsc) is there" if "runsc" in runtimes else "containers share this kernel"
    engine = Part("docker", True, f"server {version.get('Version')}, {kernel}")
    wanted = settings.base_images or {"3.11": "python:3.11-slim"}
    here = {python: image for python, image in wanted.items() if image in tags or f"{image}:latest" in tags}
    if here:
        says = ", ".join(f"Python {python}: {image}" for python, image in sorted(here.items()))
        return engine, Part("base images", True, says)
    says = f"{', '.join(wanted.values())} not on this machine; pulled when first needed"
    how = "`docker pull python:3.11-slim`, or make one where nothing can be pulled (docs/settings.md)"
    return engine, Part("base images", False, says, how)


def _gpu() -> Part:
    said = _output("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")
    remedy = (
        "only needed to rerun code that has no CPU path: use a machine with an NVIDIA GPU and its container toolkit"
    )
    return Part("GPU", said is not None, said or "none seen (no nvidia-smi)", remedy)


def _torch() -> Part:
    found = importlib.util.find_spec("torch") is not None
    return Part("torch", found, "installed" if found else "not installed", "pip install 'auditor[torch]' (optional)")


def _network(settings: Settings) -> Part:
    """Whether the package index answers: reruns need it while an environment is built."""
    from auditor.rerun.resolve import index_url

    try:
        import requests

        url = index_url(settings)
        status = requests.head(url, timeout=10, allow_redirects=True).status_code
        works = status < 500
        says = f"the package index answers ({status})"
    except Exception as error:  # no network fails in many ways; each is the same news here
        works, says = False, f"the package index does not answer ({type(error).__name__})"
    return Part("network", works, says, "set index_url, or ca_bundle behind a proxy (docs/settings.md)")


def _certificates(settings: Settings) -> Part:
    if settings.ca_bundle is None:
        return Part("certificates", True, "containers use their own")
    works = settings.ca_bundle.is_file()
    return Part("certificates", works, f"containers trust {settings.ca_bundle}", "ca_bundle names no file")


def _output(*command: str) -> str | None:
    """Return the first line that a program prints, or None if it is not there or fails."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    lines = done.stdout.strip().splitlines()
    return "; ".join(lines[:4]) if lines else None
