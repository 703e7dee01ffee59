"""Code that a paper names only through a citation (`our code is available at [30]`), and addresses kept back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.paper.model import CodeLink, Line, Link, Paper, Sentence

_LIMIT = 12
"""More lines than these are no single entry of a list of references."""

_CITED = re.compile(
    r"\b(?:at|from|in|via|see|here|available|released|online)\s?:?\s?"
    r"(?:\[(?P<number>[\w+-]{1,12})\]|\((?P<name>[A-Z][\w’'-]{1,40})(?P<rest>[^()]{0,60})\))"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CODE_ENTRY = re.compile(
    r"\b(?:code|software|librar\w+|implementation|repositor\w+|package|toolbox|toolkit|source)\b|git", re.I
)


def cited_code(paper: Paper, sentence: Sentence) -> CodeLink | None:
    """Return the link in the reference that a sentence which releases the code points to, or None where it has none."""
    for match in _CITED.finditer(sentence.text[:1_500]):
        entry = _entry(paper, match)
        if not entry or not _CODE_ENTRY.search(" ".join(line.text for line in entry)):
            continue
        link = next((link for link in paper.links if link.kind == "references" and _within(link, entry)), None)
        if link:
            shown = Link(link.url, sentence.page, sentence.text, link.origin, sentence.kind, sentence.box)
            return CodeLink(shown, "a sentence that releases the code cites it")
    return None


def _entry(paper: Paper, match: re.Match[str]) -> tuple[Line, ...]:
    """Return the lines of the reference that a citation means: by its number or label, or its first word and year."""
    year = _YEAR.search(match["rest"] or "")
    for lines in _entries(paper):
        text = " ".join(line.text for line in lines)
        if match["number"]:
            if re.match(rf"\[?{re.escape(match['number'])}[\].]\s", text):
                return lines
        elif re.match(rf"(?:\[\d+\]\s|\d+\.\s)?(?:[A-Z]\.\s){{0,3}}{re.escape(match['name'])}\b", text) and (
            not year or year[0] in text
        ):
            return lines
    return ()


def _entries(paper: Paper) -> Iterator[tuple[Line, ...]]:
    """Yield the lines of each reference: one begins at a number or label, or where a line is not indented."""
    for section in paper.sections:
        if section.kind != "references":
            continue
        lines = paper.lines[section.first : section.last]
        numbered = sum(bool(re.match(r"\[[\w+-]{1,12}\]|\d{1,3}\.\s", line.text)) for line in lines) > 2
        start = 0
        for place in range(1, len(lines) + 1):
            if place == len(lines) or _begins(lines[place - 1], lines[place], numbered):
                yield tuple(lines[start : min(place, start + _LIMIT)])
                start = place


def _begins(last: Line, line: Line, numbered: bool) -> bool:
    if numbered:
        return bool(re.match(r"\[[\w+-]{1,12}\]|\d{1,3}\.\s", line.text))
    indented = line.box[0] > last.box[0] + 3 or (
        line.box[0] > last.box[0] - 3 and line.box[1] - last.box[1] < 1.4 * line.size
    )
    return not indented or line.page != last.page or line.box[1] < last.box[1]


def _within(link: Link, entry: tuple[Line, ...]) -> bool:
    """Whether the middle of a link lies on one of the lines of an entry."""
    if link.box is None:
        return False
    x, y = (link.box[0] + link.box[2]) / 2, (link.box[1] + link.box[3]) / 2
    return any(
        line.page == link.page and line.box[0] - 2 <= x <= line.box[2] + 2 and line.box[1] - 2 <= y <= line.box[3] + 2
        for line in entry
    )
