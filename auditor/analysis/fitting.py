"""Which calls fit something: a method to data, or at least something that may be a part of it."""

from __future__ import annotations

import re

from auditor.analysis.call_graph import Node, Program
from auditor.repository.model import Call, Source
from auditor.repository.source import keyed_name

NO_FIT, WEAK, STRONG = 0, 1, 2
"""How surely a call fits the method. Weak is what also serves to attack, verify, embed, solve or preprocess."""

_STRONG_METHOD = re.compile(
    r"(^|\.)(fit|fit_generator|partial_fit|train_on_batch|train_and_evaluate|apply_gradients|minimize|run_mcmc"
    r"|sampling|optimizing|train_step|manual_backward)$"
)
_STRONG_NAME = re.compile(
    r"^((lightgbm|xgboost)\.(train|cv)|tensorflow\.(compat\.v1\.)?train\.\w*Optimizer|torch\.optim\.(?!lr_)\w+"
    r"|(tensorflow\.)?keras\.optimizers\.\w+|optax\.\w+|pymc3?\.sample|(num)?pyro\.infer\.[\w.]+"
    r"|jax\.experimental\.optimizers\.\w+)$"
)
_STEP = re.compile(
    r"(^|[._])opt\w{0,60}\.step$|optimi[sz]er\w{0,60}(\[\]|\(\))?\.step$|\bsolver\.\w{0,60}step$|\btrainer\.\w{0,60}step$",
    re.I,
)
_WEAK_METHOD = re.compile(
    r"(^|\.)(backward|fit_transform|compute_gradients|learn|fmin_l_bfgs_b|fmin_cg|fmin_bfgs|fmin|basinhopping"
    r"|least_squares)$"
)
_WEAK_NAME = re.compile(
    r"^(jax\.(grad|value_and_grad)|torch\.autograd\.grad|tensorflow\.gradients|autograd\.(grad|value_and_grad"
    r"|elementwise_grad)|scipy\.optimize\.\w+|theano\.grad|cvxpy\.Problem|(\w+\.)*fmin_\w+)$"
)
_GRADIENT = re.compile(r"(^|\.)(backward|compute_gradients|gradients|grad|value_and_grad|elementwise_grad)$")
_SCALERS = re.compile(
    r"(Scaler|Encoder|Vectorizer|Imputer|Binarizer|Transformer|Normalizer|PCA|datagen|tokenizer|scaler|encoder"
    r"|le|enc)(\(\))?\.(fit|fit_transform)$"
)
_SIDE_ESTIMATORS = re.compile(
    r"\b(k_?means|nbrs|knn|neigh|neighbors|tsne|umap|NearestNeighbors|KMeans)\w{0,60}(\(\))?\.fit$", re.I
)
_OWN_FIT = re.compile(
    r"^(_?(train|fit|learn|optimi[sz]e|solve|run_?(em|mcmc|sgd|training|algorithm|bandit|experiment)|em|mcmc"
    r"|gibbs|gradient_descent|sgd|kmeans|k_means|cluster|factori[sz]e|als|admm|hmc|nuts|lloyd|boost|smc|leapfrog"
    r"|train_\w+|fit_\w+|\w+_train|do_train|update_weights|minimi[sz]e|descend|iterate|baum_welch"
    r"|_?\w*iterations?))$",
    re.I,
)
_OWN_NO_FIT = re.compile(r"^_?(n|num|size|len|get|load|generate|is|has|split|x|y|read|plot|print|show|save)_", re.I)
_LOOP_BOUND = re.compile(
    r"(^|[._])(n_?|num_?|max_?|total_?)?(epochs?|iters?|iterations?|steps|updates|train_steps|episodes|rounds)\b", re.I
)
OWN_LOOP_LINES = 4
"""An own function that is named for fitting and shorter than this only hands on."""


