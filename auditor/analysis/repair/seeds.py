"""Repairs of unseeded programs: which libraries each leaves open, and where its file says how to seed them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.analysis.call_graph import Program
from auditor.analysis.randomness import EntryRandomness, Randomness
from auditor.analysis.randomness.events import Origin
from auditor.analysis.randomness.names import imported_names, plain_code
from auditor.analysis.randomness.records import Seeding
from auditor.analysis.randomness.remedies import cell_to_seed, seed_is_read, seeding_lines, where_to_seed
from auditor.analysis.repair.child import Faults, Rewritten
from auditor.analysis.repair.diff import unified
from auditor.analysis.repair.repair import Repair, in_child, text_of_file
from auditor.analysis.repair.seeding import MODULES, Unseeded
from auditor.analysis.repair.still_open import still_open
from auditor.errors import Unreadable
from auditor.repository.model import Option, Source

ENTRIES_LIMIT = 5
"""So many programs are given their seeds."""
_SEED = re.compile(r"(^|[-_])(manual)?_?seed$|^random[-_]state$", re.I)
_ONE = re.compile(
    r"^tensorflow\.(Session|InteractiveSession|placeholder|global_variables_initializer|contrib|app\.run|get_variable"
    r"|variable_scope|layers\.|train\.\w+Optimizer|ConfigProto)|^tensorflow\.compat\.v1\."
)
_TWO = re.compile(r"^tensorflow\.(keras|GradientTape|function|random\.(uniform|normal)|data)\b")
_GRAPHS = re.compile(r"^tensorflow\.(compat\.v1\.)?(Graph|reset_default_graph)$|^tensorflow\.(\w+\.)*\w*Estimator\w*$")
"""What makes graphs of its own, to which a seed of the default graph says nothing."""
_NAME = re.compile(r"[A-Za-z_][\w.]{0,79}")
_BITS = 32
"""NumPy's seeds are whole numbers from 0 of so many bits; the others take these too."""
_SEEDABLE = ("python", "numpy", "torch", "tensorflow", "cupy", "mxnet", "paddle")
"""Libraries that one call seeds as a whole."""


def open_libraries(entry: EntryRandomness) -> tuple[str, ...]:
    """Return the libraries that a program draws from and leaves open."""
    return tuple(sorted(set(entry.draws) - entry.seeded))


def repair_seeds(randomness: Randomness, entries: Sequence[EntryRandomness]) -> Repair:
    """Return how programs are seeded; a patch for those whose every library is then seen to be seeded."""
    wanted = [entry for entry in entries if open_libraries(entry)][:ENTRIES_LIMIT]
    code = "\n".join(_lines(wanted[0], randomness.program)) if wanted else ""
    try:
        patch, repaired = _patch(randomness.program, wanted)
        return Repair(patch, code, repaired=repaired)
    except Unreadable as why:
        return Repair(code=code, why_not=str(why).rstrip("."))


def _lines(entry: EntryRandomness, program: Program) -> list[str]:
    """Return the lines that seed a program, under the place where they go."""
    reached = [name for name in open_libraries(entry) if not any(draw.at_random for draw in entry.draws[name])]
    known = [library for library in reached if library in _SEEDABLE]
    option = seed_is_read(entry.entry, program)
    calls = seeding_lines(known, entry.entry, program, "" if option else "seed").split("; ") if known else []
    where = place_of_seeds(entry, reached, program)
    first = [] if option else [*_imported_later(entry, known, program), "seed = 0"]
    return [f"# {where}", *first, *calls] if calls else []


def _imported_later(entry: EntryRandomness, libraries: Sequence[str], program: Program) -> list[str]:
    """Return the imports that a notebook has only below the cell in which libraries are seeded."""
    cell = cell_to_seed(entry, libraries)
    if cell is None:
        return []
    names = imported_names(plain_code(entry.entry, program.repository))
    missing = []
    for module in (MODULES.get(library, library) for library in libraries):
        lines = [item.line for item in entry.entry.imports if item.module.partition(".")[0] == module]
        if module in names and lines and (entry.entry.evidence(min(lines)).cell or 0) > cell:
            missing.append(f"import {module}" + (f" as {names[module]}" if names[module] != module else ""))
    return missing


