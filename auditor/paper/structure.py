"""Title, sections and sentences, from lines in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.paper.model import Line, Page, Section, SectionKind, Sentence
from auditor.paper.prose import Passage, passages, split_sentences
from auditor.paper.template import is_template, template_title

_NUMBER = re.compile(
    r"(?:(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){1,3}|[IVX]{1,5}(?=\.)|[A-Z](?=[.:]?\s))[.:)]?"
    r"|(?:Appendix|APPENDIX)\s+(?P<letter>[A-Z\d](?:\.\d{1,2})*)[.:]?)\s*[-–—]?\s*(?P<title>\S.*)?"
)
_KINDS: tuple[tuple[SectionKind, str], ...] = (
    ("abstract", r"abstract|summary|tl;?dr"),
    ("references", r"references(?: and notes)?(?: \[\d{1,3}\].{0,90})?|bibliography|literature cited|works cited"),
    ("acknowledgements", r"acknowledg\w*(?: and .*)?|funding(?: .*)?|author contributions?|disclosure of funding"),
    (
        "checklist",
        r"(?:(?:neurips|icml|aaai|e?acl|naacl|emnlp|arr|iclr) )?(?:\d{4} )?"
        r"(?:(?:paper|reproducibility|responsible nlp|research) ){0,3}check-?list",
    ),
    (
        "limitations",
        r"(?:discussions?|conclusions?|scope|broader impacts?|future work|shortcomings)?(?: and | of | & )?"
        r"limitations?(?:[ ,&].*)?|threats to validity",
    ),
    (
        "impact",
        r"(?:statements? (?:on|of) )?(?:(?:potential )?(?:broader|societal|social|ethical|environmental)[ -]?impacts?"
        r"|impact statements?|ethic(?:s|al)(?: considerations?| statements?| concerns?)?|ethics and .*)(?: .{0,30})?"
        r"|potential risks",
    ),
    ("appendix", r"(?:technical |online )?appendi(?:x|ces)(?:\b.*)?|supplement(?:s|ary|al)?(?: .*)?"),
)
_OF_TITLE = tuple((kind, re.compile(rf"(?:the )?(?:{words})[.:]?", re.I)) for kind, words in _KINDS)
# Headings that need no number and no larger type, only a line of their own or a colon.
_COMMON = re.compile(
    r"introduction|background|related works?|methods?|methodology|materials and methods|experiments?|results?"
    r"|discussions?"
    r"|conclusions?|experimental (?:setup|results|setting)s?|evaluation|analysis|ablation (?:study|studies)"
    r"|data sets?|datasets?"
    r"|model|approach|preliminaries|implementation details?|(?:code|data)(?: and (?:code"
    r"|data))? availability(?: statement)?"
    r"|reproducibility(?: statement)?|keywords|ccs concepts",
    re.I,
)
_RUN_IN = re.compile(
    r"(?P<title>abstract|acknowledge?ments?|limitations?|broader impacts?|ethics statement|ethical considerations?"
    r"|reproducibility statement|societal impacts?|impact statement|(?:code|data) availability)\s*(?:[:.—–]"
    r"|[-]{1,2}\s)\s*\S",
    re.I,
)
# Words that head a section even in the type of the text, when a line holds nothing else.
_ALONE = frozenset(["References", "Bibliography", "Acknowledgments", "Acknowledgements", "Acknowledgment", "Appendix"])
_ASKED = re.compile(r"(?:Did|Do|Does|Have|If) (?:you|the|your)\b|For (?:every|all) (?:submissions?|authors)\b", re.I)
"""How the parts of a checklist begin that have letters or numbers like sections."""
_LONGEST = 110
MAX_PROSE = 800_000
"""Characters of running text that become sentences: ten times a long paper."""
_ROMAN = {
    text: value
    for value, text in enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], 1)
}


def title(page: Page, metadata: str = "") -> str:
    """Return the title: the lines in the largest type on the upper part of the first page.

    A single large word (a journal's logo) gives way to larger type of several words; where nothing on the page is
    larger than the text, the file's own title is taken if it has several words, else the first line.
    """
    upper = [line for line in page.lines if line.box[1] < 0.6 * page.height and len(line.text) > 2]
    if not upper:
        return metadata.strip()
    body = body_size(page.lines)
    sizes = sorted({line.size for line in upper if line.size > 1.1 * body}, reverse=True)
    for size in sizes:
        group = [place for place, line in enumerate(upper) if abs(line.size - size) < 0.06 * size]
        last = group[0]
        for place in group[1:]:
            if place != last + 1 or not _one_title(upper[last], upper[place]):
                break
            last = place
        text = " ".join(line.text for line in upper[group[0] : last + 1])
        if len(text.split()) >= 2 and sum(map(str.isalpha, text)) > 8 and not text.startswith("arXiv:"):
            return _unhyphened(text)
    metadata = " ".join(metadata.split())
    if len(metadata.split()) > 2 and not metadata.endswith((".dvi", ".doc", ".docx", ".tex", ".pdf")):
        return metadata
    return next((line.text for line in upper if line.bold), upper[0].text)


def _one_title(above: Line, below: Line) -> bool:
    """Whether two lines of one size belong to one title: same weight and case, set closely."""
    same = above.bold == below.bold and above.text.isupper() == below.text.isupper()
    return same and below.box[1] - above.box[1] < 2.0 * above.size


def _unhyphened(text: str) -> str:
    return re.sub(r"(\w)- (?=[a-z])", r"\1", text)


def body_size(lines: Sequence[Line]) -> float:
    """Return the size, in points, in which most characters are set; 10 where there is no text."""
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


@dataclass(frozen=True, slots=True)
class _Mark:
    """A heading found: its line, the first line under it, and what it says."""

    place: int
    first: int
    title: str
    number: str | None
    kind: SectionKind


def sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    """Return the sections in order. What stands before the first heading is the front matter."""
    body = body_size(lines)
    scheme = _Scheme.of(lines, body)
    marks = [_Mark(0, 0, "", None, "front")]
    place = 0
    while place < len(lines):
        heading = _heading(lines, place, body, scheme, marks)
        if heading is None:
            place += 1
            continue
        name, number, first = heading
        marks.append(_Mark(place, first, name, number, _kind(name, number, scheme, marks)))
        place = max(first, place + 1)
    found = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.place if following else len(lines)
        if end > mark.place or mark.title:
            page = lines[min(mark.place, len(lines) - 1)].page if lines else 1
            found.append(Section(mark.title, mark.number, mark.kind, page, mark.first, end))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How a paper numbers its sections: `arabic`, `roman`, or not at all."""

    style: str

    @classmethod
    def of(cls, lines: Sequence[Line], body: float) -> _Scheme:
        """The scheme of these lines: the one whose first three numbers head lines, in order."""
        for style, firsts in (("roman", ("I", "II", "III")), ("arabic", ("1", "2", "3"))):
            wanted = iter(firsts)
            number = next(wanted)
            for line in lines:
                match = _NUMBER.fullmatch(line.text) if len(line.text) <= _LONGEST else None
                if match and match["number"] == number and match["title"] and _title_like(match["title"]):
                    if style == "arabic" and not _prominent(line, body):
                        continue
                    number = next(wanted, "")
                    if not number:
                        return cls(style)
        return cls("none")

    def follows(self, number: str, marks: Sequence[_Mark]) -> bool:
        """Whether a section with this number may come next; a skipped number is forgiven, a jump is not."""
        numbered = [mark for mark in marks if mark.number]
        last = numbered[-1].number if numbered else None
        late = any(mark.kind in ("references", "appendix") for mark in marks)
        if number[0].isdigit():
            tops = [int(mark.number.split(".")[0]) for mark in numbered if mark.number and mark.number[0].isdigit()]
            top, before = int(number.split(".")[0]), tops[-1] if tops else 0
            if "." in number:
                return top in (before, before + 1) and before + top > 0
            return before < top <= before + 2 or (late and top == 1)
        if self.style == "roman" and not late:
            if number in _ROMAN:
                tops = [_ROMAN[mark.number] for mark in numbered if mark.number in _ROMAN]
                before = max(tops, default=0)
                if before < _ROMAN[number] <= before + 2:
                    return True
            return len(number) == 1 and last is not None and (number == "A" or last == chr(ord(number) - 1))
        letters = [mark.number[0] for mark in numbered if mark.number and mark.number[0].isalpha()]
        if "." in number:
            return bool(letters) and number[0] in (letters[-1], chr(ord(letters[-1]) + 1))
        if number == "A":
            return late or len(numbered) >= 3
        return bool(letters) and letters[-1] < number[0] <= chr(ord(letters[-1]) + 2)


def _heading(
    lines: Sequence[Line], place: int, body: float, scheme: _Scheme, marks: Sequence[_Mark]
) -> tuple[str, str | None, int] | None:
    """The title, the number and the first line after the heading that begins at `place`, if one does."""
    line = lines[place]
    run_in = _RUN_IN.match(line.text)
    if run_in and (line.lead or line.bold or run_in["title"][0].isupper()) and _starts_block(lines, place):
        return run_in["title"], None, place
    if len(line.text) > _LONGEST:
        return None
    match = _NUMBER.fullmatch(line.text)
    number = (match["number"] or match["letter"]) if match else None
    name = (match["title"] or "") if match else line.text
    roman = scheme.style == "roman" and number is not None and not number[0].isdigit()
    alone = line.text.strip() in _ALONE
    if not (alone or _prominent(line, body) or (roman and len(line.text) < 60)):
        return None
    if match and not name and match["letter"]:
        name = f"Appendix {match['letter']}"
    known = _kind_of(name) is not None
    # What everybody calls so is a heading although sections before it were not read (a page is a picture).
    certain = known and line.bold and not any(mark.kind == _kind_of(name) for mark in marks)
    if not _title_like(name) or (number and not certain and not scheme.follows(number, marks)):
        return None
    larger = line.size > 1.08 * body
    if not number and not known:
        plain = scheme.style == "none" and bool(_COMMON.fullmatch(name.strip(" .:")))
        if not (plain or (larger and line.bold) or line.size > 1.15 * body) or (line.page == 1 and not plain):
            return None
        if number is None and scheme.style != "none" and not (larger and (line.bold or line.text.isupper())):
            return None
    if marks[-1].kind == "references" and not (known or (number and (larger or number[0].isalpha()))):
        return None
    first = place + 1
    # A title of two lines: same type, directly below, and the first line is not short.
    if first < len(lines) and number and _continues(line, lines[first]):
        name = _unhyphened(f"{name} {lines[first].text}")
        first += 1
    return name.strip(), number, first


def _prominent(line: Line, body: float) -> bool:
    return line.bold or line.size > 1.08 * body or (line.text.isupper() and len(line.text) > 6)


def _title_like(name: str) -> bool:
    name = name.strip()
    letters = sum(map(str.isalpha, name))
    if (
        not re.search(r"[^\W\d_]{3}", name)
        or letters < 3
        or letters < 0.6 * len(name.replace(" ", ""))
        or not (name[0].isupper() or name[0].isdigit())
    ):
        return False
    return not name.endswith((",", ";")) and not re.match(r"(?:Table|Figure|Fig\.|Algorithm|Theorem|Lemma)\s*\d", name)


def _continues(line: Line, following: Line) -> bool:
    same = following.page == line.page and abs(following.size - line.size) < 0.2 and following.bold == line.bold
    close = 0 < following.box[1] - line.box[1] < 1.6 * line.size
    return same and close and len(line.text) > 30 and not _NUMBER.match(following.text) and len(following.text) < 80


def _starts_block(lines: Sequence[Line], place: int) -> bool:
    if place == 0 or lines[place].lead or lines[place].bold:
        return True
    before, line = lines[place - 1], lines[place]
    return before.page != line.page or before.text.endswith((".", ":")) or line.box[1] - before.box[3] > 0.4 * line.size


def _kind_of(name: str) -> SectionKind | None:
    name = name.strip()
    return next((kind for kind, pattern in _OF_TITLE if pattern.fullmatch(name)), None)


def _kind(name: str, number: str | None, scheme: _Scheme, marks: Sequence[_Mark]) -> SectionKind:
    own = _kind_of(name)
    before, last = [mark.kind for mark in marks], marks[-1]
    lettered = bool(number and number[0].isalpha()) and not (number in _ROMAN or scheme.style == "roman")
    # The items of a checklist are called `Limitations` or `Broader impacts` and are none.
    if last.kind == "checklist" and own not in ("references", "appendix"):
        return "appendix" if lettered and not _ASKED.match(name) else "checklist"
    if own and not (own == "abstract" and number):
        return own
    if "appendix" in before or "references" in before or lettered:
        return "appendix"
    # A subsection of the limitations is about limitations.
    if last.kind in ("limitations", "impact") and number and last.number and number.startswith(last.number + "."):
        return last.kind
    return "body"


def sentences(lines: Sequence[Line], found: Sequence[Section]) -> tuple[Sentence, ...]:
    """Return the sentences of every section but references, checklists and a template's own instructions."""
    if template_title(" ".join(line.text for line in lines[:12])):
        return ()
    words = vocabulary(tuple(line.text for line in lines))
    size = body_size(lines)
    result: list[Sentence] = []
    for place, section in enumerate(found):
        if section.kind in ("references", "checklist"):
            continue
        under = enclosing(found, place)
        parts = [
            sentence
            for passage in passages(lines[section.first : section.last], size, words)
            for sentence in _sentences(passage, section, under)
        ]
        if not is_template([part.text for part in parts]):
            result += parts
    return tuple(_within(result))


def _within(found: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences up to the limit on running text."""
    total = 0
    for sentence in found:
        total += len(sentence.text)
        if total > MAX_PROSE:
            return
        yield sentence


def enclosing(found: Sequence[Section], place: int) -> tuple[str, ...]:
    """Return the titles of the numbered sections that enclose the section at `place`, the outermost first."""
    number = found[place].number or ""
    if number.isalpha() and number not in _ROMAN:  # "B." under "IV."
        above = next((s for s in reversed(found[:place]) if s.number in _ROMAN), None)
        return (above.title,) if above and found[place].kind == "body" else ()
    outer = [number.rsplit(".", depth)[0] for depth in range(number.count("."), 0, -1)]
    above_it = {section.number: section.title for section in found[:place] if section.number}
    return tuple(above_it[each] for each in outer if each in above_it)


def _sentences(passage: Passage, section: Section, under: tuple[str, ...]) -> list[Sentence]:
    result = []
    for start, end in split_sentences(passage.text):
        text = passage.text[start:end].strip()
        if len(text) > 1:
            page, box = passage.place(start, end)
            over = passage.turn(start, end)
            begin = start + len(passage.text[start:end]) - len(passage.text[start:end].lstrip())
            turn = (over - begin, *passage.place(over, end)) if over is not None else None
            result.append(Sentence(text, page, box, section.kind, section.title, turn, under))
    return result


@cache
def vocabulary(texts: tuple[str, ...]) -> frozenset[str]:
    """Return the words, hyphenated ones included, that stand whole within a line."""
    words: set[str] = set()
    for text in texts:
        tokens = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*-?", text.casefold())
        words.update(tokens[:-1] if text.endswith("-") else tokens)
    return frozenset(words)
