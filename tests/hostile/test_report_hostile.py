"""An audit full of hostile text gives reports that do nothing: attacks 10, 12, 13 and 33 of the list."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from auditor.errors import BadInput
from auditor.report.html import render_html
from auditor.report.markdown import render_markdown
from auditor.report.schema import load_audit, write_report
from tests.fixtures.report_hostile import ATTACKS, hostile_audit
from tests.fixtures.report_sample import sample_audit

ALLOWED_TAGS = """
html head meta title link style body a svg symbol circle path rect defs pattern desc use header p h1 h2 h3 h4 dl div dt
dd span code b bdi time nav ul ol li main section article table caption thead tbody tr th td details summary pre
blockquote footer
"""
BLOCKS = ("language-diff", "language-python")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def html() -> str:
    return render_html(hostile_audit())


def test_no_element_and_no_attribute_of_a_stranger_gets_into_the_page(html: str) -> None:
    for tag, attributes in Tags(html).seen:
        assert tag in ALLOWED_TAGS.split(), tag
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcdoc", "formaction")
        ]


def test_every_address_in_the_page_is_the_web_or_the_page_itself(html: str) -> None:
    for tag, attributes in Tags(html).seen:
        address = attributes.get("href")
        if address is not None and tag != "link":
            assert re.match(r"https?://[^\s\"'<>]+$|#[A-Za-z0-9-_]+$", address), address


def test_ids_and_anchors_hold_letters_digits_and_hyphens_only(html: str) -> None:
    for _, attributes in Tags(html).seen:
        if attributes.get("id") is not None:
            assert re.fullmatch(r"[A-Za-z0-9_-]+", attributes["id"] or ""), attributes["id"]


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_no_control_direction_or_invisible_character_survives(render: object) -> None:
    text = render(hostile_audit())  # type: ignore[operator]
    assert CONTROL.search(text) is None
    text.encode("utf-8")


def test_the_markdown_holds_no_element_image_or_link_of_a_stranger() -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(render_markdown(hostile_audit()))
    tags = {tag for tag, _ in Tags(rendered).seen}
    assert not tags & {"img", "script", "b", "iframe", "em", "br"}
    for tag, attributes in Tags(rendered).seen:
        assert set(attributes) <= {"href", "style"} or attributes.get("class", "") in BLOCKS, (tag, attributes)
        if "href" in attributes:
            assert (attributes["href"] or "").startswith(("https://arxiv.org/", "https://github.com/o/r")), attributes


def test_the_tables_of_the_markdown_keep_their_columns() -> None:
    rows = [line for line in render_markdown(hostile_audit()).splitlines() if line.startswith("| ")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) in (4, 7), row


def test_a_title_of_a_megabyte_leaves_a_small_report() -> None:
    audit = hostile_audit(title="A" * 1_000_000)
    assert len(render_html(audit)) < 600_000
    assert len(render_markdown(audit)) < 200_000


def test_texts_that_no_record_cleaned_are_cleaned_when_shown() -> None:
    audit = hostile_audit()
    machine = {"\x1b[2Jname": "\x1b]8;;https://evil.example\x07x\u202e"}
    text = render_html(audit.model_copy(update={"machine": machine, "slug": "\x1b[0m"}))
    assert CONTROL.search(text) is None


def test_it_is_written_and_read_back(tmp_path: Path) -> None:
    audit = hostile_audit()
    paths = write_report(audit, tmp_path)
    assert load_audit(paths["json"]) == audit


@pytest.mark.parametrize("text", ["+x = 1\x1b[2J\n", "+\u202ex\n", "+" + "x" * 50_000])
def test_a_patch_in_a_changed_audit_that_cannot_be_shown_is_refused(tmp_path: Path, text: str) -> None:
    path = write_report(sample_audit(), tmp_path)["json"]
    document = json.loads(path.read_text())
    document["findings"][0]["patch"] = text
    path.write_text(json.dumps(document))
    with pytest.raises(BadInput, match="is damaged: at findings"):
        load_audit(path)


def test_every_attack_is_still_legible_in_the_page(html: str) -> None:
    assert "&lt;script&gt;" in html
    assert "javascript:alert" in html
    assert len(ATTACKS) > 10
