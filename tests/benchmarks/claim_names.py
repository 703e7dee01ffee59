"""When a claim that is read is one that people labelled: by its value, its metric and its data set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from auditor.claims.vocabulary import mentions

SYNONYMS = {"gain": "improvement", "gains": "improvement", "speed": "speedup"}
"""Words for a metric that mean another."""


def words(text: object) -> frozenset[str]:
    """Return the words and numbers of a name, in lower case."""
    return frozenset(re.findall(r"[a-z]+|\d+", str(text or "").lower()))


def same_name(one: object, other: object) -> bool:
    """Return whether the words of one name are all in the other, or both are empty."""
    a, b = words(one), words(other)
    return a <= b or b <= a if a and b else not a and not b


def claim_found(gold: dict[str, Any], claims: Iterable[dict[str, Any]], named: bool) -> bool:
    """Return whether a labelled claim is among the claims: by its value, or by its names too."""
    for claim in claims:
        if not same_value(float(gold["value"]), claim["value"], str(claim["printed"])):
            continue
        said = f"{claim['metric']} {claim.get('said') or ''}"
        if not named or (same_metric(gold["metric"], said) and same_data(gold["dataset"], claim["dataset"])):
            return True
    return False


def same_value(gold: float, value: float, printed: str) -> bool:
    """Return whether a printed value is the labelled one, within half of its last digit.

    A percentage may be labelled as a fraction, where its digits tell: `0.0` is no rounded `3.5 %`.
    """
    digits = len(re.sub(r"\D.*", "", printed.partition(".")[2]))
    for factor in (1, 100, 0.01):
        within = 0.51 * factor * 10**-digits
        if abs(value * factor - gold) <= within and (factor == 1 or within <= 0.02 * abs(gold)):
            return True
    return False


def same_metric(one: str, other: str) -> bool:
    """Return whether two names of a metric mean one of the vocabulary's, or share a word that is no mere qualifier."""
    qualifiers = {"test", "best", "val", "mean", "average", "final", "clean", "rate", "top", "score", "per", "of", "s"}
    known = [{mention.metric.name for mention in mentions(name)} for name in (one, other)]
    plain = [{SYNONYMS.get(word, word) for word in words(name)} - qualifiers for name in (one, other)]
    return bool(known[0] & known[1] or plain[0] & plain[1]) or same_name(one, other)


def same_data(one: object, other: object) -> bool:
    """Return whether two names of a data set share half of the shorter one's words, and a number if both have any."""
    generic = {"data", "set", "sets", "dataset", "datasets", "test", "train", "the", "of", "on", "all"}
    a, b = words(one) - generic, words(other) - generic
    if not a or not b:
        return same_name(one, other)
    numbers = [{word for word in name if word.isdigit()} for name in (a, b)]
    letters = [a - numbers[0], b - numbers[1]]
    if all(numbers) and not numbers[0] & numbers[1]:
        return False
    return same_name(one, other) or 2 * len(letters[0] & letters[1]) >= min(map(len, letters)) > 0
