"""The rule for one run, and which observation answers which claim."""

import pytest

from auditor.claims.model import Claim, Claims
from auditor.findings import FileEvidence
from auditor.rerun.model import Observation, Run, Verdict
from auditor.rerun.observations import observe_text
from auditor.rerun.verdict import bound, t_quantile, verdicts


def _claim(metric: str = "accuracy", value: float = 81.0, printed: str = "81.0 %", **fields: object) -> Claim:
    given = {
        "id": "C1",
        "metric": metric,
        "metric_text": metric,
        "value": value,
        "printed": printed,
        "unit": "percent" if "%" in printed else "fraction" if metric == "accuracy" else "none",
        "where": "README.md",
        "origin": "readme",
        "evidence": FileEvidence(path="README.md", line=1),
    }
    return Claim.model_validate(given | fields)


def _run(id: str = "r1", command: str = "python train.py", **fields: object) -> Run:
    given = {"id": id, "command": command, "engine": "docker", "isolation": "", "exit_code": 0, "wall_seconds": 1.0}
    return Run.model_validate(given | fields)


def _judge(claims: list[Claim], text: str, *runs: Run, command: str = "python train.py") -> tuple[Verdict, ...]:
    observations: list[Observation] = []
    for run in runs or (_run(command=command),):
        observations += observe_text(run.id, "stdout", text)
    return verdicts(Claims(items=tuple(claims)), observations, runs or (_run(command=command),))


@pytest.mark.parametrize(
    ("claim", "allowed", "rule"),
    [
        (_claim(), 2.0, "2 points"),
        (_claim(value=0.81, printed="0.81"), 0.02, "0.02 absolute"),
        (_claim("perplexity", 40.0, "40.0"), 1.0, "2.5%"),
        (_claim("shd", 3.0, "3"), 0.5, "half a unit"),
        (_claim(value=90.0, printed="90 ± 3", unit="percent", std=3.0, n=5), 9.124, "prediction interval"),
        (_claim(value=90.0, printed="90 ± 3", unit="percent", std=3.0), 2.0, "2 points"),
    ],
)
def test_the_largest_bound_applies_and_is_named(claim: Claim, allowed: float, rule: str) -> None:
    width, words = bound(claim)
    assert width == pytest.approx(allowed, abs=1e-3)
    assert rule in words


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.7062), (2, 4.3027), (4, 2.7764), (9, 2.2622), (30, 2.0423)])
def test_quantiles_of_t_are_those_of_the_tables(freedom: int, quantile: float) -> None:
    assert t_quantile(freedom) == pytest.approx(quantile, abs=1e-4)


@pytest.mark.parametrize(
    ("printed", "outcome"),
    [
        ("0.8100", "reproduced"),
        ("0.7901", "reproduced"),
        ("0.7899", "worse"),
        ("0.8400", "better"),
        ("81.5%", "reproduced"),
    ],
)
def test_a_fraction_answers_a_claim_in_percent(printed: str, outcome: str) -> None:
    (verdict,) = _judge([_claim()], f"Test accuracy: {printed}\n")
    assert verdict.outcome == outcome


def test_lower_is_better_for_a_loss() -> None:
    claims = [_claim("log_loss", 0.5, "0.500")]
    assert _judge(claims, "log_loss: 0.40\n")[0].outcome == "better"
    assert _judge(claims, "log_loss: 0.60\n")[0].outcome == "worse"


def test_a_bare_number_beside_a_claim_of_less_than_two_percent_is_inconclusive() -> None:
    (verdict,) = _judge([_claim("error_rate", 0.79, "0.79 %", unit="percent")], "test error: 0.79\n")
    assert (verdict.outcome, verdict.holds) == ("inconclusive", None)


def test_what_no_run_shows_is_not_observed_and_the_reason_is_said() -> None:
    (verdict,) = _judge([_claim("auc", 0.9, "0.9")], "accuracy: 0.9\n")
    assert verdict.outcome == "not_observed"
    assert "no run printed or wrote auc" in verdict.rule


def test_the_close_value_of_another_data_set_never_answers() -> None:
    claims = [_claim(dataset="Cora", id="C1"), _claim(dataset="Citeseer", id="C2", value=71.9, printed="71.9 %")]
    first, second = _judge(claims, "cora test accuracy: 0.719\nciteseer test accuracy: 0.600\n")
    assert (first.outcome, first.observed) == ("worse", pytest.approx(71.9))
    assert (second.outcome, second.observed) == ("worse", pytest.approx(60.0))


def test_the_command_names_the_data_set() -> None:
    claims = [_claim(dataset="Cora", id="C1"), _claim(dataset="Citeseer", id="C2", value=71.9, printed="71.9 %")]
    first, second = _judge(
        claims, "Validation Accuracy: 0.8060 Test Accuracy: 0.8100\n", command="python citation.py --dataset cora"
    )
    assert (first.outcome, first.observed) == ("reproduced", pytest.approx(81.0))
    assert second.outcome == "not_observed"


