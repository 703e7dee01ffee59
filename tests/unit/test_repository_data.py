"""Which data sets a repository needs, how the hardest to get comes, and whether they are the same tomorrow."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.data.manifests import data_manifests
from auditor.repository.inventory import read_repository
from auditor.repository.model import Repository

MNIST = "import torchvision\ntorchvision.datasets.MNIST('d', download=True)\n"
FOLDER = "import torchvision\nx = torchvision.datasets.ImageFolder('/nowhere')\n"


def tree(folder: Path, files: Mapping[str, str | bytes]) -> Repository:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_repository(folder)


def found(folder: Path, files: Mapping[str, str | bytes], check: str = "data.available") -> Finding:
    return Facts([tree(folder, files)]).run(all_checks()[check])


@pytest.mark.parametrize(
    ("level", "files"),
    [
        ("included", {"train.py": MNIST}),
        ("included", {"train.py": "import numpy as np\nnp.loadtxt('data/a.csv')\n", "data/a.csv": "1,2\n" * 90}),
        ("downloaded", {"train.py": MNIST, "get.sh": "wget https://example.org/shapes_data.zip\n"}),
        ("downloaded", {"train.py": MNIST, "get.sh": "URL=https://example.org/dataset.tgz\nwget $URL\n"}),
        ("instructions", {"train.py": MNIST, "README.md": "Download [ImageNet](https://image-net.org) by hand.\n"}),
        ("instructions", {"train.py": FOLDER, "README.md": "The images can be found at https://example.org/x.\n"}),
        ("instructions", {"README.md": "```\nwget https://example.org/data.zip\n```\n"}),
        ("none", {"train.py": FOLDER + MNIST}),
        ("none", {"train.py": MNIST + "open('/home/jo/data/birds.csv')\n"}),
        ("none", {"train.py": "import pandas\npandas.read_csv('data/a.csv')\n"}),
        ("none", {"train.py": "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data_dir')\n"}),
        ("na", {"train.py": "import gym\nenv = gym.make('CartPole-v0')\n"}),
        ("na", {"train.py": "import numpy as np\nprint(np.random.randn(3))\n"}),
        ("na", {"train.py": "from sklearn.datasets import make_moons\nmake_moons(10)\n"}),
        ("none", {"train.py": MNIST + "torchvision.datasets.CIFAR10('d', download=False)\n"}),
        ("included", {"train.py": MNIST + "torchvision.datasets.MNIST('d', train=False, download=False)\n"}),
        ("included", {"train.py": MNIST, "INSTALL.md": "```\nwget https://example.org/tool.tar.gz\n```\n"}),
        ("na", {"train.py": "import gym\n", "myResults/mnist_50.npz": b"0" * 300}),
        ("na", {"run.m": "x = randn(10, 2);\nplot(x)\n"}),
        ("included", {"run.m": "load('birds.mat')\n", "birds.mat": b"MATLAB" + bytes(200)}),
    ],
)
def test_the_level_is_that_of_the_guide(tmp_path: Path, level: str, files: Mapping[str, str | bytes]) -> None:
    assert found(tmp_path, files).level == level


LOADED = "import numpy as np\nnp.loadtxt('data/a.csv')\n"
HELD = {"train.py": LOADED, "data/a.csv": "1,2\n" * 90}
MORE = "The data set birds is included. Other data sets can be downloaded from Jo et al. https://example.org/other\n"
PREPARED = "Prepare the data following [fb.resnet.torch](https://example.org/r) and run:\n```\npython train.py\n```\n"
NOTED = {"cell_type": "markdown", "metadata": {}, "source": ["Get the [bird data-set](https://example.org/birds)."]}
CODED = {"cell_type": "code", "metadata": {}, "source": ["open('birds.csv')"], "outputs": [], "execution_count": 1}


def notebook(*cells: object) -> str:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


@pytest.mark.parametrize(
    ("level", "files"),
    [
        ("included", {**HELD, "README.md": MORE}),
        (
            "instructions",
            {**HELD, "README.md": MORE.replace("Other data sets can be downloaded", "Download the other data sets")},
        ),
        ("included", {**HELD, "README.md": "We store the datasets as `npz` archives.\n"}),
        ("included", {**HELD, "README.md": "- Authors (generated from the [Graph dataset](https://example.org/g))\n"}),
        ("instructions", {"train.py": FOLDER, "README.md": PREPARED}),
        ("included", {"train.py": "open('dataset/%s/%s.txt')\n", "dataset.zip": b"PK" + bytes(400)}),
        ("none", {"train.py": "open('dataset/%s/%s.txt')\n", "dataset.zip": b""}),
        ("none", {"train.py": "open('dataset/%s/%s.txt')\n", "models.zip": b"PK" + bytes(400)}),
        ("na", {"train.py": "import gym\nimport pickle\npickle.load(open('Q.pkl', 'rb'))\n", "Q.pkl": b"0" * 300}),
        ("none", {"train.py": "from folders import IndexedImageFolder\nIndexedImageFolder('/nowhere')\n" + MNIST}),
        ("included", {"train.py": MNIST + "get_file('http://example.org/fid_stats_lsun.npz')\n"}),
        ("instructions", {"a.ipynb": notebook(NOTED, CODED)}),
        ("none", {"a.ipynb": notebook(CODED)}),
    ],
)
def test_what_brings_the_data_is_told_from_what_only_speaks_of_them(
    tmp_path: Path, level: str, files: Mapping[str, str | bytes]
) -> None:
    assert found(tmp_path, files).level == level


def test_the_hardest_to_get_of_several_data_sets_decides_and_is_named(tmp_path: Path) -> None:
    files = {"train.py": MNIST, "README.md": "Please download CUB-200-2011 from https://example.org/birds first.\n"}
    finding = found(tmp_path, files)
    assert finding.level == "instructions"
    assert "CUB-200-2011 is to be got by hand" in finding.sentence


def test_what_a_loader_fetches_needs_no_instructions_although_the_readme_names_its_source(tmp_path: Path) -> None:
    files = {"train.py": MNIST, "README.md": "MNIST can be downloaded from http://yann.lecun.com/exdb/mnist/.\n"}
    assert found(tmp_path, files).level == "included"


def test_a_folder_in_which_a_loader_puts_its_data_is_no_data_set(tmp_path: Path) -> None:
    code = "import torchvision\nroot = '/home/jo/data'\ntorchvision.datasets.CIFAR10(root, download=True)\n"
    assert found(tmp_path, {"train.py": code}).level == "included"


def test_the_default_of_an_option_is_no_path_that_only_the_authors_have(tmp_path: Path) -> None:
    option = "import argparse\nargparse.ArgumentParser().add_argument('--data', default='/scratch/jo/data')\n"
    assert found(tmp_path, {"train.py": MNIST + option}).level == "included"


def test_a_function_that_nothing_calls_needs_no_data(tmp_path: Path) -> None:
    code = MNIST + "def old():\n    return open('/home/jo/data/birds.csv')\n"
    assert found(tmp_path, {"train.py": code}).level == "included"


@pytest.mark.parametrize(("level", "name"), [("none", "images/train.py"), ("included", "images/other.py")])
def test_a_training_program_in_a_folder_of_its_own_is_an_experiment_too(tmp_path: Path, level: str, name: str) -> None:
    run = {"README.md": "```\npython digits/train.py\n```\n", "digits/train.py": MNIST}
    assert found(tmp_path, {**run, name: FOLDER}).level == level


def test_functions_chosen_by_name_count_as_called(tmp_path: Path) -> None:
    code = MNIST + "def birds():\n    return open('/home/jo/data/birds.csv')\n\n\nprint(globals()['bi' + 'rds']())\n"
    assert found(tmp_path, {"train.py": code}).level == "none"


@pytest.mark.parametrize(
    "sentence",
    [
        "Download the data by running `bash get.sh`.",
        "The data set is included in this repository.",
        "You can download our pretrained model at https://example.org/model.pth.",
        "Results of the test data can be found at https://example.org/results.",
        "The data set is loaded automatically.",
        "Download the data [here](xxxxx).",
        "The paper on data augmentation is available at https://example.org/p.pdf.",
    ],
)
def test_sentences_that_ask_for_nothing_by_hand_are_no_instructions(tmp_path: Path, sentence: str) -> None:
    assert found(tmp_path, {"train.py": MNIST, "README.md": f"{sentence}\n"}).level == "included"


def test_software_and_weights_that_scripts_fetch_are_no_data(tmp_path: Path) -> None:
    script = (
        "wget https://example.org/Miniconda3.sh\nwget https://example.org/resnet50.pth\nwget https://e.org/model.zip\n"
    )
    assert found(tmp_path, {"train.py": MNIST, "get.sh": script}).level == "included"


def test_a_comment_that_says_where_data_are_is_a_written_instruction(tmp_path: Path) -> None:
    told = '"""The data are available at https://example.org/birds."""\nopen("/home/jo/data/birds.csv")\n'
    assert found(tmp_path, {"a.py": told}).level == "instructions"
    assert found(tmp_path, {"a.py": told.replace("The data", "The code")}).level == "none"


