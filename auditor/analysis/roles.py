"""What the programs of a repository do: fit a method, compute a metric, run an experiment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.call_graph import Node, Program
from auditor.findings import FileEvidence
from auditor.repository.model import Call, Source

# Calls that fit something, by the last part of their resolved name.
_FIT_METHOD = re.compile(
    r"(^|\.)(backward|fit|fit_generator|fit_transform|partial_fit|train_on_batch|train_and_evaluate"
    r"|apply_gradients|minimize|run_mcmc"
    r"|sampling|optimizing|train_step|compute_gradients|learn|fmin_l_bfgs_b|fmin_cg|fmin_bfgs|fmin|basinhopping"
    r"|least_squares)$"
)
_FIT_NAME = re.compile(
    r"^(jax\.(grad|value_and_grad)|torch\.autograd\.grad|tensorflow\.gradients|autograd\.(grad|value_and_grad"
    r"|elementwise_grad)|(lightgbm|xgboost)\.(train|cv)"
    r"|scipy\.optimize\.\w+|tensorflow\.(compat\.v1\.)?train\.\w*Optimizer|torch\.optim\.\w+|pymc3?\.sample"
    r"|theano\.grad|cvxpy\.Problem"
    r"|(\w+\.)*fmin_\w+)$"
)
_SCALERS = re.compile(
    r"(Scaler|Encoder|Vectorizer|Imputer|Binarizer|Transformer|Normalizer|PCA|datagen|tokenizer|scaler|encoder"
    r"|le|enc)(\(\))?\.(fit|fit_transform)$"
)
_OWN_FIT = re.compile(
    r"^(_?(train|fit|learn|optimi[sz]e|solve|run_?(em|mcmc|sgd|training|algorithm|bandit|experiment)|em|mcmc"
    r"|gibbs|gradient_descent|sgd|kmeans"
    r"|k_means|cluster|factori[sz]e|als|admm|hmc|nuts|lloyd|boost|smc|leapfrog|train_\w+|fit_\w+|\w+_train"
    r"|do_train|update_weights|minimi[sz]e"
    r"|descend|iterate|baum_welch|_?\w*iterations?))$",
    re.I,
)
_METRIC_CALL = re.compile(
    r"^sklearn\.metrics\.\w+|^torchmetrics\.|^tensorflow\.(compat\.v1\.)?metrics\.\w+|^keras\.metrics\."
    r"|\.(score|evaluate|eval|predict|predict_proba"
    r"|evaluate_generator|test_step|log_prob|compute_metrics)$|^(nltk|sacrebleu)\.\w*bleu"
    r"|(^|\.)_?(evaluate|evaluation|eval|test|validate|validation|accuracy|compute_(accuracy|metrics?|score"
    r"|error|loss)|rmse|mse|mae|auc|roc_auc|f1_score"
    r"|nmi|ari|bleu|perplexity|fid|inception_score|test_\w+|eval_\w+|evaluate_\w+|\w+_(accuracy|score|error"
    r"|metrics?))$",
    re.I,
)
_METRIC_TARGET = re.compile(
    r"(^|_|\.|')(test|val|valid|validation|eval|heldout|held_out|dev)_?\w{0,12}?(acc|accuracy|loss|err|error"
    r"|score|auc|mse|rmse|nll|bleu|ppl|metric|perf|reward|return|ll|f1)"
    r"|(^|_|\.)(accuracy|acc|rmse|mse|mae|auc|roc_auc|f1|bleu|perplexity|nmi|ari|regret|psnr|ssim|coverage|fid"
    r"|recall|precision|mean_reward|error_rate|errors?|nll|log_lik\w*|elbo|suboptimality|objective)s?(_|$|\[)",
    re.I,
)
_EVALUATION_FILE = re.compile(
    r"(^|[_\-/ ])(eval|evals|evaluate|evaluation|evaluator|evaluating|test|tests|testing|tester|infer|inference"
    r"|predict|prediction|benchmark|metrics?"
    r"|score|scoring|verify|validate|uncertainty|downstream|reconstruction|match\d?|compare|sample|synthesize"
    r"|demo_eval)"
    r"([_\-/ .\d]|$)",
    re.I,
)
_EVALUATION_OPTION = re.compile(
    r"^--?(no-?)?(do_)?(run_)?(only[_-]?)?(eval|evaluate|evaluation|test|testing|validate|inference|predict"
    r"|infer|is_test|test_mode|eval_mode|just_eval|is_train)([_-]?only)?$",
    re.I,
)
_MODE_OPTION = re.compile(r"^--?(mode|phase|action|task|stage|run_mode|split|function|command|cmd|job)$", re.I)
_MODE_VALUE = re.compile(
    r"\b(test|eval|evaluate|evaluation|infer|inference|predict|reconstruction|validate|valid)\b", re.I
)
_DATA_PREPARATION = re.compile(
    r"(^|[_\-/])(download|preprocess\w*|pre_process\w*|prepare\w*|convert\w*|extract\w*|make_data\w*"
    r"|create_data\w*|process_\w+|build_(vocab|dict)\w*"
    r"|generate_data\w*|gen_data\w*|gen_file\w*|update_path\w*|labelData|data_?(loader|set|utils)?s?|utils?"
    r"|setup|config\w*|args|options?|models?|get_\w+"
    r"|create_dictionary|compute_softscore|detection_features_converter|tfrecord\w*)(\.py|\.ipynb)?$",
    re.I,
)
_PRINTED = re.compile(
    r"(?<![a-z])(accuracy|acc|err|error|loss|rmse|mse|mae|auc|score|regret|nll|likelihood|coverage|objective"
    r"|distance|precision|recall)(?![a-z])",
    re.I,
)
_LOOP_BOUND = re.compile(
    r"(^|[._])(n_?|num_?|max_?|total_?)?(epochs?|iters?|iterations?|steps|updates|train_steps|episodes|rounds)\b", re.I
)
_DRAWS_FIGURE = re.compile(r"^(matplotlib\.pyplot|seaborn|plotly|bokeh)\.|(^|\.)(savefig|plot|imshow|to_csv|to_latex)$")


# What fits an embedding for a figure or a preprocessing step as often as the method itself.
_SIDE_FIT = re.compile(r"(^|\.)(fit_transform|sampling|learn)$")
_OWN_NO_FIT = re.compile(r"^_?(n|num|size|len|get|load|generate|is|has|split|x|y|read|plot|print|show|save)_", re.I)
_TRIAL = re.compile(r"(^|[_\-/])(verify|check|smoke|demo|test|tests|debug|try|sanity|setup|inspect)(?![a-z])", re.I)


def _prints_metric(source: Source, call: Call) -> bool:
    """Return whether a call prints a metric's value: words that name it with a value beside, or a variable so named."""
    if call.name not in ("print", "logging.info", "logger.info"):
        return False
    for text in call.arguments:
        if not _PRINTED.search(text) or _is_exception(source, text):
            continue
        quoted = "'" in text or '"' in text
        if not quoted or len(call.arguments) > 1 or re.search(r"[{%]|format", call.statement):
            return True
    return False


