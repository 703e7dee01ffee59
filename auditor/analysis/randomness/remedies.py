"""The seeding lines that an author can add, in the author's own names and at the right place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.analysis.call_graph import Program
from auditor.analysis.hazards.rewriting import spelled
from auditor.analysis.hazards.versions import Versions
from auditor.analysis.randomness.events import Event
from auditor.analysis.randomness.names import imported_names, in_names_of, plain_code
from auditor.analysis.randomness.records import EntryRandomness
from auditor.repository.model import Option, Source

SEED_NAME = re.compile(
    r"^((random|rand|manual|rng|np|numpy|torch|tf|global|init|model|data|train|env|sim|r)_?)?(seed|random_?state)$",
    re.I,
)
"""The name of an option or parameter that is a seed."""
_CODE = {
    "python": "random.seed({seed})",
    "numpy": "numpy.random.seed({seed})",
    "torch": "torch.manual_seed({seed})",
    "torch-cuda": "torch.cuda.manual_seed_all({seed})",
    "tensorflow": "tensorflow.{set_seed}({seed})",
    "mxnet": "mxnet.random.seed({seed})",
    "cupy": "cupy.random.seed({seed})",
    "paddle": "paddle.seed({seed})",
    "jax": "key = jax.random.PRNGKey({seed})",
    "theano": "RandomStreams(seed={seed})",
    "optuna": "optuna.samplers.TPESampler(seed={seed})",
}
_PARSES = re.compile(r"\bparse(_known)?_args\(")
_FIRST_NAME = re.compile(r"[A-Za-z_]\w{0,60}")
_OLD_TENSORFLOW = re.compile(
    r"^tensorflow\.(Session|InteractiveSession|placeholder|app|flags|contrib|set_random_seed|get_variable|layers"
    r"|global_variables_initializer|train\.\w+Optimizer)\b"
)


def destination(option: Option) -> str:
    """Return the name under which a program reads an option."""
    if option.destination:
        return option.destination
    longest = max(option.names, key=len, default="")
    return longest.lstrip("-").replace("-", "_")


def seed_option(entry: Source, program: Program) -> tuple[Source, Option] | None:
    """Return the option named seed that a program or a module that it imports declares, with where."""
    for path in (entry.path, *program.imports.get(entry.path, ())):
        source = program.sources[path]
        for option in source.options:
            if SEED_NAME.match(destination(option)) and not option.flag and not option.many:
                return source, option
    return None


def parsed(entry: Source) -> tuple[str, int] | None:
    """Return the name of a program's parsed options and the line that parses them; None where it parses none."""
    for item in entry.assignments:
        if _PARSES.search(item.value) and (name := _FIRST_NAME.search(item.target)):
            return name[0], item.line
    return None


def seed_expression(entry: Source, program: Program) -> str:
    """Return how a program reads its seed: by its own option, else by one of that name that is still to be added."""
    known = seed_option(entry, program)
    name = destination(known[1]) if known else "seed"
    if entry.option_style in ("click", "typer", "fire"):
        return name
    if entry.option_style in ("absl", "tf.flags"):
        return f"FLAGS.{name}"
    options = parsed(entry)
    return f"{options[0]}.{name}" if options else (f"args.{name}" if known else name)


def seed_is_read(entry: Source, program: Program) -> bool:
    """Return whether a program has a seed of its own, under a name that its own file knows."""
    if seed_option(entry, program) is None:
        return False
    name = seed_expression(entry, program).partition(".")[0]
    return bool(re.search(rf"(?<![\w.'\"-]){name}\b", plain_code(entry, program.repository)))


def seeding_lines(libraries: Iterable[str], entry: Source, program: Program, seed: str = "") -> str:
    """Return the code that seeds these libraries, in the names of the program's file; by its own seed if none is given.

    It begins with the imports that the file lacks.
    """
    words = {"seed": seed or seed_expression(entry, program), "set_seed": _set_seed(entry, program)}
    lines = [_CODE[library].format(**words) for library in libraries if library in _CODE]
    code = in_names_of(entry, program.repository, "; ".join(lines))
    return code or f"a seed for {', '.join(libraries)}"


