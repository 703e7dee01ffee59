"""What kind of file a path is, from its name and, where the name does not tell, its first bytes."""

from __future__ import annotations

import re
from posixpath import splitext

from auditor.repository.model import FileKind

HEAD_BYTES = 1_024
LFS_MARK = b"version https://git-lfs.github.com/spec/"

_SUFFIXES: dict[FileKind, str] = {
    "python": "py pyw",
    "notebook": "ipynb",
    "shell": "sh bash zsh ksh csh bat cmd ps1 slurm sbatch pbs sge",
    "config": "yaml yml toml cfg ini conf gin jsonnet libsonnet properties hocon prototxt",
    "document": "md markdown mkd rst org adoc textile",
    "data": "csv tsv npy npz mat parquet feather arrow arff libsvm svm jsonl ndjson xlsx xls dat data tfrecord "
    "tfrecords"
    " lmdb mdb db sqlite sqlite3 wav mp3 flac ogg mp4 avi nii dcm pickle pkl joblib p h5 hdf5 edgelist gml graphml"
    " gexf smi sdf pdb fasta fa vcf ply obj off idx idx3-ubyte idx1-ubyte rds rdata bz2data",
    "weights": "pt pth ckpt caffemodel weights safetensors onnx tflite t7 params pdparams gguf ggml mlmodel "
    "keras torch",
    "image": "png jpg jpeg gif svg bmp tif tiff webp eps ico",
    "archive": "zip tar gz tgz bz2 xz 7z rar whl zst",
    "binary": "exe so dll o a pyc pyd class jar dylib bin",
    "source": "c cpp cc cxx cu cuh h hpp java lua m r jl go rs scala js ts jsx tsx html css pyx pxd pyi swift kt f f90"
    " pl rb ml hs stan cs php ipy sql proto rmd do sas",
    "paper": "pdf tex bib",
}
_BY_SUFFIX: dict[str, FileKind] = {suffix: kind for kind, words in _SUFFIXES.items() for suffix in words.split()}

SCRIPT_SUFFIXES = (".m", ".r", ".jl", ".lua")
"""Of the languages of scripts, other than Python, that are read line by line."""
COMMENT_MARKS = {"m": "%", "r": "#", "rmd": "#", "jl": "#", "lua": "--"} | dict.fromkeys(
    ("c", "cpp", "cc", "cxx", "cu", "scala", "java", "go", "rs"), "//"
)
"""What begins a comment, by the suffix of the language."""
PAGE_SUFFIXES = (".html", ".css")
"""Sources that only show something."""
WEB_SUFFIXES = (*PAGE_SUFFIXES, ".js")
"""Sources of pages of the web, and of what runs in them."""

_LICENCE = re.compile(r"^(un)?licen[sc]es?([-_.].{0,40})?$|^copying([-_.].{0,20})?$|^copyright(\.\w{1,4})?$", re.I)
_README = re.compile(
    r"^(readme|install|installation|usage|reproduce|reproducing|contributing|changelog|news|howto|instructions)"
    r"([-_. ].{0,40})?$",
    re.I,
)
_REQUIREMENTS = re.compile(
    r"^(.{0,40}[-_.])?(requirements?|constraints?|dependencies|reqs?)([-_.].{0,40})?\.(txt|in|pip)$|^requirements?$",
    re.I,
)
_CONDA = re.compile(r"^(.{0,40}[-_.])?(environment|environments|conda|env)([-_.].{0,40})?\.ya?ml$", re.I)
_MANIFESTS = frozenset(
    "setup.py setup.cfg pyproject.toml pipfile pipfile.lock poetry.lock uv.lock pdm.lock pylock.toml pixi.toml "  # noqa: SIM905
    "pixi.lock"
    " conda-lock.yml meta.yaml runtime.txt .python-version install.r renv.lock project.toml manifest.toml".split()
)
_CONTAINER = re.compile(
    r"^(dockerfile|containerfile|singularity)([-_.].{0,40})?$|\.(dockerfile|docker|def)$"
    r"|^docker-compose.{0,30}\.ya?ml$",
    re.I,
)
_MODEL_WORD = re.compile(
    r"(^|[^a-z])(model|models|weight|weights|checkpoint|checkpoints|ckpts?|chk|chkpts?|cpt|pretrained|trained|snapshot"
    r"|snapshots|saved_?models?"
    r"|network|net|params|generator|discriminator|encoder|decoder|classifier)([^a-z]|$)",
    re.I,
)
_DATA_FOLDER = re.compile(r"^(data|datasets?|data_?sets?|raw|processed|corpus|corpora|results?|logs?|outputs?)$", re.I)
_TF_CHECKPOINT = re.compile(
    r"\.data-\d{5}-of-\d{5}$|\.ckpt-\d+\.(meta|index)$|\.ckpt\.(meta|index)$|^saved_model\.pbt?x?t?$"
)


