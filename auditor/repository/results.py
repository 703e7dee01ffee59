"""Results that the documentation shows: numbers in tables, text, notebooks and result files, or pictures of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.model import Document, DocumentTable, Notebook, Repository

METRIC = re.compile(
    r"(?<![a-z])(acc(uracy)?|top-?\s?[15]|error|err|loss|f1|f-score|auc|roc|auroc|precision|recall|map|miou|iou"
    r"|bleu|rouge|ppl|perplexity|rmse|mse|mae|nll|likelihood"
    r"|fid|inception score|psnr|ssim|score|reward|return|regret|mrr|hits@?\d*|nmi|ari|coverage|elbo|bits/dim"
    r"|bpd|wer|cer|speed-?up|accuracies|log-lik\w*|success rate|r2|correlation|eer|dice|time|throughput"
    r"|performance|results?)(?![a-z])",
    re.I,
)
_NUMBER = re.compile(r"^[~<>≈]?\s?\*{0,2}\s?-?\d{1,6}([.,]\d{1,6})?\s?%?\s?\*{0,2}(\s?(±|\+/?-|\+-|\()\s?\d.{0,20})?$")
_DECIMAL = re.compile(r"(?<![\w.])-?\d{1,5}\.\d{1,5}\s?%?(?!\.?\d)|(?<![\w.])\d{1,3}(\.\d{1,4})?\s?%")
_IN_TEXT = re.compile(
    r"(?<![a-z])(accuracy|top-?1|top-?5|error rate|test error|f1|auc|precision|recall|m?iou|bleu|perplexity"
    r"|rmse|mse|mae|nll|fid|inception score|psnr|ssim|reward|regret|mrr|hits@\d+|nmi|score)"
    r"(?![a-z])[^.\n|]{0,60}?(?<![\w.-])(\d{1,4}\.\d{1,5}|\d{1,3}(\.\d+)?\s?%)",
    re.I,
)
_RESULT_HEADING = re.compile(
    r"\b(results?|performance|evaluation|benchmarks?|comparison|leaderboard|accuracy|experiments?|reproduc"
    r"|model zoo|scores?|expected)",
    re.I,
)
_RESULT_SENTENCE = re.compile(
    r"\b(results?|achieve|obtain|get|reach|should (see|get|give|be)|expected|output|reports?|performance"
    r"|reproduce|test|val(idation)?)\b",
    re.I,
)
_PICTURE = re.compile(
    r"(?<![a-z])(results?|tables?|accuracy|curves?|performance|comparison|compare|error|loss|plots?|benchmark"
    r"|convergence|scores?|learning|classification|evaluation|rewards?|regret|auc|roc"
    r"|perplexity|fid|trade-?off|experiments?)(?![a-z])",
    re.I,
)
_NOT_RESULT = re.compile(
    r"(?<![a-z])(logo|badge|architecture|diagram|overview|framework|pipeline|teaser|banner|method|model"
    r"|screenshot|demo|samples?|generated|illustration|build|license|travis)(?![a-z])",
    re.I,
)
_OPTION_TABLE = re.compile(
    r"\b(default|argument|option|parameter|flag|description|type|usage|hyper-?parameter|file|folder|path)\b", re.I
)


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A place where the documentation shows results, and how."""

    how: Literal["numbers", "image"]
    evidence: FileEvidence


def shown_results(repository: Repository) -> tuple[ShownResult, ...]:
    """Return the places where documents, notebooks and result files that they point to show results."""
    found: list[ShownResult] = []
    for document in repository.documents:
        if re.search(r"(^|/)(changelog|contributing|install|news|\.github)", document.path, re.I):
            continue
        found += [*_tables(document), *_text(document), *_pictures(document, repository)]
        found += _files(document, repository)
    for notebook in repository.notebooks:
        found += _notebook(notebook)
    return tuple(found)


def _tables(document: Document) -> Iterator[ShownResult]:
    for table in document.tables:
        if is_result_table(table):
            excerpt = " | ".join(table.header)[:200] + " … " + " | ".join(table.rows[0] if table.rows else ())[:200]
            yield ShownResult("numbers", FileEvidence(path=document.path, line=table.line, excerpt=excerpt))


