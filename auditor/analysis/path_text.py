"""Paths of the authors' own machine in the text of scripts and of sources that are read by lines."""

from __future__ import annotations

import re

from auditor.findings import FileEvidence
from auditor.repository.code.comments import comment_mark, without_comment
from auditor.repository.model import Repository

SCRIPT_LIMIT = 200_000
TEXTS_LIMIT = 2_000_000
"""Characters of all scripts together that are searched for the places of a container."""
_ROOT = (
    r"/(?:home|Users|users|mnt|media|scratch\w*|nfs\w*|cluster|gpfs\w*|lustre|private|afs|work|workspace|projects?"
    r"|storage|net|ssd\w*|hdd\w*|raid|export|share|vol\w*|data\d*|raw|datasets?|srv|root|ceph|disk\w*"
    r"|content/g?drive|gdrive)/(?:\*\*|[\w.~-])[\w.~*-]*"
)
OWN = re.compile(
    rf"^(?:file://)?(?:{_ROOT}|~/\.\./\w+"
    r"|[A-Za-z]:[\\/]+(?:Users|Documents|Projects?|data|work|code|home|Dropbox)\b"
    r"|[D-Z]:[\\/]+\w+)"
)
_IN_SCRIPT = re.compile(
    rf"(?:^|[\s=(]|-[IL])[\"']?({_ROOT}[^\s\"';|)]{{0,200}}"
    r"|/(?!tmp|dev|proc|sys|usr|etc|opt|bin|sbin|lib|var|run|kaggle|content|app)[A-Za-z]\w{0,30}/[\w.-]{1,60}/[\w./-]{1,200})"
)
"""In a script a path from the root stands for nothing else."""
_MOUNT = re.compile(r"(?:-v|--volume)[\s=]+[^\s:]{1,200}:(/[\w.-]{1,60}/[\w.-]{1,60})")
_WORKDIR = re.compile(r"^\s{0,8}WORKDIR\s{1,3}[\"']?(/[\w.-]{1,60}/[\w.-]{1,60})", re.M)
_QUOTED = re.compile(r"([\"'])([~/A-Z][^\"'\n]{2,300})\1")
_SEARCHED = re.compile(r"(?:^|\s)(?:PYTHONPATH|LD_LIBRARY_PATH|PATH)=\S{0,1000}")
"""Places where modules and programs may be looked for: one that is not there does no harm."""
PLACEHOLDER = re.compile(
    r"path[-_/ ]?to|your|<|>|\bxxx|\.\.\.|^/(my|some|the|full|abs(olute)?|path|dir(ectory)?|folder)([-_/]|$)"
    r"|/home/(user(name)?|me|name|jupyter|jovyan)(/|$)"
    r"|/Users/(user(name)?|me|name)(/|$)",
    re.I,
)


def is_own(text: str) -> bool:
    """Return whether a literal is a path of the authors' own machine by its first folders."""
    return bool(OWN.match(text)) and not PLACEHOLDER.search(text)


def container_places(repository: Repository) -> tuple[str, ...]:
    """Return the first two folders of every place that the repository mounts into, or makes in, a container."""
    found: set[str] = set()
    left = TEXTS_LIMIT
    for file in repository.own_files:
        if file.kind in ("shell", "container") and file.size < min(SCRIPT_LIMIT, left):
            text = repository.text(file.path)
            left -= len(text)
            found |= {*_MOUNT.findall(text), *_WORKDIR.findall(text)}
    return tuple(sorted(f"{place}/" for place in found))


def in_source(path: str, text: str, container: tuple[str, ...]) -> tuple[FileEvidence, ...]:
    """Return the lines, without comments, of a source of any language that quote a path of the authors' machine."""
    mark = comment_mark(path)
    found: list[FileEvidence] = []
    for number, row in enumerate(text[:SCRIPT_LIMIT].split("\n"), 1):
        if "/" in row or "\\" in row:
            for _, quoted in _QUOTED.findall(without_comment(row[:2_000], mark)):
                if is_own(quoted) and not quoted.startswith(container):
                    found.append(FileEvidence(path=path, line=number, excerpt=row.strip()[:300]))
                    break
    return tuple(found)


def in_script(path: str, text: str, container: tuple[str, ...]) -> tuple[FileEvidence, ...]:
    """Return the lines, without comments, of a script of any language that name a path of the authors' machine."""
    mark = comment_mark(path)
    found: list[FileEvidence] = []
    for number, row in enumerate(text[:SCRIPT_LIMIT].split("\n"), 1):
        code = without_comment(row[:2_000], mark)
        if ":-" in code or ":=" in code:
            continue
        match = _IN_SCRIPT.search(_SEARCHED.sub(" ", code))
        if match and not PLACEHOLDER.search(match[1]) and not match[1].startswith(container):
            found.append(FileEvidence(path=path, line=number, excerpt=row.strip()[:300]))
    return tuple(found)
