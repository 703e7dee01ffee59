"""What a paper says about a data set: who may have it, under which licence, and where it comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from auditor.known_data import is_known, known_set
from auditor.paper.model import Paper, Sentence

_PUBLIC = re.compile(
    r"\bpublic(?:al)?ly (?:available|accessible|released)\b|\bpublic (?:data|benchmark|corpus|corpora)"
    r"|\bopen(?:ly)?[- ](?:source|access|available)|\bfreely available\b|\bdownload(?:ed|able)\b"
    r"|\bavailable (?:at|from|on|online|in)\b|\bwe (?:release|publish)\b|\bcan be (?:found|obtained)",
    re.I,
)
_NEAR = 120
"""So many characters beside a name are about it."""
_JOINED = re.compile(r"[\w-]")
_CITED = re.compile(r"(?:\s\w{1,15}){0,2}\s?(?:\[\d|\([^()]{0,80}\b(?:19|20)\d\d|[¹²³⁴-⁹⁰])")
_PRIVATE = re.compile(r"\b(?:proprietary|private|in-house)\s(?:\w{1,20}\s){0,2}$", re.I)
# No other name stands between.
_RESTRICTED = re.compile(
    r"(?-i:[^.;A-Z]{0,60}?)(?:\bproprietary\b|\bconfidential\b|\bin-house\b|\binternal data"
    r"|\bprivate (?:data|corpus|company)"
    r"|\bnot (?:be )?(?:publicly|public|shared|released|available)|\b(?:upon|on) (?:reasonable )?request\b"
    r"|\bcannot (?:be )?(?:share|release|publish)|\bdata use agreement\b|\brestricted access\b)",
    re.I,
)
_LICENCE = re.compile(
    r"\b(?:CC[- ]?BY(?:-\w\w){0,2}(?: \d\.\d)?|CC0|Creative Commons(?: [A-Z][\w-]{1,20}){0,3}|ODbL|MIT"
    r"|Apache(?: 2\.0)?|(?:L?GPL|AGPL)(?:v?\d)?)(?=[\w\s.-]{0,20}[Ll]icen[cs]e)"
    r"|\bCC[- ]?BY(?:-\w\w){0,2}(?: \d\.\d)?\b|\bCC0\b|\bpublic domain\b"
)


def holds(text: str, names: Iterable[str]) -> bool:
    """Return whether a text has one of the names as a word of its own."""
    return any(next(_tails(text, name), None) is not None for name in names)


def about(paper: Paper, name: str) -> tuple[Sentence, ...]:
    """Return the sentences that name a data set."""
    return tuple(sentence for sentence in paper.sentences if holds(sentence.text, (name,)))


def _tails(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and behind each mention of a name as a word of its own."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        before, behind = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
        if not (_JOINED.match(before[-1:]) or _JOINED.match(behind[:1])):
            yield before, behind
        start = text.find(name, end)


def access(sentences: Sequence[Sentence], name: str) -> Literal["public", "registration", "restricted", "unsaid"]:
    """Return who may have the data; a restriction must be said of this name, not of another in the sentence.

    A well-known set is open without a word.
    """
    for sentence in sentences:
        for before, behind in _tails(sentence.text, name):
            if _RESTRICTED.match(behind) or _PRIVATE.search(before):
                return "restricted"
    if known := known_set(name):
        return known.access
    return "public" if is_known(name) or any(_PUBLIC.search(each.text) for each in sentences) else "unsaid"


def own_access(sentences: Sequence[Sentence]) -> Literal["public", "restricted", "unsaid"]:
    """Return who may have data that the sentences are about."""
    if any(_RESTRICTED.search(each.text) for each in sentences):
        return "restricted"
    return "public" if any(_PUBLIC.search(each.text) for each in sentences) else "unsaid"


def licence(sentences: Iterable[Sentence]) -> str:
    """Return the words that name a licence beside the name, or an empty string."""
    return next((match[0] for sentence in sentences if (match := _LICENCE.search(sentence.text))), "")


def source(paper: Paper, sentences: Iterable[Sentence], name: str) -> str:
    """Return the one link beside the name, `cited` where a reference follows it, or an empty string."""
    contexts = Counter(link.context for link in paper.links)
    for link in paper.links:
        alone = link.kind != "references" and link.context and contexts[link.context] == 1
        if alone and next(_tails(link.context, name), None) is not None:
            return link.url
    cited = any(_CITED.match(behind) for sentence in sentences for _, behind in _tails(sentence.text, name))
    return "cited" if cited else ""
