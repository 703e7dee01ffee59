"""Whether hyper-parameters, sizes and optimizer that the paper states are those that the code uses."""

from __future__ import annotations

import re

from auditor.checks.facts import Sources
from auditor.checks.framework import check
from auditor.claims.hyperparameters import ARCHITECTURE, Setting, stated_settings, used_settings
from auditor.claims.optimizers import stated_optimizers, used_optimizers
from auditor.errors import Unreadable
from auditor.findings import Finding, Status
from auditor.paper.model import Paper
from auditor.repository.model import Repository

_CONFIGS = 200
_CONFIG_BYTES = 200_000
_CONFIG_SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".conf", ".gin", ".sh")

_TAKEN = re.compile(
    r"\b(?:pre-?trained|off-the-shelf|T5|BART|\w{0,8}BERT\w{0,4}|GPT|Llama|Pythia|Mistral|Qwen|ResNet|ViT|VGG)\b", re.I
)


@check("agreement.hyperparameters")
def hyperparameters(paper: Paper, sources: Sources, repository: Repository) -> Finding:
    """Hyper-parameters that the paper states (learning rate, batch size, epochs, …) have that value in the code.

    Looked at are option defaults, assignments, call keywords, documented commands and configuration files. All found
    passes; where some parameter has only other values in the code it is partial. It never fails, because a value may
    be set in a way that the source does not show.

    Why: Defaults that differ from the paper are a common reason why a rerun gives other numbers.
    How: Make the paper's values the defaults, or give them in the documented command.
    Sources: Machine Learning Reproducibility Checklist v2.0 (hyper-parameters used).
    """
    if not paper.readable:
        return _unknown("The text of the paper cannot be read by the rules.")
    stated = _by_name(stated_settings(paper.sentences))
    used = _by_name(used_settings(sources.items, repository.commands, _texts(repository)))
    return _compared(
        "agreement.hyperparameters", stated, used, "No value of a common hyper-parameter was found in the paper."
    )


@check("agreement.architecture")
def architecture(paper: Paper, sources: Sources, repository: Repository) -> Finding:
    """The sizes of the network that the paper states (layers, heads, hidden and embedding size) are in the code.

    Looked at is what `agreement.hyperparameters` looks at. All found passes; where some size has only other values in
    options, configurations or commands it is partial. It never fails, because a size may be computed.

    Why: A network of another size gives other numbers, and is another method.
    How: Make the paper's sizes the defaults of the model, or give them in the documented command.
    Sources: Machine Learning Reproducibility Checklist v2.0 (clear description of the model).
    """
    if not paper.readable:
        return _unknown("The text of the paper cannot be read by the rules.", "agreement.architecture")
    # A network that others trained brings its sizes along.
    own = [sentence for sentence in paper.sentences if not _TAKEN.search(sentence.text)]
    stated = _by_name(stated_settings(own, ARCHITECTURE))
    found = used_settings(sources.items, repository.commands, _texts(repository), ARCHITECTURE)
    # One call among many may build something else than the paper's network: it can agree, and not contradict.
    said = {(setting.name, setting.value) for settings in stated.values() for setting in settings}
    used = _by_name(tuple(s for s in found if not s.passed or (s.name, s.value) in said))
    return _compared("agreement.architecture", stated, used, "No size of a network was found in the paper.")


