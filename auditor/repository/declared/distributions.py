"""Which distribution provides an imported module, and which modules are Python's own.

`DISTRIBUTIONS` holds only names that differ; a module that is not in it is taken to be provided by the distribution of
the same name. To add one: module on the left, distribution on the right.
"""

from __future__ import annotations

import sys

from packaging.utils import canonicalize_name

DISTRIBUTIONS: dict[str, str] = {
    "Bio": "biopython",
    "Crypto": "pycryptodome",
    "IPython": "ipython",
    "Levenshtein": "python-levenshtein",
    "MeCab": "mecab-python3",
    "MinkowskiEngine": "minkowskiengine",
    "OpenEXR": "openexr",
    "OpenGL": "pyopengl",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "Image": "pillow",
    "PyQt5": "pyqt5",
    "absl": "absl-py",
    "accimage": "accimage",
    "atari_py": "atari-py",
    "antlr4": "antlr4-python3-runtime",
    "attr": "attrs",
    "azureml": "azureml-core",
    "bayes_opt": "bayesian-optimization",
    "bs4": "beautifulsoup4",
    "cairosvg": "cairosvg",
    "clip": "openai-clip",
    "cma": "cma",
    "community": "python-louvain",
    "cpuinfo": "py-cpuinfo",
    "cv2": "opencv-python",
    "cupy": "cupy",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "edward": "edward",
    "en_core_web_sm": "en-core-web-sm",
    "faiss": "faiss-cpu",
    "ffmpeg": "ffmpeg-python",
    "fitz": "pymupdf",
    "freetype": "freetype-py",
    "git": "gitpython",
    "github": "pygithub",
    "gin": "gin-config",
    "google.cloud.storage": "google-cloud-storage",
    "google.protobuf": "protobuf",
    "googleapiclient": "google-api-python-client",
    "grpc": "grpcio",
    "gurobipy": "gurobipy",
    "hydra": "hydra-core",
    "igraph": "python-igraph",
    "imblearn": "imbalanced-learn",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "kornia": "kornia",
    "lightning_fabric": "lightning",
    "lpips": "lpips",
    "magic": "python-magic",
    "matlab": "matlabengine",
    "maxflow": "pymaxflow",
    "memcache": "python-memcached",
    "ml_collections": "ml-collections",
    "mpi4py": "mpi4py",
    "mpl_toolkits": "matplotlib",
    "pylab": "matplotlib",
    "mujoco_py": "mujoco-py",
    "multipledispatch": "multipledispatch",
    "MySQLdb": "mysqlclient",
    "mosek": "mosek",
    "nevergrad": "nevergrad",
    "nltk": "nltk",
    "numba": "numba",
    "ogb": "ogb",
    "ot": "pot",
    "osgeo": "gdal",
    "openslide": "openslide-python",
    "past": "future",
    "builtins_future": "future",
    "pkg_resources": "setuptools",
    "prettytable": "prettytable",
    "progress": "progress",
    "psycopg2": "psycopg2",
    "pyarrow": "pyarrow",
    "pybullet_envs": "pybullet",
    "pybullet_data": "pybullet",
    "pycocotools": "pycocotools",
    "pycocoevalcap": "pycocoevalcap",
    "pydrive": "pydrive",
    "pygsp": "pygsp",
    "pyro": "pyro-ppl",
    "pytorch_lightning": "pytorch-lightning",
    "pytorch_metric_learning": "pytorch-metric-learning",
    "pywt": "pywavelets",
    "roboschool": "roboschool",
    "ruamel": "ruamel-yaml",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "skfmm": "scikit-fmm",
    "sklearn": "scikit-learn",
    "sklearn_extra": "scikit-learn-extra",
    "skgarden": "scikit-garden",
    "skopt": "scikit-optimize",
    "skbio": "scikit-bio",
    "sksurv": "scikit-survival",
    "skvideo": "scikit-video",
    "slugify": "python-slugify",
    "snap": "snap-stanford",
    "spams": "spams",
    "speech_recognition": "speechrecognition",
    "tensorboard_logger": "tensorboard-logger",
    "tensorflow_addons": "tensorflow-addons",
    "tensorflow_datasets": "tensorflow-datasets",
    "tensorflow_hub": "tensorflow-hub",
    "tensorflow_probability": "tensorflow-probability",
    "tensorflow_text": "tensorflow-text",
    "tf_slim": "tf-slim",
    "tlz": "toolz",
    "toml": "toml",
    "torch_geometric": "torch-geometric",
    "torch_scatter": "torch-scatter",
    "torch_sparse": "torch-sparse",
    "torch_cluster": "torch-cluster",
    "torch_spline_conv": "torch-spline-conv",
    "torch_xla": "torch-xla",
    "tree": "dm-tree",
    "umap": "umap-learn",
    "usb": "pyusb",
    "vizdoom": "vizdoom",
    "websocket": "websocket-client",
    "win32api": "pywin32",
    "wx": "wxpython",
    "xdist": "pytest-xdist",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
    "haiku": "dm-haiku",
    "sonnet": "dm-sonnet",
    "pysc2": "pysc2",
    "dm_control": "dm-control",
    "smac": "smac",
    "stable_baselines": "stable-baselines",
    "stable_baselines3": "stable-baselines3",
    "warpctc_pytorch": "warpctc-pytorch",
    "apex": "nvidia-apex",
    "amp_C": "nvidia-apex",
    "spacy_sentence_bert": "spacy-sentence-bert",
    "sentence_transformers": "sentence-transformers",
    "flash_attn": "flash-attn",
    "jsonlines": "jsonlines",
    "pl_bolts": "lightning-bolts",
    "tabulate": "tabulate",
    "model_utils": "django-model-utils",
    "torchviz": "torchviz",
    "pandas_datareader": "pandas-datareader",
    "nvidia_smi": "nvidia-ml-py",
    "pynvml": "nvidia-ml-py",
    "OpenAI": "openai",
    "ConfigSpace": "configspace",
    "h5py_cache": "h5py-cache",
    "baselines": "baselines",
}  # fmt: skip

