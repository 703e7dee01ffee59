"""Files that documents, commands and options name as needed and that are not in the tree."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import PurePosixPath
from posixpath import splitext

from auditor.findings import FileEvidence
from auditor.repository.commands.files import PLACEHOLDER
from auditor.repository.commands.shell import logical_lines, read_command, simple_commands
from auditor.repository.declared.requirement_text import joined
from auditor.repository.documents.outline import Outline
from auditor.repository.missing.promises import promises
from auditor.repository.model import Document, Repository, Source

TEXT_LIMIT = 200_000
"""Characters of a document or script that are searched."""
ROW_LIMIT = 1_500
NAMES_LIMIT = 300
"""Names that no file bears and that are compared with others' names, and names that each is compared with."""
_PROGRAM = (".py", ".sh", ".ipynb")
_CODE = re.compile(r"[\w./-]{1,300}\.(?:py|ipynb|sh|ya?ml|txt|json|m|R|jl|lua|md)")
_DECLARES = re.compile(
    r"(?:(?:-r|--requirement|-f|--file)[\s=]{1,4}|(?<![\w/.:*-]))"
    r"((?:[\w.-]{1,60}/){0,4}(?:requirements?[\w-]{0,40}\.txt|environment[\w-]{0,40}\.ya?ml))(?![\w/])"
)
_TO_WRITE = re.compile(r"\b(creat\w{1,4}|writ\w{1,3}|generat\w{1,3}|export\w{0,3}|freeze|git clone)\b", re.I)
_SETTINGS = re.compile(
    r"[rub]?['\"]((?![/~])[\w./-]{1,200}\.(?:ya?ml|cfg|ini|toml|gin|conf|prototxt|jsonnet)"
    r"|(?![/~])(?:[\w./-]{1,200}/)?conf\w{0,4}/[\w./-]{1,200}\.json)['\"]"
)
_OUTPUT = re.compile(r"out|save|write|log|dump|result|export|dest|report|pred", re.I)
_FORMAL = re.compile(r"(^|/)(un)?(licen[sc]e|copying|contributing|code[_-]of[_-]conduct|authors)[^/]{0,20}$", re.I)
"""What nobody needs to run the code."""
_MADE = re.compile(
    r"(?:\b(?:create|write|add|save|make)\b[^.;:\n]{0,60}?[\s`'\"/]|>\s?|https?://[^\s)]{1,300}/)"
    r"([\w.-]{1,80}\.(?:py|sh|ipynb))\b"
)
_VIEWERS = re.compile(r"(^|[/_-])(tensorboard|clean|kill|view|serve|lint|format)([_.-]|$)", re.I)
_REPOSITORY = re.compile(r"^https?://(www\.)?(github|gitlab|bitbucket)\.(com|org)/[\w.-]{1,60}/[\w.-]{1,80}/?$")


def missing_parts(repository: Repository) -> tuple[FileEvidence, ...]:
    """Return the places that promise something not there yet, or name a file that is absent."""
    named = NamedFiles(repository)
    found = [*named.programs(), *named.started(), *named.settings()]
    for document in repository.documents:
        found += promises(document, bare=not repository.sources)
        if document.main or document.path.count("/") <= 1:
            found += [*named.requirements(document), *named.links(document)]
    return tuple({(item.path, item.excerpt): item for item in found}.values())


