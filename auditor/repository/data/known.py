"""Names of public data sets and of the library functions that load them."""

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

_SETS = re.compile(
    r"(?<![\w-])(f(?:ashion)?[-_]?\s?mnist|(?:k|perm\w{0,6}|split|rotated|moving)?[-_]?\s?mnist|cifar(?:-?\s?100?)?|svhn|stl-?10|(?:tiny|mini"
    r"|tiered)?[-_]?\s?imagenet(?:-\d+k?)?"
    r"|ilsvrc\d{0,4}|ms-?\s?coco|coco(?:\s?\d{4})?|pascal\s?voc|voc\s?20\d\d|celeb-?a(?:-?hq)?|lsun|ffhq"
    r"|camvid|cityscapes|ade20k|kitti|scannet|shapenet|modelnet\d{0,2}"
    r"|s3dis|omniglot|cub-?200(?:-2011)?|places-?\d{2,3}|librispeech|vctk|ljspeech|timit|wikitext-?\d{0,3}"
    r"|penn\s?tree\s?bank|ptb|text8|enwik8|glue|squad"
    r"|snli|multinli|mnli|sst-?\d?|imdb|ag\s?news|yelp|wmt'?-?\s?\d{2,4}|iwslt\s?\d{0,4}|vqa(?:-cp)?(?:\s?v\d)?"
    r"|clevr|gqa|visual genome|flickr30k|movielens(?:[-\s]?\w{2,4})?|netflix(?: prize)?|awa[12]?"
    r"|cora|citeseer|pubmed|ppi|reddit|ogb\w*|wn18(?:rr)?|fb15k(?:-237)?|zinc(?:-?250k)?|qm9|tox21"
    r"|mimic-?(?:iii|iv)?|physionet|adult|german credit|compas"
    r"|boston housing|uci|usps|lfw|market-?1501|dukemtmc|kinetics-?\d{0,3}|ucf-?101|hmdb-?51|ava"
    r"|something-something|meps|bike sharing|waymo|nuscenes)(?![\w-])",
    re.I,
)


_ALIASES = {"fmnist": "fashionmnist", "ilsvrc": "imagenet", "mscoco": "coco", "uci": ""}


def data_set_in(text: str) -> str | None:
    """Return the first public data set that a text names, or None."""
    match = _SETS.search(text)
    return match[1] if match else None


def canonical(name: str) -> str:
    """Return the canonical name of the public data set that a name or path holds (`cifar10`), or an empty string."""
    spaced = re.sub(r"[_/.\\]", " ", name)
    found = data_set_in(spaced) or data_set_in(name) or data_set_in(re.sub(r"-(?=[a-z])", " ", spaced))
    plain = re.sub(r"[^a-z0-9]", "", (found or "").lower())
    plain = re.sub(r"^(ilsvrc|voc|pascalvoc|coco|mscoco|imagenet)\d+k?$", r"\1", plain)
    plain = re.sub(r"^(perm\w{0,6}|split|rotated|moving)(?=mnist)", "", plain)
    return _ALIASES.get(plain, plain)
