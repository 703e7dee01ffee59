"""Statements on the hardware that is needed or was used: devices, their number, memory, time to run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.findings import FileEvidence
from auditor.repository.model import Repository

_DEVICE = re.compile(
    r"\b(?:(?:nvidia|geforce|tesla|quadro|rtx|gtx)[ -]?(?:\w{0,8}[ -])?(?:titan\s?\w{0,2}|v100|p100|k80|k40|m40"
    r"|t4|a100|h100|a6000|[1-9]\d{2,3}\s?(?:ti|super)?)"
    r"|titan[ -]?(?:x|xp|v|rtx|black)|v100|p100|a100|h100|a6000|dgx[- ]?\w{1,3}|(?:10|20|30|40)[5-9]0\s?ti"
    r"|tpu\s?v?\d|tpus?\b|xeon|threadripper|raspberry pi|core i[3579](?:-\w+)?"
    r"|i[3579]-\d{4}\w{0,2}|ryzen)",
    re.I,
)
_COUNT = re.compile(
    r"(?<![\w.])(?:\d{1,4}|one|two|three|four|eight|sixteen|single|multiple)\s?(?:x\s?)?(?:(?!\b(?:of|the|for"
    r"|is)\b)[\w-]{1,15}\s){0,2}(?:gpus?|cpu cores|cpus|cores|tpus?|graphics cards?)\b"
    r"|\bnvidia gpus?\b|\brequires? (?:an? )?(?:[\w-]{1,12} )?gpu\b|\bgpus? (?:is |are )?(?:required|needed)\b"
    r"|\b(?:tested|trained|ran|were run|access to)\b[^.]{0,60}\bgpus?\b"
    r"|\b(?:laptop|desktop|notebook|workstation|pc|cpu|computer)\b[^.;:]{0,30}\b(?:suffic\w{1,5}|enough|will do)\b"
    r"|\b(?:runs?|ran|trains?|trained|works?|executed|tested)\b[^.;:]{0,30}\bon (?:a|an|any|my|our|one) "
    r"(?:[\w-]{1,12} ){0,2}(?:laptop|desktop|workstation|pc|cpu)\b",
    re.I,
)
_NUMBER = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|few"
    r"|several|a|an|half an"
)
_MEMORY = re.compile(
    r"\b\d{1,4}\s?(?:gb|gib|g)\b[^.]{0,40}\b(?:ram|memory|vram|gpu)\b|\b(?:ram|memory|vram"
    r"|gpu)\b[^.]{0,40}\b\d{1,4}\s?(?:gb|gib)\b",
    re.I,
)
_TIME = re.compile(
    r"\b(?:takes?|took|taking|runtime|running time|train\w{0,4} time|run ?time|lasts?|within|in about"
    r"|finish\w{0,4})\b[^.]{0,60}?\b(?:~|about|around|approximately"
    rf"|roughly)?\s?(?:\d{{1,4}}(?:\.\d)?(?:\s?-\s?\d{{1,4}})?|{_NUMBER})\s?"
    r"(?:hours?|hrs?|h\b|minutes?|mins?|days?|weeks?|seconds|cpu[- ]?(?:hours|years)|gpu[- ]?(?:hours|days))"
    r"|\b\d{1,5}\s?(?:cpu|gpu|tpu)[- ](?:hours|days|years)\b"
    r"|(?:\bin (?:under|less than)|~)\s?\d{1,4}(?:\.\d)?(?:\s?-\s?\d{1,4})?\s?(?:hours?|hrs?|minutes?|mins?|days?)\b",
    re.I,
)
_GPU_LIBRARIES = frozenset(
    "torch torchvision tensorflow keras jax flax cupy mxnet paddle theano chainer caffe numba pycuda lightning"  # noqa: SIM905
    " pytorch_lightning transformers diffusers accelerate deepspeed dgl torch_geometric fastai".split()
)
_NOT = re.compile(r"cuda_visible_devices|--gpus?\b|gpu_id|device_ids|nvidia-docker|install|\bif you\b", re.I)


def stated_hardware(repository: Repository) -> Iterator[FileEvidence]:
    """Yield the passages of documents that state the hardware needed or used, or the time a run takes."""
    for document in repository.documents:
        if re.search(r"(^|/)(changelog|contributing|news|code_of_conduct|security)|\.github/", document.path, re.I):
            continue
        rows = [(line, text) for line, text in document.prose]
        rows += [(line, text) for _, text, line in document.headings]
        rows += [(t.line, " ".join(row)) for t in document.tables for row in (t.header, *t.rows)]
        for line, text in rows:
            for sentence in re.split(r"(?<=[.!?])\s", text[:5_000]):
                if _states(sentence):
                    yield FileEvidence(path=document.path, line=line, excerpt=sentence[:300])


def uses_gpu_library(repository: Repository) -> bool:
    """Return whether a source imports a library that computes on GPUs."""
    modules = (item.module for source in repository.sources for item in source.imports if not item.level)
    return any(module.partition(".")[0] in _GPU_LIBRARIES for module in modules)


def _states(sentence: str) -> bool:
    if _DEVICE.search(sentence) or _MEMORY.search(sentence) or _TIME.search(sentence):
        return True
    return bool(_COUNT.search(sentence)) and not _NOT.search(sentence)
