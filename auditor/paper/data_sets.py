"""The data sets that the experiments of a paper use: those that it names, and calls data, and works with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.known_data import is_exactly_known, is_known, is_listed, key
from auditor.paper.data_access import about, access, licence, source
from auditor.paper.data_names import VARIED, mentions
from auditor.paper.data_tables import headed, listed
from auditor.paper.data_words import is_name
from auditor.paper.model import Box, DataSet, Paper, Section, Sentence
from auditor.paper.sayings import of_others

RARELY = 10
"""A name that is called data once in more mentions than these is that of something else."""
MOST = 60
"""More data sets than these are not told apart from names of other things."""

_SETUP = re.compile(
    r"\bexperiment|\bset-?\s?up\b|\bsettings?\b|\bimplementation|\btraining\b|\bevaluat|\bdetails?\b|\bdata"
    r"|\bcorp(?:us|ora)|\bbenchmarks?\b|\bresults?\b|\bablation|\banalysis\b|\btasks?\b|\bcase stud|\bcomparison"
    r"|\breproduc|\bperformance\b|\bempirical",
    re.I,
)
_RELATED = re.compile(
    r"\b(?:related|previous|prior) (?:works?|studies|research)\b|\bbackground\b|literature|\bfuture\b", re.I
)
_EARLY = re.compile(r"\bintroduction\b|\bpreliminar|\bmotivation\b|\boverview\b", re.I)
_OWN = re.compile(r"\b(?:we|our|ours|us|I|my|this (?:paper|work|study|report|article))\b")
_USE = re.compile(
    r"\b(?:us(?:e|ed|ing)|evaluat\w+|experiment\w*|train\w*|test(?:ed|s|ing)?|appl(?:y|ied)|fine-?tun\w+|consider\w*"
    r"|conduct\w*|validat\w+|perform\w*|report\w*|compar\w+|outperform\w*|improv\w+|results?|accurac\w+|achiev\w+"
    r"|demonstrat\w+|analy[sz]\w+|stud(?:y|ied)|measur\w+|run|ran|obtain\w*|select\w*|chose|downloaded|collect\w*"
    r"|simulat\w+)\b",
    re.I,
)
_LATER = re.compile(
    r"\bfuture (?:work|research|studies|directions)\b|\bin the future\b|\bwould be (?:interesting|worth)", re.I
)
_SHORT = 12
"""Of so many words of prose one at least is a function word."""
_FUNCTION = re.compile(r"\b(?:the|an?|of|on|in|is|are|was|were|we|our|and|with|for|to|from|by|as|that|which)\b", re.I)
_THEIRS = re.compile(r"\b[Ii]n (?:their|the original) (?:paper|work|study)\b|\bthe original authors\b")
_VARIED = re.compile(VARIED, re.I)
_TITLE = re.compile(r"(?:\w+ )?(?:data ?-?sets?|data|corpora|benchmarks?)(?: (?:and|&) \w+(?: \w+)?)?", re.I)
_INTRODUCES = re.compile(r"(?:\d\S{0,5} )?(?:data ?-?sets?|corpora|benchmarks?)\b", re.I)
_ITEM = re.compile(
    r"(?:[•◦▪–—‣∙·-]\s?|\(?[\da-z]{1,2}[.)]\s)([A-Z][\w’' /-]{2,50}?)"
    r"(?:\s?\[[\d,\s]{1,20}\]|\s\([^()]{1,80}\))?\s?[:.–—]\s"
)
"""What opens an item of a list: `• Solubility: …`."""
_SYNTHETIC = re.compile(
    r"\b(?:synthetic|simulated|simulation|artificial|toy)(?: (?!and\b|or\b|set\b|of\b)[\w-]{1,20}){0,3}?"
    r" (?:data ?-?sets?|data|examples?|problems?|tasks?|graphs?|benchmarks?|distributions?|corpus|time series"
    r"|manifold)\b",
    re.I,
)


@dataclass
class _Candidate:
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
    short: Counter[str] = field(default_factory=Counter)


def data_sets(paper: Paper) -> tuple[DataSet, ...]:
    """Return the data sets that the experiments use, in the order of their first mention; at most MOST."""
    if not paper.readable:
        return ()
    found: dict[str, _Candidate] = {}
    under = headings(paper.sections)
    items = False
    for sentence in paper.sentences:
        items = _lists_data(sentence, items)
        _from_sentence(sentence, under.get(sentence.section, sentence.section), items, found)
    _from_tables(paper, found)
    own = _own(paper)
    theirs = {name: each for name, each in found.items() if not _is_own(name, each, own)}
    _merge_abbreviations(theirs)
    kept = _distinct([each for each in theirs.values() if _is_used(each)])
    sets = [_told(paper, each) for each in kept[:MOST]]
    return (*sets, *_synthetic(paper.sentences, under))


def headings(sections: Sequence[Section]) -> dict[str, str]:
    """Return for each title the titles above it by number (`4` above `4.2`) with its own."""
    by_number = {section.number: section.title for section in sections if section.number}
    paths = {}
    for section in sections:
        parts = (section.number or "").split(".")[:4]
        above = [by_number.get(".".join(parts[:depth]), "") for depth in range(1, len(parts))]
        paths[section.title] = " / ".join([*above, section.title])
    return paths


def _lists_data(sentence: Sentence, before: bool) -> bool:
    """Whether a sentence is among the items of a list of data sets: under such a title, or after `Datasets …:`."""
    text = sentence.text
    if _TITLE.fullmatch(sentence.section) or (_INTRODUCES.match(text) and text.rstrip().endswith(":")):
        return True
    return before and bool(_ITEM.match(text))


def _from_sentence(sentence: Sentence, path: str, items: bool, found: dict[str, _Candidate]) -> None:
    if sentence.kind in ("acknowledgements", "checklist", "references"):
        return
    named = mentions(sentence.text)
    item = _ITEM.match(sentence.text) if items else None
    if not (named or item) or not _prose(sentence.text):
        return
    weight = _use(sentence, path)
    if item and weight and is_name(item[1]):
        each = found.setdefault(key(item[1]), _Candidate(order=len(found)))
        each.spelled[item[1]] += 1
        each.listed = True
        each.used.append((weight + 1, sentence))
    for mention in named:
        each = found.setdefault(key(mention.name), _Candidate(order=len(found)))
        each.spelled[mention.name] += 1
        each.known |= mention.known
        each.called += mention.called
        each.certain += not mention.alone
        each.model += mention.model
        if mention.short:
            each.short[mention.short] += 1
        if weight and not mention.elsewhere:
            each.used.append((weight + mention.called, sentence))


def _prose(text: str) -> bool:
    """Whether a text is a sentence or a caption, not the cells of a table run together."""
    words = text.split()
    return len(words) < _SHORT or _FUNCTION.subn("", text)[1] * _SHORT >= len(words)


def _merge_abbreviations(found: dict[str, _Candidate]) -> None:
    """Join a long name with the abbreviation that it introduces in brackets."""
    for name, each in list(found.items()):
        short = key(each.short.most_common(1)[0][0]) if each.short else ""
        other = found.get(short)
        if short and other is None and each.short and not each.known:  # the paper's own method, taken out before
            continue
        if other is None or other is each or name not in found:
            continue
        each.used += other.used
        each.known |= other.known
        each.called += other.called
        each.listed |= other.listed
        each.model += other.model
        each.certain += other.certain
        each.order = min(each.order, other.order)
        each.place = each.place or other.place
        each.total += sum(other.spelled.values())
        del found[short]


def _use(sentence: Sentence, path: str) -> float:
    """How strongly a sentence shows that what it names is used in the experiments; 0 where it does not."""
    own = bool(_OWN.search(sentence.text))
    if of_others(sentence) or _RELATED.search(path) or _LATER.search(sentence.text):
        return 0
    if not own and _THEIRS.search(sentence.text):
        return 0
    if _SETUP.search(path) and not _EARLY.search(path):
        return 3 if own else 2
    if re.match(r"(?:Table|Figure|Fig\.)\s", sentence.text):
        return 2
    return 1 if _USE.search(sentence.text) and (own or sentence.kind == "abstract") else 0


def _from_tables(paper: Paper, found: dict[str, _Candidate]) -> None:
    for table in paper.tables:
        for name in listed(table):
            _add(found, name, table.page, f"{table.label}: {table.caption}", table.box)
    taken = {name for name, each in found.items() if _is_used(each)}
    for table in paper.tables:
        for name in headed(table, taken):
            _add(found, name, table.page, f"{table.label}: {table.caption}", table.box)


def _add(found: dict[str, _Candidate], name: str, page: int, quote: str, box: Box) -> None:
    each = found.setdefault(key(name), _Candidate(order=len(found)))
    if not each.spelled:
        each.spelled[name] += 1
    each.known |= is_known(name)
    each.listed = True
    each.certain += 1
    each.place = each.place or (page, quote, box)


def _is_used(each: _Candidate) -> bool:
    """Whether the name is that of data that are used; what is called data once among many mentions is not."""
    if each.listed:
        return True
    name = next(iter(each.spelled), "")
    if not each.used or each.model > each.called or not (each.certain or (name.islower() and each.called > 1)):
        return False
    return each.known or each.called * RARELY >= sum(each.spelled.values()) + each.total > 0


def _distinct(found: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the candidates in order of their first mention, without parts and versions that are no sets of their own.

    `MNIST-2` and `CIFAR-10 Airplane` are part of what is named beside them; `CIFAR` is short for `CIFAR-10`.
    """
    named = {_spelled(each): each for each in found}
    keys = {key(name) for name in named} | {key(short) for each in found for short in each.short}
    gone: set[str] = set()
    for name, each in named.items():
        base = re.sub(r"[- ]?\d{1,4}$", "", name)
        words = name.split()
        if base != name and key(base) in keys:
            gone.add(key(base) if is_listed(name) else key(name))
        elif len(words) > 1 and not is_exactly_known(name):
            gone |= _within(words, each, keys)
    kept = [each for name, each in named.items() if key(name) not in gone]
    return sorted(kept, key=lambda each: each.order)


