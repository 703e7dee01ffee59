"""Strings without which a pattern cannot match."""

from __future__ import annotations

import re

import pytest

from auditor.paper import certainty, experiment, parts, resources, sharing
from auditor.paper.alternatives import Alternatives
from auditor.paper.needed import all_needed, may_match, needed
from auditor.paper.needs import all_alternatives, kept_needs
from auditor.paper.sayings import Rule

RULES = [rule for module in (certainty, experiment, parts, resources, sharing) for rule in vars(module).values()
         if isinstance(rule, Rule)]  # fmt: skip

SENTENCES = [
    "We train on 4 NVIDIA V100 GPUs for 12 hours with PyTorch 1.4.0 and report the mean over 5 random seeds.",
    "The learning rate is 0.01, tuned by grid search on the validation set, and p < 0.05 in a paired t-test.",
    "We split the data into training (80%) and test sets; the ablation removes the attention module and drops it.",
    "We use a pre-trained BERT model; see the pseudocode in the appendix.",
    "Dropout of 0.5 and Adam with β = 0.9 WERE SET TO 0.1, averaged OVER TEN RUNS.",
    "Limitations of our work: the effect of dropout was tuned by hand; training took 3 hours, validation 5 minutes.",
]


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        (r"\b(?:train|test)ing set\b", {"training set", "testing set"}),
        (r"\bseeds?\b|\b\d+ (?:random )?runs\b", {"seed", " runs"}),
        (r"(?:alpha)+\w* beta", {"alpha"}),
        (r"optimi[sz]ed", {"optimised", "optimized"}),
        (r"(?i:GPU)s? \d+", {"gpu ", "gpus "}),
    ],
)
def test_the_longest_strings_that_every_match_holds_are_found(pattern: str, strings: set[str]) -> None:
    assert needed(re.compile(pattern)) == strings


@pytest.mark.parametrize("pattern", [r"\d+", r"a*", r"word|\d+", r"(?:word)?\w"])
def test_a_pattern_that_needs_no_string_may_match_any_text(pattern: str) -> None:
    assert needed(re.compile(pattern)) is None
    assert may_match(re.compile(pattern), "")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.item)
def test_no_sentence_that_a_rule_matches_is_passed_over(rule: Rule) -> None:
    for sentence in SENTENCES:
        whole = re.compile("|".join(f"(?:{part})" for part in rule.said.parts), rule.said.flags)
        found = [match.span() for match in rule.said.finditer(sentence)]
        assert found == [match.span() for match in whole.finditer(sentence)]
        assert rule.said.may_match(sentence.casefold()) or not found
    assert not rule.said.may_match("")


def test_alternatives_are_told_apart_outside_of_brackets_only() -> None:
    assert Alternatives.of(r"a(?:b|c)|[|(]d\||e").parts == (r"a(?:b|c)", r"[|(]d\|", "e")


def test_of_alternatives_the_match_that_begins_first_is_found_and_of_those_the_one_named_first() -> None:
    pattern = Alternatives(r"\bnet\w+ trained", r"\bnet\b", r"\bthe net\w*")
    assert [match[0] for match in pattern.finditer("The net, a network trained well; a Net")] == [
        "The net", "network trained", "Net",
    ]  # fmt: skip
    assert pattern.sub("_", "The net, a net.") == "_, a _."
    assert pattern.search("Nothing of the kind") is None


def test_an_alternative_that_needs_no_string_is_always_tried() -> None:
    assert Alternatives("runs?", r"\d+%").search("at 5%")


def test_what_is_kept_in_the_file_is_what_the_patterns_need() -> None:
    patterns = [(part, each.flags) for each in all_alternatives() for part in each.parts]
    assert {(part, flags) for rule in RULES for part in rule.said.parts for flags in [rule.said.flags]} <= {*patterns}
    for part, flags in patterns:
        assert kept_needs(part, flags) == all_needed(part, flags)


def test_a_pattern_that_the_file_lacks_is_parsed() -> None:
    assert kept_needs(r"\bnobody wrote this\b", 0) == (frozenset(["nobody wrote this"]),)
