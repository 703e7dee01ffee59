"""Numbers in the files that a run wrote, read without running or unpickling anything."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from auditor.claims.numbers import Number, parse_cell
from auditor.claims.printed_text import read_text
from auditor.claims.reading import STEP, Reading, averaged, has_letters, keyed
from auditor.claims.vocabulary import find_metric

MAX_BYTES = 10 << 20
_DEPTH = 12
_ARRAY_LIMIT = 1_000
_EMBEDDED_LIMIT = 1 << 20
_FORMATS = {
    "f2": "e",
    "f4": "f",
    "f8": "d",
    "i1": "b",
    "i2": "h",
    "i4": "i",
    "i8": "q",
    "u1": "B",
    "u2": "H",
    "u4": "I",
    "u8": "Q",
}
_DESCR = re.compile(r"'descr':\s?'([<>|=])([a-z]\d{1,2})'")
_TABULAR = re.compile(
    r"(\\(?:begin|end)\{(?:tabular[x*]?|longtable|tabulary)\}(?:\[[^\]\n]{0,20}\])?"
    r"(?:\{[^{}\n]{0,200}(?:\{[^{}\n]{0,50}\}[^{}\n]{0,50}){0,10}\}){0,2})"
)
_RULE = re.compile(
    r"^\[[^\]\n]{0,20}\]|\\(?:hline|toprule|midrule|bottomrule|cline\{[\d-]{1,9}\}|"
    r"cmidrule(?:\([lr]{1,2}\))?\{[\d-]{1,9}\})"
)
_CELL_END = re.compile(r"(?<!\\)&")
_SHAPE = re.compile(r"'shape':\s?\(([\d, ]{0,60})\)")


def read_file(path: str, data: bytes, limit: int) -> list[Reading]:
    """Return at most `limit` readings of a file by the kind that its name states; nothing where it cannot be read."""
    if len(data) > MAX_BYTES:
        return []
    kind = path.rsplit(".", 1)[-1].lower() if "." in path.rsplit("/", 1)[-1] else ""
    try:
        readings = _reader(kind, data)
        return [reading for reading, _ in zip(readings, range(limit), strict=False)]
    except (ValueError, RecursionError, KeyError, TypeError, struct.error, zipfile.BadZipFile, csv.Error, EOFError):
        return []
    except (NotImplementedError, RuntimeError, OSError, MemoryError):  # an encrypted or oddly packed archive
        return []


def _reader(kind: str, data: bytes) -> Iterator[Reading]:
    if kind == "npz":
        return _npz(data)
    if kind == "npy":
        return _array("", data)
    text = data.decode("utf-8", errors="replace")
    if kind == "json":
        return _walk(json.loads(text))
    if kind in ("jsonl", "ndjson"):
        return _json_lines(text)
    if kind in ("csv", "tsv"):
        return _csv(text, "\t" if kind == "tsv" else None)
    if kind == "ipynb":
        return _notebook(text)
    if kind == "tex":
        return _tex(text)
    if kind in ("txt", "log", "out", "md", "dat", "res", "result", "results", "yaml", "yml", ""):
        return iter(read_text(text, 20_000))
    return iter(())


def _walk(value: Any) -> Iterator[Reading]:
    """Yield the numbers of nested objects and lists; of a list of numbers under a key, as a series."""
    stack: list[tuple[tuple[str, ...], tuple[str, ...], Any]] = [((), (), value)]
    while stack:
        path, around, item = stack.pop()
        if len(path) > _DEPTH:
            continue
        if isinstance(item, dict):
            strings = tuple(str(v) for v in item.values() if isinstance(v, str) and 0 < len(v) <= 60)[:6]
            key = next((str(item[k]) for k in ("metric", "metric_name", "name") if isinstance(item.get(k), str)), None)
            metric_path = (*path, key) if key and find_metric(key) else path
            for name in reversed(list(item)):
                inner = metric_path if name in ("value", "score", "result") else path
                stack.append(((*inner, str(name)[:100]), (*around, *strings), item[name]))
        elif isinstance(item, list):
            stepped = len(item) > 1 and all(isinstance(v, (int, float)) for v in item)
            for position, entry in reversed(list(enumerate(item[:_ARRAY_LIMIT]))):
                stack.append(((*path, f"step {position}") if stepped else path, around, entry))
        elif isinstance(item, (int, float)) and not isinstance(item, bool) and abs(item) < 1e300:
            number = Number(float(item), repr(item))
            steps = [key for key in path if re.fullmatch(r"step \d+", key)]
            reading = keyed([key for key in path if key not in steps], number, around, None, _excerpt(path, item))
            if reading and steps:
                reading = Reading(reading.key, number, (*reading.names, *steps), None, reading.excerpt, True)
            if reading:
                yield reading


def _excerpt(path: tuple[str, ...], value: Any) -> str:
    return f"{'.'.join(path)}: {value!r}"[:300]


def _json_lines(text: str) -> Iterator[Reading]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        entry = json.loads(line)
        stepped = isinstance(entry, dict) and any(STEP.search(str(key)) for key in entry)
        for reading in _walk(entry):
            yield Reading(reading.key, reading.number, reading.names, number, line[:300], stepped)


def _csv(text: str, delimiter: str | None) -> Iterator[Reading]:
    if delimiter is None:
        first = text[:10_000].partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    yield from _table((rows.line_num, row) for row in rows)


def _tex(text: str) -> Iterator[Reading]:
    """Yield the numbers of each `tabular` of a TeX file, as the tables that statistics packages write."""
    line, inside = 1, False
    for part in _TABULAR.split(text):
        if _TABULAR.fullmatch(part):
            inside = part.startswith(r"\begin")
        elif inside:
            yield from _table(_tex_rows(part, line))
        line += part.count("\n")


def _tex_rows(body: str, line: int) -> Iterator[tuple[int, list[str]]]:
    for row in body.split(r"\\"):
        cells = [_unescaped(cell) for cell in _CELL_END.split(_RULE.sub(" ", row))]
        line += row.count("\n")
        if len(cells) > 1:
            yield line, cells


def _unescaped(cell: str) -> str:
    return re.sub(r"\\([%&_#$])", r"\1", cell).strip()


def _table(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Reading]:
    """Yield the numbers below a header, each named by its column and by the words of its row."""
    _, first = next(rows, (0, []))
    header = [cell.strip() for cell in first]
    if not header or all(parse_cell(cell) for cell in header):
        return
    stepped = any(STEP.search(column) for column in header)
    for line, row in rows:
        if len(row) != len(header):
            continue
        values = [parse_cell(cell) for cell in row]
        label = " ".join(cell.strip() for cell, value in zip(row, values, strict=True) if value is None)[:200]
        settings, excerpt = _settings(header, values), ",".join(row)[:300]
        metric = label if find_metric(label) and not any(find_metric(column) for column in header) else ""
        for column, value in zip(header, values, strict=True):
            if value is None or not has_letters(column):
                continue
            key = metric if metric and find_metric(column) is None else averaged(column, label)
            names = tuple(name for name in (label if not metric else column, *settings) if name)
            yield Reading(key, value, names, line, excerpt, stepped)


def _settings(header: list[str], values: list[Number | None]) -> tuple[str, ...]:
    """Return `seed 3`, `fold 2`: the numbers of a row that are no result but say which run it was."""
    return tuple(
        f"{column} {value.printed}"
        for column, value in zip(header, values, strict=True)
        if value and column.lower() in ("seed", "fold", "run", "trial", "repeat", "epoch", "step")
    )


def _notebook(text: str) -> Iterator[Reading]:
    for cell in json.loads(text).get("cells", [])[:2_000]:
        for output in cell.get("outputs", [])[:200]:
            body = output.get("text") or output.get("data", {}).get("text/plain", "")
            body = "".join(body) if isinstance(body, list) else str(body)
            yield from read_text(body[:_EMBEDDED_LIMIT], 5_000)


def _npz(data: bytes) -> Iterator[Reading]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist()[:1_000]:
            if entry.filename.endswith(".npy") and entry.file_size <= _EMBEDDED_LIMIT:
                with archive.open(entry) as stream:
                    yield from _array(entry.filename[:-4], stream.read(_EMBEDDED_LIMIT))


def _array(name: str, data: bytes) -> Iterator[Reading]:
    """Yield the numbers of a small array of numbers; an array of objects (pickled) gives nothing.

    Source: numpy.lib.format, versions 1.0 to 3.0.
    """
    if data[:6] != b"\x93NUMPY" or len(data) < 12:
        return
    wide = data[6] >= 2
    (length,) = struct.unpack_from("<I" if wide else "<H", data, 8)
    start = (12 if wide else 10) + length
    header = data[start - length : start].decode("latin-1")
    descr, shape = _DESCR.search(header), _SHAPE.search(header)
    if not descr or not shape or descr[2] not in _FORMATS:
        return
    sizes = [int(size) for size in shape[1].split(",") if size.strip()]
    count = 1
    for size in sizes:
        count *= size
    if count == 0 or count > _ARRAY_LIMIT or len(sizes) > 1:
        return
    order = ">" if descr[1] == ">" else "<"
    values = struct.unpack_from(f"{order}{count}{_FORMATS[descr[2]]}", data, start)
    for position, value in enumerate(values):
        reading = keyed([name], Number(float(value), repr(value)), (), None, f"{name}: {value!r}")
        if reading:
            steps = (f"step {position}",) if count > 1 else ()
            yield Reading(reading.key, reading.number, steps, None, reading.excerpt, count > 1)
