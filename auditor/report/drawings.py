"""The geometry of the report's small pictures; the templates turn it into SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass

from auditor.claims.model import Claim
from auditor.report.words import claimed, number, with_unit
from auditor.rerun.model import Verdict
from auditor.scoring.model import ScoreResult

PICTURE_WIDTH = 180.0
_MARGIN = 12.0


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """A bar of the whole weight of a score, in shares from 0 to 1: earned, lost, and not answered."""

    earned: float
    lost: float
    unanswered: float

    @property
    def percents(self) -> tuple[int, int, int]:
        """The three shares in whole percent that add up to 100 (largest remainders are rounded up)."""
        exact = [100 * share for share in (self.earned, self.lost, self.unanswered)]
        whole = [math.floor(value + 1e-9) for value in exact]
        by_remainder = sorted(range(3), key=lambda k: whole[k] - exact[k])
        for k in by_remainder[: 100 - sum(whole)]:
            whole[k] += 1
        return whole[0], whole[1], whole[2]

    @property
    def answered_percent(self) -> int:
        """The share that was answered, in whole percent."""
        return 100 - self.percents[2]

    @property
    def words(self) -> str:
        """The bar in one sentence."""
        earned, lost, unanswered = self.percents
        return f"Of the whole weight {earned} % is earned, {lost} % is lost, {unanswered} % is not answered."


@dataclass(frozen=True, slots=True)
class ClaimPicture:
    """A claim with its bound and what was observed, as horizontal positions from 0 to 180."""

    claim: float
    observed: float
    band: tuple[float, float] | None
    """Left edge and width of the bound."""
    words: str


def score_bar(score: ScoreResult) -> ScoreBar:
    """Return the bar of a score; without a value all of it is unanswered."""
    if score.value is None:
        return ScoreBar(0.0, 0.0, 1.0)
    coverage = min(max(score.coverage, 0.0), 1.0)
    earned = coverage * min(max(score.value, 0.0), 100.0) / 100
    return ScoreBar(earned, coverage - earned, 1 - coverage)


def claim_picture(claim: Claim, verdict: Verdict | None) -> ClaimPicture | None:
    """Return the picture of one comparison, scaled to its own range; None where no finite number was observed."""
    if verdict is None or verdict.observed is None:
        return None
    value, observed, bound = claim.value, verdict.observed, abs(verdict.bound or 0.0)
    if not all(math.isfinite(x) for x in (value, observed, bound)):
        return None
    low, high = min(value - bound, observed), max(value + bound, observed)
    span = (high - low) or 1.0

    def at(x: float) -> float:
        if high == low:
            return PICTURE_WIDTH / 2
        return _MARGIN + (x - low) / span * (PICTURE_WIDTH - 2 * _MARGIN)

    words = f"Claimed {claimed(claim)}, observed {with_unit(number(observed), claim.unit)}"
    if not bound:
        return ClaimPicture(at(value), at(observed), None, words + ".")
    band = (at(value - bound), at(value + bound) - at(value - bound))
    return ClaimPicture(at(value), at(observed), band, f"{words}, bound ± {number(bound)}.")
