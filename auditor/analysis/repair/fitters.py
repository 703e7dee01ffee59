"""The objects that are fitted: what they are called, and whether they can be used for rows they have not seen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from auditor.analysis.repair.script import Refused, Script, last_name, names_of

_FIT_ONLY = re.compile(
    r"^(TSNE|MDS|SpectralEmbedding|SpectralClustering|DBSCAN|IterativeSVD|SoftImpute|KNN|MICE|BiScaler"
    r"|NuclearNormMinimization|AgglomerativeClustering)$"
)
_CATEGORIES = re.compile(r"^(LabelEncoder|OrdinalEncoder|OneHotEncoder|LabelBinarizer|MultiLabelBinarizer|Tokenizer)$")


def fitter_of(script: Script, maker: ast.expr) -> tuple[str, list[str]]:
    """Return how a fitted object is called, and the line that makes it where it has no name yet."""
    if isinstance(maker, ast.Name):
        for made in _made(script, maker):
            _transforms(made)
        return maker.id, []
    if not isinstance(maker, ast.Call):
        raise Refused(f"what `{ast.unparse(maker)[:60]}` holds is not known")
    _transforms(maker)
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last_name(maker)).lower()
    known = names_of(script.tree)
    while name in known:
        name += "_"
    return name, [f"{name} = {script.segment(maker)}"]


def _made(script: Script, name: ast.Name) -> list[ast.Call]:
    """Return every call that makes what a name holds; raises Refused where it is bound otherwise, or not at all."""
    bound = [
        node.value if isinstance(node, ast.Assign) and any(part is target for target in node.targets) else None
        for node in ast.walk(script.tree)
        if isinstance(node, ast.Assign | ast.For | ast.arguments | ast.With)
        for part in _targets(node)
        if part.id == name.id
    ]
    calls = [made for made in bound if isinstance(made, ast.Call)]
    if not calls or len(calls) < len(bound):
        raise Refused(f"what `{name.id}` holds is not known")
    return calls


def _targets(node: ast.AST) -> Iterator[ast.Name]:
    """Yield the names that a statement binds; of parameters, names that stand for them."""
    if isinstance(node, ast.arguments):
        yield from (ast.Name(part.arg, ast.Store()) for part in ast.walk(node) if isinstance(part, ast.arg))
        return
    bound = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    if isinstance(node, ast.With):
        bound = [item.optional_vars for item in node.items]
    for target in bound:
        yield from (part for part in ast.walk(target or ast.Pass()) if isinstance(part, ast.Name))


def _transforms(maker: ast.Call) -> None:
    """Raise Refused for an object that cannot be used for other rows, or fails where they hold what it has not seen."""
    last = last_name(maker)
    if not last[:1].isupper():
        raise Refused(f"what `{ast.unparse(maker)[:60]}` gives is not known")
    if _FIT_ONLY.match(last):
        raise Refused(f"`{last}` cannot transform other rows than those it is fitted to")
    lenient = any(keyword.arg == "handle_unknown" for keyword in maker.keywords)
    if _CATEGORIES.search(last) and not lenient:
        raise Refused(f"`{last}` would stop at a category that only test rows hold")
