"""Seeds of settings files: read by the code they are an origin, read by nothing they are a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.findings import Status
from tests.unit.test_seed_origins import finding

DRAWS = "import numpy as np\n{more}\nprint(np.random.rand(2))\n"
FORMS = {
    "config.yaml": ("lr: 0.1\nseed: 7\n", "import yaml\ncfg = yaml.safe_load(open('config.yaml'))", 2),
    "config.json": ('{"lr": 0.1, "seed": 7}\n', "import json\ncfg = json.load(open('config.json'))", 1),
    "config.toml": ("[train]\nseed = 7\n", "import tomllib\ncfg = tomllib.load(open('config.toml', 'rb'))", 2),
    "config.ini": (
        "[train]\nlr = 1\nseed = 7\n",
        "import configparser\ncfg = configparser.ConfigParser()\ncfg.read('config.ini')",
        3,
    ),
    "config.gin": ("train.lr = 0.1\ntrain.seed = 7\n", "import gin\ngin.parse_config_file('config.gin')", 2),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_seed_that_a_settings_file_declares_and_nothing_reads_is_a_fault(tmp_path: Path, name: str) -> None:
    text, load, line = FORMS[name]
    found = finding(tmp_path, {name: text, "train.py": DRAWS.format(more=load)}, "seed_option")
    assert found.status is Status.FAIL
    assert f"`seed` is declared in {name}, line {line}, and no line of the code reads it" in found.sentence
    assert (found.evidence[0].path, found.evidence[0].line) == (name, line)
    assert "np.random.seed" in (found.remedy or "")


READ = [
    "cfg = yaml.safe_load(open('config.yaml'))\nnp.random.seed(cfg['seed'])",
    "cfg = yaml.safe_load(open('config.yaml'))\nnp.random.seed(cfg.get('seed'))",
    "cfg = EasyDict(yaml.safe_load(open('config.yaml')))\nnp.random.seed(cfg.seed)",
    "cfg = OmegaConf.load('config.yaml')\nnp.random.seed(cfg.train.seed)",
    "def load():\n    with open('config.yaml') as f:\n        return yaml.safe_load(f)\nnp.random.seed(load()['seed'])",
    "@hydra.main(config_path='.', config_name='config')\ndef main(cfg):\n    np.random.seed(cfg.seed)\nmain()",
]


@pytest.mark.parametrize("load", READ)
def test_a_seed_that_the_code_reads_from_a_configuration_is_a_setting(tmp_path: Path, load: str) -> None:
    imports = "import hydra\nimport yaml\nfrom easydict import EasyDict\nfrom omegaconf import OmegaConf\n"
    files = {"config.yaml": "seed: 7\n", "train.py": DRAWS.format(more=imports + load)}
    found = finding(tmp_path, files)
    assert found.level == "full"
    assert "by the setting `seed` of a configuration" in found.sentence
    assert finding(tmp_path, files, "seed_option").status is Status.PASS


@pytest.mark.parametrize(
    "more",
    [
        "import yaml\nfrom kit import run\nrun(yaml.safe_load(open('config.yaml')))",
        "import yaml\nimport kit\ncfg = yaml.safe_load(open('config.yaml'))\nkit.run(cfg)",
        "import yaml\nfrom kit import run\ncfg = yaml.safe_load(open('config.yaml'))\nrun(**cfg)",
        "import yaml, allennlp\ncfg = yaml.safe_load(open('config.yaml'))",
        "import hydra\nhydra.utils.instantiate(hydra.compose('config'))",
        "import numpy",
    ],
)
def test_a_seed_that_code_outside_may_read_is_no_fault(tmp_path: Path, more: str) -> None:
    files = {"config.yaml": "seed: 7\n", "train.py": DRAWS.format(more=more)}
    assert finding(tmp_path, files, "seed_option").status is not Status.FAIL


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("results/run.yaml", "seed: 7\n"),
        ("config.yaml", "seed: best\n"),
        ("config.yaml", "# seed: 7\n"),
        ("config.yaml", "seed: 7\nname: run-${seed}\n"),
        ("config.yaml", "seeds_of_wheat: 7\n"),
    ],
)
def test_what_is_no_seed_of_a_run_is_no_fault(tmp_path: Path, name: str, text: str) -> None:
    load = "import yaml\ncfg = yaml.safe_load(open('config.yaml'))"
    found = finding(tmp_path, {name: text, "train.py": DRAWS.format(more=load)}, "seed_option")
    assert found.status is not Status.FAIL


def test_many_files_with_one_unread_seed_are_one_fault(tmp_path: Path) -> None:
    load = "import yaml\ncfg = yaml.safe_load(open('c0.yaml'))"
    files = {f"c{number}.yaml": "seed: 7\n" for number in range(9)}
    found = finding(tmp_path, {**files, "train.py": DRAWS.format(more=load)}, "seed_option")
    assert "c0.yaml, line 1 and 8 more files" in found.sentence
    assert len(found.evidence) == 4
