"""How well the tables of papers are read, held against transcribed ones: cells, and the headers they stand under."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from typing import Any

from claim_names import same_name, words

COUNTS = ("cells", "found", "given", "headed")


def cell_text(cell: object) -> str:
    """Return a cell's text as it is compared: without spaces and the marks of notes."""
    plain = unicodedata.normalize("NFKC", str(cell or ""))  # 10⁻³ is 10^-3 to one who transcribes, or 10-3
    return re.sub(r"[\s,†‡*^]+", "", plain.replace("−", "-").replace("–", "-").lower())


def _shared(row: list[str], other: list[str]) -> int:
    return len(set(other) & set(row) - {""})


def cells(gold: dict[str, Any], tables: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return counts over one labelled table: its cells, those found, those given, those found under their header."""
    label = cell_text(gold["table"])
    near = [t for t in tables if cell_text(t["table"]) == label] or [t for t in tables if t["page"] == gold["page"]]
    rows = [[cell_text(cell) for cell in row] for row in gold["rows"]]
    best = dict(zip(COUNTS, (sum(bool(cell) for row in rows for cell in row), 0, 0, 0), strict=True))
    for table in near:
        counts = {**best, **_held(gold, rows, table)}
        if counts["found"] > best["found"]:
            best = counts
    return best


def _held(gold: dict[str, Any], rows: list[list[str]], table: dict[str, Any]) -> dict[str, int]:
    """The cells of one table that was read which stand in the rows of the labelled one."""
    left = [[cell_text(cell) for cell in row] for row in table["rows"]]
    counts = {"found": 0, "given": sum(bool(cell) for row in left for cell in row), "headed": 0}
    for row in rows:
        if not left:
            break
        other = max(left, key=partial(_shared, row))
        left.remove(other)
        free = dict(enumerate(other))
        for column, cell in enumerate(row):
            places = [place for place, text in free.items() if cell and text == cell]
            if not places:
                continue
            wanted = gold["header"][column] if column < len(gold["header"]) else ""
            headed = [place for place in places if same_head(wanted, table["header"][place])]
            del free[(headed or places)[0]]
            counts["found"] += 1
            counts["headed"] += bool(headed)
    return counts


def same_head(wanted: str, given: str) -> bool:
    """Return whether the lowest levels of two header paths agree by words."""
    ends = [re.split(r"[/|]", head)[-1] for head in (wanted, given)]
    return same_name(*ends) if any(map(words, ends)) else True


def shares(counts: dict[str, int]) -> dict[str, float]:
    """Return recall, precision and the share of found cells that stand under their header."""
    return {
        "recall": counts["found"] / max(counts["cells"], 1),
        "precision": counts["found"] / max(counts["given"], 1),
        "headed": counts["headed"] / max(counts["found"], 1),
    }


def table_rows(labelled: Sequence[dict[str, Any]], given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row of counts for each labelled table of a paper that was read."""
    return [
        {"table": f"{table['slug']} p{table['page']} {table['table']}", **cells(table, given[table["slug"]]["tables"])}
        for table in labelled
        if "tables" in given.get(table["slug"], {})
    ]


def total(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the counts and shares of all tables pooled."""
    pooled = {key: sum(row[key] for row in rows) for key in COUNTS}
    return {**pooled, **shares(pooled)} if rows else {}


def shown(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the rows as lines of text, a star where a cell is missing, too many or not under its header."""
    lines = [f"{'table':44}" + "".join(f"{key:>8}" for key in COUNTS)] if rows else []
    for row in rows:
        counts = [row[key] for key in COUNTS]
        lines.append(f"{row['table']:44}" + "".join(f"{n:>8}" for n in counts) + (" *" if len(set(counts)) > 1 else ""))
    return lines
