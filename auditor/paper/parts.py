"""The parts that a paper has or lacks: algorithms, proofs, ablations, limitations, broader impact."""

from __future__ import annotations

import re

from auditor.paper.model import Paper, Statement
from auditor.paper.sayings import Rule, heading, look, not_found, pattern

_ALGORITHM = re.compile(
    r"(?:Algorithm|ALGORITHM|Alg\.|Procedure|Listing|Pseudocode)\s+\d+\s*(?P<mark>[:.–—|]?)\s*(?P<rest>.*)"
)
_STEP = re.compile(
    r"\s*\d{1,3}:\s|\s*(?:\d+[:.]?\s*)?(?:Input|Output|Require|Ensure|Initiali[sz]e|for (?:each|all|every|\w+\s*(?:="
    r"|←|in|∈))|while |repeat\b|until |if .+ then"
    r"|return\b|end (?:for|while|if|function|procedure)|procedure\b|function\b)",
    re.I,
)
_PSEUDOCODE = Rule(
    "pseudocode_or_algorithm",
    pattern(
        r"\b(?:gives?|shows?|presents?|provide[sd]?|see|in|outlines?)\b.{0,40}\bpseudo-?code\b",
        r"\bpseudo-?code\b.{0,50}\b(?:is|are|in|of|for)\b",
    ),
)
_CHOICES = (
    r"(?:two|three|four|five|six|several|different|various|alternative)\s(?:different\s)?(?:\w+[\s-]){0,2}"
    r"(?:(?:link|activation|loss|kernel|scoring|pooling|attention|similarity)\sfunctions|scopes|placements|factors"
    r"|components|modules|design choices|variants of (?:our|the proposed) \w+)"
)
_ABLATION = Rule(
    "ablation",
    pattern(
        r"\bablat(?:ion|ions|e|ed|ing|ive)\b",
        r"\b(?:importance|effects?|impact|contributions?|influence)\sof\s(?:the\s|each\s|its\s|our\s)*(?:different"
        r"|individual|various|each|single|several|main|key|design|model|architectural)?\s?(?:components?|modules?"
        r"|building blocks|design choices|ingredients)\b",
        r"\b(?:models?|networks?|variants?|versions?)\s(?:\S+\s){0,2}without\s(?:\S+\s){0,3}(?:normali[sz]ation"
        r"|dropout|attention|layer|module|component|loss|term|regulari[sz]ation|connections?)",
        # Choices within the method that are set against each other, not whole methods, models or data sets.
        rf"\b(?:we|our)\b.{{0,30}}\b(?:compar|stud|examin|investigat|consider|vari|vary|explor|test|evaluat)\w*\s"
        rf"{_CHOICES}\b",
        rf"\b{_CHOICES}\s(?:of the (?:method|model|network)\s)?(?:is|are|was|were)\s(?:\w+\s)?(?:compar|stud|examin"
        r"|investigat|consider|vari|explor|test|evaluat)\w*",
        r"\b(?:remov(?:e|ed|ing)|disabl(?:e|ed|ing)|exclud(?:e|ed|ing))\b.{0,50}\b(?:components?|modules?|loss|term"
        r"|layer|attention|block)s?\b.{0,80}\b(?:drops?|decreas\w+|degrad\w+|hurts?|reduc\w+|worse|lower|improv\w+)\b",
    ),
    unless=pattern(
        r"\bfuture work\b",
        r"\bablation of (?:tissue|tumou?r|heart|liver)",
        r"\bclaims?\b.{0,20}\bablation\b.{0,20}\boriginal\b",
    ),
    negation_within=False,
)
_ABLATION_TITLE = pattern(
    r"\bablati(?:on|ve)\b",
    r"\b(?:model|architecture) variations?\b",
    r"\b(?:hyper-?)?parameters? (?:study|sensitivity|analysis)\b",
    r"\bsensitivity analys[ie]s\b",
    r"\b(?:influence|impact|effects?) of (?:\w+ )?(?:hyper-?)?parameters?\b",
    r"\bcomponents? analysis\b(?<!principal component analysis)",
)
_THEOREM = re.compile(
    r"(?:Theorem|Lemma|Proposition|Corollary|THEOREM|LEMMA|PROPOSITION)\s+(?:[A-Z]\.?)?\d+(?:\.\d+)*\s*(?P<rest>.*)"
)
_PROOF = re.compile(r"(?:Proof|PROOF)(?:\s+(?:of|for|sketch|outline)\b.{0,80})?\s*[.:(]?.*")