def _set_seed(entry: Source, program: Program) -> str:
    """Return what TensorFlow's seeding function is called in the version that is declared, else in the one used."""
    names = {call.name for source in program.sources.values() for call in source.calls}
    declared = Versions(program.repository.dependencies).holds("tensorflow", "<2")
    known = imported_names(plain_code(entry, program.repository))
    if any(name.startswith("tensorflow.compat.v1.") for name in names) and declared is not True:
        return "set_random_seed" if "tensorflow" not in known else "compat.v1.set_random_seed"
    old = declared is True or (declared is None and any(_OLD_TENSORFLOW.match(name) for name in names))
    return "set_random_seed" if old else "random.set_seed"


def where_to_seed(entry: Source) -> str:
    """Return the place of a program's seeding lines, in words: after its options, else after its imports."""
    options = parsed(entry)
    if entry.option_style in ("absl", "tf.flags", "click", "typer", "fire"):
        return f"at the start of the main function of {entry.path}"
    if options:
        place = entry.evidence(options[1])
        inside = f"cell {place.cell}, " if place.cell is not None else ""
        return f"after {inside}line {place.line} of {entry.path}"
    cell = _first_cell(entry)
    if cell is not None:
        return f"in cell {cell} of {entry.path}, before anything is drawn"
    return f"at the top of {entry.path}, before anything is drawn"


def _first_cell(entry: Source) -> int | None:
    """Return the first cell of a notebook that imports something, else its first; None for what is no notebook."""
    line = min((item.line for item in entry.imports), default=entry.cells[0][1] if entry.cells else 1)
    return entry.evidence(line).cell


def cell_to_seed(entry: EntryRandomness, libraries: Iterable[str]) -> int | None:
    """Return the cell of a notebook after whose imports libraries are seeded, before any of them draws.

    It is the one that imports the last of them, else the last that imports anything before the first draw: of what a
    function draws, before its definition. None for what is no notebook.
    """
    source = entry.entry
    wanted = {"random" if library == "python" else library for library in libraries}
    first: dict[str, int] = {}
    for item in sorted(source.imports, key=lambda item: item.line):
        first.setdefault(item.module.partition(".")[0], item.line)
    own = max((line for module, line in first.items() if module in wanted), default=0)
    drawn = min((draw.line for draws in entry.draws.values() for draw in draws if draw.node[0] == source.path),
                default=source.lines + 1)  # fmt: skip
    if not 0 < own <= drawn:
        own = max((item.line for item in source.imports if item.line <= drawn), default=0)
    return source.evidence(own).cell if own else _first_cell(source)


def code_for(event: Event, entry: Source, program: Program) -> str:
    """Return a seeding or generator that stands in a program's own file, with a seed that the program fixes."""
    seed = seed_expression(entry, program)
    if not event.name:
        return seeding_lines(event.libraries, entry, program)
    call = next((c for c in entry.calls if c.line == event.place.line and c.name == event.name), None)
    return f"{spelled(call)}({seed})" if call else in_names_of(entry, program.repository, f"{event.name}({seed})")


def seed_step(entry: Source, program: Program) -> str:
    """Return the clause that makes a seed where a program has no option for one yet; else nothing."""
    if seed_option(entry, program) is not None:
        return ""
    if entry.option_style in ("absl", "tf.flags"):
        return 'declare `flags.DEFINE_integer("seed", 0, "random seed")` and '
    if entry.option_style == "click":
        return 'declare `@click.option("--seed", type=int, default=0)` and '
    if parsed(entry):
        return 'declare `parser.add_argument("--seed", type=int, default=0)` and '
    return "set `seed = 0` and "


def remedy(libraries: Iterable[str], entry: Source, program: Program) -> str:
    """Return the step that seeds these libraries in a program."""
    code = seeding_lines(libraries, entry, program)
    return sentence_case(f"{seed_step(entry, program)}put `{code}` {where_to_seed(entry)}.")


def sentence_case(text: str) -> str:
    """Return a text that begins as a sentence does."""
    return text[:1].upper() + text[1:]
