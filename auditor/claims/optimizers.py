"""The optimizers that a paper says it trains with, and those that its code calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from auditor.claims.hyperparameters import Setting
from auditor.findings import FileEvidence
from auditor.paper.model import Sentence
from auditor.repository.model import Source

_NAMES = (
    ("adam", r"Adam(?:W|ax)?\b"),
    ("sgd", r"SGD\b|stochastic gradient descent\b|momentum optimi[sz]er\b"),
    ("rmsprop", r"RMS-?[pP]rop\b"),
    ("adagrad", r"Ada[gG]rad\b"),
    ("adadelta", r"Ada[dD]elta\b"),
    ("lbfgs", r"L-?BFGS\b"),
)
_STATED = tuple((name, re.compile(rf"\b(?:{words})")) for name, words in _NAMES)
_TRAINS = re.compile(
    r"\b(?:use[ds]?|using|employ\w*|train(?:s|ed|ing)?|optimi[sz](?:e|es|ed|ing|er)|minimi[sz](?:e|es|ed|ing)|adjusted|updated|fine-?tun\w+)\b",
    re.I,
)
_OWN = re.compile(r"\b(?:we|our|is|are|was|were)\b", re.I)
_OTHERS = re.compile(
    r"\bet al\b|\bcould\b|\bsuch as\b|\bany\b|\be\.g\b|\bbaselines?\b|\bcompar\w+|\btuned?\b|\{|\bvariants? of\b"
    r"|\bunlike\b|\binstead of\b|\btheir\b|\bnot\b|\bor\b|\bover\b|\brather than\b|\bprevious|\bprior\b",
    re.I,
)
_OTHERS_SECTION = re.compile(r"related|background|preliminar|literature|introduction|theor|proof|convergence", re.I)
_CALLED = (
    ("adam", re.compile(r"(?:^|[._])(?:[A-Za-z]{0,8}Adam(?:W|ax|Optimizer|WeightDecayOptimizer)?|adamw?)$")),
    (
        "sgd",
        re.compile(r"(?:^|[._])(?:SGD|sgd|GradientDescentOptimizer|MomentumOptimizer|SGDClassifier|SGDRegressor)$"),
    ),
    ("rmsprop", re.compile(r"(?:^|[._])(?:RMSprop|RMSProp|RMSPropOptimizer|rmsprop)$")),
    ("adagrad", re.compile(r"(?:^|[._])(?:Adagrad|AdagradOptimizer|adagrad)$")),
    ("adadelta", re.compile(r"(?:^|[._])(?:Adadelta|AdadeltaOptimizer|adadelta)$")),
    ("lbfgs", re.compile(r"(?:^|[._])(?:LBFGS|fmin_l_bfgs_b|lbfgs)$")),
)
_WORD = re.compile(r"[\"']?(adam(?:w|ax)?|sgd|momentum|rmsprop|adagrad|adadelta|l-?bfgs)(?:_\w{1,20})?[\"']?", re.I)
_OPTION = re.compile(r"optim(?:izer|iser)?(?:_?(?:name|type))?$", re.I)
_LINE = re.compile(
    r"[\"']?\W{0,2}(?:\w{0,12}[_.])?optim(?:izer|iser)?(?:_?(?:name|type))?[\"']?\s?[:= ]\s?(\S{1,20})", re.I
)


def stated_optimizers(sentences: Iterable[Sentence]) -> Iterator[Setting]:
    """Yield the optimizers that the authors say they train with; a sentence that weighs several states none."""
    for sentence in sentences:
        text = sentence.text[:800]
        if sentence.kind not in ("body", "appendix") or _OTHERS_SECTION.search(sentence.section):
            continue
        names = [name for name, pattern in _STATED if pattern.search(text)]
        if len(names) == 1 and _TRAINS.search(text) and _OWN.search(text) and not _OTHERS.search(text):
            yield Setting(names[0], 0.0, sentence.evidence())


def used_optimizers(sources: Sequence[Source], texts: Iterable[tuple[str, int, str]]) -> Iterator[Setting]:
    """Yield the optimizers that calls make, that a keyword or option names, and that configurations set."""
    for source in sources:
        if source.vendored:
            continue
        for call in source.calls:
            for name, pattern in _CALLED:
                if pattern.search(call.name[-80:]):
                    yield Setting(name, 0.0, source.evidence(call.line, call.statement or call.name))
            for keyword, value in call.keywords:
                if _OPTION.search(keyword):
                    yield from _word(value, source.evidence(call.line, f"{call.name}({keyword}={value})"))
        for option in source.options:
            if any(_OPTION.search(name) for name in option.names):
                excerpt = f"{option.names[0]} {option.default} {' '.join(option.choices)}"
                for value in (option.default or "", *option.choices):
                    yield from _word(value, source.evidence(option.line, excerpt))
    for path, first, text in texts:
        for number, line in enumerate(text.split("\n")[:5_000], first):
            match = _LINE.search(line[:200])
            if match:
                yield from _word(match[1], FileEvidence(path=path, line=number, excerpt=line.strip()[:200]))


def _word(value: str, evidence: FileEvidence) -> Iterator[Setting]:
    match = _WORD.fullmatch(value.strip(" ,;\\"))
    if match:
        word = match[1].lower().replace("-", "")
        name = "adam" if word.startswith("adam") else "sgd" if word == "momentum" else word
        yield Setting(name, 0.0, evidence)
