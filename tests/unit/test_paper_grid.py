"""Words and rules of a table as header and rows: names over what they name, lines that belong together."""

from __future__ import annotations

from auditor.paper.cells import Rule, Word
from auditor.paper.grid import grid


def words(top: float, *texts: tuple[float, str]) -> list[Word]:
    """The words of one line, five points a letter; each text begins at its x."""
    found = []
    for x, text in texts:
        for word in text.split():
            found.append(Word(word, x, top, x + 5 * len(word), top + 10, 10))
            x += 5 * len(word) + 3
    return found


def rules(*heights: float) -> list[Rule]:
    return [Rule(y, 0, 300) for y in heights]


def test_an_upper_name_centred_over_several_columns_names_each_of_them_without_a_rule_below_it() -> None:
    page = [
        *words(5, (125, "Rat 1"), (225, "Rat 2")),
        *words(18, (5, "Method"), (110, "Clean"), (150, "Noisy"), (210, "Clean"), (250, "Noisy")),
        *words(35, (5, "One"), (112, "0.5"), (152, "0.4"), (212, "0.3"), (252, "0.2")),
        *words(50, (5, "Two"), (112, "0.6"), (152, "0.7"), (212, "0.8"), (252, "0.9")),
    ]
    read = grid(page, rules(0, 30, 65))
    assert read is not None
    assert read[0] == ("Method", "Rat 1/Clean", "Rat 1/Noisy", "Rat 2/Clean", "Rat 2/Noisy")


def test_a_second_level_below_the_rule_of_a_fully_ruled_table_belongs_to_the_header() -> None:
    page = [
        *words(3, (5, "Optimizer"), (130, "Momentum")),
        *words(23, (5, "Method"), (110, "MNIST"), (180, "CIFAR")),
        *words(43, (5, "Random"), (110, "0.52"), (180, "7.33")),
        *words(63, (5, "Online"), (110, "0.51"), (180, "7.00")),
    ]
    read = grid(page, rules(0, 20, 40, 60, 80))
    assert read == (
        ("Optimizer Method", "Momentum/MNIST", "Momentum/CIFAR"),
        (("Random", "0.52", "7.33"), ("Online", "0.51", "7.00")),
    )


def test_names_wider_than_the_numbers_below_them_are_given_to_their_own_columns() -> None:
    page = [
        *words(3, (5, "Data"), (60, "# Train"), (110, "# Features")),
        *words(23, (5, "one"), (80, "704"), (145, "50")),
        *words(38, (5, "two"), (80, "433"), (145, "40")),
    ]
    read = grid(page, rules(0, 20, 55))
    assert read is not None
    assert read[0] == ("Data", "# Train", "# Features")


def test_a_header_repeated_over_each_group_is_left_out_and_the_groups_names_head_their_rows() -> None:
    page = [*words(3, (98, "Retinopathy")), *words(18, (5, "Method"), (120, "QWK"), (220, "1-off"))]
    page += [*words(33, (5, "ours"), (120, "0.58"), (220, "0.86")), *words(46, (5, "old"), (120, "0.49"), (220, "0.8"))]
    page += [*words(63, (108, "Adience")), *words(78, (5, "Method"), (120, "QWK"), (220, "1-off"))]
    page += [*words(93, (5, "ours"), (120, "0.88"), (220, "0.89")), *words(106, (5, "old"), (120, "0.8"), (220, "0.8"))]
    read = grid(page, rules(0, 15, 30, 60, 75, 90, 120))
    assert read is not None
    assert read[0] == ("Method", "QWK", "1-off")
    assert [row[0] for row in read[1]] == ["Retinopathy", "ours", "old", "Adience", "ours", "old"]


def test_a_name_of_two_lines_beside_one_number_is_one_row() -> None:
    page = [
        *words(3, (5, "Method"), (150, "Acc"), (250, "Size")),
        *words(25, (5, "Bonsai with random")),
        *words(31, (150, "74.12"), (250, "16")),
        *words(37, (5, "initialization")),
        *words(55, (5, "Bonsai"), (150, "76.67"), (250, "16")),
    ]
    read = grid(page, rules(0, 20, 70))
    assert read is not None
    assert read[1] == (("Bonsai with random initialization", "74.12", "16"), ("Bonsai", "76.67", "16"))


def test_text_that_did_not_fit_goes_on_and_a_group_of_rows_shares_the_name_between_its_rules() -> None:
    page = [
        *words(3, (5, "Data"), (60, "Measure"), (150, "Remark"), (250, "Value")),
        *words(23, (60, "Accuracy"), (150, "measured on all"), (250, "88.1")),
        *words(36, (150, "images")),
        *words(49, (5, "Eye"), (60, "Time"), (150, "in seconds"), (250, "10.7")),
        *words(69, (5, "Ward"), (60, "Time"), (150, "in seconds"), (250, "5.2")),
    ]
    read = grid(page, rules(0, 20, 65, 85))
    assert read is not None
    assert read[1] == (
        ("Eye", "Accuracy", "measured on all images", "88.1"),
        ("Eye", "Time", "in seconds", "10.7"),
        ("Ward", "Time", "in seconds", "5.2"),
    )


