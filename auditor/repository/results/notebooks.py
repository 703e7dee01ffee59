"""Results among the stored outputs of notebooks: printed metrics, tables of numbers, and plots."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.findings import FileEvidence
from auditor.repository.model import Cell, Notebook
from auditor.repository.results.shown import ShownResult, in_use
from auditor.repository.results.words import EXACT, LOOSE, MEASURED, STATED, TRAINING

_ROWS = 400
_PREPARATION = re.compile(
    r"(^|[/_\-\s])(pre-?_?proc\w{0,10}|data_?(prep\w{0,9}|generation|loading|sets?|explor\w{0,8})|prepar\w{0,5}|eda|clean\w{0,3}"
    r"|download\w{0,6}|install\w{0,6})([/_.\-\s]|$)",
    re.I,
)
_DRAWN = re.compile(
    r"\.(plot|errorbar|semilog[xy]|loglog|bar|barh|boxplot|violinplot|hist|scatter|fill_between|step|stem|heatmap|lineplot"
    r"|barplot|scatterplot|catplot|relplot|pointplot|distplot|kdeplot|contourf?|plot_surface|matshow|pcolormesh|lmplot"
    r"|swarmplot|hexbin|line|show|subplots)\(|\b\w{0,40}(plot|plt)\w{0,20}\(|savefig|ggplot|alt\.Chart|px\.",
    re.I,
)
_PICTURES = re.compile(
    r"\.(imshow|imsave)\(|Image\(|make_grid|show_images?\(|draw_networkx|plot_model|\.axis\(['\"]off"
)
_MEASURE_CODE = re.compile(r"(?<![a-z])(test|held-?out|evaluat\w{0,4}|score)(?![a-z])", re.I)
_OF_DATA = re.compile(r"\.(head|tail|describe|sample|info|value_counts|corr|summary)\(|read_csv\([^)]{0,200}\)\s*$")
_FINAL = re.compile(r"(?<![a-z])(test|held-?out|final|best)(?![a-z])", re.I)
_WARNS = re.compile(r"[a-z]Warning: |^\s{0,5}warnings\.warn\(|^\s{0,5}WARNING\b")
"""A line that a library prints about itself: the name and the number in it are a place in its code."""
_BARE = re.compile(r"^\s{0,5}\(?(array\(|tensor\()?\[?-?\d{1,9}\.\d{2,18}(e-?\d{1,3})?[\s,\d.)\]e-]{0,200}$")


def notebook_results(notebook: Notebook) -> Iterator[ShownResult]:
    """Yield the results among a notebook's stored outputs.

    Numbers are a metric's name with a measured value (of a training log, only a held-out one), a table with a metric's
    column, or the bare value of a cell that says which test metric it computes. A plot counts unless it is of
    pictures. Preparation of data and examples of use show no results.
    """
    if in_use(notebook.path) or _PREPARATION.search(notebook.path):
        return
    for cell in notebook.cells:
        if cell.kind != "code" or cell.error:
            continue
        shown = next((row for output in cell.outputs for row in _numbers(output, cell)), "")
        if shown:
            evidence = FileEvidence(path=notebook.path, cell=cell.number, excerpt=shown.strip()[:300])
            yield ShownResult("numbers", evidence)
        if cell.images and _draws_results(cell.text[:20_000]):
            yield ShownResult("image", FileEvidence(path=notebook.path, cell=cell.number, excerpt="a plot"))


def _numbers(output: str, cell: Cell) -> Iterator[str]:
    """Yield the lines of an output that state a measured metric, the last first."""
    rows = [row[:500] for row in re.split(r"[\r\n]", output)[-_ROWS:]]
    for row in reversed(rows):
        if STATED.search(row) and not _WARNS.search(row) and (not TRAINING.search(row) or _held_out(row)):
            yield row
    yield from _frame(rows, cell.text)
    code = cell.text[-2_000:]
    if len(rows) <= 3 and _BARE.match(output.strip()[:300]) and EXACT.search(code) and _MEASURE_CODE.search(code):
        yield output.strip()


def _frame(rows: list[str], code: str) -> Iterator[str]:
    """Yield a row of a printed table of numbers, where its columns or the cell's code name what was measured."""
    first = next((place for place, row in enumerate(rows[:-1]) if _numeric(row) and _numeric(rows[place + 1])), None)
    if first is None or _OF_DATA.search(code) or code.lstrip().startswith(("!", "%%bash", "%%sh")):
        return
    header = " ".join(row for row in rows[max(0, first - 3) : first] if not MEASURED.search(row))
    if len(header.split()) >= 2 and (LOOSE.search(header) or EXACT.search(code)):
        yield rows[first]


def _numeric(row: str) -> bool:
    return len(MEASURED.findall(row)) >= 2 and not row.lstrip().startswith(("[", "("))


def _held_out(row: str) -> bool:
    """Return whether a line of a training log gives a metric of test data, or the final one."""
    return any(EXACT.search(row[match.start() : match.end() + 40]) for match in _FINAL.finditer(row))


def _draws_results(code: str) -> bool:
    """Return whether a cell's code draws something measured, and no pictures."""
    return bool(_DRAWN.search(code)) and not _PICTURES.search(code)
