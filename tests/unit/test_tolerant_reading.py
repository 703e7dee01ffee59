"""Files that no parser takes are read as far as can be, and little that stays unread decides little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.analysis.call_graph import Program
from auditor.repository.code.notebooks import plain_lines, read_notebook
from auditor.repository.code.syntax import facts_of
from auditor.repository.inventory import read_repository
from auditor.repository.model import Repository


def tree(root: Path, files: dict[str, str | bytes]) -> Repository:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_repository(root)


def called(text: str) -> list[str]:
    return [call.name for call in facts_of("a.py", text).calls]


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n        a()\n     b()\n        c()\n\nd()\n",  # fits no block
        "a()\n    b()\n    c()\nd()\n",  # deeper for no reason
        "for x in y:\nif x:\n    a()\n    b()\nc()\nd()\n",  # a header whose block is missing
        "a(b(\n  1)))\nc()\nd()\n",  # a bracket that closes nothing
        "with a():\n    b(1,\n      2):\n    c()\n    d()\n",  # a colon that begins no block
        "def f():\n    a()\n  \tb()\n    if c():\n\td()\n",  # tabs of four
        "print 'x'\na(lr=0.0001, eps=1e-005)\nb()\nc()\nd()\n",  # an idiom of Python 2 beside plain numbers
        "a()\nb()\n\0c()\nd()\n",  # a stray null byte
    ],
)
def test_a_slip_of_form_costs_no_line(text: str) -> None:
    assert {"a", "b", "c", "d"} <= set(called(text))
    assert "lines were not" not in (facts_of("a.py", text).problem or "")


def test_what_cannot_be_mended_costs_the_smallest_part_around_it() -> None:
    text = "def f():\n    a()\n    for x in y:\n        b(\n           1 2 $ 3,\n           4)\n        c()\n    d()\n"
    assert called(text) == ["a", "c", "d"]
    assert "3 of its 9 lines" in (facts_of("a.py", text).problem or "")


def test_a_header_that_is_left_out_keeps_its_block() -> None:
    assert called("def f(:\n    a()\n    b()\nc()\n") == ["a", "b", "c"]


def test_a_page_under_a_programs_name_is_no_program(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"figure.py": b"%PDF-1.4\n\0\1", "blob.py": b"\0\1\2" * 9, "main.py": "x = 1"}
    kinds = {file.path: file.kind for file in tree(tmp_path, files).files}
    assert kinds == {"figure.py": "paper", "blob.py": "binary", "main.py": "python"}


def test_a_percent_sign_within_brackets_is_no_magic() -> None:
    code = "print('%d, %d'\n      % (1, 2))\n%matplotlib inline\nf('(')  # (\n!ls"
    assert plain_lines(code) == ["print('%d, %d'", "      % (1, 2))", "", "f('(')  # (", ""]


def test_a_stray_letter_around_a_notebooks_json_is_passed_over(tmp_path: Path) -> None:
    book = json.dumps({"cells": [{"cell_type": "code", "source": "a()", "outputs": []}]})
    (tmp_path / "a.ipynb").write_text(f"w{book}\n}}")
    (tmp_path / "b.ipynb").write_text(f"w{book[:-3]}")
    assert [cell.text for cell in read_notebook(tmp_path, "a.ipynb").cells] == ["a()"]
    assert read_notebook(tmp_path, "b.ipynb").problem


UNREADABLE = "$ $\n" * 8
PROGRAM = "import numpy\n" + "print(numpy.ones(3))\n" * 200


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": "import broken\n" + PROGRAM, "broken.py": UNREADABLE},  # another source uses it
        {"main.py": PROGRAM, "broken.py": UNREADABLE, "README.md": "```\npython broken.py\n```"},  # it is started
        {"main.py": "print(1)\n", "broken.py": UNREADABLE},  # it is most of the code
    ],
)
def test_code_that_could_not_be_read_leaves_open_what_it_does(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    repository = tree(tmp_path, files)
    assert "broken.py" in repository.unread_files(("python",))
    assert "broken.py" in Program(repository).unread


def test_a_small_file_that_nothing_uses_leaves_nothing_open(tmp_path: Path) -> None:
    repository = tree(tmp_path, {"main.py": PROGRAM, "old/broken.py": UNREADABLE})
    assert not next(s for s in repository.sources if s.path == "old/broken.py").known
    assert repository.unread_files(("python",)) == ""
    assert Program(repository).unread == ""
