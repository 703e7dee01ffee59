"""How one item is looked for: sentence by sentence, with negation, and without what is said of other people's work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from auditor.paper.alternatives import Alternatives
from auditor.paper.model import Box, Paper, Sentence, Statement, Table

_NEGATION = re.compile(
    r"\b(?:no|not|never|without|neither|nor|cannot|can't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|lack(?:s"
    r"|ed|ing)?"
    r"|unable|unavailable|absence of|fail(?:s|ed)? to|instead of|rather than|none of|omit(?:s|ted)?)\b",
    re.I,
)
_NO_NEGATION = re.compile(r"\bnot only\b|\bno (?:more|less|fewer) than\b|\bnot\s+surprising|\bnot exceed", re.I)
_CLAUSE = re.compile(r"[,;:()–—]|\b(?:but|while|whereas|although|though|however|because|since|and then)\b", re.I)
_OTHERS_SECTION = re.compile(
    r"\b(?:related|previous|prior) (?:works?|studies|research)\b|\bbackground\b|literature", re.I
)
_EARLY_SECTION = re.compile(r"\bintroduction\b|\bpreliminar|\bmotivation\b|\boverview\b", re.I)
_SUMMARY_SECTION = re.compile(f"{_EARLY_SECTION.pattern}|" + r"\bconclusions?\b|\bsummary\b", re.I)
_SETUP_SECTION = re.compile(
    r"\bexperiment|\bset-?\s?up\b|\bsettings?\b|\bimplementation|\btraining\b|\bevaluation\b|\bdetails?\b|"
    r"\bdata(?:sets?)?\b|\bhardware\b"
    r"|\benvironment\b|\bhyper-?parameters?\b(?!-free)|\breproducib|\bresults?\b|\bmethodology\b",
    re.I,
)
_OTHERS = re.compile(
    r"^(?:(?:Also|However|Moreover|Then|In \[\d+\]|In their paper), )?(?:the (?:original )?authors\b|they\b)"
    r"|^(?:[A-Z][\w’'.-]+(?:,? (?:and|&) [A-Z][\w’'.-]+| et al\.?)?,? (?:\(\d{4}[a-z]?\)|\[\d+\])|(?:\[\d+\]|They"
    r"|The original authors|"
    r"The authors of)) (?:\w+ ){0,3}(?:use|train|propos|show|report|introduc|stud|compar|present|apply|applied|test"
    r"|evaluat|find|found"
    r"|demonstrat|claim|us)\w*\b",
)
_THEIRS = re.compile(r"\b(?:in|of|from|to) their (?:\w+ )?(?:paper|work|article|study|supplement\w*|appendix)\b", re.I)
_OWN = re.compile(r"\b(?:[Ww]e|[Oo]urs?|us|I|[Mm]y|[Tt]his (?:paper|work|study|report|article))\b")
# "Section 2.3" and "[12]" hold numbers that say nothing about an experiment, nor does the mark of a footnote.
_POINTER = re.compile(
    r"\b(?:Sections?|Sec\.|Tables?|Figures?|Figs?\.|Eqs?\.|Equations?|Appendix)\s\(?\d+(?:\.\d+)*\)?|\[\d[\d,\s–-]*\]"
    r"|(?:(?<=[a-z][a-z.,)])|^)[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}"
)
_ALL = re.compile(r"\b(?:each|every|all) (?:experiment|model|run|configuration)", re.I)
_DIGIT = re.compile(r"\d")
_FLOAT = re.compile(r"(?:Table|Fig(?:ure|\.))\s?\d", re.I)
# What is longer is no sentence but a table or a list, and costs the patterns more than it tells.
_LONGEST = 800

Pattern = Alternatives


def pattern(*alternatives: str) -> Pattern:
    """Return one case-insensitive pattern of these alternatives."""
    return Alternatives(*alternatives)


@dataclass(frozen=True)
class Rule:
    """What counts as saying something about an item.

    `said` finds it in a sentence; `unless` is what makes a sentence no evidence at all; `sections` says in which it is
    looked for ("own" leaves out related work). `kind` names the kind of the statement from the match.
    """

    item: str
    said: Pattern
    unless: Pattern | None = None
    where: Literal["own", "all"] = "own"
    kind: Callable[[Sentence, re.Match[str]], str | None] | None = None
    deny: bool = True
    """Whether a negated sentence is a denial; else it is only no evidence."""
    not_in: Pattern | None = None
    """What, within the words found, shows that they are about something else."""
    beside: Pattern | None = None
    """Titles of sections in which the item is not told."""
    negation_within: bool = True
    """Whether a negation among the words found themselves counts."""
    digits: bool = False
    """Whether only a sentence with a digit can say it."""
    also: tuple[Pattern, ...] = ()
    """What the same sentence must hold as well, wherever it stands."""
    more: Pattern | None = None
    """Of sentences that say it, those with more of these words say more; else those that say it more often."""


def look(paper: Paper, rule: Rule) -> Statement:
    """Return the sentence that states the item best, else the first that denies it, else `not_found`."""
    denied: Statement | None = None
    best: tuple[float, Sentence, re.Match[str]] | None = None
    possible = (
        one
        for one in paper.sentences
        if (not rule.digits or _DIGIT.search(one.text)) and _possible(rule, one.text[:_LONGEST].casefold())
    )
    for sentence in candidates(possible, rule.where):
        text = _POINTER.sub(_masked, sentence.text[:_LONGEST])
        said = [match for match in rule.said.finditer(text) if not (rule.not_in and rule.not_in.search(match[0]))]
        if not said or (rule.unless and rule.unless.search(text)) or not all(one.search(text) for one in rule.also):
            continue
        if rule.beside and rule.beside.search(sentence.section):
            continue
        plain = [match for match in said if not negated(text, match, rule.negation_within)]
        if plain:
            weight = _weight(sentence) + 0.5 * min(len(list(rule.more.finditer(text)) if rule.more else plain), 6)
            if best is None or weight > best[0]:
                best = weight, sentence, plain[0]
        elif said and rule.deny and denied is None:
            denied = told(rule.item, sentence, said[0], answer="denied")
    if best:
        _, sentence, match = best
        return told(rule.item, sentence, match, rule.kind(sentence, match) if rule.kind else None)
    return denied or not_found(rule.item)


def either(paper: Paper, *rules: Rule) -> Statement:
    """Return what the first rule tells that finds its item stated, else what the first of all tells."""
    first, *others = rules
    found = look(paper, first)
    if found.answer == "stated":
        return found
    later = (look(paper, rule) for rule in others)
    return next((one for one in later if one.answer == "stated"), found)


def _possible(rule: Rule, folded: str) -> bool:
    return all(one.may_match(folded) for one in (rule.said, *rule.also))


def _masked(pointer: re.Match[str]) -> str:
    return "§" * len(pointer[0])


def _weight(sentence: Sentence) -> float:
    """How telling a sentence's place is: the experiments' own sections first, introductions and conclusions last."""
    weight = 0.0
    if any(map(_SETUP_SECTION.search, (sentence.section, *sentence.under))):
        weight += 2
    if sentence.kind in ("abstract", "front") or _SUMMARY_SECTION.search(sentence.section):
        weight -= 1
    if _FLOAT.match(sentence.text):
        weight -= 0.5
    if _OWN.search(sentence.text) or _ALL.search(sentence.text):
        weight += 1
    if re.search(r"\ball (?:our |the |of the )?(?:experiments|results|runs)\b", sentence.text, re.I):
        weight += 0.5
    return weight


def candidates(sentences: Iterable[Sentence], where: Literal["own", "all"]) -> Iterable[Sentence]:
    """Yield the sentences that can be evidence: with "own", none that speaks of other people's work."""
    begun: dict[str, int] = {}
    for sentence in sentences:
        if where == "own" and (of_others(sentence) or sentence.kind == "acknowledgements"):
            continue
        # An introduction tells of the field; only what the authors say of themselves counts there.
        # One that runs on over pages is text whose headings were not seen.
        early = where == "own" and _EARLY_SECTION.search(sentence.section) and not _OWN.search(sentence.text)
        if early and sentence.page - begun.setdefault(sentence.section, sentence.page) <= 2:
            continue
        yield sentence


