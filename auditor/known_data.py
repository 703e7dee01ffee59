"""Names of public data sets: the ones that programs and documents write in any spelling, and those of papers."""

from __future__ import annotations

import re
from functools import cache, lru_cache

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


_PROPER = """
MNIST|CIFAR-10|CIFAR-100|EMNIST|KMNIST|QMNIST|Fashion-MNIST|CIFAR-FS|CINIC-10|mini-ImageNet|tiered-ImageNet
Tiny ImageNet|ImageNet|ImageNette|ImageNet-A|ImageNet-C|ImageNet-R|ImageNet-V2|ImageNet-21k|ObjectNet|JFT-300M
LAION-400M|LAION-5B|Caltech-101|Caltech-256|CUB-200|Stanford Cars|Stanford Dogs|FGVC Aircraft|Oxford Flowers
Flowers-102|Oxford Pets|Oxford-IIIT Pet|Food-101|DTD|EuroSAT|RESISC45|PatchCamelyon|SUN397|MIT-67|Places365
Pascal VOC|MS COCO|COCO|LVIS|Objects365|Open Images|Visual Genome|ADE20K|Cityscapes|Mapillary Vistas|CamVid
KITTI|nuScenes|Waymo Open|Argoverse|ScanNet|ShapeNet|ModelNet40|NYUv2|NYU Depth|Matterport3D|Gibson|CelebA
CelebA-HQ|FFHQ|LFW|VGGFace2|MS-Celeb-1M|MegaFace|LSUN|Market-1501|DukeMTMC|MARS|Adience|iNaturalist|Omniglot
dSprites|3DShapes|SmallNORB|NORB|CLEVR|GQA|VQAv2|VQA|OK-VQA|TextVQA|NLVR2|Flickr30k|Conceptual Captions
Kinetics-400|Kinetics-600|UCF101|HMDB51|Something-Something|ActivityNet|Charades|AVA|DAVIS|YouTube-VOS|MSR-VTT
HowTo100M|Set5|Set14|BSD68|BSD100|BSDS500|Urban100|Manga109|DIV2K|GoPro|REDS|MPI Sintel|FlyingChairs
FlyingThings3D|SVHN|STL-10|USPS|GTSRB|Office-31|Office-Home|DomainNet|VisDA|PACS|WILDS|Camelyon17|Human3.6M|MPII
COCO-Stuff|RefCOCO|MOT17|LaSOT|GOT-10k|GLUE|SuperGLUE|SQuAD|SNLI|MultiNLI|MNLI|ANLI|XNLI|QNLI|QQP|MRPC|CoLA|RTE
WNLI|SST-2|SST-5|STS-B|IMDB|Yelp|AG News|DBpedia|Amazon Reviews|20 Newsgroups|Reuters-21578|RCV1|TREC|CoNLL-2003
CoNLL 2003|OntoNotes|Penn Treebank|PTB|WikiText-2|WikiText-103|Universal Dependencies|Text8|enwik8|text8
BookCorpus|OpenWebText|Common Crawl|C4|The Pile|RedPajama|SlimPajama|FineWeb|Wikipedia|WMT14|WMT16|IWSLT14
Multi30k|Europarl|FLORES|OPUS|CNN/DailyMail|CNN/Daily Mail|XSum|SAMSum|DialogSum|Gigaword|MultiNews
Natural Questions|TriviaQA|HotpotQA|MS MARCO|BEIR|CoQA|QuAC|DROP|BoolQ|NewsQA|SearchQA|BioASQ|MLQA|TyDi QA|XQuAD
RACE|NarrativeQA|CommonsenseQA|OpenBookQA|StrategyQA|ARC|HellaSwag|WinoGrande|PIQA|SIQA|LAMBADA|TruthfulQA
SimpleQA|WebQuestions|FEVER|SciFact|MMLU|MMLU-Pro|BIG-Bench|BBH|AGIEval|C-Eval|CMMLU|GPQA|GSM8K|SVAMP|AQuA
MathQA|AIME|HumanEval|MBPP|APPS|CodeContests|LiveCodeBench|SWE-bench|CodeSearchNet|MT-Bench|AlpacaEval|Alpaca
ShareGPT|UltraFeedback|IFEval|LongBench|RULER|SCROLLS|Needle in a Haystack|HH-RLHF|RealToxicityPrompts|AdvBench
HarmBench|StereoSet|WinoBias|BBQ|MMMU|MMBench|ScienceQA|MathVista|LibriSpeech|LibriTTS|LJSpeech|VCTK|TIMIT
Switchboard|TED-LIUM|Common Voice|VoxCeleb|Speech Commands|AudioSet|ESC-50|UrbanSound8K|FSD50K|GTZAN|MusDB18
MAESTRO|NSynth|IEMOCAP|RAVDESS|WSJ0-2mix|DCASE|MagnaTagATune|Million Song Dataset|Cora|CiteSeer|Citeseer|PubMed
ogbn-arxiv|ogbn-products|ogbg-molhiv|PPI|Reddit|WN18|WN18RR|FB15k|FB15k-237|YAGO|Freebase|Wikidata|NELL|DBLP
ENZYMES|PROTEINS|MUTAG|NCI1|COLLAB|ZINC|QM9|MD17|Tox21|ToxCast|ESOL|FreeSolv|MoleculeNet|ChEMBL|PCQM4M|PDBbind
MovieLens|Netflix Prize|Last.fm|Gowalla|Yelp2018|Amazon-Book|Criteo|Avazu|Book-Crossing|Epinions|LiveJournal
Pokec|Friendster|MIMIC-III|MIMIC-IV|eICU|PhysioNet|CheXpert|ChestX-ray14|ISIC|BraTS|LUNA16|LIDC-IDRI|ADNI
UK Biobank|HAM10000|MedMNIST|OASIS|DRIVE|Messidor|EyePACS|TCGA|Sleep-EDF|PTB-XL|MIT-BIH|BCI Competition|DEAP
SEED|TUH EEG|MedQA|MedMCQA|PubMedQA|i2b2|Adult|Bank Marketing|Forest Covertype|Covertype|HIGGS|SUSY|KDD Cup
KDDCup99|NSL-KDD|UNSW-NB15|CICIDS2017|CTU-13|Spambase|Iris|Wine Quality|Boston Housing|California Housing
Abalone|Arrhythmia|Thyroid|Ionosphere|Breast Cancer Wisconsin|Pima Indians|German Credit|COMPAS
Communities and Crime|Law School|ACSIncome|Folktables|Year Prediction MSD|YearPredictionMSD|Airfoil
Epileptic Seizure Recognition|OpenML-CC18|Household Power|Electricity|ETTh1|ETTm1|Exchange-Rate|METR-LA|PEMS-BAY
PeMSD7|M4|M5|UCR Archive|UEA Archive|UCI HAR|PAMAP2|WISDM|Opportunity|NGSIM|Shakespeare|LEAF|FEMNIST|CelebDF
FaceForensics++|Sent140|OpenAI Gym|MuJoCo|DeepMind Control|Atari 2600|Atari-57|Arcade Learning Environment
Procgen|MiniGrid|Meta-World|D4RL|RLBench|StarCraft II|SMAC|NetHack|Minecraft|VizDoom|CARLA|Habitat|AI2-THOR
ALFRED|BabyAI|PyBullet|RoboSuite|HalfCheetah|Hopper|Walker2d|make_moons|make_blobs|make_circles|Atari|Pile
DeepMind Control Suite|CartPole|Pendulum|Acrobot|MountainCar|LunarLander|Humanoid|Montezuma’s Revenge
"""
PROPER = tuple(name for line in _PROPER.split("\n") for name in line.split("|") if name)
"""Data sets and benchmarks under the names that papers print; some are common words unless they are written so."""
_NAMES = frozenset(PROPER)
_ORDINARY = frozenset(
    "abalone adult airfoil alpaca apps arc arrhythmia beir charades covertype davis drive drop electricity "  # noqa: SIM905
    "fever gibson gopro habitat hopper humanoid iris leaf maestro mars minecraft oasis opportunity opus "
    "pendulum race reddit reds ruler seed shakespeare thyroid wikipedia".split()
)
"""Names of data sets that are words of the language, or of other things, too."""
_PARTS = 3
"""In longer names one known word may be chance."""


