"""Numbers in what a program prints: `key: value`, dicts, tables with a header, epoch lines; linear in the length."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.claims.numbers import Number, find_numbers, parse_cell
from auditor.claims.printed_tables import Header, read_header, read_row
from auditor.claims.reading import STEP, Reading, averaged, has_letters, keyed
from auditor.claims.vocabulary import find_metric, mentions, plain

HEAD_LENGTH = 1 << 20
TAIL_LENGTH = 4 << 20
LINE_LIMIT = 2_000
_WIDE_LIMIT = 200

_ESCAPE = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_RUNS = re.compile(r"\s{7,}|-{7,}|={7,}|_{7,}|\*{7,}|#{7,}|~{7,}|\.{7,}")
_STAMP = re.compile(
    r"^\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\]?\s*(?:-\s*)?"
    r"(?:\[?(?:INFO|DEBUG|WARNING|ERROR)\]?\s*)?(?:[\w.]{1,60}\s*[:-]\s+)?"
)
_WRAPPED = re.compile(
    r"\b(?:np\.|numpy\.|torch\.)?(?:float\d*|int\d*|tensor|array|Decimal)"
    r"\(\s?\[?'?([-+]?[\d.]{1,25}(?:[eE][-+]?\d{1,3})?)'?\]?(?:,[^()]{0,80})?\)"
)
_TOKEN = re.compile(r"[{}\[\],:]|\"[^\"]{0,500}\"|'[^']{0,500}'|[^\s{}\[\],:\"']{1,200}")
_OPENED = re.compile(r"^\s*[{,]?\s*['\"]?([\w .@/+-]{1,60}?)['\"]?\s*[:=]\s*[{\[]\s*$")
_SETTING = re.compile(
    r"^\W{0,6}(dataset|data set|data|task|model|method|algorithm|benchmark|split|config)\s*[:=]\s*(\S.{0,80})$", re.I
)
_DECORATED = re.compile(r"^\s*(?:[=#*\-~_]{2,}|>{1,3})\s*([^=#*~].{0,79}?)\s*(?:[=#*\-~_<]{1,80}|\.{3})?$")
_BRACKETED = re.compile(r"^\s*\[([^\[\]]{1,60})\]$")
_SEPARATORS = (":", "=", "->", "→")
_FILLER = re.compile(r"(?:\s|\b(?:is|was|of|at|reached|score|value)\b|[$*'\"(\[~≈])*$")
_PIECE = re.compile(r"[,;|{}\"'\t]|\s[-–—]\s|\s{3,}|->|→")
_RATIO = re.compile(r"\s?/\s?(\d{1,9})(?:\s?\(\s?(\d{1,3}(?:\.\d+)?)\s?%\s?\))?")
_WORDED = re.compile(r"[^\W\d_]{2}")
_NO_KEYS = re.compile(r"^(?:file|line|https?|at|port|pid|process|seed|time stamp|date)$", re.I)


@dataclass(slots=True)
class _Place:
    """What was printed above and still names what follows: heading, settings, open objects, table header."""

    heading: str = ""
    passing: bool = False
    """Whether the heading is one that a blank line ends."""
    settings: dict[str, str] | None = None
    opened: tuple[str, ...] = ()
    header: Header | None = None

    def names(self) -> tuple[str, ...]:
        named = (*self.opened, self.heading, *(self.settings or {}).values())
        return tuple(name for name in named if name)


def read_text(text: str, limit: int) -> list[Reading]:
    """Return the readings of a program's output, in order: of over 5 MB or `limit` numbers, the first and the last."""
    first: list[Reading] = []
    last: deque[Reading] = deque(maxlen=limit // 2)
    place = _Place(settings={})
    for number, line in _lines(text):
        found = _read_line(line, number, place)
        (first if len(first) < limit // 2 else last).extend(found)
    return [*first, *last]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    skipped_from = skipped_to = len(text)
    if len(text) > HEAD_LENGTH + TAIL_LENGTH:
        skipped_from, skipped_to = HEAD_LENGTH, len(text) - TAIL_LENGTH
    number = 1
    for part in (text[:skipped_from], text[skipped_to:]):
        for raw in part.split("\n"):
            # A progress bar rewrites its line after each carriage return: what stays on the screen is the last piece.
            pieces = [piece for piece in raw[-4 * LINE_LIMIT :].split("\r") if piece.strip()]
            yield number, _clean(pieces[-1]) if pieces else ""
            number += 1
        number += text.count("\n", skipped_from, skipped_to) - 1


def _clean(line: str) -> str:
    line = _ESCAPE.sub("", line[:LINE_LIMIT])
    line = _RUNS.sub(lambda run: run[0][:6], _STAMP.sub("", line))
    return plain(_WRAPPED.sub(r"\1", line)).rstrip()


def _read_line(line: str, number: int, place: _Place) -> list[Reading]:
    if not has_letters(line):
        return _numbers_only(line, number, place)
    header = read_header(line)
    if header:
        place.header = header
        return []
    readings: list[Reading] = []
    if place.header:
        readings = _row(line, number, place)
        if readings:
            return readings
        place.header = None
    if "{" in line and "}" in line:
        readings = _objects(line, number, place)
    readings = readings or _labelled(line, number, place)
    if not readings:
        # A heading that names a metric holds for the rows right below it only.
        place.heading = "" if find_metric(place.heading) else place.heading
        readings = _pairs(line, number, place)
    if not readings:
        _remember(line, place)
    return readings


def _numbers_only(line: str, number: int, place: _Place) -> list[Reading]:
    closing = line.strip().rstrip(",;")
    if not closing and place.passing:
        place.heading, place.passing = "", False
    if closing and set(closing) <= set("}])"):
        place.opened = place.opened[: max(0, len(place.opened) - len(closing))]
    elif place.header and line.strip() and find_numbers(line):
        return _row(line, number, place)
    return []


def _row(line: str, number: int, place: _Place) -> list[Reading]:
    if place.header is None:
        return []
    readings = []
    around = place.names()
    row = read_row(line, place.header)
    stepped = any(STEP.search(column) for column in place.header.columns)
    for column, label, value in row:
        if len(row) < len(place.header.columns) and find_metric(label):
            # `accuracy   0.89   100` in a classification report: the row names its own metric, in its first number.
            return [Reading(label, value, around, number, line)]
        names = (label, *around) if label else around
        readings.append(Reading(averaged(column, label), value, names, number, line, stepped))
    return readings


def _objects(line: str, number: int, place: _Place) -> list[Reading]:
    """Return the numbers of the dict or JSON object printed on this line, each under its path of keys."""
    start = line.index("{")
    tokens = _TOKEN.findall(line[start:])
    before = line[:start].strip(" :=-")
    path: list[str] = []
    key = ""
    readings: list[Reading] = []
    strings: list[str] = []
    for position, token in enumerate(tokens):
        after = tokens[position + 1] if position + 1 < len(tokens) else ""
        if token in "{[":
            path.append(key)
            key = ""
        elif token in "}]":
            if path:
                key = path.pop()
        elif after == ":":
            key = token.strip("'\"")
        elif token not in ",:" and key:
            value = parse_cell(token)
            if value is not None and token[0] not in "'\"":
                around = (*strings, *((before,) if has_letters(before) else ()), *place.names())
                reading = keyed((*path, key), value, around, number, line)
                readings += [reading] if reading else []
            elif token[0] in "'\"" and len(token) < 60:
                strings.append(token.strip("'\""))
            key = "" if "[" not in tokens[position - 1 : position] else key
    return readings


def _pairs(line: str, number: int, place: _Place) -> list[Reading]:
    """Return the numbers of `key: value`, `key=value` and `accuracy 0.81` on this line."""
    named = mentions(line)
    readings: list[Reading] = []
    stepped = STEP.search(line) is not None
    taken = 0
    before = 0
    prefix = ""
    for value in find_numbers(line):
        if value.start < before or any(m.start <= value.start < m.end for m in named):
            continue
        left = line[before : value.start]
        before = value.end
        key, start = _key(left, line[max(taken, value.start - _WIDE_LIMIT) : value.start])
        if not key or line[max(0, value.start - 1) : value.start] == "/":
            continue
        known = find_metric(key) is not None
        ratio = _RATIO.match(line, value.end)
        if ratio:
            if not known:
                continue
            value, before = _ratio(value, ratio), ratio.end()
        if not known and (_NO_KEYS.match(key) or STEP.search(key) or len(key) > 60 or len(key.split()) > 6):
            continue
        outer = line[taken : value.start - start].strip(" \t:=-|,;{}'\"")
        prefix = outer if has_letters(outer) and not prefix else prefix
        names = tuple(dict.fromkeys(name for name in (outer, prefix) if _WORDED.search(name)))
        readings.append(Reading(key, value, (*names, *place.names()), number, line, stepped))
        taken = before
    return readings


def _key(left: str, wide: str) -> tuple[str, int]:
    """Return what the number right of `left` is called, and how many characters left of the number that begins."""
    bare = left.rstrip(" \t'\"[($~≈")
    if bare.endswith(_SEPARATORS):
        body = bare[:-2] if bare.endswith("->") else bare[:-1]
        piece = _last_piece(body)
        if has_letters(piece) and (find_metric(piece) or not _single(wide)):
            return piece, len(left) - body.rfind(piece)
        return (_whole(wide), len(wide)) if _single(wide) else ("", 0)
    # Without a separator only a metric's own name right before the number says what the number is.
    tail = left[-_WIDE_LIMIT:]
    filler = _FILLER.search(tail)
    body = tail[: filler.start()] if filler else tail
    piece = _last_piece(body)
    found = mentions(piece)
    if found and not piece[found[-1].end :].strip(" )"):
        return piece, len(left) - body.rfind(piece)
    return "", 0


def _single(wide: str) -> bool:
    """Whether the words from the last number to this one name one metric and hold no separator but the last."""
    body = wide.rstrip(" \t'\"[($~≈")[:-1]
    return not any(mark in body for mark in ":=") and find_metric(body) is not None


def _whole(wide: str) -> str:
    return wide.rstrip(" \t'\"[($~≈")[:-1].strip(" \t,;|-")


def _last_piece(body: str) -> str:
    body = body.rstrip(" \t'\"")
    cut = 0
    for match in _PIECE.finditer(body):
        cut = match.end()
    for mark in (":", "="):
        cut = max(cut, body.rfind(mark) + 1)
    opened = body.rfind("(", cut)
    if opened >= 0 and ")" not in body[opened:]:
        cut = opened + 1
    closed = body.rfind("]", cut)
    cut = closed + 1 if closed >= 0 else cut
    return body[cut:].strip(" \t([")


def _ratio(value: Number, ratio: re.Match[str]) -> Number:
    """Return the share in `9901/10000 (99%)`: as a quotient where both numbers are whole."""
    whole = int(ratio[1])
    if whole <= 0 or value.value > whole:
        return value
    printed = f"{value.printed}/{ratio[1]}"
    return Number(value.value / whole, printed, False, None, value.start, ratio.end())


def _labelled(line: str, number: int, place: _Place) -> list[Reading]:
    """Return the number of `Cora  0.8100` below a heading that names the metric."""
    if find_metric(place.heading) is None:
        return []
    label, _, last = line.strip().rpartition(" ")
    value = parse_cell(last)
    if value is None or not has_letters(label) or len(label) > 60 or find_numbers(label):
        return []
    return [Reading(place.heading, value, (label.strip(" :=-"), *place.names()), number, line)]


def _remember(line: str, place: _Place) -> None:
    setting = _SETTING.match(line[:120])
    opened = _OPENED.match(line[:100])
    decorated = _DECORATED.match(line[:200]) or _BRACKETED.match(line)
    if setting:
        assert place.settings is not None
        place.settings[setting[1].lower()] = setting[2].strip()
    elif opened:
        place.opened = (*place.opened[-8:], opened[1])
    elif decorated and has_letters(decorated[1]):
        place.heading, place.passing = decorated[1], False
    elif line.endswith(":") and len(line) <= 80:
        place.heading, place.passing = line.strip(" :"), True
