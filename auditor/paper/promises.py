"""What authors promise: the answers of a filled-in checklist, and a reproducibility statement."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from auditor.paper.model import Line, Paper, Promise, Sentence
from auditor.paper.sayings import negated

Answer = Literal["yes", "partial", "no", "not_applicable", "open"]

MAX_CHECKLIST = 60_000
"""Characters of a checklist that are read: three times the longest that a conference has."""
_LONGEST = 600

_ITEMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (item, re.compile(words, re.I))
    for item, words in (
        ("limitations_section", r"\blimitations of (?:your|the) work\b"),
        ("broader_impact_section", r"\bsocietal impacts?\b|\bpotential risks of your work\b"),
        ("proofs", r"\bcomplete \(and correct\) proof|\bcomplete proofs of all|\bproofs of all novel claims\b"),
        ("pseudocode_or_algorithm", r"\bconceptual outline and/or pseudo-?code\b"),
        ("code_statement", r"\bcode, data, and instructions\b|\bopen access to the data and code\b"
                           r"|\ball source code required for conducting\b"),
        ("error_bars_or_std_reported", r"\breport(?:ed)? error bars\b|\bmeasures of variation\b"
                                       r"|\bdescriptive statistics about your results\b"),
        ("significance_test", r"\bappropriate statistical tests\b"),
        ("seeds_or_runs_stated", r"\bnumber of algorithm runs\b|\bmethod for setting seeds\b"),
        ("compute_hardware_stated", r"\btotal amount of compute\b|\binformation on the computer? resources\b"
                                    r"|\bcomputing infrastructure\b"),
        ("licence_mentioned", r"\blicen[cs]e (?:of the assets|or terms for use)\b|\blicen[cs]e and terms of use\b"),
        ("hyperparameter_search_described", r"\bnumber and range of values tried\b"
                                            r"|\bincluding hyperparameter search\b"),
        ("hyperparameters_stated", r"\ball the training (?:and test )?details\b|\blists all final \(hyper-?\)"),
    )
)  # fmt: skip
"""Which statement of the paper a question of the NeurIPS, AAAI or ACL checklist asks for."""

_ANSWER = re.compile(r"\[?\s?(?P<answer>yes|no|n\s?/?\s?a|todo|partial)\b\s?\]?", re.I)
_BRACKET = re.compile(r"\[\s?(?P<answer>yes|no|n\s?/?\s?a|todo|partial)\s?\]", re.I)
_LETTERED = re.compile(r"\(\s?[a-h]\s?\)\s(?=(?:Did|Do|Does|Have|Has|If)\b)")
_PART = re.compile(r"\s\d{1,2}\.\s(?:For all authors|If you\b)")
_NEXT_ITEM = re.compile(r"\s\d{1,2}\.\s[A-Z][\w ,/()-]{3,90}$")
_OPTIONS = re.compile(
    r"\(\s?yes\s?/(?:\s?partial\s?/)?\s?no\s?(?:/\s?NA\s?)?\)[\s.:]{0,3}(?P<answer>yes|partial|no|NA)?\b", re.I
)
_WORD = re.compile(r"\(\s?(?P<answer>yes|no|partial|NA)\s?\)", re.I)
_NUMBERED = re.compile(r"(?:^|\s)\d\.\d{1,2}\.?\s")
_TICKED = re.compile(r"(?P<tick>[✓✔✗✘×□�]\s?)?\b(?P<id>[A-E]\d)\.\s(?P<question>(?:Did|Do|Have|Was|Were|If)\b)")
_EMPTY = re.compile(r"^\s*(?:left blank|no response|type your response)", re.I)
_GUIDELINES = re.compile(r"\bGuidelines\s?:")


def promises(paper: Paper) -> tuple[Promise, ...]:
    """Return the answers of the paper's checklists, and what its reproducibility statement says, in order."""
    found: list[Promise] = []
    region: list[Line] = []
    for section in paper.sections:
        if section.kind == "checklist":
            region += paper.lines[max(section.first - 1, 0) : section.last]
    if region:
        found += _from_checklist(_Text.of(region))
    return (*found, *_from_statement(paper.sentences))


@dataclass(frozen=True)
class _Text:
    """Lines joined to one text, with where each of them starts in it."""

    text: str
    starts: tuple[int, ...]
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Text:
        parts: list[str] = []
        starts: list[int] = []
        kept: list[Line] = []
        length = 0
        for line in lines:
            if length > MAX_CHECKLIST:
                break
            # A hyphen at the end of a line is of the line: the questions are known, and hold none.
            broken = bool(parts) and parts[-1].endswith("- ")
            if broken:
                parts[-1] = parts[-1][:-2]
                length -= 2
            starts.append(length)
            kept.append(line)
            parts.append(line.text + " ")
            length += len(line.text) + 1
        return cls("".join(parts), tuple(starts), tuple(kept))

    def line(self, position: int) -> Line:
        return self.lines[max(bisect_right(self.starts, position) - 1, 0)]

    def promise(self, position: int, question: str, answer: Answer, justification: str) -> Promise:
        line = self.line(position)
        asked = " ".join(question.split())[:_LONGEST]
        told = " ".join(justification.split())[:_LONGEST]
        return Promise(item_of(asked), asked, answer, told, line.page, line.box, "checklist")


