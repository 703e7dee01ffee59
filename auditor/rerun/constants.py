"""Observed numbers that stand as constants in the source: printed, perhaps, but not computed."""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from auditor.claims.vocabulary import mentions, metric_named
from auditor.findings import FileEvidence
from auditor.rerun.model import Observation

SOURCE_LIMIT = 1_000_000
_COMPARED = re.compile(r"\b(?:assert\w*|expected|paper|reported|baselines?|reference|published|target)\b|==", re.I)
_PRINTING = frozenset(("print", "f", "format", "logging", "logger", "log", "info", "sys", "stdout", "write", "echo"))
_TEST = re.compile(r"(?:^|/)tests?/|(?:^|/)test_[^/]*$|_test\.py$")
_TEXT_TOKENS = frozenset(("STRING", "FSTRING_MIDDLE"))
_IN_TEXT = re.compile(r"(?<![\w.])\d{1,9}(?:\.\d{1,15})?(?![\w.]*\d)")


@dataclass(frozen=True, slots=True)
class Constant:
    """An observed number found in the source; `compared` where the line reads like a value to compare with."""

    observation: Observation
    evidence: FileEvidence
    compared: bool


def constant_outputs(
    observations: Iterable[Observation], sources: Mapping[str, str], ran: frozenset[str] = frozenset()
) -> tuple[Constant, ...]:
    """Return the observed results that stand literally in the source texts (by path), comments and docstrings aside.

    A number counts when it has three significant digits or more, or when it stands in a string beside the name of its
    metric (`"Test accuracy: 0.81"`). Numbers of nines (0.999) and below three digits are too common to tell anything.
    A test's numbers are there to compare with, unless the test is among the files that the plan `ran`.
    """
    wanted: dict[float, list[Observation]] = {}
    for observation in observations:
        if observation.final and metric_named(observation.metric) and observation.value not in (0.0, 1.0, 100.0):
            for value in _forms(observation):
                wanted.setdefault(value, []).append(observation)
    found: list[Constant] = []
    for path, text in sources.items():
        if wanted and len(text) <= SOURCE_LIMIT:
            found.extend(_in_source(path, text, wanted, path not in ran and bool(_TEST.search(path))))
    return tuple(found)


def _forms(observation: Observation) -> set[float]:
    """The value as observed, as a fraction and in percent, rounded so that equal decimals are equal."""
    value = observation.value
    return {round(value, 12), round(value / 100, 12), round(value * 100, 12)}


def _in_source(path: str, text: str, wanted: Mapping[float, list[Observation]], test: bool) -> Iterable[Constant]:
    lines = text.split("\n")
    statement_start = True
    tokens = _tokens(text)
    beside = _compared_lines(tokens)
    try:
        for token in tokens:
            kind = tokenize.tok_name[token.type]
            line = lines[token.start[0] - 1] if token.start[0] <= len(lines) else ""
            compared = test or token.start[0] in beside
            evidence = FileEvidence(path=path, line=token.start[0], excerpt=line.strip()[:300])
            if kind == "NUMBER":
                for observation in _numbered(token.string, wanted):
                    yield Constant(observation, evidence, compared)
            elif kind in _TEXT_TOKENS and not statement_start:
                for observation in _written(token.string[:2_000], wanted):
                    yield Constant(observation, evidence, compared)
            if kind not in ("NL", "COMMENT"):
                statement_start = kind in ("NEWLINE", "INDENT", "DEDENT", "ENCODING")
    except (ValueError, RecursionError):
        return


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    """Return the tokens up to where the text cannot be read as Python."""
    found: list[tokenize.TokenInfo] = []
    with suppress(tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        found.extend(tokenize.generate_tokens(io.StringIO(text).readline))
    return found


def _compared_lines(tokens: Iterable[tokenize.TokenInfo]) -> frozenset[int]:
    """Return the lines whose code compares: comments never count, strings only beside a value that has a name."""
    code: dict[int, list[str]] = {}
    said: dict[int, list[str]] = {}
    values: set[int] = set()
    for token in tokens:
        kind, line = tokenize.tok_name[token.type], token.start[0]
        if kind in ("NAME", "OP"):
            code.setdefault(line, []).append(token.string)
            if kind == "NAME" and token.string not in _PRINTING and not keyword.iskeyword(token.string):
                values.add(line)
        elif kind in _TEXT_TOKENS:
            said.setdefault(line, []).append(token.string[:500])
    compares = {line for line, words in code.items() if _COMPARED.search(" ".join(words)[:1_000])}
    return frozenset(compares | {line for line in values if _COMPARED.search(" ".join(said.get(line, ()))[:1_000])})


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
