"""`auditor explain`: every check by topic, or one in full, from its docstring."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from auditor.checks import framework
from auditor.checks.framework import Check, Documentation
from auditor.errors import BadInput
from auditor.findings import Finding, Status
from auditor.report import explain
from auditor.report.html import render_html
from auditor.scoring.calibration import Model
from auditor.scoring.checklists import load
from tests.fixtures.report_sample import sample_audit


@pytest.fixture(autouse=True)
def two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> Finding:
        return Finding(check="code.present", status=Status.PASS, sentence="")

    def made(id: str, question: str) -> Check:
        return Check(id, nothing, {}, Documentation(question, "Because it matters.", "Do it.", "A standard, item 5."))

    checks = {
        "code.present": made("code.present", "The repository holds the authors' own code."),
        "randomness.seeded": made("randomness.seeded", "Every generator that draws is seeded. " * 5),
    }
    for module in (explain, framework):
        monkeypatch.setattr(module, "all_checks", lambda: checks)
    monkeypatch.setattr("auditor.report.summary.all_checks", lambda: checks)


def test_all_checks_are_listed_by_topic_with_their_questions() -> None:
    text = explain.explain_all()
    assert text.index("Code\n") < text.index("  code.present") < text.index("Randomness\n")
    assert "The repository holds the authors' own code." in text
    assert max(map(len, text.splitlines())) <= 100


def test_one_check_is_explained_in_full() -> None:
    text = explain.explain_one("code.present")
    for title in ("Passes when", "Why it matters", "How to satisfy it", "Sources"):
        assert f"\n{title}\n  " in text
    assert "A standard, item 5." in text


def test_a_misspelt_check_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(BadInput, match=r"no check and no item .code\.presnt.; did you mean code\.present\?"):
        explain.explain_one("code.presnt")
    with pytest.raises(BadInput, match=r"did you mean randomness\.seeded"):
        explain.explain_one("randomness")
    with pytest.raises(BadInput, match=r"did you mean randomness\.seeded"):
        explain.explain_one("seed")
    for far in ("zzz", "nonsense", "random"[::-1]):
        with pytest.raises(BadInput, match="auditor explain lists all checks"):
            explain.explain_one(far)


class Described:
    """The leakage of a program. And more."""


@dataclass
class Undescribed:
    x: int


def test_what_a_check_looks_at_is_said_in_words_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    check = framework.all_checks()["code.present"]
    needs = {"a": (Described, False), "b": (Undescribed, False), "c": (Described, True)}
    assert (
        explain._needs(replace(check, needs=needs)) == "The leakage of a program. The leakage of a program (if there)."
    )
    silent = replace(check, needs={"b": (Undescribed, False)})
    monkeypatch.setattr(explain, "all_checks", lambda: {"code.present": silent})
    assert "Looks at" not in explain.explain_one("code.present")


def test_the_report_shows_how_each_finding_was_checked() -> None:
    html = render_html(sample_audit())
    assert html.count("How this is checked") == 2
    assert "A standard, item 5." in html


def test_an_item_of_the_checklist_is_explained_by_its_number_or_id_with_the_checks_that_answer_it() -> None:
    text = explain.explain_one("a12")
    assert text == explain.explain_one("artifact.determinism")
    assert text.startswith("A12  artifact.determinism\n\n  Something beyond seeds")
    assert "randomness.determinism" in text


def test_an_item_that_only_a_human_can_judge_says_so() -> None:
    item = next(item for item in load("default").items if not item.checks)
    assert explain.explain_one(item.number).endswith("A human judges it.")


def test_a_check_whose_confidence_was_measured_says_on_what() -> None:
    text = explain._measured(Model.model_validate({
        "ticks": ("1",), "intercept": 0, "weights": {}, "n": 40, "base": 0.75, "brier": 0.12, "brier_of_base": 0.19,
        "reliability": [{"mean": 0.2, "ticked": 0.25, "n": 20}, {"mean": 0.9, "ticked": 0.95, "n": 20}],
    }))  # fmt: skip
    assert text.startswith("Measured on 40 answers of human readers, of which 75 % were yes.")
    assert "25 % where it gave 20 %, 95 % where it gave 90 %" in text
    assert "was not measured" in explain.explain_one("code.present")
