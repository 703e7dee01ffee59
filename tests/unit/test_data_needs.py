"""How the data come that the programs need: what must come from outside, and what is said of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.repository.inventory import read_repository

MNIST = "import torchvision\ntorchvision.datasets.MNIST('d', download=True)\n"
CSV = "1,2\n" * 90
LINK = "Our work on the [birds dataset](https://example.org/birds).\n"
OPTION = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data_dir', default='./data/birds')\n"
HELPER = "from urllib.request import urlopen\ndef download(url):\n    return urlopen(url)\n"
LOAD = "import pickle\nimport random\nNAME = 'state.pickle'\nx = random.random()\ny = pickle.load(open(NAME, 'rb'))\n"


def level(folder: Path, files: Mapping[str, str]) -> str | None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return Facts([read_repository(folder)]).run(all_checks()["data.available"]).level


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        # a path that a program fills in leads to the files that it can mean, and to no others
        ("included", {"train.py": "import numpy as np\nnp.loadtxt('data/{}.csv'.format(1))\n", "data/a.csv": CSV}),
        ("none", {"train.py": "import numpy as np\nnp.loadtxt('data/{}.csv'.format(1))\n"}),
        # a folder that holds data is there; one that holds only a list about them is not
        ("included", {"train.py": OPTION, "data/birds/a.csv": CSV, "README.md": LINK}),
        ("instructions", {"train.py": OPTION, "data/birds/train_ids.csv": CSV, "README.md": LINK}),
        # a file that a program writes under the name that it reads is its own
        (
            "na",
            {"train.py": LOAD, "save.py": "import pickle\nNAME = 'state.pickle'\npickle.dump(1, open(NAME, 'wb'))\n"},
        ),
        ("none", {"train.py": LOAD}),
    ],
)
def test_paths_are_looked_for_in_the_tree_and_among_what_programs_write(
    tmp_path: Path, expected: str, files: Mapping[str, str]
) -> None:
    assert level(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        # a link about data is no instruction where the programs need nothing from outside
        ("na", {"train.py": "import gym\ngym.make('CartPole-v0')\n", "README.md": LINK}),
        ("included", {"train.py": MNIST, "README.md": LINK}),
        ("instructions", {"train.py": OPTION, "README.md": LINK}),
        ("instructions", {"train.py": MNIST, "README.md": "Download the [birds dataset](https://example.org/b).\n"}),
        # what is said not to be included is to be got
        ("instructions", {"train.py": MNIST, "README.md": "The Netflix data are not included due to their size.\n"}),
        ("included", {"train.py": MNIST, "README.md": "The script will fetch the data by itself.\n"}),
    ],
)
def test_instructions_count_where_something_must_come_from_outside(
    tmp_path: Path, expected: str, files: Mapping[str, str]
) -> None:
    assert level(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        # a path that only one machine has is not brought by a download of something else
        (
            "none",
            {"train.py": "open('/LOCAL/jo/birds/train.mat')\n", "get.sh": "wget https://example.org/cats_data.zip\n"},
        ),
        (
            "downloaded",
            {"train.py": MNIST + "open('/tmp/birds/train.mat')\n", "get.sh": "wget https://a.org/data.zip\n"},
        ),
        ("none", {"train.py": MNIST + OPTION.replace("./data/birds", "~/data/birds/valid.npy")}),
        ("included", {"train.py": MNIST + OPTION}),
        ("none", {"train.py": MNIST + "f = 'embeddings/miniImageNet/center/train.pkl'\n"}),
        # a helper that fetches whatever it is given fetches no data
        ("included", {"train.py": MNIST, "data/download.py": HELPER}),
        ("downloaded", {"train.py": MNIST, "get_data.py": HELPER + "download('https://example.org/birds.csv')\n"}),
        # one's own class that is told to download is a library's set underneath
        ("included", {"train.py": "from sets import MyMNIST\nMyMNIST('d', download=True)\n"}),
        # to print a file, or to ask a host, is not to fetch data
        ("included", {"train.py": MNIST, "README.md": "```\ngsutil cat gs://bucket/data/bleu\n```\n"}),
        ("instructions", {"train.py": OPTION, "README.md": "```\ngsutil -m cp gs://bucket/data/birds .\n```\n"}),
    ],
)
def test_what_fetches_data_is_told_from_what_does_not(tmp_path: Path, expected: str, files: Mapping[str, str]) -> None:
    assert level(tmp_path, files) == expected


def test_a_command_in_a_comment_that_fetches_is_an_instruction_for_the_source_that_reads(tmp_path: Path) -> None:
    read = "import numpy as np\nnp.load('/scratch/jo/birds/train.npy')\n"
    assert (
        level(tmp_path / "told", {"train.py": '"""\nwget http://example.org/train.tar\n"""\n' + read}) == "instructions"
    )
    assert level(tmp_path / "bare", {"train.py": read}) == "none"


