"""READMEs and other prose: headings, paragraphs, code, links and tables, with their lines."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from auditor.repository.documents.markdown import read_markdown
from auditor.repository.documents.text_tables import listed_rows, rows_of, table_end
from auditor.repository.inventory import read_start
from auditor.repository.model import CodeBlock, Document, DocumentLink, DocumentTable, File, Repository

DOCUMENT_LIMIT = 1 << 20
_URL = re.compile(r"https?://[^\s<>\"'`)\]}]{3,500}")
_UNDERLINE = re.compile(r"^([=\-~^\"'#*+.`:])\1{2,200}\s{0,20}$")
_MARKED_HEADING = re.compile(r"^(#{1,6}|\*{1,6})\s")
_README = re.compile(r"^readme([-_. ].{0,40})?$", re.I)
_PREFERRED = (".md", ".markdown", ".rst", "", ".txt", ".org")


def in_order(repository: Repository) -> list[File]:
    """Return the files of the repository's own documents: the top README first, then those nearest to the top."""
    files = [file for file in repository.own_files if file.kind == "document"]
    main = top_readme(files)
    rest = sorted((file for file in files if file is not main), key=lambda file: (file.path.count("/"), file.path))
    return [main, *rest] if main else rest


def read_document_file(root: Path, path: str) -> Document:
    """Return the parts of a document; of a very long one those of its start, and `problem` says so.

    Raises Unreadable where the file cannot be opened.
    """
    text, whole = read_start(root, path, DOCUMENT_LIMIT)
    document = read_document(path, text)
    return document if whole else replace(document, problem=f"only its first {DOCUMENT_LIMIT} bytes were read")


def top_readme(files: list[File]) -> File | None:
    """Return the README nearest to the top, one in English and in Markdown before others; None where none is there."""
    readmes = [file for file in files if _README.match(file.path.rpartition("/")[2])]
    if not readmes:
        return None

    def order(file: File) -> tuple[int, int, int, str]:
        name = file.path.rpartition("/")[2].lower()
        suffix = name[name.rfind(".") :] if "." in name else ""
        translated = 0 if re.match(r"^readme(\.[a-z]+)?$", name) else 1
        return (
            file.path.count("/"),
            translated,
            _PREFERRED.index(suffix) if suffix in _PREFERRED else 9,
            file.path,
        )

    return min(readmes, key=order)


def read_document(path: str, text: str) -> Document:
    """Return the parts of one document, read by its suffix."""
    low = path.lower()
    if low.endswith((".md", ".markdown", ".mkd")):
        return read_markdown(path, text)
    return _read_plain(path, text, rst=low.endswith(".rst"))


