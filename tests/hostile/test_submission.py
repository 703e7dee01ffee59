"""Attacks on acquisition: rows 1 to 7 of the attack suite. Nothing starts, nothing leaves the folder."""

from __future__ import annotations

import bz2
import contextlib
import http.server
import io
import os
import stat
import tarfile
import threading
import time
import zipfile
from pathlib import Path

import pytest

from auditor.errors import BadInput
from auditor.progress import Silent
from auditor.settings import Settings
from auditor.submission import download as download_module
from auditor.submission.download import download
from auditor.submission.git import check_url
from auditor.submission.open import open_submission
from tests.conftest import git


def unpacked(tmp_path: Path, archive: Path, settings: Settings | None = None) -> set[str]:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    done = open_submission(None, str(archive), scratch, settings or Settings(), Silent())
    return set(done.file_hashes or ())


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c id",
        "ext::sh%20-c%20id",
        "fd::17",
        "git+ssh://host/x",
        "ssh://host/x",
        "file:///etc",
        "javascript:alert(1)",
        "http://host/x",
        "--upload-pack=touch x",
        "-oProxyCommand=id",
        "https://user:secret@host/x",
        "https://host/x\ny",
    ],
)
def test_an_address_that_could_start_a_program_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        check_url(url)


def test_a_ref_that_looks_like_an_option_is_refused(tmp_path: Path, git_repository: Path) -> None:
    for ref in ("--upload-pack=touch x", "-f", "a b", "x\ny"):
        with pytest.raises(BadInput):
            open_submission(None, f"file://{git_repository}", tmp_path, Settings(), Silent(), ref, ("file",))


def test_the_git_config_and_hooks_of_a_folder_are_not_obeyed(tmp_path: Path, git_repository: Path) -> None:
    canary = tmp_path / "canary"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "core.sshCommand", "core.pager"):
        git(git_repository, "config", key, str(script))
    git(git_repository, "config", "core.hooksPath", str(tmp_path))
    (git_repository / ".gitattributes").write_text("*.py filter=evil\n")
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (git_repository / ".git" / "hooks" / hook).write_text(script.read_text())
        (git_repository / ".git" / "hooks" / hook).chmod(0o755)
    for number, ref in enumerate((None, "HEAD")):
        (tmp_path / f"s{number}").mkdir()
        open_submission(None, str(git_repository), tmp_path / f"s{number}", Settings(), Silent(), ref)
    assert not canary.exists()


