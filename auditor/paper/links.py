"""The links of a paper, with the sentence around each; and the one that leads to the authors' own code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditor.paper.cited_code import cited_code
from auditor.paper.model import Box, CodeLink, Link, Paper, SectionKind, Sentence
from auditor.paper.own_address import name_in_address
from auditor.paper.prose import passages, split_sentences

_HOSTS = (
    r"github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co|zenodo\.org|git\.io|bit\.ly|goo\.gl|osf\.io"
    r"|tinyurl\.com|figshare\.com|anonymous\.4open\.science|doi\.org|[\w-]{1,60}\.github\.io|kaggle\.com"
    r"|sourceforge\.net"
)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"{}|\\^`“”⁰¹²³⁴-⁹]{3,500}"
    rf"|(?<![\w/@.])(?:{_HOSTS})/[^\s<>\"{{}}|\\^`“”⁰¹²³⁴-⁹]{{2,500}}",
    re.I,
)
_FORGE = re.compile(
    r"(?:^|\.)(?:github\.com|gitlab\.[\w.-]+|bitbucket\.org|codeberg\.org|git\.io|git\.sr\.ht|anonymous\.4open\.science"
    r"|gitee\.com|framagit\.org|sourceforge\.net|zenodo\.org|osf\.io|github\.io)$|^git(?:lab|ea|hub)?\.",
    re.I,
)
_NO_CODE_HOST = re.compile(
    r"(?:^|\.)(?:arxiv\.org|creativecommons\.org|orcid\.org|youtube\.com|youtu\.be|openreview\.net"
    r"|crossmark\.crossref\.org"
    r"|wikipedia\.org|nips\.cc|neurips\.cc|pytorch\.org|tensorflow\.org|aclweb\.org|aclanthology\.org)$",
    re.I,
)
# Addresses that stand in a paper until the real one may be told.
_PLACEHOLDER = re.compile(
    r"/(?:anonym\w*|x{3,}|username|your[-_]\w+|user/repo\w*|tba|tbd|url|link|blinded|hidden)/?$", re.I
)
_CODE = (
    r"(?:source[- ]?codes?|code ?bases?|codes?|implementations?|software|scripts?|repositor(?:y|ies)|repo|notebooks?"
    r"|packages?|toolbox|toolkits?|library|python module|artifacts?)"
)
_AVAILABLE = (
    r"(?:available|found|accessed|accessible|released?|open[- ]?sourced?|obtained|provided|hosted|published?|downloaded"
    r"|shared|maintained|public(?:ly)?|located|accompan\w+)"
)
_RELEASED = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_CODE}\b.{{0,140}}\b{_AVAILABLE}\b",
        r"\b(?:we|authors?)\b.{0,60}\b(?:releas|open[- ]?sourc|publish|provid|shar|mak|host|upload|includ)\w*"
        rf".{{0,80}}\b{_CODE}\b",
        rf"\b{_AVAILABLE}\b.{{0,60}}\b(?:our|the)\b.{{0,30}}\b{_CODE}\b",
        rf"\b{_CODE}\s(?:of|for|accompanying|behind)\s(?:this|our)\b",
        r"\b(?:find|see|get|access|visit|refer to)\b.{0,60}\b(?:our|the (?:full|complete|source))\b.{0,40}\bcode\b",
    )
)
# "Code to reproduce all experiments is at <address>": what stands before the address.
_LIES_AT = re.compile(
    rf"\b{_CODE}\b[^.;]{{0,120}}\b(?:is|are|lives?|resides?|appears?)\s(?:at|in|on|under|here)\s*[:(]?\s*$", re.I
)
_USED = re.compile(
    r"\b(?:us(?:e[ds]?|ing)|base[ds]?|adopt\w*|adapt\w*|build|built|follow\w*|borrow\w*|modif\w+|from)\b", re.I
)
_MENTIONED = re.compile(
    rf"\b(?:our|my|project|this)(?:\s\w+){{0,3}}\s(?:{_CODE}|github|gitlab|website|web ?page|project page)\b", re.I
)
_LABEL = re.compile(
    rf"(?:^|[\s(\[¹²³⁴-⁹⁰∗*†‡])(?:{_CODE}|github|gitlab|git|project page|project|website)(?: link| url| page"
    r"| repository)?"
    r"(?: (?:is )?(?:available )?(?:here|at|in|on))?\s*[:=]?\s*$",
    re.I,
)
# "Code and paper:", "Code, data and models:" as a label of its own.
_JOINT_LABEL = re.compile(rf"^[\W\d]*{_CODE}(?:(?:,| and| &| \+|/)\s?(?:\w+\s?){{1,2}}){{1,3}}\s*[:=]\s*$", re.I)
_OTHERS = re.compile(
    rf"\b(?:their|his|her|third[- ]party)\b.{{0,40}}\b{_CODE}\b|\b(?:original|official|public|existing|reference)"
    rf"\b[\w\s-]{{0,30}}\b{_CODE}\b"
    rf"|\b{_CODE}\s(?:\w+\s){{0,3}}(?:provided|released|published|shared|written|developed"
    r"|made available)\s(?:\w+\s){0,2}(?:by|in|from)\b"
    rf"|\b{_CODE}\s(?:of|from|by)\s[^.]{{0,50}}(?:et al|\[\d)|\bauthors? of\b|\boriginal authors?\b"
    r"|\bwe\s(?:\w+\s){0,2}(?:use|used|adopt\w*|adapt\w*|build|built|borrow\w*|follow\w*|employ\w*|rely|relied"
    r"|modif\w+|base[ds]?|start\w*|took|take)\b"
    rf".{{0,80}}\b{_CODE}\b|\b(?:based|built|building) (?:up)?on\b.{{0,60}}\b{_CODE}\b|(?<!can be )"
    r"\b(?:taken|obtained|downloaded|borrowed|adapted) from\b"
    rf"|\bimplemented (?:in|with|using|by)\b|\b(?:use|used|using) the\b.{{0,60}}\b{_CODE}\b",
    re.I,
)
_OURS = re.compile(
    r"\bour (?:own )?(?:\w+ ){0,3}(?:code|implementation|repositor|repo\b|github|software|scripts?|library|package"
    r"|toolbox|codebase)"
    r"|\bcodes? (?:of|for|accompanying|behind) (?:this|our)\b"
    r"|\bwe (?:\w+ ){0,3}(?:release|open[- ]?source|publish|share|make|provide)|\bcode (?:we|to reproduce"
    r"|for (?:this|our|the) (?:paper|work|experiments?))"
    r"|\b(?:to )?reproduc\w+ (?:our|the|all)\b",
    re.I,
)
_DENIED = re.compile(
    rf"\b(?:no|not|cannot|can't|never|without|unable|unavailable)\b[^,;]{{0,50}}\b(?:{_CODE}|{_AVAILABLE})\b"
    r"|\bupon (?:request|acceptance|publication)\b|\bafter (?:acceptance|publication)\b",
    re.I,
)
_DATA_ONLY = re.compile(
    r"\b(?:data ?sets?|data|corpus|corpora|benchmarks?|checkpoints?|weights|models?|videos?|demo)\b", re.I
)


MAX_LINKS = 2_000


@dataclass(frozen=True, slots=True)
class Annotation:
    """A link annotation: its address, its page and its box."""

    url: str
    page: int
    box: Box


def find_links(paper: Paper, annotations: Iterable[Annotation]) -> tuple[Link, ...]:
    """Return every web link of the paper in order of pages: annotations first, then addresses that are only printed.

    The same address counts once a page. An annotation that a tool cut at the line's end gives way to the longer
    printed address, and a printed one that lost its tail gives way to the annotation.
    """
    printed = _printed(paper)
    marked = _marked(paper.sentences, annotations, printed)
    by_page: dict[int, list[Link]] = {}
    for link in [*marked, *printed]:
        others = by_page.setdefault(link.page, [])
        same = next((place for place, other in enumerate(others) if _same(other.url, link.url)), None)
        if same is None:
            others.append(link)
        elif _longer(link, others[same]):
            others[same] = link
    return tuple(link for page in sorted(by_page) for link in by_page[page])[:MAX_LINKS]


def _same(one: str, two: str) -> bool:
    one, two = _plain(one), _plain(two)
    if one == two:
        return True
    short, long = sorted((one, two), key=len)
    if not long.startswith(short) or "/" not in short:
        return False
    return long[len(short)] == "." or (short.endswith(("-", "_", "/", "=", "?", "&")) or short.count("/") < 2)


def _plain(url: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", url.strip(), flags=re.I)


def _longer(new: Link, old: Link) -> bool:
    return len(_plain(new.url)) > len(_plain(old.url)) and _plain(old.url).rstrip("/") != _plain(new.url).rstrip("/")


def _marked(sentences: Sequence[Sentence], annotations: Iterable[Annotation], printed: Sequence[Link]) -> list[Link]:
    found = []
    for annotation in annotations:
        url = annotation.url.strip()
        if not re.match(r"https?://[^\s/]", url, re.I):
            continue
        text = next((link for link in printed if link.page == annotation.page and _same(link.url, url)), None)
        if text:
            found.append(Link(url, annotation.page, text.context, "annotation", text.kind, annotation.box))
            continue
        around = _around(sentences, annotation)
        kind: SectionKind = around.kind if around else "references"
        found.append(Link(url, annotation.page, around.text if around else "", "annotation", kind, annotation.box))
    return found


def _around(sentences: Sequence[Sentence], annotation: Annotation) -> Sentence | None:
    x, y = (annotation.box[0] + annotation.box[2]) / 2, (annotation.box[1] + annotation.box[3]) / 2
    holding = [
        sentence
        for sentence in sentences
        if sentence.page == annotation.page
        and sentence.box[0] - 2 <= x <= sentence.box[2] + 2
        and sentence.box[1] - 2 <= y <= sentence.box[3] + 2
    ]
    # Two sentences may share a line: the one that speaks of code or has an address is the likelier neighbour.
    return min(
        holding,
        key=lambda sentence: (
            not re.search(rf"\b{_CODE}\b|\bhere\b|\blink\b", sentence.text, re.I),
            sentence.box[3] - sentence.box[1],
        ),
        default=None,
    )


def _printed(paper: Paper) -> list[Link]:
    found = [
        Link(url, sentence.page, sentence.text, "text", sentence.kind, sentence.box)
        for sentence in paper.sentences
        for url in urls(sentence.text)
    ]
    for section in paper.sections:
        if section.kind in ("references", "checklist"):
            for passage in passages(paper.lines[section.first : section.last], 0.0, frozenset()):
                for start, end in split_sentences(passage.text):
                    page, box = passage.place(start, end)
                    text = passage.text[start:end].strip()
                    found += [Link(url, page, text, "text", section.kind, box) for url in urls(text)]
    return found


def urls(text: str) -> list[str]:
    """Return the web addresses printed in the text, without the punctuation of the sentence around them."""
    if "/" not in text and "www." not in text.casefold():
        return []
    return [_trimmed(match[0]) for match in _URL.finditer(text)]


def _trimmed(url: str) -> str:
    while url and (url[-1] in ".,;:!?'\"’”*†‡]>" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url if re.match(r"https?://", url, re.I) else "https://" + url


def code_link(paper: Paper) -> CodeLink | None:
    """Return the link that the paper gives for its own code, and why it is taken for that; None where there is none.

    The sentence around a link decides: one that releases code, a label such as "Code:", the sentence that a footnote
    hangs on, or the address of a code host under the title. Other people's code, data sets, and code that is denied or
    promised are not it.
    """
    best: tuple[int, CodeLink] | None = None
    for link in paper.links:
        if link.kind == "checklist" or _NO_CODE_HOST.search(_host(link.url)) or _PLACEHOLDER.search(link.url):
            continue
        if link.kind == "references" and not (_OURS.search(link.context) or _sentence_of_note(link, paper)):
            continue
        judged = _judge(link, paper)
        if judged is None:
            continue
        strength = judged[0] + (1 if is_forge(link.url) else 0)
        if link.url.lower().endswith((".pdf", ".png", ".mp4", ".zip?dl=0")):
            strength -= 3
        if best is None or strength > best[0]:
            best = strength, CodeLink(link, judged[1])
    cited = _cited(paper) if best is None or best[0] < _CITED else None
    return cited or (_whole_repository(best[1], paper) if best else None)


_CITED = 5
"""How much the link of a reference weighs that a sentence releasing the code cites."""


def _cited(paper: Paper) -> CodeLink | None:
    """Return the authors' code that is named only through a citation, as in `our code is available at [30]`."""
    name = paper.title.partition(":")[0]
    for sentence in paper.sentences:
        text = sentence.text[:1_500]
        own = sentence.kind == "abstract" or _OURS.search(text) or (len(name.split()) == 1 and name in text)
        released = own and any(pattern.search(text) for pattern in _RELEASED)
        if released and not (urls(text) or _DENIED.search(text) or (_OTHERS.search(text) and not _OURS.search(text))):
            found = cited_code(paper, sentence)
            if found:
                return found
    return None