def test_own_results_that_are_read_again_are_no_data(tmp_path: Path) -> None:
    code = "import numpy as np\nx = np.random.randn(3)\nnp.save('results/x.npy', x)\nnp.load('results/x.npy')\n"
    assert found(tmp_path, {"run.py": code, "results/x.npy": b"0" * 300}).level == "na"


def test_lists_about_a_data_set_are_not_the_data_set(tmp_path: Path) -> None:
    code = "import argparse\nargparse.ArgumentParser().add_argument('--data_dir')\n"
    assert found(tmp_path, {"train.py": code, "data/train_ids.txt": "a\nb\n" * 90}).level == "none"


def test_what_is_said_to_come_from_elsewhere_and_lies_here_need_not_be_got(tmp_path: Path) -> None:
    readme = "We load Cora and Citeseer. The original datasets can be found [here](https://example.org/graphs).\n"
    files: dict[str, str | bytes] = {"README.md": readme, "gnn/data/ind.cora.x": b"0" * 300}
    assert found(tmp_path, files).level == "included"
    assert found(tmp_path / "b", {"README.md": readme}).level == "instructions"


def test_a_document_beside_data_tells_their_origin_unless_it_asks(tmp_path: Path) -> None:
    code = "import numpy as np\nnp.loadtxt('data/birds.csv')\n"
    files: dict[str, str | bytes] = {"train.py": code, "data/birds.csv": "1,2\n" * 90}
    offered = {"data/README.md": "The data are available at https://example.org/birds.\n"}
    asked = {"data/README.md": "Please download the data from https://example.org/birds.\n"}
    assert found(tmp_path / "a", files | offered).level == "included"
    assert found(tmp_path / "b", files | asked).level == "instructions"


