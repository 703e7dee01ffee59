"""The words of a page that is a picture of text, as the program tesseract reads them.

tesseract is called as a program: it takes the picture on its standard input and answers on its standard output, so that
the reading process, which may write no file, needs none. It runs under that process's limit on memory and its own on
time.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from auditor.errors import Unreadable
from auditor.paper.characters import Frame, Style
from auditor.paper.glyphs import Glyphs, Word, frame_of

PROGRAM = "tesseract"
PAGE_SECONDS = 40
"""CPU and wall time for one page; a dense page takes three to ten seconds."""
MAX_PIXELS = 20_000_000
MAX_WORDS = 10_000
_DOTS_PER_INCH = 300
_LEAST_CONFIDENCE = 30.0
"""Of 100; below it stand specks and the strokes of figures."""
_TALL = 0.82
"""Height of a word with ascender and descender, in parts of the font's size."""

MISSING = (
    "OCR was asked for, but the program tesseract is not installed here (for example `apt-get install tesseract-ocr`)."
)


@dataclass(frozen=True)
class Ocr:
    """The user's wish that pictures of text are read; `language` is tesseract's name, such as `eng` or `eng+deu`."""

    language: str = "eng"


def installed() -> bool:
    """Return whether tesseract is on the user's path."""
    return shutil.which(PROGRAM) is not None


def read_picture(page: Any, ocr: Ocr) -> Glyphs:
    """Return the words of a pypdfium2 page in tesseract's order, in points from the page's top left corner.

    Raises Unreadable when tesseract fails or takes longer than its time.
    """
    frame = frame_of(page)
    scale = min(_DOTS_PER_INCH / 72, (MAX_PIXELS / max(frame.width * frame.height, 1)) ** 0.5)
    words = words_of(_recognise(_picture(page, scale), round(72 * scale), ocr.language), 1 / scale, frame)
    return Glyphs(tuple(words), (), (), True, len(words) >= MAX_WORDS, frame)


def _picture(page: Any, scale: float) -> bytes:
    """The page in grey as a PGM file."""
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    pixels, stride, width = memoryview(bitmap.buffer).cast("B"), bitmap.stride, bitmap.width
    rows = (pixels[row * stride : row * stride + width] for row in range(bitmap.height))
    return b"P5 %d %d 255\n" % (width, bitmap.height) + b"".join(rows)


def _recognise(picture: bytes, resolution: int, language: str) -> str:
    command = [PROGRAM, "stdin", "stdout", "-l", language, "--dpi", str(resolution), "tsv"]
    try:
        done = subprocess.run(
            command,
            input=picture,
            capture_output=True,
            timeout=PAGE_SECONDS,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            preexec_fn=_limited,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"tesseract took longer than {PAGE_SECONDS} s") from None
    except OSError as error:
        raise Unreadable(f"tesseract could not be started: {error.strerror}") from None
    if done.returncode:
        said = done.stderr[-2000:].decode("utf-8", "replace").strip().splitlines()
        raise Unreadable(f"tesseract failed: {said[0][:200] if said else f'exit status {done.returncode}'}")
    return done.stdout[: 4 << 20].decode("utf-8", "replace")


def _limited() -> None:
    """Run in the new process: it dies by its own limit even where the one that waits for it is killed first."""
    resource.setrlimit(resource.RLIMIT_CPU, (PAGE_SECONDS, PAGE_SECONDS))


def words_of(table: str, points: float, frame: Frame) -> list[Word]:
    """Return the words of tesseract's TSV, whose boxes are in pixels of `points` each.

    All words of a line share its baseline and size; a line near the page's usual size has that size, for heights of
    words depend on their letters.
    """
    rows: dict[tuple[str, ...], list[Mapping[str, str]]] = defaultdict(list)
    head, *body = table.splitlines() or [""]
    names = head.split("\t")
    for row in body[: 4 * MAX_WORDS]:
        cells: Mapping[str, str] = dict(zip(names, row.split("\t"), strict=False))
        if cells.get("level") == "5" and cells.get("text", "").strip() and _number(cells, "conf") >= _LEAST_CONFIDENCE:
            rows[tuple(cells.get(f"{part}_num", "") for part in ("block", "par", "line"))].append(cells)
    heights = {key: _height(line) * points for key, line in rows.items()}
    usual = statistics.median(heights.values()) if heights else 0.0
    order = count()
    words: list[Word] = []
    for key, line in rows.items():
        tall = usual if abs(heights[key] - usual) < 0.2 * usual else heights[key]
        style = Style(round(tall * 2 / _TALL) / 2 or 0.5, False, 0, True, False)
        bottom = max(_number(cells, "top") + _number(cells, "height") for cells in line) * points
        for cells in line:
            x0 = _number(cells, "left") * points
            x1 = x0 + _number(cells, "width") * points
            text = cells["text"].strip()
            words.append(Word(text, x0, bottom - tall, x1, bottom, bottom - 0.2 * style.size, style, next(order)))
    inside = (word for word in words if word.x0 < frame.width and word.top < frame.height)
    return [word for word, _ in zip(inside, range(MAX_WORDS), strict=False)]


def _height(line: list[Mapping[str, str]]) -> float:
    """The height of a line's letters in pixels: the upper quartile of its words', for short words are low."""
    heights = sorted(_number(cells, "height") for cells in line)
    return heights[(3 * len(heights)) // 4] if heights else 0.0


def _number(cells: Mapping[str, str], name: str) -> float:
    try:
        return float(cells.get(name, ""))
    except ValueError:
        return 0.0
