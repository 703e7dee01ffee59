"""Opening what a user names."""

from __future__ import annotations

import http.server
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from auditor.errors import BadInput
from auditor.progress import Silent
from auditor.settings import Settings
from auditor.submission.model import Submission
from auditor.submission.open import open_submission, split_forge_url
from tests.conftest import git

PDF = b"%PDF-1.4\n%minimal\n"


def opened(tmp_path: Path, paper: object = None, repository: object = None, **more: object) -> Submission:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    settings = more.pop("settings", Settings())
    names = [None if name is None else str(name) for name in (paper, repository)]
    return open_submission(*names, scratch, settings, Silent(), **more)  # type: ignore[arg-type]


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2019, 5, 6, 7, 8, 10)), data)
    return path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "served"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

        def do_GET(self) -> None:
            if self.path == "/loop":
                self.send_response(302)
                self.send_header("Location", "/loop")
                self.end_headers()
            else:
                super().do_GET()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", folder
        running.shutdown()


def test_a_folder_under_git_is_copied_with_its_commit_and_date(tmp_path: Path, git_repository: Path) -> None:
    submission = opened(tmp_path, repository=git_repository)
    origin = submission.tree_origin
    assert origin is not None
    assert origin.commit == git(git_repository, "rev-parse", "HEAD")
    assert origin.as_of == date(2021, 3, 4)
    assert origin.as_of_source == "commit"
    assert origin.dirty is False
    assert submission.file_hashes is not None
    assert sorted(submission.file_hashes) == ["README.md", "train.py"]


def test_a_changed_working_tree_is_dirty_and_audited_as_it_stands(tmp_path: Path, git_repository: Path) -> None:
    (git_repository / "train.py").write_text("print('changed')\n")
    submission = opened(tmp_path, repository=git_repository)
    assert submission.tree is not None
    assert submission.tree_origin is not None
    assert submission.tree_origin.dirty is True
    assert submission.tree_origin.as_of_source == "newest file"
    assert (submission.tree / "train.py").read_text() == "print('changed')\n"


def test_ignored_files_are_not_part_of_a_submission(tmp_path: Path, git_repository: Path) -> None:
    (git_repository / ".gitignore").write_text("secret.env\nout/\n")
    (git_repository / "secret.env").write_text("KEY=1")
    (git_repository / "out").mkdir()
    (git_repository / "out" / "model.bin").write_text("x")
    submission = opened(tmp_path, repository=git_repository)
    assert submission.file_hashes is not None
    assert sorted(submission.file_hashes) == [".gitignore", "README.md", "train.py"]


def test_a_ref_of_a_local_repository_is_read_from_its_objects(tmp_path: Path, git_repository: Path) -> None:
    submission = opened(tmp_path, repository=git_repository, ref="v1")
    assert submission.tree is not None
    assert submission.tree_origin is not None
    assert (submission.tree / "train.py").read_text() == "print('first')\n"
    assert submission.tree_origin.as_of == date(2020, 3, 4)


def test_a_bare_repository_is_its_head(tmp_path: Path, git_repository: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(git_repository), str(tmp_path / "bare.git"))
    submission = opened(tmp_path, repository=tmp_path / "bare.git")
    assert submission.tree is not None
    assert (submission.tree / "train.py").read_text() == "print('second')\n"


def test_a_git_address_is_cloned_at_the_ref(tmp_path: Path, git_repository: Path) -> None:
    submission = opened(tmp_path, repository=f"file://{git_repository}", ref="v1", protocols=("file",))
    assert submission.tree is not None
    assert submission.tree_origin is not None
    assert submission.tree_origin.kind == "git"
    assert submission.tree_origin.commit == git(git_repository, "rev-parse", "v1")
    assert not (submission.tree / ".git").exists()


def test_the_tree_hash_depends_on_content_and_names_alone(tmp_path: Path) -> None:
    hashes = []
    for number, name in enumerate(("a.py", "a.py", "b.py")):
        folder = tmp_path / f"f{number}"
        folder.mkdir()
        (folder / name).write_text("x = 1\n")
        (tmp_path / f"s{number}").mkdir()
        done = open_submission(None, str(folder), tmp_path / f"s{number}", Settings(), Silent())
        assert done.tree_origin is not None
        hashes.append(done.tree_origin.tree_hash)
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_zip_of_one_folder_is_that_folder_dated_by_its_newest_file(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "code.zip", {"code-main/train.py": b"x=1", "code-main/README.md": b"# x"})
    submission = opened(tmp_path, repository=archive)
    assert submission.file_hashes is not None
    assert submission.tree_origin is not None
    assert sorted(submission.file_hashes) == ["README.md", "train.py"]
    assert submission.tree_origin.as_of == date(2019, 5, 6)
    assert submission.tree_origin.as_of_source == "newest file"


