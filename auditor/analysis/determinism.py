"""What a program does for determinism beyond seeding its generators: kernels, workers, threads, hashing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.analysis.call_graph import Program
from auditor.analysis.other_languages import OtherLanguages
from auditor.analysis.randomness import Randomness
from auditor.analysis.roles import Roles
from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.commands.shell import logical_lines
from auditor.repository.model import Call, Source

_CALL = re.compile(
    r"^torch\.(use_deterministic_algorithms|set_deterministic|set_deterministic_debug_mode)$|enable_op_determinism$"
    r"|enable_full_determinism$|^monai\.utils\.set_determinism$"
)
_SEEDS = re.compile(r"(^|[._])(seed|set_random_seed|set_seed|seed_everything|seed_all)\w{0,20}$", re.I)
_BOOSTED = re.compile(r"^lightgbm\.(LGBM\w+|train|cv)$")
_THREAD_CALL = re.compile(
    r"^torch\.set_num_threads$|set_(intra|inter)_op_parallelism_threads$|^threadpoolctl\.threadpool_limits$"
    r"|^cv2\.setNumThreads$"
)
_COUNTS = ("limits", "num_threads", "int")
_SETTINGS = re.compile(
    r"TF_DETERMINISTIC_OPS|TF_CUDNN_DETERMINIS\w+|CUBLAS_WORKSPACE_CONFIG|xla_gpu_deterministic"
    r"|FLASH_ATTENTION_DETERMINISTIC|PYTHONHASHSEED|MXNET_ENFORCE_DETERMINISM"
)
_XLA = re.compile(r"xla_gpu_(deterministic_ops|exclude_nondeterministic_ops)=(true|1)", re.I)
_ONE_THREAD = r"(?:OMP|MKL|OPENBLAS|NUMEXPR|VECLIB_MAXIMUM)_NUM_THREADS"
_IN_SHELL = re.compile(
    rf"\b(?:{_ONE_THREAD}=[\"']?1(?!\d)|(?:TF_DETERMINISTIC_OPS|TF_CUDNN_DETERMINISTIC)=[\"']?(?:1|true)"
    r"|CUBLAS_WORKSPACE_CONFIG=[\"']?:\d|xla_gpu_(?:deterministic|exclude_nondeterministic)_ops=true|MXNET_(?:CUDNN_AUTOTUNE_DEFAULT=0|ENFORCE_DETERMINISM=1)|PYTHONHASHSEED=\d)",
    re.I,
)
_PROGRAM = re.compile(r"[\w.-]{1,100}\.py\b")
_OFF = ("False", "0")


def determinism(randomness: Randomness) -> tuple[FileEvidence, ...]:
    """Return the places, reached from a program or set by its shell scripts, that do more than seed."""
    program = randomness.program
    seeding = {(s.node[1].rpartition(".")[2], s.fixed) for s in randomness.seedings}
    at_random = frozenset(name for name, fixed in seeding if not fixed and (name, True) not in seeding)
    found: list[FileEvidence] = []
    if not randomness.draws and not Roles(program).fits_anywhere:
        # What neither draws nor fits has nothing to make deterministic, but what scripts start may be no Python.
        return tuple(_in_shell(program, ())) if OtherLanguages(program.repository).experiments else ()
    drawing = tuple(entry for entry in program.entry_points if randomness.of(entry).draws)
    runs = randomness.reach.running(drawing or program.entry_points)  # a program that draws nothing needs no kernels
    for source in program.sources.values():
        for within, line, text in _measures(source, at_random):
            if runs((source.path, within), line):
                found.append(source.evidence(line, text))
    return (*found, *_in_shell(program, drawing or program.entry_points))


def _measures(source: Source, at_random: frozenset[str]) -> Iterator[tuple[str, int, str]]:
    """Yield (function, line, text) of each measure; workers that a function of `at_random` seeds are none."""
    for item in source.assignments:
        if _sets(item.target, item.value.strip("\"'")):
            yield item.within, item.line, f"{item.target} = {item.value}"
    for call in source.calls:
        if _asks(call, at_random):
            yield call.within, call.line, call.statement


def _sets(target: str, value: str) -> bool:
    """Return whether an assignment is a measure. To do without cuDNN (`cudnn.enabled`) is none: other kernels run."""
    if target.endswith(("cudnn.deterministic", "cudnn_deterministic")):
        return value not in _OFF
    if target.endswith("cudnn.benchmark"):
        return value in _OFF
    if "environ" not in target:
        return False
    if "MXNET_CUDNN_AUTOTUNE_DEFAULT" in target:
        return value == "0"
    if re.search(_ONE_THREAD, target):
        return value == "1"
    return bool(_SETTINGS.search(target) or ("XLA_FLAGS" in target and _XLA.search(value)))


def _asks(call: Call, at_random: frozenset[str]) -> bool:
    """Return whether a call is a measure."""
    keywords = dict(call.keywords)
    first = call.arguments[0] if call.arguments else keywords.get("mode", "")
    worker = keywords.get("worker_init_fn", "None")
    if "environ" in call.name and call.name.endswith((".setdefault", ".putenv")) and len(call.arguments) == 2:
        return _sets(f"os.environ[{first}]", call.arguments[1].strip("\"'"))
    return bool(
        (_CALL.search(call.name) and first not in (*_OFF, "'default'", '"default"'))
        or (_THREAD_CALL.search(call.name) and "1" in (first, *(keywords.get(name) for name in _COUNTS)))
        or (worker != "None" and worker.rpartition(".")[2] not in at_random)
        or keywords.get("intra_op_parallelism_threads") == "1"
        or keywords.get("inter_op_parallelism_threads") == "1"
        or (call.name.endswith("Trainer") and keywords.get("deterministic", "False") not in ("False", "None"))
        or (_SEEDS.search(call.name) and "True" in (keywords.get("workers"), keywords.get("deterministic")))
        or (call.name.endswith("cudnn.flags") and keywords.get("deterministic") == "True")
        or (_BOOSTED.match(call.name) and keywords.get("deterministic") == "True")
        or keywords.get("full_determinism") == "True"
        or (call.name.endswith("using_config") and "cudnn_deterministic" in first and "True" in call.arguments)
    )


def _in_shell(program: Program, counting: Sequence[Source]) -> Iterator[FileEvidence]:
    """Yield the lines of shell scripts and documented commands that fix threads or kernels by the environment.

    What starts programs of the tree must start one of those that are `counting`.
    """
    repository = program.repository
    idle = {source.path for source in program.entry_points} - {source.path for source in counting}
    names = {source.path.rpartition("/")[2] for source in counting}
    idle_names = {path.rpartition("/")[2] for path in idle} - names
    for command in repository.commands:
        if command.exists and command.resolved not in idle and _IN_SHELL.search(command.evidence.excerpt or ""):
            yield command.evidence
    for file in repository.own_files:
        if file.kind != "shell" or file.size > 200_000:
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        started = set(_PROGRAM.findall(text))
        if started & idle_names and not started & names:
            continue
        for offset, whole in logical_lines(text):
            if _IN_SHELL.search(whole[:2_000]) and not whole.lstrip().startswith("#"):
                yield FileEvidence(path=file.path, line=offset + 1, excerpt=whole.strip()[:300])
