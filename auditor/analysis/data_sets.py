"""Which data sets the experiments need, how each of them comes, and which one is the hardest to get."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from auditor.analysis.call_graph import Node, Program
from auditor.analysis.fitting import fit_strength
from auditor.repository.data_calls import last_part, reads_back, reads_file, writers
from auditor.repository.data_code import ENVIRONMENT
from auditor.repository.data_files import PART
from auditor.repository.data_sets import canonical
from auditor.repository.data_titles import short_title
from auditor.repository.model import Call, DataReference, Repository, Source

_OWN_OUTPUT = re.compile(
    r"""^["'](?:[^"']{0,200}[/_.])?(?:results?|logs?|outputs?|figs?|figures?|plots?)[/_.\w]""", re.I
)
_DRAWS = re.compile(
    r"^(numpy\.random|random|torch\.(rand|normal|bernoulli|distributions)|tensorflow\.(random|truncated_normal)|jax\.random"
    r"|scipy\.stats)(\.|n|$)|\.rvs$"
)
_AFTERWARDS = re.compile(
    r"(^|[_-])(eval\w{0,8}|test|plot\w{0,8}|visuali[sz]e\w{0,3}|analy[sz]e\w{0,3}|analysis|draw|show)([_.-]|$)", re.I
)
_TRAINS = re.compile(r"(^|[_-])train", re.I)
Level = Literal["included", "downloaded", "instructions", "none", "na"]


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
        told = self.how == "instructions" or "://" in name
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
    def part(self) -> bool:
        """Whether only lists about a data set, or excerpts of it, lie in the tree, which no line of the code reads."""
        names = (item.name.rpartition("/")[2] for item in self.references)
        return self.how == "included" and not self.best.read and all(PART.search(name) for name in names)

    @property
    def in_code(self) -> bool:
        """Whether only a comment in the code says how to get it."""
        told = [item for item in self.references if item.how == "instructions"]
        return all(item.evidence.path.endswith((".py", ".ipynb")) for item in told)

    def decides(self, fetched: bool, needs: bool) -> bool:
        """Return whether written instructions stand for data that nothing else here brings.

        They ask to get data by hand, or give an address or name of data; where scripts fetch data, only those decide
        that ask, and beside the top README they must name a data set.
        """
        item = self.best
        if not fetched:
            return bool(item.sure or item.url or item.data_set)
        top = "/" not in item.evidence.path
        return (item.sure or (needs and top)) and bool(item.data_set or (item.url and top))

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
    def _verdict(self) -> tuple[Level, DataSet | None]:
        """The level and the data set that decides it.

        Instructions cover the data for which nothing better is there. Where none are written, a path that only data
        from outside can answer is the weakest. What no started program reaches counts only where they reach nothing.
        """
        found = self._of(self.main)
        weak = found[1] is None or not (found[1].sure or found[1].best.read)
        if found[0] == "none" and weak and self.made:
            return "na", self.made
        if found[0] == "none" and not (found[1] and found[1].sure):
            found = self._of(self.items)
        weak = found[1] is None or not (found[1].sure or found[1].best.read or found[1].name.startswith("-"))
        if found[0] == "none" and weak and self.draws:
            return "na", DataSet(self.draws.name, (self.draws,), main=True)
        return found

    def _of(self, items: tuple[DataSet, ...]) -> tuple[Level, DataSet | None]:
        told = _best_first(item for item in items if item.how == "instructions" and not item.in_code)
        fetched = _best_first(item for item in items if item.how == "downloaded")
        here = sorted((item for item in items if item.how in ("included", "loader")), key=_showing)
        unsaid = [item for item in items if item.how == "path" and item.sure]
        if unsaid and not told and not fetched:
            left = [item for item in unsaid if not self._commented(item)]
            return ("none", left[0]) if left else ("instructions", unsaid[0])
        got = {item.name for item in (*told, *fetched)}
        lacking = [item for item in unsaid if item.best.data_set and item.best.sure and item.name not in got]
        if lacking and not told:
            return "none", lacking[0]
        needs = any(item.how == "path" and item.sure for item in items)
        deciding = [item for item in told if item.decides(bool(fetched), needs)]
        if deciding:
            return "instructions", deciding[0]
        if fetched:
            return "downloaded", fetched[0]
        wanted = [item for item in items if item.how == "path"]
        made = [item for item in items if item.how == "generated"]
        acted = [item for item in made if item.name.startswith(ENVIRONMENT)]
        unread = all(item.how == "included" and not (item.best.read and item.best.data_set) for item in here)
        if here and not (wanted and all(item.part for item in here)) and not (acted and unread):
            return "included", here[0]
        rest = told or [item for item in items if item.how == "instructions"]
        if rest:
            return "instructions", rest[0]
        read = [item for item in wanted if any(r.read for r in item.references)]
        certain = [item for item in made if item.sure]
        if made and not read and (certain or not wanted):
            return "na", (certain or made)[0]
        return "none", next(iter((*read, *wanted)), None)

    def _commented(self, item: DataSet) -> bool:
        """Return whether a comment in the file that reads the data says where they are to be got."""
        files = {reference.evidence.path for reference in item.references}
        told = (r for other in self.items if other.how == "instructions" for r in other.references)
        return any(r.evidence.path in files for r in told)


