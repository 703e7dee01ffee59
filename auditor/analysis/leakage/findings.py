"""From what a run met to leaks: each with both ends, the way between, and a severity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from auditor.analysis.flow.rows import Path, Rows, Selection, apart, contain, relation
from auditor.analysis.flow.values import Mark, Marks, Place
from auditor.analysis.leakage.events import Evaluation, Fit, Ledger, Split
from auditor.analysis.leakage.operations import RESAMPLING, SEVERITY, Severity

_TEST = re.compile(r"(^|[^A-Za-z])te?st", re.I)
_HELD_OUT = re.compile(r"(?:^|[^A-Za-z])(?:te?st|te(?![A-Za-z])|val|dev|eval|held)", re.I)
LeakKind = Literal["preprocessing", "resampling", "evaluation", "repeated-test", "selection", "order", "groups"]


@dataclass(frozen=True, slots=True)
class Leak:
    """One leak: from the line of its cause to the line of the evaluation that it spoils, and what lies between."""

    kind: LeakKind
    severity: Severity
    cause: Place
    effect: Place
    between: tuple[Place, ...] = ()
    operation: str = ""
    """What was done, as the mark's kind or the evaluation's way."""
    name: str = ""
    """The call or object that did it."""
    data: str = ""
    """The author's name of the data."""
    how: str = ""
    """The way of the evaluation."""
    train: str = ""
    test: str = ""
    """The author's names of what was trained and tested on."""
    both: bool = True
    """Of preprocessing: training data and test data went through it, not the test data alone."""
    fitted: bool = False
    """An object was fitted for it, which could have been fitted on other rows."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A training and an evaluation of the same object: how their rows relate, and what both owe to test rows."""

    fit: Fit
    evaluation: Evaluation
    seen: Fit | None
    """The last training on rows that are evaluated: of a network also an earlier one."""
    disjoint: bool
    """Whether `fit` and the evaluation surely have no row in common."""
    marks: tuple[Mark, ...]
    """Statistics over the evaluated rows that went into the training or the evaluated data."""

    @property
    def same_rows(self) -> bool:
        """Whether rows of the evaluation surely were trained on."""
        return self.seen is not None

    @property
    def trained_on_more(self) -> bool:
        """Whether the training's rows are the evaluated ones and others: a part cut off for testing was trained on."""
        rows = self.seen.rows if self.seen else frozenset()
        return any(relation(one, other) == "around" for one in rows for other in self.evaluation.rows)


def pairs(ledger: Ledger) -> Iterator[Pair]:
    """Yield every evaluation with the training that it tests."""
    for event in ledger.evaluations:
        if not event.rows or event.how == "cross-validation":
            continue
        fits = event.fits or ledger.trained_by_gradient.get(id(event.thing), [])[-1:]
        if not fits or not fits[-1].rows:
            continue
        fit = fits[-1]
        marks = tuple(
            mark
            for mark in sorted(fit.marks | event.marks, key=lambda m: (m.place.line, m.kind))
            if mark.kind != "order" and contain(mark.rows, event.rows) and mark.place != fit.place
        )
        seen = next((one for one in reversed(fits) if _shared(one.rows, event.rows) or _versions(one, event)), None)
        yield Pair(fit, event, seen, apart(fit.rows, event.rows) and not _versions(fit, event), marks)


def _shared(rows: Rows, others: Rows) -> bool:
    """Return whether one of them surely holds rows of the other."""
    return any(relation(one, other) in ("same", "around", "inside") for one in rows for other in others)


def _versions(fit: Fit, event: Evaluation) -> bool:
    """Return whether rows of two sources are the same examples, noisy or turned, say: both have the same targets.

    The targets must be of a file that the code names: one line may read several. What bears the name of test targets
    may be another column or part of that file.
    """
    sources = {path[0] for path in fit.rows} & {path[0] for path in event.rows}
    named = all(re.match(r"read \[['\"]", str(path[0])) for path in fit.targets | event.targets)
    return not sources and named and not _HELD_OUT.search(event.targets_name) and _shared(fit.targets, event.targets)


