"""Tables as header and rows, from words and rules."""

from __future__ import annotations

from pathlib import Path

from auditor.paper.cells import Rule, Word, grid
from auditor.paper.reader import read_paper
from tests.unit.paper_pages import FILLER, Sheet


def row(sheet: Sheet, top: float, cells: list[tuple[float, str]]) -> None:
    for x, text in cells:
        sheet.text(text, x, top)


def booktabs(sheet: Sheet, top: float) -> None:
    """A table with horizontal rules alone, a header of two levels, a blank cell and ± values."""
    sheet.rule(top, 108, 460)
    row(sheet, top + 4, [(240, "English"), (380, "French")])
    sheet.rule(top + 18, 200, 320).rule(top + 18, 340, 455)
    row(sheet, top + 21, [(110, "Model"), (205, "BLEU"), (275, "Time"), (345, "BLEU"), (415, "Time")])
    sheet.rule(top + 35, 108, 460)
    row(sheet, top + 40, [(110, "Base (ours)"), (205, "27.3 ± 0.1"), (275, "12"), (345, "38.1"), (415, "13")])
    row(sheet, top + 54, [(110, "Old one [3]"), (205, "24.6"), (345, "39.9"), (415, "77")])
    sheet.rule(top + 70, 108, 460)


def test_a_table_without_vertical_rules_is_read_with_its_two_level_header_and_blanks(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").heading("1 Results").paragraph(FILLER)
    sheet.text("Table 1: Scores of the models on both", 108).text("of the test sets.", 108)
    booktabs(sheet, sheet.top + 6)
    sheet.top += 20
    (table,) = read_paper(sheet.paragraph(FILLER).save()).tables
    assert table.label == "Table 1"
    assert table.caption == "Scores of the models on both of the test sets."
    assert table.page == 1
    assert table.header == ("Model", "English/BLEU", "English/Time", "French/BLEU", "French/Time")
    assert table.rows == (("Base (ours)", "27.3 ± 0.1", "12", "38.1", "13"), ("Old one [3]", "24.6", "", "39.9", "77"))


def test_captions_below_their_tables_get_the_table_above(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf")
    for number, first in ((1, "alpha"), (2, "beta")):
        top = sheet.top + 10
        sheet.rule(top, 108, 300)
        row(sheet, top + 4, [(110, "Name"), (220, "Score")])
        sheet.rule(top + 18, 108, 300)
        row(sheet, top + 22, [(110, first), (220, "1.5")])
        row(sheet, top + 36, [(110, "other"), (220, "2.5")])
        sheet.rule(top + 52, 108, 300)
        sheet.text(f"Table {number}. The {first} scores.", 108, top + 58)
        sheet.top += 30
    tables = read_paper(sheet.paragraph(FILLER * 2).save()).tables
    assert [(table.label, table.rows[0][0]) for table in tables] == [("Table 1", "alpha"), ("Table 2", "beta")]


def test_a_sentence_about_a_table_is_no_caption_and_a_caption_without_a_table_is_said(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER).text("Table 3 shows the results of it.").paragraph(FILLER)
    paper = read_paper(sheet.text("Table 4: Nothing below.").paragraph(FILLER).save())
    assert paper.tables == ()
    assert paper.left_out == ("Table 4 on page 1 could not be read as rows and columns.",)


def test_text_lines_between_the_rules_of_a_fully_ruled_table_are_one_row() -> None:
    def word(text: str, x: float, top: float) -> Word:
        return Word(text, x, top, x + 5 * len(text), top + 10, 10)

    rules = [Rule(y, 0, 200) for y in (0, 20, 50, 80, 110)]
    words = [word("Name", 5, 5), word("Score", 120, 5)]
    for number, top in enumerate((22, 52, 82)):
        words += [word("long", 5, top), word("name", 5, top + 13), word(f"{number}.5", 120, top + 6)]
    read = grid(words, rules)
    assert read is not None
    assert read[0] == ("Name", "Score")
    assert [r[0] for r in read[1]] == ["long name"] * 3


def test_words_that_form_no_columns_are_no_table() -> None:
    words = [Word("word", 10, 10 * n, 40, 10 * n + 9, 9) for n in range(6)]
    assert grid(words, [Rule(0, 0, 100), Rule(60, 0, 100)]) is None
    assert grid([], []) is None
