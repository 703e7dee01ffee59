"""Resolving requirements into a full lock with hashes, as of a date, with uv; nothing of the submission is executed."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from auditor.errors import MachineFault
from auditor.rerun.engines import BuildFailed, Recipe
from auditor.settings import Settings

RESOLVE_SECONDS = 300
_LARGE_PIN = re.compile(
    r"^(?:torch|torchvision|torchaudio|triton|tensorflow|jaxlib|paddlepaddle|mxnet|nvidia-[\w-]+)==[^\s;\\]+", re.M
)
"""Distributions of hundreds of megabytes, all of which are wheels."""
# Variables of the user's own that steer how uv reaches the index; nothing else of this environment is handed on.
_PASSED = ("PATH", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy", "NETRC")
_STEERING = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS")


def uv_binary() -> str:
    """Return the path of the uv that this package depends on; raises MachineFault where it is missing."""
    import uv

    try:
        return str(uv.find_uv_bin())
    except FileNotFoundError as error:
        raise MachineFault("The program uv is missing; install it with `pip install uv`.") from error


def compile_arguments(recipe: Recipe, platform: str | None, find_links: str | None, index: str | None) -> list[str]:
    """Return uv's arguments that resolve the requirements on standard input into a lock with hashes."""
    arguments = ["pip", "compile", "-", "--no-config", "--generate-hashes", "--no-header", "--no-annotate"]
    arguments += ["--python-version", recipe.python, "--no-python-downloads", "--color", "never"]
    if platform:
        arguments += ["--python-platform", platform]
    if not recipe.sources:
        arguments += ["--only-binary", ":all:"]
    return arguments + date_arguments(recipe) + index_arguments(find_links, index)


def date_arguments(recipe: Recipe) -> list[str]:
    """Return uv's arguments for the date by which packages are taken."""
    arguments = ["--exclude-newer", _end_of(recipe.as_of)] if recipe.as_of else []
    for name, day in recipe.later:
        arguments += ["--exclude-newer-package", f"{name}={_end_of(day)}"]
    for name in recipe.undated if recipe.as_of else ():
        arguments += ["--exclude-newer-package", f"{name}=false"]
    return arguments


def index_arguments(find_links: str | None, index: str | None) -> list[str]:
    """Return uv's arguments for the index and the wheel folder of the user's settings."""
    arguments = ["--default-index", index] if index else []
    return arguments + (["--find-links", find_links] if find_links else [])


def resolve_wheels(recipe: Recipe, settings: Settings, platform: str | None) -> str:
    """Return the lock of `recipe` from wheels alone, resolved on this machine; no package's code is run for it.

    Raises BuildFailed with uv's message, and MachineFault where the index cannot be reached.
    """
    links = str(settings.find_links) if settings.find_links else None
    arguments = compile_arguments(recipe, platform, links, settings.index_url)
    done = run_uv(arguments, "\n".join(recipe.lines) + "\n", settings)
    if done.returncode:
        raise refused(done.stderr)
    return done.stdout


def download_bytes(recipe: Recipe, lock: str, settings: Settings, platform: str | None) -> int:
    """Return the size of the large wheels of `lock`, as the index states it; 0 where it states none.

    Wheels alone are looked at: the metadata of a source distribution would be had by running its build script here.
    """
    done = run_uv(size_arguments(recipe, settings, platform), "\n".join(_LARGE_PIN.findall(lock)) + "\n", settings)
    return sum(int(size) for size in re.findall(r"^wheels = \[\{[^\n]*?\bsize = (\d{1,15})", done.stdout, re.M))


def size_arguments(recipe: Recipe, settings: Settings, platform: str | None) -> list[str]:
    """Return uv's arguments that state the files, with their sizes, of the pins on standard input."""
    arguments = ["pip", "compile", "-", "--no-config", "--no-header", "--no-annotate", "--no-deps", "--color", "never"]
    arguments += ["--python-version", recipe.python, "--no-python-downloads", "--format", "pylock.toml"]
    arguments += ["--only-binary", ":all:", *(["--python-platform", platform] if platform else [])]
    return arguments + index_arguments(None, settings.index_url)