# Distributions whose import name equals their own name: a module of this name is known to be third-party, not a local
# file that was forgotten.
WELL_KNOWN = frozenset(
    """
    torch torchvision torchaudio torchtext tensorflow keras numpy scipy pandas matplotlib seaborn tqdm requests h5py
    theano lasagne mxnet gluonnlp chainer jax jaxlib flax optax autograd numba cython sympy networkx dgl gym gymnasium
    transformers datasets tokenizers accelerate evaluate peft nltk spacy gensim sentencepiece sacrebleu editdistance
    lightgbm xgboost catboost hyperopt optuna ray wandb visdom tensorboardx tensorboard comet_ml mlflow sacred
    pytest nose mock joblib dill cloudpickle psutil click typer fire docopt hydra omegaconf yacs munch easydict addict
    einops timm albumentations imgaug imageio moviepy librosa soundfile pydub plotly bokeh dash altair statsmodels
    patsy cvxpy cvxopt ecos pulp pyomo gpy gpflow gpytorch botorch pymc3 pystan emcee edward tensor2tensor six future
    ipdb ipywidgets jupyter notebook nbformat termcolor colorama tabulate rich pyyaml ujson simplejson msgpack lmdb
    zarr tables openpyxl xlrd lxml pyparsing attrs pydantic flask django fastapi boto3 botocore paramiko celery redis
    sqlalchemy pymongo psycopg2 mujoco pybullet procgen retro pygame pyglet box2d crafter minigrid nltk_data
    rdkit openbabel dask distributed pyspark cupy cuml cudf pycuda pytorch_lightning lightning torchmetrics ignite
    fairseq allennlp flair stanza pattern textblob jieba sudachipy pyro numpyro blackjax higher learn2learn geoopt
    pymanopt hnswlib annoy faiss nmslib scann kornia open3d trimesh pyrender plyfile nibabel pydicom SimpleITK
    monai ants shapely geopandas fiona rasterio cartopy pyproj astropy healpy sunpy uncertainties corner
    tensorly tntorch opt_einsum cvxpylayers qpth osqp gurobipy mosek docplex ortools pyscipopt deap cma nevergrad
    mpi4py horovod deepspeed bitsandbytes vllm openai anthropic tiktoken langchain bert_score rouge rouge_score
    pot captum shap lime interpret alibi foolbox cleverhans art advertorch robustness torchattacks autoattack
    progressbar prettytable pydot graphviz pygraphviz coloredlogs loguru absl gflags configargparse jsonargparse
    toolz cytoolz more_itertools natsort sortedcontainers blist bitarray pybloom mmh3 xxhash filelock portalocker
    thop gputil gpyopt mdanalysis salib xlib pyro4 pyqt4 pyqt6 pyside2 pyside6 orange
    sh pexpect pyfiglet regex ftfy unidecode chardet langdetect pycountry holidays pytz arrow pendulum
    """.split()  # noqa: SIM905
)

