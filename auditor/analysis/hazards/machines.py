"""Rows 20, 33 and 49: numbers that hang on how many cores and processes a machine has, and on its compiler's choice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.rewriting import with_keywords
from auditor.errors import Unreadable
from auditor.repository.model import Call, Source

TEXT_LIMIT = 200_000
FILES_LIMIT = 200
"""So much of one file, and so many files, are searched for a number of processes."""
_THREADS = re.compile(r"^torch\.set_num_threads$|set_(intra|inter)_op_parallelism_threads$|^cv2\.setNumThreads$")
_CORES = re.compile(r"\bcpu_count\(|\bsched_getaffinity\(")
_SETTING = re.compile(r"(OMP|MKL|OPENBLAS|NUMEXPR)_NUM_THREADS")
_GROUP = re.compile(r"(^|\.)init_process_group$|^horovod\.(\w+\.)*init$")
_STATED = re.compile(
    r"nproc[_-]per[_-]node|(?<![\w-])-n?np?\s{1,3}\d|world[_-]size|num[_-]?(gpus|processes|nodes)|CUDA_VISIBLE_DEVICES"
    r"|--(gpus|devices|ngpus?)\b|\b(\d{1,3}|two|four|eight|single|one|multiple)\s{1,3}(x\s{1,3})?([\w.-]{1,20}\s{1,3}){0,2}"
    r"(GPU|TPU|V100|A100|H100|P100)s?\b|\bGPUs?\b\s{0,3}[x*×]\s{0,3}\d",
    re.I,
)
_SUMMED = re.compile(
    r"^jax\.(ops\.segment_sum|lax\.(scatter_add|conv\w*))$|^(flax\.linen|haiku|equinox\.nn)\.Conv\w*$|\.at\[\]\.add$"
)
_GRADIENT = re.compile(r"^jax\.(value_and_)?grad$|^jax\.(vjp|linearize)$")


def machine_hazards(code: Code) -> Iterator[Hazard]:
    """Yield what makes numbers hang on the machine: its cores, the processes that are started, its compiler."""
    yield from _cores(code)
    yield from _processes(code)
    yield from _compiled(code)


def _cores(code: Code) -> Iterator[Hazard]:
    """Yield numbers of threads that are taken from the machine: sums are cut into as many parts."""
    title = "the number of threads is the machine's, and sums are formed in so many parts"
    for source, call in code.calls_of(_THREADS):
        if call.arguments and _CORES.search(call.arguments[0]):
            yield from _of(code, source, call, (20, "kernels", title, "low", f"{_called(call)}(1)"))
    for source, item in code.assignments:
        if _SETTING.search(item.target) and _CORES.search(item.value):
            hazard = code.hazard(source, item, (20, "kernels", title, "low", f'{item.target} = "1"'))
            if hazard:
                yield hazard


def _processes(code: Code) -> Iterator[Hazard]:
    """Yield training by as many processes as are started, where nothing says how many the results were made with."""
    found = next(code.calls_of(_GROUP), None)
    if found is None or any(_STATED.search(text) for text in _told(code)):
        return
    source, call = found
    if re.fullmatch(r"[1-9]\d{0,3}", dict(call.keywords).get("world_size", "")):
        return
    title = "the batch is shared by as many processes as are started, and no command or document says how many"
    yield from _of(
        code, source, call, (33, "workers", title, "low", f"torchrun --nproc_per_node=<number> {source.path}")
    )


def _told(code: Code) -> Iterator[str]:
    """Yield what the repository says of its runs: commands, documents, scripts."""
    repository = code.program.repository
    yield from (command.shell for command in repository.commands)
    files = [file for file in repository.own_files if file.kind in ("shell", "container", "document", "config")]
    for file in files[:FILES_LIMIT]:
        if file.size < TEXT_LIMIT and not file.absent:
            try:
                yield repository.text(file.path)
            except Unreadable:
                continue


def _compiled(code: Code) -> Iterator[Hazard]:
    """Yield operations of JAX on a GPU whose sums or kernels the compiler chooses anew in each run."""
    if "jax" not in code.modules or not code.on_gpu or not any(True for _ in code.calls_of(_GRADIENT)):
        return
    if any("xla_gpu_" in text for text in _settings(code)) or any("xla_gpu_" in text for text in _told(code)):
        return
    found = next(code.calls_of(_SUMMED), None)
    if found is not None:
        last = found[1].name.replace("[]", "").rpartition(".")[2]
        title = f"{last} on a GPU is compiled to kernels that are chosen by their speed, or sum in any order"
        fix = 'os.environ["XLA_FLAGS"] = "--xla_gpu_deterministic_ops=true"  # before jax is imported'
        yield from _of(code, *found, (49, "kernels", title, "medium", fix))


def _settings(code: Code) -> Iterator[str]:
    yield from (item.value for _, item in code.assignments)
    yield from (text for _, call in code.calls for text in call.arguments)


def _called(call: Call) -> str:
    return with_keywords(call).partition("(")[0]


def _of(code: Code, source: Source, call: Call, found: tuple) -> Iterator[Hazard]:  # type: ignore[type-arg]
    hazard = code.hazard(source, call, found)
    if hazard:
        yield hazard
