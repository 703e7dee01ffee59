"""A Finding from statements of one document that were compared with each other."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.claims.contradiction import Agreeing, Contradiction
from auditor.findings import Finding, Status

_SHOWN = 5


def compared(
    check: str,
    comparisons: Iterable[Contradiction | Agreeing],
    nothing: str,
    agreed: str,
    remedy: str,
    if_nothing: Status = Status.UNKNOWN,
) -> Finding:
    """Return the finding on these comparisons: a certain contradiction fails, a doubtful one is partial.

    `nothing` is the sentence and `if_nothing` the status where nothing was compared; `agreed` is the sentence where all
    agree, with `{count}` in it.
    """
    found, fine = [], []
    for one in comparisons:
        if isinstance(one, Contradiction):
            found.append(one)
        else:
            fine.append(one)
    if not found and not fine:
        return Finding(check=check, status=if_nothing, sentence=nothing)
    if not found:
        evidence = tuple(one for pair in fine[:_SHOWN] for one in pair)
        return Finding(
            check=check,
            status=Status.PASS,
            sentence=agreed.format(count=len(fine), s="" if len(fine) == 1 else "s"),
            evidence=evidence,
        )
    certain = [one for one in found if one.certain]
    shown = certain or found
    more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
    return Finding(
        check=check,
        status=Status.FAIL if certain else Status.PARTIAL,
        sentence=f"{shown[0].sentence}{more}.",
        evidence=tuple(one for contradiction in shown[:_SHOWN] for one in contradiction.evidence),
        remedy=remedy,
    )
