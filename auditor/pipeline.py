"""One submission, from what the user named to the Audit: open, read, claim, rerun, check, score."""

from __future__ import annotations

import importlib.metadata
import platform
import shlex
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import __version__
from auditor.checks.framework import Facts, run_checks
from auditor.claims.collect import collect_claims
from auditor.claims.model import Claims
from auditor.errors import AuditorError, BadInput, Unreadable
from auditor.findings import Finding
from auditor.online import Online
from auditor.paper.model import Paper
from auditor.progress import Progress
from auditor.report.audit import Audit
from auditor.report.summary import author_settings, documentation, passages, summarise_paper, summarise_repository
from auditor.repository.model import Repository
from auditor.rerun.model import Rerun
from auditor.scoring.calibration import shipped, with_confidence
from auditor.scoring.checklists import load
from auditor.scoring.model import Checklist
from auditor.scoring.ocr import by_ocr
from auditor.scoring.score import score
from auditor.settings import Settings
from auditor.submission.download import split_url
from auditor.submission.model import LeftOut, Submission
from auditor.submission.open import PROTOCOLS, open_repository, open_submission, split_forge_url

if TYPE_CHECKING:
    from auditor.rerun.options import RerunOptions


@dataclass(frozen=True)
class AuditOptions:
    """What the user asked for beyond the submission itself; without `rerun` nothing of it is executed."""

    checklist: str = "default"
    ref: str | None = None
    rerun: RerunOptions | None = None
    protocols: tuple[str, ...] = PROTOCOLS
    online: Online | None = None
    """Whether, and where, addresses that the submission gives may be asked."""


@dataclass
class _Clock:
    """Wall time by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - start, 3)


def audit(
    paper: str | None,
    repository: str | None,
    reports: Path,
    settings: Settings,
    options: AuditOptions,
    progress: Progress,
) -> tuple[Audit, Path]:
    """Return the audit of a submission and its folder below `reports`, where a rerun has put its logs.

    Raises BadInput when nothing of what was named can be audited; what can be read in part is audited in part.
    """
    checklist = load(options.checklist)
    clock = _Clock()
    with tempfile.TemporaryDirectory(prefix="auditor-") as scratch:
        with clock.stage("open"):
            submission = open_submission(
                paper, repository, Path(scratch), settings, progress, options.ref, options.protocols, reports
            )
        with clock.stage("paper"):
            read, absent, submission = _read_paper(submission, settings, progress)
        with clock.stage("repository"):
            submission, tree = _read_repository(submission, read, settings, options, progress)
        if tree is None:
            absent[Repository] = _why_no_repository(submission, read)
        folder = report_folder(reports, submission, checklist.name)
        _clear(folder)
        with clock.stage("claims"), progress.step("Collecting claims"):
            claims = collect_claims(read, tree)
            if claims.cut:
                submission = _leave_out(submission, "a part of the claims", claims.cut)
        submission = _dated(submission, read)
        ran: Rerun | None = None
        if options.rerun is not None and tree is not None:
            with clock.stage("rerun"):
                ran = _rerun(submission, tree, claims, settings, options.rerun, progress, folder)
        with clock.stage("checks"), progress.step("Checking"):
            facts = _facts(submission, read, tree, claims, ran, absent, options.online)
            findings = with_confidence(tuple(run_checks(facts, checklist.checks)))
            findings = by_ocr(findings, read.ocr_pages if read else ())
        seen = _Seen(submission, read, tree, claims, ran, findings)
        return _document(seen, checklist, folder.name, clock.seconds), folder


@dataclass(frozen=True)
class _Seen:
    """What an audit has gathered when everything is read, run and checked."""

    submission: Submission
    paper: Paper | None
    repository: Repository | None
    claims: Claims
    rerun: Rerun | None
    findings: tuple[Finding, ...]


def _document(seen: _Seen, checklist: Checklist, slug: str, seconds: dict[str, float]) -> Audit:
    submission, paper, tree = seen.submission, seen.paper, seen.repository
    executed = seen.rerun is not None and bool(seen.rerun.runs)
    return Audit(
        auditor_version=__version__,
        created=datetime.now(timezone.utc).replace(microsecond=0),
        title=_title(paper, tree) or submission.slug,
        slug=slug,
        pdf=submission.pdf_origin,
        repository=submission.tree_origin,
        left_out=submission.left_out,
        paper_summary=summarise_paper(paper) if paper else None,
        repository_summary=summarise_repository(tree) if tree else None,
        author_settings=author_settings(tree) if tree else (),
        passages=passages(checklist, paper) if paper else (),
        claims=seen.claims.items,
        findings=seen.findings,
        rerun=seen.rerun,
        scorecard=score(checklist, seen.findings, executed),
        checklist=checklist,
        documentation=documentation(seen.findings),
        seconds=seconds,
        machine=machine(),
    )


def _title(paper: Paper | None, repository: Repository | None) -> str:
    """The paper's title, else the first heading of the README."""
    if paper and paper.title:
        return paper.title
    readme = next((document for document in repository.documents if document.main), None) if repository else None
    return readme.headings[0][1] if readme and readme.headings else ""


