"""Which random generators the experiment code draws from, which are seeded, from where, and whether that runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeVar

from auditor.analysis.call_graph import Node, Program
from auditor.analysis.main_programs import ranked_programs
from auditor.analysis.randomness.generators import (
    CUSTOMARY,
    DRAWS,
    FRAMEWORK_DEFAULTS,
    LOCAL_GENERATORS,
    SEEDS,
    SKLEARN,
)
from auditor.analysis.randomness.seed_values import SeedValues
from auditor.analysis.reach import Reach
from auditor.findings import FileEvidence
from auditor.repository.model import Call, Source

Level = Literal["full", "partial", "none", "na"]


@dataclass(frozen=True, slots=True)
class Draw:
    """A place that draws from a library's generator; `seeded` where a generator or argument of its own fixes it."""

    library: str
    node: Node
    evidence: FileEvidence
    line: int
    seeded: bool = False
    initial: bool = False
    """It draws a layer's first weights, which loading trained ones replaces."""


@dataclass(frozen=True, slots=True)
class Seeding:
    """A call that seeds `libraries` with `value`; `fixed` is False where that is drawn at random or None."""

    libraries: tuple[str, ...]
    node: Node
    evidence: FileEvidence
    line: int
    value: str
    fixed: bool


@dataclass(frozen=True)
class EntryRandomness:
    """What one entry point draws and seeds, as far as it reaches."""

    entry: Source
    draws: dict[str, tuple[Draw, ...]] = field(default_factory=dict)
    seeds: dict[str, tuple[Seeding, ...]] = field(default_factory=dict)
    unseen: bool = False
    """It imports modules of its own that are not in the tree: what draws may stand there."""

    @property
    def seeded(self) -> frozenset[str]:
        """The libraries drawn from whose every draw is fixed."""
        return frozenset(
            library
            for library, draws in self.draws.items()
            if library in self.seeds or all(draw.seeded for draw in draws)
        )

    @property
    def level(self) -> Level:
        """`full`, `partial`, `none` of the libraries are seeded, or `na` where nothing is drawn."""
        if not self.draws:
            return "full" if self.seeds and self.unseen else "na"
        if len(self.seeded) == len(self.draws):
            return "full"
        return "partial" if self.seeded or self.seeds else "none"