def item_of(question: str) -> str | None:
    """Return the statement that a checklist's question asks for, None for a question that no statement answers."""
    return next((item for item, pattern in _ITEMS if pattern.search(question)), None)


def _from_checklist(text: _Text) -> list[Promise]:
    """The answers in the layout that gives most of them: NeurIPS since 2023, NeurIPS until 2022, ACL, AAAI."""
    layouts = (_questions, _lettered, _ticked, _optioned)
    return max((list(layout(text)) for layout in layouts), key=len)


def _questions(text: _Text) -> Iterator[Promise]:
    """`Question: … Answer: [Yes] Justification: … Guidelines: …`."""
    for start, end in _parts(text.text, [match.end() for match in re.finditer(r"\bQuestion\s?:\s", text.text)]):
        question, found, rest = text.text[start:end].partition("Answer:")
        answer = _ANSWER.match(rest.lstrip())
        if not found or not answer:
            continue
        told = _GUIDELINES.split(rest, maxsplit=1)[0].partition("Justification:")[2]
        told = _NEXT_ITEM.sub("", told.rstrip()) if "Guidelines" not in rest else told
        yield text.promise(start, question, _read(answer["answer"]), told.replace("Question:", ""))


def _lettered(text: _Text) -> Iterator[Promise]:
    """`(b) Did you describe the limitations of your work? [Yes] See Section 5.`"""
    for start, end in _parts(text.text, [match.start() for match in _LETTERED.finditer(text.text)]):
        part = text.text[start:end]
        answer = _BRACKET.search(part)
        if answer:
            told = _PART.split(part[answer.end() :], maxsplit=1)[0]
            yield text.promise(start, part[: answer.start()], _read(answer["answer"]), told)


def _ticked(text: _Text) -> Iterator[Promise]:
    """`✓ A1. Did you describe the limitations of your work? Section 6`."""
    marks = list(_TICKED.finditer(text.text))
    for match, (start, end) in zip(marks, _parts(text.text, [mark.start() for mark in marks]), strict=True):
        question, found, told = text.text[match.start("question") : end].partition("? ")
        if found:
            yield text.promise(start, question + "?", _ticked_answer((match["tick"] or "").strip(), told), told)


def _ticked_answer(tick: str, told: str) -> Answer:
    if tick in ("✗", "✘", "×"):
        return "no"
    if tick in ("✓", "✔"):
        return "yes"
    if _EMPTY.match(told):
        return "open"
    if re.match(r"\s*(?:not applicable|n/?a\b)", told, re.I):
        return "not_applicable"
    answer = _ANSWER.match(told.lstrip())
    if answer:
        return _read(answer["answer"])
    return "yes" if re.match(r"\s*(?:in |see )?(?:sec(?:tion|\.)|appendix|\d|limitations)", told, re.I) else "open"


def _optioned(text: _Text) -> Iterator[Promise]:
    """`1.1. Includes a conceptual outline … (yes/partial/no/NA) yes`, or `… introduced (yes)`."""
    start = 0
    pattern = _OPTIONS if _OPTIONS.search(text.text) else _WORD
    for match in pattern.finditer(text.text):
        before = text.text[start : match.start()]
        numbers = [number.end() for number in _NUMBERED.finditer(before)]
        begin = start + (numbers[-1] if numbers else max(before.rfind("• ") + 1, before.rfind(". ") + 1))
        yield text.promise(
            begin, text.text[begin : match.start()], _read(match["answer"]) if match["answer"] else "open", ""
        )
        start = match.end()


def _parts(text: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    return [(start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)] if starts else []


def _read(word: str) -> Answer:
    word = re.sub(r"[\s/]", "", word.lower())
    known: dict[str, Answer] = {"yes": "yes", "no": "no", "partial": "partial", "na": "not_applicable"}
    return known.get(word, "open")


_STATEMENT = re.compile(r"^(?:statement (?:on|of) )?reproducib\w+(?: statement)?\.?$", re.I)
_SAID: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (item, re.compile(words, re.I))
    for item, words in (
        ("code_statement", r"\b(?:source )?code\b|\bimplementation is\b"),
        ("hyperparameters_stated", r"\bhyper-?parameters?\b|\btraining details\b"),
        ("proofs", r"\bproofs?\b"),
        ("seeds_or_runs_stated", r"\b(?:random )?seeds?\b"),
        ("data_split_described", r"\b(?:data|train\w*|test) splits?\b"),
        ("compute_hardware_stated", r"\bhardware\b|\bcompute resources\b|\bGPUs?\b"),
    )
)


def _from_statement(sentences: Sequence[Sentence]) -> Iterator[Promise]:
    for sentence in sentences:
        if not _STATEMENT.match(sentence.section.strip()):
            continue
        for item, pattern in _SAID:
            match = pattern.search(sentence.text[:_LONGEST])
            if match:
                answer: Answer = "no" if negated(sentence.text, match) else "yes"
                yield Promise(item, "", answer, sentence.text, sentence.page, sentence.box, "statement")
