"""Where captions end, and on which side of them their tables stand."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from auditor.paper.reader import read_paper
from tests.unit.paper_pages import FILLER, Sheet

LONG = "The scores of the models on the set that all of them were trained for and on the others."


def scores(sheet: Sheet, top: float, x: float = 110, rows: int = 3, ruled: bool = True) -> float:
    """A header and rows of scores, 14 points apart; the height below the last row."""
    lines = [("Model", "Acc", "Time"), *((f"M{n}", f"6{n}.5", f"{n}2") for n in range(rows))]
    for number, cells in enumerate(lines):
        for text, left in zip(cells, (x, x + 90, x + 150), strict=True):
            sheet.text(text, left, top + 14 * number)
    end = top + 14 * len(lines)
    if ruled:
        sheet.rule(top - 2, x - 2, x + 180).rule(top + 12, x - 2, x + 180).rule(end, x - 2, x + 180)
    sheet.top = end + 20
    return end


def names(path: Path) -> list[tuple[str, str, int]]:
    return [(table.label, table.caption, len(table.rows)) for table in read_paper(path).tables]


def test_a_rule_right_below_a_caption_ends_it(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER).text("Table 1. The scores of the models")
    scores(sheet, sheet.top + 1)
    assert names(sheet.paragraph(FILLER).save()) == [("Table 1", "The scores of the models", 3)]


def test_a_word_underlined_in_the_caption_does_not_bound_the_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER).text(f"Table 1. {LONG}").text("The second best is underlined.")
    sheet.rule(sheet.top, 190, 240)
    scores(sheet, sheet.top + 12)
    ((_, caption, rows),) = names(sheet.paragraph(FILLER).save())
    assert (caption.endswith("underlined."), rows) == (True, 3)


def test_a_caption_goes_on_below_a_label_that_stands_alone(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER).text("TABLE II", 280, size=8)
    sheet.text("SCORES OF ALL THE MODELS ON THE DATA OF THE TEST THAT IS", 190, size=6.4)
    sheet.text("MADE OF NEW IMAGES.", 260, size=6.4)
    scores(sheet, sheet.top + 35)
    caption = "SCORES OF ALL THE MODELS ON THE DATA OF THE TEST THAT IS MADE OF NEW IMAGES."
    assert names(sheet.paragraph(FILLER).save()) == [("Table II", caption, 3)]


def test_a_caption_that_stands_at_the_top_of_page_after_page_is_no_running_head(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf")
    for number in (1, 2, 3):
        sheet.top = 50
        sheet.text(f"Table {number}", bold=True).text("Scores of all the models")
        scores(sheet, sheet.top + 8)
        sheet.paragraph(FILLER * 3).next_page()
    assert [label for label, _, _ in names(sheet.paragraph(FILLER).save())] == ["Table 1", "Table 2", "Table 3"]


def test_a_caption_beside_running_text_is_found(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER)
    top = sheet.top
    sheet.paragraph(FILLER * 3, characters=36)
    sheet.text("Table 1: The scores of them all", 330, top).text("and of the others.", 330)
    scores(sheet, sheet.top + 8, 330)
    sheet.top += 60
    assert names(sheet.paragraph(FILLER).save()) == [("Table 1", "The scores of them all and of the others.", 3)]


def test_a_caption_beside_the_caption_of_a_figure_is_found(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER)
    end = scores(sheet, sheet.top + 20, 330)
    sheet.text("Fig. 3: The curves of the models", 108, end + 10)
    sheet.text("TABLE II: Other scores of them", 330, end + 10)
    sheet.top += 20
    assert names(sheet.paragraph(FILLER).save()) == [("Table II", "Other scores of them", 3)]


def test_one_caption_as_near_to_both_tables_goes_with_the_others_of_its_paper(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER)
    end = scores(sheet, sheet.top + 20, rows=3)
    sheet.text("Table 1. The scores of all the models.", 108, end + 14)
    end = scores(sheet, sheet.top + 12, rows=5)
    sheet.text("Table 2. The scores of the others.", 108, end + 14)
    sheet.top += 20
    assert [(label, rows) for label, _, rows in names(sheet.paragraph(FILLER * 2).save())] == [
        ("Table 1", 3),
        ("Table 2", 5),
    ]


def test_a_table_to_the_left_of_its_caption_is_read(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER)
    top = sheet.top + 10
    end = scores(sheet, top)
    sheet.text("Table 1. The scores of all", 320, top).text("the models that were", 320).text("trained here.", 320)
    sheet.top = end + 20
    ((label, _, rows),) = names(sheet.paragraph(FILLER).save())
    assert (label, rows) == ("Table 1", 3)


def test_a_table_at_the_top_of_the_page_after_its_caption_is_read_there(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER * 3).text("Table 1. The scores of all.", 108, 690, bold=True)
    sheet.next_page()
    scores(sheet, sheet.top)
    (table,) = read_paper(sheet.paragraph(FILLER).save()).tables
    assert (table.label, table.page, len(table.rows)) == ("Table 1", 2, 3)


def test_a_page_without_any_rule_holds_a_table_where_its_rows_hold_numbers(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER).text(f"Table 1. {LONG}")
    scores(sheet, sheet.top + 10, ruled=False)
    ((label, _, rows),) = names(sheet.paragraph(FILLER).save())
    assert (label, rows) == ("Table 1", 3)


def test_rules_over_a_header_may_leave_its_empty_corner_out(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER).text("Table 1. The scores of all the models.")
    top = sheet.top + 10
    sheet.rule(top - 2, 190, 400)
    for number, cells in enumerate((("", "Snow", "Fish"), ("M1", "0.92", "87"), ("M2", "0.59", "258"))):
        for text, x in zip(cells, (110, 200, 300), strict=True):
            sheet.text(text, x, top + 14 * number)
        sheet.rule(top + 14 * number + 12, 105, 400)
    sheet.top = top + 60
    (table,) = read_paper(sheet.paragraph(FILLER).save()).tables
    assert (table.header, table.rows) == (("", "Snow", "Fish"), (("M1", "0.92", "87"), ("M2", "0.59", "258")))


def test_names_above_a_first_rule_that_lies_under_the_header_belong_to_it(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER)
    top = sheet.top + 20
    for text, x in (("Validation", 225), ("Test", 345)):
        sheet.text(text, x, top)
    for text, x in (("Size", 120), ("Layers", 160)):
        sheet.text(text, x, top + 5)
    for text, x in (("Acc", 210), ("F1", 270), ("Acc", 320), ("F1", 370)):
        sheet.text(text, x, top + 10)
    sheet.rule(top + 22, 105, 400)
    for number in range(3):
        for text, x in (("4k", 120), ("6", 160), ("0.5", 210), ("0.6", 270), ("0.7", 320), ("0.8", 370)):
            sheet.text(text, x, top + 24 + 12 * number)
    sheet.rule(top + 62, 105, 400)
    sheet.text("Table 1. The scores of all the models.", 108, top + 70)
    sheet.top += 10
    (table,) = read_paper(sheet.paragraph(FILLER * 2).save()).tables
    assert table.header == ("Size", "Layers", "Validation/Acc", "Validation/F1", "Test/Acc", "Test/F1")


def test_a_table_that_is_a_picture_is_said_to_be_one(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "p.pdf").paragraph(FILLER).text("Table 1. The scores of all the models.")
    picture = Image.new("RGB", (200, 80), "gray")
    sheet.canvas.drawInlineImage(picture, 110, 792 - sheet.top - 90, 200, 80)
    sheet.top += 100
    paper = read_paper(sheet.paragraph(FILLER * 2).save())
    assert paper.left_out == ("Table 1 on page 1 is a picture; its cells were not read.",)