def pseudocode(paper: Paper) -> Statement:
    """Return whether an algorithm or pseudocode is set out: a captioned listing, or steps that read like one."""
    item = _PSEUDOCODE.item
    for place, line in enumerate(paper.lines):
        match = _ALGORITHM.match(line.text)
        if not match:
            continue
        captioned = bool(match["mark"]) or line.bold or bool(line.lead) or match["rest"][:1].isupper()
        steps = sum(bool(_STEP.match(below.text)) for below in paper.lines[place + 1 : place + 25])
        if (captioned and (steps >= 1 or line.bold or line.lead)) or steps >= 3:
            return Statement(item, "stated", line.page, line.text, line.box, "listing")
    return look(paper, _PSEUDOCODE)


def limitations(paper: Paper) -> Statement:
    """Return whether a section, or a paragraph with its own heading, is about limitations."""
    return heading(
        paper,
        "limitations_section",
        pattern(r"\blimitations?\b|\bthreats to validity\b|\bfailure (?:cases|modes)\b"),
        ["limitations"],
    )


def impact(paper: Paper) -> Statement:
    """Return whether a section, or a paragraph with its own heading, is about broader impact or ethics."""
    words = pattern(
        r"\b(?:broader|societal|social|ethical) (?:impact|implication|consideration)s?\b|\bethics\b|"
        r"\bimpact statement\b"
    )
    return heading(paper, "broader_impact_section", words, ["impact"])


def theorems(paper: Paper) -> int:
    """Return how many theorems, lemmas and propositions are set out as such."""
    labels = set()
    for line in paper.lines:
        match = _THEOREM.match(line.text)
        if match and (
            line.bold or line.lead or match["rest"][:1] in ("", ".", ":", "(") or match["rest"][:1].isupper()
        ):
            labels.add(" ".join(line.text.split()[:2]).rstrip(".:").casefold())
    return len(labels)


def proofs(paper: Paper) -> Statement:
    """Return whether proofs are given; `kind` is `none_needed` where no theorem is set out."""
    titled = heading(paper, "proofs", pattern(r"\bproofs?\b"))
    if titled.answer == "stated":
        return titled
    count = theorems(paper)
    for place, line in enumerate(paper.lines):
        if line.text.startswith(("Proof", "PROOF")) and _PROOF.fullmatch(line.text):
            after = line.text[5:].strip()
            if (
                line.lead
                or line.bold
                or after[:1] in (".", ":")
                or after.startswith(("of", "sketch", "("))
                or not after
            ):
                text = " ".join(below.text for below in paper.lines[place : place + 2])
                if count or "heorem" in text or "emma" in text:
                    return Statement("proofs", "stated", line.page, text, line.box, "theorem")
    return Statement("proofs", "not_found", kind=None if count else "none_needed")


def ablation(paper: Paper) -> Statement:
    """Return whether parts or settings of the method are varied one by one: in a section, a sentence or rows."""
    titled = heading(paper, "ablation", _ABLATION_TITLE)
    if titled.answer == "stated":
        return titled
    found = look(paper, _ABLATION)
    if found.answer == "stated":
        return found
    for table in paper.tables:
        names = [row[0] for row in table.rows if row]
        without = [name for name in names if re.search(r"\bw/o\b|\bwithout\b|^[-–−]\s?\w|\bno [A-Z]", name)]
        if len(without) >= 2 and not re.search(r"\b(?:features?|regression|dataset)\b", table.caption, re.I):
            return Statement("ablation", "stated", table.page, f"{table.label}: {without[0]}", table.box, "table")
    return found if found.answer == "denied" else not_found("ablation")
