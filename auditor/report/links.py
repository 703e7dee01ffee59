"""Links out of a report: only http and https, and to a file at the audited commit where the forge is known."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from auditor.submission.download import arxiv_url
from auditor.submission.model import Origin
from auditor.text import printable

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_URL_LIMIT = 2_000
_OPENING = "\"'“”‘’«(["
_CLOSING = ".,:;!?\"'“”‘’»"

# host -> (path of a file at a commit, fragment of one line, fragment of several lines)
_STYLES = {
    "github": ("blob/{commit}/{path}", "#L{first}", "#L{first}-L{last}"),
    "gitlab": ("-/blob/{commit}/{path}", "#L{first}", "#L{first}-{last}"),
    "gitea": ("src/commit/{commit}/{path}", "#L{first}", "#L{first}-L{last}"),
    "bitbucket": ("src/{commit}/{path}", "#lines-{first}", "#lines-{first}:{last}"),
    "sourcehut": ("tree/{commit}/item/{path}", "#L{first}", "#L{first}-{last}"),
}
_FORGES = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "framagit.org": "gitlab",
    "codeberg.org": "gitea",
    "bitbucket.org": "bitbucket",
    "git.sr.ht": "sourcehut",
    "huggingface.co": "github",
    "gitee.com": "github",
}


def without_punctuation(word: str) -> tuple[str, str, str]:
    """Return a word as what stands before an address, the address, and what stands after: quotes, a full stop …

    A bracket that closes one inside the address is part of it, as in `https://x.org/a_(b)`.
    """
    inner = word.lstrip(_OPENING)
    address = inner.rstrip(_CLOSING)
    while any(address.endswith(end) and address.count(end) > address.count(start) for start, end in ("()", "[]")):
        address = address[:-1].rstrip(_CLOSING)
    return word[: len(word) - len(inner)], address, inner[len(address) :]


def web_address(text: str) -> str | None:
    """Return `text` as an address that is safe to link to, percent-encoded; None unless it is plain http or https.

    Quotes around it and the punctuation after it are left out. An address with a user name, without a host, or over
    2,000 characters is refused.
    """
    text = without_punctuation(printable(text, _URL_LIMIT + 1).strip())[1]
    if len(text) > _URL_LIMIT or any(character in text for character in " \\"):
        return None
    try:
        parts = urlsplit(text)
        host, user, port = parts.hostname, parts.username, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or user is not None or (port is not None and not port):
        return None
    return quote(text, safe="%/:=&?~#+!$,;'@()*[].-_")


def repository_page(origin: Origin | None) -> str | None:
    """Return the https page of the repository at a known forge, without `.git`; None where there is none."""
    if origin is None:
        return None
    address = re.sub(r"^(?:git@|ssh://git@)([a-z.]+)[:/]", r"https://\1/", origin.location.removeprefix("git+"))
    safe = web_address(address)
    if safe is None:
        return None
    parts = urlsplit(safe)
    path = parts.path.rstrip("/").removesuffix(".git")
    if (parts.hostname or "") not in _FORGES or path.count("/") < 2 or ".." in path.split("/"):
        return None
    return f"https://{parts.hostname}{path}"


def file_page(origin: Origin | None, path: str, first: int | None = None, last: int | None = None) -> str | None:
    """Return the forge's page of a file's lines at the audited commit.

    None where the origin is not a known forge, its commit is not known, or the tree differed from the commit.
    """
    page = repository_page(origin)
    if page is None or origin is None or origin.dirty or not _COMMIT.fullmatch(origin.commit or ""):
        return None
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        return None
    where, one, several = _STYLES[_FORGES[urlsplit(page).hostname or ""]]
    link = f"{page}/" + where.format(commit=origin.commit, path=quote(path, safe="/"))
    if first is None:
        return link
    return link + (several if last is not None and last > first else one).format(first=first, last=last)


def paper_home(origin: Origin | None) -> str | None:
    """Return the address of the PDF, where it came from the web."""
    if origin is None or origin.kind not in ("url", "arxiv"):
        return None
    arxiv = arxiv_url(origin.location) if origin.kind == "arxiv" else None
    return arxiv or web_address(origin.location)


def paper_page(origin: Origin | None, page: int) -> str | None:
    """Return the address of a page of the PDF, where it came from the web."""
    address = paper_home(origin)
    return None if address is None else f"{address.partition('#')[0]}#page={page}"