def test_the_git_folder_of_an_upload_is_ignored(tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("train.py", "x=1")
        opened.writestr(".git/config", "[core]\n\tfsmonitor = touch canary\n")
        opened.writestr("sub/.GIT/hooks/post-checkout", "touch canary")
    assert unpacked(tmp_path, archive) == {"train.py"}


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/etc/x", "C:\\x", "C:x", "a\\b", "a\nb", "x.", "a ./b", "n" * 300, "\x00x"],
)
def test_a_name_that_could_leave_the_folder_ends_the_unpacking(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "x.tar"
    with tarfile.open(archive, "w") as opened:
        for member in ("first.py", name):
            info = tarfile.TarInfo(member)
            info.size = 1
            opened.addfile(info, io.BytesIO(b"1"))
    if "\x00" in name:  # tar cannot hold it; zip can
        archive = tmp_path / "x.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            info_zip = zipfile.ZipInfo("placeholder")
            info_zip.orig_filename = info_zip.filename = "a\x00b"
            zipped.writestr(info_zip, "1")
    with pytest.raises(BadInput):
        unpacked(tmp_path, archive)
    assert not (tmp_path / "scratch" / "repository").exists()
    assert not (tmp_path / "x").exists()


def test_names_that_differ_by_case_alone_end_the_unpacking(tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("Train.py", "1")
        opened.writestr("train.py", "2")
    with pytest.raises(BadInput, match="twice"):
        unpacked(tmp_path, archive)


def test_links_and_devices_in_archives_are_left_out_and_named(tmp_path: Path) -> None:
    archive = tmp_path / "x.tar"
    with tarfile.open(archive, "w") as opened:
        info = tarfile.TarInfo("train.py")
        opened.addfile(info, io.BytesIO())
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("dev", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            opened.addfile(info)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = open_submission(None, str(archive), scratch, Settings(), Silent())
    assert set(done.file_hashes or ()) == {"train.py"}
    assert {left.what for left in done.left_out} == {"soft", "hard", "dev"}


def test_a_symbolic_link_in_a_zip_is_left_out(tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        info = zipfile.ZipInfo("README.md")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(info, "/etc/passwd")
        opened.writestr("train.py", "x")
    assert unpacked(tmp_path, archive) == {"train.py"}


def test_a_bomb_of_zeros_is_stopped_early(tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened, opened.open("zeros.bin", "w") as member:
        for _ in range(64):
            member.write(bytes(1 << 20))
    with pytest.raises(BadInput, match="times its size"):
        unpacked(tmp_path, archive)
    with pytest.raises(BadInput, match="unpacks to more than"):
        unpacked(tmp_path, archive, Settings(max_tree_bytes=4 << 20))


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for number in range(50):
            opened.writestr(f"{number}.py", "")
    with pytest.raises(BadInput, match="more than 20 members"):
        unpacked(tmp_path, archive, Settings(max_tree_files=20))


def test_a_damaged_and_an_encrypted_archive_are_one_sentence_each(tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("train.py", "x = 1\n" * 1000)
    data = bytearray(archive.read_bytes())
    data[60] ^= 0xFF
    archive.write_bytes(bytes(data))
    with pytest.raises(BadInput, match="damaged"):
        unpacked(tmp_path, archive)
    data = bytearray(archive.read_bytes())
    data[6] |= 1  # the flag bit of encryption in the local header, and below in the central directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(bytes(data))
    with pytest.raises(BadInput, match="encrypted"):
        unpacked(tmp_path, archive)


def test_a_commit_with_hostile_links_and_submodules_writes_files_only(tmp_path: Path, git_repository: Path) -> None:
    (git_repository / "README.md").unlink()
    (git_repository / "README.md").symlink_to("/etc/passwd")
    (git_repository / "up").symlink_to("../../..")
    (git_repository / ".gitmodules").write_text('[submodule "../../x"]\n\tpath = sub\n\turl = ext::sh -c id\n')
    git(git_repository, "add", "-A")
    git(git_repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    git(git_repository, "commit", "-qm", "hostile")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = open_submission(None, f"file://{git_repository}", scratch, Settings(), Silent(), None, ("file",))
    assert set(done.file_hashes or ()) == {"train.py", ".gitmodules"}
    assert {left.what for left in done.left_out} == {"README.md", "up", "sub"}
    assert done.tree is not None
    assert not any(path.is_symlink() for path in done.tree.rglob("*"))


def test_many_links_to_one_large_file_do_not_fill_the_disk(tmp_path: Path, git_repository: Path) -> None:
    (git_repository / "big.bin").write_bytes(os.urandom(1 << 20))
    for number in range(30):
        (git_repository / f"link{number}").symlink_to("big.bin")
    git(git_repository, "add", "-A")
    git(git_repository, "commit", "-qm", "links")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    settings = Settings(max_tree_bytes=4 << 20)
    done = open_submission(None, f"file://{git_repository}", scratch, settings, Silent(), None, ("file",))
    assert done.tree is not None
    assert sum(path.stat().st_size for path in done.tree.rglob("*") if path.is_file()) < 4 << 20
    assert any("limit on size" in left.why for left in done.left_out)


def test_a_commit_of_too_many_files_is_refused_and_a_large_file_left_out(tmp_path: Path, git_repository: Path) -> None:
    (git_repository / "big.bin").write_bytes(os.urandom(1 << 20))
    git(git_repository, "add", "-A")
    git(git_repository, "commit", "-qm", "big")
    for settings in (Settings(max_tree_files=2), Settings(max_file_bytes=1 << 16)):
        scratch = tmp_path / f"scratch{settings.max_tree_files}"
        scratch.mkdir()
        arguments = (None, f"file://{git_repository}", scratch, settings, Silent(), None, ("file",))
        if settings.max_tree_files == 2:
            with pytest.raises(BadInput, match="more than 2 files"):
                open_submission(*arguments)
        else:
            done = open_submission(*arguments)
            assert "big.bin" not in (done.file_hashes or {})
            assert [left.what for left in done.left_out] == ["big.bin"]


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_a_tar_header_larger_than_any_name_is_refused_before_it_is_read(tmp_path: Path, kind: bytes) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = kind, 800 << 20
    archive = tmp_path / "x.tar"
    archive.write_bytes(header.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20))
    with pytest.raises(BadInput, match="header"):
        unpacked(tmp_path, archive)


def test_a_member_that_is_skipped_counts_against_the_limit(tmp_path: Path) -> None:
    header = tarfile.TarInfo("dev")
    header.type, header.size = b"Z", 1 << 30
    with bz2.open(tmp_path / "x.tar.bz2", "wb") as stream:
        stream.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(64):
            stream.write(bytes(1 << 20))
    with pytest.raises(BadInput, match="limit on size"):
        unpacked(tmp_path, tmp_path / "x.tar.bz2", Settings(max_tree_bytes=8 << 20, max_tree_files=100))


def test_a_server_that_drips_is_left_when_the_time_is_up(tmp_path: Path) -> None:
    class Drip(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(300):
                    self.wfile.write(b"%")
                    self.wfile.flush()
                    time.sleep(0.1)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Drip) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(BadInput, match="too long"):
            download(f"http://127.0.0.1:{server.server_port}/x", tmp_path / "x", max_bytes=1 << 20, seconds=1)
        server.shutdown()


def test_a_public_address_may_not_lead_to_a_private_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Moved(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Moved) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}/x"
        # The server of this test stands for a public one.
        private = download_module._is_private
        monkeypatch.setattr(download_module, "_is_private", lambda url: url != here and private(url))
        with pytest.raises(BadInput, match="private network"):
            download(here, tmp_path / "x", max_bytes=1 << 20)
        server.shutdown()


@pytest.mark.parametrize("name", ["https://[bad", "http://[bad/x.pdf", "x" * 5000, "a\0b"])
def test_a_name_that_is_no_address_and_no_file_is_bad_input(tmp_path: Path, name: str) -> None:
    for paper, repository in ((name, None), (None, name)):
        with pytest.raises(BadInput):
            open_submission(paper, repository, tmp_path, Settings(), Silent())
