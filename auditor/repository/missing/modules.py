"""Imports of local modules, and of names from them, that are not in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.findings import FileEvidence
from auditor.repository.declared.distributions import (
    COPIED_LIBRARIES,
    LOCAL_WORDS,
    is_known_third_party,
    is_standard,
)
from auditor.repository.model import Import, Source
from auditor.repository.modules import GENERATED, ModuleTree, is_own_name, shadows
from auditor.repository.source import called_names

FOUND_LIMIT = 200
TEXT_LIMIT = 200_000
"""Characters of a source that are searched."""


def missing_modules(
    tree: ModuleTree,
    sources: Iterable[Source],
    declared: frozenset[str],
) -> tuple[FileEvidence, ...]:
    """Return the imports of local modules that are not in the tree.

    Counted are relative imports without a file; submodules of a local package that are not there; and modules with a
    name that authors give to their own files, that no distribution is known or declared under. Guarded imports,
    generated modules and those of submodules are left out, and what only a class or function calls that nothing uses.
    """
    found: list[FileEvidence] = []
    seen: set[str] = set()
    for source in sources:
        imported = ((item, _missing(tree, source, item, declared), "") for item in source.imports)
        called = ((item, None, within) for item, within in called_names(source))  # calls tell of names alone
        for item, absent, within in (*imported, *called):
            name = absent or _missing_name(tree, source, item)
            if name and name not in seen:
                if tree.is_named_once(within.partition(".")[0]):
                    continue
                seen.add(name)
                if item not in source.imports and _is_rebound(tree, source, item.module):
                    continue
                found.append(source.evidence(item.line, f"import of {name}"))
                if len(found) >= FOUND_LIMIT:
                    return tuple(found)
    return tuple(found)


def _is_rebound(tree: ModuleTree, source: Source, module: str) -> bool:
    """Return whether a loop, a parameter or an unpacking gives a module's name to something else in a source."""
    name = re.escape(module)
    bound = (
        rf"\bfor\s[^\n:]{{0,80}}\b{name}\b[^\n:]{{0,80}}\sin\s|\b(?:def\s\w{{1,80}}\(|lambda\s)[^\n:]{{0,300}}\b{name}\b"
        rf"|^[ \t]{{0,80}}(?:[\w., ]{{1,200}},\s?)?{name}(?:,[\w., ]{{1,200}})?\s?=[^=]"
    )
    return re.search(bound, tree.repository.text(source.path)[:TEXT_LIMIT], re.M) is not None


def _missing(tree: ModuleTree, source: Source, item: Import, declared: frozenset[str]) -> str | None:
    if item.guarded or (not item.level and (not item.module or is_standard(item.module))):
        return None
    if GENERATED.search(item.module.rpartition(".")[2]) or any(GENERATED.search(name) for name in item.names):
        return None
    if item.level:
        path = tree.relative(source, item)
        if path is None or source.notebook:
            return None
        if tree.is_linked(path):
            return None
        if not item.module:
            return None if tree.has(path) else f"{'.' * item.level}{item.names[0] if item.names else ''}"
        return None if tree.has(path) else "." * item.level + item.module
    top = item.module.partition(".")[0]
    if top in tree.empty_submodules or top.lower() in COPIED_LIBRARIES:
        return None
    if tree.is_local(top):
        if _lies_elsewhere(tree, source, item, declared):
            return item.module
        if is_known_third_party(top) or "." not in item.module or tree.find(item.module) is not None:
            return None
        return item.module if _inside(tree, item.module) and not tree.is_slip(item.module) else None
    if is_known_third_party(top) or top.lower().replace("_", "-") in declared:
        return None
    return item.module if is_own_name(tree, item.module) else None


def _lies_elsewhere(tree: ModuleTree, source: Source, item: Import, declared: frozenset[str]) -> bool:
    """Return whether a module lies only in folders that Python does not look in from a source.

    It looks in the folders above the source, from one of which a program is started, and where something is installed
    or put on the path.
    """
    top = item.module.partition(".")[0]
    if source.notebook or is_known_third_party(top) or top.lower().replace("_", "-") in declared:
        return False
    wanted = item.module.replace(".", "/")
    roots = {path[: -len(wanted)].rstrip("/") for path in tree.all_of(wanted)}
    if not roots or any(not root or source.path.startswith(f"{root}/") for root in roots):
        return False
    return not tree.extends_path(source.path) and not any(tree.is_installed(root) for root in roots)


def _missing_name(tree: ModuleTree, source: Source, item: Import) -> str | None:
    """Return `module.name` where a local module is there and nothing in its text bears the imported name."""
    if item.guarded or not item.names or not item.module:
        return None
    top = item.module.partition(".")[0]
    if not item.level and (is_standard(top) or is_known_third_party(top)) and not shadows(tree, source, top):
        return None
    wanted = item.module.replace(".", "/")
    base = tree.relative(source, item) if item.level else None
    paths = [base] if base else [] if item.level else tree.all_of(wanted)
    for name in item.names:
        if (
            name != "*"
            and not GENERATED.search(name)
            and paths
            and name not in tree.definitions  # moved to another module
            and not any(_may_hold(tree, path, name) for path in paths)
        ):
            return f"{'.' * item.level}{item.module}.{name}"
    return None


def _may_hold(tree: ModuleTree, path: str, name: str) -> bool:
    files = [f"{path}{end}" for end in (".py", "/__init__.py") if f"{path}{end}" in tree.repository.by_path]
    if not files or tree.has(f"{path}/{name}") or not tree.only_python(path):
        return True
    words = tree.words(files[0])
    return words is None or name in words


def _inside(tree: ModuleTree, module: str) -> bool:
    """Return whether the parent of a module that is not there is a package here, so that the module should be too."""
    parent = module.rpartition(".")[0]
    path = tree.find(parent)
    return path is not None and (tree.holds_python(path) or module.rpartition(".")[2] in LOCAL_WORDS)