def test_a_bracket_whose_number_is_set_apart_stays_in_its_cell() -> None:
    page = [*words(3, (5, "Data"), (100, "kNN"))]
    for number, (top, size) in enumerate(((23, "6870"), (36, "625"), (49, "78125"))):
        page += words(top, (5, f"set{number}"), (100, "67.28 ("), (145, f"{size} KB)"))
    read = grid(page, rules(0, 20, 65))
    assert read is not None
    assert [row[1].replace(" ", "") for row in read[1]] == ["67.28(6870KB)", "67.28(625KB)", "67.28(78125KB)"]


def test_a_phrase_over_several_columns_stays_whole() -> None:
    page = [*words(3, (5, "Model"), (100, "N"), (140, "dim"), (180, "heads"), (240, "BLEU"))]
    page += words(23, (5, "base"), (100, "6"), (140, "512"), (180, "8"), (240, "25.8"))
    page += words(36, (5, "big"), (100, "6"), (140, "1024"), (180, "16"), (240, "26.4"))
    page += words(49, (5, "small"), (100, "2"), (140, "128"), (180, "4"), (240, "22.1"))
    page += words(62, (5, "sines"), (95, "learned positional embedding"), (240, "25.7"))
    page += words(75, (5, "wide"), (100, "4"), (140, "2048"), (180, "8"), (240, "25.3"))
    read = grid(page, rules(0, 20, 90))
    assert read is not None
    assert "learned positional embedding" in read[1][3]
    assert [read[1][3][place] for place in (0, 4)] == ["sines", "25.7"]


def test_rows_of_words_over_columns_of_words_are_no_second_header() -> None:
    page = [*words(3, (5, "Marvin"), (100, "Forward")), *words(23, (5, "mar"), (100, "for"))]
    read = grid([*page, *words(36, (5, "marlin"), (100, "fervor"))], rules(0, 20, 50))
    assert read == (("Marvin", "Forward"), (("mar", "for"), ("marlin", "fervor")))


def test_two_decimal_numbers_close_together_are_two_cells_and_their_columns_stay_apart() -> None:
    def narrow(top: float, *texts: tuple[float, float, str]) -> list[Word]:
        return [Word(text, x0, top, x1, top + 9, 9) for x0, x1, text in texts]

    page = [
        *narrow(5, (5, 35, "Model"), (70, 87, "Prec"), (94, 108, "Rec")),
        *narrow(22, (5, 45, "One"), (70, 91, "57.42"), (93, 114, "49.95")),
        *narrow(34, (5, 45, "Two"), (70, 91, "50.94"), (93, 114, "44.41")),
        *narrow(46, (5, 45, "Last"), (70, 91, "67.90"), (93, 114, "56.83")),
    ]
    read = grid(page, rules(0, 18, 60))
    assert read is not None
    assert read[0] == ("Model", "Prec", "Rec")
    assert read[1][0] == ("One", "57.42", "49.95")


def test_a_name_that_nearly_touches_the_next_column_leaves_it_the_text_that_begins_there() -> None:
    page = [
        *words(5, (5, "Method"), (105, "Net"), (150, "Acc")),
        *words(22, (5, "Old"), (105, "R50"), (150, "0.5")),
        *words(34, (5, "Older"), (105, "R51"), (150, "0.5")),
        *words(46, (5, "Oldest"), (105, "R52"), (150, "0.5")),
        *words(58, (5, "Newer"), (105, "R53"), (150, "0.5")),
        *words(70, (9, "Bidirectional [505]"), (150, "0.6")),
        Word("I3D", 105, 70, 120, 80, 10),
    ]
    read = grid(page, rules(0, 18, 85))
    assert read is not None
    assert read[1][-1] == ("Bidirectional [505]", "I3D", "0.6")


def test_a_name_of_two_lines_half_way_down_three_rows_is_the_name_of_each() -> None:
    page = words(5, (5, "Camera"), (110, "Old"), (180, "New"))
    for top, name in ((22, "One"), (62, "Two")):
        for number in range(3):
            page += words(top + 12 * number, (110, f"3{number}.5"), (180, f"4{number}.5"))
        page += [*words(top + 12, (5, name)), *words(top + 24, (5, "ISO"))]
    read = grid(page, rules(0, 18, 58, 98))
    assert read is not None
    assert [row[0] for row in read[1]] == ["One ISO"] * 3 + ["Two ISO"] * 3


def test_a_name_that_ends_in_a_plus_goes_on_below() -> None:
    page = [
        *words(5, (5, "Model"), (150, "Acc")),
        *words(22, (5, "Weighted bags +"), (150, "93.1")),
        *words(34, (5, "Dot product")),
        *words(46, (5, "Other one"), (150, "91.2")),
    ]
    read = grid(page, rules(0, 18, 60))
    assert read is not None
    assert read[1] == (("Weighted bags + Dot product", "93.1"), ("Other one", "91.2"))
