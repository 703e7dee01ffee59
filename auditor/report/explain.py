"""What each check asks, as plain text for the terminal."""

from __future__ import annotations

import difflib
import textwrap
from itertools import groupby

from auditor.checks.framework import Check, all_checks
from auditor.errors import BadInput
from auditor.report.words import upper_first

_WIDTH = 88


def explain_all() -> str:
    """Return every check by topic, with the question that it answers."""
    checks = all_checks()
    wide = max((len(id) for id in checks), default=0) + 2
    blocks = []
    for topic, group in groupby(checks.values(), key=lambda each: each.topic):
        lines = [_entry(each, wide) for each in group]
        blocks.append("\n".join([topic.replace("_", " ").capitalize(), *lines]))
    ending = "auditor explain CHECK shows one in full: why it matters, how to satisfy it, its sources."
    return "\n\n".join([*blocks, ending if blocks else "No check is installed."])


def _entry(each: Check, wide: int) -> str:
    return textwrap.fill(
        each.documentation.question,
        width=max(_WIDTH, wide + 40),
        initial_indent="  " + each.id.ljust(wide),
        subsequent_indent=" " * (wide + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def explain_one(id: str) -> str:
    """Return the documentation of one check in full; raises BadInput, with the nearest names, when there is none."""
    checks = all_checks()
    if id not in checks:
        within = [name for name in checks if name.startswith(f"{id}.")]
        near = within or difflib.get_close_matches(id, checks, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else "auditor explain lists all of them."
        raise BadInput(f"There is no check {id[:80]!r}; {hint}")
    text = checks[id].documentation
    parts = (
        ("Passes when", text.question),
        ("Why it matters", text.why),
        ("How to satisfy it", text.how),
        ("Sources", text.sources),
        ("Looks at", _needs(checks[id])),
    )
    return "\n\n".join([id, *(f"{title}\n{_paragraph(upper_first(body))}" for title, body in parts)])


def _needs(each: Check) -> str:
    names = [kind.__name__ + (" (if there)" if optional else "") for kind, optional in each.needs.values()]
    return ", ".join(names) or "nothing of the submission"


def _paragraph(text: str) -> str:
    return textwrap.fill(
        text, width=_WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
