"""The ladder of repairs: what is tried next after a failure, cheapest first, each step recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from packaging.utils import canonicalize_name

from auditor.findings import FileEvidence
from auditor.repository.model import Repository
from auditor.rerun.diagnosis import Failure, inside_workspace, module_folder
from auditor.rerun.engines import Recipe
from auditor.rerun.environment import Choice, Wanted, name_of, recipe_for
from auditor.rerun.model import Command, Repair, RootCause

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


@dataclass(frozen=True)
class Attempt:
    """What one round of runs is made with. A repair makes a new one of it."""

    recipe: Recipe
    choice: Choice
    commands: tuple[Command, ...]
    paths: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    inferred: frozenset[str] = frozenset()
    """Distributions that were added because the code imports them."""

    def has(self, name: str) -> bool:
        """Whether a distribution is among the requirements."""
        return any(name_of(line) == canonicalize_name(name) for line in self.recipe.requirements)


Step = tuple[Repair, Attempt]


def next_step(failure: Failure, attempt: Attempt, repository: Repository, want: Wanted) -> Step | None:
    """Return the next repair and the attempt that it gives; None where nothing on the ladder answers this failure."""
    for rung in (_own_module, _missing_package, _output_folder, _without_gpu, _library):
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
    repair = Repair(
        rung="command", cause="working_folder_or_path", what=f"The folder {missing} was made.",
        why=failure.sentence, changes=not evidence, evidence=(*failure.evidence, *evidence),
    )  # fmt: skip
    return repair, replace(attempt, folders=tuple(dict.fromkeys((*attempt.folders, missing, *documented))))


def documented_folders(repository: Repository, missing: str) -> tuple[tuple[str, ...], tuple[FileEvidence, ...]]:
    """Return the folders that the repository's own setup makes together with `missing`, and the line that says so.

    A variable in such a line stands for what makes one of its folders the missing one.
    """
    kinds = ("shell", "container", "document", "other")
    for file in repository.own_files:
        if (
            file.kind not in kinds
            or file.size > 1 << 18
            or not (file.kind != "other" or file.path.endswith("Makefile"))
        ):
            continue
        for number, line in enumerate(repository.text(file.path).splitlines(), 1):
            if "mkdir" not in line or len(line) > 2_000:
                continue
            folders = _made_by(line, missing)
            if folders:
                return folders, (FileEvidence(path=file.path, line=number, excerpt=line.strip()),)
    return (), ()


def _made_by(line: str, missing: str) -> tuple[str, ...]:
    names = re.findall(r"[^\s;&|\"']+", line.partition("mkdir")[2].split(";")[0].split("&&")[0])
    names = [name.rstrip("/") for name in names if not name.startswith("-")]
    for name in names:
        variable = re.match(r"\$\{?(\w+)\}?/", name)
        value = ""
        if variable and missing.endswith(name[variable.end() - 1 :]):
            value = missing[: -len(name[variable.end() - 1 :])]
        elif name.removeprefix("./") != missing:
            continue
        filled = [re.sub(rf"\$\{{?{variable[1]}\}}?", value, n) if variable else n for n in names]
        inside = [
            n.removeprefix("./") for n in filled if "$" not in n and not n.startswith(("/", "~")) and ".." not in n
        ]
        return tuple(inside)
    return ()


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
    """A library that does not fit: the pin that keeps it is dropped; else an older Python brings older libraries."""
    if not failure.package:
        return None
    name = distribution_of(failure.package, repository)
    pinned = next((line for line in attempt.recipe.requirements if name_of(line) == name and line != name), None)
    if pinned:
        return relaxed(attempt, [pinned], failure.sentence, failure.evidence)
    return None


def relaxed(
    attempt: Attempt, pins: list[str], why: str, evidence: tuple[FileEvidence, ...] | tuple[object, ...]
) -> Step:
    """Return the repair that leaves the version of these requirements open."""
    lines = tuple(name_of(line) if line in pins else line for line in attempt.recipe.requirements)
    repair = Repair(
        rung="relaxed", cause="pinned_version_unavailable_for_python",
        what=f"The version was left open: {', '.join(pins)}.", why=why, evidence=tuple(evidence),  # type: ignore[arg-type]
    )  # fmt: skip
    return repair, replace(attempt, recipe=replace(attempt.recipe, requirements=lines))


def _other_python(failure: Failure, attempt: Attempt, want: Wanted, newest: tuple[int, int]) -> Step | None:
    for choice in want.choices:
        if tuple(map(int, choice.python.split("."))) <= newest:
            return another_python(attempt, choice, want, failure.sentence)
    return None


def another_python(attempt: Attempt, choice: Choice, want: Wanted, why: str) -> Step:
    """Return the step to another Python at hand, with the same requirements."""
    recipe = recipe_for(want, choice)
    recipe = replace(recipe, requirements=attempt.recipe.requirements, sources=attempt.recipe.sources)
    what = f"Python {choice.python} instead of {attempt.choice.python}."
    repair = Repair(rung="another_python", cause="python_version_too_new", what=what, why=why, changes=False)
    return repair, replace(attempt, recipe=recipe, choice=choice)


def after_refusal(refusal: str, attempt: Attempt, want: Wanted, tried: frozenset[str]) -> Step | None:
    """Return the next repair after an environment could not be resolved or built; None at the end of the ladder.

    `refusal` is what the resolver said. Rungs: source distributions, the next Python at hand, the conflicting pins
    left open, packages that the index does not have left out.
    """
    recipe = attempt.recipe
    gone = [line for line in recipe.requirements if _unknown_to_index(name_of(line), refusal)]
    if gone:
        lines = tuple(line for line in recipe.requirements if line not in gone)
        repair = Repair(
            rung="inferred" if any(name_of(line) in attempt.inferred for line in gone) else "relaxed",
            cause="package_renamed_or_removed", what=f"Left out, as no index has it: {', '.join(gone)}.",
            why=refusal[:400],
        )  # fmt: skip
        return repair, replace(attempt, recipe=replace(recipe, requirements=lines))
    if not recipe.sources:
        repair = Repair(
            rung="as_of_date", cause="other", what="Source distributions were allowed, built in the build container.",
            why=refusal[:400], changes=False,
        )  # fmt: skip
        return repair, replace(attempt, recipe=replace(recipe, sources=True))
    if recipe.as_of and not recipe.later and cause_of_refusal(refusal) == "build_tools_missing":
        return _newer_build_tools(attempt, recipe.as_of, refusal)
    for choice in want.choices:
        if choice.python not in tried:
            repair, step = another_python(attempt, choice, want, refusal[:400])
            return repair, replace(step, recipe=replace(step.recipe, sources=False))
    if recipe.as_of:
        repair = Repair(
            rung="as_of_date", cause="other", what=f"The newest versions were allowed, not those of {recipe.as_of}.",
            why=refusal[:400], changes=False,
        )  # fmt: skip
        newest = replace(recipe_for(want, want.choices[0]), requirements=recipe.requirements, as_of=None)
        return repair, replace(attempt, choice=want.choices[0], recipe=newest)
    pins = [line for line in recipe.requirements if line != name_of(line)]
    named = [line for line in pins if re.search(rf"\b{re.escape(name_of(line))}\b", refusal.lower())]
    if pins:
        best = want.choices[0]
        first = recipe_for(want, best)
        base = replace(attempt, choice=best, recipe=replace(first, requirements=recipe.requirements))
        return relaxed(base, named or pins, refusal[:400], ())
    return None


def _newer_build_tools(attempt: Attempt, as_of: date, refusal: str) -> Step:
    """Old source distributions build with tools of a time that the date of the code may not reach."""
    later = tuple((name, as_of + timedelta(days=730)) for name in ("setuptools", "wheel", "cython", "setuptools-scm"))
    repair = Repair(
        rung="as_of_date", cause="build_tools_missing", what="Build tools of up to two years later were allowed.",
        why=refusal[:400], changes=False,
    )  # fmt: skip
    return repair, replace(attempt, recipe=replace(attempt.recipe, later=later))


def cause_of_refusal(refusal: str) -> RootCause:
    """Return the root cause of an environment that could not be resolved or built, from the resolver's words."""
    text = " ".join(refusal.split())
    if re.search(r"Failed to build|build backend|gcc|error: command|Failed to resolve requirements from", text):
        return "build_tools_missing"
    if "was not found in the package registry" in text:
        return "package_renamed_or_removed"
    return "pinned_version_unavailable_for_python"


def _unknown_to_index(name: str, refusal: str) -> bool:
    text = " ".join(refusal.split())
    return f"{name} was not found in the package registry" in text or f"there are no versions of {name} " in text
