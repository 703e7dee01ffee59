"""Why a command failed: one outcome, one party to blame, one root cause, and the lines of the log that decide it."""

from __future__ import annotations

import re

from auditor.findings import RunEvidence
from auditor.repository.model import Repository
from auditor.rerun.diagnosis_files import file_missing
from auditor.rerun.failure import Failure, Scene, Trace, last_lines, shown
from auditor.rerun.model import RootCause
from auditor.rerun.traceback import last_traceback

_NETWORK = re.compile(
    r"Temporary failure in name resolution|Name or service not known|Network is unreachable|Max retries exceeded|"
    r"nodename nor servname|Failed to establish a new connection|urlopen error|couldn't connect to|"
    r"Could not resolve host|unable to resolve host address|LocalEntryNotFoundError|OfflineModeIsEnabled|"
    r"We couldn't connect|No route to host|NewConnectionError|NameResolutionError"
)
_GPU = re.compile(
    r"Torch not compiled with CUDA|No CUDA GPUs are available|Found no NVIDIA driver|"
    r"CUDA driver version is insufficient|"
    r"no CUDA-capable device|CUDA error:|libcuda\.so|deserialize object on a CUDA device|CUDA_ERROR_NO_DEVICE|"
    r"nvidia-smi: (?:command )?not found|could not select device driver|No GPU (?:found|available|detected)|"
    r"CUDA is not available|requires a GPU|Invalid device id|NCCL|cuInit"
)
_MEMORY = re.compile(
    r"can't allocate memory|Unable to allocate [\d.]+|std::bad_alloc|Cannot allocate memory|out of memory", re.I
)
_DISPLAY = re.compile(
    r"no display name|cannot connect to X server|couldn't connect to display|_tkinter|libGL\.so|Qt platform plugin"
)
_MODULE = re.compile(r"No module named ['\"]?([A-Za-z_][\w.]{0,120})")
_NAMED_LIBRARY = re.compile(
    r"cannot import name '[^']{1,100}' from '([A-Za-z_]\w*)|module '([A-Za-z_]\w*)[\w.]*' has no attribute|"
    r"No module named '([A-Za-z_]\w*)\."
)
_PYTHON_2 = re.compile(
    r"Missing parentheses in call to 'print'|name '(?:xrange|unicode|raw_input|unichr|basestring|reduce)'|has_key"
)


def why_it_failed(scene: Scene) -> Failure | None:
    """Return why the command failed; None where it ran to its end with exit status 0."""
    run = scene.run
    if run.limit or run.timed_out or run.out_of_memory:
        return _limited(scene)
    if run.exit_code == 0:
        return None
    trace = last_traceback(scene.stderr) or last_traceback(scene.stdout)
    for rule in (_machine, _module_missing, file_missing, _library, _usage):
        failure = rule(scene, trace)
        if failure is not None:
            return failure
    return _other(scene, trace)


def _limited(scene: Scene) -> Failure:
    run = scene.run
    if run.out_of_memory or run.limit == "memory":
        peak = f" ({run.peak_memory_bytes / 2**30:.1f} GiB seen)" if run.peak_memory_bytes else ""
        return Failure(
            "out_of_memory", "policy", "other", f"It needed more memory than it was given{peak}.", last_lines(scene)
        )
    if run.limit == "time" or run.timed_out:
        spent = f"{run.cpu_seconds:.0f} s of CPU time" if run.cpu_seconds else f"{run.wall_seconds:.0f} s"
        return Failure(
            "timed_out", "policy", "too_long", f"It had not ended after {spent}, the limit.", last_lines(scene)
        )
    return Failure(
        "run_failed_code_error", "policy", "other", f"It was ended at the limit on {run.limit}.", last_lines(scene)
    )


def _machine(scene: Scene, trace: Trace) -> Failure | None:
    """Failures for which a line of the log stands, wherever it arose: network, GPU, memory, display."""
    text = f"{trace.kind}: {trace.message}" if trace else scene.tail[-6_000:]
    wide = scene.tail[-6_000:]
    if _GPU.search(text):
        return Failure(
            "run_failed_needs_gpu",
            "machine",
            "gpu_only",
            "It asks for a GPU, and none was given.",
            shown(scene, trace, _GPU),
        )
    if _NETWORK.search(text) or (_NETWORK.search(wide) and (scene.run.recorded and scene.run.recorded.connections)):
        return Failure(
            "run_failed_needs_network", "policy", "data_download",
            "It tries to reach the network, which a rerun does not have.", shown(scene, trace, _NETWORK),
        )  # fmt: skip
    if (trace and trace.kind == "MemoryError") or _MEMORY.search(text):
        return Failure(
            "out_of_memory", "policy", "other", "It needed more memory than it was given.", shown(scene, trace, _MEMORY)
        )
    if _DISPLAY.search(text):
        return Failure(
            "run_failed_code_error", "submission", "interactive_backend",
            "It opens a window, and a rerun has no display.", shown(scene, trace, _DISPLAY),
        )  # fmt: skip
    return None


