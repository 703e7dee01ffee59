"""Whose a number in a sentence is: the data set, the method, and whether that is the authors' own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.claims.numbers import Number, find_numbers
from auditor.claims.vocabulary import find_metric, plain

_LIMIT = 1_000
_PROPER = (
    r"(?:[A-Z][\w@.+-]{1,30}|[a-z]{1,12}[A-Z0-9][\w.-]{0,20})"
    r"(?:\s(?:[A-Z0-9][\w.@-]{0,30}|\d{4}|to)){0,4}"
)
_ON = re.compile(
    rf"\b[Oo]n\s+(?!an?\s)(?:the\s+|our\s+)?(?:[a-z]{{1,12}}\s)?({_PROPER})"
    r"(?!\w|\s(?:models?|architectures?|networks?|classifiers?|methods?|algorithms?|robots?|GPUs?|CPUs?)\b)"
)
_FOR = re.compile(
    rf"\b(?:for|of|in)\s+(?:the\s+|our\s+)?({_PROPER})(?=\s+(?:data ?sets?|corpus|benchmark|tasks?|test set)\b)"
)
_SORT = re.compile(
    r"\b(?:on|for|across|over)\s(?:the\s|all\s)?(?:(\d{1,6}\s(?:[\w-]{1,20}\s){0,2}?(?:models|subjects|patients|images|samples"
    r"|tasks|problems|classes|hypotheses|genes|users|documents|sequences|graphs|datasets|data sets|benchmarks|examples"
    r"|tokens|pairs))\b"
    r"|((?!training|test|validation|real|same|more|less|new|our|this|these|input)[a-z-]{3,20}\sdata)\b)"
)
"""A sort of data (`on dense data`) or a number of things (`on 93 open models`) where no name is given."""
DESCRIBED_DATA = re.compile(
    r"\b(?:[Oo]n|[Ff]or|[Ii]n) (?:the |our |an? |its )?"
    r"((?:(?!same|entire|whole|full|corresponding|respective|each|the|our)[a-z-]{3,15} ){1,2}"
    r"(?:test|testing|validation|development|held-out|hold-out|evaluation) (?:set|data|dataset|images|samples))\b"
)
"""Data without a name (`on the hidden test set`); a test set alone is a split."""
_NO_DATASET = re.compile(r"^(?:Table|Figure|Fig|Section|Sec|Algorithm|Appendix|Eq|Equation|GPUs?|CPUs?|TPUs?|A|The)\b")
_OWN = re.compile(
    r"\b(?:our|ours|the proposed|this work)\b|\bwe (?:\w{2,12}ly |also |then |can |could |were able to ){0,2}"
    r"(?:achiev|obtain|reach|attain|get\b|got\b|improv|outperform|reduc|report|increas|surpass|train|score|measure|gain)",
    re.I,
)
_CITED = re.compile(
    r"\[\d{1,3}\]|\bet al\b|\bprevious(?:ly)?\b|\bprior\b|\bbaselines?\b|\boriginal (?:paper|authors|work)\b"
    r"|\breport(?:ed|s)?\b",
    re.I,
)
_RESPECTIVELY = re.compile(r"\brespectively\b")
_BASELINE = re.compile(r"\b[Tt]he (baseline(?: \w{1,12})?) (?:achiev|obtain|reach|ha[sd]|gives|gave|yield)\w{0,3}\b")
_OTHERS = re.compile(
    r"^(?:\w+ )?(?:and \w+ )?(?:et al\.? )?[\[(][^\[\]()]{1,30}[\])] "
    r"(?:obtain|report|claim|achiev|show|reach|demonstrat)"
    r"|\bet al\.?,? (?:[\[(][^\[\]()]{1,20}[\])] )?(?:obtain|report|claim|achiev|show|reach|demonstrat)"
    r"|\[\d{1,3}\] (?:claims?|reports?|obtains?|achieves?|shows?)\b|\bthey (?:obtain|report|claim|achieve|reach)"
)
"""Sentences whose subject is somebody else's work."""
_COMPARED = re.compile(
    r"\b(?:than|over|respect to|compared (?:to|with)|comparison (?:to|with)|outperform\w{0,3}|surpass\w{0,3}|beats?"
    r"|versus|vs\.?|against|relative to|instead of|unlike|exceed\w{0,3}|improv\w{1,3} (?:on|upon)|edge over"
    r"|better than)\s(?:the |a |all |both )?(?:\w{1,15}\s)?$",
    re.I,
)
_BY = re.compile(
    r"^[^.;,]{0,40}\b(?:by|with|for|using|of|in|from)\s(?:the |our )?(?:\w{1,15}\s)?$"
    r"|^\s?%?\s?\(?$|^[^.;]{0,60},\s(?:the |our )?$"
)
_NAME = re.compile(r"[A-Z][\w+-]{2,30}(?:\s[A-Z][\w+-]{2,30})?|[A-Za-z][\w+-]{2,30}")
_BY_NAME = re.compile(r"^\s?%?[^.;,()\d]{0,30}\bby\s(?:the |our )?$")
"""Between a number and whose it is: `96.72% training accuracy by M18`."""
_BRACKET_WITH_NUMBER = re.compile(r"[^()\d]{0,40}\d[^()]{0,40}\)")
_PART = re.compile(r"[,;]|\band\b")
"""Between a number and what is said of another."""
_LONG = 6
_NEAR = 60


