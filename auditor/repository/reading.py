"""Every Python file, notebook and document of a repository to its facts: each read once, in a confined child."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from auditor.confine import Budget, confined_each
from auditor.errors import Unreadable
from auditor.repository.code.notebooks import NOTEBOOK_LIMIT, read_notebook
from auditor.repository.code.python import SOURCE_LIMIT, read_cells, read_python
from auditor.repository.documents.reader import in_order, read_document_file, top_readme
from auditor.repository.model import Document, File, Notebook, Repository, Source

VENDORED_LIMIT = 100
"""Vendored files are parsed too, for what they define, but no more than this many."""
NOTEBOOKS_LIMIT = 500
FILES_LIMIT = 20_000
DOCUMENTS_LIMIT = 200
LINES_LIMIT = 300_000
"""Lines of code of all files together that are parsed."""
LINE_BYTES = 40
"""Of a usual line of code: of a file that has fewer and longer ones, so many count as one."""
BUDGET = Budget(item_seconds=2.0, item_bytes=16 << 20, seconds=120.0, bytes=96 << 20, memory_bytes=384 << 20)

Kind = Literal["document", "notebook", "python"]
Facts = tuple[Source | Notebook | Document, ...]
"""What one file holds: a notebook is itself, and the Source of its code."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read: its path below `root`, and what it is read as."""

    root: str
    path: str
    kind: Kind


@dataclass(frozen=True)
class Readings:
    """The facts of all files that are parsed, each kind in the order in which the Repository gives it."""

    sources: tuple[Source, ...]
    notebooks: tuple[Notebook, ...]
    documents: tuple[Document, ...]


def read_files(repository: Repository) -> Readings:
    """Return what the repository's Python files, notebooks and documents hold.

    A file that could not be read, or that killed or stalled its reader, has `problem` set to the reason; the others are
    read nevertheless.
    """
    documents = in_order(repository)
    jobs: list[tuple[File, Kind]] = [(file, "document") for file in documents[:DOCUMENTS_LIMIT]]
    notebooks = [file for file in repository.own_files if file.kind == "notebook"]
    jobs += [(file, "notebook") for file in notebooks[:NOTEBOOKS_LIMIT]]
    jobs += [(file, "python") for file in _python(repository)]
    read_here = [(file, kind) for file, kind in jobs if _why_not(file, kind) is None]
    here, beyond = read_here[:FILES_LIMIT], read_here[FILES_LIMIT:]
    answers = confined_each(
        read, [Job(str(repository.root), file.path, kind) for file, kind in here], BUDGET, "the files"
    )
    found = [item for file, kind in jobs if (why := _why_not(file, kind)) for item in _unread(file, kind, why)]
    found += [item for job in beyond for item in _unread(*job, f"only {FILES_LIMIT} files of the tree are parsed")]
    lines = 0
    for position, ((file, kind), answer) in enumerate(zip(here, answers, strict=True), 1):
        found += _unread(file, kind, str(answer)) if isinstance(answer, Unreadable) else answer
        lines += _lines(file, kind, answer)
        if lines > LINES_LIMIT:
            why = f"it was not read: the files had already {LINES_LIMIT} lines of code"
            found += [item for job in here[position:] for item in _unread(*job, why)]
            break
    return _sorted(repository, found, documents)


def _lines(file: File, kind: Kind, answer: Facts | Unreadable) -> int:
    """Return how many lines of code a file counts for; one that could not be read counts by its size."""
    if isinstance(answer, Unreadable):
        return file.size // LINE_BYTES
    read = sum(item.lines for item in answer if isinstance(item, Source))
    return max(read, file.size // LINE_BYTES) if kind == "python" else read


def read(job: Job) -> Facts:
    """Return the facts of one file; of a notebook, those of its code beside it. Runs in the confined child."""
    warnings.simplefilter("ignore")  # a stranger's invalid escapes are no business of this program's output
    root = Path(job.root)
    if job.kind == "document":
        return (read_document_file(root, job.path),)
    if job.kind == "python":
        return (read_python(root, job.path),)
    notebook = read_notebook(root, job.path)
    source = read_cells(notebook)
    return (notebook, source) if source else (notebook,)


def _python(repository: Repository) -> list[File]:
    """Return the Python files: the authors' own and their setup scripts, nearest to the top first, then some copied."""
    own = [file for file in repository.own_files if file.kind == "python" or _is_setup(file)]
    vendored = [file for file in repository.files if file.kind == "python" and file.vendored]
    return sorted(own, key=lambda file: file.path.count("/")) + vendored[:VENDORED_LIMIT]


def _is_setup(file: File) -> bool:
    return file.path.rpartition("/")[2].lower() == "setup.py"


def _why_not(file: File, kind: Kind) -> str | None:
    """Return why a file is not worth opening; None where it is."""
    if file.absent:
        return "its content is not in this copy"
    limit = {"python": SOURCE_LIMIT, "notebook": NOTEBOOK_LIMIT}.get(kind, file.size)
    return f"it has {file.size} bytes, more than the {limit} read" if file.size > limit else None


def _unread(file: File, kind: Kind, why: str) -> Facts:
    if kind == "document":
        return (Document(file.path, "", problem=why),)
    if kind == "notebook":
        return (Notebook(file.path, problem=why),)
    return (Source(file.path, 0, problem=why, known=False),)


def _sorted(repository: Repository, items: list[Source | Notebook | Document], documents: list[File]) -> Readings:
    vendored = {file.path for file in repository.files if file.vendored}
    sources = [
        replace(item, vendored=True) if item.path in vendored else item for item in items if isinstance(item, Source)
    ]
    notebooks = [item for item in items if isinstance(item, Notebook)]
    order = {file.path: position for position, file in enumerate(documents)}
    main = top_readme(documents)
    found = [
        replace(item, main=main is not None and item.path == main.path) for item in items if isinstance(item, Document)
    ]
    return Readings(
        tuple(sorted(sources, key=lambda item: item.path)),
        tuple(sorted(notebooks, key=lambda item: item.path)),
        tuple(sorted(found, key=lambda item: order[item.path])),
    )