def of_others(sentence: Sentence) -> bool:
    """Whether the sentence tells what others did: it stands under related work, or they are its subject."""
    if _OWN.search(sentence.text):
        return False
    beside = _OTHERS_SECTION.search(sentence.section) or any(map(_OTHERS_SECTION.match, sentence.under))
    return bool(beside) or bool(_OTHERS.match(sentence.text)) or bool(_THEIRS.search(sentence.text))


def negated(text: str, match: re.Match[str], within: bool = True) -> bool:
    """Whether a negation governs the match: within it, or before it in the same clause and within eight words."""
    before = text[max(0, match.start() - 90) : match.start()]
    parts = _CLAUSE.split(before)
    clause = " ".join(parts[-1].split()[-8:]) if parts else ""
    scope = f"{clause} {match[0]}" if within else clause
    return bool(_NEGATION.search(_NO_NEGATION.sub(" ", scope)))


def told(
    item: str,
    sentence: Sentence,
    match: re.Match[str],
    kind: str | None = None,
    answer: Literal["stated", "denied"] = "stated",
) -> Statement:
    """Return the statement that this sentence makes; of one that runs over a page, the part that holds the match."""
    page, words, box = sentence.around(match.start(), match.end())
    return Statement(item, answer, page, words, box, kind)


def in_table(paper: Paper, item: str, table: Table, words: str, kind: str | None = None) -> Statement:
    """Return the statement that a table makes: the printed line that holds the words, else the caption's first line."""
    wanted = _solid(words)
    page = [line for line in paper.lines if line.page == table.page]
    held = (line for line in page if wanted and _meets(line.box, table.box) and wanted in _solid(line.text))
    line = next(held, None) or next((line for line in page if line.text.startswith(table.label)), None)
    if line is None:
        return Statement(item, "stated", table.page, words, table.box, kind)
    return Statement(item, "stated", line.page, line.text, line.box, kind)


