"""What the documentation says on how to get the data: sentences, links and commands to type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from auditor.findings import FileEvidence
from auditor.known_data import canonical, data_set_in
from auditor.repository.data.files import ADDRESS, FETCHES, is_data, is_data_file
from auditor.repository.data.fixed import fixed_by_address
from auditor.repository.data.named import data_names, plain_name
from auditor.repository.data.titles import place
from auditor.repository.data.words import DATA_SUFFIX, DATA_WORD, MODELS, NOT_DATA, WEIGHTS
from auditor.repository.documents.markdown import read_markdown
from auditor.repository.documents.outline import Outline
from auditor.repository.model import DataReference, Document, DocumentLink, Repository

_SIDE = re.compile(r"(^|/)(changelog|contributing|news|code_of_conduct)", re.I)
_NOUN = (
    r"(?:data(?![ -]?(?:point|load|parallel|augment|structure|type|frame))|data-?sets?|corp(?:us|ora)|annotations"
    r"|(?:detection|visual|image|audio|extracted|precomputed|pre-?extracted|bottom-?up) features"
    r"|(?<!docker )(?<!container )images)"
)
_SENTENCE_END = re.compile(
    r"(?<=[.!?;])(?<!\bal\.)(?<!e\.g\.)(?<!i\.e\.)(?<!cf\.)\s|\s(?=(?:Please|Then|Next|First|Finally)\b)"
)

# How a sentence asks a reader to get data, and how it offers them.
_ASKED = re.compile(
    r"(?<!to )(?<!can )(?<!also )(?<!will )(?<!we )\b(?:download(?!s|able|ing|er)|obtain(?!s|ed)|acquire)\b"
    r"|\b(?:must|need\w{0,2} to|has to|have to|should|first) (?:be )?(?:download|obtain|get |acquire)\w{0,3}"
    rf"|\bget (?:the |your |all )?{_NOUN}\b.{{0,60}}\bfrom\b"
    rf"|(?<!will )(?<!we )\b(?:get|put|place|unzip|extract|store|save|copy) (?:the|your|all) .{{0,60}}{_NOUN}"
    rf"|(?<!we )\bprepare .{{0,40}}{_NOUN}.{{0,40}}\b(?:following|according to|as (?:in|described))\b"
    rf"|{_NOUN}\b.{{0,60}}\b(?:not|n't) (?:be )?(?:included|provided|contained|shipped|redistributed|shared)\b"
    r"|\bneed\w{0,2} (?:to have )?(?:an? )?access\b|\b(?:after|once) (?:you have |your )?(?:\w{1,20} )?access\b"
    rf"|\b(?:additional|remaining) {_NOUN}\b.{{0,40}}\b(?:download|obtain|found)"
    rf"|\b(?:assum\w{{1,3}}|expect\w{{0,3}}|requir\w{{1,3}}) .{{0,80}}{_NOUN}.{{0,60}}\bdownloaded",
    re.I,
)
_OFFERED = re.compile(
    r"\b((?<!will )download(?!s\b)\w{0,4}|obtained (?:from|at|here|via)|request\w{0,4} (?:access|the)"
    r"|available (?:at|from|here|on|for download|online|in|via|through|under)|accessible (?:at|from|via)"
    r"|(?:can|could|may|must|should) be (?:found|had|accessed|requested|downloaded|obtained)"
    r"|hosted (?:at|on)|follow\w{0,3} .{0,80}(?:instructions?|repo\w{0,8}|steps|guide|link)"
    r"|see (?:the )?(?:\w{1,20} )?instructions?"
    rf"|(?:can|will|may) find .{{0,40}}{_NOUN})\b",
    re.I,
)
_PLACES = re.compile(r"(?:please )?(?:put|place|store|save|copy|extract|unzip) (?:the|your|all) ", re.I)
_GETS = re.compile(r"\b(download|obtain|request)", re.I)

_OTHER_WAY = re.compile(r"\b(?:can|could|may) also\b|\balternatively\b", re.I)
"""How a sentence offers a second way to what comes in a first one; the guide asks for the easiest of a data set."""

# What no reader has to get: what is here, what a script fetches, what programs make, and what is no data.
_BROUGHT = re.compile(
    r"(?<!not )\b(?:included|provided (?:in|with)|comes? with|already (?:in|included|provided|contained)|contained in"
    r"|in (?:this|the) repo\w{0,8}|automatically|by itself|we (?:provide|include)|shipped|bundled)\b",
    re.I,
)
_SCRIPTED = re.compile(
    r"\b(?:using|with|by running) (?:the|this) (?:\w{1,20} )?(?:script|code)\b"
    r"|\b(?:run(?:ning)?|execut\w{1,4}|use|using|with|by|via|script|call)\b[^.]{0,60}[\w/.-]{1,80}\.(?:sh|py|ipynb)\b"
    r"|\b[\w/.-]{1,80}\.(?:sh|py)\b[^.]{0,40}\b(?:download|fetch)\w{0,3}"
    r"|\bscripts? (?:to|that|for|which|will) \w{0,12}\s?download",
    re.I,
)
_ANNOUNCES = re.compile(
    r"\b(?:with|by|using|run(?:ning)?|execute)\s?:?\s?$|\brun(?:ning)? (?:the )?following\b.{0,80}:$", re.I
)
"""How a sentence ends before a command, which is read as such."""
_PREPARES = re.compile(
    r"\b(?:pre-?process|convert|prepare|resize|format|reorgani[sz]e|split|move|extract)\w{0,3}\b", re.I
)
_MADE = re.compile(
    r"\b(?:was|were|is|are) generated\b|\b(?:results|logs|code|implementation)\b.{0,80}\b(?:available|found)"
    r"|\b(?:put|place|save|store|copy) (?:the|your) (?:\w{1,20} )?results"
    r"|\b(simulat\w{1,4}|synthetic|generated?|toy|results?|plots?|figures?) (?:data|dataset)",
    re.I,
)
_ORIGIN = re.compile(r"\((?:generated|derived|extracted|constructed|created|sampled|curated) from (?:the )?$", re.I)
"""What stands before a link to the source of which the authors made their own data."""

_LIE_IN = re.compile(
    r"\b(?:(?:found|available|located|stored) (?:in|under|inside|at)|data (?:in|under|inside)) (.{0,120})", re.I
)

_LITERATURE = re.compile(
    r"references?|citations?|citing|bibliography|acknowledge?ments?|related|credits?|contact", re.I
)
_ELSEWHERE = re.compile(
    r"arxiv\.org|doi\.org|openreview|shields\.io|badge|youtube|/papers?/|\.pdf$|wikipedia|travis-ci|proceedings"
    r"|reddit\.com|twitter\.com|zhihu\.com|bilibili\.com|medium\.com|neurips\.cc|nips\.cc|acm\.org|springer|ieee|jmlr|mlr\.press|aclweb|sciencedirect|nature\.com"
)
_LINKED = re.compile(rf"(?<![a-z]){_NOUN}(?![a-z])", re.I)
NOTEBOOK_TEXT = 200_000
"""Characters of the words of one notebook that are read."""
_FORGE = re.compile(r"//(?:www\.)?(?:github|gitlab|bitbucket)\.")
"""Where code lies, whose data may lie there too."""
HEADING_WORDS = 4
"""More words than these head a paper, and no section."""
LINKS = 100
"""Links of one paragraph that are looked at."""
TITLE_WORDS = 7
"""More words than these are a title, which may speak of data as well."""

_REGISTERS = re.compile(
    r"\b(?:regist(?:er|ration)\w{0,3}|sign(?:ing)? up|log ?in|account|credential\w{0,4}|agree(?:ment)? (?:to|form)"
    r"|data use agreement|licen[cs]e agreement|fill (?:in|out)|kaggle)\b",
    re.I,
)
_ASKS_LEAVE = re.compile(
    r"\b(?:(?:up)?on (?:reasonable )?request|request (?:access|the data)|apply for access|e-?mail|contact)\b", re.I
)


@dataclass(frozen=True)
class _Held:
    """The names of the files, and the folders, that the repository holds itself, and of the data that it works on."""

    names: frozenset[str]
    folders: frozenset[str]
    data_sets: frozenset[str] = frozenset()
    """What options and commands call the data sets."""

    @classmethod
    def of(cls, repository: Repository) -> _Held:
        """Return those of a repository."""
        names = frozenset(path.rpartition("/")[2] for path in repository.by_path)
        return cls(names, repository.folders, data_names(repository))

    def leads_here(self, url: str) -> bool:
        """Return whether an address of a code forge ends at a file that the repository holds itself."""
        path = re.split(r"[?#]", url)[0].rstrip("/")
        return bool(re.search(r"/(blob|raw|tree)/", path)) and path.rpartition("/")[2] in self.names

    def named_in(self, sentence: str) -> bool:
        """Return whether a sentence says that data lie in a folder or file that is there, or where those came from."""
        found = _LIE_IN.search(sentence)
        words = re.findall(r"[\w./-]{3,100}", found[1]) if found else []
        return any(word.strip("./") in self.folders or word.rpartition("/")[2] in self.names for word in words)


def from_documents(repository: Repository) -> Iterator[DataReference]:
    """Yield the written instructions of the own documents: sentences first, then links, then commands to type."""
    held = _Held.of(repository)
    data = [file.path for file in repository.own_files if file.kind == "data" and is_data_file(file)]
    folders = {path.rpartition("/")[0] for path in data} - {""}
    names: dict[str, str] = {}
    for document in repository.documents:
        if _SIDE.search(document.path):
            continue
        told = _one_a_place(_told(document, held), names)
        if document.path.rpartition("/")[0] in folders:
            # Beside data that are here a document tells their origin; only what it asks for is to be got.
            yield from (item for item in told if item.sure)
        else:
            yield from told
    yield from _from_notebooks(repository, held)


def _from_notebooks(repository: Repository, held: _Held) -> Iterator[DataReference]:
    """Yield what the words between the cells of notebooks tell; their lines are no lines of the file."""
    for notebook in repository.notebooks:
        text = "\n\n".join(cell.text for cell in notebook.cells if cell.kind == "markdown")[:NOTEBOOK_TEXT]
        if "://" in text:
            for item in _told(read_markdown(notebook.path, text), held):
                yield replace(item, evidence=item.evidence.model_copy(update={"line": None}))


def _one_a_place(told: Iterable[DataReference], names: dict[str, str]) -> Iterator[DataReference]:
    """Yield references with one name for all that lead to one address; `names` keeps what was first said of each."""
    for item in told:
        if item.url and "://" in item.url and not item.data_set:
            yield replace(item, name=names.setdefault(place(item.url), item.name))
        else:
            yield item


def _told(document: Document, held: _Held) -> Iterator[DataReference]:
    outline = Outline(document)
    by_line: dict[int, list[DocumentLink]] = {}
    by_context: dict[str, list[DocumentLink]] = {}  # by the first words of the paragraph that they stand in
    for link in document.links:
        by_line.setdefault(link.line, []).append(link)
        by_context.setdefault(link.context[:80], []).append(link)
    lengths = sorted({len(start) for start in by_context} - {0})
    for line, text in document.prose:
        within = (link for length in lengths for link in by_context.get(text[:length], ()))
        links = list(islice(dict.fromkeys((*by_line.get(line, ()), *within)), LINKS))
        for sentence in _SENTENCE_END.split(text[:5_000]):
            yield from _sentence(document, line, sentence, links, held, text, _heads_data(outline.heading(line)[1]))
    for link in document.links:
        yield from _link(document, link, held)
    yield from _commands(document)


def _sentence(
    document: Document,
    line: int,
    sentence: str,
    links: list[DocumentLink],
    held: _Held,
    paragraph: str,
    section: bool,
) -> Iterator[DataReference]:
    if not says_how(sentence, section):
        return
    inside = [link for link in links if link.text and link.text in sentence and not link.image]
    url = next((link.url for link in inside if _leads_away(link.url)), None)
    if (url and (held.leads_here(url) or NOT_DATA.search(url))) or (inside and not url) or held.named_in(sentence):
        return  # it is here, or it is software, or the link leads nowhere
    named = data_set_in(sentence)
    if not url and not named and _PLACES.match(sentence.strip()) and not _GETS.search(sentence):
        return  # where to put data is not where to get them
    asks = bool(_ASKED.search(sentence))
    yield DataReference(
        named or sentence[:80],
        "instructions",
        FileEvidence(path=document.path, line=line, excerpt=sentence[:300]),
        url,
        canonical(sentence) or ("" if asks else canonical(paragraph[:2_000])),
        sure=asks,
        fixed=fixed_by_address(url or ""),
        access=_access(sentence),
    )


def _heads_data(heading: str) -> bool:
    """Return whether what stands under a heading is about data; a longer one is a title."""
    return bool(_LINKED.search(heading)) and len(heading.split()) <= HEADING_WORDS


def says_how(sentence: str, section: bool = False) -> bool:
    """Return whether a sentence tells a reader to get data by hand, and not that they are here or come by a script.

    In a section about data it need not name them.
    """
    asked = _ASKED.search(sentence)
    words = sentence if asked else re.sub(r"`[^`]{0,300}`", " ", sentence)
    noun = section or re.search(rf"\b{_NOUN}\b", words, re.I) or data_set_in(words)
    gets = asked or (_OFFERED.search(sentence) and not _ANNOUNCES.search(sentence))
    if not noun or not gets or _BROUGHT.search(sentence) or _scripted(sentence) or _MADE.search(sentence):
        return False
    if _OTHER_WAY.search(sentence):
        return False
    return not (
        (WEIGHTS.search(sentence) or MODELS.search(sentence))
        and not re.search(r"\b(data-?sets?|corpus|features|data)\b", sentence, re.I)
    )


def _scripted(sentence: str) -> bool:
    """Return whether a script gets the data; one that prepares what the reader got does not."""
    match = _SCRIPTED.search(sentence)
    if match is None:
        return False
    asked = _ASKED.search(sentence)
    return not (asked and asked.end() < match.start() and _PREPARES.search(sentence, asked.end(), match.start()))


def _access(text: str) -> Literal["", "registration", "request"]:
    if _ASKS_LEAVE.search(text):
        return "request"
    return "registration" if _REGISTERS.search(text) else ""


def _link(document: Document, link: DocumentLink, held: _Held) -> Iterator[DataReference]:
    if link.image or not _leads_away(link.url) or _ELSEWHERE.search(link.url):
        return
    if (
        _LITERATURE.search(link.heading)
        or held.leads_here(link.url)
        or WEIGHTS.search(link.text)
        or _ORIGIN.search(link.context[: max(0, link.context.find(link.text))])
        or _BROUGHT.search(_near(link))
        or _OTHER_WAY.search(_near(link))
    ):
        return
    if plain_name(link.text) in held.data_sets or _is_about_data(link):
        yield DataReference(
            (link.text or link.url)[:200],
            "instructions",
            FileEvidence(path=document.path, line=link.line, excerpt=link.context[:300] or link.url[:300]),
            link.url[:300],
            canonical(link.text) or canonical(link.url) or canonical(_near(link)) or canonical(link.context),
            fixed=fixed_by_address(link.url),
            access=_access(link.context[:600]),
        )


def _is_about_data(link: DocumentLink) -> bool:
    """Return whether the words of a link, its address or what stands around it say that data lie behind it."""
    near = _near(link)
    bare = link.text.startswith("http")
    known = data_set_in(link.text) or ""
    told = _OFFERED.search(near) or (len(known) * 2 >= len(link.text) and not bare)
    title = len(link.text.split()) > TITLE_WORDS and not told
    if _heads_data(link.heading) and not title and not _FORGE.search(link.url):
        return True
    if (known and told) or (_LINKED.search(link.text) and not bare and not title):
        return True
    if DATA_SUFFIX.search(link.url.split("?")[0]) and not NOT_DATA.search(link.url) and not WEIGHTS.search(link.url):
        return True
    subject = f"{near} {link.heading} {link.url}"
    about = (DATA_WORD.search(near) or data_set_in(subject)) and _OFFERED.search(near) and not _MADE.search(near)
    return bool(about and re.match(r"(here|this|link|download|google|dropbox|http)", link.text, re.I))


def _leads_away(url: str) -> bool:
    """Return whether an address leads to another machine, and not to a server that the reader starts."""
    return bool(re.match(r"(?:https?|ftp)://(?!localhost\b|127\.0\.0\.1\b|0\.0\.0\.0)", url))


def _near(link: DocumentLink) -> str:
    """Return the sentence that holds the link."""
    position = link.context.find(link.text) if link.text else -1
    if position < 0:
        return link.context[:300]
    before = re.split(r"(?<=[.!?])\s", link.context[max(0, position - 300) : position])[-1]
    after = re.split(r"(?<=[.!?])\s", link.context[position : position + 300])[0]
    return before + after


def _commands(document: Document) -> Iterator[DataReference]:
    for block in document.blocks:
        for offset, row in enumerate(block.text.split("\n")[:500]):
            if not FETCHES.search(row[:1_000]) or not is_data(row[:2_000], f"{document.path} {block.heading}"):
                continue
            url = ADDRESS.search(row[:2_000])
            if url is None and (block.inline or len(row.split()) < 2):
                continue  # a word in a sentence, which is read as such, or the name of the program alone
            yield DataReference(
                url[0] if url else row.strip()[:80],
                "instructions",
                FileEvidence(path=block.path, line=block.line + offset, excerpt=row.strip()[:300]),
                url[0] if url else "a shell command",
                canonical(row),
                fixed=fixed_by_address(row),
                access="registration" if "kaggle" in row else "",
            )
