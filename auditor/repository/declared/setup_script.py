"""What a `setup.py` declares, from its syntax tree alone. Runs in a confined child."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

DEPTH_LIMIT = 12
STRINGS_LIMIT = 2_000
_LIST_FILE = re.compile(r"^(?=.{0,100}(requir|depend|constraint|reqs|packages|pip))[\w./-]{3,120}\.(txt|in|pip)", re.I)
# A call through which its first argument's strings pass unchanged, or one by one.
_TRANSPARENT = frozenset("list tuple set sorted dict split splitlines strip format map filter".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class SetupFacts:
    """The declarations of one `setup.py`: requirement strings with their lines, extras, Python, console scripts."""

    requirements: tuple[tuple[str, int], ...] = ()
    extras: tuple[tuple[str, int], ...] = ()
    python: str | None = None
    python_line: int | None = None
    scripts: tuple[str, ...] = ()
    name: str | None = None
    modules: tuple[str, ...] = ()
    """Extension modules that the script would build."""
    included: tuple[tuple[str, int], ...] = ()
    """The files from which it reads its requirements, with the lines that name them."""


def setup_facts(tree: ast.Module) -> SetupFacts:
    """Return what the script with this syntax tree declares."""
    script = _Script()
    setups: list[ast.Call] = []
    modules: list[str] = []
    for node in ast.walk(tree):
        script.take(node)
        if isinstance(node, ast.Call):
            called = _called(node)
            if called == "setup":
                setups.append(node)
            elif called.endswith("Extension") and node.args and isinstance(node.args[0], ast.Constant):
                modules.append(str(node.args[0].value))
    if not setups:
        return SetupFacts(modules=tuple(modules))
    return _of_call(setups[-1], script, tuple(modules))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _of_call(call: ast.Call, script: _Script, modules: tuple[str, ...]) -> SetupFacts:
    keywords = {key.arg: key.value for key in call.keywords if key.arg}
    for spread in (key.value for key in call.keywords if key.arg is None):
        mappings = script.names.get(spread.id, []) if isinstance(spread, ast.Name) else [spread]
        for mapping in mappings:
            keywords = script.mapping(mapping) | keywords
    required: list[tuple[str, int]] = []
    for key in ("install_requires", "requires", "setup_requires"):
        required += script.strings(keywords.get(key))
    extras = [item for key in ("extras_require", "tests_require") for item in script.strings(keywords.get(key))]
    files = script.files(keywords.get("install_requires"))
    python, line = None, None
    if "python_requires" in keywords:
        found = script.strings(keywords["python_requires"])
        python, line = found[0] if found else (None, None)
    if python is None and "classifiers" in keywords:
        python, line = _classified(script.strings(keywords["classifiers"]))
    scripts = [
        text.partition("=")[0].strip() for text, _ in script.strings(keywords.get("entry_points")) if "=" in text
    ]
    name = script.strings(keywords.get("name"))
    return SetupFacts(
        requirements=tuple(item for item in required if not files or item[0] not in {path for path, _ in files}),
        extras=tuple(extras),
        python=python,
        python_line=line,
        scripts=tuple(scripts),
        name=name[0][0] if name else None,
        modules=modules,
        included=tuple(files),
    )


def _classified(classifiers: list[tuple[str, int]]) -> tuple[str | None, int | None]:
    mark = "Programming Language :: Python :: "
    stated = [
        (text[len(mark) :], line)
        for text, line in classifiers
        if text.startswith(mark) and text[len(mark) :][:1].isdigit()
    ]
    if not stated:
        return None, None
    return ", ".join(version for version, _ in stated), stated[0][1]


@dataclass
class _Script:
    """The values that names of a script are given, and what the expressions on them come to."""

    names: dict[str, list[ast.expr]] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)

    def take(self, node: ast.AST) -> None:
        """Note what one node gives a name: `a = …`, `a += …`, `a.append(…)`, `a["key"] = …`, or a function."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.functions[node.name] = node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._give(target, node.value, anew=isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._give(node.target, node.value, anew=True)
        elif isinstance(node, ast.AugAssign):
            self._give(node.target, node.value, anew=False)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._give(node.optional_vars, node.context_expr, anew=False)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _adds(node):
            self._give(node.func.value, node.args[-1], anew=False)

    def _give(self, target: ast.expr, value: ast.expr, anew: bool) -> None:
        if isinstance(target, ast.Subscript):
            key = target.slice.value if isinstance(target.slice, ast.Constant) else ""
            value, target = ast.Dict(keys=[ast.Constant(value=key)], values=[value]), target.value
        if isinstance(target, ast.Name):
            known = self.names.setdefault(target.id, [])
            # The same name is often set once more on another branch: all that it may hold is kept.
            if len(known) < 50 and not (anew and isinstance(value, ast.List | ast.Dict) and _is_empty(value)):
                known.append(value)

    def mapping(self, node: ast.expr) -> dict[str, ast.expr]:
        """Return the entries of a dictionary, written as one or as `dict(…)`."""
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            return {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}
        if isinstance(node, ast.Call) and _called(node) == "dict":
            return {key.arg: key.value for key in node.keywords if key.arg}
        return {}

    def strings(self, node: ast.expr | None, depth: int = 0) -> list[tuple[str, int]]:
        """Return every string in an expression with its line, names followed; a dictionary gives its values."""
        if node is None or depth > DEPTH_LIMIT:
            return []
        if isinstance(node, ast.Constant):
            if not isinstance(node.value, str):
                return []
            lines = enumerate(node.value.split("\n"), node.lineno)
            return [(line.strip(), number) for number, line in lines if line.strip()]
        if _is_text(node):
            whole = self._text(node, depth)
            return [(whole, node.lineno)] if whole else []
        found: list[tuple[str, int]] = []
        for part in self._parts(node):
            found += self.strings(part, depth + 1)
            if len(found) > STRINGS_LIMIT:
                break
        return found

    def _parts(self, node: ast.expr) -> list[ast.expr]:
        """Return the expressions that hold what this one comes to."""
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return list(node.elts)
        if isinstance(node, ast.Dict):
            return list(node.values)
        if isinstance(node, ast.Name):
            return self.names.get(node.id, [])
        if isinstance(node, ast.BinOp):
            return [node.left, node.right]
        if isinstance(node, ast.IfExp):
            return [node.body, node.orelse]
        if isinstance(node, ast.Starred | ast.Subscript):
            return [node.value]
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            return [node.generators[0].iter]
        if isinstance(node, ast.Call) and _called(node) in _TRANSPARENT:
            holder = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            return [*holder, *node.args, *(key.value for key in node.keywords)]
        return []

    def _text(self, node: ast.expr, depth: int) -> str:
        """Return the text that an f-string, a `%`-format or a `"…".join` gives, as far as names are known."""
        if isinstance(node, ast.Call):
            holder = node.func.value if isinstance(node.func, ast.Attribute) else None
            separator = str(holder.value) if isinstance(holder, ast.Constant) else ""
            return separator.join(text for argument in node.args for text, _ in self.strings(argument, depth + 1))
        if isinstance(node, ast.BinOp):
            pattern = "".join(text for text, _ in self.strings(node.left, depth + 1))
            values = [text for text, _ in self.strings(node.right, depth + 1)]
            return re.sub(r"%s", lambda _: values.pop(0) if values else "", pattern)
        pieces = []
        for value in node.values if isinstance(node, ast.JoinedStr) else ():
            inner = value.value if isinstance(value, ast.FormattedValue) else value
            known = self.strings(inner, depth + 1)
            if not known:
                return ""
            pieces.append(known[0][0])
        return "".join(pieces)

    def files(self, node: ast.expr | None) -> list[tuple[str, int]]:
        """Return the names of requirements files on which an expression rests, through names and functions."""
        found: dict[str, int] = {}
        pending: list[ast.AST] = [node] if node is not None else []
        seen: set[str] = set()
        while pending and len(seen) < 200:
            for part in ast.walk(pending.pop()):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and _LIST_FILE.fullmatch(part.value):
                    found.setdefault(part.value, part.lineno)
                elif isinstance(part, ast.Name) and part.id not in seen:
                    seen.add(part.id)
                    pending += self.names.get(part.id, [])
                    if part.id in self.functions:
                        pending += self.functions[part.id].body
        return list(found.items())


def _adds(node: ast.Call) -> bool:
    return _called(node) in ("append", "extend", "insert", "update") and bool(node.args)


def _is_empty(node: ast.List | ast.Dict) -> bool:
    return not (node.elts if isinstance(node, ast.List) else node.values)


def _is_text(node: ast.expr) -> bool:
    """Return whether an expression puts one text together (`"numpy==%s" % version`, `">=".join(…)`)."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "join" and isinstance(node.func.value, ast.Constant)
    return isinstance(node, ast.JoinedStr)
