"""Which calls read files, and which write them."""

from __future__ import annotations

import re

from auditor.repository.model import Call, Repository

_READS = re.compile(
    r"(^|\.)(read_csv|read_table|read_pickle|read_json|read_excel|read_parquet|read_hdf|loadtxt|genfromtxt"
    r"|loadmat|ImageFolder|DatasetFolder|load_svmlight_file|fromfile|memmap|imread|TFRecordDataset|read_data_sets"
    r"|read_edgelist|read_gpickle|read_gml|open|load|File)$"
)
_WRITES = re.compile(r"(^|\.)(save\w{0,20}|to_(csv|pickle|json|hdf|parquet|excel)|dump|write\w{0,12}|imsave)$", re.I)

_WORD = re.compile(r"[A-Za-z_][\w.]{0,80}")

# What reads back what the call beside it writes.
_PAIRS = (
    (re.compile(r"^numpy\.load$"), re.compile(r"^numpy\.(save|savez|savez_compressed)$")),
    (re.compile(r"^(numpy\.)?loadtxt$|^numpy\.genfromtxt$"), re.compile(r"^numpy\.savetxt$")),
    (re.compile(r"^(c?[pP]ickle|dill|joblib)\.load$"), re.compile(r"^(c?[pP]ickle|dill|joblib)\.dump$")),
    (re.compile(r"^torch\.load$"), re.compile(r"^torch\.save$")),
    (re.compile(r"^pandas\.read_(csv|pickle)$"), re.compile(r"\.to_(csv|pickle)$")),
    (re.compile(r"^json\.load$"), re.compile(r"^json\.dump$")),
    (re.compile(r"^scipy\.io\.loadmat$"), re.compile(r"^scipy\.io\.savemat$")),
    (re.compile(r"\.restore$|\.load_state_dict$|\.load_weights$"), re.compile(r"\.save$|\.save_weights$")),
)  # fmt: skip


def reads_file(call: Call) -> bool:
    """Return whether a call opens a file to read it."""
    return bool(_READS.search(call.name)) and not writes_file(call)


def writes_file(call: Call) -> bool:
    """Return whether a call writes a file."""
    if _WRITES.search(call.name):
        return True
    return call.name.endswith(("open", "File")) and any(re.match(r"""["'][wax]""", mode) for mode in _modes(call))


def _modes(call: Call) -> tuple[str, ...]:
    return (*call.arguments[1:2], *(value for key, value in call.keywords if key == "mode"))


def reads_back(call: Call, written: frozenset[str]) -> bool:
    """Return whether a call reads a format that a call of one of the names in `written` writes: own results mostly."""
    if call.name == "open" and any("b" in mode for mode in _modes(call)):
        return any(_PAIRS[2][1].search(name) for name in written)
    return any(read.search(call.name) and any(write.search(name) for name in written) for read, write in _PAIRS)


def writers(repository: Repository) -> frozenset[str]:
    """Return the names of all calls by which the own sources write files."""
    own = (source for source in repository.sources if not source.vendored)
    return frozenset(call.name for source in own for call in source.calls if writes_file(call))


def written_names(repository: Repository) -> frozenset[str]:
    """Return the names of the files that some own program writes, as far as they or what is called so are literal."""
    found: set[str] = set()
    for source in repository.sources:
        calls = [call for call in source.calls if writes_file(call)]
        given = {word for call in calls for argument in call.arguments[:2] for word in _WORD.findall(argument)}
        lines = {call.line for call in calls} | {item.line for item in source.assignments if item.target in given}
        found |= {last_part(text) for text, line in source.strings if line in lines}
    return frozenset(found)


def last_part(path: str) -> str:
    """Return the last part of a path with either kind of slash."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def written_stems(repository: Repository) -> frozenset[str]:
    """Return the names of the files that some own program writes, without endings, which libraries may add."""
    return frozenset(stem(name) for name in written_names(repository)) - {""}


def stem(path: str) -> str:
    """Return the last part of a path without its ending; empty for what is an ending alone (`.npz`)."""
    return last_part(path).partition(".")[0]
