"""The random generators of the common libraries: what draws from them, what seeds them, what seeds several at once."""

from __future__ import annotations

import re

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
            r"|PCG64$|MT19937$|Philox$|mtrand$|bit_generator)\w+$"
            r"|^scipy\.stats\.\w+(\(\))?\.rvs$|^scipy\.sparse\.(random|rand)$"
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
            r"|^torchvision\.models\.\w+$|^torch_geometric\.nn\.\w+Conv$|^torch\.utils\.data\.(random_split"
            r"|RandomSampler|SubsetRandomSampler)$"
            r"|\.(normal_|uniform_|random_|bernoulli_|exponential_|cauchy_|log_normal_|geometric_)$"
        ),
    ),
    (
        "tensorflow",
        re.compile(
            r"^tensorflow\.(compat\.v1\.)?(random\.(?!set_seed|set_random_seed|Generator|experimental)\w+"
            r"|random_\w+|truncated_normal\w*|multinomial"
            r"|get_variable|layers\.\w+|nn\.\w*dropout\w*|contrib\.(layers|slim|rnn)\.\w+|\w*initializer\w*"
            r"|initializers\.\w+"
            r"|keras\.(layers\.(Dense|Conv\w+|LSTM|GRU|Embedding|Dropout|SeparableConv\w+)|initializers\.\w+"
            r"|applications\.\w+))$"
            r"|^(keras|tensorflow\.python\.keras)\.(layers\.(\w+\.)?(Dense|Conv\w+|Convolution\w+|LSTM|GRU"
            r"|Embedding|Dropout)|initializers\.\w+)$"
            r"|^tensorflow_probability\.\w+|^tflearn\.\w+|^tensorflow\.contrib\.slim\.\w+$"
        ),
    ),
    ("jax", re.compile(r"^jax\.random\.(?!PRNGKey$|key$|split$|fold_in$|key_data|wrap_key)\w+$")),
    ("mxnet", re.compile(r"^mxnet\.(nd\.random|random|init|gluon\.nn)\.(?!seed$)\w+$|^mxnet\.initializer\.\w+$")),
    ("cupy", re.compile(r"^cupy\.random\.(?!seed$|RandomState$)\w+$")),
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
    r"|GaussianRandomProjection|RBFSampler|Nystroem|RandomUnderSampler)$"
)

SEEDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"^random\.seed$"), ("python",)),
    (re.compile(r"^numpy\.random\.(mtrand\.)?seed$|^scipy\.random\.seed$"), ("numpy",)),
    (re.compile(r"^torch\.(random\.)?manual_seed$"), ("torch",)),
    (re.compile(r"^torch\.(cuda\.)(random\.)?manual_seed(_all)?$"), ("torch-cuda",)),
    (re.compile(r"^tensorflow\.(compat\.v1\.)?(set_random_seed|random\.set_random_seed"
                r"|random\.set_seed)$"), ("tensorflow",)),
    (re.compile(r"^(tensorflow\.)?(tensorflow\.keras"
                r"|keras)\.(backend\.)?(random\.)?utils\.set_random_seed$"), ("python", "numpy", "tensorflow")),
    (re.compile(r"^(pytorch_lightning|lightning|lightning\.pytorch|lightning_fabric"
                r"|lightning\.fabric)\.(\w+\.)*seed_everything$"), ("python", "numpy", "torch")),
    (re.compile(r"^transformers\.(\w+\.)*(set_seed"
                r"|enable_full_determinism)$"), ("python", "numpy", "torch", "tensorflow")),
    (re.compile(r"^accelerate\.(\w+\.)*set_seed$"), ("python", "numpy", "torch")),
    (re.compile(r"^(mmcv|mmengine|mmdet)\.(\w+\.)*set_random_seed$"), ("python", "numpy", "torch")),
    (re.compile(r"^fastai\.(\w+\.)*set_seed$|^monai\.utils\.set_determinism$"), ("python", "numpy", "torch")),
    (re.compile(r"^baselines\.(\w+\.)*set_global_seeds$|^stable_baselines3?\.(\w+\.)*set_(global_seeds"
                r"|random_seed)$"), ("python", "numpy", "torch", "tensorflow")),
    (re.compile(r"^mxnet\.random\.seed$"), ("mxnet",)),
    (re.compile(r"^cupy\.random\.seed$"), ("cupy",)),
    (re.compile(r"^paddle\.seed$"), ("paddle",)),
    (re.compile(r"^jax\.random\.(PRNGKey|key)$"), ("jax",)),
)  # fmt: skip

LOCAL_GENERATORS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^numpy\.random\.(RandomState|default_rng|Generator|SeedSequence)$"), "numpy"),
    (re.compile(r"^random\.Random$"), "python"),
)

# Frameworks that seed by themselves unless told otherwise: Trainer init calls set_seed(42).
FRAMEWORK_DEFAULTS = re.compile(r"^transformers\.(\w+\.)*(Seq2Seq)?Trainer$")

RANDOM_VALUE = re.compile(
    r"\btime\b|\bdatetime\b|urandom|getpid|uuid|secrets\.|SystemRandom|\brandint\(|randrange\(|random\.random\("
    r"|default_rng\(\)",
    re.I,
)
