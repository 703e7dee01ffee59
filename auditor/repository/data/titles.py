"""How data are called in a report, and which addresses lead to one place."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from auditor.findings import FileEvidence
from auditor.repository.model import DataReference

NAME_WORDS = 6
"""More words than these are a sentence, and no name."""

QUOTE_LIMIT = 120
"""So many characters of a passage are quoted, an address at its end not counted."""
_ADDRESS = re.compile(r"(?:https?|ftp)://\S|www\.\S", re.I)
# What a link says that names nothing: "here", "this script", "download link", "Google Drive".
_NO_NAME = frozenset(
    "here this these that it the a an link links url page site website webpage script file files folder repo repository"  # noqa: SIM905
    " download downloads downloaded google drive dropbox onedrive baidu zenodo kaggle github data dataset datasets set"
    " sets official from at and or on we use address source instruction instructions guide see click"
    " get obtain fetch first then all our your raw".split()
)
_TELLS = re.compile(r"\b(?:is|are|was|were|be|been|can|could|should|will|must|have|has|you|we|please)\b", re.I)
_NO_PART = re.compile(
    r"^(?:view|edit|open|uc|download|downloads|index\.\w{2,5}|tree|blob|main|master|home|files?|data)$", re.I
)
_DEPOSIT = re.compile(
    r"(?:^|\.)(?:drive\.google\.com|docs\.google\.com|googleusercontent\.com|dropbox\.com|dropboxusercontent\.com|1drv\.ms"
    r"|onedrive\.live\.com|sharepoint\.com|box\.com|pan\.baidu\.com|zenodo\.org|figshare\.com|osf\.io|mega\.nz"
    r"|storage\.googleapis\.com|amazonaws\.com|wetransfer\.com|mediafire\.com)$",
    re.I,
)


def short_title(name: str, evidence: FileEvidence) -> str:
    """Return a name as one reads it: a file's as it is, an address' host and last part, else what a link calls it.

    Words that name nothing, and whole sentences, give the place at which the data are spoken of.
    """
    plain = re.sub(r"[`*_“”\"]{1,3}(?=\W|$)|(?<!\w)[`*_“”\"]{1,3}", "", name).strip().rstrip(".:,;")
    if _ADDRESS.match(plain):
        return _of_address(plain.split()[0])
    if inside := _ADDRESS.search(plain):
        return _of_address(plain[inside.start() :].split()[0].strip("()<>[]\"'.,;"))
    words = re.findall(r"\w+", plain.lower())
    sentence = len(plain) > 80 or len(plain.split()) > NAME_WORDS or _TELLS.search(plain)
    if sentence or _NO_NAME.issuperset(words):
        where = f", line {evidence.line}" if evidence.line else ""
        return f"the data ({evidence.path}{where})"
    return plain


def _of_address(url: str) -> str:
    """Return the host of an address and the last part of its path that tells something."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return url[:80]
    told = [part for part in unquote(parts.path).split("/") if part and not _NO_PART.match(part)]
    host = parts.netloc.removeprefix("www.")
    if not told:
        return host[:80]
    return f"{host}/{'…/' if len(told) > 1 else ''}{told[-1]}"[:80]


def quoted(text: str) -> str:
    """Return the part of a passage that can be quoted: whole words, and its first address where it has one."""
    plain = text.strip().rstrip(".")
    if len(plain) <= QUOTE_LIMIT:
        return plain
    link = re.search(r"(?:https?|ftp)://[^\s)>\]]{1,250}", plain)
    end = link.end() if link and link.end() > QUOTE_LIMIT else 0
    if not end:
        return plain[:QUOTE_LIMIT].rpartition(" ")[0] + " …"
    start = min(link.start() if link else 0, max(0, end - QUOTE_LIMIT))
    before = "… " if start else ""
    cut = plain[start:end] if not start or plain[start - 1] == " " else plain[start:end].partition(" ")[2]
    return before + (cut or plain[start:end])


def place(url: str) -> str:
    """Return what two addresses of one place have in common: no scheme, no `www.`, no fragment, no last slash."""
    plain = re.sub(r"^(?:https?|ftp)://", "", url.strip().split("#")[0], flags=re.I)
    return plain.removeprefix("www.").rstrip("/").lower()


def hands_out(item: DataReference) -> bool:
    """Return whether the authors themselves give data out: in the tree, or fetched from where people deposit files."""
    if item.how == "included":
        return True
    if item.how != "downloaded" or not item.url:
        return False
    try:
        host = urlsplit(item.url).hostname or ""
    except ValueError:
        return False
    return bool(_DEPOSIT.search(host)) or "/releases/download/" in item.url
