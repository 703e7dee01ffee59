"""The random generators of the common libraries: what draws from them, what seeds them, what seeds several at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

CUSTOMARY = {"np": "numpy", "tf": "tensorflow", "nn": "torch.nn", "F": "torch.nn.functional"}
"""The short names under which star imports bring a library into a file that does not import it by itself."""

DRAWS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "python",
        re.compile(
            r"^random\.(random|randint|randrange|choices?|shuffle|sample|uniform|gauss|normalvariate"
            r"|betavariate|expovariate|gammavariate"
            r"|lognormvariate|getrandbits|triangular|vonmisesvariate|paretovariate|weibullvariate)$"
        ),
    ),
    (
        "numpy",
        re.compile(
            r"^numpy\.random\.(?!seed$|RandomState$|default_rng$|Generator$|get_state$|set_state$|SeedSequence$"
            r"|PCG64(DXSM)?$|MT19937$|Philox$|SFC64$|mtrand$|bit_generator)\w+$"
            r"|^scipy\.stats\.\w+(\(\))?\.rvs$|^scipy\.sparse\.(random|rand)$"
            r"|^chainer\.links\.\w+$|^chainer\.functions\.\w*dropout\w*$|^chainer\.initializers\.\w+$"
            r"|^lasagne\.(layers\.(Dense|Conv\w+|LSTM|GRU|Recurrent|Embedding)Layer|init\.(?!Constant)[A-Z]\w+)$"
            r"|^umap\.(umap_\.)?UMAP$"
        ),
    ),
    (
        "torch",
        re.compile(
            r"^torch\.(rand|randn|randint|randperm|bernoulli|multinomial|normal|rand_like|randn_like"
            r"|randint_like|poisson)$"
            r"|^torch\.nn\.(Linear|Bilinear|Conv\w+|LSTM\w*|GRU\w*|RNN\w*|Embedding\w*|Transformer\w*"
            r"|MultiheadAttention|Dropout\w*)$"
            r"|^torch\.nn\.(functional\.(\w*dropout\w*|gumbel_softmax|rrelu)|init\.\w+)$|^torch\.distributions\.\w+"
            r"|^torchvision\.models\.\w+$|^(stable_baselines3|sb3_contrib)\.(?!common)(\w+\.)*[A-Z]\w*$|^torch_geometric\.nn\.\w+Conv$|^torch\.utils\.data\.(random_split"
            r"|RandomSampler|SubsetRandomSampler)$"
            r"|\.(normal_|uniform_|random_|bernoulli_|exponential_|cauchy_|log_normal_|geometric_)$"
        ),
    ),
    (
        "tensorflow",
        re.compile(
            r"^tensorflow\.(compat\.v1\.)?(random\.(?!set_seed|set_random_seed|Generator|experimental)\w+"
            r"|random_\w+|truncated_normal\w*|multinomial"
            r"|get_variable|layers\.\w+|nn\.\w*dropout\w*|contrib\.(layers|slim|rnn)\.(?!\w*regularizer|\w*norm|flatten|one_hot)\w+|\w*initializer\w*"
            r"|initializers\.\w+"
            r"|keras\.(layers\.(Dense|Conv\w+|LSTM|GRU|Embedding|Dropout|SeparableConv\w+)|initializers\.\w+"
            r"|applications\.\w+|random\.(?!SeedGenerator)\w+))$"
            r"|^(keras|tensorflow\.python\.keras)\.(layers\.(\w+\.)?(Dense|Conv\w+|Convolution\w+|LSTM|GRU"
            r"|Embedding|Dropout)|initializers\.\w+|random\.(?!SeedGenerator)\w+)$"
            r"|^stable_baselines\.(?!common)(\w+\.)*[A-Z]\w*$|^tensorflow_probability\.\w+|^tflearn\.\w+|^tensorflow\.contrib\.slim\.\w+$"
        ),
    ),
    ("jax", re.compile(r"^jax\.random\.(?!PRNGKey$|key$|split$|fold_in$|key_data|wrap_key)\w+$")),
    (
        "mxnet",
        re.compile(
            r"^mxnet\.((nd|ndarray|np|sym|symbol)\.random|random|init|gluon\.nn)\.(?!seed$)\w+$"
            r"|^mxnet\.initializer\.\w+$|^mxnet\.(nd|sym)\.(random_\w+|sample_\w+|Dropout)$"
        ),
    ),
    ("cupy", re.compile(r"^cupy\.random\.(?!seed$|RandomState$|default_rng$|Generator$)\w+$")),
    ("paddle", re.compile(r"^paddle\.(rand|randn|randint|randperm|normal|uniform|nn\.(Linear|Conv\w+))$")),
)

# scikit-learn's stochastic estimators and functions: without `random_state` they draw from NumPy's global generator.
SKLEARN = re.compile(
    r"^sklearn\.(\w+\.)*(train_test_split|\w*ShuffleSplit|RandomForest\w+|ExtraTrees?\w*|GradientBoosting\w+"
    r"|HistGradientBoosting\w+|Bagging\w+"
    r"|AdaBoost\w+|DecisionTree\w+|MLP\w+|SGD\w+|Perceptron|PassiveAggressive\w+|KMeans|MiniBatchKMeans"
    r"|GaussianMixture|BayesianGaussianMixture"
    r"|TruncatedSVD|NMF|FastICA|TSNE|LatentDirichletAllocation|RandomizedSearchCV|IsolationForest|make_\w+"
    r"|shuffle|resample|SpectralClustering"
    r"|GaussianRandomProjection|SparseRandomProjection|RBFSampler|Nystroem|RandomTreesEmbedding|LinearSVC|LinearSVR"
    r"|BernoulliRBM|DictionaryLearning|MiniBatchDictionaryLearning|SparsePCA|MiniBatchSparsePCA|MiniBatchNMF"
    r"|RANSACRegressor|Repeated\w*KFold|permutation_importance|BisectingKMeans|ClassifierChain)$"
    r"|^imblearn\.(\w+\.)*(\w*SMOTE\w*|ADASYN|Random(Over|Under)Sampler|KMeansSMOTE|ClusterCentroids|Balanced\w+|EasyEnsemble\w*"
    r"|RUSBoostClassifier|InstanceHardnessThreshold)$"
)

# What draws from NumPy's generator only where a keyword has such a value.
_SWITCHED = {
    "KFold": ("shuffle", "True"), "StratifiedKFold": ("shuffle", "True"), "GroupKFold": ("shuffle", "True"),
    "StratifiedGroupKFold": ("shuffle", "True"), "SVC": ("probability", "True"), "NuSVC": ("probability", "True"),
    "LogisticRegression": ("solver", "sag|saga|liblinear"), "LogisticRegressionCV": ("solver", "sag|saga|liblinear"),
    "Ridge": ("solver", "sag|saga"), "RidgeClassifier": ("solver", "sag|saga"),
    "PCA": ("svd_solver", "randomized|arpack"), "Lasso": ("selection", "random"), "ElasticNet": ("selection", "random"),
}  # fmt: skip

ENVIRONMENT = re.compile(r"^(gym|gymnasium)\.(make|vector\.make|make_vec)$")
"""It has a generator of its own, which takes its seed from the operating system."""
KERAS_LAYER = re.compile(
    r"^(tensorflow\.)?(compat\.v1\.|python\.)?keras\.layers\.(\w+\.)*(Dense|\w*Conv\w+|LSTM|GRU|SimpleRNN|Embedding)$"
)
"""Layers whose weights are drawn when they first know what goes in."""
SEQUENTIAL = re.compile(r"(^|\.)keras\.(models\.)?Sequential$")
KNOWN_INPUT = ("input_shape", "input_dim", "batch_input_shape")
"""With one of these keywords a layer knows what goes in when it is put into a model."""

SEEDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"^random\.seed$"), ("python",)),
    (re.compile(r"^numpy\.random\.(mtrand\.)?seed$|^scipy\.random\.seed$"), ("numpy",)),
    (re.compile(r"^torch\.(random\.)?manual_seed$"), ("torch",)),
    (re.compile(r"^torch\.(cuda\.)(random\.)?manual_seed(_all)?$"), ("torch-cuda",)),
    (re.compile(r"^tensorflow\.(compat\.v1\.)?(set_random_seed|random\.set_random_seed"
                r"|random\.set_seed)$"), ("tensorflow",)),
    (re.compile(r"^(tensorflow\.)?(python\.)?keras\.(backend\.)?utils\.(\w+\.)?set_random_seed$"),
     ("python", "numpy", "tensorflow", "keras-torch")),
    (re.compile(r"^(pytorch_lightning|lightning|lightning\.pytorch|lightning_fabric"
                r"|lightning\.fabric)\.(\w+\.)*seed_everything$"), ("python", "numpy", "torch")),
    (re.compile(r"^transformers\.(\w+\.)*(set_seed"
                r"|enable_full_determinism)$"), ("python", "numpy", "torch", "tensorflow")),
    (re.compile(r"^accelerate\.(\w+\.)*set_seed$"), ("python", "numpy", "torch")),
    (re.compile(r"^(mmcv|mmengine|mmdet)\.(\w+\.)*set_random_seed$"), ("python", "numpy", "torch")),
    (re.compile(r"^fastai\.(\w+\.)*set_seed$|^monai\.utils\.set_determinism$"), ("python", "numpy", "torch")),
    (re.compile(r"^baselines\.(\w+\.)*set_global_seeds$|^stable_baselines3?\.(\w+\.)*set_(global_seeds"
                r"|random_seed)$"), ("python", "numpy", "torch", "tensorflow")),
    (re.compile(r"^(rllab|garage)\.(\w+\.)*set_seed$"), ("python", "numpy", "torch", "tensorflow", "theano")),
    (re.compile(r"^mxnet\.random\.seed$"), ("mxnet",)),
    (re.compile(r"^cupy\.random\.seed$"), ("cupy",)),
    (re.compile(r"^paddle\.seed$"), ("paddle",)),
    (re.compile(r"^jax\.random\.(PRNGKey|key)$"), ("jax",)),
)  # fmt: skip

SYSTEM_SEEDS = re.compile(r"^torch\.(random\.|cuda\.)?seed(_all)?$")
"""They seed from the system's entropy."""

