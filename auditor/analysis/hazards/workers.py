"""Rows 30 to 32, 36 and 44: what loaders, their workers and samplers add or reorder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.rewriting import seed_name, with_keywords
from auditor.analysis.hazards.rules import CallRule, Keywords, found_by, is_off
from auditor.repository.model import Call, Source

_LOADER = re.compile(r"^(torch|torch_geometric|pytorch_lightning|lightning)\.(\w+\.)*DataLoader$")
_IN_WORKER = ("__getitem__", "__iter__", "collate_fn", "collate")
_TRANSFORM = re.compile(r"transform|augment|random|crop|cut|flip|noise|blur|jitter|rotat|erasing|mask", re.I)
_GLOBAL_DRAW = re.compile(r"^numpy\.random\.(?!seed$|RandomState$|default_rng$|Generator$|SeedSequence$)\w+$")
_OWN_GENERATOR = re.compile(r"\b(RandomState|default_rng|random\.Random)\(")
_WORKER_SEED = "worker_init_fn=lambda worker: np.random.seed(torch.initial_seed() % 2**32)"


def _controlled_order(code: Code, source: Source, call: Call, keywords: Keywords) -> bool:
    """Return whether a seeded loader takes its order from PyTorch's global generator, after all that drew before."""
    if is_off(keywords.get("shuffle")) or "generator" in keywords or "**" in keywords:
        return False
    return code.seeded((source.path, call.within), call.line, "torch")


def _ordered_generator(source: Source, call: Call) -> str:
    return with_keywords(call, generator=f"torch.Generator().manual_seed({seed_name(source, call.within)})")


RULES = (
    CallRule(30, "workers", _LOADER, "batches come in the order in which workers finish them", "medium",
             lambda source, call: with_keywords(call, in_order="True"),
             lambda code, source, call, keywords: keywords.get("in_order") == "False"),
    CallRule(30, "workers", _LOADER,
             "the order of the rows hangs on everything that drew from PyTorch's generator before", "low",
             _ordered_generator, _controlled_order, "torch", ">=1.6"),
    CallRule(36, "workers", re.compile(r"^accelerate\.Accelerator$"),
             "the order of the rows hangs on everything that drew from PyTorch's generator before", "low",
             lambda source, call: with_keywords(
                 call, dataloader_config="DataLoaderConfiguration(use_seedable_sampler=True)"),
             lambda code, source, call, keywords: not {"dataloader_config", "use_seedable_sampler", "**"}
             & keywords.keys(), "accelerate", ">=0.26"),
    CallRule(44, "workers", re.compile(r"\.(map|interleave|batch|shuffle)$"),
             "rows come in the order in which threads finish them", "medium",
             lambda source, call: with_keywords(call, deterministic="True"),
             lambda code, source, call, keywords: "tensorflow" in code.modules
             and keywords.get("deterministic") == "False"),
    CallRule(44, "workers", re.compile(r"parallel_interleave$|\.interleave$"),
             "rows come in the order in which threads finish them", "medium",
             lambda source, call: with_keywords(call, sloppy="False"),
             lambda code, source, call, keywords: keywords.get("sloppy") == "True"),
)  # fmt: skip


def worker_hazards(code: Code) -> Iterator[Hazard]:
    """Yield the hazards of loaders, workers and samplers."""
    yield from found_by(code, RULES)
    yield from _options(code)
    if "torch" in code.modules:
        yield from _identical_workers(code)
        yield from _epochs(code)


def _options(code: Code) -> Iterator[Hazard]:
    """Yield options of a tf.data pipeline that let rows come in any order."""
    for source, item in code.assignments:
        name = item.target.rpartition(".")[2]
        if name in ("experimental_deterministic", "deterministic") and item.value == "False" and (
            "opt" in item.target.lower()
        ):  # fmt: skip
            title = "rows come in the order in which threads finish them"
            hazard = code.hazard(source, item, (44, "workers", title, "medium", f"{item.target} = True"))
            if hazard:
                yield hazard


def _identical_workers(code: Code) -> Iterator[Hazard]:
    """Yield draws in workers that all hold a copy of the same generator."""
    loaders = [(s, c) for s, c in code.calls_of(_LOADER) if _parallel(dict(c.keywords).get("num_workers"))]
    given = any("worker_init_fn" in dict(call.keywords) for _, call in loaders)
    if not loaders or given or any(dict(call.keywords).get("workers") == "True" for _, call in code.calls):
        return
    holder, loader = min(loaders, key=lambda item: _shuffle_rank(dict(item[1].keywords)))
    fix = f"{with_keywords(loader).removesuffix(')')}, {_WORKER_SEED})"
    for where, call in code.calls:
        if not _in_worker(call.within):
            continue
        if _GLOBAL_DRAW.search(call.name):
            title = "every worker draws the same numbers from its copy of NumPy's generator"
            hazard = code.hazard(where, call, (31, "workers", title, "high", fix), "torch", "<1.9")
            if hazard:
                yield replace(hazard, at=(holder.path, loader.line))
            break
    for where, call in code.calls:
        owner = re.match(r"^self\.(\w+)\.\w+$", call.name)
        if owner and _in_worker(call.within) and _made_outside(where, call, owner[1]):
            title = f"every worker draws the same numbers from its copy of self.{owner[1]}"
            name = f"self.{owner[1]} = np.random.default_rng(torch.initial_seed())  # in worker_init_fn, by "
            fix = name + "torch.utils.data.get_worker_info().dataset"
            hazard = code.hazard(where, call, (31, "workers", title, "high", fix))
            if hazard:
                yield hazard
            return


def _parallel(workers: str | None) -> bool:
    """Return whether several workers load: a single one has nobody to draw alike with."""
    return workers not in (None, "0", "1", "None")


def _shuffle_rank(keywords: Keywords) -> int:
    """Return 0 for a loader that shuffles, as those of training do, 1 for one that may, 2 for one that does not."""
    shuffle = keywords.get("shuffle", "sampler" if "sampler" in keywords else "False")
    return 0 if shuffle == "True" else 2 if is_off(shuffle) else 1


def _in_worker(within: str) -> bool:
    """Return whether a function is a data set's or a transformation's, which the loader's workers call."""
    owner, _, last = within.rpartition(".")
    return last in _IN_WORKER or (last == "__call__" and bool(_TRANSFORM.search(owner)))


def _made_outside(source: Source, call: Call, attribute: str) -> bool:
    """Return whether a class's `__init__` makes the generator that its `__getitem__` draws from."""
    owner = call.within.rpartition(".")[0]
    return call.within.endswith("__getitem__") and any(
        item.target == f"self.{attribute}" and item.within == f"{owner}.__init__" and _OWN_GENERATOR.search(item.value)
        for item in source.assignments
    )


def _epochs(code: Code) -> Iterator[Hazard]:
    """Yield distributed samplers that give the same order in every epoch."""
    if any(call.name.endswith(".set_epoch") for _, call in code.calls):
        return
    for source, call in code.calls_of(re.compile(r"^torch\.utils\.data\.(\w+\.)*DistributedSampler$")):
        keywords = dict(call.keywords)
        if keywords.get("shuffle") != "False" and not re.search(r"val|test|eval", call.statement, re.I):
            name = next((i.target for i in source.assignments if i.line == call.line), "sampler")
            title = "the sampler is never told the epoch: it gives the same order in each"
            hazard = code.hazard(source, call, (32, "workers", title, "medium", f"{name}.set_epoch(epoch)"))
            if hazard:
                yield hazard
            return
