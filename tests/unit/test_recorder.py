"""The flight recorder beside real programs, and its reader on hostile records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.recorder.reader import PLACED, read_record
from auditor.rerun.model import Recorded


def record(folder: Path, source: str, *more: str, code: int = 0) -> Recorded:
    place = folder / "recorder"
    place.mkdir(exist_ok=True)
    for name, path in PLACED.items():
        (place / name).write_bytes(path.read_bytes())
    work = folder / "work"
    work.mkdir(exist_ok=True)
    (work / "program.py").write_text(source)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{place}:{work}",
        "AUDITOR_ROOT": str(work),
        "AUDITOR_RECORD": str(folder / "record.jsonl"),
    }
    command = [sys.executable, *(more or ("program.py",))]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    found = read_record((folder / "record.jsonl").read_bytes())
    assert found is not None
    return found


def test_files_read_and_written_in_the_workspace_are_recorded(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "in.csv").write_text("1")
    found = record(tmp_path, "open('in.csv').read(); open('out.json', 'w').write('{}'); open('/dev/null').read()")
    assert found.files_read == ("in.csv",)
    assert found.files_written == ("out.json",)
    assert found.complete


def test_a_file_that_could_not_be_opened_for_writing_is_recorded(tmp_path: Path) -> None:
    found = record(tmp_path, "open('no/such/out.json', 'w')", code=1)
    assert found.files_written == ("no/such/out.json",)
    assert found.complete


def test_a_seed_is_recorded_with_value_and_line(tmp_path: Path) -> None:
    found = record(
        tmp_path,
        "import random\nimport numpy as np\nrandom.seed(7)\nnp.random.seed(seed=8)\n"
        "random.random()\nnp.random.rand()\n",
    )
    assert found.seeds == ("random.seed(7) at program.py:3", "numpy.random.seed(seed=8) at program.py:4")
    assert found.unseeded == ()
    assert "numpy" in found.distributions


def test_a_draw_before_any_seed_is_recorded_once(tmp_path: Path) -> None:
    found = record(tmp_path, "from random import random, seed\nrandom()\nrandom()\nseed(1)\n")
    assert found.unseeded == ("random.random at program.py:2",)
    assert found.seeds == ("random.seed(1) at program.py:4",)


def test_a_generator_without_a_seed_is_unseeded(tmp_path: Path) -> None:
    found = record(tmp_path, "import numpy as np\nnp.random.default_rng()\nnp.random.default_rng(3)\n")
    assert found.unseeded == ("numpy.random.default_rng() at program.py:2",)
    assert found.seeds == ("numpy.random.default_rng(3) at program.py:3",)


def test_watched_functions_behave_as_before(tmp_path: Path) -> None:
    source = (
        "import random, numpy as np\nnp.random.seed(0); random.seed(0)\n"
        "assert round(float(np.random.rand()), 6) == 0.548814\nassert round(random.random(), 6) == 0.844422\n"
        "assert np.random.seed.__name__ == 'seed' and np.random.seed.__doc__\n"
        "import random as again\nassert again is random\n"
    )
    assert record(tmp_path, source).complete


def test_connections_and_processes_that_were_tried_are_recorded(tmp_path: Path) -> None:
    source = (
        "import os, socket, subprocess\nsubprocess.run(['true', '--x'])\nos.system('true')\n"
        "try: socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError: pass\n"
    )
    found = record(tmp_path, source)
    assert "true --x" in found.processes
    assert any("127.0.0.1" in place for place in found.connections)


def test_children_are_recorded_too(tmp_path: Path) -> None:
    source = (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import random; random.seed(5)'], check=True)\n"
    )
    assert record(tmp_path, source).seeds == ("random.seed(5) at <string>:1",)


def test_a_crash_leaves_what_was_seen_and_no_word_of_an_end(tmp_path: Path) -> None:
    found = record(tmp_path, "import os\nopen('a.txt', 'w')\nos._exit(3)\n", code=3)
    assert found.files_written == ("a.txt",)
    assert not found.complete


def test_an_endless_record_is_capped_and_the_program_goes_on(tmp_path: Path) -> None:
    found = record(tmp_path, "for i in range(6000): open(f'f{i}', 'w').close()\nprint('end')\n")
    assert len(found.files_written) == 500
    assert (tmp_path / "record.jsonl").read_bytes().count(b"\n") <= 4001


def test_a_sitecustomize_of_somebody_else_is_still_loaded(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "sitecustomize.py").write_text("import builtins; builtins.theirs = 1\n")
    assert record(tmp_path, "assert theirs == 1").complete


def test_a_record_that_cannot_be_written_does_not_disturb_the_program(tmp_path: Path) -> None:
    (tmp_path / "record.jsonl").mkdir()
    place = tmp_path / "recorder"
    place.mkdir()
    (place / "sitecustomize.py").write_bytes(PLACED["sitecustomize.py"].read_bytes())
    environment = {
        "PYTHONPATH": str(place),
        "AUDITOR_ROOT": str(tmp_path),
        "AUDITOR_RECORD": str(tmp_path / "record.jsonl"),
    }
    done = subprocess.run(
        [sys.executable, "-c", "print('fine')"], env=environment, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("fine\n", "")


def test_a_notebook_runs_cell_by_cell_and_shows_values(tmp_path: Path) -> None:
    def cell(source: str, kind: str = "code") -> dict[str, object]:
        return {"cell_type": kind, "source": source, "metadata": {}}

    cells = [
        cell("# Title of CIFAR-10: accuracy = 0.95, 97 %, acc-0.99 \x1b[2J\ntext", "markdown"),
        cell("%matplotlib inline\n!pip install x\nx = 2"),
        cell("x + 1"),
        cell("%%bash\nls"),
    ]
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "n.ipynb").write_text(json.dumps({"cells": cells}))
    place = tmp_path / "recorder"
    place.mkdir()
    for name, path in PLACED.items():
        (place / name).write_bytes(path.read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "auditor_notebook", "n.ipynb"], cwd=tmp_path / "work", capture_output=True, text=True,
        check=True, env={"PYTHONPATH": str(place)},
    )  # fmt: skip
    assert done.stdout == "## Title of CIFAR-10 accuracy 2J\n3\n"
    assert "left out: %%bash" in done.stderr


def test_nothing_written_is_no_record() -> None:
    assert read_record(b"") is None


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"e": ' * 20_000,
        b'{"e": 5}\n[]\nnull\n"x"\n',
        b'{"e": "seed", "call": ["a"], "at": {"b": 1}}\n',
        b'{"e": "write", "path": "' + b"\\u202e\\u001b[2J" * 500 + b'"}\n',
        b'{"e": "distribution", "name": "x", "version": "' + b"9" * 5000 + b'"}\n',
    ],
)
def test_a_hostile_record_is_read_without_error(data: bytes) -> None:
    found = read_record(data)
    assert found is not None
    assert not found.complete
    text = found.model_dump_json()
    assert len(text) < 5000
    assert "\\u001b" not in text


def test_an_end_of_another_process_is_no_end_of_the_first() -> None:
    data = b'{"e": "start", "pid": 1, "python": "3.9.1"}\n{"e": "start", "pid": 2}\n{"e": "end", "pid": 2}\n'
    found = read_record(data)
    assert found is not None
    assert not found.complete
    assert found.python == "3.9.1"


def test_what_a_library_does_while_it_is_imported_is_not_the_programs_doing(tmp_path: Path) -> None:
    library = tmp_path / "site-packages"
    library.mkdir()
    (library / "library.py").write_text("import random\nrandom.seed(5)\nrandom.random()\n")
    program = f"import sys\nsys.path.append({str(library)!r})\nimport library\nimport random\nrandom.random()\n"
    found = record(tmp_path, program)
    assert found.seeds == ()
    assert found.unseeded == ("random.random at program.py:5",)


def test_a_generator_that_is_handed_on_is_no_seed(tmp_path: Path) -> None:
    program = "import numpy as np\nfirst = np.random.default_rng(3)\nnp.random.default_rng(first)\n"
    assert record(tmp_path, program).seeds == ("numpy.random.default_rng(3) at program.py:2",)


def test_the_seed_of_torch_is_recorded_and_its_numbers_stay_the_same(tmp_path: Path) -> None:
    program = "import torch\ntorch.manual_seed(11)\nprint(torch.rand(2).tolist())\n"
    found = record(tmp_path, program)
    assert found.seeds == ("torch.manual_seed(11) at program.py:2",)
    assert found.distributions["torch"].startswith("2.")
