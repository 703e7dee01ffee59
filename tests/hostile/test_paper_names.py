"""Papers and result files with more names or marks than anybody would write are read in bounded time."""

from __future__ import annotations

import pytest

from auditor.claims.printed_files import read_file
from auditor.confine import confined
from auditor.paper.model import Box, Line, Link, Page, Paper

BOX: Box = (50.0, 50.0, 300.0, 60.0)
SECONDS = 10.0
MEMORY = 1 << 30


def written(*texts: str, links: tuple[Link, ...] = ()) -> Paper:
    """Return a paper of one page that holds these lines."""
    return Paper("A Paper", (Page(1, 600.0, 800.0, tuple(Line(1, text, BOX, 10.0) for text in texts)),), links, ())


def released_code(front: tuple[str, ...], links: int) -> str | None:
    """Return the address of the authors' code in a paper that begins with these lines."""
    found = tuple(Link(f"https://github.com/nobody{n}/thing", 1, "", "text", "body", BOX) for n in range(links))
    answer = written("A Paper", *front, links=found).code_link
    return answer.link.url if answer else None


def number_of_data_sets(names: int) -> int:
    """Return how many data sets are found in a paper that evaluates on so many versions of made-up ones."""
    lines = (f"We evaluate our model on the Data{_letters(n)}-v2 dataset." for n in range(names))
    return len(written("A Paper", "Abstract", "We train a network.", "1 Experiments", *lines).data_sets)


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


@pytest.mark.parametrize(
    ("front", "links"),
    [(("A" * 100_000,), 1), (("Ann Bee " * 1_000,) * 39, 5_000)],
    ids=["one long word", "many names"],
)
def test_an_address_is_compared_with_so_many_names_of_authors(front: tuple[str, ...], links: int) -> None:
    assert confined(released_code, front, links, seconds=SECONDS, memory_bytes=MEMORY, what="the paper") is None


def test_so_many_names_of_data_sets_are_compared_with_each_other() -> None:
    assert confined(number_of_data_sets, 10_000, seconds=SECONDS, memory_bytes=MEMORY, what="the paper") > 0


def number_of_readings(columns: int) -> int:
    """Return how many numbers are read from a table with one row of so many columns."""
    header = ",".join(f"accuracy of {_letters(n)}" for n in range(columns))
    return len(read_file("results.csv", f"{header}\n{','.join(['0.5'] * columns)}\n".encode(), 20_000))


def test_a_row_of_many_columns_is_written_out_once() -> None:
    assert confined(number_of_readings, 400_000, seconds=30.0, memory_bytes=MEMORY, what="the file") == 20_000


def number_of_sentences(text: str) -> int:
    """Return how many sentences a paper has whose only running text is this."""
    return len(written("A Paper", "Abstract", text).sentences)


def test_a_long_row_of_dots_is_searched_once_for_the_end_of_a_sentence() -> None:
    text = f"Contents {'.' * 100_000}b 7"
    assert confined(number_of_sentences, text, seconds=SECONDS, memory_bytes=MEMORY, what="the paper") > 0
