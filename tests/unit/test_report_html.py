"""The HTML report shows everything of an audit, in order, traceably, and asks nothing of anywhere."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import pytest

from auditor.findings import FileEvidence, Finding, Status
from auditor.report.audit import Audit
from auditor.report.html import render_html
from tests.fixtures.report_sample import COMMIT, sample_audit, unrun_audit

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "circle", "rect", "use"}


class Page(HTMLParser):
    """A page as elements in order: (tag, attributes, text before the next tag)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]} at {self.getpos()}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data
            self.elements[-1][2].append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(sample_audit()))


def test_every_element_is_closed_where_it_was_opened(page: Page) -> None:
    assert page.faults == []
    assert page.open == []
    assert Page(render_html(unrun_audit())).faults == []


def test_it_holds_no_script_no_frame_and_no_address_that_is_fetched(page: Page) -> None:
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "form", "img", "base", "audio", "video"}
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    policy = next(meta for meta in page.all("meta") if meta.get("http-equiv"))
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert (policy["content"] or "").startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    for _, attributes, _ in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
    css = re.search(r"<style>(.*)</style>", render_html(sample_audit()), re.S)
    assert css
    assert "url(" not in css[1]
    assert "@import" not in css[1]


def test_links_out_are_plain_web_addresses_that_tell_nothing(page: Page) -> None:
    out = [link for link in page.all("a") if not (link["href"] or "").startswith("#")]
    assert out
    for link in out:
        assert (link["href"] or "").startswith(("https://", "http://"))
        assert set((link["rel"] or "").split()) == {"noopener", "noreferrer", "nofollow"}


def test_every_link_inside_the_page_leads_somewhere_and_no_id_is_used_twice(page: Page) -> None:
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {(link["href"] or "")[1:] for link in page.all("a") if (link["href"] or "").startswith("#")}
    assert inside <= set(ids)
    for _, attributes, _ in page.elements:
        assert set((attributes.get("aria-labelledby") or "").split()) <= set(ids)


def test_the_sections_stand_in_the_order_in_which_they_are_read(page: Page) -> None:
    expected = ["Grade", "What would raise it most", "Claims against observations", "The rerun", "The checklist",
                "What only a human can judge", "What was left out, and why", "The author's settings for this tool",
                "What was read", "Provenance"]  # fmt: skip
    assert ["".join(text).strip() for tag, _, text in page.elements if tag == "h2"] == expected


def test_headings_never_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_finding_is_shown_with_its_sentence_remedy_confidence_and_evidence(page: Page) -> None:
    for finding in sample_audit().findings:
        assert finding.sentence in page.words
        assert finding.check in page.words
        assert not finding.remedy or finding.remedy in page.words
        for piece in finding.evidence:
            assert " ".join(piece.excerpt.split()) in page.words
    assert "87 % of readers would say the same yes or no, measured" in page.words
    assert "by rule" in page.words


def test_a_file_of_a_known_forge_is_linked_at_the_audited_commit(page: Page) -> None:
    links = {link["href"] for link in page.all("a")}
    assert f"https://github.com/example-lab/sparse-gates/blob/{COMMIT}/train.py#L18-L21" in links
    assert f"https://github.com/example-lab/sparse-gates/blob/{COMMIT}/notebooks/figures.ipynb" in links


def test_both_scores_their_coverage_and_what_caps_the_letter_are_said(page: Page) -> None:
    assert "Grade D" in page.words
    assert "5 of 7 items answered, 95 % of the weight" in page.words
    assert "Of the whole weight 51 % is earned, 36 % is lost, 13 % is not answered." in page.words
    assert "The two scores alone would give C. This rule limits it:" in page.words
    assert "D at most: A claim that the rerun contradicts cannot be graded better." in page.words


def test_each_comparison_has_claim_observation_bound_verdict_and_a_described_picture(page: Page) -> None:
    assert "Claimed 97.3 %, observed 92 %, bound ± 0.6." in page.words
    for word in ("Worse than claimed", "Reproduced", "3 claims with nothing to compare", "somebody else's"):
        assert word in page.words


def test_the_contradicted_claim_stands_first(page: Page) -> None:
    assert page.words.index("Worse than claimed") < page.words.index("Reproduced")


def test_the_rerun_tells_repairs_plan_environment_and_records(page: Page) -> None:
    for words in ("torch==1.8.0 became torch", "best.pt is not in the repository", "setup.py asks for 3.10 or newer",
                  "2026-04-15", "torch.manual_seed(0) at train.py:16", "numpy.random.default_rng at train.py:18",
                  "overwritten", "results/iris.json", "Self-reported",
                  "a choice that changes nothing of the submission",
                  "download.example.org:443, refused", "RUN pip install --require-hashes"):  # fmt: skip
        assert words in page.words, words


def test_unknown_findings_are_grouped_by_their_reason(page: Page) -> None:
    left_out = page.words[page.words.index("Checks without an answer") :]
    assert left_out.index("rerun.gpu") < left_out.index("rerun.deterministic") < left_out.index("paper.licence_of_data")
    assert left_out.count("no GPU was at hand") == 1


