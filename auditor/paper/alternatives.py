"""Patterns of many alternatives, of which a text is tried with those alone whose words it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from auditor.paper.needs import kept_needs

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


class Alternatives:
    """A case-insensitive pattern of alternatives; it finds what `(?:one)|(?:other)` would, and compiles what it tries.

    Most sentences hold the words of none or of one alternative, and most papers those of a few.
    """

    def __init__(self, *alternatives: str, flags: int = re.IGNORECASE) -> None:
        self.parts = alternatives
        self.flags = flags
        self._compiled: dict[int, re.Pattern[str]] = {}

    @classmethod
    def of(cls, pattern: str, flags: int = 0) -> Alternatives:
        """Return the alternatives that a pattern sets side by side outside of all brackets."""
        parts, depth = [""], 0
        for token in _TOKEN.findall(pattern):
            depth += (token[0] == "(") - (token == ")")
            if token == "|" and not depth:
                parts.append("")
            else:
                parts[-1] += token
        return cls(*parts, flags=flags)

    @cached_property
    def _needs(self) -> list[tuple[frozenset[str], ...]]:
        return [kept_needs(each, self.flags) for each in self.parts]

    @cached_property
    def _owners(self) -> dict[str, list[int]]:
        """Which alternatives need a string, or one that stands in for it; those that need none are the empty one's."""
        owners: dict[str, list[int]] = {}
        for place, sets in enumerate(self._needs):
            for word in sets[0] if sets else [""]:
                owners.setdefault(word, []).append(place)
        return owners

    def may_match(self, folded: str) -> bool:
        """Return whether a text, already folded to one case by `str.casefold`, can hold a match."""
        return any(map(folded.__contains__, self._owners))

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in the text."""
        return next(self.finditer(text), None)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in the text that do not overlap; where several begin at one place, the first's."""
        tried = self._tried(text.casefold())
        found = [pattern.search(text) for pattern in tried]
        while first := min((match for match in found if match), key=re.Match.start, default=None):
            yield first
            end = first.end()
            for place, match in enumerate(found):
                if match and match.start() < end:
                    found[place] = tried[place].search(text, end)

    def sub(self, replacement: str, text: str) -> str:
        """Return the text with every match replaced."""
        parts, end = [], 0
        for match in self.finditer(text):
            parts += [text[end : match.start()], replacement]
            end = match.end()
        return "".join([*parts, text[end:]])

    def _tried(self, folded: str) -> list[re.Pattern[str]]:
        """The alternatives that can match, in order."""
        held = folded.__contains__
        places = {place for word, owners in self._owners.items() if word in folded for place in owners}
        return [
            self._compiled.get(place) or self._compile(place)
            for place in sorted(places)
            if all(any(map(held, words)) for words in self._needs[place][1:])
        ]

    def _compile(self, place: int) -> re.Pattern[str]:
        self._compiled[place] = re.compile(self.parts[place], self.flags)
        return self._compiled[place]
