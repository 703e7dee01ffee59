"""Results that the documentation shows: numbers in tables, text, notebooks and result files, or pictures of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.documents.outline import Outline
from auditor.repository.folders import lies_in
from auditor.repository.model import Document, DocumentLink, DocumentTable, File, Repository
from auditor.repository.results.notebooks import notebook_results
from auditor.repository.results.shown import ShownResult, in_use
from auditor.repository.results.words import (
    CELL,
    CHOSEN,
    CLAIM,
    EXACT,
    HEADING,
    LOOSE,
    MEASURED,
    RESULTS,
    SPREAD,
    STATED,
    TRAINING,
)

_NO_REPORT = re.compile(r"(^|/)(changelog|contributing|install\w{0,6}|news|licen[sc]e|\.github)", re.I)
_NO_TABLE = re.compile(
    r"\b(default|argument|option|parameter|flag|description|type|usage|hyper-?parameters?|file|folder|path|range"
    r"|factors?|possible values|column|field|learning rate|lr|batch ?size|epochs?|dropout|seeds?|nodes|edges|classes"
    r"|instances|samples|length|memory|download|links?)\b|#",
    re.I,
)
_PICTURE = re.compile(
    r"(?<![a-z])(results?|tables?|accurac(y|ies)|curves?|performances?|comparisons?|compare|vs|errors?|loss|plots?"
    r"|benchmarks?|convergence|scores?|classification|evaluation|rewards?|returns?|regret|auc|roc|perplexity"
    r"|fid|bounds?|trade-?off|experiments?|quantitative|ablation|speed-?up|leaderboard|pareto)(?![a-z])",
    re.I,
)
_SURE_PICTURE = re.compile(
    r"(?<![a-z])(tables?|curves?|accurac(y|ies)|quantitative|leaderboard|roc|auc|perplexity|error rate|convergence)"
    r"(?![a-z])",
    re.I,
)
_NO_RESULT = re.compile(
    r"(?<![a-z])(logos?|badges?|architectures?|diagrams?|overview|framework|pipeline|teaser|banner|methods?"
    r"|models?|network|screenshots?|demos?|samples?|generat\w{0,6}|illustrat\w{0,6}|qualitative|visual\w{0,9}|vis|viz"
    r"|reconstruct\w{0,5}|interpolat\w{0,5}|animation|videos?|examples?|schematic|workflow|flow ?chart|structure"
    r"|equation|eq|concept|intro|introduction|dataset|corrupted|idea)(?![a-z])",
    re.I,
)
_LISTED = re.compile(r"^.{1,60}?(:|=|–|->|is|of)\s{0,3}\**\d{1,3}(\.\d{1,4}\s?%?|\s?%)(\s?(±|\+/-)\s?[\d.]{1,8}%?)?")
"""A thing and its measured value, as in a list of results."""
_LEAD = re.compile(r":\s{0,5}$|\b(below|following|figures?|fig|shown?|plots?|curves?|tables?)\b", re.I)
"""A paragraph that introduces the picture under it."""
_DECORATION = re.compile(
    r"shields\.io|badge|travis|codecov|colab|codecogs|\.svg(\?|$).{0,40}(branch|style)|youtube|ytimg|\.(gif|mp4|webm)(\?|$)"
    r"|circleci|readthedocs|appveyor|zenodo",
    re.I,
)
_RESULT_FILE = re.compile(r"\.(png|jpe?g|pdf|eps|csv|tsv|txt|log|json|tex|xlsx?|out|dat|md|html|np[yz]|mat)$", re.I)
_STORED = re.compile(r"\.(xlsx?|np[yz]|mat)$", re.I)
"""Files of numbers that are no text."""
_RESULT_NAME = re.compile(
    r"(?<![a-z])(results?|scores?|accurac(y|ies)|metrics?|benchmarks?|leaderboard|tables?|performance|evaluation|summary"
    r"|test_?acc|auc|curves)(?![a-z])",
    re.I,
)
_PATH = re.compile(r"(?<![\w:/.\-])[\w./\-]{2,150}(?<!\.)")
_BLOB = re.compile(r"^https?://(www\.)?github\.com/[^/]{1,100}/[^/]{1,100}/(blob|raw|tree)/[^/]{1,100}/")
LINKS = 2_000
"""How many links, paragraphs, tables, blocks and names of one document are looked at."""
FOLDER_FILES = 30
"""How many files of a folder that a document names are looked at."""

_CODE = frozenset(
    ("python", "py", "bash", "sh", "shell", "console", "yaml", "json", "toml", "ini", "bibtex", "latex", "cpp")
)

_NO_OUTPUT = re.compile(rf"--\w|\w\(|\.py\b|{TRAINING.pattern}", re.I)
"""A line of a command or of code, or of a log of training."""


def shown_results(repository: Repository) -> tuple[ShownResult, ...]:
    """Return the places where documents, notebooks and result files that they point to show results."""
    found: list[ShownResult] = []
    tree = _Folders(repository)
    others = repository.others_projects
    for document in repository.documents:
        if _NO_REPORT.search(document.path) or lies_in(document.path, others):
            continue
        outline = Outline(document)
        found += [*_tables(document, outline), *_text(document, outline), *_printed(document)]
        found += [*_pictures(document, outline), *_files(document, tree)]
    for notebook in repository.notebooks:
        if not lies_in(notebook.path, others):
            found += notebook_results(notebook)
    return tuple(found)


def _tables(document: Document, outline: Outline) -> Iterator[ShownResult]:
    for table in document.tables[:LINKS]:
        said = " / ".join((*outline.sections(table.line), outline.before(table.line)[-300:]))
        if is_result_table(table, said):
            excerpt = " | ".join(table.header)[:200] + " … " + " | ".join(table.rows[0] if table.rows else ())[:200]
            yield ShownResult("numbers", FileEvidence(path=document.path, line=table.line, excerpt=excerpt))


def is_result_table(table: DocumentTable, said: str = "") -> bool:
    """Return whether a table gives measured numbers: two or more, at a metric's or a result's name or with a spread.

    `said` are the titles and words above it.
    """
    cells = [cell.strip() for row in table.rows for cell in row]
    numbers = [cell for cell in cells if CELL.match(cell)]
    measured = [cell for cell in numbers if "." in cell or "%" in cell]
    if len([cell for cell in cells if SPREAD.search(cell)]) >= 2:
        return True
    header = " ".join(table.header)
    other = [cell for cell in table.header if _NO_TABLE.search(cell)]
    if len(other) * 2 >= len(table.header) and not EXACT.search(header):
        return False
    if EXACT.search(header) and len(numbers) >= 2 and (measured or len(numbers) >= 4):
        return True
    words = " ".join((header, *(row[0] for row in table.rows if row)))
    headed = bool(RESULTS.search(said) or (HEADING.search(said) and not other))
    return len(measured) >= 2 and bool(LOOSE.search(words) or headed or EXACT.search(said))


def _text(document: Document, outline: Outline) -> Iterator[ShownResult]:
    if in_use(document.path):
        return
    for line, text in document.prose[:LINKS]:
        sections = outline.sections(line)
        headed = any(HEADING.search(title) for title in sections)
        listed = any(RESULTS.search(title) for title in sections)
        for sentence in re.split(r"(?<=[.!?])\s", text[:5_000]):
            told = headed or bool(CLAIM.search(sentence)) or not CHOSEN.search(sentence)
            if (told and STATED.search(sentence)) or (listed and _LISTED.search(sentence)):
                yield ShownResult("numbers", FileEvidence(path=document.path, line=line, excerpt=sentence[:300]))
                break


def _printed(document: Document) -> Iterator[ShownResult]:
    """Yield the blocks of printed output that state a metric, other than on a line of a training log."""
    for block in document.blocks[:LINKS]:
        if block.inline or block.language.lower() in _CODE or in_use(document.path):
            continue
        rows = (row.strip()[:300] for row in block.text.split("\n")[:200])
        hit = next((row for row in rows if STATED.search(row) and not _NO_OUTPUT.search(row)), "")
        if hit:
            yield ShownResult("numbers", FileEvidence(path=document.path, line=block.line, excerpt=hit))


def _pictures(document: Document, outline: Outline) -> Iterator[ShownResult]:
    for link in document.links[:LINKS]:
        if link.image and not _DECORATION.search(link.url) and _shows_results(link, outline):
            excerpt = f"{link.text} ({link.url})"[:300]
            yield ShownResult("image", FileEvidence(path=document.path, line=link.line, excerpt=excerpt))


def _shows_results(link: DocumentLink, outline: Outline) -> bool:
    """Return whether a picture is one of results: by its own name and words, else its caption's, else its section's."""
    name = re.sub(r"[_\-/.%0-9]", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", link.url.rpartition("/")[2]))
    own = f"{name} {link.text}"
    tells = _PICTURE.search(own) or EXACT.search(own)
    if _SURE_PICTURE.search(own) or (tells and not _NO_RESULT.search(own)):
        return True
    if _NO_RESULT.search(own):
        return False
    caption = link.context.replace(link.text, " ")
    if (verdict := _first_of(caption)) is not None:
        return verdict
    lead = outline.before(link.line)[-200:]
    if _LEAD.search(lead) and _first_of(lead):
        return True
    sections = outline.sections(link.line)
    return any(HEADING.search(title) for title in sections) and not any(_NO_RESULT.search(t) for t in sections[-1:])


def _first_of(words: str) -> bool | None:
    """Return whether a caption's first telling word is one for results, rather than for a method or for samples."""
    result, other = _PICTURE.search(words), _NO_RESULT.search(words)
    if result is None:
        return None if other is None else False
    return other is None or result.start() < other.start()


