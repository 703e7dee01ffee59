"""Repairs of hazards: one call or one value is written otherwise, and the hazard is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding
from auditor.repository.inventory import read_repository
from tests.unit.test_repair_leaks import apply, repository


def finding(folder: Path, subject: str) -> Finding:
    return Facts([read_repository(folder)]).run(all_checks()[f"determinism.{subject}"])


def repaired(folder: Path, subject: str, text: str) -> str:
    """The program after its patch; nothing of this severity is left."""
    repository(folder, text)
    (folder / "requirements.txt").write_text("torch==2.9.1\n")
    before = finding(folder, subject)
    assert before.patch is not None, before.remedy
    apply(folder, before.patch)
    after = (folder / "train.py").read_text()
    compile(after, "train.py", "exec")
    assert finding(folder, subject).level != before.level
    return after


def refused(folder: Path, subject: str, text: str) -> str:
    found = finding(repository(folder, text), subject)
    assert found.patch is None
    assert found.remedy is not None
    return found.remedy.partition("No patch: ")[2]


ARGS = (
    "import argparse\nimport random\np = argparse.ArgumentParser()\n"
    "p.add_argument('--seed', type=int, default=7)\nargs = p.parse_args()\nrandom.seed(args.seed)\n"
)

MENDED = [
    ("order", "import os\nnames = os.listdir('d')\ntrain = names[:9]\n", "os.listdir('d')", "sorted(os.listdir('d'))"),
    ("order", "import os\nnames = [n for n in os.listdir('d')  # all\n         if n]\ntrain = names[:9]\n",
     "os.listdir('d')", "sorted(os.listdir('d'))"),
    ("order", "from glob import glob\ntrain = glob('*.png')[:9]\n", "glob('*.png')", "sorted(glob('*.png'))"),
    ("order", "from pathlib import Path\ntrain = list(Path('d').iterdir())[:9]\nprint(train)\n", "Path('d').iterdir()",
     "sorted(Path('d').iterdir())"),
    ("order", "import os\ntrain = [e.path for e in os.scandir('d')][:9]\n", "os.scandir('d')",
     "sorted(os.scandir('d'), key=lambda entry: entry.name)"),
    ("order", "text = open('a').read()\nids = {w: i for i, w in enumerate(set(text.split()))}\n", "set(text.split())",
     "sorted(set(text.split()))"),
    ("order", "text = open('a').read()\nwords = set(text.split())\nids = {w: i for i, w in enumerate(words)}\n",
     "= set(text.split())", "= sorted(set(text.split()))"),
    ("order", "import multiprocessing as m\npool = m.Pool()\nfound = list(pool.imap_unordered(abs, [1, 2]))[:1]\n",
     "pool.imap_unordered", "pool.imap"),
    ("kernels", "import torch\ntorch.backends.cudnn.benchmark = True  # faster\nprint(torch.ones(3))\n",
     "= True", "= False"),
    ("workers", "from torch.utils.data import DataLoader\nprint(DataLoader([], in_order=False))\n",
     "in_order=False", "in_order=True"),
    ("workers", "import torch\ntorch.manual_seed(5)\nprint(torch.utils.data.DataLoader([], shuffle=True))\n",
     "shuffle=True", "shuffle=True, generator=torch.Generator().manual_seed(5)"),
    ("libraries", ARGS + "import optuna\nstudy = optuna.create_study()\n", "create_study()",
     "create_study(sampler=optuna.samplers.TPESampler(seed=args.seed))"),
    ("libraries", ARGS + "from umap import UMAP\nmap_ = UMAP(n_neighbors=3,)\n", "=3,",
     "=3, random_state=args.seed,"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "program", "old", "new"), MENDED)
def test_a_call_or_value_is_written_otherwise_and_nothing_else(
    tmp_path: Path, subject: str, program: str, old: str, new: str
) -> None:
    after = repaired(tmp_path / "code", subject, program)
    assert program.count(old) == 1
    assert after == program.replace(old, new)


def test_the_names_in_each_folder_of_a_walk_are_sorted_before_it_goes_on(tmp_path: Path) -> None:
    program = "import os\nfound = []\nfor at, dirs, files in os.walk('d'):\n    found += files\ntrain = found[:9]\n"
    after = repaired(tmp_path / "code", "order", program)
    assert "os.walk('d'):\n    dirs.sort()\n    files.sort()\n    found += files\n" in after


WORKERS = """import numpy as np
import torch