LOCAL_GENERATORS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^numpy\.random\.(mtrand\.)?(RandomState|default_rng|Generator|SeedSequence)$"), "numpy"),
    (re.compile(r"^sklearn\.utils\.(\w+\.)?check_random_state$"), "numpy"),
    (re.compile(r"^random\.Random$"), "python"),
    (re.compile(r"^cupy\.random\.(RandomState|default_rng)$"), "cupy"),
    (re.compile(r"^theano\.(\w+\.)*(MRG_)?RandomStreams$"), "theano"),
    (re.compile(r"^tensorflow\.random\.Generator\.from_(seed|non_deterministic_state)$"), "tensorflow"),
    (re.compile(r"^optuna\.samplers\.\w+Sampler$"), "optuna"),
)
HANDED_ON = re.compile(r"\.check_random_state$")
"""It gives a generator back as it is, and NumPy's global one for None or `numpy.random`."""
BIT_GENERATORS = re.compile(r"^numpy\.random\.(PCG64(DXSM)?|MT19937|Philox|SFC64)$")
TORCH_GENERATOR = re.compile(r"^torch\.Generator$")
FIXED_BY_DEFAULT = re.compile(r"MRG_RandomStreams$|^torch\.Generator$|seed_everything$")
"""Without an argument their seed is a constant of the library (12345, 67280421310721, 0)."""
ENTROPY_GENERATORS = re.compile(r"from_non_deterministic_state$")

