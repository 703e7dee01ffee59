"""Why a command failed: one outcome, one party to blame, one root cause, and the lines of the log that decide it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from auditor.findings import RunEvidence
from auditor.repository.model import Repository
from auditor.rerun.model import Diagnosis, Fault, Outcome, RootCause, Run
from auditor.rerun.traceback import Traceback, last_traceback
from auditor.submission.model import LeftOut

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
_MISSING = re.compile(
    r"No such file or directory: ?[bru]?['\"]([^'\"\n]{1,400})['\"]|"
    r"name = '([^'\n]{1,400})', errno = 2|"
    r"File ([^\s'\"]{1,300}) does not exist|"
    r"['\"]?([^\s'\"]{1,300}) not found\.$|"
    r"non-existent directory: ['\"]([^'\"\n]{1,300})['\"]|"
    r"([^\s'\"]{1,300}): No such file or directory|"
    r"(?:file|folder|path|directory) ['\"]([^'\"\n]{1,300})['\"] (?:does not exist|not found)"
)
_MODULE = re.compile(r"No module named ['\"]?([A-Za-z_][\w.]{0,120})")
_NAMED_LIBRARY = re.compile(
    r"cannot import name '[^']{1,100}' from '([A-Za-z_]\w*)|module '([A-Za-z_]\w*)[\w.]*' has no attribute|"
    r"No module named '([A-Za-z_]\w*)\."
)
_PYTHON_2 = re.compile(
    r"Missing parentheses in call to 'print'|name '(?:xrange|unicode|raw_input|unichr|basestring|reduce)'|has_key"
)


@dataclass(frozen=True)
class Failure:
    """Why one command failed, with what a repair needs to know."""

    outcome: Outcome
    fault: Fault
    cause: RootCause | None
    sentence: str
    evidence: tuple[RunEvidence, ...] = ()
    module: str | None = None
    """The module that was not found."""
    path: str | None = None
    """The file or folder that was not found."""
    for_writing: bool = False
    package: str | None = None
    """The top-level name of the library whose version does not fit."""

    @property
    def diagnosis(self) -> Diagnosis:
        """The failure as it lands in the audit."""
        return Diagnosis(
            outcome=self.outcome, fault=self.fault, cause=self.cause, sentence=self.sentence, evidence=self.evidence
        )


@dataclass(frozen=True)
class Scene:
    """What is known where a command failed: the run, its kept logs, the repository, and what acquisition left out."""

    run: Run
    stdout: str
    stderr: str
    repository: Repository
    left_out: tuple[LeftOut, ...] = ()
    exact: frozenset[str] = field(default_factory=frozenset)
    """Top-level module names whose distributions the repository fixes to one version."""

    @property
    def tail(self) -> str:
        """The ends of both logs."""
        return self.stdout[-20_000:] + "\n" + self.stderr[-40_000:]


def why_it_failed(scene: Scene) -> Failure | None:
    """Return why the command failed; None where it ran to its end with exit status 0."""
    run = scene.run
    if run.limit or run.timed_out or run.out_of_memory:
        return _limited(scene)
    if run.exit_code == 0:
        return None
    trace = last_traceback(scene.stderr) or last_traceback(scene.stdout)
    for rule in (_machine, _module_missing, _file_missing, _library, _usage):
        failure = rule(scene, trace)
        if failure is not None:
            return failure
    return _other(scene, trace)


def _limited(scene: Scene) -> Failure:
    run = scene.run
    if run.out_of_memory or run.limit == "memory":
        peak = f" ({run.peak_memory_bytes / 2**30:.1f} GiB seen)" if run.peak_memory_bytes else ""
        return Failure(
            "out_of_memory", "policy", "other", f"It needed more memory than it was given{peak}.", _last(scene)
        )
    if run.limit == "time" or run.timed_out:
        spent = f"{run.cpu_seconds:.0f} s of CPU time" if run.cpu_seconds else f"{run.wall_seconds:.0f} s"
        return Failure("timed_out", "policy", "too_long", f"It had not ended after {spent}, the limit.", _last(scene))
    return Failure(
        "run_failed_code_error", "policy", "other", f"It was ended at the limit on {run.limit}.", _last(scene)
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
            _show(scene, trace, _GPU),
        )
    if _NETWORK.search(text) or (_NETWORK.search(wide) and (scene.run.recorded and scene.run.recorded.connections)):
        return Failure(
            "run_failed_needs_network", "policy", "data_download",
            "It tries to reach the network, which a rerun does not have.", _show(scene, trace, _NETWORK),
        )  # fmt: skip
    if (trace and trace.kind == "MemoryError") or _MEMORY.search(text):
        return Failure(
            "out_of_memory", "policy", "other", "It needed more memory than it was given.", _show(scene, trace, _MEMORY)
        )
    if _DISPLAY.search(text):
        return Failure(
            "run_failed_code_error", "submission", "interactive_backend",
            "It opens a window, and a rerun has no display.", _show(scene, trace, _DISPLAY),
        )  # fmt: skip
    return None


def _module_missing(scene: Scene, trace: Trace) -> Failure | None:
    text = f"{trace.kind}: {trace.message}" if trace else scene.tail[-2_000:]
    found = _MODULE.search(text)
    if not found or (trace and trace.kind not in ("ModuleNotFoundError", "ImportError", "RuntimeError")):
        return None
    module = found[1]
    top = module.partition(".")[0]
    evidence = _show(scene, trace, _MODULE)
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


def _file_missing(scene: Scene, trace: Trace) -> Failure | None:
    text = f"{trace.kind}: {trace.message}" if trace else scene.tail[-4_000:]
    if trace and trace.kind == "UnpicklingError" and "'v'" in trace.message and _pointers(scene):
        sentence = "It reads a file of which only the Git LFS pointer was handed in."
        return Failure("run_failed_missing_data", "machine", "missing_file", sentence, _show(scene, trace, _MISSING))
    if trace and trace.kind not in (
        "FileNotFoundError",
        "OSError",
        "IOError",
        "NotADirectoryError",
        "BadZipFile",
        "Exception",
        "ValueError",
        "NotFoundError",
        "AssertionError",
        "CalledProcessError",
    ):
        return None
    found = _MISSING.search(text)
    if not found:
        return None
    path = next(group for group in found.groups() if group)
    evidence = _show(scene, trace, _MISSING)
    if re.fullmatch(r"[\w.+-]+", path) and ("subprocess" in scene.stderr[-4000:] or f"{path}: not found" in text):
        return Failure(
            "run_failed_code_error",
            "machine",
            "build_tools_missing",
            f"It calls the program {path}, which is not here.",
            evidence,
        )
    inside = inside_workspace(path)
    name = path.rstrip("/").rsplit("/", 1)[-1]
    folder = _missing_folder(scene, path, inside, found[0])
    if folder is not None:
        sentence = f"The folder {folder}, in which it writes, is not there."
        return Failure(
            "run_failed_code_error", "submission", "working_folder_or_path", sentence, evidence,
            path=folder, for_writing=True,
        )  # fmt: skip
    if any(name and name == left.what.rstrip("/").rsplit("/", 1)[-1] for left in scene.left_out):
        sentence = f"The file {name} was left out when the repository was acquired; the repository is not to blame."
        return Failure("run_failed_missing_data", "machine", "missing_file", sentence, evidence, path=path)
    if name.endswith((".py", ".sh")) and "can't open file" in scene.tail[-4_000:]:
        return Failure(
            "run_failed_code_error", "submission", "wrong_or_stale_command", f"The file {name} is not there.", evidence
        )
    elsewhere = [known for known in scene.repository.by_path if known == name or known.endswith("/" + name)]
    if elsewhere and inside is not None:
        sentence = f"It looks for {path}, which lies at {elsewhere[0]}."
        return Failure(
            "run_failed_code_error", "submission", "working_folder_or_path", sentence, evidence, path=elsewhere[0]
        )
    cause: RootCause = "hard_coded_path" if inside is None else _origin(scene, name)
    sentence = f"The file {path} is not there, and the repository does not hold it."
    return Failure("run_failed_missing_data", "submission", cause, sentence, evidence, path=path)


def inside_workspace(path: str) -> str | None:
    """Return a path relative to the workspace where it is relative or lies in it; None for another absolute path."""
    found = re.match(r"(?:/audit/work|/\S*/auditor-[\w-]+/work)/(.*)", path)
    if found:
        return posixpath.normpath(found[1])
    absolute = path.startswith(("/", "~")) or re.match(r"[A-Za-z]:[\\/]", path)
    return None if absolute else posixpath.normpath(path)


def _missing_folder(scene: Scene, path: str, inside: str | None, message: str) -> str | None:
    """The folder of the workspace that a program wanted to write to; None where it wanted to read.

    The recorder saw the path as it was opened, wherever the program stood; without it, the command's folder counts.
    """
    if "non-existent directory" in message:
        return posixpath.normpath(posixpath.join(scene.run.folder, inside)) if inside else path
    written = scene.run.recorded.files_written if scene.run.recorded else ()
    entry = next((entry for entry in written if inside and _same(inside, entry)), None)
    return posixpath.dirname(entry) or None if entry else None


def _same(path: str, entry: str) -> bool:
    bare = re.sub(r"^(?:\.\./)+", "", path)
    return entry == bare or entry.endswith("/" + bare)


def _origin(scene: Scene, name: str) -> RootCause:
    """Whether the documentation or the code says where the file is to be fetched."""
    fetched = any(name in reference.evidence.excerpt and reference.url for reference in scene.repository.data)
    return "data_download" if fetched else "missing_file"


def _pointers(scene: Scene) -> bool:
    return any(file.lfs for file in scene.repository.files) or any("LFS" in left.why for left in scene.left_out)


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
    return Failure("run_failed_code_error", "submission", cause, sentence, _show(scene, trace, None), package=package)


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
            _show(scene, None, re.compile(re.escape(found[1][:80]))),
        )
    if scene.run.exit_code == 127 or re.search(r"sh: \d+: [^\n]{1,100}: not found", tail):
        name = re.search(r"sh: (?:\d+: |line \d+: )?([^\s:]{1,100}): (?:command )?not found", tail)
        what = f"the program {name[1]}" if name else "a program"
        return Failure(
            "run_failed_code_error",
            "machine",
            "build_tools_missing",
            f"It calls {what}, which is not in the base image.",
            _last(scene),
        )
    return None


def _other(scene: Scene, trace: Trace) -> Failure:
    if trace is None:
        sentence = f"It ended with exit status {scene.run.exit_code}."
        return Failure("run_failed_code_error", "submission", "other", sentence, _last(scene))
    cause: RootCause = "bug"
    if _PYTHON_2.search(trace.message):
        cause = "python_version_too_new"
    where = trace.last_own
    place = f" at {where.path.rsplit('/', 1)[-1]}:{where.line}" if where else ""
    sentence = f"{trace.kind}{place}: {trace.message}"[:480]
    return Failure("run_failed_code_error", "submission", cause, sentence, _show(scene, trace, None))


Trace = Traceback | None


def _show(scene: Scene, trace: Trace, pattern: re.Pattern[str] | None) -> tuple[RunEvidence, ...]:
    """The traceback, or the last line that matches, or the end of the log, with its line number in the kept log."""
    if trace:
        stream = "stderr" if trace.excerpt and trace.excerpt in scene.stderr else "stdout"
        text = scene.stderr if stream == "stderr" else scene.stdout
        line = text[: text.rfind(trace.excerpt)].count("\n") + 1
        return (RunEvidence(run=scene.run.id, stream=stream, line=line, excerpt=trace.excerpt),)
    for stream, text in (("stderr", scene.stderr), ("stdout", scene.stdout)):
        lines = text.split("\n")
        for number in range(len(lines) - 1, max(-1, len(lines) - 400), -1):
            if pattern and pattern.search(lines[number][:2000]):
                return (RunEvidence(run=scene.run.id, stream=stream, line=number + 1, excerpt=lines[number][:500]),)
    return _last(scene)


def _last(scene: Scene) -> tuple[RunEvidence, ...]:
    for stream, text in (("stderr", scene.stderr), ("stdout", scene.stdout)):
        lines = text.rstrip().split("\n")
        if lines and lines[-1].strip():
            first = max(0, len(lines) - 8)
            return (
                RunEvidence(run=scene.run.id, stream=stream, line=first + 1, excerpt="\n".join(lines[first:])[-1900:]),
            )
    return ()
