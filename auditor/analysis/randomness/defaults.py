"""The seeds that libraries take by themselves where the code gives none, by the declared version."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.analysis.hazards.versions import Versions
from auditor.repository.model import Repository


@dataclass(frozen=True, slots=True)
class DefaultSeed:
    """A seed that a library takes by itself: `value` None where it is drawn at random; `said` are the words for it."""

    value: str | None
    said: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a call seeds with where it is given no seed; `since` is the first version with a fixed one, else all."""

    called: re.Pattern[str]
    distribution: str
    name: str
    value: str
    since: str = ""


_RULES = (
    _Rule(
        re.compile(
            r"^transformers\.(\w+\.)*(Seq2Seq)?Trainer$|^trl\.(\w+\.)*\w+Trainer$"
            r"|^sentence_transformers\.(\w+\.)*SentenceTransformerTrainer$"
        ),
        "transformers",
        "the Trainer of transformers, in every version read",
        "42",
    ),
    _Rule(
        re.compile(r"^(pytorch_lightning|lightning(\.pytorch|\.fabric)?|lightning_fabric)\.(\w+\.)*seed_everything$"),
        "lightning",
        "Lightning",
        "0",
        "2.2",
    ),
    _Rule(re.compile(r"^theano\.(\w+\.)*MRG_RandomStreams$"), "theano", "Theano", "12345"),
    _Rule(re.compile(r"^torch\.Generator$"), "torch", "PyTorch", "67280421310721"),
    _Rule(re.compile(r"^xgboost\.(XGB\w+|train|cv)$"), "xgboost", "XGBoost", "0"),
    _Rule(re.compile(r"^catboost\.(CatBoost\w*|train|cv)$"), "catboost", "CatBoost", "0"),
    _Rule(re.compile(r"^lightgbm\.(LGBM\w+|train|cv)$"), "lightgbm", "LightGBM", "one number for each purpose"),
)


@dataclass(frozen=True)
class Defaults:
    """The default seeds of the libraries in the versions that a repository declares."""

    repository: Repository

    def of(self, called: str) -> DefaultSeed | None:
        """Return the seed that a call of this full name takes where it is given none; None where no rule knows it."""
        rule = next((rule for rule in _RULES if rule.called.match(called)), None)
        if rule is None:
            return None
        fixed = f"seed {rule.value} by default of {rule.name}"
        if not rule.since:
            return DefaultSeed(rule.value, fixed)
        holds = Versions(self.repository.dependencies).holds(rule.distribution, f">={rule.since}")
        if holds is False:
            return DefaultSeed(None, f"{rule.name} before {rule.since} then draws one")
        said = f"{fixed} from version {rule.since} on"
        return DefaultSeed(rule.value, said if holds else f"{said}; before, it is at random, and no version is pinned")
