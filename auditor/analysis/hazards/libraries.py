"""Rows 13 to 19, 37, 39 and 51 to 53: estimators, data frames, boosting, searches, generation, environments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.rewriting import seed_name, spelled, with_keywords
from auditor.analysis.hazards.rules import CallRule, Keywords, found_by, is_off
from auditor.repository.model import Call, Source

_ALWAYS = (
    r"train_test_split|ShuffleSplit|\w+ShuffleSplit|Repeated\w*KFold|RandomForest\w+|ExtraTrees?\w*|Bagging\w+"
    r"|RandomizedSearchCV|MLP(Classifier|Regressor)|SGD(Classifier|Regressor)|Perceptron|PassiveAggressive\w+|KMeans"
    r"|MiniBatchKMeans|GaussianMixture|BayesianGaussianMixture|TruncatedSVD|FastICA|TSNE|LatentDirichletAllocation"
    r"|IsolationForest|SpectralClustering|GaussianRandomProjection|RBFSampler|Nystroem|resample|shuffle"
    r"|make_(blobs|classification|regression|moons|circles|swiss_roll|s_curve|gaussian_quantiles|friedman\d"
    r"|multilabel_classification|low_rank_matrix|sparse_\w+)"
)
_SOMETIMES = {
    "KFold": "shuffle", "StratifiedKFold": "shuffle", "GroupKFold": "shuffle", "StratifiedGroupKFold": "shuffle",
    "SVC": "probability", "GradientBoostingClassifier": "subsample", "GradientBoostingRegressor": "subsample",
}  # fmt: skip
"""Drawing only where this keyword is switched on."""
_SOLVERS = {"PCA": ("svd_solver", "randomized|arpack"), "LogisticRegression": ("solver", "sag|saga|liblinear")}
_HUB_MODULES = ("datasets",)


def _draws(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    """Return whether a stochastic call is fixed neither by its own argument nor by NumPy's seed."""
    if keywords.get("random_state", "None") != "None" or keywords.get("shuffle") == "False" or "**" in keywords:
        return False
    last = call.name.rpartition(".")[2]
    if last in ("KMeans", "GaussianMixture", "TSNE") and keywords.get("init", "'").strip()[0] not in "'\"":
        return False  # it starts from given points
    if last in _SOMETIMES and keywords.get(_SOMETIMES[last], "False") in ("False", "1.0", "1"):
        return False
    if last in _SOLVERS:
        keyword, drawing = _SOLVERS[last]
        if not re.search(rf"\b({drawing})\b", keywords.get(keyword, "")):
            return False
    return code.unseeded((source.path, call.within), call.line, "numpy") is not None