def report_folder(reports: Path, submission: Submission, checklist: str) -> Path:
    """Make and return the audit's folder: `<slug>`, or `<slug>-2` … where that holds the audit of something else."""
    if reports.exists() and not reports.is_dir():
        raise BadInput(f"No report can be written to {reports}: it is a file; give a folder with -o.")
    for number in range(1, 10_000):
        folder = reports / (submission.slug if number == 1 else f"{submission.slug}-{number}")
        try:
            reports.mkdir(parents=True, exist_ok=True)
            folder.mkdir()
            return folder
        except FileExistsError:
            if _same_audit(folder, submission, checklist) or _left_behind(folder):
                return folder
        except OSError as error:
            raise BadInput(f"No report can be written to {reports}: {error.strerror}.") from error
    raise BadInput(f"{reports} holds too many audits called {submission.slug}; choose another folder with -o.")


def _clear(folder: Path) -> None:
    """Remove what an earlier rerun left: a report must not lie beside runs of which it knows nothing."""
    for name in ("runs", "environment"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _left_behind(folder: Path) -> bool:
    """Whether an audit that ended early left this folder with nothing in it."""
    return folder.is_dir() and not any(folder.iterdir())


def _same_audit(folder: Path, submission: Submission, checklist: str) -> bool:
    """Whether the folder holds an audit of the same bytes under the same checklist, which a new one replaces."""
    from auditor.report.schema import load_audit

    try:
        earlier = load_audit(folder / "audit.json")
    except AuditorError:
        return False
    pdf = submission.pdf_origin.sha256 if submission.pdf_origin else None
    tree = submission.tree_origin.tree_hash if submission.tree_origin else None
    earlier_pdf = earlier.pdf.sha256 if earlier.pdf else None
    earlier_tree = earlier.repository.tree_hash if earlier.repository else None
    return (earlier_pdf, earlier_tree, earlier.scorecard.checklist) == (pdf, tree, checklist)


def _read_paper(
    submission: Submission, settings: Settings, progress: Progress
) -> tuple[Paper | None, dict[type, str], Submission]:
    from auditor.paper.ocr import Ocr
    from auditor.paper.reader import read_paper

    if submission.pdf is None:
        return None, {Paper: "no paper was handed in"}, submission
    try:
        assert submission.pdf_origin is not None
        called = submission.pdf_origin.location.rsplit("/", 1)[-1]
        with progress.step("Reading the paper"):
            ocr = Ocr(settings.ocr_language) if settings.ocr else None
            paper = read_paper(submission.pdf, name=called, ocr=ocr)
        for why in paper.left_out:
            submission = _leave_out(submission, "a part of the paper", why)
        if paper.scanned or paper.unread:
            progress.note(paper.unread or "The PDF is a scan: its pages are pictures, and their text is not read.")
        return paper, {}, submission
    except (BadInput, Unreadable) as error:
        if submission.tree is None:
            raise BadInput(str(error)) from error
        progress.note(f"{error} The audit goes on without the paper.")
        return None, {Paper: str(error).rstrip(".")}, _leave_out(submission, "the paper", str(error))


def _read_repository(
    submission: Submission, paper: Paper | None, settings: Settings, options: AuditOptions, progress: Progress
) -> tuple[Submission, Repository | None]:
    from auditor.repository.inventory import read_repository

    if submission.tree is None and paper is not None and paper.code_link is not None:
        submission = _follow(submission, paper.code_link.link.url, settings, options, progress)
    if submission.tree is None:
        return submission, None
    with progress.step("Reading the repository"):
        too_large = [item.what for item in submission.left_out if item.file]
        repository = read_repository(submission.tree, absent=too_large)
        _ = repository.sources, repository.documents, repository.dependencies
    for why in repository.left_out:
        submission = _leave_out(submission, "a part of the repository", why)
    return submission, repository


def _follow(
    submission: Submission, url: str, settings: Settings, options: AuditOptions, progress: Progress
) -> Submission:
    """Clone the repository that the paper links to, if it lies on a known forge; otherwise say how to do it."""
    if not _unasked(url, settings, options):
        paper = submission.pdf_origin.location if submission.pdf_origin else "paper.pdf"
        clone = shlex.quote(split_forge_url(url)[0])
        why = (
            f"the paper's link {url} is on no host from which repositories are cloned unasked; if it is a repository, "
            f"run: git clone {clone} code && auditor audit {shlex.quote(paper)} code"
        )
        progress.note(why[0].upper() + why[1:])
        return _leave_out(submission, "the repository", why)
    try:
        with progress.step(f"Cloning {url}, which the paper gives for its code"):
            return open_repository(submission, url, settings, options.ref, options.protocols)
    except BadInput as error:
        progress.note(f"{error} The audit goes on without the repository.")
        return _leave_out(submission, "the repository", str(error))


def _unasked(url: str, settings: Settings, options: AuditOptions) -> bool:
    """Whether the link may be cloned without asking: an allowed protocol, and over https a known forge."""
    try:
        parts = split_url(url)
    except BadInput:
        return False
    return parts.scheme in options.protocols and (parts.scheme != "https" or parts.hostname in settings.forges)


def _why_no_repository(submission: Submission, paper: Paper | None) -> str:
    left = next((item.why for item in submission.left_out if item.what == "the repository"), None)
    if left is not None:
        return left.rstrip(".")
    return (
        "no repository was handed in, and the paper gives no link to its own code"
        if paper
        else "there is no repository"
    )


def _leave_out(submission: Submission, what: str, why: str) -> Submission:
    from dataclasses import replace

    return replace(submission, left_out=(*submission.left_out, LeftOut(what=what, why=why)))


def _dated(submission: Submission, paper: Paper | None) -> Submission:
    """Give a tree without a date the paper's, else today's, and say which."""
    from dataclasses import replace

    origin = submission.tree_origin
    if origin is None or origin.as_of is not None:
        return submission
    written = paper.written if paper else None
    fields = {"as_of": written or date.today(), "as_of_source": "paper" if written else "today"}
    return replace(submission, tree_origin=origin.model_copy(update=fields))


def _rerun(
    submission: Submission,
    repository: Repository,
    claims: Claims,
    settings: Settings,
    options: RerunOptions,
    progress: Progress,
    folder: Path,
) -> Rerun:
    from auditor.rerun.rerun import rerun

    assert submission.tree is not None
    return rerun(
        submission.tree,
        repository,
        claims,
        settings,
        options,
        progress,
        folder,
        submission.tree_origin,
        submission.left_out,
        submission.file_hashes,
    )


def _facts(
    submission: Submission,
    paper: Paper | None,
    repository: Repository | None,
    claims: Claims,
    ran: Rerun | None,
    absent: dict[type, str],
    online: Online | None,
) -> Facts:
    given: list[object] = [claims, submission]
    given += [noun for noun in (paper, repository, ran, online) if noun is not None]
    if online is None:
        absent = absent | {Online: "addresses that the submission gives are asked only with --online"}
    if ran is None:
        absent = absent | {Rerun: "the code was not run (ask for it with --rerun)"}
    return Facts(given, absent)


def machine() -> dict[str, str]:
    """Return the versions of Python, the platform and the readers that an audit used."""
    versions = {"python": platform.python_version(), "platform": platform.platform()}
    for name in ("pypdfium2", "uv", "docker"):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    models = shipped()
    if models:
        versions["measured confidence"] = f"models of {models.date}, fitted on {models.repositories} repositories"
    return versions