def test_the_authors_settings_are_shown_and_said_not_to_be_obeyed(page: Page) -> None:
    assert 'disable = ["randomness.seeded"]' in page.words
    assert "Shown, not obeyed" in page.words


def test_without_a_rerun_the_page_says_provisional_and_incomplete_in_words() -> None:
    words = Page(render_html(unrun_audit())).words
    assert "Provisional: nothing was executed." in words
    assert "Incomplete: less than 50% of the weight could be answered" in words
    assert "No claim was compared, because the code was not run." in words
    assert "The code was not run in this audit." in words


def test_a_grade_that_could_not_be_given_is_said_so() -> None:
    audit = unrun_audit()
    card = audit.scorecard.model_copy(update={"letter": None, "uncapped": None, "incomplete": True})
    words = Page(render_html(audit.model_copy(update={"scorecard": card}))).words
    assert "so no letter is given" in words


def test_a_finding_that_answers_two_items_is_shown_once_in_full(page: Page) -> None:
    assert page.words.count("Shown in full above") == 1


def test_a_finding_in_no_line_of_the_checklist_is_still_shown(page: Page) -> None:
    assert "Further findings" in page.words
    assert "There is no CITATION.cff." in page.words


def test_the_bare_minimum_of_an_audit_renders() -> None:
    audit = sample_audit()
    bare = Audit(
        auditor_version=audit.auditor_version,
        created=audit.created,
        title="Bare",
        slug="bare",
        scorecard=audit.scorecard.model_copy(update={"items": (), "improvements": (), "caps": ()}),
    )
    page = Page(render_html(bare))
    assert page.faults == []
    assert "No claimed number was found" in page.words
    assert "Neither a paper nor a repository could be read." in page.words


def test_a_hundred_pieces_of_evidence_are_cut_and_the_rest_is_counted() -> None:
    many = tuple(FileEvidence(path=f"part_{n}.py", line=n + 1) for n in range(100))
    finding = Finding(check="code.present", status=Status.PASS, sentence="Much.", evidence=many)
    audit = sample_audit().model_copy(update={"findings": (finding,)})
    words = Page(render_html(audit)).words
    assert "part_11.py" in words
    assert "part_12.py" not in words
    assert "and 88 more in audit.json" in words


def test_thousands_of_claims_are_cut_contradicted_ones_first_and_the_rest_is_counted() -> None:
    audit = sample_audit()
    assert audit.rerun
    claims = tuple(audit.claims[0].model_copy(update={"id": f"k{n}"}) for n in range(3_000))
    held, contradicted = audit.rerun.verdicts[0], audit.rerun.verdicts[2]
    verdicts = [held.model_copy(update={"claim": f"k{n}"}) for n in range(1_999)]
    verdicts.append(contradicted.model_copy(update={"claim": "k1999"}))
    rerun = audit.rerun.model_copy(update={"verdicts": tuple(verdicts)})
    html = render_html(audit.model_copy(update={"claims": claims, "rerun": rerun}))
    assert html.index("Worse than claimed") < html.index("Reproduced</span>")
    assert "and 1800 more in audit.json" in html
    assert "and 900 more in audit.json" in html
    assert len(html) < 1_000_000


def test_the_same_audit_gives_the_same_page() -> None:
    assert render_html(sample_audit()) == render_html(sample_audit())


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb`, by WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_keeps_the_contrast_that_wcag_asks_for(scheme: str) -> None:
    css = re.search(r"<style>(.*)</style>", render_html(sample_audit()), re.S)
    assert css
    blocks = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
        for block in re.findall(r":root {(.*?)}", css[1], re.S)
    ]
    light, dark, paper = blocks
    colours = {"light": light, "dark": dark, "print": light | paper}[scheme]
    pairs = [
        (text, ground)
        for text in ("ink", "soft", "accent", "pass", "partial", "fail", "unknown")
        for ground in ("paper", "ground")
    ]
    pairs += [(text, "fail-ground") for text in ("ink", "accent", "partial", "fail", "unknown")]
    pairs += [("ink", "partial-ground"), ("ink", "accent-ground"), ("soft", "accent-ground"), ("paper", "ink")]
    for text, ground in pairs:
        low, high = sorted((luminance(colours[text]), luminance(colours[ground])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


def test_backticks_of_a_sentence_are_code_with_escaped_content() -> None:
    audit = sample_audit()
    first = audit.findings[0].model_copy(update={"sentence": "It calls `f(<b>)` & <i>", "remedy": "Write `x < 1`"})
    html = render_html(audit.model_copy(update={"findings": (first, *audit.findings[1:])}))
    assert "It calls <code>f(&lt;b&gt;)</code> &amp; &lt;i&gt;." in html
    assert "Write <code>x &lt; 1</code>." in html


def test_the_grade_of_a_next_step_is_said_only_where_it_changes() -> None:
    words = Page(render_html(sample_audit())).words
    assert "the grade would be B" in words
    assert "the grade would be D" not in words
