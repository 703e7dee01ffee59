"""Where the data of the experiments come from: files here, loaders that fetch, downloads, links, generators."""

from __future__ import annotations

from auditor.repository.data_code import from_code
from auditor.repository.data_documents import from_documents
from auditor.repository.data_files import from_shell, from_tree
from auditor.repository.model import DataReference, Repository

REFERENCE_LIMIT = 1_000


def data_references(repository: Repository) -> tuple[DataReference, ...]:
    """Return every reference to data that the own files make, code first, then documents, then the files themselves."""
    unique: dict[tuple[str, str, str], DataReference] = {}
    for read in (from_code, from_shell, from_documents, from_tree):
        for item in read(repository):
            unique.setdefault((item.name, item.how, item.evidence.path), item)
            if len(unique) >= REFERENCE_LIMIT:
                return tuple(unique.values())
    return tuple(unique.values())
