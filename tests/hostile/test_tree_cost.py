"""Trees of plain files whose names, imports and paths are made to be compared with each other: each ends in time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.test_tree_content import audited

FIT = (
    "from sklearn.linear_model import LogisticRegression\n"
    "if __name__ == '__main__':\n    LogisticRegression().fit(1, 2)\n"
)
Files = dict[str, str]


def _each(count: int, line: str) -> str:
    return "".join(line.format(n) + "\n" for n in range(count))


def _slips() -> Files:
    """Imports of names that are nearly, but for five letters, those of as many modules; nine in ten are none."""
    names = [f"ab{n:06d}" + "cdefghij" * 5 for n in range(1_500)]
    imports = "".join(f"import pp.ab{n + 500_000:06d}{'jihgfedc' * 5}\n" for n in range(1_500))
    return {**{f"pp/{name}.py": "x = 1\n" for name in names}, "main.py": imports + FIT}


def _one_name() -> Files:
    """Thousands of modules of one last name, each imported by its folder's."""
    files = {f"d{n}/e/utils.py": "x = 1\n" for n in range(3_000)}
    return {**files, "main.py": _each(9_000, "from q{}.e.utils import y") + FIT}


def _documented() -> Files:
    """Imports of the tree's own functions from modules that only the end of a long document names."""
    readme = "word " * 180_000 + _each(3_000, "module{}")
    functions = _each(3_000, "def function{}(): pass")
    return {
        "README.md": readme,
        "own.py": functions,
        "main.py": _each(3_000, "from module{0} import function{0}") + FIT,
    }


def _paths() -> Files:
    body = _each(600, '    a{0} = open("/home/ann/file{0}")') + "    pass\n" * 15_000
    files = {f"m{n}.py": f"def run{n}(q):\n{body}" for n in range(12)}
    calls = "".join(f"import m{n}\nm{n}.run{n}(1)\n" for n in range(12))
    return {**files, "main.py": calls + FIT}


def _defaults() -> Files:
    """Parameters whose default is a path, of functions that are called many times without one."""
    functions = _each(2_000, "def f{0}(a='/home/ann/file{0}'):\n    return open(a)")
    return {"main.py": functions + _each(200, "f{}()") + _each(10_000, "f1()") + FIT}


def _functions() -> Files:
    functions = _each(4_000, "def f{0}():\n    f{0}(1)\n    g(2)\n    h(3)")
    return {"main.py": functions + _each(4_000, "f{}()") + FIT}


def _lines() -> Files:
    return {f"m{n}.py": "x = 1\n" * 29_000 for n in range(55)}


def _headings() -> Files:
    """Ten thousand headings, and as many links and items below them."""
    rows = _each(10_000, "# To do {0}\n- [ ] add the code of part {0}, see [a](https://github.com/a/b{0})")
    return {"README.md": rows + _each(3_000, "pip install -r part{0}/requirements{0}.txt"), "main.py": FIT}


def _started() -> Files:
    """Scripts that start thousands of programs whose names are nearly, but for a few letters, those of as many."""
    files = {f"s/notheer{n}x.py": "x = 1\n" for n in range(1_500)}
    return {**files, "run.sh": _each(4_000, "python nothere{}.py --lr 0.1"), "main.py": FIT}


def _sets() -> Files:
    """One set that is used five thousand times where a list might not do."""
    uses = "words = set(open('a').read().split())\nindex = {w: i for i, w in enumerate(words)}\n"
    return {"main.py": uses + "for w in words: print(w)\n" * 5_000 + FIT}


def _projects() -> Files:
    """Thousands of folders that each look like a project copied in, beside thousands of files."""
    papers = {f"p{n}/{name}": "MIT License\n" for n in range(5_000) for name in ("LICENSE", "README.md", "a.py")}
    return {**papers, "main.py": FIT}


def _result_folders() -> Files:
    """Documents that each name thousands of folders of results, the same ones."""
    files = {f"results{n}/a/b.txt": "x\n" for n in range(5_000)}
    text = _each(2_000, "`results{}`")
    return {**files, **{f"d{n}/README.md": text for n in range(20)}, "main.py": FIT}


def _parameters() -> Files:
    """A setting's name is looked for among the parameters of what hardly ends to be a definition."""
    reads = "import yaml, random\nc = yaml.safe_load(open('c.yaml'))\nprint(random.random())\n"
    return {"c.yaml": "seed: 3\n", "draw.py": reads, "d.py": f"'''{'def a ' * 600_000}'''\n", "main.py": FIT}


COSTS: dict[str, Callable[[], Files]] = {
    "one file of many lines": lambda: {"a.py": "x = 1\n" * 340_000, "b.py": "y = 1\n" * 1_600_000},
    "many files of many lines": _lines,
    "names that nearly are modules": _slips,
    "modules of one name": _one_name,
    "modules that a document names": _documented,
    "paths": _paths,
    "paths as defaults": _defaults,
    "functions that call themselves": _functions,
    "headings": _headings,
    "programs that scripts start": _started,
    "uses of one set": _sets,
    "projects copied in": _projects,
    "folders of results that documents name": _result_folders,
    "definitions without an end": _parameters,
}


@pytest.mark.parametrize("kind", COSTS)
def test_items_made_to_be_compared_with_each_other_end_in_findings(tmp_path: Path, kind: str) -> None:
    for name, text in COSTS[kind]().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert audited(tmp_path, seconds=12)["findings"]


def test_files_past_the_lines_that_are_parsed_are_named_as_not_read(tmp_path: Path) -> None:
    for name, text in _lines().items():
        (tmp_path / name).write_text(text)
    problems = audited(tmp_path, seconds=12)["problems"]
    unread = [why for why in problems.values() if why]
    assert len(unread) > 40
    assert "already 300000 lines" in str(unread[0])
