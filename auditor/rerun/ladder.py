"""The ladder of repairs: what is tried next after a failed run, cheapest first, each step recorded."""

from __future__ import annotations

import re
from dataclasses import replace

from packaging.utils import canonicalize_name

from auditor.repository.model import Repository
from auditor.rerun.attempt import Attempt, Step
from auditor.rerun.diagnosis import module_folder
from auditor.rerun.diagnosis_files import inside_workspace
from auditor.rerun.environment import Wanted, name_of
from auditor.rerun.failure import Failure
from auditor.rerun.model import Command, Repair
from auditor.rerun.refusal import another_python, default_builds, relaxed
from auditor.rerun.setup_folders import documented_folders, written_folders

# Modules whose distribution has another name, for those that a library or a failed run names and no source imports.
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn", "cv2": "opencv-python-headless", "PIL": "pillow", "yaml": "pyyaml",
    "skimage": "scikit-image", "past": "future", "builtins": "future", "pkg_resources": "setuptools",
    "distutils": "setuptools", "bs4": "beautifulsoup4", "attr": "attrs", "dateutil": "python-dateutil",
    "git": "gitpython", "OpenSSL": "pyopenssl", "Crypto": "pycryptodome", "absl": "absl-py", "google": "protobuf",
    "IPython": "ipython", "Levenshtein": "python-levenshtein",
}  # fmt: skip
_REMOVED = {"imp": (3, 11), "distutils": (3, 11), "asyncore": (3, 11), "fractions": (3, 8), "cgi": (3, 12)}
_CPU_FLAGS = (
    "--no-cuda",
    "--no_cuda",
    "--disable-cuda",
    "--disable_cuda",
    "--cpu",
    "--use-cpu",
    "--use_cpu",
    "--no-gpu",
)
_DEVICE = ("--device", "--gpu", "--cuda", "--gpu_id", "--gpu-id")


def next_step(failure: Failure, attempt: Attempt, repository: Repository, want: Wanted) -> Step | None:
    """Return the next repair and the attempt that it gives; None where nothing on the ladder answers this failure."""
    for rung in (_own_module, _missing_package, _output_folder, _without_gpu, _interpreter_name, _library):
        step = rung(failure, attempt, repository, want)
        if step is not None:
            return step
    return None


def _own_module(failure: Failure, attempt: Attempt, repository: Repository, want: Wanted) -> Step | None:
    if failure.cause != "working_folder_or_path" or not failure.module:
        return None
    folder = module_folder(repository, failure.module)
    if folder is None or folder in attempt.paths or folder == ".":
        return None
    repair = Repair(
        rung="command", cause="working_folder_or_path", what=f"{folder} was put on PYTHONPATH.", why=failure.sentence,
        changes=False, evidence=failure.evidence,
    )  # fmt: skip
    return repair, replace(attempt, paths=(*attempt.paths, folder))


def _missing_package(failure: Failure, attempt: Attempt, repository: Repository, want: Wanted) -> Step | None:
    if failure.cause != "dependency_not_declared" or not failure.module:
        return None
    newest_with = _REMOVED.get(failure.module)
    if newest_with and tuple(map(int, attempt.recipe.python.split("."))) > newest_with:
        older = _other_python(failure, attempt, want, newest_with)
        if older is not None:
            return older
    named = distribution_of(failure.module, repository)
    undeclared = [name for name in repository.dependencies.undeclared if not attempt.has(name)]
    added = list(dict.fromkeys(canonicalize_name(name) for name in (named, *undeclared) if not attempt.has(name)))
    if attempt.has(named) or not added:
        return None
    evidence = tuple(
        place for name in added for place in repository.dependencies.imported.get(name, ())[:1]
    )[:10]  # fmt: skip
    repair = Repair(
        rung="inferred", cause="dependency_not_declared", what=f"Added what the code imports: {', '.join(added)}.",
        why=failure.sentence, evidence=(*failure.evidence, *evidence),
    )  # fmt: skip
    recipe = replace(attempt.recipe, requirements=(*attempt.recipe.requirements, *added))
    return repair, replace(attempt, recipe=recipe, inferred=attempt.inferred | set(added))


def distribution_of(module: str, repository: Repository) -> str:
    """Return the distribution that brings a module: the repository's own imports say so first, then a short list."""
    known = _DISTRIBUTIONS.get(module)
    if known:
        return canonicalize_name(known)
    line = re.compile(rf"^\s*(?:import|from)\s+{re.escape(module)}\b")
    for name, places in repository.dependencies.imported.items():
        if any(line.search(place.excerpt) for place in places):
            return canonicalize_name(name)
    return canonicalize_name(module)


