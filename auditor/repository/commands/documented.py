"""The commands that the documentation gives, checked against the files and options that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from auditor.findings import FileEvidence
from auditor.repository.commands.accepted import ProgramOptions
from auditor.repository.commands.files import CommandFiles
from auditor.repository.commands.idle import runs_nothing
from auditor.repository.commands.mentions import mentions, pointed
from auditor.repository.commands.shell import ShellCommand, logical_lines, read_command, simple_commands, strip_prompt
from auditor.repository.declared.requirement_text import joined
from auditor.repository.documents.outline import Outline
from auditor.repository.model import CodeBlock, Document, DocumentedCommand, Repository

COMMANDS_LIMIT = 500
Purpose = Literal["install", "train", "evaluate", "data", "run", "other"]

_TRAIN = re.compile(r"(?<![a-z])(pre)?-?train|(?<![a-z])fit(?![a-z])|fine-?tun|learn(?!ing)|optimi[sz]e_", re.I)
_EVALUATE = re.compile(
    r"(?<![a-z])(eval|evaluat\w{0,4}|test|validat\w{0,4}|infer\w{0,5}|predict\w{0,4}|score|benchmark|metrics?"
    r"|attack|verify|sample|generate"
    r"|demo|visuali[sz]e|plot|analy[sz]e)(?![a-z])",
    re.I,
)
_DATA = re.compile(
    r"(?<![a-z])(download|preprocess\w{0,4}|pre_process\w{0,4}|prepare|make_data\w{0,4}|create_data\w{0,4}"
    r"|build_data\w{0,4}|generate_data\w{0,4}|gen_data"
    r"|process_data|convert|extract|get_data|fetch|data_prep\w{0,6}|tokeni[sz]e|build_vocab)(?![a-z])",
    re.I,
)
_SETUP = re.compile(r"(?<![a-z])(install|setup|set_?env|build|compile|configure|make_env|create_env|environment)", re.I)
_INSTALLING = re.compile(r"\b(install|build|compil)", re.I)
_PLAIN = re.compile(
    r"^\s{0,12}(?:[-*]\s{1,3}|\d+[.)]\s{1,3})?(?:[$>%]\s{0,2})?((?:[A-Z_]{3,40}=\S{1,60}\s{1,3}){0,4}"
    r"(?:python[\d.]{0,4}|bash|sh|mpirun|torchrun|accelerate launch|make"
    r"|\./[\w/.-]{1,80})\s{1,4}[\w./-]{1,200}.{0,400})$"
)
_NAMES_FILE = re.compile(r"\.(py|sh|ipynb)\b|\s-m\s|^(make|\./)")
_IN_PROSE = re.compile(
    r"(?<![`\w/])((?:CUDA_VISIBLE_DEVICES=\S{1,20}\s{1,3})?python[\d.]{0,4}\s{1,3}(?:-m\s{1,3})?[\w./-]{1,120}\.py\b"
    r"(?:\s{1,3}-{1,2}[\w-]{1,60}(?:[ =][\w./-]{1,80})?){0,30})"
)
_PLACEHOLDER = re.compile(r"[<>{}]|^\$|\$\{?\w|\.\.\.|…|^[A-Z_]{6,}\.py$|\*|(^|[/_-])([xX]{2,8}|your|some)([/_.-]|$)")
_NO_INSTRUCTIONS = re.compile(
    r"(^|/)(change_?-?log|changes|history|news|notices?|licen[cs]es?|copying|authors|contributors|contributing|thanks"
    r"|code_of_conduct|security|todo|citation)([._-][^/]{0,40})?$",
    re.I,
)
_RUNS_PYTHON = re.compile(
    r"^\s{0,8}(?:[$>]\s)?(?:[A-Z_]{3,40}=\S{1,40}\s)?python[\d.]{0,4}\s(-m\s|-u\s)?[\w./-]{1,120}", re.M
)
"""A block said to be Python that holds shell commands."""
_RUN_HEADING = re.compile(r"\b(run|running)\b", re.I)
_OTHER_LANGUAGES = frozenset(
    ["python", "py", "bibtex", "json", "yaml", "latex", "c++", "cpp", "r", "lua", "diff", "xml"]
)


def documented_commands(repository: Repository) -> tuple[DocumentedCommand, ...]:
    """Return the commands of all documents, the top README's first, in their order.

    Taken are code blocks, inline code and lines that begin with a program's name. `cd` and `git clone` move the folder;
    prompts, environment variables and launchers are taken off. Commands whose file is a placeholder are left out.
    """
    reader = _Commands(repository)
    for document in repository.documents:
        if not _NO_INSTRUCTIONS.search(document.path):
            reader.document(document)
        if len(reader.found) >= COMMANDS_LIMIT:
            break
    return tuple(reader.found[:COMMANDS_LIMIT])


@dataclass
class _Place:
    """The folder that a document's commands have moved to, relative to the root."""

    folder: str = ""
    clones: set[str] = field(default_factory=set)
    outside: bool = False
    """They have moved to a folder that is not in the tree, after something else was cloned."""


