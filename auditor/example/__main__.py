"""`make demo`: audit the bundled example with a rerun, in docker where that works, otherwise on this machine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from auditor.errors import AuditorError
from auditor.example import write_example
from auditor.settings import Settings, load_settings


def main() -> int:
    """Write the example to `.demo/`, audit it into `reports/`, and return the exit code."""
    from auditor.cli.run import Request, run_audit
    from auditor.rerun.options import RerunOptions

    folder = Path(".demo")
    shutil.rmtree(folder, ignore_errors=True)
    paper, repository = write_example(folder)
    why_not = docker_missing(load_settings())
    if why_not:
        print(
            f"The rerun uses no container, because {why_not}. The example is the auditor's own, so its code is trusted;"
            f" `{Path(sys.executable).parent / 'auditor'} doctor` says how to get a container for the code of others.",
            file=sys.stderr,
        )
    options = RerunOptions(engine="process" if why_not else "docker")
    return run_audit(
        Request(
            paper=str(paper),
            repository=str(repository),
            rerun=options,
            output=Path("reports"),
            formats="html,md",
        )
    )


def docker_missing(settings: Settings) -> str | None:
    """Return why the example cannot run in docker here, or None if it can; the default base image may be pulled."""
    import docker

    image = settings.base_images.get("3.11") or next(iter(settings.base_images.values()), "python:3.11-slim")
    try:
        client = docker.from_env(timeout=10)
        client.ping()
    except Exception as error:  # the SDK raises half a dozen kinds for a daemon that is not there
        return f"no docker daemon answers ({type(error).__name__})"
    try:
        client.images.get(image)
    except Exception:
        try:
            print(f"Pulling {image} …", file=sys.stderr)
            client.images.pull(image)
        except Exception as error:
            return f"the base image {image} is not here and cannot be pulled ({type(error).__name__})"
    return None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AuditorError as error:
        sys.exit(f"auditor: {error}")
