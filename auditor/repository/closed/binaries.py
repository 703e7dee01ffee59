"""Compiled files in a tree, and the sources from which they can be built again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.inventory import read_bytes
from auditor.repository.model import File, Repository

FILES_LIMIT = 500
BUILD_FILES_LIMIT = 50
BUILD_FILE_SIZE = 100_000
"""Every compiled file is looked for in every build file, so that the product of the three is what may be read."""

_COMPILED = re.compile(
    r"\.(so(\.\d{1,4}){0,3}|pyd|dll|dylib|pyc|pyo|jar|class|mexa64|mexw64|mexmaci64|mexw32|mexglx|exe|o|a|lib)$", re.I
)
# The first bytes of ELF, Windows and macOS programs, Java classes, archives of objects, zip files (jar).
_MAGIC = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"!<arch>\n", b"PK\x03\x04")
_SOURCE = frozenset(
    ".c .cc .cpp .cxx .cu .pyx .pyf .f .f90 .f95 .for .java .scala .kt .m .rs .go .cs .hs .ml .d .py .swift .mm".split()  # noqa: SIM905
)
_TAG = re.compile(
    r"\.(cpython-\d{2,3}\w{0,2}|cp\d{2,3}|abi3|pypy\d{2,3})[\w.-]{0,60}$|[-_](linux|win|darwin|x86|amd64)[\w-]{0,20}$"
)
# A release of a library that is published under this version, and the launchers of build tools.
_PUBLISHED = re.compile(r"-v?\d{1,4}(\.\d{1,5}){1,3}([.-][\w.]{1,30})?\.jar$|^(gradle|maven)-wrapper\.jar$", re.I)
_BUILD = re.compile(
    r"^(makefile|cmakelists\.txt|setup\.py|build\.\w{1,6}|.{0,60}(compile|make|build|install).{0,40}\.(sh|m|py|bat))$"
    r"|\.mk$",
    re.I,
)


@dataclass(frozen=True)
class Compiled:
    """A compiled file; `source` is what it is built from (a source file, or the build file that makes it).

    `use` is a place in the code or documents that needs it.
    """

    file: File
    source: str | None
    use: FileEvidence | None

    @property
    def evidence(self) -> FileEvidence:
        """The file itself."""
        size = "not in this copy" if self.file.absent else f"{self.file.size} bytes"
        return FileEvidence(path=self.file.path, excerpt=f"compiled, {size}")


def compiled_files(repository: Repository) -> tuple[Compiled, ...]:
    """Return the compiled files among the authors' own, each with its source where that is there too.

    A file counts by its suffix and its first bytes. Released libraries in Java archives, whose name gives their
    version, are left out: their source is published under it.
    """
    found = [
        file
        for file in repository.own_files
        if _COMPILED.search(file.path) and not _PUBLISHED.search(file.path.rpartition("/")[2])
    ][:FILES_LIMIT]
    found = [file for file in found if file.absent or _is_program(repository, file)]
    if not found:
        return ()
    sources: dict[str, list[str]] = {}
    for file in repository.files:
        pure = PurePosixPath(file.path)
        if pure.suffix.lower() in _SOURCE:
            sources.setdefault(pure.name.split(".")[0].lower(), []).append(file.path)
    builds = dict(_build_files(repository))
    uses = _Uses(repository)
    return tuple(Compiled(file, _source_of(file.path, sources, builds), uses.of(file.path)) for file in found)


def _is_program(repository: Repository, file: File) -> bool:
    try:
        head = read_bytes(repository.root, file.path, 16, whole=False)
    except Unreadable:
        return False
    bytecode = file.path.endswith((".pyc", ".pyo")) and head[2:4] == b"\r\n"
    return bytecode or (head.startswith(_MAGIC) and (head[:2] != b"PK" or file.path.lower().endswith(".jar")))


def _stems(path: str) -> Iterator[str]:
    """Yield the names that a compiled file's source may have: `libx.so`, `x_so.so`, `x.cpython-37m.so` are from `x`."""
    name = PurePosixPath(path).name
    stem = re.sub(r"\.so(\.\d{1,4}){1,3}$", "", name)
    stem = _TAG.sub("", stem.rpartition(".")[0] or stem).split(".")[0].lower()
    for one in (stem, stem.split("$")[0], stem.removeprefix("lib"), re.sub(r"_(so|lib|op|ext|cuda|mex)$", "", stem)):
        if one:
            yield one


def _source_of(path: str, sources: dict[str, list[str]], builds: dict[str, str]) -> str | None:
    bytecode = path.endswith((".pyc", ".pyo"))
    home = path.rpartition("/")[0]
    for stem in _stems(path):
        for source in sources.get(stem, ()):
            # A module of the same name in Python is no source of an extension, nor one elsewhere that of bytecode.
            if source.endswith(".py") == bytecode and (not bytecode or source.rpartition("/")[0] == home):
                return source
    name = PurePosixPath(path).name
    plain = name.split(".")[0]
    for build, text in builds.items():
        made = name in text or (build.endswith("setup.py") and re.search(rf"\b{re.escape(plain)}[\"']", text))
        if made and _near(build, home):
            return build
    return None


def _near(build: str, home: str) -> bool:
    """Return whether a build file lies in the folder of a compiled file, above it, or one below."""
    folder = build.rpartition("/")[0]
    return not folder or home == folder or home.startswith(f"{folder}/") or folder.rpartition("/")[0] == home


def _build_files(repository: Repository) -> Iterator[tuple[str, str]]:
    count = 0
    for file in repository.files:
        if count < BUILD_FILES_LIMIT and file.size < BUILD_FILE_SIZE and _BUILD.search(file.path.rpartition("/")[2]):
            count += 1
            try:
                yield file.path, repository.text(file.path)
            except Unreadable:
                continue


class _Uses:
    """Where sources and documented commands name or import a file."""

    def __init__(self, repository: Repository) -> None:
        self._places: dict[str, FileEvidence] = {}
        for source in repository.sources:
            if source.vendored:
                continue
            for item in source.imports:
                for name in (item.module.rpartition(".")[2], *item.names):
                    self._places.setdefault(
                        name.lower(), source.evidence(item.line, f"import of {item.module or name}")
                    )
            for text, line in source.strings:
                name = text.replace("\\", "/").rpartition("/")[2].lower()
                self._places.setdefault(name, source.evidence(line, text))
        for command in repository.commands:
            if command.target:
                self._places.setdefault(command.target.rpartition("/")[2].lower(), command.evidence)

    def of(self, path: str) -> FileEvidence | None:
        """Return a place that needs the file; None where nothing names it."""
        name = PurePosixPath(path).name.lower()
        return self._places.get(name) or self._places.get(next(_stems(path)))
