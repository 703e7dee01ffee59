"""The nouns of one Python file, as read from its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from auditor.repository.code.unpacked import KEPT

if TYPE_CHECKING:
    from auditor.findings import FileEvidence
    from auditor.repository.declared.setup_script import SetupFacts


class _Handed:
    """A noun that is handed over from the reading child by its values alone: by the thousand, that tells."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        """Return the class and the values of its fields, as pickle takes them."""
        noun: Any = type(self)
        return noun, _values(noun)(self)


@cache
def _values(noun: Any) -> attrgetter[Any]:
    return attrgetter(*(item.name for item in fields(noun)))


@dataclass(frozen=True, slots=True)
class Option(_Handed):
    """A command-line option that a program declares: `names` such as (`--lr`,), `default` as source text."""

    names: tuple[str, ...]
    default: str | None
    line: int
    required: bool = False
    choices: tuple[str, ...] = ()
    flag: bool = False
    """It takes no value."""
    many: bool = False
    """It takes a list of values (or an optional one)."""
    destination: str | None = None
    """The attribute under which the program reads it, where the source names one."""


@dataclass(frozen=True, slots=True)
class Import(_Handed):
    """An imported module: full dotted name, the `level` of a relative import, and whether it stands inside `try`."""

    module: str
    line: int
    level: int = 0
    names: tuple[str, ...] = ()
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Call(_Handed):
    """A call with its name resolved through the file's imports (`numpy.random.seed`).

    `within` is the qualified name of the function that holds it (empty at module level); `arguments` and `keywords`
    are source text, each cut to 200 characters.
    """

    name: str
    line: int
    within: str = ""
    arguments: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Function(_Handed):
    """A function or method by qualified name, with its lines."""

    name: str
    line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Assignment(_Handed):
    """A plain assignment of a literal or a short expression: target and value as source text."""

    target: str
    value: str
    line: int
    within: str = ""


@dataclass(frozen=True, slots=True)
class Statements(_Handed):
    """A file's statements in the form of `auditor.repository.code.statements`; not `whole` where some are left out."""

    packed: bytes = b""
    """Packed, since most are never asked for."""
    whole: bool = True

    @property
    def block(self) -> tuple[tuple[Any, ...], ...]:
        """The statements, unpacked."""
        return KEPT.block(self.packed) if self.packed else ()


@dataclass(frozen=True, slots=True)
class Source(_Handed):
    """The facts of one Python file (or of a notebook's code cells joined), from one parse.

    `problem` says why today's parser refuses it; `known` is then False where not even its older idioms could be read,
    so that what is not found in it may be there nevertheless.
    """

    path: str
    lines: int
    imports: tuple[Import, ...] = ()
    calls: tuple[Call, ...] = ()
    functions: tuple[Function, ...] = ()
    classes: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    options: tuple[Option, ...] = ()
    option_style: str | None = None
    """`argparse`, `click`, `absl`, `tf.flags`, `fire`, `hydra`, `typer`, `sys.argv` …; None where none are read."""
    strings: tuple[tuple[str, int], ...] = ()
    """String literals that look like paths, URLs or data-set names, with their lines."""
    main_guard: bool = False
    main_lines: tuple[int, int] | None = None
    """First and last line of the block that runs only when the file is the program."""
    docstring: str = ""
    problem: str | None = None
    known: bool = True
    vendored: bool = False
    notebook: bool = False
    options_unlisted: bool = False
    """It accepts options that its source does not list (hydra overrides, `parse_known_args`, computed names)."""
    cells: tuple[tuple[int, int], ...] = ()
    """Of a notebook: (number of the cell, first line of its code in the joined text)."""
    statements: Statements = Statements()
    """What the analysis of value flow runs over."""
    setup: SetupFacts | None = None
    """Of a `setup.py`: what it declares."""

    def evidence(self, line: int | None = None, excerpt: str = "") -> FileEvidence:
        """A line of this file as evidence; of a notebook, the cell and the line within it."""
        from auditor.findings import FileEvidence

        if line is not None:
            for number, first in reversed(self.cells):
                if first <= line:
                    return FileEvidence(path=self.path, line=line - first + 1, cell=number, excerpt=excerpt)
        return FileEvidence(path=self.path, line=line, excerpt=excerpt)


def keyed_name(call: Call) -> str:
    """Return a call's name with a literal key before its method: `state['optimizer'].step` as `state.optimizer.step`.

    The plain name tells of a container only that something is taken out of it.
    """
    before, inside, method = call.name.rpartition("[].")
    if not inside or "." in method:
        return call.name
    key = re.search(rf"\[[\"']([A-Za-z_]\w{{0,60}})[\"']\]\.{re.escape(method)}\(", call.statement)
    return f"{before.replace('[]', '')}.{key[1]}.{method}" if key else call.name


def called_names(source: Source) -> Iterator[tuple[Import, str]]:
    """Yield what is called of plainly imported modules (`import utils`, `utils.f()`) as imports of those names.

    With each comes the function that holds the call; it is empty at module level.
    """
    given = {item.target for item in source.assignments}
    plain = {item.module: item for item in source.imports if not item.names and not item.level}
    for call in source.calls:
        module, _, name = call.name.rpartition(".")
        item = plain.get(module)
        if item and name.isidentifier() and module not in given:
            yield Import(module, call.line, names=(name,), guarded=item.guarded), call.within
