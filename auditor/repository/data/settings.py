"""The data that settings name: paths in YAML, JSON, TOML and INI files, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.data.calls import last_part
from auditor.repository.data.known import canonical
from auditor.repository.data.words import DATA_SUFFIX, DATA_WORD, OUTPUT, OWN_MACHINE, OWN_RESULTS, WEIGHTS
from auditor.repository.model import DataReference, Repository

FILES_LIMIT = 200
TEXT_LIMIT = 200_000
SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg")

_SETTING = re.compile(r"^\s{0,60}[\"']?([\w./-]{1,60})[\"']?\s{0,4}[:=]\s{0,4}[\"']?([^\"'\s,#]{3,200})")
_KEY = re.compile(r"data|corpus|root|(^|_)(train|images?|imgs?)(_|$)", re.I)
_ROOT = re.compile(r"(^|_)(root|data|data_?set|corpus|images?)_?(dir|path|root|folder|file)?$", re.I)


def from_settings(repository: Repository) -> Iterator[DataReference]:
    """Yield the data files that settings name and that lie here, and the paths of data on the authors' machine."""
    names: dict[str, str] = {last_part(path): path for path in repository.by_path}
    files = [file for file in repository.own_files if file.path.lower().endswith(SUFFIXES) and not file.absent]
    for file in [file for file in files if file.kind != "dependencies" and file.size <= TEXT_LIMIT][:FILES_LIMIT]:
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            setting = _SETTING.match(line[:400])
            if setting:
                evidence = FileEvidence(path=file.path, line=number, excerpt=line.strip()[:300])
                yield from _path(setting[1], setting[2], names, evidence)


def _path(key: str, value: str, names: dict[str, str], evidence: FileEvidence) -> Iterator[DataReference]:
    if "://" in value or not ("/" in value or "\\" in value) or WEIGHTS.search(f"{key} {value}"):
        return
    named = canonical(f"{key} {value}")
    if not (_KEY.search(key) or DATA_WORD.search(value) or named):
        return
    held = names.get(last_part(value))
    if held and DATA_SUFFIX.search(value) and held.endswith(value.lstrip("./")):
        yield DataReference(held, "included", evidence, data_set=named, read=True)
    elif OWN_MACHINE.match(value) and not OUTPUT.search(last_part(value)) and not OWN_RESULTS.search(value):
        yield DataReference(value, "path", evidence, data_set=named, sure=True)
    elif _ROOT.search(key) and not OUTPUT.search(value) and not held:
        yield DataReference(value, "path", evidence, data_set=named)
