"""What the alternatives of the rules need, kept in a file: parsing them for each paper costs more than reading a page.

`python -m auditor.paper.needs` writes the file again. One that lacks a pattern is right still: what it lacks is parsed.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
from functools import cache

from auditor.paper.needed import all_needed

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


def main() -> None:
    """Write the file: what every pattern of alternatives needs that a module of this package holds."""
    from importlib import import_module
    from pathlib import Path

    from auditor.paper.alternatives import Alternatives
    from auditor.paper.sayings import Rule

    found: dict[str, list[list[str]]] = {}
    folder = Path(__file__).parent
    for module in pkgutil.iter_modules([str(folder)]):
        held = vars(import_module(f"auditor.paper.{module.name}")).values()
        rules = [value for value in held if isinstance(value, Rule)]
        fields = [value for rule in rules for value in (*vars(rule).values(), *rule.also)]
        for each in (*held, *fields):
            if isinstance(each, Alternatives):
                found |= {key(p, each.flags): [sorted(w) for w in all_needed(p, each.flags)] for p in each.parts}
    rows = (f"{json.dumps(name)}: {json.dumps(found[name], ensure_ascii=False)}" for name in sorted(found))
    (folder / FILE).write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
