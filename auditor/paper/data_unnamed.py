"""Data of the experiments that have no name: made by a program, collected by the authors, or given by a link only."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from auditor.known_data import known_set
from auditor.paper.data_access import holds, licence, own_access
from auditor.paper.model import DataSet, Link, Sentence

Weight = Callable[[Sentence], float]
"""How strongly a sentence shows that what it names is used in the experiments; 0 where it does not."""

_SYNTHETIC = re.compile(
    r"\b(?:synthetic|simulated|simulation|artificial|toy)(?: (?!and\b|or\b|set\b|of\b)[\w-]{1,20}){0,3}?"
    r" (?:data ?-?sets?|data|examples|problems|tasks|graphs?|benchmarks?|distributions?|corpus|time series|manifold"
    r"|images|scenes|sequences|signals|trajectories|instances|matrices)\b",
    re.I,
)
_GENERATED = re.compile(
    r"\b(?:randomly|procedurally)[- ]generated (?:[\w-]{1,20} ){0,3}(?:data|graphs|matrices|instances|problems|scenes"
    r"|trees|examples|images|sequences|lists|samples|puzzles|levels)\b",
    re.I,
)
_DESCRIBES = re.compile(r"(?:It|This|These) (?:is|are)\b")
_CALLED = re.compile(r"data|corpus|benchmark", re.I)
_DATA = (
    r"(?:data ?-?sets?|corpus|corpora|data|recordings|benchmark|speeches|videos|images|photographs"
    r"|survey|interviews|tweets|posts|articles|scans)"
)
_COLLECTED = re.compile(
    r"\b(?:[Ww]e|I) (?:(?:manually|then|also|first|have|ourselves) ){0,2}(?:collect|record|compil|gather|acquir"
    r"|crowd-?sourc|assembl|curat|captur|photograph|interview|survey)\w{0,4}\b"
    rf"(?:\s(?!from\b|results\b|by\b)[\w-]{{1,20}}){{0,8}}?\s{_DATA}\b(?!\s(?:from (?:the )?[A-Z]|of [A-Z]))"
)
_INTRODUCED = re.compile(
    r"\b[Ww]e (?:\w+ ){0,2}(?:introduc|present|buil[dt]|creat|construct|releas|contribut)\w{0,4}\s(?:an?|our|the)\s"
    r"(?:(?!synthetic|simulated|toy|for\b|on\b|of\b|to\b|with\b)[\w-]{1,20}\s){0,5}?"
    r"(?:data ?-?set|corpus)\b(?! of [A-Z])"
)
_OURS = re.compile(
    r"\b[Oo]ur (?:own )?(?:\w+ )?(?:data ?-?set|corpus) (?:contains?|consist\w*|compris\w+|is (?:stored|available"
    r"|collected)|includes?|has)\b"
)
_NAMED = re.compile(
    r"\b(?:[Ww]e|[Pp]aper|[Ww]ork) (?:\w+ ){0,2}(?:introduc|propos|present|releas|develop|creat|construct|buil[dt]"
    rf"|nam|call)\w{{0,4}}\b.{{0,80}}\b{_DATA}\b"
)
_SUPPOSED = re.compile(r"\b(?:suppose|assume|imagine|if|let|would)\b", re.I)
_OF_SIZE = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|I|[Tt]he|[Aa])\b.{0,80}?\b((?:data ?set|corpus|collection) of \d[\d,.]{0,12}[kKM]?"
    r"(?:\s(?!and\b|with\b|for\b|from\b|in\b|of\b|to\b|was\b|were\b)[\w-]{2,20}){1,3})"
)
_ABOUT_OURS = re.compile(r"\b(?:[Oo]ur|[Tt]he) (?:own )?(?:\w+ )?(?:data ?-?set|data|corpus)\b")
_HOSTED = re.compile(
    r"(?:kaggle\.com/(?:c|competitions|datasets/[^/]{1,60})|huggingface\.co/datasets(?:/[^/]{1,60})?"
    r"|physionet\.org/content|data\.mendeley\.com/datasets|archive\.ics\.uci\.edu/(?:ml/datasets|dataset/\d{1,5}))"
    r"/([A-Za-z][\w.+-]{2,80})",
    re.I,
)
_WORD = re.compile(r"[a-z]{4,}")
_GENERAL = frozenset("data dataset datasets main master download files detection classification challenge".split())  # noqa: SIM905


def synthetic(sentences: Sequence[Sentence], weight: Weight, names: Collection[str]) -> Iterator[DataSet]:
    """Yield the synthetic data of the experiments, once, unless they have one of the names."""
    said = [(match[0], each) for each in sentences if (match := _SYNTHETIC.search(each.text))]
    said += [("synthetic data", each) for each in sentences if _GENERATED.search(each.text)]
    found = [
        (name, each)
        for name, each in said
        if weight(each) >= 2 and not (_DESCRIBES.match(each.text) or holds(each.text, names))
    ]
    if found:
        name, best = next((one for one in found if _CALLED.search(one[0])), found[0])
        yield DataSet(name, best.page, best.text, best.box, synthetic=True)


def collected(sentences: Sequence[Sentence], names: Collection[str]) -> Iterator[DataSet]:
    """Yield the data that the authors collected themselves, once, where the sentence that says so holds no name."""
    if any(_NAMED.search(each.text) and holds(each.text, names) for each in sentences):
        return  # their data have one of the names
    for sentence in sentences:
        text = sentence.text
        said = _COLLECTED.search(text) or _OURS.search(text) or _INTRODUCED.search(text)
        if said and not (_SUPPOSED.search(text) or holds(text, names)):
            ours = [each for each in sentences if _ABOUT_OURS.search(each.text)]
            yield DataSet("own data", sentence.page, text, sentence.box, own_access(ours), licence(ours))
            return


def described(sentences: Sequence[Sentence], weight: Weight) -> Iterator[DataSet]:
    """Yield the data set that the authors describe by its size, once: `a dataset of 500 labelled speeches`."""
    for sentence in sentences:
        match = _OF_SIZE.search(sentence.text)
        if match and weight(sentence):
            yield DataSet(match[1], sentence.page, sentence.text, sentence.box)
            return


def linked(links: Sequence[Link], names: Collection[str]) -> Iterator[DataSet]:
    """Yield the data sets that links to places for data give, where the paper gives no data set a name."""
    if names:
        return
    said: set[str] = set()
    for link in links:
        match = _HOSTED.search(link.url)
        if not match or link.kind in ("references", "acknowledgements", "checklist"):
            continue
        slug = match[1]
        words = set(_WORD.findall(slug.lower().replace("_", " "))) - _GENERAL
        if not words or words & said:
            continue
        said |= words
        known = known_set(slug)
        name = known.name if known else re.sub(r"[-_+]+", " ", slug)
        yield DataSet(name, link.page, link.context, link.box, "public", source=link.url)
