"""Which data sets the main experiments need, how each of them comes, and which one is the hardest to get.

Three steps: what the started programs get to (`data_reach`), how each data set comes most easily, and the weakest of
them, which decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from auditor.analysis.call_graph import Program
from auditor.analysis.data_reach import Reach, only_draws
from auditor.known_data import canonical
from auditor.repository.data.code import ENVIRONMENT
from auditor.repository.data.titles import short_title
from auditor.repository.model import DataReference, Repository

Level = Literal["included", "downloaded", "instructions", "none", "na"]
_ORDER: tuple[Level, ...] = ("included", "downloaded", "instructions", "none")


@dataclass(frozen=True)
class DataSet:
    """One data set with all that the repository says of it, the easiest way to get it first."""

    name: str
    references: tuple[DataReference, ...]
    main: bool
    """Whether a program that is started gets to it, or a document or script names it."""

    @property
    def best(self) -> DataReference:
        """The reference by which it is got most easily."""
        return self.references[0]

    @property
    def title(self) -> str:
        """The name as a reader knows it: as it is written where it is got."""
        name, known = self.best.name.strip(), self.best.data_set
        told = self.how == "instructions" or "://" in name or name.endswith(":")
        short = short_title(name, self.best.evidence) if told else name[:120]
        if self.how == "downloaded" and not self.best.url:
            short = short_title("", self.best.evidence)  # the call or command that fetches, and not what
        if known:
            return short if canonical(short) == known else known
        return short

    @property
    def how(self) -> str:
        """How it comes: `loader`, `included`, `downloaded`, `instructions`, `path` or `generated`."""
        return self.best.how

    @property
    def sure(self) -> bool:
        """Whether only data from outside can answer the path by which it is read.

        A file in a folder that several programs read, and that none of them writes, is such a one too.
        """
        readers = {item.evidence.path for item in self.references if item.read and "/" in item.name.strip("./")}
        return any(item.sure for item in self.references) or len(readers) > 1

    @property
    def read(self) -> bool:
        """Whether a line of the code reads it."""
        return any(item.read for item in self.references)

    @property
    def by_path(self) -> bool:
        """Whether the code names a path to it that leads to nothing here."""
        return any(item.how == "path" for item in self.references)

    @property
    def in_code(self) -> bool:
        """Whether only a comment in the code says how to get it."""
        told = [item for item in self.references if item.how == "instructions"]
        return all(item.evidence.path.endswith((".py", ".ipynb")) for item in told)

    @property
    def fixed(self) -> str:
        """What fixes its content where it is got: a version, a revision, a checksum."""
        return next((item.fixed for item in self.references if item.fixed), "")

    @property
    def access(self) -> str:
        """What must be done before it is handed out: `registration`, `request`, or nothing that is stated."""
        return next((item.access for item in self.references if item.access), "")

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses given for it."""
        return tuple(dict.fromkeys(item.url for item in self.references if item.url and "://" in item.url))

    @cached_property
    def files(self) -> frozenset[str]:
        """The files that refer to it."""
        return frozenset(item.evidence.path for item in self.references)


Verdict = tuple[Level, DataSet | None]


@dataclass(frozen=True)
class DataSets:
    """The data sets of a repository."""

    items: tuple[DataSet, ...]
    draws: DataReference | None = None
    """Where programs that read no file draw what they work on; None for all others."""

    @property
    def main(self) -> tuple[DataSet, ...]:
        """Those of the main experiments."""
        return tuple(item for item in self.items if item.main)

    @cached_property
    def weakest(self) -> DataSet | None:
        """The main data set that is hardest to get; None where there is none."""
        return self._verdict[1]

    @cached_property
    def level(self) -> Level:
        """How the weakest main data set comes, in the guide's words."""
        return self._verdict[0]

    @cached_property
    def _verdict(self) -> Verdict:
        """The level and the data set that decides it; what no started program reaches counts where they reach nothing.

        Programs that open no file, and have no option for one, draw what they work on.
        """
        found = _verdict(self.main)
        if found[0] != "none" or (found[1] and found[1].sure):
            return found
        level, item = _verdict(self.items)
        asked_for = item and (item.sure or item.best.read or item.name.startswith("-"))
        if level == "none" and self.draws and not asked_for:
            return "na", DataSet(self.draws.name, (self.draws,), main=True)
        return level, item