def _within(words: Sequence[str], each: _Candidate, keys: Collection[str]) -> set[str]:
    """Return the keys that go because one name holds the other: that of the whole, or those of its last words."""
    name = " ".join(words)
    for rest in (" ".join(words[:-1]), " ".join(words[1:])):
        known = is_exactly_known(rest) and not _VARIED.match(name)
        if key(rest) in keys and not each.listed and (known or not each.called):
            return {key(name)}
    ends = (" ".join(words[place:]) for place in range(1, len(words)))
    return {key(end) for end in ends if not is_exactly_known(end)}


def _spelled(each: _Candidate) -> str:
    return each.spelled.most_common(1)[0][0]


def _own(paper: Paper) -> str:
    """Return the key of the name that the title gives to the paper's own method, as in `VOLTA: …`; or nothing."""
    head, colon, _ = paper.title.partition(":")
    return key(head) if colon and len(head.split()) <= 2 else ""


def _is_own(name: str, each: _Candidate, own: str) -> bool:
    return bool(own) and (name == own or any(key(spelled.split()[0]) == own for spelled in each.spelled))


def _told(paper: Paper, each: _Candidate) -> DataSet:
    name = _spelled(each)
    best = max(each.used, key=lambda used: used[0], default=None)
    page, quote, box = (best[1].page, best[1].text, best[1].box) if best else each.place or (1, "", None)
    naming = about(paper, name)
    short = each.short.most_common(1)[0][0] if each.short else ""
    shown = f"{name} ({short})" if short and short != name else name
    return DataSet(
        name=shown.replace("- ", "-"),
        page=page,
        quote=quote,
        box=box,
        access=access(naming, name),
        licence=licence(naming),
        source=source(paper, naming, name),
    )


def _synthetic(sentences: Iterable[Sentence], under: Mapping[str, str]) -> Iterator[DataSet]:
    """Yield the synthetic data of the experiments, once."""
    for sentence in sentences:
        match = _SYNTHETIC.search(sentence.text)
        if match and _use(sentence, under.get(sentence.section, sentence.section)) >= 2:
            yield DataSet(match[0], sentence.page, sentence.text, sentence.box, synthetic=True)
            return
