"""Names of public data sets: the ones that programs and documents write in any spelling, and those of papers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from auditor import toml

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


@dataclass(frozen=True)
class KnownSet:
    """A public data set under its usual name; `access` is `registration` where one must register or sign for it."""

    name: str
    access: Literal["public", "registration"]


def _read() -> dict[str, KnownSet]:
    """Return the sets of `known_data.toml` by each of their names."""
    fields = toml.loads(files("auditor").joinpath("known_data.toml").read_text(encoding="utf-8"))
    return {
        name: KnownSet(names[0], "public" if access == "open" else "registration")
        for field in fields.values()
        for access, text in field.items()
        for one in re.split(r"[|\n]", text.strip())
        for names in [re.split(r"\s=\s", one.strip())]
        for name in names
    }


_KNOWN = _read()
PROPER = tuple(_KNOWN)
"""Data sets and benchmarks under the names that papers print; some are common words unless they are written so."""
_NAMES = frozenset(PROPER)
_ORDINARY = frozenset(
    "abalone adult airfoil alpaca apps arc arrhythmia beir charades covertype davis drive drop electricity "  # noqa: SIM905
    "fever gibson gopro habitat hopper humanoid iris leaf maestro mars minecraft oasis opportunity opus "
    "pendulum race reddit reds ruler seed shakespeare thyroid wikipedia".split()
)
"""Names of data sets that are words of the language, or of other things, too."""
_CLEAR = frozenset(
    "AFHQ ANLI BEIR COCO CUB-200 DBLP FFHQ GLUE GPQA IMDB KTH LAMA LFW LSUN LVIS MBPP MMLU MMMU MNLI MRPC PIQA QNLI "  # noqa: SIM905
    "SICK SIQA SNLI STL-10 SVHN UCF USPS VCTK XNLI".split()
)
"""Short names that are those of nothing else."""
_SHORT = 4
"""So many letters may stand for many things."""
_DATED = re.compile(r"(\w{4,20})[-’']?(?:19|20)\d\d")
_PARTS = 3
"""In longer names one known word may be chance."""


@lru_cache(maxsize=8_192)
def key(name: str) -> str:
    """Return what the spellings of one name have in common: its letters and digits, in lower case."""
    bare = re.sub(r"^the\s|\sdata ?sets?$|(?<=[a-z])-to(?=-[A-Z])", "", name.strip(), flags=re.I)
    return re.sub(r"[\W_]", "", bare.lower())


def doubtful(name: str) -> bool:
    """Return whether the name of a known data set may well mean something else: a short abbreviation, or a word."""
    if name in _CLEAR:
        return False
    letters = name.replace("-", "")
    short = letters.isupper() and letters.isalpha() and len(name) <= _SHORT
    return len(name) <= 2 or short or name.lower() in _ORDINARY


def is_listed(name: str) -> bool:
    """Return whether a name is one of PROPER in some spelling."""
    return key(name) in _keys()


@lru_cache(maxsize=4_096)
def is_known(name: str) -> bool:
    """Return whether a name, written as names are, is that of a well-known data set, or begins or ends with it."""
    words = name.split()
    few = 0 < len(words) <= _PARTS
    parts = {name, " ".join(words[1:]), " ".join(words[:-1]), words[-1], words[0]} if few else {name}
    parts |= {match[1] for part in words[:1] if (match := _DATED.fullmatch(part))}
    return any(is_exactly_known(part) and (part == name or _is_telling(part)) for part in parts if part)


def _is_telling(part: str) -> bool:
    """Whether a word known as a name tells it within a longer one; a short one must be written as it is."""
    return not doubtful(part) and (len(part) > _SHORT or part in _NAMES)


@lru_cache(maxsize=8_192)
def is_exactly_known(name: str) -> bool:
    """Return whether the whole name is that of a well-known data set."""
    sure = not (doubtful(name) or doubtful(name.upper()))
    if is_listed(name):
        return sure or name in _NAMES or f"The {name}" in _NAMES
    found = data_set_in(name)
    return sure and found is not None and key(found) == key(name)


def known_set(name: str) -> KnownSet | None:
    """Return the public data set that a name in any spelling, or an abbreviation, stands for."""
    return _keys().get(key(name))


@cache
def _keys() -> dict[str, KnownSet]:
    return {key(name): one for name, one in reversed(_KNOWN.items())}
