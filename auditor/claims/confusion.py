"""Whether a confusion matrix of the stated test set gives the reported accuracy, sensitivity and specificity."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import ceil, floor

from auditor.claims.contradiction import Compared, Contradiction
from auditor.claims.model import Claim
from auditor.claims.numbers import last_digit
from auditor.claims.vocabulary import plain
from auditor.paper.model import Sentence

_COUNT = r"(\d{1,3}(?:,\d{3}){1,2}|\d{1,7})"
_CLASSES = re.compile(
    rf"(?<![\d.,]){_COUNT}\s(?:[A-Za-z]{{1,20}}\s)?positives?\s(?:[a-z]{{3,12}}\s)?and\s{_COUNT}\s(?:[A-Za-z]{{1,20}}\s)?negatives?\b"
)
_TEST = re.compile(r"\btest(?:ing)?\b|\bhold-?out\b|\bheld-?out\b", re.I)
_SEVERAL = re.compile(r"\bfolds?\b|\bcross-?valid|\beach\b|\bper\b|\baverage", re.I)
_METRICS = ("accuracy", "recall", "specificity")


def matrix_possible(
    accuracy: tuple[float, float],
    sensitivity: tuple[float, float],
    specificity: tuple[float, float],
    positives: int,
    negatives: int,
) -> bool:
    """Whether whole numbers of true positives and negatives give three scores, each a fraction with its tolerance.

    The test is exhaustive, like that of mlscorecheck (Fazekas and Kovács 2024) for one test set without aggregation:
    tp / p, tn / n and (tp + tn) / (p + n) are linear, so that intervals of whole numbers decide.
    """
    least_tp, most_tp = _between(sensitivity, positives)
    least_tn, most_tn = _between(specificity, negatives)
    if least_tp > most_tp or least_tn > most_tn:
        return False
    least, most = _between(accuracy, positives + negatives)
    return max(least, least_tp + least_tn) <= min(most, most_tp + most_tn)


def _between(score: tuple[float, float], count: int) -> tuple[int, int]:
    """Return the least and the most of `count` that give this score within its tolerance."""
    value, tolerance = score
    least, most = (value - tolerance) * count, (value + tolerance) * count
    return max(ceil(least - 1e-6), 0), min(floor(most + 1e-6), count)


def stated_classes(sentences: Sequence[Sentence]) -> tuple[int, int, Sentence] | None:
    """Return the positives and negatives of the test set with their sentence, where the paper gives one such pair."""
    found: dict[tuple[int, int], Sentence] = {}
    for sentence in sentences:
        text = plain(sentence.text[:1_000])
        if _TEST.search(text) and not _SEVERAL.search(text):
            for match in _CLASSES.finditer(text):
                pair = int(match[1].replace(",", "")), int(match[2].replace(",", ""))
                found.setdefault(pair, sentence)
    if len(found) != 1:
        return None
    (positives, negatives), sentence = next(iter(found.items()))
    return (positives, negatives, sentence) if positives and negatives else None


def confusion(rows: Sequence[Mapping[str, Claim]], sentences: Sequence[Sentence]) -> Compared:
    """Yield each row with all three scores, as a doubt where no confusion matrix of the stated test set gives them.

    A row of means over runs has no matrix of its own, and the row may be of another test set: so it is a doubt.
    """
    classes = stated_classes(sentences)
    if classes is None:
        return
    positives, negatives, sentence = classes
    for row in rows:
        claims = [row[name] for name in _METRICS if name in row]
        if len(claims) < len(_METRICS) or any(c.std is not None or (c.n or 1) > 1 for c in claims):
            continue
        scores = [_score(claim) for claim in claims]
        evidence = (sentence.evidence(), *(claim.evidence for claim in claims))
        if matrix_possible(scores[0], scores[1], scores[2], positives, negatives):
            yield evidence
            continue
        values = ", ".join(f"{claim.metric_text} {claim.printed}" for claim in claims)
        said = (
            f"{claims[0].method}: no confusion matrix of {positives} positives and {negatives} negatives gives {values}"
        )
        yield Contradiction(f"{said} ({claims[0].where})", evidence, certain=False)


def _score(claim: Claim) -> tuple[float, float]:
    """Return the value as a fraction, with one unit of its last digit: it may be rounded or cut."""
    scale = 100.0 if claim.unit == "percent" else 1.0
    return claim.value / scale, last_digit(claim.printed) / scale
