"""Trained weights that lie in the tree, and how their files are named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.repository.backbones import is_backbone
from auditor.repository.folders import lies_in
from auditor.repository.model import File, Repository

SMALLEST = 1_000
"""Bytes below which a file with a weights suffix is a placeholder (unless its content lies elsewhere)."""

FIXTURES = re.compile(r"(^|/)(tests?|testing|fixtures?|test_?data|unit_?tests?)/", re.I)
_SIDE = re.compile(
    r"(^|/)(docs?|data|datasets?|processed|raw|features?|cached?_?\w{0,40}|examples?|tutorials?|dict|vocab|tokenizer)/",
    re.I,
)
_NO_WEIGHTS = re.compile(
    r"(^|[_\-.])(map|dict|vocab|index|indices|list|stats|moms|moments|labels?|cache|ids|split|splits|data|dataset"
    r"|features?|results?|history|hist|log|embeddings?_?(index|map)|scaler|optimi[sz]er)([_\-.]|$)"
    r"|^(train(ing)?|test(ing)?|val(id)?|dev)$",
    re.I,
)
MODEL_WORDS = re.compile(
    r"(?<![a-z])(models?|classifiers?|weights|checkpoints?|ckpts?|networks?|generators?|encoders?|policy|policies"
    r"|pre-?_?trained)(?![a-z])",
    re.I,
)
WEIGHTS_FILE = re.compile(
    r"\.(pth|ckpt|safetensors|onnx|t7|caffemodel|weights|pdparams|pt|tflite|gguf|keras)(\.(tar|zip|t?gz|bz2)){0,2}$",
    re.I,
)
_ARCHIVED = re.compile(
    r"pre-? ?trained|\bweights\b|\bcheck-?points?\b|\bckpts?\b|\b(trained|saved|released) (models?|agents?"
    r"|nets?|networks?)\b",
    re.I,
)


def weight_files(repository: Repository) -> tuple[File, ...]:
    """Return the own files that hold trained weights; third-party backbones, data and test fixtures are left out.

    An archive counts where its name says that it holds trained models.
    """
    return tuple(
        file
        for file in authors_files(repository)
        if (file.kind == "weights" or (file.kind == "archive" and _named_archive(file.path)))
        and (file.size >= SMALLEST or file.absent)
        and _own_weights(file.path)
    )


def authors_files(repository: Repository) -> Iterator[File]:
    """Return the own files that lie in no project copied in."""
    return (file for file in repository.own_files if not lies_in(file.path, repository.others_projects))


def _own_weights(path: str) -> bool:
    """Return whether a file of weights is the authors' own model, by where it lies and what it is called."""
    name = path.rpartition("/")[2]
    if FIXTURES.search(path) or is_backbone(name) or _NO_WEIGHTS.search(name.rpartition(".")[0] or name):
        return bool(WEIGHTS_FILE.search(name) and MODEL_WORDS.search(name)) and not (
            FIXTURES.search(path) or is_backbone(name)
        )
    return not _SIDE.search(path) or bool(MODEL_WORDS.search(path))


def _named_archive(path: str) -> bool:
    """Return whether an archive's name, or that of a folder, says that it holds trained models."""
    if WEIGHTS_FILE.search(path):
        return True  # torch's `.pth.tar`
    words = re.sub(r"[_\-./]", " ", path)
    return bool(_ARCHIVED.search(words))