def key(name: str) -> str:
    """Return what the spellings of one name have in common: its letters and digits, in lower case."""
    return re.sub(r"[\W_]", "", re.sub(r"^the\s|\sdata ?sets?$", "", name.strip(), flags=re.I).lower())


def doubtful(name: str) -> bool:
    """Return whether the name of a known data set may well mean something else: a short abbreviation, or a word."""
    return len(name) <= 2 or (name.isupper() and name.isalpha() and len(name) <= 4) or name.lower() in _ORDINARY


def is_listed(name: str) -> bool:
    """Return whether a name is one of PROPER in some spelling."""
    return key(name) in _keys()


@lru_cache(maxsize=4_096)
def is_known(name: str) -> bool:
    """Return whether a name, written as names are, is that of a well-known data set, or begins or ends with it."""
    words = name.split()
    parts = {name, " ".join(words[1:]), words[-1], words[0]} if 0 < len(words) <= _PARTS else {name}
    return any(is_exactly_known(part) and (part == name or not doubtful(part)) for part in parts if part)


def is_exactly_known(name: str) -> bool:
    """Return whether the whole name is that of a well-known data set."""
    sure = not (doubtful(name) or doubtful(name.upper()))
    if is_listed(name):
        return sure or name in _NAMES or f"The {name}" in _NAMES
    found = data_set_in(name)
    return sure and found is not None and key(found) == key(name)


@cache
def _keys() -> frozenset[str]:
    return frozenset(key(name) for name in PROPER)