class _Commands:
    """One pass over the documents."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.options = ProgramOptions(repository)
        self.found: list[DocumentedCommand] = []
        self.seen: set[tuple[str, str]] = set()
        self.files = CommandFiles(repository)
        self.folders = self.files.folders

    def document(self, document: Document) -> None:
        """Take in one document's commands, in the order of their lines."""
        home = document.path.rpartition("/")[0]
        place = _Place(home)
        for line, heading, text, block in sorted(self._texts(document), key=lambda item: item[0]):
            for offset, whole in logical_lines(text, documented=True):
                for simple in simple_commands(strip_prompt(whole)):
                    self._command(
                        simple, document.path, line + offset, heading, place, home, inline=bool(block and block.inline)
                    )
        if document.main and not any(command.target for command in self.found):
            for line, heading, text in self._pointed(document):
                self._command(text, document.path, line, heading, place, home, inline=False)

    def _texts(self, document: Document) -> Iterator[tuple[int, str, str, CodeBlock | None]]:
        for block in document.blocks:
            if block.language.lower() not in _OTHER_LANGUAGES or _RUNS_PYTHON.search(block.text[:20_000]):
                yield block.line, block.heading, block.text, block
        outline = Outline(document)
        covered = {b.line + n for b in document.blocks if not b.inline for n in range(b.text.count("\n") + 1)}
        inline = {b.text for b in document.blocks if b.inline}
        for number, line in enumerate(document.text.split("\n")[:20_000], 1):
            if number in covered or (
                "python" not in line and "bash" not in line and "sh " not in line and "./" not in line
            ):
                continue
            match = _PLAIN.match(line[:700])
            if match and not _NAMES_FILE.search(match[1]):
                match = None
            match = match or _IN_PROSE.search(line[:2_000])
            if match and match[1].strip(" `") not in inline and not any(match[1] in text for text in inline):
                yield number, outline.heading(number)[1], match[1].strip().strip("`"), None
        for number, text in document.prose:
            heading = outline.heading(number)[1]
            home = document.path.rpartition("/")[0]
            for mention in mentions(text):
                if mention.sure or self.files.named(mention.target, (home, ""))[1]:
                    yield number, heading, mention.command, None

    def _pointed(self, document: Document) -> Iterator[tuple[int, str, str]]:
        """Yield the programs that a document without commands points to: its shell scripts, what stands below "Run"."""
        outline = Outline(document)
        for number, text in document.prose:
            heading = outline.heading(number)[1]
            for mention in pointed(text, bool(_RUN_HEADING.search(heading[:200]))):
                path = self.files.named(mention.target, (document.path.rpartition("/")[0], ""))[1]
                if path in self.repository.by_path and not _SETUP.match(mention.target.rpartition("/")[2]):
                    yield number, heading, mention.command

    def _command(self, text: str, path: str, line: int, heading: str, place: _Place, home: str, inline: bool) -> None:
        words = text.split()
        if not words:
            return
        if words[0] == "cd":
            moved = words[1].strip("\"'").rstrip("/") if len(words) > 1 else ""
            place.outside = bool(place.clones) and not self._known(place, moved)
            place.folder = self._moved(place, moved, home)
            return
        if words[:2] == ["git", "clone"]:
            named = [word for word in words[2:] if not word.startswith("-")]
            place.clones |= {re.sub(r"\.git$", "", word.rstrip("/")).rpartition("/")[2] for word in named}
        command = self._installed(read_command(text))
        if command is None or (command.target is None and not command.installs):
            return
        if command.target and (_PLACEHOLDER.search(command.target) or command.target.startswith("~")):
            return  # a name for the reader's choice, or a file of the reader's own
        if (inline and command.target is None) or (place.outside and not self._there(command, place.folder, home)):
            return
        if (
            command.program == "./"
            and (text.split() == [command.target] or not (command.target or "").endswith((".py", ".sh", ".bash")))
            and not (self._there(command, place.folder, home) or self._is_built(command, inline))
        ):
            return  # no program, or a name in a listing of files
        if inline and command.program == "./" and not command.words and not (command.target or "").endswith(".sh"):
            return  # a path in running text is no command
        if (path, text) not in self.seen:
            self.seen.add((path, text))
            evidence = FileEvidence(path=path, line=line, excerpt=text)
            self.found.append(self._checked(command, place.folder, home, heading, evidence))

    def _known(self, place: _Place, named: str) -> bool:
        """Return whether a folder's name leads to the tree: a folder in it, one above, or a clone."""
        plain = named.strip("./")
        below = f"{place.folder}/{plain}".lstrip("/")
        return (
            not plain
            or named.startswith("..")
            or plain in place.clones
            or plain in self.folders
            or below in self.folders
        )

    def _there(self, command: ShellCommand, folder: str, home: str) -> bool:
        return self._resolve(command, folder, home)[1] is not None

    def _moved(self, place: _Place, named: str, home: str) -> str:
        named = named.rstrip("/")
        if named in ("", "~", ".") or named == "-":
            return place.folder if named == "." else home
        target = joined(f"{place.folder}/x" if place.folder else "x", named)
        if target is not None and target in self.folders:
            return target
        if named.strip("./") in self.folders:
            return named.strip("./")
        if named.startswith(".."):
            return home
        return place.folder if named not in place.clones else ""

    def _checked(
        self, command: ShellCommand, folder: str, home: str, heading: str, evidence: FileEvidence
    ) -> DocumentedCommand:
        purpose = purpose_of(command, heading)
        if command.installs or command.target is None:
            return DocumentedCommand(command.text, folder, evidence, heading, purpose, command.target)
        base, resolved = self._resolve(command, folder, home)
        unaccepted, known = self.options.refused(command, resolved) if resolved else ((), False)
        built = command.program == "./" and resolved is None and self._is_built(command, inline=False)
        return DocumentedCommand(
            shell=command.text,
            folder=base if resolved else folder,
            evidence=evidence,
            heading=heading,
            purpose=purpose,
            target=command.target,
            resolved=resolved,
            exists=(resolved is not None and not self._is_placeholder(resolved)) or built,
            absent=self.files.absent_inputs(command, base, home),
            unaccepted=unaccepted,
            options_known=known,
        )

    def _is_placeholder(self, path: str) -> bool:
        """Return whether a file is there by its name alone: it is empty, or a program that runs nothing."""
        file = self.repository.by_path.get(path)
        if file is None or file.absent:
            return False
        source = self.options.by_path.get(path)
        return file.size <= 1 or (source is not None and runs_nothing(source, self.repository.modules))

    def _resolve(self, command: ShellCommand, folder: str, home: str) -> tuple[str, str | None]:
        return self.files.resolve(command, folder, home)

    def _installed(self, command: ShellCommand | None) -> ShellCommand | None:
        """Return a command that names a console script of the repository with that script as its target."""
        if command is None or command.target is not None:
            return command
        script = self.files.console_scripts.get(command.program)
        return replace(command, target=script, installs=False) if script else command

    def _is_built(self, command: ShellCommand, inline: bool) -> bool:
        """Return whether a program that is not there is one that the repository's own sources are compiled to."""
        return (
            not inline
            and command.text.startswith(("./", "../"))
            and "." not in (command.target or "").replace(".out", "").replace(".exe", "")
            and self.files.has_compiled
        )


