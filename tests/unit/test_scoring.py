"""Findings become grades; every threshold comes from the checklist's file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from auditor.checks import all_checks
from auditor.errors import BadInput
from auditor.findings import Finding, Status
from auditor.scoring.checklists import available, load, read
from auditor.scoring.model import Checklist
from auditor.scoring.score import combine, score

PASS, PARTIAL, FAIL, UNKNOWN, NA = Status.PASS, Status.PARTIAL, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE


def checklist(**grading: object) -> Checklist:
    items = [
        {"id": "r.one", "number": "1", "text": "one", "checks": ["a.one"], "weight": 3, "answered_by": ["repository"]},
        {"id": "r.two", "number": "2", "text": "two", "checks": ["a.two"], "weight": 1, "answered_by": ["repository"]},
        {"id": "r.you", "number": "3", "text": "human", "answered_by": ["human"], "weight": 9},
    ]
    outcome = [{"id": "o.ran", "number": "4", "text": "ran", "checks": ["b.ran"], "answered_by": ["rerun"]}]
    base: dict[str, object] = {
        "letters": {"A": 85, "B": 70, "C": 55, "D": 40, "E": 25, "F": 0},
        "readiness_weight": 0.25,
        "outcome_weight": 0.75,
    }
    return Checklist.model_validate(
        {
            "name": "test", "title": "Test", "version": "1", "source": "none", "about": "none",
            "parts": [
                {"id": "r", "title": "R", "score": "readiness", "items": items},
                {"id": "o", "title": "O", "score": "outcome", "items": outcome},
            ],
            "grading": base | grading,
        }
    )  # fmt: skip


def findings(remedy: str | None = "Do it.", **statuses: Status) -> list[Finding]:
    return [
        Finding(check=name.replace("_", "."), status=status, sentence="Said.", remedy=remedy)
        for name, status in statuses.items()
    ]


def test_a_score_is_over_what_was_answered_with_its_coverage() -> None:
    card = score(checklist(), findings(a_one=PASS, a_two=UNKNOWN), executed=False)
    assert card.readiness.value == 100
    assert card.readiness.coverage == 0.75
    assert card.outcome.value is None
    assert card.letter == "A"
    assert card.grade == "A (provisional)"


def test_what_only_a_human_can_judge_counts_for_nothing() -> None:
    card = score(checklist(), findings(a_one=PASS, a_two=PASS), executed=False)
    assert card.readiness.coverage == 1
    assert [item.human for item in card.items] == [False, False, True, False]


def test_the_outcome_weighs_more_where_both_exist() -> None:
    card = score(checklist(), findings(a_one=PASS, a_two=PASS, b_ran=FAIL), executed=True)
    assert card.total == 25
    assert card.letter == "E"
    assert not card.provisional


def test_not_applicable_leaves_the_weight_out() -> None:
    card = score(checklist(), findings(a_one=NA, a_two=FAIL), executed=False)
    assert card.readiness.value == 0
    assert card.readiness.coverage == 1


def test_less_than_half_of_the_weight_is_incomplete_and_has_no_letter() -> None:
    part = score(checklist(), findings(a_two=PASS), executed=False)
    assert part.incomplete
    assert part.readiness.value == 100
    assert part.grade == "none (incomplete, provisional)"
    empty = score(checklist(), [], executed=False)
    assert empty.letter is None
    assert empty.grade == "none (incomplete, provisional)"


def test_a_cap_holds_the_letter_down_and_is_named() -> None:
    caps = [
        {"check": "b.ran", "status": ["fail"], "at_most": "D", "because": "It failed"},
        {"check": "a.two", "status": ["fail", "partial"], "at_most": "F", "because": "Nothing there"},
    ]
    card = score(checklist(caps=caps), findings(a_one=PASS, a_two=PARTIAL), executed=False)
    assert (card.uncapped, card.letter) == ("A", "F")
    assert [cap.because for cap in card.caps] == ["Nothing there"]


def test_a_cap_to_the_lowest_letter_holds_where_too_little_was_answered_for_another() -> None:
    cap = {"check": "a.two", "status": ["fail"], "at_most": "F", "because": "Nothing there"}
    card = score(checklist(caps=[cap]), findings(a_two=FAIL), executed=False)
    assert (card.incomplete, card.letter, card.grade) == (True, "F", "F (incomplete, provisional)")
    assert score(checklist(caps=[cap | {"at_most": "D"}]), findings(a_two=FAIL), executed=False).letter is None


def test_a_cap_may_hold_only_where_the_code_was_run() -> None:
    caps = [{"check": "b.ran", "status": ["unknown"], "at_most": "B", "because": "x", "after_rerun": True}]
    answers = findings(a_one=PASS, a_two=PASS, b_ran=UNKNOWN)
    assert score(checklist(caps=caps), answers, executed=False).letter == "A"
    assert score(checklist(caps=caps), answers, executed=True).letter == "B"


def test_a_cap_never_raises_a_letter() -> None:
    caps = [{"check": "a.two", "status": ["fail"], "at_most": "B", "because": "x"}]
    assert score(checklist(caps=caps), findings(a_one=FAIL, a_two=FAIL), executed=False).letter == "F"


@pytest.mark.parametrize(
    ("statuses", "all_of", "any_of"),
    [
        ([PASS, PASS], PASS, PASS),
        ([PASS, PARTIAL], PARTIAL, PASS),
        ([PASS, FAIL], FAIL, PASS),
        ([PASS, UNKNOWN], UNKNOWN, PASS),
        ([FAIL, UNKNOWN], FAIL, UNKNOWN),
        ([PARTIAL, UNKNOWN], UNKNOWN, UNKNOWN),
        ([PASS, NA], PASS, PASS),
        ([NA, NA], NA, NA),
        ([UNKNOWN, NA], UNKNOWN, UNKNOWN),
    ],
)
def test_several_checks_answer_an_item(statuses: list[Status], all_of: Status, any_of: Status) -> None:
    assert combine(statuses, any=False) is all_of
    assert combine(statuses, any=True) is any_of


def test_improvements_come_in_order_of_what_they_give() -> None:
    card = score(checklist(), findings(a_one=FAIL, a_two=FAIL), executed=False)
    assert [(step.item, step.gain, step.letter) for step in card.improvements] == [
        ("r.one", 75.0, "B"),
        ("r.two", 25.0, "E"),
    ]
    assert score(checklist(), findings(remedy=None, a_one=FAIL), executed=False).improvements == ()


def test_no_gain_is_promised_where_hardly_anything_was_answered() -> None:
    default = load("default")
    unread = [Finding(check="paper.text_readable", status=FAIL, sentence="A scan.", remedy="Hand in the text.")]
    assert [step.gain for step in score(default, unread, executed=False).improvements] == [None]


@pytest.mark.parametrize(("confidence", "advised"), [(0.49, False), (0.5, True), ("rule", True)])
def test_what_most_readers_would_deny_is_no_advice(confidence: float | Literal["rule"], advised: bool) -> None:
    found = [each.model_copy(update={"confidence": confidence}) for each in findings(a_one=FAIL)]
    assert bool(score(checklist(), found, executed=False).improvements) is advised


def test_an_item_may_read_a_level_in_its_own_way() -> None:
    shipped = load("ml-code-completeness")
    prose = [Finding(check="dependencies.declared", status=PARTIAL, level="prose", sentence="Named.")]
    card = score(shipped, prose, executed=False)
    assert next(item for item in card.items if item.item == "pwc.1").status is PASS


@pytest.mark.parametrize("name", available())
def test_every_check_of_a_shipped_checklist_exists(name: str) -> None:
    assert set(load(name).checks) <= set(all_checks())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x", "not valid at"),
        ("{", "cannot be read"),
        ("- a", "not valid"),
    ],
)
def test_a_checklist_that_is_wrong_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match=said):
        read(path)


def test_an_unknown_checklist_names_those_there_are() -> None:
    with pytest.raises(BadInput, match="ml-code-completeness"):
        load("none")


def charged(other: Status, asked: str = "a.one") -> float | None:
    """The score where `a.two` fails for a cause that the check `asked` finds too, which has this status."""
    both = findings(a_one=other, a_two=FAIL)
    both[1] = both[1].model_copy(update={"counted_in": asked})
    return score(checklist(), both, executed=False).readiness.value


def test_one_cause_is_charged_once() -> None:
    assert charged(FAIL) == charged(FAIL, "a.one") == 0
    assert charged(PARTIAL) == 50
    assert charged(PARTIAL, "not.asked") == 37.5


def test_a_cause_that_the_other_check_does_not_charge_counts_as_it_is() -> None:
    assert charged(PASS) == 75
    assert charged(UNKNOWN) == 0


def test_the_item_that_does_not_count_says_so() -> None:
    both = findings(a_one=FAIL, a_two=FAIL)
    both[1] = both[1].model_copy(update={"counted_in": "a.one"})
    card = score(checklist(), both, executed=False)
    assert [item.status for item in card.items[:2]] == [FAIL, NA]
    assert [step.check for step in card.improvements] == ["a.one"]
