"""The values of the program model: data with their rows, objects with their state, and the program's own functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from auditor.analysis.flow.rows import NOTHING, Rows, extend, join
from auditor.analysis.flow.rows import Selection as Selection

if TYPE_CHECKING:
    from auditor.analysis.flow.scopes import Scope

COLUMNS_LIMIT = 60
FUNCTIONS_LIMIT = 12
PARTS_LIMIT = 200
"""So many values are looked at that an object, a list or a dict is put together from."""
DEPTH_LIMIT = 6
"""Lists within lists are looked into so deep."""
MARKS_LIMIT = 100
"""Of more marks of one value, the earliest are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What was computed over several rows and went into a value: the operation, where, and over which rows.

    `kind` is a word of `auditor.analysis.leakage.operations`; `name` the call as written.
    """

    kind: str
    name: str
    place: Place
    rows: Rows
    names: tuple[str, ...] = ()
    """The author's names of what went in and what came out."""
    fitted: bool = False
    """An object was fitted for it, which could have been fitted on other rows."""


Marks = frozenset[Mark]
NO_MARKS: Marks = frozenset()


@dataclass(slots=True, eq=False)
class Data:
    """Rows of a data set, or anything computed from them; an empty set of rows is a value of unknown or no origin.

    `columns` are the marks of single columns, by name, beside `marks`, which hold for all. `item` is true of a single
    row. `used` are the numbers of the predictions that it was made from. `test` is the condition it was computed by.
    """

    rows: Rows = NOTHING
    marks: Marks = NO_MARKS
    columns: dict[str, Marks] = field(default_factory=dict)
    item: bool = False
    used: frozenset[int] = frozenset()
    test: tuple[str, tuple[str, ...]] | None = None
    opaque: str = ""
    """The call that made it, where that call could not be looked into."""
    name: str = ""
    series: bool = False
    """A single column."""
    grouped: bool = False
    """Rows in groups, of which one statistic each is about to be taken."""
    pieces: tuple[Data, ...] = ()
    """What was put below each other to make it, in order."""
    owner: tuple[Data, str | None] | None = None
    """The table that this is a column of, and the column's name: what changes the column in place changes the table."""

    def __post_init__(self) -> None:
        if len(self.marks) > MARKS_LIMIT:
            self.marks = frozenset(sorted(self.marks, key=lambda m: (m.place.line, m.kind, m.name))[:MARKS_LIMIT])

    def all_marks(self) -> Marks:
        """Return the marks of the whole and of every column."""
        if not self.columns:
            return self.marks
        return self.marks.union(*self.columns.values())

    def copy(self, **changes: Any) -> Data:
        """Return a value of its own with the same content."""
        known = {
            "rows": self.rows, "marks": self.marks, "columns": dict(self.columns), "item": self.item,
            "used": self.used, "opaque": self.opaque, "name": self.name, "series": self.series, "grouped": self.grouped,
            "pieces": self.pieces,
        }  # fmt: skip
        return Data(**{**known, **changes})

    def column(self, name: str) -> Data:
        """Return one column."""
        marks = self.marks | self.columns.get(name, NO_MARKS)
        return Data(self.rows, marks, item=self.item, used=self.used, name=self.name, series=True,
                    grouped=self.grouped, owner=(self, name))  # fmt: skip

    def some_columns(self, names: Iterable[str]) -> Data:
        """Return several columns as a table."""
        kept = {name: self.columns[name] for name in names if name in self.columns}
        return self.copy(columns=kept)

    def without(self, names: Iterable[str]) -> Data:
        """Return the table without some columns."""
        gone = set(names)
        return self.copy(columns={name: marks for name, marks in self.columns.items() if name not in gone})

    def selected(self, selection: Selection) -> Data:
        """Return the rows that a selection takes."""
        return self.copy(rows=extend(self.rows, selection))

    def piece(self, which: int) -> Data:
        """Return one of the pieces, with what was computed into the whole since they were put together."""
        others = frozenset().union(*(one.all_marks() for one in self.pieces))
        gone = others - self.pieces[which].all_marks()
        columns = {name: marks - gone for name, marks in self.columns.items()}
        return self.copy(rows=self.pieces[which].rows, marks=self.marks - gone, columns=columns, pieces=())

    def identify(self, place: Place) -> None:
        """Give data of no known origin one of their own, in place, once something is done to them as a whole."""
        if not (self.rows or self.marks or self.used):
            self.rows = frozenset({(f"value {place.path}:{place.line}",)})
            if self.owner is not None and not self.owner[0].rows:
                self.owner[0].rows = self.rows

    def set_column(self, name: str | None, value: Data) -> None:
        """Put a value into a column, in place; without a name, into some column or other."""
        self.used |= value.used
        if not self.rows:
            self.rows = value.rows
        if name is None or len(self.columns) > COLUMNS_LIMIT:
            self.marks |= value.all_marks()
        else:
            self.columns[name] = value.all_marks()


