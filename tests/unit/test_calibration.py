"""Measured confidence: what a model says, to which findings it is given, and what the shipped models look like."""

from __future__ import annotations

import math

import pytest

from auditor.checks.framework import all_checks
from auditor.findings import Finding, Status
from auditor.scoring.calibration import Bin, Calibration, Model, shipped, tick_probability, with_confidence

RESULTS = "documentation.results"


def calibration(**weights: float) -> Calibration:
    """A calibration with one model, of the check on documented results."""
    model = Model(
        ticks=("numbers", "image"),
        intercept=-1.0,
        weights={f"{RESULTS}={level}": weight for level, weight in weights.items()},
        n=100,
        base=0.3,
        brier=0.1,
        brier_of_base=0.21,
        reliability=(Bin(mean=0.3, ticked=0.3, n=100),),
    )
    return Calibration(
        version="1", date="2026-01-01", auditor_version="0", repositories=50, labels=("a.csv",), models={RESULTS: model}
    )


def finding(level: str | None, status: Status = Status.PASS, check: str = RESULTS) -> Finding:
    """A finding of the check on documented results."""
    return Finding(check=check, status=status, sentence="Found.", level=level)


def test_the_probability_of_a_tick_is_the_logistic_of_the_weights_that_were_found() -> None:
    chance = tick_probability(RESULTS, [finding("numbers")], calibration(numbers=3.0, none=-2.0))
    assert chance == pytest.approx(1 / (1 + math.exp(-2.0)))


def test_a_finding_that_ticks_is_as_sure_as_the_tick_and_one_that_does_not_as_its_absence() -> None:
    models = calibration(numbers=3.0, none=-2.0)
    (yes,) = with_confidence((finding("numbers"),), models)
    (no,) = with_confidence((finding("none", Status.FAIL),), models)
    assert yes.confidence == pytest.approx(0.88)
    assert no.confidence == pytest.approx(0.95)


def test_what_could_not_be_answered_and_what_has_no_model_stays_by_rule() -> None:
    unknown = finding(None, Status.UNKNOWN)
    other = finding("MIT", check="licence.stated")
    assert [each.confidence for each in with_confidence((unknown, other), calibration(numbers=3.0))] == ["rule", "rule"]


def test_a_model_that_rests_on_a_check_outside_the_audit_says_nothing() -> None:
    models = calibration(numbers=3.0)
    other = models.models[RESULTS].model_copy(update={"weights": {"code.training=1": 1.0}})
    assert (
        tick_probability(RESULTS, [finding("numbers")], models.model_copy(update={"models": {RESULTS: other}})) is None
    )


def test_the_shipped_models_belong_to_checks_that_exist_and_beat_always_giving_the_base_rate() -> None:
    models = shipped()
    assert models is not None
    assert set(models.models) <= set(all_checks())
    worse = [check for check, model in models.models.items() if model.brier > model.brier_of_base]
    assert worse == []