def test_a_document_of_a_part_that_nothing_runs_is_about_that_part(tmp_path: Path) -> None:
    asks = "Download the [birds dataset](https://example.org/b).\n"
    files = {"train.py": MNIST, "README.md": "```\npython train.py\n```\n", "software/line/a.cpp": "int main() {}\n"}
    assert level(tmp_path / "aside", {**files, "software/line/README.md": asks}) == "included"
    assert level(tmp_path / "own", {**files, "docs/setup/README.md": asks}) == "instructions"


def test_a_program_that_fetches_data_counts_though_no_document_starts_it(tmp_path: Path) -> None:
    fetch = "from urllib.request import urlretrieve\nif __name__ == '__main__':\n    urlretrieve('https://a.org/birds.csv')\n"
    files = {"train.py": OPTION, "README.md": "```\npython train.py\n```\n"}
    assert level(tmp_path / "with", {**files, "get_birds.py": fetch}) == "downloaded"
    assert level(tmp_path / "without", files) == "none"


FOLDER = "import torchvision\ntorchvision.datasets.ImageFolder('x')\n"
NAMED = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--dataset', default='birdlings')\n" + FOLDER


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        # a link to what an option, or a command, calls the data set leads to data; another name's does not
        ("instructions", {"train.py": NAMED, "README.md": "We use [Birdlings](https://example.org/b) here.\n"}),
        ("none", {"train.py": NAMED, "README.md": "We use [Catlings](https://example.org/c) here.\n"}),
        (
            "instructions",
            {
                "train.py": FOLDER,
                "run.sh": "python train.py --train-data-path /x/Birdlings/\n",
                "README.md": "# [Birdlings](https://example.org/b)\n",
            },
        ),
        # a path that holds such a name leads to data on the authors' machine
        ("none", {"train.py": NAMED.replace(FOLDER, "ROOT = '/ssd2/birdlings/i3d_rgb'\n")}),
        ("none", {"train.py": MNIST + "ROOT = '/home/jo/data/birdlings/'\n"}),
        # under a heading about data a sentence need not name them, nor a link
        ("instructions", {"train.py": MNIST, "README.md": "## Datasets\n\nBirdlings must be downloaded by hand.\n"}),
        ("included", {"train.py": MNIST, "README.md": "## Usage\n\nBirdlings must be downloaded by hand.\n"}),
        ("instructions", {"train.py": OPTION, "README.md": "## Datasets\n\n* [Birdlings](https://example.org/b)\n"}),
        ("none", {"train.py": OPTION, "README.md": "## Thanks\n\n* [Birdlings](https://example.org/b)\n"}),
    ],
)
def test_the_repository_tells_itself_what_its_data_are_called(
    tmp_path: Path, expected: str, files: Mapping[str, str]
) -> None:
    assert level(tmp_path, files) == expected


HERE = {"train.py": OPTION, "data/birds/a.csv": CSV}


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        # a second way to data that come by themselves asks for nothing
        (
            "included",
            {"train.py": MNIST + OPTION, "README.md": "You can also download the data from https://example.org/b.\n"},
        ),
        # a server that the reader starts hands out no data
        (
            "included",
            {"train.py": MNIST + OPTION, "README.md": "Data storage is accessible at http://0.0.0.0:8888/ now.\n"},
        ),
        # where those in the tree came from asks for nothing; what there is besides does
        ("included", {**HERE, "README.md": "The data in `data/birds` was obtained from https://example.org/b.\n"}),
        ("instructions", {**HERE, "README.md": "Additional datasets can be downloaded from https://example.org/b.\n"}),
        # what tests fetch is no data of the experiments
        ("included", {"train.py": MNIST, "test/check.sh": "wget https://example.org/small_data.tgz\n"}),
        ("downloaded", {"train.py": MNIST, "get/check.sh": "wget https://example.org/small_data.tgz\n"}),
        # files without an ending that a program reads by a pattern are data too
        (
            "included",
            {
                "train.py": "import pickle\npickle.load(open('data/ind.{}.{}'.format(1, 2), 'rb'))\n",
                "data/ind.birds.allx": CSV,
                "README.md": "The [birds dataset](https://example.org/birds) is old.\n",
            },
        ),
    ],
)
def test_what_is_here_or_comes_by_itself_need_not_be_got(
    tmp_path: Path, expected: str, files: Mapping[str, str]
) -> None:
    assert level(tmp_path, files) == expected


