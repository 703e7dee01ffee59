"""What the functions and classes of libraries give: sources of rows, splits, statistics, objects."""

from __future__ import annotations

import re

from auditor.analysis.flow.call import Call, element_of
from auditor.analysis.flow.indexing import located
from auditor.analysis.flow.rows import Rows, Selection
from auditor.analysis.flow.values import Constant, Data, Group, Library, Mark, Thing, Value, data_of, merged
from auditor.analysis.leakage import operations as words
from auditor.analysis.leakage.events import Evaluation, Split
from auditor.analysis.leakage.frameworks import noted
from auditor.analysis.leakage.parts import Parts


class Functions(Parts):
    """Calls of libraries' functions."""

    def call(self, function: Library, call: Call) -> Value:
        """Return what a library's function or class gives."""
        name = function.name
        last = name.rpartition(".")[2]
        if not function.imported and "." in name and (found := self._of_unknown(name, call)) is not None:
            return found
        if last in words.SPLITTING:
            return self._split(call, last)
        if last in words.CROSS_VALIDATING:
            return self._cross_validated(call)
        if words.TRAINING.search(name):
            return self._trained(call)
        if last in _SHAPING:
            return self._shaped(last, call)
        given = merged([data_of(value) for value in call.values])
        if ".DataFrame." in name:
            return given.copy(opaque="")
        if last in words.TRANSFORMING:
            return self._transformed_by(last, call)
        if last == "resample":
            return self._resampled(call)
        if name in ("pandas.Categorical", "pd.Categorical"):
            given = data_of(call.argument(0, "values"))
            return given.copy(owner=(given, CATEGORIES))
        if last == "factorize":
            return Group([self.coded(data_of(call.argument(0, "values")), call.place), Data()])
        if words.SCORING.search(last):
            self.ledger.score(given.used)
            if not last[:1].isupper():
                return Data(used=given.used)
        if last in words.AGGREGATES or last in words.CORRELATIONS:
            return self._aggregated(last, call)
        made = words.COMBINED.match(last) or (
            last.startswith("make_") and any(isinstance(v, Thing) for v in call.values)
        )
        if made or last[:1].isupper():
            return self._object(name, call, given)
        if words.READING.search(last) or words.DATA_SETS.search(name):
            return self._read(name, call)
        if last == "early_stopping":
            return Thing(name, call.place)
        if last in words.INDEXING and not given.rows:
            return Data(frozenset({(f"index {call.place.path}:{call.place.line}",)}))
        if given.rows or given.marks or given.used:
            return self._made_of(last, given, function, call)
        things = [value for value in call.values if isinstance(value, Thing)]
        if things:
            return things[0]
        return Data(frozenset({(f"call {_site(call)}",)}), opaque=_site(call)) if _names_data(last) else Data()

    def _made_of(self, last: str, given: Data, function: Library, call: Call) -> Data:
        """Return what a function makes of data: their rows together where it joins, else those of the first."""
        first = next((d for v in call.values if (d := data_of(v)).rows), given)
        opaque = "" if function.imported and last in _JOINING else _site(call)
        if last in _JOINING or first is given:
            pieces = self._pieces(last, call)
            return given.copy(test=None, opaque=opaque, pieces=pieces)
        return given.copy(rows=first.rows, test=None, opaque=opaque, pieces=first.pieces)

    @staticmethod
    def _pieces(last: str, call: Call) -> tuple[Data, ...]:
        """Return the data that are put below each other, in order."""
        listed = call.argument(0, "objs", "arrays")
        axis = call.argument(1, "axis")
        if last not in _STACKING or (isinstance(axis, Constant) and axis.value in words.PER_ROW_AXES):
            return ()
        if not isinstance(listed, Group) or listed.open:
            return ()
        return as_pieces([data_of(element) for element in listed.elements])

    def generated(self, thing: Thing, call: Call) -> Data:
        """Return what an image generator gives: its data, augmented where it was told to change them at random."""
        data = next((d for v in call.values if (d := data_of(v)).rows), None)
        data = data.copy() if data is not None else self._read("flow", call)
        if not thing.augments or data.item:  # of a single row no copy comes to lie elsewhere
            return data
        mark = Mark("augmentation", "ImageDataGenerator", call.place, data.rows, ())
        return data.copy(marks=data.marks | {mark})

    def _of_unknown(self, name: str, call: Call) -> Value | None:
        """Return what a method of a name gives that nothing binds; None where the method is no known one."""
        base, _, last = name.rpartition(".")
        if last in words.FIT | words.FIT_TRANSFORM | words.PREDICT | words.SCORE | words.TRANSFORM | words.RESAMPLE:
            return self.thing_method(self.named_thing(base, call.place), last, call)
        if base in ("np", "pd", "tf", "torch", "plt", "sns", "sklearn", "keras", "scipy", "math", "random"):
            return None
        if "." in base:
            return None
        return self.data_method(data_of(Library(base)), last, call)

    def _split(self, call: Call, how: str) -> Value:
        parts: list[Value] = []
        key = _site(call)
        for position, argument in enumerate(call.arguments):
            data = data_of(argument)
            data.identify(call.place)
            rows: Rows = data.rows or frozenset({(f"index {key}",)})
            whole = data.copy(rows=rows, test=None, opaque="")
            if position == 0:
                split = Split(call.place, rows, data.all_marks(), call.argument_text(0), key, call.loops)
                split.shuffles = _is_true(call.keywords.get("shuffle"), default=True)
                self.ledger.split(split)
            if how == "random_split":
                sizes = call.argument(1, "lengths")
                count = len(sizes.elements) if isinstance(sizes, Group) and not sizes.open else 2
                return Group([whole.selected(Selection("split", key, (str(n),))) for n in range(count)])
            parts += [whole.selected(Selection("split", key, (str(n),))) for n in (0, 1)]
        return Group(parts) if parts else Data()

    def folds(self, thing: Thing, call: Call) -> Value:
        """Return the pairs of indices that a cross-validation object's `split` gives."""
        key = _site(call)
        data = data_of(call.argument(0, "X"))
        rows: Rows = data.rows or frozenset({(f"index {key}",)})
        whole = Data(rows)
        split = Split(call.place, rows, data.all_marks(), call.argument_text(0, "X"), key, folds=True)
        split.shuffles, split.groups = thing.shuffles, call.argument_text(2, "groups")
        self.ledger.split(split)
        pair: list[Value] = [whole.selected(Selection("split", key, (str(n),))) for n in (0, 1)]
        return Group([Group(pair)], open=True)

    def _cross_validated(self, call: Call) -> Value:
        thing = call.argument(0, "estimator")
        data = data_of(call.argument(1, "X"))
        if not isinstance(thing, Thing):
            thing = Thing("", call.place)
        event = Evaluation(
            0, thing, [], data.rows, data.all_marks(), call.place, call.argument_text(1, "X"), call.loops,
            "cross-validation", scored=True,
        )  # fmt: skip
        return Data(used=self.ledger.evaluate(event))

    def _trained(self, call: Call) -> Value:
        data = next((d for v in call.values if (d := data_of(v)).rows), Data())
        thing = Thing("Booster", call.place)
        name = call.argument_text(1, "dtrain", "train_set")
        fit = self.ledger.fit(thing, data.rows, data.all_marks(), call.place, name, call.loops)
        for key in ("evals", "valid_sets"):
            value = call.keywords.get(key) or (call.argument(3) if key == "evals" else None)
            for element in value.elements if isinstance(value, Group) else []:
                inputs = data_of(element)
                if inputs.rows and not inputs.rows & fit.rows:
                    event = Evaluation(0, thing, [fit], inputs.rows, inputs.all_marks(), call.place, inputs.name,
                                       call.loops, "validation")  # fmt: skip
                    event.chooses = element is value.elements[-1] and self.chosen_by(thing, call)  # type: ignore[union-attr]
                    self.ledger.evaluate(event)
        return thing

    def _shaped(self, last: str, call: Call) -> Value:
        """Return what the built-in functions give that keep or count elements."""
        if last in _DICTS:
            return Group(list(call.keywords.values()), list(call.keywords))
        first = call.arguments[0] if call.arguments else Group([])
        if last == "enumerate":
            return Group([Group([Data(), element_of(first)])], open=True)
        if last == "zip":
            groups = [v for v in call.arguments if isinstance(v, Group) and not v.open and v.keys is None]
            if len(groups) == len(call.arguments) and len({len(g.elements) for g in groups}) == 1:
                return Group([Group(list(pair)) for pair in zip(*(g.elements for g in groups), strict=True)])
            return Group([Group([element_of(v) for v in call.arguments])], open=True)
        if last in ("list", "tuple", "sorted", "reversed", "iter", "tqdm", "tqdm_notebook", "trange", "set"):
            return first
        if last == "next":
            return element_of(first)
        return Data(used=data_of(first).used)

    def _transformed_by(self, last: str, call: Call) -> Value:
        data = data_of(call.argument(0, "x", "X"))
        kind = words.TRANSFORMING[last]
        bins = call.argument(1, "bins")
        if last == "cut" and not (isinstance(bins, Constant) and isinstance(bins.value, int)):
            return data.copy()
        if data.item or not data.rows:
            return data.copy()
        self.looks.note(last, data, call.node, call.place)
        mark = Mark(kind, last, call.place, data.rows, (call.argument_text(0, "x", "X"),))
        return data.copy(marks=data.marks | {mark}, test=None)

    def _resampled(self, call: Call) -> Value:
        replace = call.argument(9, "replace")
        results: list[Value] = []
        for argument in call.arguments[:3]:
            data = data_of(argument)
            if isinstance(replace, Constant) and not replace.value:
                results.append(data.copy())
                continue
            mark = Mark("resampling", "resample", call.place, data.rows, (call.argument_text(0),))
            results.append(data.copy(marks=data.marks | {mark}))
        return results[0] if len(results) == 1 else Group(results)

    def _aggregated(self, last: str, call: Call) -> Data:
        data = merged([data_of(value) for value in call.arguments])
        if data.used and any(words.BEST.search(call.argument_text(n)) for n in range(len(call.arguments))):
            self.ledger.choose(data.used)
        axis = call.keywords.get("axis")
        if isinstance(axis, Constant) and axis.value in words.PER_ROW_AXES:
            return data
        return self.statistic(last, data, call)

    def statistic(self, last: str, data: Data, call: Call) -> Data:
        """Return a statistic over rows, without rows of its own."""
        data.identify(call.place)
        if data.item or not data.rows:
            return Data(marks=data.all_marks(), used=data.used)
        self.looks.note(last, data, call.node, call.place)
        kind: words.Kind = "selection" if last in words.CORRELATIONS else "group" if data.grouped else "aggregate"
        mark = Mark(kind, last, call.place, data.rows, (data.name,))
        return Data(marks=data.all_marks() | {mark}, used=data.used)

    def _object(self, name: str, call: Call, given: Data) -> Value:
        """Return what a class of a library gives: data wrapped, or an object with its parts."""
        last = name.rpartition(".")[2]
        first = call.argument(0, "estimator", "base_estimator", "model")
        if given.rows and not _ESTIMATING.search(name) and not (isinstance(first, Thing) and first.data is None):
            if "sampler" in call.keywords and data_of(call.keywords["sampler"]).rows:
                return located(data_of(first), data_of(call.keywords["sampler"]))
            if last == "Subset" and len(call.arguments) > 1:
                return located(data_of(call.arguments[0]), data_of(call.arguments[1]))
            transform = call.argument(99, "transform", "transforms")
            return self._augmented(given, transform, call)
        if words.DATA_SETS.search(name) or (words.READING.search(last) and not words.COMBINED.match(last)):
            return self._read(name, call)
        if last in _TABLES:
            return given.copy(opaque="")
        thing = Thing(name, call.place, parts=list(call.values), safe=bool(words.SAFE.match(last)))
        thing.shuffles = "Shuffle" in last or _is_true(call.keywords.get("shuffle"))
        thing.augments = any(_AUGMENTING.search(key) for key in call.keywords)
        return noted(thing, call)

    def _augmented(self, data: Data, transform: Value | None, call: Call) -> Data:
        random = self.random_images(transform)
        if not random:
            return data.copy(test=None, opaque="")
        mark = Mark("augmented_reading", random, call.place, data.rows, ())
        return data.copy(marks=data.marks | {mark}, test=None, opaque="")

    def _read(self, name: str, call: Call) -> Data:
        """Return the rows of a source: the same file is the same source wherever it is read."""
        literal = [v.value for v in call.values if isinstance(v, Constant) and isinstance(v.value, str | bool)]
        texts = [value for value in literal if isinstance(value, str)]
        train = call.keywords.get("train")
        known = bool(texts) or isinstance(train, Constant)
        origin = (
            f"read {texts[:1]} {train.value if isinstance(train, Constant) else ''}" if known else f"read {_site(call)}"
        )
        found = Data(frozenset({(origin,)}), opaque=_site(call))
        return self._augmented(found, call.keywords.get("transform"), call) if "transform" in call.keywords else found


