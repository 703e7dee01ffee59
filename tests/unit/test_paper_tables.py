"""Tables as header and rows, from words and rules."""

from __future__ import annotations

from pathlib import Path

from auditor.paper.cells import Rule, Word
from auditor.paper.grid import grid
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


def small_table(sheet: Sheet, top: float) -> None:
    row(sheet, top + 4, [(110, "Name"), (220, "Score")])
    row(sheet, top + 22, [(110, "alpha"), (220, "1.5")])
    row(sheet, top + 36, [(110, "other"), (220, "2.5")])


def test_raised_digits_are_exponents_or_marks_in_the_row_of_their_word(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").text("Table 1. Rates and scores.")
    top = sheet.top + 6
    sheet.rule(top, 108, 300).rule(top + 18, 108, 300).rule(top + 52, 108, 300)
    row(sheet, top + 4, [(110, "Name"), (220, "Score")])
    sheet.text("alpha", 110, top + 22).text("2", 135, top + 20, size=6).text("1.5", 220, top + 22)
    sheet.text("other", 110, top + 36).text("2.5", 220, top + 36).text("3", 234.5, top + 34, size=6)
    sheet.top += 30
    (table,) = read_paper(sheet.paragraph(FILLER * 2).save()).tables
    assert table.rows == (("alpha²", "1.5"), ("other", "2.5³"))


def test_the_rules_of_a_grid_drawn_as_one_path_and_of_a_form_are_found(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").text("Table 1. The scores.")
    top = sheet.top + 6
    grid_path = sheet.canvas.beginPath()
    for y in (top, top + 18):
        grid_path.moveTo(108, 792 - y)
        grid_path.lineTo(300, 792 - y)
    sheet.canvas.drawPath(grid_path)
    sheet.canvas.beginForm("bottom")
    sheet.canvas.line(8, 0, 200, 0)
    sheet.canvas.endForm()
    sheet.canvas.saveState()
    sheet.canvas.translate(100, 792 - top - 52)
    sheet.canvas.doForm("bottom")
    sheet.canvas.restoreState()
    small_table(sheet, top)
    (table,) = read_paper(sheet.paragraph(FILLER * 2).save()).tables
    assert (table.header, table.rows) == (("Name", "Score"), (("alpha", "1.5"), ("other", "2.5")))


def test_a_table_on_a_page_set_sideways_is_read(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER * 3).next_page()
    sheet.canvas.rotate(90)
    sheet.canvas.translate(0, -792)
    sheet.text("Table 1. The scores.")
    top = sheet.top + 6
    sheet.rule(top, 108, 300).rule(top + 18, 108, 300).rule(top + 52, 108, 300)
    small_table(sheet, top)
    (table,) = read_paper(sheet.paragraph(FILLER).save()).tables
    assert (table.page, table.rows) == (2, (("alpha", "1.5"), ("other", "2.5")))


def scores(sheet: Sheet, top: float, x: float = 110, rows: int = 4) -> float:
    """A header and rows of scores, 14 points apart; the height below the last row."""
    row(sheet, top, [(x, "Model"), (x + 90, "Acc"), (x + 150, "Time")])
    for number in range(rows):
        row(sheet, top + 14 * (number + 1), [(x, f"M{number}"), (x + 90, f"6{number}.5"), (x + 150, f"{number}2")])
    return top + 14 * (rows + 1)


def test_a_header_above_the_first_rule_and_a_row_below_the_last_belong_to_the_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER)
    top = sheet.top + 20
    end = scores(sheet, top)
    sheet.rule(top + 13, 105, 300).rule(end - 15, 105, 300)
    sheet.text("Table 1. The scores of all the models.", 108, end + 10)
    sheet.top += 20
    (table,) = read_paper(sheet.paragraph(FILLER * 2).save()).tables
    assert table.header == ("Model", "Acc", "Time")
    assert [cells[0] for cells in table.rows] == ["M0", "M1", "M2", "M3"]


def test_one_rule_below_the_header_is_enough_and_none_where_the_rows_hold_numbers(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER)
    for number in (1, 2):
        sheet.top += 20
        sheet.text(f"Table {number}. The scores of the models on the set that all of them were trained for.")
        top = sheet.top + 12
        if number == 1:
            sheet.rule(top + 13, 105, 300)
        sheet.top = scores(sheet, top) + 20
        sheet.paragraph(FILLER * 2)
    tables = read_paper(sheet.save()).tables
    assert [(table.label, table.header, len(table.rows)) for table in tables] == [
        ("Table 1", ("Model", "Acc", "Time"), 4),
        ("Table 2", ("Model", "Acc", "Time"), 4),
    ]


def test_running_text_between_a_pages_rule_and_a_table_is_no_part_of_the_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").rule(60, 105, 520).paragraph(FILLER * 2)
    top = sheet.top + 20
    sheet.rule(top - 4, 105, 520)
    end = scores(sheet, top)
    sheet.rule(top + 12, 105, 520).rule(end, 105, 520)
    sheet.text("Table 1. The scores.", 108, end + 8)
    (table,) = read_paper(sheet.save()).tables
    assert table.header == ("Model", "Acc", "Time")
    assert len(table.rows) == 4


def test_a_long_table_without_a_rule_at_its_end_is_read_to_its_end(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").text("Table 1. The scores.")
    top = sheet.top + 10
    scores(sheet, top, rows=36)
    sheet.rule(top - 2, 105, 300).rule(top + 12, 105, 300)
    (table,) = read_paper(sheet.next_page().paragraph(FILLER * 3).save()).tables
    assert len(table.rows) == 36


def test_a_line_of_a_paragraph_that_begins_with_a_tables_name_is_no_caption(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER)
    sheet.text("The numbers of all the models that were trained for this are collected in the rows of")
    sheet.text("Table 1. They show that the larger one of the two is the better one in all of the cases.")
    paper = read_paper(sheet.paragraph(FILLER * 2).save())
    assert (paper.tables, paper.left_out) == ((), ())


def test_two_captions_side_by_side_name_the_tables_above_them(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER * 2)
    top = sheet.top + 20
    for x in (110, 340):
        end = scores(sheet, top, x)
        sheet.rule(top - 2, x - 2, x + 180).rule(top + 12, x - 2, x + 180).rule(end, x - 2, x + 180)
    row(sheet, end + 8, [(110, "Table 1: The first scores of them all"), (340, "Table 2: The second scores")])
    sheet.top = end + 50
    tables = read_paper(sheet.paragraph(FILLER * 2).save()).tables
    assert [(table.label, table.caption, len(table.rows)) for table in tables] == [
        ("Table 1", "The first scores of them all", 4),
        ("Table 2", "The second scores", 4),
    ]