def _output_folder(failure: Failure, attempt: Attempt, repository: Repository, want: Wanted) -> Step | None:
    if not failure.for_writing or not failure.path:
        return None
    missing = inside_workspace(failure.path)
    if not missing or missing in attempt.folders:
        return None
    documented, evidence = documented_folders(repository, missing)
    # Each folder found missing costs a whole round: those that the same programs will want are made with it. What no
    # set-up makes changes the submission, and is not hidden behind what one does.
    wanted = documented if evidence else (*documented, *written_folders(repository, attempt.commands))
    new = tuple(dict.fromkeys((missing, *wanted)))
    new = tuple(folder for folder in new if folder not in repository.folders and folder not in attempt.folders)
    made = f"The folder {missing} was made." if len(new) == 1 else f"The folders {', '.join(new)} were made."
    repair = Repair(
        rung="command", cause="working_folder_or_path", what=made, why=failure.sentence, changes=not evidence,
        evidence=(*failure.evidence, *evidence),
    )  # fmt: skip
    return repair, replace(attempt, folders=(*attempt.folders, *new))


def _without_gpu(failure: Failure, attempt: Attempt, repository: Repository, want: Wanted) -> Step | None:
    """An option that the program itself offers to run without a GPU."""
    if failure.cause != "gpu_only":
        return None
    changed, given = [], []
    for command in attempt.commands:
        flag = _cpu_flag(command, repository)
        given += [flag] if flag else []
        changed.append(command.model_copy(update={"shell": f"{command.shell} {flag}"}) if flag else command)
    if not given:
        return None
    repair = Repair(
        rung="command", cause="gpu_only", what=f"Run with the program's own option {given[0]}.", why=failure.sentence,
        changes=False, evidence=failure.evidence,
    )  # fmt: skip
    return repair, replace(attempt, commands=tuple(changed))


def _interpreter_name(failure: Failure, attempt: Attempt, repository: Repository, want: Wanted) -> Step | None:
    """A Python called by a name that the environment does not have (`python3.7`): the environment's own is meant."""
    if failure.cause != "build_tools_missing" or not re.fullmatch(r"python3?(?:\.\d+)*", failure.path or ""):
        return None
    name = rf"(?<![\w./-]){re.escape(failure.path or '')}(?![\w.-])"
    commands = tuple(c.model_copy(update={"shell": re.sub(name, "python", c.shell)}) for c in attempt.commands)
    if commands == attempt.commands:
        return None
    repair = Repair(
        rung="command", cause="wrong_or_stale_command", what=f"{failure.path} is Python {attempt.recipe.python} here.",
        why=failure.sentence, changes=False, evidence=failure.evidence,
    )  # fmt: skip
    return repair, replace(attempt, commands=commands)


def _cpu_flag(command: Command, repository: Repository) -> str | None:
    words = command.shell.split()
    options = [
        o for s in repository.sources if any(w == s.path or s.path.endswith("/" + w) for w in words) for o in s.options
    ]
    for option in options:
        for name in option.names:
            if name in words:
                continue
            if name in _CPU_FLAGS:
                return name
            if name in _DEVICE and ("cpu" in option.choices or "cuda" in (option.default or "")):
                return f"{name} cpu"
    return None


def _library(failure: Failure, attempt: Attempt, repository: Repository, want: Wanted) -> Step | None:
    """A library that does not fit: the pin that keeps it is left open, or the pins that may hold it back."""
    if not failure.package:
        return None
    name = distribution_of(failure.package, repository)
    if any(name == wheel.name for wheel in attempt.recipe.folder_wheels):
        return default_builds(attempt, failure.sentence)
    # A lower bound alone keeps no version back: without it the newest is taken as before.
    kept = (line for line in attempt.recipe.requirements if re.search(r"==|~=|<|!=", line))
    pinned = next((line for line in kept if name_of(line) == name), None)
    if pinned:
        return relaxed(attempt, [pinned], failure.sentence, failure.evidence)
    # Nobody fixed this library itself: another pin holds it back, and which one the log does not tell.
    others = [line for line in attempt.recipe.requirements if "==" in line]
    return relaxed(attempt, others, failure.sentence, failure.evidence) if others else None


def _other_python(failure: Failure, attempt: Attempt, want: Wanted, newest: tuple[int, int]) -> Step | None:
    for choice in want.choices:
        if tuple(map(int, choice.python.split("."))) <= newest:
            return another_python(attempt, choice, want, failure.sentence)
    return None
