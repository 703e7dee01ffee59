"""Which rows of which data set a value holds, and how the rows of two values relate.

A path is the origin of rows (a file, a loader's call, a parameter) and the selections that were made from it since:
`(origin, selection, …)`. Two paths that part at different parts of one selection have no row in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PATHS_LIMIT = 16
"""A value that was put together from more origins than this keeps the first ones."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of rows: `kind` and `key` name the cut, `part` the piece that was taken."""

    kind: Literal["split", "slice", "mask"]
    key: str
    part: tuple[str, ...]

    def excludes(self, other: Selection) -> bool:
        """Return whether the two pieces of one cut have no row in common."""
        if self.kind != other.kind or self.key != other.key or self.part == other.part:
            return False
        if self.kind == "slice":
            return _apart(self.part, other.part)
        return True if self.kind == "split" else _contrary(self.part, other.part)


Path = tuple[str | Selection, ...]
Rows = frozenset[Path]
NOTHING: Rows = frozenset()
Relation = Literal["same", "inside", "around", "apart", "unknown"]
"""How the first path's rows relate to the second's: equal, a part of them, more than them, disjoint, not known."""


def extend(rows: Rows, selection: Selection) -> Rows:
    """Return the rows after one more selection."""
    return frozenset(path if path[-1:] == (selection,) else (*path, selection) for path in rows)


def join(*several: Rows) -> Rows:
    """Return the rows of all of them together."""
    found = frozenset(path for rows in several for path in rows)
    return found if len(found) <= PATHS_LIMIT else frozenset(sorted(found, key=repr)[:PATHS_LIMIT])


def relation(one: Path, other: Path) -> Relation:
    """Return how the rows of one path relate to those of another."""
    if one[0] != other[0]:
        return "apart"
    for mine, theirs in zip(one[1:], other[1:], strict=False):
        if mine == theirs:
            continue
        assert isinstance(mine, Selection)
        assert isinstance(theirs, Selection)
        return "apart" if mine.excludes(theirs) else "unknown"
    if len(one) == len(other):
        return "same"
    return "around" if len(one) < len(other) else "inside"


def contain(rows: Rows, others: Rows) -> bool:
    """Return whether `rows` surely hold rows of `others`: those that a condition chose count as drawn from everywhere.

    A statistic over the rows with a known age, say, is one over later test rows too.
    """
    return any(relation(_unmasked(one), other) in ("same", "around") for one in rows for other in others)


def apart(rows: Rows, others: Rows) -> bool:
    """Return whether the two have surely no row in common."""
    return all(relation(one, other) == "apart" for one in rows for other in others)


def covered(rows: Rows, others: Rows) -> bool:
    """Return whether all of `rows` surely are among `others`."""
    return bool(rows) and all(any(relation(one, other) in ("same", "inside") for other in others) for one in rows)


def _unmasked(path: Path) -> Path:
    end = len(path)
    while end > 1 and isinstance(last := path[end - 1], Selection) and last.kind == "mask":
        end -= 1
    return path[:end]


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two slices (low, high) share nothing: the end of one is the start of the other, or before it."""
    return _before(one, other) or _before(other, one)


def _before(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    high, low = one[1], other[0]
    if not high or not low:
        return False
    if high == low:
        return True
    if high.lstrip("-").isdigit() and low.lstrip("-").isdigit() and (high[0] == "-") == (low[0] == "-"):
        return int(high) <= int(low)
    return not one[0] and not other[1]  # x[:a] and x[b:] are written for the two sides of a cut


_CONTRARY = {
    "Lt": "GtE", "GtE": "Lt", "Gt": "LtE", "LtE": "Gt", "Eq": "NotEq", "NotEq": "Eq", "In": "NotIn", "NotIn": "In",
    "isnull": "notnull", "notnull": "isnull", "yes": "no", "no": "yes",
}  # fmt: skip


def _contrary(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two conditions (operator, value) on one expression exclude each other."""
    if _CONTRARY.get(one[0]) == other[0] and one[1:] == other[1:]:
        return True
    return one[0] == other[0] == "Eq" and one[1:] != other[1:]