def _is_exception(source: Source, text: str) -> bool:
    """Return whether a bare `err` is what an `except … as err` caught: nothing in the file assigns to it."""
    return text in ("err", "error") and not any(re.search(rf"\b{text}\b", item.target) for item in source.assignments)


def _target_rank(target: str) -> int:
    """Return 0 for a variable named for a final metric, 2 for what training minimizes as well."""
    return 2 if re.search(r"objective|elbo|nll|loss|coverage|errs?$", target, re.I) else 0


def _computes_metric(call: Call) -> bool:
    """Return whether a call's name is that of a metric; `model.eval()` alone only switches a mode."""
    if call.name.endswith(".eval") and not call.arguments and not call.keywords:
        return False
    return bool(_METRIC_CALL.search(call.name)) or _is_told_metric(call)


def _is_told_metric(call: Call) -> bool:
    """Return whether a call is told to compute a metric: `metric=roc_auc`, `scoring="f1"`, `metrics=["accuracy"]`."""
    told = (value for key, value in call.keywords if key in ("metric", "metrics", "scoring", "scoring_functions"))
    return any(re.search(r"acc|auc|f1|precision|recall|rmse|mse|mae|r2|bleu|iou", value, re.I) for value in told)


def _metric_rank(call: Call) -> int:
    """Return 0 for a call named for a metric, 1 for another that helps to compute one, 2 for what is only printed."""
    if not _computes_metric(call):
        return 2
    return int(bool(re.search(r"\.(predict|predict_proba|score|log_prob)$", call.name)))