# Frameworks that seed by themselves unless told otherwise: Trainer init calls set_seed(42).
FRAMEWORK_DEFAULTS = re.compile(
    r"^transformers\.(\w+\.)*(Seq2Seq)?Trainer$|^trl\.(\w+\.)*\w+Trainer$"
    r"|^sentence_transformers\.(\w+\.)*SentenceTransformerTrainer$"
)
SEEDS_WHERE_GIVEN: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"^(rllab|garage)\.(\w+\.)*run_experiment(_lite)?$"),
     ("python", "numpy", "torch", "tensorflow", "theano")),
    (re.compile(r"^(stable_baselines3|sb3_contrib)\.(\w+\.)*[A-Z]\w*$"), ("python", "numpy", "torch")),
    (re.compile(r"^stable_baselines\.(?!common)(\w+\.)*[A-Z]\w*$"), ("python", "numpy", "tensorflow")),
)  # fmt: skip
"""They seed these libraries globally where their keyword `seed` is given."""
TRAINER_ARGUMENTS = re.compile(
    r"^transformers\.(\w+\.)*(Seq2Seq)?TrainingArguments$|^trl\.(\w+\.)*\w+Config$"
    r"|^sentence_transformers\.(\w+\.)*SentenceTransformerTrainingArguments$"
)

