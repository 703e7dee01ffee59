"""The seeding lines that an author can add, in the author's own names and at the right place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.analysis.call_graph import Program
from auditor.errors import Unreadable
from auditor.repository.model import Option, Source

SEED_NAME = re.compile(
    r"^((random|rand|manual|rng|np|numpy|torch|tf|global|init|model|data|train|env|sim|r)_?)?(seed|random_?state)$",
    re.I,
)
"""The name of an option or parameter that is a seed."""
_CODE = {
    "python": "random.seed({seed})",
    "numpy": "{numpy}.random.seed({seed})",
    "torch": "torch.manual_seed({seed})",
    "torch-cuda": "torch.cuda.manual_seed_all({seed})",
    "tensorflow": "{tensorflow}.{set_seed}({seed})",
    "mxnet": "mxnet.random.seed({seed})",
    "cupy": "cupy.random.seed({seed})",
    "paddle": "paddle.seed({seed})",
    "jax": "key = jax.random.PRNGKey({seed})",
    "theano": "RandomStreams(seed={seed})",
    "optuna": "optuna.samplers.TPESampler(seed={seed})",
}
_PARSES = re.compile(r"\bparse(_known)?_args\(")
_FIRST_NAME = re.compile(r"[A-Za-z_]\w{0,60}")
_OLD_TENSORFLOW = re.compile(r"^tensorflow\.(Session|placeholder|app|flags|contrib|set_random_seed|train|layers)\b")


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


def seeding_lines(libraries: Iterable[str], entry: Source, program: Program) -> str:
    """Return the code that seeds these libraries."""
    names = {"numpy": _alias("numpy", entry, program), "tensorflow": _alias("tensorflow", entry, program)}
    old = any(_OLD_TENSORFLOW.match(call.name) for source in program.sources.values() for call in source.calls)
    words = {"seed": seed_expression(entry, program), "set_seed": "set_random_seed" if old else "random.set_seed"}
    lines = [_CODE[library].format(**names, **words) for library in libraries if library in _CODE]
    return "; ".join(lines) or f"a seed for {', '.join(libraries)}"


def where_to_seed(entry: Source) -> str:
    """Return the place of a program's seeding lines, in words: after its options, else after its imports."""
    options = parsed(entry)
    if entry.option_style in ("absl", "tf.flags", "click", "typer", "fire"):
        return f"at the start of the main function of {entry.path}"
    if options:
        return f"after line {options[1]} of {entry.path}"
    return f"at the top of {entry.path}, before anything is drawn" + ("" if not entry.notebook else " (first cell)")


def code_for(event_name: str, libraries: Iterable[str], entry: Source, program: Program) -> str:
    """Return the call that stands for a seeding or generator of this name with a seed that a program fixes."""
    name = event_name
    for module in ("numpy", "tensorflow"):
        if name.startswith(f"{module}."):
            name = _alias(module, entry, program) + name[len(module) :]
    return f"{name}({seed_expression(entry, program)})" if name else seeding_lines(libraries, entry, program)


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


def _alias(module: str, entry: Source, program: Program) -> str:
    """Return the name under which a program imports a module."""
    try:
        text = "" if entry.notebook else program.repository.text(entry.path)
    except Unreadable:
        text = ""
    found = re.search(rf"^[ \t]{{0,8}}import {module} as (\w{{1,40}})", text, re.M)
    return found[1] if found else module