def _module_missing(scene: Scene, trace: Trace) -> Failure | None:
    text = f"{trace.kind}: {trace.message}" if trace else scene.tail[-2_000:]
    found = _MODULE.search(text)
    if not found or (trace and trace.kind not in ("ModuleNotFoundError", "ImportError", "RuntimeError")):
        return None
    module = found[1]
    top = module.partition(".")[0]
    evidence = shown(scene, trace, _MODULE)
    local = module_folder(scene.repository, module)
    if local is not None:
        sentence = f"The repository's own module {module} is not found from where the code is run."
        return Failure("run_failed_code_error", "submission", "working_folder_or_path", sentence, evidence, module)
    if any(_names(evidence_.excerpt, top) for evidence_ in scene.repository.dependencies.missing_local):
        sentence = f"The module {module}, which the authors' code imports, is not in the repository."
        return Failure("run_failed_code_error", "submission", "missing_file", sentence, evidence)
    if "." in module and (trace is None or trace.package == top or top in scene.exact):
        return None  # a part of an installed package that has gone: the library's version does not fit
    sentence = f"The package of the module {top} is not declared." if trace is None or trace.package is None else (
        f"The package {trace.package} needs the module {top}, which is not installed."
    )  # fmt: skip
    return Failure("run_failed_code_error", "submission", "dependency_not_declared", sentence, evidence, top)


def module_folder(repository: Repository, module: str) -> str | None:
    """Return the folder of the repository from which `module` would be found; None where it is not the repository's."""
    first = module.replace(".", "/")
    top = module.partition(".")[0]
    candidates = []
    for path in repository.by_path:
        for name in (f"{first}.py", f"{first}/__init__.py", f"{top}/__init__.py", f"{top}.py"):
            if path == name or path.endswith("/" + name):
                candidates.append(path[: -len(name)].rstrip("/") or ".")
    return min(candidates, key=lambda folder: (folder.count("/"), folder), default=None)


def _names(excerpt: str, top: str) -> bool:
    return re.search(rf"\b{re.escape(top)}\b", excerpt) is not None


def _library(scene: Scene, trace: Trace) -> Failure | None:
    """An error that an installed library raised over how it is called or over itself: its version does not fit."""
    if trace is None or trace.kind not in (
        "ImportError",
        "AttributeError",
        "TypeError",
        "ModuleNotFoundError",
        "KeyError",
        "ValueError",
        "NotImplementedError",
        "InvalidParameterError",
        "RuntimeError",
    ):
        return None
    named = _NAMED_LIBRARY.search(trace.message)
    package = next((group for group in named.groups() if group), None) if named else None
    # The module named may be the standard library's, missed by an installed package: then that package does not fit.
    if trace.package and (package is None or trace.kind == "ImportError"):
        package = trace.package
    if package is None or module_folder(scene.repository, package) is not None:
        return None
    if trace.package is None and named is None:
        return None
    exact = package in scene.exact
    cause: RootCause = "pinned_version_unavailable_for_python" if exact else "dependency_unpinned_and_changed"
    kept = (
        "its pinned version does not work with this Python"
        if exact
        else "its version may not be the one it was written for"
    )
    if trace.kind in ("ValueError", "KeyError", "RuntimeError", "TypeError") and trace.last_own is not None:
        cause = "dependency_unpinned_and_changed" if not exact else "bug"
    sentence = f"{trace.kind} from the library {package}: {kept}."
    return Failure("run_failed_code_error", "submission", cause, sentence, shown(scene, trace, None), package=package)


def _usage(scene: Scene, trace: Trace) -> Failure | None:
    tail = scene.tail[-6_000:]
    found = re.search(r"^(\S{1,200}: error: [^\n]{1,300}|Error: No such option[^\n]{0,200})", tail, re.M)
    if scene.run.exit_code == 2 and found and re.search(r"^[Uu]sage:", tail, re.M):
        sentence = f"The program refuses the command: {found[1]}"
        return Failure(
            "run_failed_code_error",
            "submission",
            "wrong_or_stale_command",
            sentence,
            shown(scene, None, re.compile(re.escape(found[1][:80]))),
        )
    if scene.run.exit_code == 127 or re.search(r"sh: \d+: [^\n]{1,100}: not found", tail):
        name = re.search(r"sh: (?:\d+: |line \d+: )?([^\s:]{1,100}): (?:command )?not found", tail)
        what = f"the program {name[1]}" if name else "a program"
        return Failure(
            "run_failed_code_error",
            "machine",
            "build_tools_missing",
            f"It calls {what}, which is not in the base image.",
            last_lines(scene),
            path=name[1] if name else None,
        )
    return None


def _other(scene: Scene, trace: Trace) -> Failure:
    if trace is None:
        sentence = f"It ended with exit status {scene.run.exit_code}."
        status = RunEvidence(run=scene.run.id, stream="engine", excerpt=f"exit status {scene.run.exit_code}")
        return Failure("run_failed_code_error", "submission", "other", sentence, (*last_lines(scene), status))
    cause: RootCause = "bug"
    if _PYTHON_2.search(trace.message):
        cause = "python_version_too_new"
    where = trace.last_own
    place = f" at {where.path.rsplit('/', 1)[-1]}:{where.line}" if where else ""
    sentence = f"{trace.kind}{place}: {trace.message}"[:480]
    return Failure("run_failed_code_error", "submission", cause, sentence, shown(scene, trace, None))