@dataclass(frozen=True)
class Roles:
    """The roles of a program's parts, each with the places it rests on."""

    program: Program

    @property
    def unread(self) -> str:
        """A sentence on the experiment code that is not known; else empty."""
        return self.program.unread

    @cached_property
    def programs(self) -> tuple[Source, ...]:
        """The entry points that are no mere preparation of data."""
        return tuple(s for s in self.program.entry_points if not _DATA_PREPARATION.search(s.path))

    @cached_property
    def fits(self) -> tuple[FileEvidence, ...]:
        """Calls, reached from a program, that fit something: a gradient step, `.fit`, a sampler, an own loop."""
        started = {source.path for source in self.program.started}
        found = [
            ((_fit_rank(call), source.path not in started, "train" not in source.path.lower()), source, call)
            for source, call in self.program.running_calls(self.programs)
            if self.is_fit(source, call)
        ]
        found.sort(key=lambda item: item[0])
        return tuple(source.evidence(call.line, call.statement) for _, source, call in found)

    @cached_property
    def fits_anywhere(self) -> bool:
        """Whether any own source holds a fitting call, run or not."""
        return any(self.is_fit(s, call) for s in self.program.sources.values() for call in s.calls)

    def is_fit(self, source: Source, call: Call) -> bool:
        """Return whether a call fits a method."""
        if _SCALERS.search(call.name):
            return False
        if _FIT_NAME.match(call.name) or _FIT_METHOD.search(call.name):
            return True
        if re.search(r"(^|[._])opt\w{0,60}\.step$|optimizer\w{0,60}(\[\])?\.step$|\bsolver\.\w{0,60}step$", call.name):
            return True
        last = call.name.rpartition(".")[2]
        if call.name == "range" and any(_LOOP_BOUND.search(t) and ".shape" not in t for t in call.arguments):
            return self._updates(source, call.line)
        if not _OWN_FIT.match(last) or _OWN_NO_FIT.match(last):
            return False
        targets = self.program.targets(source, call)
        return any(self._is_own_loop(node) for node in targets if _OWN_FIT.match(node[1].rpartition(".")[2]))

    @staticmethod
    def _updates(source: Source, line: int) -> bool:
        """Return whether a loop over epochs or iterations computes: three assignments with arithmetic follow it."""
        following = [a for a in source.assignments if line < a.line <= line + 30]
        return sum(bool(re.search(r"[(*/+@-]", a.value)) for a in following) >= 3

    def _is_own_loop(self, node: Node) -> bool:
        source = self.program.sources[node[0]]
        found = next((f for f in source.functions if f.name == node[1]), None)
        return found is not None and found.last_line - found.line >= 4

    @cached_property
    def metrics(self) -> tuple[FileEvidence, ...]:
        """Places, reached from a program, that compute a held-out or final metric."""
        ranked = [
            (_metric_rank(call), source.evidence(call.line, call.statement))
            for source, call in self.program.running_calls(self.programs)
            if _computes_metric(call) or _prints_metric(source, call)
        ]
        runs = self.program.running(self.programs)
        for source in self.program.sources.values():
            for item in source.assignments:
                named = _METRIC_TARGET.search(item.target) and "(" in item.value and not _DECLARES.search(item.value)
                if named or _HELD_OUT_ERROR.search(item.value[:500]):
                    node = (source.path, item.within)
                    if runs(node, item.line):
                        ranked.append(
                            (_target_rank(item.target), source.evidence(item.line, f"{item.target} = {item.value}"))
                        )
        return tuple(evidence for _, evidence in sorted(ranked, key=lambda item: item[0]))

    @cached_property
    def experiments(self) -> tuple[Source, ...]:
        """Programs that fit, compute a metric, or draw a figure."""
        return tuple(source for source in self.programs if self._is_experiment(source))

    @staticmethod
    def _trains_itself(source: Source) -> bool:
        """Return whether a file takes gradients or optimizer steps of its own, whatever its name says."""
        steps = re.compile(
            r"opt\w{0,60}\.step$|\.(minimize|apply_gradients|fit_generator)$|^autograd\.(grad|value_and_grad)$"
        )
        return any(steps.search(call.name) for call in source.calls)

    @staticmethod
    def tries_out(source: Source) -> bool:
        """Return whether a program's name says that it only checks or shows that things work."""
        return bool(_TRIAL.search(source.path))

    def _is_experiment(self, entry: Source) -> bool:
        return any(
            self.is_fit(source, call) or _computes_metric(call) or _DRAWS_FIGURE.search(call.name)
            for source, call in self.program.running_calls((entry,))
        )

    @cached_property
    def separate_evaluation(self) -> tuple[FileEvidence, ...]:
        """Programs, modes and documented commands whose purpose is evaluating."""
        found = [
            source.evidence(1, source.path)
            for source in self.programs
            if _named_for_evaluation(source) and self._is_experiment(source) and not self._trains_itself(source)
        ]
        for path in dict.fromkeys(node[0] for entry in self.programs for node in self.program.reached(entry)):
            source = self.program.sources[path]
            for option in source.options:
                text = f"{' '.join(option.choices)} {option.default or ''}"
                mode = any(_MODE_OPTION.match(name) for name in option.names) and _MODE_VALUE.search(text)
                flag = option.flag or option.default in ("True", "False", "0", "1", None)
                if mode or (flag and any(_EVALUATION_OPTION.match(name) for name in option.names)):
                    found.append(source.evidence(option.line, f"option {option.names[0]}"))
        for command in self.program.repository.commands:
            if (
                command.exists
                and command.purpose == "evaluate"
                and _EVALUATION_FILE.search(_stem(command.resolved or ""))
            ):
                found.append(command.evidence)
        return tuple(found)


_HELD_OUT_ERROR = re.compile(
    r"(norm|mean|sum|abs)\(.{0,60}?\b(y_?(test|te|val)|(test|val)_(y|labels?|targets?)|labels?_(test|val))\b"
)
_DECLARES = re.compile(r"Hyper[Pp]arameter|placeholder\(|add_argument|\bconfig\w*\.get\(|Field\(")


def _fit_rank(call: Call) -> int:
    """Return 0 for a gradient step or `.fit`, 1 for what prepares one, 2 for own functions and loops, else 3."""
    if _SIDE_FIT.search(call.name):
        return 3
    if _FIT_METHOD.search(call.name):
        return 0
    return 1 if _FIT_NAME.match(call.name) else 2


def _named_for_evaluation(source: Source) -> bool:
    """Return whether a program's name says that it evaluates; of a notebook's only the plain words count."""
    stem = _stem(source.path)
    if source.notebook:
        return bool(re.search(r"(^|[_\- ])(eval\w*|metrics?|benchmark)([_\- .]|$)", stem, re.I))
    return bool(_EVALUATION_FILE.search(stem))


def _stem(path: str) -> str:
    name = path.rpartition("/")[2].rpartition(".")[0]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
