"""Tables in plain text: with bars (org, or drawn), reStructuredText's grids and columns, its lists of rows."""

from __future__ import annotations

import csv
import re

ROWS_LIMIT = 2_000
_BAR_RULE = re.compile(r"^\s{0,20}[|+][-=+:| ]{2,2000}$")
_COLUMN_RULE = re.compile(r"^\s{0,20}={2,200}(\s{1,20}={2,200}){1,50}\s{0,20}$")


def table_end(lines: list[str], start: int) -> int:
    """Return the number of the line after the table that begins at line `start` (from 0); `start` if none does."""
    if _COLUMN_RULE.match(lines[start]):
        rules, number = 0, start
        while number < len(lines) and number - start < ROWS_LIMIT and (lines[number].strip() or rules < 2):
            rules += bool(_COLUMN_RULE.match(lines[number]))
            number += 1
        return number if rules >= 2 else start
    number = start
    while number < len(lines) and number - start < ROWS_LIMIT and _barred(lines[number]):
        number += 1
    return number if number - start >= 3 else start


def rows_of(lines: list[str]) -> list[list[str]]:
    """Return the cells of the rows of such a table, without its rules; at least one row."""
    if _COLUMN_RULE.match(lines[0]):
        starts = [match.start() for match in re.finditer(r"={2,200}", lines[0])]
        ends = [*starts[1:], None]
        kept = [line for line in lines if line.strip() and not re.match(r"^[\s=-]{1,5000}$", line)]
        rows = [[line[a:b].strip() for a, b in zip(starts, ends, strict=True)] for line in kept]
    else:
        kept = [line for line in lines if not _BAR_RULE.match(line)]
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in kept]
    return rows or [[""]]


def listed_rows(lines: list[str], comma: bool) -> list[list[str]]:
    """Return the rows of a reStructuredText `list-table`, or with `comma` of a `csv-table`, from its content."""
    kept = [line.strip() for line in lines[:ROWS_LIMIT] if line.strip() and not line.strip().startswith(":")]
    if comma:
        return [[cell.strip() for cell in row] for row in csv.reader(kept)]
    rows: list[list[str]] = []
    for line in kept:
        if line.startswith("* -"):
            rows.append([line[3:].strip()])
        elif line.startswith("-") and rows:
            rows[-1].append(line[1:].strip())
        elif rows:
            rows[-1][-1] += f" {line}"
    return rows


def _barred(line: str) -> bool:
    text = line.strip()
    return bool(_BAR_RULE.match(line)) or (text.startswith("|") and text.endswith("|") and text.count("|") >= 3)
