"""Patches of one audit as one that `git apply` takes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from auditor.analysis.repair.diff import unified
from auditor.report.patches import combined

BEFORE = "".join(f"line {number}\n" for number in range(1, 31))


def applied(folder: Path, patch: str, before: str = BEFORE) -> str:
    (folder / "train.py").write_text(before)
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch.encode(), check=True)
    return (folder / "train.py").read_text()


def changed(*changes: tuple[str, str], before: str = BEFORE) -> str:
    for old, new in changes:
        before = before.replace(old, new)
    return before


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("line 5\n", "line 5\nseed\n"), ("line 8\n", "line eight\n")),
        (("line 8\n", "line eight\n"), ("line 5\n", "line 5\nseed\n")),
        (("line 5\n", ""), ("line 25\n", "line 25\nmore\nmore\n")),
        (("line 1\n", "start\nline 1\n"), ("line 2\n", "")),
        (("line 30\n", "line 30\nend\n"), ("line 29\n", "line twenty-nine\n")),
    ],
)
def test_changes_close_to_each_other_apply_together(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str]
) -> None:
    patches = [unified("train.py", BEFORE, changed(each)) for each in (first, second)]
    whole, left_out = combined(patches)
    assert applied(tmp_path, whole) == changed(first, second)
    assert left_out == ()


def test_a_change_of_lines_that_another_changes_is_left_out(tmp_path: Path) -> None:
    first, second = ("line 5\n", "line five\n"), ("line 5\n", "fifth line\n")
    whole, left_out = combined([unified("train.py", BEFORE, changed(each)) for each in (first, second)])
    assert applied(tmp_path, whole) == changed(first)
    assert left_out == ("train.py",)


def test_a_file_that_ends_without_a_line_feed_keeps_its_end(tmp_path: Path) -> None:
    before = BEFORE.rstrip("\n")
    first, second = ("line 28\n", "line 28\nseed\n"), ("line 2\n", "line two\n")
    whole, _ = combined([unified("train.py", before, changed(each, before=before)) for each in (first, second)])
    assert applied(tmp_path, whole, before) == changed(first, second, before=before)