def test_documents_and_data_of_projects_copied_in_say_nothing_of_the_experiments(tmp_path: Path) -> None:
    told = "Please download the birds dataset from https://example.org/birds.\n"
    own: dict[str, str | bytes] = {"train.py": MNIST, "README.md": "Run `python train.py`.\n"}
    other = {"lib/LICENSE": "MIT License\n", "lib/README.md": told, "lib/a.py": "print(1)\n"}
    assert found(tmp_path / "a", own | other).level == "included"
    assert found(tmp_path / "b", own | {"docs/README.md": told}).level == "instructions"


def test_a_sentence_that_announces_a_script_of_the_repository_asks_for_nothing_by_hand(tmp_path: Path) -> None:
    readme = "First, download the dataset with:\n\n```\npython {}\n```\n"
    script = "import urllib.request\nurllib.request.urlretrieve('https://example.org/data.zip')\n"
    files: dict[str, str | bytes] = {"get_data.py": script}
    assert found(tmp_path / "a", files | {"README.md": readme.format("get_data.py")}).level == "downloaded"
    assert found(tmp_path / "b", {"train.py": MNIST, "README.md": readme.format("absent.py")}).level == "instructions"


def test_a_script_that_prepares_what_the_reader_got_does_not_get_it(tmp_path: Path) -> None:
    prepares = "Obtain a copy of ImageNet and preprocess it by running `prepare.sh`.\n"
    gets = "Obtain a copy of ImageNet by running `prepare.sh`.\n"
    assert found(tmp_path / "a", {"train.py": MNIST, "README.md": prepares}).level == "instructions"
    assert found(tmp_path / "b", {"train.py": MNIST, "README.md": gets}).level == "included"


