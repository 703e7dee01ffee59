"""Library functions that load public data sets."""

from __future__ import annotations

import re

# (pattern on the resolved name of a call, whether the last part of the name is the data set or its first argument is).
LOADERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"^torchvision\.datasets\.(?!ImageFolder|DatasetFolder|utils|folder|vision|FakeData)[A-Z]\w+$"),
        "class",
    ),
    (re.compile(r"^torchaudio\.datasets\.[A-Z]\w+$"), "class"),
    (re.compile(r"^torchtext\.(legacy\.)?datasets\.[A-Z]\w+(\.splits|\.iters)?$"), "class"),
    (re.compile(r"^torch_geometric\.datasets\.[A-Z]\w+$"), "class"),
    (re.compile(r"^dgl\.data\.\w+$"), "class"),
    (re.compile(r"^(tensorflow\.(compat\.v1\.)?|tensorflow\.python\.)?keras\.datasets\.\w+\.load_data$"), "class"),
    (re.compile(r"^sklearn\.datasets\.(load_(?!svmlight|files)\w+|fetch_\w+)$"), "class"),
    (re.compile(r"^tensorflow_datasets\.load$"), "argument"),
    (re.compile(r"^datasets\.load_dataset$"), "argument"),
    (re.compile(r"^seaborn\.load_dataset$"), "argument"),
    (re.compile(r"^statsmodels\.(api\.)?datasets\.\w+\.load"), "class"),
    (re.compile(r"^tensorflow\.contrib\.learn\.(python\.learn\.)?datasets\.[\w.]{1,60}$"), "class"),
    (re.compile(r"^tensorflow\.examples\.tutorials\.mnist\.input_data\.read_data_sets$"), "class"),
    (re.compile(r"^ogb\.\w+\.\w*Dataset\w*$"), "argument"),
    (re.compile(r"^nltk\.corpus\.(?!stopwords|words\b)\w+"), "class"),
    (re.compile(r"^gluonnlp\.data\.\w+$|^mxnet\.gluon\.data\.vision\.[A-Z]\w+$"), "class"),
    (re.compile(r"^(openml\.datasets\.get_dataset|pmlb\.fetch_data|ucimlrepo\.fetch_ucirepo)$"), "argument"),
    (re.compile(r"^mne\.datasets\.\w+\.(data_path|fetch_\w+)$"), "class"),
    (re.compile(r"^(networkx\.karate_club_graph|vega_datasets\.data)"), "class"),
)

BY_HAND = re.compile(
    r"^torchvision\.datasets\.(ImageNet|LSUN|Cityscapes|Coco\w{1,12}|Flickr\d{1,2}k|HMDB51|UCF101|Kinetics400)$"
)
"""Classes that read a public set and do not fetch it: torchvision's documentation asks to download these by hand."""
