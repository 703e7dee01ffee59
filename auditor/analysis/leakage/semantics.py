"""What libraries do with data and estimators, as far as leakage is concerned: the semantics of the program model."""

from __future__ import annotations

from typing import Any

from auditor.analysis.flow import indexing
from auditor.analysis.flow.call import Call
from auditor.analysis.flow.machine import Machine
from auditor.analysis.flow.rows import NOTHING
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.texts import text_of
from auditor.analysis.flow.values import (
    NO_MARKS,
    Class,
    Constant,
    Data,
    Group,
    Mark,
    Place,
    Thing,
    Value,
    data_of,
    merged,
    things_in,
)
from auditor.analysis.leakage import operations as words
from auditor.analysis.leakage.events import Evaluation, Fit, Ledger
from auditor.analysis.leakage.frameworks import SESSION, TRAINER, Frameworks
from auditor.analysis.leakage.functions import CATEGORIES, Functions
from auditor.analysis.leakage.table_methods import TableMethods
from auditor.analysis.leakage.typed import Looks

FITS_LIMIT = 8
"""So many trainings of one network are looked back at."""


class Leakage(TableMethods, Functions, Frameworks):
    """The semantics; it notes trainings, evaluations and splits in its ledger."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.machine = Machine(self)
        self._stand_ins: dict[int, tuple[Value, Thing]] = {}
        self._named: dict[str, Thing] = {}
        self.looks = Looks()

    # Objects

    def method(self, base: Value, name: str, call: Call) -> Value:
        """Return what a method of data or of an object gives."""
        if isinstance(base, Group):
            return self.group_method(base, name, call)
        if isinstance(base, Thing):
            return self.thing_method(base, name, call)
        if isinstance(base, Data) and self._is_estimator_call(base, name, call):
            return self.thing_method(self._stand_in(base, call.place), name, call)
        if isinstance(base, Data):
            return self.data_method(base, name, call)
        return merged([data_of(value) for value in call.values])

    def _is_estimator_call(self, base: Data, name: str, call: Call) -> bool:
        """Return whether a value of unknown kind is used as an estimator."""
        if id(base) in self._stand_ins:
            return True
        estimating = name in words.FIT or name in words.PREDICT or name in words.SCORE or name in words.FIT_TRANSFORM
        return (estimating or name in words.RESAMPLE) and bool(call.arguments or call.keywords)

    def _stand_in(self, base: Data, place: Place) -> Thing:
        """Return the object that a value of unknown kind is, each time the same."""
        return self._stand_ins.setdefault(id(base), (base, Thing(base.opaque or "", place, base.name)))[1]

    def named_thing(self, name: str, place: Place) -> Thing:
        """Return the object of a name that nothing in the program binds."""
        return self._named.setdefault(name, Thing(name, place, name))

    def thing_method(self, thing: Thing, name: str, call: Call) -> Value:
        """Return what a method of an estimator, network, splitter or other object gives."""
        if thing.type.rpartition(".")[2] and words.FOLDS.search(thing.type) and name == "split":
            return self.folds(thing, call)
        if name in ("minimize", "apply_gradients"):
            return thing
        if name == "run" and SESSION.search(thing.type):
            return self.session_run(thing, call)
        if TRAINER.search(thing.type) and (done := self.trainer_method(thing, name, call)) is not None:
            return done
        if name in words.RESAMPLE:
            return self._resample(thing, call)
        if name in words.FIT_TRANSFORM:
            self._fit(thing, call)
            return self._transformed(thing, call)
        if name in words.FIT:
            self._fit(thing, call)
            return thing
        if name in words.TRANSFORM:
            return self._transformed(thing, call)
        if name in words.PREDICT or name in words.SCORE:
            return self._evaluated(thing, name, call)
        if name in words.LEARNED:
            return self._learned(thing, call.place)
        if name.startswith("flow") and thing.type.endswith("ImageDataGenerator"):
            return self.generated(thing, call)
        if name == "named_parameters" or name == "parameters" or name == "state_dict":
            return Data()
        given = merged([data_of(value) for value in call.values])
        if given.rows and name not in ("compile", "add", "append", "set_params"):
            return self._network_output(thing, given, call) if name in ("forward", "__call__") else given
        for value in call.arguments[:3]:
            if isinstance(value, Thing) and len(thing.parts) < 60:
                thing.parts.append(value)
        return thing

    def _input(self, call: Call) -> tuple[Data, str]:
        data = data_of(call.argument(0, "X", "x", "X_train", "train_set", "dtrain", "train_data"))
        if call.arguments or call.keywords:
            data.identify(call.place)
        return data, call.argument_text(0, "X", "x", "train_set", "dtrain")

    def _fit(self, thing: Thing, call: Call) -> Fit:
        data, name = self._input(call)
        if not call.arguments and not data.rows:
            data = merged([data_of(part) for part in thing.parts if not isinstance(part, Thing)])
        fit = self.ledger.fit(thing, data.rows, data.all_marks(), call.place, name, call.loops)
        fit.within = call.within
        fit.supervised = len(call.arguments) > 1 or "y" in call.keywords
        fit.targets = data_of(call.argument(1, "y")).rows
        for key in ("validation_data", "eval_set", "valid_sets", "evals", "eval_data"):
            if key in call.keywords:
                written = next(value for name, value in call.node[4] if name == key)
                self._validate(thing, fit, call.keywords[key], written, call)
        return fit

    def _validate(self, thing: Thing, fit: Fit, value: Value, written: Any, call: Call) -> None:
        pairs = value.elements if isinstance(value, Group) else [value]
        if pairs and not isinstance(pairs[0], Group):
            pairs = [value]
        chosen = self.chosen_by(thing, call)
        for number, pair in enumerate(pairs):
            inputs = pair.elements[0] if isinstance(pair, Group) and pair.elements else pair
            data = data_of(inputs)
            if data.rows and not data.rows & fit.rows:
                name = _inputs_text(written, number if pair is not value else None)
                event = Evaluation(
                    0, thing, [fit], data.rows, data.all_marks(), call.place, name, call.loops, "validation"
                )
                event.chooses = chosen and pair is pairs[-1]  # of several, the last one decides
                self.ledger.evaluate(event)

    def _last_fit(self, thing: Thing) -> Fit | None:
        fitted = (one for one in things_in(thing, lambda value: isinstance(value, Thing)) if one.fits)
        last = next(fitted, None)
        return self.ledger.fits[last.fits[-1]] if last is not None else None

    def _fits(self, thing: Thing) -> list[Fit]:
        """Return the trainings that an object's answers rest on: a network goes on from where it was, others anew."""
        fit = self._last_fit(thing)
        if fit is None:
            return []
        if words.NETWORK.search(thing.type) and thing.fits:
            return [self.ledger.fits[number] for number in thing.fits[-FITS_LIMIT:]]
        return [fit]

    def fit_marks(self, thing: Thing, kind: words.Kind | None = None) -> frozenset[Mark]:
        """Return the marks that what this object learned leaves on what it transforms."""
        kind = kind or kind_of(thing)
        fit = self._last_fit(thing)
        if fit is None or kind is None or not fit.rows:
            return NO_MARKS
        name = f"{thing.name or thing.type.rpartition('.')[2]}"
        return frozenset([Mark(kind, name, fit.place, fit.rows, (fit.name,), fitted=True)])

    def _transformed(self, thing: Thing, call: Call) -> Value:
        data, _ = self._input(call)
        marks = self.fit_marks(thing)
        found = data.copy(marks=data.marks | marks, test=None)
        if data.series:
            found.series = True
        return found

    def _resample(self, thing: Thing, call: Call) -> Value:
        data, name = self._input(call)
        target = data_of(call.argument(1, "y"))
        kind = thing.type.rpartition(".")[2] or thing.name
        marks = data.marks
        if words.multiplies_rows(kind):
            mark = Mark("resampling", kind, call.place, data.rows, (name,))
            marks = marks | {mark}
        return Group([data.copy(marks=marks), target.copy(marks=target.marks | marks)])

    def _evaluated(self, thing: Thing, name: str, call: Call) -> Value:
        data, text = self._input(call)
        if data.item and not call.loops:  # a single row is looked at, nothing is measured
            return data.copy(used=frozenset())
        how: Any = "score" if name in words.SCORE else "predict"
        event = Evaluation(
            0,
            thing,
            self._fits(thing),
            data.rows,
            data.all_marks(),
            call.place,
            text,
            call.loops,
            how,
            how == "score",
            within=call.within,
            targets=data_of(call.argument(1, "y")).rows if how == "score" else NOTHING,
            targets_name=call.argument_text(1, "y"),
        )
        used = self.ledger.evaluate(event)
        if how == "score":
            return Data(used=used)
        learned = self.fit_marks(thing, "model")
        return Data(data.rows, data.all_marks() | learned, item=data.item, used=used | data.used)

    def _learned(self, thing: Thing, place: Place) -> Data:
        fit = self._last_fit(thing)
        if fit is None or not fit.rows or thing.type.endswith("VarianceThreshold"):
            return Data()
        mark = Mark("selection", thing.name or thing.type, fit.place, fit.rows, (fit.name,))
        return Data(marks=frozenset([mark]))

    def invoke(self, thing: Value, call: Call) -> Value:
        """Return what calling an object gives, or a value of unknown kind."""
        given = merged([data_of(value) for value in call.values])
        if isinstance(thing, Data) and not thing.rows:  # perhaps a network: a gradient will tell
            return self._network_output(self._stand_in(thing, call.place), given, call)
        if not isinstance(thing, Thing):
            return merged([data_of(thing), given])
        last = thing.type.rpartition(".")[2]
        if thing.type == "method" and isinstance(thing.parts[0], Thing):
            return self.thing_method(thing.parts[0], thing.name, call)
        if words.SCORING.search(last):
            self.ledger.score(given.used)
            return Data(used=given.used)
        if kind_of(thing) not in (None, "transform"):  # a layer that prepares data
            return given.copy(marks=given.marks | self.fit_marks(thing))
        if thing.cls is not None or words.NETWORK.search(thing.type) or words.LAYER.search(thing.type):
            return self._network_output(thing, given, call)
        random = self.random_images(thing)
        if random and given.rows:
            place = call.place
            mark = Mark("augmentation", random, place, given.rows, ())
            return given.copy(marks=given.marks | {mark})
        return given

    def _network_output(self, thing: Thing, given: Data, call: Call) -> Value:
        fit = self._last_fit(thing)
        event = Evaluation(
            0,
            thing,
            [fit] if fit else [],
            given.rows,
            given.all_marks(),
            call.place,
            call.argument_text(0),
            call.loops,
            "predict",
        )
        used = self.ledger.evaluate(event) if given.rows else frozenset()
        return Data(given.rows, given.all_marks(), used=used | given.used)

    def random_images(self, value: Value | None) -> str:
        """Return the name of a random image transformation that an object is or holds; empty where it has none."""
        names = (one.type.rpartition(".")[2] for one in things_in(value, _composes))
        return next((name for name in names if words.RANDOM_IMAGES.match(name)), "")

    # Attributes and items

    def attribute(self, base: Value, name: str, place: Place) -> Value:
        """Return an attribute of data or of an object."""
        if isinstance(base, Thing):
            if name in words.LEARNED:
                return self._learned(base, place)
            if name in ("best_estimator_", "model", "module", "estimator", "history"):
                return base
            if name in words.FIT_TRANSFORM or name in words.TRANSFORM or name in words.PREDICT or name in words.FIT:
                return Thing("method", place, name, [base])
            return Data()
        if isinstance(base, Data):
            if name in ("index", "columns") and not base.rows:  # names that a statistic was asked for, not its numbers
                return Data(marks=frozenset(mark for mark in base.all_marks() if mark.kind == "selection"))
            if name in indexing.SHAPES:
                return Data()
            if name in indexing.SAME:
                return base
            if name == "index":
                return Data(base.rows, item=base.item)
            if name == "codes" and base.owner is not None and base.owner[1] == CATEGORIES:
                return self.coded(base.owner[0], place)
            return indexing.part_of_read(base, name) or base.column(name)
        return Data()

    def item(self, base: Value, index: Value | None, node: Any, scope: Scope) -> Value:
        """Return `base[index]`."""
        if isinstance(base, Thing):
            return base.parts[0] if base.parts else Data()
        return indexing.item(base, index, node, scope)

    def set_item(self, base: Value, index: Any, value: Value, place: Place) -> None:
        """Carry out `base[index] = value`."""
        literal = isinstance(base, Data) and isinstance(value, Constant)
        typed = self.looks.cut_or_filled(base, index, value, place) if literal else None  # type: ignore[arg-type]
        if typed is not None:
            value = Data(marks=frozenset([typed]))
        indexing.set_item(base, index, _literal(index), value)

    def set_attribute(self, base: Data, name: str, value: Value, place: Place) -> None:
        """Carry out `base.name = value`: an attribute of a table is a column of it."""
        base.set_column(name, data_of(value))

    def instance(self, cls: Class, call: Call) -> None:
        """Making an object of the program's own class does nothing to rows but what its `__init__` does."""

    def data_set(self, cls: Class, call: Call) -> Value:
        """Return the rows of the program's own data set."""
        whole = merged([data_of(value) for value in call.values])
        return whole.copy(opaque="") if whole.rows else self._read(cls.name, call)

    def bound(self, target: Any, value: Value, place: Place) -> None:
        """Give data and objects the name that they were last bound to."""
        if isinstance(value, Data | Thing) and not (isinstance(value, Thing) and value.name):
            value.name = target[1]

    def compared(self, values: list[Value], texts: list[str]) -> None:
        """Comparing predictions with something is a way to score them; with the best so far, a way to choose."""
        for value in values:
            if isinstance(value, Data):
                self.ledger.score(value.used)
                if value.used and any(words.BEST.search(text) for text in texts):
                    self.ledger.choose(value.used)


