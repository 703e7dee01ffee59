"""Rows 21 to 29, 34, 41, 43 and 45: what kernels on a GPU do in another order or precision each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import LEFT_OFF, Hazard, Severity
from auditor.analysis.hazards.rewriting import with_keywords
from auditor.repository.model import Assignment, Call, Source

ALGORITHMS = "torch.use_deterministic_algorithms(True)"
_OFF = ("False", "0", "None")
_CONVOLUTION = re.compile(r"^torch\.nn\.(functional\.conv(_transpose)?[123]d|Conv(Transpose)?[123]d)$"
                          r"|^torchvision\.models\.(?!detection|feature)\w+$")  # fmt: skip
_SWITCHABLE = re.compile(
    r"^torch\.nn\.(ReplicationPad[123]d|MaxPool3d)$|^torch\.(index_add|scatter_add|scatter_reduce)_?$"
    r"|\.(index_add_?|scatter_add_?|scatter_reduce_?|index_put_?)$|^torch_scatter\.scatter(_\w+)?$"
)
"""Different from run to run on CUDA, and alike under deterministic algorithms (torch 2.13, docstring).

Without those that differ only where an index comes twice or a copy is differentiated: `index_copy` and
`repeat_interleave`.
"""
_WHOLE_NUMBERS = re.compile(r"ones_like\(|\.(long|int)\(\)|dtype=torch\.(long|int)")
_MEASURES = re.compile(r"(inception|fid|metric|eval|test|infer|demo)[^/]{0,40}\.(py|ipynb)$", re.I)
"""Files whose networks only measure: nothing is differentiated there."""
_DATA = re.compile(r"(self\.)?(inputs?|imgs?|images?|frames?|labels?|targets?|gt|grads?|gradients?|cam)(_\w{1,20})?")
"""Names of what is no part of the network, so that nothing is differentiated by it."""
_STEPS = re.compile(r"\.backward$|^torch\.autograd\.grad$|Trainer(\(\))?\.(fit|train)$")
_WITHOUT = re.compile(
    r"^torch\.nn\.(AvgPool3d|AdaptiveAvgPool[23]d|AdaptiveMaxPool2d|FractionalMaxPool[23]d|MaxUnpool[123]d"
    r"|ReflectionPad[123]d|CTCLoss|functional\.(ctc_loss|grid_sample|adaptive_avg_pool[23]d|max_unpool[123]d))$"
    r"|^torch\.(histc)$|^torch\.nn\.(Upsample|functional\.(interpolate|upsample|upsample_bilinear))$|^torch\.bincount$"
)
"""Without a deterministic kernel on CUDA: under deterministic algorithms they raise (torch 2.13, docstring)."""
_ATTENTION = re.compile(r"scaled_dot_product_attention$|(^|\.)flash_attn\w*_func$")
_PRECISION = {
    "allow_tf32": ("True", "1"),
    "allow_fp16_reduced_precision_reduction": ("True", "1"),
    "allow_bf16_reduced_precision_reduction": ("True", "1"),
    "fp32_precision": ("'tf32'", '"tf32"', "'bf16'", '"bf16"'),
}
_LOWER = ("'high'", '"high"', "'medium'", '"medium"')


@dataclass(frozen=True)
class Kernels:
    """What running code asks of its kernels."""

    code: Code

    @cached_property
    def algorithms(self) -> tuple[Source, Call] | None:
        """Where deterministic algorithms are asked for by name, not only warned of."""
        for source, call in self.code.calls:
            keywords = dict(call.keywords)
            asked = call.name in ("torch.use_deterministic_algorithms", "torch.set_deterministic")
            first = call.arguments[0] if call.arguments else keywords.get("mode", "")
            if asked and first not in _OFF and keywords.get("warn_only", "False") == "False":
                return source, call
        return None

    @cached_property
    def framework(self) -> bool:
        """Whether a framework is told to ask for them: Lightning's `deterministic`, the Trainer's full determinism."""
        for _, call in self.code.calls:
            keywords = dict(call.keywords)
            if call.name.endswith("Trainer") and keywords.get("deterministic", "False") not in _OFF:
                return True
            if keywords.get("full_determinism") == "True" or re.search(
                r"enable_full_determinism$|^torch\.(use_deterministic_algorithms|set_deterministic\w*)$"
                r"|set_determinism$", call.name):  # fmt: skip
                return True
        return False

    @cached_property
    def convolutions(self) -> bool:
        """Whether cuDNN alone is asked for deterministic kernels."""
        named = ("cudnn.deterministic", "cudnn_deterministic")
        set_ = (i.target.endswith(named) and i.value not in _OFF for _, i in self.code.assignments)
        given = ("True" in (k.get("deterministic"), k.get("cudnn_deterministic"))
                 for k in (dict(c.keywords) for _, c in self.code.calls))  # fmt: skip
        return self.framework or any(set_) or any(given)


_LEFT_OFF = frozenset({21, 24, 27, 29, 34, 41, 43, 49})
"""Rows that hold where deterministic kernels are not asked for."""


def kernel_hazards(code: Code) -> Iterator[Hazard]:
    """Yield the hazards of kernels and their precision."""
    for hazard in _found(code):
        yield replace(hazard, cause=LEFT_OFF) if hazard.row in _LEFT_OFF else hazard


def _found(code: Code) -> Iterator[Hazard]:
    kernels = Kernels(code)
    if "torch" in code.modules or "torchvision" in code.modules:
        yield from _switches(kernels)
        yield from _precision(code)
        if code.on_gpu:
            if any(_STEPS.search(call.name) for _, call in code.calls):
                yield from _operations(kernels)
            yield from _workspace(kernels)
    yield from _trainers(kernels)
    yield from _tensorflow(code)


def _switches(kernels: Kernels) -> Iterator[Hazard]:
    """Yield where cuDNN is told to choose its kernels by their speed."""
    code = kernels.code
    for source, item in code.assignments:
        if item.target.endswith("cudnn.benchmark") and item.value in ("True", "1"):
            also = ", and cudnn.deterministic is not obeyed then" if kernels.convolutions else ""
            title = f"cuDNN chooses its kernels by their speed in this run{also}"
            yield from _at(code, source, item, 23, title, "medium", f"{item.target} = False")
    for source, call in code.calls:
        keywords = dict(call.keywords)
        if call.name.endswith("Trainer") and keywords.get("benchmark") == "True":
            title = "cuDNN chooses its kernels by their speed in this run"
            yield from _at(code, source, call, 23, title, "medium", with_keywords(call, benchmark="False"))


def _operations(kernels: Kernels) -> Iterator[Hazard]:
    """Yield operations on a GPU whose sums are formed in another order each time; one hazard an operation."""
    code = kernels.code
    seen: set[str] = set()
    for source, call in code.calls:
        found = None if _MEASURES.search(source.path) else _operation(kernels, call)
        if found and found[1] not in seen:
            seen.add(found[1])
            yield from _at(code, source, call, *found)
    for source, call in code.calls_of(re.compile(r"^torch\.compile$")):
        if not kernels.framework:
            title = "the compiler chooses its kernels by their speed in this run"
            fix = f"{ALGORITHMS}  # turns the compiler's choice off too from torch 2.10 on"
            yield from _at(code, source, call, 27, title, "medium", fix)
            break


def _operation(kernels: Kernels, call: Call) -> tuple[int, str, Severity, str] | None:
    last = call.name.rpartition(".")[2].rstrip("_")
    if _WITHOUT.search(call.name) and _really_without(call):
        if kernels.algorithms:
            title = f"{last} has no deterministic kernel on a GPU: it raises under deterministic algorithms"
            return 22, title, "medium", "torch.use_deterministic_algorithms(True, warn_only=True)"
        if not kernels.framework:
            return 21, f"{last} on a GPU sums in the order of its threads", "medium", (
                f"{ALGORITHMS}  # then replace {last}, which raises")  # fmt: skip
    counts = any(_WHOLE_NUMBERS.search(argument) for argument in call.arguments)
    if _SWITCHABLE.search(call.name) and not kernels.framework and not counts:
        return 21, f"{last} on a GPU sums in the order of its threads", "medium", ALGORITHMS
    if _CONVOLUTION.search(call.name) and not kernels.convolutions:
        title = "convolutions on a GPU may run by kernels that differ from run to run"
        return 24, title, "medium", "torch.backends.cudnn.deterministic = True"
    asked = kernels.framework or dict(call.keywords).get("deterministic", "False") != "False"
    if _ATTENTION.search(call.name) and not asked:
        fix = with_keywords(call, deterministic="True") if "flash" in last else ALGORITHMS
        return 29, f"the gradient of {last} sums in the order of its threads", "medium", fix
    return None


def _really_without(call: Call) -> bool:
    """Return whether an operation is of the kind without a deterministic kernel, by its mode; a mean is not."""
    sizes = [call.arguments[-1] if call.arguments else "", dict(call.keywords).get("output_size", "")]
    if "daptive" in call.name and any(re.fullmatch(r"[(\[]?\s?1\s?(,\s?1\s?){0,2}[)\]]?", size) for size in sizes):
        return False
    mode = dict(call.keywords).get("mode", "'nearest'")
    if call.arguments and _DATA.fullmatch(call.arguments[0]):
        return False
    if re.search(r"functional\.(interpolate|upsample)$", call.name) and "." not in call.within:
        return False  # a function outside of any module mostly resizes data, or weights as they are loaded
    if re.search(r"(interpolate|upsample|Upsample)$", call.name):
        return "linear" in mode or "cubic" in mode
    return not call.name.endswith("bincount") or "weights" in dict(call.keywords) or len(call.arguments) > 1


def _workspace(kernels: Kernels) -> Iterator[Hazard]:
    """Yield deterministic algorithms that cuBLAS refuses for want of a fixed workspace: torch 1.7 to 2.9."""
    asked = kernels.algorithms
    if asked is None:
        return
    code = kernels.code
    if _said(code, "CUBLAS_WORKSPACE_CONFIG"):
        return
    title = "deterministic algorithms raise in matrix products on CUDA, since cuBLAS has no fixed workspace"
    found = (25, "kernels", title, "medium", 'os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"')
    hazard = code.hazard(*asked, found, "torch", "<2.10")  # type: ignore[arg-type]
    if hazard:
        yield hazard


def _said(code: Code, word: str) -> bool:
    """Return whether running code, a documented command, a shell script or a container file names a setting."""
    texts = (*(f"{i.target} {i.value}" for _, i in code.assignments), *(c.statement for _, c in code.calls))
    repository = code.program.repository
    if any(word in text for text in texts) or any(word in command.shell for command in repository.commands):
        return True
    files = [file for file in repository.own_files if file.kind in ("shell", "container") and file.size < 200_000]
    return any(word in repository.text(file.path) for file in files[:200] if not file.absent)


def _precision(code: Code) -> Iterator[Hazard]:
    """Yield where products are computed with fewer digits: other numbers on another kind of GPU."""
    title = "products are rounded to fewer digits on newer GPUs only, so that numbers depend on the GPU"
    for source, item in code.assignments:
        if item.value in _PRECISION.get(item.target.rpartition(".")[2], ()):
            off = "'ieee'" if item.target.endswith("fp32_precision") else "False"
            yield from _at(code, source, item, 26, title, "low", f"{item.target} = {off}")
    for source, call in code.calls_of(re.compile(r"^torch\.set_float32_matmul_precision$")):
        if call.arguments and call.arguments[0] in _LOWER:
            yield from _at(code, source, call, 26, title, "low", 'torch.set_float32_matmul_precision("highest")')


_PARSER = re.compile(r"^transformers\.(\w+\.)*HfArgumentParser$")
_ARGUMENTS = re.compile(r"\b(?!Data)\w{0,40}TrainingArguments\b")


def _trainers(kernels: Kernels) -> Iterator[Hazard]:
    """Yield trainers that leave deterministic kernels off."""
    code = kernels.code
    if kernels.framework:
        return
    for source, call in code.calls_of(re.compile(r"^transformers\.(\w+\.)*(Seq2Seq)?TrainingArguments$")):
        title = "the Trainer seeds its generators and leaves kernels as they are"
        found = (34, "kernels", title, "medium", with_keywords(call, full_determinism="True"))
        hazard = code.hazard(source, call, found, "transformers", ">=4.19")  # type: ignore[arg-type]
        if hazard:
            yield hazard
    parsed = ((s, c) for s, c in code.calls_of(_PARSER) if c.arguments and _ARGUMENTS.search(c.arguments[0]))
    for source, call in parsed if not _said(code, "full_determinism") else ():
        title = "the Trainer seeds its generators and leaves kernels as they are"
        found = (34, "kernels", title, "medium", f"python {source.path} --full_determinism …")
        hazard = code.hazard(source, call, found, "transformers", ">=4.19")  # type: ignore[arg-type]
        if hazard:
            yield hazard
    for source, call in code.calls_of(re.compile(r"^(pytorch_lightning|lightning)(\.\w+)*\.Trainer$")):
        if "**" not in dict(call.keywords) and not kernels.convolutions:
            title = "Lightning's Trainer leaves kernels as they are"
            yield from _at(code, source, call, 41, title, "medium", with_keywords(call, deterministic="True"))


_TRAINS = re.compile(r"^(tensorflow\.)?(compat\.v1\.)?keras\.(\w+\.)*(Conv\w+|Embedding|LSTM|GRU)$|\.GradientTape$")


def _tensorflow(code: Code) -> Iterator[Hazard]:
    """Yield what TensorFlow does in another order each time."""
    if "tensorflow" not in code.modules:
        return
    for source, call in code.calls_of(re.compile(r"ParameterServerStrategy(V\d)?$")):
        title = "parameter servers cannot be made deterministic"
        yield from _at(code, source, call, 45, title, "medium", "strategy = tf.distribute.MirroredStrategy()")
    session = next(code.calls_of(re.compile(r"^tensorflow\.(compat\.v1\.)?(Interactive)?Session$")), None)
    if session:
        title = "a session of TensorFlow 1 cannot be made deterministic"
        fix = "tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)  # on a CPU"
        yield from _at(code, *session, 45, title, "low", fix)
        return
    asked = any("enable_op_determinism" in c.name for _, c in code.calls) or any(
        "TF_DETERMINISTIC_OPS" in i.target for _, i in code.assignments
    )
    trained = next(code.calls_of(_TRAINS), None)
    if trained and code.on_gpu and not asked:
        title = "operations on a GPU sum in the order of their threads"
        found = (43, "kernels", title, "medium", "tf.config.experimental.enable_op_determinism()")
        hazard = code.hazard(*trained, found, "tensorflow", ">=2.8")  # type: ignore[arg-type]
        older = (43, "kernels", title, "medium", 'os.environ["TF_DETERMINISTIC_OPS"] = "1"')
        hazard = hazard or code.hazard(*trained, older, "tensorflow", ">=2.1,<2.8")  # type: ignore[arg-type]
        if hazard:
            yield hazard


def _at(
    code: Code, source: Source, place: Call | Assignment, row: int, title: str, severity: Severity, fix: str
) -> Iterator[Hazard]:
    hazard = code.hazard(source, place, (row, "kernels", title, severity, fix))
    if hazard:
        yield hazard
