"""A PDF becomes a Paper, in a child process with limits on time and memory."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from auditor.confine import confined
from auditor.errors import BadInput, Unreadable
from auditor.paper.language import language
from auditor.paper.model import Line, Page, Paper
from auditor.paper.structure import title

if TYPE_CHECKING:
    from auditor.paper.cells import Rule
    from auditor.paper.characters import Frame
    from auditor.paper.glyphs import Glyphs
    from auditor.paper.layout import Fragment
    from auditor.paper.links import Annotation
    from auditor.paper.model import Box
    from auditor.paper.ocr import Ocr
    from auditor.paper.tables import Sheet

MAX_BYTES = 200 << 20
MAX_MEMORY = 2 << 30
"""Address space of the reading process, in bytes; a hundred pages take a tenth of it."""
MAX_PAGES = 100
MAX_TEXT = 2_000_000
"""Characters read of one PDF; a hundred pages of dense print hold half a million."""
PAGE_SECONDS = 8.0
OCR_SECONDS = 900.0
"""Wall time that OCR may add for all pages together; pages after it are left out."""
TABLE_SECONDS = 20.0


class _OutOfTime(BaseException):
    """A page or the tables took longer than their share; not an Exception, so that no reader's own net catches it."""


@dataclass(frozen=True)
class _Read:
    """What one page gave."""

    number: int
    frame: Frame
    glyphs: Glyphs
    found: list[Fragment]
    hidden: list[Line]
    annotations: list[Annotation]
    pictures: list[Box]
    rules: list[Rule] | None
    """The horizontal rules; None where no word of the page could begin a table's caption, nor the page before ends."""


def read_paper(
    pdf: Path, seconds: float = 60, max_bytes: int = MAX_BYTES, name: str | None = None, ocr: Ocr | None = None
) -> Paper:
    """Return the paper that the file holds; what could not be read of it is listed in `left_out`.

    A scan gives a Paper with `scanned` set, unless `ocr` asks for its words and they could be had. Raises BadInput
    for a file that is missing, too large, no PDF, encrypted, damaged, or without a page; Unreadable when reading
    takes longer than `seconds` or ends the reading process. `name` is what messages call the file.
    """
    name = name or pdf.name
    try:
        size = pdf.stat().st_size
        with pdf.open("rb") as file:
            head = file.read(1024)
    except FileNotFoundError:
        raise BadInput(f"There is no file {name}.") from None
    except OSError as error:
        raise BadInput(f"The file {name} cannot be opened: {error.strerror or error}.") from None
    if size > max_bytes:
        raise BadInput(f"{name} has {size >> 20} MiB; PDFs of up to {max_bytes >> 20} MiB are read.")
    if b"%PDF-" not in head:
        what = "is empty" if not size else "is not a PDF (its first bytes do not say %PDF)"
        raise BadInput(f"{name} {what}.")
    seconds += OCR_SECONDS + PAGE_SECONDS if ocr else 0
    return confined(_extract, str(pdf), name, ocr, seconds=seconds, memory_bytes=MAX_MEMORY, what=f"the PDF {name}")


def _extract(path: str, name: str, ocr: Ocr | None = None) -> Paper:
    document = _open(path, name)
    count = len(document)
    if not count:
        raise BadInput(f"{name} has no pages.")
    left_out: list[str] = []
    if count > MAX_PAGES:
        left_out.append(f"The PDF has {count} pages; the first {MAX_PAGES} were read.")
    read: list[_Read] = []
    characters = 0
    for number in range(1, min(count, MAX_PAGES) + 1):
        if characters > MAX_TEXT:
            left_out.append(f"Page {number} and what follows were left out; the PDF holds more text than is read.")
            break
        try:
            with _limit(PAGE_SECONDS):
                read.append(_read_page(document, number, read[-1] if read else None))
        except _OutOfTime:
            left_out.append(f"Page {number} took longer than {PAGE_SECONDS:.0f} s and was left out.")
        except Exception as error:
            left_out.append(f"Page {number} is damaged and was left out ({type(error).__name__}).")
        else:
            characters += sum(len(word.text) for fragment in read[-1].found for word in fragment.words)
            if read[-1].glyphs.cut:
                left_out.append(f"Page {number} holds more characters than are read; its end was left out.")
    if not read:
        raise BadInput(f"None of the pages of {name} could be read. {left_out[0]}")
    recognised = _recognise(document, read, ocr, left_out)
    return _paper(document, read, left_out, recognised)


