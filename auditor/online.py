"""Whether addresses that a stranger wrote still answer, asked only where the user wants it, without harm to anybody.

Every host is resolved once and the connection goes to that very address, so that no second answer of its name server
can lead elsewhere; addresses off the public internet are refused, after each redirect again. Of an answer the header
alone is read, under a limit of bytes and one of time that no slow server can stretch.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin

from auditor.errors import BadInput
from auditor.submission.download import split_url

LINKS_LIMIT = 40
"""Addresses that are asked of one submission."""
HOST_LIMIT = 10
"""Addresses that are asked of one host, those included to which others redirect."""
PAUSE = 0.5
"""Seconds that a host is left alone between two requests."""
REDIRECTS = 5
SECONDS = 10.0
"""For one address, redirects included."""
ALL_SECONDS = 120.0
HEADER_BYTES = 16 << 10
_GONE = frozenset({404, 410})
_ASK_AGAIN = frozenset({400, 403, 405, 406, 429, 500, 501, 502, 503})
"""Answers to HEAD after which GET is tried: many servers know GET alone."""

_WEB_PORTS = (80, 443)
_FREE_PORTS = 1024
"""Ports from this one on are anybody's; what listens below it, but for the web, is a mail, file or login server."""

_SAFE = "/:?#[]@!$&'()*+,;=%~-._"
"""Characters of a path and query that are sent as they are; what else it holds is quoted."""

State = Literal["alive", "gone", "unclear", "refused"]


@dataclass(frozen=True, slots=True)
class LinkState:
    """What an address answered: `gone` for 404, 410 or a name that does not exist; `unclear` where nothing is known.

    `refused` addresses were not asked: they lead off the public internet, or are no http or https addresses.
    """

    url: str
    state: State
    says: str
    """The reason in few words: a status, an error, why it was not asked."""


@dataclass(frozen=True)
class LinkStates:
    """What the addresses of a submission answered on a day."""

    day: date
    items: tuple[LinkState, ...]
    left: int = 0
    """How many more addresses were not asked, for the limits on number and time."""

    @property
    def answered(self) -> bool:
        """Whether any server answered; without one, a name that does not exist may as well be a missing network."""
        return any(item.says.startswith("status") for item in self.items)


class _Refused(Exception):
    """The address is none that is asked; the message says why."""


_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that is assigned for the public internet (RFC 4291); what older Pythons call global holds more."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Return whether an IP address lies on the public internet, and the one too that it wraps (IPv4 in IPv6)."""
    found = ipaddress.ip_address(address.split("%")[0])
    wrapped = None
    if isinstance(found, ipaddress.IPv6Address):
        if found not in _UNICAST and found not in _NAT64:
            return False
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            wrapped = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.is_global and not found.is_multicast and (wrapped is None or wrapped.is_global)


@dataclass(frozen=True)
class Online:
    """The user's word that addresses of the submission may be asked; `allowed` says to which IP addresses."""

    allowed: Callable[[str], bool] = is_public


def check_links(urls: Iterable[str], allowed: Callable[[str], bool] = is_public, day: date | None = None) -> LinkStates:
    """Return what each address answers, each asked once, in order; those over the limits are counted alone.

    `allowed` says to which IP addresses a connection may be made.
    """
    end = time.monotonic() + ALL_SECONDS
    hosts = _Hosts()
    found: list[LinkState] = []
    distinct = dict.fromkeys(urls)
    for url in distinct:
        if len(found) >= LINKS_LIMIT or time.monotonic() > end:
            break
        if not hosts.is_full(_host(url)):
            found.append(check_link(url, allowed, hosts=hosts))
    return LinkStates(day or date.today(), tuple(found), len(distinct) - len(found))


@dataclass
class _Hosts:
    """How many addresses each host was asked, and when it was asked last."""

    asked: dict[str, int] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def is_full(self, host: str) -> bool:
        """Return whether a host was asked as many addresses as one may be."""
        return self.asked.get(host, 0) >= HOST_LIMIT

    def count(self, host: str) -> None:
        """Count an address of a host; raises _Full where it may be asked no more."""
        if self.is_full(host):
            raise _Full
        self.asked[host] = self.asked.get(host, 0) + 1

    def wait(self, host: str, end: float) -> None:
        """Return once the host may be asked again; raises TimeoutError where that is past the end."""
        pause = self.last.get(host, -PAUSE) + PAUSE - time.monotonic()
        if pause > 0:
            if time.monotonic() + pause >= end:
                raise TimeoutError
            time.sleep(pause)
        self.last[host] = time.monotonic()