def code_placeholder(paper: Paper) -> Link | None:
    """Return the address that stands in the paper until that of its code may be told (`github.com/anonymous`)."""
    for link in paper.links:
        hidden = is_forge(link.url) and _PLACEHOLDER.search(link.url) and link.kind not in ("references", "checklist")
        if hidden and _judge(link, paper):
            return link
    return None


def _whole_repository(own: CodeLink, paper: Paper) -> CodeLink:
    """The link itself, or where it leads to one file of a repository, the paper's link to that repository."""
    if "/blob/" not in own.link.url:
        return own
    root = _plain(own.link.url).split("/blob/")[0]
    whole = next((link for link in paper.links if _plain(link.url).rstrip("/") == root), None)
    return CodeLink(whole, f"{own.why}, for a file of it") if whole else own


def is_forge(url: str) -> bool:
    """Whether the address is that of a host of repositories or archives of code."""
    return bool(_FORGE.search(_host(url)))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _judge(link: Link, paper: Paper) -> tuple[int, str] | None:
    before, after = _clause(link)
    clause = f"{before} {after}".strip()
    hung_on = _sentence_of_note(link, paper)
    for text, why in (
        (clause, "the sentence around it releases the code"),
        (hung_on, "its footnote hangs on a sentence about the authors' code"),
    ):
        if not text or (_OTHERS.search(text) and not _OURS.search(text)) or _DENIED.search(text):
            continue
        if any(pattern.search(text) for pattern in _RELEASED) or (text == clause and _LIES_AT.search(before)):
            return (7 if _OURS.search(text) else 6), why
        # "Our implementation" alone does not say that the link leads to it; on a host of code it may.
        if _MENTIONED.search(text) and is_forge(link.url):
            return 3, why
    if _OTHERS.search(clause) or _DENIED.search(clause) or (hung_on and _OTHERS.search(hung_on)):
        return None
    if _JOINT_LABEL.search(before) or (_LABEL.search(before) and not _DATA_ONLY.search(before)):
        return 4, "it is labelled as the code"
    told_of = is_forge(link.url) and link.kind not in ("references", "checklist") and not _USED.search(before)
    if told_of and (name := name_in_address(link.url, paper)):
        return 2, f"its address bears {name}"
    if _host(link.url) == "anonymous.4open.science":
        return 2, "its host holds anonymised copies of repositories under review"
    if is_forge(link.url) and link.page == 1 and link.kind in ("front", "abstract") and _path_parts(link.url) >= 2:
        return 1, "it stands under the title"
    return None