def _recognise(document: Any, read: list[_Read], ocr: Ocr | None, left_out: list[str]) -> tuple[int, ...]:
    """Put OCR's words into the pages that are pictures, where that is asked for; return the numbers of these pages."""
    pictures = [place for place, page in enumerate(read) if page.glyphs.picture]
    if not pictures:
        return ()
    from auditor.paper.layout import fragments, without_line_numbers
    from auditor.paper.ocr import MISSING, installed, read_picture

    if ocr is None or not installed():
        silent = [read[place].number for place in pictures if not read[place].glyphs.words]
        # A scan as a whole is told of by its own sentence.
        if ocr:
            left_out.append(MISSING)
        elif silent and 2 * len(pictures) < len(read):
            left_out.append(_pictures_unread(silent))
        return ()
    done: list[int] = []
    end = time.monotonic() + OCR_SECONDS
    for place in pictures:
        number = read[place].number
        if time.monotonic() > end:
            left_out.append(f"Page {number} and the pictures after it were not read: OCR took {OCR_SECONDS:.0f} s.")
            break
        page = document[number - 1]
        try:
            glyphs = read_picture(page, ocr)
        except Unreadable as error:
            left_out.append(f"Page {number} is a picture and could not be read by OCR: {error}.")
            continue
        finally:
            page.close()
        if not glyphs.words:
            left_out.append(f"Page {number} is a picture in which tesseract found no words.")
            continue
        found = fragments(without_line_numbers(glyphs.words))
        read[place] = replace(read[place], frame=glyphs.frame, glyphs=glyphs, found=found, rules=None)
        done.append(number)
    return tuple(done)


def _pictures_unread(numbers: list[int]) -> str:
    which = f"Page {numbers[0]} is a picture" if len(numbers) == 1 else f"Page {numbers[0]} and others are pictures"
    return f"{which} without text, and what stands there was not read (--ocr reads it where tesseract is installed)."


def _read_page(document: Any, number: int, before: _Read | None = None) -> _Read:
    from auditor.paper.glyphs import read_glyphs
    from auditor.paper.hidden import hidden_lines
    from auditor.paper.layout import fragments, without_line_numbers
    from auditor.paper.rules import horizontal_rules

    page = document[number - 1]
    try:
        glyphs = read_glyphs(page)
        frame = glyphs.frame
        words, hidden = hidden_lines(page, number, glyphs)
        found = fragments(without_line_numbers(words))
        captioned = any(word.text.startswith(("Tab", "TAB")) for word in words) or (before and _ends_in_caption(before))
        rules, pictures = horizontal_rules(page, frame) if captioned else (None, [])
        return _Read(number, frame, glyphs, found, hidden, _annotations(document, page, number, frame), pictures, rules)
    finally:
        page.close()


def _ends_in_caption(page: _Read) -> bool:
    """Whether the foot of a page may be the caption of a table on the next one."""
    foot = 0.8 * page.frame.height
    heads = (fragment.words[0] for fragment in page.found)
    return any(word.text.startswith(("Tab", "TAB")) and word.top > foot for word in heads)


