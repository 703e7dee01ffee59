"""The Dockerfile with which anyone can build a rerun's environment without this tool."""

from __future__ import annotations

import json
import shlex


def dockerfile(python: str, base_image: str, commands: tuple[tuple[str, str], ...], paths: tuple[str, ...]) -> str:
    """Return a Dockerfile that installs `requirements.lock` and runs the commands, given as folder and shell line.

    It is text and is not built here.

    The base image is the official one of the Python version unless the rerun itself used an image with a registry
    name that anyone can pull.
    """
    base = base_image if base_image.startswith("python:") else f"python:{python}-slim"
    search = ":".join(["/work", *(f"/work/{path}" for path in paths if path != ".")])
    notebook = any("auditor_notebook" in shell for _, shell in commands)
    steps = [shell if folder == "." else f"(cd {shlex.quote(folder)} && {shell})" for folder, shell in commands]
    extra = ["COPY auditor_notebook.py /opt/auditor/auditor_notebook.py"] if notebook else []
    search += ":/opt/auditor" if notebook else ""
    return "\n".join([
        "# Builds the environment of this rerun. Put this file and requirements.lock beside the repository's files.",
        f"FROM {base}",
        "COPY requirements.lock /requirements.lock",
        "RUN pip install --no-cache-dir --require-hashes --no-deps -r /requirements.lock",
        *extra,
        "COPY . /work",
        f"ENV PYTHONPATH={search} MPLBACKEND=Agg",
        "WORKDIR /work",
        "RUN useradd --create-home runner && chown -R runner /work",
        "USER runner",
        f"CMD {json.dumps(['/bin/sh', '-c', ' && '.join(steps)])}",
        "",
    ])  # fmt: skip
