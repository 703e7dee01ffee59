"""Where a value comes from, as far as it can become a seed: carried through the program model as marks."""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.analysis.flow.rows import NOTHING
from auditor.analysis.flow.values import Constant, Data, Group, Library, Mark, Place, Thing, Value, members_of
from auditor.analysis.randomness.events import Origin, OriginKind, Origins

GENERATOR = "generator "
"""A generator object's type begins with this; its first part is the seed, and none stands for no argument."""
OPTIONS = frozenset({("options",)})
"""The rows of what parsing the command line gives."""
ELEMENTS_LIMIT = 20
_KINDS = frozenset(
    "constant option setting environment default derived unknown clock entropy hash drawn none absent".split()  # noqa: SIM905
)
_CLOCK = re.compile(
    r"^time\.(time|time_ns|clock|perf_counter|perf_counter_ns|monotonic|process_time|ctime|localtime|gmtime|strftime)$"
    r"|^datetime\.(datetime\.)?(now|utcnow|today)$|^datetime\.date\.today$|^os\.get(p|pp)id$|^threading\.get_ident$"
    r"|^multiprocessing\.current_process$"
)
_ENTROPY = re.compile(r"^os\.urandom$|^uuid\.uuid[14]$|^secrets\.\w+$|^random\.SystemRandom\b|^ssl\.RAND_bytes$")
_ENVIRONMENT = re.compile(r"^os\.(environ(\.get|\.setdefault)?|getenv)$")
_FLAG = re.compile(r"(^|\.)FLAGS\.(\w{1,80})$")
_SEED_WORD = re.compile(r"seed|random_?state", re.I)


def marked(kind: OriginKind, name: str, place: Place) -> Data:
    """Return a value of this origin."""
    return Data(frozenset({(f"{kind} {name}",)}), frozenset({Mark(kind, name, place, NOTHING)}))


def generator(library: str, place: Place, seed: list[Value]) -> Thing:
    """Return a generator object of a library; `seed` holds its seed, or nothing."""
    return Thing(GENERATOR + library, place, parts=seed)


def is_generator(value: Value | None) -> bool:
    """Return whether a value is a generator object."""
    return isinstance(value, Thing) and value.type.startswith(GENERATOR)


def origins_of(value: Value | None, depth: int = 0) -> Origins:
    """Return where a value comes from; `absent` for an argument that is not given."""
    if value is None:
        return frozenset({Origin("absent")})
    if isinstance(value, Constant):
        return frozenset({Origin("none") if value.value is None else Origin("constant", repr(value.value)[:40])})
    if isinstance(value, Library):
        flag = _FLAG.search(value.name)
        return frozenset({Origin("option", flag[2]) if flag else Origin("unknown", value.name[-80:])})
    if isinstance(value, Data):
        found = frozenset(_origin(mark) for mark in value.marks if mark.kind in _KINDS)
        return found or frozenset({Origin("unknown", value.name)})
    if isinstance(value, Group) and depth < 4 and (members := members_of(value)):
        return frozenset().union(*(origins_of(member, depth + 1) for member in members[:ELEMENTS_LIMIT]))
    if isinstance(value, Thing) and is_generator(value):
        return origins_of(value.parts[0] if value.parts else None, depth + 1) if depth < 4 else frozenset()
    return frozenset({Origin("unknown")})


def _origin(mark: Mark) -> Origin:
    return Origin(mark.kind, mark.name, mark.place, "".join(mark.names[:1]))  # type: ignore[arg-type]


def options_in(value: Value | None, depth: int = 0) -> frozenset[str]:
    """Return the names of the options that go into a value, those of a container's elements included."""
    if isinstance(value, Group) and depth < 4:
        return frozenset().union(*(options_in(member, depth + 1) for member in members_of(value)[:60]))
    if isinstance(value, Thing) and is_generator(value) and value.parts and depth < 4:
        return options_in(value.parts[0], depth + 1)
    if isinstance(value, Data | Library):
        return frozenset(origin.name for origin in origins_of(value) if origin.kind == "option")
    return frozenset()


def is_options(value: Value | None) -> bool:
    """Return whether a value is all that the command line gave."""
    return isinstance(value, Data) and bool(value.rows & OPTIONS)


@lru_cache(maxsize=8_192)
def _source(name: str) -> OriginKind | None:
    kinds: tuple[tuple[re.Pattern[str], OriginKind], ...] = (
        (_CLOCK, "clock"), (_ENTROPY, "entropy"), (_ENVIRONMENT, "environment"),
    )  # fmt: skip
    return next((kind for pattern, kind in kinds if pattern.search(name)), None)


def random_source(name: str, place: Place) -> Data | None:
    """Return what a call of the clock, the system's entropy or the environment gives; None for other calls."""
    kind = _source(name)
    return marked(kind, name, place) if kind else None


def part_named(base: Data, name: str, place: Place) -> Data:
    """Return what a name or key of a value gives: an option of the command line, a setting of a configuration.

    A value that was assigned under the name stands beside the option, which counts whatever a program does where the
    option is not given.
    """
    if is_options(base):
        found = marked("option", name, place)
        found.marks |= base.columns.get(name, frozenset())
        return found
    if name in base.columns:
        return Data(base.rows, base.columns[name] or marked("constant", name, place).marks)
    if any(mark.kind in _KINDS for mark in base.marks):
        return base.copy()
    return marked("setting", name, place) if _SEED_WORD.search(name) else Data()
