"""Numbers, sizes and pictures of a report say what is there, and no more."""

from __future__ import annotations

import math
from typing import get_args

import pytest

from auditor.findings import Status
from auditor.report import words
from auditor.report.drawings import PICTURE_WIDTH, claim_picture, score_bar
from auditor.rerun.model import Fault, Outcome, RootCause, Rung, Verdict
from auditor.scoring.model import ScoreResult
from auditor.submission.model import Origin
from tests.fixtures.report_sample import sample_audit

CLAIM = sample_audit().claims[0]


def test_every_enumerated_value_has_its_words() -> None:
    assert set(words.STATUS) == {status.value for status in Status}
    assert set(words.OUTCOME) == set(get_args(Outcome))
    assert set(words.FAULT) == set(get_args(Fault))
    assert set(words.CAUSE) == set(get_args(RootCause))
    assert set(words.RUNG) == set(get_args(Rung))
    verdicts = set(get_args(Verdict.model_fields["outcome"].annotation))
    assert set(words.VERDICT) == set(words.VERDICT_STATUS) == verdicts
    assert set(words.ORIGIN) == set(get_args(Origin.model_fields["kind"].annotation))


@pytest.mark.parametrize(
    ("value", "text"),
    [(96.31, "96.31"), (-5.3, "−5.3"), (92.0, "92"), (0.000123, "0.000123"), (None, "–"), (math.nan, "not a number"),
     (math.inf, "∞"), (1 / 3, "0.33333")],
)  # fmt: skip
def test_numbers_are_short_and_never_lie_about_what_is_not_finite(value: float | None, text: str) -> None:
    assert words.number(value) == text


def test_a_claim_is_shown_as_printed_with_unit_spread_and_runs() -> None:
    assert words.claimed(CLAIM) == "96.4 % ± 0.2 (5 runs)"
    assert words.claimed(CLAIM.model_copy(update={"printed": "96.4%", "std": None, "n": 1})) == "96.4% (1 run)"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.84, "0.8 s"), (41.2, "41 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_are_said_as_a_person_would(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(("count", "text"), [(12, "12 bytes"), (1_830, "1.8 kB"), (612_000_000, "612 MB"), (None, "–")])
def test_sizes_are_in_decimal_units(count: int | None, text: str) -> None:
    assert words.size(count) == text


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert [words.share(x) for x in (0, 0.004, 0.5, 0.996, 1)] == ["0 %", "under 1 %", "50 %", "99 %", "100 %"]


@pytest.mark.parametrize(
    ("value", "coverage"), [(58.6, 0.875), (33.3, 0.999), (None, 0.0), (0, 1), (100, 1), (71, 1 / 3)]
)
def test_the_three_shares_of_a_score_add_up_to_one_hundred(value: float | None, coverage: float) -> None:
    bar = score_bar(ScoreResult(value=value, coverage=coverage, answered=1, total=3))
    assert sum(bar.percents) == 100
    assert min(bar.percents) >= 0
    assert bar.earned + bar.lost + bar.unanswered == pytest.approx(1)


def verdict(observed: float | None, bound: float | None) -> Verdict:
    return Verdict(claim="c1", outcome="inconclusive", observed=observed, bound=bound, rule="r")


def test_a_picture_puts_the_observation_on_its_side_of_the_claim() -> None:
    below, above = claim_picture(CLAIM, verdict(90.0, 0.5)), claim_picture(CLAIM, verdict(99.0, 0.5))
    assert below
    assert above
    assert below.observed < below.claim
    assert above.observed > above.claim
    assert below.band
    assert below.band[0] + below.band[1] / 2 == pytest.approx(below.claim)


@pytest.mark.parametrize(("observed", "bound"), [(96.4, None), (96.4, 0.0), (-1e300, 1.0), (96.5, 1e9)])
def test_a_picture_stays_within_its_frame(observed: float, bound: float | None) -> None:
    picture = claim_picture(CLAIM, verdict(observed, bound))
    assert picture
    assert 0 <= picture.claim <= PICTURE_WIDTH
    assert 0 <= picture.observed <= PICTURE_WIDTH


@pytest.mark.parametrize("observed", [None, math.nan, math.inf])
def test_nothing_is_drawn_where_no_finite_number_was_observed(observed: float | None) -> None:
    assert claim_picture(CLAIM, verdict(observed, 0.5)) is None
    assert claim_picture(CLAIM, None) is None


def test_an_outcome_is_drawn_as_a_failure_only_where_the_submission_is_to_blame() -> None:
    assert words.outcome_status("run_failed_code_error", "submission") == "fail"
    assert words.outcome_status("timed_out", "policy") == "unknown"
    assert words.outcome_status("run_failed_needs_gpu", "machine") == "unknown"
    assert words.outcome_status("reproduced", "none") == "pass"
