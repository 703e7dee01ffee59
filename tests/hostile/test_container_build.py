"""The way out of a build container: to the hosts of the package index, and to nothing else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from auditor.rerun.engines.proxy import index_proxy
from auditor.settings import load_settings


@pytest.fixture
def service() -> Iterator[int]:
    """A server on this machine that answers each connection with its name."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(b"the index" + connection.recv(100))

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def ask(proxy: str, request: bytes) -> bytes:
    host, _, port = proxy.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        answer = connection.recv(1000)
        if b" 200 " in answer:
            connection.sendall(b"!")
            answer += connection.recv(1000)
        return answer


def test_an_allowed_host_is_reached_through_a_tunnel(service: int) -> None:
    with index_proxy("127.0.0.1", frozenset({f"127.0.0.1:{service}"})) as (url, _):
        answer = ask(url, f"CONNECT 127.0.0.1:{service} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"the index!")


def test_the_users_own_proxy_is_used_on_the_way(service: int, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = frozenset({f"index.invalid:{service}"})
    with index_proxy("127.0.0.1", frozenset()) as (outer, seen), index_proxy("127.0.0.1", allowed) as (inner, _):
        monkeypatch.setenv("https_proxy", outer)
        monkeypatch.delenv("no_proxy", raising=False)
        answer = ask(inner, f"CONNECT index.invalid:{service} HTTP/1.1\r\n\r\n".encode())
    assert seen == {f"index.invalid:{service}"}
    assert b" 502 " in answer


@pytest.mark.parametrize(
    "request_",
    [
        b"CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n",
        b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n",
        b"CONNECT localhost:%d HTTP/1.1\r\n\r\n",
        b"CONNECT 127.0.0.1:%d@evil:80 HTTP/1.1\r\n\r\n",
        b"GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n",
        b"\x00\xff\r\n\r\n",
        b"CONNECT\r\n\r\n",
        b"X" * 20_000 + b"\r\n\r\n",
    ],
)
def test_everything_else_is_refused(service: int, request_: bytes) -> None:
    request_ = request_.replace(b"%d", str(service).encode())
    with index_proxy("127.0.0.1", frozenset({f"127.0.0.1:{service}"})) as (url, _):
        try:
            answer = ask(url, request_)
        except ConnectionError:
            answer = b""
    assert b"the index" not in answer
    assert b" 200 " not in answer


def test_what_was_refused_is_known(service: int) -> None:
    with index_proxy("127.0.0.1", frozenset()) as (url, refused):
        ask(url, b"CONNECT Example.ORG:443 HTTP/1.1\r\n\r\n")
    assert refused == {"example.org:443"}


def test_after_the_build_the_proxy_is_gone(service: int) -> None:
    with index_proxy("127.0.0.1", frozenset({f"127.0.0.1:{service}"})) as (url, _):
        pass
    with pytest.raises(OSError, match="refused"):
        ask(url, b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n")


@pytest.mark.docker
def test_a_build_container_has_no_other_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.rerun.engines import docker_build
    from auditor.rerun.engines.docker import LABEL, DockerEngine

    monkeypatch.setattr(docker_build, "index_hosts", lambda settings: frozenset({"index.invalid:443"}))
    engine = DockerEngine(load_settings())
    base = engine.base(max(engine.pythons(), key=lambda version: tuple(map(int, version.split(".")))))
    source = """
import os, socket, urllib.request
for host, port in (("1.1.1.1", 53), ("169.254.169.254", 80), ("172.17.0.1", 22)):
    try:
        socket.create_connection((host, port), 3); print("reached", host)
    except OSError:
        pass
try:
    urllib.request.urlopen("https://1.1.1.1/", timeout=5); print("reached through the proxy")
except OSError as error:
    print(error)
try:
    open("/usr/bin/x", "w"); print("wrote")
except OSError:
    pass
print([line for line in open("/proc/self/status") if line.startswith(("CapEff", "NoNewPrivs", "Uid"))])
"""
    with docker_build.BuildRoom(engine, base, trusted_wheels=False) as room:
        code, output = room.execute(["python3", "-c", source])
    assert code == 0
    assert "reached" not in output
    assert "wrote" not in output
    assert "403" in output
    assert "0000000000000000" in output
    assert "10001" in output
    wanted = {"label": f"{LABEL}={room.id}"}
    assert engine.client.containers.list(all=True, filters=wanted) == []
    assert engine.client.networks.list(filters=wanted) == []
    assert engine.client.volumes.list(filters=wanted) == []


def test_requirements_never_reach_the_installer_as_written() -> None:
    from auditor.repository.model import Requirement
    from auditor.rerun.environment import requirement_lines

    lines = [
        "-r /etc/passwd",
        "--index-url http://evil",
        "-e git+ext::sh",
        "file:///etc",
        "../../x",
        "$HOME",
        "a b",
        "x\ny",
    ]
    attacks = tuple(Requirement(line, "", "requirements.txt", 1, line) for line in lines)
    attacks += (Requirement("ok", "==1 --index-url http://evil", "requirements.txt", 1, ""),)
    attacks += (Requirement("also", "@ http://evil/x.whl", "requirements.txt", 1, ""),)
    kept, _ = requirement_lines(attacks, "3.11")
    assert sorted(kept) == ["also", "ok"]
