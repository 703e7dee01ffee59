"""Addresses that a stranger wrote are asked without harm: limits, redirects, private networks."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Status
from auditor.online import Online, check_link, check_links, is_public
from auditor.repository.inventory import read_repository

SEEN: list[str] = []


class Site(socketserver.StreamRequestHandler):
    """A server that answers by path, and notes what it was asked."""

    def handle(self) -> None:
        first = self.rfile.readline().decode()
        while self.rfile.readline().strip():
            pass
        SEEN.append(first.strip())
        method, path, _ = first.split(" ", 2)
        if path == "/slow":
            self.drip()
        else:
            self.wfile.write(self.answer(method, path))

    def answer(self, method: str, path: str) -> bytes:
        moved = {
            "/moved": "/here",
            "/loop": "/loop",
            "/inside": "http://169.254.169.254/",
            "/file": "file:///etc/passwd",
            "/mail": "http://127.0.0.1:25/",
        }
        if path.startswith("/away"):
            port = self.server.server_address[1]  # type: ignore[index]
            return f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:{port}/{path[5:]}\r\n\r\n".encode()
        if path in moved:
            return f"HTTP/1.1 302 Found\r\nLocation: {moved[path]}\r\n\r\n".encode()
        if path == "/gone":
            return b"HTTP/1.1 404 Not Found\r\n\r\n"
        if path == "/noise":
            return b"SSH-2.0-x\r\n\r\n"
        if path == "/get" and method == "HEAD":
            return b"HTTP/1.1 405 Method Not Allowed\r\n\r\n"
        return b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n" + b"x" * 100_000

    def drip(self) -> None:
        try:
            for _ in range(200):
                self.wfile.write(b"H")
                time.sleep(0.1)
        except OSError:
            return


@pytest.fixture
def site() -> Iterator[str]:
    SEEN.clear()
    with socketserver.ThreadingTCPServer(("", 0), Site) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def local(address: str) -> bool:
    """Allow the test's own machine."""
    return address in ("127.0.0.1", "127.0.0.2") or is_public(address)


@pytest.fixture(autouse=True)
def pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pauses, which are another test's subject."""
    monkeypatch.setattr("auditor.online.PAUSE", 0.0)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/here", "alive"),
        ("/moved", "alive"),
        ("/get", "alive"),
        ("/gone", "gone"),
        ("/loop", "unclear"),
        ("/noise", "unclear"),
        ("/inside", "refused"),
        ("/file", "refused"),
        ("/mail", "refused"),
    ],
)
def test_an_address_is_alive_gone_refused_or_unclear(site: str, path: str, state: str) -> None:
    assert check_link(site + path, local).state == state


def test_head_comes_first_and_get_only_where_it_is_not_known(site: str) -> None:
    check_link(f"{site}/here", local)
    check_link(f"{site}/get", local)
    assert [line.rsplit(" ", 1)[0] for line in SEEN] == ["HEAD /here", "HEAD /get", "GET /get"]


def test_a_server_that_drips_cannot_stretch_the_time(site: str) -> None:
    start = time.monotonic()
    assert check_link(f"{site}/slow", local, seconds=1.0).state == "unclear"
    assert time.monotonic() - start < 5


def test_this_machine_is_never_asked_for_a_stranger(site: str) -> None:
    assert check_link(f"{site}/here").state == "refused"
    assert SEEN == []


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.0.0.1 169.254.169.254 192.168.1.1 100.64.0.1 0.0.0.0 224.0.0.1 ::1 fe80::1%eth0 fc00::1 "  # noqa: SIM905
    "::ffff:127.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b:1::a00:1 ::7f00:1 fec0::1".split(),
)
def test_addresses_off_the_public_internet_are_known_in_every_form(address: str) -> None:
    assert not is_public(address)


def test_a_public_address_is_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "http://user:pass@example.org/",
        "http://[bad",
        "http:///x",
        "javascript:1",
        "http://2130706433/",
        "http://93.184.216.34:22/",
        "http://93.184.216.34:0/",
    ],
)
def test_what_is_no_plain_public_address_is_not_asked(url: str) -> None:
    assert check_link(url).state in ("refused", "unclear")


def test_a_name_is_resolved_once_and_that_address_is_asked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, *rest: object, **more: object) -> object:
        asked.append(host)
        return real("127.0.0.1", *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert check_link(site.replace("127.0.0.1", "data.example"), local).state == "alive"
    assert asked.count("data.example") == 1


def test_each_address_is_asked_once_and_no_host_too_often(site: str) -> None:
    states = check_links([f"{site}/{n}" for n in range(30)] + [f"{site}/0"], local, date(2024, 5, 1))
    assert (len(states.items), states.left) == (10, 20)
    assert states.day == date(2024, 5, 1)


def test_what_others_redirect_to_counts_for_the_host_that_is_reached(site: str) -> None:
    other = site.replace("127.0.0.1", "127.0.0.2")
    direct = [f"{other}/{n}" for n in range(4)]
    states = check_links(direct + [f"{site}/away{n}" for n in range(9)], local)
    assert [item.state for item in states.items] == ["alive"] * 10 + ["unclear"] * 3
    assert sum(line.startswith("HEAD /away") for line in SEEN) == 9
    assert len(SEEN) - 9 == 10


def test_a_host_is_left_alone_between_two_requests(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.online.PAUSE", 0.2)
    start = time.monotonic()
    check_links([f"{site}/get", f"{site}/here"], local)
    assert len(SEEN) == 3
    assert 0.4 <= time.monotonic() - start < 3


def test_a_pause_never_stretches_the_time(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.online.PAUSE", 60.0)
    start = time.monotonic()
    assert check_link(f"{site}/moved", local, seconds=1.0).state == "unclear"
    assert time.monotonic() - start < 3


def test_addresses_that_were_not_asked_keep_the_finding_unknown(tmp_path: Path, site: str) -> None:
    elsewhere = site.replace("127.0.0.1", "127.0.0.2")  # a reader's own machine is no place to get data
    lines = [f"Download the data set from {elsewhere}/here?{n} first." for n in range(12)]
    (tmp_path / "README.md").write_text("\n\n".join(lines))
    finding = Facts([read_repository(tmp_path), Online(local)]).run(all_checks()["data.links"])
    assert finding.status is Status.UNKNOWN
    assert "2 more were not asked" in finding.sentence


@pytest.mark.parametrize(("path", "status"), [("here", Status.PASS), ("gone", Status.FAIL), ("noise", Status.UNKNOWN)])
def test_the_finding_names_the_day_and_a_dead_address(tmp_path: Path, site: str, path: str, status: Status) -> None:
    elsewhere = site.replace("127.0.0.1", "127.0.0.2")
    (tmp_path / "README.md").write_text(f"Download the data set from {elsewhere}/{path} first.\n")
    facts = Facts([read_repository(tmp_path), Online(local)])
    finding = facts.run(all_checks()["data.links"])
    assert finding.status is status
    assert date.today().isoformat() in finding.sentence
    assert status is not Status.FAIL or f"{elsewhere}/gone" in finding.sentence
