"""The data sets that the experiments of a paper use: those that it names, and calls data, and works with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.known_data import is_known, key
from auditor.paper.data_access import about, access, licence, source
from auditor.paper.data_candidates import Candidate, distinct, merge_abbreviations, merge_known
from auditor.paper.data_lists import listed_name, lists_data
from auditor.paper.data_names import Mention, mentions
from auditor.paper.data_tables import headed, listed
from auditor.paper.data_unnamed import collected, described, linked, synthetic
from auditor.paper.model import Box, DataSet, Paper, Section, Sentence
from auditor.paper.sayings import of_others

MOST = 60
"""More data sets than these are not told apart from names of other things."""
_COMPARED = 1_000
"""So many names are compared with each other; no paper uses as many data sets."""

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
_OWN = re.compile(r"\b(?:[Ww]e|[Oo]urs?|us|I|[Mm]y|[Tt]his (?:paper|work|study|report|article))\b")
_OBTAINED = re.compile(
    r"\b(?:data|images|samples|recordings|documents|examples) (?:was|were) (?:obtained|collected|taken|downloaded"
    r"|gathered|retrieved|sourced|drawn)\b",
    re.I,
)
_USE = re.compile(
    r"\b(?:us(?:e|ed|ing)|evaluat\w+|experiment\w*|train\w*|test(?:ed|s|ing)?|appl(?:y|ied)|fine-?tun\w+|consider\w*"
    r"|conduct\w*|validat\w+|perform\w*|report\w*|compar\w+|outperform\w*|improv\w+|results?|accurac\w+|achiev\w+"
    r"|demonstrat\w+|analy[sz]\w+|stud(?:y|ied)|measur\w+|run|ran|obtain\w*|select\w*|chose|downloaded|collect\w*"
    r"|simulat\w+)\b",
    re.I,
)
_LATER = re.compile(
    r"\bfuture (?:work|research|studies|directions)\b|\bin the future\b|\bwould be (?:interesting|worth)"
    r"|\bone (?:could|can|may|might)\b",
    re.I,
)
_SHORT = 12
"""Of so many words of prose one at least is a function word."""
_FUNCTION = re.compile(r"\b(?:the|an?|of|on|in|is|are|was|were|we|our|and|with|for|to|from|by|as|that|which)\b", re.I)
_REACHED = re.compile(r"\b(?:achiev|outperform|surpass|reach|state[- ]of[- ]the[- ]art|report|widely|popular)", re.I)
_IT = re.compile(r"(?:It|This (?:method|approach|model|work)|Th[eo]se \w+|Their \w+)\b")
_THEIRS = re.compile(
    r"\b[Ii]n (?:their|the original) (?:paper|work|study)\b|\bthe original authors\b|\b[Tt]hey (?:also )?\w+ed\b"
)
_MAKES_DATA = re.compile(
    r":\s(?:an?|the)\s(?:(?!(?:on|for|with|of|in|to|from)\b)[\w,-]{1,30}\s){0,7}"
    r"(?:data ?set|benchmark|corpus|test ?bed)\b",
    re.I,
)
"""A title that gives a name to data."""


def data_sets(paper: Paper) -> tuple[DataSet, ...]:
    """Return the data sets that the experiments use, in the order of their first mention; at most MOST."""
    if not paper.readable:
        return ()
    found: dict[str, Candidate] = {}
    under = headings(paper.sections)
    before, items = None, False
    for sentence in paper.sentences:
        items = lists_data(sentence, before, items)
        before = sentence
        _from_sentence(sentence, under.get(sentence.section, sentence.section), items, found)
    _from_tables(paper, found)
    own = _own(paper)
    if own and _MAKES_DATA.search(paper.title):
        _add(found, paper.title.partition(":")[0], 1, paper.title, (0, 0, 0, 0))
        own = ""
    theirs = {name: each for name, each in found.items() if not _is_own(name, each, own)}
    merge_abbreviations(theirs)
    merge_known(theirs)
    kept = distinct([each for each in theirs.values() if each.is_used][:_COMPARED])
    sets = [_told(paper, each) for each in kept[:MOST]]
    names = [each.name.partition(" (")[0] for each in sets]

    def weight(sentence: Sentence) -> float:
        return _use(sentence, under.get(sentence.section, sentence.section))

    unnamed = (
        *synthetic(paper.sentences, weight, names),
        *collected(paper.sentences, names),
        *linked(paper.links, names),
    )
    return (*sets, *(unnamed or described(paper.sentences, weight) if not sets else unnamed))


def headings(sections: Sequence[Section]) -> dict[str, str]:
    """Return for each title the titles above it by number (`4` above `4.2`) with its own."""
    by_number = {section.number: section.title for section in sections if section.number}
    paths = {}
    for section in sections:
        parts = (section.number or "").split(".")[:4]
        above = [by_number.get(".".join(parts[:depth]), "") for depth in range(1, len(parts))]
        paths[section.title] = " / ".join([*above, section.title])
    return paths


def _from_sentence(sentence: Sentence, path: str, items: bool, found: dict[str, Candidate]) -> None:
    if sentence.kind in ("acknowledgements", "checklist", "references"):
        return
    named = mentions(sentence.text)
    item = listed_name(sentence) if items else ""
    if not (named or item) or not _prose(sentence.text):
        return
    weight = _use(sentence, path)
    if item and weight:
        each = found.setdefault(key(item), Candidate(order=len(found)))
        each.spelled[item] += 1
        each.listed = True
        each.used.append((weight + 1, sentence))
    for mention in named:
        each = found.setdefault(key(mention.name), Candidate(order=len(found)))
        each.spelled[mention.name] += 1
        each.known |= mention.known
        each.called += mention.called or bool(item and mention.known)
        each.certain += not mention.alone
        each.model += mention.model
        each.on |= mention.on
        each.cited |= mention.cited
        if mention.short:
            each.short[mention.short] += 1
        strength = weight or _trial(sentence, mention, path)
        if strength and not mention.elsewhere:
            each.used.append((strength + mention.called, sentence))


def _trial(sentence: Sentence, mention: Mention, path: str) -> float:
    """How strongly `on the … dataset` in a section on the authors' work shows that it is used, if nobody is named."""
    beside = (
        _REACHED.search(sentence.text)
        or _EARLY.search(path)
        or _RELATED.search(path)
        or of_others(sentence)
        or _THEIRS.search(sentence.text)
        or _LATER.search(sentence.text)
    )
    if beside or _IT.match(sentence.text) or sentence.kind != "body":
        return 0
    return 0.5 if mention.called and mention.on else 0