def _verdict(items: tuple[DataSet, ...]) -> Verdict:
    """Return how the weakest of some data sets comes, and which it is.

    What must come from outside decides before what is here: a path that nothing here can answer, data that the reader
    is asked to get, and data that code fetches. An environment in which an agent acts needs no data; what documents
    merely point at counts where the programs take a path to data, or where nothing else is known.
    """

    def come(*how: str) -> list[DataSet]:
        return [item for item in items if item.how in how]

    paths, made = come("path"), come("generated")
    told = sorted(come("instructions"), key=lambda item: (item.in_code, not item.best.sure, not item.urls))
    asked = [item for item in told if item.best.sure or item.by_path]
    pointed = [item for item in told if item.best.url or item.best.data_set]
    fetched = sorted(come("downloaded"), key=lambda item: (not item.urls, not item.best.data_set))
    here = sorted(come("included", "loader"), key=_showing)
    used = [item for item in here if item.how == "loader" or item.best.read]
    lacking = [item for item in paths if item.sure]
    steps: tuple[tuple[Level, list[DataSet]], ...] = (
        ("instructions", told[:1] if lacking else []),
        ("none", lacking),
        ("instructions", [item for item in asked if not fetched or _has_place(item)]),
        ("downloaded", fetched),
        ("na", [item for item in made if item.name.startswith(ENVIRONMENT)]),
        ("instructions", asked or (pointed if paths else [])),
        ("included", used),
        ("instructions", pointed),
        ("included", here),
        ("instructions", told),
        ("na", [item for item in made if item.sure]),
        ("none", sorted(paths, key=lambda item: not item.read)),
        ("na", made),
    )
    return next(((level, found[0]) for level, found in steps if found), ("none", None))


def _has_place(item: DataSet) -> bool:
    """Return whether the top README gives the address of what it asks to get; others also ask for what scripts need."""
    return bool(item.best.url) and "/" not in item.best.evidence.path


def _showing(item: DataSet) -> tuple[str, bool]:
    """Return the rank of data that are here: files first, and pictures (mostly figures) last of them."""
    return item.how, item.name.lower().endswith((".png", ".jpg", ".jpeg", ".svg", ".gif", ".pdf", ".eps"))


def data_sets(repository: Repository, program: Program | None) -> DataSets:
    """Return the data sets that code, scripts, documents and tree refer to, merged by name."""
    reach = Reach.of(program)
    groups: dict[str, list[DataReference]] = {}
    for item in repository.data:
        groups.setdefault(item.data_set or item.name, []).append(item)
    sets = tuple(_data_set(name, items, reach) for name, items in groups.items())
    if program is None:
        return DataSets(sets)
    return DataSets(sets, only_draws(program))


def _data_set(name: str, items: Iterable[DataReference], reach: Reach | None) -> DataSet:
    near = [item for item in items if reach is None or reach.holds(item)]
    known = [item for item in items if item in near or item.how in ("loader", "downloaded", "included")]
    ordered = tuple(sorted(known if near else items, key=_ease))
    return DataSet(name, ordered, main=bool(near))


def _ease(item: DataReference) -> int:
    """Return the rank of a way to get data, the easiest first.

    A file that lies in the tree and that no line reads may be an excerpt or a list of names: where a script fetches the
    set, or the reader is asked to, that counts.
    """
    ranks = {"loader": 0, "downloaded": 2, "path": 7, "generated": 8}
    if item.how == "included":
        return 1 if item.read else 4
    if item.how == "instructions":
        in_code = item.evidence.path.endswith((".py", ".ipynb"))
        return 6 if in_code else 3 if item.sure else 5
    return ranks[item.how]
