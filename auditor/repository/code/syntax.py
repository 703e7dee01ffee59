"""One Python text to the facts of a Source: a single walk over its syntax tree. Runs in a confined child."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from auditor.repository.code.options import OptionReader
from auditor.repository.code.python2 import modernised
from auditor.repository.code.statements import statements_of
from auditor.repository.declared.setup_script import setup_facts
from auditor.repository.model import Assignment, Call, Function, Import, Source

SEGMENT_LIMIT = 200
STRING_LIMIT = 300
ITEM_LIMIT = 20_000
"""The most calls, assignments or strings that are kept of one file."""

PARSED = "audited:"
"""What the parser is told of a file's origin begins with this: a benchmark counts by it that none is parsed twice."""
LEFT_OUT_SHARE = 10
"""A file of which more than one line in so many could not be read is not known."""

_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
"""The fields of a statement that hold statements."""
_LEAVES = frozenset((ast.Name, ast.Constant))
"""Expressions without parts."""
_MARKS = (ast.expr_context, ast.operator)

_PATHLIKE = re.compile(
    r"^(https?|ftp|s3|gs|hdfs)://|^[~./\\]|[\\/]|^\w[\w.-]{0,80}\.(csv|tsv|txt|json|npy|npz|mat|pkl|pickle|h5"
    r"|hdf5|pt|pth"
    r"|ckpt|zip|tar|gz|tgz|yaml|yml|jsonl|parquet|dat|data|png|jpg)$|^[A-Za-z]:\\"
)


def facts_of(path: str, text: str, notebook: bool = False) -> Source:
    """Return the facts of one file's text; what the parser refuses is read after its Python 2 idioms are rewritten.

    The result's `problem` then says that the file is for an older Python; where even that does not parse, it says why,
    and only line count and path-like strings are known.
    """
    lines = text.count("\n") + 1
    problem, known = None, True
    try:
        tree = ast.parse(text, f"{PARSED}{path}")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        problem = _reason(error)
        rewritten = modernised(text)
        if rewritten is None:
            return _text_alone(path, text, problem, notebook)
        tree, text, left_out = rewritten
        known = left_out * LEFT_OUT_SHARE <= lines
        problem = f"it is not Python 3.{sys.version_info.minor} ({problem}); its older idioms were read by rule"
        if left_out:
            problem += f", {left_out} of its {lines} lines were not"
    setup = setup_facts(tree) if path.rpartition("/")[2].lower() == "setup.py" else None
    try:
        source, statements = _Reader(path, text).read(tree), statements_of(tree)
    except (RecursionError, MemoryError):
        return _text_alone(path, text, "it is nested too deeply", notebook)
    return replace(
        source, lines=lines, problem=problem, known=known, notebook=notebook, setup=setup, statements=statements
    )


def _text_alone(path: str, text: str, problem: str, notebook: bool) -> Source:
    lines = text.count("\n") + 1
    return Source(path, lines, strings=_text_strings(text), problem=problem, known=False, notebook=notebook)


def _reason(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{error.msg or 'syntax error'}, line {error.lineno}"[:200]
    return "it is nested too deeply" if isinstance(error, RecursionError | MemoryError) else str(error)[:200]


def _text_strings(text: str) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), 1):
        for match in re.finditer(r"""["']([^"'\n]{3,300})["']""", line[:2_000]):
            if _PATHLIKE.search(match[1]) and " " not in match[1]:
                found.append((match[1], number))
    return tuple(found[:ITEM_LIMIT])


