"""Values of hyper-parameters that a paper states, and those that a repository's code and settings use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.claims.numbers import find_numbers, parse_cell
from auditor.claims.vocabulary import plain, words
from auditor.findings import Evidence, FileEvidence
from auditor.paper.model import Sentence
from auditor.repository.model import DocumentedCommand, Source

_STATED: dict[str, str] = {
    "learning rate": r"(?:initial |base |peak )?learning rates?(?: \(?(?:lr|α|η|γ)\)?)?",
    "batch size": r"(?:mini-?)?batch[- ]sizes?",
    "epochs": r"epochs",
    "dropout": r"drop-?out(?: rate| probability| ratio)?",
    "weight decay": r"weight decay(?: rate| coefficient| parameter)?",
    "momentum": r"momentum(?: coefficient| parameter)?",
}
_NAMES: dict[str, frozenset[str]] = {
    "learning rate": frozenset(
        ("lr", "learning rate", "learning rate init", "learningrate", "base lr", "init lr", "lr init")
    ),
    "batch size": frozenset(("batch size", "batchsize", "bs", "train batch size", "per device train batch size")),
    "epochs": frozenset(
        ("epochs", "num epochs", "n epochs", "nb epochs", "max epochs", "num train epochs", "epoch", "max iter")
    ),
    "dropout": frozenset(("dropout", "dropout rate", "drop rate", "dropout prob", "drop out", "p dropout")),
    "weight decay": frozenset(("weight decay", "wd", "l2", "l2 reg")),
    "momentum": frozenset(("momentum",)),
}
_LINK = (
    r"\s*(?:(?:of|is|was|to|at|with|as|equals?|(?:is |was |were )?set to|fixed at)\s+|=\s*|:\s*|\(\s*|\s+(?=\d))"
    r"(?:be\s+)?"
)
_VALUE = r"([-+]?[\d.,]{1,12}(?:e[-+]?\d{1,2}|\s?[·×x]\s?10\s?\^?\s?[-−]?\s?\d{1,2})?)"
_AFTER = {name: re.compile(rf"\b{pattern}{_LINK}{_VALUE}", re.I) for name, pattern in _STATED.items()}
_EPOCHS = re.compile(r"\bfor (?:a total of )?(\d{1,5}) epochs\b", re.I)
_BATCHES = re.compile(r"\b(?:mini-?)?batches of (?:size )?(\d{1,6})\b", re.I)
_OTHERS = re.compile(
    r"\bet al\b|\bin \[\d|(?<!weight )(?<!weight-)\bdecay(?:ed|s|ing)?\b"
    r"|\bgrid\b|\bsearch(?:ed)?\b|\btuned\b|\bamong\b|\bfrom \{",
    re.I,
)
_RANGE = re.compile(r"\s?(?:through|to|until|up to|–|—|-)\s?\d", re.I)
"""What follows the first value of a range, of which none is stated as used: `epochs 3 through 7`."""
_TESTS = re.compile(r"(?:^|/)(?:unit_?)?tests/", re.I)
_CONFIG = re.compile(
    r"^[ \t\"'-]{0,20}([A-Za-z][\w.-]{0,40})[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?([-+]?[\d.]{1,12}(?:e[-+]?\d{1,2})?)\b",
    re.I,
)
_FLAG = re.compile(r"--?([A-Za-z][\w-]{0,40})[= ]([-+]?[\d.]{1,12}(?:e[-+]?\d{1,2})?)(?=\s|$)", re.I)


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of a hyper-parameter with where it stands."""

    name: str
    value: float
    evidence: Evidence


def stated_settings(sentences: Iterable[Sentence]) -> tuple[Setting, ...]:
    """Return the values that sentences state as used: no grids, no schedules, no other people's."""
    found: list[Setting] = []
    for sentence in sentences:
        text = plain(sentence.text)[:1_000]
        if sentence.kind not in ("body", "appendix") or _OTHERS.search(text):
            continue
        for name, value in _in_sentence(text):
            found.append(Setting(name, value, sentence.evidence()))
    return tuple(found)


def _in_sentence(text: str) -> Iterator[tuple[str, float]]:
    for name, pattern in _AFTER.items():
        for match in pattern.finditer(text):
            number = parse_cell(match[1].rstrip(".,"))
            if _RANGE.match(text[match.end() :][:20]):
                continue
            if number is not None and (name not in ("batch size", "epochs") or number.value % 1 == 0):
                yield name, number.value
    for name, pattern in (("epochs", _EPOCHS), ("batch size", _BATCHES)):
        yield from ((name, float(match[1])) for match in pattern.finditer(text))


def used_settings(
    sources: Sequence[Source], commands: Sequence[DocumentedCommand], configs: Iterable[tuple[str, str]]
) -> tuple[Setting, ...]:
    """Return the values in option defaults, assignments, call keywords, documented commands and configuration texts."""
    found: list[Setting] = []
    for source in sources:
        if source.vendored or _TESTS.search(source.path):
            continue
        for option in source.options:
            for option_name in option.names:
                found += _setting(
                    option_name, option.default, source.evidence(option.line, f"{option_name} {option.default}")
                )
        for assignment in source.assignments:
            target = assignment.target.rpartition(".")[2]
            excerpt = f"{assignment.target} = {assignment.value}"
            found += _setting(target, assignment.value, source.evidence(assignment.line, excerpt))
        for call in source.calls:
            for keyword, value in call.keywords:
                found += _setting(keyword, value, source.evidence(call.line, f"{call.name}({keyword}={value})"))
    for command in commands:
        for match in _FLAG.finditer(command.shell[:2_000]):
            found += _setting(match[1], match[2], command.evidence)
    for path, text in configs:
        for number, line in enumerate(text.split("\n")[:5_000], 1):
            config = _CONFIG.match(line[:200])
            if config:
                found += _setting(
                    config[1], config[2], FileEvidence(path=path, line=number, excerpt=line.strip()[:200])
                )
    return tuple(found)


def _setting(name: str, value: str | None, evidence: Evidence) -> list[Setting]:
    spelled = " ".join(words(name))
    kind = next((kind for kind, names in _NAMES.items() if spelled in names), None)
    if kind is None or value is None:
        return []
    numbers = find_numbers(value[:40].strip("\"' "))
    if len(numbers) != 1 or numbers[0].start > 0:
        return []
    return [Setting(kind, numbers[0].value, evidence)]
