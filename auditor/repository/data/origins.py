"""Where the data of the experiments come from: files here, loaders that fetch, downloads, links, generators."""

from __future__ import annotations

from auditor.repository.data.code import from_code
from auditor.repository.data.documents import from_documents
from auditor.repository.data.files import copied_projects, from_shell, from_tree
from auditor.repository.data.other_languages import from_other_sources
from auditor.repository.folders import folders_of, lies_in
from auditor.repository.model import DataReference, Repository

READER_LIMIT = 400
"""The most references that are kept of each of code, scripts, documents and tree."""


def data_references(repository: Repository) -> tuple[DataReference, ...]:
    """Return every reference to data that the own files make: code first, then documents, then the files themselves."""
    found: list[DataReference] = []
    copied = copied_projects(repository)
    unused = copied - folders_of(command.resolved for command in repository.commands if command.resolved)
    for read in (from_code, from_other_sources, from_shell, from_documents, from_tree):
        unique: dict[tuple[str, str, str], DataReference] = {}
        for item in read(repository):
            if lies_in(item.evidence.path, unused if read is from_code else copied):
                continue
            unique.setdefault((item.name, item.how, item.evidence.path), item)
            if len(unique) >= READER_LIMIT:
                break
        found += unique.values()
    return tuple(found)