class _Reader:
    """The walk over one tree. Names are resolved through the imports of the whole file."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.split("\n")
        folder = path.rpartition("/")[0]
        self.package = folder.split("/") if folder else []
        self.aliases: dict[str, str] = {}
        self.imports: list[Import] = []
        self.calls: list[Call] = []
        self.functions: list[Function] = []
        self.classes: list[str] = []
        self.assignments: list[Assignment] = []
        self.strings: list[tuple[str, int]] = []
        self.main_guard = False
        self.main_lines: tuple[int, int] | None = None
        self.options = OptionReader(self)

    def read(self, tree: ast.Module) -> Source:
        """Return the facts; imports come first, so that a name is resolved wherever its import stands."""
        self._read_imports(tree)
        self._block(tree.body, "", "")
        style, options, unlisted = self.options.result()
        docstring = ast.get_docstring(tree) or ""
        return Source(
            path=self.path,
            lines=len(self.lines),
            imports=tuple(self.imports),
            calls=tuple(self.calls),
            functions=tuple(self.functions),
            classes=tuple(self.classes),
            assignments=tuple(self.assignments),
            options=options,
            option_style=style,
            options_unlisted=unlisted,
            strings=tuple(self.strings),
            main_guard=self.main_guard,
            main_lines=self.main_lines,
            docstring=docstring[:2_000],
        )

    def segment(self, node: ast.AST, limit: int = SEGMENT_LIMIT) -> str:
        """Return the source text of a node on one line, cut to `limit` characters."""
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1  # type: ignore[attr-defined]
        start, end = node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
        pieces = []
        for number in range(first, min(last, first + 20) + 1):
            line = self.lines[number] if number < len(self.lines) else ""
            low = start if number == first else 0
            high = end if number == last else None
            if line.isascii():
                pieces.append(line[low:high])
            else:
                pieces.append(line.encode(errors="replace")[low:high].decode(errors="replace"))
            if sum(map(len, pieces)) > limit * 2:
                break
        return " ".join(" ".join(pieces).split())[:limit]

    def line(self, number: int) -> str:
        """Return a line of the text, stripped and cut."""
        return self.lines[number - 1].strip()[:SEGMENT_LIMIT] if 0 < number <= len(self.lines) else ""

    def name(self, node: ast.AST) -> str:
        """Return the dotted name of an expression, resolved through the imports; empty where it has none."""
        parts: list[str] = []
        while True:
            if isinstance(node, ast.Attribute):
                parts.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Call):
                inner = self.name(node.func)
                parts.append(f"{inner}()" if inner else "()")
                break
            elif isinstance(node, ast.Subscript):
                inner = self.name(node.value)
                parts.append(f"{inner}[]")
                break
            elif isinstance(node, ast.Name):
                parts.append(self.aliases.get(node.id, node.id))
                break
            else:
                parts.append("")
                break
        return ".".join(reversed(parts))

    def _read_imports(self, tree: ast.Module) -> None:
        pending: list[tuple[ast.AST, bool]] = [(tree, False)]
        while pending and len(self.imports) < ITEM_LIMIT:
            node, guarded = pending.pop()
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node, guarded)
                continue
            inside = guarded or isinstance(node, ast.Try) or _is_typing_guard(node)
            for name in _BLOCKS:
                if name in node._fields:
                    pending += [(child, inside) for child in getattr(node, name)]
        self.imports.sort(key=lambda item: item.line)

    def _import(self, node: ast.Import | ast.ImportFrom, guarded: bool) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imports.append(Import(alias.name, node.lineno, guarded=guarded))
                self.aliases[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
            return
        module = node.module or ""
        self.imports.append(Import(module, node.lineno, node.level, tuple(a.name for a in node.names), guarded))
        if node.level:
            base = self.package[: len(self.package) - (node.level - 1)]
            module = ".".join([*base, module] if module else base)
        for alias in node.names:
            if alias.name != "*":
                self.aliases[alias.asname or alias.name] = f"{module}.{alias.name}" if module else alias.name

    def _block(self, body: list[ast.stmt], within: str, owner: str) -> None:
        for statement in body:
            self._statement(statement, within, owner)

    def _statement(self, node: ast.stmt, within: str, owner: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{owner}.{node.name}" if owner else node.name
            self.functions.append(Function(name, node.lineno, node.end_lineno or node.lineno))
            self.options.function(node)
            for decorator in node.decorator_list:
                self._expressions(decorator, within)
                if isinstance(decorator, ast.Attribute) and decorator.attr == "automain" and not owner:
                    self.main_guard = True  # Sacred's: it runs where a main block would
            self._expressions(node.args, within)
            self._block(node.body, name, name)
            return
        if isinstance(node, ast.ClassDef):
            name = f"{owner}.{node.name}" if owner else node.name
            self.classes.append(name)
            self._block(node.body, within, name)
            return
        if isinstance(node, ast.Assign | ast.AnnAssign):
            self._assignment(node, within)
        if isinstance(node, ast.If) and _is_main_guard(node) and not within:
            self.main_guard = True
            self.main_lines = (node.lineno, node.end_lineno or node.lineno)
        for field in ast.iter_child_nodes(node):
            if isinstance(field, ast.stmt):
                self._statement(field, within, owner)
            elif isinstance(field, ast.ExceptHandler | ast.match_case):
                self._block(field.body, within, owner)
            elif not (isinstance(node, ast.Expr) and isinstance(field, ast.Constant)):  # a docstring is no path
                self._expressions(field, within)

    def _assignment(self, node: ast.Assign | ast.AnnAssign, within: str) -> None:
        if node.value is None or len(self.assignments) >= ITEM_LIMIT:
            return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        value = self.segment(node.value)
        for target in targets:
            if isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
                self.assignments.append(Assignment(self.segment(target), value, node.lineno, within))

    def _expressions(self, root: ast.AST, within: str) -> None:
        for node in _walk(root):
            if isinstance(node, ast.Call):
                self._call(node, within)
            elif isinstance(node, ast.Attribute) and node.attr == "argv" and self.name(node) == "sys.argv":
                self.options.argv()
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(self.strings) < ITEM_LIMIT:
                text = node.value
                if 2 < len(text) <= STRING_LIMIT and _is_pathlike(text):
                    self.strings.append((text, node.lineno))

    def _call(self, node: ast.Call, within: str) -> None:
        if len(self.calls) >= ITEM_LIMIT:
            return
        self.options.call(node, within)
        keywords = tuple((key.arg or "**", self.segment(key.value)) for key in node.keywords[:40])
        arguments = tuple(self.segment(argument) for argument in node.args[:20])
        name = self.name(node.func)
        self.calls.append(Call(name[:300], node.lineno, within, arguments, keywords, self.line(node.lineno)))


def _walk(root: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions below `root` in source order, without recursion."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        if type(node) in _LEAVES:
            continue
        for name in reversed(node._fields):
            value = getattr(node, name, None)
            if isinstance(value, list):
                pending.extend(item for item in reversed(value) if isinstance(item, ast.AST))
            elif isinstance(value, ast.AST) and not isinstance(value, _MARKS):
                pending.append(value)


def _is_pathlike(text: str) -> bool:
    """Return whether a string is a path, an address or a data file's name; only absolute paths may hold spaces."""
    if re.search(r"\s", text):
        return "\n" not in text and bool(re.match(r"^(/[\w.~-]+/|[A-Za-z]:[\\/])", text))
    return bool(_PATHLIKE.search(text))


def _is_main_guard(node: ast.If) -> bool:
    test = node.test
    return (
        isinstance(test, ast.Compare)
        and any(isinstance(side, ast.Name) and side.id == "__name__" for side in (test.left, *test.comparators))
        and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in (test.left, *test.comparators))
    )


def _is_typing_guard(node: ast.AST) -> bool:
    if not isinstance(node, ast.If):
        return False
    names = (getattr(part, "id", getattr(part, "attr", "")) for part in islice(_walk(node.test), 10))
    return "TYPE_CHECKING" in names