@dataclass(frozen=True)
class NamedFiles:
    """The files that a repository names, looked for in its tree."""

    repository: Repository

    @cached_property
    def _stems(self) -> dict[tuple[str, str], list[str]]:
        """The names of files and folders without suffix, in lower case, by their kind and first letters."""
        found: dict[tuple[str, str], set[str]] = {}
        for path in (*self.repository.by_path, *self.repository.folders):
            kind, stem = _kind_and_stem(path)
            found.setdefault((kind, stem[:2]), set()).add(stem)
        return {start: sorted(stems) for start, stems in found.items()}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """Files and folders by the last part of their paths."""
        found: dict[str, list[str]] = {}
        for path in (*self.repository.by_path, *self.repository.folders):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def _is_there(self, named: str) -> bool:
        """Return whether a file of this name, or of one that differs as after a change of name, is anywhere.

        Beyond the limits it may be anywhere.
        """
        kind, stem = _kind_and_stem(named)
        others = self._stems.get((kind, stem[:2]), [])
        place = bisect_left(others, stem)
        if others[place : place + 1] == [stem]:
            return True
        known = self._found
        if (kind, stem) not in known:
            if len(known) >= NAMES_LIMIT:
                return True
            near = others[max(0, place - NAMES_LIMIT // 2) : place + NAMES_LIMIT // 2]
            known[kind, stem] = any(_alike(stem, other) for other in near)
        return known[kind, stem]

    @cached_property
    def _found(self) -> dict[tuple[str, str], bool]:
        """Whether others like them are there, of names that no file bears, as far as they were looked for."""
        return {}

    @cached_property
    def _made(self) -> frozenset[str]:
        """The names of files that a document has its reader write or fetch."""
        texts = (document.text[:TEXT_LIMIT] for document in self.repository.documents)
        return frozenset(name for text in texts for name in _MADE.findall(text))

    def programs(self) -> Iterator[FileEvidence]:
        """Yield the commands of the top README whose program is absent: a part's may be about another project's."""
        main = {document.path for document in self.repository.documents if document.main}
        for command in self.repository.commands:
            target = PurePosixPath(command.target or "")
            if command.evidence.path not in main or command.exists or command.purpose == "install":
                continue
            anyones = target.is_absolute() or target.stem.isupper() or _VIEWERS.search(str(target))
            if target.suffix not in _PROGRAM or anyones or target.name in self._made:
                continue
            file = self.repository.by_path.get(command.resolved or "")
            if file is not None and file.size > 1:
                continue  # what runs nothing is there; an empty file is so by its name alone
            if file is not None or not self._is_there(target.name):
                yield command.evidence

    def started(self) -> Iterator[FileEvidence]:
        """Yield the rows of shell scripts that start a Python program which is absent and which they do not fetch."""
        for file in self.repository.own_files:
            if file.kind != "shell" or file.size > TEXT_LIMIT:
                continue
            text = self.repository.text(file.path)
            fetched = set(_MADE.findall(text))
            for number, row in logical_lines(text):
                for simple in () if row.lstrip().startswith("#") else simple_commands(row[:ROW_LIMIT]):
                    command = read_command(simple)
                    target = command.target if command and not command.installs else None
                    if target and self._should_be_here(target) and target.rpartition("/")[2] not in fetched:
                        yield FileEvidence(path=file.path, line=number, excerpt=simple[:300])

    def _should_be_here(self, target: str) -> bool:
        """Return whether a script's program is absent although its folder is there."""
        match = re.fullmatch(r"(?:\.{1,2}/){0,9}((?:[\w-][\w.-]{0,80}/){0,9})([\w.-]{1,80}\.py)", target)
        if match is None or match[2] == "setup.py":
            return False
        folder = match[1].rstrip("/")
        known = not folder or any(
            f"/{p}".endswith(f"/{folder}") for p in self._by_name.get(folder.rpartition("/")[2], ())
        )
        return known and not self._is_there(match[2])

    def requirements(self, document: Document) -> Iterator[FileEvidence]:
        """Yield the mentions of absent files that declare what to install.

        The reader of a part's own instructions looks beside them and in the folders around. Sections that lead to
        another repository may name its files.
        """
        home = document.path.rpartition("/")[0]
        outline = Outline(document)
        foreign = {outline.heading(link.line)[0] for link in document.links if _REPOSITORY.search(link.url)}
        blocks = [(b.line + n, row) for b in document.blocks for n, row in enumerate(b.text.split("\n"))]
        for line, text in (*blocks, *document.prose):
            for match in _DECLARES.finditer(text[:3_000]):
                before = text[max(0, match.start() - 100) : match.start()]
                installs = re.search(r"\b(pip|conda|mamba)\b", before)
                if _TO_WRITE.search(before.replace("env create", "")) or (
                    outline.heading(line)[0] in foreign and not installs
                ):
                    continue
                if not self._declares_around(home, match[1]):
                    yield FileEvidence(path=document.path, line=line, excerpt=text.strip()[:300])

    def _declares_around(self, home: str, named: str) -> bool:
        if not home:
            return self._is_there(named)
        parts = home.split("/")
        around = {"/".join(parts[:depth]) for depth in range(len(parts) + 1)}
        paths = self._by_name.get(named.rpartition("/")[2], ())
        return any(path.rpartition("/")[0] in around or path.startswith(f"{home}/") for path in paths)

    def links(self, document: Document) -> Iterator[FileEvidence]:
        """Yield relative links to code files that are not there."""
        for link in document.links:
            url = link.url.split("#")[0].split("?")[0]
            if link.image or not _CODE.fullmatch(url) or url.startswith(("/", "www.")) or _FORMAL.search(url):
                continue
            target = joined(document.path, url)
            if target and target not in self.repository.by_path and not self._is_there(url):
                yield FileEvidence(path=document.path, line=link.line, excerpt=f"{link.text} ({link.url})"[:300])

    def settings(self) -> Iterator[FileEvidence]:
        """Yield the options whose default is an absent settings file, but those that a documented command passes."""
        for source in self.repository.sources:
            for option in () if source.vendored else source.options:
                match = _SETTINGS.fullmatch(option.default or "")
                if match is None or PLACEHOLDER.search(match[1]) or PurePosixPath(match[1]).name in self._by_name:
                    continue
                if not any(_OUTPUT.search(name) for name in option.names) and not self._passes(source, option.names):
                    yield source.evidence(option.line, f"{option.names[-1]} {match[1]}")

    def _passes(self, source: Source, names: tuple[str, ...]) -> bool:
        """Return whether a documented command of a program passes an option, perhaps shortened."""
        words = (word for c in self.repository.commands if c.resolved == source.path for word in c.shell.split())
        given = (word.partition("=")[0] for word in words if word.startswith("-"))
        return any(name == word or (len(word) > 2 and name.startswith(word)) for word in given for name in names)


def _kind_and_stem(path: str) -> tuple[str, str]:
    """Return what a file may be replaced by (a program by any program or folder of them), and its name for that."""
    stem, suffix = splitext(path.rpartition("/")[2])
    kind = suffix if suffix not in _PROGRAM else ""
    return kind.replace("yml", "yaml"), stem.lower()[:80]


def _alike(stem: str, other: str) -> bool:
    """Return whether one name may have become the other: it goes on, or differs by a slip or in its end."""
    shorter = min(len(stem), len(other))
    begun = next((n for n, (a, b) in enumerate(zip(stem, other, strict=False)) if a != b), shorter)
    if shorter > 2 and begun >= 0.6 * shorter:
        return True
    return stem == other or (abs(len(stem) - len(other)) < 3 and SequenceMatcher(None, stem, other).ratio() > 0.8)
