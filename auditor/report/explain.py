"""What each check and each item of a checklist asks, as plain text for the terminal."""

from __future__ import annotations

import difflib
import inspect
import textwrap
from itertools import groupby

from auditor.checks.framework import Check, all_checks
from auditor.errors import BadInput
from auditor.report.words import share, upper_first
from auditor.scoring.calibration import Model, shipped
from auditor.scoring.checklists import load
from auditor.scoring.model import Item

_WIDTH = 88
_NEAR = 0.7
"""How alike a misspelt name and a check's id must be, of 1."""


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


def explain_one(id: str, checklist: str = "default") -> str:
    """Return the documentation of one check in full, or what an item of a checklist asks and which checks answer it.

    An item goes by its id or its number (`A12`). Raises BadInput, with the nearest names, where there is neither.
    """
    checks = all_checks()
    if id in checks:
        return _check(checks[id])
    for item in load(checklist).items:
        if id.casefold() in (item.number.casefold(), item.id.casefold()):
            return _item(item, checks)
    near = _near(id.casefold(), list(checks))
    hint = f"did you mean {', '.join(near)}?" if near else "auditor explain lists all checks."
    raise BadInput(f"There is no check and no item {id[:80]!r}; {hint}")


def _near(word: str, ids: list[str]) -> list[str]:
    """Return the checks of a topic, else those whose id holds the word, else those spelt almost so."""
    within = [id for id in ids if id.startswith(f"{word}.")]
    holding = [id for id in ids if word in id] if len(word) >= 3 else []
    return within or holding[:5] or difflib.get_close_matches(word, ids, n=3, cutoff=_NEAR)


def _check(check: Check) -> str:
    text = check.documentation
    model = calibration.models.get(check.id) if (calibration := shipped()) else None
    parts = [
        ("Passes when", text.question),
        ("Why it matters", text.why),
        ("How to satisfy it", text.how),
        ("Sources", text.sources),
        ("Looks at", _needs(check)),
        ("How sure it is", _measured(model) if model else "A rule; how often readers agree was not measured."),
    ]
    return "\n\n".join([check.id, *(f"{title}\n{_paragraph(upper_first(body))}" for title, body in parts if body)])


def _measured(model: Model) -> str:
    """Return what the measured confidence rests on: how many answers, Brier scores, and the reliability curve."""
    curve = ", ".join(f"{share(each.ticked)} where it gave {share(each.mean)}" for each in model.reliability)
    return (
        f"Measured on {model.n} answers of human readers, of which {share(model.base)} were yes. The Brier score of "
        f"the probability that they say yes is {model.brier:.3f} (always giving {share(model.base)}: "
        f"{model.brier_of_base:.3f}; 0 is best). They said yes to {curve}."
    )


def _item(item: Item, checks: dict[str, Check]) -> str:
    wide = max((len(id) for id in item.checks), default=0) + 2
    lines = [_entry(checks[id], wide) if id in checks else f"  {id}" for id in item.checks]
    how = "Any one of these checks answers it" if item.any else "These checks answer it"
    answered = "\n".join([f"{how}; auditor explain CHECK shows one in full", *lines]) if lines else "A human judges it."
    return "\n\n".join([f"{item.number}  {item.id}", _paragraph(item.text), answered])


def _needs(each: Check) -> str:
    """Return in words what a check looks at; nothing where its facts do not say what they are."""
    said = [(_described(kind), " (if there)" if optional else "") for kind, optional in each.needs.values()]
    return " ".join(f"{words}{aside}." for words, aside in said if words)


def _described(kind: type) -> str:
    """Return the first sentence of a fact's docstring; nothing for what a dataclass has by itself."""
    first = inspect.cleandoc(kind.__doc__ or "").partition("\n")[0].partition(". ")[0].rstrip(".")
    return "" if first.startswith(f"{kind.__name__}(") else first


def _paragraph(text: str) -> str:
    return textwrap.fill(
        text, width=_WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
