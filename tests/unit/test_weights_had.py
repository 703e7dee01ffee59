"""What counts as the authors' own trained weights that can be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.checks.framework import Facts, run_checks
from auditor.repository.inventory import read_repository

DRIVE = "https://drive.google.com/open?id=1abc"


def level(folder: Path, files: dict[str, str | bytes], absent: list[str] | None = None) -> str | None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    (finding,) = run_checks(Facts([read_repository(folder, absent=absent or [])]), ["code.pretrained_model"])
    return finding.level


@pytest.mark.parametrize(
    "readme",
    [
        f"Weights pretrained on the Birds and Cars datasets can be downloaded from [here]({DRIVE}).",
        f"Models available [here]({DRIVE}).",
        f"Pretrained model with training plot and log are now [available]({DRIVE}).",
        f"To evaluate on the dataset, download the trained model [here]({DRIVE}).",
        "[enc_320.pth](https://files.blob.core.windows.net/enc/enc_320.pth)",
        "* [`Net-Large`](https://storage.googleapis.com/net/released_models/large.zip): 24 layers",
        f"| Model | Download |\n|--|--|\n| trained model, CUB | [link]({DRIVE}) |",
        f"## Model zoo\n| Net | Link |\n|--|--|\n| A | [link]({DRIVE}) |",
        f'## Pretrained models\n<table>\n<tr><td>A</td>\n\n<td><a href="{DRIVE}">link</a></td></tr>\n</table>',
        "We provide pre-trained models and logs, available here: https://cloud.example.org/share/dv2s1es8vo",
        "## Trained models\n```\nwget https://example.org/files/net.pth\n```",
        f"Data are [here](https://example.org/data.zip). Checkpoints are [here]({DRIVE}).",
    ],
)
def test_a_download_that_is_said_to_be_trained_weights_counts(tmp_path: Path, readme: str) -> None:
    assert level(tmp_path, {"README.md": f"# Net\n\n{readme}\n"}) == "1"


@pytest.mark.parametrize(
    "readme",
    [
        f"To evaluate the trained model, download the dataset [here]({DRIVE}).",
        f"The features of our trained model are [here]({DRIVE}).",
        f"The pretrained models will be released [here]({DRIVE}).",
        "Pretrained models: [link]()",
        "Our trained models follow [the paper](https://arxiv.org/abs/1802.1) and [code](https://github.com/a/b).",
        f"We start from the pretrained ResNet weights [here]({DRIVE}).",
        "Get [weights](https://download.pytorch.org/models/resnet50-19c8e357.pth).",
        "## Pretrained models\n```\nwget https://example.org/vgg16_imagenet.pth\n```",
        f"<!-- Trained models: [here]({DRIVE}) -->",
        f"## Data\n[here]({DRIVE})",
    ],
)
def test_data_pages_promises_and_other_peoples_networks_do_not(tmp_path: Path, readme: str) -> None:
    assert level(tmp_path, {"README.md": f"# Net\n\n{readme}\n"}) == "0"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("saved/net.pth", "1"),
        ("models/resnet18_adversarial.pth", "1"),
        ("models/model_cifar10", "1"),
        ("pretrained_models.zip", "1"),
        ("models/resnet50-19c8e357.pth", "0"),
        ("models/vgg16_weights.h5", "0"),
        ("assets/models/rocket.md3", "0"),
        ("tests/old_model.pth", "0"),
        ("examples/a.pt", "0"),
        ("data.zip", "0"),
    ],
)
def test_a_committed_file_counts_as_the_authors_own_network(tmp_path: Path, path: str, expected: str) -> None:
    assert level(tmp_path, {path: b"\0\1" * 10_000}) == expected


def test_a_file_of_weights_that_is_too_large_for_this_copy_counts(tmp_path: Path) -> None:
    assert level(tmp_path, {"README.md": "# Net\n"}, absent=["models/net.hdf5"]) == "1"


def test_weights_of_a_project_copied_in_are_not_the_authors(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "train.py": "x = 1\n",
        "lib/mtcnn/LICENSE": "MIT",
        "lib/mtcnn/README.md": "# MTCNN",
        "lib/mtcnn/weights/det.pth": b"x" * 9000,
    }
    assert level(tmp_path, files) == "0"


def test_a_script_that_fetches_weights_counts_also_through_a_variable(tmp_path: Path) -> None:
    script = "URL=https://example.org/pretrained_xl\nget() { wget ${1}; }\nget ${URL}/model.index\n"
    assert level(tmp_path, {"download.sh": script}) == "1"
    assert level(tmp_path, {"download.sh": "wget https://example.org/data.tar.gz\n"}) == "0"


def test_addresses_of_weights_in_settings_and_code_count(tmp_path: Path) -> None:
    assert level(tmp_path / "a", {"conf/test.yaml": "model_file: https://s3.amazonaws.com/x/net-0c.pt\n"}) == "1"
    code = "import torch\nnet = torch.hub.load_state_dict_from_url('https://example.org/files/net.pth')\n"
    assert level(tmp_path / "b", {"run.py": code}) == "1"
    assert level(tmp_path / "c", {"run.py": code.replace("example.org/files/net", "download.pytorch.org/vgg16")}) == "0"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("runs/model_best.pth.tar", "1"),
        ("trained_agents/walker.zip", "1"),
        ("exp/chk-2000/net.pkl", "1"),
        ("release/code.zip", "0"),
        ("cache/test.pt", "0"),
        ("optimizer.pth", "0"),
    ],
)
def test_an_archive_counts_by_what_it_is_called(tmp_path: Path, path: str, expected: str) -> None:
    assert level(tmp_path, {path: b"x" * 9000}) == expected


def test_a_page_of_a_model_hub_counts_unless_it_is_the_makers_of_a_base_model(tmp_path: Path) -> None:
    assert level(tmp_path, {"README.md": "# Net\nOur [Net](https://huggingface.co/lab/net-large).\n"}) == "1"
    assert level(tmp_path, {"README.md": "# Net\nWe use [BERT](https://huggingface.co/bert-base-cased).\n"}) == "0"


def test_a_program_that_does_not_parse_leaves_the_answer_sure(tmp_path: Path) -> None:
    assert level(tmp_path, {"a.py": "def f(:\n  print 1 1\n", "README.md": "# Net\n"}) == "0"


def test_what_is_said_right_above_a_download_decides_and_its_host_does_not(tmp_path: Path) -> None:
    script = "# Get {}\ncurl https://files.example.org/net-demo/large/graph.pb > graph.pb\n"
    assert level(tmp_path, {"demo/script.sh": script.format("model weights")}) == "1"
    assert level(tmp_path, {"demo/script.sh": script.format("the data for the demo")}) == "0"


@pytest.mark.parametrize(
    ("lead", "expected"), [("Pretrained models, logs and samples", "1"), ("Samples of our pretrained models", "0")]
)
def test_the_first_thing_named_above_a_download_is_what_it_brings(tmp_path: Path, lead: str, expected: str) -> None:
    readme = f"# Net\n\n## Ablations\n\n{lead}\n```\nwget https://files.example.org/runs/abl.tar\n```\n"
    assert level(tmp_path, {"README.md": readme}) == expected


@pytest.mark.parametrize(("saved", "expected"), [("alexnet.tar.gz", "0"), ("ours.tar.gz", "1")])
def test_a_download_is_known_by_the_name_that_it_is_saved_under(tmp_path: Path, saved: str, expected: str) -> None:
    script = f"wget -O {saved} https://box.example.org/shared/static/6dvzphk83f5pqu4\n"
    assert level(tmp_path, {"models/download.sh": script}) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("The sparse embeddings that we computed can be had from", "1"),
        ("The word embeddings of others can be had from", "0"),
    ],
)
def test_embeddings_that_the_authors_fitted_are_trained_weights(tmp_path: Path, said: str, expected: str) -> None:
    assert level(tmp_path, {"README.md": f"# Net\n\n{said} [this folder]({DRIVE}).\n"}) == expected


def test_an_address_in_backticks_is_a_link(tmp_path: Path) -> None:
    readme = (
        "# M\n\nDownload the pretrained model from `https://drive.google.com/file/d/1hMxj6NUCE1R/view?usp=sharing`.\n"
    )
    assert level(tmp_path, {"README.md": readme, "train.py": "print(1)\n"}) == "1"
