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

_STATED = {
    "learning rate": r"(?:initial |base |peak )?learning rates?(?: \(?(?:lr|α|η|γ)\)?)?",
    "batch size": r"(?:mini-?)?batch[- ]sizes?",
    "epochs": r"(?:training )?epochs",
    "dropout": r"drop-?out(?: rate| probability| ratio)?",
    "weight decay": r"weight decay(?: rate| coefficient| parameter)?",
    "momentum": r"momentum(?: coefficient| parameter)?",
}
_NAMES = {
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
    r"\s*(?:(?:of|is|was|to|at|with|as|equals?|(?:is |was |were )?(?:set|initiali[sz]ed) to|fixed at)\s+|=\s*|:\s*"
    r"|\(\s*|\s+(?=\d))"
    r"(?:be\s+)?"
)
_VALUE = r"([-+]?[\d.,]{1,12}(?:e[-+]?\d{1,2}|\s?[·×x]\s?10\s?\^?\s?[-−]?\s?\d{1,2})?)"


@dataclass(frozen=True)
class Vocabulary:
    """Kinds of settings: how a sentence states each (before its value, or after it), and what code calls it.

    The values of `whole` kinds are whole numbers.
    """

    before: dict[str, re.Pattern[str]]
    after: tuple[tuple[str, re.Pattern[str]], ...]
    names: dict[str, frozenset[str]]
    whole: frozenset[str]


def _before(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b{pattern}{_LINK}{_VALUE}", re.I) for name, pattern in patterns.items()}


TRAINING = Vocabulary(
    before=_before(_STATED),
    after=(
        ("epochs", re.compile(r"\bfor (?:a total of )?(\d{1,5}) (?:training )?epochs\b", re.I)),
        ("batch size", re.compile(r"\b(?:mini-?)?batches of (?:size )?(\d{1,6})\b", re.I)),
    ),
    names=_NAMES,
    whole=frozenset(("batch size", "epochs")),
)
ARCHITECTURE = Vocabulary(
    before=_before(
        {
            "embedding size": r"(?:embedding|model) (?:dimension(?:ality)?|dim|size)",
            "hidden size": r"hidden (?:(?:state |layer )?(?:dimension(?:ality)?|dim|size)|units)",
        }
    ),
    after=(
        ("layers", re.compile(r"\b(\d{1,3})[ -](?:(?:transformer|encoder|hidden|LSTM|GRU) )?layers?\b", re.I)),
        ("attention heads", re.compile(r"\b(\d{1,3}) (?:parallel )?(?:self-)?attention heads\b", re.I)),
        ("hidden size", re.compile(r"\b(\d{1,5}) hidden (?:units|neurons)\b", re.I)),
    ),
    names={
        "layers": frozenset(
            ("n layer", "num layers", "n layers", "nlayers", "num hidden layers", "layers", "num layer")
        ),
        "attention heads": frozenset(("n head", "num heads", "n heads", "nhead", "nheads", "num attention heads")),
        "embedding size": frozenset(
            ("n embd", "embed dim", "embedding dim", "emb dim", "emsize", "embedding size", "embed size", "d model")
        ),
        "hidden size": frozenset(
            ("hidden size", "hidden dim", "hidden", "nhid", "n hidden", "hidden units", "num hidden", "rnn size")
        ),
    },
    whole=frozenset(("layers", "attention heads", "embedding size", "hidden size")),
)
_OTHERS = re.compile(
    r"\bet al\b|\bin \[\d|(?<!weight )(?<!weight-)\bdecay(?:ed|s|ing)?\b"
    r"|\bgrid\b|\bsearch(?:ed)?\b|(?<!fine-)\btuned\b|\bamong\b|\bfrom \{",
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
    """A value of a hyper-parameter with where it stands; `passed` where it is only an argument of one call."""

    name: str
    value: float
    evidence: Evidence
    passed: bool = False


def stated_settings(sentences: Iterable[Sentence], vocabulary: Vocabulary = TRAINING) -> tuple[Setting, ...]:
    """Return the values that sentences state as used: no grids, no schedules, no other people's."""
    found: list[Setting] = []
    for sentence in sentences:
        text = plain(sentence.text)[:1_000]
        if sentence.kind not in ("body", "appendix") or _OTHERS.search(text):
            continue
        for name, value in _in_sentence(text, vocabulary):
            found.append(Setting(name, value, sentence.evidence()))
    return tuple(found)


def _in_sentence(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    for name, pattern in vocabulary.before.items():
        for match in pattern.finditer(text):
            number = parse_cell(match[1].rstrip(".,"))
            if _RANGE.match(text[match.end() :][:20]):
                continue
            if number is not None and (name not in vocabulary.whole or number.value % 1 == 0):
                yield name, number.value
    for name, pattern in vocabulary.after:
        yield from ((name, float(match[1])) for match in pattern.finditer(text))


def used_settings(
    sources: Sequence[Source],
    commands: Sequence[DocumentedCommand],
    texts: Iterable[tuple[str, int, str]],
    vocabulary: Vocabulary = TRAINING,
) -> tuple[Setting, ...]:
    """Return the values in option defaults, assignments, call keywords, documented commands and other texts.

    `texts` are configurations, scripts and blocks of documents: path, number of the first line, text.
    """
    found: list[Setting] = []

    def add(name: str, value: str | None, evidence: Evidence, passed: bool = False) -> None:
        kind = _kind(name, vocabulary)
        number = _number(value) if kind else None
        if kind is not None and number is not None:
            found.append(Setting(kind, number, evidence, passed))

    for source in sources:
        if source.vendored or _TESTS.search(source.path):
            continue
        for option in source.options:
            for option_name in option.names:
                add(option_name, option.default, source.evidence(option.line, f"{option_name} {option.default}"))
        for assignment in source.assignments:
            target = assignment.target.rpartition(".")[2]
            excerpt = f"{assignment.target} = {assignment.value}"
            add(target, assignment.value, source.evidence(assignment.line, excerpt))
        for call in source.calls:
            for keyword, value in call.keywords:
                add(keyword, value, source.evidence(call.line, f"{call.name}({keyword}={value})"), True)
    for command in commands:
        for match in _FLAG.finditer(command.shell[:2_000]):
            add(match[1], match[2], command.evidence)
    for path, first, text in texts:
        for number, line in enumerate(text.split("\n")[:5_000], first):
            evidence = FileEvidence(path=path, line=number, excerpt=line.strip()[:200])
            config = _CONFIG.match(line[:200])
            pairs = [match.groups() for match in _FLAG.finditer(line[:2_000])] or ([config.groups()] if config else [])
            for name, value in pairs:
                add(name, value, evidence)
    return tuple(found)


def _kind(name: str, vocabulary: Vocabulary) -> str | None:
    spelled = " ".join(words(name))
    return next((kind for kind, names in vocabulary.names.items() if spelled in names), None)


def _number(value: str | None) -> float | None:
    """Return the number that a value begins with, None where it holds another or none."""
    numbers = find_numbers(value[:40].strip("\"' ")) if value else ()
    return numbers[0].value if len(numbers) == 1 and numbers[0].start == 0 else None
