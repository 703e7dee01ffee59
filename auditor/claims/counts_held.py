"""Counts that a paper claims and a repository holds: runs or seeds, examples of a split, parameters of a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from auditor.claims.numbers import find_numbers
from auditor.claims.vocabulary import plain, words
from auditor.errors import Unreadable
from auditor.findings import Evidence, FileEvidence
from auditor.paper.model import Sentence, Statement
from auditor.repository.model import Repository, Source

Kind = Literal["runs", "training examples", "validation examples", "test examples", "parameters"]

_ROWS = (".csv", ".tsv", ".jsonl", ".ndjson")
_FILES = 60
_FILE_BYTES = 20 << 20
_SPLITS: tuple[tuple[Kind, str, frozenset[str]], ...] = (
    ("training examples", r"train(?:ing)?", frozenset(("train", "training"))),
    ("validation examples", r"(?:validation|dev(?:elopment)?)", frozenset(("valid", "validation", "val", "dev"))),
    ("test examples", r"test(?:ing)?", frozenset(("test",))),
)
_UNIT = r"(?:examples|samples|instances|images|sentences|questions|documents|pairs|records|tweets|reviews|rows)"
_EXAMPLES = tuple(
    (kind, re.compile(rf"(?<![\d.,])(\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{3,8}})\s{words}(?:\s(?:set\s)?{_UNIT})\b", re.I))
    for kind, words, _ in _SPLITS
)
_PARAMETERS = re.compile(
    r"(?<![\d.])(\d{1,4}(?:[.,]\d{1,3}){0,3})\s?(K|M|B|k|thousand|million|billion)?\s(?:trainable\s|learnable\s)?parameters\b"
)
_PRINTED = re.compile(r"\b(?:Total|Trainable) params(?:eters)?\s?:\s?([\d,]{4,15})", re.I)
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9}
_OTHERS = re.compile(
    r"\bet al\b|\[\d|\bcompared\b|\babout\b|\baround\b|\broughly\b|\bapproximately\b|[~∼≈]|\bover\b", re.I
)
_RUN_NAMES = frozenset(
    f"{before}{word}"
    for before in ("", "n ", "num ", "number of ")
    for word in ("runs", "repeats", "repetitions", "seeds")
)
_SEEDS = frozenset(("seeds", "random seeds", "seed list", "all seeds"))


@dataclass(frozen=True, slots=True)
class Count:
    """A count with where it stands; `slack` is how far another may lie and still be the same (rounding, a header)."""

    kind: Kind
    value: float
    evidence: Evidence
    slack: float = 0.0


def claimed(sentences: Iterable[Sentence], runs: Statement | None) -> Iterator[Count]:
    """Yield the counts that a paper claims of its own work; what it counts of others', or only about, is left out."""
    if runs is not None and runs.kind and runs.kind.isdigit() and int(runs.kind) > 1 and runs.page is not None:
        yield Count("runs", int(runs.kind), runs.evidence()[0])
    for sentence in sentences:
        text = plain(sentence.text[:1_000])
        if sentence.kind not in ("abstract", "body", "appendix") or _OTHERS.search(text):
            continue
        for kind, pattern in _EXAMPLES:
            for match in pattern.finditer(text):
                yield Count(kind, float(match[1].replace(",", "")), sentence.evidence())
        for match in _PARAMETERS.finditer(text):
            number = find_numbers(match[1])
            scale = _SCALE[match[2].lower()] if match[2] else 1.0
            if number and number[0].value * scale >= 1_000:
                digit = 10.0 ** -len(match[1].partition(".")[2]) if match[2] else 0.0
                yield Count("parameters", number[0].value * scale, sentence.evidence(), 0.5 * digit * scale)


def held(repository: Repository, sources: Sequence[Source]) -> Iterator[Count]:
    """Yield the counts that a repository holds: numbers of runs, rows of split files, printed numbers of parameters."""
    for source in sources:
        for option in source.options:
            if any(" ".join(words(name)) in _RUN_NAMES for name in option.names) and (option.default or "").isdigit():
                yield Count(
                    "runs",
                    int(option.default or 0),
                    source.evidence(option.line, f"{option.names[0]} {option.default}"),
                )
        for assignment in source.assignments:
            name = " ".join(words(assignment.target.rpartition(".")[2]))
            excerpt = f"{assignment.target} = {assignment.value}"
            if name in _SEEDS and re.fullmatch(
                r"[\[(]\s?\d{1,9}(?:\s?,\s?\d{1,9}){1,40}\s?,?\s?[\])]", assignment.value[:400]
            ):
                yield Count("runs", assignment.value.count(",") + 1, source.evidence(assignment.line, excerpt))
            elif name in _RUN_NAMES and assignment.value.isdigit():
                yield Count("runs", int(assignment.value), source.evidence(assignment.line, excerpt))
    yield from _rows(repository)
    for notebook in repository.notebooks:
        for cell in notebook.cells:
            for output in cell.outputs:
                for match in _PRINTED.finditer(output[:20_000]):
                    where = FileEvidence(path=notebook.path, cell=cell.number, excerpt=match[0])
                    yield Count("parameters", float(match[1].replace(",", "")), where)


def _rows(repository: Repository) -> Iterator[Count]:
    """The rows of tables whose names tell their split; the first may be a header, and a quoted cell may hold lines."""
    looked = 0
    for file in repository.own_files:
        path = file.path.lower()
        named = set(words(path.rpartition("/")[2].rpartition(".")[0]))
        kinds = [kind for kind, _, names in _SPLITS if named & names]
        if len(kinds) != 1 or not path.endswith(_ROWS) or file.absent or file.size > _FILE_BYTES:
            continue
        looked += 1
        if looked > _FILES:
            return
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        if len(text) >= file.size * 0.5 and '"' not in text[:100_000]:
            rows = text.count("\n") + (not text.endswith("\n"))
            evidence = FileEvidence(path=file.path, excerpt=f"{rows} lines")
            yield Count(kinds[0], rows, evidence, 1.0)
