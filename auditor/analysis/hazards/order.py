"""Rows 10 to 12 and 54: files as the file system lists them, sets of strings, tasks as they finish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard, Severity
from auditor.analysis.hazards.positional import positional_uses, returned
from auditor.analysis.hazards.rewriting import with_keywords
from auditor.analysis.hazards.unordered import Kind, Positional, Unordered, Use
from auditor.repository.model import Call, Source

_ROWS: dict[Kind, int] = {"set": 10, "files": 11, "finish": 12}
_WHAT: dict[Kind, str] = {
    "files": "files come in the order of the file system",
    "set": "strings of a set come in another order in each process",
    "finish": "results come in the order in which tasks finish",
}
_USES: dict[Use, str] = {
    "cut": "are cut by position",
    "picked": "one of them is picked by position",
    "indexed": "are indexed by position",
    "split": "are split by position",
    "drawn": "a seeded draw picks by position",
    "paired": "are paired by position with others",
    "numbered": "are numbered by position",
    "summed": "are added up, so that the last digits of the sum differ",
}
LIMIT = 200
"""So many places of one file are told."""
_ONLY_ONE = re.compile(r"\blen\([^()]{1,60}\)\s{0,2}(==|<=|!=|>|is|is not)\s{0,2}1\b")
_SPLITTING = ("cut", "split", "paired")
_GENERATORS = {"numpy": "numpy", "random": "python", "torch": "torch"}


def order_hazards(code: Code) -> Iterator[Hazard]:
    """Yield what comes in no fixed order and is used by position."""
    known = _known(code)
    for source in code.sources:
        told: set[int] = set()
        checked = {c.within for c in source.calls if c.name == "len" and _ONLY_ONE.search(c.statement)}
        for use in positional_uses(source, known):
            new = use.made.line not in told and not (use.use == "picked" and use.within in checked)
            if new and len(told) < LIMIT and code.runs(source, use.within) and _matters(code, source, use):
                told.add(use.made.line)
                yield from _of(code, source, use)
    yield from _hashes(code)


def _known(code: Code) -> dict[str, Unordered]:
    """Return the functions that return listed files, of those whose name one file alone defines."""
    defined: dict[str, set[str]] = {}
    for source in code.program.sources.values():
        for function in source.functions:
            defined.setdefault(function.name, set()).add(source.path)
    listing = [s for s in code.sources if any(re.search(r"listdir$|glob$|iterdir$", call.name) for call in s.calls)]
    found = {name: held for source in listing for name, held in returned(source).items()}
    return {name: Unordered(held.kind, -held.line) for name, held in found.items() if len(defined.get(name, ())) == 1}


def _matters(code: Code, source: Source, use: Positional) -> bool:
    """Return whether order has an effect: a draw without a seed is arbitrary anyway."""
    if use.made.kind == "finish":
        return use.use in (*_SPLITTING, "summed")
    if use.use not in ("drawn", "split"):
        return True
    library = _GENERATORS.get(use.drawing.partition(".")[0], "numpy")
    return code.seeded((source.path, use.within), use.line, library)


def _of(code: Code, source: Source, use: Positional) -> Iterator[Hazard]:
    kind = use.made.kind
    severity = _severity(kind, use.use)
    line = use.made.line if use.made.line > 0 else use.line
    call = _call_at(source, line, kind)
    where = f" in {code.place(source, use.line)}" if use.line != line else ""
    title = f"{_WHAT[kind]}, and {_USES[use.use]}{where}"
    if call is None:
        call = Call("", line, use.within, statement=_statement(source, line))
    hazard = code.hazard(
        source, call, (54 if use.use == "summed" else _ROWS[kind], "order", title, severity, _fix(call, kind))
    )
    if hazard:
        yield replace(hazard, certain=kind != "set" or use.made.strings > 1)


def _severity(kind: Kind, use: Use) -> Severity:
    """Return how grave a use is: a split decides on results; where one file is picked, there mostly is but one."""
    if kind == "files" and use in _SPLITTING:
        return "high"
    return "low" if use == "summed" or (kind == "files" and use == "picked") else "medium"


def _call_at(source: Source, line: int, kind: Kind) -> Call | None:
    names = {
        "files": r"(^|\.)(listdir|scandir|i?glob|iterdir|rglob|walk|ListDirectory|Glob)$",
        "set": r"(^|\.)(set|frozenset)$",
        "finish": r"(^|\.)(imap_unordered|as_completed)$",
    }
    return next((call for call in source.calls if call.line == line and re.search(names[kind], call.name)), None)


def _statement(source: Source, line: int) -> str:
    return next((call.statement for call in source.calls if call.line == line), "") or next(
        (f"{item.target} = {item.value}" for item in source.assignments if item.line == line), ""
    )


def _fix(call: Call, kind: Kind) -> str:
    """Return what to write instead of the call that makes the unordered thing."""
    if call.name.endswith("imap_unordered"):
        return with_keywords(call).replace("imap_unordered", "imap", 1)
    if kind == "finish":
        return "for future in futures: future.result()  # in the order of their start"
    if call.name.endswith("os.walk"):
        return "dirs.sort(); files.sort()  # before they are used"
    if call.name.endswith("scandir"):
        return f"sorted({with_keywords(call)}, key=lambda entry: entry.name)"
    return f"sorted({with_keywords(call) if call.name else call.statement.partition('=')[2].strip() or '…'})"


def _hashes(code: Code) -> Iterator[Hazard]:
    """Yield hashes of strings, and hash seeds that are set too late."""
    for source, item in code.assignments:
        if "environ" in item.target and "PYTHONHASHSEED" in item.target:
            title = "PYTHONHASHSEED has no effect on the process that sets it: it is read at the start"
            value = item.value.strip("\"'")
            fix = f"PYTHONHASHSEED={value if value.isdigit() else 0} python {source.path}"
            hazard = code.hazard(source, item, (10, "order", title, "low", fix))
            if hazard:
                yield hazard
    for source, call in code.calls_of(re.compile(r"^hash$")):
        if any(function.name == "hash" for function in source.functions) or len(call.arguments) != 1:
            continue
        if re.search(r"\bhash\([^()]{0,80}\)\)?\s{0,2}%|seed\w{0,20}\s{0,3}[=(][^=].{0,60}\bhash\(", call.statement):
            title = "the hash of a string differs in each process"
            fix = f"int(hashlib.sha256(str({call.arguments[0]}).encode()).hexdigest(), 16)"
            hazard = code.hazard(source, call, (10, "order", title, "medium", fix))
            if hazard:
                yield hazard