class _Plain:
    """A line-by-line reading of reStructuredText and plain text."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.headings: list[tuple[int, str, int]] = []
        self.prose: list[tuple[int, str]] = []
        self.blocks: list[CodeBlock] = []
        self.links: list[DocumentLink] = []
        self.tables: list[DocumentTable] = []
        self.marks: list[str] = []
        self.paragraph: list[str] = []
        self.start = 0

    @property
    def heading(self) -> str:
        return self.headings[-1][1] if self.headings else ""

    def flush(self) -> None:
        text = " ".join(" ".join(self.paragraph).split())
        if text:
            self.prose.append((self.start, text))
            for match in _URL.finditer(text[:20_000]):
                url = match[0].rstrip(".,;:>")
                context = text[max(0, match.start() - 300) : match.end() + 200][:700]
                self.links.append(DocumentLink(self.path, self.start, url, url, context, heading=self.heading))
            for match in re.finditer(r"``?([^`\n]{1,300})`?`", text[:20_000]):
                self.blocks.append(CodeBlock(self.path, self.start, match[1], inline=True, heading=self.heading))
        self.paragraph = []

    def head(self, title: str, mark: str, line: int) -> None:
        if mark not in self.marks:
            self.marks.append(mark)
        self.headings.append((self.marks.index(mark) + 1, title.strip(), line))

    def table(self, rows: list[list[str]], start: int) -> None:
        """Take in the rows of a table, the first of which is its header, with the links in its cells."""
        for row in rows:
            for cell in row:
                for match in _URL.finditer(cell[:5_000]):
                    url = match[0].rstrip(".,;:>_")
                    context = " | ".join(row)[:500]
                    self.links.append(DocumentLink(self.path, start, url, cell[:300], context, heading=self.heading))
        self.tables.append(
            DocumentTable(self.path, start, tuple(rows[0]), tuple(tuple(r) for r in rows[1:]), self.heading)
        )

    def code(self, lines: list[str], start: int, language: str) -> None:
        if any(line.strip() for line in lines):
            self.blocks.append(CodeBlock(self.path, start, "\n".join(lines).rstrip(), language, heading=self.heading))


def _read_plain(path: str, text: str, rst: bool) -> Document:
    plain = _Plain(path)
    lines = [line[:5_000] for line in text.split("\n")]
    number = 0
    while number < len(lines):
        line = lines[number]
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if (end := table_end(lines, number)) > number:
            plain.flush()
            plain.table(rows_of(lines[number:end]), number + 1)
            number = end
        elif line.strip() and _UNDERLINE.match(following) and len(following.strip()) + 2 >= len(line.strip()):
            plain.flush()
            plain.head(line, following[0], number + 1)
            number += 2
        elif not rst and (mark := _MARKED_HEADING.match(line)) and (mark[0][0] == "#" or path.lower().endswith(".org")):
            plain.flush()
            plain.head(line[mark.end() :], mark[0].strip(), number + 1)
            number += 1
        elif line.startswith(("    ", "\t")) and not plain.paragraph and line.strip():
            number = _indented(plain, lines, number)
        elif not line.strip():
            plain.flush()
            number += 1
        elif rst and re.match(r"^\.\.\s", line):
            plain.flush()
            number = _directive(plain, lines, number)
        else:
            if not plain.paragraph:
                plain.start = number + 1
            plain.paragraph.append(line)
            number += 1
    plain.flush()
    return Document(
        path,
        text,
        headings=tuple(plain.headings),
        prose=tuple(plain.prose),
        blocks=tuple(plain.blocks),
        links=tuple(plain.links),
        tables=tuple(plain.tables),
    )


def _indented(plain: _Plain, lines: list[str], number: int, language: str = "") -> int:
    first = number
    block = []
    while number < len(lines) and (lines[number].startswith(("  ", "\t")) or not lines[number].strip()):
        block.append(lines[number].strip())
        number += 1
    plain.code(block, first + 1, language)
    return number


def _directive(plain: _Plain, lines: list[str], number: int) -> int:
    match = re.match(
        r"^\.\.\s+(code-block|code|sourcecode|image|figure|parsed-literal|list-table|csv-table)::\s*(\S{0,300})",
        lines[number],
    )
    if match and match[1] in ("image", "figure"):
        plain.links.append(
            DocumentLink(plain.path, number + 1, match[2], "", lines[number].strip(), image=True, heading=plain.heading)
        )
    target = re.match(r"^\.\.\s+_([^:]{1,200}):\s+(\S{1,500})", lines[number])
    if target:
        plain.links.append(
            DocumentLink(plain.path, number + 1, target[2], target[1], lines[number].strip(), heading=plain.heading)
        )
    number += 1
    while number < len(lines) and (not lines[number].strip() or re.match(r"^\s+:\w+:", lines[number])):
        number += 1
    if match and match[1] in ("list-table", "csv-table"):
        end = number
        while end < len(lines) and (lines[end].startswith((" ", "\t")) or not lines[end].strip()):
            end += 1
        rows = listed_rows(lines[number:end], comma=match[1] == "csv-table")
        if rows:
            plain.table(rows, number + 1)
        return end
    if match and match[1] not in ("image", "figure"):
        return _indented(plain, lines, number, match[2])
    return number
