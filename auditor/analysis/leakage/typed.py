"""Numbers that are typed into the code after a look at a statistic of the column that they are for.

A program that shows the quartiles of a column and cuts it at `7.91` in a later line, or shows the mean age of each
group and fills the gaps with `33`, has taken them from the rows that it showed, as surely as if it had handed them on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from auditor.analysis.flow.rows import contain
from auditor.analysis.flow.texts import text_of
from auditor.analysis.flow.values import Constant, Data, Mark, Place, Value

_BINS = frozenset(("qcut", "cut", "quantile", "percentile", "nanpercentile"))
_CENTRES = frozenset(("mean", "median", "mode", "average", "nanmean", "nanmedian"))
_BELOW = frozenset(("Lt", "LtE", "Gt", "GtE"))
_GAPS = frozenset(("isnull", "isna"))
_UNSEEN = frozenset((0, 1, -1))
"""Numbers that one fills gaps with, and cuts at, without a look."""
LOOKS_LIMIT = 8
DEPTH = 6


@dataclass
class Looks:
    """The statistics of single columns that a program took, by the column's name."""

    _bins: dict[str, list[Mark]] = field(default_factory=dict)
    _centres: dict[str, list[Mark]] = field(default_factory=dict)

    def note(self, operation: str, data: Data, node: Any, place: Place) -> None:
        """Note that a statistic over data was taken, by the call `node`."""
        column = data.owner[1] if data.owner else None
        if column is None or not data.rows or not (operation in _BINS or operation in _CENTRES):
            return
        known = (self._bins if operation in _BINS else self._centres).setdefault(column, [])
        if len(known) < LOOKS_LIMIT:
            known.append(Mark("typed", text_of(node), place, data.rows, (data.name,)))

    def cut_or_filled(self, table: Data, where: Any, value: Value, place: Place) -> Mark | None:
        """Return what `table[where] = value` owes to a statistic of the column that `where` asks about; else None."""
        for column, asked in _conditions(where):
            number = value.value if asked is None and isinstance(value, Constant) else asked
            known = self._centres if asked is None else self._bins
            if (found := _last(known.get(column, []), table, number)) is not None:
                return replace(found, place=place)
        return None

    def filled(self, column: Data, value: Value | None, place: Place) -> Mark | None:
        """Return what a number owes to a statistic of the column whose gaps it fills; None where it owes nothing."""
        known = self._centres.get(column.owner[1] or "", []) if column.owner else []
        found = _last(known, column, value.value) if isinstance(value, Constant) else None
        return replace(found, place=place) if found is not None else None


def _last(looks: list[Mark], data: Data, number: Any) -> Mark | None:
    """Return the last look at these data from which a literal may be; 0, 1 and 999 need none."""
    if isinstance(number, bool) or not isinstance(number, int | float) or number in _UNSEEN:
        return None
    if set(str(number).lstrip("-")) == {"9"}:
        return None
    return next((look for look in reversed(looks) if contain(look.rows, data.rows)), None)


def _conditions(node: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the columns that a condition asks about, each with the number it is compared with; None for its gaps."""
    if not node or depth > DEPTH:
        return
    if node[0] == "group" or (node[0] == "op" and node[1] in ("BitAnd", "BitOr")):
        for part in node[2]:
            yield from _conditions(part, depth + 1)
    elif node[0] == "op" and node[1] in _BELOW and len(node[2]) == 2:
        left, right = node[2]
        if right and right[0] == "const" and (column := _column(left)):
            yield column, right[1]
    elif node[0] == "call" and node[2] and node[2][0] == "attr" and node[2][2] in _GAPS:
        yield _column(node[2][1]), None


def _column(node: Any) -> str:
    """Return the name of a column, `table["name"]` or `table.name`; empty for anything else."""
    if node and node[0] == "item" and node[2] and node[2][0] == "const":
        return node[2][1] if isinstance(node[2][1], str) else ""
    return node[2] if node and node[0] == "attr" else ""
