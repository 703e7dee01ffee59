"""A Markdown text to a Document, by the tokens of markdown-it and, for the HTML in it, the standard parser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

from auditor.repository.model import CodeBlock, Document, DocumentLink, DocumentTable

LINE_LIMIT = 20_000
"""Characters of one line that are parsed; longer ones are data."""
_URL = re.compile(r"https?://[^\s<>\"'`)\]}]{3,500}")
_BLANK_BEFORE_TAG = re.compile(r"(?<=>)[ \t]{0,20}(?:\n[ \t]{0,20}){2,20}(?=<)")
_RULE = re.compile(r"^[\s|:+\-=]{3,500}$")
_TABLE_TAG = re.compile(r"</?table(?![a-z])", re.I)
_STRUCK = re.compile(r"<(del|strike)>[^<]{0,4000}</\1>|(?<!~)~~(?=[^\s~])[^~\n]{1,2000}~~(?!~)", re.I)
_UNSPACED_HEADING = re.compile(r"^(#{1,6})(?=[^#\s!])", re.M)


def read_markdown(path: str, text: str) -> Document:
    """Return headings, paragraphs, code, links, images and tables of a Markdown text, with their lines.

    Text inside HTML comments, or struck out, is left out. Headings without the space after `#`, which forges once
    rendered, count. A link in a table has its row and its column's header for context; rows of `a | b | c` without a
    ruler are a table.
    """
    from markdown_it import MarkdownIt

    lines = [line[:LINE_LIMIT] for line in text.split("\n")]
    source = _UNSPACED_HEADING.sub(r"\1 ", _tables_joined(_without_struck(_without_comments("\n".join(lines)))))
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    reader = _Reader(path)
    reader.read(tokens)
    return Document(
        path,
        text,
        headings=tuple(reader.headings),
        prose=tuple(reader.prose),
        blocks=tuple(reader.blocks),
        links=tuple(reader.links),
        tables=tuple(reader.tables),
    )


def _without_struck(text: str) -> str:
    """Return the text without what its authors crossed out, line breaks kept."""
    return _STRUCK.sub(lambda match: "\n" * match[0].count("\n"), text)


def _without_comments(text: str) -> str:
    """Return the text with HTML comments blanked out, line breaks kept."""
    pieces, position = [], 0
    while True:
        start = text.find("<!--", position)
        if start < 0:
            break
        end = text.find("-->", start + 4)
        if end < 0:
            break
        pieces += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end + 3
    return "".join(pieces) + text[position:]


def _tables_joined(text: str) -> str:
    """Return the text with the blank lines between the tags of an HTML table filled: Markdown ends the HTML there."""
    pieces, position, start = [], 0, -1
    for match in _TABLE_TAG.finditer(text):
        if match[0][1] != "/":
            start = match.start() if start < 0 else start
        elif start >= 0:
            pieces += [text[position:start], _BLANK_BEFORE_TAG.sub(_filled, text[start : match.start()])]
            position, start = match.start(), -1
    return "".join(pieces) + text[position:]


def _filled(match: re.Match[str]) -> str:
    return match[0].replace("\n", "\n<!---->")


class _Reader:
    """The state of one pass over the block tokens."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.headings: list[tuple[int, str, int]] = []
        self.prose: list[tuple[int, str]] = []
        self.blocks: list[CodeBlock] = []
        self.links: list[DocumentLink] = []
        self.tables: list[DocumentTable] = []
        self.table: list[list[str]] | None = None
        self.table_line = 0
        self.table_links: list[tuple[int, int, int]] = []
        """Of each link in the table that is being read: its place in `links`, its row and its column."""
        self.in_heading: int | None = None
        self.line = 1

    @property
    def heading(self) -> str:
        return self.headings[-1][1] if self.headings else ""

    def read(self, tokens: Sequence[Any]) -> None:
        """Take in every block token."""
        for token in tokens:
            if token.map:
                self.line = token.map[0] + 1
            if token.type == "heading_open":
                self.in_heading = int(token.tag[1])
            elif token.type == "fence":
                language = token.info.strip().split(" ")[0].strip("{}.")
                self.blocks.append(
                    CodeBlock(self.path, self.line + 1, token.content.rstrip("\n"), language, heading=self.heading)
                )
            elif token.type == "code_block":
                self.blocks.append(CodeBlock(self.path, self.line, token.content.rstrip("\n"), heading=self.heading))
            elif token.type == "html_block":
                self.html(token.content)
            elif token.type == "inline":
                self.inline(token)
            else:
                self.table_token(token)

    def table_token(self, token: Any) -> None:
        if token.type == "table_open":
            self.table, self.table_line, self.table_links = [], self.line, []
        elif token.type == "tr_open" and self.table is not None:
            self.table.append([])
        elif token.type == "table_close" and self.table:
            self.add_table(self.table, self.table_line)
            for place, row, column in self.table_links:
                context = _row_context(self.table, row, column)
                self.links[place] = replace(self.links[place], context=context)
            self.table = None

    def add_table(self, rows: list[list[str]], line: int) -> None:
        kept = [tuple(row) for row in rows if row]
        if kept:
            self.tables.append(DocumentTable(self.path, line, kept[0], tuple(kept[1:]), self.heading))

    def inline(self, token: Any) -> None:
        text, links = self.spans(token)
        plain = " ".join(text.split())
        if self.in_heading is not None:
            self.headings.append((self.in_heading, plain, self.line))
            self.in_heading = None
        elif self.table is not None and self.table:
            self.table[-1].append(plain)
        elif plain:
            self.prose.append((self.line, plain))
            self.ruleless(text)
        ends: dict[str, int] = {}
        for url, words, image, line in links:
            if self.table:
                self.table_links.append((len(self.links), len(self.table) - 1, len(self.table[-1]) - 1))
            context, ends[words] = around(plain, words, ends.get(words, 0))
            self.links.append(DocumentLink(self.path, line, url, words, context, image, self.heading))

    def ruleless(self, text: str) -> None:
        """Take in a paragraph of rows with the same bars as a table: forges show it as written."""
        lines = [line.strip().strip("|") for line in text.split("\n")[:500] if not _RULE.match(line)]
        rows = [[cell.strip() for cell in line.split("|")] for line in lines]
        if len(rows) >= 3 and len(rows[0]) >= 3 and all(len(row) == len(rows[0]) for row in rows):
            self.add_table(rows, self.line)

    def spans(self, token: Any) -> tuple[str, list[tuple[str, str, bool, int]]]:
        """Return the text of an inline token and its links; code spans become blocks."""
        pieces: list[str] = []
        links: list[tuple[str, str, bool, int]] = []
        line = self.line
        opened: tuple[str, int] | None = None
        for child in token.children or []:
            if child.type in ("softbreak", "hardbreak"):
                line += 1
                pieces.append("\n")
            elif child.type == "text":
                pieces.append(child.content)
                for match in _URL.finditer(child.content) if opened is None else ():
                    url = match[0].rstrip(".,;:")
                    links.append((url, url, False, line))
            elif child.type == "code_inline":
                pieces.append(f"`{child.content}`")
                self.blocks.append(CodeBlock(self.path, line, child.content, inline=True, heading=self.heading))
                if _URL.fullmatch(child.content.strip()) and opened is None:  # an address in code to be copied
                    links.append((child.content.strip(), child.content.strip(), False, line))
            elif child.type == "image":
                links.append((str(child.attrs.get("src", "")), child.content, True, line))
                pieces.append(child.content)
            elif child.type == "link_open":
                opened = (str(child.attrs.get("href", "")), len(pieces))
            elif child.type == "link_close" and opened:
                links.append((opened[0], "".join(pieces[opened[1] :]).strip(), False, line))
                opened = None
            elif child.type == "html_inline":
                if child.content.lower().startswith("</a") and opened:
                    links.append((opened[0], "".join(pieces[opened[1] :]).strip(), False, line))
                    opened = None
                for tag, attributes in _tags(child.content):
                    if tag == "img":
                        links.append((attributes.get("src", ""), attributes.get("alt", ""), True, line))
                    elif tag == "a" and attributes.get("href"):
                        opened = (attributes["href"], len(pieces))
                    elif tag == "br":
                        pieces.append("\n")
        if opened:
            links.append((opened[0], "".join(pieces[opened[1] :]).strip()[:200], False, line))
        return "".join(pieces), links

    def html(self, content: str) -> None:
        """Take in a block of HTML: its text, links, images, headings and tables."""
        parser = _Html()
        parser.feed(content[:200_000])
        parser.finish()
        text = " ".join("".join(parser.text).split())
        for level, title in parser.headings:
            self.headings.append((level, " ".join(title.split()), self.line))
        if text:
            self.prose.append((self.line, text[:20_000]))
        for link in parser.links:
            line = self.line + link.line - 1
            self.links.append(
                DocumentLink(self.path, line, link.url, link.words, link.context, link.image, self.heading)
            )
        for rows in parser.tables:
            self.add_table(rows, self.line)
        for code in parser.code:
            self.blocks.append(CodeBlock(self.path, self.line, code.strip("\n"), heading=self.heading))