@dataclass(frozen=True)
class _Folders:
    """The folders of a tree, by their names and with what they hold."""

    repository: Repository
    shown: set[str] = field(default_factory=set)
    """The files and folders that a document named already: what they hold is shown once."""

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The first folder of each name."""
        return {path.rpartition("/")[2]: path for path in sorted(self.repository.folders, reverse=True)}

    @cached_property
    def _paths(self) -> list[str]:
        return sorted(self.repository.by_path)

    def files(self, folder: str) -> list[str]:
        """Return the first files in a folder."""
        start = bisect_left(self._paths, f"{folder}/")
        return [path for path in self._paths[start : start + FOLDER_FILES] if path.startswith(f"{folder}/")]

    def __contains__(self, name: object) -> bool:
        return name in self.repository.folders or name in self.by_name


def _files(document: Document, tree: _Folders) -> Iterator[ShownResult]:
    """Yield the result files of the tree that a document names or links, alone or by their folder."""
    repository = tree.repository
    folder = document.path.rpartition("/")[0]
    for said in (name.rstrip("/") for name in _named(document, tree)):
        for path in (f"{folder}/{said}".lstrip("/"), said, tree.by_name.get(said, said)):
            if path in tree.shown:
                continue
            tree.shown.add(path)
            inside = [path] if path in repository.by_path else []
            for name in tree.files(path) if path in repository.folders else inside:
                yield from _shown_by(repository.by_path[name], document, repository)


def _shown_by(file: File, document: Document, repository: Repository) -> Iterator[ShownResult]:
    """Yield what a result file that a document names shows: numbers, or a picture."""
    if file.vendored or not _RESULT_FILE.search(file.path):
        return
    if file.kind in ("image", "paper"):
        yield ShownResult("image", FileEvidence(path=file.path, excerpt=f"named in {document.path}"))
    elif excerpt := _numbers_in(file, repository):
        yield ShownResult(
            "numbers",
            FileEvidence(path=file.path, line=None if file.absent or _STORED.search(file.path) else 1, excerpt=excerpt),
        )


def _named(document: Document, folders: Container[str]) -> Iterator[str]:
    """Yield the names of files and folders that could hold results, as a document writes or links them.

    A word without a slash is a folder where it is marked as code and one of the tree's `folders` has that name.
    """
    words = [link.url.split("#")[0] for link in document.links[:LINKS] if not link.image]
    words += [block.text for block in document.blocks[:LINKS] if block.inline]
    prose = (word for _, text in document.prose[:LINKS] for word in _PATH.findall(text[:5_000]))
    words += [word for word in prose if "/" in word or _RESULT_FILE.search(word)]
    for word in words[:LINKS]:
        name = _BLOB.sub("", word.strip()).lstrip("./")
        of_file = _RESULT_FILE.search(name) and "paper" not in name.lower()
        if (of_file or name.endswith("/") or name in folders) and _RESULT_NAME.search(name.replace("_", " ")):
            yield name


def _numbers_in(file: File, repository: Repository) -> str:
    """Return a line of a result file that shows its numbers; empty where there are none."""
    if file.absent:
        return "its content is not in this copy"
    if _STORED.search(file.path):
        return "a file of numbers" if file.size else ""
    try:
        lines = repository.text(file.path)[:20_000].split("\n")
    except Unreadable:
        return ""
    table = separated = file.path.lower().endswith((".csv", ".tsv", ".tex", ".dat"))
    named = False  # a column of a metric
    for line in (line[:2_000] for line in lines):
        many = len(MEASURED.findall(re.sub(r"[,&\t]", " ", line)))
        header = bool(EXACT.search(line)) and not many
        table, named = table or header, named or (separated and header)
        if (table and many >= 2) or (many and (named or EXACT.search(line))):
            return line.strip()[:200]
    return ""
