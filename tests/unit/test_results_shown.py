"""What counts as a paper's results shown by a repository: numbers, pictures, or neither."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.checks.framework import Facts, run_checks
from auditor.repository.inventory import read_repository

FIT = "from sklearn.svm import SVC\nmodel = SVC().fit(x, y)\nprint(model.score(x, y))\n"


def level(folder: Path, files: dict[str, str | bytes]) -> str | None:
    """What is said of a repository with these files and a program that could have given results."""
    for path, content in {"fit.py": FIT, **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    (finding,) = run_checks(Facts([read_repository(folder)]), ["documentation.results"])
    return finding.level


def notebook(*cells: tuple[str, str, int]) -> str:
    """Return a notebook of code cells: source, printed output, number of images."""
    made = [
        {
            "cell_type": "code",
            "source": source,
            "outputs": [{"output_type": "stream", "text": text}]
            + [{"output_type": "display_data", "data": {"image/png": "x"}}] * images,
        }
        for source, text, images in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4})


NUMBERS = {
    "an HTML table with blank lines": "# Net\n<table>\n <tr><th>Model</th><th>Accuracy</th></tr>\n\n"
    " <tr><td>ours</td><td>95.3</td></tr>\n\n <tr><td>base</td><td>91.0</td></tr>\n</table>\n",
    "rows with bars and no ruler": "# Net\n## Results\nModel | A | B\nours | 95.3 | 96.1\nbase | 91.2 | 90.7\n",
    "values with a spread": "# Net\n|  | wine | iris |\n|--|--|--|\n| ours | 0.91 ± 0.02 | 0.88 ± 0.01 |\n",
    "a spread in brackets": "# Net\n|  | A | B |\n|--|--|--|\n| ours | 0.82% (±0.2%) | 0.81% (±0.2%) |\n",
    "a section below Results": "# Net\n## Results\n### CIFAR\n| | ours | base |\n|-|-|-|\n| a | 4.31 | 5.02 |\n",
    "a sentence": "# Net\nTrained for a day, the model obtained an accuracy of 0.856.\n",
    "a sentence with the number first": "# Net\nOur network reaches 91.2% top-1 on the test set.\n",
    "a list below Results": "# Net\n## Results\n- MNIST: 99.2%\n- CIFAR: 91.4%\n",
    "values beside the weights": "# Net\n## Models\n- [Net 50](https://x.org/a.pth) (Linear ImageNet Acc 58.5%)\n",
    "a plain statement": "# Net\nTop-1 accuracy for Net-50 at Epoch 100 (alpha=0.7) is around 76.0%.\n",
    "two values in a cell": "# Net\n| Model | val error |\n|--|--|\n| a | 30.4, 10.8 |\n| b | 29.3, 10.0 |\n",
    "printed output": "# Net\n```\nTruncation 0.3\nPrecision: 0.895\n```\n",
    "a held-out set's number": "# Net\n**Ours:** Valid 58.34 Test 56.18\n",
}
NO_RESULTS = {
    "an empty table": "# Net\n## Results\n| Model | Accuracy |\n|--|--|\n| ours | TBD |\n",
    "options": "# Net\n## Experiments\n| Option | Default |\n|--|--|\n| lr | 0.01 |\n| decay | 0.0005 |\n",
    "the sizes of data": "# Net\n## Experiments\n| | # Nodes | Fill |\n|-|-|-|\n| a | 2.7 | 0.1 |\n| b | 3.1 | 2.2 |\n",
    "a line of a training log": "# Net\n```\nstep: 205, accuracy: 0.941\n```\n",
    "a setting": "# Net\nDropout is 0.5 and the learning rate 0.001.\n",
    "a metric's threshold": "# Net\nThe threshold on the recall is 0.5 there.\n",
    "a metric to stop at": "# Net\nWe stop at an accuracy of 99%.\n",
    "a share of the data": "# Net\n## Results\nWe report accuracy on 20% of the data.\n",
    "a command of versions": "# Net\n## Evaluation\n```\ntop5 accuracy\ndocker build --arg b=c:10.0 --tag a:1.0\n```\n",
    "a command": "# Net\n```\npython train.py --accuracy 0.5\n```\n",
    "commented out": "# Net\n<!--\n| Model | Accuracy |\n|--|--|\n| a | 95.1 |\n| b | 96.2 |\n-->\n",
}


@pytest.mark.parametrize("readme", NUMBERS.values(), ids=NUMBERS.keys())
def test_measured_values_at_a_metrics_or_a_results_name_are_numbers(tmp_path: Path, readme: str) -> None:
    assert level(tmp_path, {"README.md": readme}) == "numbers"


@pytest.mark.parametrize("readme", NO_RESULTS.values(), ids=NO_RESULTS.keys())
def test_settings_and_placeholders_are_no_results(tmp_path: Path, readme: str) -> None:
    assert level(tmp_path, {"README.md": readme}) == "none"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "README.rst",
            "Net\n===\n\n===== ========\nModel Accuracy\n===== ========\nours  95.1\nbase  90.3\n===== ========\n",
        ),
        (
            "README.rst",
            "Net\n===\n\n.. list-table::\n\n   * - Model\n     - F1\n   * - ours\n     - 0.91\n   * - b\n     - 0.8\n",
        ),
        ("README.org", "* Net\n** Results\n| model | a |\n|-------+---|\n| ours | 95.1 |\n| base | 95.0 |\n"),
    ],
)
def test_tables_of_other_markups_are_read(tmp_path: Path, name: str, text: str) -> None:
    assert level(tmp_path, {name: text}) == "numbers"


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("# Net\n![](figs/accuracy_surface.png)\n", "image"),
        ("# Net\n## Results\n![](figs/a.png)\n", "image"),
        ("# Net\n![](bound-cifar.jpg) ![](rmse_wine.png)\n", "image"),
        ("# Net\n## Evaluation\n### CIFAR\n<img src='figs/a.png'>\n", "image"),
        ("# Net\nTest error over time:\n\n![](figs/a.png)\n", "image"),
        ("# Net\n![](figs/table_reconstruction.png)\n", "image"),
        ("# A benchmark of results\n![](figs/a.png)\n", "none"),
        ("# Net\n## Results\n![generated samples](figs/a.png)\n", "none"),
        ("# Net\n![](figs/architecture.png)\n", "none"),
        ("# Net\n## Results\n![](figs/walk.gif)\n", "none"),
        ("# Net\n## Results\n![build](https://travis-ci.org/a/b.svg)\n", "none"),
    ],
)
def test_a_picture_shows_results_by_its_name_its_caption_or_its_section(
    tmp_path: Path, readme: str, expected: str
) -> None:
    assert level(tmp_path, {"README.md": readme}) == expected


@pytest.mark.parametrize(
    ("source", "output", "images", "expected"),
    [
        ("evaluate()", "Test RMSE: 0.712", 0, "numbers"),
        ("fit()", "Epoch 198 train_acc= 0.99 test_acc= 0.845\nEpoch 199 train_acc= 0.99 test_acc= 0.846", 0, "numbers"),
        ("# log-likelihood over the test set\nnp.sum(ll)", "-18114.415", 0, "numbers"),
        ("frame", "        MNIST  avg\nours    0.91  0.92\nbase    0.84  0.85", 0, "numbers"),
        ("fit()", "Epoch 1 train mse: 79.82 loss: 0.4", 0, "none"),
        ("data.describe()", "        mean   std\na       0.91  0.92\nb       0.84  0.85", 0, "none"),
        ("plt.plot(sizes, errors)", "", 1, "image"),
        ("plt.imshow(sample)", "", 1, "none"),
        ("plt.plot(history['loss'])", "", 1, "image"),
        ("run()", "", 0, "none"),
    ],
)
def test_a_notebooks_outputs_show_results_unless_of_pictures(
    tmp_path: Path, source: str, output: str, images: int, expected: str
) -> None:
    assert level(tmp_path, {"analysis.ipynb": notebook((source, output, images))}) == expected


def test_an_interactive_plot_that_a_notebook_keeps_as_html_is_a_picture(tmp_path: Path) -> None:
    output = {"output_type": "display_data", "data": {"text/html": ['<img src="data:image/png;base64,iVBOR">']}}
    cell = {"cell_type": "code", "source": "plt.plot(sizes, errors)", "outputs": [output]}
    made = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4})
    assert level(tmp_path, {"analysis.ipynb": made}) == "image"


@pytest.mark.parametrize("folder", ["examples", "docs/tutorials", "data_preprocessing"])
def test_examples_of_use_and_preparation_of_data_show_no_results(tmp_path: Path, folder: str) -> None:
    files: dict[str, str | bytes] = {f"{folder}/a.ipynb": notebook(("evaluate()", "Test RMSE: 0.712", 0))}
    assert level(tmp_path, files) == "none"


def test_what_a_project_copied_in_shows_is_not_the_authors_result(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "README.md": "# Net\n",
        "train.py": "x = 1\n",
        "tools/refer/LICENSE": "MIT",
        "tools/refer/README.md": "# Refer\nIt reaches an accuracy of 91.2%.\n",
        "tools/refer/demo.ipynb": notebook(("evaluate()", "BLEU: 0.712", 0)),
    }
    assert level(tmp_path, files) == "none"
    assert (
        level(tmp_path, {"LICENSE": "MIT", "RESULTS.md": "# Results\nIt reaches an accuracy of 91.2%.\n"}) == "numbers"
    )


def test_a_result_file_counts_where_a_document_names_it(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"README.md": "# Net\n", "out/results_ucr.csv": "data,ours,base\nwine,0.91,0.88\n"}
    assert level(tmp_path, files) == "none"
    assert level(tmp_path, {"README.md": "# Net\nAll scores are in `out/results_ucr.csv`.\n"}) == "numbers"


def test_a_named_result_file_without_numbers_shows_nothing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"README.md": "# Net\nSee [them](results.csv).\n", "results.csv": "data,accuracy\n"}
    assert level(tmp_path, files) == "none"


def test_pictures_in_a_folder_count_where_a_document_names_the_folder(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"README.md": "# Net\nPlots lie in `results/`.\n", "results/fig.png": b"\x89PNG"}
    assert level(tmp_path, files) == "image"
    assert level(tmp_path, {"README.md": "# Net\n"}) == "none"


def test_a_notebook_that_is_no_json_leaves_the_answer_open(tmp_path: Path) -> None:
    assert level(tmp_path, {"README.md": "# Net\n", "run.ipynb": "{"}) is None


def test_code_of_a_notebook_that_does_not_parse_leaves_the_answer_sure(tmp_path: Path) -> None:
    assert level(tmp_path, {"README.md": "# Net\n", "run.ipynb": notebook(("def f(:\n  a b c", "", 0))}) == "none"


@pytest.mark.parametrize("said", ["`scores`", "`scores/`", "`src/scores`", "[csv files](src/scores/)"])
def test_a_folder_of_result_files_is_found_by_its_name(tmp_path: Path, said: str) -> None:
    table = "dataset,accuracy\nMUTAG,0.861\n"
    readme = f"# Net\nThe folder {said} keeps the saved experiments.\n"
    assert level(tmp_path / "a", {"README.md": readme, "src/scores/a.csv": table}) == "numbers"
    assert level(tmp_path / "b", {"README.md": readme, "src/scores/a.csv": ""}) == "none"
    assert level(tmp_path / "c", {"README.md": "# Net\n", "src/scores/a.csv": table}) == "none"


LIBRARY = {"lib/LICENSE": "MIT\n", "lib/README.md": "# Lib\n\nAccuracy of 91.5% on the test set.\n", "lib/net.py": FIT}


def test_results_of_a_copied_library_that_holds_all_code_are_not_the_papers(tmp_path: Path) -> None:
    assert level(tmp_path, {"fit.py": "", "LICENSE": "MIT\n", "README.md": "# Net\n", **LIBRARY}) == "none"


def test_a_licensed_folder_is_the_authors_own_where_the_top_carries_no_licence(tmp_path: Path) -> None:
    assert (
        level(
            tmp_path,
            {"fit.py": "", "README.md": "# Net\n", **LIBRARY, "lib/a.py": FIT}
            | {f"lib/part{number}.py": FIT for number in range(12)},
        )
        == "numbers"
    )


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("/env/python3.6/metrics.py:1135: UndefinedMetricWarning: F-score is ill-defined, set to 0.0\n", "none"),
        ("WARNING:root:accuracy below 0.5\n", "none"),
        ("/env/metrics.py:9: UserWarning: F-score is set to 0.0\nTest accuracy: 0.912\n", "numbers"),
    ],
)
def test_a_librarys_warning_in_a_notebook_is_no_result(tmp_path: Path, printed: str, expected: str) -> None:
    files = {"README.md": "# Net\n", "run.ipynb": notebook(("net.fit(x)", printed, 0))}
    assert level(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("All results are stored in the ./results directory.", "numbers"),
        ("The data included in the paper are located in [results/runs/](./results/runs/).", "numbers"),
        ("The learning curves lie under /results.", "numbers"),
        ("All results are stored in the ./other directory.", "none"),
    ],
)
def test_arrays_in_a_folder_of_results_that_is_named_are_numbers(tmp_path: Path, said: str, expected: str) -> None:
    assert level(tmp_path, {"README.md": f"# Net\n\n{said}\n", "results/runs/a.npz": b"x" * 99}) == expected


def test_an_empty_file_in_a_folder_of_results_is_no_number(tmp_path: Path) -> None:
    readme = "# Net\n\nAll results are stored in ./results.\n"
    assert level(tmp_path, {"README.md": readme, "results/a.npy": b""}) == "none"
