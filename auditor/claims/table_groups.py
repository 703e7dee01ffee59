"""Rows that are named alike: what tells them apart is the row that heads their group, or the settings to their left."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from auditor.claims.numbers import parse_cell
from auditor.claims.table_columns import Column

_DATA = re.compile(r"\b(?:data ?sets?|corpus|benchmark)\b", re.I)
_LENGTH = 80
_SETTINGS = 5

Naming = tuple[object, ...]
"""What a number is said to be: metric, data set, split, method."""


def repeated(namings: Sequence[tuple[int, Naming]]) -> bool:
    """Whether two rows hold numbers that are named alike; each naming comes with its row."""
    rows: dict[Naming, set[int]] = defaultdict(set)
    for row, naming in namings:
        rows[naming].add(row)
    return any(len(found) > 1 for found in rows.values())


def groups(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return for each row the text of the nearest row above it that holds one cell of words and nothing else.

    Where the labels of the other rows repeat in turn (`Accuracy, Time, Accuracy, Time`), each turn is a group, and its
    head may stand beside its middle.
    """
    heads: dict[int, str] = {}
    said: list[str] = []
    others: list[tuple[int, str]] = []
    for position, row in enumerate(rows):
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(row) > 1 and len(filled) == 1 and parse_cell(filled[0]) is None and any(map(str.isalpha, filled[0])):
            said.append(filled[0][:_LENGTH])
        elif filled:
            others.append((position, filled[0]))
            if said:
                heads[position] = said[-1]
    turn = len(others) // len(said) if said else 0
    labels = [label for _, label in others]
    in_turn = turn > 1 and len(said) > 1 and labels == labels[:turn] * len(said) and len(set(labels)) == turn
    return {position: said[i // turn] for i, (position, _) in enumerate(others)} if in_turn else heads


def panels(
    header: Sequence[str], rows: Sequence[Sequence[str]], measures: Callable[[str], bool]
) -> list[tuple[int, Sequence[str], Sequence[Sequence[str]]]]:
    """Return the parts of a table as (place of the first row, header, rows): one, or one a group.

    Where no column names a metric and the rows that head the groups do (`VGG accuracy`, `ResNet accuracy`), each group
    is a table of its own, with that name above its columns of numbers. `measures` tells whether a name is a metric's.
    """
    heads = [place for place, row in enumerate(rows) if len(row) > 1 and row[0].strip() and not any(row[1:])]
    whole = not header or not heads or heads[0] or any(map(measures, header))
    if whole or not all(measures(rows[place][0]) for place in heads):
        return [(0, header, rows)]
    ends = [*heads[1:], len(rows)]
    return [
        (head + 1, [header[0], *(f"{rows[head][0].strip()}/{name}" for name in header[1:])], rows[head + 1 : end])
        for head, end in zip(heads, ends, strict=True)
    ]


def names_data(group: str) -> bool:
    """Whether the head of a group names a data set."""
    return bool(_DATA.search(group))


def settings(rows: Sequence[Sequence[str]], columns: Sequence[Column], labels: set[int]) -> dict[int, str]:
    """Return for each row the settings that stand left of the first metric: `BS 5, LR 10-2`."""
    first = next((i for i, column in enumerate(columns) if column.metric is not None), 0)
    # A column under a common head (`Aroma/S`) is one of that head's results, not a setting of the row.
    places = [i for i in range(first) if i not in labels and columns[i].head and not columns[i].kind]
    places = [i for i in places if "/" not in columns[i].head][:_SETTINGS]
    said = {
        position: ", ".join(f"{columns[i].head} {row[i].strip()}" for i in places if i < len(row) and row[i].strip())
        for position, row in enumerate(rows)
    }
    return {position: text[:_LENGTH] for position, text in said.items() if text}
