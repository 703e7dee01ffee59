"""The folders of paths."""

from __future__ import annotations

from pathlib import Path

from auditor.repository.folders import folders_above, folders_of, lies_in
from auditor.repository.inventory import read_repository

LICENSED = ("LICENSE", "README.md")


def test_the_folders_above_a_path_come_nearest_first() -> None:
    assert list(folders_above("a/b/c.py")) == ["a/b", "a"]
    assert list(folders_above("c.py")) == []


def test_every_folder_above_a_file_is_one_of_the_tree() -> None:
    assert folders_of(["a/b/c.py", "a/d.py", "e.py", "f/g.py"]) == {"a", "a/b", "f"}


def test_a_path_lies_in_a_folder_but_not_in_one_whose_name_it_only_begins_with() -> None:
    assert lies_in("a/b/c.py", frozenset({"a"}))
    assert not lies_in("ab/c.py", frozenset({"a"}))
    assert not lies_in("a", frozenset({"a"}))


def test_a_folder_with_its_own_licence_and_readme_is_a_project_copied_in(tmp_path: Path) -> None:
    for name in (*LICENSED, "mine.py", *(f"theirs/{name}" for name in (*LICENSED, "a.py")), "data/README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    assert read_repository(tmp_path).others_projects == {"theirs"}


def test_a_folder_that_holds_nearly_all_programs_is_the_authors_own(tmp_path: Path) -> None:
    for name in ("setup.sh", *(f"code/{name}" for name in (*LICENSED, "a.py", "b/c.py"))):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    assert not read_repository(tmp_path).others_projects
