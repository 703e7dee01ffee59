"""Rows of the table that are alike: a call by its name, a condition on its arguments, and what to write instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard, Severity, Subject
from auditor.repository.model import Call, Source

ALIKE = 20
"""So many places of one hazard are shown in one file."""
Keywords = dict[str, str]
Condition = Callable[[Code, Source, Call, Keywords], bool]
Rewriting = Callable[[Source, Call], str]


@dataclass(frozen=True, slots=True)
class CallRule:
    """A row that one call shows.

    `name` is searched in the call's resolved name; `when` decides on its keywords and surroundings.
    """

    row: int
    subject: Subject
    name: re.Pattern[str]
    title: str
    severity: Severity
    fix: Rewriting
    when: Condition = lambda code, source, call, keywords: True
    library: str = ""
    versions: str = ""
    cause: str = ""
    """What `Hazard` says by this name."""


def found_by(code: Code, rules: Iterable[CallRule]) -> Iterator[Hazard]:
    """Yield the hazards that rules find in the running calls, of those alike in one file so many as are shown.

    `{call}` in a title is the called name's last part.
    """
    rules = tuple(rules)
    seen: Counter[tuple[str, str]] = Counter()
    for source, call in code.calls:
        for rule in rules:
            if not rule.name.search(call.name):
                continue
            title = rule.title.replace("{call}", call.name.rpartition(".")[2])
            if seen[source.path, title] < ALIKE and rule.when(code, source, call, dict(call.keywords)):
                seen[source.path, title] += 1
                found = (rule.row, rule.subject, title, rule.severity, rule.fix(source, call))
                hazard = code.hazard(source, call, found, rule.library, rule.versions)
                if hazard:
                    yield replace(hazard, cause=rule.cause)
                    break


def is_off(value: str | None) -> bool:
    """Return whether a keyword is missing, or says None, False or 0."""
    return value in (None, "None", "False", "0")
