"""What the text around a table says that the table leaves unsaid: the metric, the data set, what its names are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from auditor.claims.captions import NOT_RESULTS, TIMES, first_sentence, named_dataset
from auditor.claims.numbers import parse_cell
from auditor.claims.quantities import named, quantity
from auditor.claims.subjects import DESCRIBED_DATA
from auditor.claims.vocabulary import Metric, find_metric, mentions, plain, words
from auditor.paper.model import Paper, Sentence, Table

Role = Literal["dataset", "method"]

_OCCURRENCES = 60
_TEXT = 400_000
_SENTENCES = 4_000
_CAPTION = 3
_SPOKEN_OF = 3
_CELL = 60
_FEW = 6
_PASSING = 8
"""A data set named less than once where another is named so often is named in passing."""
_PRETRAINED = re.compile(r"\bpre-?\s?train|\bImageNet (?:weights|features|initiali[sz]ation)|\bweights from\b", re.I)
_SCORED = (Metric("score", None, "unbounded"), "score")
_UNIT = re.compile(r"\s*\((?:%|s|secs?|seconds|ms|mins?|minutes|h|hours|MB|GB|mJ|J|pp|dB)\)\s*$")
"""The unit of a quantity that a head names (`Estimate (%)`)."""
_OFTEN, _MOSTLY = 5, 0.6
"""A paper's main metric is named this often at least, and in this share of its mentions of any bounded metric."""

