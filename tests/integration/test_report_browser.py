"""The report in a real browser: as wide as a desk and a phone, in both colour schemes, on paper, under attack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from auditor.report.audit import Audit
from auditor.report.html import render_html
from tests.fixtures.chromium import Chromium
from tests.fixtures.report_hostile import hostile_audit
from tests.fixtures.report_sample import sample_audit, unrun_audit

pytestmark = pytest.mark.browser

AUDITS = {"sample": sample_audit, "unrun": unrun_audit, "hostile": hostile_audit}
WIDE_ELEMENTS = """
[...document.querySelectorAll('main *, header *')].filter(e => !e.closest('.scroll, .only-read, .sprite, thead')
  && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    chromium = Chromium()
    yield chromium
    chromium.close()


def written(audit: Audit, folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text(render_html(audit), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", AUDITS)
@pytest.mark.parametrize("width", [1280, 700, 390, 320])
def test_nothing_has_to_be_scrolled_sideways_even_with_all_opened(
    browser: Chromium, tmp_path: Path, name: str, width: int
) -> None:
    browser.screen(width)
    browser.open(written(AUDITS[name](), tmp_path))
    for _ in ("as loaded", "all opened"):
        assert browser.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), browser.evaluate(WIDE_ELEMENTS)
        browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.evaluate(WIDE_ELEMENTS) == []


@pytest.mark.parametrize("name", AUDITS)
def test_it_asks_for_nothing_and_says_nothing_on_the_console(browser: Chromium, tmp_path: Path, name: str) -> None:
    path = written(AUDITS[name](), tmp_path)
    browser.screen(1280)
    browser.open(path)
    assert browser.evaluate("performance.getEntriesByType('resource').length") == 0
    assert browser.requests == [path.as_uri()]
    assert browser.messages == []


def test_no_attack_runs_even_when_it_is_hovered_and_clicked(browser: Chromium, tmp_path: Path) -> None:
    browser.screen(1280)
    browser.open(written(hostile_audit(), tmp_path))
    title = browser.evaluate("document.title")
    browser.evaluate("""document.querySelectorAll('*').forEach(each => {
        for (const kind of ['mouseover', 'load', 'error', 'focus']) each.dispatchEvent(new Event(kind)) })""")
    assert browser.evaluate("document.title") == title
    assert title.startswith("Grade D: ")
    assert browser.evaluate("document.scripts.length + document.images.length") == 0
    assert browser.evaluate("[...document.links].every(a => ['http:', 'https:', 'file:'].includes(a.protocol))")
    inside = "[...document.links].filter(a => a.protocol == 'file:').every(a => a.getAttribute('href').startsWith('#'))"
    assert browser.evaluate(inside)
    assert [text for text in browser.messages if "dialog" in text] == []


def test_the_pages_own_policy_would_stop_a_script_that_got_in(browser: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    spoilt = render_html(sample_audit()).replace(
        "</main>", "<script>document.title = 'owned'</script><img src='x.png'></main>"
    )
    path.write_text(spoilt, encoding="utf-8")
    browser.screen(1280)
    browser.open(path)
    assert browser.evaluate("document.title") != "owned"
    assert sum("Content Security Policy" in text for text in browser.messages) == 2


def test_paper_shows_what_the_screen_keeps_folded(browser: Chromium, tmp_path: Path) -> None:
    browser.screen(1280)
    browser.open(written(sample_audit(), tmp_path))
    browser.pdf(tmp_path / "report.pdf")
    pages = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())
    for folded in (
        "All results are means over five runs",
        "Self-reported",
        "np.random.shuffle(order)",
        "best.pt",
        "hash=sha256",
    ):
        assert folded in text, folded
    assert "Skip to the report" not in text


def test_dark_and_light_are_both_drawn(browser: Chromium, tmp_path: Path) -> None:
    path = written(sample_audit(), tmp_path)
    grounds = []
    for scheme in ("light", "dark"):
        browser.screen(1280, scheme=scheme)
        browser.open(path)
        grounds.append(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(253, 253, 251)", "rgb(21, 24, 28)"]


def test_a_screen_reader_finds_landmarks_names_and_tables(browser: Chromium, tmp_path: Path) -> None:
    for width in (1280, 390):
        browser.screen(width)
        browser.open(written(sample_audit(), tmp_path))
        browser.send("Accessibility.enable")
        nodes = [node for node in browser.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
        roles = {node["role"]["value"] for node in nodes}
        assert {"banner", "navigation", "main", "contentinfo", "table", "rowheader", "region"} <= roles, width
        assert {"columnheader", "cell", "row", "caption"} <= roles or width == 390
        for node in nodes:
            if node["role"]["value"] in ("image", "link", "table", "navigation"):
                assert node.get("name", {}).get("value"), node
        names = {node["name"]["value"] for node in nodes if node["role"]["value"] == "image"}
        assert "Claimed 97.3 %, observed 92 %, bound ± 0.6." in names
        browser.send("Accessibility.disable")


def test_the_first_key_leads_past_the_contents(browser: Chromium, tmp_path: Path) -> None:
    browser.screen(1280)
    browser.open(written(sample_audit(), tmp_path))
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.evaluate("document.activeElement.className") == "skip"
    assert browser.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
