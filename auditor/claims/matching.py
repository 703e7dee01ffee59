"""Which observed number answers which claim: by the names of metric, data set, split and method, never by its value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from auditor.claims.model import Claim
from auditor.claims.vocabulary import mentions, plain, same_dataset, side_by_side, words

Split = Literal["train", "validation", "test"]

_SPLITS: dict[str, Split] = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev", "development", "holdout"), "validation"),
    **dict.fromkeys(("test", "testing", "tst", "eval", "evaluation"), "test"),
}
_PREFERRED = frozenset(("final", "overall", "mean", "average", "avg", "total", "averaged"))
_EXTREMES = frozenset(("best", "max", "maximum", "min", "minimum", "peak", "highest", "lowest", "worst", "std", "ema"))
_SILENT = frozenset(
    words(
        "the a an of on in at is for with and by to set result results score scores value values our ours model data "
        "dataset all step epoch epochs iter iteration python py main run"
    )
)
_STEP = re.compile(
    r"\b(?:epochs?|ep|iter|iters|iteration|itr|steps?|batch|episode|timesteps?|global_step)\b|\[\s?\d+/\d+\]", re.I
)
_REPEAT = re.compile(r"(?<![a-z])(seed|run|fold|trial|repeat|repetition|rep|cv)[ _=:#-]{0,3}\d+", re.I)


class Observed(Protocol):
    """What matching may see of an observed number: everything but its value."""

    @property
    def run(self) -> str: ...  # noqa: D102
    @property
    def metric(self) -> str: ...  # noqa: D102
    @property
    def names(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def final(self) -> bool: ...  # noqa: D102


Candidate = TypeVar("Candidate", bound=Observed)


@dataclass(frozen=True, slots=True)
class Match(Generic[Candidate]):
    """The observations that answer a claim (several where a run repeats itself by seed or fold), and why.

    Without observations `why` is the reason that there are none, as a clause.
    """

    observations: tuple[Candidate, ...]
    why: str


@dataclass(frozen=True)
class Names:
    """The words of one observation and of the command that printed it."""

    text: tuple[str, ...]
    command: tuple[str, ...] = field(default=())

    def has_dataset(self, dataset: str) -> bool:
        """Whether the words name this data set, under this or another of its names.

        Of a part of one (`CIFAR-10, Airplane`) the part's name is enough, as results are seldom printed with both.
        """
        names = dict.fromkeys((dataset, dataset.rpartition(", ")[2]))
        return any(same_dataset(name, part) for name in names for part in (*self.text, *self.command))

    def has_method(self, method: str) -> bool:
        """Whether the words name this method: all its words, in one place."""
        return any(side_by_side(method, part) for part in (*self.text, *self.command))


def match(
    claim: Claim,
    claims: Sequence[Claim],
    observations: Iterable[Candidate],
    commands: Mapping[str, str] | None = None,
) -> Match[Candidate]:
    """Return which observations answer `claim`; `claims` are all claims, which show what else a name could mean.

    `commands` gives the shell line of each run: its words count as names (`--dataset cora`). Where names leave more
    than one answer, there is none.
    """
    final = [observation for observation in observations if observation.final]
    commands = commands or {}
    candidates = [observation for observation in final if observation.metric == claim.metric]
    if not candidates:
        return Match((), f"no run printed or wrote {claim.metric}")
    described = [(o, Names(o.names, (commands.get(o.run, ""),))) for o in candidates]
    reasons = [f"metric {claim.metric}"]
    rivals = [other for other in claims if other.metric == claim.metric]
    for narrow in (_split, _dataset, _method):
        described, reason = narrow(claim, rivals, described)
        if not described:
            return Match((), reason)
        if reason:
            reasons.append(reason)
    return _single([o for o, _ in described], claim, reasons)


def names_claim(name: str, claim: Claim) -> bool:
    """Return whether an author's word for a claim means this one: its id, its place (`Table 1`) or its metric."""
    said = words(name)
    return bool(said) and said in [words(text) for text in (claim.id, claim.where, claim.metric, claim.metric_text)]


def split_of(text: str) -> Split | None:
    """Return the split that a text names by a word of its own, or None where it names none or several."""
    found = {_SPLITS[word] for word in words(text) if word in _SPLITS}
    return next(iter(found)) if len(found) == 1 else None


_Described = list[tuple[Candidate, Names]]


def _split(claim: Claim, rivals: list[Claim], described: _Described[Candidate]) -> tuple[_Described[Candidate], str]:
    wanted = split_of(claim.split or "") or split_of(claim.metric_text)
    by_split: dict[Split | None, _Described[Candidate]] = {}
    for entry in described:
        by_split.setdefault(_observed_split(entry[0].names), []).append(entry)
    if wanted:
        if by_split.get(wanted):
            return by_split[wanted], f"split {wanted}"
        if by_split.get(None):
            return by_split[None], ""
        return [], f"{claim.metric} was printed for another split than {wanted}"
    # A result given without a split is one on unseen data: what is said to be training or validation is not it.
    if by_split.get("test"):
        return by_split["test"], "split test"
    if by_split.get(None):
        return by_split[None], ""
    return [], f"{claim.metric} was printed for training or validation only"