_ON = re.compile(r"(?:\bon|\bfrom|\bin)\s(?:the\s|both\s)?$")
_WITH = re.compile(r"\b(?:than|with|using|by|outperforms?|and|or|versus|vs\.?)\s(?:the\s)?$")
_DATA = re.compile(r"\s?(?:data ?sets?|data\b|corpus|corpora|benchmarks?|tasks?\b|images\b|test set|train)", re.I)
_METHOD = re.compile(
    r"\s?(?:models?\b|networks?\b|methods?\b|algorithms?\b|classifiers?\b|encoders?\b|outperform|achiev|perform"
    r"|baselines?\b|obtain|reach|learn|train(?:s|ed)|uses?\b|is\s(?:trained|able)|\[\d|\(ours|\(?[A-Z]\w+ et al"
    r"|approach|architectures?\b)",
)
_DESCRIBED = re.compile(
    r"\bhyper-?parameters?\b|\bstatistics\b|\bsummary of (?:the |all )?\w{0,20}\s?(?:data|papers)|\bcomposition\b"
    r"|\bdistribution of\b|\bconfigurations?\b|\barchitectures? (?:of|used|for)\b|\bsearch spaces?\b|\bnotations?\b"
    r"|\bsymbols\b|\bexamples?\b|\boverview\b|\blist of\b|\bdefinitions?\b|\bsettings?\b|\bdescriptions?\b"
    r"|\b(?:details|features|characteristics|properties) of\b|\bqualitative\b|\bdata ?sets? used\b|\bmetrics used\b"
    r"|\bpapers published\b|\bopinions?\b|\bviewpoints?\b|\bprobes?\b|\btelemetry\b",
    re.I,
)
_RESULT = re.compile(
    r"\bresults?\b|\bperformances?\b|\bcompar|\bscores?\b|\bevaluat|\bablation\b|\baccurac|\beffects? of\b|\bbenchmark"
    r"|\boutperform|\bversus\b|\bvs\b|\bbest\b|\bmeans?\b|\bbetter\b|\berrors?\b",
    re.I,
)
_CAPITALS = re.compile(r"(?<![\w-])[A-Z][A-Za-z]{0,2}[A-Z]{1,5}(?![\w-])")
_BRACKETED = re.compile(r"((?:[A-Za-z][\w-]{0,20} ){1,7})\(([A-Z][A-Za-z]{0,2}[A-Z]{1,5})s?\)")
_DENOTES = re.compile(
    r"(?<![\w-])([A-Z][A-Za-z]{0,2}[A-Z]{1,5})\s?(?:denotes|stands for|refers to|means|is short for|=|:)\s(?:the )?"
    r"((?:[\w-]{1,20} ){0,4}[\w-]{2,20})(?=[\s.,;(])"
)
_LETTER = re.compile(r"\b([A-Z][a-z]{2,12}(?: [a-z]{3,12}){0,2}) \(([a-zA-Zρτκ])\)")
"""`Pearson (r) and Spearman (ρ)`."""
_SHORT = r"[A-Za-z][\w@+-]{0,7}"
_LISTED = re.compile(
    rf"(?<![\w,-])({_SHORT}(?:, {_SHORT}){{0,6}},? (?:and )?{_SHORT}),? (?:denote|stand for|refer to|represent|are)"
    r" ([\w@ -]{2,40}(?:, [\w@ -]{2,40}){1,7}|[\w@-]{2,20} and [\w@-]{2,20})(?=[,.;(]| respectively)"
)
"""`B@4, R, M denote BLEU-4, ROUGE-L, METEOR`."""
_SEPARATOR = re.compile(r",? and |, ")
_ORDINARY = re.compile(
    r"all|default|full|base|mean|avg\.?|average|total|overall|test|train|training|validation|dev|baselines?|others?|none"
    r"|real data"
    r"|original|proposed|ours?|dense|sparse|small|medium|large|short|long|standard|results?|w/o \w+|with \w+|both",
    re.I,
)
_TEST = re.compile(r"\b(?!the\b|a\b|on\b|and\b)\w+ tests?\b(?! (?:set|data|split|acc|err|perf|res|sample|image))", re.I)
"""A test by name (`nearest neighbour test`) has a quantity of its own."""
_COUNTS = re.compile(r"\b(?:number|percentage|fraction|proportion|amount|share|counts?)s? of\b", re.I)
"""A caption about something counted is not about the paper's main metric."""
_LOWER = re.compile(r"\blower is better\b|\bthe lower,? the better\b", re.I)
_SHARE = re.compile(r"percentage \w{3,20}(?: \w{3,20})?$", re.I)
_LABEL = re.compile(r"(?:Tables?|Tab\.)\s?[A-Z]?\d{1,3}|(?:Tables?|Tab\.)\s?[IVX]{1,5}\b")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside a table: the paper's own names, the metric and data set that the text gives, and `role`.

    `role` tells of a name whether the paper uses it as a data set's or a method's, or None. `open` lets quantities
    outside the vocabulary be results.
    """

    own: frozenset[str] = frozenset()
    metric: tuple[Metric, str] | None = None
    dataset: str | None = None
    role: Callable[[str], Role | None] = lambda name: None
    open: bool = False
    results: bool = False
    """Whether the caption or the cells announce results, so that what stands beside a metric is one too."""
    short: Mapping[str, str] = field(default_factory=dict)
    """Abbreviations of metrics with what they stand for (`CCR`: `correct classification rate`)."""
    either: tuple[tuple[Metric, str], tuple[Metric, str]] | None = None
    """The two metrics, one between 0 and 1 and one not, of which the text says that each is some rows'."""

    def metric_of(self, text: str) -> Metric | None:
        """Return the metric outside the vocabulary that a head or a label names, or None."""
        if not self.open:
            return None
        known = quantity(text)
        if known is not None:
            return known
        for word in (text.strip(" ↑↓⇑⇓*"), *_CAPITALS.findall(text[:80])):
            full = self.short.get(word)
            if full:
                said = mentions(full)
                whole = said[0].metric if said and said[0].text == plain(full) else None
                return whole or quantity(full) or find_metric(full)
        named_by_unit = self.metric in (None, _SCORED) and _UNIT.search(text) is not None
        return named(text) if named_by_unit and self.role(_UNIT.sub("", text)) is None else None


