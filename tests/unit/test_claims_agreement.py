"""The checks on agreement: each with a submission that passes and one that does not."""

from pathlib import Path

import pytest

from auditor.checks.agreement import claims_answered, claims_hold, documented_results_hold, numbers_not_constant
from auditor.checks.agreement_documents import code_matches_link, paper_and_readme, paper_consistent
from auditor.checks.agreement_settings import hyperparameters
from auditor.checks.facts import Sources
from auditor.claims.model import Claim, Claims
from auditor.claims.numbers import find_numbers
from auditor.claims.subjects import surroundings
from auditor.findings import Evidence, FileEvidence, PaperEvidence, Status
from auditor.paper.model import CodeLink, Link, Paper
from auditor.repository.inventory import read_repository
from auditor.repository.model import Repository
from auditor.rerun.model import Diagnosis, Plan, Rerun, Run
from auditor.rerun.observations import observe_text
from auditor.rerun.round import Result, settle
from auditor.rerun.run import Kept
from auditor.rerun.verdict import verdicts
from auditor.submission.model import Origin, Submission
from tests.unit.test_claims_collect import _paper, _sentence

DONE = Diagnosis(outcome="reproduced", fault="none", sentence="It ran.")


def _claim(id: str, value: float = 81.0, printed: str = "81.0", **fields: object) -> Claim:
    paper = fields.get("origin", "paper") == "paper"
    evidence: Evidence = PaperEvidence(page=1, excerpt=printed) if paper else FileEvidence(path="README.md", line=1)
    given = {
        "id": id,
        "metric": "accuracy",
        "metric_text": "accuracy",
        "value": value,
        "printed": printed,
        "unit": "percent",
        "where": "Table 1",
        "origin": "paper",
        "method": "Net",
        "evidence": evidence,
    }
    return Claim.model_validate(given | fields)


def _rerun(claims: Claims, text: str, exit_code: int = 0) -> Rerun:
    run = Run(id="r1", command="python train.py", engine="docker", isolation="", exit_code=exit_code, wall_seconds=1)
    seen = observe_text("r1", "stdout", text)
    return Rerun(
        engine="docker",
        plan=Plan(commands=()),
        runs=(run,),
        observations=seen,
        verdicts=verdicts(claims, seen, [run]),
        as_it_is=DONE,
        after_repairs=DONE,
    )


def _repository(folder: Path, **files: str) -> Repository:
    for name, text in files.items():
        (folder / name.replace("_dot_", ".")).write_text(text)
    return read_repository(folder)


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("accuracy: 0.815", Status.PASS),
        ("accuracy: 0.70", Status.FAIL),
        ("accuracy: 0.95", Status.PASS),
        ("", Status.UNKNOWN),
    ],
)
def test_a_contradicted_claim_fails_and_a_better_result_does_not(printed: str, status: Status) -> None:
    claims = Claims(items=(_claim("C1"),))
    finding = claims_hold(claims, _rerun(claims, printed + "\n"))
    assert finding.status is status
    assert (finding.evidence != ()) is (status is not Status.UNKNOWN)


def test_claims_are_answered_in_full_in_part_or_not_at_all() -> None:
    claims = Claims(items=(_claim("C1", own=True), _claim("C2", own=True, metric="f1", metric_text="F1")))
    assert claims_answered(claims, _rerun(claims, "accuracy: 0.7\nF1: 0.2\n")).status is Status.PASS
    assert claims_answered(claims, _rerun(claims, "accuracy: 0.7\n")).status is Status.PARTIAL
    assert claims_answered(claims, _rerun(claims, "done\n")).status is Status.FAIL


def test_results_shown_in_figures_alone_are_said_to_be() -> None:
    caption = _sentence("Figure 2: Test accuracy over the epochs of both models.")
    finding = claims_answered(Claims(items=()), _rerun(Claims(items=()), "done\n"), _paper(caption))
    assert finding.status is Status.UNKNOWN
    assert "shown in figures" in finding.sentence
    assert finding.evidence == (caption.evidence(),)


def test_a_readme_of_toy_results_never_stands_for_the_paper() -> None:
    toys = [_claim(f"C{i}", 10.0 * i, f"{10 * i}.0", origin="readme", method=f"Toy{chr(96 + i)}") for i in range(2, 9)]
    claims = Claims(items=(_claim("C1", metric="f1", metric_text="F1"), *toys))
    rerun = _rerun(claims, "".join(f"Toy{chr(96 + i)}: accuracy {i / 10:.3f}\n" for i in range(2, 9)))
    assert claims_hold(claims, rerun).status is Status.UNKNOWN
    assert claims_answered(claims, rerun).status is Status.FAIL
    assert documented_results_hold(claims, rerun).status is Status.PASS
    settled = settle(Result((Kept(rerun.runs[0], "", ""),), (), rerun.observations), claims)
    assert settled.diagnosis.outcome == "runs_no_claim_to_compare"
    assert "of the paper" in settled.diagnosis.sentence


