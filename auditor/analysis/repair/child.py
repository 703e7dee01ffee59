"""The part of a repair that parses a stranger's file: in a confined child, from its text to its new text."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from auditor.analysis.leakage.findings import Leak
from auditor.analysis.leakage.operations import RESAMPLING
from auditor.analysis.repair.crossing import in_order, into_pipeline, only_transform
from auditor.analysis.repair.mending import Fix, mend
from auditor.analysis.repair.script import Refused, Script
from auditor.analysis.repair.seeding import Unseeded, seed
from auditor.analysis.repair.splits import OTHERWISE, move_below_split
from auditor.analysis.repair.validation import hold_out
from auditor.repository.code.syntax import facts_of
from auditor.repository.model import Source


@dataclass(frozen=True)
class Faults:
    """One file with its faults, all with both ends in it: leaks, what is not seeded, or hazards."""

    path: str
    text: str
    leaks: tuple[Leak, ...] = ()
    unseeded: Unseeded | None = None
    fixes: tuple[Fix, ...] = ()
    notebook: bool = False
    imported: bool = False
    """Other files of the program import it."""


@dataclass(frozen=True)
class Rewritten:
    """What came of it: the new text with its facts (None where it is the old one), and why some faults stay."""

    path: str
    text: str
    source: Source | None
    repaired: int
    refused: tuple[str, ...] = ()


def rewrite_each(several: list[Faults]) -> list[Rewritten]:
    """Return each file as it is rewritten."""
    return [rewrite(faults) for faults in several]


def rewrite(faults: Faults) -> Rewritten:
    """Return a file's text without the faults that can be repaired safely; the others' reasons in their order."""
    if faults.unseeded is not None:
        wanted = faults.unseeded
        repairs: list[Callable[[Script, Callable[[int], int]], None]] = [lambda script, at: seed(script, wanted)]
    elif faults.fixes:
        repairs = [_of_hazard(fix) for fix in faults.fixes]
    else:
        order = sorted(faults.leaks, key=lambda leak: -leak.cause.line)  # the last first: it makes room for the others
        repairs = [_of_leak(leak) for leak in order]
    text, refused = faults.text, []
    moves: list[Script] = []

    def at(line: int) -> int:
        for earlier in moves:
            line = earlier.line_after(line)
        return line

    tree: ast.Module | None = None
    for repair in repairs:
        script = Script(text, faults.imported, parsed=tree)
        try:
            repair(script, at)
            changed = script.edited()
            tree_of_changed = ast.parse(changed)
        except Refused as why:
            refused.append(str(why))
            continue
        except (SyntaxError, ValueError, RecursionError):
            refused.append("the rewritten file would not parse")
            continue
        text, tree = changed, tree_of_changed
        moves.append(script)
    source = facts_of(faults.path, text, faults.notebook) if moves else None
    return Rewritten(faults.path, text, source, len(moves), tuple(dict.fromkeys(refused)))


def _of_hazard(fix: Fix) -> Callable[[Script, Callable[[int], int]], None]:
    """Return the repair of a hazard."""
    return lambda script, at: mend(script, at(fix.line), fix)


def _of_leak(leak: Leak) -> Callable[[Script, Callable[[int], int]], None]:
    """Return the repair of a leak, as a function of a file and of where the lines of its first text stand by now."""

    def repair(script: Script, at: Callable[[int], int]) -> None:
        cause, effect = at(leak.cause.line), at(leak.effect.line)
        if leak.kind == "order":
            in_order(script, effect)
        elif leak.kind == "selection" and leak.how == "validation":
            hold_out(script, cause)
        elif leak.kind not in ("preprocessing", "resampling"):
            raise Refused("which rows to keep for the choice is the author's to say")
        elif leak.how == "cross-validation":
            into_pipeline(script, cause, effect, leak.operation in RESAMPLING)
        elif not leak.both:
            only_transform(script, cause, leak.train)
        elif leak.operation in ("augmentation", "augmented_reading"):
            raise Refused(OTHERWISE)
        else:
            move_below_split(script, cause)

    return repair
