"""Which files a finding points to when it says that something is nowhere: those in which it would have been."""

from __future__ import annotations

from auditor.findings import FileEvidence
from auditor.repository.model import Repository

SHOWN = 3


def looked_at(repository: Repository) -> tuple[FileEvidence, ...]:
    """Return the top README; where there is none, other documents, then the authors' own programs.

    Hidden files (`.gitignore`, `.DS_Store`) come last of all: nobody looks into them for what is asked here.
    """
    main = [document.path for document in repository.documents if document.main]
    others = [document.path for document in repository.documents if not document.main]
    code = [f.path for f in repository.own_files if f.kind in ("python", "notebook", "source", "shell") and f.size > 0]
    shown = [f.path for f in repository.own_files if not f.path.rpartition("/")[2].startswith(".")]
    rest = [file.path for file in repository.own_files]
    paths = main[:1] or sorted(others, key=_depth)[:SHOWN] or sorted(code, key=_depth)[:SHOWN] or shown[:1] or rest[:1]
    return tuple(FileEvidence(path=path) for path in paths)


def _depth(path: str) -> tuple[int, str]:
    return path.count("/"), path