@dataclass(slots=True, eq=False)
class Group:
    """A tuple, list or dict whose elements are known; `keys` of a dict that has literal ones. `open` lists grow."""

    elements: list[Value]
    keys: list[Any] | None = None
    open: bool = False

    def get(self, key: Any) -> Value | None:
        """Return the element under a literal key."""
        if self.keys is not None:
            for known, element in zip(reversed(self.keys), reversed(self.elements), strict=True):
                if known == key and type(known) is type(key):
                    return element
            return None
        if isinstance(key, int) and not self.open and -len(self.elements) <= key < len(self.elements):
            return self.elements[key]
        return None


@dataclass(slots=True, eq=False)
class Thing:
    """An object: an estimator, a layer, an instance of the program's own class. `fits` are its trainings, in order."""

    type: str
    place: Place
    name: str = ""
    parts: list[Value] = field(default_factory=list)
    attributes: dict[str, Value] = field(default_factory=dict)
    cls: Class | None = None
    fits: list[int] = field(default_factory=list)
    data: Data | None = None
    """The rows of a data set of the program's own class."""
    shuffles: bool = False
    """It mixes the rows before it cuts them."""
    augments: bool = False
    """It changes what it is given at random."""
    safe: bool = False
    """It fits its own steps on the rows it is trained on alone: a pipeline, a cross-validated search."""


@dataclass(slots=True, eq=False)
class Library:
    """A name that the program itself does not define; `imported` where an import says what it is."""

    name: str
    imported: bool = False


@dataclass(slots=True, eq=False)
class Constant:
    """A literal."""

    value: Any


@dataclass(slots=True, eq=False)
class Function:
    """A function of the program, with the scope it was defined in; `bound` is the object of a method."""

    name: str
    parameters: tuple[tuple[str, Any], ...]
    body: tuple[Any, ...]
    scope: Scope
    line: int
    bound: Value | None = None
    plain: bool = False
    """A lambda: the body is one expression. """
    reads_as_value: bool = False
    """A property."""
    others: tuple[Function, ...] = ()
    """What it may be instead: a condition, or a key that is not known, has picked it."""


@dataclass(slots=True, eq=False)
class Class:
    """A class of the program: its own methods, and its bases as values."""

    name: str
    scope: Scope
    bases: list[Value]
    methods: dict[str, Function]
    members: dict[str, Value]
    line: int

    def find(self, name: str, depth: int = 0) -> Value | None:
        """Return a method or member by name, its own or a base's."""
        if name in self.methods:
            return self.methods[name]
        if name in self.members:
            return self.members[name]
        for base in self.bases:
            if isinstance(base, Class) and depth < 8 and (found := base.find(name, depth + 1)) is not None:
                return found
        return None

    def library_bases(self, depth: int = 0) -> list[str]:
        """Return the names of the libraries' classes that it derives from."""
        found: list[str] = []
        for base in self.bases:
            if isinstance(base, Library):
                found.append(base.name)
            elif isinstance(base, Class) and depth < 8:
                found += base.library_bases(depth + 1)
        return found


Value = Data | Group | Thing | Library | Constant | Function | Class