def abbreviations(text: str) -> dict[str, str]:
    """Return the abbreviations that a text introduces for metrics (`success rate (SR)`) with what they stand for."""
    found: dict[str, str] = {}
    for match in _BRACKETED.finditer(text):
        said = match[1].split()[-len(match[2]) - 1 :]
        for first in range(len(said)):
            if said[first][0].lower() == match[2][0].lower():
                found.setdefault(match[2], " ".join(said[first:]))
                break
    for match in _LETTER.finditer(text):
        found.setdefault(match[2], match[1])
    for match in _DENOTES.finditer(text):
        found.setdefault(match[1], match[2])
    for match in _LISTED.finditer(text):
        shorts, longs = (_SEPARATOR.split(part.strip(" ,").removesuffix(", respectively")) for part in match.groups())
        if len(shorts) == len(longs):
            found |= dict(zip(shorts, longs, strict=True))
    return {short: full for short, full in found.items() if find_metric(short) is None and _ends_in_metric(full)}


def _initials(caption: str) -> dict[str, str]:
    """Return the initials of the metrics that a caption names in several words (`WR`: `win rate`)."""
    found = {"".join(word[0] for word in words(m.text)).upper(): m.text for m in mentions(caption[:600])}
    return {short: full for short, full in found.items() if len(short) > 1 and find_metric(short) is None}


def _ends_in_metric(text: str) -> bool:
    said = mentions(text)
    return bool(said and said[-1].end == len(text)) or quantity(text) is not None


def describes(caption: str) -> bool:
    """Whether a caption announces settings, data or examples rather than results."""
    return bool(_DESCRIBED.search(first_sentence(caption)[:300]))


def around(paper: Paper, own: frozenset[str], known: Sequence[str]) -> Callable[[Table], Context]:
    """Return what gives each table of the paper its context; `known` are the names of the paper's data sets."""
    text = " ".join(s.text for s in paper.sentences[:_SENTENCES])[:_TEXT]
    data: dict[str, Role] = dict.fromkeys(known, "dataset")
    headed = {**_headed(paper.tables), **data}
    spelled = {_squashed(name) for name in known} - {""}

    @lru_cache(maxsize=2_000)
    def role(name: str) -> Role | None:
        return headed.get(name.strip()) or ("dataset" if _squashed(name) in spelled else _role(name, text))

    only = only_one(paper)
    referring = _referring(paper.sentences)
    main = _main_metric(paper)
    short = abbreviations(text)
    like = {_fractions(table) for table in paper.tables if main and _names(table.caption, main[0])} - {None}

    def context(table: Table) -> Context:
        if describes(table.caption) or _wordy(table):
            return Context(own, None, None, role)
        said = referring.get(_key(table.label), ())
        metric = _one_metric(said) or _captioned(table.caption)
        results = bool(_RESULT.search(table.caption)) or _spreads(table)
        either = None if metric else _two_metrics((table.caption,)) or _two_metrics(said)
        if metric is None and either is None and results and not _COUNTS.search(table.caption):
            alike = _percent(table) or (_fractions(table) in like and not _TEST.search(table.caption))
            metric = main if main and alike else _SCORED
            if metric[0].direction == "higher" and _LOWER.search(table.caption):
                metric = None
        caption = table.caption[:600]
        dataset = (
            one_named(known, first_sentence(caption))
            or one_named(known, caption)
            or only
            or _one_dataset(said)
            or described_data(caption)
        )
        explained = {**short, **_initials(table.caption), **abbreviations(table.caption)}
        return Context(own, metric, dataset, role, True, results, explained, either)

    return context


def _squashed(name: str) -> str:
    return re.sub(r"\W", "", name).lower()


def _wordy(table: Table) -> bool:
    """Whether half of a table's rows hold a cell of running text: examples rather than results."""
    return sum(any(len(cell) > _CELL for cell in row) for row in table.rows) * 2 > len(table.rows)


def _names(text: str, metric: Metric) -> bool:
    return any(mention.metric.name == metric.name for mention in mentions(text))


def _percent(table: Table) -> bool:
    """Whether a table's numbers are printed in percent or points, or with a spread."""
    if "%" in table.caption or any("%" in head for head in table.header) or _spreads(table):
        return True
    return _fractions(table) is False


