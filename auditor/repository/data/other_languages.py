"""Data in R, MATLAB, Julia and Lua, line by line: the files that are read, and the draws that make data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.known_data import canonical
from auditor.repository.code.comments import comment_mark
from auditor.repository.data.words import DATA_WORD, OUTPUT
from auditor.repository.kinds import SCRIPT_SUFFIXES
from auditor.repository.model import DataReference, Repository

FILES_LIMIT = 200
TEXT_LIMIT = 200_000
SUFFIXES = (*SCRIPT_SUFFIXES, ".rmd")

_READS = re.compile(
    r"\b(?:read[._]?csv2?|read[._]?table|readtable|readmatrix|readRDS|fread|csvread|dlmread|load|importdata|h5read|readdlm"
    r"|CSV\.read|CSV\.File|matread|xlsread|textscan|fopen|torch\.load)\s{0,2}\(\s{0,2}[\"']([^\"'\n]{3,200})[\"']"
)
_LOADS = re.compile(r"^\s{0,20}load\s{1,4}([\w./\\-]{3,120}\.mat)\b")
_DRAWS = re.compile(
    r"\b(?:rnorm|runif|rbinom|mvrnorm|rmvnorm|randn?|mvnrnd|randi|sample_data|simulate\w{0,20})\s{0,2}\("
)


def from_other_sources(repository: Repository) -> Iterator[DataReference]:
    """Yield the files that sources of other languages read, there or not, and the draws by which they make data."""
    names = {path.rpartition("/")[2]: path for path in repository.by_path}
    sources = [file for file in repository.own_files if file.path.lower().endswith(SUFFIXES) and not file.absent]
    for file in sources[:FILES_LIMIT]:
        try:
            text = repository.text(file.path)[:TEXT_LIMIT]
        except Unreadable:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            yield from _line(FileEvidence(path=file.path, line=number, excerpt=line.strip()[:300]), line[:1_000], names)


def _line(evidence: FileEvidence, line: str, names: dict[str, str]) -> Iterator[DataReference]:
    if not line.strip() or line.lstrip().startswith(comment_mark(evidence.path)):
        return
    found = _READS.search(line) or _LOADS.search(line)
    if found:
        held = names.get(found[1].replace("\\", "/").rpartition("/")[2])
        if held:
            yield DataReference(held, "included", evidence, data_set=canonical(held), read=True)
        elif not OUTPUT.search(found[1]):
            machine = bool(re.match(r"/(home|users|scratch|mnt)/|[A-Za-z]:[\\/]", found[1], re.I))
            sure = machine and bool(DATA_WORD.search(found[1]) or canonical(found[1]))
            yield DataReference(found[1], "path", evidence, data_set=canonical(found[1]), sure=sure, read=True)
    elif _DRAWS.search(line):
        yield DataReference(f"random draws in {evidence.path}", "generated", evidence)
