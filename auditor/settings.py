"""The user's own settings: from `config.toml`, then `AUDITOR_*` variables. The audited submission cannot reach them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from auditor.errors import BadInput
from auditor.toml import TOMLDecodeError, loads

FORGES = (
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "git.sr.ht",
    "huggingface.co",
    "gitee.com",
    "framagit.org",
)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "auditor"


class Settings(BaseModel):
    """What differs between machines. Every field is documented in docs/settings.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forges: tuple[str, ...] = FORGES
    """Hosts from which the repository that a paper links to is cloned unasked, over https."""
    base_images: dict[str, str] = Field(default_factory=dict)
    """Python version -> base image; for versions not named here it is `python:X.Y-slim`."""
    ca_bundle: Path | None = None
    """Certificates that containers trust while packages are installed, for users behind a proxy."""
    index_url: str | None = None
    """The package index; uv's default if not given."""
    find_links: Path | None = None
    """A folder of wheels offered besides the index (read-only in the build container)."""
    cache: Path = Field(default_factory=_cache)
    """Where environments and wheels are kept between audits."""
    ocr: bool = False
    """Whether pages that are pictures of text are read by tesseract, as with `--ocr`."""
    ocr_language: str = Field(default="eng", pattern=r"^[A-Za-z_]{3,20}(\+[A-Za-z_]{3,20}){0,4}$")
    """tesseract's name of the language, or several joined by `+`."""
    max_tree_bytes: int = 4 << 30
    max_tree_files: int = 200_000
    max_pdf_bytes: int = 200 << 20
    max_file_bytes: int = 1 << 30


def load_settings(path: Path | None = None, environment: dict[str, str] | None = None) -> Settings:
    """Return the settings of `path` (default: `$XDG_CONFIG_HOME/auditor/config.toml`), overridden by the environment.

    `AUDITOR_BASE_IMAGES` is `3.11=image,3.9=image`; `AUDITOR_FORGES` is a comma-separated list; `AUDITOR_CA_BUNDLE`,
    `AUDITOR_INDEX_URL`, `AUDITOR_FIND_LINKS`, `AUDITOR_CACHE`, `AUDITOR_OCR` (true, false), `AUDITOR_OCR_LANGUAGE` are
    single values. Where nothing is set, the certificate
    bundle and the wheel folder that pip and OpenSSL were told of are used (SSL_CERT_FILE, PIP_FIND_LINKS).
    Raises BadInput when a file or value cannot be used.
    """
    env = os.environ if environment is None else environment
    config = path or Path(env.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "auditor" / "config.toml"
    values: dict[str, Any] = {}
    if config.is_file():
        try:
            values = loads(config.read_text(encoding="utf-8"))
        except (TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadInput(f"The settings file {config} is not valid TOML: {error}.") from error
    elif path is not None:
        raise BadInput(f"There is no settings file {path}.")
    values |= _from_environment(env)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"The setting {'.'.join(map(str, first['loc']))} cannot be used: {first['msg']}.") from error


def _from_environment(env: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in ("ca_bundle", "index_url", "find_links", "cache", "ocr", "ocr_language"):
        if env.get(f"AUDITOR_{name.upper()}"):
            values[name] = env[f"AUDITOR_{name.upper()}"]
    if env.get("AUDITOR_FORGES"):
        values["forges"] = tuple(host.strip() for host in env["AUDITOR_FORGES"].split(",") if host.strip())
    if env.get("AUDITOR_BASE_IMAGES"):
        pairs = (pair.partition("=") for pair in env["AUDITOR_BASE_IMAGES"].split(",") if pair.strip())
        values["base_images"] = {version.strip(): image.strip() for version, _, image in pairs}
    for name, variable in (("ca_bundle", "SSL_CERT_FILE"), ("find_links", "PIP_FIND_LINKS")):
        if name not in values and env.get(variable) and Path(env[variable]).exists():
            values[name] = env[variable]
    return values
