"""Tables as programs print them: one line of column names, then lines of a label and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from auditor.claims.numbers import Number, find_numbers, parse_cell
from auditor.claims.vocabulary import find_metric, mentions

Separator = Literal["|", "\t", ",", "wide", "space"]

_SEPARATORS: tuple[Separator, ...] = ("|", "\t", ",", "wide", "space")
_WIDE = re.compile(r"\s{2,}")
_RULE = re.compile(r"^[\s|:+=\-]*$")
_LOOSE = re.compile(r"(?<!\s)\s{1,200}(%|±|\+/-)|(±|\+/-)\s{1,200}")


@dataclass(frozen=True, slots=True)
class Header:
    """The column names of a table and what separates its cells."""

    columns: tuple[str, ...]
    separator: Separator


def read_header(line: str) -> Header | None:
    """Return the header that this line is, or None: at least two columns, one of them a metric, and no number."""
    if len(line) > 500 or ("=" in line and not line.lstrip().startswith("|")):
        return None
    blanked = line
    for mention in reversed(mentions(line)):
        blanked = blanked[: mention.start] + " " + blanked[mention.end :]
    if blanked == line or find_numbers(blanked):
        return None
    for separator in _SEPARATORS:
        columns = _split(line, separator)
        if len(columns) < 2 or any(len(column.split()) > 5 or column.endswith(":") for column in columns):
            continue
        metrics = sum(find_metric(column) is not None for column in columns)
        # Words in a row are a header only if all but a leading label column are metrics; else they are a sentence.
        enough = len(columns) - 1 if separator == "space" else 1
        if metrics >= max(1, enough):
            return Header(columns, separator)
    return None


def read_row(line: str, header: Header) -> list[tuple[str, str, Number]]:
    """Return (column, label, number) for each number of a row, or nothing where the line does not fit the header."""
    if _RULE.match(line):
        return []
    if header.separator in ("|", "\t", ","):
        return _delimited(line, header)
    tokens = _LOOSE.sub(lambda match: match[1] or match[2], line).split()
    numbers: list[Number] = []
    while tokens and len(numbers) <= len(header.columns):
        value = parse_cell(tokens[-1])
        if value is None:
            break
        numbers.insert(0, value)
        tokens.pop()
    if len(numbers) == len(header.columns) + 1 and not tokens:  # the label of the row is itself a number
        tokens.append(numbers.pop(0).printed)
    if len(tokens) > 1 and tokens[0].isdigit():  # the index of a printed data frame
        tokens.pop(0)
    label = " ".join(tokens)
    columns = _fitting(numbers, label, header.columns)
    return (
        [(column, label, value) for column, value in zip(columns, numbers[-len(columns) :], strict=True)]
        if columns
        else []
    )


def _fitting(numbers: list[Number], label: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that the row's numbers fill, from the right; none where a cell may be missing in between."""
    count = len(numbers)
    if not count or len(label) > 80:
        return ()
    if count == len(columns) or (label and find_metric(label) and count < len(columns)):
        return columns[-count:]
    left = columns[: len(columns) - count] if count < len(columns) else ()
    if left and label and not any(find_metric(column) for column in left):
        return columns[-count:]
    return ()


def _delimited(line: str, header: Header) -> list[tuple[str, str, Number]]:
    cells = _split(line, header.separator)
    if len(cells) != len(header.columns):
        return []
    values = [parse_cell(cell) for cell in cells]
    label = " ".join(cell for cell, value in zip(cells, values, strict=True) if value is None).strip()
    return [(column, label, value) for column, value in zip(header.columns, values, strict=True) if value and column]


def _split(line: str, separator: Separator) -> tuple[str, ...]:
    if separator == "|":
        return tuple(cell.strip() for cell in line.strip().strip("|").split("|")) if "|" in line else ()
    if separator in ("\t", ","):
        return tuple(cell.strip() for cell in line.strip("\n").split(separator))
    return tuple(_WIDE.split(line.strip()) if separator == "wide" else line.split())