def test_what_a_documented_program_makes_for_the_next_one_needs_no_data(tmp_path: Path) -> None:
    train = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--dataset')\n"
    readme = "```\npython make.py --out data/x.h5\npython train.py --dataset data/{}\n```\n"
    files: dict[str, str | bytes] = {"train.py": train, "make.py": "import gym\ngym.make('A-v0')\n"}
    assert found(tmp_path / "a", files | {"README.md": readme.format("x.h5")}).level == "na"
    alone = {"train.py": train, "README.md": "```\npython train.py --dataset data/x.h5\n```\n"}
    assert found(tmp_path / "b", alone).level == "none"


def test_only_what_the_fitting_programs_read_is_main(tmp_path: Path) -> None:
    fits = MNIST + "import torch\nopt = torch.optim.SGD([], 1)\nopt.step()\n"
    assert found(tmp_path / "a", {"train.py": fits, "eval.py": FOLDER}).level == "included"
    assert found(tmp_path / "b", {"eval.py": FOLDER}).level == "none"


def test_a_named_data_set_of_the_authors_machine_is_lacking_although_others_are_fetched(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"train.py": "open('/home/jo/data/celeba.csv')\n"}
    assert found(tmp_path, files | {"get.sh": "wget https://example.org/mnist_data.zip\n"}).level == "none"
    assert found(tmp_path / "b", files | {"get.sh": "wget https://example.org/celeba_data.zip\n"}).level == "downloaded"


def test_results_that_are_read_again_without_their_ending_are_no_data(tmp_path: Path) -> None:
    code = "import numpy as np\nx = np.random.randn(3)\nnp.savez(d + '/data_u', x)\nnp.load(d + '/data_u.npz')\n"
    assert found(tmp_path, {"run.py": code}).level == "na"


@pytest.mark.parametrize("content", ["", "x\n", "TODO: add the data"])
def test_a_placeholder_in_a_folder_for_data_is_no_data(tmp_path: Path, content: str) -> None:
    code = "import argparse\nargparse.ArgumentParser().add_argument('--data_dir')\n"
    assert found(tmp_path, {"train.py": code, "data/train.csv": content}).level == "none"


def test_torchvision_classes_that_fetch_nothing_are_paths(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.py": "import torchvision\ntorchvision.datasets.LSUN('d')\n"}).level == "none"


def own_class(digest: str) -> str:
    return (
        "from torchvision.datasets.utils import download_url\nclass CIFAR10:\n"
        "    url = 'http://example.org/cifar-10-python.tar.gz'\n    filename = 'cifar-10-python.tar.gz'\n"
        f"    tgz_md5 = {digest}\n    def download(self):\n"
        "        download_url(self.url, self.root, self.filename, self.tgz_md5)\n"
        "class CIFAR100(CIFAR10):\n    url = 'http://example.org/cifar-100-python.tar.gz'\n"
        f"    filename = 'cifar-100-python.tar.gz'\n    tgz_md5 = {digest}\n"
        "CIFAR10().download()\n"
    )


@pytest.mark.parametrize(
    ("status", "files"),
    [
        (Status.PASS, {"a.py": own_class("'c58f30108f718f92721af3b95e74349a'")}),
        (Status.FAIL, {"a.py": own_class("None")}),
        (Status.PASS, {"a.py": "import datasets\ndatasets.load_dataset('x/y', revision='1f2e3d')\n"}),
        (Status.FAIL, {"a.py": "import datasets\ndatasets.load_dataset('x/y', revision='main')\n"}),
        (Status.PASS, {"a.py": "import tensorflow_datasets as tfds\ntfds.load('mnist:3.0.1')\n"}),
        (Status.FAIL, {"a.py": "import tensorflow_datasets as tfds\ntfds.load('mnist')\n"}),
        (Status.PASS, {"a.py": MNIST}),
        (Status.FAIL, {"get.sh": "wget https://example.org/data.zip\n"}),
        (Status.PASS, {"get.sh": "wget https://example.org/data.zip\nsha256sum -c SUMS\n"}),
        (Status.PASS, {"get.sh": "wget https://zenodo.org/record/583331/files/data.zip\n"}),
        (Status.PASS, {"get.sh": "wget https://example.org/data.zip\n", "SHA256SUMS": f"{'a' * 64}  data.zip\n"}),
        (Status.FAIL, {"get.sh": "wget https://example.org/data.zip\n", "SHA256SUMS": "\n"}),
        (Status.PARTIAL, {"a.py": MNIST, "get.sh": "wget https://example.org/data.zip\n"}),
        (Status.NOT_APPLICABLE, {"a.py": "import gym\ngym.make('CartPole-v0')\n"}),
    ],
)
def test_data_are_fixed_by_version_revision_or_checksum(
    tmp_path: Path, status: Status, files: Mapping[str, str | bytes]
) -> None:
    assert found(tmp_path, files, "data.fixed").status is status


@pytest.mark.parametrize(
    ("status", "readme"),
    [
        (Status.PASS, "The data set is released under CC BY 4.0."),
        (Status.FAIL, "This code is under the MIT licence."),
    ],
)
def test_the_terms_of_data_are_not_those_of_the_code(tmp_path: Path, status: Status, readme: str) -> None:
    files = {"README.md": readme, "data/a.csv": "1,2\n" * 90}
    assert found(tmp_path, files, "data.licence").status is status


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("fixed", "train_test_split(x, random_state=0)"),
        ("random", "train_test_split(x)"),
        ("random", "train_test_split(x, random_state=None)"),
        ("by a global seed", "train_test_split(x)\nimport numpy\nnumpy.random.seed(0)"),
        ("fixed", "sklearn.model_selection.KFold(5)"),
        ("na", "print(x)"),
    ],
)
def test_splits_are_fixed_by_a_seed_of_their_own(tmp_path: Path, level: str, code: str) -> None:
    head = "import sklearn.model_selection\nfrom sklearn.model_selection import train_test_split\nx = [1, 2]\n"
    assert found(tmp_path, {"train.py": head + code + "\n"}, "data.splits").level == level


