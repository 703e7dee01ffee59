"""How printed numbers are read."""

import pytest

from auditor.claims.numbers import find_numbers, last_digit, parse_cell


@pytest.mark.parametrize(
    ("cell", "value", "std", "percent"),
    [
        ("81.0 %", 81.0, None, True),
        ("0.799±0.012", 0.799, 0.012, False),
        ("7.05 ± 0.06", 7.05, 0.06, False),
        ("92.9 +/- 0.8", 92.9, 0.8, False),
        ("28.4", 28.4, None, False),
        ("1,234.5", 1234.5, None, False),
        ("3.3 · 10^18", 3.3e18, None, False),
        ("3.3 · 10¹⁸", 3.3e18, None, False),
        ("1.1 × 10⁻⁷", 1.1e-7, None, False),
        ("81.2¹", 81.2, None, False),
        ("81.2 ± 0.3¹,²", 81.2, 0.3, False),
        (".85", 0.85, None, False),
        ("**28.4**", 28.4, None, False),
        ("\\textbf{28.4}", 28.4, None, False),
        ("−0.3", -0.3, None, False),
        ("0.032**", 0.032, None, False),
        ("0.81 (0.02)", 0.81, None, False),
        ("1e-5", 1e-5, None, False),
    ],
)
def test_a_cell_is_read_as_the_number_it_shows(cell: str, value: float, std: float | None, percent: bool) -> None:
    number = parse_cell(cell)
    assert number is not None
    assert number.value == pytest.approx(value)
    assert number.std == std
    assert number.percent is percent


@pytest.mark.parametrize("cell", ["", "-", "n/a", "ResNet50", "29.0 / 93.1", "1.2.3", "x" * 200, "9" * 60, "1e999"])
def test_what_is_not_one_number_is_none(cell: str) -> None:
    assert parse_cell(cell) is None


def test_brackets_are_spread_only_where_the_caption_says_so() -> None:
    number = parse_cell("0.81 (0.02)", brackets_are_spread=True)
    assert number is not None
    assert number.std == 0.02


@pytest.mark.parametrize(
    ("printed", "unit"), [("81.0 %", 0.1), ("0.799±0.012", 0.001), ("34", 1.0), ("3.3 · 10^18", 1e17), ("1e-5", 1e-5)]
)
def test_the_last_printed_digit_sets_the_unit(printed: str, unit: float) -> None:
    assert last_digit(printed) == pytest.approx(unit)


def test_digits_inside_words_and_versions_are_no_numbers() -> None:
    assert [n.value for n in find_numbers("F1 of ResNet50 v1.2.3 with 10k steps is 71.68% (± not)")] == [71.68]


def test_a_spread_in_running_text_belongs_to_its_number() -> None:
    (number,) = find_numbers("accuracy 0.80 +/- 0.02 in the end")
    assert (number.value, number.std) == (0.8, 0.02)
