"""A number that a run both prints and writes is one observation; two numbers of one name are two."""

from __future__ import annotations

from auditor.claims.model import Claim, Claims
from auditor.findings import PaperEvidence, RunEvidence
from auditor.rerun.duplicates import without_duplicates
from auditor.rerun.model import Observation
from auditor.rerun.observations import observe_file, observe_text
from auditor.rerun.verdict import verdicts


def observation(printed: str, stream: str = "stdout", run: str = "r1", name: str = "accuracy") -> Observation:
    evidence = RunEvidence(run=run, stream=stream, line=1)
    value = float(printed.rstrip("%"))
    return Observation(
        run=run,
        metric="accuracy",
        metric_text=name,
        value=value,
        printed=printed,
        names=(name, "MLP"),
        evidence=evidence,
    )


def printed(*observations: Observation) -> list[str]:
    return [kept.printed for kept in without_duplicates(observations)]


def test_of_a_rounded_and_an_exact_account_the_exact_one_is_kept() -> None:
    assert printed(observation("0.943"), observation("0.94253", "results.json")) == ["0.94253"]
    assert printed(observation("0.94253", "results.json"), observation("0.943")) == ["0.94253"]


def test_percent_and_fraction_of_a_bounded_metric_are_the_same_number() -> None:
    assert printed(observation("94.3%"), observation("0.94253", "results.json")) == ["0.94253"]


def test_numbers_that_differ_by_more_than_rounding_both_stay() -> None:
    assert printed(observation("0.943"), observation("0.951", "results.json")) == ["0.943", "0.951"]


def test_numbers_of_two_runs_both_stay() -> None:
    assert printed(observation("0.943"), observation("0.943", run="r2")) == ["0.943", "0.943"]


def test_numbers_under_other_names_both_stay() -> None:
    assert printed(observation("0.943"), observation("0.943", "results.json", name="accuracy_std")) == [
        "0.943",
        "0.943",
    ]


def test_a_claim_is_answered_by_a_number_that_was_printed_and_written() -> None:
    text = "Logistic regression: accuracy 0.9287\nMLP: accuracy 0.9282\n"
    written = b'{"Logistic regression": {"accuracy": 0.92873, "accuracy_std": 0.0083}, "MLP": {"accuracy": 0.92823}}'
    claim = Claim(
        id="C1", metric="accuracy", metric_text="Accuracy (%)", value=92.8, printed="92.8", method="MLP",
        unit="percent", where="Table 1", origin="paper", evidence=PaperEvidence(page=1, excerpt=""),
    )  # fmt: skip
    rival = claim.model_copy(update={"id": "C2", "value": 92.9, "printed": "92.9", "method": "Logistic regression"})
    seen = (*observe_text("r1", "stdout", text), *observe_file("r1", "results.json", written))
    found = verdicts(Claims(items=(claim, rival)), seen, ())
    assert [verdict.outcome for verdict in found] == ["reproduced", "reproduced"]
    assert found[0].observed == 92.823
