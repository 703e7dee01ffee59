"""Whether the hyper-parameters that the paper states are those that the code uses."""

from __future__ import annotations

from auditor.checks.facts import Sources
from auditor.checks.framework import check
from auditor.claims.hyperparameters import Setting, stated_settings, used_settings
from auditor.errors import Unreadable
from auditor.findings import Finding, Status
from auditor.paper.model import Paper
from auditor.repository.model import Repository

_CONFIGS = 200
_CONFIG_BYTES = 200_000
_CONFIG_SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".conf", ".gin", ".sh")


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
    used = _by_name(used_settings(sources.items, repository.commands, _configs(repository)))
    if not stated:
        return _unknown("No value of a common hyper-parameter was found in the paper.")
    both = [name for name in stated if name in used]
    if not both:
        return _unknown(f"The paper states {', '.join(stated)}; no such value was found in the code.")
    pairs = {name: _pair(stated[name], used[name]) for name in both}
    same = [name for name, pair in pairs.items() if pair[0].value == pair[1].value]
    other = [name for name in both if name not in same]
    evidence = tuple(e for name in (*other, *same) for e in (pairs[name][0].evidence, pairs[name][1].evidence))[:12]
    if not other:
        sentence = f"The paper's values are in the code: {', '.join(_said(pairs[name][0]) for name in same)}."
        return Finding(check="agreement.hyperparameters", status=Status.PASS, sentence=sentence, evidence=evidence)
    first = pairs[other[0]]
    return Finding(
        check="agreement.hyperparameters",
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


def _configs(repository: Repository) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for file in repository.own_files:
        if file.path.lower().endswith(_CONFIG_SUFFIXES) and file.size <= _CONFIG_BYTES and len(texts) < _CONFIGS:
            try:
                texts.append((file.path, repository.text(file.path)))
            except Unreadable:
                continue
    return texts


def _said(setting: Setting) -> str:
    return f"{setting.name} {setting.value:g}"


def _unknown(sentence: str) -> Finding:
    return Finding(check="agreement.hyperparameters", status=Status.UNKNOWN, sentence=sentence)