def is_result_table(table: DocumentTable) -> bool:
    """Return whether a table gives measured numbers: at least two numeric cells, at a metric's or a result's name."""
    cells = [cell for row in table.rows for cell in row]
    numbers = [cell for cell in cells if _NUMBER.match(cell.strip())]
    decimals = [cell for cell in numbers if "." in cell or "%" in cell]
    words = " ".join((*table.header, table.heading, *(row[0] for row in table.rows if row)))
    if len(numbers) < 2 or not decimals:
        return False
    if _OPTION_TABLE.search(" ".join(table.header)) and not METRIC.search(" ".join(table.header)):
        return False
    return bool(METRIC.search(words) or _RESULT_HEADING.search(table.heading))


def _text(document: Document) -> Iterator[ShownResult]:
    headings = [(line, text) for _, text, line in document.headings]
    for line, text in document.prose:
        heading = next((title for start, title in reversed(headings) if start <= line), "")
        match = _IN_TEXT.search(text[:3_000])
        if match and (_RESULT_SENTENCE.search(text) or _RESULT_HEADING.search(heading)):
            yield ShownResult("numbers", FileEvidence(path=document.path, line=line, excerpt=text[:300]))
    for block in document.blocks:
        headed = _RESULT_HEADING.search(block.heading) or _RESULT_SENTENCE.search(block.heading)
        if block.inline or not (headed or re.search(r"\|.{0,500}\|", block.text)):
            continue
        rows = [
            row
            for row in block.text.split("\n")[:200]
            if "--" not in row and not row.strip().startswith(("python", "$", "bash"))
        ]
        hits = [row for row in rows if METRIC.search(row) and _DECIMAL.search(row) and "=" not in row.split(":")[0]]
        if hits:
            yield ShownResult(
                "numbers", FileEvidence(path=document.path, line=block.line, excerpt=hits[0].strip()[:300])
            )


def _pictures(document: Document, repository: Repository) -> Iterator[ShownResult]:
    for link in document.links:
        if not link.image or re.search(r"shields\.io|badge|travis|codecov|colab|\.svg\?", link.url):
            continue
        name = re.sub(r"[_\-/.%0-9]", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", link.url.rpartition("/")[2]))
        words = f"{name} {link.text}"
        about = _PICTURE.search(words) or (_RESULT_HEADING.search(link.heading) and not _NOT_RESULT.search(words))
        if about and not _NOT_RESULT.search(words):
            yield ShownResult(
                "image", FileEvidence(path=document.path, line=link.line, excerpt=f"{link.text} ({link.url})"[:300])
            )


def _files(document: Document, repository: Repository) -> Iterator[ShownResult]:
    folder = document.path.rpartition("/")[0]
    for link in document.links:
        path = f"{folder}/{link.url}".lstrip("/").removeprefix("./").split("#")[0]
        file = repository.by_path.get(path)
        if (
            file is None
            or not path.lower().endswith((".csv", ".tsv"))
            or not _RESULT_HEADING.search(f"{path} {link.context}")
        ):
            continue
        try:
            text = repository.text(path)[:20_000]
        except Unreadable:
            continue
        if METRIC.search(text.split("\n", 1)[0]) and _DECIMAL.search(text):
            yield ShownResult("numbers", FileEvidence(path=path, line=1, excerpt=text[:200]))


def _notebook(notebook: Notebook) -> Iterator[ShownResult]:
    """Yield results among a notebook's stored outputs: a metric's name with a number, or a table of numbers."""
    about = ""
    for cell in notebook.cells:
        if cell.kind == "markdown":
            about = cell.text[:2_000]
        for output in cell.outputs:
            rows = output.split("\n")[:300]
            hits = [
                row
                for row in rows
                if _IN_TEXT.search(row[:500]) and not re.search(r"epoch|iter|step|train|loss:.*\[|\d/\d", row, re.I)
            ]
            if hits and not cell.error:
                yield ShownResult(
                    "numbers", FileEvidence(path=notebook.path, cell=cell.number, excerpt=hits[-1].strip()[:300])
                )
        if cell.images and cell.kind == "code" and _RESULT_HEADING.search(about):
            yield ShownResult("image", FileEvidence(path=notebook.path, cell=cell.number, excerpt="a plot"))
