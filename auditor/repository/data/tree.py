"""Which of the paths that code and commands name lead to data in the tree."""

from __future__ import annotations

import glob
import re
from fnmatch import fnmatchcase
from functools import cached_property

from auditor.repository.data.calls import last_part, written_stems
from auditor.repository.data.files import PART, is_data_file
from auditor.repository.data.named import data_names, plain_name
from auditor.repository.folders import folders_of
from auditor.repository.model import Repository

PATTERNS_LIMIT, PATTERN_FILES = 200, 5_000
"""Paths with places to fill in that are looked for, and the files that each is compared with."""

_FILLED_IN = re.compile(r"\{[^{}/]{0,40}\}|%\(\w{1,30}\)[sd]|%[\d.]{0,5}[sdif]|\*")


class Tree:
    """What the tree holds and what its programs write, by name."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.patterns = 0

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Paths by file name."""
        found: dict[str, list[str]] = {}
        for path in self.repository.by_path:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    @cached_property
    def modules(self) -> frozenset[str]:
        """The dotted names of the folders and Python files, by which programs import them."""
        files = {path[:-3] for path in self.repository.by_path if path.endswith(".py")}
        return frozenset(name.replace("/", ".") for name in self.repository.folders | files)

    @cached_property
    def written(self) -> frozenset[str]:
        """The names, without endings, of the files that some own program writes."""
        return written_stems(self.repository)

    @cached_property
    def data_names(self) -> frozenset[str]:
        """What options and commands call the data sets."""
        return data_names(self.repository)

    def names_data_set(self, path: str) -> bool:
        """Return whether a part of a path in the code is a name of a data set."""
        return any(plain_name(part) in self.data_names for part in re.split(r"[/\\]", path[:300]))

    @cached_property
    def pictures(self) -> bool:
        """Whether a folder for data holds pictures."""
        return any(file.kind == "image" and is_data_file(file) for file in self.repository.own_files)

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders that hold data files, whole sets and not only lists about them, at any depth."""
        held = (file.path for file in self.repository.own_files if is_data_file(file))
        return folders_of(path for path in held if not PART.search(last_part(path)))

    def held(self, named: str) -> str | None:
        """Return the file of the repository that a path in the code leads to, from the top or from a folder.

        What a program fills in (`data/{}.npy`) may be anything.
        """
        plain = re.sub(r"^(\.{1,2}/)+", "", named.replace("\\", "/"))
        for path in self.names.get(plain.rpartition("/")[2], ()):
            if path == plain or path.endswith(f"/{plain}"):
                return path
        return self._filled_in(plain) if _FILLED_IN.search(plain) else None

    def is_data(self, path: str) -> bool:
        """Return whether a file of the repository is a data set, and not only a list about one."""
        return is_data_file(self.repository.by_path[path]) and not PART.search(last_part(path))

    def holds_folder(self, named: str) -> bool:
        """Return whether a path in the code leads to a folder of the repository that holds data."""
        plain = re.sub(r"^(\.{1,2}/)+", "", named.replace("\\", "/")).rstrip("/")
        return "/" in plain and any(path == plain or path.endswith(f"/{plain}") for path in self.folders)

    def _filled_in(self, plain: str) -> str | None:
        """Return the first file that a path with places to fill in can mean; part of it must be named."""
        wanted = [_FILLED_IN.sub("*", glob.escape(part)) for part in plain.split("/")]
        if not re.search(r"\w{3}", plain.rpartition(".")[0]) or self.patterns >= PATTERNS_LIMIT:
            return None
        self.patterns += 1
        for file in self.repository.own_files[:PATTERN_FILES]:
            parts = file.path.split("/")[-len(wanted) :]
            if len(parts) == len(wanted) and all(map(fnmatchcase, reversed(parts), reversed(wanted))):
                return file.path
        return None
