"""Which imports are the repository's own modules, which are third-party, and which local ones are missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from auditor.findings import FileEvidence
from auditor.repository.declared.distributions import LOCAL_WORDS, distribution_of, is_known_third_party, is_standard
from auditor.repository.folders import folders_of
from auditor.repository.mentions import mentions
from auditor.repository.model import Import, Repository, Source

TEXT_LIMIT = 1_000_000
WORDS_LIMIT = 8_000_000
"""Bytes of all files, or documents, together that are searched for imported names."""
ALIKE_LIMIT = 300
"""Modules of one last name that are looked at for one import, those nearest to the top."""
COMPARED_LIMIT = 5_000
"""Pairs of names of a tree that are compared letter by letter."""
SLIP_LENGTH = 60
"""Letters of the longest name that is compared so."""
_MODULE_SUFFIXES = (".py", ".pyx", ".so", ".pyd", ".pyw", ".ipynb", ".cpp", ".c", ".cu", ".pyi")
_HOSTED = re.compile(r"(google\.colab|kaggle_secrets|kaggle_datasets|kaggle_web_client|dbruntime)(\.|$)")
"""What only a notebook service has: no distribution brings it, so none can be declared."""
_MAKES_NAMES = ("import *", "__getattr__", "globals()", "setattr", "exec(", "sys.modules")
_EXTENDS_PATH = re.compile(r"^sys\.path\.|^site\.addsitedir$")
GENERATED = re.compile(r"_pb2(_grpc)?$|^_|_C$|_cuda$|_ext$|_cpp$|version$")


@dataclass(frozen=True)
class ModuleTree:
    """The modules of a tree by name, wherever they lie: scripts may put any folder on their path."""

    repository: Repository

    @cached_property
    def _paths(self) -> frozenset[str]:
        """Every path without suffix that can be imported, and every folder that holds Python."""
        found: set[str] = set()
        files = [file.path for file in self.repository.files if file.path.endswith(_MODULE_SUFFIXES)]
        for path in files:
            folder, slash, name = path.rpartition("/")
            found.add(folder + slash + name.partition(".")[0])
        return folders_of(files) | found

    @cached_property
    def _by_last(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self._paths, key=lambda path: (path.count("/"), path)):
            alike = found.setdefault(path.rpartition("/")[2], [])
            if len(alike) < ALIKE_LIMIT:
                alike.append(path)
        return found

    @cached_property
    def _searched(self) -> frozenset[str]:
        """The Python files that are searched for names: those nearest to the top, up to a number of bytes in all."""
        found, left = set(), WORDS_LIMIT
        for file in sorted(self.repository.files, key=lambda file: file.path.count("/")):
            if file.path.endswith(".py") and file.size < min(TEXT_LIMIT, left):
                found.add(file.path)
                left -= file.size
        return frozenset(found)

    @cached_property
    def _words(self) -> dict[str, frozenset[str] | None]:
        return {}

    def words(self, path: str) -> frozenset[str] | None:
        """Return the words of a Python file; None where any name may be in it: it makes names, or is not searched."""
        if path not in self._words:
            text = self.repository.text(path) if path in self._searched else None
            makes = text is None or any(sign in text for sign in _MAKES_NAMES)
            self._words[path] = None if text is None or makes else frozenset(re.findall(r"\w+", text))
        return self._words[path]

    @cached_property
    def definitions(self) -> frozenset[str]:
        """The functions and classes that the repository's own Python files define at their outermost level."""
        files = (file.path for file in self.repository.own_files if file.path in self._searched)
        return frozenset(
            name
            for path in files
            for name in re.findall(r"^(?:def|class) (\w{6,80})", self.repository.text(path), re.M)
        )

    def is_named_once(self, name: str) -> bool:
        """Return whether a name stands a single time in code, documents, scripts and settings: where it is bound."""
        return self._mentions.get(name) == 1

    @cached_property
    def _mentions(self) -> Counter[str]:
        return mentions(self.repository)

    def all_of(self, wanted: str) -> list[str]:
        """Return the paths (without suffix) of every module whose path ends so."""
        return [p for p in self._by_last.get(wanted.rpartition("/")[2], ()) if p == wanted or p.endswith("/" + wanted)]

    def only_python(self, path: str) -> bool:
        """Return whether a module is a Python file or package alone: what is compiled shows no names."""
        ends = tuple(suffix for suffix in _MODULE_SUFFIXES if suffix != ".py")
        return not any(f"{path}{end}" in self.repository.by_path for end in ends)

    def is_linked(self, path: str) -> bool:
        """Return whether a part of a path is a link, behind which nothing is read."""
        parts = path.split("/")
        return any((self.repository.root / "/".join(parts[:depth])).is_symlink() for depth in range(1, len(parts) + 1))

    def extends_path(self, path: str) -> bool:
        """Return whether code that shares its outermost folder with a source may put folders on the path."""
        return not self._extending.isdisjoint({None, path.partition("/")[0] if "/" in path else ""})

    @cached_property
    def _extending(self) -> frozenset[str | None]:
        """The outermost folders of the sources that change the path; None where a document or script does."""
        documents = (document.text[:TEXT_LIMIT] for document in self.repository.documents)
        scripts = (self.repository.text(f.path) for f in self.repository.own_files if f.kind in ("shell", "container"))
        found: set[str | None] = {None} if any("PYTHONPATH" in text for text in (*documents, *scripts)) else set()
        for path in self._searched:
            text = self.repository.text(path)
            if "sys.path" in text or "addsitedir" in text:
                found.add(path.partition("/")[0] if "/" in path else "")
        for notebook in (source for source in self.repository.sources if source.notebook):
            if any(_EXTENDS_PATH.search(call.name) for call in notebook.calls):
                found.add(notebook.path.partition("/")[0] if "/" in notebook.path else "")
        return frozenset(found)

    def is_installed(self, folder: str) -> bool:
        """Return whether a folder, or one above it, holds what makes a distribution of it."""
        parts = folder.split("/") if folder else []
        above = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
        names = ("setup.py", "pyproject.toml", "setup.cfg")
        return any(f"{place}/{name}".lstrip("/") in self.repository.by_path for place in above for name in names)

    @cached_property
    def _python_folders(self) -> frozenset[str]:
        return frozenset(f.path.rpartition("/")[0] for f in self.repository.files if f.path.endswith(".py"))

    def holds_python(self, path: str) -> bool:
        """Return whether Python files lie directly in a folder."""
        return path in self._python_folders

    @cached_property
    def _beginning(self) -> dict[str, list[str]]:
        """The last names of modules, in lower case, by their first two letters."""
        found: dict[str, list[str]] = {}
        for name in sorted({name.lower() for name in self._by_last if len(name) <= SLIP_LENGTH}):
            found.setdefault(name[:2], []).append(name)
        return found

    @cached_property
    def _slips(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _compared(self) -> Iterator[int]:
        return iter(range(COMPARED_LIMIT))

    def is_slip(self, dotted: str) -> bool:
        """Return whether a module's name differs from that of one that is there only by a slip of a letter or two.

        Once as many names were compared as one tree may ask for, no name is taken for a slip.
        """
        last = dotted.rpartition(".")[2].lower()
        if last not in self._slips:
            near = (name for name in self._beginning.get(last[:2], ()) if abs(len(name) - len(last)) < 2)
            pairs = zip(near, self._compared, strict=False) if len(last) <= SLIP_LENGTH else ()
            self._slips[last] = any(SequenceMatcher(None, name, last, False).ratio() > 0.9 for name, _ in pairs)
        return self._slips[last]

    def within_package(self, last: str) -> list[str]:
        """Return the modules of this last name that lie in a package of the tree."""
        paths = (path for path in self._by_last.get(last, ()) if "/" in path)
        return [path for path in paths if f"{path.rpartition('/')[0]}/__init__.py" in self.repository.by_path]

    @cached_property
    def empty_submodules(self) -> frozenset[str]:
        """The last folder names of submodules, whose content is not here but is known to live elsewhere."""
        from auditor.repository.vendored import submodules

        return frozenset(p.rpartition("/")[2] for p in submodules(self.repository.root, self.repository.files))

    def find(self, dotted: str) -> str | None:
        """Return the path (without suffix) of a dotted module anywhere in the tree, the shallowest; None if absent."""
        wanted = dotted.replace(".", "/")
        last = wanted.rpartition("/")[2]
        matches = [p for p in self._by_last.get(last, ()) if p == wanted or p.endswith("/" + wanted)]
        return min(matches, key=lambda p: (p.count("/"), p), default=None)

    def candidates(self, path: str, dotted: str) -> Iterator[str]:
        """Yield the paths (without suffix) that an absolute import in the file at `path` may mean, the likeliest first.

        A program's own folder leads Python's path, and a program stands beside the file or above it; then come all
        others of the tree, the shallowest first.
        """
        wanted = dotted.replace(".", "/")
        folder = path.split("/")[:-1]
        near = ["/".join([*folder[:depth], wanted]) for depth in range(len(folder), -1, -1)]
        yield from near
        yield from (other for other in self.all_of(wanted) if other not in near)

    def is_local(self, dotted: str) -> bool:
        """Return whether the first part of a module's name is a module or package of the tree."""
        top = dotted.partition(".")[0]
        return bool(self._by_last.get(top))

    def relative(self, source: Source, item: Import) -> str | None:
        """Return the path (without suffix) a relative import means; None where it leaves the tree."""
        folder = source.path.split("/")[:-1]
        if item.level - 1 > len(folder):
            return None
        base = folder[: len(folder) - (item.level - 1)]
        return "/".join([*base, *item.module.split(".")] if item.module else base)

    def has(self, path: str) -> bool:
        """Return whether a module or package lies at this path (without suffix)."""
        return path == "" or path in self._paths


def third_party(tree: ModuleTree, sources: Iterable[Source]) -> Iterator[tuple[str, Source, Import]]:
    """Yield (module, source, import) for every import that is neither Python's own nor the repository's."""
    for source in sources:
        for item in source.imports:
            if item.level or not item.module or is_standard(item.module):
                continue
            top = item.module.partition(".")[0]
            if _HOSTED.match(item.module) or (item.module == "google" and "colab" in item.names):
                continue
            if top in tree.empty_submodules or GENERATED.search(top):
                continue
            if tree.is_local(top) and not (is_known_third_party(top) and not shadows(tree, source, top)):
                continue
            if not is_known_third_party(top) and is_own_name(tree, item.module):
                continue  # reported as missing, not as a distribution
            yield item.module, source, item


def shadows(tree: ModuleTree, source: Source, top: str) -> bool:
    """Return whether a local module of a well-known library's name is the one that this file would import."""
    folder = source.path.rpartition("/")[0]
    beside = f"{folder}/__init__.py".lstrip("/") not in tree.repository.by_path  # not by the modules of a package
    return (beside and tree.has(f"{folder}/{top}".lstrip("/"))) or tree.has(top) or tree.has(f"src/{top}")


def is_own_name(tree: ModuleTree, module: str) -> bool:
    """Return whether a module that is nowhere bears a name as authors give to their own files.

    Such are a general word (`utils`, `config`), words joined with one (`tree_helpers`), one with a capital
    (`Sketching`), and a package whose part lies in another one (`old.my_filters` where `new/my_filters.py` is there).
    """
    top, _, inner = module.partition(".")
    low = top.lower()
    if low in LOCAL_WORDS or top[:1].isupper():
        return True  # distributions hardly ever have modules with a capital
    words = [word for word in low.split("_") if word and not word.isdigit()]
    if len(words) > 1 and words[0] not in _LIBRARY_WORDS and {words[0], words[-1]} & _JOINED_WORDS:
        return True
    last = inner.rpartition(".")[2]
    return bool(last) and "_" in last and bool(tree.within_package(last))


_JOINED_WORDS = frozenset(
    "utils util helpers helper dataloader config configs constants paths datasets loaders".split()  # noqa: SIM905
)
_LIBRARY_WORDS = frozenset(
    "torch pytorch tf tensorflow keras sklearn scikit jax flax numpy np pandas tensorboard gym python py lightning nltk"  # noqa: SIM905
    " deepmind google cuda image multiprocessing"
    " audio speech medical data".split()
)


def shadowed_imports(tree: ModuleTree, sources: Iterable[Source], declared: frozenset[str]) -> tuple[FileEvidence, ...]:
    """Return absolute imports of a name of Python's own, or of a declared distribution, that a file beside them bears.

    Python puts a program's own folder first on its path, so that `import random` beside a `random.py` reaches that
    file. Packages are left out, whose modules import each other by the package's name, and what the file beside it
    itself is made for: one that the sources also import parts of by names which only it has.
    """
    found: list[FileEvidence] = []
    for source in sources:
        folder = source.path.rpartition("/")[0]
        if not source.main_guard or tree.has(f"{folder}/__init__".lstrip("/")):
            continue
        for item in source.imports:
            if item.level or "." in item.module or not item.module:
                continue
            beside = f"{folder}/{item.module}.py".lstrip("/")
            foreign = is_standard(item.module) or distribution_of(item.module) in declared
            if foreign and beside in tree.repository.by_path and beside != source.path:
                found.append(source.evidence(item.line, f"import {item.module}, which reaches {beside}"))
    return tuple(found)
