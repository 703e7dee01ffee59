"""The nouns of a repository, read from its files alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from auditor.repository.folders import folders_of
from auditor.repository.source import Assignment as Assignment
from auditor.repository.source import Call as Call
from auditor.repository.source import Function as Function
from auditor.repository.source import Import as Import
from auditor.repository.source import Option as Option
from auditor.repository.source import Source as Source

if TYPE_CHECKING:
    from auditor.findings import FileEvidence
    from auditor.repository.modules import ModuleTree
    from auditor.repository.reading import Readings

TEXT_LIMIT = 5 << 20
"""Bytes of the largest file that is read as text."""
TEXT_KEPT = 20_000
"""Characters of a text that is kept once it was read: manifests and scripts are asked for by many."""
TEXTS_KEPT = 1_000

FileKind = Literal[
    "python", "notebook", "shell", "config", "document", "dependencies", "container", "licence", "data", "weights",
    "image", "archive", "binary", "source", "paper", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A regular file: `path` relative with `/`; `vendored` where it lies in a third-party folder.

    `absent` where its content is not in this copy: a Git LFS pointer (`size` is the pointer's), or a file too large to
    be taken in (`size` only says that it is large).
    """

    path: str
    size: int
    kind: FileKind
    absent: bool = False
    vendored: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A notebook cell; `number` counts all cells from 1."""

    number: int
    kind: Literal["code", "markdown", "raw"]
    text: str
    execution_count: int | None = None
    outputs: tuple[str, ...] = ()
    """Text of the stored outputs."""
    images: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Notebook:
    """A Jupyter notebook; `problem` says why it could not be read."""

    path: str
    cells: tuple[Cell, ...] = ()
    language: str = "python"
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One declared distribution: canonical `name` (PEP 503), `specifier` in PEP 440 words, and where it stands.

    `exact` is True for `==`, conda `=` with a full version, a lock entry, or a URL at a fixed commit or file.
    """

    name: str
    specifier: str
    path: str
    line: int
    text: str
    exact: bool = False
    source: Literal["file", "prose"] = "file"
    optional: bool = False
    """In an extra or a development group."""
    marker: str = ""
    url: str | None = None
    cell: int | None = None
    """Of a notebook: the number of the cell, in which `line` then counts."""
    ecosystem: Literal["python", "r", "julia", "c++", "system"] = "python"
    """Whose package it is; `system` is what the operating system's own installer brings."""

    @property
    def evidence(self) -> FileEvidence:
        """Where it stands."""
        from auditor.findings import FileEvidence

        return FileEvidence(path=self.path, line=self.line, cell=self.cell, excerpt=self.text)


@dataclass(frozen=True, slots=True)
class BaseImage:
    """An image that a container file builds on; `tag` is None where only the newest is asked for.

    `fixed` is True for a digest, or a tag that names a version.
    """

    reference: str
    tag: str | None
    digest: str | None
    fixed: bool
    evidence: FileEvidence


@dataclass(frozen=True)
class Dependencies:
    """What the repository declares that it needs, and what its sources import."""

    requirements: tuple[Requirement, ...] = ()
    files: tuple[str, ...] = ()
    """The declaring files about the authors' own code."""
    lock_files: tuple[str, ...] = ()
    python: str | None = None
    """The stated Python version or specifier."""
    python_evidence: FileEvidence | None = None
    imported: dict[str, tuple[FileEvidence, ...]] = field(default_factory=dict)
    """Third-party distributions that the sources import (canonical name), with where."""
    undeclared: tuple[str, ...] = ()
    missing_local: tuple[FileEvidence, ...] = ()
    """Imports of local modules that are not there."""
    problems: tuple[str, ...] = ()
    others: tuple[Requirement, ...] = ()
    """What is declared of other ecosystems than Python's."""
    images: tuple[BaseImage, ...] = ()
    """The base images of container files."""
    unused: tuple[Requirement, ...] = ()
    """Declared by hand in a file, imported by no source, and no known tool."""
    shadowed: tuple[FileEvidence, ...] = ()
    """Imports that reach a local file where the name belongs to Python itself or to a declared distribution."""

    @property
    def level(self) -> Literal["file", "prose", "none"]:
        """How dependencies are declared, in the guide's words."""
        if self.files:
            return "file"
        return "prose" if any(r.source == "prose" for r in self.requirements) else "none"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block or inline span of code in a document, prompts kept; `line` is that of its first line of code."""

    path: str
    line: int
    text: str
    language: str = ""
    inline: bool = False
    heading: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A link or image in a document with the words around it."""

    path: str
    line: int
    url: str
    text: str
    context: str
    image: bool = False
    heading: str = ""


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table in a document."""

    path: str
    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A README or other prose file. `headings` are (level, text, line); `prose` are (line, paragraph) without code."""

    path: str
    text: str
    headings: tuple[tuple[int, str, int], ...] = ()
    prose: tuple[tuple[int, str], ...] = ()
    blocks: tuple[CodeBlock, ...] = ()
    links: tuple[DocumentLink, ...] = ()
    tables: tuple[DocumentTable, ...] = ()
    main: bool = False
    """Whether it is the repository's top README."""
    problem: str | None = None
    """Why it, or its end, could not be read."""


