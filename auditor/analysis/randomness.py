"""Which random generators the experiment code draws from, which are seeded, from where, and whether that runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

from auditor.analysis.call_graph import Node, Program
from auditor.analysis.generators import (
    DRAWS,
    FRAMEWORK_DEFAULTS,
    LOCAL_GENERATORS,
    RANDOM_VALUE,
    SEEDS,
    SKLEARN,
)
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
            return "na"
        if len(self.seeded) == len(self.draws):
            return "full"
        some = self.seeded or self.seeds or any(draw.seeded for draws in self.draws.values() for draw in draws)
        return "partial" if some else "none"


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
        return tuple(draw for source in self.program.sources.values() for draw in _draws(source))

    @cached_property
    def seedings(self) -> tuple[Seeding, ...]:
        """Every seeding call in the experiment code, reached or not."""
        return tuple(seed for source in self.program.sources.values() for seed in _seedings(source))

    @cached_property
    def entries(self) -> tuple[EntryRandomness, ...]:
        """The programs that count: of those that the documentation starts, the ones that train where any does.

        Where it starts none, or none of them draws, every entry point is looked at.
        """
        started = tuple(self._of(entry) for entry in self.program.started)
        if all(entry.level == "na" for entry in started):
            started = tuple(self._of(entry) for entry in self.program.entry_points)
        training = tuple(entry for entry in started if entry.level != "na" and self._loads_or_trains(entry.entry)[1])
        if training and self.program.started == self.program.entry_points:  # nothing says which programs count
            paths = {entry.entry.path for entry in training}
            aside = {e.entry.path for e in started if _ASIDE.search(e.entry.path.rpartition("/")[2])} - paths
            return tuple(entry for entry in started if entry.entry.path not in aside)
        return training or started

    @cached_property
    def unreached(self) -> tuple[Seeding, ...]:
        """Seeding calls in plain functions that no entry point reaches; who calls a method cannot always be told."""
        runs = self.program.running(self.program.entry_points)
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
        return sorted({path for path, _ in self.program.reached(entry)})

    def _of(self, entry: Source) -> EntryRandomness:
        draws: dict[str, list[Draw]] = {}
        seeds: dict[str, list[Seeding]] = {}
        replaced = self._loads_only(entry)
        for path in self._paths(entry):
            for draw in self._draws_in.get(path, ()):
                if self.program.runs(draw.node, draw.line, entry) and not (replaced and draw.initial):
                    draws.setdefault(draw.library, []).append(draw)
            for seeding in self._seedings_in.get(path, ()):
                if seeding.fixed and self.program.runs(seeding.node, seeding.line, entry):
                    for library in seeding.libraries:
                        seeds.setdefault(library, []).append(seeding)
        return EntryRandomness(entry, {k: tuple(v) for k, v in draws.items()}, {k: tuple(v) for k, v in seeds.items()})

    def _loads_only(self, entry: Source) -> bool:
        """Return whether a program loads weights and takes no gradient: its first weights then do not matter."""
        loads, trains = self._loads_or_trains(entry)
        return loads and not trains

    def _loads_or_trains(self, entry: Source) -> tuple[bool, bool]:
        loads = trains = False
        for path in self._paths(entry):
            for node, line, load, train in self._model_calls.get(path, ()):
                if self.program.runs(node, line, entry):
                    loads, trains = loads or load, trains or train
        return loads, trains

    @cached_property
    def level(self) -> Level:
        """The level over all started programs: all of them full, none of them seeded, or something between."""
        levels = [entry.level for entry in self.entries if entry.level != "na"]
        if not levels:
            return "na"
        if all(level == "full" for level in levels):
            return "full"
        return "none" if all(level == "none" for level in levels) else "partial"


Placed = TypeVar("Placed", Draw, Seeding)


def _by_path(items: Iterable[Placed]) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = {}
    for item in items:
        found.setdefault(item.node[0], []).append(item)
    return found


_ASIDE = re.compile(r"timing|benchmark|plot|figure|test|demo|debug|profil|check|visuali[sz]", re.I)
_LAYER = re.compile(
    r"^torch\.nn\.(?!functional|init)\w+$|^torchvision\.models\.|^(tensorflow\.)?keras\.layers\."
    r"|^tensorflow\.(layers|get_variable)"
)
_LOADS = re.compile(r"\.load_state_dict$|^torch\.load$|\.load_weights$|\.restore$|\.from_pretrained$")
_TRAINS = re.compile(r"\.backward$|\.minimize$|\.fit(_generator)?$|apply_gradients$|opt\w{0,60}\.step$")


def _draws(source: Source) -> Iterator[Draw]:
    for call in source.calls:
        found = _draw_of(call)
        if found:
            library, seeded = found
            evidence = source.evidence(call.line, call.statement)
            initial = bool(_LAYER.match(call.name))
            yield Draw(library, (source.path, call.within), evidence, call.line, seeded, initial)


def _draw_of(call: Call) -> tuple[str, bool] | None:
    """Return (library, whether this draw is fixed by itself) or None where the call draws nothing."""
    keywords = dict(call.keywords)
    if SKLEARN.match(call.name):
        state = keywords.get("random_state", "None")
        return "numpy", state != "None"
    for pattern, library in LOCAL_GENERATORS:
        if pattern.match(call.name):
            value = call.arguments[0] if call.arguments else keywords.get("seed", "None")
            return library, _is_fixed(value)
    if call.name == "torch.utils.data.DataLoader":
        shuffles = keywords.get("shuffle", "False") not in ("False", "0")
        return ("torch", "generator" in keywords) if shuffles else None
    for library, pattern in DRAWS:
        if pattern.search(call.name) and keywords.get("generator", "None") != "None":
            return library, True
        if pattern.search(call.name):
            fixed = _is_fixed(keywords.get("random_state", keywords.get("seed", "None")))
            return library, fixed and library in ("numpy",)
    return None


def _is_fixed(value: str) -> bool:
    """Return whether a seed argument is a constant or comes from an option or variable, not from a clock or nothing."""
    return value.strip() not in ("None", "") and not RANDOM_VALUE.search(value)


def _seedings(source: Source) -> Iterator[Seeding]:
    values = {a.target: a.value for a in source.assignments}
    for call in source.calls:
        libraries = next((names for pattern, names in SEEDS if pattern.match(call.name)), None)
        node = (source.path, call.within)
        evidence = source.evidence(call.line, call.statement)
        if libraries:
            value = call.arguments[0] if call.arguments else next((v for _, v in call.keywords), "")
            fixed = _is_fixed(value) and not RANDOM_VALUE.search(values.get(value, ""))
            yield Seeding(libraries, node, evidence, call.line, value, fixed)
        elif FRAMEWORK_DEFAULTS.match(call.name):
            yield Seeding(("python", "numpy", "torch"), node, evidence, call.line, "42 (the library's default)", True)


_DETERMINISTIC_CALL = re.compile(
    r"^torch\.(use_deterministic_algorithms|set_deterministic)$|enable_op_determinism$|enable_full_determinism$"
    r"|^monai\.utils\.set_determinism$"
)
_THREAD_CALL = re.compile(
    r"^torch\.set_num_threads$|set_(intra|inter)_op_parallelism_threads$|^threadpoolctl\.threadpool_limits$"
)
_COUNTS = ("limits", "num_threads", "int")
_VARIABLES = re.compile(
    r"PYTHONHASHSEED|TF_DETERMINISTIC_OPS|TF_CUDNN_DETERMINIS\w+|CUBLAS_WORKSPACE_CONFIG|xla_gpu_deterministic"
    r"|FLASH_ATTENTION_DETERMINISTIC"
)


def determinism(program: Program) -> tuple[FileEvidence, ...]:
    """Return the places, reached from a program, that do more than seed: kernels, workers, threads."""
    found: list[FileEvidence] = []
    runs = program.running(program.entry_points)
    for source in program.sources.values():
        for within, line, text in _measures(source):
            if runs((source.path, within), line):
                found.append(source.evidence(line, text))
    return tuple(found)


def _measures(source: Source) -> Iterator[tuple[str, int, str]]:
    for item in source.assignments:
        target, value = item.target, item.value
        if (
            (target.endswith("cudnn.deterministic") and value not in ("False", "0"))
            or (target.endswith("cudnn.benchmark") and value in ("False", "0"))
            or (target.endswith("cudnn.enabled") and value in ("False", "0"))
            or ("environ" in target and _VARIABLES.search(target))
        ):
            yield item.within, item.line, f"{target} = {value}"
    for call in source.calls:
        keywords = dict(call.keywords)
        first = call.arguments[0] if call.arguments else ""
        if (
            (_DETERMINISTIC_CALL.search(call.name) and first != "False")
            or (_THREAD_CALL.search(call.name) and "1" in (first, *(keywords.get(name) for name in _COUNTS)))
            or keywords.get("worker_init_fn", "None") != "None"
            or keywords.get("intra_op_parallelism_threads") == "1"
            or keywords.get("inter_op_parallelism_threads") == "1"
            or (call.name.endswith("Trainer") and keywords.get("deterministic", "False") not in ("False", "None"))
            or keywords.get("full_determinism") == "True"
        ):
            yield call.within, call.line, call.statement
