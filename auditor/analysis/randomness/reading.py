"""The draws and seedings that single lines of the sources show, by the names of what they call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.analysis.randomness.generators import (
    CUSTOMARY,
    FIXED_BY_DEFAULT,
    FRAMEWORK_DEFAULTS,
    drawn_library,
    fixed_library,
    generator_library,
    seeded_libraries,
)
from auditor.analysis.randomness.records import Draw, Seeding
from auditor.analysis.randomness.seed_values import SeedValues
from auditor.repository.model import Call, Source

_LAYER = re.compile(
    r"^torch\.nn\.(?!functional|init)\w+$|^torchvision\.models\.|^(tensorflow\.)?keras\.layers\."
    r"|^tensorflow\.(layers|get_variable)"
)
MAKES_SEED = re.compile(r"[\w.]{0,60}(\[[\"'])?(seeds?|SEEDS?|Seeds?)\w{0,20}([\"']\])?\s{0,4}=[^=]")
"""A draw that only makes a seed is judged by what the seed is used for."""


def draws_in(source: Source, values: SeedValues) -> Iterator[Draw]:
    """Yield the draws of a file."""
    for call in _named(source):
        found = _draw_of(call)
        if found and not MAKES_SEED.match(call.statement):
            library, value = found
            seeded = value is not None and values.is_fixed(source, call.within, value)
            evidence = source.evidence(call.line, call.statement)
            initial = bool(_LAYER.match(call.name))
            bare = bool(generator_library(call.name)) and value is None and not call.keywords
            alone = bare and not FIXED_BY_DEFAULT.search(call.name)
            yield Draw(library, (source.path, call.within), evidence, call.line, seeded, initial, at_random=alone)


def _named(source: Source) -> Iterator[Call]:
    """Yield the calls under full names, also where a star import brings the customary short name of a library."""
    star = {item.module for item in source.imports if "*" in item.names}
    for call in source.calls:
        first, dot, rest = call.name.partition(".")
        full = CUSTOMARY.get(first, first)
        if first == "random" and "numpy" in star:
            full = "numpy.random"
        yield call if full == first or not dot else replace(call, name=f"{full}.{rest}")


def _draw_of(call: Call) -> tuple[str, str | None] | None:
    """Return (library, the value that fixes this draw by itself, if any) or None where the call draws nothing."""
    keywords = dict(call.keywords)
    made = generator_library(call.name)
    if made:
        return made, call.arguments[0] if call.arguments else keywords.get("seed")
    fixed = fixed_library(call.name)
    if fixed:
        return fixed, keywords.get("random_state", keywords.get("seed", "0"))
    if call.name == "torch.utils.data.DataLoader":
        shuffles = keywords.get("shuffle", "False") not in ("False", "0")
        return ("torch", keywords.get("generator")) if shuffles else None
    library = drawn_library(call.name)
    if library and not _is_trained(call, keywords):
        own = keywords.get("random_state", keywords.get("seed")) if library == "numpy" else None
        return library, keywords.get("generator", own)
    if call.name.endswith(".shuffle") and "buffer_size" in keywords:
        return "tensorflow", None
    return None


def _is_trained(call: Call, keywords: dict[str, str]) -> bool:
    """Return whether a model comes with trained weights: those that it draws first do not matter."""
    if not call.name.startswith("torchvision.models."):
        return False
    given = keywords.get("pretrained", keywords.get("weights", call.arguments[0] if call.arguments else "None"))
    return given == "True" or given[:1] in "'\"" or "Weights." in given


def seedings_in(source: Source, values: SeedValues) -> Iterator[Seeding]:
    """Yield the seedings of a file."""
    for call in _named(source):
        libraries = seeded_libraries(call.name)
        node = (source.path, call.within)
        evidence = source.evidence(call.line, call.statement)
        if libraries or FRAMEWORK_DEFAULTS.match(call.name):
            value = call.arguments[0] if call.arguments else next((v for _, v in call.keywords), "")
            default = values.defaults.of(call.name) if not (libraries and value) else None
            fixed = values.is_fixed(source, call.within, value) if default is None else default.value is not None
            value = default.said if default and fixed else value
            libraries = libraries or ("python", "numpy", "torch")
            yield Seeding(libraries, node, evidence, call.line, value, fixed, by_default=default is not None and fixed)
