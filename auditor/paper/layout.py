"""From words on a page to lines in the order in which a person reads them."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.paper.glyphs import Word, superscript
from auditor.paper.model import Box, Line

_MARK = re.compile(r"[0-9]{1,3}(?:,[0-9]{1,3})*")
_NUMBER_ONLY = re.compile(r"\d{1,4}")
_LABEL = re.compile(r"(?:Table|Figure|Fig\.) [\dIVX]", re.I)
"""What begins a caption, which may stand at the top of page after page with another number."""
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—]?(?:\s*(?:/|of)\s*\d{1,4})?", re.I)


class Fragment:
    """Words that follow each other on one baseline without a wide gap."""

    __slots__ = ("main", "words", "x0", "x1")

    def __init__(self, words: list[Word], main: Word) -> None:
        self.words = words
        self.main = main
        """The word that sets the line's size and baseline: the longest of the largest kind."""
        self.x0 = min([word.x0 for word in words])
        """Left edge."""
        self.x1 = max([word.x1 for word in words])
        """Right edge."""


def fragments(words: Sequence[Word]) -> list[Fragment]:
    """Return the words, given in content order, as fragments."""
    found: list[tuple[list[Word], Word]] = []
    run: list[Word] = []
    main, rank = None, (False, 0.0, 0)
    for word in words:
        size = len(word.text)
        own = (size > 1, word.style.size, size)
        if main is None or not _follows(run[-1], main, word):
            if main:
                found.append((run, main))
            run, main, rank = [word], word, own
            continue
        run.append(word)
        if own > rank:
            main, rank = word, own
    if main:
        found.append((run, main))
    return [Fragment(*each) for each in found]


def _follows(last: Word, main: Word, word: Word) -> bool:
    """Whether a word goes on after the last and the main word of a fragment."""
    size = max(last.style.size, word.style.size)
    if not -0.4 * size < word.x0 - last.x1 < 1.05 * size:
        return _is_stacked(last, main, word)
    if abs(word.baseline - last.baseline) < 0.15 * size or abs(word.baseline - main.baseline) < 0.15 * size:
        return True
    # A raised or lowered mark: smaller, and level with part of the line.
    overlap = min(main.bottom, word.bottom) - max(main.top, word.top)
    return abs(word.style.size - main.style.size) > 0.1 * size and overlap > 0.3 * min(
        word.bottom - word.top, main.bottom - main.top
    )


def _is_stacked(last: Word, main: Word, word: Word) -> bool:
    """Whether a word is the lower of two marks that stand one above the other, or the upper."""
    size = main.style.size
    small = max(last.style.size, word.style.size) < 0.85 * size
    apart = 0.3 * size < abs(word.baseline - last.baseline) < 1.3 * size
    level = min(main.bottom, word.bottom) > max(main.top, word.top)
    return small and apart and level and abs(word.x0 - last.x0) < 0.35 * size