PYTHON_2_MODULES = frozenset(
    "ConfigParser Queue StringIO cStringIO cPickle commands copy_reg cookielib exceptions httplib md5 new "  # noqa: SIM905
    "popen2 sets sha"
    " thread urllib2 urlparse xmlrpclib __builtin__ dummy_thread htmlentitydefs HTMLParser SimpleHTTPServer"
    " SocketServer Tkinter tkMessageBox tkFileDialog ttk anydbm dbhash dumbdbm gdbm whichdb user string_ BaseHTTPServer"
    " imp distutils asynchat asyncore smtpd __main__ sre mimetools rfc822 UserDict UserList UserString "
    "itertools_".split()
)

# Libraries that repositories carry as a whole copy under their own name.
COPIED_LIBRARIES = frozenset(
    """
    fairseq transformers pytorch_transformers pytorch_pretrained_bert torchvision torch tensorflow keras sklearn
    tensor2tensor opennmt onmt theano lasagne baselines detectron2 detectron maskrcnn_benchmark mmdet mmcv mmdetection
    gym allennlp espnet apex caffe models object_detection slim cleverhans foolbox bayesian_optimization pymol rdkit
    dlib eigen pybind11 pytorch openai_baselines stable_baselines garage rllab spinningup mujoco_py gpflow gpy edward
    autograd networkx nltk spacy cocoapi pycocotools coco_caption cvxpy lightgbm xgboost node2vec deepwalk faiss
    """.split()  # noqa: SIM905
) - {"models", "torch", "slim", "caffe", "pytorch", "tensorflow", "keras"}  # names of authors' own folders

# Modules that hardly any distribution on an index provides, but many authors' own files are called.
LOCAL_WORDS = frozenset(
    """
    config configs conf cfg options opts opt args arguments settings params parameters constants consts globals
    util utils utilities helper helpers misc tools tool common lib libs core base logger logging_utils log
    model models net nets network networks module modules layer layers arch architecture architectures backbone
    backbones
    data dataset datasets_ dataloader dataloaders data_loader data_loaders data_utils loader loaders preprocess
    preprocessing
    train trainer trainers training test tester eval evaluate_ evaluation evaluator metrics metric loss losses criterion
    optim optimizer optimizers scheduler schedulers solver solvers sampler samplers
    env envs environment environments agent agents policy policies buffer replay_buffer memory runner runners worker
    experiment experiments exp visualize visualization vis plot plotting plots figures plot_utils
    train_utils model_utils_ eval_utils utils_data my_utils mylib src code main run demo init resnet vgg densenet
    wide_resnet
    """.split()  # noqa: SIM905
)

_STANDARD = frozenset(sys.stdlib_module_names) | PYTHON_2_MODULES | {"__future__", "_typeshed"}


def is_standard(module: str) -> bool:
    """Return whether the module belongs to Python itself, in this version or in Python 2."""
    return module.partition(".")[0] in _STANDARD


