"""Which pins of a lock have no wheel, so that their build scripts are run apart from everything else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.rerun.engines import Recipe
from auditor.rerun.resolve import date_arguments, index_arguments, run_uv
from auditor.settings import Settings

MOST_SOURCES = 30
_PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,100}==[A-Za-z0-9.!+_-]{1,100})(?: --hash=sha256:[0-9a-f]{64}){1,2000}")


@dataclass(frozen=True)
class Parts:
    """A lock in two: the pins that have a wheel, and those that exist as source distributions alone."""

    wheels: str
    sources: str


def split_lock(recipe: Recipe, lock: str, settings: Settings, platform: str | None) -> Parts | None:
    """Return the two parts of `lock`; None where they cannot be told apart.

    The lock comes from a container in which build scripts ran: whatever in it is no pin with hashes counts as no lock.
    The index is asked for wheels alone, so that no package's code is run for the answer.
    """
    pins = _pins(lock)
    if pins is None:
        return None
    sources: set[str] = set()
    arguments = _arguments(recipe, settings, platform)
    for _ in range(MOST_SOURCES):
        text = "".join(f"{pin}\n" for pin in pins if pin not in sources)
        done = run_uv(arguments, text, settings)
        if done.returncode and not _named(done.stderr, pins):
            done = run_uv([*arguments, "--offline"], text, settings)  # all may lie in the cache and the wheel folder
        if done.returncode == 0:
            return Parts(_lock(pins, set(pins) - sources), _lock(pins, sources))
        found = _named(done.stderr, pins) - sources
        if not found:
            return None
        sources |= found
    return None


def _pins(lock: str) -> dict[str, str] | None:
    """The pins of a lock, each with its line; None where a line is anything else."""
    pins = {}
    for line in re.sub(r"[ \t]*\\\n[ \t]*", " ", lock).splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _PIN.fullmatch(text)
        if found is None:
            return None
        pins[found[1]] = text
    return pins


def _arguments(recipe: Recipe, settings: Settings, platform: str | None) -> list[str]:
    arguments = ["pip", "compile", "-", "--no-config", "--no-header", "--no-annotate", "--no-deps", "--color", "never"]
    arguments += ["--python-version", recipe.python, "--no-python-downloads", "--only-binary", ":all:"]
    arguments += ["--python-platform", platform] if platform else []
    links = str(settings.find_links) if settings.find_links else None
    return arguments + date_arguments(recipe) + index_arguments(links, settings.index_url)


def _named(message: str, pins: dict[str, str]) -> set[str]:
    """The pins of which a refusal says that they have no wheel."""
    return {pin for pin in pins if re.search(rf"(?<![\w.-]){re.escape(pin)} has no (?:usable )?wheels", message)}


def _lock(pins: dict[str, str], chosen: set[str]) -> str:
    return "".join(line + "\n" for pin, line in pins.items() if pin in chosen)
