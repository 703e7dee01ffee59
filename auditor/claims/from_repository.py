"""What a repository claims: results in its README, in the stored outputs of notebooks, in result files it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.claims.captions import NOT_RESULTS
from auditor.claims.matching import split_of
from auditor.claims.model import Claim, Unit
from auditor.claims.numbers import Number
from auditor.claims.printed_files import read_file
from auditor.claims.printed_text import read_text
from auditor.claims.reading import Reading, final_readings, metric_in
from auditor.claims.sentences import sentence_results
from auditor.claims.tables import table_results
from auditor.claims.vocabulary import Metric, words
from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.recorder.notebook import heading_in
from auditor.repository.model import Document, Notebook, Repository

NOTEBOOK_LIMIT = 60
FILE_LIMIT = 40
FILES = 5
_FILE_BYTES = 1 << 20
_SECTIONS = frozenset(
    words(
        "evaluation eval evaluations summary summaries result results metric metrics score scores final output outputs "
        "report performance stats statistics values all data rouge bleu"
    )
)
"""Words that name the part of a file, not what was measured."""
_OUTPUT_LENGTH = 200_000


def repository_claims(repository: Repository) -> tuple[Claim, ...]:
    """Return the results that the repository states, without ids: README first, then notebooks, then result files."""
    claims: list[Claim] = []
    for document in repository.documents:
        if document.main or document.path.rsplit("/", 1)[-1].lower().startswith(("readme", "results")):
            claims.extend(_from_document(document))
    for notebook in repository.notebooks:
        claims.extend(_from_notebook(notebook))
    claims.extend(_from_files(repository))
    return tuple(claims)


def _from_document(document: Document) -> Iterator[Claim]:
    for table in document.tables:
        lines = document.text.split("\n")
        before = _caption(lines, table.line, table.heading)
        for result in table_results(table.header, table.rows, before):
            yield Claim(
                id="",
                metric=result.metric.name,
                metric_text=result.metric_text,
                value=result.number.value,
                printed=result.number.printed,
                unit=result.unit,
                direction=result.direction,
                std=result.number.std,
                n=result.n,
                dataset=result.dataset,
                split=result.split,
                method=result.method,
                where=document.path,
                origin="readme",
                own=result.own,
                headline=document.main and result.own is not False and result.metric.scale != "seconds",
                evidence=FileEvidence(path=document.path, line=table.line + 2 + result.row, excerpt=result.excerpt),
            )
    for line, paragraph in document.prose:
        for sentence in paragraph.replace("\n", " ").split(". "):
            for stated in sentence_results(sentence):
                yield Claim(
                    id="",
                    metric=stated.mention.metric.name,
                    metric_text=stated.mention.text,
                    value=stated.number.value,
                    printed=stated.number.printed,
                    unit=stated.unit,
                    direction=stated.mention.metric.direction,
                    std=stated.number.std,
                    dataset=stated.dataset,
                    split=stated.split,
                    method=stated.method,
                    where=document.path,
                    origin="readme",
                    own=stated.own,
                    headline=document.main,
                    evidence=FileEvidence(path=document.path, line=line, excerpt=sentence),
                )


def _caption(lines: Sequence[str], line: int, heading: str) -> str:
    """Return the heading over a table and the line of prose right above it."""
    above = [text.strip() for text in lines[max(0, line - 4) : max(0, line - 1)] if text.strip() and "|" not in text]
    prose = above[-1] if above and not above[-1].startswith(("#", "`", "<", "=", "-")) else ""
    return f"{heading}. {prose}"[:600]


def _from_notebook(notebook: Notebook) -> Iterator[Claim]:
    count, heading = 0, ""
    for cell in notebook.cells:
        if cell.kind == "markdown":
            heading = heading_in(cell.text) or heading
        if cell.kind != "code" or not cell.outputs:
            continue
        # A rerun prints the same heading before the cell, so that each output is compared with its own.
        text = "\n".join((*([f"## {heading}"] if heading else ()), *cell.outputs))
        readings = read_text(text[:_OUTPUT_LENGTH], 2_000)
        for index in sorted(final_readings(readings)):
            evidence = FileEvidence(path=notebook.path, cell=cell.number, excerpt=readings[index].excerpt[:400])
            claim = _from_reading(readings[index], notebook.path, "notebook", evidence)
            if claim and count < NOTEBOOK_LIMIT:
                count += 1
                named = claim.method or (heading if heading in readings[index].names else None)
                yield claim.model_copy(update={"method": named})


def _from_files(repository: Repository) -> Iterator[Claim]:
    """Yield the results of data files that a README names by path."""
    readmes = "\n".join(document.text[:200_000] for document in repository.documents if document.main)
    named = [
        file
        for file in repository.own_files
        if file.path.lower().endswith((".json", ".csv", ".tsv")) and file.size <= _FILE_BYTES and not file.absent
        if file.path in readmes and any(word in file.path.lower() for word in ("result", "metric", "score", "eval"))
    ]
    for file in named[:FILES]:
        try:
            readings = read_file(file.path, repository.text(file.path).encode(), 2_000)
        except Unreadable:
            continue
        finals = sorted(final_readings(readings))
        for index in finals[:FILE_LIMIT]:
            reading = readings[index]
            evidence = FileEvidence(path=file.path, line=reading.line, excerpt=reading.excerpt[:400])
            claim = _from_reading(reading, file.path, "results", evidence)
            if claim:
                yield claim


def _from_reading(reading: Reading, path: str, origin: str, evidence: FileEvidence) -> Claim | None:
    metric = metric_in(reading.key)
    if metric is None or metric.name in NOT_RESULTS - {"nnz"} or metric.scale == "seconds":
        return None
    split = next((found for text in (reading.key, *reading.names) if (found := split_of(text))), None)
    return Claim.model_validate(
        {
            "id": "",
            "metric": metric.name,
            "metric_text": reading.key,
            "value": reading.number.value,
            "printed": reading.number.printed,
            "unit": _unit(metric, reading.number),
            "direction": metric.direction,
            "std": reading.number.std,
            "split": split,
            "method": _method(reading),
            "where": path,
            "origin": origin,
            "own": True,
            "headline": False,
            "evidence": evidence,
        }
    )


def _method(reading: Reading) -> str | None:
    """Return what the names of a reading call it: a row's label, or the keys of a nested file that name something."""
    names = [name for name in reading.names if not (set(words(name)) <= _SECTIONS or metric_in(name))]
    keys = reading.excerpt.partition(": ")[0].split(".")
    nested = [name for name in names if name in keys]
    if len(nested) > 1:
        return " ".join(nested[:3])[:100]
    return next((name for name in names if len(name.split()) <= 4), None)


def _unit(metric: Metric, number: Number) -> Unit:
    if metric.bounded:
        return "percent" if number.percent or abs(number.value) > 1 else "fraction"
    return "none"
