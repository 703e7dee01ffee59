"""The facts that checks may ask for by type, derived from the Paper, the Repository, the Claims and the Rerun."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.checks.framework import Absent, fact
from auditor.paper.model import Paper, Statement
from auditor.repository.model import (
    Dependencies,
    Document,
    DocumentedCommand,
    Notebook,
    Repository,
    Source,
)


@dataclass(frozen=True)
class Statements:
    """What a readable paper says, item by item."""

    items: dict[str, Statement]
    unread: str = ""


@dataclass(frozen=True)
class Documents:
    """The README and the other documents of a repository."""

    items: tuple[Document, ...]

    @property
    def readme(self) -> Document | None:
        """The top README."""
        return next((document for document in self.items if document.main), None)


@dataclass(frozen=True)
class Sources:
    """The authors' own Python sources, notebooks included; `unparsed` are those that the parser refused."""

    items: tuple[Source, ...]

    @property
    def unparsed(self) -> tuple[Source, ...]:
        """The sources of which only the text is known."""
        return tuple(source for source in self.items if source.problem)


@dataclass(frozen=True)
class Commands:
    """The commands that the documentation gives."""

    items: tuple[DocumentedCommand, ...]


@dataclass(frozen=True)
class Notebooks:
    """The repository's own notebooks."""

    items: tuple[Notebook, ...]


@fact
def statements(paper: Paper) -> Statements:
    """Absent for scans and for languages that the rules do not read."""
    if paper.scanned:
        raise Absent("the PDF is a scan without a text layer")
    if not paper.readable:
        raise Absent(f"the paper's language ({paper.language}) is not one that the rules read")
    if not paper.sentences:
        raise Absent("the PDF holds no running text of a paper (it is a template, or only references)")
    return Statements(paper.statements, paper.unread)


@fact
def documents(repository: Repository) -> Documents:
    """All documents that are not vendored."""
    return Documents(repository.documents)


@fact
def sources(repository: Repository) -> Sources:
    """Absent where the repository holds no Python of the authors' own."""
    own = tuple(source for source in repository.sources if not source.vendored)
    if not own:
        raise Absent("the repository holds no Python source or notebook")
    return Sources(own)


@fact
def commands(repository: Repository) -> Commands:
    """The documentation's commands."""
    return Commands(repository.commands)


@fact
def notebooks(repository: Repository) -> Notebooks:
    """All notebooks."""
    return Notebooks(repository.notebooks)


@fact
def dependencies(repository: Repository) -> Dependencies:
    """Declared and imported distributions."""
    return repository.dependencies
