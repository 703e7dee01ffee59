"""What an import brings from the repository's own modules: each is run once for a program, when first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.analysis.flow.machine import Machine
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.values import Group, Value
from auditor.repository.declared.distributions import is_known_third_party, is_standard
from auditor.repository.model import Source
from auditor.repository.modules import ModuleTree


@dataclass
class Linker:
    """The modules of one program's run."""

    sources: dict[str, Source]
    tree: ModuleTree
    machine: Machine
    _scopes: dict[str, Scope] = field(default_factory=dict)

    def resolve(self, path: str, dotted: str, level: int) -> Value | None:
        """Return what a dotted name in an import of the file at `path` means; None where it is not the repository's."""
        parts = dotted.split(".") if dotted else []
        for folder in self._folders(path, parts, level):
            for length in range(len(parts), -1 if level else 0, -1):
                source = self._at("/".join([*folder, *parts[:length]]))
                if source is not None and source.path != path:
                    return self._member(self._run(source), parts[length:])
        return None

    def _folders(self, path: str, parts: list[str], level: int) -> Iterator[list[str]]:
        """Yield the folders in which an import's first part may lie, the likeliest first.

        A name of Python's own or of a known library means the repository's module beside the file, and that of a
        library the one at the top too.
        """
        folder = path.split("/")[:-1]
        if level:
            if level - 1 <= len(folder):
                yield folder[: len(folder) - (level - 1)]
            return
        yield folder
        if not parts or is_standard(parts[0]):
            return
        if is_known_third_party(parts[0]):
            yield from ([], ["src"])
            return
        for candidate in self.tree.candidates(path, parts[0]):
            yield candidate.split("/")[:-1]

    def _at(self, stem: str) -> Source | None:
        stem = stem.strip("/")
        return self.sources.get(f"{stem}.py") or self.sources.get(f"{stem}/__init__.py".lstrip("/"))

    def _run(self, source: Source) -> Scope:
        known = self._scopes.get(source.path)
        if known is None:
            known = self._scopes[source.path] = Scope(source.path)
            line, self.machine.line = self.machine.line, 1
            self.machine.block(source.statements.block, known)
            self.machine.line = line
        return known

    @staticmethod
    def _member(scope: Scope, parts: list[str]) -> Value | None:
        value: Value | None = Group(list(scope.names.values()), list(scope.names))
        for part in parts:
            value = value.get(part) if isinstance(value, Group) else None
        return value