def _fractions(table: Table) -> bool | None:
    """Whether a table's numbers lie between 0 and 1, or None where it has none with a decimal point."""
    numbers = [number.value for row in table.rows for cell in row if (number := parse_cell(cell)) and "." in cell]
    return sum(0 <= value <= 1 for value in numbers) * 10 > 9 * len(numbers) if numbers else None


def _spreads(table: Table) -> bool:
    cells = [cell for row in table.rows for cell in row if any(map(str.isdigit, cell))]
    return sum("±" in cell for cell in cells) * 3 > len(cells)


def _key(label: str) -> str:
    return re.sub(r"\W|tables?|tab", "", label.lower())


def _referring(sentences: Iterable[Sentence]) -> dict[str, list[str]]:
    """Return the sentences that refer to one table and no other, by the table's number."""
    found: dict[str, list[str]] = {}
    for sentence in sentences:
        labels = {_key(match[0]) for match in _LABEL.finditer(sentence.text[:1_000])}
        if len(labels) == 1:
            found.setdefault(labels.pop(), []).append(sentence.text[:1_000])
    return found


def _one_metric(sentences: Iterable[str]) -> tuple[Metric, str] | None:
    """Return the metric that the sentences about a table name, or None where they name none or several."""
    found = {
        mention.metric.name: (mention.metric, mention.text)
        for sentence in sentences
        for mention in mentions(sentence)
        if mention.metric.name not in {*NOT_RESULTS, *TIMES, "loss"}
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _two_metrics(texts: Iterable[str]) -> tuple[tuple[Metric, str], tuple[Metric, str]] | None:
    """Return the two metrics that texts name, the one between 0 and 1 first, where one is and one is not; or None."""
    found = {
        mention.metric.name: (mention.metric, mention.text)
        for text in texts
        for mention in mentions(text[:600])
        if mention.metric.name not in {*NOT_RESULTS, *TIMES, "loss"}
    }
    pair = sorted(found.values(), key=lambda each: not each[0].bounded)
    return (pair[0], pair[1]) if len(pair) == 2 and pair[0][0].bounded and not pair[1][0].bounded else None


def _captioned(caption: str) -> tuple[Metric, str] | None:
    """Return the quantity that begins a caption (`GLUE scores for …`), or None."""
    first = re.split(r"\b(?:for|of|on|in|with|across|by)\b|[.,:;]", caption[:120], maxsplit=1)[0].strip()
    first = re.split(r" and (?=[∆Δ])", first)[0]
    if re.search(r"[∆Δ]", first):
        return None  # how one changes
    share = Metric(" ".join(words(first)), None, "unbounded") if _SHARE.match(first) else None
    found = (quantity(first.removesuffix("s")) or share) if first else None
    return (found, first) if found else None


def _one_dataset(sentences: Collection[str]) -> str | None:
    names = {name for sentence in sentences if (name := named_dataset(sentence))}
    return names.pop() if len(names) == 1 else None


def data_names(paper: Paper) -> tuple[str, ...]:
    """Return the names of the data sets that the paper's experiments use."""
    return tuple(data.name for data in paper.data_sets if not data.synthetic and " for " not in data.name)


def one_named(known: Sequence[str], text: str) -> str | None:
    """Return the one of the known names that stands in a text, or None where none or several do.

    `Diabetic Retinopathy (DR)` stands there by either name; a name inside a longer one that stands there does not.
    """
    said = f" {' '.join(words(text))} "
    found = {name: spelled for name in known for spelled in _spellings(name) if f" {spelled} " in said}
    longest = [
        name for name, spelled in found.items() if not any(spelled != o and spelled in o for o in found.values())
    ]
    return longest[0] if len(longest) == 1 else None


def only_one(paper: Paper) -> str | None:
    """Return the one data set that a paper evaluates on, or None where there are several or it is hardly spoken of.

    One that is mostly spoken of as what weights were pre-trained on is none, nor is one named in passing.
    """
    names = [data.name for data in paper.data_sets]
    if not 1 <= len(names) <= _FEW or any(data.synthetic for data in paper.data_sets):
        return None
    said: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for sentence in paper.sentences[:_SENTENCES]:
        text = sentence.text[:1_000]
        for name in names:
            if name[:4].lower() in text.lower() and one_named((name,), text) is not None:
                said[name] += 1
                before[name] += _PRETRAINED.search(text) is not None
    most = max(said.values(), default=0)
    used = [name for name in said if said[name] * _PASSING >= most and before[name] * 2 < said[name]]
    return used[0] if len(used) == 1 and said[used[0]] >= _SPOKEN_OF else None


def described_data(text: str) -> str | None:
    """Return the data that a text describes without a name (`on the hidden test set`), or None for none or several."""
    found = {match[1] for match in DESCRIBED_DATA.finditer(text[:1_000])}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=1_000)
