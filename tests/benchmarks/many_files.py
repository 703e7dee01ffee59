"""Trees of very many small files, as `repository.py --many` measures them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

README = "# X\n\n```\npython d1/m1.py\n```\n"


def _program(number: int) -> tuple[str, str]:
    body = f"def f{number}(x):\n    return np.random.rand({number}) + x\n"
    return "py", f"import numpy as np\n\n{body}\nif __name__ == '__main__':\n    print(f{number}(1))\n"


def _text(number: int) -> tuple[str, str]:
    return "txt", f"hello {number}\n"


def _mixed(number: int) -> tuple[str, str]:
    cells = [{"cell_type": "code", "source": f"x = {number}\nprint(x)", "outputs": []}]
    kinds = (
        _program(number),
        ("ipynb", json.dumps({"cells": cells, "nbformat": 4})),
        ("json", json.dumps({"lr": 0.1, "seed": number})),
        ("md", f"# Part {number}\n\n    python train.py --lr {number}\n"),
        ("sh", f"python train.py --lr {number}\n"),
        ("yaml", f"lr: 0.1\nseed: {number}\n"),
        ("csv", f"a,b\n1,{number}\n"),
        _text(number),
    )
    return kinds[number % len(kinds)]


TREES: dict[str, tuple[Callable[[int], tuple[str, str]], int]] = {
    "programs in 500 folders": (_program, 500),
    "programs in 1 folder": (_program, 1),
    "programs in 10000 folders": (_program, 10_000),
    "texts in 500 folders": (_text, 500),
    "mixed in 500 folders": (_mixed, 500),
    "mixed in 1 folder": (_mixed, 1),
    "mixed in 10000 folders": (_mixed, 10_000),
}
"""By name: what the file of a number is called and holds, and how many folders they lie in."""


def write_trees(corpus: Path, count: int) -> None:
    """Write each of `TREES` that is not there yet under `corpus`."""
    for name in TREES:
        if not (corpus / name.replace(" ", "-")).exists():
            write_tree(corpus / name.replace(" ", "-"), name, count)


def write_tree(root: Path, name: str, count: int) -> None:
    """Write one of `TREES` with `count` files beside a README under `root`."""
    file, folders = TREES[name]
    for folder in range(folders):
        (root / f"d{folder}").mkdir(parents=True)
    for number in range(count):
        suffix, text = file(number)
        (root / f"d{number % folders}" / f"m{number}.{suffix}").write_text(text)
    (root / "README.md").write_text(README)
