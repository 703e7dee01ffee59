"""Links, and which of them leads to the authors' own code."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.paper.links import find_links, urls
from auditor.paper.model import Link, Paper
from auditor.paper.own_address import name_in_address
from auditor.paper.reader import read_paper
from tests.unit.paper_pages import FILLER, HEIGHT, Sheet, paper_of


def with_links(*parts: tuple[str, str]) -> Paper:
    paper = paper_of(*parts)
    return Paper(paper.title, paper.pages, find_links(paper, []), ())


def code(sentence: str) -> str | None:
    found = with_links(("1 Introduction", FILLER + sentence)).code_link
    return found.link.url if found else None


@pytest.mark.parametrize(
    "sentence",
    [
        "Our code is available at https://github.com/us/ours.",
        "We release all code at https://github.com/us/ours.",
        "The code we used to train and evaluate our models is available at https://github.com/us/ours .",
        "Source code: https://github.com/us/ours",
        "All programs and scripts can be found in our repository (https://github.com/us/ours).",
        "We build on https://github.com/them/base and release our code at https://github.com/us/ours.",
        "Code to reproduce all experiments is at https://github.com/us/ours.",
        "• Code and paper: https://github.com/us/ours",
    ],
)
def test_a_sentence_that_releases_the_authors_code_gives_the_link(sentence: str) -> None:
    assert code(sentence) == "https://github.com/us/ours"


@pytest.mark.parametrize(
    "sentence",
    [
        "We use the official implementation of the baseline from https://github.com/them/base.",
        "The authors of the original paper provide their code at https://github.com/them/base.",
        "The data set is available at https://github.com/them/data.",
        "Our code is not available at https://github.com/us/ours yet.",
        "The code will be released at https://github.com/anonymous upon acceptance.",
        "The model of Smith et al. was implemented with https://github.com/pytorch/pytorch.",
    ],
)
def test_other_peoples_code_data_denials_and_placeholders_are_not_it(sentence: str) -> None:
    assert code(sentence) is None


def test_a_footnote_hangs_on_the_sentence_that_carries_its_mark() -> None:
    paper = with_links(
        ("1 Introduction", "We use the framework of others¹. We make our code public² for everybody. " + FILLER),
        ("", "¹https://github.com/them/base"),
        ("", "²https://github.com/us/ours"),
    )
    assert paper.code_link is not None
    assert paper.code_link.link.url == "https://github.com/us/ours"


def test_the_own_sentence_wins_over_a_link_that_comes_first() -> None:
    sentence = "The baseline is implemented in https://github.com/them/base. Code is available at https://git.io/abc."
    assert code(sentence) == "https://git.io/abc"


def test_links_in_the_references_are_not_the_code() -> None:
    paper = with_links(
        ("1 Introduction", FILLER), ("References", "[1] Them. Code available. https://github.com/them/x")
    )
    assert [link.kind for link in paper.links] == ["references"]
    assert paper.code_link is None


def test_code_that_a_sentence_releases_by_a_citation_is_the_link_of_that_reference() -> None:
    paper = with_links(
        ("Abstract", FILLER + "The code of our method is available at [2]."),
        ("1 Introduction", FILLER),
        ("References", "[1] Them. A paper. https://github.com/them/x"),
        ("", "[2] Us. The code library. https://github.com/us/ours"),
        ("", "[3] Others. Code of another. https://github.com/others/y"),
    )
    assert paper.code_link is not None
    assert paper.code_link.link.url == "https://github.com/us/ours"
    assert "[2]" in paper.code_link.link.context


def test_a_citation_for_other_peoples_code_is_not_the_authors() -> None:
    paper = with_links(
        ("1 Introduction", FILLER + "We use the code of the baseline, which is available at [1]."),
        ("References", "[1] Them. The code library. https://github.com/them/x"),
        ("", "[2] Us. A paper. In Proceedings."),
        ("", "[3] Others. A paper. In Proceedings."),
    )
    assert paper.code_link is None


def test_a_footnote_printed_among_the_references_hangs_on_its_sentence() -> None:
    paper = with_links(
        ("1 Introduction", FILLER + "Our implementations have been made publicly available¹¹, for everybody."),
        ("References", "[1] Them. A paper. In Proceedings."),
        ("", "¹¹ https://github.com/us/ours"),
    )
    assert paper.code_link is not None
    assert paper.code_link.link.url == "https://github.com/us/ours"


def test_a_placeholder_is_told_apart_from_a_link_that_can_be_followed() -> None:
    paper = with_links(("1 Introduction", FILLER + "We provide the source code at https://github.com/anonymized."))
    assert paper.code_link is None
    assert paper.code_placeholder is not None
    assert paper.code_placeholder.url == "https://github.com/anonymized"


def test_a_printed_address_broken_over_lines_is_whole_and_an_annotation_gives_what_is_not_printed(
    tmp_path: Path,
) -> None:
    sheet = Sheet(tmp_path / "p.pdf").title("Linked Work of Ours").heading("1 Introduction").paragraph(FILLER * 3)
    sheet.text("The code of this paper is available at https://github.com/some-one/")
    sheet.text("broken-name for everybody. The data are here for you.")
    top = HEIGHT - sheet.top
    sheet.canvas.linkURL("https://zenodo.org/record/1", (250, top, 300, top + 12))
    links = {link.url: link for link in read_paper(sheet.save()).links}
    assert links["https://github.com/some-one/broken-name"].origin == "text"
    assert links["https://zenodo.org/record/1"].origin == "annotation"
    assert "data are here" in links["https://zenodo.org/record/1"].context


def test_an_annotation_and_the_same_printed_address_are_one_link(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").heading("1 Introduction").paragraph(FILLER)
    sheet.text("Code: github.com/us/ours.")
    sheet.canvas.linkURL("https://github.com/us/ours", (130, HEIGHT - sheet.top, 230, HEIGHT - sheet.top + 12))
    paper = read_paper(sheet.save())
    assert [(link.url, link.origin) for link in paper.links] == [("https://github.com/us/ours", "annotation")]
    assert paper.code_link is not None


def test_punctuation_around_an_address_is_no_part_of_it() -> None:
    text = "See (https://a.org/x_(y)), www.b.org/z. and github.com/c/d; not a.b/c"
    assert urls(text) == ["https://a.org/x_(y)", "https://www.b.org/z", "https://github.com/c/d"]


def test_a_javascript_annotation_is_no_link() -> None:
    from auditor.paper.links import Annotation

    paper = paper_of(("1 Introduction", FILLER))
    assert (
        find_links(
            paper, [Annotation("javascript:alert(1)", 1, (0, 0, 9, 9)), Annotation("file:///etc", 1, (0, 0, 9, 9))]
        )
        == ()
    )


def test_links_carry_their_page_and_place() -> None:
    link = with_links(("1 Introduction", FILLER + "Code: https://github.com/us/ours")).links[0]
    assert isinstance(link, Link)
    assert link.page == 1
    assert link.box is not None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("AdaLovelace/engine", "the name of Ada Lovelace"),
        ("alovelace7/engine", "the name of Ada Lovelace"),
        ("us/analytical-engines", "the title's name"),
        ("us/engines", ""),
        ("hertz-research/engine", ""),
        ("us/deep-learning", ""),
    ],
)
def test_an_address_that_nobody_explains_is_the_authors_where_it_bears_their_name_or_the_titles(
    address: str, why: str
) -> None:
    paper = paper_of(
        ("", "Analytical Engines for Every Learning Machine"),
        ("", "Ada Lovelace, Charles Babbage"),
        ("", "Hertz Research, Institute of Technology"),
        ("1 Introduction", FILLER),
    )
    paper = Paper("Analytical Engines for Every Learning Machine", paper.pages, paper.links, paper.tables)
    assert name_in_address(f"https://github.com/{address}", paper) == why


def test_the_name_of_an_author_does_not_make_code_theirs_that_is_said_to_be_used() -> None:
    paper = with_links(
        ("", "Ada Lovelace"), ("1 Introduction", FILLER + "We use https://github.com/adalovelace/engine.")
    )
    assert paper.code_link is None