def _observed_split(names: Sequence[str]) -> Split | None:
    """The key itself says most; the words around it only where it says nothing."""
    for name in names:
        split = split_of(name)
        if split:
            return split
    return None


def _dataset(claim: Claim, rivals: list[Claim], described: _Described[Candidate]) -> tuple[_Described[Candidate], str]:
    known = {other.dataset for other in rivals if other.dataset}
    if not claim.dataset:
        unnamed = [entry for entry in described if not any(entry[1].has_dataset(name) for name in known)]
        return (
            (unnamed, "")
            if unnamed
            else ([], "every such number was printed for a named data set, and the claim names none")
        )
    exact = [entry for entry in described if entry[1].has_dataset(claim.dataset)]
    # `CIFAR-100` also contains the words of a rival that says more: the longest name that fits is meant.
    longer = [name for name in known if name != claim.dataset and _within(claim.dataset, name)]
    exact = [entry for entry in exact if not any(entry[1].has_dataset(name) for name in longer)]
    if exact:
        return exact, f"data set {claim.dataset}"
    others = {name for name in known if not same_dataset(name, claim.dataset)}
    unnamed = [entry for entry in described if not any(entry[1].has_dataset(name) for name in known)]
    if unnamed and not others:
        return unnamed, f"{claim.dataset} is the only data set claimed for it"
    if unnamed:
        return [], f"the printed {claim.metric} does not say for which of {len(others) + 1} data sets it is"
    return [], f"no {claim.metric} was printed for {claim.dataset}"


def _method(claim: Claim, rivals: list[Claim], described: _Described[Candidate]) -> tuple[_Described[Candidate], str]:
    same = [other for other in rivals if _same_dataset_claim(claim, other)]
    methods = {other.method for other in same if other.method}
    if not claim.method:
        unnamed = [entry for entry in described if not any(entry[1].has_method(name) for name in methods)]
        return (
            (unnamed, "")
            if unnamed
            else ([], "every such number was printed for a method that the claim does not name")
        )
    exact = [entry for entry in described if entry[1].has_method(claim.method)]
    longer = [name for name in methods if name != claim.method and _within(claim.method, name)]
    exact = [entry for entry in exact if not any(entry[1].has_method(name) for name in longer)]
    if exact:
        return exact, f"method {claim.method}"
    unnamed = [entry for entry in described if not any(entry[1].has_method(name) for name in methods)]
    if not unnamed:
        return [], f"no {claim.metric} was printed for {claim.method}"
    if len(methods) == 1:
        return unnamed, f"{claim.method} is the only method claimed for it"
    own = {other.method for other in same if other.own and other.method}
    if claim.own and len(own) == 1:
        return unnamed, f"{claim.method} is the authors' own method"
    return [], f"the printed {claim.metric} does not say for which of {len(methods)} methods it is"


def _single(candidates: list[Candidate], claim: Claim, reasons: list[str]) -> Match[Candidate]:
    """Return the one candidate with the plainest name, or all repeats of it; nothing where two say the same."""
    plainest = min(_extra(o.names, claim) for o in candidates)
    left = [o for o in candidates if _extra(o.names, claim) == plainest]
    first = {o.run: o for o in left}
    if len(left) == len(first):
        return Match(tuple(left), ", ".join(reasons))
    repeats = {re.sub(r"\d+", "#", " ".join(o.names)) for o in left}
    if len(repeats) == 1 and all(_REPEAT.search(" ".join(o.names)) for o in left):
        return Match(tuple(left), ", ".join([*reasons, f"the mean of {len(left)} repeats"]))
    shown = "; ".join(dict.fromkeys(" / ".join(o.names)[:60] for o in left[:4]))
    return Match((), f"{len(left)} printed numbers answer to {', '.join(reasons)} alike ({shown})")


def _extra(names: Sequence[str], claim: Claim) -> tuple[int, int, int]:
    """How far the names say more than the claim: a step counted, an extreme of a series, words nobody asked for."""
    asked = set(words(" ".join((claim.metric_text, claim.dataset or "", claim.split or "", claim.method or ""))))
    text = " ".join(names)
    for mention in reversed(mentions(text)):
        text = plain(text)[: mention.start] + " " + plain(text)[mention.end :]
    said = set(words(text))
    stepped = int(any(_STEP.search(name) for name in names))
    extremes = len((said & _EXTREMES) - asked)
    other = {word for word in said - asked - _SILENT - _EXTREMES - set(_SPLITS) if not word.isdigit() and len(word) > 1}
    return stepped, extremes, len(other - _PREFERRED) * 2 - int(bool(other & _PREFERRED))


def _same_dataset_claim(one: Claim, other: Claim) -> bool:
    return not one.dataset or not other.dataset or same_dataset(one.dataset, other.dataset)


def _within(short: str, long: str) -> bool:
    return side_by_side(short, long)
