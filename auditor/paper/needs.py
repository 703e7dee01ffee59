"""What the alternatives of the rules need, kept in a file: parsing them for each paper costs more than reading a page.

`python -m auditor.paper.needs` writes the file again. One that lacks a pattern is right still: what it lacks is parsed.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from auditor.paper.needed import all_needed

if TYPE_CHECKING:
    from auditor.paper.alternatives import Alternatives

FILE = "needs.json"


def kept_needs(pattern: str, flags: int) -> tuple[frozenset[str], ...]:
    """Return what `all_needed` does, from the file where it is kept there."""
    kept = _kept().get(key(pattern, flags))
    return all_needed(pattern, flags) if kept is None else tuple(map(frozenset, kept))


def key(pattern: str, flags: int) -> str:
    """Return the name of a pattern in the file: patterns that differ have different ones."""
    return hashlib.sha256(f"{flags:d} {pattern}".encode()).hexdigest()[:24]


@cache
def _kept() -> dict[str, list[list[str]]]:
    text = pkgutil.get_data("auditor.paper", FILE)
    kept: dict[str, list[list[str]]] = json.loads(text) if text else {}
    return kept


def all_alternatives() -> list[Alternatives]:
    """Return the patterns of alternatives that the modules of this package hold, those of their rules included."""
    from importlib import import_module
    from pathlib import Path

    from auditor.paper.alternatives import Alternatives
    from auditor.paper.sayings import Rule

    modules = [
        import_module(f"auditor.paper.{each.name}") for each in pkgutil.iter_modules([str(Path(__file__).parent)])
    ]
    held = [value for module in modules for value in vars(module).values()]
    of_rules = [value for rule in held if isinstance(rule, Rule) for value in (*vars(rule).values(), *rule.also)]
    return [value for value in (*held, *of_rules) if isinstance(value, Alternatives)]


def main() -> None:
    """Write the file."""
    from pathlib import Path

    patterns = [(part, each.flags) for each in all_alternatives() for part in each.parts]
    found = {key(*pattern): [sorted(words) for words in all_needed(*pattern)] for pattern in patterns}
    rows = (f"{json.dumps(name)}: {json.dumps(found[name], ensure_ascii=False)}" for name in sorted(found))
    (Path(__file__).parent / FILE).write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