def _solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _meets(box: Box, other: Box) -> bool:
    """Whether two boxes on a page have a part in common."""
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def not_found(item: str) -> Statement:
    """Return the statement that nothing was found."""
    return Statement(item, "not_found")


_NUMBERS = {
    word: value
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100, "twice": 2, "thrice": 3}
NUMBER = r"(?:\d[\d,]*|" + "|".join(_NUMBERS) + ")"


def number(text: str) -> int | None:
    """Return the first whole number in the text, in digits or in words."""
    found = re.search(rf"\b{NUMBER}\b", text, re.I)
    if not found:
        return None
    word = found[0].casefold().replace(",", "")
    return int(word) if word.isdigit() else _NUMBERS[word]


def heading(paper: Paper, item: str, title: Pattern, kinds: Sequence[str] = (), leads: bool = False) -> Statement:
    """Return the statement that a section with such a title, or of such a kind, makes; its title is the quote.

    With `leads`, a paragraph that begins with such a heading in bold counts as well.
    """
    for section in paper.sections:
        if section.kind in ("references", "checklist", "acknowledgements"):
            continue
        named = section.kind in kinds or bool(title.search(section.title))
        body = paper.lines[section.first : section.last]
        if named and sum(len(line.text) for line in body) > 80:
            run_in = body[0].text.startswith(section.title) or not section.first
            line = body[0] if run_in else paper.lines[section.first - 1]
            return Statement(item, "stated", line.page, line.text, line.box, "section")
        bold = (line for line in body if leads and 0 < len(line.lead) < 70 and title.search(line.lead))
        if first := next(bold, None):
            return Statement(item, "stated", first.page, first.text, first.box, "section")
    return not_found(item)
