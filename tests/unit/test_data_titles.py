"""How data are called, which links lead to one place, and which data the authors hand out."""

from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.data.titles import QUOTE_LIMIT, quoted, short_title
from auditor.repository.inventory import read_repository

MNIST = "import torchvision\ntorchvision.datasets.MNIST('d', download=True)\n"
HERE = FileEvidence(path="README.md", line=7)


def facts(folder: Path, files: dict[str, str]) -> Facts:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return Facts([read_repository(folder)])


def found(folder: Path, files: dict[str, str], check: str) -> Finding:
    return facts(folder, files).run(all_checks()[check])


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("`https://example.org/a/b/birds.zip`", "example.org/…/birds.zip"),
        ("https://www.example.org/birds/", "example.org/birds"),
        ("https://drive.google.com/file/d/1AbC/view", "drive.google.com/…/1AbC"),
        ("this script", "the data (README.md, line 7)"),
        ("here", "the data (README.md, line 7)"),
        ("Download the data from the page of the authors and unpack", "the data (README.md, line 7)"),
        ("You can find the data here;", "the data (README.md, line 7)"),
        ("**CelebA-HQ** images", "CelebA-HQ images"),
        ("train_data.csv", "train_data.csv"),
        ("`data:`", "the data (README.md, line 7)"),
        ("Download data: first", "the data (README.md, line 7)"),
        ("Get the data: https://example.org/a/birds.zip", "example.org/…/birds.zip"),
    ],
)
def test_a_title_is_a_short_name_or_the_place(name: str, title: str) -> None:
    assert short_title(name, HERE) == title


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Get the data by hand.", "Get the data by hand"),
        ("word " * 40, "word " * 23 + "word …"),
        ("a" * 30 + " " + "word " * 20 + "at https://example.org/birds.zip (2 GB)",
         "… " + "word " * 16 + "at https://example.org/birds.zip"),
    ],
)  # fmt: skip
def test_a_quote_has_whole_words_and_its_link(text: str, quote: str) -> None:
    assert quoted(text)[-60:] == quote[-60:]
    assert len(quoted(text)) <= QUOTE_LIMIT + 2


def test_what_a_document_links_is_fixed_beside_the_link(tmp_path: Path) -> None:
    readme = "# x\n\n[data:](https://example.org/birds.zip)\n"
    files = {"README.md": readme, "train.py": "import pandas as pd\nprint(pd.read_csv('data/birds.csv'))\n"}
    fixed = found(tmp_path, files, "data.fixed")
    wanted = "Give the version or a SHA-256 of the data (README.md, line 3) beside the link in README.md."
    assert fixed.remedy == wanted
    assert "https://example.org/birds.zip" in found(tmp_path, files, "data.available").sentence


def test_links_to_one_place_are_one_data_set(tmp_path: Path) -> None:
    url = "https://example.org/birds_data.zip"
    readme = f"# x\n\nGet the [bird data]({url}) first.\n\nThe dataset: [`{url}`]({url}/)\n"
    finding = found(tmp_path, {"README.md": readme}, "data.fixed")
    assert finding.status is Status.FAIL
    assert "more of" not in finding.sentence
    assert "`" not in finding.sentence


@pytest.mark.parametrize(
    ("status", "files"),
    [
        (Status.NOT_APPLICABLE, {"README.md": "# x\n\nDownload the [bird data](https://birds.example.org/all.zip).\n"}),
        (Status.NOT_APPLICABLE, {"get.sh": "wget https://birds.example.org/birds_data.zip\n"}),
        (Status.FAIL, {"get.sh": "wget https://zenodo.org/record/5833/files/birds_data.zip\n"}),
        (Status.FAIL, {"data/a.csv": "1,2\n" * 90}),
    ],
)
def test_terms_are_asked_for_of_data_that_the_authors_hand_out(
    tmp_path: Path, status: Status, files: dict[str, str]
) -> None:
    assert found(tmp_path, files, "data.licence").status is status


def test_fixed_data_beside_data_of_which_nothing_is_known_are_half_the_answer(tmp_path: Path) -> None:
    code = MNIST + "open('/home/jo/data/birds.csv')\n"
    finding = found(tmp_path, {"train.py": code}, "data.fixed")
    assert finding.status is Status.PARTIAL
    assert "birds.csv" in finding.sentence
