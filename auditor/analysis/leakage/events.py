"""What a run of the program model met that matters for leakage: trainings, evaluations, splits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from auditor.analysis.flow.rows import NOTHING, Rows
from auditor.analysis.flow.values import Marks, Place, Thing

EVENTS_LIMIT = 3_000
"""The most trainings, evaluations and splits of each that are noted of one run."""


@dataclass(slots=True, eq=False)
class Fit:
    """One training of an object on rows; `name` is the data's name in the source."""

    number: int
    thing: Thing
    rows: Rows
    marks: Marks
    place: Place
    name: str
    loops: tuple[int, ...]
    supervised: bool = False
    """It was given targets."""
    targets: Rows = NOTHING
    within: int = 0
    """The function that it stands in."""


@dataclass(slots=True, eq=False)
class Evaluation:
    """One use of a trained object on rows: a prediction, or a score.

    `scored` is true where the prediction met a metric or was compared with something; `fits` are the trainings that
    came before it and count.
    """

    number: int
    thing: Thing
    fits: list[Fit]
    rows: Rows
    marks: Marks
    place: Place
    name: str
    loops: tuple[int, ...]
    how: Literal["predict", "score", "validation", "cross-validation"]
    scored: bool = False
    chooses: bool = False
    """The best of several was chosen by it."""
    within: int = 0
    targets: Rows = NOTHING
    targets_name: str = ""
    """As written."""


@dataclass(slots=True, eq=False)
class Split:
    """One cut of rows into parts."""

    place: Place
    rows: Rows
    marks: Marks
    name: str
    key: str
    """The key of its selections of rows."""
    loops: tuple[int, ...] = ()
    folds: bool = False
    """It cuts anew for every round of a loop."""
    shuffles: bool = False
    groups: str = ""
    """What it keeps together, as written."""


@dataclass
class Ledger:
    """All events of one run, in order. Predictions are found again by their numbers (`Data.used`)."""

    fits: list[Fit] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    trained_by_gradient: dict[int, list[Fit]] = field(default_factory=dict)
    """By identity of a network: what a loss was taken back through it for."""

    def fit(self, thing: Thing, rows: Rows, marks: Marks, place: Place, name: str, loops: tuple[int, ...]) -> Fit:
        """Note a training and return it."""
        event = Fit(len(self.fits), thing, rows, marks, place, name, loops)
        if len(self.fits) < EVENTS_LIMIT:
            self.fits.append(event)
            thing.fits.append(event.number)
        return event

    def evaluate(self, event: Evaluation) -> frozenset[int]:
        """Note an evaluation and return its number as what its result was made from."""
        if len(self.evaluations) >= EVENTS_LIMIT:
            return frozenset()
        event.number = len(self.evaluations)
        self.evaluations.append(event)
        return frozenset([event.number])

    def split(self, event: Split) -> None:
        """Note a cut of rows."""
        if len(self.splits) < EVENTS_LIMIT:
            self.splits.append(event)

    def score(self, used: frozenset[int]) -> None:
        """Note that predictions met a metric."""
        for number in used:
            self.evaluations[number].scored = True

    def choose(self, used: frozenset[int]) -> None:
        """Note that predictions decided which of several is the best."""
        for number in used:
            self.evaluations[number].chooses = True

    def backward(self, used: frozenset[int], place: Place, loops: tuple[int, ...]) -> None:
        """Note that the gradient of predictions was taken: they were trainings of their objects, no evaluations."""
        for number in used:
            event = self.evaluations[number]
            event.how, event.scored, was = "predict", False, event.fits
            fit = self.fit(event.thing, event.rows, event.marks, event.place, event.name, loops)
            event.fits = [fit] if was is None else []
            self.trained_by_gradient.setdefault(id(event.thing), []).append(fit)
            event.rows = frozenset()
