"""How the data are split for training and testing: by published or committed splits, by a seed, or anew each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.analysis.call_graph import Program
from auditor.findings import FileEvidence
from auditor.repository.data.calls import reads_file
from auditor.repository.model import Call, Repository, Source

_SPLITS = re.compile(
    r"(^|\.)(train_test_split|random_split|(Stratified|Group|StratifiedGroup)?ShuffleSplit|(Stratified)?KFold"
    r"|RepeatedKFold|RepeatedStratifiedKFold|SubsetRandomSampler|train_valid_split|train_val_split|random_train_test_split)$"
)
_ALWAYS_RANDOM = re.compile(r"train_test_split|random_split|Shuffle|Repeated|SubsetRandomSampler|random_train")
_FILE = re.compile(
    r"(^|[/_.-])(splits?|folds?|(train|val|valid|validation|dev|test)(ing)?[_-]?(ids?|idx|index|indices|list|split|files|set)?)"
    r"(\d{0,3})\.(csv|tsv|txt|json|jsonl|npy|npz|pkl|mat|pt|p)$",
    re.I,
)
_GLOBAL_SEED = re.compile(
    r"(^|\.)(seed_everything|set_seed|set_random_seed|manual_seed|set_all_seeds)$|^(numpy\.random|random)\.seed$"
)
_LITERAL = re.compile(r"""[rub]?["']([^"'{}%]{1,200})["']""")
"""A path that is written out."""


@dataclass(frozen=True)
class DataSplits:
    """The draws of splits, by what fixes them, and the files that hold splits."""

    seeded: tuple[FileEvidence, ...]
    """Draws with a seed of their own, and splits in a fixed order."""
    unseeded: tuple[FileEvidence, ...]
    seeds: tuple[FileEvidence, ...]
    """Where the sources seed the generators for all draws."""
    files: tuple[FileEvidence, ...]

    @property
    def level(self) -> Literal["fixed", "by a global seed", "random", "na"]:
        """How the weakest split is fixed."""
        if self.unseeded:
            return "by a global seed" if self.seeds else "random"
        return "fixed" if self.seeded or self.files else "na"


def data_splits(repository: Repository, program: Program) -> DataSplits:
    """Return how the sources split their data; only what the started programs import is looked at."""
    reached = {path for entry in program.started for path, _ in program.reached(entry)} or set(program.sources)
    draws = [(call, source.evidence(call.line, call.statement)) for source, call in _calls(program, reached, _SPLITS)]
    seeds = [source.evidence(call.line, call.statement) for source, call in _calls(program, reached, _GLOBAL_SEED)]
    reads = [call for path in sorted(reached) for call in program.sources[path].calls if reads_file(call)]
    return DataSplits(
        seeded=tuple(evidence for call, evidence in draws if _is_fixed(call)),
        unseeded=tuple(evidence for call, evidence in draws if not _is_fixed(call)),
        seeds=tuple(seeds[:5]),
        files=tuple(
            FileEvidence(path=file.path)
            for file in repository.own_files
            if file.size > 1 and _FILE.search(file.path) and any(_may_read(call, file.path) for call in reads)
        )[:10],
    )


def _calls(program: Program, reached: set[str], pattern: re.Pattern[str]) -> Iterator[tuple[Source, Call]]:
    for path in sorted(reached):
        source = program.sources[path]
        yield from ((source, call) for call in source.calls if pattern.search(call.name))


def _may_read(call: Call, path: str) -> bool:
    """Return whether a call that reads a file may read the one at `path`: it names it, or names none itself."""
    named = [_LITERAL.fullmatch(argument) for argument in call.arguments[:1]]
    literal = named[0] if named else None
    return literal is None or literal[1].rpartition("/")[2] == path.rpartition("/")[2]


def _is_fixed(call: Call) -> bool:
    """Return whether a call to split data always gives the same: seeded by itself, or in a fixed order."""
    keywords = dict(call.keywords)
    if keywords.get("shuffle") == "False":
        return True
    seed = next((keywords[key] for key in ("random_state", "seed", "generator") if key in keywords), None)
    if seed is not None:
        return seed != "None"
    return not _ALWAYS_RANDOM.search(call.name) and keywords.get("shuffle") != "True"
