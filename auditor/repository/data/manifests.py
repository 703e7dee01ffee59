"""Files that describe or pin data: checksum lists, DVC files, Croissant metadata, data cards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from auditor.errors import Unreadable
from auditor.findings import FileEvidence
from auditor.repository.model import File, Repository

FILES_LIMIT = 50
JSON_BYTES = 5 << 20
_CHECKSUMS = re.compile(
    r"^((sha(1|224|256|384|512)|md5|b2)(sums?)?|checksums?)([._-]\w{1,20})?(\.txt)?$|\.(md5|sha1|sha256|sha512)(sum)?$"
    r"|^manifest-(md5|sha\d{1,3})\.txt$",
    re.I,
)
_CARD = re.compile(
    r"^(data_?-?sheet|data_?-?card|dataset_?-?card|data_?-?statement)s?([._-].{0,40})?\.(md|rst|txt|pdf)$", re.I
)
_METADATA = re.compile(
    r"croissant[^/]{0,60}\.json$|(^|/)croissant/[^/]{1,80}\.json$|(^|/)(metadata|dataset)\.json$|\.json-?ld$", re.I
)
_DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b", re.I)
CARD_BYTES = 300
"""Below this a card says nothing: it is there by its name alone."""
_CONFORMS = re.compile(r"https?://mlcommons\.org/croissant/\d")


@dataclass(frozen=True, slots=True)
class DataManifest:
    """A file about data; `problems` are sentences on what its standard requires and it lacks."""

    path: str
    kind: Literal["checksums", "dvc", "croissant", "card"]
    evidence: FileEvidence
    problems: tuple[str, ...] = ()
    licence: str = ""
    """The licence of the data that it states."""

    @property
    def pins(self) -> bool:
        """Whether it fixes the content of data by hashes."""
        return self.kind in ("checksums", "dvc") or (
            self.kind == "croissant" and not any("checksum" in problem for problem in self.problems)
        )


def data_manifests(repository: Repository) -> tuple[DataManifest, ...]:
    """Return the manifests, data cards and Croissant files of the repository, in the order of their paths."""
    found = (item for file in repository.own_files if not file.absent for item in _manifest(repository, file))
    return tuple(item for item, _ in zip(found, range(FILES_LIMIT), strict=False))


def _manifest(repository: Repository, file: File) -> Iterator[DataManifest]:
    name = file.path.rpartition("/")[2]
    if _CARD.match(name) and file.size >= CARD_BYTES:
        yield DataManifest(file.path, "card", FileEvidence(path=file.path))
    elif _CHECKSUMS.search(name):
        yield from _with_digest(repository, file, "checksums")
    elif name.endswith(".dvc") or name == "dvc.lock":
        yield from _with_digest(repository, file, "dvc")
    elif _METADATA.search(file.path) and file.size <= JSON_BYTES:
        yield from _croissant(repository, file)


def _with_digest(repository: Repository, file: File, kind: Literal["checksums", "dvc"]) -> Iterator[DataManifest]:
    """Yield a manifest that holds the hash of something: of a file that is here, or of one that the sources name."""
    try:
        text = repository.text(file.path)
    except Unreadable:
        return
    known = _known_names(repository) if kind == "checksums" else None
    for number, line in enumerate(text[:200_000].split("\n"), 1):
        named = line[:2_000].replace("*", " ").split()
        if _DIGEST.search(line[:2_000]) and (known is None or any(w.rpartition("/")[2] in known for w in named)):
            yield DataManifest(file.path, kind, FileEvidence(path=file.path, line=number, excerpt=line.strip()[:200]))
            return


def _known_names(repository: Repository) -> frozenset[str]:
    """Return the names of files that are here, are fetched, or are named in the sources."""
    linked = (item.url or item.name for item in repository.data)
    written = (text for source in repository.sources for text, _ in source.strings)
    return frozenset(path.rpartition("/")[2] for path in (*repository.by_path, *linked, *written))


def _croissant(repository: Repository, file: File) -> Iterator[DataManifest]:
    try:
        document = json.loads(repository.text(file.path))
    except (Unreadable, ValueError, RecursionError):
        return
    if isinstance(document, dict) and _is_croissant(document):
        problems = tuple(_croissant_problems(document))
        licence = document.get("license") or document.get("sc:license")
        said = licence if isinstance(licence, str) else str(licence)[:200] if licence else ""
        yield DataManifest(file.path, "croissant", FileEvidence(path=file.path), problems, said)


def _is_croissant(document: dict[str, Any]) -> bool:
    """Return whether a JSON-LD document says that it follows Croissant, or uses its vocabulary."""
    told = json.dumps([document.get(key) for key in ("conformsTo", "dct:conformsTo", "@context")], default=str)[:20_000]
    return bool(_CONFORMS.search(told)) or "mlcommons.org/croissant" in told


def _croissant_problems(document: dict[str, Any]) -> Iterator[str]:
    """Yield what Croissant 1.0 requires (sections Dataset-level information, Resources) and the document lacks."""

    def value(node: dict[str, Any], name: str) -> Any:
        return next((node[key] for key in (name, f"sc:{name}", f"cr:{name}", f"dct:{name}") if node.get(key)), None)

    for name in ("conformsTo", "name", "description", "license", "url", "creator", "datePublished"):
        if value(document, name) is None:
            yield f"the data set has no {name}"
    resources = value(document, "distribution")
    resources = resources if isinstance(resources, list) else [resources] if resources else []
    if not resources:
        yield "the data set lists no distribution"
    for resource in resources[:100]:
        if not isinstance(resource, dict) or "FileObject" not in str(resource.get("@type")):
            continue
        called = str(value(resource, "name") or resource.get("@id") or "a file")[:80]
        for name in ("contentUrl", "encodingFormat"):
            if value(resource, name) is None:
                yield f"{called} has no {name}"
        inside = value(resource, "containedIn")
        if inside is None and value(resource, "sha256") is None and value(resource, "md5") is None:
            yield f"{called} has no checksum (sha256 or md5)"
