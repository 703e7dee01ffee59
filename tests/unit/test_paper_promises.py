"""Checklists in their layouts, reproducibility statements, and whether the paper holds what they promise."""

from __future__ import annotations

import pytest

from auditor.findings import Status
from auditor.paper.model import Paper
from tests.unit.paper_pages import FILLER
from tests.unit.test_paper_checks import experiment, finding

QUESTIONS = (
    "Question: Does the paper discuss the limitations of the work performed by the authors? Answer: [Yes] "
    "Justification: See Section 6. Guidelines: • The answer NA means that the paper has no limitation while the answer "
    "No means that the paper has limitations, but those are not discussed in the paper. "
    "Question: Does the paper report error bars suitably and correctly defined or other appropriate information about "
    "the statistical significance of the experiments? Answer: [No] Justification: It costs too much. "
    "Guidelines: • The answer NA means that the paper does not include experiments. "
    "Question: Does the paper provide open access to the data and code, with sufficient instructions? Answer: [TODO] "
    "Justification: [TODO] Guidelines: • The answer NA means nothing."
)
LETTERED = (
    "1. For all authors... (a) Do the main claims made in the abstract and introduction accurately reflect the paper's "
    "contributions and scope? [Yes] (b) Did you describe the limitations of your work? [Yes] See Section 5. "
    "(c) Did you discuss any potential negative societal impacts of your work? [N/A] 3. If you ran experiments... "
    "(a) Did you include the code, data, and instructions needed to reproduce the main experimental results (either in "
    "the supplemental material or as a URL)? [No] The code is proprietary."
)
TICKED = (
    "A For every submission: ✓ A1. Did you describe the limitations of your work? Section 7. "
    "✗ A2. Did you discuss any potential risks of your work? Left blank. "
    "C ✓ Did you run computational experiments? Section 4. ✓ C1. Did you report the number of parameters in the models "
    "used, the total computational budget (e.g., GPU hours), and computing infrastructure used? Appendix B. "
    "□ C3. Did you report descriptive statistics about your results (e.g., error bars around results)? No response."
)
OPTIONED = (
    "1. General 1.1. Includes a conceptual outline and/or pseudocode description of AI methods introduced "
    "(yes/partial/no/NA) yes 4.7. This paper states the number of algorithm runs used to compute each reported result "
    "(yes/no) no 4.3. This paper lists all final (hyper-)parameters used for each model (yes/partial/no/NA) Type your "
    "response here"
)
BRACKETED = (
    "This paper: Includes a conceptual outline and/or pseudocode description of AI methods introduced (yes). All "
    "source code required for conducting and analyzing the experiments is included in a code appendix (no)."
)


def with_checklist(text: str, sentence: str = "", title: str = "NeurIPS Paper Checklist") -> Paper:
    return experiment(sentence, ("References", "[1] A. Author. A title. 2019."), (title, text))


@pytest.mark.parametrize(
    ("text", "title", "answers"),
    [
        (
            QUESTIONS,
            "NeurIPS Paper Checklist",
            {"limitations_section": "yes", "error_bars_or_std_reported": "no", "code_statement": "open"},
        ),
        (
            LETTERED,
            "Checklist",
            {
                None: "yes",
                "limitations_section": "yes",
                "broader_impact_section": "not_applicable",
                "code_statement": "no",
            },
        ),
        (
            TICKED,
            "ACL 2023 Responsible NLP Checklist",
            {
                "limitations_section": "yes",
                "broader_impact_section": "no",
                "compute_hardware_stated": "yes",
                "error_bars_or_std_reported": "open",
            },
        ),
        (
            OPTIONED,
            "Reproducibility Checklist",
            {"pseudocode_or_algorithm": "yes", "seeds_or_runs_stated": "no", "hyperparameters_stated": "open"},
        ),
        (BRACKETED, "Reproducibility Checklist", {"pseudocode_or_algorithm": "yes", "code_statement": "no"}),
    ],
)
def test_each_layout_gives_its_answers(text: str, title: str, answers: dict[str | None, str]) -> None:
    found = with_checklist(text, title=title).promises
    assert {promise.item: promise.answer for promise in found} == answers
    assert all(promise.page and promise.source == "checklist" for promise in found)


