"""Names of data sets in tables: below a column that is headed as theirs, or beside a known one in a header."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from auditor.known_data import is_known, key
from auditor.paper.data_names import DATA, names_in
from auditor.paper.model import Table

_HEAD = re.compile(r"(?:data ?-?sets?|data|corpus|corpora|benchmarks?|graphs?|environments?|tasks?)(?: names?)?", re.I)
_CERTAIN = re.compile(r"(?:data ?-?sets?|corpus|corpora|benchmarks?)(?: names?)?", re.I)
_LISTED = re.compile(
    r"\b(?:statistics|summary|overview|details|description|features|list|characteristics|properties)\b"
    rf".{{0,40}}\b{DATA}\b|^(?:data ?-?sets?|corpora|benchmarks)\b",
    re.I,
)
_NO_SET = re.compile(
    r"#|\b(?:(?:no\.|num|size|test|dev|avg|average|mean|all|total|overall|time|energy|error|loss|score|f1|auc|param"
    r"|flop|epoch|feature|sample|source|type|domain|split|method|model|metric|optimi[sz]er|rank|std|year|ref|paper"
    r"|storage|sparsity|depth|width|acc|n/a|yes|no|our|baseline|original|node|edge|instance|dimension|attribute"
    r"|language|licen[cs]e|url|link|description|result|step|layer|lr|batch|data|prediction|run|seed|setting|parameter"
    r"|backbone|network|encoder|val|set|variant|approach|system|team|variable|column|field|label|statistic|characteristic|quantity|measure|number|device)s?"
    r"|(?:train|valid|pre-?train|fine-?tun)\w*|class(?:es)?|success|density"
    r"|category|categories|accurac(?:y|ies))\b",
    re.I,
)
_SHARE = 0.5


def listed(table: Table) -> tuple[str, ...]:
    """Return the names below a head such as `Dataset`, or in the first column of a table that lists data sets."""
    heads = [level.strip() for level in re.split(r"[/|]", table.header[0])] if table.header else []
    sure = any(_CERTAIN.fullmatch(head) for head in heads) or _LISTED.search(table.caption[:200])
    named = any(_HEAD.fullmatch(head) for head in heads)
    if not (sure or named) or (not named and any(_NO_SET.search(head) for head in heads)):
        return ()
    if any(is_known(head.strip()) for path in table.header[1:] for head in re.split(r"[/|]", path)):
        return ()  # the word heads the columns, and the rows are methods
    found = _names([row[0] for row in table.rows if row and row[0] and any(row[1:])])
    return found if sure or any(map(is_known, found)) else ()


def headed(table: Table, taken: Collection[str]) -> tuple[str, ...]:
    """Return the names in the header of a table in which one is a known data set, or one of those `taken` (keys)."""
    levels = [re.split(r"[/|]", head) for head in table.header]
    found: list[str] = []
    for depth in range(max(map(len, levels), default=0)):
        cells = _names([parts[depth] for parts in levels[0 if len(levels) < 3 else 1 :] if depth < len(parts)])
        sure = [cell for cell in cells if is_known(cell) or key(cell) in taken]
        if sure and len(sure) >= _SHARE * len(cells):
            found += cells
    return _distinct(found)


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names among cells, each once; a cell that holds a word for something else is none."""
    return _distinct(names_in([cell for cell in cells if is_known(cell.strip()) or not _NO_SET.search(cell)]))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    return tuple({key(name): name for name in reversed(names)}.values())[::-1]
