"""What libraries do with random generators: the semantics of the program model that notes draws and seedings."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from auditor.analysis.flow.call import Call
from auditor.analysis.flow.machine import Machine
from auditor.analysis.flow.scopes import Scope
from auditor.analysis.flow.texts import text_of
from auditor.analysis.flow.values import (
    Class,
    Constant,
    Data,
    Function,
    Group,
    Library,
    Marks,
    Place,
    Thing,
    Value,
    data_of,
    merged,
    one_of,
)
from auditor.analysis.randomness import generators as words
from auditor.analysis.randomness.defaults import Defaults, DefaultSeed
from auditor.analysis.randomness.drawing import Drawing
from auditor.analysis.randomness.events import Event, Ledger, at_random
from auditor.analysis.randomness.origins import (
    OPTIONS,
    is_generator,
    is_options,
    marked,
    options_in,
    origins_of,
    part_named,
    random_source,
)

GROUP_LIMIT = 200
_LEAVE = re.compile(r"^(sys\.exit|exit|quit|os\._exit|os\.abort)$")
_PARSES = frozenset(("parse_args", "parse_known_args", "parse_args_into_dataclasses", "parse_intermixed_args"))
_MAPPINGS = frozenset(("dict", "OrderedDict", "collections.OrderedDict", "EasyDict", "easydict.EasyDict"))
_SAME = re.compile(
    r"^(vars|int|str|float|abs|copy\.(deep)?copy|argparse\.Namespace|addict\.Dict|\w*AttrDict|\w*Munch)$"
)
_SHOWS = re.compile(
    r"(^|\.)(print|pprint|format|join|open|makedirs|mkdir|exists|isfile|isdir|basename|dirname|remove|isinstance|type"
    r"|hasattr|len|range|info|debug|warning|error|log|write|dumps?|save\w*|savetxt|title|setproctitle|add_scalar\w*"
    r"|add_text|add_hparams|FileHandler|SummaryWriter|TensorBoardLogger|CSVLogger|sleep|strftime|append|set_description"
    r"|log_param(eter)?s?|log_hyperparam(eter)?s|save_hyperparameters|Path|PosixPath|add_argument|add_option|set_postfix|savefig|symlink|copyfile|init_process_group|getattr)$"
    r"|^wandb\.(\w+\.)*(init|config|update)$|^(mlflow|neptune|comet_ml|clearml)\.",
    re.I,
)
"""They show a value, or make a name of it."""
_COMPUTES = re.compile(r"^(eval|exec|globals|locals|__import__)$|import_module$|instantiate$|get_class$|locate$")
_RUNS = re.compile(r"(^|\.)(spawn|run|launch|Process|start_processes|map|starmap|Thread|Fire|main|submit|call)$")
"""They run a function that they are handed where they stand."""


@lru_cache(maxsize=8_192)
def only_shows(name: str) -> bool:
    """Return whether a call of this name shows a value or makes a name of it."""
    return bool(_SHOWS.search(name))


class Generators(Drawing):
    """The semantics; it notes draws, seedings and the use of options in its ledger."""

    def __init__(self, defaults: Defaults, declared: frozenset[str] = frozenset()) -> None:
        self.ledger = Ledger()
        self.defaults = defaults
        self.machine = Machine(self)
        self.declared = declared
        self.segment = 0
        self.computes_classes = False
        """It picks its own classes by computed names, so that what objects it makes is not known."""
        self.loop_names: dict[int, str] = {}
        self._later: set[int] = set()
        self._replaced: dict[str, tuple[tuple[tuple[int, int], ...], Marks]] = {}
        """By name, the options that were last given a number at random: on which sides of branchings, and its marks."""
        self._names: dict[int, str] = {}

    def default_seed(self, name: str) -> DefaultSeed | None:
        """Return the seed that a call of a library takes where it is given none; None where it takes none."""
        return self.defaults.of(name)

    # Calls

    def call(self, function: Library, call: Call) -> Value:
        """Return what a library's function or class gives."""
        name = function.name if function.imported else words.customary(function.name)
        self._handed(name, call)
        found: Value | None = random_source(name, call.place)
        for known in (self.seeding, self.made, self.drawn):
            found = known(name, call) if found is None else found
        if found is not None:
            return found
        if _LEAVE.match(name):
            self.note("leave", call, name)
            return Constant(None)
        last = name.rpartition(".")[2]
        if last in _PARSES:
            return self._parsed(last)
        if name in _MAPPINGS:
            return self._mapping(call)
        if _SAME.match(name) and call.arguments:
            return call.arguments[0]
        if name == "hash" and call.arguments:
            return self.hashed(call)
        if name == "getattr" and len(call.arguments) > 1:
            return self._picked(call.arguments[0], call.arguments[1], call.place)
        if name == "setattr" and len(call.arguments) > 2:
            base, key, value = call.arguments[:3]
            if isinstance(base, Data) and isinstance(key, Constant):
                self.set_attribute(base, str(key.value), value, call.place)
                return Constant(None)
        return self._other(name, call)

    def _picked(self, base: Value, key: Value, place: Place) -> Value:
        """Return what `getattr` gives."""
        if isinstance(key, Constant):
            found = base.get(key.value) if isinstance(base, Group) and base.keys is not None else None
            return found if found is not None else self.attribute(base, str(key.value), place)
        self.computes_classes |= isinstance(base, Group)
        return Data()

    def _other(self, name: str, call: Call) -> Value:
        """Return what a call gives that is not known: what goes in may come out, and an option that goes in is used."""
        self._started(name, call)
        self.computes_classes |= bool(_COMPUTES.search(name)) or any(isinstance(value, Class) for value in call.values)
        if not only_shows(name):
            self.take(call)
        if words.TRAINER_ARGUMENTS.match(name):
            return Thing(
                name, call.place, attributes={key: call.keywords[key] for key in ("seed",) if key in call.keywords}
            )
        if name.rpartition(".")[2][:1].isupper() or name.startswith(("datasets.load_", "tensorflow.data.")):
            return Thing(name, call.place, parts=list(call.values)[:8])
        return Data() if only_shows(name) else self._out_of(call.values)

    @staticmethod
    def _out_of(values: list[Value]) -> Data:
        found = merged([data_of(value) for value in values if not is_options(value)])
        return found.copy(rows=found.rows - OPTIONS)

    def take(self, call: Call) -> None:
        """Note the options that a call hands to code outside the repository."""
        for value in call.values:
            self.ledger.used |= options_in(value)
            whole = value.elements if isinstance(value, Group) else [value]
            self.ledger.escaped |= any(is_options(one) for one in whole[:60])

    def _handed(self, name: str, call: Call) -> None:
        """Note functions that a library is handed to call later, at a time that is not known."""
        for value in call.values:
            if isinstance(value, Function) and not _RUNS.search(name):
                self._later.add(id(value.body))

    def _started(self, name: str, call: Call) -> None:
        """Run what a command-line library starts: the function it is given, or the program's `main`."""
        if name.endswith("app.run") and not any(isinstance(value, Function) for value in call.values):
            for function in self.machine.defined:
                if function.name == "main" and function.scope.path == self.machine.entry:
                    self.machine.enter(function, Call([Data()], {}, call.place, call.node, call.loops))
                    return
        fired = call.argument(0, "component")
        if name.endswith("Fire") and isinstance(fired, Function):
            given: dict[str, Value] = {key: part_named(Data(OPTIONS), key, call.place) for key, _ in fired.parameters}
            self.machine.enter(fired, Call([], given, call.place, call.node, call.loops))

    @staticmethod
    def _parsed(name: str) -> Value:
        options = Data(OPTIONS)
        return Group([options, Group([])]) if name == "parse_known_args" else options

    @staticmethod
    def _mapping(call: Call) -> Value:
        if call.arguments and not call.keywords:
            return call.arguments[0]
        return Group(list(call.keywords.values()), list(call.keywords))

    # Methods

    def method(self, base: Value, name: str, call: Call) -> Value:
        """Return what a method of data or of an object gives."""
        self._handed(name, call)
        if name in _PARSES or (name == "parse" and not call.arguments):
            return self._parsed(name)
        if isinstance(base, Group):
            return self._group_method(base, name, call)
        if is_generator(base) and isinstance(base, Thing):
            return self.of_generator(base, name, call)
        found = self.of_object(base, name, call)
        if found is not None:
            return found
        if name == "get" and call.arguments and isinstance(call.arguments[0], Constant):
            return self.attribute(base, str(call.arguments[0].value), call.place)
        if not only_shows(name):
            self.take(call)
        if isinstance(base, Thing):
            return base
        return self._out_of([base, *call.values])

    def _group_method(self, base: Group, name: str, call: Call) -> Value:
        if name in ("append", "extend", "insert", "add") and call.arguments and base.keys is None:
            if len(base.elements) < GROUP_LIMIT:
                base.elements.append(call.arguments[-1])
            base.open = True
            return Constant(None)
        if base.keys is not None:
            if name in ("get", "pop", "setdefault") and isinstance(call.argument(0), Constant):
                key = call.arguments[0].value  # type: ignore[union-attr]
                return base.get(key) or call.argument(1) or Data()
            if name == "items":
                return Group([Group([Constant(k), v]) for k, v in zip(base.keys, base.elements, strict=True)])
            if name == "update" and call.arguments and isinstance(call.arguments[0], Group):
                other = call.arguments[0]
                if other.keys is not None and len(base.elements) < GROUP_LIMIT:
                    base.keys += other.keys
                    base.elements += other.elements
                return Constant(None)
            if name == "update":  # by options or a configuration whose names are not known
                return Constant(None)
        if name in ("values", "copy"):
            return Group(list(base.elements), list(base.keys) if base.keys and name == "copy" else None, base.open)
        return data_of(base)

    def invoke(self, thing: Value, call: Call) -> Value:
        """Return what calling an object gives."""
        self._handed("", call)
        self.take(call)
        if isinstance(thing, Thing) and words.KERAS_LAYER.match(thing.type):
            self.note("draw", call, thing.type, libraries=("tensorflow",), initial=True)
        return self._out_of(call.values)

    def data_set(self, cls: Class, call: Call) -> Value:
        """Return what an instance of the program's own class of data sets holds: nothing that matters here."""
        return Data()

    # Attributes and items

    def attribute(self, base: Value, name: str, place: Place) -> Value:
        """Return an attribute of data or of an object."""
        if isinstance(base, Thing):
            own = words.ENVIRONMENT.match(base.type) and name in (
                "action_space",
                "observation_space",
                "unwrapped",
                "env",
            )
            if own or is_generator(base) or name in ("generator", "rng"):
                return base
            return part_named(Data(), name, place)
        if not isinstance(base, Data):
            return Data()
        if is_options(base):
            return self._option(base, name, place)
        return part_named(base, name, place)

    def _option(self, base: Data, name: str, place: Place) -> Data:
        if name in base.columns and name not in self.declared:
            return part_named(Data(columns=base.columns), name, place)
        self.ledger.read.add((name, place))
        branches, marks = self._replaced.get(name, ((), frozenset()))
        if marks and self.machine.branches[: len(branches)] == branches:  # it was replaced wherever this runs
            replaced = frozenset(replace(mark, names=(name,)) for mark in marks)
            origins = origins_of(Data(marks=replaced))
            self.ledger.replaced[name] = min(origins, key=lambda origin: (origin.kind, origin.name))
            return Data(frozenset({(f"replaced {name}",)}), replaced)
        return part_named(base, name, place)

    def item(self, base: Value, index: Value | None, node: Any, scope: Scope) -> Value:
        """Return `base[index]`."""
        place = Place(scope.path, self.machine.line)
        key = index.value if isinstance(index, Constant) else None
        if isinstance(base, Group):
            if key is not None and (found := base.get(key)) is not None:
                return found
            if index is None and base.keys is None:
                return base
            if len(base.elements) == 1:
                return base.elements[0]
            self.computes_classes |= any(isinstance(element, Class | Function) for element in base.elements)
            functions = [element for element in base.elements if isinstance(element, Function)]
            if functions and len(functions) == len(base.elements):
                return one_of(functions)
            return data_of(base)
        if isinstance(base, Library):
            return random_source(base.name, place) or Library(f"{base.name}[]", base.imported)
        if isinstance(key, str):
            return self.attribute(base, key, place)
        return base

    def set_item(self, base: Value, index: Any, value: Value, place: Place) -> None:
        """Carry out `base[index] = value`."""
        key = index[1] if index is not None and index[0] == "const" else object()
        if isinstance(base, Group) and len(base.elements) < GROUP_LIMIT:
            if base.keys is not None:
                base.keys.append(key)
            base.elements.append(value)
            base.open = True
        elif isinstance(base, Data) and isinstance(key, str):
            self.set_attribute(base, key, value, Place(self.machine.entry, self.machine.line))

    def set_attribute(self, base: Data, name: str, value: Value, place: Place) -> None:
        """Carry out `base.name = value`; an option that is replaced by a number drawn at random is none any more."""
        base.set_column(name, data_of(value))
        if is_options(base):
            self._replaced.pop(name, None)
            if at_random(origins_of(value)):
                marks = data_of(value).marks or marked("none", "None", place).marks
                self._replaced[name] = (self.machine.branches, marks)

    def instance(self, cls: Class, call: Call) -> None:
        """Note what the library class seeds from which the program's own derives."""
        for base in cls.library_bases():
            if words.FRAMEWORK_DEFAULTS.match(base):
                self.seeding(base, call)

    def bound(self, target: Any, value: Value, place: Place) -> None:
        """Note the names of loops, and the names of objects."""
        if isinstance(value, Thing) and not value.name:
            value.name = str(target[1])
        self.loop_names[place.line] = text_of(target)

    def compared(self, values: list[Value], texts: list[str]) -> None:
        """Comparing draws nothing."""

    # Events

    def note(self, kind: Any, call: Call, name: str, **more: Any) -> None:
        """Add an event at a call."""
        inside = self.machine.inside
        more["deferred"] = more.get("deferred", False) or any(body in self._later for body in inside)
        self.ledger.events.append(
            Event(
                kind,
                call.place,
                name,
                segment=self.segment,
                loops=call.loops,
                loop_names=tuple(self.loop_names.get(line, "") for line in call.loops),
                branches=call.branches,
                functions=tuple(self._function_name(body) for body in inside),
                **more,
            )
        )

    def _function_name(self, body: int) -> str:
        if body not in self._names:
            self._names.update((id(function.body), function.name) for function in self.machine.defined)
        return self._names.get(body, "")
