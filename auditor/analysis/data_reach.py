"""Which data the started programs get to, and which programs make their data themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.call_graph import Node, Program
from auditor.analysis.fitting import fit_strength
from auditor.repository.data.calls import last_part, reads_back, reads_file, writers
from auditor.repository.model import Call, DataReference, Source

_OWN_OUTPUT = re.compile(
    r"""^["'](?:[^"']{0,200}[/_.])?(?:results?|logs?|outputs?|figs?|figures?|plots?)[/_.\w]""", re.I
)
_DRAWS = re.compile(
    r"^(?!.*(seed|state|Generator|default_rng|SeedSequence)$)"
    r"(numpy\.random|random|torch\.(rand|normal|bernoulli|distributions)|tensorflow\.(random|truncated_normal)|jax\.random"
    r"|scipy\.stats)(\.|n|$)|\.rvs$"
)
_AFTERWARDS = re.compile(
    r"(^|[_-])(eval\w{0,8}|test|plot\w{0,8}|visuali[sz]e\w{0,3}|analy[sz]e\w{0,3}|analysis|draw|show)([_.-]|$)", re.I
)
_TRAINS = re.compile(r"(^|[_-])train", re.I)


@dataclass(frozen=True)
class Reach:
    """What the started programs get to."""

    nodes: frozenset[Node]
    known: frozenset[str]
    """The sources of which the program knows."""
    by_name: bool
    """Whether a function may be chosen by a name that is put together while the program runs."""
    programs: frozenset[str]
    """The sources that can be started."""
    code: frozenset[str]
    """All sources of the authors', in any language."""

    @classmethod
    def of(cls, program: Program | None) -> Reach | None:
        """Return the reach of a program; None where nothing is started, and nothing can be told apart."""
        if program is None or not program.started:
            return None
        nodes = frozenset(node for entry in _main(program) for node in program.reached(entry))
        calls = (call for path, source in program.sources.items() if (path, "") in nodes for call in source.calls)
        code = (file.path for file in program.repository.own_files if file.kind in ("python", "notebook", "source"))
        return cls(
            nodes,
            frozenset(program.sources),
            any(_chooses_by_name(call) for call in calls),
            frozenset(entry.path for entry in program.entry_points),
            frozenset(code),
        )

    @cached_property
    def files(self) -> frozenset[str]:
        """The files of which at least the module level runs."""
        return frozenset(path for path, _ in self.nodes)

    @cached_property
    def _run(self) -> frozenset[str]:
        return _folders(self.files)

    @cached_property
    def _coded(self) -> frozenset[str]:
        return _folders(self.code)

    def holds(self, item: DataReference) -> bool:
        """Return whether a reference is within reach.

        A function that nothing calls may read what nobody has, unless functions are chosen by name. A program that
        fetches data is there to be started, said or not. A document in a folder of a part, with code that nothing
        runs, is about that code; of what else is no code, all is within reach.
        """
        path = item.evidence.path
        if path not in self.known:
            folder = path.rpartition("/")[0]
            aside = "/" in folder and folder in self._coded and folder not in self._run
            return item.how != "instructions" or not aside
        if item.how == "downloaded" and path in self.programs:
            return True
        if item.how == "path" and not self.by_name:
            return (path, item.within) in self.nodes
        return path in self.files


def _folders(paths: Iterable[str]) -> frozenset[str]:
    """Return the folders that hold files, at any depth."""
    parts = (path.split("/") for path in paths)
    return frozenset("/".join(part[:depth]) for part in parts for depth in range(len(part)))


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


def only_draws(program: Program) -> DataReference | None:
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
