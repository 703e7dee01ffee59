"""Which strings a text must hold for a pattern to match at all, so that most sentences need no pattern."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

_MOST = 64
"""Strings that one place may spell before it counts as free text."""
_SETS = 3
_NOTHING = frozenset([""])
_FREQUENT = " .,()-"
_Tree = Iterable[tuple[Any, Any]]
_Words = frozenset[str] | None


@cache
def needed(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return strings, folded to one case, of which every match of the pattern holds at least one.

    None where no such strings can be told: then any text may match. The tree is that of Python's own parser of
    patterns, and whatever is unknown in it counts as free text.
    """
    return _best(_of_sequence(_parsed(pattern.pattern, pattern.flags))[1])


def all_needed(pattern: str, flags: int) -> tuple[frozenset[str], ...]:
    """Return sets of strings, folded to one case: every match of the pattern holds at least one string of each.

    The most telling come first, three at most.
    """
    found = _of_sequence(_parsed(pattern, flags))[1]
    return tuple(sorted(dict.fromkeys(map(_shortest, found)), key=_telling, reverse=True)[:_SETS])


def may_match(pattern: re.Pattern[str], folded: str) -> bool:
    """Return whether a text, already folded to one case by `str.casefold`, can hold a match of the pattern."""
    words = needed(pattern)
    return words is None or any(map(folded.__contains__, words))


def _parsed(pattern: str, flags: int) -> _Tree:
    parser = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
    tree: _Tree = parser.parse(pattern, flags)
    return tree


def _of_sequence(tree: _Tree) -> tuple[_Words, list[frozenset[str]]]:
    """All the strings that a sequence can match, None where there are too many; and the sets of those it needs."""
    found: list[frozenset[str]] = []
    spelt, whole, letters = _NOTHING, True, ""
    for kind, value in getattr(tree, "data", tree):  # the parser's own sequences are slow to walk
        name = kind.name
        if name == "LITERAL":
            letters += chr(value)
            continue
        if letters:
            spelt, letters = _then(spelt, frozenset([letters.casefold()])), ""
        exact, inner = _of_part(name, value)
        if exact is not None and len(spelt) * len(exact) <= _MOST:
            spelt = _then(spelt, exact)
            continue
        whole = False
        found += [spelt, *(inner if exact is None else [exact])]
        spelt = _NOTHING
    if letters:
        spelt = _then(spelt, frozenset([letters.casefold()]))
    found.append(spelt)
    return spelt if whole else None, [words for words in found if words and "" not in words]


def _best(found: Iterable[frozenset[str]]) -> frozenset[str] | None:
    """The most telling strings: those whose shortest is longest, then the fewest."""
    best = max(found, key=_telling, default=None)
    return _shortest(best) if best else None


def _then(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    if "" in left and len(left) == 1:
        return right
    return frozenset(one + other for one in left for other in right) if right != _NOTHING else left


def _telling(words: frozenset[str]) -> tuple[int, int]:
    return min(min(map(_rare, words)), 4), -len(words)


def _rare(word: str) -> int:
    """How seldom a text holds a string: as its length, but a mark such as `<` is rarer than a letter."""
    return 2 if len(word) == 1 and not word.isalnum() and word not in _FREQUENT else len(word)


def _shortest(words: frozenset[str]) -> frozenset[str]:
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(other in word for other in kept):
            kept.append(word)
    return frozenset(kept)


def _of_part(name: str, value: Any) -> tuple[_Words, list[frozenset[str]]]:
    """The same of one part of a sequence."""
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return _NOTHING, []
    if name == "SUBPATTERN":
        return _of_sequence(value[3])
    if name == "BRANCH":
        parts = [_of_sequence(branch) for branch in value[1]]
        either = _united([_best(words) for _, words in parts])
        return _united([exact for exact, _ in parts]), [either] if either else []
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        exact, inner = _of_sequence(value[2])
        once = value[0] <= 1 == value[1]
        return _united([exact, _NOTHING]) if once else None, inner if value[0] else []
    if name == "IN" and len(value) <= 4 and all(one.name == "LITERAL" for one, _ in value):
        return frozenset(chr(code).casefold() for _, code in value), []
    return None, []


def _united(parts: list[_Words]) -> _Words:
    together: set[str] = set()
    for part in parts:
        if part is None:
            return None
        together |= part
    return frozenset(together)
