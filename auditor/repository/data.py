"""Where the data of the experiments come from: files here, loaders that fetch, downloads, links, generators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.data_sets import LOADERS, data_set_in
from auditor.repository.model import DataReference, Document, File, Repository, Source
from auditor.repository.shell_command import logical_lines

REFERENCE_LIMIT = 400

_DOWNLOAD_CALLS = re.compile(
    r"(^|\.)(urlretrieve|urlopen|download_url|download_and_extract_archive|download_file_from_google_drive"
    r"|maybe_download|get_file"
    r"|download_file|download_from_url|gdown\.download|cached_download|snapshot_download|hf_hub_download"
    r"|wget\.download|download_data"
    r"|download_dataset|extract_archive)$|^gdown\.|^wget\.|^kaggle\.api|^requests\.get$"
    r"|^torch\.hub\.download_url_to_file$"
)
_DOWNLOAD_SHELL = re.compile(r"\b(wget|curl|gdown|aria2c|kaggle\s+(datasets|competitions)|gsutil|aws\s+s3|axel)\b")
_DATA_SUFFIX = re.compile(
    r"\.(csv|tsv|txt|json|jsonl|npy|npz|mat|pkl|pickle|h5|hdf5|parquet|arff|libsvm|svm|tfrecords?|lmdb|dat|data"
    r"|zip|tar|gz|tgz|wav|flac"
    r"|edgelist|gml|xlsx?|feather|nii|dcm|bin|p|cites|content)(\.(gz|bz2|xz|zip))?$",
    re.I,
)
_DATA_WORD = re.compile(r"(?<![a-z])(data|datasets?|corpus|corpora|benchmark|images|recordings|samples)(?![a-z])", re.I)
_GENERATED = re.compile(
    r"^(sklearn\.datasets\.(make_\w+|samples_generator\.\w+)|numpy\.random\.(multivariate_normal)"
    r"|networkx\.(\w+_graph|\w+_model))$"
)
_GENERATOR_NAME = re.compile(
    r"(^|[._])(simulate|simulation|simulator|generate|gen|make|synthetic|synthesize|toy"
    r"|sample)_?(\w{0,20}_)?(data|dataset|samples|problem|graph|points|series|trajector\w+|instance|signal|matrix)"
    r"|(^|[._])(create|build)_(sim|simulated|synth|synthetic|toy|fake|artificial)_\w{1,30}",
    re.I,
)
_ENVIRONMENTS = re.compile(
    r"^(gym|gymnasium)\.(make|vector\.make|envs\.)|^dm_control\.suite\.load$|^pysc2\.env|^smac\.env|^vizdoom\."
)
_READS = re.compile(
    r"(^|\.)(read_csv|read_table|read_pickle|read_json|read_excel|read_parquet|read_hdf|loadtxt|genfromtxt"
    r"|loadmat|ImageFolder|DatasetFolder"
    r"|load_svmlight_file|fromfile|memmap|imread|TFRecordDataset|read_data_sets|read_edgelist|read_gpickle"
    r"|read_gml|open|load|File)$"
)


def data_references(repository: Repository) -> tuple[DataReference, ...]:
    """Return every reference to data that the own files make, code first, then documents, then the files themselves."""
    found = [
        *_from_code(repository),
        *_from_shell(repository),
        *_from_documents(repository),
        *_included(repository),
    ]
    unique: dict[tuple[str, str], DataReference] = {}
    for item in found:
        unique.setdefault((item.name, item.how), item)
    return tuple(unique.values())[:REFERENCE_LIMIT]


def _from_code(repository: Repository) -> Iterator[DataReference]:
    here = {path.rpartition("/")[2] for path in repository.by_path}
    for source in repository.sources:
        if source.vendored or re.search(r"(^|/)(tests?|docs?)/|(^|/)setup\.py$", source.path):
            continue
        yield from _loaders(source)
        yield from (item for item in _paths(source) if item.how != "path" or not _is_here(item.name, repository, here))


def _is_here(named: str, repository: Repository, names: set[str]) -> bool:
    """Return whether a path that the code names leads to a file of the repository, from the top or from a folder."""
    plain = re.sub(r"^(\.{1,2}/)+", "", named.replace("\\", "/"))
    return plain.rpartition("/")[2] in names and any(
        path == plain or path.endswith(f"/{plain}") for path in repository.by_path
    )


def _loaders(source: Source) -> Iterator[DataReference]:
    for call in source.calls:
        evidence = source.evidence(call.line, call.statement)
        loader = next((kind for pattern, kind in LOADERS if pattern.search(call.name)), None)
        if loader:
            named = next((a.strip("\"'") for a in call.arguments if a[:1] in "\"'"), "")
            name = call.name.rpartition(".")[2] if loader == "class" else named or call.name.rpartition(".")[2]
            yield DataReference(name, "loader", evidence)
        elif _ENVIRONMENTS.search(call.name):
            yield DataReference(call.name, "generated", evidence)
        elif _DOWNLOAD_CALLS.search(call.name):
            url = next((a.strip("\"'") for a in call.arguments if a.strip("\"'f").startswith("http")), None)
            if not (url and re.fullmatch(r"\w+://[^/]+/?", url)):  # a host alone: whether the network is there
                yield DataReference(url or call.name, "downloaded", evidence, url)
        elif _GENERATED.search(call.name) or _GENERATOR_NAME.search(call.name):
            yield DataReference(call.name, "generated", evidence)
    for function in source.functions:
        if _GENERATOR_NAME.search(function.name):
            yield DataReference(function.name, "generated", source.evidence(function.line, f"def {function.name}"))


def _paths(source: Source) -> Iterator[DataReference]:
    reads = {call.line for call in source.calls if _READS.search(call.name)}
    for text, line in source.strings:
        if text.startswith(("http://", "https://", "ftp://")):
            if _DATA_SUFFIX.search(text.split("?")[0]) and not re.search(r"\.(pth|pt|ckpt)$", text):
                yield DataReference(text[:200], "downloaded", source.evidence(line, text), text[:300])
        elif (_DATA_SUFFIX.search(text) and (line in reads or _DATA_WORD.search(text))) or (
            _DATA_WORD.search(text) and ("/" in text or "\\" in text)
        ):
            yield DataReference(text[:200], "path", source.evidence(line, text))


def _from_shell(repository: Repository) -> Iterator[DataReference]:
    for file in repository.own_files:
        if file.kind != "shell" and file.path.rpartition("/")[2] != "Makefile":
            continue
        try:
            text = repository.text(file.path)
        except Unreadable:
            continue
        for offset, line in logical_lines(text[:400_000]):
            number = offset + 1
            url = re.search(r"(https?|ftp)://[^\s\"'<>]{4,300}", line[:2_000])
            if _DOWNLOAD_SHELL.search(line[:2_000]) and not line.lstrip().startswith("#"):
                name = url[0] if url else line.strip()[:200]
                if not re.search(r"miniconda|anaconda|cuda|\.deb\b|\.(pth|ckpt)$", name, re.I):
                    evidence = FileEvidence(path=file.path, line=number, excerpt=line.strip()[:300])
                    yield DataReference(name, "downloaded", evidence, url[0] if url else None)


def _from_documents(repository: Repository) -> Iterator[DataReference]:
    for document in repository.documents:
        if re.search(r"(^|/)(changelog|contributing|news)", document.path, re.I):
            continue
        for line, text in document.prose:
            urls = [link.url for link in document.links if link.line == line or text.startswith(link.context[:80])]
            for sentence in re.split(r"(?<=[.!?:])\s", text[:5_000]):
                yield from _sentence(document, line, sentence, urls)
        yield from _links(document)
        for block in document.blocks:
            for offset, row in enumerate(block.text.split("\n")):
                if _DOWNLOAD_SHELL.search(row[:1_000]) and not _NOT_DATA.search(row[:2_000]):
                    url = re.search(r"(https?|ftp)://[^\s\"'<>]{4,300}", row[:2_000])
                    evidence = FileEvidence(path=block.path, line=block.line + offset, excerpt=row.strip()[:300])
                    yield DataReference(
                        url[0] if url else row.strip()[:80],
                        "instructions",
                        evidence,
                        url[0] if url else "a shell command",
                    )


_NOT_DATA = re.compile(r"miniconda|anaconda\.com|\.deb\b|get-pip|cuda|cudnn|\.(pth|pt|ckpt)\b", re.I)
_IMPERATIVE = re.compile(
    r"\b(download\w{0,4}|obtain(?!ed)\w{0,3}|obtained (from|at|here|via)|request\w{0,4} (access|the)|get (the"
    r"|it|access)|available (at|from|here|on|for download|online)|can be (found|had|accessed)|fetch"
    r"|(put|place|unzip|extract|store|save) (the|your|it|them|all))\b",
    re.I,
)
_HERE = re.compile(
    r"\b(included|provided (in|with)|comes? with|already|contained in|in (this|the) repo\w*|automatically|we "
    r"(provide|include))\b",
    re.I,
)


def _sentence(document: Document, line: int, sentence: str, urls: list[str]) -> Iterator[DataReference]:
    """Yield the instructions of a sentence that says where data are to be got."""
    named = data_set_in(sentence)
    if not (named or _DATA_WORD.search(sentence)) or not _IMPERATIVE.search(sentence) or _HERE.search(sentence):
        return
    url = next((u for u in urls if u.startswith(("http", "ftp"))), None)
    evidence = FileEvidence(path=document.path, line=line, excerpt=sentence[:300])
    yield DataReference(named or sentence[:80], "instructions", evidence, url)


def _links(document: Document) -> Iterator[DataReference]:
    for link in document.links:
        if link.image or not link.url.startswith(("http", "ftp")):
            continue
        if re.search(r"arxiv\.org|doi\.org|openreview|shields\.io|badge|youtube|/papers?/|\.pdf$|wikipedia", link.url):
            continue
        known = data_set_in(link.text) or ""
        told = len(known) * 2 >= len(link.text) or link.text.startswith("http") or _IMPERATIVE.search(link.context)
        named = (known and told) or (_DATA_WORD.search(link.text) and not link.text.startswith("http"))
        ends = _DATA_SUFFIX.search(link.url.split("?")[0]) and not _NOT_DATA.search(link.url)
        about = _DATA_WORD.search(link.context) and _IMPERATIVE.search(link.context)
        if (
            (named and not _HERE.search(link.context))
            or (ends and _DATA_WORD.search(f"{link.context} {link.url}"))
            or (about and re.match(r"(here|this|link|download|google|dropbox)", link.text, re.I))
        ):
            if re.search(r"pre-?trained|checkpoint|weights", f"{link.text}", re.I):
                continue
            evidence = FileEvidence(path=document.path, line=link.line, excerpt=link.context[:300] or link.url[:300])
            yield DataReference((link.text or link.url)[:200], "instructions", evidence, link.url[:300])


def _included(repository: Repository) -> Iterator[DataReference]:
    for file in repository.own_files:
        if is_data_file(file):
            how = "included" if not file.lfs else "path"
            yield DataReference(file.path, how, FileEvidence(path=file.path))  # type: ignore[arg-type]


def is_data_file(file: File) -> bool:
    """Return whether a file is a data set or part of one: data by its kind, or anything in a folder named for data."""
    *folders, name = file.path.lower().split("/")
    if name.startswith("."):
        return False
    in_data = any(re.search(r"^(data|datasets?|corpus|raw|input|inputs|.*_data|data_.*)$", part) for part in folders)
    out = any(
        re.search(r"^(results?|logs?|outputs?|figures?|plots?|figs?|images?|checkpoints?|models?)$", part)
        for part in folders
    )
    if out and not in_data:
        return False
    if file.kind == "data":
        return file.size > 0
    return in_data and file.kind in ("image", "archive", "other", "binary") and file.size > 100
