"""A number that a run both prints and writes is one observation."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.claims.numbers import last_digit
from auditor.claims.vocabulary import metric_named, words
from auditor.rerun.model import Observation


def without_duplicates(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return the observations, of those that one run gives under the same names in several places the most exact one.

    They are the same number where they agree to the last digit of the coarser one; otherwise all stay. Values are
    compared with each other and never with a claim.
    """
    kept: list[Observation] = []
    places: dict[tuple[object, ...], list[int]] = {}
    for observation in observations:
        key = (observation.run, observation.metric, observation.final, _said(observation))
        for index in places.setdefault(key, []):
            other = kept[index]
            if other.evidence != observation.evidence and _same_number(other, observation):
                if _unit(observation) < _unit(other):
                    kept[index] = observation
                break
        else:
            places[key].append(len(kept))
            kept.append(observation)
    return tuple(kept)


def _said(observation: Observation) -> frozenset[str]:
    return frozenset(words(" ".join(observation.names)))


def _same_number(one: Observation, other: Observation) -> bool:
    coarser = max(_unit(one), _unit(other))
    return abs(_fraction(one) - _fraction(other)) <= 0.5 * coarser * (1 + 1e-9)


def _scale(observation: Observation) -> float:
    """0.01 where a quantity that cannot exceed 1 stands in percent, else 1."""
    metric = metric_named(observation.metric)
    bounded = metric is not None and metric.bounded
    return 0.01 if bounded and (abs(observation.value) > 1 or "%" in observation.printed) else 1.0


def _fraction(observation: Observation) -> float:
    return observation.value * _scale(observation)


def _unit(observation: Observation) -> float:
    return last_digit(observation.printed) * _scale(observation)
