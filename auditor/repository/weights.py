"""Trained weights: files in the tree, and links and download scripts that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.model import DocumentLink, File, Repository

SMALLEST = 1_000
"""Bytes below which a file with a weights suffix is a placeholder (unless its content lies elsewhere)."""

# Backbones and metric networks that others trained.
_THIRD_PARTY = re.compile(
    r"(vgg|resnet|inception|alexnet|mobilenet|densenet|squeezenet|googlenet|efficientnet|bert-?base|roberta"
    r"|gpt-?2|glove|word2vec|fasttext|lpips"
    r"|imagenet-|faster_?rcnn|yolo|elmo|i3d|c3d|wide_resnet50|xception|landmarks|sphereface|arcface|stylegan)",
    re.I,
)
_SIDE = re.compile(
    r"(^|/)(tests?|docs?|data|datasets?|cached?_?\w*|examples?/data|fixtures?|dict|vocab|tokenizer)/", re.I
)
_NO_WEIGHTS = re.compile(
    r"(^|[_\-.])(map|dict|vocab|index|indices|list|stats|moms|moments|labels?|cache|ids|split|splits"
    r"|embeddings?_?(index|map)|scaler)([_\-.]|$)",
    re.I,
)
_NAMED_MODEL = re.compile(
    r"(?<![a-z])(model|classifier|weights|checkpoint|ckpt|network|generator|encoder|policy)(?![a-z])"
    r".{0,80}\.(pth|pt|ckpt|h5|hdf5|safetensors|onnx|t7)$",
    re.I,
)
_PUBLISHER = re.compile(
    r"huggingface\.co/(google|google-bert|google-t5|facebook|facebookai|openai|openai-community|microsoft|meta-llama"
    r"|distilbert|eleutherai|mistralai|qwen|timm|sentence-transformers|bert-base|bert-large|roberta|t5|gpt2|albert"
    r"|xlnet|distilroberta|stabilityai|runwayml|compvis|dmis-lab|allenai)(?![a-z])|tfhub\.dev/(google|tensorflow)/"
    r"|huggingface\.co/datasets/|download\.pytorch\.org|dl\.fbaipublicfiles\.com/(fairseq|detectron)",
    re.I,
)
_WORDS = re.compile(
    r"\bpre-?\s?trained\b|\btrained (model|network|weight|checkpoint|agent|parameter)|\bcheckpoints?\b|\bmodel "
    r"(weights|files?|zoo|parameters|checkpoints?)\b"
    r"|\bweights\b|\bour (trained )?models?\b|\bmodel zoo\b|\bsnapshots?\b",
    re.I,
)
_HOST = re.compile(
    r"drive\.google|docs\.google\.com/uc|dropbox|1drv\.ms|onedrive|sharepoint|pan\.baidu|box\.com|s3[.-]"
    r"|amazonaws|storage\.(googleapis|cloud)|blob\.core\.windows|azure"
    r"|zenodo|figshare|huggingface\.co|mega\.nz|fbaipublicfiles|/releases/|osf\.io|yadi\.sk|goo\.gl|bit\.ly"
    r"|cs\.\w+\.edu|\.(pth|pt|ckpt|tar|tar\.gz|tgz|zip|pkl|h5"
    r"|t7|bin|onnx|safetensors|caffemodel|npz|weights|7z|gz)($|\?)",
    re.I,
)
_FOREIGN = re.compile(
    r"(using|by|with|fine-?tun\w{1,3}) (the|a|an) pre-?\s?trained|"
    r"pre-?\s?trained (vgg|resnet|inception|alexnet|mobilenet|densenet|bert|word|glove|imagenet|backbone|faster"
    r"|bottom|language model|embedding)"
    r"|imagenet[- ]pre-?trained|pre-?trained on imagenet|word (vectors|embeddings)|\bglove\b|(inception|vgg"
    r"|resnet)[\w-]* (network|model|weights|checkpoint)",
    re.I,
)
_PLACEHOLDER = re.compile(
    r"coming soon|to be (released|added|uploaded|provided)|will be|tbd|\btodo\b|not (yet )?available", re.I
)


def weight_files(repository: Repository) -> tuple[File, ...]:
    """Return the own files that hold trained weights; third-party backbones, data and test fixtures are left out."""
    return tuple(
        file
        for file in repository.own_files
        if file.kind == "weights"
        and (file.size >= SMALLEST or file.absent)
        and not _THIRD_PARTY.search(file.path.rpartition("/")[2])
        and not (_SIDE.search(file.path) and not _NAMED_MODEL.search(file.path.rpartition("/")[2]))
        and not _NO_WEIGHTS.search(file.path.rpartition("/")[2])
    )


def weight_references(repository: Repository) -> tuple[FileEvidence, ...]:
    """Return where the authors' own trained weights can be had: committed files, links, download scripts."""
    files = [
        FileEvidence(path=file.path, excerpt="its content lies elsewhere" if file.absent else f"{file.size} bytes")
        for file in weight_files(repository)
    ]
    return (*files[:20], *_linked(repository), *_downloaded(repository))


def _linked(repository: Repository) -> Iterator[FileEvidence]:
    for document in repository.documents:
        for link in document.links:
            if not link.image and _leads_to_weights(link):
                yield FileEvidence(
                    path=document.path, line=link.line, excerpt=f"{link.context or link.text} ({link.url})"[:400]
                )


def _leads_to_weights(link: DocumentLink) -> bool:
    """Return whether a link leads to a download and the words at it speak of trained weights of the authors' own."""
    if not link.url.startswith(("http://", "https://")) or not _HOST.search(link.url):
        return False
    near = _near(link)
    if _PUBLISHER.search(link.url) or _FOREIGN.search(near) or _PLACEHOLDER.search(near):
        return False
    if re.search(r"\b(data\s?set|data)\b", link.text, re.I) and not _WORDS.search(link.text):
        return False
    return bool(_WORDS.search(near) or re.search(r"pre-?trained|checkpoint|model zoo|weights", link.heading, re.I))


def _near(link: DocumentLink) -> str:
    """Return the words of the sentence that holds the link, and the link's own."""
    position = link.context.find(link.text) if link.text else -1
    around = (
        link.context[max(0, position - 160) : position + len(link.text) + 100] if position >= 0 else link.context[:260]
    )
    return f"{around} {link.text}"


def _downloaded(repository: Repository) -> Iterator[FileEvidence]:
    for file in repository.own_files:
        if file.kind != "shell" or not (
            _WORDS.search(file.path.replace("_", " ").replace("/", " ")) or "model" in file.path.lower()
        ):
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        for number, line in enumerate(text.split("\n")[:2_000], 1):
            if re.search(
                r"\b(wget|curl|gdown|aria2c|gsutil)\b.{0,300}https?://", line[:1_000]
            ) and not _THIRD_PARTY.search(line):
                yield FileEvidence(path=file.path, line=number, excerpt=line.strip()[:300])
