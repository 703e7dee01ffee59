"""A call written again in the author's own words, with a keyword more or another value."""

from __future__ import annotations

import re

from auditor.repository.model import Call, Option, Source

SEGMENT_LIMIT = 200
_PARSES = re.compile(r"\bparse(_known)?_args\(")
_SEED = re.compile(r"((random|rand|manual|rng|np|numpy|torch|tf|global)_?)?(seed|random_?state)", re.I)
_READ = re.compile(
    r"(?<![\w.])(args|opts?|options|cfg|config|FLAGS|flags|hparams|params|conf)\.(manual_?|random_?)?seed\b", re.I
)
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
    """Return how the seed is called where this function runs: a plain name, else as an option is read, else `0`."""
    for item in source.assignments:
        if item.within in (within, "") and re.fullmatch(r"(rng_|random_|manual_)?seed", item.target, re.I):
            return item.target
    texts = _texts(source, within)
    if read := next((found[0] for text in texts if (found := _READ.search(text))), None):
        return read
    option = next((_read_as(option) for option in source.options if _SEED.fullmatch(_read_as(option))), "")
    parsed = next((item for item in source.assignments if option and _PARSES.search(item.value)), None)
    name = _PLAIN.match(parsed.target) if parsed else None
    if parsed is None or name is None:
        return "0"
    known = parsed.within in (within, "") or any(re.search(rf"(?<![\w.]){name[0]}\.\w", text) for text in texts)
    return f"{name[0]}.{option}" if known else "0"


def _texts(source: Source, within: str) -> list[str]:
    """Return what the calls and assignments of a function are given, as written."""
    given = [text for c in source.calls if c.within == within for text in (*c.arguments, *(v for _, v in c.keywords))]
    return given + [item.value for item in source.assignments if item.within == within]


def _read_as(option: Option) -> str:
    return option.destination or max(option.names, key=len, default="").lstrip("-").replace("-", "_")
