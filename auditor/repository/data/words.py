"""The words and endings by which data are told from results, weights and software."""

from __future__ import annotations

import re

DATA_SUFFIX = re.compile(
    r"\.(csv|tsv|txt|json|jsonl|npy|npz|mat|pkl|pickle|h5|hdf5|parquet|arff|libsvm|svm|tfrecords?|lmdb|dat|data"
    r"|zip|tar|gz|tgz|wav|flac"
    r"|edgelist|gml|xlsx?|feather|nii|dcm|bin|p|cites|content)(\.(gz|bz2|xz|zip))?$",
    re.I,
)
DATA_WORD = re.compile(
    r"(?<![a-z])(data|data-?sets?|corpus|corpora|benchmark|images|recordings|samples)(?![a-z])", re.I
)
WEIGHTS = re.compile(
    r"\.(pth|pt|ckpt|caffemodel|safetensors|onnx)\b|(?<![a-z])(pre-?trained|checkpoints?|ckpts?|weights|vgg\d*"
    r"|resnet\d*|inception\w{0,4}|fid|bert)(?![a-z])",
    re.I,
)
"""Trained weights, the authors' own or a backbone's: not data."""
MODELS = re.compile(r"(?<![a-z])(models?|networks?|snapshots?|agents?|polic(y|ies)|generator)(?![a-z])", re.I)
"""What is fetched under such a name is a model, unless it is also called data."""
NOT_DATA = re.compile(
    r"miniconda|anaconda\.com|\.deb\b|get-pip|cuda|cudnn|\.(whl|rpm|dmg|exe)\b|\.(pth|pt|ckpt|pb)\b|install\.sh|rustup"
    r"|cmake|gurobi|mujoco|mjpro|roboti\.us|starcraft|\bSC2\.|\.git\b|(?<![a-z])(fid|inception|is)[_-]?stat(s|istics)",
    re.I,
)
"""Software: what a program needs to run, not what it learns from."""
OUTPUT = re.compile(
    r"(^|[/\\_.-])(results?|logs?|outputs?|out|figs?|figures?|plots?|checkpoints?|ckpts?|models?|saved?|saves|runs"
    r"|tmp|temp|cached?|preds?|predictions?|metrics|history|config|params|args|tensorboard|wandb|losses|loss"
    r"|accuracy|scores?|rewards?|experiments?|exp|progress|monitor)([/\\_.-]|$)",
    re.I,
)
"""What a program writes, or reads again after it wrote it."""
OWN_RESULTS = re.compile(r"(?<![a-z])(results?|logs|outputs?|checkpoints?|figures?|plots)(?![a-z])", re.I)
"""Folders that a program writes, wherever they stand in a path."""
OWN_MACHINE = re.compile(
    r"^(/(home|users|media|mnt|scratch|private|nfs|raid)/\w|/(data\d?|projects?|ssd|hdd|work|storage|datasets?)/[^/]{1,80}/\w"
    r"|[A-Za-z]:[\\/])",
    re.I,
)
"""Paths that lead somewhere on one machine only."""
