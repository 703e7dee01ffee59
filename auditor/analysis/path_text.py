"""Paths of the authors' own machine in the text of scripts and of sources that are read by lines."""

from __future__ import annotations

import re

from auditor.analysis.path_settings import PathSettings
from auditor.findings import FileEvidence
from auditor.repository.code.comments import comment_mark, without_comment

SCRIPT_LIMIT = 200_000
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
_GIVES = re.compile(r"^\s{0,20}(?:export\s{1,3})?(\w{1,80})\s{0,3}(?:=|<-)")
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


def in_source(path: str, text: str, settings: PathSettings) -> tuple[FileEvidence, ...]:
    """Return the lines, without comments, of a source of any language that quote a path of the authors' machine."""
    mark = comment_mark(path)
    found: list[FileEvidence] = []
    for number, row in enumerate(text[:SCRIPT_LIMIT].split("\n"), 1):
        if "/" in row or "\\" in row:
            for _, quoted in _QUOTED.findall(without_comment(row[:2_000], mark)):
                if is_own(quoted) and not settings.in_container(quoted):
                    found.append(FileEvidence(path=path, line=number, excerpt=row.strip()[:300]))
                    break
    return tuple(found)


def in_script(path: str, text: str, settings: PathSettings) -> tuple[FileEvidence, ...]:
    """Return the lines, without comments, of a script of any language that name a path of the authors' machine.

    There are none where such a line gives a value to a variable that a document has the reader set.
    """
    mark = comment_mark(path)
    found: list[FileEvidence] = []
    for number, row in enumerate(text[:SCRIPT_LIMIT].split("\n"), 1):
        code = without_comment(row[:2_000], mark)
        if ":-" in code or ":=" in code:
            continue
        match = _IN_SCRIPT.search(_SEARCHED.sub(" ", code))
        if match and not PLACEHOLDER.search(match[1]) and not settings.in_container(match[1]):
            given = _GIVES.match(code)
            if given and settings.is_documented(given[1]):
                return ()
            found.append(FileEvidence(path=path, line=number, excerpt=row.strip()[:300]))
    return tuple(found)