def kind_of(path: str, size: int, head: bytes) -> FileKind:
    """Return the kind of the file at `path` with these first bytes (at most `HEAD_BYTES`)."""
    name = path.rpartition("/")[2]
    suffix = splitext(name)[1].lower()
    kind = _by_name(name) or _by_suffix(path, suffix[1:], size)
    if kind == "python" and (head.startswith(b"%PDF") or _is_binary(head)):
        kind = None  # something else under a program's name
    return kind or _by_content(path, suffix, size, head)


def _is_binary(head: bytes) -> bool:
    """Return whether more null bytes stand here than slips put into a text; UTF-16 has them by its nature."""
    return head.count(b"\0") > max(8, len(head) // 50) and head[:2] not in (b"\xff\xfe", b"\xfe\xff")


def is_model_path(path: str) -> bool:
    """Return whether the name or a folder of `path` says that it holds a model's weights."""
    return bool(_MODEL_WORD.search(path))


def _by_name(name: str) -> FileKind | None:
    low = name.lower()
    if low in _MANIFESTS or _REQUIREMENTS.match(low) or _CONDA.match(low):
        return "dependencies"
    if _CONTAINER.search(low):
        return "container"
    suffix = low.rpartition(".")[2] if "." in low else ""
    if _LICENCE.match(low) and suffix not in ("py", "ipynb"):
        return "licence"
    if _README.match(low) and suffix in ("", "txt", "text", *_SUFFIXES["document"].split(), low):
        return "document"
    if low in ("makefile", "snakefile", "justfile", "mlproject", "dvc.yaml") or low.endswith(".mk"):
        return "config"
    if _TF_CHECKPOINT.search(low):
        return "weights"
    return None


def _by_suffix(path: str, suffix: str, size: int) -> FileKind | None:
    if suffix == "json":
        return "data" if size > 200_000 or _in_data_folder(path) else "config"
    if suffix in ("txt", "text", "log"):
        return "data" if _in_data_folder(path) else "other"
    if suffix in (
        "pkl",
        "pickle",
        "p",
        "joblib",
        "h5",
        "hdf5",
        "bin",
        "pb",
        "npz",
        "model",
        "dat",
        "sav",
    ) and is_model_path(path):
        # The same suffixes carry data sets and weights; a folder or name for models tells them apart.
        return "weights"
    return _BY_SUFFIX.get(suffix)


def _in_data_folder(path: str) -> bool:
    return any(_DATA_FOLDER.match(part) for part in path.split("/")[:-1])


def _by_content(path: str, suffix: str, size: int, head: bytes) -> FileKind:
    if path.rpartition("/")[2].startswith(".") or suffix in (".swp", ".swo", ".orig", ".bak"):
        return "other"  # settings and leftovers of editors
    if head.startswith(b"#!"):
        first = head.split(b"\n", 1)[0]
        if b"python" in first:
            return "python"
        if b"sh" in first:
            return "shell"
    if b"\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19" in head[:32]:  # the magic number of torch's old format
        return "weights" if b"torch" in head or size > 100_000 else "data"  # small, and of plain values alone
    if head.startswith(b"PK\x03\x04") and (b"/data.pkl" in head or b"/version" in head):  # torch's zip format
        return "weights"
    if head.startswith(b"\x89HDF"):
        return "weights" if is_model_path(path) else "data"
    if head.startswith(b"%PDF"):
        return "paper"
    if b"\0" in head:
        plain = not suffix or suffix[1:].isdigit() or _MODEL_WORD.search(suffix)
        return "weights" if plain and is_model_path(path) and size > 10_000 else "binary"
    return "other"
