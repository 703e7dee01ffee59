"""A licence of data is none of the code."""

from pathlib import Path

import pytest

from auditor.repository.inventory import read_repository
from auditor.repository.licence_subject import is_for_data
from auditor.repository.model import Licence

CODE = {"train.py": "import torch\n", "data/load.py": "import torch\n"}
PROVIDED = "The software is provided as is, without warranty of any kind.\n"
MIT = "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of it.\n"


def licence(folder: Path, files: dict[str, str]) -> Licence | None:
    for name, content in (CODE | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return read_repository(folder).licence


@pytest.mark.parametrize(
    "said",
    [
        "The data are under CC BY 4.0.",
        "The data in this repository are licensed under the CC BY 4.0 license.",
        "Our images and annotations are released under the MIT license.",
        "We share a corpus of letters. It is distributed under the CC BY-SA 4.0 license.",
        "The MIT license applies to the annotations.",
        "## License\n\nThe data set is licensed under CC BY 4.0.",
        "## Data license\n\nCC BY 4.0",
    ],
)
def test_a_sentence_on_data_states_no_licence_of_the_code(tmp_path: Path, said: str) -> None:
    assert licence(tmp_path, {"README.md": f"# Birds\n\n{said}\n"}) is None


@pytest.mark.parametrize(
    ("spdx", "said"),
    [
        ("CC-BY-4.0", "Code and data are released under the CC BY 4.0 license."),
        ("MIT", "The data are under CC BY 4.0, the code is under the MIT license."),
        ("MIT", "The data are under CC BY 4.0. The code is under the MIT license."),
        ("MIT", "## License\n\nCC BY 4.0 for the data, MIT for the code."),
        ("MIT", "## License\n\nThe images are under CC BY 4.0 and the code is under MIT."),
        ("MIT", "This project is licensed under the MIT license. The data are under CC BY 4.0."),
        ("MIT", "## License\n\nMIT"),
        ("MIT", "Our data augmentation toolkit is licensed under the MIT license."),
        ("Apache-2.0", "## Code and data license\n\nApache License 2.0"),
    ],
)
def test_a_sentence_that_names_the_code_states_its_licence(tmp_path: Path, spdx: str, said: str) -> None:
    stated = licence(tmp_path, {"README.md": f"# Birds\n\n{said}\n"})
    assert stated is not None
    assert stated.spdx == spdx


@pytest.mark.parametrize("path", ["data/LICENSE", "third_party/tool/LICENSE", "LICENSE-DATA.txt"])
def test_a_licence_file_of_data_or_of_others_is_not_the_codes(tmp_path: Path, path: str) -> None:
    moved = {"data/a.py": "import torch\n", "data/b.py": "import torch\n", "third_party/tool/a.py": "import torch\n"}
    assert licence(tmp_path, {path: MIT, **moved}) is None


def test_a_licence_file_is_for_data_by_its_name_or_folder() -> None:
    assert is_for_data("datasets/birds/LICENSE")
    assert is_for_data("LICENSE_dataset")
    assert not is_for_data("LICENSE.md")
    assert not is_for_data("dataloading/LICENSE")


def test_folders_under_different_licences_have_none_for_the_whole(tmp_path: Path) -> None:
    files = {f"method/{name}.py": "import torch\n" for name in "abcdef"}
    one = licence(tmp_path / "one", {**files, "method/LICENSE": MIT + PROVIDED})
    two = licence(
        tmp_path / "two",
        {
            **files,
            "method/LICENSE": MIT + PROVIDED,
            "base/LICENSE": "Apache License\nVersion 2.0, January 2004\n",
        },
    )
    assert one is not None
    assert one.spdx == "MIT"
    assert two is None
