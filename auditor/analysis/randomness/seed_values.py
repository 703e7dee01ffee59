"""Whether the value that a generator is seeded with can be fixed: a constant, an option, or always drawn at random."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.call_graph import Program
from auditor.analysis.randomness.defaults import Defaults
from auditor.analysis.randomness.generators import RANDOM_VALUE
from auditor.errors import Unreadable
from auditor.repository.model import Call, Function, Source

CHAIN = 3
"""So many assignments are followed back from a seed to what it is made of."""
SIGNATURE_LINES = 12
_NAME = re.compile(r"[A-Za-z_][\w.]{0,80}")


def is_fixed(value: str) -> bool:
    """Return whether a seed argument is neither nothing nor drawn on the spot from a clock or another generator."""
    return value.strip() not in ("None", "") and not RANDOM_VALUE.search(value)


@dataclass(frozen=True)
class SeedValues:
    """The values that seeds take in a program's sources."""

    program: Program

    @property
    def defaults(self) -> Defaults:
        """The seeds that libraries take where they are given none."""
        return Defaults(self.program.repository)

    def is_fixed(self, source: Source, within: str, value: str) -> bool:
        """Return whether a seed can be fixed, followed through the assignments of its file and its function's callers.

        An option counts, whatever the program does where it is not given. A parameter that is None by default and that
        no caller passes does not.
        """
        if not is_fixed(value) or self._never_passed(source, within, value):
            return False
        given = self._options(source)
        assigned: dict[str, list[str]] = {}
        for item in source.assignments:
            if item.within in (within, ""):
                assigned.setdefault(item.target, []).append(item.value)
        wanted = {value}
        for _ in range(CHAIN):
            names = {name for text in wanted for name in _NAME.findall(text)}
            if any("." in name and name.rpartition(".")[2] in given for name in names):
                return True
            values = [assigned[name] for name in names if name in assigned]
            if any(all(RANDOM_VALUE.search(text) for text in texts) for texts in values):
                return False
            wanted = {text for texts in values for text in texts}
        return True

    @staticmethod
    def _options(source: Source) -> frozenset[str]:
        names = {name.lstrip("-").replace("-", "_") for option in source.options for name in option.names}
        return frozenset(names | {option.destination for option in source.options if option.destination})

    def _never_passed(self, source: Source, within: str, value: str) -> bool:
        function = next((f for f in source.functions if f.name == within), None)
        if function is None or not value.isidentifier():
            return False
        parameters = self._parameters(source, function)
        if parameters.get(value) != "None" or any(a.target == value and a.within == within for a in source.assignments):
            return False
        place = list(parameters).index(value)
        owner, _, last = within.rpartition(".")
        if last == "__init__":
            last = owner.rpartition(".")[2]
        for call in self._by_name.get(last, ()):
            given = dict(call.keywords)
            first = call.arguments[place] if len(call.arguments) > place else None
            if given.get(value, first) not in (None, "None") or "**" in given or any("*" in a for a in call.arguments):
                return False
        return True

    @cached_property
    def _by_name(self) -> dict[str, list[Call]]:
        found: dict[str, list[Call]] = {}
        for source in self.program.sources.values():
            for call in source.calls:
                found.setdefault(call.name.rpartition(".")[2], []).append(call)
        return found

    def _parameters(self, source: Source, function: Function) -> dict[str, str]:
        """Return the parameters of a plain signature with the text of their defaults, `self` left out."""
        if source.notebook:
            return {}
        try:
            lines = self.program.repository.text(source.path).split("\n")
        except Unreadable:
            return {}
        text = " ".join(lines[function.line - 1 : function.line - 1 + SIGNATURE_LINES])[:2_000]
        inside = text.partition("def ")[2].partition("(")[2].partition("):")[0].partition(") ->")[0]
        found: dict[str, str] = {}
        for part in inside.split(","):
            name, _, default = part.partition("=")
            name = name.partition(":")[0].strip()
            if name.isidentifier() and name not in ("self", "cls"):
                found[name] = default.strip()
        return found