def _path_parts(url: str) -> int:
    return len([part for part in urlsplit(url).path.split("/") if part])


def _clause(link: Link) -> tuple[str, str]:
    """What stands before and after the link in its sentence, up to the links beside it."""
    spans = [(m.start(), m.end(), _trimmed(m[0])) for m in _URL.finditer(link.context)]
    place = next((n for n, span in enumerate(spans) if _same(span[2], link.url)), None)
    if place is None:
        return link.context, ""
    start = spans[place - 1][1] if place else 0
    end = spans[place + 1][0] if place + 1 < len(spans) else len(link.context)
    return link.context[start : spans[place][0]], link.context[spans[place][1] : end] if place + 1 == len(spans) else ""


def _sentence_of_note(link: Link, paper: Paper) -> str:
    """The sentence that carries the mark of the footnote which holds the link."""
    mark = re.match(r"[¹²³⁴-⁹⁰]{1,3}|[∗*†‡§]{1,2}", link.context)
    if not mark:
        return ""
    carrying = re.compile(rf"[\w.,;:)\]”\"’]\s?{re.escape(mark[0])}(?![¹²³⁴-⁹⁰])")
    for page in (link.page, link.page - 1):
        for sentence in paper.sentences:
            if sentence.page == page and sentence.text != link.context and carrying.search(sentence.text):
                return sentence.text
    return ""