def _prose(text: str) -> bool:
    """Whether a text is a sentence or a caption, not the cells of a table run together."""
    words = text.split()
    return len(words) < _SHORT or _FUNCTION.subn("", text)[1] * _SHORT >= len(words)


def _use(sentence: Sentence, path: str) -> float:
    """How strongly a sentence shows that what it names is used in the experiments; 0 where it does not."""
    own = bool(_OWN.search(sentence.text) or _OBTAINED.search(sentence.text))
    if of_others(sentence) or _RELATED.search(path) or _LATER.search(sentence.text):
        return 0
    if not own and _THEIRS.search(sentence.text):
        return 0
    if _SETUP.search(path) and not _EARLY.search(path):
        return 3 if own else 2
    if re.match(r"(?:Table|Figure|Fig\.)\s", sentence.text):
        return 2
    return 1 if _USE.search(sentence.text) and (own or sentence.kind == "abstract") else 0


def _from_tables(paper: Paper, found: dict[str, Candidate]) -> None:
    for table in paper.tables:
        for name in listed(table):
            _add(found, name, table.page, f"{table.label}: {table.caption}", table.box)
    taken = {name for name, each in found.items() if each.is_used}
    for table in paper.tables:
        for name in headed(table, taken):
            _add(found, name, table.page, f"{table.label}: {table.caption}", table.box)


def _add(found: dict[str, Candidate], name: str, page: int, quote: str, box: Box) -> None:
    each = found.setdefault(key(name), Candidate(order=len(found)))
    if not each.spelled:
        each.spelled[name] += 1
    each.known |= is_known(name)
    each.listed = True
    each.certain += 1
    each.place = each.place or (page, quote, box)


def _own(paper: Paper) -> str:
    """Return the key of the name that the title gives to the paper's own method, as in `VOLTA: …`; or nothing."""
    head, colon, _ = paper.title.partition(":")
    return key(head) if colon and len(head.split()) <= 2 else ""


def _is_own(name: str, each: Candidate, own: str) -> bool:
    return bool(own) and (name == own or any(key(spelled.split()[0]) == own for spelled in each.spelled))


def _told(paper: Paper, each: Candidate) -> DataSet:
    name = each.name
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
