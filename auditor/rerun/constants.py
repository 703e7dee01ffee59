"""Observed numbers that stand as constants in the source: printed, perhaps, but not computed."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.claims.vocabulary import mentions, metric_named
from auditor.findings import FileEvidence
from auditor.rerun.model import Observation

SOURCE_LIMIT = 1_000_000
_COMPARED = re.compile(r"\b(?:assert\w*|expected|paper|reported|baselines?|reference|published|target)\b|==", re.I)
_TEST = re.compile(r"(?:^|/)tests?/|(?:^|/)test_[^/]*$|_test\.py$")
_TEXT_TOKENS = frozenset(("STRING", "FSTRING_MIDDLE"))
_IN_TEXT = re.compile(r"(?<![\w.])\d{1,9}(?:\.\d{1,15})?(?![\w.]*\d)")


@dataclass(frozen=True, slots=True)
class Constant:
    """An observed number found in the source; `compared` where the line reads like a value to compare with."""

    observation: Observation
    evidence: FileEvidence
    compared: bool


def constant_outputs(observations: Iterable[Observation], sources: Mapping[str, str]) -> tuple[Constant, ...]:
    """Return the observed results that stand literally in the source texts (by path), comments and docstrings aside.

    A number counts when it has three significant digits or more, or when it stands in a string beside the name of its
    metric (`"Test accuracy: 0.81"`). Numbers of nines (0.999) and below three digits are too common to tell anything.
    """
    wanted: dict[float, list[Observation]] = {}
    for observation in observations:
        if observation.final and metric_named(observation.metric) and observation.value not in (0.0, 1.0, 100.0):
            for value in _forms(observation):
                wanted.setdefault(value, []).append(observation)
    found: list[Constant] = []
    for path, text in sources.items():
        if wanted and len(text) <= SOURCE_LIMIT:
            found.extend(_in_source(path, text, wanted))
    return tuple(found)


def _forms(observation: Observation) -> set[float]:
    """The value as observed, as a fraction and in percent, rounded so that equal decimals are equal."""
    value = observation.value
    return {round(value, 12), round(value / 100, 12), round(value * 100, 12)}


def _in_source(path: str, text: str, wanted: Mapping[float, list[Observation]]) -> Iterable[Constant]:
    lines = text.split("\n")
    statement_start = True
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            kind = tokenize.tok_name[token.type]
            line = lines[token.start[0] - 1] if token.start[0] <= len(lines) else ""
            compared = bool(_COMPARED.search(line[:500]) or _TEST.search(path))
            evidence = FileEvidence(path=path, line=token.start[0], excerpt=line.strip()[:300])
            if kind == "NUMBER":
                for observation in _numbered(token.string, wanted):
                    yield Constant(observation, evidence, compared)
            elif kind in _TEXT_TOKENS and not statement_start:
                for observation in _written(token.string[:2_000], wanted):
                    yield Constant(observation, evidence, compared)
            if kind not in ("NL", "COMMENT"):
                statement_start = kind in ("NEWLINE", "INDENT", "DEDENT", "ENCODING")
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        return  # what cannot be read as Python to its end gives what was found up to there


def _numbered(printed: str, wanted: Mapping[float, list[Observation]]) -> tuple[Observation, ...]:
    digits = re.sub(r"^0+|\D", "", printed.split("e")[0].split("E")[0].replace("_", "").replace(".", "")).strip("0")
    if len(digits) < 3 or not digits.strip("9") or not re.fullmatch(r"[\d._eE+-]{1,40}", printed):
        return ()
    try:
        return tuple(wanted.get(round(float(printed.replace("_", "")), 12), ())[:3])
    except (ValueError, OverflowError):
        return ()


def _written(text: str, wanted: Mapping[float, list[Observation]]) -> tuple[Observation, ...]:
    """Return the observations whose number stands in this string beside the name of its metric."""
    named = {mention.metric.name for mention in mentions(text)} if any(c.isdigit() for c in text) else set()
    if not named:
        return ()
    values = {round(float(match[0]), 12) for match in _IN_TEXT.finditer(text)}
    return tuple(o for value in values for o in wanted.get(value, ()) if o.metric in named)[:3]
