"""What a report shows, arranged from the Audit alone; the renderings differ only in how they write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from auditor.claims.model import Claim
from auditor.findings import Evidence, FileEvidence, Finding, PaperEvidence, Status
from auditor.report.audit import Audit, CheckDocumentation
from auditor.report.drawings import ClaimPicture, claim_picture
from auditor.report.links import file_page, paper_page
from auditor.report.summary import documentation
from auditor.report.words import STATUS, anchor, run_name
from auditor.rerun.model import Verdict
from auditor.scoring.model import Cap, ItemResult

EVIDENCE_SHOWN = 12
"""How many pieces of evidence of one finding are shown; the rest is counted, and stands in audit.json."""

_COSTS = (Status.FAIL, Status.PARTIAL)
_ORDER = ("worse", "inconclusive", "better", "reproduced")
COMPARED_SHOWN = 200
UNCOMPARED_SHOWN = 100
"""How many claims with and without a verdict are shown; the rest is counted."""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One piece of evidence: what it is called, where it can be opened, and its words."""

    source: str
    label: str
    excerpt: str
    url: str | None = None
    anchor: str | None = None
    """The run in this report that it comes from."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its evidence and the documentation of its check."""

    finding: Finding
    anchor: str
    evidence: tuple[EvidenceView, ...]
    more: int
    documentation: CheckDocumentation | None
    repeated: bool = False
    """Whether it was already shown in full under an earlier item."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """A line of the checklist with the findings that answer it."""

    result: ItemResult
    findings: tuple[FindingView, ...]
    passages: tuple[EvidenceView, ...]

    @property
    def word(self) -> str:
        """The item's status in a word; where another item counts the cause of what was found, that."""
        elsewhere = any(each.finding.counted_in and each.finding.status in _COSTS for each in self.findings)
        if self.result.status is Status.NOT_APPLICABLE and elsewhere:
            return "Counted elsewhere"
        return STATUS[self.result.status.value]


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the checklist; `counts` are its items by status."""

    title: str
    score: str
    anchor: str
    items: tuple[ItemView, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class CapView:
    """A cap that applies, with the finding that it rests on."""

    cap: Cap
    finding: Finding | None
    anchor: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim with its verdict, if there is one."""

    claim: Claim
    verdict: Verdict | None
    picture: ClaimPicture | None
    evidence: tuple[EvidenceView, ...]
    observed: tuple[EvidenceView, ...]
    anchor: str

    @property
    def outcome(self) -> str:
        """The verdict's outcome; `not_observed` where there is no verdict."""
        return self.verdict.outcome if self.verdict else "not_observed"

    @property
    def compared(self) -> bool:
        """Whether the claim was compared with a number that was observed."""
        return self.outcome != "not_observed"

    @property
    def where(self) -> str:
        """Where the claim stands, unless its evidence is called the same."""
        return "" if self.evidence[0].label.startswith(self.claim.where) else f"{self.claim.where}: "


@dataclass(frozen=True, slots=True)
class Silence:
    """A reason why checks could not answer, with their findings."""

    reason: str
    findings: tuple[Finding, ...]


