"""Programs that running text tells the reader to run: `run demo.py`, `use train.py to reproduce Table 1`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FILE = r"[`'\"*(\[]{0,3}(?<![\w/.-])((?:\./)?[\w/-][\w./-]{0,119}\.(?:py|sh|m|R|jl|lua))(?![\w/])"
_INTERPRETER = {"py": "python", "sh": "bash", "m": "octave", "R": "Rscript", "jl": "julia", "lua": "lua"}
_RUN = re.compile(
    rf"\b(?:re-?)?(?:run|running|runs|execut\w{{1,3}}|launch\w{{0,3}}|start|call)\b[^.`(]{{0,40}}{_FILE}", re.I
)
_RUN_AS = re.compile(rf"{_FILE}['\"`]?[^.`]{{0,20}}\brun as\b", re.I)
_TO_BE_RUN = re.compile(
    rf"{_FILE}['\"`)*\]]{{0,3}},?\s(?:which\s|that\s)?[^.`]{{0,60}}?\b(?:(?:is|are|has|needs?|ought)\s(?:meant\s)?to\sbe"
    r"|(?:can|may|should|must|could)\sbe)\s(?:run|executed|launched|called|started"
    r"|used\sto\s(?:re-?)?(?:run|execute|train|reproduce|replicate|evaluate|test)\b)",
    re.I,
)
"""The passive voice: `x.py`, which is to be run from `src`; `x.py` can be used to train the model."""
_USE = re.compile(
    rf"\b(?:us(?:e|ing)|with|via|through|by)\b[^.`]{{0,30}}{_FILE}"
    r"(?=[^.]{0,60}\bto\s(?:re-?)?(?:run|train|reproduce|replicate|evaluate|test|generate|plot|obtain|get|perform|compute|start)\b)",
    re.I,
)
_MAIN = re.compile(r"\b(?:run|use|execute|start|launch)\s(?:the\s)?main\s(?:file|script|program|function)\b", re.I)
_SCRIPT = re.compile(r"(?<![\w/.-])((?:\./)?[\w/-][\w./-]{0,119}\.sh)(?![\w/])")
_CHAINED = re.compile(rf"^[`'\")\]*]{{0,3}}\s?(?:,|and|or|then|&)\s(?:then\s)?{_FILE}")


@dataclass(frozen=True, slots=True)
class Mention:
    """A program named in running text; `sure` where the sentence says to run it."""

    command: str
    target: str
    sure: bool


def mentions(text: str) -> Iterator[Mention]:
    """Yield the programs that one paragraph tells the reader to run."""
    for pattern, sure in ((_RUN, True), (_RUN_AS, True), (_TO_BE_RUN, False), (_USE, False)):
        for match in pattern.finditer(text[:5_000]):
            if "python" in match[0].lower() or "git clone" in match[0]:
                continue  # read as a command, or of another repository
            yield _mention(match[1], sure and ("/" in match[1] or match[1].endswith((".py", ".sh"))))
            rest = _CHAINED.match(text[match.end(1) : match.end(1) + 200])
            if rest:
                yield _mention(rest[1], False)
    if _MAIN.search(text[:5_000]):
        yield _mention("main.py", False)


def pointed(text: str, to_run: bool) -> Iterator[Mention]:
    """Yield the shell scripts that a paragraph names and, where it stands below a heading on running (`to_run`), the
    program that it is as a whole.
    """
    for match in _SCRIPT.finditer(text[:5_000]):
        yield _mention(match[1], False)
    alone = re.fullmatch(_FILE + r"[`'\"*)\]]{0,3}", text.strip()[:200]) if to_run else None
    if alone:
        yield _mention(alone[1], False)


def _mention(target: str, sure: bool) -> Mention:
    return Mention(f"{_INTERPRETER[target.rpartition('.')[2]]} {target}", target, sure)