def leaks(ledger: Ledger) -> list[Leak]:
    """Return the leaks of a run, the gravest first."""
    found: dict[tuple[object, ...], Leak] = {}
    known = list(pairs(ledger))
    crossed = any(event.how == "cross-validation" for event in ledger.evaluations)
    every = [
        _data_leaks(known),
        _split_leaks(ledger, known),
        _cross_validated(ledger),
        _on_training_rows(known, crossed),
    ]
    for leak in chain(
        *every, _order_ignored(ledger), _groups_ignored(ledger), _chosen(ledger, known), _repeated(ledger, known)
    ):
        found.setdefault((leak.kind, leak.cause, leak.operation), leak)
    order = {"high": 0, "medium": 1, "low": 2}
    return sorted(found.values(), key=lambda leak: (order[leak.severity], leak.cause.line, leak.effect.line))


def _data_leaks(known: list[Pair]) -> Iterator[Leak]:
    """Yield statistics and resamplings over rows that are tested on afterwards."""
    told: set[tuple[Mark, bool]] = set()
    for pair in known:
        if pair.seen is pair.fit:
            continue
        for mark in pair.marks:
            both = mark in pair.fit.marks
            if (mark, both) in told or (not both and not refitted(mark)):
                continue
            told.add((mark, both))
            how = "validation" if pair.evaluation.how == "validation" else ""
            leak = _of_mark(mark, pair.evaluation.place, (pair.fit.place,), both, how)
            yield replace(leak, train=pair.fit.name, test=pair.evaluation.name)


def refitted(mark: Mark) -> bool:
    """Return whether what reached the test data alone is a fault: what was fitted to train with was fitted anew.

    A mean that fills the test rows' gaps, or a list of their categories, is nothing that the model learns from.
    """
    return mark.fitted and mark.kind not in (*RESAMPLING, "categories", "model")


def _of_mark(mark: Mark, effect: Place, between: tuple[Place, ...], both: bool = True, how: str = "") -> Leak:
    kind: LeakKind = "resampling" if mark.kind in RESAMPLING else "preprocessing"
    severity = SEVERITY[mark.kind] if both else "low"  # type: ignore[index]
    name = (mark.names or ("",))[0]
    return Leak(kind, severity, mark.place, effect, between, mark.kind, mark.name, name, how, both=both,
                fitted=mark.fitted)  # fmt: skip


def _split_leaks(ledger: Ledger, known: list[Pair]) -> Iterator[Leak]:
    """Yield what was done over all rows before they were cut, where nothing that follows shows the test."""
    if known or any(event.rows for event in ledger.evaluations):
        return
    for split in ledger.splits:
        for mark in sorted(_over(split.marks, split.rows), key=lambda m: m.place.line):
            yield _of_mark(mark, split.place, ())


def _over(marks: Marks, rows: Rows) -> list[Mark]:
    return [mark for mark in marks if mark.kind != "order" and contain(mark.rows, rows)]


def _cross_validated(ledger: Ledger) -> Iterator[Leak]:
    """Yield what was done over all rows before a cross-validation cut them."""
    for event in ledger.evaluations:
        if event.how == "cross-validation":
            for mark in sorted(_over(event.marks, event.rows), key=lambda m: m.place.line):
                yield _of_mark(mark, event.place, (), how=event.how)


def _on_training_rows(known: list[Pair], crossed: bool) -> Iterator[Leak]:
    """Yield scores on the rows of the training, in programs that test nothing on other rows.

    People print training scores beside the others on purpose; what a gradient trained, and what was given no targets,
    is often rightly looked at on its own rows; rows of unknown origin may differ under one name.
    """
    if crossed or any(not pair.same_rows or pair.fit.name != pair.evaluation.name for pair in known):
        return
    for pair in known:
        event, fit = pair.evaluation, pair.fit
        read = all(str(path[0]).startswith("read ") for path in fit.rows | event.rows)
        deliberate = "train" in event.name.lower()  # what is called training data is not taken for test data
        if event.scored and fit.supervised and fit.within == event.within and read and not deliberate:
            yield Leak("evaluation", "high", fit.place, event.place, (), event.how, fit.name, event.name)


def _order_ignored(ledger: Ledger) -> Iterator[Leak]:
    """Yield splits that mix rows into which values of the rows before or after them were put."""
    for split in ledger.splits:
        for mark in sorted(split.marks, key=lambda m: m.place.line):
            if split.shuffles and mark.kind == "order":
                yield Leak("order", "medium", mark.place, split.place, (), "order", mark.name, split.name)


