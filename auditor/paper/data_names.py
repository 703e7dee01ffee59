"""Names of data sets in running text: how they stand in lists, and what shows that data are meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.known_data import doubtful, is_exactly_known, is_known, is_listed
from auditor.paper.data_words import KINDS, LEADING, is_name

DATA = (
    r"(?:data ?-?sets?|data ?-?bases?|corpus|corpora|benchmarks?(?! (?:results?|scores?|performance|methods?|models?"
    r"|algorithms?))|test ?beds?|treebanks?|cohorts?|surveys?|(?:data|test) collections?)"
)
VARIED = (
    r"(?:permuted|sequential|split|rotated|moving|binari[sz]ed|colou?red|corrupted|incremental|noisy|pixel|tiny|mini)"
)
_TOKEN = (
    rf"(?:(?:{VARIED}[- ])?(?:[A-Z][\w’'.+*@/-]{{0,40}}|[a-z]{{1,15}}(?:[-_]?[A-Z0-9]|_[a-z])[\w.+/-]{{0,40}}"
    r"|\d{1,4}[A-Z][\w-]{0,20}|(?:mini|tiny)?-?(?:mnist|imagenet|cifar|svhn|coco)\b))"
)
_NAME = re.compile(
    rf"(?<![\w@/.-]){_TOKEN}(?:\s(?:(?:of|in|for)\s(?:(?:the|a)\s)?(?=[A-Z][a-z]{{2}}))?{_TOKEN}"
    r"|\s\d{1,4}\b(?!\.?\d|\s?%)){0,4}"
)
_CITED = re.compile(
    r"\s?\[[\d,;\s–-]{1,40}\]|\s?\[[^\[\]]{0,160}\b(?:19|20)\d\d[a-z]?\b[^\[\]]{0,60}\]|\s?\([^()]{0,160}\b(?:19|20)\d\d[a-z]?\b[^()]{0,60}\)|[¹²³⁴-⁹⁰]{1,3}(?!\w)|[†‡]"
)
_CITED_TASK = re.compile(rf"(?:\s(?:shared )?task)?(?:{_CITED.pattern})")
_BRACKET = re.compile(r"\s?\([^()]{0,120}\)")
_SHORT = re.compile(
    r"(?:\s(?:[Dd]ata ?-?[Ss]et|[Dd]ata ?-?[Bb]ase|[Bb]enchmark|[Cc]orpus|[Cc]hallenge))?"
    r"(?:\s?\[[\d,\s]{1,20}\])?\s?\((?:(?:the|henceforth|or|denoted)\s)?"
    r"[“\"‘']?([A-Z][\w-]{1,14})[”\"’']?(?:[,;]\s[^()]{1,120})?\)"
)
_SHARED = re.compile(r"\b([A-Z][A-Za-z]{1,20}[- ]?)(\d{1,4})(\s?/\s?|,?\sand\s)[-–]?(\d{1,4})([A-Z]?)\b")
_HELD = re.compile(
    r"\b(?:data ?sets?|benchmarks?|corpora|corpus|competition(?:\s(?:task|data))?|challenge)\s?"
    r"\((?:i\.e\.,?\s|namely,?\s)?([A-Z][^()]{1,120})\)"
)
_ABBREVIATED = re.compile(r"[a-z]\s?\(([A-Z][\w-]{2,14})\)\s(?:data ?-?sets?|corpus|benchmark|database)\b")
_STEMS = ("data", "corp", "bench", "competition", "challenge", "treebank", "test bed", "survey", "collection", "cohort")
"""One of them is in each text that speaks of data."""
_BETWEEN = re.compile(r"[\s,;/&]{0,4}(?:(?:and|or|as well as|plus|the|then)\s){0,2}\s?")
_LINK = (
    r"(?:models?|methods?|on|in|for|of|with|from|to|where|and|or|that|which|using|are|is|as|by|we|was|were|than|at|over"
    r"|into|across|the|this|these|those|its|their|our|each|all|both|other|no|any)"
)
_BEHIND = re.compile(
    rf"[’”\"')]{{0,2}}\s?(?:(?!{_LINK}\b)[a-z-]{{1,20}}\s){{0,2}}(?:{DATA}\b(?!-))|\s[Cc]hallenge\b", re.I
)
_IS_DATA = re.compile(
    rf"(?:,?\s(?:is|are|was|were)|\s?,)\s(?:(?:one of (?:the|our)|both|all|also|now|an?|the|our|another)\s){{0,2}}"
    rf"(?:(?!{_LINK}\b)[\w-]+\s){{0,5}}{DATA}\b",
    re.I,
)
_BEFORE = re.compile(
    rf"\b(?:(?i:{DATA})(?:\s?[:(–—]|(?:\s[a-z]{{2,12}}){{1,4}}\s?:|(?:\s(?:used|here|below|we use))?\s"
    r"(?:are|is|was|were|namely|called|named|such as|like|including|includes?|known as|from|of|e\.g\.|i\.e\.|to be))"
    r"|data (?:from|of)|(?:dataset|corpus|benchmark)(?!,)|\d[\d,.]{0,12}[kKM]?\s(?:[a-z-]{1,20}\s){0,2}"
    r"(?:images|scans|recordings|sentences|documents|videos|clips|utterances|questions|articles|objects|patients"
    r"|graphs|molecules|reviews|tweets|instances|examples|samples)\sfrom)[\s,:(–—-]{1,3}"
    r"(?:e\.g\.,?\s|i\.e\.,?\s|namely,?\s|the\s|both\s){0,2}$"
)
_ON = re.compile(r"\b(?:on|from)\s(?:the\s)?$", re.I)
_AFTER_COMMA = re.compile(rf"\b(?i:{DATA}),\s(?:namely,?\s)?(?:the\s)?$")
_OPENS = re.compile(r"(?:^|[.:;•◦▪–—]\s|\([a-z]{1,4}\)\s|\d[.)]\s)$")
_AUTHOR = re.compile(r"\s?(?:et al\b|,? (?:and|&) [A-Z][\w’-]{1,20} (?:\[|\())")
_LOWER = re.compile(
    r"\b(?:[Tt]he|on|for)\s(?:the\s)?([a-z][a-z-]{3,20})\s(?:data ?set|corpus|benchmark)\b"
    r"(\s?\[\d|\s?\([^()]{1,80}(?:19|20)\d\d)?"
)
_BRIEF = re.compile(r"(?<![\w-])([A-Z]\d)\s(?:corpus|data ?-?set|benchmark|competition)\b")
"""A name such as `C4`, which may be that of anything else."""
_DESCRIBED = re.compile(
    rf"\b(?:data ?-?sets?|corpus|database) of ((?:(?!{_LINK}\b)[a-z][a-z-]{{1,20}}\s){{1,4}}"
    rf"(?!{_LINK}\b)[a-z][a-z-]{{2,20}})"
    r"\s?(?:\[[^\[\]]{0,120}\d\]|\([^()]{1,80}\b(?:19|20)\d\d)"
)
"""`A data set of mouse gene expression [4]`."""
_LISTING = re.compile(rf"\b{DATA}\b[^.:;]{{0,80}}:\s([^.;:]{{10,900}})", re.I)
_COMMA = re.compile(r",\s(?:and\s)?|\sand\s")
_AFTER_ITEM = re.compile(r"\s(?:data ?sets?|from|by|in|for|which|with|as|all|each)\b")
_ITEMS = 3
_CUT = re.compile(r"\s?\b[Dd]ata ?(?:[Ss]ets?|[Bb]ases?)\b\s?")


_ELSEWHERE = re.compile(
    r"\b(?:vectors|embeddings|weights|backbones?) (?:pre-?)?trained (?:on|with|from) (?:the\s)?$"
    r"|(?<!\b[Ww]e )\b(?:pre-?|previously |initially )train\w{0,4}\s"
    r"(?:(?!(?:evaluat|fine-?tun|test|valid|then|transfer|compar)\w{0,4}\b)[^\s;]{1,40}\s){0,14}?(?:on|with|using|from|including|and)\s"
    r"(?:(?!(?:evaluat|fine-?tun|test|valid|then|transfer|compar|report)\w{0,4}\b)[a-z-]{1,20}\s){0,6}$"
    r"|\b(?<![Oo]ur\s)[A-Z][\w-]{0,20}\d[\w-]{0,20}\s(?:is|was|are|were) (?:pre-?)?trained on (?:the\s)?$"
    r"|\bsuch as the\s$"
    rf"|\b(?:existing|current|previous|prior|earlier|other|recent)\s(?:[\w-]{{1,20}}\s){{0,2}}{DATA}"
    r"\s(?:such as|like|including|e\.g\.)[^.;]{0,80}$"
    rf"|\b(?:compared (?:to|with)|unlike|than|contrast to|similar to|opposed to|like)\s(?:[\w-]+\s){{0,4}}{DATA}\b"
    r"[^.;]{0,80}$",
    re.I,
)
_MODEL_WORD = re.compile(
    r"[\s,]{1,2}(?:models?|architectures?|networks?|methods?|algorithms?|optimi[sz]ers?|classifiers?|frameworks?"
    r"|sensors?|cameras?|lidars?|scanners?|devices?|receivers?|transmitters?|headsets?|controllers?|regions?"
    r"|approach|librar(?:y|ies)|packages?|toolkits?|layers?|GPUs?|encoders?|decoders?|attention|loss)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, with what the words around it show: that it is known, or is called data."""

    name: str
    known: bool = False
    called: bool = False
    """A word for data stands beside it, or beside the list in which it stands."""
    alone: bool = False
    """One ordinary capitalised word that begins its sentence, which may be no name."""
    model: bool = False
    """A word for a model or a method follows it."""
    elsewhere: bool = False
    """A model was trained on it before."""
    on: bool = False
    """`On` or `from` leads to it."""
    cited: bool = False
    """A reference follows it."""
    short: str = ""
    """The abbreviation that follows in brackets."""


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the names in a sentence that may be those of data sets; citations and remarks in brackets aside."""
    text = _SHARED.sub(_apart, text[:1_500])
    plain = re.sub(r"\s{2,}", " ", _BRACKET.sub(" ", _CITED.sub(" ", text)))
    found = [mention for group in _groups(plain) for mention in _in_list(group, plain, text)]
    lowered = text.lower()
    if not any(word in lowered for word in _STEMS):
        return tuple(found)
    found += _in_brackets(_CITED.sub("", text))
    for match in _LOWER.finditer(text):
        if match[1] not in LEADING and match[1] not in KINDS:
            found.append(Mention(match[1], called=True, alone=not match[2]))
    found += [Mention(match[1], known=True, called=True) for match in _BRIEF.finditer(text) if is_listed(match[1])]
    found += [Mention(match[1], called=True) for match in _DESCRIBED.finditer(text) if is_name(match[1])]
    return (*found, *_enumerated(text))


def _apart(match: re.Match[str]) -> str:
    """Write the shared word of `CIFAR-10/100` or `CoNLL 2002 and 2003` out, where both are known."""
    name, first, _, second, end = match.groups()
    both = f"{name}{first}{end}", f"{name}{second}{end}"
    return " and ".join(both) if all(map(is_exactly_known, both)) else match[0]


def _enumerated(text: str) -> Iterator[Mention]:
    """Yield the items of `We use five data sets: cifar [54], letter recognition [18], …`, names in any case."""
    listing = _LISTING.search(text)
    items = _COMMA.split(listing[1]) if listing else []
    cited = [item for item in items if _CITED.search(item)]
    if len(items) < _ITEMS or len(cited) * 2 < len(items):
        return
    for item in cited:
        name = _AFTER_ITEM.split(_BRACKET.sub("", _CITED.sub("", item)))[0].strip()
        if 1 < len(name) <= 40 and name[0].islower() and len(name.split()) <= 3 and is_name(name):
            yield Mention(name, known=is_known(name), called=True)


def _in_brackets(text: str) -> Iterator[Mention]:
    """Yield the names that are all that stands in brackets behind a word for data: `a Kaggle task (Bird Calls)`."""
    for match in _ABBREVIATED.finditer(text):
        if is_known(match[1]):
            yield Mention(match[1], known=True, called=True)
    for match in _HELD.finditer(text):
        for item in _COMMA.split(match[1]):
            if _NAME.fullmatch(item) and [name for name, _ in _parts(item, 0)] == [item]:
                yield Mention(item, known=is_known(item), called=True)


def _in_list(group: Sequence[tuple[str, int]], plain: str, text: str) -> Iterator[Mention]:
    start, end = group[0][1], group[-1][1] + len(group[-1][0])
    # `Clusters, noisy dataset`: the last word only says what kind of data it is.
    of_kind = len(group) < _ITEMS and all(word.isdigit() or word.lower() in KINDS for word in group[-1][0].split())
    called = not of_kind and bool(
        _BEHIND.match(plain[end : end + 90])
        or _IS_DATA.match(plain[end : end + 120])
        or _BEFORE.search(plain[max(0, start - 120) : start])
        or (len(group) > 1 and _AFTER_COMMA.search(plain[max(0, start - 40) : start]))
    )
    known = [is_known(name) for name, _ in group]
    sure = any(
        one and (not doubtful(name) or _ON.search(plain[max(0, at - 12) : at]))
        for (name, at), one in zip(group, known, strict=True)
    )
    for (name, at), is_one in zip(group, known, strict=True):
        before, behind = plain[max(0, at - 160) : at], plain[at + len(name) : at + len(name) + 40]
        if _AUTHOR.match(behind) or (name == group[-1][0] and of_kind):
            continue
        yield Mention(
            name,
            known=is_one and sure,
            called=called,
            alone=name.isalpha() and name[1:].islower() and bool(_OPENS.search(before[-6:] if at > 6 else before)),
            model=bool(_MODEL_WORD.match(behind)),
            elsewhere=bool((is_one or called) and _ELSEWHERE.search(before)),
            on=bool(_ON.search(plain[max(0, start - 12) : start])),
            cited=bool(_CITED_TASK.match(text, text.find(name) + len(name))),
            short=_abbreviation(name, text),
        )


def _abbreviation(name: str, text: str) -> str:
    """Return the abbreviation that follows a name in brackets, or an empty string."""
    place = text.find(name)
    short = _SHORT.match(text, place + len(name)) if place >= 0 else None
    return short[1] if short and _stands_for(short[1], name) else ""


def _stands_for(short: str, name: str) -> bool:
    """Return whether an abbreviation begins as the name does and has letters of it (and of `dataset`) in order."""
    letters = iter(f"{name} dataset".lower())
    capitals = "".join(filter(str.isupper, name))
    return len(short) < len(name) and (
        (len(short) > 2 and capitals == short)
        or (
            short[0].lower() == name[0].lower()
            and all(letter in letters for letter in re.sub(r"\W|s$", "", short).lower())
        )
    )


def _groups(text: str) -> Iterator[list[tuple[str, int]]]:
    """Yield names that stand side by side in a list, with their places."""
    group: list[tuple[str, int]] = []
    end = 0
    for match in _NAME.finditer(text):
        for name, start in _parts(match[0], match.start()):
            if group and not _BETWEEN.fullmatch(text[end:start]):
                yield group
                group = []
            group.append((name, start))
            end = start + len(name)
    if group:
        yield group


def _parts(name: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the name without the words that only lead to it or follow it, and its place."""
    begin = 0
    for cut in [*_CUT.finditer(name), None]:
        yield from _bare(name[begin : cut.start() if cut else len(name)], start + begin)
        begin = cut.end() if cut else begin