@dataclass(frozen=True)
class Randomness:
    """The randomness of a program."""

    program: Program

    @property
    def unread(self) -> str:
        """A sentence on the experiment code that is not known; else empty."""
        return self.program.unread

    @cached_property
    def draws(self) -> tuple[Draw, ...]:
        """Every draw in the experiment code."""
        return tuple(draw for source in self.program.sources.values() for draw in _draws(source, self._values))

    @cached_property
    def seedings(self) -> tuple[Seeding, ...]:
        """Every seeding call in the experiment code, reached or not."""
        return tuple(seed for source in self.program.sources.values() for seed in _seedings(source, self._values))

    @cached_property
    def entries(self) -> tuple[EntryRandomness, ...]:
        """The programs that count: those that train, as the documentation starts them, else those that draw at all.

        What the top README starts stands before other documents, these before scripts, these before what nothing
        starts. Where no program is seen to draw or seed anything, the code is taken as one program: who calls what
        cannot always be told.
        """
        *started, evaluating, every = ranked_programs(self.program)
        for group in started:
            if drawing := self._drawing(group):
                return self._training(drawing) or drawing
        all_drawing, evaluated = self._drawing(every), self._drawing(evaluating)
        all_training = self._training(all_drawing)
        if evaluated and (self._training(evaluated) or not all_training):
            return self._training(evaluated) or evaluated
        if all_drawing:
            used = {path for paths in self.program.imports.values() for path in paths}
            aside = {e.entry.path for e in all_drawing if e.entry.path in used or _ASIDE.search(e.entry.path)}
            return tuple(e for e in all_drawing if e in all_training or e.entry.path not in aside) or all_drawing
        whole = self._whole()
        return (whole,) if whole and whole.level != "na" else tuple(self._of(entry) for entry in every)

    def _drawing(self, programs: tuple[Source, ...]) -> tuple[EntryRandomness, ...]:
        return tuple(entry for entry in map(self._of, programs) if entry.level != "na")

    def _training(self, entries: tuple[EntryRandomness, ...]) -> tuple[EntryRandomness, ...]:
        return tuple(entry for entry in entries if self._loads_or_trains(entry.entry)[1])

    def _whole(self) -> EntryRandomness | None:
        """All draws and seeds at once, under the source that draws first."""
        if not self.draws:
            return None
        first = self.program.sources[self.draws[0].node[0]]
        seeds = [s for s in self.seedings if s.fixed and s not in self.unreached]
        return _gathered(first, self.draws, seeds)

    @cached_property
    def unreached(self) -> tuple[Seeding, ...]:
        """Seeding calls in plain functions that no entry point reaches; who calls a method cannot always be told."""
        runs = self.reach.running(self.program.entry_points)
        plain = [seeding for seeding in self.seedings if "." not in seeding.node[1]]
        return tuple(seeding for seeding in plain if not runs(seeding.node, seeding.line))

    @cached_property
    def _draws_in(self) -> dict[str, list[Draw]]:
        return _by_path(self.draws)

    @cached_property
    def _seedings_in(self) -> dict[str, list[Seeding]]:
        return _by_path(self.seedings)

    @cached_property
    def _model_calls(self) -> dict[str, list[tuple[Node, int, bool, bool]]]:
        """By file, the calls that load weights or take a gradient."""
        found: dict[str, list[tuple[Node, int, bool, bool]]] = {}
        for path, source in self.program.sources.items():
            for call in source.calls:
                load, train = bool(_LOADS.search(call.name)), bool(_TRAINS.search(call.name))
                if load or train:
                    found.setdefault(path, []).append(((path, call.within), call.line, load, train))
        return found

    def _paths(self, entry: Source) -> list[str]:
        return sorted({path for path, _ in self.reach.nodes(entry)})

    @cached_property
    def _values(self) -> SeedValues:
        return SeedValues(self.program)

    @cached_property
    def reach(self) -> Reach:
        """What each program reaches."""
        return Reach(self.program)

    def _of(self, entry: Source) -> EntryRandomness:
        cached: dict[str, EntryRandomness] = self.__dict__.setdefault("_of_entry", {})
        if entry.path not in cached:
            replaced = self._loads_only(entry)
            runs = self.reach.running((entry,))
            paths = self._paths(entry)
            draws = [d for path in paths for d in self._draws_in.get(path, ()) if not (replaced and d.initial)]
            seeds = [s for path in paths for s in self._seedings_in.get(path, ()) if s.fixed]
            unseen = any(item.path == entry.path for item in self.program.repository.dependencies.missing_local)
            cached[entry.path] = replace(
                _gathered(
                    entry, (d for d in draws if runs(d.node, d.line)), (s for s in seeds if runs(s.node, s.line))
                ),
                unseen=unseen,
            )
        return cached[entry.path]

    def _loads_only(self, entry: Source) -> bool:
        """Return whether a program loads weights and takes no gradient: its first weights then do not matter."""
        loads, trains = self._loads_or_trains(entry)
        return loads and not trains

    def _loads_or_trains(self, entry: Source) -> tuple[bool, bool]:
        loads = trains = False
        runs = self.reach.running((entry,))
        for path in self._paths(entry):
            for node, line, load, train in self._model_calls.get(path, ()):
                if runs(node, line):
                    loads, trains = loads or load, trains or train
        return loads, trains

    @cached_property
    def level(self) -> Level:
        """The level over the programs that count: all of them full, none of them seeded, or something between.

        Where none of them is seeded but another program is (a baseline, one that splits the data), it is partial.
        """
        levels = [entry.level for entry in self.entries if entry.level != "na"]
        if not levels:
            return "na"
        if all(level == "full" for level in levels):
            return "full"
        return "none" if all(level == "none" for level in levels) and not self.aside else "partial"

    @cached_property
    def aside(self) -> tuple[Seeding, ...]:
        """Fixed seedings that some program reaches, whichever it is."""
        runs = self.reach.running(self.program.entry_points)
        return tuple(seeding for seeding in self.seedings if seeding.fixed and runs(seeding.node, seeding.line))


Placed = TypeVar("Placed", Draw, Seeding)


def _by_path(items: Iterable[Placed]) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = {}
    for item in items:
        found.setdefault(item.node[0], []).append(item)
    return found


