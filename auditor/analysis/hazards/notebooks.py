"""Row 55: notebooks whose stored outputs come from cells that were run in another order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard
from auditor.findings import FileEvidence
from auditor.repository.model import Cell, Notebook

_FIX = "jupyter nbconvert --to notebook --execute --inplace {path}"


def notebook_hazards(code: Code) -> Iterator[Hazard]:
    """Yield notebooks with outputs whose cells did not run from the first to the last, one after the other."""
    own = {source.path for source in code.program.sources.values() if source.notebook}
    for notebook in code.program.repository.notebooks:
        if notebook.path in own and not notebook.problem:
            yield from _of(notebook)


def _of(notebook: Notebook) -> Iterator[Hazard]:
    cells = [cell for cell in notebook.cells if cell.kind == "code" and cell.text.strip()]
    ran = [cell for cell in cells if cell.execution_count]  # Colab writes 0 for what did not run
    if len(ran) < 2 or not any(cell.outputs or cell.images for cell in ran):
        return
    for before, cell in pairwise(ran):
        if _count(cell) <= _count(before):
            title = f"cell {cell.number} ran before cell {before.number}, which stands above it, or in another session"
            yield Hazard(55, "notebooks", title, "medium", _FIX.format(path=notebook.path), _shown(notebook, cell))
            return
    counts = [_count(cell) for cell in ran]
    if counts != list(range(counts[0], counts[0] + len(counts))):
        jump = next(cell for at, cell in enumerate(ran) if _count(cell) != counts[0] + at)
        title = f"before cell {jump.number} something ran that is no longer there, or ran again"
        yield Hazard(55, "notebooks", title, "low", _FIX.format(path=notebook.path), _shown(notebook, jump))


def _count(cell: Cell) -> int:
    return cell.execution_count or 0


def _shown(notebook: Notebook, cell: Cell) -> FileEvidence:
    first = next((line.strip() for line in cell.text.split("\n") if line.strip()), "")
    return FileEvidence(
        path=notebook.path, cell=cell.number, line=1, excerpt=f"In [{cell.execution_count}]: {first[:200]}"
    )
