"""Which file of a tree a documented command runs, as a reader finds it, and which of its inputs are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from auditor.repository.commands.shell import ShellCommand, passed
from auditor.repository.declared.requirement_text import joined
from auditor.repository.model import Repository

PLACEHOLDER = re.compile(
    r"[<>{}\[\]*$]|\.\.\.|…|^[A-Z_]{6,}\.\w+$"
    r"|(^|[/_.-])([xX]{2,8}|your|some|any|foo|bar|path|name|example|my\w{0,20}|filename|dataset|experiment)([/_.-]|$)"
)
"""What stands for a file of the reader's own choice."""
_SETTINGS = re.compile(r"^[\w./-]{1,200}\.(ya?ml|json|cfg|ini|toml|gin|conf|prototxt|jsonnet)$")
_OUTPUT = re.compile(r"out|save|write|log|dump|result|export|dest|report|pred", re.I)
_COMPILED = re.compile(r"\.(c|cc|cpp|cxx|cu|rs|go|f90|java|scala)$|(^|/)(Makefile|CMakeLists\.txt)$")
_ENTRY_POINT = re.compile(r"(?<![\w.-])([\w.-]{1,60})[\"']?\s{0,4}=\s{0,4}[\"']?([\w.]{1,120}):(\w{1,80})\b")
_BUILD_FILES = {
    "make": ("Makefile", "makefile", "GNUmakefile"),
    "snakemake": ("Snakefile", "workflow/Snakefile"),
    "dvc": ("dvc.yaml",),
    "mlflow": ("MLproject",),
    "just": ("justfile",),
    "guild": ("guild.yml",),
}