def around(text: str, words: str, start: int) -> tuple[str, int]:
    """Return the text around the first place of `words` from `start` on, and where they end; at most 700 characters."""
    place = text.find(words, start) if words else -1
    if place < 0:
        return text[:500], start
    end = place + len(words)
    return text[max(start, place - 300) : end + 200][:700], end


def _row_context(table: list[list[str]], row: int, column: int) -> str:
    """Return the words at a cell of a table: its column's header, and its row."""
    header = table[0][column] if row and column < len(table[0]) else ""
    return f"{header}: {' | '.join(table[row])}"[:500].removeprefix(": ")


def _tags(content: str) -> list[tuple[str, dict[str, str]]]:
    parser = _Html()
    parser.feed(content[:20_000])
    return parser.tags


@dataclass
class _HtmlLink:
    """A link or image of a piece of HTML: its line in it, and the words around it once all is read."""

    url: str
    words: str
    image: bool
    line: int
    start: int
    """How many pieces of text stood before it."""
    context: str = ""


class _Html(HTMLParser):
    """Text, links, images, headings, tables and preformatted code of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.links: list[_HtmlLink] = []
        self.headings: list[tuple[int, str]] = []
        self.tables: list[list[list[str]]] = []
        self.code: list[str] = []
        self._heading: int | None = None
        self._pre = False
        self._anchor: _HtmlLink | None = None
        self._row: list[_HtmlLink] = []
        """The links of the table row that is being read."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {key: value or "" for key, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "img":
            self._link(attributes.get("src", ""), attributes.get("alt", ""), image=True)
        elif tag == "a" and attributes.get("href"):
            self._anchor = self._link(attributes["href"], "", image=False)
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._heading = int(tag[1])
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
            self._row = []
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
        elif tag == "pre":
            self._pre = True
            self.code.append("")
        if tag in ("br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4"):
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._heading = None
        elif tag == "pre":
            self._pre = False
        elif tag == "a":
            self._anchor = None
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._row = []

    def handle_data(self, data: str) -> None:
        if self._pre and self.code:
            self.code[-1] += data
            return
        if self._heading is not None:
            self.headings.append((self._heading, data))
            return
        self.text.append(data)
        if self._anchor is not None:
            self._anchor.words = f"{self._anchor.words} {data.strip()}".strip()
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += " ".join(data.split())

    def finish(self) -> None:
        """Give each link outside of a table the words around it."""
        self.close()
        for link in self.links:
            if not link.context:
                around = "".join(self.text[max(0, link.start - 20) : link.start + 20])
                link.context = " ".join(around.split())[:500]

    def _link(self, url: str, words: str, image: bool) -> _HtmlLink:
        link = _HtmlLink(url, words, image, self.getpos()[0], len(self.text))
        self.links.append(link)
        self._row.append(link)
        return link

    def _end_row(self) -> None:
        table = self.tables[-1] if self.tables else []
        for link in self._row if table else ():
            link.context = " | ".join(table[-1])[:500]
        self._row = []
