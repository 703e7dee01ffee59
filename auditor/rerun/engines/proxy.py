"""The one way out of a build container: a proxy that opens tunnels to the package index's hosts and to nothing else."""

from __future__ import annotations

import base64
import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

_IDLE_SECONDS = 120
_HEADER_BYTES = 8_192


class _Tunnel(socketserver.StreamRequestHandler):
    """Answers one CONNECT request."""

    timeout = 30
    server: _Proxy

    def handle(self) -> None:
        """Open the tunnel where the host is allowed, and carry bytes until one side closes."""
        request = self.rfile.readline(_HEADER_BYTES).split()
        for _ in range(100):
            if self.rfile.readline(_HEADER_BYTES) in (b"\r\n", b"\n", b""):
                break
        if len(request) < 2 or request[0] != b"CONNECT":
            self.wfile.write(b"HTTP/1.1 405 Only CONNECT\r\n\r\n")
            return
        target = request[1].decode("ascii", "replace").lower()
        if target not in self.server.allowed:
            self.server.refused.add(target[:200])
            self.wfile.write(b"HTTP/1.1 403 Not a host of the package index\r\n\r\n")
            return
        host, _, port = target.rpartition(":")
        try:
            upstream = _reach(host, int(port))
        except (OSError, ValueError):
            self.wfile.write(b"HTTP/1.1 502 Unreachable\r\n\r\n")
            return
        with upstream:
            self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            _carry(self.connection, upstream)


def _reach(host: str, port: int) -> socket.socket:
    """Return a connection to the host, through the user's own proxy where this machine has one."""
    own = getproxies().get("https", "")
    if not own or proxy_bypass(host):
        return socket.create_connection((host, port), timeout=30)
    parts = urlsplit(own if "://" in own else f"http://{own}")
    connection = socket.create_connection((parts.hostname or "", parts.port or 3128), timeout=30)
    word = ""
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        word = f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}\r\n"
    connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{word}\r\n".encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n") and len(answer) < _HEADER_BYTES:
        piece = connection.recv(1)
        if not piece:
            break
        answer += piece
    if b" 200 " not in answer.split(b"\r\n")[0]:
        connection.close()
        raise OSError("the proxy of this machine refuses")
    return connection


def _carry(one: socket.socket, other: socket.socket) -> None:
    while True:
        ready, _, _ = select.select([one, other], [], [], _IDLE_SECONDS)
        if not ready:
            return
        for source in ready:
            try:
                data = source.recv(1 << 16)
                if not data:
                    return
                (other if source is one else one).sendall(data)
            except OSError:
                return


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], allowed: frozenset[str]) -> None:
        super().__init__(address, _Tunnel)
        self.allowed = allowed
        self.refused: set[str] = set()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a tunnel that breaks shows in the tool that used it."""


@contextmanager
def index_proxy(address: str, allowed: frozenset[str]) -> Iterator[tuple[str, set[str]]]:
    """Enter with the proxy's URL and the set of hosts it refused so far, listening on `address` alone.

    `allowed` are `host:port` pairs. Raises OSError where the address is not this machine's.
    """
    with _Proxy((address, 0), frozenset(host.lower() for host in allowed)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
        thread.start()
        try:
            yield f"http://{address}:{server.server_address[1]}", server.refused
        finally:
            server.shutdown()
            thread.join(5)
