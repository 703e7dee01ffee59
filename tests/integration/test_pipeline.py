"""From the paper to its repository: what is cloned unasked, and what is only said."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import pipeline
from auditor.paper.model import CodeLink, Link, Page, Paper
from auditor.pipeline import AuditOptions, audit
from auditor.progress import Silent
from auditor.settings import Settings
from tests.conftest import git
from tests.unit.paper_pages import FILLER, Sheet


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    sheet = Sheet(tmp_path / "paper.pdf").title("A Paper on Things").heading("Abstract").paragraph(FILLER)
    sheet.canvas.save()
    return tmp_path / "paper.pdf"


def linking_to(url: str) -> Paper:
    """A paper that gives this address for its own code."""
    link = Link(url=url, page=1, context=f"Our code is available at {url}.", origin="text", kind="body")
    read = Paper("A Paper on Things", (Page(1, 612, 792, ()),), (link,), ())
    read.__dict__["code_link"] = CodeLink(link, "the sentence around it releases the code")
    return read


def test_the_repository_that_the_paper_links_to_is_cloned_and_audited(
    tmp_path: Path, paper: Path, git_repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A local repository stands for one on a forge; only the protocol differs.
    monkeypatch.setattr("auditor.paper.reader.read_paper", lambda *_, **__: linking_to(f"file://{git_repository}"))
    options = AuditOptions(protocols=("file",))
    done, _ = audit(str(paper), None, tmp_path / "reports", Settings(), options, Silent())
    assert done.repository is not None
    assert done.repository.commit == git(git_repository, "rev-parse", "HEAD")
    present = done.finding("code.present")
    assert present is not None
    assert present.evidence


@pytest.mark.parametrize(
    "url", ["https://code.example.org/a/b", "http://github.com/a/b", "ssh://github.com/a/b", "https://[bad"]
)
def test_a_link_on_no_known_forge_is_said_and_not_followed(
    tmp_path: Path, paper: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cloned(*_: object, **__: object) -> None:
        raise AssertionError("nothing may be cloned")

    monkeypatch.setattr("auditor.paper.reader.read_paper", lambda *_, **__: linking_to(url))
    monkeypatch.setattr(pipeline, "open_repository", cloned)
    done, _ = audit(str(paper), None, tmp_path / "reports", Settings(), AuditOptions(), Silent())
    assert done.repository is None
    assert any(left.what == "the repository" and url in left.why for left in done.left_out)


def test_a_repository_that_cannot_be_cloned_leaves_a_partial_audit(
    tmp_path: Path, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.paper.reader.read_paper", lambda *_, **__: linking_to(f"file://{tmp_path}/none"))
    options = AuditOptions(protocols=("file",))
    done, _ = audit(str(paper), None, tmp_path / "reports", Settings(), options, Silent())
    unknown = done.finding("code.present")
    assert unknown is not None
    assert unknown.status == "unknown"
    assert "git could not read" in unknown.sentence
