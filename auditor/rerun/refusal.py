"""What is tried after an environment could not be resolved or built, each step recorded; and why it could not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from auditor.findings import Evidence
from auditor.rerun.attempt import Attempt, Step
from auditor.rerun.environment import Choice, Wanted, name_of, recipe_for
from auditor.rerun.model import Repair, RootCause


def relaxed(attempt: Attempt, pins: list[str], why: str, evidence: tuple[Evidence, ...]) -> Step:
    """Return the repair that leaves the version of these requirements open."""
    lines = tuple(name_of(line) if line in pins else line for line in attempt.recipe.requirements)
    repair = Repair(
        rung="relaxed", cause="pinned_version_unavailable_for_python",
        what=f"The version was left open: {', '.join(pins)}.", why=why, evidence=evidence,
    )  # fmt: skip
    return repair, replace(attempt, recipe=replace(attempt.recipe, requirements=lines))


def another_python(attempt: Attempt, choice: Choice, want: Wanted, why: str) -> Step:
    """Return the step to another Python at hand, with the same requirements."""
    recipe = recipe_for(want, choice)
    recipe = replace(recipe, requirements=attempt.recipe.requirements, sources=attempt.recipe.sources)
    what = f"Python {choice.python} instead of {attempt.choice.python}."
    repair = Repair(rung="another_python", cause="python_version_too_new", what=what, why=why, changes=False)
    return repair, replace(attempt, recipe=recipe, choice=choice)


def default_builds(attempt: Attempt, why: str) -> Step:
    """Return the step from the wheel folder's CPU builds to the index's own builds of the time."""
    names = ", ".join(wheel.name for wheel in attempt.recipe.folder_wheels)
    repair = Repair(
        rung="as_of_date", cause="other", what=f"The index's build of {names}, instead of the wheel folder's.",
        why=why, changes=False,
    )  # fmt: skip
    recipe = replace(attempt.recipe, folder_wheels=())
    return repair, replace(attempt, recipe=recipe, default_builds=True)


def after_refusal(refusal: str, attempt: Attempt, want: Wanted, tried: frozenset[str]) -> Step | None:
    """Return the next repair after an environment could not be resolved or built; None at the end of the ladder.

    `refusal` is what the resolver said. Rungs: source distributions, the next Python at hand, the conflicting pins
    left open, packages that the index does not have left out.
    Builds out of the wheel folder are given up before any of them.
    """
    recipe = attempt.recipe
    if recipe.folder_wheels:
        return default_builds(attempt, refusal[:400])
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
    if recipe.as_of and re.search(r"there (?:is|are) no versions? of|exclude-newer", " ".join(refusal.split())):
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


def in_force(repair: Repair, after: Attempt, final: Attempt) -> bool:
    """Return whether a step still holds in the attempt that was built; what was tried in vain does not."""
    if repair.changes:
        return True
    same = after.choice == final.choice and after.recipe.as_of == final.recipe.as_of
    if repair.rung == "another_python":
        return after.choice == final.choice
    return (
        same and after.recipe.sources <= final.recipe.sources and bool(after.recipe.later) <= bool(final.recipe.later)
    )


def _unknown_to_index(name: str, refusal: str) -> bool:
    text = " ".join(refusal.split())
    return f"{name} was not found in the package registry" in text or f"there are no versions of {name} " in text