def check_link(
    url: str,
    allowed: Callable[[str], bool] = is_public,
    seconds: float = SECONDS,
    hosts: _Hosts | None = None,
) -> LinkState:
    """Return what one address answers to HEAD, or where that is not known to it, to GET of a few bytes.

    `hosts` holds what was asked before of the same submission.
    """
    end = time.monotonic() + seconds
    here, hosts = url, hosts or _Hosts()
    try:
        for _ in range(REDIRECTS + 1):
            hosts.count(_host(here))
            status, following = _ask(here, allowed, end, hosts)
            if following is None:
                break
            here = urljoin(here, following)
        else:
            return LinkState(url, "unclear", f"it redirects more than {REDIRECTS} times")
    except _Refused as why:
        return LinkState(url, "refused", str(why))
    except _Full:
        return LinkState(url, "unclear", f"it redirects to a host that was asked {HOST_LIMIT} times")
    except _NoSuchHost:
        return LinkState(url, "gone", "the host's name could not be resolved from here")
    except (OSError, ValueError, BadInput) as error:
        return LinkState(url, "unclear", f"no answer ({type(error).__name__})")
    return LinkState(url, _state(status), f"status {status}")


def _state(status: int) -> State:
    if status in _GONE:
        return "gone"
    return "alive" if 200 <= status < 300 or status == 416 else "unclear"


class _NoSuchHost(Exception):
    """The name server knows no such name."""


class _Full(Exception):
    """The host was asked as many addresses as one may be."""


def _host(url: str) -> str:
    try:
        return (split_url(url).hostname or "").rstrip(".")
    except BadInput:
        return ""


def _ask(url: str, allowed: Callable[[str], bool], end: float, hosts: _Hosts) -> tuple[int, str | None]:
    """Return the status that an address answers, and where it redirects to; raises _Refused and OSError."""
    parts = split_url(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise _Refused("it is no plain http or https address")
    if parts.port is not None and parts.port not in _WEB_PORTS and parts.port < _FREE_PORTS:
        raise _Refused("its port is none of the web's")
    address = _resolved(parts, allowed)
    hosts.wait(_host(url), end)
    status, following = _request("HEAD", parts, address, end)
    if following is None and status in _ASK_AGAIN:
        hosts.wait(_host(url), end)
        status, following = _request("GET", parts, address, end)
    return status, following


def _resolved(parts: SplitResult, allowed: Callable[[str], bool]) -> str:
    """Return the IP address to connect to; raises _Refused if any that the name stands for is not allowed."""
    assert parts.hostname is not None
    try:
        rows = socket.getaddrinfo(parts.hostname, parts.port or None, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise _Refused("its host is no name") from None
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            raise _NoSuchHost from None
        raise
    addresses = [str(row[4][0]) for row in rows]
    if not addresses or not all(allowed(address) for address in addresses):
        raise _Refused("it leads off the public internet")
    return addresses[0]


def _request(method: str, parts: SplitResult, address: str, end: float) -> tuple[int, str | None]:
    """Return status and redirection of one request to a resolved address, with the host's name in header and TLS."""
    assert parts.hostname is not None
    secure = parts.scheme == "https"
    name = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    host = f"[{name}]" if ":" in name else name
    lines = (
        f"{method} {target} HTTP/1.1",
        f"Host: {host}{f':{parts.port}' if parts.port else ''}",
        "User-Agent: auditor (link check)",
        "Accept: */*",
        "Range: bytes=0-0",
        "Connection: close",
    )
    request = "\r\n".join((*lines, "", "")).encode("ascii")
    with socket.create_connection((address, parts.port or (443 if secure else 80)), timeout=_left(end)) as plain:
        if not secure:
            return _answer(plain, request, end)
        plain.settimeout(_left(end))
        with ssl.create_default_context().wrap_socket(plain, server_hostname=name) as wrapped:
            return _answer(wrapped, request, end)


def _answer(connection: socket.socket, request: bytes, end: float) -> tuple[int, str | None]:
    """Return status and redirection of the header that comes; raises OSError where none comes in time and size."""
    connection.settimeout(_left(end))
    connection.sendall(request)
    header = b""
    while b"\r\n\r\n" not in header and b"\n\n" not in header:
        connection.settimeout(_left(end))
        piece = connection.recv(4096)
        if not piece or len(header) > HEADER_BYTES:
            break
        header += piece
    first, _, rest = header[:HEADER_BYTES].partition(b"\n")
    status = re.match(rb"HTTP/\d\.\d (\d{3})\b", first)
    if status is None:
        raise ConnectionError("what came is no HTTP")
    code = int(status[1])
    try:
        location = http.client.parse_headers(io.BytesIO(rest)).get("location")
    except http.client.HTTPException:
        location = None
    return code, location if code in (301, 302, 303, 307, 308) else None


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, 5.0)
