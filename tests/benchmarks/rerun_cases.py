"""Labelled cases of reruns: what the auditor is given of a case, and what a skilled person found, kept apart."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, get_args

from auditor.claims.matching import split_of
from auditor.claims.model import Claim, Claims, Unit
from auditor.claims.numbers import Number, find_numbers, parse_cell
from auditor.claims.vocabulary import find_metric, mentions, metric_named, plain, words
from auditor.findings import FileEvidence
from auditor.known_data import data_set_in, is_exactly_known
from auditor.rerun.model import RAN, Outcome, RootCause

_SAME = re.compile(r"\s*(?:the )?same\b", re.I)
_SAME_METRICS = re.compile(r",?\s*(?:the )?same metrics?\s*$", re.I)
_LIST = re.compile(r"[^\s/,]+(?:\s*[/,]\s*[^\s/,]+){1,20}$")
_ASIDE = re.compile(r"\([^()]{0,200}\)|\b(?:Table|Tab|Figure|Fig|Section|Sec|Eq)\b\.?\s*[A-Z]?\d{0,3}[a-z]?\b", re.I)
_BOUND = re.compile(r"\s*(?:[<>≤≥~≈]|about|ca\.|up to|at least|at most|over|under)", re.I)
_SECOND = re.compile(r"[^\d(]{0,20}\(|[^\d]{0,3}±")
_ABOUT = frozenset(
    "a an and as average best by final for from in mean method model number of on our over overall reported result "  # noqa: SIM905
    "results score set the to value with dataset data at".split()
)


@dataclass(frozen=True)
class Case:
    """One repository at one commit, with the claims as they are labelled; all that the auditor may see."""

    id: str
    repo: str
    commit: str
    day: date
    claims: Claims
    unread: tuple[str, ...] = ()
    """Labelled claims that are no single number of a metric, as they stand."""


@dataclass(frozen=True)
class Label:
    """What the skilled person found: never shown to the auditor."""

    entry: tuple[str, ...]
    outcome: str
    repaired: str
    latest: str
    cause: str
    """The root cause in the list's words; empty where the label has it in prose alone."""
    said: str
    python: str
    observed: str

    @property
    def ran(self) -> bool:
        """Whether the skilled person got it to run, with or without a repair."""
        return self.outcome in RAN or self.repaired in RAN