def surroundings(
    text: str,
    number: Number,
    datasets: tuple[str, ...],
    methods: tuple[str, ...],
    own_names: frozenset[str],
    count: int = 1,
) -> tuple[str | None, str | None, bool | None]:
    """Return the data set and the method that a sentence gives a number, and whether it is the authors' own.

    `count` is the number of results in the sentence.
    """
    text = plain(text[:_LIMIT])
    right = _ON.match(text[number.end :].lstrip("% "))
    dataset = (
        _in_order(text, number, datasets)
        or (right and _dataset_name(right[1]))
        or _following(text, number, datasets)
        or _nearest(text, number, datasets)
        or _on(text, number, count)
    )
    method = _subject(text, number, (*methods, *_own_spellings(text, own_names)))
    dataset = None if dataset and dataset == method else dataset
    if _RESPECTIVELY.search(text) and count > 1:
        return dataset, None, None  # which number is whose stands in the order of two lists
    if method is None and (base := _BASELINE.search(text)) and base.end() <= number.start:
        return dataset, base[1], False
    if method and is_own(method, own_names):
        return dataset, method, True
    if _OTHERS.search(text) or (method and _own_spellings(text, own_names)):
        return dataset, method, False
    if _CITED.search(text):
        return dataset, method, None
    return dataset, method, True if _OWN.search(text) else None


def _in_order(text: str, number: Number, names: tuple[str, ...]) -> str | None:
    """Return the known name that `a% and b% on A and B, respectively` gives a number, by its place among as many."""
    end = _RESPECTIVELY.search(text)
    if end is None:
        return None
    places: list[tuple[int, int, str]] = []
    for at, length, name in sorted((at, -len(each), each) for each in names for at in _whole(text, each)):
        if at < end.start() and (not places or at >= places[-1][0] - places[-1][1]):
            places.append((at, length, name))
    alike = [n.start for n in find_numbers(text) if n.percent == number.percent and n.start < end.start()]
    if len(places) < 2 or len(places) != len(alike) or number.start not in alike:
        return None
    return places[alike.index(number.start)][2]


def _following(text: str, number: Number, datasets: tuple[str, ...]) -> str | None:
    """Return the known data set that stands after `on`, `for` or `in` behind a number, before the next number."""
    rest = text[number.end : number.end + _NEAR]
    stop = re.search(r"[;.]\s|,|\d+(?:\.\d+)?\s?[%x×]", rest)
    rest = rest[: stop.start()] if stop else rest
    found = [
        (at, -len(name), name)
        for name in datasets
        for at in _whole(rest, name)
        if re.search(r"\b(?:on|for|in) (?:the )?$", rest[:at])
    ]
    return min(found)[2] if found else None


