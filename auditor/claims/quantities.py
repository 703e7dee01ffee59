"""Quantities that the vocabulary has no entry for, told by their head noun: `cache miss rate`, `mean absolute bias`."""

from __future__ import annotations

import re
from functools import cache

from auditor.claims.model import Direction
from auditor.claims.vocabulary import Mention, Metric, entries, mentions, plain, words

_WORDS = 4
"""Words of a quantity's name before its head noun that are kept."""
_VAGUE = frozenset(("value", "statistic", "index", "reduction"))
"""Nouns of a column's head that in a sentence may stand for anything."""
_VERBS = frozenset(("score", "rank", "index", "gain"))
_TOKEN = re.compile(r"[^\W\d_][\w'|%@-]{0,30}|[.,;:()\[\]=]|\S{1,40}")


def quantity(text: str) -> Metric | None:
    """Return the quantity that `text` (a column's head, a row's label) ends in, or None; settings are none.

    Its name is its normalised words. A remark in brackets after it (`(%)`, `(ms)`) is no part of it.
    """
    head = re.sub(r"\s*[\[(][^()\[\]]{0,30}[)\]]\s*$|[↑↓⇑⇓*]", "", text[:120]).strip()
    said = words(head)
    if not said or len(said) > 2 * _WORDS or said[-1] not in _nouns() or _settings() & set(said):
        return None
    if len(said) == 1 and said[0] in entries("quantities")["neither"]:
        return None
    return Metric(" ".join(said), _nouns()[said[-1]], "unbounded")


def named(head: str) -> Metric | None:
    """Return the metric that a column's head is taken to name, whatever it says, because its neighbours name theirs."""
    said = words(re.sub(r"[\[(][^()\[\]]{0,30}[)\]]|[↑↓⇑⇓*]", "", head[:60]))
    if not said or _settings() & set(said) or not any(map(str.isalpha, "".join(said))):
        return None
    known = quantity(head)
    return known or Metric(" ".join(said), None, "unbounded")


def quantities(text: str) -> tuple[Mention, ...]:
    """Return the quantities named in a sentence, in order, where the vocabulary has no metric; settings are none.

    Positions refer to `plain(text)`. The name is the head noun with up to four words before it.
    """
    text = plain(text)
    nouns = [_noun(token) for token in _TOKEN.findall(text)]
    if not any(nouns):
        return ()
    known = mentions(text)
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
    found = []
    for i, ((token, start, end), noun) in enumerate(zip(tokens, nouns, strict=True)):
        if not noun or any(m.start < end and start < m.end for m in known):
            continue
        first = i
        while first > max(0, i - _WORDS) and _part(tokens[first - 1][0]):
            first -= 1
        if noun in _VAGUE or (noun in _VERBS and i and tokens[i - 1][0].endswith("s")):
            continue  # `all models score 0%`
        if noun in _VERBS and token.endswith("s") and i + 1 < len(tokens) and tokens[i + 1][0][0].isdigit():
            continue  # `the model scores 88%`
        said = words(text[tokens[first][1] : end])
        if len(said) < 2 or _settings() & set(said) or (i + 1 < len(tokens) and _part(tokens[i + 1][0], after=True)):
            continue
        metric = Metric(" ".join((*said[:-1], noun)), _nouns()[noun], "unbounded")
        found.append(Mention(metric, text[tokens[first][1] : end], tokens[first][1], end))
    return tuple(found)


def _noun(token: str) -> str:
    """The head noun that a word is, in the singular; empty where it is none."""
    nouns, noun = _nouns(), token.lower()
    noun = noun if noun in nouns else noun.removesuffix("s")
    return noun if noun in nouns else ""


def _part(token: str, after: bool = False) -> bool:
    """Whether a word belongs to a compound; after the noun only another noun would (`error analysis`)."""
    if after:
        return token.lower() in _makers()
    token = token.lower()
    if token in _stops() or not token[0].isalpha() or token.endswith("ly"):
        return False
    return not token.endswith("ed") or token in _participles()


@cache
def _nouns() -> dict[str, Direction | None]:
    data = entries("quantities")
    nouns: dict[str, Direction | None] = dict.fromkeys(data["neither"])
    nouns |= dict.fromkeys(data["higher"], "higher")
    return nouns | dict.fromkeys(data["lower"], "lower")


@cache
def _settings() -> frozenset[str]:
    return frozenset(entries("quantities")["settings"])


@cache
def _participles() -> frozenset[str]:
    return frozenset(entries("quantities")["participles"])


@cache
def _makers() -> frozenset[str]:
    return frozenset(entries("quantities")["makers"])


@cache
def _stops() -> frozenset[str]:
    return frozenset(entries("quantities")["stops"])
