"""Links of a report lead only to the web, and to the very lines that were audited."""

from __future__ import annotations

import pytest

from auditor.report.links import file_page, paper_home, paper_page, repository_page, web_address
from auditor.submission.model import Origin

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(location: str, **more: object) -> Origin:
    return Origin.model_validate({"kind": "git", "location": location, "commit": COMMIT} | more)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://github.com/o/r", f"https://github.com/o/r/blob/{COMMIT}/a/b.py#L3-L5"),
        ("https://github.com/o/r.git", f"https://github.com/o/r/blob/{COMMIT}/a/b.py#L3-L5"),
        ("git@github.com:o/r.git", f"https://github.com/o/r/blob/{COMMIT}/a/b.py#L3-L5"),
        ("https://gitlab.com/g/s/r/", f"https://gitlab.com/g/s/r/-/blob/{COMMIT}/a/b.py#L3-5"),
        ("https://codeberg.org/o/r", f"https://codeberg.org/o/r/src/commit/{COMMIT}/a/b.py#L3-L5"),
        ("https://bitbucket.org/o/r", f"https://bitbucket.org/o/r/src/{COMMIT}/a/b.py#lines-3:5"),
        ("https://git.sr.ht/~o/r", f"https://git.sr.ht/~o/r/tree/{COMMIT}/item/a/b.py#L3-5"),
    ],
)
def test_each_known_forge_is_linked_in_its_own_style(location: str, expected: str) -> None:
    assert file_page(git(location), "a/b.py", 3, 5) == expected


@pytest.mark.parametrize(
    "origin",
    [
        None,
        git("https://example.org/o/r"),
        git("https://github.com.evil.example/o/r"),
        git("https://github.com@evil.example/o/r"),
        git("https://github.com/o"),
        git("https://github.com/o/../../evil/r"),
        git("/home/me/work"),
        git("https://github.com/o/r", commit=None),
        git("https://github.com/o/r", commit="main"),
        git("https://github.com/o/r", dirty=True),
    ],
)
def test_no_link_is_guessed(origin: Origin | None) -> None:
    assert file_page(origin, "a/b.py", 1) is None


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.py", "a/../../x.py", "a//b.py", ""])
def test_a_path_that_leaves_the_repository_is_not_linked(path: str) -> None:
    assert file_page(git("https://github.com/o/r"), path) is None


def test_a_file_name_is_percent_encoded_and_cannot_end_the_path() -> None:
    link = file_page(git("https://github.com/o/r"), 'a b/<x>"#?.py', 1)
    assert link == f"https://github.com/o/r/blob/{COMMIT}/a%20b/%3Cx%3E%22%23%3F.py#L1"


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "JaVaScRiPt://x/%0aalert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example/x",
     "https://user:secret@example.org/", "https://", "http://[::1", "https://example.org/a b", "https:\\\\example.org",
     "ftp://example.org", "vbscript:x", "https://example.org/" + "x" * 3_000, "http://example.org:99999/"],
)  # fmt: skip
def test_what_is_not_a_plain_web_address_is_not_linked(text: str) -> None:
    assert web_address(text) is None


def test_quotes_and_brackets_in_an_address_are_encoded() -> None:
    assert web_address('https://example.org/"><script>') == "https://example.org/%22%3E%3Cscript%3E"
    assert web_address("https://example.org/%7Ea?b=1&c=2#d") == "https://example.org/%7Ea?b=1&c=2#d"


def test_the_papers_page_is_linked_where_the_paper_came_from_the_web() -> None:
    assert (
        paper_page(Origin(kind="arxiv", location="arXiv:1706.03762v5"), 3)
        == "https://arxiv.org/pdf/1706.03762v5#page=3"
    )
    assert paper_page(Origin(kind="arxiv", location="cs.LG/0701001"), 1) == "https://arxiv.org/pdf/cs.LG/0701001#page=1"
    assert (
        paper_page(Origin(kind="url", location="https://example.org/p.pdf#x"), 2) == "https://example.org/p.pdf#page=2"
    )
    assert paper_page(Origin(kind="file", location="p.pdf"), 2) is None
    assert paper_home(Origin(kind="url", location="javascript:alert(1)")) is None


def test_the_repositorys_page_has_no_credentials_and_no_suffix() -> None:
    assert repository_page(git("https://github.com/o/r.git")) == "https://github.com/o/r"
    assert repository_page(git("https://token@github.com/o/r.git")) is None


@pytest.mark.parametrize("end", [".", ":", "”", '."', ",", "’;"])
def test_the_punctuation_of_the_sentence_is_not_linked(end: str) -> None:
    assert web_address(f"https://github.com/Microsoft/EdgeML{end}") == "https://github.com/Microsoft/EdgeML"


def test_the_bracket_of_an_address_is_linked_and_that_around_it_is_not() -> None:
    assert web_address("https://x.org/a_(b)") == "https://x.org/a_(b)"
    assert web_address("(https://x.org/a).") == "https://x.org/a"