def croissant(**changes: object) -> str:
    document: dict[str, object] = {
        "@context": {"cr": "http://mlcommons.org/croissant/"},
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "birds",
        "description": "Birds.",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": "https://example.org/birds",
        "creator": {"@type": "Person", "name": "Jo"},
        "datePublished": "2024-01-01",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "birds.csv",
                "contentUrl": "https://example.org/birds.csv",
                "encodingFormat": "text/csv",
                "sha256": "0" * 64,
            }
        ],
    }
    return json.dumps(document | changes)


def test_complete_croissant_metadata_pass_and_pin_and_state_the_licence(tmp_path: Path) -> None:
    repository = tree(tmp_path, {"croissant.json": croissant()})
    (manifest,) = data_manifests(repository)
    assert not manifest.problems
    assert manifest.pins
    assert manifest.licence.endswith("/by/4.0/")
    assert Facts([repository]).run(all_checks()["data.described"]).status is Status.PASS


def test_croissant_metadata_say_what_they_lack(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {"croissant.json": croissant(license="", distribution=[])}
    finding = found(tmp_path, files, "data.described")
    assert finding.status is Status.PARTIAL
    assert "no license" in finding.sentence
    assert "no distribution" in finding.sentence


@pytest.mark.parametrize("text", ["[" * 100_000, "null", '{"conformsTo": 1}', "\xff\x00"])
def test_metadata_that_are_no_croissant_are_left_out(tmp_path: Path, text: str) -> None:
    assert data_manifests(tree(tmp_path, {"croissant.json": text})) == ()


def test_access_on_registration_is_said(tmp_path: Path) -> None:
    readme = "Please download MIMIC-III from https://physionet.org/mimic after registration.\n"
    assert "after registering" in found(tmp_path, {"README.md": readme}).sentence


def test_without_the_users_word_no_address_is_asked(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {"README.md": "Download the data from http://127.0.0.1:9/data.zip.\n"}
    finding = found(tmp_path, files, "data.links")
    assert finding.status is Status.UNKNOWN


def test_what_git_lfs_keeps_does_not_lie_in_the_repository(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 182040794\n"
    files: dict[str, str | bytes] = {"a.py": "import numpy\nnumpy.load('data/x.npy')\n", "data/x.npy": pointer}
    finding = found(tmp_path, files)
    assert finding.level == "included"
    assert "the repository holds a pointer, and Git LFS the content" in finding.sentence


def test_data_of_others_in_the_repository_are_told(tmp_path: Path) -> None:
    finding = found(tmp_path, {"dat/x/a.csv": "a,b\n" * 20, "a.py": "print(1)\n"}, "data.licence")
    assert "holds 1 data file, such as dat/x/a.csv" in finding.sentence
