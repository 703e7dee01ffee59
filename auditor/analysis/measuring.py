"""Which calls, assignments and prints compute a held-out or final metric."""

from __future__ import annotations

import re

from auditor.repository.model import Assignment, Call, Source

_LIBRARY = re.compile(
    r"^sklearn\.metrics\.(?!pairwise|make_scorer|euclid)\w+|^sklearn\.model_selection\.cross_val\w+|^torchmetrics\."
    r"|^tensorflow\.(compat\.v1\.)?metrics\.\w+|^(tensorflow\.)?keras\.metrics\.|^(nltk|sacrebleu)\.\w*bleu"
    r"|^scipy\.stats\.(spearmanr|pearsonr|kendalltau)$|^tensorflow\.estimator\.(EvalSpec|train_and_evaluate)$"
    r"|^skimage\.(metrics|measure)\.\w*(ssim|psnr|mse|similarity|noise_ratio)\w*$"
)
_METHOD = re.compile(
    r"\.(score|evaluate|evaluate_generator|test_step|validation_step|compute_metrics|evaluate_policy)$"
)
_OWN = re.compile(
    r"(^|\.)_?(evaluate|evaluation|eval|test|validate|validation|inference_and_score|(calc\w*|compute|get|measure)_"
    r"(acc|accurac(y|ies)|metrics?|scores?|errors?|auc|map|bleu|fid|iou|ppl|nmi|regrets?|rewards?|returns?)"
    r"|accuracy|rmse|mse|mae|auc|roc_auc|f1|f1_score|nmi|ari|bleu|perplexity|fid|psnr|ssim|inception_score"
    r"|test_(model|epoch|loop|step|set|all|acc\w*|loss|error|net\w*|policy|agent|classifier|performance)"
    r"|(eval|evaluate|validate)_\w+|\w+_(accuracy|error_rate|evaluation|score|error|metrics?|auc|regret))$",
    re.I,
)
_KEEPS = re.compile(
    r"(^|\.)_?(new|add|update|log|print|register|init|reset|set|record|save|plot|load|write|show|draw|make|create"
    r"|build|raise|is|has|train|training|loss|parse|normali[sz]e)_\w+$|(^|[._])z_?score$|(^|\.)(parser?|logging|logger|errors?|warnings?)\.",
    re.I,
)
_HELD = r"(test|val|valid|validation|eval|heldout|held_out|dev|mtest)"
_FIGURE = (
    r"(acc|accuracy|accs|loss|losses|err|error|score|auc|mse|rmse|nll|bleu|ppl|metrics?|perf|reward|return|ll|lld|f1"
    r"|iou|map|elbo|bound|bpd)"
)
_TARGET = re.compile(
    rf"(^|_|\.|'|\"){_HELD}_?\w{{0,12}}?{_FIGURE}"
    r"|(^|_|\.)(accuracy|accuracies|acc|rmse|mse|mae|auc|roc_auc|f1|bleu|perplexity|nmi|ari|regret|psnr|ssim|coverage"
    r"|fid|recall|precision|mean_reward|avg_reward|win_rate|success_rate|error_rate|errors?|nll|log_lik\w*|elbo"
    r"|suboptimality|objective)s?(_|$|\[)",
    re.I,
)
_GAINED = re.compile(
    r"(^|_|\.)((cum\w{0,9}|tot\w{0,3}|sum|mean|avg|average|ep|episode|eval|test|final)_?(rewards?|rew|returns?)|\w{0,9}regrets?)(_|$|\[)",
    re.I,
)
_ALSO_MINIMIZED = re.compile(r"objective|elbo|nll|loss|coverage|errs?$|errors?$", re.I)
_PRINTED = re.compile(
    r"(?<![a-z])(accuracy|acc|err|error|loss|rmse|mse|mae|auc|f1|score|regret|nll|likelihood|coverage|objective"
    r"|distance|precision|recall|rewards?|returns?|bleu|perplexity|ppl|nmi|psnr|cost|utility|success rate)(?![a-z])"
    r"|(accuracy|regret|reward|perplexity|precision|cost)(?![a-z])",
    re.I,
)
_HELD_OUT_ERROR = re.compile(
    r"(norm|mean|sum|abs)\(.{0,60}?\b(y_?(test|te|val)|(test|val)_(y|labels?|targets?)|labels?_(test|val))\b"
)
_AGREEMENT = re.compile(
    r"(mean|sum|average|equal|count_nonzero)\(.{0,80}?=="
    r"|(abs|norm|square)\([^()]{1,80} - [^()]{1,80}\)|( - [^()]{1,60}\) ?\*\* ?2)"
)
_DECLARES = re.compile(r"Hyper[Pp]arameter|placeholder\(|add_argument|\bconfig\w*\.get\(|Field\(")
_LOADED = re.compile(r"[\w.]{0,60}\b(load|read)\w{0,20}\(")
"""What was stored before is shown, and not computed."""
_TOLD = frozenset(("metric", "metrics", "scoring", "scoring_functions", "eval_metric", "compute_metrics"))
_WATCHES = frozenset(("validation_data", "validation_split", "eval_set", "valid_sets", "eval_dataset"))
_PLOTS = re.compile(r"^(seaborn|plotly)\.|(^|\.)(\w{0,20}plot|set|bar|scatter)$")
_TIMES = re.compile(
    r"^(time\.(time|perf_counter|clock|process_time)|timeit\.\w+)$|memory_(allocated|usage)\w*$|max_memory"
)


