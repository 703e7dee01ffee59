"""Programs that are there but run nothing."""

from __future__ import annotations

from auditor.repository.model import Source
from auditor.repository.modules import ModuleTree


def runs_nothing(source: Source, tree: ModuleTree) -> bool:
    """Return whether nothing comes of starting a program: it calls nothing, or only empty functions of its own.

    What it imports of the repository's own modules may run, and so may what a framework starts.
    """
    if not source.known or source.notebook or any(item.level or tree.is_local(item.module) for item in source.imports):
        return False
    if source.main_guard and source.main_lines is None:
        return False  # a function that a decorator starts
    own = {function.name.rpartition(".")[2] for function in source.functions}
    own |= {name.rpartition(".")[2] for name in source.classes}
    return all(call.name.rpartition(".")[2] in own for call in source.calls)