def place_of_seeds(entry: EntryRandomness, libraries: Sequence[str], program: Program) -> str:
    """Return the place of the lines that seed libraries, in words."""
    if seed_is_read(entry.entry, program):
        return where_to_seed(entry.entry)
    cell = cell_to_seed(entry, libraries)
    return f"after the imports of {entry.entry.path if cell is None else f'cell {cell}'}"


def _patch(program: Program, wanted: list[EntryRandomness]) -> tuple[str, int]:
    """Return the patch and how many programs it seeds; raises Unreadable, with the first reason, where none."""
    faults: dict[str, Faults] = {}
    reasons: list[str] = []
    for entry in wanted:
        try:
            faults[entry.entry.path] = _fault(program, entry)
        except Unreadable as why:
            reasons.append(str(why))
    found = in_child(list({fault.path: fault for fault in faults.values()}.values())) if faults else []
    reasons += [why for item in found for why in item.refused]
    seeded, open_still = _seeded_now(program, list(faults), [item for item in found if item.source is not None])
    reasons += open_still
    changed = {faults[path].path for path in seeded}
    if not changed:
        raise Unreadable(reasons[0] if reasons else "no program was seen to be seeded after the change")
    texts = [(item, text_of_file(program, item.path)) for item in found if item.path in changed]
    return "".join(unified(item.path, old.whole(old.text), old.whole(item.text)) for item, old in texts), len(seeded)


def _seeded_now(program: Program, paths: list[str], found: list[Rewritten]) -> tuple[list[str], list[str]]:
    """Return which programs are seen to be fixed in every library once the files are changed, and why others not."""
    if not found:
        return [], []
    changed = Randomness(program.with_sources([item.source for item in found if item.source is not None]))
    after = {entry.entry.path: entry for entry in changed.entries}
    known = [after[path] for path in paths if path in after]
    open_still = {entry.entry.path: why for entry in known if (why := still_open(changed, entry))}
    seeded = [entry.entry.path for entry in known if entry.level == "full" and entry.entry.path not in open_still]
    return seeded, list(open_still.values())


def _fault(program: Program, entry: EntryRandomness) -> Faults:
    """Return what to seed in which file; raises Unreadable where no place in it is before every draw."""
    source, libraries = entry.entry, open_libraries(entry)
    if source.notebook:
        raise Unreadable("cells of a notebook are shown, not patched")
    if other := [library for library in libraries if library not in MODULES]:
        raise Unreadable(f"how {other[0]} is seeded there is the author's to say")
    beside = _beside(program, entry)
    path, line, value = beside if beside else (source.path, 0, "")
    draws = [draw for library in libraries for draw in entry.draws[library]]
    early = [draw for draw in draws if draw.node[1] == "" and draw.node[0] != source.path]
    if early:
        raise Unreadable(f"{early[0].node[0]} draws while it is imported")
    first = min((draw.line for draw in draws if draw.node == (source.path, "")), default=0)
    option = next((_attribute(option) for option in source.options if _is_seed(source, option)), "")
    untyped = [o for o in source.options if _named_seed(o) and (o.default or "").strip("'\"").isdecimal()]
    if untyped and not option and not beside:
        raise Unreadable(f"the option `{_attribute(untyped[0])}` is not declared as a whole number")
    if option and not beside and source.option_style != "argparse":
        raise Unreadable(f"where the option `{option}` is read is not known")
    unseeded = Unseeded(
        libraries,
        line,
        value,
        option,
        first if path == source.path else 0,
        _tensorflow(program, source),
    )
    return Faults(path, text_of_file(program, path).text, unseeded=unseeded)