def without_line_numbers(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words without the numbers that submissions print beside each line, in either margin."""
    bare = [word for word in words if _NUMBER_ONLY.fullmatch(word.text)]
    others = [word for word in words if len(word.text) > 1 and word.text.isalpha()]
    if len(bare) < 8 or len(others) < 40:
        return words
    left = sorted(word.x0 for word in others)[len(others) // 50]
    right = sorted((word.x1 for word in others), reverse=True)[len(others) // 50]
    dropped: set[int] = set()
    for margin in ([w for w in bare if w.x1 < left + 1], [w for w in bare if w.x0 > right - 1]):
        margin.sort(key=lambda word: word.baseline)
        numbers = [int(word.text) for word in margin]
        rising = sum(1 <= after - before <= 2 for before, after in itertools.pairwise(numbers))
        if len(numbers) >= 8 and rising >= 0.8 * (len(numbers) - 1):
            dropped |= {word.order for word in margin}
    return [word for word in words if word.order not in dropped]


def _before(x: int) -> int:
    return x - 1


def _behind(x: int) -> int:
    return x + 1


def gutter(found: Sequence[Fragment], width: float) -> float | None:
    """Return where the space between two columns of prose lies, or None on a page of one column."""
    best: tuple[int, float] | None = None
    spans = [(f.x0, f.x1) for f in found]
    start, stop = int(0.36 * width), int(0.64 * width)
    if start >= stop:
        return None
    places = range(start, stop, 2)
    # How many fragments cross each place, from where they begin to and where they cease to.
    changes = [0] * (len(places) + 1)
    for x0, x1 in spans:
        first, end = bisect_right(places, x0, key=_before), bisect_left(places, x1, key=_behind)
        if first < end:
            changes[first] += 1
            changes[end] -= 1
    level = list(zip(itertools.accumulate(changes[:-1]), places, strict=True))
    least = min(count for count, _ in level)
    # The middle of the widest run of positions that the fewest fragments cross.
    run: list[int] = []
    for count, x in [*level, (least + 1, stop)]:
        if count == least:
            run.append(x)
        elif run:
            if best is None or len(run) > best[0]:
                best = (len(run), (run[0] + run[-1]) / 2)
            run = []
    if best is None:
        return None
    middle = best[1]
    wide = 0.25 * width
    left = sum(x1 <= middle + 1 and x1 - x0 > wide for x0, x1 in spans)
    right = sum(x0 >= middle - 1 and x1 - x0 > wide for x0, x1 in spans)
    return middle if min(left, right) >= 6 and least <= 0.5 * (left + right) else None


@dataclass(frozen=True, slots=True)
class Thirds:
    """Three columns that reach from `top` to the foot of a page; the middle one lies between `left` and `right`."""

    top: float
    left: float
    right: float
    heading: float
    """Where the heading over the columns begins; `top` if there is none."""


def thirds(found: Sequence[Fragment], width: float) -> Thirds | None:
    """Return where a page's text stands in three columns, as reference lists of journals do, or None."""
    boxes = [(f.x0, f.x1, f.main.top, f.main.bottom) for f in found]
    prose = [box for box in boxes if 0.15 * width < box[1] - box[0] < 0.34 * width]
    middle = sorted((box for box in prose if box[0] < 0.5 * width < box[1]), key=lambda box: box[2])[:200]
    # A centred line above the columns is none of theirs.
    for start in range(0, min(len(middle) - 11, 20)):
        top = middle[start][2] - 0.6 * (middle[start][3] - middle[start][2])  # columns need not be level
        left, right = min(box[0] for box in middle[start:]), max(box[1] for box in middle[start:])
        below = [box for box in boxes if box[2] >= top]
        aside = [sum(x1 <= left + 1 for x0, x1, y, _ in prose if y >= top)]
        aside += [sum(x0 >= right - 1 for x0, x1, y, _ in prose if y >= top)]
        across = sum(x0 < left - 1 < x1 - 2 or x0 + 2 < right + 1 < x1 for x0, x1, _, _ in below)
        if right - left < 0.36 * width and min(aside) >= 8 and across <= 0.03 * len(below):
            return Thirds(top, left, right, _heading_above(boxes, top))
    return None


def _heading_above(boxes: Sequence[Box], top: float) -> float:
    """Where the line directly above begins, if nothing stands beside it."""
    above = sorted((box for box in boxes if box[2] < top), key=lambda box: box[3], reverse=True)
    alone = len(above) == 1 or (len(above) > 1 and above[1][3] < above[0][2])
    return above[0][2] if alone and top - above[0][3] < 40 else top


def side_note_edge(found: Sequence[Fragment], width: float) -> float | None:
    """Return where a column of notes in the left margin ends: narrow lines beside prose that starts further right."""
    prose = Counter(round(f.x0) for f in found if f.x1 - f.x0 > 0.4 * width)
    if not prose:
        return None
    edge, count = prose.most_common(1)[0]
    notes = [f for f in found if f.x1 < edge - 2]
    return edge - 2.0 if edge > 0.19 * width and count >= 8 and len(notes) >= 6 else None


def lines_of_thirds(found: Sequence[Fragment], page: int, split: float | None, three: Thirds) -> list[Line]:
    """Return the lines of a page that ends in three columns: what stands above them first."""
    above = [f for f in found if f.main.top < three.heading]
    heading = [f for f in found if three.heading <= f.main.top < three.top]
    columns: tuple[list[Fragment], ...] = ([], [], [])
    for f in found:
        if f.main.top >= three.top:
            columns[0 if f.x1 <= three.left + 1 else 2 if f.x0 >= three.right - 1 else 1].append(f)
    parts = [_put_together(part, page) for part in (heading, *columns)]
    return lines(above, page, split) + list(itertools.chain(*parts))


def lines(found: Sequence[Fragment], page: int, split: float | None, note_edge: float | None = None) -> list[Line]:
    """Return the page's lines in reading order: bands between full-width lines, in each the left column first."""
    sides: dict[str, list[Fragment]] = {"left": [], "right": [], "full": [], "note": []}
    for fragment in found:
        sides[_side(fragment, split, note_edge)].append(fragment)
    full = _put_together(sides["full"], page)
    if split is None:
        return full + _put_together(sides["note"], page)
    left, right = _put_together(sides["left"], page), _put_together(sides["right"], page)
    ordered: list[Line] = []
    for bar in [*full, None]:
        limit = bar.box[3] if bar else float("inf")
        for column in (left, right):
            taken = [line for line in column if (line.box[1] + line.box[3]) / 2 < limit]
            ordered += taken
            del column[: len(taken)]
        if bar:
            ordered.append(bar)
    return ordered


def _side(fragment: Fragment, split: float | None, note_edge: float | None) -> str:
    if split is None:
        return "note" if note_edge and fragment.x1 < note_edge else "full"
    if fragment.x1 <= split + 3:
        return "left"
    return "right" if fragment.x0 >= split - 3 else "full"


def _put_together(found: list[Fragment], page: int) -> list[Line]:
    rows: list[list[Fragment]] = []
    placed = [(fragment.main, fragment.x0, fragment.x1, fragment) for fragment in found]
    heads: list[Word] = []
    for main, x0, x1, fragment in sorted(placed, key=lambda each: (each[0].baseline, each[1])):
        for row, other in zip(rows[-4:], heads[-4:], strict=True):
            near = abs(main.baseline - other.baseline) < 0.3 * min(main.style.size, other.style.size)
            if near and all(x0 > f.x1 - 2 or x1 < f.x0 + 2 for f in row):
                row.append(fragment)
                break
        else:
            rows.append([fragment])
            heads.append(main)
    order = sorted(range(len(rows)), key=lambda place: heads[place].baseline)
    return [_line([word for f in sorted(rows[n], key=lambda f: f.x0) for word in f.words], page) for n in order]


def _line(words: list[Word], page: int) -> Line:
    counts: dict[float, int] = {}
    bold = 0
    for word in words:
        style, count = word.style, len(word.text)
        kind = round(style.size, 1)
        counts[kind] = counts.get(kind, 0) + count
        if style.bold:
            bold += count
    total = sum(counts.values())
    size = max(counts, key=counts.__getitem__)
    text = _text(words, size)
    if len(counts) > 1 and text.isupper():
        size = max(kind for kind, count in counts.items() if count >= 0.08 * total)
    box: Box = (
        min([word.x0 for word in words]),
        min([word.top for word in words]),
        max([word.x1 for word in words]),
        max([word.bottom for word in words]),
    )
    whole = bold > 0.6 * total
    lead = ""
    if bold and not whole:
        lead = _text(list(itertools.takewhile(lambda word: word.style.bold, words)), size)
    gaps = 0
    for before, after in itertools.pairwise(words):
        gap = after.x0 - before.x1
        if gap > 0 and gap > 1.3 * max(before.style.size, after.style.size):
            gaps += 1
    return Line(page, text, _rounded(box), size, whole, lead, gaps)


def _rounded(box: Box) -> Box:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _text(words: list[Word], size: float) -> str:
    if not words:
        return ""
    base = [word.baseline for word in words if abs(word.style.size - size) < 0.05 * size]
    baseline = sorted(base)[len(base) // 2] if base else words[0].baseline
    small, high = 0.85 * size, baseline - 0.15 * size
    parts: list[str] = []
    end, before = math.inf, 0.0
    for word in words:
        own, text = word.style.size, word.text
        if own < small and word.baseline < high and _MARK.fullmatch(text):
            text = superscript(text)
        if word.x0 - end > 0.09 * (own if own > before else before):
            parts.append(" ")
        parts.append(text)
        end, before = word.x1, own
    joined = "".join(parts).strip()
    # A soft hyphen means something at the end of a line only.
    return joined[:-1].replace("\u00ad", "-") + ("-" if joined.endswith("\u00ad") else joined[-1:])


def without_running_heads(pages: list[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Return the pages without page numbers and without the lines that stand at the same margin of page after page."""
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    edges = [_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    ends = [_outermost(lines, height) for lines, height in zip(pages, heights, strict=True)]
    for number, near in enumerate(zip(edges, ends, strict=True)):
        for line in itertools.chain(*near):
            text, level = _repeated(line)
            for place in (level - 1, level, level + 1):
                seen[text, place].add(number)
    often = {key for key, where in seen.items() if len(where) >= 3 or len(where) == 2 == len(pages)}
    result = []
    for lines, height, edge, end in zip(pages, heights, edges, ends, strict=True):
        dropped = {id(line) for line in [*edge, *end] if _repeated(line) in often and not _LABEL.match(line.text)}
        # Of a lone number further in, a figure's axis may be the owner.
        dropped |= {id(line) for line in _edges(lines, height, 3) if _PAGE_NUMBER.fullmatch(line.text)}
        result.append([line for line in lines if id(line) not in dropped])
    return result


def _edges(lines: list[Line], height: float, most: int = 8) -> list[Line]:
    """The lines in the outer tenth of a page, at most so many above and below (review copies have five)."""
    by_top = sorted(lines, key=lambda line: line.box[1])
    above = [line for line in by_top[:most] if line.box[3] < 0.12 * height]
    return above + [line for line in by_top[-most:] if line.box[1] > 0.88 * height]


def _outermost(lines: list[Line], height: float) -> list[Line]:
    """The first and the last line in wide margins: a number, or words in at most two groups, so no row of a table."""
    if not lines:
        return []
    first, last = min(lines, key=lambda line: line.box[1]), max(lines, key=lambda line: line.box[3])
    wide = [line for line in (first,) if line.box[3] < 0.2 * height]
    wide += [line for line in (last,) if line.box[1] > 0.8 * height]
    return [
        line
        for line in wide
        if line.gaps <= 1 and (sum(map(str.isalpha, line.text)) > 4 or _PAGE_NUMBER.fullmatch(line.text))
    ]


def _repeated(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.box[1] / 6)
