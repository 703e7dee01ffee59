"""The nouns of a paper: pages, lines, sections, links, tables, sentences, statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from auditor.findings import PaperEvidence

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points, from the page's top left corner."""

SectionKind = Literal[
    "front", "abstract", "body", "acknowledgements", "references", "appendix", "checklist", "limitations", "impact"
]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in reading order; `page` counts from 1, `size` is the font's in points.

    `lead` holds the bold words that begin a line which is not bold as a whole (a run-in heading); `gaps` counts the
    wide gaps within the line, as they part the cells of a table's row.
    """

    page: int
    text: str
    box: Box
    size: float
    bold: bool = False
    lead: str = ""
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its size in points."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines under it: `Paper.lines[first:last]`, the heading itself excluded."""

    title: str
    number: str | None
    kind: SectionKind
    page: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the running text, re-joined over line ends and hyphens."""

    text: str
    page: int
    box: Box
    kind: SectionKind
    section: str
    turn: tuple[int, int, Box] | None = None
    """Where the sentence runs on to another page: the offset in `text`, that page, and the box of what stands there."""
    under: tuple[str, ...] = ()
    """Titles of the sections that enclose its own, the outermost first."""

    def evidence(self) -> PaperEvidence:
        """The sentence as evidence of a finding."""
        from auditor.findings import PaperEvidence

        return PaperEvidence(page=self.page, excerpt=self.text, box=self.box)

    def around(self, start: int, end: int) -> tuple[int, str, Box]:
        """Return the page, the words and the box of the part of the sentence that holds most of `text[start:end]`."""
        if self.turn is None:
            return self.page, self.text, self.box
        offset, page, box = self.turn
        if offset - start >= end - offset:
            return self.page, f"{self.text[:offset].rstrip()} …", self.box
        return page, f"… {self.text[offset:].lstrip()}", box


@dataclass(frozen=True, slots=True)
class Link:
    """A URL with the sentence around it; `origin` says whether it was an annotation or only printed."""

    url: str
    page: int
    context: str
    origin: Literal["annotation", "text"]
    kind: SectionKind
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class CodeLink:
    """The link to the authors' own code; `why` is the reason in words."""

    link: Link
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as cells of text. `label` is `Table 2`; `header` holds the column names, `rows` the body."""

    label: str
    caption: str
    page: int
    box: Box
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What the paper says about one item: stated, denied, or not found; `kind` qualifies it where an item has kinds."""

    item: str
    answer: Literal["stated", "denied", "not_found"]
    page: int | None = None
    quote: str = ""
    box: Box | None = None
    kind: str | None = None

    def evidence(self) -> tuple[PaperEvidence, ...]:
        """The quote as evidence, or nothing where nothing was found."""
        from auditor.findings import PaperEvidence

        if self.page is None:
            return ()
        return (PaperEvidence(page=self.page, excerpt=self.quote, box=self.box),)


@dataclass(frozen=True, slots=True)
class Promise:
    """What the authors answered in a checklist, or say in a reproducibility statement, with its place.

    `item` is the statement's name in `auditor.paper.statements.ITEMS` that the question asks for, None for the
    questions that no statement answers. `answer` is `open` where nothing was filled in.
    """

    item: str | None
    question: str
    answer: Literal["yes", "partial", "no", "not_applicable", "open"]
    justification: str
    page: int
    box: Box
    source: Literal["checklist", "statement"]

    def evidence(self) -> PaperEvidence:
        """The question with its answer as evidence of a finding."""
        from auditor.findings import PaperEvidence

        words = f"{self.question} [{self.answer}] {self.justification}".strip()
        return PaperEvidence(page=self.page, excerpt=words, box=self.box)


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set that the paper's experiments use, with the passage that names it best.

    `access` is `public` or `restricted` where the paper says so; of a well-known set `public`, or `registration` where
    one must register or sign for it; `licence` are the words that name it; `source` is a link for it, or `cited`
    where a reference follows its name.
    """

    name: str
    page: int
    quote: str
    box: Box | None = None
    access: Literal["public", "registration", "restricted", "unsaid"] = "unsaid"
    licence: str = ""
    source: str = ""
    synthetic: bool = False

    def evidence(self) -> PaperEvidence:
        """The passage as evidence of a finding."""
        from auditor.findings import PaperEvidence

        return PaperEvidence(page=self.page, excerpt=self.quote, box=self.box)


@dataclass(frozen=True)
class Paper:
    """A PDF as read. Pages come from the confined reader; all else is derived from them when first asked for."""

    title: str
    pages: tuple[Page, ...]
    links: tuple[Link, ...]
    tables: tuple[Table, ...]
    language: str = "en"
    """ISO 639-1 code of the running text, `und` where it cannot be told."""
    scanned: bool = False
    """True where the pages hold pictures of text and no text (or only a scanner's text layer)."""
    left_out: tuple[str, ...] = field(default=())
    """Sentences on what could not be read (a page over its time limit, tables skipped)."""
    written: date | None = None
    """The date that the PDF's own metadata gives for its making."""
    hidden: tuple[Line, ...] = field(default=())
    """Lines that are in the file and that no reader of the page sees (white on white, tiny, off the page)."""
    ocr_pages: tuple[int, ...] = field(default=())
    """Numbers of the pages that are pictures of text and whose words were read by OCR."""
    unread: str = ""
    """A sentence on the first page that could not be read; then what was not found may stand there."""

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines in reading order."""
        return tuple(line for page in self.pages for line in page.lines)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections in order; they cover every line after the title."""
        from auditor.paper.structure import sections

        return sections(self.lines)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences outside references, checklist and template instructions."""
        from auditor.paper.structure import sentences

        return sentences(self.lines, self.sections)

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """The answer to every item of `auditor.paper.statements.ITEMS`."""
        from auditor.paper.statements import statements

        return statements(self)

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """What a filled-in checklist and a reproducibility statement answer, in order."""
        from auditor.paper.promises import promises

        return promises(self)

    @cached_property
    def code_link(self) -> CodeLink | None:
        """The link that the paper gives for its own code."""
        from auditor.paper.links import code_link

        return code_link(self)

    @cached_property
    def code_placeholder(self) -> Link | None:
        """The address that stands for that of the authors' code until it may be told."""
        from auditor.paper.links import code_placeholder

        return code_placeholder(self)

    @cached_property
    def data_sets(self) -> tuple[DataSet, ...]:
        """The data sets that the experiments use, in the order in which they are named."""
        from auditor.paper.data_sets import data_sets

        return () if self.template else data_sets(self)

    @cached_property
    def template(self) -> bool:
        """Whether the PDF is a conference's instructions to authors: what stands in it is an example."""
        from auditor.paper.template import template_title

        return template_title(" ".join(line.text for line in self.lines[:12]))

    @property
    def readable(self) -> bool:
        """Whether the rules can read the text of a paper: it is there, in English, and no template."""
        return not self.scanned and self.language == "en" and bool(self.lines) and not self.template
