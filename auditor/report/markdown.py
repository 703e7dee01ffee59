"""The Markdown report, for pull requests and e-mail: the HTML report's order, in brief."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.findings import Evidence, Finding, Status
from auditor.report import words
from auditor.report.audit import Audit
from auditor.report.drawings import score_bar
from auditor.report.escape import block, code, link, plain, prose
from auditor.report.links import paper_home, repository_page
from auditor.report.view import Comparison, EvidenceView, FindingView, ItemView, View, grade_words
from auditor.rerun.model import Diagnosis, Rerun

MARKS = {"pass": "✔", "partial": "◐", "fail": "✘", "unknown": "?", "not_applicable": "–"}

_CLAIMS_SHOWN = 30
_EVIDENCE_SHOWN = 3


def render_markdown(audit: Audit) -> str:
    """Return the audit as Markdown (CommonMark with tables); text of the submission in it is escaped and inert."""
    view = View(audit)
    sections = (_head, _grade, _improvements, _claims, _rerun, _checklist, _human, _left_out, _provenance)
    return "\n".join(line for section in sections for line in section(view)).rstrip() + "\n"


def _head(view: View) -> Iterator[str]:
    audit = view.audit
    yield f"# Reproducibility audit: {plain(audit.title)}"
    yield ""
    if audit.pdf:
        hashed = f", sha256 {code(audit.pdf.sha256)}" if audit.pdf.sha256 else ""
        yield f"- Paper: {link(audit.pdf.location, paper_home(audit.pdf))}{hashed}"
    else:
        yield "- Paper: none was handed in"
    origin = audit.repository
    if origin:
        commit = f", commit {code(origin.commit)}" if origin.commit else ""
        dirty = " with changes that are not committed" if origin.dirty else ""
        yield f"- Repository: {link(origin.location, repository_page(origin))}{commit}{dirty}"
    else:
        why = next((left.why for left in audit.left_out if left.what == "the repository"), "")
        yield f"- Repository: not read ({prose(why.rstrip('.'))})" if why else "- Repository: none was handed in"
    card = audit.scorecard
    yield f"- Checklist: {plain(card.checklist)} {plain(card.checklist_version)}"
    yield ""


def _grade(view: View) -> Iterator[str]:
    card = view.audit.scorecard
    yield f"## Grade: {card.grade}"
    yield ""
    yield "| Score | of 100 | answered |"
    yield "|---|---:|---|"
    for name, score in (("Readiness (what is promised)", card.readiness), ("Outcome (what ran)", card.outcome)):
        value = "–" if score.value is None else f"{score.value:.0f}"
        covered = f"{score_bar(score).answered_percent} % of the weight"
        yield f"| {name} | {value} | {score.answered} of {words.plural(score.total, 'item')}, {covered} |"
    yield ""
    for line in grade_words(view.audit):
        yield f"{line}\n"
    for each in view.caps:
        rests = f" {prose(words.sentence(each.finding.sentence))}" if each.finding else ""
        yield f"- **{each.cap.at_most} at most:** {plain(words.sentence(each.cap.because))}{rests}"
    counts = ", ".join(f"{MARKS[value]} {count} {words.STATUS[value].lower()}" for value, count in view.counts)
    if counts:
        yield f"\nFindings: {counts}."
    yield ""


def _improvements(view: View) -> Iterator[str]:
    card = view.audit.scorecard
    if not card.improvements:
        return
    yield "## What would raise it most"
    yield ""
    for number, step in enumerate(card.improvements, start=1):
        letter = f", the grade would be {step.letter}" if step.letter and step.letter != card.letter else ""
        gain = f"+{step.gain:.1f} {step.score}{letter}" if step.gain is not None else "what it gives is not known"
        yield f"{number}. {prose(words.sentence(step.remedy))} ({gain}; {code(step.check)})"
    yield ""


def _claims(view: View) -> Iterator[str]:
    yield "## Claims against observations"
    yield ""
    compared = view.comparisons
    if not compared:
        read = words.plural(len(view.audit.claims), "claim")
        yield f"No claim was compared; {read} {'was' if len(view.audit.claims) == 1 else 'were'} read."
        yield ""
        return
    yield "| Claim | Where | Claimed | Observed | Bound | Verdict |"
    yield "|---|---|---:|---:|---:|---|"
    for each in compared[:_CLAIMS_SHOWN]:
        yield _claim_row(each)
    if len(compared) > _CLAIMS_SHOWN:
        yield f"\nand {len(compared) - _CLAIMS_SHOWN} more in `audit.json`"
    if view.uncompared:
        yield f"\nNothing to compare was observed for {words.plural(len(view.uncompared), 'further claim')}."
    yield ""


def _claim_row(each: Comparison) -> str:
    claim, verdict = each.claim, each.verdict
    parts = (claim.metric_text, claim.dataset, claim.split, claim.method)
    name = ", ".join(plain(part) for part in parts if part)
    where = f"{plain(each.where)} {_place(each.evidence[0])}".strip()
    if verdict is None:
        return f"| {name} | {where} | {plain(words.claimed(claim))} | – | – | – |"
    status = words.VERDICT_STATUS[verdict.outcome]
    observed = words.with_unit(words.number(verdict.observed), claim.unit)
    bound = "–" if verdict.bound is None else f"± {words.number(verdict.bound)}"
    outcome = f"{MARKS[status]} {words.VERDICT[verdict.outcome]}"
    return f"| {name} | {where} | {plain(words.claimed(claim))} | {observed} | {bound} | {outcome} |"


def _rerun(view: View) -> Iterator[str]:
    rerun = view.audit.rerun
    yield "## The rerun"
    yield ""
    if rerun is None:
        yield "The code was not run in this audit."
        yield ""
        return
    yield _diagnosis("As it is", rerun.as_it_is)
    yield _diagnosis("After repairs", rerun.after_repairs)
    yield from _rerun_lists(rerun)
    yield ""


def _diagnosis(title: str, diagnosis: Diagnosis) -> str:
    mark = MARKS[words.outcome_status(diagnosis.outcome, diagnosis.fault)]
    fault = "" if diagnosis.fault == "none" else f" (down to {words.FAULT[diagnosis.fault]})"
    outcome = words.OUTCOME[diagnosis.outcome]
    return f"- **{title}:** {mark} {outcome}{fault}. {plain(words.sentence(diagnosis.sentence))}"


def _rerun_lists(rerun: Rerun) -> Iterator[str]:
    for repair in rerun.repairs:
        if repair.changes:
            yield f"- Repair ({words.RUNG[repair.rung].lower()}): {plain(words.sentence(repair.what))}"
    for run in rerun.runs:
        ended = "stopped" if run.exit_code is None else f"exit code {run.exit_code}"
        limit = f", limit: {plain(run.limit)}" if run.limit else ""
        name = plain(words.upper_first(words.run_name(run.id)))
        yield f"- {name}: {code(run.command)}, {ended}{limit}, {words.duration(run.wall_seconds)}"
    if rerun.environment:
        as_of = f", packages as of {rerun.environment.as_of.isoformat()}" if rerun.environment.as_of else ""
        yield f"- Environment: Python {plain(rerun.environment.python)}{as_of}, {plain(rerun.engine)}"


def _checklist(view: View) -> Iterator[str]:
    yield "## The checklist"
    yield ""
    for part in view.parts:
        counts = ", ".join(f"{MARKS[value]} {count}" for value, count in part.counts)
        yield f"### {plain(part.title)} ({counts})"
        yield ""
        for item in part.items:
            yield from _item(item, view)
        yield ""


def _item(item: ItemView, view: View) -> Iterator[str]:
    status = item.result.status
    word = item.word
    yield f"- {MARKS[status.value]} **{word}** {plain(item.result.number)} {plain(words.sentence(item.result.text))}"
    alike: dict[tuple[Status, str], list[FindingView]] = {}
    for each in item.findings:
        alike.setdefault((each.finding.status, each.finding.sentence), []).append(each)
    for same in alike.values():
        yield from _findings(same, view)


def _findings(same: list[FindingView], view: View) -> Iterator[str]:
    """Yield findings of one status and one sentence, which is printed once."""
    first = same[0].finding
    notes = "; ".join(_note(each) for each in same)
    yield f"  - {MARKS[first.status.value]} {prose(words.sentence(first.sentence))} ({notes})"
    new = [each.finding for each in same if not each.repeated]
    for remedy in dict.fromkeys(finding.remedy for finding in new if finding.remedy):
        yield f"    Next step: {prose(words.sentence(remedy))}"
    for finding in new:
        if finding.patch or finding.code:
            yield from _fenced(finding)
    places = _places(view.evidence(_evidence(new)))
    if places:
        more = len(places) - _EVIDENCE_SHOWN
        yield f"    Evidence: {', '.join(places[:_EVIDENCE_SHOWN])}{f' and {more} more' if more > 0 else ''}"


def _note(each: FindingView) -> str:
    """Return a finding's check, its level, and how sure it is, unless it has no answer or stands above in full."""
    finding = each.finding
    parts = [code(finding.check)]
    if finding.level:
        parts.append(f"level {code(finding.level)}")
    if each.repeated:
        parts.append("in full above")
    elif finding.status not in (Status.UNKNOWN, Status.NOT_APPLICABLE):
        parts.append(words.confidence(finding.confidence))
    return ", ".join(parts)


