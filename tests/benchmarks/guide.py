"""The fields of the annotation guide (docs/guide.md), which check answers each, and tables of human answers to them."""

from __future__ import annotations

import csv
from pathlib import Path

from auditor.findings import Finding, Status
from auditor.scoring.checklists import load

CHECKS = {
    "training": "code.training",
    "experiments": "code.experiments",
    "evaluation": "code.evaluation",
    "pretrained_model": "code.pretrained_model",
    "results": "documentation.results",
    "dependencies": "dependencies.declared",
    "pins": "dependencies.pinned",
    "python_version": "dependencies.python_version",
    "run_command": "documentation.run_command",
    "seeds": "randomness.seeds",
    "determinism": "randomness.determinism",
    "data": "data.available",
    "hyperparameters": "documentation.hyperparameters",
    "hardware": "documentation.hardware",
    "licence": "licence.stated",
    "absolute_paths": "code.no_absolute_paths",
    "missing_parts": "code.complete",
}
"""Field -> the check whose level is its value."""

ORDERED = {
    "evaluation": ("separate", "inside", "none"),
    "results": ("numbers", "image", "none"),
    "dependencies": ("file", "prose", "none"),
    "pins": ("all", "some", "none"),
    "run_command": ("works", "broken", "none"),
    "seeds": ("full", "partial", "none", "na"),
    "data": ("included", "downloaded", "instructions", "none", "na"),
}
"""The values of the fields that have an order; disagreement counts by the steps between two values."""

TICKS = {
    "training": ("1",),
    "experiments": ("1",),
    "evaluation": ("separate", "inside"),
    "pretrained_model": ("1",),
    "results": ("numbers", "image"),
    "dependencies": ("file", "prose"),
    "python_version": ("1",),
    "determinism": ("1",),
    "hyperparameters": ("1",),
    "hardware": ("1",),
    "absolute_paths": ("1",),
    "missing_parts": ("1",),
}
"""Field -> the values for which a human ticks the field as a yes or no item."""

PUBLISHED = ("training", "evaluation", "pretrained_model", "results", "dependencies")
"""The five items of the ML Code Completeness Checklist."""

Answers = dict[str, dict[str, str]]
"""Repository (owner/name in lower case) -> field -> value."""


def ticked(field: str, value: str) -> bool:
    """Return whether this value of a field is a yes: by the checklist's own rule where it has the item, else by TICKS.

    Published labels are yes or no already (`1`, `0`).
    """
    if value in ("0", "1"):
        return value == "1"
    item = next((item for item in load("ml-code-completeness").items if CHECKS[field] in item.checks), None)
    if item and item.levels:
        return item.levels.get(value, Status.FAIL) is Status.PASS
    return value in TICKS[field]


def read_answers(path: Path) -> Answers:
    """Return the rows of a CSV file with a column `repo`, by repository, with the fields that it has."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    return {
        row["repo"].strip().lower(): {name: (row[name] or "").strip() for name in CHECKS if row.get(name)}
        for row in rows
    }


def is_published(answers: Answers) -> bool:
    """Return whether the answers are yes or no throughout, as published labels are, and not by the guide."""
    return all(value in ("0", "1") for row in answers.values() for value in row.values())


def values_of(findings: dict[str, Finding]) -> dict[str, str]:
    """Return the guide's value of each field by the findings; empty where the auditor could not tell."""
    return {field: (findings[check].level or "") for field, check in CHECKS.items() if check in findings}