class Faces(torch.utils.data.Dataset):
    def __len__(self):
        return 9

    def __getitem__(self, index):
        return np.random.rand()


for batch in torch.utils.data.DataLoader(Faces(), num_workers=4):
    print(batch)
"""


def test_workers_are_seeded_by_a_function_that_other_processes_can_be_sent(tmp_path: Path) -> None:
    folder = repository(tmp_path / "code", WORKERS)
    (folder / "requirements.txt").write_text("torch==1.8.1\nnumpy==1.19.0\n")
    found = finding(folder, "workers")
    assert found.patch is not None
    apply(folder, found.patch)
    after = (folder / "train.py").read_text()
    assert "\n\n\ndef seed_worker(worker):\n    np.random.seed(torch.initial_seed() % 2 ** 32)\n" in after
    assert "num_workers=4, worker_init_fn=seed_worker)" in after
    assert finding(folder, "workers").level != "high"


def test_every_place_alike_is_mended(tmp_path: Path) -> None:
    program = ARGS + "from umap import UMAP\na = UMAP()\nb = UMAP(n_neighbors=2)\n"
    after = repaired(tmp_path / "code", "libraries", program)
    assert "a = UMAP(random_state=args.seed)\nb = UMAP(n_neighbors=2, random_state=args.seed)\n" in after


REFUSED = [
    ("order", "import os\nwith os.scandir('d') as it:\n    train = list(it)[:9]\n", "a list would not do"),
    ("order", "words = set(open('a').read().split())\nwords |= {'b'}\nids = {w: i for i, w in enumerate(words)}\n",
     "in a way that a list may not allow"),
    ("order", "from things import names\nids = {w: i for i, w in enumerate(set(names))}\n", "can be put into an order"),
    ("libraries", "from umap import UMAP\nmap_ = UMAP()\n", "no seed of the program is known there"),
    ("libraries", "import random, sys\nfrom umap import UMAP\nseed = sys.argv[1]\nrandom.seed(seed)\nm = UMAP()\n",
     "holds a whole number"),
    ("libraries", "import random\nfrom umap import UMAP\ndef run():\n  m = UMAP()\n  seed = 3\n  random.seed(seed)\n"
     "run()\n", "is not known in line"),
    ("libraries", "import random, sys\nfrom umap import UMAP\nif len(sys.argv) > 1:\n    seed = 3\n"
     "    random.seed(seed)\nelse:\n    m = UMAP()\n", "is not known in line 7"),
    ("libraries", "import random\nfrom umap import UMAP\ntry:\n    open('x')\n    seed = 3\n    random.seed(seed)\n"
     "except OSError:\n    m = UMAP()\n", "is not known in line 8"),
    ("libraries", "import random\nfrom umap import UMAP\ndef run():\n    return UMAP()\nrun()\nseed = 3\n"
     "random.seed(seed)\n", "is not known in line 4"),
    ("libraries", "import random\nfrom umap import UMAP\nseed = 3\nrandom.seed(seed)\ndel seed\nm = UMAP()\n",
     "is not only assigned to"),
    ("libraries", "import random\nfrom umap import UMAP\nseed = 3\nrandom.seed(seed)\nfor seed in 'ab':\n"
     "    m = UMAP()\n",
     "is not only assigned to"),
    ("order", "words = set(['a', 1])\nids = {w: i for i, w in enumerate(words)}\n", "can be put into an order"),
    ("order", "ids = {w: i for i, w in enumerate(set(x.strip() or None for x in open('a')))}\n",
     "can be put into an order"),
    ("order", "import os\ndef run(sorted=False):\n    return os.listdir('d')[:3]\nrun()\n",
     "is another one in the file"),
    ("workers", "import torch\ntorch.manual_seed(5)\nprint(torch.utils.data.DataLoader([], shuffle=True))\n",
     "whether torch >=1.6 is used"),
    ("libraries", "import optuna\nstudy = optuna.create_study(sampler=s)\nstudy.optimize(print, n_jobs=4)\n",
     "the author's to say"),
    ("remote", "from transformers import AutoModel\nprint(AutoModel.from_pretrained('a/b'))\n", "which revision"),
    ("kernels", "import torch\nnet = torch.nn.Conv2d(3, 3, 3).cuda()\nnet(torch.ones(1)).sum().backward()\n",
     "only a run shows"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "program", "why"), REFUSED)
def test_what_is_not_certain_is_told_and_not_patched(tmp_path: Path, subject: str, program: str, why: str) -> None:
    assert why in refused(tmp_path / "code", subject, program)


def test_a_file_that_others_import_keeps_the_kind_of_its_names(tmp_path: Path) -> None:
    text = "words = set(open('a').read().split())\nids = {w: i for i, w in enumerate(words)}\n"
    folder = repository(tmp_path / "code", text)
    (folder / "main.py").write_text("import train\nprint(train.ids)\n")
    found = finding(folder, "order")
    assert found.patch is None
    assert "other files import this one" in (found.remedy or "")


def test_an_option_that_another_program_does_not_declare_is_not_read_for_both(tmp_path: Path) -> None:
    text = (
        "import argparse, random\nfrom umap import UMAP\ndef load(args):\n    return UMAP(n_neighbors=args.n)\n"
        "if __name__ == '__main__':\n    p = argparse.ArgumentParser()\n"
        "    p.add_argument('--seed', type=int, default=7)\n    args = p.parse_args()\n    random.seed(args.seed)\n"
        "    load(args)\n"
    ).replace("def load(args):\n", "def load(args):\n    print(args.seed if hasattr(args, 'seed') else 0)\n")
    folder = repository(tmp_path / "code", text)
    assert finding(folder, "libraries").patch is not None
    (folder / "show.py").write_text("import argparse, train\ntrain.load(argparse.ArgumentParser().parse_args())\n")
    found = finding(folder, "libraries")
    assert found.patch is None
    assert "whether `args.seed` holds a whole number" in (found.remedy or "")


def test_a_function_for_workers_is_not_defined_where_what_it_calls_is_unknown(tmp_path: Path) -> None:
    program = WORKERS.replace("import torch\n", "", 1).replace("(torch.utils.data.Dataset)", "")
    loop = "for batch in torch.utils.data.DataLoader(Faces(), num_workers=4):\n    print(batch)\n"
    assert loop in program
    inside = "def main():\n    import torch\n    " + loop.replace("    print", "        print") + "main()\n"
    folder = repository(tmp_path / "code", program.replace(loop, inside))
    (folder / "requirements.txt").write_text("torch==1.8.1\nnumpy==1.19.0\n")
    found = finding(folder, "workers")
    assert found.level == "high"
    assert found.patch is None
    assert "`torch` is not known to all of the file" in (found.remedy or "")


def test_sentence_evidence_and_patch_count_the_same_places(tmp_path: Path) -> None:
    text = (
        "import torch\ntorch.backends.cudnn.benchmark = True\nnet = torch.nn.Conv2d(3, 3, 1).cuda()\n"
        "net(torch.rand(1, 3, 9, 9)).sum().backward()\ntorch.backends.cudnn.benchmark = True\n"
    )
    found = finding(repository(tmp_path / "code", text), "kernels")
    assert "line 2 and 1 more: " in found.sentence
    assert found.sentence.endswith("(3 places: 3 medium).") or "(3 places: 3 medium)." in found.sentence
    assert sorted(getattr(item, "line", 0) for item in found.evidence) == [2, 3, 5]
    assert "The patch mends 2 of the 3 places; of the rest, " in (found.remedy or "")
    assert (found.patch or "").count("+torch.backends.cudnn.benchmark = False") == 2
