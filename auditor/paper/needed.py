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
_NOTHING = frozenset([""])
_Tree = Iterable[tuple[Any, Any]]
_Words = frozenset[str] | None


@cache
def needed(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return strings, folded to one case, of which every match of the pattern holds at least one.

    None where no such strings can be told: then any text may match. The tree is that of Python's own parser of
    patterns, and whatever is unknown in it counts as free text.
    """
    parser = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
    return _of_sequence(parser.parse(pattern.pattern, pattern.flags))[1]


def may_match(pattern: re.Pattern[str], folded: str) -> bool:
    """Return whether a text, already folded to one case by `str.casefold`, can hold a match of the pattern."""
    words = needed(pattern)
    return words is None or any(word in folded for word in words)


def _of_sequence(tree: _Tree) -> tuple[_Words, _Words]:
    """All the strings that a sequence can match, and the most telling ones that it needs; None where there are none.

    The most telling are those whose shortest is longest, then the fewest.
    """
    found: list[frozenset[str]] = []
    spelt, whole, letters = _NOTHING, True, ""
    for kind, value in tree:
        name = str(kind)
        if name == "LITERAL":
            letters += chr(value)
            continue
        spelt, letters = _then(spelt, frozenset([letters.casefold()])), ""
        exact, inner = _of_part(name, value)
        if exact is not None and len(spelt) * len(exact) <= _MOST:
            spelt = _then(spelt, exact)
            continue
        whole = False
        found += [words for words in (spelt, exact or inner) if words]
        spelt = _NOTHING
    spelt = _then(spelt, frozenset([letters.casefold()]))
    best = max((words for words in (*found, spelt) if "" not in words), key=_telling, default=None)
    return spelt if whole else None, _shortest(best) if best else None


def _then(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    if "" in left and len(left) == 1:
        return right
    return frozenset(one + other for one in left for other in right) if right != _NOTHING else left


def _telling(words: frozenset[str]) -> tuple[int, int]:
    return min(min(map(len, words)), 4), -len(words)


def _shortest(words: frozenset[str]) -> frozenset[str]:
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(other in word for other in kept):
            kept.append(word)
    return frozenset(kept)


def _of_part(name: str, value: Any) -> tuple[_Words, _Words]:
    """The same of one part of a sequence."""
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return _NOTHING, None
    if name == "SUBPATTERN":
        return _of_sequence(value[3])
    if name == "BRANCH":
        parts = [_of_sequence(branch) for branch in value[1]]
        return _united([exact for exact, _ in parts]), _united([words for _, words in parts])
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        exact, inner = _of_sequence(value[2])
        once = value[0] <= 1 == value[1]
        return _united([exact, _NOTHING]) if once else None, inner if value[0] else None
    if name == "IN" and len(value) <= 4 and all(str(one) == "LITERAL" for one, _ in value):
        return frozenset(chr(code).casefold() for _, code in value), None
    return None, None


def _united(parts: list[_Words]) -> _Words:
    together: set[str] = set()
    for part in parts:
        if part is None:
            return None
        together |= part
    return frozenset(together)