SEEDED_BY_DEFAULT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^xgboost\.(XGB\w+|train|cv)$"), "xgboost"),
    (re.compile(r"^lightgbm\.(LGBM\w+|train|cv)$"), "lightgbm"),
    (re.compile(r"^catboost\.(CatBoost\w*|train|cv)$"), "catboost"),
)
"""Their parameter `seed` has a constant default: xgboost 0, lightgbm fixed seeds for each purpose, catboost 0."""

DEFERRED = re.compile(
    r"^torch\.nn\.Dropout\w*$|^torch\.distributions\.|^torch\.utils\.data\.(DataLoader|RandomSampler"
    r"|SubsetRandomSampler)$|(^|\.)keras\.(layers|initializers)\.|^tensorflow\.([a-z]\w*\.)*\w*initializer|^umap\.|initializers\.\w+$"
    r"|^sklearn\.(\w+\.)*[A-Z]\w+$|^optuna\.|^mxnet\.(init|initializer|gluon)\.|^lasagne\.init\.|^chainer\.initializers\."
)
"""Objects that draw when they are used, not when they are made."""

RANDOM_VALUE = re.compile(
    r"\btime\b|\bdatetime\b|urandom|getpid|uuid|secrets\.|SystemRandom|\brandint\(|randrange\(|random\.random\("
    r"|default_rng\(\)",
    re.I,
)


@lru_cache(maxsize=8_192)
def drawn_library(name: str) -> str | None:
    """Return the library from whose generator a call of this full name draws; None where it draws nothing."""
    if SKLEARN.match(name):
        return "numpy"
    return next((library for library, pattern in DRAWS if pattern.search(name)), None)


def switched_on(name: str, given: Mapping[str, object]) -> bool:
    """Return whether a call of scikit-learn draws because of the literal value of a keyword."""
    keyword, values = _SWITCHED.get(name.rpartition(".")[2], ("", ""))
    return bool(keyword) and name.startswith("sklearn.") and str(given.get(keyword)) in values.split("|")


@lru_cache(maxsize=8_192)
def seeded_libraries(name: str) -> tuple[str, ...]:
    """Return the libraries whose generators a call of this full name seeds."""
    return next((libraries for pattern, libraries in SEEDS if pattern.match(name)), ())


@lru_cache(maxsize=8_192)
def generator_library(name: str) -> str | None:
    """Return the library of the generator object that a call of this full name makes; None where it makes none."""
    return next((library for pattern, library in LOCAL_GENERATORS if pattern.match(name)), None)


@lru_cache(maxsize=8_192)
def fixed_library(name: str) -> str | None:
    """Return the library that a call of this full name draws from with a fixed seed of its own; else None."""
    return next((library for pattern, library in SEEDED_BY_DEFAULT if pattern.match(name)), None)


def customary(name: str) -> str:
    """Return a name under the full name of its library where it begins with the customary short one."""
    first, dot, rest = name.partition(".")
    return f"{CUSTOMARY.get(first, first)}{dot}{rest}"
