"""Sections and sentences, as a person would tell them."""

from __future__ import annotations

import pytest

from auditor.paper.model import Line
from auditor.paper.prose import Passage, joined, split_sentences
from auditor.paper.structure import sections, sentences
from tests.unit.paper_pages import FILLER, paper_of


def kinds(*parts: tuple[str, str]) -> dict[str, str]:
    return {section.title: section.kind for section in paper_of(*parts).sections if section.title}


def test_sections_have_their_kinds_and_what_follows_the_references_is_appendix() -> None:
    found = kinds(
        ("Abstract", FILLER),
        ("1 Introduction", FILLER),
        ("2 Experiments", FILLER),
        ("2.1 Setup", FILLER),
        ("3 Limitations and Future Work", FILLER),
        ("Broader Impact", FILLER),
        ("Acknowledgments", FILLER),
        ("References", FILLER),
        ("A Proof of the Theorem", FILLER),
        ("NeurIPS Paper Checklist", FILLER),
    )
    assert found == {
        "Abstract": "abstract",
        "Introduction": "body",
        "Experiments": "body",
        "Setup": "body",
        "Limitations and Future Work": "limitations",
        "Broader Impact": "impact",
        "Acknowledgments": "acknowledgements",
        "References": "references",
        "Proof of the Theorem": "appendix",
        "NeurIPS Paper Checklist": "checklist",
    }


def test_a_number_out_of_sequence_heads_no_section() -> None:
    found = kinds(("1 Introduction", FILLER), ("94 Accuracy", FILLER), ("2 Method", FILLER), ("3 Results", FILLER))
    assert list(found) == ["Introduction", "Method", "Results"]


def test_a_run_in_heading_begins_a_section_on_its_own_line() -> None:
    paper = paper_of(("1 Introduction", FILLER), ("", "Broader Impact: Nobody was harmed by this work so far."))
    last = paper.sections[-1]
    assert last.kind == "impact"
    assert paper.lines[last.first].text.startswith("Broader Impact: Nobody")


def test_roman_numbers_and_letters_in_plain_type_head_sections() -> None:
    texts = [
        "I. Introduction",
        "The text of it is here.",
        "II. Method",
        "Some text on it.",
        "A. Data",
        "More text.",
        "III. Results",
    ]
    lines = [Line(1, text, (50, 80 + 12 * n, 50 + 5 * len(text), 90 + 12 * n), 10) for n, text in enumerate(texts)]
    found = [(section.number, section.title, section.kind) for section in sections(lines) if section.title]
    assert found == [
        ("I", "Introduction", "body"),
        ("II", "Method", "body"),
        ("A", "Data", "body"),
        ("III", "Results", "body"),
    ]


def test_references_and_an_unfilled_checklist_give_no_sentence() -> None:
    paper = paper_of(
        ("1 Introduction", "We study counting."),
        ("References", "A. Author. Seeds were fixed. 2019."),
        ("NeurIPS Paper Checklist", "Did you report error bars? Answer: [TODO]"),
    )
    assert [sentence.text for sentence in paper.sentences][1:] == ["We study counting."]


def test_a_templates_instructions_give_no_sentence() -> None:
    told = "Papers must be in 10 point type. The camera-ready copy must use the style file. Authors must keep margins."
    paper = paper_of(
        ("1 Introduction", "We study counting."), ("2 Format of the Paper", told), ("3 Method", "We count.")
    )
    assert [s.text for s in paper.sentences if s.section] == ["We study counting.", "We count."]
    lines = [Line(1, "Formatting Instructions for Some Conference", (0, 50, 300, 67), 17, True), *paper.lines[1:]]
    assert sentences(lines, sections(lines)) == ()


def test_a_sentence_goes_on_over_a_page_break_and_a_footnote() -> None:
    def line(page: int, top: float, text: str, size: float = 10) -> Line:
        return Line(page, text, (108, top, 500, top + size), size)

    lines = [
        line(1, 600, "The models were trained on the four machines that are listed in the"),
        line(1, 612, "appendix, and each of them took about twenty minutes in all to"),
        line(1, 700, "¹The machines were lent.", 8),
        line(2, 72, "train for ten epochs of the data. Another sentence follows."),
    ]
    texts = [sentence.text for sentence in sentences(lines, sections(lines))]
    assert any("in all to train for ten epochs of the data." in text for text in texts)
    assert "¹The machines were lent." in texts


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("the net-", "work learns", "the network learns"),
        ("a state-of-the-", "art result", "a state-of-the-art result"),
        ("see https://github.com/", "someone/thing for it", "see https://github.com/someone/thing for it"),
        ("see https://github.com/a/my-", "code now", "see https://github.com/a/my-code now"),
        ("at https://example.org/a.", "Then we", "at https://example.org/a. Then we"),
        ("end of", "line", "end of line"),
    ],
)
def test_lines_are_joined_over_hyphens_and_broken_addresses(left: str, right: str, whole: str) -> None:
    kept, gap = joined(left, right, frozenset({"network", "code"}))
    assert kept + gap + right == whole


def test_sentences_end_at_stops_but_not_at_abbreviations_initials_or_decimals() -> None:
    text = "See Fig. 3 and e.g. Smith et al. (2019), i.e. K. W. Broman. It took 3.5 days. Did it work? Yes [1]. ²Next."
    assert [text[a:b].strip() for a, b in split_sentences(text)] == [
        "See Fig. 3 and e.g. Smith et al. (2019), i.e. K. W. Broman.",
        "It took 3.5 days.",
        "Did it work?",
        "Yes [1].",
        "²Next.",
    ]


def test_the_box_of_a_sentence_that_goes_on_in_the_next_column_stays_in_its_own() -> None:
    passage = Passage()
    passage.add(Line(1, "It begins at the foot of the left column and", (54, 700, 290, 712), 10.0), frozenset())
    passage.add(Line(1, "ends at the head of the right one.", (316, 72, 550, 84), 10.0), frozenset())
    assert passage.place(0, len(passage.text)) == (1, (54, 700, 290, 712))


def test_references_are_found_although_sections_before_them_were_not_read() -> None:
    lines = [
        Line(1, text, (54, 40 * n, 300, 40 * n + 12), 12.0, True)
        for n, text in enumerate(("1 Introduction", "2 Method"), 1)
    ]
    lines += [Line(1, FILLER[:80], (54, 200 + 12 * n, 300, 210 + 12 * n), 10.0) for n in range(9)]
    lines += [Line(3, "8. References", (54, 72, 120, 84), 12.0, True)]
    lines += [Line(3, "[1] A. Author, a book.", (54, 90, 300, 100), 10.0)]
    assert sections(tuple(lines))[-1].kind == "references"
