"""A Markdown text to a Document, by the tokens of markdown-it and, for the HTML in it, the standard parser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from auditor.repository.model import CodeBlock, Document, DocumentLink, DocumentTable

LINE_LIMIT = 20_000
"""Characters of one line that are parsed; longer ones are data."""
_URL = re.compile(r"https?://[^\s<>\"'`)\]}]{3,500}")
_UNSPACED_HEADING = re.compile(r"^(#{1,6})(?=[^#\s!])", re.M)


def read_markdown(path: str, text: str) -> Document:
    """Return headings, paragraphs, code, links, images and tables of a Markdown text, with their lines.

    Text inside HTML comments is left out. Headings without the space after `#`, which forges once rendered, count.
    """
    from markdown_it import MarkdownIt

    lines = [line[:LINE_LIMIT] for line in text.split("\n")]
    source = _UNSPACED_HEADING.sub(r"\1 ", _without_comments("\n".join(lines)))
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
            self.table, self.table_line = [], self.line
        elif token.type == "tr_open" and self.table is not None:
            self.table.append([])
        elif token.type == "table_close" and self.table:
            self.add_table(self.table, self.table_line)
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
        for url, words, image, line in links:
            self.links.append(DocumentLink(self.path, line, url, words, plain[:500], image, self.heading))

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
            elif child.type == "image":
                links.append((str(child.attrs.get("src", "")), child.content, True, line))
                pieces.append(child.content)
            elif child.type == "link_open":
                opened = (str(child.attrs.get("href", "")), len(pieces))
            elif child.type == "link_close" and opened:
                links.append((opened[0], "".join(pieces[opened[1] :]).strip(), False, line))
                opened = None
            elif child.type == "html_inline":
                for tag, attributes in _tags(child.content):
                    if tag == "img":
                        links.append((attributes.get("src", ""), attributes.get("alt", ""), True, line))
                    elif tag == "a" and attributes.get("href"):
                        links.append((attributes["href"], attributes["href"], False, line))
                    elif tag == "br":
                        pieces.append("\n")
        return "".join(pieces), links

    def html(self, content: str) -> None:
        """Take in a block of HTML: its text, links, images, headings and tables."""
        parser = _Html()
        parser.feed(content[:200_000])
        text = " ".join("".join(parser.text).split())
        for level, title in parser.headings:
            self.headings.append((level, " ".join(title.split()), self.line))
        if text:
            self.prose.append((self.line, text[:20_000]))
        for url, words, image in parser.links:
            self.links.append(DocumentLink(self.path, self.line, url, words, text[:500], image, self.heading))
        for rows in parser.tables:
            self.add_table(rows, self.line)
        for code in parser.code:
            self.blocks.append(CodeBlock(self.path, self.line, code.strip("\n"), heading=self.heading))


def _tags(content: str) -> list[tuple[str, dict[str, str]]]:
    parser = _Html()
    parser.feed(content[:20_000])
    return parser.tags


class _Html(HTMLParser):
    """Text, links, images, headings, tables and preformatted code of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.links: list[tuple[str, str, bool]] = []
        self.headings: list[tuple[int, str]] = []
        self.tables: list[list[list[str]]] = []
        self.code: list[str] = []
        self._heading: int | None = None
        self._pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {key: value or "" for key, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "img":
            self.links.append((attributes.get("src", ""), attributes.get("alt", ""), True))
        elif tag == "a" and attributes.get("href"):
            self.links.append((attributes["href"], "", False))
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._heading = int(tag[1])
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
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

    def handle_data(self, data: str) -> None:
        if self._pre and self.code:
            self.code[-1] += data
            return
        if self._heading is not None:
            self.headings.append((self._heading, data))
            return
        self.text.append(data)
        if self.links and not self.links[-1][1] and not self.links[-1][2]:
            url, _, image = self.links[-1]
            self.links[-1] = (url, data.strip(), image)
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += " ".join(data.split())