def fit_strength(program: Program, source: Source, call: Call) -> int:
    """Return how surely a call fits a method: NO_FIT, WEAK or STRONG."""
    name = keyed_name(call)
    if _SCALERS.search(name):
        return NO_FIT
    if _SIDE_ESTIMATORS.search(name):
        return WEAK
    if _STRONG_NAME.match(name) or _STRONG_METHOD.search(name) or _STEP.search(name):
        return WEAK if name.startswith("scipy.optimize.") or _moves_inputs(source, call) else STRONG
    if _WEAK_NAME.match(name) or _WEAK_METHOD.search(name):
        return WEAK
    if name == "range":
        bounded = any(_LOOP_BOUND.search(text) and ".shape" not in text for text in call.arguments)
        return WEAK if bounded and _updates(source, call.line) else NO_FIT
    last = name.rpartition(".")[2]
    if not _OWN_FIT.match(last) or _OWN_NO_FIT.match(last):
        return NO_FIT
    targets = (node for node in program.targets(source, call) if _OWN_FIT.match(node[1].rpartition(".")[2]))
    return WEAK if any(_is_own_loop(program, node) for node in targets) else NO_FIT


def is_step(source: Source, call: Call) -> bool:
    """Return whether a call takes a training step or fits by itself; to make an optimizer trains nothing yet."""
    name = keyed_name(call)
    if _SCALERS.search(name) or _SIDE_ESTIMATORS.search(name) or _moves_inputs(source, call):
        return False
    boosted = re.match(r"^(lightgbm|xgboost)\.(train|cv)$|^pymc3?\.sample$", name)
    return bool(boosted or _STRONG_METHOD.search(name) or _STEP.search(name)) and not name.startswith("scipy.")


def is_gradient(call: Call) -> bool:
    """Return whether a call only takes a gradient, which fits nothing until something is moved along it."""
    return bool(_GRADIENT.search(call.name))


def moves_along(source: Source) -> bool:
    """Return whether a file moves something along a gradient by hand: `w = w - rate * g`, `w.data.add_(…)`."""
    if any(re.search(r"\.(sub_|add_|copy_|assign|assign_sub|assign_add|step)$", call.name) for call in source.calls):
        return True
    for item in source.assignments:
        target = item.target.partition("[")[0]
        if re.search(rf"(?<![\w.]){re.escape(target)}(\.\w+)?(\[[^\]]{{0,40}}\])? ?[-+]", item.value[:300]):
            return True
    return False


def fit_rank(call: Call, strength: int) -> int:
    """Return the order in which fitting calls are shown: a method's own fit, what prepares one, then weak ones."""
    if _SIDE_ESTIMATORS.search(call.name) or call.name.endswith("fit_transform"):
        return 4
    if strength == STRONG:
        return 0 if _STRONG_METHOD.search(call.name) or _STEP.search(call.name) else 1
    return 0 if _WEAK_METHOD.search(call.name) else 3


def _moves_inputs(source: Source, call: Call) -> bool:
    """Return whether an optimizer, or all those of its file, are given bare variables (`Adam([delta])`): an attack."""
    if not re.search(r"optim\w{0,60}\.|\.step$", call.name):
        return False
    made = [c for c in source.calls if re.match(r"torch\.optim\.[A-Z]", c.name)]
    return bool(made) and all(c.arguments and re.fullmatch(r"\[\w+\]", c.arguments[0]) for c in made)


def _updates(source: Source, line: int) -> bool:
    """Return whether a loop over epochs or iterations computes: three assignments with arithmetic follow it."""
    following = [a for a in source.assignments if line < a.line <= line + 30]
    return sum(bool(re.search(r"[(*/+@-]", a.value)) for a in following) >= 3


def _is_own_loop(program: Program, node: Node) -> bool:
    source = program.sources[node[0]]
    found = next((f for f in source.functions if f.name == node[1]), None)
    return found is not None and found.last_line - found.line >= OWN_LOOP_LINES
