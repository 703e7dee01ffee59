"""Rows 10 to 12: what comes in no fixed order matters where it is used by position, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.hazard_programs import hazards_in, of_row

HEAD = (
    "import glob\nimport os\nimport random\nfrom multiprocessing import Pool\n\n"
    "import numpy as np\nfrom sklearn.model_selection import train_test_split\n\nrandom.seed(1)\nnp.random.seed(1)\n"
)


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        ("files = os.listdir('d')\ntrain = files[:80]\nprint(len(train))", "high"),
        ("files = sorted(os.listdir('d'))\ntrain = files[:80]\nprint(len(train))", None),
        ("files = os.listdir('d')\nfiles.sort()\ntrain = files[:80]\nprint(len(train))", None),
        ("train, test = train_test_split(glob.glob('d/*'), random_state=0)\nprint(len(test))", "high"),
        ("train, test = train_test_split(sorted(glob.glob('d/*')), random_state=0)\nprint(len(test))", None),
        ("for image, mask in zip(glob.glob('i/*'), glob.glob('m/*')):\n    print(image, mask)", "high"),
        ("names = glob.glob('i/*')\nfor a, b in zip(names, [n[:3] for n in names]):\n    print(a, b)", None),
        ("classes = {name: i for i, name in enumerate(os.listdir('d'))}\nprint(classes)", "medium"),
        ("for i, name in enumerate(os.listdir('d')):\n    print(i, name)", None),
        (
            "xs = []\nfor i, d in enumerate(glob.glob('d/*')):\n    for f in sorted(glob.glob(d)):\n"
            "        xs.append((f, i))\nprint(xs)",
            "medium",
        ),
        (
            "ys = []\nfor i, d in enumerate(sorted(glob.glob('d/*'))):\n    for f in range(3):\n        ys.append(i)\n"
            "print(ys)",
            None,
        ),
        ("xs = []\nfor i, f in enumerate(glob.glob('d/*')):\n    xs.append((i, f))\nprint(xs)", None),
        ("rows = []\nfor name in os.listdir('d'):\n    rows.append(open(name).read())\nprint(len(rows[:9]))", None),
        ("rows = []\nfor name in os.listdir('d'):\n    rows.append(len(name))\nhalf = rows[:9]\nprint(half)", "high"),
        ("for name in os.listdir('d'):\n    rows = []\n    rows.append(name)\n    print(len(rows), rows[1:])", None),
        ("pick = random.sample(os.listdir('d'), 3)\nprint(pick)", "medium"),
        ("newest = glob.glob('run*/last.pt')[-1]\nprint(newest)", "low"),
        ("found = glob.glob('run*/last.pt')\nif len(found) == 1:\n    print(open(found[0]).read())", None),
        ("parts = [f for f in os.listdir('d')]\nfor at in range(0, 9, 3):\n    print(parts[at:at + 3])", None),
        ("found = os.listdir('d')\nwith open(os.path.join('d', found[0])) as first:\n    print(first)", "low"),
        ("found = os.listdir('d')\na, b = train_test_split(found)\nhalf = found[:9]\nprint(a, b, half)", "high"),
        ("found = os.listdir('d')\nprint(found[0], found[:4])", None),
        ("for root, dirs, names in os.walk('d'):\n    first = names[:5]\n    print(len(first))", "high"),
    ],
)
def test_listed_files_matter_where_they_are_cut_split_paired_numbered_or_picked(
    tmp_path: Path, lines: str, severity: str | None
) -> None:
    found = of_row(tmp_path, 11, f"{HEAD}{lines}\n")
    assert [hazard.severity for hazard in found] == ([severity] if severity else [])
    assert all("sort" in hazard.fix for hazard in found)


def test_a_split_that_nothing_seeds_is_arbitrary_anyway_and_a_cut_beside_it_is_told(tmp_path: Path) -> None:
    head = "import os\nfrom sklearn.model_selection import train_test_split\nfound = os.listdir('d')\n"
    split = "a, b = train_test_split(found)\nprint(a, b)\n"
    assert of_row(tmp_path / "a", 11, head + split) == []
    (told,) = of_row(tmp_path / "b", 11, head + split + "half = found[:9]\nprint(half)\n")
    assert "cut by position" in told.title


def test_a_data_set_that_indexes_its_listing_hangs_on_its_order_unless_it_is_sorted(tmp_path: Path) -> None:
    data = (
        "import os\n\n\nclass Data:\n    def __init__(self, root):\n        self.root = root\n"
        "        self.files = {}\n\n    def __getitem__(self, index):\n        return open(self.files[index]).read()\n"
        "\n\nprint(Data('d')[0])\n"
    )
    (found,) = of_row(tmp_path / "a", 11, data.format("os.listdir(root)"))
    assert (found.severity, found.fix) == ("medium", "sorted(os.listdir(root))")
    assert of_row(tmp_path / "b", 11, data.format("sorted(os.listdir(root))")) == []
    assert of_row(tmp_path / "c", 11, data.format("os.listdir(root)\n        self.files.sort()")) == []


def test_a_listing_that_a_function_returns_is_followed_to_where_it_is_cut(tmp_path: Path) -> None:
    program = "import os\n\n\ndef names():\n    return {}\n\n\ntrain = names()[:9]\nprint(train)\n"
    assert of_row(tmp_path / "a", 11, program.format("os.listdir('d')"))
    assert of_row(tmp_path / "b", 11, program.format("sorted(os.listdir('d'))")) == []


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("cut(os.listdir('d'))", 1),
        ("cut(names=os.listdir('d'))", 1),
        ("cut(sorted(os.listdir('d')))", 0),
        ("Process(target=cut, args=(os.listdir('d'),)).start()", 1),
        ("Data(os.listdir('d'))", 1),
        ("names = os.listdir('d')\ncut([len(name) for name in sorted(names)])", 0),
    ],
)
def test_a_listing_is_followed_into_the_functions_that_are_handed_it(tmp_path: Path, call: str, expected: int) -> None:
    program = (
        "import os\nfrom multiprocessing import Process\n\n\ndef cut(names):\n    print(len(names))\n"
        "    half = names[:9]\n    return half\n\n\nclass Data:\n    def __init__(self, names):\n"
        f"        self.first = cut(names)\n\n\n{call}\n"
    )
    assert len(of_row(tmp_path, 11, program)) == expected


def test_code_that_no_program_reaches_has_no_hazards(tmp_path: Path) -> None:
    program = "import os\n\n\ndef never():\n    return os.listdir('d')[:9]\n\n\nprint(1)\n"
    assert of_row(tmp_path, 11, program) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("words = set(open('t').read().split())\nindex = {w: i for i, w in enumerate(words)}\nprint(index)", 1),
        ("words = sorted(set(open('t').read().split()))\nindex = {w: i for i, w in enumerate(words)}\nprint(index)", 0),
        ("numbers = set(range(9))\nindex = {n: i for i, n in enumerate(numbers)}\nprint(index)", 0),
        ("words = set(open('t').read().split())\nprint(len(words), 'a' in words, max(words))", 0),
        ("vocab = {}\nfor w in set('a b'.split()):\n    vocab[w] = len(vocab)\nprint(vocab)", 1),
        ("vocab = {}\nfor w in sorted(set('a b'.split())):\n    vocab[w] = len(vocab)\nprint(vocab)", 0),
        ("seen = set()\nfor line in open('t'):\n    seen.add(line.strip())\nhalf = list(seen)[:5]\nprint(half)", 1),
        ("seen = set()\nfor k in range(5):\n    seen.add(k)\nhalf = list(seen)[:5]\nprint(half)", 0),
        ("fold = hash(name) % 5 if (name := input()) else 0\nprint(fold)", 1),
        ("size = hash((1, 2))\nprint(size)", 0),
        ("os.environ['PYTHONHASHSEED'] = '0'\nprint(1)", 1),
        ("os.environ['OTHER'] = '0'\nprint(1)", 0),
    ],
)
def test_sets_of_strings_matter_where_they_are_numbered_or_cut(tmp_path: Path, lines: str, expected: int) -> None:
    assert len(of_row(tmp_path, 10, f"{HEAD}{lines}\n")) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("done = list(Pool(2).imap_unordered(abs, [1, 2]))\nbest = done[:1]\nprint(best)", 1),
        ("done = list(Pool(2).imap(abs, [1, 2]))\nbest = done[:1]\nprint(best)", 0),
        ("for one in Pool(2).imap_unordered(abs, [1, 2]):\n    print(one)", 0),
    ],
)
def test_the_order_in_which_tasks_finish_matters_where_results_are_cut(
    tmp_path: Path, lines: str, expected: int
) -> None:
    assert len(of_row(tmp_path, 12, f"{HEAD}{lines}\n")) == expected


def test_a_draw_of_a_program_that_counts_for_nothing_is_seeded_only_where_it_seeds(tmp_path: Path) -> None:
    files = {
        "README.md": "# x\n```\npython train.py\n```\n",
        "train.py": "import random\nrandom.seed(1)\nprint(random.random())\n",
        "prepare.py": "import os, random\nnames = os.listdir('d')\nrandom.shuffle(names)\nprint(names)\n",
    }
    assert not [hazard for hazard in hazards_in(tmp_path, files) if hazard.row == 11]
    files["prepare.py"] = files["prepare.py"].replace("names =", "random.seed(1)\nnames =", 1)
    assert [hazard.evidence.path for hazard in hazards_in(tmp_path, files) if hazard.row == 11] == ["prepare.py"]
