"""Downloads that the user asked for: size and time caps, redirects followed one by one."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from auditor.errors import BadInput

_ARXIV = re.compile(r"(?:arxiv:\s*)?((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)", re.IGNORECASE)
_REDIRECTS = 5


def split_url(url: str) -> SplitResult:
    """Return the parts of an address; raises BadInput for one that has none (`https://[bad`)."""
    try:
        return urlsplit(url)
    except ValueError as error:
        raise BadInput(f"{url[:120]!r} is not an address: {error}.") from error


def arxiv_url(text: str) -> str | None:
    """Return the address of the PDF for an arXiv identifier (`1706.03762v7`, `arXiv:hep-th/9901001`), or None."""
    found = _ARXIV.fullmatch(text.strip())
    return f"https://arxiv.org/pdf/{found[1]}" if found else None


def download(url: str, target: Path, *, max_bytes: int, seconds: float = 120) -> str:
    """Write what `url` serves to `target`; return the final address.

    A redirect from a public address may not lead to a private one. Raises BadInput when the address, the answer, its
    size or the time is the problem.
    """
    import requests

    end = time.monotonic() + seconds
    private = _is_private(url)
    with requests.Session() as session:
        # Passwords of the user's own .netrc are for nobody whom a submission names.
        session.auth = lambda request: request
        for _ in range(_REDIRECTS + 1):
            if split_url(url).scheme not in ("http", "https"):
                raise BadInput(f"{url[:120]!r} is not an http or https address.")
            try:
                answer = session.get(url, stream=True, timeout=(15, 30), allow_redirects=False)
            except requests.RequestException as error:
                raise BadInput(f"{url} could not be reached: {_reason(error)}.") from error
            if not answer.is_redirect:
                break
            url = urljoin(url, answer.headers["location"])
            if not private and _is_private(url):
                raise BadInput(f"The address redirects to {url[:120]!r} on a private network; it was not followed.")
        else:
            raise BadInput(f"{url} redirects more than {_REDIRECTS} times.")
        if answer.status_code != 200:
            raise BadInput(f"{url} answered {answer.status_code} {answer.reason or ''}".rstrip() + ".")
        _save(answer, url, target, max_bytes, end)
    return url


def _save(answer: object, url: str, target: Path, max_bytes: int, end: float) -> None:
    import requests
    from urllib3.exceptions import HTTPError

    assert isinstance(answer, requests.Response)
    written = 0
    try:
        with target.open("wb") as sink:
            # read1 returns what has come, so that a server that drips cannot hold the clock between two looks at it.
            while chunk := answer.raw.read1(1 << 16, decode_content=True):
                written += len(chunk)
                if written > max_bytes:
                    raise BadInput(f"{url} serves more than {max_bytes >> 20} MiB.")
                if time.monotonic() > end:
                    raise BadInput(f"{url} took too long to download.")
                sink.write(chunk)
    except (requests.RequestException, HTTPError) as error:
        raise BadInput(f"The download of {url} broke off: {_reason(error)}.") from error


def _is_private(url: str) -> bool:
    """Whether the host is, or resolves to, an address that is not on the public internet."""
    host = split_url(url).hostname or ""
    try:
        found = {row[4][0] for row in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(address.split("%")[0]).is_global for address in map(str, found))


def _reason(error: Exception) -> str:
    text = str(error)
    if "NameResolution" in text or "getaddrinfo" in text:
        return "the host's name cannot be resolved (is there a network?)"
    if "Connection refused" in text:
        return "the connection was refused"
    if "timed out" in text.lower():
        return "it did not answer in time"
    if "certificate" in text.lower():
        return "its certificate could not be verified"
    return type(error).__name__