def kind_of(thing: Thing) -> words.Kind | None:
    """Return what an object does to what it transforms, the gravest of several steps; None for nothing."""
    steps = [one for one in things_in(thing, _combines) if not _combines(one)] or [thing]
    return words.gravest(words.kind_of_class(step.type) for step in steps)


def _combines(value: Value) -> bool:
    """Return whether a value is a list or an object of several steps."""
    return not isinstance(value, Thing) or words.COMBINED.match(value.type.rpartition(".")[2]) is not None


def _composes(value: Value) -> bool:
    """Return whether a value is a list or an object of several transformations of images."""
    return not isinstance(value, Thing) or words.COMPOSE.match(value.type.rpartition(".")[2]) is not None


def _inputs_text(node: Any, which: int | None) -> str:
    """Return the inputs of a pair of inputs and targets as written; `which` of several pairs, None for one alone."""
    if which is not None and node and node[0] == "group" and which < len(node[2]):
        node = node[2][which]
    return text_of(node[2][0] if node and node[0] == "group" and node[2] else node)


def _literal(node: Any) -> Value | None:
    """Return an index as a value where it is literal."""
    if node is None:
        return None
    if node[0] == "const":
        return Constant(node[1])
    if node[0] == "group":
        return Group([_literal(part) or Data() for part in node[2]])
    return None