def distribution_of(module: str) -> str:
    """Return the canonical name of the distribution that provides a third-party module."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        known = DISTRIBUTIONS.get(".".join(parts[:length]))
        if known:
            return str(canonicalize_name(known))
    return str(canonicalize_name(parts[0]))


def is_known_third_party(module: str) -> bool:
    """Return whether a distribution is known to provide this module."""
    top = module.partition(".")[0]
    return top in DISTRIBUTIONS or top in WELL_KNOWN or top.lower() in WELL_KNOWN


# One distribution under several names: declaring any of them provides the same modules.
_SAME = [
    {"opencv-python", "opencv-contrib-python", "opencv-python-headless", "opencv",
     "opencv-contrib-python-headless", "py-opencv"},
    {"tensorflow", "tensorflow-gpu", "tensorflow-cpu", "tf-nightly", "tf-nightly-gpu", "intel-tensorflow",
     "tensorflow-macos",
     "tensorflow-estimator", "tensorboard"},
    {"torch", "pytorch", "pytorch-gpu", "pytorch-cpu", "torch-nightly"},
    {"torchvision", "torchvision-cpu", "pytorch-vision"},
    {"faiss-cpu", "faiss-gpu", "faiss"},
    {"pillow", "pil", "pillow-simd"},
    {"scikit-learn", "sklearn"},
    {"scikit-image", "skimage"},
    {"python-igraph", "igraph"},
    {"pyyaml", "yaml"},
    {"lightning", "pytorch-lightning"},
    {"keras", "keras-gpu", "keras-nightly"},
    {"mxnet", "mxnet-cu80", "mxnet-cu90", "mxnet-cu92", "mxnet-cu100", "mxnet-cu101", "mxnet-cu102", "mxnet-mkl"},
    {"cupy", "cupy-cuda80", "cupy-cuda90", "cupy-cuda100", "cupy-cuda101", "cupy-cuda102",
     "cupy-cuda11x", "cupy-cuda12x"},
    {"jax", "jaxlib"},
    {"ipython", "jupyter", "notebook", "jupyterlab"},
    {"tables", "pytables"},
    {"psycopg2", "psycopg2-binary"},
    {"setuptools", "pkg-resources"},
    {"pot", "python-ot"},
    {"umap-learn", "umap"},
    {"matplotlib", "matplotlib-base"},
    {"python-levenshtein", "levenshtein"},
    {"beautifulsoup4", "bs4"},
    {"gym", "gym-atari", "gymnasium"},
    {"nvidia-apex", "apex"},
    {"smac", "pysmac"},
    {"openai-clip", "clip"},
    {"tensorboardx", "tensorboard-x"},
    {"py-cpuinfo", "py-cpuinfo2"},
    {"mnist", "python-mnist"},
]  # fmt: skip
_SAME_AS: dict[str, frozenset[str]] = {name: frozenset(group) for group in _SAME for name in group}


def same_distributions(name: str) -> frozenset[str]:
    """Return the canonical names under which the same modules are provided, the given one included."""
    return _SAME_AS.get(name, frozenset({name}))


# What conda, a platform's build or people call the same distribution.
_CALLED = {
    "pytorch": "torch", "pytorch-gpu": "torch", "pytorch-cpu": "torch", "torch-nightly": "torch",
    "torchvision-cpu": "torchvision", "pytorch-vision": "torchvision", "sklearn": "scikit-learn",
    "skimage": "scikit-image", "yaml": "pyyaml", "pil": "pillow", "opencv": "opencv-python",
    "py-opencv": "opencv-python", "tensorflow-gpu": "tensorflow", "tensorflow-cpu": "tensorflow",
    "keras-gpu": "keras", "faiss-gpu": "faiss-cpu", "faiss": "faiss-cpu", "matplotlib-base": "matplotlib",
    "pytables": "tables", "umap": "umap-learn", "bs4": "beautifulsoup4", "igraph": "python-igraph",
    "tensorboard-x": "tensorboardx", "psycopg2-binary": "psycopg2", "python-ot": "pot", "apex": "nvidia-apex",
}  # fmt: skip


def known_as(name: str) -> str:
    """Return the one name under which a distribution is counted, whatever a file calls it."""
    return _CALLED.get(name, name)
