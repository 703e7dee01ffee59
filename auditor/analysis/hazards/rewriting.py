"""A call written again in the author's own words, with a keyword more or another value."""

from __future__ import annotations

import re

from auditor.repository.model import Call, Source

SEGMENT_LIMIT = 200
_PLAIN = re.compile(r"[A-Za-z_]\w{0,60}")


def spelled(call: Call) -> str:
    """Return the called name as the author spelled it (`np.random.rand`), or its resolved name."""
    last = call.name.rpartition(".")[2].removesuffix("()").removesuffix("[]")
    found = re.search(rf"[\w.\[\]'\"]{{0,80}}(?<!\w){re.escape(last)}(?=\s{{0,3}}\()", call.statement) if last else None
    return found[0].lstrip(".") if found else call.name


def with_keywords(call: Call, **values: str) -> str:
    """Return the call with these keywords set, in place of those of the same names."""
    keywords = {key: value for key, value in call.keywords if key != "**"} | values
    spread = ["**" + value for key, value in call.keywords if key == "**"]
    written = [*map(_short, call.arguments), *(f"{key}={_short(value)}" for key, value in keywords.items()), *spread]
    return f"{spelled(call)}({', '.join(written)})"


def _short(text: str) -> str:
    return text if len(text) < SEGMENT_LIMIT else "…"


def seed_name(source: Source, within: str) -> str:
    """Return how the seed is called where this function runs: a plain name or an option of its file, else `0`."""
    for item in source.assignments:
        if item.within in (within, "") and re.fullmatch(r"(rng_|random_|manual_)?seed", item.target, re.I):
            return item.target
    if any(name.lstrip("-") == "seed" for option in source.options for name in option.names):
        parsed = next((i.target for i in source.assignments if ".parse_args(" in i.value and not i.within), "")
        if _PLAIN.fullmatch(parsed):
            return f"{parsed}.seed"
    return "0"