def test_an_unnamed_data_set_among_several_claimed_ones_is_no_answer() -> None:
    claims = [_claim(dataset="Cora", id="C1"), _claim(dataset="Citeseer", id="C2", value=71.9, printed="71.9 %")]
    assert {v.outcome for v in _judge(claims, "Test accuracy: 0.81\n")} == {"not_observed"}


def test_methods_whose_names_contain_each_other_are_told_apart() -> None:
    claims = [_claim(method="MLP", id="C1", value=92.8), _claim(method="MLP + shifts", id="C2", value=94.3)]
    text = "MLP: accuracy 0.9282\nMLP + shifts: accuracy 0.9425\n"
    assert [v.observed for v in _judge(claims, text)] == [pytest.approx(92.82), pytest.approx(94.25)]


def test_training_and_validation_never_answer_a_claim_without_a_split() -> None:
    (verdict,) = _judge([_claim()], "train accuracy: 0.81\nval accuracy: 0.81\n")
    assert verdict.outcome == "not_observed"
    assert "training or validation only" in verdict.rule


def test_the_last_epoch_counts_and_not_the_best() -> None:
    (verdict,) = _judge([_claim()], "Epoch 1: test acc: 0.81\nEpoch 2: test acc: 0.70\n")
    assert verdict.observed == pytest.approx(70.0)


def test_the_final_value_goes_before_the_best_one() -> None:
    (verdict,) = _judge([_claim()], "Best test accuracy: 0.81\nFinal test accuracy: 0.70\n")
    assert verdict.observed == pytest.approx(70.0)


def test_two_numbers_with_equally_good_names_answer_nothing() -> None:
    (verdict,) = _judge([_claim()], "alpha: accuracy 0.81\nbeta: accuracy 0.70\n")
    assert verdict.outcome == "not_observed"
    assert "alike" in verdict.rule


def test_repeats_by_seed_are_compared_by_their_mean() -> None:
    (verdict,) = _judge([_claim()], "seed 0: accuracy 0.80\nseed 1: accuracy 0.82\n")
    assert verdict.observed == pytest.approx(81.0)
    assert "mean of 2" in verdict.rule


def test_a_run_stopped_in_training_is_inconclusive() -> None:
    run = _run(exit_code=137, timed_out=True)
    (verdict,) = _judge([_claim()], "Epoch 1: test acc: 0.5\n", run)
    assert verdict.outcome == "inconclusive"


def test_times_are_not_compared_between_machines() -> None:
    (verdict,) = _judge([_claim("training_time", 98.0, "98s")], "training time: 10\n")
    assert verdict.outcome == "inconclusive"


@pytest.mark.parametrize("name", ["C1", "Table 1", "accuracy"])
def test_a_claim_is_compared_with_the_run_that_the_authors_declare_for_it_alone(name: str) -> None:
    claims = Claims(items=(_claim(where="Table 1"), _claim("f1", 50.0, "50.0", where="Table 2", id="C2")))
    runs = [_run("r1"), _run("r2")]
    seen = (
        *observe_text("r1", "stdout", "accuracy: 0.81\n"),
        *observe_text("r2", "stdout", "accuracy: 0.3\nF1: 0.5\n"),
    )
    first, second = verdicts(claims, seen, runs, {"r1": (name,), "r2": ()})
    assert (first.outcome, first.observed) == ("reproduced", pytest.approx(81.0))
    assert second.outcome == "reproduced"
    first, second = verdicts(claims, seen, runs, {"r1": ("Table 2",), "r2": ()})
    assert first.outcome == "worse"
    assert second.outcome == "not_observed"
    assert "the authors declare" in second.rule


def test_a_spread_that_excludes_nothing_holds_no_claim() -> None:
    wide = _claim(value=81.0, printed="81.0 ± 30", unit="percent", std=30.0, n=2)
    (verdict,) = _judge([wide], "accuracy: 0.05\n")
    assert (verdict.outcome, verdict.holds) == ("inconclusive", None)
    assert "excludes next to nothing" in verdict.rule
    reward = _claim("perplexity", 40.0, "40.0 ± 9", std=9.0, n=3)
    assert _judge([reward], "perplexity: 60\n")[0].outcome == "inconclusive"
    assert _judge([reward], "perplexity: 400\n")[0].outcome == "worse"
    usual = _claim(value=81.0, printed="81.0 ± 3", unit="percent", std=3.0, n=5)
    assert _judge([usual], "accuracy: 0.75\n")[0].outcome == "reproduced"


def test_the_mean_of_runs_is_named_only_where_they_differ() -> None:
    runs = [_run("r1"), _run("r2")]
    same = (*observe_text("r1", "stdout", "accuracy: 0.81\n"), *observe_text("r2", "stdout", "accuracy: 0.81\n"))
    assert "mean" not in verdicts(Claims(items=(_claim(),)), same, runs)[0].rule
    other = (*same[:1], *observe_text("r2", "stdout", "accuracy: 0.82\n"))
    assert "the mean of 2 runs' values" in verdicts(Claims(items=(_claim(),)), other, runs)[0].rule


def test_every_claim_has_a_verdict_in_order() -> None:
    claims = [_claim(id=f"C{i}") for i in range(1, 4)]
    assert [v.claim for v in _judge(claims, "")] == ["C1", "C2", "C3"]
