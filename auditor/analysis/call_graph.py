"""Which functions run when a program of the repository is started: entry points, and what is reached from each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.flow.texts import text_of
from auditor.repository.code.unread import unread_code
from auditor.repository.commands.files import CommandFiles
from auditor.repository.model import Call, Repository, Source
from auditor.repository.modules import ModuleTree

Node = tuple[str, str]
"""A file and the qualified name of a function in it; the empty name is the module's own level."""

_HOOKS = frozenset(
    "__init__ __new__ __call__ __getitem__ __iter__ __next__ __enter__ __len__ __post_init__ forward call build setup"  # noqa: SIM905
    " training_step validation_step test_step configure_optimizers train_dataloader run".split()
)
ENTRY_LIMIT = 1_000
REACH_LIMIT = 1_000_000
"""Nodes that the reaches of all entry points may hold together."""
SCRIPTS_LIMIT = 1_000
METHOD_CANDIDATES = 25
"""A method of this name in more classes than this tells nothing on which one is called."""
_SIDE = re.compile(
    r"(^|/)(tests?|testing|docs?|unit_?tests?|\.github|conda|packaging)/|(^|/)(setup|conftest|conf"
    r"|versioneer)\.py$|(^|/)test_[^/]*\.py$|_test\.py$"
)
_COMMAND = re.compile(r"\.(command|callback|group)\b")
_STARTED = re.compile(r"\bpython[\d.]{0,4}[ \t]{1,4}(?:-[mu][ \t]{1,4}){0,2}([\w./][\w./-]{0,149})")
"""What a line of a shell script has Python run."""
_TEST_CALLS = re.compile(r"^(unittest|pytest)\b|\.assert(Equal|True|False|AlmostEqual|Raises|In)\b|^self\.assert")


def is_side_code(source: Source) -> bool:
    """Return whether a source is packaging, documentation or unit tests rather than experiment code.

    `test_x.py` and `x_test.py` are tests only where they use a test framework: in papers' code they often evaluate.
    """
    match = _SIDE.search(source.path)
    if not match:
        return any(i.module in ("unittest", "pytest") for i in source.imports) and source.path.startswith("test")
    name = source.path.rpartition("/")[2]
    if name in ("setup.py", "conftest.py", "versioneer.py"):
        return True
    if name == "conf.py" and "doc" not in source.path:  # a settings module, unless it sets what Sphinx asks for
        return any(a.target in ("extensions", "html_theme", "master_doc") for a in source.assignments if not a.within)
    if re.search(r"(^|/)(docs?|\.github|conda|packaging)/", source.path):
        return True
    uses = any(i.module.partition(".")[0] in ("unittest", "pytest", "nose") for i in source.imports)
    return uses or any(_TEST_CALLS.search(call.name) for call in source.calls) or _pytest_style(source)


def _pytest_style(source: Source) -> bool:
    tests = [f for f in source.functions if f.name.rpartition(".")[2].startswith("test_")]
    return bool(tests) and not source.main_guard and not any(not call.within for call in source.calls)


