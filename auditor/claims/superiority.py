"""Whether a method that is said to be better than another is better in the paper's tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.claims.contradiction import Compared, Contradiction
from auditor.claims.model import Claim
from auditor.claims.vocabulary import mentions, plain, words
from auditor.paper.model import Sentence

NAMES = 100
"""So many methods of one paper are looked for in its sentences."""

_ADVERB = (
    r"(?:(?:model|method|approach|network|algorithm|also|consistently|significantly|clearly|always|still"
    r"|generally|strongly|substantially|easily|slightly|is|are|was|were)\s){0,3}"
)
_BETTER = r"(?:outperform(?:s|ed)?|surpass(?:es|ed)?|beats?|better than|superior to)"
_ARTICLE = r"(?:(?:the|both|all|our|baseline|original|vanilla|standard)\s){0,3}"
_EXCEPT = re.compile(
    r"\b(?:not|n't|never|except|however|although|though|while|but|if|when|whereas|could|may|might|would|should"
    r"|expect\w*|hypothes\w*|in terms of|speed|faster|efficien\w*|\[\d|et al)\b",
    re.I,
)


def better_by_name(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> Compared:
    """Yield each sentence `A outperforms B` with the tables' values, as a doubt where B is better in each of them."""
    tables = [claim for claim in claims if claim.where.startswith("Table") and claim.method and claim.direction]
    names = sorted({c.method for c in tables if c.method and _is_name(c.method)}, key=lambda name: -len(name))[:NAMES]
    if len(names) < 2:
        return
    name = "|".join(map(re.escape, names))
    said = re.compile(
        rf"(?<![\w+/-])(?<![+/-] )(?P<one>{name})\s{_ADVERB}{_BETTER}\s{_ARTICLE}(?P<other>{name})"
        r"(?![\w+/-])(?!\s?[+/-])"
    )
    for sentence in sentences:
        text = plain(sentence.text[:1_000])
        match = said.search(text)
        if match is None or match["one"] == match["other"] or _EXCEPT.search(text):
            continue
        pairs = list(_pairs(match["one"], match["other"], text, tables))
        if not pairs:
            continue
        evidence = (sentence.evidence(), *(claim.evidence for pair in pairs[:2] for claim in pair))
        if any(one.value == other.value or _better(one, other) for one, other in pairs):
            yield evidence
            continue
        one, other = pairs[0]
        values = f"{one.metric_text} {one.printed} against {other.printed} in {one.where}"
        sentence_text = f"Page {sentence.page} calls {match['one']} better than {match['other']}, which has {values}"
        yield Contradiction(sentence_text, evidence, certain=False)


def _is_name(method: str) -> bool:
    """Whether the words cannot be ordinary English: a capital or a digit stands after the first letter, or all are."""
    return 2 <= len(method) <= 40 and bool(re.search(r"[A-Z0-9]", method[1:])) and method[0].isalnum()


def _pairs(one: str, other: str, text: str, tables: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Yield the values of both methods that stand under one metric, data set and split, within what the text names."""
    metrics = {mention.metric.name for mention in mentions(text)}
    named = set(words(text))
    datasets = {c.dataset for c in tables if c.dataset and words(c.dataset) and set(words(c.dataset)) <= named}
    label = re.search(r"\bTable\s(\d{1,2})\b", text)
    seen: dict[tuple[str, str, str | None, str | None], dict[str, list[Claim]]] = {}
    for claim in tables:
        if claim.method not in (one, other) or (metrics and claim.metric not in metrics):
            continue
        if (datasets and claim.dataset not in datasets) or (label and claim.where != f"Table {label[1]}"):
            continue
        key = (claim.where, claim.metric, claim.dataset, claim.split)
        seen.setdefault(key, {}).setdefault(claim.method, []).append(claim)
    for found in seen.values():
        # A name that stands twice in one column has settings that the sentence does not tell.
        if len(found.get(one, ())) == 1 and len(found.get(other, ())) == 1:
            yield found[one][0], found[other][0]


def _better(one: Claim, other: Claim) -> bool:
    return one.value > other.value if one.direction == "higher" else one.value < other.value