def _spellings(name: str) -> tuple[str, ...]:
    whole, _, short = name.partition(" (")
    return tuple(" ".join(words(part)) for part in (whole, short) if words(part))


def _main_metric(paper: Paper) -> tuple[Metric, str] | None:
    """Return the metric between 0 and 1 that most of the paper's mentions of any such metric name, or None.

    Captions and heads of tables count several times, as they name what is measured.
    """
    counts: Counter[str] = Counter()
    said: dict[str, tuple[Metric, str]] = {}
    texts = [(s.text[:600], 1) for s in paper.sentences[:_SENTENCES]]
    texts += [(text, _CAPTION) for table in paper.tables for text in (table.caption[:300], *table.header)]
    for text, weight in texts:
        for mention in mentions(text):
            if mention.metric.scale == "unit":
                counts[mention.metric.name] += weight
                said.setdefault(mention.metric.name, (mention.metric, mention.text))
    if not counts:
        return None
    (name, count), total = counts.most_common(1)[0], sum(counts.values())
    return said[name] if count >= _OFTEN and count >= _MOSTLY * total else None


def _headed(tables: Iterable[Table]) -> dict[str, Role]:
    """Return the names that stand in columns headed `Dataset`, `Method` or alike, anywhere in the paper."""
    roles: dict[str, Role] = {}
    for table in tables:
        for i, head in enumerate(table.header):
            last = head.rpartition("/")[2].strip().lower()
            role: Role | None = (
                "dataset"
                if re.fullmatch(r"(?:name of )?(?:the )?(?:data ?sets?|corpus|benchmarks?)(?: name)?", last)
                else "method"
                if re.fullmatch(r"(?:methods?|models?|algorithms?|approach(?:es)?|systems?)(?: name)?", last)
                else None
            )
            for row in table.rows if role else ():
                cell = row[i].strip() if i < len(row) else ""
                if 2 <= len(cell) <= 40 and any(map(str.isalpha, cell)):
                    roles.setdefault(cell, role)  # type: ignore[arg-type]
    return roles


def _role(name: str, text: str) -> Role | None:
    """Return what the running text uses a name for: `on X`, `the X dataset`; `X outperforms`, `the X model`."""
    name = re.sub(r"\s*[\[(][^()\[\]]{0,40}[)\]]\s*$", "", name).strip()
    if _ORDINARY.fullmatch(name) or len(name) < 2 or not any(map(str.isalpha, name)):
        return None
    data = method = 0
    position = text.find(name)
    for _ in range(_OCCURRENCES):
        if position < 0:
            break
        end = position + len(name)
        if not (text[position - 1 : position].isalnum() or text[end : end + 1].isalnum()):
            before, after = text[max(0, position - 16) : position], text[end : end + 24]
            is_method = bool(_METHOD.match(after))
            data += 2 * bool(_DATA.match(after)) + (bool(_ON.search(before)) and not is_method)
            method += 2 * is_method + bool(_WITH.search(before))
        position = text.find(name, end)
    if data > method:
        return "dataset"
    return "method" if method > data else None
