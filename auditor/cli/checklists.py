"""The checklists as text."""

from __future__ import annotations

import textwrap

from auditor.scoring.checklists import available, load


def list_checklists() -> str:
    """Return one line a checklist: name, title, number of items, source."""
    lines = []
    for name in available():
        checklist = load(name)
        lines.append(f"{name:24} {checklist.title} ({len(checklist.items)} items; {checklist.source})")
    return "\n".join(lines)


def show_checklist(name: str) -> str:
    """Return a checklist in full."""
    checklist = load(name)
    lines = [f"{checklist.title} ({checklist.name} {checklist.version})", f"Source: {checklist.source}", ""]
    lines += textwrap.wrap(checklist.about, 100)
    for part in checklist.parts:
        lines += ["", f"{part.title} — counts towards {part.score}"]
        for item in part.items:
            checks = (" or " if item.any else ", ").join(item.checks) or "a human judges"
            lines.append(f"  {item.number:>4}  {item.text}")
            lines.append(f"        weight {item.weight:g}; {checks}")
    grading = checklist.grading
    lines += ["", "Grade"]
    lines.append("  " + ", ".join(f"{letter} from {bar:g}" for letter, bar in grading.letters.items()))
    lines.append(
        f"  readiness counts {grading.readiness_weight:g}, outcome {grading.outcome_weight:g} where both exist"
    )
    for cap in grading.caps:
        statuses = " or ".join(status.value for status in cap.status)
        when = " after a rerun" if cap.after_rerun else ""
        lines.append(f"  at most {cap.at_most} while {cap.check} is {statuses}{when}: {cap.because}")
    return "\n".join(lines)