IMAGES = "import torchvision\ntorchvision.datasets.ImageFolder('/home/jo/birds')\n"
"""A program that needs data from outside, so that any instruction counts."""


@pytest.mark.parametrize(
    "sentence",
    [
        # what programs do, or the authors did, is not asked of the reader
        "Running the next cell downloads a copy of the dataset.",
        "The next cell will download this dataset.",
        "On this dataset we obtain even better results.",
        # a model, a log or a result is no data set, whatever it was trained on
        "MNIST, CIFAR10: download the models and see their repository",
        "All training logs can be found at `<log_dir>/<dataset>/<time>.log`.",
        "Results on the CIFAR10 dataset can be found in our second paper.",
        "For experiments on CIFAR10, please refer to the folder cifar.",
        "Download [MuJoCo](https://www.roboti.us/download/mjpro131_linux.zip) before you load the data.",
        # a sentence that ends before a command leaves it to the command
        "The datasets can be downloaded with:",
        # data sets share their names with sites
        "[Project page](https://example.org) , [Reddit](https://www.reddit.com/r/x) , [Twitter](https://twitter.com/x)",
    ],
)
def test_a_sentence_that_speaks_of_data_need_not_say_how_to_get_them(tmp_path: Path, sentence: str) -> None:
    assert level(tmp_path, {"train.py": IMAGES, "README.md": f"# Birds\n\n{sentence}\n"}) == "none"


@pytest.mark.parametrize(
    "sentence",
    [
        "First you need to have an access to the birds dataset, which can be requested here.",
        "Obtain a copy of ImageNet.",
        "Download the npz file and place it into `data/`.",
    ],
)
def test_a_sentence_asks_the_reader_to_get_data(tmp_path: Path, sentence: str) -> None:
    assert level(tmp_path, {"train.py": MNIST, "README.md": f"# Birds\n\n{sentence}\n"}) == "instructions"


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        # a module of the authors' is no library of environments, whatever its name
        ("included", {"train.py": "import baselines.model\n" + MNIST, "baselines/model.py": "x = 1\n"}),
        ("na", {"train.py": "import baselines.model\n" + MNIST, "README.md": "x\n"}),
        # a list of stop words is no data set
        (
            "none",
            {"train.py": "from nltk.corpus import stopwords\nstopwords.words('english')\nopen('/home/a/x.csv')\n"},
        ),
        # a program that is named after models fetches models
        (
            "included",
            {"train.py": MNIST, "fetch_model.py": "URL = 'https://example.org/mnist_challenge_models/natural.zip'\n"},
        ),
        # a class of the authors' that fetches is a download by their code
        (
            "downloaded",
            {
                "train.py": "from birds import Birds\nBirds('d', download=True)\n",
                "birds.py": "class Birds:\n    url = 'https://example.org/birds-data.tar.gz'\n",
            },
        ),
        # what one program fetches is there for another that is not said to be started
        (
            "included",
            {
                "a.py": MNIST,
                "b.py": "import torchvision\ntorchvision.datasets.CIFAR100('d', download=True)\n",
                "README.md": "Run `python a.py` on [CIFAR100](https://example.org/cifar).\n\n```\npython a.py\n```\n",
            },
        ),
        # results in a folder of data are results
        ("none", {"train.py": "x = 1\n", "data_birds/results/run.csv": CSV}),
        ("included", {"train.py": "x = 1\n", "data_birds/raw/run.csv": CSV}),
        ("instructions", {"train.py": IMAGES, "README.md": "Download the birds data.\n"}),
    ],
)
def test_what_programs_import_fetch_and_leave_is_told_from_data(
    tmp_path: Path, expected: str, files: Mapping[str, str]
) -> None:
    assert level(tmp_path, files) == expected


def test_a_link_into_the_own_repository_leads_to_no_data(tmp_path: Path) -> None:
    link = "The dataset code is [here](https://github.com/a/b/blob/master/train.py#L146).\n"
    assert level(tmp_path, {"train.py": IMAGES, "README.md": link}) == "none"


def test_a_seed_alone_draws_no_data(tmp_path: Path) -> None:
    assert level(tmp_path, {"train.py": "import random\nrandom.seed(1)\nprint(1)\n"}) == "none"
    assert level(tmp_path, {"train.py": "import random\nrandom.seed(1)\nprint(random.random())\n"}) == "na"
