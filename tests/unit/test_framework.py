"""How checks get their evidence, and how their faults stay their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from auditor.checks import framework
from auditor.checks.framework import Absent, Check, Facts, all_checks, check, document, fact, run_checks
from auditor.errors import MachineFault, Unreadable
from auditor.findings import Finding, PaperEvidence, Status

DOC = """Question.

Why: because.

How: so.

Sources: none.
"""


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Double:
    value: int


@pytest.fixture(autouse=True)
def registries() -> Iterator[None]:
    """Each test registers into copies."""
    all_checks()  # what the program registers when it first loads its checks is there before, and stays
    checks, facts = dict(framework._checks), dict(framework._facts)
    yield
    framework._checks.clear()
    framework._checks.update(checks)
    framework._facts.clear()
    framework._facts.update(facts)


def made(function: object, id: str = "test.check") -> Check:
    function.__doc__ = DOC  # type: ignore[attr-defined]
    check(id)(function)  # type: ignore[arg-type]
    return framework._checks[id]


def passed() -> Finding:
    return Finding(check="test.check", status=Status.PASS, sentence="Fine.")


def test_a_check_gets_facts_by_type_each_computed_once() -> None:
    computed = []

    def double(number: Number) -> Double:
        computed.append(number)
        return Double(2 * number.value)

    fact(double)

    def one(double: Double, number: Number) -> Finding:
        return Finding(check="test.check", status=Status.PASS, sentence=f"{double.value} {number.value}")

    facts = Facts([Number(4)])
    declared = made(one)
    assert facts.run(declared).sentence == "8 4"
    assert facts.run(declared).sentence == "8 4"
    assert len(computed) == 1


def test_absent_evidence_is_unknown_with_the_reason() -> None:
    def needs(number: Number) -> Finding:
        return passed()

    finding = Facts([], {Number: "no number was handed in"}).run(made(needs))
    assert finding.status is Status.UNKNOWN
    assert finding.sentence == "Not looked at: no number was handed in."


def test_absence_reaches_through_facts_and_optional_evidence_is_none() -> None:
    def double(number: Number) -> Double:
        return Double(0)

    fact(double)

    def may(double: Double | None) -> Finding:
        return Finding(check="test.check", status=Status.PASS, sentence=str(double))

    assert Facts([], {Number: "gone"}).run(made(may)).sentence == "None"


def test_a_fault_inside_a_check_is_unknown_and_the_auditors() -> None:
    def broken(number: Number) -> Finding:
        raise ZeroDivisionError("oops")

    finding = Facts([Number(1)]).run(made(broken))
    assert finding.status is Status.UNKNOWN
    assert "auditor's fault" in finding.sentence
    assert "test_framework.py" in finding.sentence


def test_a_part_that_cannot_be_read_is_unknown_with_its_sentence() -> None:
    def double(number: Number) -> Double:
        raise Unreadable("The file is damaged.")

    fact(double)

    def one(double: Double) -> Finding:
        return passed()

    declared = made(one)
    facts = Facts([Number(1)])
    assert facts.run(declared).sentence == facts.run(declared).sentence == "The file is damaged."


def test_a_check_that_nobody_provides_is_unknown() -> None:
    (finding,) = run_checks(Facts([]), ["nobody.knows"])
    assert finding.status is Status.UNKNOWN


def test_a_docstring_without_its_parts_is_refused() -> None:
    with pytest.raises(MachineFault, match="'How:'"):
        document("x.y", "Question.\n\nWhy: a.\n\nSources: b.")


def test_two_checks_of_one_id_are_refused() -> None:
    def one(number: Number) -> Finding:
        return passed()

    made(one)

    def two(number: Number) -> Finding:
        return passed()

    two.__module__ = "elsewhere"
    with pytest.raises(MachineFault, match="Two checks"):
        made(two)


def test_an_absent_raised_by_a_provider_says_why() -> None:
    def double(number: Number) -> Double:
        raise Absent("it is a scan")

    fact(double)

    def one(double: Double) -> Finding:
        return passed()

    assert Facts([Number(1)]).run(made(one)).sentence == "Not looked at: it is a scan."


def test_every_shipped_check_is_documented_and_its_facts_have_providers() -> None:
    from auditor.claims.model import Claims
    from auditor.paper.model import Paper
    from auditor.repository.model import Repository
    from auditor.rerun.model import Rerun
    from auditor.submission.model import Submission

    given = {Claims, Paper, Repository, Rerun, Submission}
    for declared in all_checks().values():
        assert declared.documentation.question.endswith((".", "?")), declared.id
        for kind, _ in declared.needs.values():
            assert kind in given or kind in framework._facts, f"{declared.id} needs {kind}"


@dataclass(frozen=True)
class Torn:
    unread: str = "Page 3 is damaged and was left out."


@pytest.mark.parametrize("status", [Status.FAIL, Status.NOT_APPLICABLE, Status.PASS])
def test_what_was_not_found_in_evidence_that_was_read_in_part_is_unknown(status: Status) -> None:
    def looks(torn: Torn) -> Finding:
        return Finding(check="test.check", status=status, sentence="Nothing there.", remedy="Add it.")

    finding = Facts([Torn()]).run(made(looks))
    assert finding.status is Status.UNKNOWN
    assert "Page 3 is damaged" in finding.sentence
    assert Facts([Torn("")]).run(framework._checks["test.check"]).status is status


def test_what_was_found_in_evidence_that_was_read_in_part_stands() -> None:
    def finds(torn: Torn) -> Finding:
        seen = (PaperEvidence(page=1, excerpt="The seed is 0."),)
        return Finding(check="test.check", status=Status.PASS, sentence="There.", evidence=seen)

    assert Facts([Torn()]).run(made(finds)).status is Status.PASS


def test_a_package_of_checks_that_cannot_be_loaded_costs_its_own_checks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        value = "somebody.elses"

        def load(self) -> None:
            raise ImportError("no such thing")

    all_checks.cache_clear()
    monkeypatch.setattr(framework, "entry_points", lambda group: [Broken()])
    with pytest.warns(UserWarning, match="somebody.elses"):
        assert "code.present" in all_checks()
    all_checks.cache_clear()