def _paper(document: Any, read: list[_Read], left_out: list[str], recognised: tuple[int, ...]) -> Paper:
    from auditor.paper.links import find_links
    from auditor.paper.tables import find_tables

    pages = _pages(read)
    text = " ".join(line.text for page in pages for line in page.lines)
    pictures = sum(page.glyphs.picture and page.number not in recognised for page in read)
    scanned = 2 * pictures >= len(read) or len(text) < 100
    name = title(pages[0], str(document.get_metadata_dict().get("Title", ""))) if pages else ""
    hidden = tuple(line for page in read for line in page.hidden)
    written = _date(str(document.get_metadata_dict().get("CreationDate", "")))
    unread = left_out[0] if left_out else ""
    paper = Paper(name, pages, (), (), language(text), scanned, tuple(left_out), written, hidden, recognised, unread)
    if scanned:
        return paper
    links = find_links(paper, [found for page in read for found in page.annotations])
    try:
        with _limit(TABLE_SECONDS):
            tables, problems = find_tables([_sheet(one, page) for one, page in zip(read, pages, strict=True)])
    except _OutOfTime:
        tables, problems = (), (f"Reading the tables took longer than {TABLE_SECONDS:.0f} s; they were left out.",)
    except Exception as error:
        tables, problems = (), (f"The tables could not be read ({type(error).__name__}).",)
    paper = replace(paper, links=links, tables=tables, left_out=(*left_out, *problems))
    # Derived here, under this process's limits, and kept in the paper that goes back; a rule that fails on this text
    # fails again where a check asks for it, and is shown there.
    with suppress(Exception):
        _ = paper.code_link, paper.code_placeholder, paper.statements, paper.data_sets
    return paper


def _sheet(read: _Read, page: Page) -> Sheet:
    from auditor.paper.tables import Sheet

    return Sheet(page, read.found, read.rules, read.pictures)


def _date(text: str) -> date | None:
    """The date in a PDF's own form, D:YYYYMMDD…; None where there is none."""
    match = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _pages(read: list[_Read]) -> tuple[Page, ...]:
    from auditor.paper.layout import gutter, lines, lines_of_thirds, side_note_edge, thirds, without_running_heads

    splits = [gutter(page.found, page.frame.width) for page in read]
    # A lone page with two columns in a paper of one column is a wide table or a pair of figures.
    if sum(split is not None for split in splits) < 0.2 * len(read):
        splits = [None] * len(read)
    texts = []
    for page, split in zip(read, splits, strict=True):
        if three := thirds(page.found, page.frame.width):
            texts.append(lines_of_thirds(page.found, page.number, split, three))
            continue
        edge = None if split else side_note_edge(page.found, page.frame.width)
        texts.append(lines(page.found, page.number, split, edge))
    texts = without_running_heads(texts, [page.frame.height for page in read])
    return tuple(
        Page(page.number, page.frame.width, page.frame.height, tuple(text))
        for page, text in zip(read, texts, strict=True)
    )


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Interrupt the block after `seconds`; only in the main thread of the reading process, where signals arrive."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _open(path: str, name: str) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise BadInput(f"{name} is encrypted; hand in a copy that opens without a password.") from None
        raise BadInput(f"{name} is damaged or cut short and cannot be opened.") from None


def _annotations(document: Any, page: Any, number: int, frame: Frame) -> list[Annotation]:
    """The web addresses of the page's link annotations, with their boxes."""
    import ctypes

    import pypdfium2.raw as pdfium

    from auditor.paper.links import Annotation

    found: list[Annotation] = []
    position, link, rect = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    while len(found) < 1000 and pdfium.FPDFLink_Enumerate(page.raw, position, link):
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
            continue
        size = min(pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0), 4096)
        buffer = ctypes.create_string_buffer(size + 1)
        pdfium.FPDFAction_GetURIPath(document.raw, action, buffer, size)
        if pdfium.FPDFLink_GetAnnotRect(link, rect):
            box = frame.box(rect.left, rect.bottom, rect.right, rect.top)
            found.append(Annotation(buffer.value.decode("utf-8", "replace"), number, box))
    return found