def _best_first(sets: Iterable[DataSet]) -> list[DataSet]:
    """Return the sets with those first of which most is said: what to do, and where."""
    return sorted(sets, key=lambda item: (not item.best.sure, not item.urls, not item.best.data_set))


def _showing(item: DataSet) -> tuple[str, bool]:
    """Return the rank of data that are here: files first, and pictures (mostly figures) last of them."""
    return item.how, item.name.lower().endswith((".png", ".jpg", ".jpeg", ".svg", ".gif", ".pdf", ".eps"))


@dataclass(frozen=True)
class _Reach:
    """What the started programs get to."""

    nodes: frozenset[Node]
    known: frozenset[str]
    """The sources of which the program knows."""
    by_name: bool
    """Whether a function may be chosen by a name that is put together while the program runs."""

    @classmethod
    def of(cls, program: Program | None) -> _Reach | None:
        """Return the reach of a program; None where nothing is started, and nothing can be told apart."""
        if program is None or not program.started:
            return None
        nodes = frozenset(node for entry in _main(program) for node in program.reached(entry))
        calls = (call for path, source in program.sources.items() if (path, "") in nodes for call in source.calls)
        return cls(nodes, frozenset(program.sources), any(_chooses_by_name(call) for call in calls))

    @cached_property
    def files(self) -> frozenset[str]:
        """The files of which at least the module level runs."""
        return frozenset(path for path, _ in self.nodes)

    def holds(self, item: DataReference) -> bool:
        """Return whether a reference is within reach; what is no code always is.

        A function that nothing calls may read what nobody has, unless functions are chosen by name.
        """
        path = item.evidence.path
        if path not in self.known:
            return True
        if item.how == "path" and not self.by_name:
            return (path, item.within) in self.nodes
        return path in self.files


def _main(program: Program) -> tuple[Source, ...]:
    """Return the programs of the main experiments: all that are started.

    Those that by their names evaluate or draw are left out where another one fits a model. A training program in a
    folder of which nothing is started is an experiment of its own.
    """
    left = tuple(entry for entry in program.started if not _AFTERWARDS.search(last_part(entry.path)))
    calls = program.running_calls(left)
    main = left if any(fit_strength(program, source, call) for source, call in calls) else program.started
    folders = {entry.path.rpartition("/")[0] for entry in program.started}
    others = (entry for entry in program.entry_points if entry.path.rpartition("/")[0] not in folders)
    return main + tuple(entry for entry in others if _TRAINS.search(last_part(entry.path)))


def data_sets(repository: Repository, program: Program | None) -> DataSets:
    """Return the data sets that code, scripts, documents and tree refer to, merged by name."""
    reach = _Reach.of(program)
    groups: dict[str, list[DataReference]] = {}
    for item in repository.data:
        groups.setdefault(item.data_set or item.name, []).append(item)
    sets = tuple(_data_set(name, items, reach) for name, items in groups.items())
    if program is None:
        return DataSets(sets)
    return DataSets(sets, _only_draws(program), _made_by_command(repository, program))


def _made_by_command(repository: Repository, program: Program) -> DataSet | None:
    """Return what a documented program makes of nothing for others: a later command reads the file that it was given.

    None where no program does, or where it may read data of others itself.
    """
    makers = {c.resolved for c in repository.commands if c.purpose == "data"}
    given: dict[str, str | None] = {}
    for command in repository.commands:
        for name in re.findall(r"[\w./-]{1,200}/[\w.-]{1,100}\.\w{1,8}\b", command.shell[:4_000]):
            if name not in repository.by_path and given.setdefault(name, command.resolved) != command.resolved:
                makers.add(given[name])
    entries = tuple(program.sources[path] for path in makers if path in program.sources)
    files = {path for entry in entries for path, _ in program.reached(entry)}
    found = [item for item in repository.data if item.how == "generated" and item.evidence.path in files]
    return next((DataSet(item.name, (item,), main=True) for item in found if item.sure), None)


def _data_set(name: str, items: Iterable[DataReference], reach: _Reach | None) -> DataSet:
    near = [item for item in items if reach is None or reach.holds(item)]
    ordered = tuple(sorted(near or items, key=_ease))
    return DataSet(name, ordered, main=bool(near))


def _only_draws(program: Program) -> DataReference | None:
    """Return the first random draw of programs that open no file but their own results; None where one does."""
    draw = None
    written = writers(program.repository)
    for source in program.sources.values():
        for call in source.calls:
            if reads_file(call) and not (reads_back(call, written) or _OWN_OUTPUT.search(" ".join(call.arguments[:1]))):
                return None
            if draw is None and _DRAWS.search(call.name):
                evidence = source.evidence(call.line, call.statement)
                draw = DataReference(f"random draws ({call.name})", "generated", evidence)
    return draw if program.entry_points else None


def _chooses_by_name(call: Call) -> bool:
    if call.name == "getattr":
        return len(call.arguments) > 1 and call.arguments[1][:1] not in "\"'"
    return call.name in ("pydoc.locate", "locate", "globals", "eval", "importlib.import_module", "__import__")


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
