"""A checklist as data, and the scorecard that findings give under it."""

from __future__ import annotations

from typing import Literal

from auditor.findings import Status
from auditor.record import Record
from auditor.text import Line

Answerer = Literal["paper", "repository", "rerun", "human"]
Score = Literal["readiness", "outcome"]
Letter = Literal["A", "B", "C", "D", "E", "F"]


class Item(Record):
    """One line of a checklist. `checks` answer it, all of them or `any`; none where only a human can judge.

    `number` is the standard's own. `levels` says which of its checks' levels count as what, where the item is coarser
    or finer than the check. `weight` counts within its score; an item of weight 0 is told and counts nowhere.
    """

    id: str
    number: str
    text: Line
    checks: tuple[str, ...] = ()
    any: bool = False
    weight: float = 1.0
    answered_by: tuple[Answerer, ...]
    levels: dict[str, Status] = {}
    passages: tuple[str, ...] = ()
    """For an item that only a human can judge: words of the titles of the sections in which to look."""


class Part(Record):
    """A group of items that feed one of the two scores."""

    id: str
    title: Line
    score: Score
    items: tuple[Item, ...]


class Cap(Record):
    """The best letter possible while `check` has one of these statuses."""

    check: str
    status: tuple[Status, ...]
    at_most: Letter
    because: Line
    after_rerun: bool = False
    """Whether it holds only where the code was run."""


class Grading(Record):
    """How two scores become a letter: thresholds, the weight of each score where both exist, and caps."""

    letters: dict[Letter, float]
    readiness_weight: float
    outcome_weight: float
    incomplete_below: float = 0.5
    """The share of the weight that must have been answered."""
    caps: tuple[Cap, ...] = ()


class Checklist(Record):
    """A checklist file."""

    name: str
    title: Line
    version: str
    source: Line
    about: Line
    parts: tuple[Part, ...]
    grading: Grading

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in order."""
        return tuple(item for part in self.parts for item in part.items)

    @property
    def checks(self) -> tuple[str, ...]:
        """The ids of all checks it needs, caps included, each once, in order."""
        named = [c for item in self.items for c in item.checks] + [cap.check for cap in self.grading.caps]
        return tuple(dict.fromkeys(named))


class ItemResult(Record):
    """What the findings say on one item; `checks` are the ids of the findings it rests on."""

    item: str
    part: str
    number: str
    text: Line
    score: Score
    weight: float
    status: Status
    checks: tuple[str, ...] = ()
    human: bool = False
    """Whether only a human can judge it."""


class ScoreResult(Record):
    """A score from 0 to 100 over the weight that was answered; None where nothing was. `coverage` is that share."""

    value: float | None
    coverage: float
    answered: int
    total: int


class Improvement(Record):
    """A next step and what it would give: points of its score, and the letter it would lead to.

    `gain` is None where too little could be answered to tell.
    """

    item: str
    check: str
    gain: float | None
    score: Score
    letter: Letter | None
    remedy: Line


class Scorecard(Record):
    """The grade of an audit and everything it follows from."""

    checklist: str
    checklist_version: str
    readiness: ScoreResult
    outcome: ScoreResult
    total: float | None
    """The weighted mean of the two scores, before caps."""
    letter: Letter | None
    """None where too little could be answered to give one."""
    uncapped: Letter | None
    caps: tuple[Cap, ...] = ()
    """The caps that applied, tightest first."""
    provisional: bool
    """True where nothing was executed."""
    incomplete: bool
    """True where less than the checklist's share of the weight could be answered."""
    items: tuple[ItemResult, ...]
    improvements: tuple[Improvement, ...] = ()

    @property
    def grade(self) -> str:
        """The letter in words: `B`, `B (provisional)`, `C (incomplete, provisional)`, `none (incomplete)`."""
        words = [word for word, flag in (("incomplete", self.incomplete), ("provisional", self.provisional)) if flag]
        return (self.letter or "none") + (f" ({', '.join(words)})" if words else "")
