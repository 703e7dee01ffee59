"""The base of what crosses a process or lands on disk."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """An immutable, validated record that refuses unknown fields; its JSON Schema is published with the audit."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")
