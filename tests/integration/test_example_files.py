"""The bundled example as files: what a variant holds, and whether its words agree with each other and with its code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

import auditor.example
from auditor.errors import BadInput
from auditor.example import VARIANTS, write_example

SOURCES = Path(auditor.example.__file__).parent
METHODS = ("Logistic regression", "MLP", "MLP + shifts")
ROW = re.compile(r"(\d+\.\d+) (?:\$\\pm\$|±) (\d+\.\d+)")


def printed(pdf: Path) -> str:
    """All text of a PDF, with every run of white space as one space."""
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split())


def cells(line: str) -> list[tuple[str, str]]:
    return ROW.findall(line)


def tex_rows(name: str) -> list[list[tuple[str, str]]]:
    lines = (SOURCES / "paper" / name).read_text().splitlines()
    return [cells(line) for line in lines if cells(line)]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_a_paper_of_two_pages_and_a_repository(tmp_path: Path, variant: str) -> None:
    paper, repository = write_example(tmp_path / "new" / "folder", variant)
    assert len(pypdfium2.PdfDocument(paper)) == 2
    assert {"README.md", "LICENSE", "requirements.txt", "train.py", "evaluate.py"} <= {
        path.name for path in repository.iterdir()
    }


def test_only_the_broken_variant_lacks_the_file_that_the_code_needs(tmp_path: Path) -> None:
    there = {name: (write_example(tmp_path / name, name)[1] / "data" / "split.csv").is_file() for name in VARIANTS}
    assert there == {"reproduces": True, "overclaims": True, "broken": False}


def test_an_unknown_variant_is_refused_with_the_names_of_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="reproduces, overclaims, broken"):
        write_example(tmp_path, "perfect")


def test_what_stands_in_the_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "mine.txt").write_text("precious")
    with pytest.raises(BadInput, match="is there already"):
        write_example(tmp_path)
    assert (tmp_path / "repository" / "mine.txt").read_text() == "precious"


@pytest.mark.parametrize(
    ("pdf", "numbers"), [("paper.pdf", "measured.tex"), ("paper-overclaims.pdf", "overclaimed.tex")]
)
def test_a_committed_pdf_was_built_from_the_committed_numbers(pdf: str, numbers: str) -> None:
    text = printed(SOURCES / "paper" / pdf)
    for method, row in zip(METHODS, tex_rows(numbers), strict=True):
        assert f"{method} " + " ".join(f"{value} ± {spread}" for value, spread in row) in text


def test_the_readme_shows_the_measured_numbers() -> None:
    readme = (SOURCES / "repository" / "README.md").read_text()
    rows = [cells(line) for line in readme.splitlines() if cells(line)]
    assert rows == tex_rows("measured.tex")


def test_the_overclaimed_numbers_are_out_of_reach_of_every_bound_for_one_run() -> None:
    measured, claimed = tex_rows("measured.tex"), tex_rows("overclaimed.tex")
    assert measured[:2] == claimed[:2]
    for index, bound in enumerate((2.0, 2.0, 0.02)):
        difference = abs(float(measured[2][index][0]) - float(claimed[2][index][0]))
        assert difference > 2 * bound


def test_the_code_gives_the_numbers_of_the_paper_with_the_library_at_hand(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    _, repository = write_example(tmp_path)
    command = [sys.executable, "-B", "train.py"]
    run = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=300, check=True)
    results = json.loads((repository / "outputs" / "results.json").read_text())
    for method, row in zip(METHODS, tex_rows("measured.tex"), strict=True):
        assert f"{method}: accuracy {results[method]['accuracy']:.4f}" in run.stdout
        for metric, scale, (value, spread) in zip(
            ("accuracy", "macro_f1", "log_loss"), (100, 100, 1), row, strict=True
        ):
            # Another release of the library may round or stop a little differently.
            assert results[method][metric] * scale == pytest.approx(float(value), abs=float(spread))


def test_the_code_fails_for_want_of_its_file_in_the_broken_variant(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    _, repository = write_example(tmp_path, "broken")
    command = [sys.executable, "-B", "train.py"]
    run = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 1
    assert "FileNotFoundError" in run.stderr
    assert "data/split.csv" in run.stderr