class View:
    """The parts of a report in order; each is worked out from the audit when it is asked for."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.documentation = audit.documentation or documentation(audit.findings)

    def evidence(self, pieces: Iterable[Evidence]) -> tuple[EvidenceView, ...]:
        """Return pieces of evidence with their labels and links."""
        return tuple(self._one(piece) for piece in pieces)

    def _one(self, piece: Evidence) -> EvidenceView:
        audit = self.audit
        if isinstance(piece, PaperEvidence):
            return EvidenceView("paper", f"paper, page {piece.page}", piece.excerpt, paper_page(audit.pdf, piece.page))
        if isinstance(piece, FileEvidence):
            # A forge shows the lines of a notebook's JSON, not those of a cell.
            first, last = (None, None) if piece.cell else (piece.line, piece.last_line)
            link = file_page(audit.repository, piece.path, first, last)
            return EvidenceView("file", _file_label(piece), piece.excerpt, link)
        known = audit.rerun is not None and any(run.id == piece.run for run in audit.rerun.runs)
        line = f", line {piece.line}" if piece.line else ""
        label = f"{run_name(piece.run)}, {piece.stream}{line}"
        return EvidenceView("run", label, piece.excerpt, anchor=anchor("run", piece.run) if known else None)

    def finding(self, finding: Finding, repeated: bool = False) -> FindingView:
        """Return one finding with what is shown of it."""
        shown = self.evidence(finding.evidence[:EVIDENCE_SHOWN])
        more = len(finding.evidence) - len(shown)
        documentation = self.documentation.get(finding.check)
        return FindingView(finding, anchor("finding", finding.check), shown, more, documentation, repeated)

    @cached_property
    def items(self) -> tuple[ItemView, ...]:
        """The lines of the checklist, those that only a human can judge last; each finding is in full at its first."""
        results = sorted(self.audit.scorecard.items, key=lambda result: result.human)
        shown: set[str] = set()
        return tuple(self._item(result, shown) for result in results)

    @property
    def parts(self) -> tuple[PartView, ...]:
        """The checklist, part by part, without the items that only a human can judge."""
        groups: dict[str, list[ItemView]] = {}
        for item in self.items:
            if not item.result.human:
                groups.setdefault(item.result.part, []).append(item)
        return tuple(self._part(part, items) for part, items in groups.items())

    def _part(self, part: str, items: list[ItemView]) -> PartView:
        checklist = self.audit.checklist
        titles = {each.id: each.title for each in checklist.parts} if checklist else {}
        title = titles.get(part) or part.replace("_", " ").capitalize()
        statuses = [item.result.status for item in items]
        counts = tuple((status.value, statuses.count(status)) for status in Status if status in statuses)
        return PartView(title, items[0].result.score, anchor("part", part), tuple(items), counts)

    def _item(self, result: ItemResult, shown: set[str]) -> ItemView:
        views = []
        for id in result.checks:
            finding = self.audit.finding(id)
            if finding is not None:
                views.append(self.finding(finding, repeated=id in shown))
                shown.add(id)
        passages = self.evidence(passage.evidence for passage in self.audit.passages if passage.item == result.item)
        return ItemView(result, tuple(views), passages)

    @property
    def human(self) -> tuple[ItemView, ...]:
        """The items that only a human can judge."""
        return tuple(item for item in self.items if item.result.human)

    @cached_property
    def claim_ids(self) -> frozenset[str]:
        """The ids of the claims that are shown, to which the report can link."""
        shown = self.comparisons[:COMPARED_SHOWN] + self.uncompared[:UNCOMPARED_SHOWN]
        return frozenset(each.claim.id for each in shown)

    @property
    def others(self) -> tuple[FindingView, ...]:
        """The findings that no line of the checklist rests on."""
        used = {check for item in self.audit.scorecard.items for check in item.checks}
        return tuple(self.finding(finding) for finding in self.audit.findings if finding.check not in used)

    @property
    def caps(self) -> tuple[CapView, ...]:
        """The caps that apply, tightest first."""
        return tuple(
            CapView(cap, self.audit.finding(cap.check), anchor("finding", cap.check))
            for cap in self.audit.scorecard.caps
        )

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The claims that were compared with something: contradicted ones first, and main claims before others."""
        compared = [each for each in self._comparisons() if each.compared]
        return tuple(sorted(compared, key=lambda each: (_ORDER.index(each.outcome), not each.claim.headline)))

    @cached_property
    def uncompared(self) -> tuple[Comparison, ...]:
        """The claims that nothing was compared with: the submission's own first, and main claims before others."""
        rest = [each for each in self._comparisons() if not each.compared]
        return tuple(sorted(rest, key=lambda each: (each.claim.own is False, not each.claim.headline)))

    def _comparisons(self) -> list[Comparison]:
        rerun = self.audit.rerun
        verdicts = {verdict.claim: verdict for verdict in rerun.verdicts} if rerun else {}
        return [self._comparison(claim, verdicts.get(claim.id)) for claim in self.audit.claims]

    def _comparison(self, claim: Claim, verdict: Verdict | None) -> Comparison:
        observed = self.evidence(verdict.evidence[:EVIDENCE_SHOWN]) if verdict else ()
        picture = claim_picture(claim, verdict)
        return Comparison(claim, verdict, picture, self.evidence([claim.evidence]), observed, anchor("claim", claim.id))

    @property
    def silences(self) -> tuple[Silence, ...]:
        """The unknown findings by their reason, the commonest reason first."""
        groups: dict[str, list[Finding]] = {}
        for finding in self.audit.findings:
            if finding.status is Status.UNKNOWN:
                groups.setdefault(finding.sentence, []).append(finding)
        pairs = sorted(groups.items(), key=lambda pair: -len(pair[1]))
        return tuple(Silence(reason, tuple(findings)) for reason, findings in pairs)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """The findings by status, in the order of the statuses."""
        statuses = [finding.status for finding in self.audit.findings]
        return tuple((status.value, statuses.count(status)) for status in Status if status in statuses)


def _file_label(piece: FileEvidence) -> str:
    label = piece.path
    if piece.cell is not None:
        label += f", cell {piece.cell}"
    if piece.line is None:
        return label
    if piece.last_line is not None and piece.last_line > piece.line:
        return f"{label}, lines {piece.line}–{piece.last_line}"
    return f"{label}, line {piece.line}"


def grade_words(audit: Audit) -> tuple[str, ...]:
    """Return sentences that say what the grade means and what it does not."""
    card = audit.scorecard
    words = [
        f"Without {left.what}: {left.why}" for left in audit.left_out if left.what in ("the paper", "the repository")
    ]
    if audit.paper_summary is not None and audit.paper_summary.pages == 1:
        words.append(
            "The PDF has one page: it may be a poster or an abstract, which holds less than a paper is asked for."
        )
    if card.provisional:
        words.append("Provisional: nothing was executed. The grade says what the documents and files promise, not what "
                     "happens when the code runs.")  # fmt: skip
    if card.incomplete:
        least = audit.checklist.grading.incomplete_below if audit.checklist else 0.5
        words.append(f"Incomplete: less than {least:.0%} of the weight could be answered, so no letter is given: it "
                     "would rest on the smaller part of the checklist.")  # fmt: skip
    return tuple(words)
