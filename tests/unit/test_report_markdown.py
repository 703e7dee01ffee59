"""The Markdown report: the same order, shorter, and readable where nothing renders it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from auditor.report.escape import block, code, link, plain
from auditor.report.markdown import render_markdown
from tests.fixtures.report_sample import PATCH, sample_audit, unrun_audit


def rendered(text: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


def test_the_sections_stand_in_the_order_of_the_page() -> None:
    headings = [line[3:] for line in render_markdown(sample_audit()).splitlines() if line.startswith("## ")]
    assert headings == ["Grade: D", "What would raise it most", "Claims against observations", "The rerun",
                        "The checklist", "What only a human can judge", "What was left out"]  # fmt: skip


def test_grade_scores_caps_and_verdicts_are_said() -> None:
    text = render_markdown(sample_audit())
    assert "| Readiness (what is promised) | 75 | 5 of 7 items, 95 % of the weight |" in text
    assert "**D at most:**" in text
    assert "97.3 % | 92 % | ± 0.6 | ✘ Worse than claimed |" in text
    assert "were not obeyed" in text


def test_a_patch_and_code_stand_in_fenced_blocks_from_which_they_can_be_taken() -> None:
    html = rendered(render_markdown(sample_audit()))
    blocks = [unescape(text) for text in re.findall(r'<code class="language-diff">(.*?)</code>', html, re.S)]
    assert blocks == [PATCH.replace("\n \n", "\n\n")] or blocks == [PATCH]
    assert '<code class="language-python">pip freeze &gt; requirements.lock.txt\n</code>' in html


def test_a_block_is_fenced_by_more_backticks_than_it_holds() -> None:
    lines = block("a\n```\n</pre><script>\n````", "python")
    assert (lines[0], lines[-1]) == ("`````python", "`````")
    assert "&lt;script&gt;" in rendered("\n".join(lines))


def test_its_tables_are_tables() -> None:
    html = rendered(render_markdown(sample_audit()))
    assert html.count("<table>") == 2
    assert html.count("<tr>") == 3 + 4


def test_without_a_rerun_it_says_so() -> None:
    text = render_markdown(unrun_audit())
    assert "Provisional: nothing was executed." in text
    assert "No claim was compared; 6 claims were read." in text
    assert "The code was not run in this audit." in text


@pytest.mark.parametrize(
    "text",
    ["a | b", "`x` ``y``", "<b>bold</b>", "![a](https://x.example/b.png)", "[a](javascript:alert(1))",
     "&lt; &amp; &#64;", "*a* _b_ ~~c~~ **d**", "# no heading", "- no list", "1. no list", "+ x", "=====", "---",
     "> no quote", "\\", "\\`x`",
     "https://evil.example/?q=1", "www.evil.example", "@everyone", "me@example.org", "see #12 and gh-9", "<https://x.y>",
     "$x^2$", "a\\|b", "|", "` `", "javascript:alert(1)", ":-) {x}", "    indented"],
)  # fmt: skip
def test_text_of_strangers_shows_as_it_is_and_does_nothing(text: str) -> None:
    for template in ("{}", "- {}", "# {}", "| a |\n|---|\n| {} |"):
        html = rendered(template.format(plain(text)))
        for tag in ("<a", "<img", "<em", "<strong", "<s>", "<b", "<h2", "<ol", "<hr"):
            assert tag not in html.replace("<tbody", "").replace("<br", ""), (tag, html)
        assert html.count("<td>") == template.count("| {} |")
        assert html.count("<ul>") == template.count("- {}")


@pytest.mark.parametrize(
    "text", ["@everyone", "https://evil.example", "www.evil.example", "me@example.org", "#12", "GH-3"]
)
def test_what_forges_link_or_notify_by_themselves_stands_in_a_code_span(text: str) -> None:
    assert plain(f"see {text} now") == f"see `{text}` now"


def test_a_code_span_holds_any_number_of_backticks() -> None:
    for text in ("`", "``", "a`b", "`a`", "a ``` b"):
        html = rendered(code(text))
        assert html.count("<code>") == 1
        assert html == f"<p><code>{text}</code></p>\n"


def test_a_label_cannot_leave_its_link() -> None:
    html = rendered(link("a](https://evil.example) [b", "https://github.com/o/r"))
    assert html == '<p><a href="https://github.com/o/r"><code>a](https://evil.example) [b</code></a></p>\n'