@check("agreement.optimizer")
def optimizer(paper: Paper, sources: Sources, repository: Repository) -> Finding:
    """The optimizer that the paper says it trains with is one that the code uses.

    Adam and its variants count as one, and so do gradient descent with and without momentum. Where the code uses others
    alone it is partial.

    Why: Learning rates, and with them results, do not carry over from one optimizer to another.
    How: Name the optimizer of the final runs in the paper, and make it the default.
    Sources: Machine Learning Reproducibility Checklist v2.0 (hyper-parameters used); Choi et al., On empirical
    comparisons of optimizers (2019).
    """
    id = "agreement.optimizer"
    if not paper.readable:
        return _unknown("The text of the paper cannot be read by the rules.", id)
    stated = _by_name(tuple(stated_optimizers(paper.sentences)))
    used = _by_name(tuple(used_optimizers(sources.items, _texts(repository))))
    if not stated or not used:
        where = "the paper says it trains with" if not stated else "the code uses"
        return _unknown(f"No optimizer that {where} was found.", id)
    both = [name for name in stated if name in used]
    names, others = (" and ".join(found) for found in (both or stated, used))
    if both:
        return Finding(
            check=id,
            status=Status.PASS,
            sentence=f"The paper's optimizer is in the code: {names}.",
            evidence=(stated[both[0]][0].evidence, used[both[0]][0].evidence),
        )
    return Finding(
        check=id,
        status=Status.PARTIAL,
        sentence=f"The paper trains with {names}; the code uses {others}.",
        evidence=(next(iter(stated.values()))[0].evidence, *(found[0].evidence for found in used.values())),
        remedy="Make the paper's optimizer the code's default, or correct the paper.",
    )


def _compared(id: str, stated: dict[str, list[Setting]], used: dict[str, list[Setting]], nothing: str) -> Finding:
    """Return the finding on values that the paper states and the code uses, by the name of the setting."""
    if not stated:
        return _unknown(nothing, id)
    both = [name for name in stated if name in used]
    if not both:
        return _unknown(f"The paper states {', '.join(stated)}; no such value was found in the code.", id)
    pairs = {name: _pair(stated[name], used[name]) for name in both}
    same = [name for name, pair in pairs.items() if pair[0].value == pair[1].value]
    other = [name for name in both if name not in same]
    evidence = tuple(e for name in (*other, *same) for e in (pairs[name][0].evidence, pairs[name][1].evidence))[:12]
    if not other:
        sentence = f"The paper's values are in the code: {', '.join(_said(pairs[name][0]) for name in same)}."
        return Finding(check=id, status=Status.PASS, sentence=sentence, evidence=evidence)
    first = pairs[other[0]]
    return Finding(
        check=id,
        status=Status.PARTIAL,
        sentence=f"The paper states {_said(first[0])}; the code has {first[1].value:g} and not this value.",
        evidence=evidence,
        remedy=f"Make the paper's {other[0]} the default, or state the command that sets it.",
    )


def _by_name(settings: tuple[Setting, ...]) -> dict[str, list[Setting]]:
    named: dict[str, list[Setting]] = {}
    for setting in settings:
        named.setdefault(setting.name, []).append(setting)
    return named


def _pair(stated: list[Setting], used: list[Setting]) -> tuple[Setting, Setting]:
    """Return a stated and a used setting with one value, or the first of each where no value is in both."""
    for one in stated:
        for other in used:
            if abs(one.value - other.value) <= 1e-9 * max(abs(one.value), abs(other.value)):
                return one, Setting(other.name, one.value, other.evidence)
    return stated[0], used[0]


def _texts(repository: Repository) -> list[tuple[str, int, str]]:
    """Return the configuration files, shell scripts and blocks of documents, as path, first line and text."""
    texts: list[tuple[str, int, str]] = []
    for file in repository.own_files:
        if file.path.lower().endswith(_CONFIG_SUFFIXES) and file.size <= _CONFIG_BYTES and len(texts) < _CONFIGS:
            try:
                texts.append((file.path, 1, repository.text(file.path)))
            except Unreadable:
                continue
    blocks = [(block.path, block.line, block.text) for document in repository.documents for block in document.blocks]
    return texts + blocks[:_CONFIGS]


def _said(setting: Setting) -> str:
    return f"{setting.name} {setting.value:g}"


def _unknown(sentence: str, id: str = "agreement.hyperparameters") -> Finding:
    return Finding(check=id, status=Status.UNKNOWN, sentence=sentence)