def computes_metric(call: Call) -> bool:
    """Return whether a call's name, or what it is told, is that of a metric; `model.eval()` only switches a mode."""
    if _KEEPS.search(call.name):
        return False
    if _LIBRARY.search(call.name) or _is_told(call):
        return True
    given = len(call.arguments) + len(call.keywords)
    if call.name == "eval" or call.name.endswith(".eval"):  # Python's own, a switch of mode, a tensor's value
        return given >= 2
    if call.name.endswith(".score"):
        return given >= 2
    return bool(_METHOD.search(call.name)) or bool(_OWN.search(call.name))


def _is_told(call: Call) -> bool:
    """Return whether a call is told a metric (`scoring="f1"`) or to watch held-out data (`validation_data=…`)."""
    if any(key in _WATCHES and value not in ("None", "0", "0.0") for key, value in call.keywords):
        return True
    told = (value for key, value in call.keywords if key in _TOLD)
    return any(re.search(r"acc|auc|f1|precision|recall|rmse|mse|mae|r2|bleu|iou", value, re.I) for value in told)


def prints_metric(source: Source, call: Call) -> bool:
    """Return whether a call prints a metric's value: words that name it with a value beside, or a variable so named."""
    if call.name not in ("print", "logging.info", "logger.info") and not call.name.endswith((".info", ".write")):
        return False
    for text in call.arguments:
        text = re.sub(r"\\[tnr]", " ", text)
        if not _PRINTED.search(text) or _is_exception(source, text):
            continue
        quoted = "'" in text or '"' in text
        if not quoted or len(call.arguments) > 1 or re.search(r"[{%]|format|str\(", call.statement):
            return True
    return False


def draws_metric(call: Call) -> bool:
    """Return whether a call draws a metric, by the words at an axis: `ylabel("Test error")`, `lineplot(y="Reward")`."""
    if call.name.endswith(("ylabel", "zlabel")):
        return any(_PRINTED.search(text) and text[-1:] in "\"'" for text in call.arguments[:1])
    if not _PLOTS.search(call.name):
        return False
    return any(
        key in ("y", "ylabel") and value[-1:] in "\"'" and _PRINTED.search(value) for key, value in call.keywords
    )


def assigns_metric(item: Assignment) -> bool:
    """Return whether a variable named for a metric is given a computed value, or a value is an error on held-out
    data."""
    value = item.value[:500]
    named = _TARGET.search(item.target) and "(" in value and not _DECLARES.search(value) and not _LOADED.match(value)
    gained = _GAINED.search(item.target) and re.search(r"[-+(]", value)
    return bool(named or gained) or bool(_HELD_OUT_ERROR.search(value))


def compares(item: Assignment) -> bool:
    """Return whether an assignment compares predictions with the truth: a mean of `==`, a difference, an error."""
    value = item.value[:500]
    return bool(_HELD_OUT_ERROR.search(value)) or bool(_TARGET.search(item.target) and _AGREEMENT.search(value))


def times(call: Call) -> bool:
    """Return whether a call takes the time or the memory used, which a benchmark measures."""
    return bool(_TIMES.search(call.name))


def call_rank(call: Call) -> int:
    """Return 0 for a call named for a metric, 2 for what is only printed."""
    return 0 if computes_metric(call) else 2


def target_rank(target: str) -> int:
    """Return 1 for a variable named for a final metric, 3 for what training minimizes as well."""
    return 3 if _ALSO_MINIMIZED.search(target) else 1


def _is_exception(source: Source, text: str) -> bool:
    """Return whether a bare `err` is what an `except … as err` caught: nothing in the file assigns to it."""
    return text in ("err", "error") and not any(re.search(rf"\b{text}\b", item.target) for item in source.assignments)
