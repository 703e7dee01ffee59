"""The words of the field for metrics: canonical names, directions, scales. A word that is none stays none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from auditor import toml
from auditor.claims.model import Direction

Scale = Literal["unit", "signed", "unbounded", "seconds"]

_TEXT_LIMIT = 4_000
_WORD = re.compile(r"[^\W_]+(?:@[^\W_]+)?")
_AT = re.compile(r"[ \t]{0,3}@[ \t]{0,3}(?=\w)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
_ENGLISH = re.compile(r"sensitivity\s(?:analys|stud|to\b|of\s(?:the|our|its|\w+\s(?:to|calibration))\b)", re.I)
"""Words that are a metric elsewhere."""
_SENSITIVE = re.compile(r"\b(?:parameter|noise|model|cost|price|context)s?[\s-]sensitivity$", re.I)
_PARTED = re.compile(r"[,;]")
_NUMBER = re.compile(r"\d{1,4}")
_VARIANT = re.compile(r"[a-z]{1,3}([ft][pn]r)")
"""An error rate of another kind (`cgfpr`: the counterfactual, generalized one): no rate of this name, but a rate."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric by its canonical name. `direction` is None where neither more nor less is better by itself.

    `scale` is `unit` (0 to 1, printed as a fraction, in percent or in points), `signed` (-1 to 1), `seconds`, or
    `unbounded`.
    """

    name: str
    direction: Direction | None
    scale: Scale

    @property
    def bounded(self) -> bool:
        """Whether its values lie within 0 to 1 or -1 to 1."""
        return self.scale in ("unit", "signed")


@dataclass(frozen=True, slots=True)
class Mention:
    """A metric named in a text, at characters `start` to `end` of the plain text."""

    metric: Metric
    text: str
    start: int
    end: int


@lru_cache(maxsize=1_024)
def plain(text: str) -> str:
    """Return `text` in compatibility form, cut at 4,000 characters: `ﬁ` is `fi`, `R²` is `R2`, `Hit @ 1` is `Hit@1`."""
    text = unicodedata.normalize("NFKC", text[:_TEXT_LIMIT])
    return _AT.sub("@", text.replace("\u2013", "-").replace("\u2212", "-").replace("\u2010", "-"))


@lru_cache(maxsize=4_096)
def words(text: str) -> tuple[str, ...]:
    """Return the normalised words of `text`: lower case; white space and punctuation (but `@`) separate."""
    return tuple(word.lower() for word in _WORD.findall(plain(text)))


@lru_cache(maxsize=1_024)
def mentions(text: str) -> tuple[Mention, ...]:
    """Return the metrics named in `text`, in order, longest phrase first and none inside another.

    Positions refer to `plain(text)`.
    """
    text = plain(text)
    tokens = _WORD.findall(text)
    lengths = [_longest(token) for token in tokens]
    if not any(lengths):
        return ()
    spans = [match.span() for match in _WORD.finditer(text)]
    found: list[Mention] = []
    free = 0
    for position, longest in enumerate(lengths):
        if position < free:
            continue
        for last in range(min(position + longest, len(tokens)) - 1, position - 1, -1):
            metric = _phrase(tuple(tokens[position : last + 1]))
            start, end = spans[position][0], spans[last][1]
            if metric and not _english(text, start) and _one_phrase(text, start, end):
                found.append(Mention(metric, text[start:end], start, end))
                free = last + 1
                break
    return tuple(found)


def _english(text: str, start: int) -> bool:
    """Whether a word is ordinary English where it stands: `sensitivity to noise`, `parameter sensitivity`."""
    return bool(_ENGLISH.match(text, start) or _SENSITIVE.search(text[max(0, start - 16) : start + 11]))


def _one_phrase(text: str, start: int, end: int) -> bool:
    """Whether words stand together: no comma between them, no bracket that does not close behind them.

    `F1 (macro)` is one phrase, `classification (accuracy, right)` and `precision, recall` are not.
    """
    said = text[start:end]
    return not _PARTED.search(said) and ("(" not in said or ")" in said or text[end : end + 1] == ")")


@lru_cache(maxsize=4_096)
def find_metric(text: str) -> Metric | None:
    """Return the one metric that `text` names (a column head, a key), or None where it names none or several.

    Words in camel case (`valLoss`) are split when the text as it stands names no metric. Of several mentions the
    longest decides only if the others are the same metric.
    """
    found = mentions(text) or mentions(_CAMEL.sub(" ", text[:_TEXT_LIMIT]))
    names = {mention.metric.name for mention in found}
    return found[0].metric if len(names) == 1 else None


def metric_named(name: str) -> Metric | None:
    """Return the metric of a canonical name (`accuracy`, `hit@10`, `cgfpr` on the scale of `fpr`), or None."""
    exact = _canonical().get(name)
    if exact:
        return exact
    variant = _VARIANT.fullmatch(name)
    if variant and variant[1] in _canonical():
        rate = _canonical()[variant[1]]
        return Metric(name, rate.direction, rate.scale)
    number = _NUMBER.search(name)
    pattern = _canonical().get(_NUMBER.sub("<k>", name, count=1)) if number else None
    return Metric(name, pattern.direction, pattern.scale) if pattern else None


def same_dataset(name: str, text: str) -> bool:
    """Whether `text` names the data set `name`: its words side by side (`CIFAR-10` in `resnet_cifar10`) or an alias."""
    spelled = " ".join(words(name))
    names = next((group for group in _aliases() if spelled in group), (spelled,))
    return any(side_by_side(other, text) for other in names)


def side_by_side(name: str, text: str) -> bool:
    """Whether neighbouring words of `text`, written together, are exactly the words of `name`."""
    joined, said = "".join(words(name)), words(text)
    for first in range(len(said)):
        together = ""
        for word in said[first : first + 12]:
            together += word
            if together == joined:
                return True
            if len(together) >= len(joined):
                break
    return False


@cache
def _aliases() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group) for group in _data()["aliases"]["datasets"])


def _phrase(tokens: tuple[str, ...]) -> Metric | None:
    spelled = " ".join(tokens)
    cased, phrases = _tables()
    if spelled in cased:
        return cased[spelled]
    lowered = spelled.lower()
    if lowered in phrases:
        return phrases[lowered]
    if lowered.endswith("s") and len(lowered) > 3 and lowered[:-1] in phrases:  # `test errors`, `BLEUs`
        return phrases[lowered[:-1]]
    number = _NUMBER.search(lowered)
    if number is None:
        return None
    general = phrases.get(lowered[: number.start()] + "<k>" + lowered[number.end() :])
    if general is None:
        return None
    return Metric(general.name.replace("<k>", str(int(number[0]))), general.direction, general.scale)


@cache
def _tables() -> tuple[dict[str, Metric], dict[str, Metric]]:
    cased: dict[str, Metric] = {}
    phrases: dict[str, Metric] = {}
    for entry in entries("metric"):
        metric = Metric(entry["name"], entry.get("direction"), entry["scale"])
        for word in entry.get("words", ()):
            phrases.setdefault(word, metric)
        for word in entry.get("cased", ()):
            cased.setdefault(word, metric)
    return cased, phrases


def _longest(first: str) -> int:
    """The words of the longest phrase that begins with a word; 0 where none does."""
    starts, lowered = _starts(), first.lower()
    general = lowered if lowered.isalpha() else _NUMBER.sub("<k>", lowered, count=1)
    return max(starts.get(first, 0), starts.get(lowered, 0), starts.get(general, 0))


@cache
def _starts() -> dict[str, int]:
    """The first words of all phrases, numbers also as `<k>`, with how many words the longest such phrase has."""
    cased, phrases = _tables()
    found: dict[str, int] = {}
    for phrase in (*phrases, *cased):
        said = phrase.split()
        for first in (said[0], _NUMBER.sub("<k>", said[0], count=1)):
            found[first] = max(found.get(first, 0), len(said))
    return found


@cache
def _canonical() -> dict[str, Metric]:
    return {entry["name"]: Metric(entry["name"], entry.get("direction"), entry["scale"]) for entry in entries("metric")}


def entries(section: str) -> Any:
    """Return a section of the vocabulary's data as it is written."""
    return _data()[section]


@cache
def _data() -> dict[str, Any]:
    text = files("auditor.claims").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = toml.loads(text)
    return data
