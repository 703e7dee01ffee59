"""Which random generators the experiment code draws from, which are seeded, from where, and whether that runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from auditor.analysis.call_graph import Node, Program
from auditor.analysis.main_programs import ranked_programs
from auditor.analysis.randomness.events import at_random
from auditor.analysis.randomness.followed import drawn_on, seeded_on
from auditor.analysis.randomness.paths import Path, Paths
from auditor.analysis.randomness.reading import draws_in, seedings_in
from auditor.analysis.randomness.records import Draw, EntryRandomness, Level, Seeding, by_path, gathered
from auditor.analysis.randomness.seed_values import SeedValues
from auditor.analysis.reach import Reach
from auditor.repository.model import Source
from auditor.repository.source import keyed_name


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
        return tuple(draw for source in self.program.sources.values() for draw in draws_in(source, self._values))

    @cached_property
    def seedings(self) -> tuple[Seeding, ...]:
        """Every seeding call in the experiment code, reached or not."""
        return tuple(seed for source in self.program.sources.values() for seed in seedings_in(source, self._values))

    @cached_property
    def paths(self) -> Paths:
        """What each program does in order, as far as it is asked for and can be followed."""
        return Paths(self.program, self.reach)

    @cached_property
    def entries(self) -> tuple[EntryRandomness, ...]:
        """The programs that count, each by its path where that can be followed, else by what its code reaches."""
        return tuple(self._followed(entry) for entry in self._chosen)

    @cached_property
    def followed(self) -> tuple[Path, ...]:
        """The paths of the programs that count, as far as the steps reach."""
        known = (self.paths.of(entry.entry) for entry in self._chosen if entry.entry.path in self._programs)
        return tuple(path for path in known if path is not None)

    @property
    def not_followed(self) -> tuple[str, ...]:
        """The programs that count and for which no steps were left."""
        done = {path.entry.path for path in self.followed}
        return tuple(e.entry.path for e in self._chosen if e.entry.path in self._programs and e.entry.path not in done)

    def _followed(self, entry: EntryRandomness) -> EntryRandomness:
        """Return what a program draws and seeds on its path; as it was given where the path is not known."""
        if entry.entry.path not in self._programs:
            return entry
        path = self.paths.of(entry.entry)
        if path is None or not path.whole or not any(path.ledger.draws()):
            return entry
        replaced = self._loads_only(entry.entry)
        draws = [draw for draw in drawn_on(path, self.program) if not (replaced and draw.initial)]
        found = gathered(entry.entry, draws, seeded_on(path, self.program))
        return replace(found, unseen=entry.unseen) if found.draws else entry

    @cached_property
    def _programs(self) -> frozenset[str]:
        return frozenset(source.path for source in self.program.entry_points)

    @cached_property
    def _chosen(self) -> tuple[EntryRandomness, ...]:
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
        return (whole,) if whole and whole.level != "na" else tuple(self.of(entry) for entry in every)

    def _drawing(self, programs: tuple[Source, ...]) -> tuple[EntryRandomness, ...]:
        return tuple(entry for entry in map(self.of, programs) if entry.level != "na")

    def _training(self, entries: tuple[EntryRandomness, ...]) -> tuple[EntryRandomness, ...]:
        return tuple(entry for entry in entries if self._loads_or_trains(entry.entry)[1])

    def _whole(self) -> EntryRandomness | None:
        """All draws and seeds at once, under the source that draws first."""
        if not self.draws:
            return None
        first = self.program.sources[self.draws[0].node[0]]
        seeds = [s for s in self.seedings if s.fixed and s not in self.unreached]
        return gathered(first, self.draws, seeds)

    @cached_property
    def unreached(self) -> tuple[Seeding, ...]:
        """Seeding calls in plain functions that no entry point reaches; who calls a method cannot always be told."""
        runs = self.reach.running(self.program.entry_points)
        plain = [seeding for seeding in self.seedings if "." not in seeding.node[1]]
        return tuple(seeding for seeding in plain if not runs(seeding.node, seeding.line))

    @cached_property
    def _draws_in(self) -> dict[str, list[Draw]]:
        return by_path(self.draws)

    @cached_property
    def _seedings_in(self) -> dict[str, list[Seeding]]:
        return by_path(self.seedings)

    @cached_property
    def _model_calls(self) -> dict[str, list[tuple[Node, int, bool, bool]]]:
        """By file, the calls that load weights or take a gradient."""
        found: dict[str, list[tuple[Node, int, bool, bool]]] = {}
        for path, source in self.program.sources.items():
            for call in source.calls:
                load, train = bool(_LOADS.search(call.name)), bool(_TRAINS.search(keyed_name(call)))
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

    def of(self, entry: Source) -> EntryRandomness:
        """Return what a program draws and seeds, by what its code reaches."""
        cached: dict[str, EntryRandomness] = self.__dict__.setdefault("_of_entry", {})
        if entry.path not in cached:
            replaced = self._loads_only(entry)
            runs = self.reach.running((entry,))
            paths = self._paths(entry)
            draws = [d for path in paths for d in self._draws_in.get(path, ()) if not (replaced and d.initial)]
            seeds = [s for path in paths for s in self._seedings_in.get(path, ()) if s.fixed]
            unseen = any(item.path == entry.path for item in self.program.repository.dependencies.missing_local)
            cached[entry.path] = replace(
                gathered(entry, (d for d in draws if runs(d.node, d.line)), (s for s in seeds if runs(s.node, s.line))),
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
        """Fixed seedings that a program reaches which draws from what it seeds, whichever it is."""
        fixed = [s for s in self.seedings if s.fixed and (s.node[0], s.line) not in self._at_random]
        return tuple(seeding for seeding in fixed if self._is_used(seeding))

    def _is_used(self, seeding: Seeding) -> bool:
        """Return whether a program that runs a seeding draws from one of its libraries: a seed by itself is none."""
        libraries = frozenset(seeding.libraries)
        return any(
            libraries & self.of(entry).draws.keys() and self.reach.running((entry,))(seeding.node, seeding.line)
            for entry in self.program.entry_points
        )

    @cached_property
    def _at_random(self) -> frozenset[tuple[str, int]]:
        """The lines whose seedings proved to be at random on every path that was followed."""
        found: dict[tuple[str, int], bool] = {}
        for path in self.followed:
            for event in path.ledger.seedings():
                key = (event.place.path, event.place.line)
                found[key] = found.get(key, True) and at_random(event.origins or frozenset())
        return frozenset(key for key, random in found.items() if random)


_ASIDE = re.compile(
    r"(timing|benchmark|plot|figure|test|demo|debug|profil|check|visuali[sz]|eval|generat|sampl|infer|util|data|pre_?proc)"
    r"[^/]{0,60}$",
    re.I,
)
"""What such programs draw matters where they train, or where there is nothing else."""
_LOADS = re.compile(r"\.load_state_dict$|^torch\.load$|\.load_weights$|\.restore$|\.from_pretrained$")
_TRAINS = re.compile(
    r"\.backward$|\.minimize$|\.fit(_generator)?$|apply_gradients$|opt\w{0,60}\.step$|train_on_batch$|train_and_evaluate$"
    r"|\.(value_and_)?grad$|\.(sampling|optimizing|learn)$"
)
