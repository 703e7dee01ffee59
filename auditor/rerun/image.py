"""The Dockerfile with which anyone can build a rerun's environment without this tool."""

from __future__ import annotations


def dockerfile(python: str, base_image: str, command: str, folder: str, paths: tuple[str, ...]) -> str:
    """Return a Dockerfile that installs `requirements.lock` and runs `command`; it is text and is not built here.

    The base image is the official one of the Python version unless the rerun itself used an image with a registry
    name that anyone can pull.
    """
    base = base_image if base_image.startswith("python:") else f"python:{python}-slim"
    search = ":".join(["/work", *(f"/work/{path}" for path in paths if path != ".")])
    place = "/work" if folder == "." else f"/work/{folder}"
    shell = command.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join([
        "# Builds the environment of this rerun. Put this file and requirements.lock beside the repository's files.",
        f"FROM {base}",
        "COPY requirements.lock /requirements.lock",
        "RUN pip install --no-cache-dir --require-hashes --no-deps -r /requirements.lock",
        "COPY . /work",
        f"ENV PYTHONPATH={search} MPLBACKEND=Agg",
        f"WORKDIR {place}",
        "RUN useradd --create-home runner && chown -R runner /work",
        "USER runner",
        f'CMD ["/bin/sh", "-c", "{shell}"]',
        "",
    ])  # fmt: skip
