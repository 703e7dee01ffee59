"""Repairs of hazards whose fix is a change of one call or value; they are seen to be gone when read again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from auditor.analysis.hazards.hazard import Hazard
from auditor.analysis.hazards.programs import Hazards, hazards_of
from auditor.analysis.randomness import Randomness
from auditor.analysis.repair.child import Faults, Rewritten
from auditor.analysis.repair.diff import unified
from auditor.analysis.repair.mending import Fix
from auditor.analysis.repair.repair import Repair, in_child, text_of_file
from auditor.analysis.repair.seeds import holds_whole_number
from auditor.errors import Unreadable
from auditor.repository.model import Source

FILES_LIMIT = 4
PLACES_LIMIT = 12
"""So many places of one file are mended together."""
_MENDED = frozenset({10, 11, 12, 13, 15, 16, 23, 30, 31, 37, 44, 52, 53, 54})
_KERNELS = "whether every operation has a deterministic kernel only a run shows"
_LONGER = "it may take longer, which is the author's to weigh"
_WHY = {
    14: "which calls are to share the generator is the author's to say",
    17: "another updater learns otherwise", 18: _LONGER, 19: _LONGER, 26: _LONGER,
    21: _KERNELS, 22: _KERNELS, 24: _KERNELS, 25: _KERNELS, 27: _KERNELS, 29: _KERNELS, 34: _KERNELS, 41: _KERNELS,
    43: _KERNELS, 45: _KERNELS,
    28: "how the weights are to start is the author's to say",
    32: "which loop counts the epochs is the author's to say",
    35: "which line runs before all others is the author's to say",
    39: "whether answers are to be drawn is the author's to say",
    40: "which revision the results rest on is the author's to say",
    51: "which reset is the first is the author's to say",
    55: "a notebook is mended by running it again",
}  # fmt: skip
_SEED = re.compile(r"\b(?:random_state|seed)=(?P<keyword>[^,()]{1,80})|manual_seed\((?P<call>[^,()]{1,80})\)")


def repair_hazards(hazards: Hazards, found: Sequence[Hazard]) -> Repair:
    """Return how hazards of one subject are mended: by a patch of those that can be, or why there is none."""
    reasons: list[str] = []
    several: dict[str, list[Fix]] = {}
    order = {hazard.kind: at for at, hazard in reversed(list(enumerate(found)))}
    for hazard in sorted((h for h in hazards.places if h.kind in order), key=lambda h: order[h.kind]):
        try:
            fix = _fix(hazards, hazard)
        except Unreadable as why:
            reasons.append(str(why).rstrip("."))
            continue
        fixes = several.setdefault(hazard.at[0], [])
        if fix not in fixes and len(fixes) < PLACES_LIMIT:
            fixes.append(fix)
    try:
        patch, repaired = _patch(hazards, dict(list(several.items())[:FILES_LIMIT]), reasons)
        return Repair(patch, repaired=repaired, why_not=reasons[0] if reasons else "")
    except Unreadable as why:
        return Repair(why_not=str(why).rstrip("."))


def _fix(hazards: Hazards, hazard: Hazard) -> Fix:
    """Return a hazard's fix with the program's own seed in it; raises Unreadable where it is not certain."""
    source = hazards.code.program.sources.get(hazard.at[0])
    if hazard.row not in _MENDED:
        raise Unreadable(_WHY.get(hazard.row, "whether it is meant so is the author's to say"))
    if source is None or source.notebook:
        raise Unreadable("cells of a notebook are shown, not patched")
    if not hazard.certain:
        raise Unreadable("whether all elements can be put into an order is not known")
    if not hazard.known:
        raise Unreadable(f"whether {hazard.holds_for} is used is not known")
    return Fix(hazard.at[1], _SEED.sub(lambda match: _with_seed(hazards, source, match), hazard.fix))


def _with_seed(hazards: Hazards, source: Source, match: re.Match[str]) -> str:
    """Return what gives a seed, with the constant that the program seeds with where it has no name for it."""
    given = match["keyword"] or match["call"]
    if given != "0":
        if not holds_whole_number(hazards.code.program, source, given):
            raise Unreadable(f"whether `{given}` holds a whole number there is not known")
        return match[0]
    fixed = {seeding.value for seeding in hazards.code.randomness.seedings if seeding.fixed}
    numbers = {value for value in fixed if value.isdecimal()}
    if len(fixed) != 1 or not numbers:
        raise Unreadable("no seed of the program is known there")
    return match[0].replace("0", numbers.pop(), 1)


def _patch(hazards: Hazards, several: dict[str, list[Fix]], reasons: list[str]) -> tuple[str, int]:
    """Return the patch and how many places it mends; raises Unreadable, with the first reason, where none."""
    program = hazards.code.program
    faults: list[Faults] = []
    for path, fixes in several.items():
        imported = any(path in paths for paths in program.imports.values())
        try:
            faults.append(Faults(path, text_of_file(program, path).text, fixes=tuple(fixes), imported=imported))
        except Unreadable as why:
            reasons.append(str(why))
    found = in_child(faults) if faults else []
    mended = [item for item in found if item.source is not None]
    known = _gone(hazards, mended) if mended else []
    if not known:
        refused = [why for item in found for why in item.refused]
        raise Unreadable((refused + reasons or ["the hazard was still seen after the change"])[0])
    texts = [(item, text_of_file(program, item.path)) for item in known]
    patch = "".join(unified(item.path, old.whole(old.text), old.whole(item.text)) for item, old in texts)
    return patch, sum(item.repaired for item in known)


def _gone(hazards: Hazards, mended: list[Rewritten]) -> list[Rewritten]:
    """Return the files in which so many hazards fewer are seen as were mended; none where there are new ones."""
    changed = hazards.code.program.with_sources([item.source for item in mended if item.source is not None])
    before, after = _counted(hazards), _counted(hazards_of(Randomness(changed)))
    if after - before:
        return []
    fewer = Counter(path for path, _ in (before - after).elements())
    return [item for item in mended if fewer[item.path] >= item.repaired]


def _counted(hazards: Hazards) -> Counter[tuple[str, int]]:
    return Counter((hazard.at[0], hazard.row) for hazard in hazards.places)