CATEGORIES = "cat"
"""The name under which a column shows its categories; `pandas.Categorical` is such a view too."""
_TABLES = frozenset("DataFrame Series Tensor FloatTensor LongTensor Variable Index".split())  # noqa: SIM905
_AUGMENTING = re.compile(r"_range$|_flip$")
_STACKING = frozenset("concat concatenate vstack row_stack append cat hstack_rows".split())  # noqa: SIM905
_JOINING = _STACKING | frozenset("hstack column_stack merge stack c_ r_ union chain block_diag".split())  # noqa: SIM905
_DICTS = frozenset({"dict", "OrderedDict", "defaultdict"})
_SHAPING = _DICTS | frozenset(
    "enumerate zip list tuple sorted reversed iter tqdm tqdm_notebook trange set next len print str int float type"  # noqa: SIM905
    " display bool isinstance hasattr id repr format".split()
)
_ESTIMATING = re.compile(
    r"(Classifier|Regressor|Regression|Ridge|Lasso|SVC|SVR|NB|Neighbors\w*|OLS|GLM|Logit|Probit|ARIMA|SARIMAX|Prophet|KMeans)$"
    r"|CV$|Encoder$|Scaler$|Imputer$|Learner$|(^|\.)(Sequential|Model|Pipeline)$"
)


def as_pieces(several: list[Data]) -> tuple[Data, ...]:
    """Return copies of data that are put below each other; nothing where they are not of different rows."""
    rows = [one.rows for one in several]
    return tuple(one.copy(pieces=()) for one in several) if len(set(rows)) == len(rows) > 1 and all(rows) else ()


def _is_true(value: Value | None, default: bool = False) -> bool:
    return bool(value.value) if isinstance(value, Constant) else default


def _site(call: Call) -> str:
    return f"{call.place.path}:{call.place.line}"


def _names_data(last: str) -> bool:
    lower = last.lower()
    return any(word in lower for word in ("data", "load", "read", "get_", "generate", "create", "prepare", "split"))
