"""Files made to harm who reads them: every one ends in findings, in little time and memory, with its reason."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS = 8
"""CPU time of the whole audit of a tree with one such file: the program's start, two for the file, the checks."""
MIB = 500

# Reads a tree, runs every check and the collecting of claims, and prints what came of it with the time and memory used.
AUDIT = """
import json, resource, sys
from pathlib import Path
from auditor.checks.framework import Facts, all_checks
from auditor.claims.collect import collect_claims
from auditor.repository.inventory import read_repository
repository = read_repository(Path(sys.argv[1]))
facts = Facts([repository, collect_claims(None, repository)])
findings = [facts.run(check) for check in all_checks().values()]
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({
    "findings": {f.check: [f.status.value, f.sentence] for f in findings},
    "problems": {i.path: i.problem for i in (*repository.sources, *repository.notebooks, *repository.documents)},
    "left_out": repository.left_out,
    "seconds": sum(u.ru_utime + u.ru_stime for u in used),
    "MiB": (own + used[1].ru_maxrss) / 1024,
}))
"""


def audited(folder: Path, seconds: float = SECONDS) -> dict[str, dict[str, list[str]]]:
    """Return what an audit of the tree says; fails where it crashed, hung, or took more than its share."""
    done = subprocess.run([sys.executable, "-c", AUDIT, str(folder)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2_000:]
    answer: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    faults = {name: said for name, said in answer["findings"].items() if "check itself failed" in said[1]}
    assert not faults
    assert answer["seconds"] < seconds  # type: ignore[operator]
    assert answer["MiB"] < MIB  # type: ignore[operator]
    return answer


BIG = 50 << 20
ONE_LINE = (
    *("a.py", "README.md", "README.rst", "requirements.txt", "environment.yml", "pyproject.toml", "setup.py"),
    *("a.ipynb", "run.sh", "results.csv", "config.json", "config.yaml", "LICENSE", "Dockerfile", "Makefile"),
)


@pytest.mark.parametrize("name", ONE_LINE)
def test_fifty_megabytes_on_one_line_end_in_findings(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x" * BIG)
    assert audited(tmp_path)["findings"]


NESTED: dict[str, Callable[[int], str]] = {
    "a.py": lambda n: "x = " + "(" * n + ")" * n,
    "b.py": lambda n: "x = " + "[" * n,
    "c.py": lambda n: "x = " + "-" * n + "1",
    "d.py": lambda n: "x = a" + ".b()" * n,
    "e.py": lambda n: "x = " + "f(" * 180 + "1" + ")" * 180 + "\n" + "x = 1 + 1\n" * n,
    "f.py": lambda n: "x = " + " + ".join(["1"] * n),
    "g.py": lambda n: "x = {" + "1: [2, 3], " * n + "}",
    "setup.py": lambda n: "a = [1]\n" + "".join(f"a{i} = [a{i - 1}] * 2\n" for i in range(1, 500)) + "[" * n,
    "a.ipynb": lambda n: "[" * n,
    "b.ipynb": lambda n: '{"cells": ' + '{"a": ' * n + "1" + "}" * n + "}",
    "config.json": lambda n: '{"a": ' * n,
    "pyproject.toml": lambda n: "a = " + "[" * n + "]" * n,
    "Pipfile": lambda n: "a = " + "{a=" * n,
    "poetry.lock": lambda n: ".".join(["a"] * n) + " = 1",
    "environment.yml": lambda n: "dependencies: " + "[" * n,
    "config.yaml": lambda n: "\n".join(" " * i + "a:" for i in range(min(n, 1_400))),
    "README.md": lambda n: "[" * n + "a" + "](b)" * n,
    "docs/a.md": lambda n: ">" * n,
    "docs/b.md": lambda n: "\n".join("  " * i + "- a" for i in range(min(n, 1_000))),
    "docs/c.md": lambda n: "*a_ " * n,
    "docs/d.md": lambda n: "<div>" * n,
    "docs/e.md": lambda n: "|" * n + "\n" + "|-" * n + "\n" + "|a" * n,
    "docs/f.rst": lambda n: ".. " * n,
}


@pytest.mark.parametrize("name", NESTED)
def test_a_hundred_thousand_nested_brackets_end_in_findings(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(NESTED[name](100_000))
    assert audited(tmp_path)["findings"]


ENCODED = {
    "nul": b"import numpy\0\nnumpy.random.seed(0)\n",
    "utf-16": "import numpy as np\nnp.random.seed(0)\nx = np.random.rand(3)\n".encode("utf-16"),
    "latin-1": "# -*- coding: latin-1 -*-\n# caf\xe9\nimport numpy\nnumpy.random.seed(0)\n".encode("latin-1"),
    "random": bytes(range(256)) * 200,
    "surrogates": b"\xed\xa0\x80 = 1\n" * 50,
    "long marks": b"x = '" + "\u0301".encode() * 50_000 + b"'\n",
}


@pytest.mark.parametrize("kind", ENCODED)
def test_bytes_that_are_no_text_end_in_findings_in_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    for name in (*ONE_LINE, "setup.cfg", "poetry.lock", ".gitmodules", "train.sh", "data/a.csv", "auditor.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(ENCODED[kind])
    assert audited(tmp_path)["findings"]


NOTEBOOKS = {
    "huge output": lambda: json.dumps(_cells({"output_type": "stream", "text": "x" * (100 << 20)})),
    "many outputs": lambda: json.dumps(_cells(*[{"output_type": "stream", "text": "y" * 20_000}] * 1_500)),
    "empty lists": lambda: '{"cells": [' + ",".join(["[[],[],[]]"] * 3_000_000) + "]}",
    "floats": lambda: '{"cells": [{"cell_type": "code", "outputs": [' + ",".join(["1.1"] * 8_000_000) + "]}]}",
    "wrong types": lambda: json.dumps({"cells": [{"cell_type": "code", "source": {"a": 1}, "outputs": [[], {"data": 3},
        {"output_type": "error", "ename": [], "evalue": {}}], "execution_count": "7", "metadata": 3}], "metadata": []}),
    "huge number": lambda: '{"cells": [{"cell_type": "code", "execution_count": ' + "9" * 100_000 + "}]}",
    "many magics": lambda: json.dumps(_cells(source="%" * 200_000 + "\n" + "!x?\n" * 100_000)),
}  # fmt: skip


def _cells(*outputs: object, source: str = "x = 1") -> dict[str, object]:
    return {"cells": [{"cell_type": "code", "source": source, "outputs": list(outputs)}], "metadata": {}}


@pytest.mark.parametrize("kind", NOTEBOOKS)
def test_notebooks_made_to_burst_their_reader_end_in_findings(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.ipynb").write_text(NOTEBOOKS[kind]())
    assert audited(tmp_path)["findings"]


BOMBS = {
    "environment.yml": "a0: &a0 [x, x]\n"
    + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(24)),
    "config.yaml": "- " * 100_000,
    "conda-lock.yml": "package:\n" + "- name: a\n  version: '1'\n" * 30_000,
    "pyproject.toml": "a" * (4 << 20) + " = 1",
    "Pipfile": "[packages]\n" + "".join(f"a{n} = '*'\n" for n in range(100_000)),
    "requirements.txt": "a" * 1_000_000 + "\n" + "-r requirements.txt\n" * 50_000 + "numpy>=" + "1," * 50_000,
    ".gitmodules": "[submodule]\npath = ../../etc\npath=\x00\n" + "path = a\n" * 100_000,
    "setup.py": "from setuptools import setup\na = []\n"
    + "a = [a, a, a, a, a, a, a, a, a]\n" * 200
    + "setup(install_requires=a)\n",
    "Dockerfile": "FROM " + "a" * 100_000 + "\n" + "RUN pip install \\\n" * 50_000,
    "setup.cfg": "[options]\ninstall_requires =\n" + "    a\n" * 200_000,
    "train.sh": "python train.py \\\n" * 50_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_declarations_that_multiply_themselves_end_in_findings(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BOMBS[name])
    assert audited(tmp_path)["findings"]


def test_a_readme_of_a_hundred_megabytes_is_read_at_its_start_and_what_is_not_found_there_is_unknown(
    tmp_path: Path,
) -> None:
    with open(tmp_path / "README.md", "wb") as stream:
        stream.write(b"# A method\n\nTrained on one V100 GPU.\n\n")
        stream.seek(100 << 20)
        stream.write(b"x")
    (tmp_path / "a.py").write_text("print(1)\n")
    answer = audited(tmp_path)
    assert answer["findings"]["documentation.hardware"][0] == "pass"
    assert answer["findings"]["documentation.run_command"][0] == "unknown"
    assert "README.md was not read" in answer["findings"]["documentation.run_command"][1]


@pytest.mark.parametrize(
    "refused", ["x = " + "(" * 3_000 + "1", "class <<< HEAD\n" * 40, "import numpy as np\n" + "y" * (3 << 20)]
)
def test_a_file_that_the_parser_refuses_is_no_confident_no(tmp_path: Path, refused: str) -> None:
    (tmp_path / "train.py").write_text("import numpy as np\nimport util\nutil.start()\nprint(np.random.rand(3))\n")
    (tmp_path / "util.py").write_text(refused)
    for check in ("randomness.seeds", "randomness.determinism", "code.training"):
        status, sentence = audited(tmp_path)["findings"][check]
        assert status == "unknown"
        assert "util.py" in sentence


def test_a_refused_file_takes_nothing_from_what_was_found(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import numpy as np\nnp.random.seed(0)\nprint(np.random.rand(3))\n")
    (tmp_path / "util.py").write_text("x = 1\0\n")
    assert audited(tmp_path)["findings"]["randomness.seeds"][0] == "pass"


def test_a_notebook_that_is_none_leaves_its_results_unknown(tmp_path: Path) -> None:
    (tmp_path / "results.ipynb").write_text('{"cells": [')
    (tmp_path / "README.md").write_text("# A method\n")
    status, sentence = audited(tmp_path)["findings"]["documentation.results"]
    assert status == "unknown"
    assert "results.ipynb was not read" in sentence


def test_fifty_thousand_small_files_end_in_findings(tmp_path: Path) -> None:
    for folder in range(500):
        (tmp_path / f"d{folder}").mkdir()
        for number in range(100):
            (tmp_path / f"d{folder}" / f"{number}.{('txt', 'json', 'csv', 'md')[number % 4]}").write_text("1\n")
    assert audited(tmp_path, seconds=20)["findings"]