def _beside(program: Program, entry: EntryRandomness) -> tuple[str, int, str] | None:
    """Return path, line and value of a seeding of another library that the program reaches, in its own file first."""
    known = [seeding for seedings in entry.seeds.values() for seeding in seedings if seeding.fixed]
    places = [(s.node[0], s.line, s.value) for s in known if "torch-cuda" not in s.libraries and _fits(program, s)]
    return min(places, key=lambda place: (place[0] != entry.entry.path, place), default=None)


def _fits(program: Program, seeding: Seeding) -> bool:
    """Return whether any library can be seeded with a value: a small whole number, or a name that holds one.

    NumPy takes nothing else, so that what it is given needs no further look; Python's `random` takes anything.
    """
    if seeding.value.isdecimal():
        return _small(seeding.value)
    if not _NAME.fullmatch(seeding.value) or seeding.value in ("True", "False"):
        return False
    known = seeding.origins or frozenset({Origin("unknown", seeding.value)})
    return all(_holds_number(program, origin, seeding) for origin in known)


def _holds_number(program: Program, origin: Origin, seeding: Seeding) -> bool:
    if origin.kind == "constant":
        return _small(origin.name)
    name = seeding.value.rpartition(".")[2] if origin.kind == "unknown" else origin.name
    declared = [
        _is_number(source, option)
        for source in program.sources.values()
        for option in source.options
        if _attribute(option) == name
    ]
    if declared or origin.kind == "option":
        return bool(declared) and all(declared)
    if "numpy" in seeding.libraries:  # it would have stopped at anything else
        return origin.kind in ("unknown", "setting")
    return origin.kind == "setting" and "python" not in seeding.libraries


def holds_whole_number(program: Program, source: Source, name: str) -> bool:
    """Return whether a name or an option's attribute (`args.seed`), as a source reads it, surely is a small number."""
    if _NAME.fullmatch(name) is None:
        return False
    if "." not in name:
        given = [item.value for item in source.assignments if item.target == name]
        return bool(given) and all(map(_small, given))
    last = name.rpartition(".")[2]
    declared = [(s, o) for s in program.sources.values() for o in s.options if _attribute(o) == last]
    return bool(declared) and all(_is_seed(s, o) for s, o in declared) and _all_declare(program, source, declared)


def _all_declare(program: Program, source: Source, declared: list[tuple[Source, Option]]) -> bool:
    """Return whether every program that reaches a source declares an option; a main block is one program's alone."""
    alone = {s.path for s, option in declared if s.main_lines and s.main_lines[0] <= option.line <= s.main_lines[1]}
    others = {s.path for s, _ in declared} - alone
    for entry in program.entry_points:
        paths = {path for path, _ in program.reached(entry)}
        if source.path in paths and not (paths & others or entry.path in alone):
            return False
    return True


def _small(text: str) -> bool:
    return text.isdecimal() and len(text) <= 10 and int(text) < 2**_BITS


def _is_seed(source: Source, option: Option) -> bool:
    return _named_seed(option) and _small((option.default or "").strip("'\"")) and _is_number(source, option)


def _named_seed(option: Option) -> bool:
    return any(_SEED.search(name.lstrip("-")) for name in option.names)


def _is_number(source: Source, option: Option) -> bool:
    """Return whether what is given for an option is a whole number: by its type, or as its default is one."""
    declared = [call for call in source.calls if call.line == option.line]
    if any(call.name.endswith("DEFINE_integer") or dict(call.keywords).get("type") == "int" for call in declared):
        return not (option.default and option.default.lstrip("-").isdecimal()) or _small(option.default)
    return source.option_style in ("click", "typer") and _small(option.default or "")


def _attribute(option: Option) -> str:
    return option.destination or option.names[-1].lstrip("-").replace("-", "_")


def _tensorflow(program: Program, source: Source) -> int:
    """Return the version of TensorFlow whose idioms a program uses; 0 where none is told, -1 with graphs of its own."""
    names = [
        call.name for path in {path for path, _ in program.reached(source)} for call in program.sources[path].calls
    ]
    if any(_GRAPHS.match(name) for name in names):
        return -1
    if any(_ONE.match(name) for name in names):
        return 1
    return 2 if any(_TWO.match(name) for name in names) else 0
