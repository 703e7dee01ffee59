"""What an index takes from a table, array, list or dict: columns, rows, elements."""

from __future__ import annotations

from typing import Any

from auditor.analysis.flow.rows import NOTHING, Path, Rows, Selection, join
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.texts import names_in, text_of
from auditor.analysis.flow.values import Constant, Data, Group, Value, data_of, merged

ELEMENTS_LIMIT = 200
"""The most elements that are kept of one list or dict."""
INDEXERS = frozenset(("iloc", "loc", "ix", "at", "iat"))
SAME = INDEXERS | {"values", "T", "str", "dt", "data", "array"}
"""Attributes that are the data themselves, seen in another way."""
PARTS = {"train": "train", "test": "test", "validation": "val", "valid": "val", "val": "val", "dev": "val"}
"""What the parts of a data set are called that comes cut."""
SHAPES = frozenset(
    ("shape", "columns", "dtypes", "dtype", "size", "ndim", "empty", "nbytes", "name", "names", "classes")
)


def item(base: Value, index: Value | None, node: Any, scope: Scope) -> Value:
    """Return `base[index]`; `index` is None where it is a slice."""
    if isinstance(base, Group):
        return _element(base, index, node)
    data = data_of(base)
    where = node[2]
    through = node[1][2] if node[1] and node[1][0] == "attr" else ""
    if where is None:
        return data.copy()
    if where[0] == "slice":
        return _sliced(data, where, scope)
    if where[0] == "group" and where[1] == "tuple" and isinstance(index, Group) and where[2]:
        rows = _rows_of(data, index.elements[0], where[2][0], scope)
        return _columns_of(rows, index.elements[1], where[2][1]) if len(where[2]) > 1 else rows
    if through in INDEXERS:
        return _rows_of(data, index, where, scope)
    named = column_names(index)
    if named is not None and isinstance(index, Constant) and (part := part_of_read(data, named[0])) is not None:
        return part
    if named is not None:
        return data.column(named[0]) if isinstance(index, Constant) else data.some_columns(named)
    return _rows_of(data, index, where, scope)


def part_of_read(data: Data, name: str) -> Data | None:
    """Return the part of a read data set that has the name of one (`mnist.test`, `sets["train"]`); else None."""
    if not data.opaque or data.item or name not in PARTS or not all(len(path) == 1 for path in data.rows):
        return None
    return data.selected(Selection("split", data.opaque, (PARTS[name],))).copy(opaque="")


def column_names(index: Value | None) -> list[str] | None:
    """Return the literal column names that an index or argument holds; None where it holds anything else."""
    if isinstance(index, Constant):
        return [index.value] if isinstance(index.value, str) else None
    if isinstance(index, Group) and index.keys is None and index.elements:
        names = [e.value for e in index.elements if isinstance(e, Constant) and isinstance(e.value, str)]
        return names if len(names) == len(index.elements) else None
    return None


def _element(base: Group, index: Value | None, node: Any) -> Value:
    if isinstance(index, Constant):
        found = base.get(index.value)
        if found is not None:
            return found
    if index is None and base.keys is None:
        low, high = node[2][1], node[2][2]
        if not base.open and all(part is None or part[0] == "const" for part in (low, high)):
            return Group(base.elements[low[1] if low else None : high[1] if high else None])
        return merged([data_of(base)], item=False)
    if len(base.elements) == 1:
        return base.elements[0]
    return merged([data_of(base)])


def _sliced(data: Data, where: Any, scope: Scope) -> Data:
    low, high = text_of(where[1]), text_of(where[2])
    low = "" if low == "0" else low
    if not low and not high:
        return data.copy()
    if len(data.pieces) > 1 and not (low and high):  # written to take apart again what was put together
        return data.piece(-1 if low else 0)
    if scope.loops and (names_in(where[1]) or names_in(where[2])):  # a window that moves, no cut
        return data.copy()
    return data.selected(Selection("slice", "", (low, high)))


def _columns_of(data: Data, index: Value, where: Any) -> Data:
    if where and where[0] == "slice":
        return data.copy()
    named = column_names(index)
    chosen = data_of(index)
    if any(len(path) > 1 for path in chosen.rows - data.rows):  # positions along the second axis: rows lie across
        return located(data, chosen)
    if named is None:
        return data.copy(marks=data.marks | chosen.all_marks())
    return data.column(named[0]) if isinstance(index, Constant) else data.some_columns(named)


def _rows_of(data: Data, index: Value | None, where: Any, scope: Scope) -> Data:
    """Return the rows that a position, mask or list of positions takes."""
    if where is not None and where[0] == "slice":
        return _sliced(data, where, scope)
    if isinstance(index, Constant):
        if isinstance(index.value, str):  # a row's label, or that of several
            return data.copy(test=None)
        return data.copy(item=bool(data.rows), test=None)
    chosen = data_of(index)
    if isinstance(index, Group) and not chosen.rows and not chosen.marks:
        return data.copy()
    found = data.copy(marks=data.marks | chosen.all_marks(), test=None)
    if chosen.item and not chosen.test:
        found.item = bool(data.rows)
        return found
    if chosen.test is not None:
        key, part = chosen.test
        return found.selected(Selection("mask", key, part)) if data.rows else found
    found.rows = _located(data.rows, chosen.rows)
    return found


def located(data: Data, index: Data) -> Data:
    """Return the rows of data at the positions that an index holds."""
    return data.copy(rows=_located(data.rows, index.rows), marks=data.marks | index.marks, test=None)


def _located(rows: Rows, index: Rows) -> Rows:
    """Return the rows that an index of known origin takes: it was cut from the same rows, or counts their positions."""
    cuts = [tuple(part for part in path[1:] if isinstance(part, Selection)) for path in index]
    if not cuts or not rows:
        return rows
    found: list[Rows] = []
    for path in rows:
        for cut in cuts:
            added: Path = tuple(selection for selection in cut if selection not in path)
            found.append(frozenset([(*path, *added)]))
    return join(*found) if found else NOTHING


def set_item(base: Value, index: Any, index_value: Value | None, value: Value) -> None:
    """Carry out `base[index] = value`: a column by name, some rows, or an element under a literal key."""
    if isinstance(base, Group):
        if len(base.elements) < ELEMENTS_LIMIT:
            if base.keys is not None:
                base.keys.append(index_value.value if isinstance(index_value, Constant) else object())
            base.elements.append(value)
            base.open = True
        return
    if not isinstance(base, Data):
        return
    data = data_of(value)
    if isinstance(index_value, Group) and index and index[0] == "group" and len(index_value.elements) == 2:
        names = column_names(index_value.elements[1])
    else:
        names = column_names(index_value)
    if names is None:
        base.set_column(None, data)
        return
    for name in names:
        before = base.columns.get(name, frozenset())
        base.set_column(name, data)
        if isinstance(index_value, Group) and index and index[0] == "group" and index[1] == "tuple":
            base.columns[name] |= before