def _evidence(findings: Iterable[Finding]) -> list[Evidence]:
    return [piece for finding in findings for piece in finding.evidence]


def _places(pieces: Iterable[EvidenceView]) -> list[str]:
    """Return the places of evidence in order, each once."""
    return list(dict.fromkeys(_place(piece) for piece in pieces))


def _fenced(finding: Finding) -> Iterator[str]:
    """Yield the remedy's code, or its patch, as a block within the finding's list item."""
    language = "diff" if finding.patch else "python"
    yield ""
    yield from (f"    {line}" if line else "" for line in block(finding.patch or finding.code or "", language))
    yield ""


def _place(piece: EvidenceView) -> str:
    return plain(piece.label) if piece.source == "paper" and not piece.url else link(piece.label, piece.url)


def _human(view: View) -> Iterator[str]:
    human = view.human
    if not human:
        return
    yield "## What only a human can judge"
    yield ""
    for item in human:
        places = ", ".join(_places(item.passages)[:_EVIDENCE_SHOWN])
        found = f" See {places}." if places else ""
        yield f"- {plain(item.result.number)} {plain(words.sentence(item.result.text))}{found}"
    yield ""


def _left_out(view: View) -> Iterator[str]:
    audit = view.audit
    if view.silences or audit.left_out:
        yield "## What was left out"
        yield ""
        for silence in view.silences:
            checks = ", ".join(code(finding.check) for finding in silence.findings)
            yield f"- {prose(words.sentence(silence.reason))} ({checks})"
        for each in audit.left_out[:20]:
            yield f"- {code(each.what)}: {plain(words.sentence(each.why))}"
        if len(audit.left_out) > 20:
            yield f"- and {len(audit.left_out) - 20} more in `audit.json`"
        yield ""
    if audit.author_settings:
        paths = ", ".join(code(settings.path) for settings in audit.author_settings)
        yield f"The author's settings for this tool ({paths}) are shown in the full report and were not obeyed."
        yield ""


def _provenance(view: View) -> Iterator[str]:
    audit = view.audit
    machine = ", ".join(f"{plain(name)} {plain(value)}" for name, value in audit.machine.items())
    took = words.duration(sum(audit.seconds.values())) if audit.seconds else "–"
    yield "---"
    yield ""
    yield f"auditor {plain(audit.auditor_version)}, {audit.created.isoformat()}, {took}. {machine}"