@dataclass(frozen=True, slots=True)
class DocumentedCommand:
    """A command that the documentation gives to run the authors' code.

    `target` is the file or module it runs, as named; `exists` whether it is there and runs anything (`resolved` is
    its path);
    `unaccepted` are the options that the program does not declare, as far as its source shows; `options_known` is
    False where the source does not tell which options it takes. `absent` are the settings and redirected inputs that
    it names in a folder of the tree and that are not there.
    """

    shell: str
    folder: str
    evidence: FileEvidence
    heading: str
    purpose: Literal["install", "train", "evaluate", "data", "run", "other"]
    target: str | None = None
    resolved: str | None = None
    exists: bool = False
    unaccepted: tuple[str, ...] = ()
    options_known: bool = False
    absent: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """The named files exist and every option is accepted, as far as the source shows."""
        return self.exists and not self.unaccepted and not self.absent


@dataclass(frozen=True, slots=True)
class DataReference:
    """A place where the code, the documentation or the tree refers to a data set or data file.

    `how` it comes there: a file of the tree, a library's loader, a download by code, written instructions, a program
    that makes it, or a `path` alone.
    """

    name: str
    how: Literal["included", "loader", "downloaded", "instructions", "generated", "path"]
    evidence: FileEvidence
    url: str | None = None
    data_set: str = ""
    """The canonical name of the public data set that is meant, where one is named (`cifar10`)."""
    within: str = ""
    """The function of the code that refers to it; empty at module level, and outside of code."""
    sure: bool = False
    """Of a path: only data from outside can answer it. Of instructions: they ask the reader to get the data by hand."""
    read: bool = False
    """Of a file: a line of the code reads it."""
    fixed: str = ""
    """What fixes its content: a version, a revision, a checksum."""
    named_in_call: bool = False
    """Of a loader: it fetches what its argument names, and not one set that the library knows and checks."""
    access: Literal["", "registration", "request"] = ""
    """What a reader must do before the data are handed out."""


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of the authors' code as stated; `spdx` is `unrecognised` where the text is no known licence."""

    spdx: str
    evidence: FileEvidence


@dataclass(frozen=True)
class Repository:
    """A tree as read. Each part is computed when it is first asked for; nothing of the tree is executed."""

    root: Path
    files: tuple[File, ...]
    left_out: tuple[str, ...] = ()
    """Sentences on what the walk did not read (links, caps)."""

    @cached_property
    def by_path(self) -> dict[str, File]:
        """Files by relative path."""
        return {file.path: file for file in self.files}

    @cached_property
    def own_files(self) -> tuple[File, ...]:
        """The files that are not vendored."""
        return tuple(file for file in self.files if not file.vendored)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder of the tree that holds a file, at any depth; the root is not among them."""
        return folders_of(file.path for file in self.files)

    @cached_property
    def modules(self) -> ModuleTree:
        """The modules of the tree, by which its sources import each other."""
        from auditor.repository.modules import ModuleTree

        return ModuleTree(self)

    @cached_property
    def others_projects(self) -> frozenset[str]:
        """The folders that hold projects copied in, with a licence and a README or build file of their own."""
        from auditor.repository.vendored import others_projects

        return others_projects(self.own_files)

    def unread_files(self, kinds: tuple[FileKind, ...]) -> str:
        """Return a sentence on the authors' own files of these kinds that could not be read; empty where all were.

        Code that nothing uses and that is little beside the rest counts as read.
        """
        from auditor.repository.code.unread import unread_code

        if not kinds:
            return ""
        parsed = list(unread_code(self))
        parsed += [(document.path, document.problem) for document in self.documents if document.problem]
        parsed += [
            (file.path, "its content is not in this copy" if file.absent else f"it has {file.size} bytes")
            for file in self.own_files
            if file.kind in ("licence", "dependencies") and (file.absent or file.size > TEXT_LIMIT)
        ]
        unread = [(path, why) for path, why in parsed if self.by_path[path].kind in kinds]
        more = f" and {len(unread) - 1} more" if len(unread) > 1 else ""
        return f"{unread[0][0]}{more} was not read: {unread[0][1]}." if unread else ""

    def text(self, path: str) -> str:
        """Return a file's text under the size cap, undecodable bytes replaced; raises Unreadable if it is not there."""
        from auditor.repository.inventory import read_text

        if path not in self._texts:
            text = read_text(self.root, path)
            if len(text) > TEXT_KEPT or len(self._texts) >= TEXTS_KEPT:
                return text
            self._texts[path] = text
        return self._texts[path]

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {}

    @cached_property
    def _readings(self) -> Readings:
        from auditor.repository.reading import read_files

        return read_files(self)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The facts of every Python file and notebook, from one confined parse each."""
        return self._readings.sources

    @cached_property
    def notebooks(self) -> tuple[Notebook, ...]:
        """Every notebook with its cells and stored outputs."""
        return self._readings.notebooks

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The top README first, then the other documents."""
        return self._readings.documents

    @cached_property
    def commands(self) -> tuple[DocumentedCommand, ...]:
        """The commands that the documentation gives, in its order, checked against files and options."""
        from auditor.repository.commands.documented import documented_commands

        return documented_commands(self)

    @cached_property
    def dependencies(self) -> Dependencies:
        """Declared and imported distributions."""
        from auditor.repository.declared.dependencies import read_dependencies

        return read_dependencies(self)

    @cached_property
    def data(self) -> tuple[DataReference, ...]:
        """Where the data come from."""
        from auditor.repository.data.origins import data_references

        return data_references(self)

    @cached_property
    def licence(self) -> Licence | None:
        """The licence of the authors' code."""
        from auditor.repository.licence import read_licence

        return read_licence(self)
