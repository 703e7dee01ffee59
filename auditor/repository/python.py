"""Every Python file and notebook of a repository to its Source, each parsed once, in a confined child."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.confine import confined
from auditor.errors import Unreadable
from auditor.repository.inventory import read_text
from auditor.repository.model import File, Notebook, Repository, Source
from auditor.repository.notebooks import joined_code
from auditor.repository.syntax import facts_of

SOURCE_LIMIT = 2 << 20
"""Bytes of one file; a larger one is data in a Python file's clothes."""
BATCH_FILES = 1_500
BATCH_BYTES = 24 << 20
FILE_SECONDS = 10
BATCH_SECONDS = 120.0
MAX_BRACKETS = 200
"""Open brackets at which CPython's own tokenizer gives up."""
VENDORED_LIMIT = 100
"""Vendored files are parsed too, for what they define, but no more than this many."""

Job = tuple[str, str | None]
"""A path, and its code where it was already read (a notebook's cells)."""


def read_sources(repository: Repository) -> tuple[Source, ...]:
    """Return the facts of every Python file and Python notebook, in the order of their paths.

    A file that kills or stalls its reader has `problem` set to the reason; the others are read nevertheless.
    """
    vendored = [file for file in repository.files if file.kind == "python" and file.vendored][:VENDORED_LIMIT]
    files = [file for file in repository.files if file.kind == "python" and not file.vendored]
    own_setup = [file for file in repository.own_files if file.path.rpartition("/")[2] == "setup.py"]
    jobs: list[tuple[Job, int]] = []
    sources: list[Source] = []
    for file in files + own_setup + vendored:
        if file.size > SOURCE_LIMIT:
            sources.append(Source(file.path, 0, problem=f"it has {file.size} bytes, more than the {SOURCE_LIMIT} read"))
        else:
            jobs.append(((file.path, None), file.size))
    cells: dict[str, tuple[tuple[int, int], ...]] = {}
    for notebook in repository.notebooks:
        code = _code(notebook)
        if code is not None:
            cells[notebook.path] = code[1]
            jobs.append(((notebook.path, code[0][:SOURCE_LIMIT]), len(code[0])))
    for batch in _batches(jobs):
        sources += _read(repository.root, batch)
    marked = (_marked(source, repository.by_path.get(source.path), cells) for source in sources)
    return tuple(sorted(marked, key=lambda source: source.path))


def _marked(source: Source, file: File | None, cells: dict[str, tuple[tuple[int, int], ...]]) -> Source:
    return replace(source, vendored=bool(file and file.vendored), cells=cells.get(source.path, ()))


def _code(notebook: Notebook) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    if notebook.problem or notebook.language.lower() not in ("python", "ipython", "python3", "python2", ""):
        return None
    return joined_code(notebook)


def _batches(jobs: list[tuple[Job, int]]) -> Iterator[list[Job]]:
    batch: list[Job] = []
    total = 0
    for job, size in jobs:
        if batch and (len(batch) >= BATCH_FILES or total + size > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(job)
        total += size
    if batch:
        yield batch


def _read(root: Path, batch: list[Job]) -> list[Source]:
    """Read a batch in one child; where that dies, halve it until the file that killed it stands alone."""
    seconds = min(BATCH_SECONDS, 2.0 * FILE_SECONDS + len(batch))
    try:
        return confined(read_batch, str(root), batch, seconds=seconds, what=_what(batch))
    except Unreadable as error:
        if len(batch) == 1:
            return [Source(batch[0][0], 0, problem=str(error), notebook=batch[0][1] is not None)]
    half = len(batch) // 2
    return _read(root, batch[:half]) + _read(root, batch[half:])


def _what(batch: list[Job]) -> str:
    return batch[0][0] if len(batch) == 1 else f"{len(batch)} Python files"


def read_batch(root: str, batch: list[Job]) -> list[Source]:
    """Return the facts of each file; runs in the confined child."""
    import warnings

    warnings.simplefilter("ignore")  # a stranger's invalid escapes are no business of this program's output
    return [_read_one(Path(root), path, code) for path, code in batch]


def _read_one(root: Path, path: str, code: str | None) -> Source:
    notebook = code is not None
    try:
        text = code if code is not None else read_text(root, path, SOURCE_LIMIT)
    except Unreadable as error:
        return Source(path, 0, problem=str(error))
    if _depth(text) > MAX_BRACKETS:
        return Source(
            path, text.count("\n") + 1, problem=f"it nests more than {MAX_BRACKETS} brackets", notebook=notebook
        )
    try:
        with _alarm(FILE_SECONDS):
            return facts_of(path, text, notebook)
    except TimeoutError:
        problem = f"reading it took longer than {FILE_SECONDS} s"
    except (RecursionError, MemoryError):
        problem = "it is nested too deeply"
    return Source(path, text.count("\n") + 1, problem=problem, notebook=notebook)


def _depth(text: str) -> int:
    """Return the deepest run of brackets that open without any closing: cheap, and enough to spare the parser."""
    longest = current = 0
    for character in text if text.count("(") + text.count("[") + text.count("{") > MAX_BRACKETS else "":
        if character in "([{":
            current += 1
            longest = max(longest, current)
        elif character in ")]}":
            current = max(0, current - 1)
        elif character == "\n" and current > 5_000:
            break
    return longest if longest > 5_000 else 0


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    def stop(number: int, frame: Any) -> None:
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
