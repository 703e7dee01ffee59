"""Repairs of unseeded programs: which libraries each leaves open, and where its file says how to seed them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.analysis.call_graph import Program
from auditor.analysis.randomness import EntryRandomness, Randomness
from auditor.analysis.repair.child import Faults, Rewritten
from auditor.analysis.repair.diff import unified
from auditor.analysis.repair.repair import Repair, in_child, text_of_file
from auditor.analysis.repair.seeding import MODULES, Unseeded
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
_VALUE = re.compile(r"[\w.\[\]'\"+ ]{1,80}")


def open_libraries(entry: EntryRandomness) -> tuple[str, ...]:
    """Return the libraries that a program draws from and leaves open."""
    return tuple(sorted(set(entry.draws) - entry.seeded))


def repair_seeds(randomness: Randomness, entries: Sequence[EntryRandomness]) -> Repair:
    """Return how programs are seeded; a patch for those whose every library is then seen to be seeded."""
    wanted = [entry for entry in entries if open_libraries(entry)][:ENTRIES_LIMIT]
    code = "\n".join(_lines(wanted[0])) if wanted else ""
    try:
        patch, repaired = _patch(randomness.program, wanted)
        return Repair(patch, code, repaired=repaired)
    except Unreadable as why:
        return Repair(code=code, why_not=str(why).rstrip("."))


def _lines(entry: EntryRandomness) -> list[str]:
    """Return the lines that seed a program, under the place where they go."""
    known = {"python": "random.seed(seed)", "numpy": "numpy.random.seed(seed)", "torch": "torch.manual_seed(seed)",
             "tensorflow": "tensorflow.random.set_seed(seed)", "cupy": "cupy.random.seed(seed)",
             "mxnet": "mxnet.random.seed(seed)", "paddle": "paddle.seed(seed)"}  # fmt: skip
    calls = [known[library] for library in open_libraries(entry) if library in known]
    cell = entry.entry.evidence(max((item.line for item in entry.entry.imports), default=1)).cell
    where = f" of cell {cell}" if cell is not None else f" of {entry.entry.path}"
    return [f"# after the imports{where}", "seed = 0", *calls] if calls else []


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
    seeded = _seeded_now(program, list(faults), [item for item in found if item.source is not None])
    changed = {faults[path].path for path in seeded}
    if not changed:
        raise Unreadable(reasons[0] if reasons else "no program was seen to be seeded after the change")
    texts = [(item, text_of_file(program, item.path)) for item in found if item.path in changed]
    return "".join(unified(item.path, old.whole(old.text), old.whole(item.text)) for item, old in texts), len(seeded)


def _seeded_now(program: Program, paths: list[str], found: list[Rewritten]) -> list[str]:
    """Return which of the programs are seen to be seeded in every library once the files are changed."""
    changed = program.with_sources([item.source for item in found if item.source is not None])
    after = {entry.entry.path: entry.level for entry in Randomness(changed).entries} if found else {}
    return [path for path in paths if after.get(path) == "full"]


def _fault(program: Program, entry: EntryRandomness) -> Faults:
    """Return what to seed in which file; raises Unreadable where no place in it is before every draw."""
    source, libraries = entry.entry, open_libraries(entry)
    if source.notebook:
        raise Unreadable("cells of a notebook are shown, not patched")
    if other := [library for library in libraries if library not in MODULES]:
        raise Unreadable(f"how {other[0]} is seeded there is the author's to say")
    beside = _beside(entry)
    path, line, value = beside if beside else (source.path, 0, "")
    draws = [draw for library in libraries for draw in entry.draws[library]]
    early = [draw for draw in draws if draw.node[1] == "" and draw.node[0] != source.path]
    if early:
        raise Unreadable(f"{early[0].node[0]} draws while it is imported")
    first = min((draw.line for draw in draws if draw.node == (source.path, "")), default=0)
    option = next((_attribute(option) for option in source.options if _is_seed(option)), "")
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


def _beside(entry: EntryRandomness) -> tuple[str, int, str] | None:
    """Return path, line and value of a seeding of another library that the program reaches, in its own file first."""
    known = [seeding for seedings in entry.seeds.values() for seeding in seedings]
    known = [s for s in known if s.fixed and _VALUE.fullmatch(s.value) and "torch-cuda" not in s.libraries]
    places = [(s.node[0], s.line, s.value) for s in known]
    return min(places, key=lambda place: (place[0] != entry.entry.path, place), default=None)


def _is_seed(option: Option) -> bool:
    default = (option.default or "").lstrip("-")
    return default.isdigit() and any(_SEED.search(name.lstrip("-")) for name in option.names)


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