def _bare(name: str, start: int) -> Iterator[tuple[str, int]]:
    bare = name.rstrip(".’'/-*")
    if not bare.startswith(("The ", "A ", "An ", "Our ")) and is_exactly_known(bare) and is_name(bare):
        yield bare, start
        return
    words = name.split(" ")
    while words and words[0].strip(".’'").lower() in LEADING:
        start += len(words[0]) + 1
        words = words[1:]
    whole = words
    while words and words[-1].strip(".’'").lower() in LEADING:
        words = words[:-1]
    # `Intel Image Classification`: the general words are capitalised with the name.
    if len(words) == 1 and len(whole) > 2 and not is_name(words[0]) and all(map(str.istitle, whole)):
        words = whole
    # `the models in the SemEval task`: what stands before the preposition may be no name either.
    for place, word in enumerate(words):
        if word in ("of", "in", "for") and words[place - 1].lower() in LEADING:
            yield from _bare(" ".join(words[place + 1 :]), start + len(" ".join(words[: place + 1])) + 1)
            return
    if sum(map(is_exactly_known, words)) > 1 and not is_exactly_known(" ".join(words)):
        for word in words:
            yield word, start + name.find(word)
        return
    cleaned = re.sub(r"[’']s$", "", " ".join(words).rstrip(".'’/-*"))
    if cleaned and is_name(cleaned):
        yield cleaned, start


def names_in(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the cells of a table that can be names, without remarks in brackets."""
    bare = (
        re.sub(r"\s?[(\[{][^()\[\]]{0,60}[)\]}]|\s?@\s?\w{1,8}|[¹²³⁴-⁹⁰∗*†‡↑↓]", "", cell[:80]).strip(" :%#")
        for cell in cells
    )
    names = (next((part for part, _ in _parts(cell, 0)), "") for cell in bare)
    return tuple(name for name in names if 1 < len(name) <= 50 and len(name.split()) <= 5 and is_name(name))