def test_an_answer_comes_with_its_justification_and_not_with_the_guidelines() -> None:
    limits, bars, _ = with_checklist(QUESTIONS).promises
    assert limits.question.startswith("Does the paper discuss the limitations")
    assert limits.justification == "See Section 6."
    assert bars.justification == "It costs too much."
    lettered = with_checklist(LETTERED, title="Checklist").promises
    assert [promise.justification for promise in lettered] == ["", "See Section 5.", "", "The code is proprietary."]


def test_the_items_of_a_checklist_are_no_sections_of_the_paper() -> None:
    parts = (("1. Claims", FILLER), ("2. Limitations", QUESTIONS), ("3. Broader Impacts", FILLER))
    paper = experiment("", ("References", "[1] A. Author. A title. 2019."), ("NeurIPS Paper Checklist", FILLER), *parts)
    assert {section.kind for section in paper.sections[-3:]} == {"checklist"}
    assert paper.statements["limitations_section"].answer == "not_found"
    assert not [sentence for sentence in paper.sentences if "Question" in sentence.text]


def test_an_appendix_after_the_checklist_is_none_of_it() -> None:
    paper = experiment("", ("Checklist", LETTERED), ("A Proofs of the theorems", FILLER))
    assert [section.kind for section in paper.sections[-2:]] == ["checklist", "appendix"]


def test_a_promise_that_the_paper_keeps_passes_and_one_that_it_never_speaks_of_is_partial() -> None:
    kept = with_checklist(QUESTIONS, "A limitation of our method is that it needs labels.")
    broken = finding("promises_kept", with_checklist(QUESTIONS))
    assert finding("promises_kept", kept).status is not Status.PARTIAL
    assert broken.status is Status.PARTIAL
    assert "limitations" in broken.sentence
    assert broken.evidence


def test_a_promise_that_the_paper_denies_fails() -> None:
    text = (
        "Question: Does the paper report the number of algorithm runs? Answer: [Yes] Justification: Yes. "
        "Guidelines: • None. "
    )
    denied = finding("promises_kept", with_checklist(text, "We did not fix the random seed."))
    assert denied.status is Status.FAIL
    assert len(denied.evidence) == 2


def test_what_a_supplement_holds_and_an_honest_no_are_not_held_against_the_paper() -> None:
    away = QUESTIONS.replace("See Section 6.", "See the supplementary material.")
    assert finding("promises_kept", with_checklist(away)).status is Status.UNKNOWN
    honest = QUESTIONS.replace("[Yes]", "[No]")
    assert finding("promises_kept", with_checklist(honest)).status is Status.UNKNOWN


def test_an_unfilled_template_promises_nothing() -> None:
    paper = with_checklist(QUESTIONS.replace("[Yes]", "[TODO]").replace("[No]", "[TODO]"))
    assert {promise.answer for promise in paper.promises} == {"open"}
    assert finding("promises_kept", paper).status is Status.UNKNOWN


def test_a_reproducibility_statement_is_read_as_promises() -> None:
    long = ("4 Discussion", FILLER * 20)
    paper = experiment(
        "", long, ("Reproducibility Statement", "The source code is given online. Proofs are in Appendix B.")
    )
    assert [(promise.item, promise.answer) for promise in paper.promises] == [
        ("code_statement", "yes"),
        ("proofs", "yes"),
    ]
    assert all(promise.source == "statement" for promise in paper.promises)


def test_without_checklist_and_statement_there_is_nothing_to_keep() -> None:
    assert finding("promises_kept", experiment()).status is Status.NOT_APPLICABLE
