"""The evidence of the checks on a repository shows what their sentences say."""

from __future__ import annotations

from pathlib import Path

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository

LOOP = "import torch\nfrom torch import nn\nm = nn.Linear(2, 1)\no = torch.optim.SGD(m.parameters(), lr=0.1)\n"


def found(root: Path, files: dict[str, str | bytes], check: str) -> Finding:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Facts([read_repository(root)]).run(all_checks()[check])


def test_without_a_readme_what_was_looked_at_is_code_and_not_a_hidden_file(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {".gitignore": "*.pyc\n", ".DS_Store": b"\0\1", "train.py": "import numpy\n"}
    for check in ("licence.stated", "dependencies.declared", "documentation.hardware", "documentation.results"):
        finding = found(tmp_path, files, check)
        assert finding.status is Status.FAIL
        assert [item.path for item in finding.evidence if item.source == "file"] == ["train.py"]


def test_trained_models_that_are_not_published_are_not_missing_where_the_code_trains_them(tmp_path: Path) -> None:
    readme = "# M\n\nThe fitted models are not published: training them again takes seconds.\n"
    assert found(tmp_path, {"README.md": readme, "train.py": "print(1)\n"}, "code.complete").level == "0"


def test_training_code_that_is_not_released_yet_is_missing(tmp_path: Path) -> None:
    readme = "# M\n\nThe training code is not released yet.\n"
    assert found(tmp_path, {"README.md": readme, "model.py": "print(1)\n"}, "code.complete").level == "1"


def test_data_that_the_code_expects_and_the_readme_says_is_not_provided_are_missing(tmp_path: Path) -> None:
    readme = "# M\n\nThe script expects data/a.pkl. This data is not provided by this repository.\n"
    assert found(tmp_path, {"README.md": readme, "train.py": "print(1)\n"}, "code.complete").level == "1"


def test_scripts_that_the_readme_says_are_missing_are_missing(tmp_path: Path) -> None:
    readme = "# M\n\nSome scripts for reproducing the experiments of the paper are missing.\n"
    assert found(tmp_path, {"README.md": readme, "train.py": "print(1)\n"}, "code.complete").level == "1"


def test_an_installer_that_the_reader_fetches_is_not_missing(tmp_path: Path) -> None:
    readme = "# M\n\n```\nwget https://example.org/get/Conda3-5.1.0-x86_64.sh\nbash Conda3-5.1.0-x86_64.sh\n```\n"
    assert found(tmp_path, {"README.md": readme, "train.py": "print(1)\n"}, "code.complete").level == "0"


def test_a_file_that_the_reader_is_to_create_is_not_missing(tmp_path: Path) -> None:
    readme = (
        "# M\n\nMake a workspace and create a file `keys.sh` with\n\n```\nexport KEY=...\n```\n\nThen run `train.py`.\n"
    )
    assert found(tmp_path, {"README.md": readme, "train.py": "print(1)\n"}, "code.complete").level == "0"


def test_the_set_up_of_a_cloned_dependency_is_not_a_missing_part(tmp_path: Path) -> None:
    readme = (
        "# M\n\n1. `git clone https://example.org/else/fastwht.git` then install by `cd python`, `python setup.py`, "
        "`python test.py`\n"
    )
    assert found(tmp_path, {"README.md": readme, "train.py": "print(1)\n"}, "code.complete").level == "0"


def test_a_data_set_in_capitals_is_a_value_and_no_placeholder(tmp_path: Path) -> None:
    readme = "# M\n\n```\nnice python train.py --batch-size 256 --max_epochs 10 --dataset WC\n```\n"
    code = (
        "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--batch-size')\np.add_argument('--max_epochs')\np.add_argument('--dataset')\n"
        "import torch\nnet = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(net.parameters())\n"
        "net(torch.rand(4, 2)).mean().backward()\noptimizer.step()\n"
    )
    files: dict[str, str | bytes] = {"README.md": readme, "train.py": code}
    assert found(tmp_path, files, "documentation.hyperparameters").status is Status.PASS


def test_job_numbers_and_result_files_are_no_hyperparameters(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "README.md": "# M\n\n```\n./monitor.sh 12345678 12345679\n```\n",
        "monitor.sh": "echo $1\n",
        "results/evaluation_results.json": '{"ci_width": 0.1, "beta": 0.2, "dropout": 0.3}',
    }
    assert found(tmp_path, files, "documentation.hyperparameters").status is Status.FAIL


def test_switching_a_model_to_evaluation_mode_or_printing_an_exception_is_no_metric(tmp_path: Path) -> None:
    code = (
        LOOP + "m.eval()\ntry:\n    m(torch.zeros(2)).sum().backward()\nexcept RuntimeError as err:\n    print(err)\n"
    )
    finding = found(tmp_path, {"train.py": code}, "code.evaluation")
    assert finding.level == "none"


def test_the_distance_of_predictions_from_test_targets_is_a_metric(tmp_path: Path) -> None:
    code = (
        "import numpy as np\nfrom scipy import optimize\nb = optimize.nnls(np.eye(2), np.ones(2))[0]\n"
        "oe = np.linalg.norm(y_test - x_test @ b) ** 2\n"
    )
    assert found(tmp_path, {"run.py": code}, "code.evaluation").level == "inside"


def test_the_call_that_computes_a_metric_is_shown_before_its_surroundings(tmp_path: Path) -> None:
    code = (
        "from sklearn.metrics import roc_auc_score\nfrom sklearn.svm import SVC\nm = SVC().fit([[0], [1]], [0, 1])\n"
        "p = m.predict([[0], [1]])\nprint(roc_auc_score([0, 1], p))\n"
    )
    finding = found(tmp_path, {"run.py": code}, "code.evaluation")
    assert "roc_auc_score" in finding.sentence


def test_the_step_that_fits_is_shown_before_an_embedding_for_a_figure(tmp_path: Path) -> None:
    plot = "import umap\nr = umap.UMAP()\ne = r.fit_transform([[0]])\n"
    train = LOOP + "for epoch in range(3):\n    m(torch.zeros(2)).sum().backward()\n    o.step()\n"
    finding = found(tmp_path, {"analyze.py": plot, "train.py": train}, "code.training")
    assert finding.sentence.startswith("train.py fits")
    assert "backward" in finding.sentence


def test_a_size_is_no_training_though_its_name_ends_so(tmp_path: Path) -> None:
    code = (
        "def size_train():\n    a = 1\n    b = 2\n    c = 3\n    return a + b + c\n\n\nprint(size_train())\n"
        "import matplotlib.pyplot as plt\nplt.plot([1])\nx_iters = plt\nfor _ in range(x_iters.shape[1]):\n"
        "    a = 1 + 1\n    b = 2 + 1\n    c = a + b\n"
    )
    assert found(tmp_path, {"plot.py": code}, "code.training").status is not Status.PASS


def test_a_link_to_the_publisher_of_a_backbone_is_no_trained_model_of_the_authors(tmp_path: Path) -> None:
    readme = (
        "# M\n\nFine-tuning the pre-trained multilingual language model, "
        "[bert-base-multilingual-cased](https://huggingface.co/google-bert/bert-base-multilingual-cased), on data.\n"
    )
    assert found(tmp_path, {"README.md": readme, "train.py": LOOP}, "code.pretrained_model").status is Status.FAIL


def test_a_model_in_the_data_folder_counts_where_its_name_says_what_it_is(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"train.py": LOOP, "data/moon_classifier_mlp.pth": b"x" * 4000}
    assert found(tmp_path, files, "code.pretrained_model").status is Status.PASS


def test_tensors_in_the_data_folder_are_no_trained_model(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"train.py": LOOP, "data/moon_dataset.pt": b"x" * 4000}
    assert found(tmp_path, files, "code.pretrained_model").status is Status.FAIL


def test_what_the_notebook_service_brings_need_not_be_declared(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "train.py": "from google.colab import drive\nimport numpy\n",
        "requirements.txt": "numpy\n",
    }
    assert found(tmp_path, files, "dependencies.complete").status is Status.PASS


def test_a_requirement_that_the_compiled_file_fixes_is_fixed(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "train.py": "import numpy\n",
        "requirements.in": "numpy\n",
        "requirements.txt": "numpy==1.26.0\n",
    }
    assert found(tmp_path, files, "dependencies.pinned").status is Status.PASS


def test_data_files_are_shown_and_not_their_histograms(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "train.py": "import pandas\npandas.read_csv('data/a.csv')\n",
        "data/histograms/degree.png": b"\x89PNG" + b"0" * 500,
        "data/z.csv": "a,b\n1,2\n" * 40,
    }
    finding = found(tmp_path, files, "data.available")
    assert finding.level == "included"
    assert "z.csv" in finding.sentence


def test_a_file_that_is_there_is_not_named_as_data_that_cannot_be_had(tmp_path: Path) -> None:
    code = "import pickle\na = open('data/mask.pt')\nb = pickle.load(open('data/private.pkl', 'rb'))\n"
    finding = found(tmp_path, {"train.py": code, "data/mask.pt": b"x" * 50}, "data.available")
    assert finding.status is Status.FAIL
    assert "private.pkl" in finding.sentence


def test_trying_a_connection_fetches_no_data(tmp_path: Path) -> None:
    code = "from urllib import request\nrequest.urlopen('https://example.org', timeout=10)\n"
    assert found(tmp_path, {"train.py": code}, "data.available").status is Status.FAIL


def test_a_program_that_makes_its_own_data_needs_none(tmp_path: Path) -> None:
    code = "def create_sim_data():\n    return [1, 2]\n\n\nprint(create_sim_data())\n"
    assert found(tmp_path, {"main.py": code}, "data.available").status is Status.NOT_APPLICABLE


def test_a_draw_with_its_own_generator_is_not_shown_as_unseeded(tmp_path: Path) -> None:
    code = (
        "import torch\ng = torch.Generator()\ng.manual_seed(42)\na = torch.randperm(5, generator=g)\n"
        "b = torch.randn(3)\n"
    )
    finding = found(tmp_path, {"run.py": code}, "randomness.seeds")
    assert [item.line for item in finding.evidence if item.source == "file"][:1] == [5]


def test_a_seed_that_only_a_trainer_sets_is_said_to_be_the_librarys(tmp_path: Path) -> None:
    code = (
        "import numpy as np\nfrom transformers import Trainer\nt = Trainer(model=None)\nt.train()\n"
        "print(np.random.rand(2))\n"
    )
    finding = found(tmp_path, {"run.py": code}, "randomness.seeds")
    assert "default" in finding.sentence


def test_a_quick_check_of_the_set_up_is_not_the_first_experiment_shown(tmp_path: Path) -> None:
    train = LOOP + "m(torch.zeros(2)).sum().backward()\n"
    finding = found(tmp_path, {"verify_local.py": train, "scripts/train.py": train}, "code.experiments")
    assert finding.sentence.endswith("such as scripts/train.py.")


def test_seeds_given_to_a_script_for_seeds_are_no_hyperparameters(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "README.md": "# M\n\n```\n./run_multi_seed.sh 42 1337 2024\n```\n",
        "run_multi_seed.sh": "echo $1\n",
    }
    assert found(tmp_path, files, "documentation.hyperparameters").status is Status.FAIL


def test_an_experiment_that_draws_unseeded_counts_beside_one_that_is_seeded(tmp_path: Path) -> None:
    seeded = "import numpy as np\nfrom sklearn.linear_model import Lasso\nnp.random.seed(1)\n"
    fits = "Lasso().fit(np.random.rand(3, 2), np.random.rand(3))\n"
    files: dict[str, str | bytes] = {"a.py": seeded + fits, "b.py": "import numpy as np\nprint(np.random.rand(3))\n"}
    assert found(tmp_path, files, "randomness.seeds").level == "partial"


def test_a_program_named_for_evaluation_that_trains_is_no_evaluation_of_its_own(tmp_path: Path) -> None:
    code = LOOP + "from sklearn.metrics import accuracy_score\nm(torch.zeros(2)).sum().backward()\no.step()\n"
    code = code.replace("o = ", "optimizer = ").replace("o.step", "optimizer.step")
    finding = found(tmp_path, {"eval_methods.py": code + "print(accuracy_score([1], [1]))\n"}, "code.evaluation")
    assert finding.level == "inside"


def test_a_leftover_of_a_file_manager_is_no_data(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"train.py": "x = 1\n", "data/.DS_Store": b"x" * 400, "data/b.txt": "word " * 90}
    finding = found(tmp_path, files, "data.available")
    assert [item.path for item in finding.evidence if item.source == "file"] == ["data/b.txt"]


def test_a_distribution_declared_in_two_files_is_counted_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.py": "import numpy\n", "requirements.txt": "numpy\n", "environment.yml": ""}
    files["environment.yml"] = "dependencies:\n  - numpy\n"
    assert "Of the 1 declared" in found(tmp_path, files, "dependencies.pinned").sentence


def test_the_configuration_class_of_a_library_model_sets_no_values_of_experiments(tmp_path: Path) -> None:
    code = 'ARCHIVE_MAP = {"bert-base": "https://example.org/bert-1.json"}\nhidden_config = {"a": 1}\n'
    files: dict[str, str | bytes] = {"configuration_bert.py": code, "train.py": "import configuration_bert\n" + LOOP}
    finding = found(tmp_path, files, "documentation.hyperparameters")
    assert "configuration_bert.py" not in finding.sentence