@dataclass(frozen=True)
class CommandFiles:
    """The files of one repository as commands name them."""

    repository: Repository

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder of the tree; the root is the empty name."""
        return self.repository.folders | {""}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """Own files by their last name in lower case."""
        found: dict[str, list[str]] = {}
        for file in self.repository.own_files:
            found.setdefault(file.path.rpartition("/")[2].lower(), []).append(file.path)
        return found

    @cached_property
    def console_scripts(self) -> dict[str, str]:
        """The commands that installing the repository makes, with the file that each runs."""
        found: dict[str, str] = {}
        for text in self._installing:
            found |= dict(self._entry_points(text))
            for listed in re.findall(r"\bscripts\s{0,3}=\s{0,3}\[([^\]]{0,2000})\]", text):
                names = (name for name in re.findall(r"['\"]([\w./-]{1,100})['\"]", listed))
                found |= {name.rpartition("/")[2]: name for name in names if name in self.repository.by_path}
        return found

    @cached_property
    def console_functions(self) -> tuple[tuple[str, str], ...]:
        """The (module, function) pairs that the commands run which installing the repository makes."""
        matches = (match for text in self._installing for match in _ENTRY_POINT.finditer(text))
        return tuple(dict.fromkeys((match[2], match[3]) for match in matches))

    @cached_property
    def _installing(self) -> tuple[str, ...]:
        """The texts of the files that make a distribution of the repository, or of a part of it."""
        names = ("setup.py", "setup.cfg", "pyproject.toml")
        files = (file for file in self.repository.own_files if file.path.rpartition("/")[2] in names)
        return tuple(self.repository.text(file.path) for file in files if file.size < 200_000 and not file.absent)

    def _entry_points(self, text: str) -> Iterator[tuple[str, str]]:
        for match in _ENTRY_POINT.finditer(text):
            path = self.module(match[2])
            if path:
                yield match[1], path

    @property
    def has_compiled(self) -> bool:
        """Whether the tree holds sources that a compiler makes programs of."""
        return any(_COMPILED.search(file.path) for file in self.repository.own_files)

    def resolve(self, command: ShellCommand, folder: str, home: str) -> tuple[str, str | None]:
        """Return (folder to run in, path) of the file a command names.

        Tried are the folder the commands have moved to, that of the document, the root; then, as READMEs often leave
        the `cd` out or count the clone's own folder in, the file of that name nearest to the top, in any case.
        """
        target = command.target or ""
        if command.program == "bazel":
            return folder, self._bazel(target, folder)
        if command.program in _BUILD_FILES:
            return folder, self._build_file(command.program, target, (folder, home, ""))
        if command.module:
            direct = self.named(target.replace(".", "/"), (folder, home, ""), module=True)
            return direct if direct[1] else (folder, self.module(target))
        return self.named(target, (folder, home, ""))

    def named(self, target: str, bases: tuple[str, ...], module: bool = False) -> tuple[str, str | None]:
        """Return (folder, path) of a file by its name, as seen from the first of the folders that has it."""
        candidates = _candidates(target, module)
        for base in dict.fromkeys(bases):
            for path in candidates:
                full = joined(f"{base}/x" if base else "x", path)
                if full is not None and full in self.repository.by_path:
                    return base, full
        for path in candidates:
            plain = path.lstrip("./")
            for wanted in dict.fromkeys((plain, plain.partition("/")[2])):
                near = self._nearest(wanted) if wanted else None
                if near:
                    return near[: -len(wanted)].rstrip("/"), near
        return bases[0], None

    def _nearest(self, plain: str) -> str | None:
        low = plain.lower()
        same = self._by_name.get(low.rpartition("/")[2], ())
        matches = [path for path in same if path.lower() == low or path.lower().endswith("/" + low)]
        return min(matches, key=lambda p: (not p.endswith(plain), p.count("/"), p), default=None)

    def module(self, dotted: str) -> str | None:
        """Return the file that `python -m dotted` or a console script runs, wherever its package lies."""
        plain = dotted.replace(".", "/")
        for path in (f"{plain}.py", f"{plain}/__main__.py", f"{plain}/__init__.py"):
            matches = [p for p in self.repository.by_path if p == path or p.endswith("/" + path)]
            if matches:
                return min(matches, key=lambda p: (p.count("/"), p))
        return None

    def _bazel(self, label: str, folder: str) -> str | None:
        package, _, name = label.removeprefix("//").partition(":")
        name = name or package.rpartition("/")[2]
        for base in dict.fromkeys((package, folder, "")):
            for build in ("BUILD", "BUILD.bazel"):
                path = f"{base}/{build}".lstrip("/")
                if path in self.repository.by_path and f'"{name}"' in self.repository.text(path):
                    return path
        return None

    def _build_file(self, program: str, target: str, folders: tuple[str, ...]) -> str | None:
        for folder in dict.fromkeys(folders):
            for name in _BUILD_FILES[program]:
                path = f"{folder}/{name}".lstrip("/")
                if path in self.repository.by_path and self._has_target(program, path, target):
                    return path
        return None

    def _has_target(self, program: str, path: str, target: str) -> bool:
        if program != "make" or not target:
            return True
        text = self.repository.text(path)
        return bool(
            re.search(rf"^([\w./-]{{1,60}} ){{0,20}}{re.escape(target)}(\s[^:=\n]{{0,200}})?:", text, re.M)
        ) or (
            bool(re.search(r"^[^:=\n#]{0,100}%[^:=\n]{0,100}:", text, re.M))  # a pattern rule may make it
        )

    def absent_inputs(self, command: ShellCommand, folder: str, home: str) -> tuple[str, ...]:
        """Return the settings files and redirected inputs that a command names and that the tree lacks.

        Only what should lie in a folder that is there counts; other inputs may be the reader's own data.
        """
        found: list[str] = []
        words = command.words
        redirected = [words[n + 1] for n, word in enumerate(words[:-1]) if word == "<"]
        values = [value for name, value in passed(words) if value and not _OUTPUT.search(name)]
        for value in [*redirected, *(value for value in values if _SETTINGS.match(value))]:
            if not PLACEHOLDER.search(value) and self._should_be_here(value, folder, home):
                found.append(value)
        return tuple(dict.fromkeys(found))

    def _should_be_here(self, named: str, folder: str, home: str) -> bool:
        """Return whether a path's folder is in the tree although no file of its name is."""
        if named.startswith(("/", "~")) or PurePosixPath(named).name.lower() in self._by_name:
            return False
        parent = named.rpartition("/")[0]
        if parent in ("", "."):
            return False
        places = (joined(f"{base}/x" if base else "x", parent) for base in (folder, home, ""))
        return any(place in self.folders for place in places if place)


def _candidates(target: str, module: bool) -> tuple[str, ...]:
    if module:
        return (f"{target}.py", f"{target}/__main__.py")
    path = target.removeprefix("./")
    return (path,) if "." in path.rpartition("/")[2] else (path, f"{path}.py", f"{path}/__main__.py")