@dataclass(frozen=True)
class Program:
    """The call graph over a repository's own experiment code, by names. It errs on the side of more edges."""

    repository: Repository

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The own experiment sources by path: no tests, packaging, documentation."""
        return {s.path: s for s in self.repository.sources if not s.vendored and not is_side_code(s)}

    def with_sources(self, changed: Iterable[Source]) -> Program:
        """Return the program as it is with some of its files changed."""
        found = Program(self.repository)
        found.__dict__["sources"] = self.sources | {source.path: source for source in changed}
        return found

    @property
    def tree(self) -> ModuleTree:
        """The modules of the tree."""
        return self.repository.modules

    @cached_property
    def _by_last(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for source in self.sources.values():
            for function in source.functions:
                found.setdefault(function.name.rpartition(".")[2], []).append((source.path, function.name))
        return found

    @cached_property
    def _functions(self) -> dict[str, frozenset[str]]:
        return {path: frozenset(f.name for f in source.functions) for path, source in self.sources.items()}

    @cached_property
    def _calls(self) -> dict[Node, list[Call]]:
        found: dict[Node, list[Call]] = {}
        for source in self.sources.values():
            for call in source.calls:
                found.setdefault((source.path, call.within), []).append(call)
        return found

    @cached_property
    def imports(self) -> dict[str, tuple[str, ...]]:
        """The own sources that each source imports, packages' `__init__` included."""
        return {path: tuple(dict.fromkeys(self._imported(source))) for path, source in self.sources.items()}

    def _imported(self, source: Source) -> Iterable[str]:
        for item in source.imports:
            if item.level:
                base = self.tree.relative(source, item)
                bases: Iterable[str] = () if base is None else (base,)
            else:
                bases = self.tree.candidates(source.path, item.module) if item.module else ()
            for base in bases:
                stems = (base, *(f"{base}/{name}" for name in item.names))
                paths = [path for stem in stems for path in self._files(stem) if path != source.path]
                yield from paths
                if paths:
                    break

    def _files(self, stem: str) -> list[str]:
        """Return the source that a module's path (without suffix) means, if there is one."""
        return [path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in self.sources]

    @cached_property
    def _programs(self) -> tuple[Source, ...]:
        imported = {path for paths in self.imports.values() for path in paths} - self._commanded
        return tuple(source for source in self.sources.values() if self._is_entry(source, imported))

    @cached_property
    def _commanded(self) -> set[str]:
        """The files that documents or shell scripts start by name, whether or not others import them too."""
        named = {c.resolved for c in self.repository.commands if c.purpose not in ("install", "data") and c.resolved}
        for file in self._scripts:
            for name in _STARTED.findall(self.repository.text(file)):
                paths = (name.removeprefix("./"), f"{name.replace('.', '/')}.py")
                named |= {path for path in paths if path in self.sources}
        return named

    @cached_property
    def _scripts(self) -> tuple[str, ...]:
        """The shell scripts that are searched for what they start."""
        found = (file.path for file in self.repository.own_files if file.kind == "shell" and file.size < 200_000)
        return tuple(found)[:SCRIPTS_LIMIT]

    @cached_property
    def console_functions(self) -> dict[str, tuple[str, ...]]:
        """The functions that the commands run which installing the repository makes, by the file that defines them."""
        found: dict[str, list[str]] = {}
        for module, function in CommandFiles(self.repository).console_functions:
            for path, name in self._in_module(f"{module}.{function}"):
                if "." not in name:
                    found.setdefault(path, []).append(name)
        return {path: tuple(dict.fromkeys(names)) for path, names in found.items()}

    @cached_property
    def entry_points(self) -> tuple[Source, ...]:
        """The sources that are programs: with a main block, a notebook, a console script's function, or a script.

        A script runs at its top level; it is started by a documented command, or nothing imports it. Of more than a
        thousand, those that are documented and those nearest to the top.
        """
        ranked = sorted(self._programs, key=lambda s: (s.path not in self._documented, s.path.count("/"), s.path))
        return tuple(sorted(ranked[:ENTRY_LIMIT], key=lambda source: source.path))

    @cached_property
    def _documented(self) -> set[str]:
        named = {c.resolved for c in self.repository.commands if c.purpose not in ("install", "data")}
        return {path for path in named if path} | self._in_scripts

    @cached_property
    def unread(self) -> str:
        """A sentence on the experiment code that is not known, so that what is not found may be there; else empty."""
        unknown = unread_code(self.repository, frozenset(self.sources))
        if unknown:
            path, why = unknown[0]
            more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
            return f"{path}{more} was not read: {why}."
        if len(self._programs) > ENTRY_LIMIT:
            return f"Only {ENTRY_LIMIT} of the {len(self._programs)} programs were followed."
        return ""

    def _is_entry(self, source: Source, imported: set[str]) -> bool:
        if source.main_guard or source.notebook or source.path in self.console_functions:
            return True
        if source.path.endswith("__init__.py"):
            return False
        runs = any(not call.within and not _DECLARES.search(call.name) for call in source.calls)
        return runs and source.path not in imported

    @cached_property
    def started(self) -> tuple[Source, ...]:
        """The entry points that documentation or shell scripts start; all of them where none is named."""
        chosen = tuple(source for source in self.entry_points if source.path in self._documented)
        return chosen or self.entry_points

    @cached_property
    def _in_scripts(self) -> set[str]:
        """Entry points that a shell script of the repository starts."""
        names = {source.path.rpartition("/")[2]: source.path for source in self._programs}
        found: set[str] = set()
        for file in self._scripts:
            if len(names) < 2_000:
                text = self.repository.text(file)
                found |= {names[name] for name in re.findall(r"[\w.-]{1,100}\.py\b", text) if name in names}
        return found

    def reached(self, entry: Source) -> frozenset[Node]:
        """Return every function that may run when `entry` is the program, module levels included."""
        cached: dict[str, frozenset[Node]] = self.__dict__.setdefault("_reached", {})
        if entry.path not in cached:
            cached[entry.path] = self._walk(entry, REACH_LIMIT - sum(map(len, cached.values())))
        return cached[entry.path]

    def _walk(self, entry: Source, limit: int) -> frozenset[Node]:
        start: Node = (entry.path, "")
        seen = {start}
        pending = [start, *((entry.path, name) for name in self.console_functions.get(entry.path, ()))]
        seen |= set(pending)
        pending += [(entry.path, name) for name in self._started_by_options(entry)]
        seen |= set(pending)
        while pending and len(seen) < limit:
            node = pending.pop()
            for target in self._following(node, node == start):
                if target not in seen:
                    seen.add(target)
                    pending.append(target)
        return frozenset(seen)

    def _started_by_options(self, entry: Source) -> Iterator[str]:
        """Yield the functions that the library starts which parses a program's options."""
        names = self._functions[entry.path]
        if entry.option_style in ("sacred", "hydra", "click", "typer", "tf.flags"):
            yield from (name for name in names if name in ("main", "run", "my_main"))
        if any(call.name == "fire.Fire" and not call.arguments and not call.keywords for call in entry.calls):
            yield from (name for name in names if "." not in name)
        if any(item.module in ("click", "typer") for item in entry.imports):
            for statement in entry.statements.block:
                if statement[0] == "def" and any(_COMMAND.search(text_of(item)) for item in statement[5]):
                    yield statement[2]

    def _following(self, node: Node, started: bool) -> tuple[Node, ...]:
        """Return what a node leads to; the module level of the program that is `started` runs its main block too."""
        cached: dict[tuple[Node, bool], tuple[Node, ...]] = self.__dict__.setdefault("_edges", {})
        if (node, started) not in cached:
            source = self.sources[node[0]]
            found = [(path, "") for path in self.imports.get(node[0], ())] if not node[1] else []
            found += [*self._held.get(node, ()), *self._inner.get(node, ())]
            for call in self._calls.get(node, ()):
                if started or not self._in_main(node, call.line):
                    found += self.targets(source, call)
            cached[node, started] = tuple(dict.fromkeys(target for target in found if target[0] in self.sources))
        return cached[node, started]

    def _in_main(self, node: Node, line: int) -> bool:
        """Return whether a line stands in the main block of a module, which runs only in the program itself."""
        lines = self.sources[node[0]].main_lines
        return not node[1] and lines is not None and lines[0] <= line <= lines[1]

    def runs(self, node: Node, line: int, entry: Source) -> bool:
        """Return whether a line at this node runs when `entry` is the program."""
        return node in self.reached(entry) and (node[0] == entry.path or not self._in_main(node, line))

    def running(self, entries: tuple[Source, ...]) -> Callable[[Node, int], bool]:
        """Return the function that tells whether a line at a node runs when any of `entries` is the program."""
        nodes = frozenset(node for entry in entries for node in self.reached(entry))
        started = frozenset(entry.path for entry in entries)
        return lambda node, line: node in nodes and (node[0] in started or not self._in_main(node, line))

    def running_calls(self, entries: tuple[Source, ...]) -> Iterator[tuple[Source, Call]]:
        """Yield the calls that run when any of `entries` is the program, file by file."""
        runs = self.running(entries)
        for path in sorted({path for entry in entries for path, _ in self.reached(entry)}):
            for call in self.sources[path].calls:
                if runs((path, call.within), call.line):
                    yield self.sources[path], call

    def targets(self, source: Source, call: Call) -> list[Node]:
        """Return the own functions that a call may run: the one it names, and those handed to it as arguments."""
        found = self._named(source, call.name)
        for text in (*call.arguments, *(value for _, value in call.keywords)):
            if re.fullmatch(r"[A-Za-z_][\w.]{0,100}", text):
                found += self._referred(source, text)
        if call.name == "fire.Fire" and not call.arguments:
            found += [(source.path, name) for name in self._functions[source.path] if "." not in name]
        if call.name.endswith("app.run") and not call.arguments:
            found += self._named(source, "main", methods=False)
        return found

    @cached_property
    def _held(self) -> dict[Node, list[Node]]:
        """Functions that an assignment holds without calling them (`task = train if fit else test`)."""
        found: dict[Node, list[Node]] = {}
        for source in self.sources.values():
            for item in source.assignments:
                for word in re.findall(r"(?<![\w.\"'])[A-Za-z_]\w{2,80}(?![\w(.=\"'])", item.value):
                    targets = self._referred(source, word)
                    if targets:
                        found.setdefault((source.path, item.within), []).extend(targets)
        return found

    @cached_property
    def _inner(self) -> dict[Node, list[Node]]:
        """The functions defined inside another, which calls them or hands them on (hooks, decorated mains)."""
        found: dict[Node, list[Node]] = {}
        for path, names in self._functions.items():
            for name in sorted(names):
                if (outer := name.rpartition(".")[0]) in names:
                    found.setdefault((path, outer), []).append((path, name))
        return found

    def _referred(self, source: Source, text: str) -> list[Node]:
        """Return the own function that a bare name in the source's text refers to, through its imports."""
        if text in self._functions[source.path]:
            return [(source.path, text)]
        if "." not in text and text in self._imported_names.get(source.path, ()):
            return [(p, text) for p in self.imports[source.path] if text in self._functions[p]]
        return []

    @cached_property
    def _imported_names(self) -> dict[str, frozenset[str]]:
        return {
            path: frozenset(name for item in source.imports for name in item.names)
            for path, source in self.sources.items()
        }

    def _named(self, source: Source, name: str, methods: bool = True) -> list[Node]:
        functions = self._functions[source.path]
        if name in functions:
            return [(source.path, name)]
        last = name.rpartition(".")[2]
        if name in source.classes:
            return self._hooks(source.path, name)
        if name.startswith(("self.", "cls.")) and name.count(".") == 1:
            own = [(source.path, f) for f in functions if f.endswith(f".{last}")]
            if own:
                return own
        elsewhere = self._in_module(name, source.path)
        if elsewhere:
            return elsewhere
        if (
            "." in name
            and methods
            and not re.match(r"^(numpy|torch|tensorflow|random|os|sys|scipy|pandas|matplotlib|sklearn)\b", name)
        ):
            candidates = [node for node in self._by_last.get(last, ()) if "." in node[1]]
            if len(candidates) <= METHOD_CANDIDATES:
                return candidates
        if "." not in name and any("*" in item.names for item in source.imports):
            return [(path, name) for path in self.imports[source.path] if name in self._functions[path]] or [
                n for p in self.imports[source.path] if name in self.sources[p].classes for n in self._hooks(p, name)
            ]
        return []

    def _hooks(self, path: str, name: str) -> list[Node]:
        return [(path, f"{name}.{hook}") for hook in _HOOKS if f"{name}.{hook}" in self._functions[path]]

    def _in_module(self, name: str, importing: str = "") -> list[Node]:
        """Return what a dotted name means in the module that its first parts name, as seen from the importing file."""
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            bases = self.tree.candidates(importing, ".".join(parts[:length]))
            paths: list[str] = next(filter(None, map(self._files, bases)), [])
            rest = ".".join(parts[length:])
            for path in paths:
                if rest in self._functions[path]:
                    return [(path, rest)]
                if rest in self.sources[path].classes:
                    return self._hooks(path, rest)
                if path.endswith("__init__.py"):
                    return self._reexported(path, rest)
        return []

    def _reexported(self, path: str, name: str) -> list[Node]:
        for inner in self.imports[path]:
            if name in self._functions[inner]:
                return [(inner, name)]
            if name in self.sources[inner].classes:
                return self._hooks(inner, name)
        return []


_DECLARES = re.compile(
    r"^(logging\.|warnings\.|os\.environ|sys\.path|matplotlib\.use|argparse\.ArgumentParser|\w+\.add_argument"
    r"|collections\.namedtuple"
    r"|re\.compile|typing\.|functools\.|super$|set$|dict$|list$|tuple$|range$|len$|str$|int$|float$|property$"
    r"|namedtuple$|os\.path\."
    r"|numpy\.(array|finfo|sqrt|log|zeros|ones|arange)|torch\.device|tensorflow\.flags|.*DEFINE_|.*getLogger"
    r"|np\.seterr|numpy\.seterr"
    r"|numpy\.set_printoptions|torch\.set_default|.*autograd\.Function|.*register|.*TypeVar|.*Path)"
)
