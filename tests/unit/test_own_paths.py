"""Paths of the authors' machine: which programs count, which literals are such paths, and what can change them."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.inventory import read_repository


def level(root: Path, files: dict[str, str]) -> str | None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Facts([read_repository(root)]).run(all_checks()["code.no_absolute_paths"]).level


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("import numpy as np\nx = np.load('/home/ann/data/x.npy')\n", "1"),
        ("x = open('C:\\\\Users\\\\ann\\\\x.txt').read()\n", "1"),
        ("x = open('/ImageNet/train/list.txt').read()\n", "1"),
        ("def read(root):\n    return root\n\n\nprint(read(root='/ImageNet/train/'))\n", "1"),
        ("x = open('/content/drive/MyDrive/x.txt').read()\n", "1"),
        ("x = open('/content/x.txt').read()\n", "0"),
        ("x = open('/home/***/projects/x.txt').read()\n", "1"),
        ("import glob\nx = '.' + '/home/***/x'\n", "0"),
        ("x = open('/tmp/cache/x.txt').read()\n", "0"),
        ("x = open('/path/to/your/x.txt').read()\n", "0"),
        ("base = '.'\nx = open(base + '/data/x.txt').read()\n", "0"),
        ("base = '.'\n\n\ndef f(a=base + '/data/x.txt'):\n    return open(a)\n\n\nf()\n", "0"),
        ("root_dir = '/u/lab/birds'\nx = open(root_dir + '/x.txt').read()\n", "1"),
        ("relation_path = '/r/Synonym'\nprint(relation_path)\n", "0"),
        ("name = 'scope'\nprint(name, '/conv1/weights')\n", "0"),
        ("import sys\nsys.path.append('/home/ann/library')\nprint(1)\n", "0"),
        ("import matplotlib.pyplot as plt\nplt.savefig('/home/ann/figure.pdf')\n", "1"),
        ("old_root = '/home/ann/old'\nprint(3)\n", "0"),
        ("old_root = '/home/ann/old'\nprint(old_root)\n", "1"),
        ("x = open('/home/ann/x.txt')\nprint(3)\n", "1"),
        ("old_root = '/home/ann/old'\nprint({k: v for k, v in globals().items() if k.endswith('root')})\n", "1"),
        ("old_root = '/home/ann/old'\nargs = p.parse_args()\nprint(vars(args))\n", "0"),
        ("from library import Data\nclass Birds(Data):\n    root_dir = '/home/ann/birds'\nprint(Birds())\n", "1"),
    ],
)
def test_a_path_of_the_authors_machine_is_told_from_what_looks_alike(tmp_path: Path, program: str, answer: str) -> None:
    assert level(tmp_path, {"train.py": program}) == answer


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data', default='/home/ann/d/x')\n"
            "p.parse_args()\n",
            "0",
        ),
        (
            "import argparse\nDATA = '/home/ann/d/x'\np = argparse.ArgumentParser()\n"
            "p.add_argument('--data', default=DATA)\np.parse_args()\n",
            "0",
        ),
        ("import os\nd = os.environ.get('DATA', '/home/ann/d/x')\nprint(d)\n", "0"),
        ("def read(data='/home/ann/d/x'):\n    return open(data)\n\n\nread(data='here')\n", "0"),
        ("def read(n, data='/home/ann/d/x'):\n    return open(data)\n\n\nread(3, 'here')\n", "0"),
        ("def read(n, data='/home/ann/d/x'):\n    return open(data)\n\n\nread(3)\n", "1"),
        ("def read(n):\n    data = '/home/ann/d/x'\n    return open(data)\n\n\nread(3)\n", "1"),
        ("def unused():\n    return open('/home/ann/d/x')\n\n\nprint(3)\n", "0"),
    ],
)  # fmt: skip
def test_what_the_outside_can_change_or_nothing_runs_is_not_needed(tmp_path: Path, program: str, answer: str) -> None:
    assert level(tmp_path, {"train.py": program}) == answer


OWN = "print(open('/home/ann/d/x').read())\n"


def test_programs_that_no_document_names_do_not_count_beside_those_that_it_names(tmp_path: Path) -> None:
    readme = {"README.md": "```\npython train.py\n```\n", "train.py": "print(1)\n"}
    assert level(tmp_path / "a", readme | {"convert.py": OWN}) == "0"
    assert level(tmp_path / "b", readme | {"train.py": OWN}) == "1"
    assert level(tmp_path / "c", readme | {"train.py": "import data\nprint(data)\n", "data.py": OWN}) == "1"
    assert level(tmp_path / "d", {"README.md": "# Method\n", "convert.py": OWN}) == "1"
    assert level(tmp_path / "e", {"README.md": "# Method\n", "old/convert.py": OWN, "train.py": "print(1)\n"}) == "0"


def test_a_loader_that_is_looked_up_by_a_made_up_name_is_run(tmp_path: Path) -> None:
    loaders = "def get_small():\n    return 1\n\n\ndef get_large():\n    return open('/home/ann/d/x')\n"
    assert (
        level(tmp_path / "a", {"t.py": "import data\nprint(getattr(data, 'get_' + 'large')())\n", "data.py": loaders})
        == "1"
    )
    assert level(tmp_path / "b", {"t.py": "import data\nprint(data.get_small())\n", "data.py": loaders}) == "0"


def test_a_documented_shell_script_must_not_need_a_path_of_the_authors_machine(tmp_path: Path) -> None:
    files = {"README.md": "```\nbash run.sh\n```\n", "train.py": "print(1)\n"}
    cases = {
        "python train.py --out /data/ann/out\n": "1",
        "OUT=/data/ann/out\npython train.py --out $OUT\n": "1",
        "OUT=${OUT:-/data/ann/out}\npython train.py --out $OUT\n": "0",
        "# python train.py --out /data/ann/out\npython train.py\n": "0",
        "python train.py --out $HOME/data/out\n": "0",
        'python train.py --out "${ROOT}"/tokenized/dev/out\n': "0",
        "python train.py --out /next/u/ann/out\n": "1",
    }
    for number, (script, answer) in enumerate(cases.items()):
        assert level(tmp_path / str(number), files | {"run.sh": script}) == answer, script


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("{parse}if args.data_dir is None:\n    root = '/mnt/share/ann/d'\nelse:\n    root = args.data_dir\n", "0"),
        ("{parse}if not args.transfer:\n    path = '/mnt/share/ann/d'\nelse:\n    path = 'models'\n", "1"),
        ("{parse}root = args.data_dir or '/mnt/share/ann/d'\n", "0"),
        ("import socket\nroot = 'data'\nif socket.gethostname() == 'node1':\n    root = '/mnt/share/ann/d'\n", "1"),
        ("import sys\nroot = sys.argv[1] if len(sys.argv) > 1 else '/mnt/share/ann/d'\n", "0"),
        ("root = '/my/data/directory/'\nprint(open(root + 'x'))\n", "0"),
        ("root = '/path/to/imagenet'\nprint(open(root + '/x'))\n", "0"),
        ("root = '/home/ann/my_data'\nprint(open(root + '/x'))\n", "1"),
    ],
)
def test_a_path_that_only_stands_in_for_an_option_is_not_needed(tmp_path: Path, program: str, answer: str) -> None:
    parse = (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data_dir')\n"
        "p.add_argument('--transfer', action='store_true')\nargs = p.parse_args()\n\n\n\n"
    )
    assert level(tmp_path, {"train.py": program.replace("{parse}", parse)}) == answer


def test_a_placeholder_in_a_shell_script_is_no_path_of_the_authors(tmp_path: Path) -> None:
    files = {"run.sh": 'DATA="/path/to/imagenet/train"\npython train.py $DATA\n', "train.py": "print(1)\n"}
    assert level(tmp_path, files) == "0"
    files["run.sh"] = 'DATA="/scratch/ann/imagenet"\npython train.py $DATA\n'
    assert level(tmp_path, files) == "1"


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ("PYTHONPATH=/nethome/ann/code python train.py", "0"),
        ("export LD_LIBRARY_PATH=/home/ann/cuda:$LD_LIBRARY_PATH", "0"),
        ("PYTHONPATH=/nethome/ann/code python train.py --data /home/ann/data", "1"),
        ("DATA=/home/ann/data", "1"),
    ],
)
def test_a_place_where_modules_are_looked_for_is_not_needed(tmp_path: Path, row: str, answer: str) -> None:
    assert level(tmp_path, {"train.py": "print(1)\n", "run.sh": f"{row}\npython train.py\n"}) == answer


def test_a_path_that_the_reader_must_edit_in_the_code_is_needed(tmp_path: Path) -> None:
    script = {"run.sh": "DATA=/scratch/ann/d\npython train.py $DATA\n", "train.py": "print(1)\n"}
    assert level(tmp_path / "a", script | {"README.md": "Set the folder:\n```\nDATA=/folder\n```\n"}) == "1"
    assert level(tmp_path / "b", script | {"README.md": "Please change `DATA` in the script.\n"}) == "1"
    constants = {"paths.py": "ROOT = '/scratch/ann/d'\n", "train.py": "import paths\nprint(open(paths.ROOT))\n"}
    assert level(tmp_path / "c", constants | {"README.md": "Edit paths.py:\n```\nROOT = 'yours'\n```\n"}) == "1"
    marked = "root = '/scratch/ann/d'  # change this to where the data lie\nprint(open(root))\n"
    assert level(tmp_path / "d", {"train.py": marked}) == "1"


def test_a_place_in_the_repositorys_container_is_no_place_of_the_authors(tmp_path: Path) -> None:
    script = {"run.sh": "cd /home/lab/code\npython train.py\n", "train.py": "print(1)\n"}
    assert level(tmp_path / "a", script | {"start.sh": "docker run -v `pwd`:/home/lab/code image\n"}) == "0"
    assert level(tmp_path / "b", script | {"Dockerfile": "FROM python:3.8\nWORKDIR /home/lab\n"}) == "0"
    assert level(tmp_path / "c", script | {"start.sh": "docker run -v `pwd`:/home/other/code image\n"}) == "1"


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("root = '/scratch/ann/d'\nprint(open(root))\n", "1"),
        ("import os\nprint(os.listdir(os.path.expanduser('~/../shared/imagenet')))\n", "1"),
        ("import os\nprint(os.listdir(os.path.expanduser('~/data/imagenet')))\n", "0"),
        (
            "import options\nargs = options.read()\nif args.data_dir == '':\n    args.data_dir = {'a': None,\n"
            "                     'b': '/scratch/ann/b'}[args.name]\nprint(args)\n",
            "0",
        ),
        (
            "import options\nargs = options.read()\nif args.name == 'b':\n    args.data_dir = {'a': None,\n"
            "                     'b': '/scratch/ann/b'}[args.name]\nprint(args)\n",
            "1",
        ),
    ],
)
def test_a_table_of_paths_that_is_looked_up_where_no_option_is_given_is_not_needed(
    tmp_path: Path, program: str, answer: str
) -> None:
    assert level(tmp_path, {"train.py": program}) == answer


def test_programs_in_other_languages_count_beside_python(tmp_path: Path) -> None:
    python = {"train.py": "print(1)\n"}
    assert level(tmp_path / "a", python | {"analysis.R": 'setwd("/home/ann/study")\nplot(read.csv("x.csv"))\n'}) == "1"
    assert (
        level(tmp_path / "b", python | {"analysis.R": '# setwd("/home/ann/study")\nplot(read.csv("x.csv"))\n'}) == "0"
    )
    assert level(tmp_path / "c", python | {"show.m": "function show()\nload('/home/ann/x.mat');\n"}) == "1"
    assert level(tmp_path / "d", python | {"show.m": "function y = show(x)\ny = load('/home/ann/x.mat');\n"}) == "0"


def test_text_without_such_a_path_tells_even_where_the_code_cannot_be_read(tmp_path: Path) -> None:
    broken = "def f(:\n" * 3
    python = {"train.py": "print(1)\n"}
    assert level(tmp_path / "a", python | {"other.py": f"{broken}y = open('y'))\n"}) == "0"
    assert level(tmp_path / "b", python | {"other.py": f"{broken}y = open('/home/ann/y'))\n"}) is None
    assert level(tmp_path / "c", python | {"other.ipynb": '{"cells": [}'}) == "0"
    assert level(tmp_path / "d", python | {"other.ipynb": "{\"cells\": [} open('/home/ann/y')"}) is None