def read_cases(path: Path, only: str | None = None) -> list[tuple[Case, Label]]:
    """Return the cases of a file of JSON lines with their labels; `only` is the id of one of them."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(_case(row), _label(row)) for row in rows if only in (None, row["id"])]


def _case(row: dict[str, Any]) -> Case:
    claims, unread = read_claims(row.get("claims") or [])
    day = date.fromisoformat(row["commit_date"][:10])
    return Case(row["id"], row["repo"], row["commit"], day, claims, unread)


def _label(row: dict[str, Any]) -> Label:
    said = str(row.get("root_cause") or "")
    listed = [str(row.get(key) or "") for key in ("root_cause_word", "cause", "root_cause")]
    causes = get_args(RootCause)
    entry = row.get("entry") or []
    return Label(
        entry=tuple(entry) if isinstance(entry, list) else (str(entry),),
        outcome=_outcome(row.get("outcome")),
        repaired=_outcome(row.get("outcome_after_minimal_fix")),
        latest=_outcome(row.get("outcome_py311_latest_literal")),
        cause=next((word for text in listed for word in causes if re.match(rf"{word}\b", text)), ""),
        said=said,
        python=str(row.get("python_that_worked") or ""),
        observed=str(row.get("observed") or ""),
    )


def _outcome(text: Any) -> str:
    """Return the outcome with which a label begins; empty where it is none of the list."""
    found = re.match(r"\w+", str(text or ""))
    return found[0] if found and found[0] in get_args(Outcome) else ""


@dataclass
class _Reader:
    """What was read so far: a later claim may say "same"."""

    claims: list[Claim] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    value: str = ""
    where: str = "the case"


def read_claims(rows: list[dict[str, Any]]) -> tuple[Claims, tuple[str, ...]]:
    """Return the claims of a case (metric, value, where), and those that are not read, as they stand.

    `Cora test accuracy` is accuracy on the test split of Cora. `a/b` with `0.3/0.5`, and a dict as it is printed, are
    several claims; "same" stands for what the claim before says. What is no metric keeps its own name.
    """
    reader = _Reader()
    for row in rows:
        metric, value = str(row.get("metric") or ""), row.get("value")
        text = value if isinstance(value, str) else json.dumps(value)
        said = str(row.get("where") or "")
        reader.where = reader.where if _SAME.match(said) else said or reader.where
        text = reader.value if _SAME.match(text) else text
        reader.value = text
        found = _pairs(metric, text, reader)
        if not found:
            reader.unread.append(f"{metric}: {text}"[:200])
        for about, name, number in found:
            reader.claims.append(_claim(len(reader.claims) + 1, about, name, number, reader.where))
    return Claims(items=tuple(reader.claims)), tuple(reader.unread)


def _pairs(metric: str, text: str, reader: _Reader) -> list[tuple[str, str, Number]]:
    """Return what the claim is about, the name of the metric, and the number, for each number of a labelled claim."""
    same = _SAME_METRICS.search(metric)
    metric = metric[: same.start()] if same else metric
    values = _dict(text)
    listed = _LIST.search(metric)
    if values is not None:
        about = metric[: listed.start()] if listed and set(_split(listed[0])) & set(values) else metric
        reader.names = list(values)
        numbers = [parse_cell(str(value)) for value in values.values()]
        return [(about, name, n) for name, n in zip(values, numbers, strict=True) if n is not None]
    parts = [parse_cell(part) for part in _split(text)]
    if len(parts) > 1 and all(part is not None for part in parts):
        about, names = (metric[: listed.start()], _split(listed[0])) if listed else (metric, reader.names)
        if len(names) != len(parts):
            return []
        reader.names = names
        return [(about, name, n) for name, n in zip(names, parts, strict=True) if n is not None]
    found = find_numbers(text)
    named = [mention for mention in mentions(metric) if mention.text]
    if not found:
        return []
    apart = len({number.value for number in found}) > 1 and not _SECOND.match(text[found[0].end :])
    if apart or _BOUND.match(text):  # a range or a bound is no number that a run could reach
        return []
    about = metric
    for mention in reversed(named):
        about = plain(about)[: mention.start] + " " + plain(about)[mention.end :]
    return [(about if named else "", metric, found[0])]


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[/,]", text) if part.strip()]


def _dict(text: str) -> dict[str, Any] | None:
    try:
        value = ast.literal_eval(text.strip()) if text.lstrip().startswith("{") else None
    except (SyntaxError, ValueError):
        return None
    return {str(key): entry for key, entry in value.items()} if isinstance(value, dict) else None


def _claim(number: int, about: str, name: str, value: Number, where: str) -> Claim:
    metric = find_metric(name) or metric_named(" ".join(words(name)))
    said = [word for word in re.split(r"[\s(),;:]+", _ASIDE.sub(" ", about)) if word]
    said = [word for word in said if word.lower() not in _ABOUT and split_of(word) is None]
    dataset = next((word for word in said if data_set_in(word) or is_exactly_known(word)), None)
    # One proper name is most often a data set; several words say which variant.
    dataset = dataset or (said[0] if len(said) == 1 and said[0][:1].isupper() else None)
    subject = " ".join(word for word in said if word != dataset)[:100] or None
    unit: Unit = "none"
    if metric and metric.bounded:
        unit = "percent" if value.percent or abs(value.value) > 1 else "fraction"
    return Claim(
        id=f"K{number}",
        metric=metric.name if metric else " ".join(words(name))[:100],
        metric_text=name[:200],
        value=value.value,
        printed=value.printed,
        unit=unit,
        direction=metric.direction if metric else None,
        std=value.std,
        dataset=dataset,
        split=split_of(f"{about} {name}"),
        method=subject,
        where=where[:200],
        origin="author",
        own=True,
        evidence=FileEvidence(path=re.split(r"[\s(]", where)[0][:200] or "case"),
    )