def test_a_tar_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "code.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("train.py")
        info.size, info.mtime = 3, 1_500_000_000
        archive.addfile(info, io.BytesIO(b"x=1"))
    assert sorted(opened(tmp_path, repository=path).file_hashes or ()) == ["train.py"]


def test_one_archive_holds_paper_and_code(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "supp.zip", {"supp/paper.pdf": PDF, "supp/code/train.py": b"x=1"})
    submission = opened(tmp_path, paper=archive)
    assert submission.pdf is not None
    assert submission.pdf.read_bytes() == PDF
    assert "code/train.py" in (submission.file_hashes or {})


def test_code_that_is_an_archive_inside_the_archive_is_unpacked(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("train.py", "x=1")
    outer = zipped(tmp_path / "supp.zip", {"paper.pdf": PDF, "code.zip": inner.getvalue()})
    assert "code/train.py" in (opened(tmp_path, paper=outer).file_hashes or {})


def test_which_of_two_pdfs_is_the_paper_is_not_guessed(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "supp.zip", {"one.pdf": PDF, "two.pdf": PDF, "train.py": b"x=1"})
    submission = opened(tmp_path, paper=archive)
    assert submission.pdf is None
    assert "which PDF is the paper cannot be told" in submission.left_out[0].why


def test_a_pdf_is_downloaded_from_an_address(tmp_path: Path, server: tuple[str, Path]) -> None:
    url, folder = server
    (folder / "paper.pdf").write_bytes(PDF)
    submission = opened(tmp_path, paper=f"{url}/paper.pdf")
    assert submission.pdf is not None
    assert submission.pdf_origin is not None
    assert submission.pdf_origin.kind == "url"
    assert submission.slug == "paper"


@pytest.mark.parametrize(
    ("path", "said"),
    [("/none.pdf", "404"), ("/loop", "redirects more than"), ("/page.html", "is not a PDF")],
)
def test_an_address_that_serves_no_pdf_is_one_sentence(
    tmp_path: Path, server: tuple[str, Path], path: str, said: str
) -> None:
    url, folder = server
    (folder / "page.html").write_text("<html></html>")
    with pytest.raises(BadInput, match=said):
        opened(tmp_path, paper=url + path)


def test_a_host_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"refused|reached"):
        opened(tmp_path, paper="http://127.0.0.1:9/paper.pdf")


@pytest.mark.parametrize(
    ("paper", "repository", "said"),
    [
        (None, None, "Name a paper"),
        ("none.pdf", None, "There is no file none.pdf"),
        (None, "none", "There is no file or folder none"),
        (None, "ssh://host/x", "over https only"),
        (None, "git@github.com:a/b", r"over https only|no address"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(
    tmp_path: Path, paper: str | None, repository: str | None, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        opened(tmp_path, paper, repository)


def test_an_empty_repository_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="is empty"):
        opened(tmp_path, repository=tmp_path / "empty")


def test_a_text_file_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(BadInput, match="neither a folder nor a zip"):
        opened(tmp_path, repository=tmp_path / "x.txt")


def test_a_link_inside_the_tree_becomes_a_copy_and_one_outside_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "train.py").write_text("x=1")
    (folder / "same.py").symlink_to("train.py")
    (folder / "README.md").symlink_to("/etc/passwd")
    submission = opened(tmp_path, repository=folder)
    assert submission.tree is not None
    assert sorted(submission.file_hashes or ()) == ["same.py", "train.py"]
    assert not (submission.tree / "same.py").is_symlink()
    assert [left.what for left in submission.left_out] == ["README.md"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/a/b", ("https://github.com/a/b", None)),
        ("https://github.com/a/b/", ("https://github.com/a/b", None)),
        ("https://github.com/a/b/tree/v1.0", ("https://github.com/a/b", "v1.0")),
        ("https://gitlab.com/a/b/-/tree/main/src", ("https://gitlab.com/a/b", "main")),
        ("https://github.com/a/b#readme", ("https://github.com/a/b", None)),
    ],
)
def test_a_page_of_a_forge_names_a_repository_and_a_ref(url: str, expected: tuple[str, str | None]) -> None:
    assert split_forge_url(url) == expected


def test_a_zip_that_was_cut_short_is_called_a_damaged_zip(tmp_path: Path) -> None:
    path = tmp_path / "code.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("train.py", "x = 1\n" * 100)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(BadInput, match=r"code\.zip is a damaged zip"):
        opened(tmp_path, paper=path)
    with pytest.raises(BadInput, match=r"code\.zip is a damaged zip"):
        opened(tmp_path, repository=path)