def test_without_a_paper_the_documented_results_are_the_claims() -> None:
    claims = Claims(items=(_claim("C1", origin="readme"),))
    rerun = _rerun(claims, "accuracy: 0.81\n")
    assert claims_hold(claims, rerun).status is Status.PASS
    assert documented_results_hold(claims, rerun).status is Status.NOT_APPLICABLE
    settled = settle(Result((Kept(rerun.runs[0], "", ""),), (), rerun.observations), claims)
    assert settled.diagnosis.outcome == "reproduced"


def test_a_documented_result_that_the_run_contradicts_fails_its_own_check_alone() -> None:
    claims = Claims(items=(_claim("C1"), _claim("C2", 99.0, "99.0", origin="readme")))
    rerun = _rerun(claims, "accuracy: 0.81\n")
    assert claims_hold(claims, rerun).status is Status.PASS
    assert documented_results_hold(claims, rerun).status is Status.FAIL
    settled = settle(Result((Kept(rerun.runs[0], "", ""),), (), rerun.observations), claims)
    assert settled.diagnosis.outcome == "reproduced"


def test_a_run_that_failed_says_nothing_on_what_it_would_print() -> None:
    claims = Claims(items=(_claim("C1", own=True),))
    assert claims_answered(claims, _rerun(claims, "", exit_code=1)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("acc = evaluate()\nprint('accuracy:', acc)\n", Status.PASS),
        ("# gives 0.8137\nprint('accuracy:', evaluate())\n", Status.PASS),
        ('"""Gives an accuracy of 0.8137."""\nprint("accuracy:", evaluate())\n', Status.PASS),
        ("print('accuracy:', 0.8137)\n", Status.FAIL),
        ("print('accuracy: 0.8137')\n", Status.FAIL),
        ("best = 81.37\nprint('accuracy:', best / 100)\n", Status.FAIL),
        ("assert abs(evaluate() - 0.8137) < 0.01\n", Status.PARTIAL),
        ("print('accuracy:', 0.8137)  # baseline\n", Status.FAIL),
        ("print('target accuracy:', 0.8137)\n", Status.FAIL),
        ("print('the paper has accuracy 0.8137, here', acc)\n", Status.PARTIAL),
    ],
)
def test_a_number_printed_from_a_constant_is_found(tmp_path: Path, source: str, status: Status) -> None:
    repository = _repository(tmp_path, train_dot_py=source)
    claims = Claims(items=())
    finding = numbers_not_constant(_rerun(claims, "accuracy: 0.8137\n"), repository, Sources(repository.sources))
    assert finding.status is status


def test_without_a_number_nothing_can_be_said_on_constants(tmp_path: Path) -> None:
    repository = _repository(tmp_path, train_dot_py="print(1)\n")
    finding = numbers_not_constant(_rerun(Claims(), "done\n"), repository, Sources(repository.sources))
    assert finding.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("readme", "status"),
    [
        ([_claim("C2", origin="readme")], Status.PASS),
        ([_claim("C2", 0.81, "0.81", unit="fraction", origin="readme")], Status.PASS),
        ([_claim("C2", 79.0, "79.0", origin="readme")], Status.FAIL),
        ([_claim("C2", 79.0, "79.0", origin="readme", method="Other")], Status.UNKNOWN),
        ([], Status.UNKNOWN),
    ],
)
def test_paper_and_readme_are_compared_by_names(tmp_path: Path, readme: list[Claim], status: Status) -> None:
    claims = Claims(items=(_claim("C1"), *readme))
    assert paper_and_readme(claims, _paper(), _repository(tmp_path, a_dot_py="x = 1\n")).status is status


def test_exact_match_above_f1_cannot_be() -> None:
    rows = [_claim("C1", 75.2, "75.2", metric="f1"), _claim("C2", 78.1, "78.1", metric="exact_match_accuracy")]
    assert paper_consistent(Claims(items=tuple(rows)), _paper()).status is Status.FAIL
    rows[1] = _claim("C2", 70.1, "70.1", metric="exact_match_accuracy")
    assert paper_consistent(Claims(items=tuple(rows)), _paper()).status is Status.PASS


def test_a_main_number_that_only_nearly_stands_in_a_table_is_doubted() -> None:
    table = _claim("C1", 71.68, "71.68%")
    near = _claim("C2", 71.8, "71.8%", where="text (Conclusion)", headline=True, method=None)
    rounded = _claim("C2", 71.7, "71.7%", where="text (Conclusion)", headline=True, method=None)
    assert paper_consistent(Claims(items=(table, near)), _paper()).status is Status.PARTIAL
    passed = paper_consistent(Claims(items=(_claim("C9"), table, rounded)), _paper())
    assert passed.status is Status.PASS
    assert passed.evidence == (rounded.evidence, table.evidence)  # what was compared, not the first of all numbers


def test_a_method_called_better_with_a_worse_number_is_a_contradiction() -> None:
    first = _sentence("Our method consistently outperforms the baseline.")
    wrong = _sentence("For instance, it achieved a best validation loss of 1.466 compared to the baseline's 1.465.")
    right = _sentence("For instance, it achieved a best validation loss of 1.464 compared to the baseline's 1.465.")
    assert paper_consistent(Claims(), _paper(first, wrong)).status is Status.FAIL
    assert paper_consistent(Claims(), _paper(first, right)).status is Status.PASS


