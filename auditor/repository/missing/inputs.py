"""Inputs that the repository itself names and does not hold: settings, data and models that only the authors have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from auditor.findings import FileEvidence
from auditor.repository.commands.files import PLACEHOLDER
from auditor.repository.commands.shell import passed, read_command
from auditor.repository.model import CodeBlock, DocumentLink, Option, Repository, Source

NAMES_LIMIT = 2_000
_SETTINGS = re.compile(
    r"^[\w./-]{1,200}\.(ya?ml|cfg|ini|toml|gin|conf|prototxt|jsonnet)$|(^|/)conf\w{0,4}/[\w./-]{1,200}\.json$"
)
_WEIGHTS = re.compile(r"\.(pt|pth|ckpt|h5|hdf5|pkl|pickle|npz|bin|model|tar)$")
_STAMPED = re.compile(r"(19|20)\d\d[-_]?\d{1,2}[-_]\d{1,2}|\d{1,2}[-_]\d{1,2}[-_](19|20)\d\d|(19|20)\d{6}")
"""The name of one run of the authors: the reader's own runs get other names."""
_LOADS = re.compile(r"load|restore|resume|pre-?_?train|checkpoint|ckpt|model|weights", re.I)
_OUTPUT = re.compile(r"out|save|write|log|dump|result|export|dest|report|pred", re.I)
_WRITES = re.compile(
    r"(^|\.)(save\w*|to_\w+|dump\w*|write\w*|imsave|savetxt|mkdir|makedirs|urlretrieve|download\w*|copy\w*)$"
)
_EMPTY_LINK = re.compile(r"^(x{3,}|todo|tbd|tba|tbc|coming[-_ ]?soon|link|url|https?://(x{3,}|\.\.\.|todo)/?)?$", re.I)
_NEEDED = re.compile(r"\b(data\w{0,6}|weights?|checkpoints?|pre-?trained|models?|download\w*|features?)\b", re.I)


class MissingInputs:
    """The named inputs of one repository, looked for in the programs and shell scripts that count."""

    def __init__(self, repository: Repository, programs: Iterable[Source], scripts: Iterable[str]) -> None:
        self.repository = repository
        self.programs = tuple(programs)
        self.scripts = tuple(scripts)

    def found(self) -> tuple[FileEvidence, ...]:
        """Return the places that name them."""
        items = [
            *self._settings(),
            *self._of_commands(),
            *self._weights(),
            *self._beside(),
            *self._links(),
            *self._empty(),
        ]
        return tuple({(item.path, item.excerpt): item for item in items}.values())

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(path.rpartition("/")[2].lower() for path in self.repository.by_path)

    def _absent(self, named: str) -> bool:
        return (
            PurePosixPath(named).name.lower() not in self._names
            and not PLACEHOLDER.search(named)
            and not named.startswith(("/", "~"))
        )

    def _settings(self) -> Iterator[FileEvidence]:
        """Yield settings files that are the default of an option, or that a shell script passes, and are not there."""
        for source in self.programs:
            for option in source.options:
                named = _literal(option.default)
                output = any(_OUTPUT.search(name) for name in option.names)
                if (
                    named
                    and _SETTINGS.search(named)
                    and not output
                    and not self._is_passed(source, option)
                    and self._absent(named)
                    and not self._is_made(named)
                ):
                    yield source.evidence(option.line, f"{option.names[-1]} {named}")
        for path in self.scripts:
            for number, row in enumerate(self.repository.text(path).split("\n")[:NAMES_LIMIT], 1):
                command = read_command(row[:1_000]) if not row.lstrip().startswith("#") else None
                for name, value in passed(command.words) if command and command.target else ():
                    if value and _SETTINGS.search(value) and not _OUTPUT.search(name) and self._absent(value):
                        yield FileEvidence(path=path, line=number, excerpt=row.strip()[:300])

    def _is_passed(self, source: Source, option: Option) -> bool:
        """Return whether a documented command of a program passes an option, so that its default is not needed."""
        words = (c.shell.split() for c in self.repository.commands if c.resolved == source.path)
        given = {word.partition("=")[0] for row in words for word in row if word.startswith("-")}
        return any(name == word or (len(word) > 4 and name.startswith(word)) for name in option.names for word in given)

    def _beside(self) -> Iterator[FileEvidence]:
        """Yield files that a program opens beside its own source and that nothing fetches, writes or looks for first.

        A folder's name for data or output in the same row says that the file comes from elsewhere.
        """
        for source in self.programs:
            rows = [] if source.notebook else self.repository.text(source.path).split("\n")
            for text, line in source.strings:
                row = rows[line - 1][:1_000] if line <= len(rows) else ""
                if "__file__" not in row or not _BESIDE.fullmatch(text) or _ELSEWHERE.search(row.replace(text, "")):
                    continue
                name = next((item.target for item in source.assignments if item.line == line), text)
                if self._absent(text) and not self._is_made(text) and not _is_written(source, name):
                    yield source.evidence(line, row.strip())

    def _of_commands(self) -> Iterator[FileEvidence]:
        """Yield documented commands that name absent settings or inputs, or models that only the authors have."""
        for command in self.repository.commands:
            if any("." in PurePosixPath(named).name for named in command.absent):
                yield command.evidence
            elif command.purpose != "install" and not self._model_links:
                read = read_command(command.shell)
                values = [value for _, value in passed(read.words) if value] if read else []
                if any(_is_given(value) and self._absent(value) for value in values):
                    yield command.evidence

    def _weights(self) -> Iterator[FileEvidence]:
        """Yield options whose default is a model of one run of the authors, where no link gives any model."""
        if self._model_links:
            return
        for source in self.programs:
            for option in source.options:
                named = _literal(option.default) or _literal(_assigned(source, option))
                loads = any(_LOADS.search(name) and not _OUTPUT.search(name) for name in option.names)
                if named and loads and _WEIGHTS.search(named) and _STAMPED.search(named) and self._absent(named):
                    yield source.evidence(option.line, f"{option.names[-1]} {named}")

    def _is_made(self, named: str) -> bool:
        """Return whether some source or script writes, or fetches, a file of this name."""
        name = PurePosixPath(named).name
        for source in self.repository.sources:
            lines = {line for text, line in source.strings if name in text}
            opened = (c for c in source.calls if c.line in lines)
            for call in opened:
                writing = any(re.match(r"^['\"][wax]", text) for text in call.arguments[1:2])
                if _WRITES.search(call.name) or (call.name.endswith("open") and writing):
                    return True
        return any(
            f"> {name}" in block.text or (f"{name} " in block.text and "wget" in block.text) for block in self._blocks
        )

    @cached_property
    def _blocks(self) -> tuple[CodeBlock, ...]:
        return tuple(block for document in self.repository.documents for block in document.blocks)

    @cached_property
    def _model_links(self) -> bool:
        """Whether a document links models, or a script fetches them."""
        links = (link for document in self.repository.documents for link in document.links if not link.image)
        return any(_gives_models(link) for link in links)

    def _links(self) -> Iterator[FileEvidence]:
        """Yield links to data or models that lead nowhere: empty, or a placeholder."""
        for document in self.repository.documents:
            if document.main:
                for match in _LINK.finditer(document.text[:200_000]):
                    row = document.text[document.text.rfind("\n", 0, match.start()) + 1 : match.end()]
                    if _EMPTY_LINK.match(match[2].strip()) and _NEEDED.search(row[-200:]):
                        line = document.text.count("\n", 0, match.start()) + 1
                        yield FileEvidence(path=document.path, line=line, excerpt=row.strip()[-300:])

    def _empty(self) -> Iterator[FileEvidence]:
        """Yield documented commands whose program is an empty file."""
        for command in self.repository.commands:
            file = self.repository.by_path.get(command.resolved or "")
            if file and file.size == 0 and file.path.endswith((".py", ".sh")) and not file.path.endswith("__init__.py"):
                yield command.evidence