def refused(message: str) -> BuildFailed:
    """Return uv's refusal as an error; a MachineFault is raised instead where the index was out of reach."""
    text = "\n".join(line for line in message.splitlines() if not line.startswith("warning:"))
    if re.search(r"(dns error|Connection refused|error sending request|tunnel error|timed out|certificate)", text):
        raise MachineFault("The package index cannot be reached: " + _first_line(text))
    return BuildFailed(_first_line(text), text[-4000:])


def lock_hash(lock: str, python: str, base: str) -> str:
    """Return the identity of an environment: SHA-256 over its lock, Python version and base image."""
    return hashlib.sha256(f"{python}\n{base}\n{lock}".encode()).hexdigest()


def index_url(settings: Settings) -> str:
    """Return the package index that uv uses, from the settings or as uv itself says it."""
    return settings.index_url or _emitted_index(settings.model_dump_json())


def index_hosts(settings: Settings) -> frozenset[str]:
    """Return the `host:port` pairs of the index and of the files it offers, as one resolution shows them."""
    return frozenset(_host(url) for url in (index_url(settings), *_file_urls(settings.model_dump_json())))


@cache
def _emitted_index(settings: str) -> str:
    arguments = ["pip", "compile", "-", "--no-config", "--emit-index-url", "--no-header", "--no-python-downloads"]
    done = run_uv(arguments, "", Settings.model_validate_json(settings))
    found = re.search(r"^--(?:default-)?index-url (\S+)", done.stdout, re.M)
    if not found:
        raise MachineFault("uv does not say which package index it uses; set AUDITOR_INDEX_URL.")
    return found[1]


@cache
def _file_urls(settings_json: str) -> tuple[str, ...]:
    settings = Settings.model_validate_json(settings_json)
    arguments = ["pip", "compile", "-", "--no-config", "--no-header", "--no-deps", "--no-python-downloads"]
    arguments += ["--only-binary", ":all:", "--format", "pylock.toml", *index_arguments(None, settings.index_url)]
    done = run_uv(arguments, "setuptools\nwheel\n", settings)
    if done.returncode:
        raise refused(done.stderr)
    return tuple(dict.fromkeys(re.findall(r'url = "([^"]+)"', done.stdout)))


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (80 if parts.scheme == 'http' else 443)}"


def uv_environment(settings: Settings) -> dict[str, str]:
    """Return the environment for uv on this machine: its cache, certificates, and how the user reaches the index."""
    values = {name: os.environ[name] for name in (*_PASSED, *_STEERING) if name in os.environ}
    values |= {"HOME": str(settings.cache), "UV_CACHE_DIR": str(settings.cache / "uv"), "UV_PYTHON_DOWNLOADS": "never"}
    if settings.ca_bundle:
        values["SSL_CERT_FILE"] = str(settings.ca_bundle)
    return values


def run_uv(arguments: list[str], text: str, settings: Settings) -> subprocess.CompletedProcess[str]:
    """Return what uv answers on this machine, with `text` as its standard input; raises BuildFailed past the time."""
    settings.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:  # no pyproject.toml or .python-version of anybody's lies there
        try:
            return subprocess.run(
                [uv_binary(), *arguments],
                input=text,
                capture_output=True,
                text=True,
                errors="replace",
                cwd=folder,
                env=uv_environment(settings),
                timeout=RESOLVE_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise BuildFailed(f"Resolving took longer than {RESOLVE_SECONDS} s and was stopped.") from error


def _end_of(day: date) -> str:
    """The last moment of a day, as uv takes it."""
    return datetime.combine(day + timedelta(days=1), time(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _first_line(text: str) -> str:
    lines = [line.strip(" ×╰─▶│├") for line in text.splitlines()]
    return " ".join(line for line in lines if line)[:400] or "uv gave no reason."


def certificate_file(settings: Settings) -> Path | None:
    """Return the bundle of certificates that containers are to trust, where the user has one."""
    return settings.ca_bundle if settings.ca_bundle and settings.ca_bundle.is_file() else None
