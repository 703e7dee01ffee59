"""One file that is to be repaired: its text by line, its syntax tree, and edits that leave every other line as it is.

The tree is made from a stranger's text: this runs in a confined child alone.
"""

from __future__ import annotations

import ast
import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property


class Refused(Exception):
    """The repair is not safe here; the message says why, as what follows "no patch: "."""


@dataclass(frozen=True)
class Edit:
    """Lines `first` up to, and not including, `last` give way to others; numbers count from 1."""

    first: int
    last: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Spot:
    """A statement where it stands: its block, its place in the block, and the function (or module) around it."""

    statement: ast.stmt
    block: Sequence[ast.stmt]
    index: int
    scope: ast.AST
    looped: bool
    """A loop stands around it within its function."""

    @property
    def following(self) -> Sequence[ast.stmt]:
        """The statements after it in its block."""
        return self.block[self.index + 1 :]


@dataclass
class Script:
    """A file's text, with line feeds alone, and the edits that were asked for."""

    text: str
    imported: bool = False
    """Other files import it, and may use the names of its own level."""
    edits: list[Edit] = field(default_factory=list)
    parsed: ast.Module | None = None
    """Its tree, where it is there already."""

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; raises Refused where there is none."""
        if self.parsed is not None:
            return self.parsed
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Refused("the file is not in today's Python") from None

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the tree."""
        return list(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node that holds each other one."""
        return {part: node for node in self.nodes for part in ast.iter_child_nodes(node)}

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")

    def spot(self, line: int) -> Spot:
        """Return the innermost statement on a line that holds no others; raises Refused where there is none."""
        found = _innermost(self.tree.body, self.tree, line, looped=False)
        if found is None or found.statement.lineno > line:
            raise Refused(f"no statement by itself stands on line {line}")
        return found

    def alone(self, statement: ast.stmt) -> None:
        """Raise Refused where a statement shares its lines with another, or goes on by backslash."""
        first, last = self.lines[statement.lineno - 1], self.lines[(statement.end_lineno or 0) - 1]
        before = first.encode()[: statement.col_offset].decode()
        after = last.encode()[statement.end_col_offset or 0 :].decode().strip()
        if before.strip() or (after and not after.startswith("#")) or last.endswith("\\"):
            raise Refused(f"line {statement.lineno} holds more than one statement")

    def indent(self, statement: ast.stmt) -> str:
        """Return the white space before a statement that stands alone."""
        return self.lines[statement.lineno - 1].encode()[: statement.col_offset].decode()

    def segment(self, node: ast.AST) -> str:
        """Return the text of an expression or statement."""
        return ast.get_source_segment(self.text, node) or ""

    def written(self, node: ast.AST, changes: dict[ast.AST, str]) -> str:
        """Return a node's text with some of the nodes in it written otherwise."""
        text, start = self.segment(node), self._offset(node)
        spans = sorted(((self._offset(part), self._end(part), new) for part, new in changes.items()), reverse=True)
        for first, last, new in spans:
            text = text[: first - start] + new + text[last - start :]
        return text

    def _offset(self, node: ast.AST) -> int:
        return self._position(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def _end(self, node: ast.AST) -> int:
        return self._position(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def _position(self, line: int, column: int) -> int:
        """Return where a column, which the tree counts in bytes, lies in the text, in characters."""
        return self._starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    @cached_property
    def _starts(self) -> list[int]:
        found, position = [], 0
        for line in self.lines:
            found.append(position)
            position += len(line) + 1
        return found

    # Edits

    def remove(self, statement: ast.stmt) -> None:
        """Take a statement that stands alone out."""
        self.alone(statement)
        self.edits.append(Edit(statement.lineno, (statement.end_lineno or 0) + 1, ()))

    def replace(self, statement: ast.stmt, text: str) -> None:
        """Write a statement that stands alone otherwise; what follows on its last line (a comment) stays."""
        self.alone(statement)
        rest = self.lines[(statement.end_lineno or 0) - 1].encode()[statement.end_col_offset or 0 :].decode()
        lines = (self.indent(statement) + text + rest).split("\n")
        self.edits.append(Edit(statement.lineno, (statement.end_lineno or 0) + 1, tuple(lines)))

    def put(self, node: ast.AST, text: str) -> None:
        """Write an expression otherwise, wherever it stands; the rest of its lines stays."""
        first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
        before = self.lines[first - 1].encode()[: node.col_offset].decode()  # type: ignore[attr-defined]
        after = self.lines[last - 1].encode()[node.end_col_offset :].decode()  # type: ignore[attr-defined]
        self.edits.append(Edit(first, last + 1, tuple((before + text + after).split("\n"))))

    def insert_after(self, statement: ast.stmt, texts: Sequence[str]) -> None:
        """Put statements after one that stands alone, as deep as it stands."""
        self.alone(statement)
        at = (statement.end_lineno or 0) + 1
        self._insert(at, self.indent(statement), texts)

    def insert_before(self, statement: ast.stmt, texts: Sequence[str]) -> None:
        """Put statements before one that stands alone, as deep as it stands."""
        self.alone(statement)
        self._insert(statement.lineno, self.indent(statement), texts)

    def _insert(self, at: int, indent: str, texts: Sequence[str]) -> None:
        self.edits.append(Edit(at, at, tuple(line for text in texts for line in (indent + text).split("\n"))))

    def edited(self) -> str:
        """Return the text after all edits; raises Refused where they meet."""
        lines = list(self.lines)
        following = len(lines) + 2
        for edit in sorted(self.edits, key=lambda edit: (edit.first, edit.last), reverse=True):
            if edit.last > following:
                raise Refused("two repairs meet on one line")
            lines[edit.first - 1 : edit.last - 1] = edit.lines
            following = edit.first
        return "\n".join(lines)

    def line_after(self, line: int) -> int:
        """Return where a line of the text stands after all edits."""
        return line + sum(
            len(edit.lines) - (edit.last - edit.first) for edit in self.edits if edit.last <= line
        )  # fmt: skip


def _innermost(block: Sequence[ast.stmt], scope: ast.AST, line: int, looped: bool) -> Spot | None:
    at = bisect.bisect_right([statement.lineno for statement in block], line) - 1
    if at < 0 or (block[at].end_lineno or 0) < line:
        return None
    statement = block[at]
    own = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    inner_loop = (looped and not own) or isinstance(statement, ast.For | ast.AsyncFor | ast.While)
    for inner in blocks_of(statement):
        if (found := _innermost(inner, statement if own else scope, line, inner_loop)) is not None:
            return found
    return Spot(statement, block, at, scope, looped)


def blocks_of(statement: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    """Yield the blocks that a compound statement holds."""
    for name in ("body", "orelse", "finalbody"):
        if block := getattr(statement, name, None):
            yield block
    for part in [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]:
        yield part.body


def names_of(*nodes: ast.AST) -> set[str]:
    """Return every name that nodes read or bind, in functions and classes within them too."""
    found: set[str] = set()
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                found.add(part.id)
            elif isinstance(part, ast.Global | ast.Nonlocal):
                found.update(part.names)
            elif isinstance(part, ast.alias):
                found.add((part.asname or part.name).partition(".")[0])
            elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(part.name)
            elif isinstance(part, ast.arg):
                found.add(part.arg)
            elif isinstance(part, ast.ExceptHandler) and part.name:
                found.add(part.name)
    return found


def root_of(node: ast.AST) -> str:
    """Return the name that an expression of attributes, items and calls begins with; empty where it is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def last_name(call: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def from_sklearn(script: Script, call: ast.Call) -> bool:
    """Return whether what is called is scikit-learn's, by the imports of the file, and can be nothing else."""
    name = root_of(call.func)
    bound = {id(node): False for node in ast.walk(script.tree) if name and binds(node, name)}
    stars: list[bool] = []
    for node in ast.walk(script.tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for alias in node.names:
            module = alias.name if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
            known = module.partition(".")[0] == "sklearn"
            if alias.name == "*":
                stars.append(known)
            elif (alias.asname or alias.name).partition(".")[0] == name:
                bound[id(alias)] = known
    return all(bound.values()) if bound else bool(stars) and all(stars)


def binds(node: ast.AST, name: str) -> bool:
    """Return whether a node that is no import binds a name."""
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == name
    return isinstance(node, ast.arg) and node.arg == name


def same(one: ast.AST, other: ast.AST) -> bool:
    """Return whether two expressions are written alike, whether they are read or bound."""
    return ast.unparse(one) == ast.unparse(other)