def _frame_draws(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    if "pandas" not in code.modules or "random_state" in keywords or "seed" in keywords or "**" in keywords:
        return False
    framed = "frac" in keywords or ("n" in keywords and re.search(r"(^|[._])(df|data_?frame)\w*\.sample$", call.name))
    return bool(framed) and code.unseeded((source.path, call.within), call.line, "numpy") is not None


def _shared(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    """Return whether `random_state` is one generator that several calls of the file draw from."""
    given = keywords.get("random_state", "")
    if code.given(source, "random_state")[given] < 2:
        return False
    made = (i.value for i in source.assignments if i.target == given and i.within in (call.within, ""))
    return any(re.search(r"RandomState\(|check_random_state\(", value) for value in made)


def _fixed(source: Source, call: Call) -> str:
    return with_keywords(call, random_state=seed_name(source, call.within))


def _hub_shuffle(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    if call.arguments or "seed" in keywords or "generator" in keywords or "buffer_size" in keywords:
        return False
    if not _is_hub(source) or code.given(source, "streaming")["True"]:
        return False
    return code.unseeded((source.path, call.within), call.line, "numpy") is not None


def _stream_shuffle(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    return bool(_is_hub(source) and code.given(source, "streaming")["True"]) and not {"seed", "generator"} & (
        keywords.keys()
    )


def _is_hub(source: Source) -> bool:
    return any(item.module in _HUB_MODULES and not item.level for item in source.imports)


def _boosted_linear(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    return "gblinear" in keywords.get("booster", "") and "coord_descent" not in keywords.get("updater", "")


def _no_seed(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    return is_off(keywords.get("seed")) and keywords.get("seed") != "0" and "**" not in keywords and not call.arguments


def _no_sampler(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    return "sampler" not in keywords and len(call.arguments) < 2 and "**" not in keywords


def _samples(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    if keywords.get("do_sample") != "True" or "generator" in keywords:
        return False
    return code.unseeded((source.path, call.within), call.line, "torch") is not None


def _asks_model(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    if "seed" in keywords or "**" in keywords or not {"openai", "anthropic", "litellm"} & code.modules:
        return False
    return bool(re.fullmatch(r"[\d.]{1,10}", given := keywords.get("temperature", "1")) and float(given) > 0)


def _may_ask(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    """Return whether a hosted model is asked at a temperature that stands elsewhere."""
    if "seed" in keywords or not {"openai", "anthropic", "litellm"} & code.modules:
        return False
    return not re.fullmatch(r"[\d.]{1,10}", keywords.get("temperature", "1"))


def _with(**values: str):  # type: ignore[no-untyped-def]
    return lambda source, call: with_keywords(call, **values)


def _seeded(source: Source, call: Call) -> str:
    return with_keywords(call, seed=seed_name(source, call.within))


_ASKS = re.compile(
    r"\b(chat\.completions|completions|messages|responses)\.create$|^openai\.(Chat)?Completion\.create$"
    r"|^litellm\.completion$"
)

RULES = (
    CallRule(13, "libraries", re.compile(rf"^sklearn\.(\w+\.)*(?!train_test_split|\w*ShuffleSplit|Repeated)({_ALWAYS}|"
             rf"{'|'.join(_SOLVERS)}|SVC|GradientBoosting\w+)$"),
             "{call} draws from NumPy's global generator, which is never seeded", "high", _fixed, _draws,
             cause="numpy"),
    CallRule(15, "libraries", re.compile(r"^sklearn\.model_selection\.(\w+\.)*(train_test_split|\w*ShuffleSplit"
             r"|\w*KFold)$|^sklearn\.cross_validation\.(train_test_split|\w*ShuffleSplit|\w*KFold)$"),
             "{call} splits the data by NumPy's global generator, which is never seeded", "high", _fixed, _draws,
             cause="numpy"),
    CallRule(14, "libraries", re.compile(r"^sklearn\.(\w+\.)*(train_test_split|\w*ShuffleSplit|\w*KFold)$"),
             "{call} shares one generator with other calls, so that its split depends on what they drew", "low",
             _fixed, _shared),
    CallRule(16, "libraries", re.compile(r"\.sample$"),
             "rows are sampled by NumPy's global generator, which is never seeded", "high", _fixed, _frame_draws,
             cause="numpy"),
    CallRule(17, "libraries", re.compile(r"^xgboost\.XGB\w+$"),
             "the linear booster's default updater runs its threads without locks (Hogwild), whatever the seed",
             "medium", _with(updater='"coord_descent"'), _boosted_linear),
    CallRule(18, "libraries", re.compile(r"^lightgbm\.LGBM\w+$"),
             "LightGBM chooses how it builds histograms by their speed, and sums in the order of its threads", "low",
             _with(deterministic="True", force_row_wise="True"),
             lambda code, source, call, keywords: is_off(keywords.get("deterministic")) and "**" not in keywords),
    CallRule(19, "libraries", re.compile(r"^catboost\.CatBoost\w*$"),
             "CatBoost on a GPU sums in the order of its threads", "low", _with(task_type='"CPU"'),
             lambda code, source, call, keywords: "GPU" in keywords.get("task_type", "")),
    CallRule(37, "libraries", re.compile(r"\.train_test_split$|^(?!random|numpy|sklearn)[\w.\[\]()]+\.shuffle$"),
             "a data set is shuffled or split by a seed taken from NumPy's global generator, which is never seeded",
             "high", _seeded, _hub_shuffle, cause="numpy"),
    CallRule(37, "libraries", re.compile(r"^(?!random|numpy|sklearn)[\w.\[\]()]+\.shuffle$"),
             "a streamed data set is shuffled by a new generator each time, which no global seed reaches", "high",
             _seeded, _stream_shuffle),
    CallRule(38, "libraries", re.compile(r"\.(map|filter)$"),
             "a fingerprint of one's own keeps old results in the cache when the function changes", "low",
             _with(load_from_cache_file="False"),
             lambda code, source, call, keywords: _is_hub(source) and keywords.get("load_from_cache_file") != "False"
             and keywords.get("new_fingerprint", "")[:1] in ("'", '"') and "new_fingerprint" in keywords),
    CallRule(39, "libraries", re.compile(r"\.generate$"),
             "text is generated by drawing, and PyTorch is never seeded", "high",
             lambda source, call: f"torch.manual_seed({seed_name(source, call.within)})", _samples, cause="torch"),
    CallRule(39, "libraries", _ASKS, "a hosted model draws its answers without a seed, unless its temperature is 0",
             "medium", _with(temperature="0", seed="0"), _may_ask),
    CallRule(39, "libraries", _ASKS,
             "a hosted model draws its answers without a seed, at a temperature above 0", "high",
             _with(temperature="0", seed="0"), _asks_model),
    CallRule(52, "libraries", re.compile(r"^optuna\.(samplers\.)?(\w+\.)*(TPE|Random|CmaEs|NSGAII|NSGAIII|QMC|GP)"
             r"Sampler$"), "the sampler of the search takes its seed from the operating system, whatever NumPy's is",
             "high", _seeded, _no_seed, cause="optuna"),
    CallRule(52, "libraries", re.compile(r"^optuna\.(\w+\.)*create_study$"),
             "the search uses its default sampler, which takes its seed from the operating system", "high",
             lambda source, call: with_keywords(
                 call, sampler=f"optuna.samplers.TPESampler(seed={seed_name(source, call.within)})"), _no_sampler),
    CallRule(53, "libraries", re.compile(r"^umap\.(\w+\.)*(Parametric)?UMAP$"),
             "UMAP without random_state lays points out by several threads at once, whatever NumPy's seed is",
             "medium", _fixed, lambda code, source, call, keywords:
             keywords.get("random_state", "None") == "None" and "**" not in keywords),
)  # fmt: skip


def library_hazards(code: Code) -> Iterator[Hazard]:
    """Yield the hazards of the libraries' own randomness and of what no seed reaches in them."""
    yield from found_by(code, RULES)
    yield from _searches(code)
    yield from _environments(code)


_OPTIMIZE = re.compile(r"\bstudy\w{0,20}\.optimize$|create_study\(\)\.optimize$")


def _searches(code: Code) -> Iterator[Hazard]:
    """Yield searches that stop by the clock or try several things at once."""
    if "optuna" not in code.modules:
        return
    for source, call in code.calls_of(_OPTIMIZE):
        keywords = dict(call.keywords)
        if keywords.get("timeout", "None") != "None":
            stops = "may stop" if keywords.get("n_trials", "None") != "None" else "stops"
            title = f"the search {stops} by the clock: a faster machine tries more"
            fix = with_keywords(call, timeout="None", n_trials=keywords.get("n_trials", "100"))
            yield from _one(code, source, call, (52, title, fix))
        if keywords.get("n_jobs", "1") not in ("1", "None"):
            title = "trials run at once, so that the sampler sees their results in the order of their end"
            yield from _one(code, source, call, (52, title, with_keywords(call, n_jobs="1")))


def _one(code: Code, source: Source, call: Call, found: tuple[int, str, str]) -> Iterator[Hazard]:
    row, title, fix = found
    hazard = code.hazard(source, call, (row, "libraries", title, "medium", fix))
    if hazard:
        yield hazard


LOOKED_AT = 10
"""So many environments are looked at; every one is like the others to whoever seeds them."""
_MAKES = re.compile(r"^(gym|gymnasium)\.(make|vector\.make|make_vec)$")
_SEEDS_ITSELF = re.compile(r"^(stable_baselines3?|sb3_contrib|ray\.rllib|tianshou|rl_zoo3)\b")
_MAKES_SEEDED = re.compile(r"make_(vec|atari|mujoco|robotics)\w{0,20}$")
"""OpenAI's baselines and what is copied from them seed the environments that they make."""
_SEED_METHOD = re.compile(r"(^|[._])envs?\w{0,20}(\[\]|\(\))?(\.\w{1,20})?\.seed$|^(?!numpy|random|torch)[\w.]*\.seed$")


def _environments(code: Code) -> Iterator[Hazard]:
    """Yield environments that are made and never seeded, or by a method that the declared version no longer has."""
    made = [(source, call) for source, call in islice(code.calls_of(_MAKES), LOOKED_AT) if _is_played(source, call)]
    if not made or any(_MAKES_SEEDED.search(call.name) and len(call.arguments) > 1 for _, call in code.calls):
        return
    resets = [(s, c) for s, c in code.calls if c.name.endswith(".reset") and "seed" in dict(c.keywords)]
    methods = [(s, c) for s, c in code.calls_of(_SEED_METHOD) if "action_space" not in c.name]
    if any(_SEEDS_ITSELF.search(c.name) and not is_off(dict(c.keywords).get("seed")) for _, c in code.calls):
        return
    source, call = made[0]
    name = next((i.target for i in source.assignments if i.line == call.line and i.within == call.within), "env")
    fix = _seeded_reset(code, name, seed_name(source, call.within))
    if not resets and not methods:
        title = "the environment's own generator is seeded by the operating system: no reset gives it a seed"
        hazard = code.hazard(source, call, (51, "libraries", title, "high", fix))
        if hazard:
            yield hazard
    if methods and not resets:
        yield from _lost_method(code, *methods[0], fix)
    sampled = [(s, c) for s, c in code.calls if c.name.endswith("action_space.sample")]
    if sampled and not any(c.name.endswith("action_space.seed") for _, c in code.calls):
        source, call = sampled[0]
        space = spelled(call).removesuffix(".sample")
        title = "actions are sampled by the space's own generator, which neither NumPy's seed nor a reset reaches"
        found = (51, "libraries", title, "high", f"{space}.seed({seed_name(source, call.within)})")
        hazard = code.hazard(source, call, found)  # type: ignore[arg-type]
        if hazard:
            yield hazard


def _is_played(source: Source, call: Call) -> bool:
    """Return whether an environment is more than asked for its spaces, by its name: reset, stepped or handed on."""
    name = next((i.target for i in source.assignments if i.line == call.line and i.within == call.within), "")
    if not re.fullmatch(r"[A-Za-z_]\w{0,60}", name):
        return True
    asked = re.compile(rf"(?<![\w.]){re.escape(name)}\.(\w+_space|unwrapped|spec|reward_range)\b")
    others = [other for other in source.calls if other.line != call.line]
    given = (text for other in others for text in (*other.arguments, *(value for _, value in other.keywords)))
    if any(re.match(rf"{re.escape(name)}\.(reset|step|seed)$", other.name) for other in others) or name in given:
        return True
    texts = (*(other.statement for other in others), *(item.value for item in source.assignments))
    return not any(asked.search(text) for text in texts)


def _seeded_reset(code: Code, name: str, seed: str) -> str:
    """Return how an environment is seeded: by its first reset from gym 0.22 on, before by a method."""
    newer = True if "gymnasium" in code.modules else code.versions.holds("gym", ">=0.22")
    if newer is False:
        return f"{name}.seed({seed})"
    return f"{name}.reset(seed={seed})" + ("" if newer else f"  # before gym 0.22: {name}.seed({seed})")


def _lost_method(code: Code, source: Source, call: Call, fix: str) -> Iterator[Hazard]:
    """Yield `env.seed()` where the library no longer has it: gym dropped it with 0.26, gymnasium never had it."""
    library = "gymnasium" if "gymnasium" in code.modules else "gym"
    title = "env.seed() is no longer there, so that the seed reaches no environment"
    versions = ">=0.26"
    if code.versions.holds(library, versions) is None and library == "gym":
        return
    hazard = code.hazard(source, call, (51, "libraries", title, "medium", fix), library, versions)
    if hazard:
        yield hazard
