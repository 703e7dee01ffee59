"""What the programs of a repository do: fit a method, compute a metric, run an experiment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis import measuring
from auditor.analysis.call_graph import Program
from auditor.analysis.fitting import NO_FIT, STRONG, WEAK, fit_rank, fit_strength, is_gradient, moves_along
from auditor.analysis.purpose import unfitted_kind
from auditor.findings import FileEvidence
from auditor.repository.model import Call, Source

_DATA_PREPARATION = re.compile(
    r"(^|[_\-/])(download|preprocess\w*|pre_process\w*|prepare\w*|convert\w*|extract\w*|make_data\w*"
    r"|create_data\w*|process_\w+|build_(vocab|dict)\w*"
    r"|generate_data\w*|gen_data\w*|gen_file\w*|data_?(loader|set|utils)?s?|utils?"
    r"|setup|config\w*|args|options?|models?|get_\w*data\w*|tfrecord\w*)(\.py|\.ipynb)?$",
    re.I,
)
_DRAWS_FIGURE = re.compile(r"^(matplotlib\.pyplot|seaborn|plotly|bokeh)\.|(^|\.)(savefig|plot|imshow|to_csv|to_latex)$")
_TRIAL = re.compile(r"(^|[_\-/])(verify|check|smoke|demo|test|tests|debug|try|sanity|setup|inspect)(?![a-z])", re.I)
_SHOWS = re.compile(r"(^|[_\- ])(demo|toy|tutorial|quick_?start)s?([_\- .\d]|$)", re.I)
_OPTIMIZER_STEPS = re.compile(
    r"opt\w{0,60}\.step$|\.(minimize|apply_gradients|fit_generator)$|^autograd\.(grad|value_and_grad)$"
)
_READS = re.compile(
    r"^(open|h5py\.File|pickle\.load|numpy\.(load|loadtxt|genfromtxt)|json\.load|scipy\.io\.loadmat)$|(^|\.)(read_\w+"
    r"|load_\w*(data|set)\w*|get_data\w*)$|^(sklearn\.datasets|torchvision\.datasets|tensorflow_datasets)\.",
    re.I,
)
_NETWORK = re.compile(r"^torch\.nn\.(Sequential|Linear|Conv\dd|LSTM|GRU)$|^(tensorflow\.)?keras\.(layers|models)\.\w+$")
_TRAINED = re.compile(r"(^|\.)(load_state_dict|load_weights)$|^(tensorflow\.)?keras\.models\.load_model$")
_BENCHMARK = re.compile(r"^(?!.*(^|/)(tests?|testing)/).*(benchmark|timing|runtime|speed|memory)[^/]*$", re.I)
OWN_METHOD_LINES = 60
"""Lines of own functions behind a program, from which on it runs a method of its own and not a few library calls."""


@dataclass(frozen=True)
class Roles:
    """The roles of a program's parts, each with the places it rests on."""

    program: Program

    @property
    def unread(self) -> str:
        """A sentence on the experiment code that is not known; else empty."""
        return self.program.unread

    @cached_property
    def programs(self) -> tuple[Source, ...]:
        """The entry points that are no mere preparation of data; one that takes optimizer steps never is.

        Nor is one that fits and computes a metric at its own level: what a file does decides, not its name.
        """
        return tuple(
            source
            for source in self.program.entry_points
            if not _DATA_PREPARATION.search(source.path)
            or self.trains_itself(source)
            or self._fits_and_measures_itself(source)
        )

    def _fits_and_measures_itself(self, source: Source) -> bool:
        """Return whether a file's own statements, outside of any function, surely fit a method and measure it."""
        own = [call for call in source.calls if not call.within]
        fits = any(self.strength(source, call) == STRONG for call in own)
        return fits and any(measuring.computes_metric(call) for call in own)

    def strength(self, source: Source, call: Call) -> int:
        """Return how surely a call fits the method. A gradient that nothing is moved along fits nothing."""
        found = fit_strength(self.program, source, call)
        if found == WEAK and is_gradient(call) and not self._optimizes and not moves_along(source):
            return NO_FIT
        return found

    @cached_property
    def _optimizes(self) -> bool:
        """Whether some own source holds an optimizer or the like, for which gradients may be taken."""
        sources = self.program.sources.values()
        return any(fit_strength(self.program, s, call) == STRONG for s in sources for call in s.calls)

    @cached_property
    def _fits(self) -> tuple[tuple[int, FileEvidence], ...]:
        started = {source.path for source in self.program.started}
        found = []
        for source, call in self.program.running_calls(self.programs):
            strength = self.strength(source, call)
            if strength:
                rank = (fit_rank(call, strength), source.path not in started, "train" not in source.path.lower())
                found.append((rank, strength, source.evidence(call.line, call.statement)))
        found.sort(key=lambda item: item[0])
        return tuple((strength, evidence) for _, strength, evidence in found)

    @cached_property
    def fits(self) -> tuple[FileEvidence, ...]:
        """Calls, reached from a program, that fit something: a gradient step, `.fit`, a sampler, an own loop."""
        return tuple(evidence for _, evidence in self._fits)

    @cached_property
    def fits_surely(self) -> bool:
        """Whether something in `fits` can only be the fitting of a method, not an attack, a solver or an embedding."""
        return any(strength == STRONG for strength, _ in self._fits)

    @cached_property
    def unfitted(self) -> FileEvidence | None:
        """Where the repository says that it is of a kind that fits nothing (data, simulator, solver …)."""
        return unfitted_kind(self.program.repository)

    @cached_property
    def fits_anywhere(self) -> bool:
        """Whether any own source holds a fitting call, run or not."""
        return any(self.strength(s, call) for s in self.program.sources.values() for call in s.calls)

    @cached_property
    def trained_model(self) -> FileEvidence | None:
        """Where the code defines a network or loads trained weights: such a method has been fitted somewhere."""
        for source in self.program.sources.values():
            for call in source.calls:
                if _NETWORK.search(call.name) or _TRAINED.search(call.name):
                    return source.evidence(call.line, call.statement)
        return None

    @cached_property
    def own_methods(self) -> tuple[Source, ...]:
        """Programs that read data and put it through own functions of some length, whatever these are named."""
        return tuple(
            source
            for source in self.programs
            if any(_READS.search(call.name) for call in source.calls) and self._own_lines(source) >= OWN_METHOD_LINES
        )

    def _own_lines(self, entry: Source) -> int:
        reached = self.program.reached(entry)
        return sum(
            function.last_line - function.line + 1
            for path in {path for path, _ in reached if not _DATA_PREPARATION.search(path)}
            for function in self.program.sources[path].functions
            if (path, function.name) in reached
        )

    @cached_property
    def metrics(self) -> tuple[FileEvidence, ...]:
        """Places, reached from a program, that compute a held-out or final metric.

        The score of a game that is printed measures no method where nothing is fitted.
        """
        plays = not self.fits or (self.unfitted and not self.fits_surely)
        ranked = [
            (measuring.call_rank(call), source.evidence(call.line, call.statement))
            for source, call in self.program.running_calls(self.programs)
            if measuring.computes_metric(call)
            or self._prints(source, call, bool(plays))
            or (measuring.draws_metric(call) and not plays)
        ]
        runs = self.program.running(self.programs)
        for source in self.program.sources.values():
            for item in source.assignments:
                if measuring.assigns_metric(item) and runs((source.path, item.within), item.line):
                    shown = source.evidence(item.line, f"{item.target} = {item.value}")
                    ranked.append((measuring.target_rank(item.target), shown))
        return tuple(evidence for _, evidence in sorted(ranked, key=lambda item: item[0]))

    @staticmethod
    def _prints(source: Source, call: Call, plays: bool) -> bool:
        if plays and re.search(r"score|reward|return", call.statement, re.I):
            return False
        return measuring.prints_metric(source, call)

    @cached_property
    def experiments(self) -> tuple[Source, ...]:
        """Programs that fit, compute a metric, or draw a figure."""
        return tuple(source for source in self.programs if self.is_experiment(source))

    @cached_property
    def main_experiments(self) -> tuple[Source, ...]:
        """The experiments that fit a method; where none does, those that measure; where none does either, all."""
        fitting = tuple(source for source in self.experiments if self.fits_something(source))
        return fitting or tuple(source for source in self.experiments if self._measures(source)) or self.experiments

    def fits_something(self, entry: Source) -> bool:
        """Return whether a program fits something when it is run."""
        return any(self.strength(source, call) for source, call in self.program.running_calls((entry,)))

    def fits_or_measures(self, entry: Source) -> bool:
        """Return whether a program fits something or computes a metric when it is run, and does not only draw."""
        return self.fits_something(entry) or self._measures(entry)

    def _measures(self, entry: Source) -> bool:
        return any(measuring.computes_metric(call) for _, call in self.program.running_calls((entry,)))

    @cached_property
    def only_demonstrates(self) -> bool:
        """Whether all experiments are demonstrations by name, and none of them gets at data from outside."""
        shown = {source.path for source in self.experiments}
        if not shown or not all(_SHOWS.search(path.rpartition("/")[2]) for path in shown):
            return False
        sources = self.program.sources
        return not any(
            item.how == "included" or (item.evidence.path in sources and item.how not in ("generated", "path"))
            for item in self.program.repository.data
        )

    @staticmethod
    def trains_itself(source: Source) -> bool:
        """Return whether a file takes gradients or optimizer steps of its own, whatever its name says."""
        return any(_OPTIMIZER_STEPS.search(call.name) for call in source.calls)

    @staticmethod
    def tries_out(source: Source) -> bool:
        """Return whether a program's name says that it only checks or shows that things work."""
        return bool(_TRIAL.search(source.path))

    def is_experiment(self, entry: Source) -> bool:
        """Return whether a program fits, computes a metric, or draws a figure."""
        return any(
            self.strength(source, call) or measuring.computes_metric(call) or _DRAWS_FIGURE.search(call.name)
            for source, call in self.program.running_calls((entry,))
        ) or self.is_benchmark(entry)

    def is_benchmark(self, entry: Source) -> bool:
        """Return whether a program's name says that it measures time or memory, and it does."""
        calls = self.program.running_calls((entry,)) if _BENCHMARK.search(entry.path) else ()
        return any(measuring.times(call) for _, call in calls)