def values_in(value: Value | None, opens: Callable[[Value], bool]) -> Iterator[Value]:
    """Yield a value and what it holds, each once and the first ones first, up to a number.

    `opens` tells which objects, lists and dicts are looked into.
    """
    pending, seen = [value], set[int]()
    while pending and len(seen) < PARTS_LIMIT:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, Thing | Group) and opens(one):
            parts = one.parts if isinstance(one, Thing) else one.elements
            pending += reversed(parts[:PARTS_LIMIT])


def things_in(value: Value | None, opens: Callable[[Value], bool]) -> Iterator[Thing]:
    """Yield the objects that a value is or holds, as `values_in` does."""
    return (one for one in values_in(value, opens) if isinstance(one, Thing))


def members_of(group: Group) -> list[Value]:
    """Return what a list or dict holds, within lists and dicts too, each once and up to a number."""
    return [one for one in values_in(group, lambda one: isinstance(one, Group)) if not isinstance(one, Group)]


def data_of(value: Value | None, depth: int = 0, known: dict[int, Data] | None = None) -> Data:
    """Return a value as data: what its elements hold together; `known` are the lists that were looked into."""
    if isinstance(value, Data):
        return value
    if isinstance(value, Thing) and value.data is not None:
        return value.data
    if isinstance(value, Group) and depth < DEPTH_LIMIT:
        known = {} if known is None else known
        if id(value) not in known:
            alone = len(value.elements) == 1 and not value.open  # one row in brackets is still one row
            several = [data_of(element, depth + 1, known) for element in value.elements[:60]]
            known[id(value)] = merged(several, item=None if alone else False)
        return known[id(value)]
    if isinstance(value, Library) and not value.imported:
        return Data(frozenset({(f"name {value.name}",)}), name=value.name)
    return Data()


def merged(several: list[Data], item: bool | None = None) -> Data:
    """Return one value that holds the rows and marks of all."""
    several = [one for one in several if one.rows or one.marks or one.columns or one.used]
    if not several:
        return Data()
    if len(several) == 1:
        return several[0].copy(item=several[0].item if item is None else item)
    columns: dict[str, Marks] = {}
    for one in several:
        for name, marks in one.columns.items():
            columns[name] = columns.get(name, NO_MARKS) | marks
    return Data(
        join(*(one.rows for one in several)),
        frozenset().union(*(one.marks for one in several)),
        columns,
        item=all(one.item for one in several) if item is None else item,
        used=frozenset().union(*(one.used for one in several)),
        name=next((one.name for one in several if one.name), ""),
    )


def one_of(functions: list[Function]) -> Function:
    """Return a function that may be any of several, up to a few."""
    known = {id(one.body): one for function in functions for one in (function, *function.others)}
    first, *others = list(known.values())[:FUNCTIONS_LIMIT]
    return replace(first, others=tuple(replace(other, others=()) for other in others)) if others else first


Together = dict[tuple[int, int], Value]


def either(one: Value | None, other: Value | None, depth: int = 0, known: Together | None = None) -> Value:
    """Return a value that may be the one or the other; `known` are the lists that were put together."""
    if one is None or one is other:
        return other if other is not None else Data()
    if other is None:
        return one
    if isinstance(one, Data | Group) and isinstance(other, Data | Group):
        if isinstance(one, Group) and isinstance(other, Group) and len(one.elements) == len(other.elements):
            known, pair = {} if known is None else known, (id(one), id(other))
            if pair not in known and depth < DEPTH_LIMIT:
                both = [either(a, b, depth + 1, known) for a, b in zip(one.elements, other.elements, strict=True)]
                keys = list(one.keys) if one.keys is not None and one.keys == other.keys else None
                known[pair] = Group(both, keys, one.open or other.open)
            if pair in known:
                return known[pair]
        return merged([data_of(one), data_of(other)])
    if isinstance(one, Function) and isinstance(other, Function):
        return one_of([one, other])
    if isinstance(one, Constant | Library) or (isinstance(one, Data) and not one.rows):
        return other
    return one if isinstance(other, Constant | Library | Data) else other
