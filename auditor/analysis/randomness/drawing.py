"""Which calls draw, which seed, and which make generators: the part of the semantics that knows the libraries."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from auditor.analysis.flow.call import Call
from auditor.analysis.flow.values import Constant, Data, Group, Library, Thing, Value, merged
from auditor.analysis.randomness import generators as words
from auditor.analysis.randomness.defaults import DefaultSeed
from auditor.analysis.randomness.events import Ledger, Origin, Origins, at_random
from auditor.analysis.randomness.origins import generator, is_generator, is_options, marked, origins_of

_IN_PLACE = re.compile(r"^(normal|uniform|random|bernoulli|exponential|cauchy|log_normal|geometric)_$")
_USES = frozenset("fit fit_transform fit_predict fit_resample split sample partial_fit".split())  # noqa: SIM905
_OWN = ("generator", "random_state", "seed", "rng", "key")
_STATE = frozenset("get_state set_state bit_generator state jumped getstate setstate device initial_seed".split())  # noqa: SIM905
_MAKERS = frozenset(("spawn", "generate_state", "split", "jumped", "get_state"))
_INITIAL = re.compile(
    r"^torch\.nn\.(?!functional|init|Dropout)\w+$|^torchvision\.models\.|(^|\.)keras\.layers\.|^tensorflow\.(layers|get_variable)"
)
_SKLEARN_MAKER = re.compile(r"^sklearn\.(\w+\.)*[A-Z]\w+$|^umap\.")


class Drawing(ABC):
    """Calls of the libraries that have generators."""

    ledger: Ledger

    @abstractmethod
    def note(self, kind: Any, call: Call, name: str, **more: Any) -> None:
        """Add an event at a call."""

    @abstractmethod
    def default_seed(self, name: str) -> DefaultSeed | None:
        """Return the seed that a call of a library takes where it is given none; None where it takes none."""

    @abstractmethod
    def take(self, call: Call) -> None:
        """Note the options that a call hands to code outside the repository."""

    # Seedings

    def seeding(self, name: str, call: Call) -> Value | None:
        """Return what a call gives that seeds a global generator; None where it seeds none."""
        self._seeds_where_given(name, call)
        libraries = words.seeded_libraries(name)
        if words.SYSTEM_SEEDS.match(name):
            self.seeded(call, name, ("torch",), frozenset({Origin("entropy", name)}))
            return marked("entropy", name, call.place)
        if words.FRAMEWORK_DEFAULTS.match(name):
            self.take(call)
            self.seeded(call, name, ("python", "numpy", "torch"), self._trainer_seed(name, call))
            return Thing(name, call.place)
        if not libraries:
            return None
        value = call.arguments[0] if call.arguments else next(iter(call.keywords.values()), None)
        origins = self._origins(value, name)
        self.take(call)
        self.seeded(call, name, libraries, origins)
        if libraries == ("jax",):
            return merged([marked(one.kind, one.name, call.place) for one in origins])
        return generator("torch", call.place, [value] if value is not None else []) if "torch" in libraries else Data()

    def _origins(self, value: Value | None, name: str) -> Origins:
        default = self.default_seed(name) if value is None else None
        if default is None:
            return origins_of(value)
        return frozenset({Origin("absent" if default.value is None else "default", default.said)})

    def _trainer_seed(self, name: str, call: Call) -> Origins:
        """Return where a Trainer's seed comes from: its arguments, which have one by default."""
        given = call.argument(1, "args")
        if is_options(given):
            return frozenset({Origin("option", "seed")})
        seed = given.attributes.get("seed") if isinstance(given, Thing) else None
        return self._origins(seed, name)

    def seeded(self, call: Call, name: str, libraries: tuple[str, ...], origins: Origins) -> None:
        """Note a seeding."""
        text = call.argument_text(0, "seed", "a", "x") or call.argument_text(99, *(call.keywords or ("seed",)))
        self.note("seed", call, name, libraries=libraries, origins=origins, text=text)

    # Generators

    def made(self, name: str, call: Call) -> Value | None:
        """Return the generator object that a call makes; None where it makes none."""
        if words.BIT_GENERATORS.match(name) or words.TORCH_GENERATOR.match(name):
            seed = call.argument(0, "seed") if not words.TORCH_GENERATOR.match(name) else Constant("default")
            self.take(call)
            return generator(name, call.place, [seed] if seed is not None else [])
        library = words.generator_library(name)
        if library is None:
            return None
        seed = call.argument(0, "seed", "x", "entropy", "bit_generator")
        if library == "optuna":
            seed = call.argument(99, "seed")
        if words.ENTROPY_GENERATORS.search(name):
            seed = marked("entropy", name, call.place)
        self.take(call)
        if words.HANDED_ON.search(name) and seed is not None and is_generator(seed):
            return seed
        if words.HANDED_ON.search(name) and seed is not None and (_is_none(seed) or _is_global(seed)):
            return Library("numpy.random", imported=True)
        origins = self._origins(seed, name)
        self.note("draw", call, name, libraries=(library,), origins=origins, deferred=True,
                  text=call.argument_text(0, "seed"))  # fmt: skip
        known: list[Value] = [seed] if seed is not None else []
        if isinstance(seed, Thing) and is_generator(seed):
            known = seed.parts
        if not known and words.FIXED_BY_DEFAULT.search(name):
            known = [Constant("default")]
        return generator(library, call.place, known)

    def of_generator(self, base: Thing, name: str, call: Call) -> Value:
        """Return what a method of a generator object gives."""
        library = base.type.rpartition(" ")[2].partition(".")[0]
        if name in ("seed", "manual_seed", "set_seed"):
            value = call.argument(0, "seed", "a")
            fresh = name == "seed" and value is None
            base.parts = [marked("entropy", f"{base.name}.seed", call.place)] if fresh else [value or Constant(None)]
            self.take(call)
            self.reseed(base, origins_of(base.parts[0]))
            return base
        if name in _MAKERS:
            made = generator(library, call.place, base.parts)
            return Group([made], open=True) if name == "spawn" else made
        if name in _STATE:
            return Data()
        origins = origins_of(base.parts[0] if base.parts else None)
        self.note("draw", call, f"{base.name or library}.{name}", libraries=(library,), origins=origins)
        return marked("drawn" if at_random(origins) else "derived", f"{base.name}.{name}", call.place)

    def reseed(self, made: Thing, origins: Origins) -> None:
        """Take a generator's seed for that which it was made with: `random.Random()` is often seeded on its own."""
        for position, event in enumerate(self.ledger.events):
            if event.place == made.place and event.kind == "draw" and event.deferred:
                self.ledger.events[position] = replace(event, origins=origins)

    # Draws

    def drawn(self, name: str, call: Call) -> Value | None:
        """Return what a call gives that draws; None where it draws nothing."""
        fixed = words.fixed_library(name)
        if fixed is not None:
            self.take(call)
            seed = call.argument(99, "random_state", "seed", "random_seed")
            origins = self._origins(seed, name)
            self.note("draw", call, name, libraries=(fixed,), origins=origins, deferred=True)
            return Thing(name, call.place)
        if name == "torch.utils.data.DataLoader":
            return self._loader(name, call)
        if words.ENVIRONMENT.match(name):
            self.take(call)
            return Thing(name, call.place)
        if words.SEQUENTIAL.search(name):
            self._built(name, call, call.argument(0, "layers"))
            return Thing(name, call.place)
        library = words.drawn_library(name)
        if library is None and words.switched_on(name, _literals(call)):
            library = "numpy"
        if library is None or _is_trained(name, call):
            return None
        own = self._own(call, library)
        self.take(call)
        self._draw(name, call, library, own)
        if _SKLEARN_MAKER.match(name):
            state = call.argument(99, "random_state")
            return Thing(name, call.place, parts=[state] if state is not None else [])
        if name.rpartition(".")[2][:1].isupper():
            known = {key: call.keywords[key] for key in words.KNOWN_INPUT if key in call.keywords}
            return Thing(name, call.place, attributes=known)
        return self._number(name, call, library, own)

    def _seeds_where_given(self, name: str, call: Call) -> None:
        """Note the seeding of what seeds globally where it is given a seed."""
        libraries = next((found for called, found in words.SEEDS_WHERE_GIVEN if called.match(name)), ())
        seed = call.argument(99, "seed")
        if libraries and seed is not None and not _is_none(seed):
            self.seeded(call, name, libraries, origins_of(seed))

    def _built(self, name: str, call: Call, layers: Value | None) -> None:
        """Note the draw of a Keras model's first weights, where a layer that is put into it knows what goes in."""
        parts = layers.elements if isinstance(layers, Group) else [layers]
        known = [one for one in parts if isinstance(one, Thing) and words.KERAS_LAYER.match(one.type)]
        if any(one.attributes.keys() & set(words.KNOWN_INPUT) for one in known):
            self.note("draw", call, name, libraries=("tensorflow",), initial=True)

    def _of_environment(self, base: Thing, name: str, call: Call) -> Value:
        """Return what a method of an environment, or of its space of actions, gives; some of them seed it."""
        seed = call.argument(0, "seed") if name == "seed" else call.argument(99, "seed") if name == "reset" else None
        self.take(call)
        if seed is not None and not _is_none(seed):
            self.seeded(call, f"{base.name or 'env'}.{name}", ("environment",), origins_of(seed))
        return Data()

    def _number(self, name: str, call: Call, library: str, own: Origins | None) -> Data:
        fixed = not at_random(own) if own is not None else self.ledger.is_seeded(library)
        return marked("derived" if fixed else "drawn", name, call.place)

    def _draw(self, name: str, call: Call, library: str, own: Origins | None) -> None:
        deferred = bool(words.DEFERRED.search(name))
        self.note("draw", call, name, libraries=(library,), origins=own, deferred=deferred,
                  initial=bool(_INITIAL.search(name)))  # fmt: skip

    @staticmethod
    def _own(call: Call, library: str) -> Origins | None:
        """Return the origins of the seed or generator that a draw is given for itself; None where there is none."""
        value = next((call.keywords[key] for key in _OWN if key in call.keywords), None)
        if value is None and library == "jax" and call.arguments:
            value = call.arguments[0]
        if value is None:
            value = next((argument for argument in call.arguments if is_generator(argument)), None)
        if value is None or (isinstance(value, Constant) and value.value is None):
            return None
        origins = origins_of(value)
        if library == "jax" and all(origin.kind == "unknown" for origin in origins):
            return None
        return origins

    def _loader(self, name: str, call: Call) -> Value:
        self.take(call)
        shuffle = call.argument(2, "shuffle")
        if shuffle is not None and not (isinstance(shuffle, Constant) and not shuffle.value):
            self.note("draw", call, name, libraries=("torch",), origins=self._own(call, "torch"), deferred=True)
        return Thing(name, call.place)

    def of_object(self, base: Value, name: str, call: Call) -> Value | None:
        """Return what a method gives that draws or seeds; None where it does neither."""
        if _IN_PLACE.match(name):
            self.note("draw", call, name, libraries=("torch",), origins=self._own(call, "torch"))
            return base
        kind = base.type if isinstance(base, Thing) else ""
        if isinstance(base, Thing) and words.ENVIRONMENT.match(kind):
            return self._of_environment(base, name, call)
        if words.SEQUENTIAL.search(kind) and name == "add":
            self._built(kind, call, call.argument(0, "layer"))
            return Constant(None)
        if name in _USES and _SKLEARN_MAKER.match(kind) and words.drawn_library(kind) and isinstance(base, Thing):
            own = origins_of(base.parts[0]) if base.parts and not _is_none(base.parts[0]) else None
            self.note("draw", call, f"{kind}.{name}", libraries=("numpy",), origins=own)
            return base if name.startswith("fit") else Data()
        if name == "rvs":
            self.note("draw", call, "scipy.stats.rvs", libraries=("numpy",), origins=self._own(call, "numpy"))
            return Data()
        if name == "shuffle" and ("buffer_size" in call.keywords or kind.startswith("tensorflow.data")):
            self.note("draw", call, "tf.data.shuffle", libraries=("tensorflow",), origins=self._own(call, "tensorflow"))
            return base
        if name == "sample" and ("frac" in call.keywords or "random_state" in call.keywords):
            self.note("draw", call, "pandas.sample", libraries=("numpy",), origins=self._own(call, "numpy"))
            return base
        if name in ("shuffle", "train_test_split") and kind.startswith("datasets."):
            self.note("draw", call, f"datasets.{name}", libraries=("numpy",), origins=self._own(call, "numpy"))
            return base
        return None

    def hashed(self, call: Call) -> Value:
        """Return what `hash` gives: of a string another number in each run."""
        value, text = call.arguments[0], call.argument_text(0)
        texts = isinstance(value, Constant) and isinstance(value.value, str)
        if texts or text[:1] in "'\"" or text.startswith(("str(", "<op>", "'", '"')):
            return marked("hash", f"hash({text})"[:60], call.place)
        return value


def _literals(call: Call) -> dict[str, object]:
    return {key: value.value for key, value in call.keywords.items() if isinstance(value, Constant)}


def _is_trained(name: str, call: Call) -> bool:
    """Return whether a model comes with trained weights: those that it draws first do not matter."""
    given = call.argument(0, "pretrained", "weights") if name.startswith("torchvision.models.") else None
    return isinstance(given, Library) or (isinstance(given, Constant) and bool(given.value))


def _is_global(value: Value) -> bool:
    """Return whether a value is NumPy's module or object of its global generator."""
    return isinstance(value, Library) and value.name in ("numpy.random", "numpy.random.mtrand._rand")


def _is_none(value: Value) -> bool:
    return isinstance(value, Constant) and value.value is None