def _groups_ignored(ledger: Ledger) -> Iterator[Leak]:
    """Yield splits of rows that another split of the program keeps together by group."""
    kept: dict[Path, Split] = {}
    for split in ledger.splits:
        if split.groups and split.groups != "None":
            kept.update({path: split for path in split.rows if path not in kept})
    for split in ledger.splits:
        other = next((kept[path] for path in sorted(split.rows, key=repr) if path in kept), None)
        if other is not None and split.shuffles and not split.groups:
            yield Leak("groups", "medium", other.place, split.place, (), "groups", other.groups, split.name)


def _chosen(ledger: Ledger, known: list[Pair]) -> Iterator[Leak]:
    """Yield held-out rows by which the best of several was chosen, where no others were left to test it on."""
    held = [pair for pair in known if pair.disjoint]
    choosing = {_held_out(pair.evaluation.rows) for pair in held if pair.evaluation.chooses}
    if any(_held_out(pair.evaluation.rows) not in choosing for pair in held) or _tested_anew(ledger, held, choosing):
        return
    told: set[Rows] = set()
    for pair in held:
        rows, event = _held_out(pair.evaluation.rows), pair.evaluation
        if not event.chooses or rows in told or not _of_known_origin(event.rows):
            continue
        last = [other.evaluation for other in held if _held_out(other.evaluation.rows) == rows][-1]
        if event.how == "validation" and last.how == "validation" and not _TEST.search(event.name):
            continue  # what is only validated on is said to be no more
        told.add(rows)
        yield Leak("selection", "high", event.place, last.place, (pair.fit.place,), "chosen", event.name, event.name,
                   event.how, pair.fit.name, event.name)  # fmt: skip


def _tested_anew(ledger: Ledger, held: list[Pair], choosing: set[Rows]) -> bool:
    """Return whether, after the choice, what was not seen to be trained (its best state was loaded) is tested.

    On rows of its own, that is: neither those of the choice nor any that were trained on.
    """
    known = [*choosing, *(pair.fit.rows for pair in held)]
    last = max((pair.evaluation.number for pair in held if pair.evaluation.chooses), default=0)
    later = (e for e in ledger.evaluations[last + 1 :] if e.rows and e.scored and not e.fits)
    return any(_of_known_origin(e.rows) and all(apart(e.rows, rows) for rows in known) for e in later)


def _of_known_origin(rows: Rows) -> bool:
    """Return whether rows were read from somewhere or cut off by a split: others may turn out to be any rows."""
    return all(
        str(path[0]).startswith("read ") or any(isinstance(part, Selection) and part.kind == "split" for part in path)
        for path in rows
    )


def _repeated(ledger: Ledger, known: list[Pair]) -> Iterator[Leak]:
    """Yield test rows that several trainings were measured on, none of them left for the end."""
    cuts = {split.key: split for split in ledger.splits}
    uses: dict[Rows, list[Pair]] = {}
    for pair in known:
        measured = pair.evaluation.scored or pair.evaluation.how != "predict"
        if pair.disjoint and measured:
            uses.setdefault(_held_out(pair.evaluation.rows), []).append(pair)
    for several in uses.values():
        trainings = {(pair.fit.place, pair.fit.number) for pair in several}
        watched = {pair.evaluation.place for pair in several if pair.evaluation.how == "validation"}
        later = {pair.evaluation.place for pair in several} - watched
        looped = [pair for pair in several if _same_each_round(pair, cuts)]
        if len(trainings) > 1 or looped or (watched and later):
            first, last = several[0], several[-1]
            between = tuple(pair.evaluation.place for pair in several[1:-1][:6])
            ends = first.evaluation.place, last.evaluation.place
            yield Leak("repeated-test", "low", *ends, between, "repeated", "", last.evaluation.name)


def _same_each_round(pair: Pair, cuts: dict[str, Split]) -> bool:
    """Return whether a loop trains and tests again and again, on test rows that were cut off before it."""
    loops = set(pair.fit.loops) & set(pair.evaluation.loops)
    keys = {part.key for path in pair.evaluation.rows for part in path if isinstance(part, Selection)}
    inside = any(cuts[key].folds or loops & set(cuts[key].loops) for key in keys if key in cuts)
    return bool(loops) and not inside


def _held_out(rows: Rows) -> Rows:
    """Return the rows without the conditions that were put on them since they were cut off."""
    found = []
    for path in rows:
        end = len(path)
        while end > 1 and isinstance(last := path[end - 1], Selection) and last.kind == "mask":
            end -= 1
        found.append(path[:end])
    return frozenset(found)
