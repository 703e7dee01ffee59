"""Sentences that say on which data hyper-parameters, checkpoints or stopping were chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from auditor.paper.model import Sentence
from auditor.paper.sayings import negated, of_others

_CHOOSE = (
    r"\b(?:tun(?:e|ed|es|ing)|select(?:s|ed|ing|ion)?|cho(?:ose|ses|sen|osing|se)|optimi[sz](?:e|es|ed|ing)|pick(?:s|ed)?"
    r"|determin(?:e|es|ed)|(?:grid|hyper-?parameter) search|early[- ]stop(?:s|ped|ping)?)\b"
)
_WHAT = (
    r"\b(?:hyper-?parameters?|parameters?|settings?|configurations?|checkpoints?|epochs?|iterations?|models?|thresholds?"
    r"|weights|stopping|learning rates?|layers?|value of \W?\w{1,8}|number of [a-z]{3,20}|early[- ]stopping)\b"
)
_GAP = r"[^.;:()]{0,60}?"
_BY = r"\b(?:on|using|based on|according to|over|with respect to|w\.r\.t\.?|by|from|via|with)\s"
_RESULT = (
    r"test(?:ing)?[- ](?:sets?|data(?:sets?)?|splits?|accurac(?:y|ies)|errors?|loss(?:es)?|performances?|scores?"
    r"|results?)\b"
)
_TEST = rf"(?:the |their |our |its )?(?:best |highest |lowest |held-out |corresponding |official )?{_RESULT}"
_SEARCH = r"(?:the |a |our )?(?:grid|random|hyper-?parameter) search"
_CHOICE = tuple(
    re.compile(words, re.I)
    for words in (
        f"{_CHOOSE}{_GAP}{_WHAT}{_GAP}{_BY}{_TEST}",
        f"{_WHAT}{_GAP}{_CHOOSE}{_GAP}{_BY}{_TEST}",
        f"{_CHOOSE}{_GAP}{_WHAT}{_GAP}\\b(?:best|highest|lowest|maximum|minimum) {_RESULT}",
        f"\\b{_RESULT}{_GAP}\\b(?:obtained|found|achieved) (?:by|from|in|during|with) {_SEARCH}",
    )
)
_BEST = re.compile(
    rf"\b(?:best|highest|lowest|maximum|minimum|peak) {_RESULT}[^.;:()]{{0,30}}\b(?:over|across|among|during|of|from) "
    r"(?:all |the |any )?(?:\w+ )?(?:epochs?|training|iterations|checkpoints)\b",
    re.I,
)
_SERVES = re.compile(
    r"\btest (?:set|data|split)\b[^.;:()]{0,20}\b(?:as|for) (?:a |the |our )?"
    r"(?:validation(?: set| data| split)?|model selection|early[- ]stopping|hyper-?parameter (?:tuning|search))\b",
    re.I,
)
_ELSEWHERE = re.compile(
    r"\b(?:validation|dev|development|cross-?validat\w*|held-?out validation|evaluat\w+|report\w*|measur\w+|compar\w+"
    r"|appl(?:y|ied)|assess\w*|estimat\w+|select(?:ed|ing)? (?:\w+ )?(?:images|samples|examples|sentences|points|from)"
    r"|chosen from|at random|randomly|uniformly|attack\w*|if|would|could|should|may|might|avoid\w*|prevent\w*|unfair\w*"
    r"|overfit\w*|many|some (?:works|papers|authors)|previous|prior|leak\w*)\b",
    re.I,
)
"""Words that give the sentence another sense: what is evaluated, drawn or feared, not chosen."""
_VALIDATION = r"\b(?:validation|dev(?:elopment)?|cross-?validation)\b"
_ON_VALIDATION = tuple(
    re.compile(words, re.I)
    for words in (
        rf"{_CHOOSE}{_GAP}{_BY}(?:the |a |an |our |their )?(?:\w+ ){{0,2}}{_VALIDATION}",
        rf"{_CHOOSE}{_GAP}{_BY}[^.;:()]{{0,60}}\bas (?:the |a |an |our )?(?:\w+ )?{_VALIDATION}",
        rf"{_CHOOSE}{_GAP}{_WHAT}{_GAP}\b(?:for|on|by|with) (?:the |our )?(?:best |highest |lowest )?{_VALIDATION}",
        rf"{_VALIDATION} (?:sets?|data(?:sets?)?|splits?)\b[^.;:()]{{0,30}}\b(?:for|to) "
        rf"(?:{_CHOOSE}|configur(?:e|ing)|set(?:ting)?|adjust(?:ing)?|model selection){_GAP}{_WHAT}",
    )
)
_AS_BEST = re.compile(
    r"\b(?:configurations?|settings?|(?:hyper-?)?parameters?|values?)\b[^.;:()]{0,40}"
    r"\b(?:selected|chosen|taken|picked) as (?:the |our )?(?:optimal|best|final)\b",
    re.I,
)
_TOLD_OF_TEST = re.compile(
    r"\btest(?:ing)? results (?:for|of|on)\b|\bresults (?:on|over) the test (?:set|data|split)\b", re.I
)
_BEFORE = 6
"""So many sentences before a choice may say which results it was made by."""
_CITED = re.compile(r"\bet al\b|\[\d{1,3}\]")
_OWN = re.compile(r"\b(?:we|our|I|my)\b", re.I)
_LONGEST = 800


def chosen_on_test(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences in which the authors say that they chose something by results on the test data."""
    found = []
    for sentence in sentences:
        text = sentence.text[:_LONGEST]
        if "test" not in text.lower() or of_others(sentence) or (_CITED.search(text) and not _OWN.search(text)):
            continue
        patterns = (_BEST, _SERVES) if _ELSEWHERE.search(text) else (_BEST, _SERVES, *_CHOICE)
        matches = (pattern.search(text) for pattern in patterns)
        if any(match and not negated(text, match) for match in matches):
            found.append(sentence)
    return tuple(found) or _after_test_results(sentences)


def _after_test_results(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The choices of a best setting in a passage on test results, each behind the sentence that names these."""
    for place, sentence in enumerate(sentences):
        choice = _AS_BEST.search(sentence.text[:_LONGEST])
        if choice is None or of_others(sentence) or negated(sentence.text[:_LONGEST], choice):
            continue
        passage = [one for one in sentences[max(0, place - _BEFORE) : place + 1] if one.section == sentence.section]
        if any(re.search(_VALIDATION, one.text, re.I) for one in passage):
            continue
        told = [one for one in passage if _TOLD_OF_TEST.search(one.text[:_LONGEST])]
        if told:
            return (told[-1], sentence) if told[-1] is not sentence else (sentence,)
    return ()


def chosen_on_validation(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences in which the authors say that they chose something by results on validation data."""
    return tuple(sentence for sentence in sentences if not of_others(sentence) and _on_validation(sentence.text))


def _on_validation(text: str) -> bool:
    if not re.search(_VALIDATION, text, re.I):
        return False
    text = text[:_LONGEST]
    matches = (pattern.search(text) for pattern in _ON_VALIDATION)
    return any(match and not negated(text, match) for match in matches)
