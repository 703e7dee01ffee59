"""When two names are of one data set, and how well those that are read agree with those that people named."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

GENERAL = frozenset(
    "the a of on in and for from with data dataset datasets set sets corpus benchmark database test train training"  # noqa: SIM905
    " tasks task problems images image subset version versions classes survey study scores recordings"
    " reports".split()
)
"""Words that tell no data set from another."""
_ALIKE = {
    "simulated": "synthetic",
    "simulation": "synthetic",
    "artificial": "synthetic",
    "toy": "synthetic",
    "custom": "own",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+|\d+", text.lower()))


def name_words(name: str) -> list[frozenset[str]]:
    """Return the words of a data set's name, and those of each of its other names in brackets, general words aside."""
    remarks = re.split(r"[,;/]", " , ".join(re.findall(r"\(([^()]*)\)", name)))
    names = [re.sub(r"\([^()]*\)", " ", name), *(each for each in remarks if any(map(str.isupper, each)))]
    split = [
        frozenset(_ALIKE.get(w, w.rstrip("s") if len(w) > 3 else w) for w in _words(each)) - GENERAL for each in names
    ]
    return [each for each in split if each]


def same_data_set(one: str, other: str) -> bool:
    """Return whether two names are of one data set: one of them holds the other's words, numbers included.

    Letter case, hyphens and general words (data set, corpus) say nothing; `ImageNet (ILSVRC 2012)` has two names.
    """
    if re.sub(r"\W|_", "", one.lower()) == re.sub(r"\W|_", "", other.lower()):
        return True
    return any(_holds(a, b) or _holds(b, a) for a in name_words(one) for b in name_words(other))


def _holds(words: frozenset[str], part: frozenset[str]) -> bool:
    return part <= words and any(map(str.isalpha, part))


def matched_data_sets(gold: Sequence[str], given: Sequence[str]) -> dict[str, str]:
    """Return for each labelled name that is found the given one, each given name answering one: closest names first."""
    pairs = sorted(
        (
            (abs(len(_words(a)) - len(_words(b))), i, k)
            for i, a in enumerate(gold)
            for k, b in enumerate(given)
            if same_data_set(a, b)
        )
    )
    found: dict[str, str] = {}
    used: set[int] = set()
    for _, i, k in pairs:
        if gold[i] not in found and k not in used:
            found[gold[i]] = given[k]
            used.add(k)
    return found


def data_set_figures(papers: Iterable[tuple[list[dict[str, Any]], list[dict[str, Any]]]]) -> dict[str, float]:
    """Return recall and precision of names of data sets, and how often a found one is public as labelled.

    `distinct` is the precision in which a second name for one labelled set counts as wrong.
    """
    found, right, given, labelled, public = 0, 0, 0, 0, []
    for gold, answers in papers:
        names = [each["name"] for each in answers]
        pairs = matched_data_sets([each["name"] for each in gold], names)
        by_name = {each["name"]: each for each in answers}
        found, given, labelled = found + len(pairs), given + len(names), labelled + len(gold)
        right += sum(any(same_data_set(each["name"], name) for each in gold) for name in names)
        public += [each["public"] == by_name[pairs[each["name"]]]["public"] for each in gold if each["name"] in pairs]
    return {
        "n": labelled,
        "recall": found / labelled if labelled else math.nan,
        "precision": right / given if given else math.nan,
        "distinct": found / given if given else math.nan,
        "public_as_labelled": sum(public) / len(public) if public else math.nan,
    }
