"""The items that a paper is asked about, and its answers: stated, denied or not found, each with page and quote."""

from __future__ import annotations

from collections.abc import Callable

from auditor.paper import certainty, experiment, parts, resources, sharing
from auditor.paper.model import Paper, Statement

_RULES: dict[str, Callable[[Paper], Statement]] = {
    "code_statement": sharing.code,
    "data_split_described": experiment.split,
    "hyperparameters_stated": experiment.hyperparameters,
    "hyperparameter_search_described": experiment.search,
    "seeds_or_runs_stated": certainty.runs,
    "error_bars_or_std_reported": certainty.error_bars,
    "significance_test": certainty.significance,
    "compute_hardware_stated": resources.hardware,
    "training_time_stated": resources.time,
    "software_versions_stated": resources.software,
    "pseudocode_or_algorithm": parts.pseudocode,
    "limitations_section": parts.limitations,
    "broader_impact_section": parts.impact,
    "proofs": parts.proofs,
    "ablation": parts.ablation,
    "pretrained_weights_mentioned": sharing.weights,
    "licence_mentioned": sharing.licence,
    "code_licence_stated": sharing.code_licence,
    "data_licence_stated": sharing.data_licence,
}
ITEMS = tuple(_RULES)
"""The names of the items, in the order in which they are reported."""


def statements(paper: Paper) -> dict[str, Statement]:
    """Return the paper's answer to every item of ITEMS."""
    if not paper.sentences:
        return {item: Statement(item, "not_found") for item in ITEMS}
    return {item: rule(paper) for item, rule in _RULES.items()}