def is_own(name: str, own_names: frozenset[str]) -> bool:
    """Whether a name has the paper's own method's name in it, as a word or as all of its words together."""
    said = {re.sub(r"\W", "", part).lower() for part in re.split(r"[\s(),/]+", name)}
    said |= {re.split(r"[-–_]", part)[0].lower() for part in name.split()[:1]}
    whole = re.sub(r"\W", "", name).lower()
    return bool(said & own_names) or any(len(own) >= _LONG and own in whole for own in own_names)


def _own_spellings(text: str, own_names: frozenset[str]) -> tuple[str, ...]:
    """Return the names in a sentence that are the paper's own method's."""
    found = dict.fromkeys(match[0] for match in _NAME.finditer(text))
    return tuple(name for name in found if is_own(name, own_names))


def _subject(text: str, number: Number, names: tuple[str, ...]) -> str | None:
    """Return the method that a number belongs to: the nearest name before it that is not what it is compared with.

    A name in the genitive or right before the number's bracket (`BERT's F1 of 73.7`, `BERT (F1: 73.7)`) has it.
    """
    places = sorted(
        {(start, name) for name in names for start in _whole(text, name)}, key=lambda each: (each[0], len(each[1]))
    )
    for start, name in places:
        if start >= number.end and _BY_NAME.search(text[number.end : start]):
            return name
    for start, name in reversed([each for each in places if each[0] < number.start]):
        after = text[start + len(name) : number.start]
        if _BRACKET_WITH_NUMBER.match(after) and "(" in text[:start]:
            continue  # in a bracket that has a number of its own
        has_it = after.startswith(("'s ", "\u2019s ")) or (after.startswith(" (") and ")" not in after)
        if has_it or not _COMPARED.search(text[max(0, start - 40) : start]):
            return name
    later = [each for each in places if each[0] >= number.end and each[0] - number.end <= _NEAR]
    named = [name for start, name in later if _BY.search(text[number.end : start])]
    return named[0] if named else None


def _whole(text: str, name: str) -> Iterator[int]:
    """Yield where a name stands as a whole word."""
    position = text.find(name)
    while position >= 0:
        end = position + len(name)
        if not (text[position - 1 : position].isalnum() or text[end : end + 1].isalnum()):
            yield position
        position = text.find(name, position + 1)


def _on(text: str, number: Number, count: int) -> str | None:
    """Return the data set that `on X` or `for the X dataset` names, right after the number or for all the sentence."""
    found = sorted((m.start(), _dataset_name(m[1])) for m in (*_ON.finditer(text), *_FOR.finditer(text)))
    names = [(start, name) for start, name in found if name]
    if not names:
        sort = _SORT.search(text, number.end, number.end + 80) or (_SORT.search(text) if count == 1 else None)
        return (sort[1] or sort[2]) if sort else None
    after = [(start, name) for start, name in names if number.end <= start <= number.end + 40]
    if after:
        return after[0][1]
    distinct = {name for _, name in names}
    return names[0][1] if len(distinct) == 1 and (count == 1 or names[0][0] == 0) else None


def described_in(text: str, number: Number) -> str | None:
    """Return the data that a sentence describes without a name: right after the number, else the last before it."""
    text = plain(text[:_LIMIT])
    found = [(m.start(), m[1]) for m in DESCRIBED_DATA.finditer(text)]
    after = [
        name
        for start, name in found
        if number.end <= start <= number.end + 12 and not _PART.search(text[number.end : start])
    ]
    before = [name for start, name in found if start < number.start]
    return (after or before[-1:] or ([found[0][1]] if len(found) == 1 else [None]))[0]


def _dataset_name(name: str) -> str:
    """Return a name found after `on`, or nothing where it is a figure, a device or a metric."""
    name = name.strip(" .,")[:80]
    return "" if _NO_DATASET.match(name) or find_metric(name) else name


def _nearest(text: str, number: Number, names: tuple[str, ...]) -> str | None:
    """Return the known name that stands nearest to the number, if it is closer than any other."""
    places = []
    for name in names:
        for position in _whole(text, name):
            gap = position - number.end if position >= number.end else number.start - position - len(name)
            places.append((max(gap, 0), -len(name), name))
    return min(places)[2] if places else None