def test_a_paper_that_states_nothing_twice_is_unknown() -> None:
    assert paper_consistent(Claims(items=(_claim("C1"),)), _paper()).status is Status.UNKNOWN


def _linked(url: str | None) -> Paper:
    paper = _paper()
    link = Link(url, 1, "Code: " + url, "text", "body") if url else None
    paper.__dict__["code_link"] = CodeLink(link, "a label") if link else None
    return paper


@pytest.mark.parametrize(
    ("link", "location", "status"),
    [
        ("https://github.com/Foo/bar", "https://github.com/foo/bar.git", Status.PASS),
        ("https://github.com/foo/bar/tree/main/x", "git@github.com:foo/bar.git", Status.PASS),
        ("https://github.com/foo/bar", "https://github.com/foo/other", Status.FAIL),
        ("https://github.com/foo", "https://github.com/foo/other", Status.PARTIAL),
        ("https://github.com/foo/bar", "https://gitlab.com/foo/bar", Status.UNKNOWN),
        ("https://git.io/abc", "https://github.com/foo/bar", Status.UNKNOWN),
        ("https://github.com/foo/bar", "/home/me/bar", Status.UNKNOWN),
        (None, "https://github.com/foo/bar", Status.UNKNOWN),
    ],
)
def test_the_repository_is_compared_with_the_papers_link(link: str | None, location: str, status: Status) -> None:
    origin = Origin(kind="git", location=location)
    submission = Submission("x", Path("/nowhere"), tree_origin=origin)
    assert code_matches_link(_linked(link), submission).status is status


@pytest.mark.parametrize(
    ("default", "status"), [("0.001", Status.PASS), ("0.1", Status.PARTIAL), (None, Status.UNKNOWN)]
)
def test_the_papers_learning_rate_is_looked_up_in_the_code(tmp_path: Path, default: str | None, status: Status) -> None:
    code = f"import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float, default={default})\n"
    repository = _repository(tmp_path, train_dot_py=code if default else "x = 1\n")
    paper = _paper(_sentence("We train with a learning rate of 0.001."))
    assert hyperparameters(paper, Sources(repository.sources), repository).status is status


def test_lists_that_go_respectively_give_each_number_its_own_data() -> None:
    said = "Compared with theirs, Net reduced the test error by 2.88% and 1.81% in MIT-67 and Food-100, respectively."
    data = ["MIT-67", "Food-100"]
    numbers = find_numbers(said)
    assert [surroundings(said, n, tuple(data), ("Net",), frozenset())[0] for n in numbers if n.percent] == data


def test_a_number_whose_data_another_sentence_names_contradicts_nothing() -> None:
    table = _claim("C1", dataset="MNIST", printed="81.0")
    silent = PaperEvidence(page=2, excerpt="Net has an accuracy of 85.0.")
    said = PaperEvidence(page=2, excerpt="On MNIST, Net has an accuracy of 85.0.")
    text = _claim("C2", value=85.0, printed="85.0", dataset="MNIST", where="text (Results)", evidence=silent)
    assert paper_consistent(Claims(items=(table, text)), _paper()).status is Status.UNKNOWN
    named = text.model_copy(update={"evidence": said})
    assert paper_consistent(Claims(items=(table, named)), _paper()).status is Status.PARTIAL


def test_where_nothing_could_be_compared_the_results_that_were_read_are_counted() -> None:
    assert paper_consistent(Claims(), _paper()).sentence.startswith("No result was read")
    found = paper_consistent(Claims(items=(_claim("C1"), _claim("C2", metric="f1"))), _paper())
    assert found.sentence.startswith("2 results were read from the paper, none of them a second time")


def test_a_link_that_cannot_be_compared_needs_no_mending(tmp_path: Path) -> None:
    submission = Submission("s", tmp_path, tree_origin=Origin(kind="folder", location=str(tmp_path)))
    found = code_matches_link(_linked("https://github.com/us/ours"), submission)
    assert (found.status, found.remedy) == (Status.UNKNOWN, None)


def test_a_number_of_the_abstract_is_shown_beside_its_cell() -> None:
    abstract = _sentence("Net has an accuracy of 81.5%.", kind="abstract")
    found = paper_consistent(Claims(items=(_claim("C1", value=81.5, printed="81.5"),)), _paper(abstract))
    assert [one.excerpt for one in found.evidence] == [abstract.text, "81.5"]


def test_the_text_of_a_table_is_not_compared_with_the_table() -> None:
    cell = PaperEvidence(page=1, excerpt="Net | 81.5", box=(0.0, 0.0, 9.0, 9.0))
    claim = _claim("C1", value=81.5, printed="81.5", evidence=cell)
    inside = _sentence("Model accuracy Net 81.5", kind="abstract")
    assert paper_consistent(Claims(items=(claim,)), _paper(inside)).status is Status.UNKNOWN
