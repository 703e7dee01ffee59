"""The forms of settings files: their suffixes, and what Python code reads each with."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """One form: the suffixes of its files, the top modules that read it, and the calls that load it."""

    suffixes: tuple[str, ...]
    modules: frozenset[str]
    """Empty where anything may read it."""
    loader: re.Pattern[str]


FORMS = {
    "yaml": Form(
        (".yaml", ".yml"),
        frozenset(("yaml", "ruamel", "oyaml", "yacs", "configargparse", "pytorch_lightning", "lightning")),
        re.compile(
            r"(^|\.)(yaml|YAML\(\)|OmegaConf|ruamel\.\w+)\.\w*load\w*$|^hydra\.(main|initialize|compose)$", re.I
        ),
    ),
    "json": Form(
        (".json",),
        frozenset(("json", "simplejson", "ujson", "commentjson", "transformers")),
        re.compile(r"(^|\.)(u?json|commentjson|json5)\.loads?$"),
    ),
    "toml": Form(
        (".toml",),
        frozenset(("toml", "tomli", "tomllib", "pytoml")),
        re.compile(r"(^|\.)(toml|tomllib|tomli|pytoml|tomlkit)\.(loads?|parse)$"),
    ),
    "ini": Form((".ini", ".cfg", ".conf"), frozenset(), re.compile(r"(^|\.)(Safe|Raw)?ConfigParser$")),
    "gin": Form((".gin",), frozenset(("gin",)), re.compile(r"^gin\.(\w+\.)*parse_config\w*$")),
}
_FRAMEWORKS_OF_ANY = frozenset(("sacred", "allennlp", "mmcv", "mmengine", "detectron2", "jsonargparse"))
READ_ANY = _FRAMEWORKS_OF_ANY | {"hydra", "omegaconf", "anyconfig", "confuse"}
"""Modules that read settings in several forms."""
FRAMEWORKS = _FRAMEWORKS_OF_ANY | frozenset(
    "mmdet mmseg mmcls fairseq fairseq2 spacy ludwig ray nni nemo speechbrain hyperpyyaml espnet kedro tango"  # noqa: SIM905
    " rl_zoo3 garage flair rasa deepspeed axolotl torchtune".split()
)
"""Modules that read settings files themselves, or seed from them."""


def modules_reading(suffix: str) -> frozenset[str] | None:
    """Return the modules that read settings files of a suffix such as `.yaml`; None where anything may.

    Gin is read by its own module alone.
    """
    form = next((form for form in FORMS.values() if suffix in form.suffixes), None)
    if form is None or not form.modules:
        return None
    return form.modules if suffix == ".gin" else form.modules | READ_ANY
