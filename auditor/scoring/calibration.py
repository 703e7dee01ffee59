"""Measured confidence: the probability that a human annotator ticks what a check answers, from the checks' levels.

The models are logistic regressions over levels of checks, fitted on labelled repositories by
`tests/benchmarks/calibrate.py` (`make calibrate`) and shipped as `calibration.json`: coefficients to be read, no code.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from auditor.findings import Finding, Status
from auditor.record import Record
from auditor.text import Line

FILE = Path(__file__).with_name("calibration.json")


class Bin(Record):
    """A point of a reliability curve: mean probability given, share of humans who ticked, number of answers."""

    mean: float
    ticked: float
    n: int


class Model(Record):
    """The model of one check. Probability = 1 / (1 + exp(-(intercept + sum of the weights whose level was found))).

    `ticks` are the check's levels that count as a yes; `weights` are log-odds by `check=level`. `n` counts human
    answers, of which the share `base` was yes; `brier` is cross-validated over repositories, beside that of always
    answering `base`.
    """

    ticks: tuple[str, ...]
    intercept: float
    weights: dict[str, float]
    n: int
    base: float
    brier: float
    brier_of_base: float
    reliability: tuple[Bin, ...]


class Calibration(Record):
    """All models, with what they were fitted on."""

    version: str
    date: str
    auditor_version: str
    repositories: int
    labels: tuple[Line, ...]
    models: dict[str, Model]


@cache
def shipped() -> Calibration | None:
    """Return the calibration that comes with this version, or None where there is none."""
    if not FILE.is_file():
        return None
    return Calibration.model_validate(json.loads(FILE.read_text(encoding="utf-8")))


def features(findings: Iterable[Finding]) -> frozenset[str]:
    """Return what the models rest on: `check=level` of each finding, or `check=status` where it has no level."""
    return frozenset(f"{finding.check}={finding.level or finding.status.value}" for finding in findings)


def tick_probability(check: str, findings: Iterable[Finding], calibration: Calibration | None = None) -> float | None:
    """Return the probability that a human ticks what `check` asks.

    None where no model was fitted for it, or where the audit lacks a check that its model rests on.
    """
    calibration = calibration or shipped()
    model = calibration.models.get(check) if calibration else None
    found = features(findings)
    if model is None or not {name.partition("=")[0] for name in model.weights} <= {n.partition("=")[0] for n in found}:
        return None
    odds = model.intercept + sum(weight for name, weight in model.weights.items() if name in found)
    return 1 / (1 + math.exp(-odds))


def with_confidence(findings: tuple[Finding, ...], calibration: Calibration | None = None) -> tuple[Finding, ...]:
    """Return the findings, those for which a model was fitted with the measured probability that they are right."""
    calibration = calibration or shipped()
    if calibration is None:
        return findings
    measured = []
    for finding in findings:
        chance = None
        if finding.level is not None and finding.status not in (Status.UNKNOWN, Status.NOT_APPLICABLE):
            chance = tick_probability(finding.check, findings, calibration)
        if chance is not None:
            right = chance if finding.level in calibration.models[finding.check].ticks else 1 - chance
            finding = finding.model_copy(update={"confidence": round(right, 2)})
        measured.append(finding)
    return tuple(measured)
