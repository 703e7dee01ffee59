"""Results that are a share of things: `solves 58% of the problems`. Shares that set something up are none."""

from __future__ import annotations

import re

from auditor.claims.gains import Gain
from auditor.claims.numbers import Number
from auditor.claims.vocabulary import mentions, plain, words

_LIMIT = 1_000
_SHARE = re.compile(
    r"(?<![\w.,-])(?P<value>\d{1,3}(?:\.\d{1,3})?)\s?%\sof\s(?:(?:the|all|our|these|their|its|\d{1,6})\s){0,2}"
    r"(?:[a-z-]{3,15}\s)?(?P<noun>[a-z-]{3,20}s)\b"
)
_NOT_THINGS = frozenset(
    words(
        "parameters weights labels neurons edges nodes pixels tokens layers units features channels heads samples "
        "points values entries rows columns series costs steps epochs iterations params connections filters resources "
        "losses categories participants respondents percentages results improvements gains gpus flops was has"
    )
)
_DONE = re.compile(
    r"\b(?:solv|match|correct|succe|recover|synthesi[sz]|classif|predict|detect|identif|prefer|recogni[sz]|answer|fail"
    r"|outperform|beat|w[io]n|tim(?:es|ing) out|complet|agree|reconstruct|localiz|retriev|prov)",
    re.I,
)
"""What a method does to things."""
_SET = re.compile(
    r"\b(?:by|top|using|use|with|on|from|train\w{0,3}|only|remaining|retain\w{0,3}|keep\w{0,3}|mask\w{0,3}|prun\w{0,3}"
    r"|sampl\w{0,3}|random\w{0,2}|select\w{0,3}|split\w{0,4}|hold\w{0,3}|reserv\w{0,3}|remov\w{0,3}|first|last|least"
    r"|than|over|more|another|account\w{0,3} for|compris\w{0,3}|contain\w{0,3}|cover\w{0,3})\s(?:\w{1,12}\s){0,2}$",
    re.I,
)
"""Before a share that sets something up, bounds it or describes data."""
_QUOTED = re.compile(r"\[\d{1,3}\]|\bet al\b")


def shares(sentence: str) -> tuple[Gain, ...]:
    """Return the shares of things that a sentence says a method gets right or wrong, where it names no metric."""
    text = plain(sentence[:_LIMIT])
    if not _DONE.search(text) or _QUOTED.search(text) or mentions(text):
        return ()
    found = []
    for match in _SHARE.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        if match["noun"] in _NOT_THINGS or _SET.search(before) or float(match["value"]) > 100:
            continue
        printed = match["value"]
        number = Number(float(printed), f"{printed}%", True, None, match.start("value"), match.end("value"))
        found.append(Gain(f"share of {match['noun']}", match[0][:80], number, "percent", None))
    return tuple(found)
