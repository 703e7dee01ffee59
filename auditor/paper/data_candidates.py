"""Names that may be those of data sets, with what speaks for each, and which of them are one data set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from auditor.known_data import is_exactly_known, is_listed, key, known_set
from auditor.paper.data_names import VARIED
from auditor.paper.model import Box, Sentence

RARELY = 10
"""A name that is called data once in more mentions than these is that of something else."""

_VARIED = re.compile(VARIED, re.I)
_TASK = re.compile(
    r"\s(?:NER|QA|NLI|MT|POS|ASR|VQA|OCR|[Cc]hallenge|[Bb]enchmark|[Cc]orpus|[Cc]ompetition|[Ll]eaderboard|[Tt]asks?"
    r"|[Cc]lassification|[Dd]etection|[Rr]ecognition|[Pp]rediction|[Ss]egmentation|[Dd]atabase|[Dd]ata)$"
)
"""What may follow the name of a data set and names no other."""
_VERSION = re.compile(
    r"[- _](?:small|medium|large|mini|tiny|full|base|easy|hard|dev|devtest|test|val|train|all|v\d[\d.]{0,3}"
    r"|\d{1,4}[hkKM]|\d{1,3}\s?%)$",
    re.I,
)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass
class Candidate:
    """What speaks for one name."""

    spelled: Counter[str] = field(default_factory=Counter)
    known: bool = False
    called: int = 0
    listed: bool = False
    """It stands in a table or a list of data sets."""
    total: int = 0
    """How often its abbreviation is used."""
    used: list[tuple[float, Sentence]] = field(default_factory=list)
    place: tuple[int, str, Box | None] | None = None
    order: int = 0
    model: int = 0
    certain: int = 0
    cited: bool = False
    """A reference follows it somewhere."""
    on: bool = False
    """`On` or `from` leads to it somewhere."""
    short: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The name as it is spelled most often."""
        return self.spelled.most_common(1)[0][0]

    @property
    def is_used(self) -> bool:
        """Whether the name is that of data that are used; what is called data once among many mentions is not."""
        if self.listed:
            return True
        name = next(iter(self.spelled), "")
        if not self.used or self.model > self.called or (self.model == self.called and not self.known and self.model):
            return False
        if not (self.certain or (name.islower() and self.called > 1)):
            return False
        if self.known and not self.called:
            return not self.cited or self.on or sum(self.spelled.values()) + self.total > 1 or self.used[0][0] != 2
        return self.known or self.called * RARELY >= sum(self.spelled.values()) + self.total > 0

    def take(self, other: Candidate) -> None:
        """Add what speaks for another name of the same data set."""
        self.used += other.used
        self.known |= other.known
        self.called += other.called
        self.listed |= other.listed
        self.model += other.model
        self.certain += other.certain
        self.on |= other.on
        self.cited &= other.cited
        self.order = min(self.order, other.order)
        self.place = self.place or other.place
        self.total += sum(other.spelled.values())


def merge_abbreviations(found: dict[str, Candidate]) -> None:
    """Join a long name with the abbreviation that it introduces in brackets."""
    for name, each in list(found.items()):
        short = key(each.short.most_common(1)[0][0]) if each.short else ""
        other = found.get(short)
        if other is not None and other is not each and name in found:
            each.take(other)
            del found[short]


def merge_known(found: dict[str, Candidate]) -> None:
    """Join the names of one well-known data set: `XSum` and `Extreme Summarization`."""
    first: dict[str, Candidate] = {}
    for name, each in list(found.items()):
        known = known_set(name)
        if known is None:
            continue
        if known.name not in first:
            first[known.name] = each
            continue
        one = first[known.name]
        if sum(each.spelled.values()) > sum(one.spelled.values()):
            one.spelled, each.spelled = each.spelled, one.spelled
        one.take(each)
        del found[name]


def distinct(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in order of their first mention, without parts and versions that are no sets of their own.

    `MNIST-2` and `CIFAR-10 Airplane` are part of what is named beside them; `CIFAR` is short for `CIFAR-10`.
    """
    named = {each.name: each for each in found}
    keys = {key(name) for name in named} | {key(short) for each in found for short in each.short}
    keys |= {key(known.name) for name in named if (known := known_set(name))}
    gone = {part for name, each in named.items() for part in _parts(name, each, keys)}
    plain = {_plain(name) for name in named if _DIGIT.search(name) and key(name) not in gone}
    gone |= {key(name) for name in named if not (_DIGIT.search(name) or is_listed(name)) and _plain(name) in plain}
    whole = {name: each for name, each in named.items() if key(name) not in gone}
    gone |= {key(name) for name, each in whole.items() if _is_first_word(name, each, whole)}
    kept = [each for name, each in named.items() if key(name) not in gone]
    return sorted(kept, key=lambda each: each.order)


def _plain(name: str) -> str:
    return key(_DIGIT.sub("", name))


def _parts(name: str, each: Candidate, keys: Collection[str]) -> Iterator[str]:
    """Yield the keys that go because of a name: its own where it is a part of another, or those of its parts."""
    base = re.sub(r"[- ]?\d{1,4}$", "", name)
    words = name.split()
    if base != name and key(base) in keys and not (is_listed(base) and is_listed(name)):
        yield key(base) if is_listed(name) else key(name)
    elif is_exactly_known(name):
        return
    elif (name.endswith("s") and key(name[:-1]) in keys) or (
        (match := _VERSION.search(name) or _TASK.search(name)) and _is_version(name[: match.start()], keys)
    ):
        yield key(name)
    elif len(words) > 1:
        yield from _within(words, each, keys)
    elif "-" in name and key(name.rpartition("-")[0]) in keys:
        yield key(name)


def _is_version(base: str, keys: Collection[str]) -> bool:
    """Whether a name without the word for its version is another's, numbers at the end aside."""
    known = known_set(base)
    return key(known.name if known else base) in keys or any(
        re.fullmatch(rf"{re.escape(key(base))}\d{{1,3}}", other) for other in keys
    )


def _within(words: Sequence[str], each: Candidate, keys: Collection[str]) -> set[str]:
    """Return the keys that go because one name holds the other: that of the whole, or those of its last words."""
    name = " ".join(words)
    if len(words) > 2 and not each.called and all(key(word) in keys for word in words):
        return {key(name)}  # cells of a table run together
    if not (each.called or each.listed) and any(key(" ".join(words[:place])) in keys for place in range(1, len(words))):
        return {key(name)}
    for rest in (" ".join(words[:-1]), " ".join(words[1:])):
        known = is_exactly_known(rest) and not _VARIED.match(name)
        if key(rest) in keys and not each.listed and (known or not each.called):
            return {key(name)}
    ends = (" ".join(words[place:]) for place in range(1, len(words)))
    return {key(end) for end in ends if not is_exactly_known(end)}


def _is_first_word(name: str, each: Candidate, named: dict[str, Candidate]) -> bool:
    """Whether a name in tables only is the first word of the one other name that the text has: `Beer`, `BeerAdvocate`.

    What follows it behind a hyphen names a part: `Beer-Aroma`.
    """
    if not each.listed or each.called or is_exactly_known(name):
        return False
    first = name.split("-")[0].strip()
    longer = [
        other
        for other in named
        if len(other) > len(first)
        and not other.startswith(f"{first}-")
        and other != name
        and named[other].used
        and first in (_first_word(other), other.split()[-1])
    ]
    return len(longer) == 1 and len(first) > 2


def _first_word(name: str) -> str:
    match = _WORD.match(name)
    return match[0] if match else ""