def purpose_of(command: ShellCommand, heading: str) -> Purpose:
    """Return what a command is for, by its file's name, its options, and the heading above it, in that order."""
    if command.installs:
        data = command.program in ("wget", "curl", "gdown", "aria2c", "kaggle", "gsutil", "aws", "unzip", "tar")
        return "data" if data else "install"
    name = (command.target or "").rpartition("/")[2]
    if (
        (command.program != "python" and _SETUP.match(name) and not _TRAIN.search(name))
        or (command.program == "make" and _INSTALLING.search(heading))
        or "build_ext" in command.words
        or name in ("get-pip.py", "ez_setup.py")
    ):
        return "install"
    spaced = re.sub(r"[_\-.]", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    options = " ".join(command.words)
    if re.match(r"(?i)data\s?(sets?)?\b", spaced):
        return "data"
    for text in (
        spaced,
        options if re.search(r"--?(mode|eval|test|do|train|phase|evaluate)\b", options) else "",
        heading,
    ):
        found = _purpose_in(text)
        if found:
            return found
    return "run" if command.target else "other"


def _purpose_in(text: str) -> Purpose | None:
    if not text:
        return None
    if _DATA.search(text):
        return "data"
    if _TRAIN.search(text):
        return "train"
    return "evaluate" if _EVALUATE.search(text) else None