_BESIDE = re.compile(r"[\w-]{1,80}\.(?:csv|npy|npz|mat|pkl|pickle|h5|json|ya?ml|txt|gz|pt|pth)")
_ELSEWHERE = re.compile(r"data|cache|out|result|log|te?mp|download|save|exists|isfile", re.I)
_LINK = re.compile(r"(?<!!)\[([^\]\n]{1,200})\]\(([^)\n]{0,60})\)")


def _is_written(source: Source, name: str) -> bool:
    """Return whether a program writes to what bears a name, or first looks whether it is there."""
    for call in source.calls:
        if any(re.search(rf"\b{re.escape(name)}\b", argument) for argument in call.arguments[:3]):
            writing = any(re.match(r"^['\"][wax]", text) for text in call.arguments[1:2])
            if _WRITES.search(call.name) or call.name.endswith(("exists", "isfile")) or writing:
                return True
    return False


def _literal(text: str | None) -> str | None:
    match = re.fullmatch(r"[rub]?['\"]([^'\"\n]{1,300})['\"]", text or "")
    return match[1] if match else None


def _assigned(source: Source, option: Option) -> str | None:
    """Return what the name that is an option's default was last given before."""
    given = [item.value for item in source.assignments if item.target == option.default and item.line < option.line]
    return given[-1] if given else None


def _is_given(value: str) -> bool:
    """Return whether a value names a model in a folder of pre-trained ones, as the authors would hand it out."""
    return bool(_WEIGHTS.search(value) and re.search(r"(^|/)pre-?_?trained[\w-]{0,20}/", value, re.I))


def _gives_models(link: DocumentLink) -> bool:
    if _WEIGHTS.search(link.url):
        return True
    hosted = re.search(
        r"drive\.google|dropbox|zenodo|onedrive|1drv|huggingface|mega\.nz|pan\.baidu|/releases?/|figshare", link.url
    )
    return bool(hosted and re.search(r"model|weights|checkpoint|pre-?trained", f"{link.text} {link.context}", re.I))
