"""Data sets that a paper lists: items under a title such as `Datasets`, or after `The data sets are:`."""

from __future__ import annotations

import re

from auditor.known_data import is_known
from auditor.paper.data_words import is_name
from auditor.paper.model import Sentence

_TITLE = re.compile(r"(?:\w+ )?(?:data ?-?sets?|data|corpora|benchmarks?)(?: (?:and|&) \w+(?: \w+)?)?", re.I)
_INTRODUCES = re.compile(r"(?:\d\S{0,5} )?(?:data ?-?sets?|corpora|benchmarks?)\b", re.I)
_MARK = r"(?:[•◦▪–—‣∙·-]\s?|\(?[\da-z]{1,2}[.)]\s)"
_CITED = r"(?:\s?\[[\d,\s]{1,20}\]|\s\([^()]{1,80}\))?"
_ITEM = re.compile(rf"{_MARK}([A-Z][\w’' /-]{{2,50}}?){_CITED}\s?[:.–—]\s")
"""What opens an item of a list: `• Solubility: …`."""
_RUN_IN = re.compile(rf"([A-Z][\w’'/-]{{1,25}}(?: [\w’'/-]{{1,25}}){{0,4}}){_CITED}:\s(?=[A-Z])")
"""A heading within the line: `Polyphonic Music: We train …`."""
_SIZED = re.compile(
    rf"(?:{_MARK})?([A-Z][\w’'./-]{{1,25}}(?: [\w’'./-]{{1,25}}){{0,4}})"
    r"\s?\((?:\d[\d.,]{0,12}\s?[kKM]?\s[a-z]|[^()]{0,80}\b(?:19|20)\d\d)"
)
"""A name with its size or its reference, and no sentence around it: `2. Europarl v8 (387,653 sentence pairs)`."""
_WORDS = r"[A-Z][\w’'./+-]{1,25}(?: [A-Z][\w’'./+-]{1,25}){0,3}"
_BULLET = re.compile(rf"{_MARK}({_WORDS})(?=,|\s?[(\[]|\s(?:for|from|of|is|with|by)\b)")
_SPEAKS = re.compile(r"\b(?:data|corpus|images|samples|examples|recordings)\b|\bdata ?sets?\b", re.I)
_MARKED = re.compile(_MARK)
_SETS = re.compile(r"\b(?:data ?-?sets?|corpora|corpus|benchmarks)\b", re.I)
_OTHERS = re.compile(r"\b(?:baselines?|competitors|competing|(?:other|art|compar\w+|existing) methods|metrics)\b", re.I)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|we|contains?|consists?)\b")
_CASED = re.compile(r"\d|[a-z][A-Z]|[A-Z]{2}|\S\s\S")


def lists_data(sentence: Sentence, before: Sentence | None, listing: bool) -> bool:
    """Return whether a sentence is in a list of data sets, given the one before it and whether that one was.

    A list begins under a title such as `Datasets`, or after `The data sets are:`; it ends where baselines, methods or
    metrics are listed instead.
    """
    text = sentence.text
    if _INTRODUCES.match(text) and text.rstrip().endswith(":"):
        return True
    begins = before is None or before.section != sentence.section
    if titled(sentence):
        if _MARKED.match(text):
            return listing or begins
        return bool(_SETS.search(text)) or ((listing or begins) and not _OTHERS.search(text))
    return listing and not begins and bool(_ITEM.match(text))


def titled(sentence: Sentence) -> bool:
    """Return whether a sentence stands under a title that says data sets and nothing else."""
    return bool(_TITLE.fullmatch(sentence.section))


def listed_name(sentence: Sentence) -> str:
    """Return the name that an item of a list of data sets begins with, or an empty string."""
    text = sentence.text[:300]
    item = _ITEM.match(text)
    if item and is_name(item[1]):
        return item[1]
    if not titled(sentence):
        return ""
    run_in = _RUN_IN.match(text)
    if run_in and is_name(run_in[1]) and _SPEAKS.search(text):
        return run_in[1]
    bare = _SIZED.match(text) if not _VERB.search(text) else None
    for match in (bare, _BULLET.match(text)):
        name = match[1].strip() if match else ""
        if name and is_name(name) and (_CASED.search(name) or is_known(name)):
            return name
    return ""
