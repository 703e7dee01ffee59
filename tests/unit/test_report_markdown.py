"""The Markdown report: the same order, shorter, and readable where nothing renders it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from auditor.findings import FileEvidence, Finding, Status
from auditor.report.audit import Audit
from auditor.report.escape import block, code, link, plain, prose
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


def test_a_paper_of_one_page_is_said_to_be_one() -> None:
    audit = sample_audit()
    assert audit.paper_summary is not None
    assert "may be a poster" not in render_markdown(audit)
    short = audit.model_copy(update={"paper_summary": audit.paper_summary.model_copy(update={"pages": 1})})
    assert "The PDF has one page: it may be a poster or an abstract" in render_markdown(short)


def test_an_item_whose_cause_another_one_counts_says_so() -> None:
    audit = sample_audit()
    item = next(item for item in audit.scorecard.items if item.checks and item.status is Status.FAIL)
    found = next(finding for finding in audit.findings if finding.check == item.checks[0])
    items = [i.model_copy(update={"status": Status.NOT_APPLICABLE}) if i is item else i for i in audit.scorecard.items]
    findings = [f.model_copy(update={"counted_in": "randomness.seeds"}) if f is found else f for f in audit.findings]
    card = audit.scorecard.model_copy(update={"items": tuple(items)})
    text = render_markdown(audit.model_copy(update={"scorecard": card, "findings": tuple(findings)}))
    assert f"**Counted elsewhere** {item.number}" in text


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
    shown = [(template, plain(text)) for template in ("{}", "- {}", "# {}", "| a |\n|---|\n| {} |")]
    shown += [(template, prose(text)) for template in ("{}", "- {}", "# {}")]
    for template, written in shown:
        html = rendered(template.format(written))
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


def test_what_stands_between_backticks_in_a_sentence_is_code_and_the_rest_stays_escaped() -> None:
    assert prose("Run `pip install my_tool` in a_b.") == "Run `pip install my_tool` in a\\_b."
    assert rendered(prose("Write ``a`b`` *now*")) == "<p>Write <code>a`b</code> *now*</p>\n"
    assert rendered(prose("one ` alone, `` and ` nothing")) == "<p>one <code>alone, `` and</code> nothing</p>\n"
    assert rendered(prose("one ` alone, and ``")) == "<p>one ` alone, and ``</p>\n"


@pytest.mark.parametrize(
    "text",
    ["`a`@everyone", "`a```b` www.evil.example `", "@x`y`https://evil.example", "``a` <b>`` <img src=x>", "`a``b`",
     "\\`<b>x</b>`", "`[a](`https://evil.example`)`", "`|`", "`` ` ``<b>", "`a`` `b` @c ``"],
)  # fmt: skip
def test_backticks_of_strangers_cannot_free_what_stands_beside_them(text: str) -> None:
    html = rendered(prose(text))
    outside = re.sub(r"<code>.*?</code>", "", html)
    for live in ("<a", "<b>", "<img", "@", "://", "www."):
        assert live not in outside, html


def test_the_punctuation_after_an_address_is_not_part_of_it() -> None:
    assert plain("links to https://github.com/o/r: found") == "links to `https://github.com/o/r`: found"
    assert plain("(“https://x.org/a_(b)”).") == "(“`https://x.org/a_(b)`”)."
    assert plain("(see https://x.org).") == "(see `https://x.org`)."
    assert plain("(https://x.org).") == "(`https://x.org`)."


def changed(*findings: Finding) -> Audit:
    """The sample audit with findings in the place of those of the same checks."""
    audit = sample_audit()
    new = {finding.check: finding for finding in findings}
    kept = tuple(new.pop(finding.check, finding) for finding in audit.findings)
    return audit.model_copy(update={"findings": (*kept, *new.values())})


def test_a_finding_is_printed_with_its_mark_its_check_and_its_level() -> None:
    text = render_markdown(sample_audit())
    assert (
        "  - ◐ One of three declared dependencies is fixed to one version (torch). "
        "(`dependencies.pinned`, level `file`, 87 % of readers"
    ) in text
    assert "(`dependencies.pinned`, level `file`, in full above)" in text
    assert "(`code.present`, by rule)" in text


def test_an_item_that_does_not_apply_says_why() -> None:
    assert "  - – All data sets ship in a package. (`data.available`)" in render_markdown(sample_audit())


def test_the_same_sentence_under_one_item_is_printed_once_with_all_its_checks() -> None:
    text = render_markdown(sample_audit())
    assert text.count("  - ? Not looked at: no GPU was at hand. (`rerun.deterministic`; `rerun.gpu`)") == 1


def test_a_place_of_evidence_is_named_once() -> None:
    place = FileEvidence(path="README.md", line=7)
    finding = Finding(check="code.present", status=Status.PASS, sentence="It is.", evidence=(place, place))
    text = render_markdown(changed(finding))
    assert "README.md, line 7" in text
    assert "and 1 more" not in text
    assert text.count("README.md, line 7`](") == 1


def test_all_next_steps_are_listed_and_a_grade_only_where_it_changes() -> None:
    audit = sample_audit()
    steps = audit.scorecard.improvements * 3
    text = render_markdown(
        audit.model_copy(update={"scorecard": audit.scorecard.model_copy(update={"improvements": steps})})
    )
    assert "\n9. " in text
    assert text.count("the grade would be B") == 3
    assert "the grade would be D" not in text
