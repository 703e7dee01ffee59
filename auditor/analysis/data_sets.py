"""Which data sets the main experiments need, how each of them comes, and which one is the hardest to get.

Four steps: what the started programs get to (`data_reach`), which of that must come from outside, how each of these
comes (by what is said of it, or else of the data as a whole), and the weakest of them, which decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from auditor.analysis.call_graph import Program
from auditor.analysis.data_reach import Reach, made_by_command, only_draws
from auditor.repository.data.code import ENVIRONMENT
from auditor.repository.data.known import canonical
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

    made: DataSet | None = None
    """What a documented command makes for the other programs to read; None where no command does."""

    @property
    def main(self) -> tuple[DataSet, ...]:
        """Those of the main experiments."""
        return tuple(item for item in self.items if item.main)

    def by_how(self, *how: str) -> tuple[DataSet, ...]:
        """Return the main data sets that come in one of these ways."""
        return tuple(item for item in self.main if item.how in how)

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
        """The level and the data set that decides it.

        Where nothing tells and no path can only be answered from outside, the programs may make their data. What no
        started program reaches counts only where they reach nothing.
        """
        found = _Ways(self.main).verdict
        if found[0] != "none" or _certain(found[1]):
            return found
        if self.made:
            return "na", self.made
        found = _Ways(self.items).verdict
        if found[0] == "none" and not _certain(found[1]) and self.draws and not _asked_for(found[1]):
            return "na", DataSet(self.draws.name, (self.draws,), main=True)
        return found


def _certain(item: DataSet | None) -> bool:
    return item is not None and item.sure


def _asked_for(item: DataSet | None) -> bool:
    """Return whether a program reads this path, or has an option for it."""
    return item is not None and (item.best.read or item.name.startswith("-"))


@dataclass(frozen=True)
class _Ways:
    """How the data sets of some programs come."""

    items: tuple[DataSet, ...]

    def _by_how(self, *how: str) -> list[DataSet]:
        return [item for item in self.items if item.how in how]

    @cached_property
    def told(self) -> list[DataSet]:
        """Those that documents tell how to get; those first of which most is said: what to do, and where."""
        told = (item for item in self._by_how("instructions") if not item.in_code)
        return sorted(told, key=lambda item: (not item.best.sure, not item.urls, not item.best.data_set))

    @cached_property
    def telling(self) -> list[DataSet]:
        """Those of the told that are asked to be got, or have an address or a known name."""
        return [item for item in self.told if item.best.sure or item.best.url or item.best.data_set]

    @property
    def verdict(self) -> Verdict:
        """The level and the data set that decides it: the weakest that must come from outside, if any must."""
        outside = list(self._from_outside())
        if outside:
            return max(outside, key=lambda found: _ORDER.index(found[0]))
        return self._from_inside()

    def _from_outside(self) -> Iterable[Verdict]:
        """Yield how each data set comes that must come from outside.

        For a path that only data from outside can answer, and of which nothing is said, what is told of the data as a
        whole counts, or a comment in the source that reads it; a download of something else does not.
        """
        fetched, paths = self._by_how("downloaded"), self._by_how("path")
        for item in paths:
            if item.sure and self.told:
                yield "instructions", self.told[0]
            elif item.sure:
                yield "instructions" if self._noted(item) else "none", item
        for item in sorted(fetched, key=lambda item: (not item.urls, not item.best.data_set)):
            yield "downloaded", item
        for item in self.told:
            if item.by_path or (item.best.sure and (not fetched or _has_place(item))):
                yield "instructions", item
        acted_in = any(item.name.startswith(ENVIRONMENT) for item in self.items)
        if self.telling and paths and not fetched and not acted_in:
            yield "instructions", self.telling[0]

    def _from_inside(self) -> Verdict:
        """Return how the data come where none must come from outside: what programs act in, load, find here or make."""
        made, paths = self._by_how("generated"), self._by_how("path")
        acted_in = [item for item in made if item.name.startswith(ENVIRONMENT)]
        here = sorted(self._by_how("included", "loader"), key=_showing)
        loaded = [item for item in here if item.how == "loader" or item.best.read]
        if acted_in:
            return "na", acted_in[0]
        if loaded:
            return "included", loaded[0]
        if self.telling:
            return "instructions", self.telling[0]
        if here:
            return "included", here[0]
        if rest := self.told or self._by_how("instructions"):
            return "instructions", rest[0]
        certain = [item for item in made if item.sure]
        if certain or (made and not paths):
            return "na", (certain or made)[0]
        return "none", next(iter(sorted(paths, key=lambda item: not item.read)), None)

    def _noted(self, item: DataSet) -> bool:
        """Return whether a comment in a source that reads the data says where some are to be got."""
        return any(item.files & other.files for other in self._by_how("instructions") if other.in_code)


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
    made = made_by_command(repository, program)
    return DataSets(sets, only_draws(program), DataSet(made.name, (made,), main=True) if made else None)


def _data_set(name: str, items: Iterable[DataReference], reach: Reach | None) -> DataSet:
    near = [item for item in items if reach is None or reach.holds(item)]
    ordered = tuple(sorted(near or items, key=_ease))
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
