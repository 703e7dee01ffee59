"""The audit as a file: its JSON Schema, reading it back, and writing a report's files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pydantic_core
from pydantic import ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticSerializationError, core_schema

from auditor.errors import BadInput, MachineFault
from auditor.report.audit import SCHEMA_VERSION, Audit

MAX_AUDIT_BYTES = 256 << 20

FILES = {"json": "audit.json", "html": "report.html", "md": "report.md"}
"""The formats of a report, and the name of the file that each is written to."""


class _Schema(GenerateJsonSchema):
    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        """JSON has no word for numbers that are not finite, so the audit writes them as strings."""
        return {"anyOf": [super().float_schema(schema), {"enum": ["NaN", "Infinity", "-Infinity"]}]}


def audit_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `audit.json`; docs/schema/ holds a copy of each version."""
    schema = Audit.model_json_schema(mode="validation", schema_generator=_Schema)
    head = {
        "$schema": _Schema.schema_dialect,
        "$id": f"urn:auditor:schema:audit:{SCHEMA_VERSION}",
        "title": "Audit",
        "version": SCHEMA_VERSION,
    }
    return head | {key: value for key, value in schema.items() if key not in head}


def load_audit(path: Path) -> Audit:
    """Return the audit that `path` holds.

    Raises BadInput when it is not there, too large, not JSON, of another schema version, or damaged.
    """
    try:
        if path.is_dir():
            path = path / FILES["json"]
        size = path.stat().st_size
        if size > MAX_AUDIT_BYTES:
            raise BadInput(f"{path} is larger ({size:,} bytes) than an audit may be ({MAX_AUDIT_BYTES:,} bytes).")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"The audit {path} cannot be read: {error.strerror or error}.") from error
    _check_version(path, data)
    try:
        return Audit.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "its top"
        raise BadInput(f"{path} is damaged: at {where}, {first['msg'][:200]}.") from error


def _check_version(path: Path, data: bytes) -> None:
    try:
        content = pydantic_core.from_json(data)
    except ValueError as error:
        raise BadInput(f"{path} is not JSON: {str(error)[:200]}.") from error
    version = content.get("schema_version") if isinstance(content, dict) else None
    if version is None:
        raise BadInput(f"{path} is not an audit: it has no schema_version.")
    if version != SCHEMA_VERSION:
        raise BadInput(
            f"{path} has schema version {str(version)[:20]!r}, and this auditor reads {SCHEMA_VERSION}; "
            "audit again, or use the version of auditor that wrote it."
        )


def write_report(audit: Audit, folder: Path, formats: Sequence[str] = ("html", "md")) -> dict[str, Path]:
    """Write `audit.json` and the audit in each format to `folder`, each file whole or not at all.

    Return the paths by format, `json` always among them: a report never stands without the data it was made from.
    Raises BadInput for a format that is not known, MachineFault when a file cannot be written.
    """
    writers: dict[str, Callable[[Audit], str]] = {"json": _json, "html": _html, "md": _markdown}
    unknown = [name for name in formats if name not in writers]
    if unknown:
        raise BadInput(f"There is no report format {unknown[0]!r}; the formats are {', '.join(writers)}.")
    texts = {name: writers[name](audit) for name in dict.fromkeys(["json", *formats])}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            _replace(folder / FILES[name], text)
    except OSError as error:
        raise MachineFault(f"The report cannot be written to {folder}: {error.strerror or error}.") from error
    return {name: folder / FILES[name] for name in texts}


def _json(audit: Audit) -> str:
    try:
        return audit.model_dump_json(indent=2) + "\n"
    except PydanticSerializationError as error:
        raise MachineFault(f"The audit cannot be written as JSON: {error}.") from error


def _html(audit: Audit) -> str:
    from auditor.report.html import render_html

    return render_html(audit)


def _markdown(audit: Audit) -> str:
    from auditor.report.markdown import render_markdown

    return render_markdown(audit)


def _replace(path: Path, text: str) -> None:
    """Two audits may write to one folder at once: each writes aside under a name of its own, the last one stays."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        os.chmod(aside, 0o644)
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