def _gathered(entry: Source, draws: Iterable[Draw], seeds: Iterable[Seeding]) -> EntryRandomness:
    by_library: dict[str, list[Draw]] = {}
    seeded: dict[str, list[Seeding]] = {}
    for draw in draws:
        by_library.setdefault(draw.library, []).append(draw)
    for seeding in seeds:
        for library in seeding.libraries:
            seeded.setdefault(library, []).append(seeding)
    return EntryRandomness(
        entry, {k: tuple(v) for k, v in by_library.items()}, {k: tuple(v) for k, v in seeded.items()}
    )


_ASIDE = re.compile(
    r"(timing|benchmark|plot|figure|test|demo|debug|profil|check|visuali[sz]|eval|generat|sampl|infer|util|data|pre_?proc)"
    r"[^/]{0,60}$",
    re.I,
)
"""What such programs draw matters where they train, or where there is nothing else."""
_LAYER = re.compile(
    r"^torch\.nn\.(?!functional|init)\w+$|^torchvision\.models\.|^(tensorflow\.)?keras\.layers\."
    r"|^tensorflow\.(layers|get_variable)"
)
_MAKES_SEED = re.compile(r"[\w.]{0,60}seeds?\w{0,20}\s{0,4}=[^=]", re.I)
"""A draw that only makes a seed is judged by what the seed is used for."""
_LOADS = re.compile(r"\.load_state_dict$|^torch\.load$|\.load_weights$|\.restore$|\.from_pretrained$")
_TRAINS = re.compile(
    r"\.backward$|\.minimize$|\.fit(_generator)?$|apply_gradients$|opt\w{0,60}\.step$|train_on_batch$|train_and_evaluate$"
    r"|\.(value_and_)?grad$|\.(sampling|optimizing|learn)$"
)


def _draws(source: Source, values: SeedValues) -> Iterator[Draw]:
    for call in _named(source):
        found = _draw_of(call)
        if found and not _MAKES_SEED.match(call.statement):
            library, value = found
            seeded = value is not None and values.is_fixed(source, call.within, value)
            evidence = source.evidence(call.line, call.statement)
            initial = bool(_LAYER.match(call.name))
            yield Draw(library, (source.path, call.within), evidence, call.line, seeded, initial)


def _named(source: Source) -> Iterator[Call]:
    """Yield the calls under full names, also where a star import brings the customary short name of a library."""
    star = {item.module for item in source.imports if "*" in item.names}
    for call in source.calls:
        first, dot, rest = call.name.partition(".")
        full = CUSTOMARY.get(first, first)
        if first == "random" and "numpy" in star:
            full = "numpy.random"
        yield call if full == first or not dot else replace(call, name=f"{full}.{rest}")


def _draw_of(call: Call) -> tuple[str, str | None] | None:
    """Return (library, the value that fixes this draw by itself, if any) or None where the call draws nothing."""
    keywords = dict(call.keywords)
    if SKLEARN.match(call.name):
        return "numpy", keywords.get("random_state")
    for pattern, library in LOCAL_GENERATORS:
        if pattern.match(call.name):
            return library, call.arguments[0] if call.arguments else keywords.get("seed")
    if call.name == "torch.utils.data.DataLoader":
        shuffles = keywords.get("shuffle", "False") not in ("False", "0")
        return ("torch", keywords.get("generator")) if shuffles else None
    for library, pattern in DRAWS:
        if pattern.search(call.name):
            own = keywords.get("random_state", keywords.get("seed")) if library == "numpy" else None
            return library, keywords.get("generator", own)
    if call.name.endswith(".shuffle") and "buffer_size" in keywords:
        return "tensorflow", None
    return None


def _seedings(source: Source, values: SeedValues) -> Iterator[Seeding]:
    for call in _named(source):
        libraries = next((names for pattern, names in SEEDS if pattern.match(call.name)), None)
        node = (source.path, call.within)
        evidence = source.evidence(call.line, call.statement)
        if libraries:
            value = call.arguments[0] if call.arguments else next((v for _, v in call.keywords), "")
            yield Seeding(libraries, node, evidence, call.line, value, values.is_fixed(source, call.within, value))
        elif FRAMEWORK_DEFAULTS.match(call.name):
            yield Seeding(("python", "numpy", "torch"), node, evidence, call.line, "42 (the library's default)", True)
