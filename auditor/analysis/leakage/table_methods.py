"""What the methods of tables, arrays, tensors and lists give."""

from __future__ import annotations

from auditor.analysis.flow.call import Call
from auditor.analysis.flow.indexing import column_names
from auditor.analysis.flow.rows import Selection
from auditor.analysis.flow.values import Constant, Data, Function, Group, Mark, Place, Thing, Value, data_of, merged
from auditor.analysis.leakage import operations as words
from auditor.analysis.leakage.functions import as_pieces
from auditor.analysis.leakage.parts import Parts

_JOINING = frozenset("append concat concatenate join merge extend add insert assign".split())  # noqa: SIM905
_ASIDE = frozenset(
    "info hist plot head_ nunique unique value_counts count tolist_ keys to_csv to_json to_excel to_pickle show"  # noqa: SIM905
    " barplot size numel dim sum_ duplicated_ isna_ memory_usage equals".split()
)
"""Methods whose result is no data, or none that matters."""
_APPLYING = frozenset(("apply", "applymap", "map", "transform", "agg", "aggregate", "pipe"))


class TableMethods(Parts):
    """Methods of data."""

    def group_method(self, base: Group, name: str, call: Call) -> Value:
        """Return what a method of a list or dict gives."""
        if name in ("append", "extend", "insert", "add") and call.arguments and base.keys is None:
            if len(base.elements) < 200:
                base.elements.append(call.arguments[-1])
            base.open = True
            return Constant(None)
        if base.keys is not None:
            if name == "get" and isinstance(call.argument(0), Constant):
                return base.get(call.arguments[0].value) or Data()  # type: ignore[union-attr]
            if name == "items":
                return Group([Group([Constant(k), v]) for k, v in zip(base.keys, base.elements, strict=True)])
            if name == "values":
                return Group(list(base.elements))
            return Data()
        if name == "copy":
            return Group(list(base.elements), open=base.open)
        return self.data_method(data_of(base), name, call)

    def data_method(self, base: Data, name: str, call: Call) -> Value:
        """Return what a method of a table, array or tensor gives; in place where it is told so."""
        result = self._result(base, name, call)
        inplace = call.keywords.get("inplace")
        if isinstance(inplace, Constant) and inplace.value and isinstance(result, Data):
            self._replace(base, result)
        return result

    @staticmethod
    def _replace(base: Data, result: Data) -> None:
        base.rows, base.marks, base.columns = result.rows, result.marks, result.columns
        if base.owner is not None:
            table, name = base.owner
            table.set_column(name, result)

    def _result(self, base: Data, name: str, call: Call) -> Value:
        if name == "backward":
            self.ledger.backward(base.used, call.place, call.loops)
            return Data()
        if name in words.AGGREGATES or name in words.CORRELATIONS:
            return self._aggregate(base, name, call)
        if name in words.FILLING or (name == "fillna" and "method" in call.keywords):
            return self._filled(base, name, call)
        if name == "fillna" and (typed := self.looks.filled(base, call.argument(0), call.place)):
            return base.copy(marks=base.marks | {typed})
        if name in words.ORDERING and base.rows and not base.item:
            mark = Mark("order", name, call.place, base.rows, (base.name,))
            return base.copy(marks=base.marks | {mark}, owner=None)
        if name == "groupby":
            return base.copy(grouped=True, test=None)
        if name in _APPLYING:
            return self._applied(base, name, call)
        if name == "factorize":
            return Group([self.coded(base, call.place), Data()])
        if name == "align" and call.arguments:
            return Group([base.copy(), data_of(call.arguments[0]).copy()])
        if name in ("drop", "pop"):
            return self._dropped(base, name, call)
        if name == "sample":
            return self._sampled(base, call)
        if name in ("head", "take", "skip") and call.arguments and base.rows:
            low, high = ("", call.argument_text(0)) if name != "skip" else (call.argument_text(0), "")
            return base.selected(Selection("slice", "", (low, high)))
        if name in ("isnull", "notnull", "isna", "notna"):
            part = "isnull" if name in ("isnull", "isna") else "notnull"
            found = base.copy()
            found.test = (call.text.rpartition(".")[0], (part,))
            return found
        if name in ("isin", "between", "contains", "startswith", "duplicated"):
            found = base.copy()
            found.test = (call.text + call.argument_text(0), ("yes",))
            return found
        if name in ("eq", "ne", "eq_"):
            for value in (base, *call.values):
                self.ledger.score(data_of(value).used)
        if name in _ASIDE:
            return Data(used=base.used)
        return self._derived(base, name, call)

    def _derived(self, base: Data, name: str, call: Call) -> Data:
        """Return the data with what was computed into them; joined with the arguments where the method joins."""
        given = [data_of(value) for value in call.values]
        if name in _JOINING or not base.rows:
            found = merged([base, *given])
            if name in ("append", "concat", "concatenate") and len(given) == 1 and given[0].rows - base.rows:
                found.pieces = as_pieces([base, given[0]])
            return found
        marks = base.marks.union(*(one.all_marks() for one in given))
        used = base.used.union(*(one.used for one in given))
        grouped = base.grouped and name not in (
            "reset_index",
            "sum",
            "first",
            "last",
            "count",
            "size",
            "ngroup",
            "cumcount",
        )
        return base.copy(marks=marks, used=used, grouped=grouped, owner=None)

    def _aggregate(self, base: Data, name: str, call: Call) -> Data:
        axis = call.keywords.get("axis", call.arguments[0] if call.arguments else None)
        by_row = isinstance(axis, Constant) and axis.value in words.PER_ROW_AXES and not isinstance(axis.value, bool)
        if by_row and name not in ("quantile", "percentile"):
            return base.copy()
        return self.statistic(name, base, call)

    def _filled(self, base: Data, name: str, call: Call) -> Data:
        base.identify(call.place)
        if base.item or not base.rows:
            return base.copy()
        mark = Mark(words.FILLING.get(name, "imputation"), name, call.place, base.rows, (base.name,))
        return base.copy(marks=base.marks | {mark})

    def _applied(self, base: Data, name: str, call: Call) -> Value:
        function = call.argument(0, "func", "arg")
        if base.grouped:
            mark = Mark("group", f"groupby().{name}", call.place, base.rows, (base.name,))
            return base.copy(marks=base.marks | {mark}, grouped=False)
        if isinstance(function, Thing) and function.type == "method" and isinstance(function.parts[0], Thing):
            inner = Call([base], {}, call.place, call.node, call.loops)
            return self.thing_method(function.parts[0], function.name, inner)
        if isinstance(function, Function):
            axis = call.keywords.get("axis")
            by_column = (
                name in ("apply", "transform")
                and not base.series
                and base.name
                and not (isinstance(axis, Constant) and axis.value in words.PER_ROW_AXES)
            )
            argument = base.copy(item=not by_column, test=None)
            inner = Call([argument], {}, call.place, ("call", 0, None, (), ()), call.loops)
            result = data_of(self.machine.enter(function, inner))
            return base.copy(marks=base.marks | result.all_marks(), used=base.used | result.used, owner=None)
        if name in ("agg", "aggregate"):
            return self.statistic(name, base, call)
        return self._derived(base, name, call)

    @staticmethod
    def coded(base: Data, place: Place) -> Data:
        """Return the numbers of categories in the list of all that occur."""
        if base.item or not base.rows:
            return base.copy()
        mark = Mark("categories", "codes", place, base.rows, (base.name,))
        return base.copy(marks=base.marks | {mark}, owner=None)

    def _dropped(self, base: Data, name: str, call: Call) -> Data:
        target = call.argument(0, "columns", "labels")
        if name == "pop":
            names = column_names(target) or []
            found = base.column(names[0]) if names else base.copy()
            for gone in names:
                base.columns.pop(gone, None)
            return found
        names = column_names(target) or []
        if names:
            return base.without(names)
        index = data_of(call.argument(0, "index"))
        for path in index.rows:
            last = path[-1]
            if isinstance(last, Selection) and last.part == ("in",) and path[:-1] in base.rows:
                return base.selected(Selection("split", last.key, ("out",)))
        marks = index.all_marks() if not index.rows else frozenset()
        return base.copy(marks=base.marks | marks, owner=None)

    def _sampled(self, base: Data, call: Call) -> Data:
        share = call.argument(1, "frac")
        replace = call.keywords.get("replace")
        if isinstance(replace, Constant) and replace.value is True:
            mark = Mark("resampling", "sample", call.place, base.rows, (base.name,))
            return base.copy(marks=base.marks | {mark})
        if (isinstance(share, Constant) and share.value in (1, 1.0)) or not base.rows:
            return base.copy()
        key = f"{call.place.path}:{call.place.line}"
        return base.selected(Selection("split", key, ("in",)))
