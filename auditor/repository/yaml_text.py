"""YAML of strangers: the safe loader, with caps on size, nesting and aliases."""

from __future__ import annotations

from typing import Any

import yaml

from auditor.errors import Unreadable

YAML_LIMIT = 1 << 20
ALIAS_LIMIT = 200
DEPTH_LIMIT = 100


class _Bounded(yaml.SafeLoader):
    """A safe loader that gives up where a document multiplies itself by aliases, or nests without end."""

    aliases = 0
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            self.aliases += 1
            if self.aliases > ALIAS_LIMIT:
                raise Unreadable(f"it uses more than {ALIAS_LIMIT} YAML aliases")
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise Unreadable(f"it nests deeper than {DEPTH_LIMIT} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def flatten_mapping(self, node: Any) -> None:
        """Leave merge keys alone: merging is where a few aliases become a billion entries."""


def read_yaml(text: str) -> Any:
    """Return the first document of a YAML text; raises Unreadable where it is none, or passes a cap."""
    if len(text) > YAML_LIMIT:
        raise Unreadable(f"it has more than {YAML_LIMIT} characters of YAML")
    try:
        loader = _Bounded(text)
    except yaml.YAMLError as error:
        raise Unreadable(f"it is no YAML ({' '.join(str(error).split())[:200]})") from None
    try:
        return loader.get_data() if loader.check_data() else None  # type: ignore[no-untyped-call]
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise Unreadable(f"it is no YAML ({' '.join(str(error).split())[:200]})") from None
    finally:
        loader.dispose()
