"""What the commands do, in the order in which the user sees it."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import BadInput
from auditor.settings import load_settings

if TYPE_CHECKING:
    from auditor.report.audit import Audit
    from auditor.rerun.options import RerunOptions

FORMATS = ("html", "md")
WHOLE = ("the paper", "the repository")
"""What is left out as a whole, rather than in part."""
_MACHINE_FAULTS = ("auditor_error", "not_attempted", "env_build_failed")


@dataclass(frozen=True)
class Request:
    """What the user typed after `audit` or `rerun`."""

    output: Path
    formats: str
    paper: str | None = None
    repository: str | None = None
    repo: str | None = None
    ref: str | None = None
    checklist: str = "default"
    rerun: RerunOptions | None = None
    online: bool = False
    ocr: bool = False
    as_json: bool = False
    fail_under: str | None = None
    settings: Path | None = None
    quiet: bool = False


def run_audit(request: Request) -> int:
    """Audit, write the reports, say where they lie and the grade; return the exit code."""
    from auditor.cli.show import progress
    from auditor.online import Online
    from auditor.pipeline import AuditOptions, audit
    from auditor.report.schema import write_report

    if request.repository and request.repo:
        raise BadInput("The repository is named twice: as the second argument and with --repo.")
    wanted = _formats(request.formats)
    settings = load_settings(request.settings)
    if request.ocr:
        settings = settings.model_copy(update={"ocr": True})
    online = Online() if request.online else None
    options = AuditOptions(checklist=request.checklist, ref=request.ref, rerun=request.rerun, online=online)
    repository = request.repository or request.repo
    done, folder = audit(request.paper, repository, request.output, settings, options, progress(request.quiet))
    written = write_report(done, folder, wanted)
    if other := other_audit(folder):
        print(f"{other} holds the audit of something else; this one is in {folder}.", file=sys.stderr)
    _finish(done, written, request.as_json)
    return _exit_code(done, request.fail_under)


def other_audit(folder: Path) -> Path | None:
    """Return the folder of the first audit of this name, where `folder` is `NAME-2` or later because it was taken."""
    name, _, number = folder.name.rpartition("-")
    if not name or not re.fullmatch(r"[2-9]|[1-9]\d{1,3}", number):
        return None
    taken = [folder.with_name(name), *(folder.with_name(f"{name}-{n}") for n in range(2, int(number)))]
    return taken[0] if all(each.is_dir() for each in taken) else None


def asked(rerun: bool, options: RerunOptions) -> RerunOptions | None:
    """Return the options where a rerun was asked for, else None; raises BadInput for options that nothing would use."""
    from auditor.rerun.options import RerunOptions

    if rerun:
        return options
    if options != RerunOptions():
        raise BadInput("Engine, limits, Python and command are options of a rerun; add --rerun to make one.")
    return None


def run_clean(settings_file: Path | None) -> int:
    """Remove what reruns keep between audits, and say what went; return the exit code."""
    from auditor.rerun.clean import clean

    removed = clean(load_settings(settings_file))
    print("\n".join(removed) if removed else "Nothing was kept.")
    return 0


def run_report(document: Path, formats: str, output: Path | None) -> int:
    """Render an audit.json again; return the exit code."""
    from auditor.report.schema import load_audit, write_report

    wanted = _formats(formats)
    loaded = load_audit(document)
    folder = output or (document if document.is_dir() else document.resolve().parent)
    written = write_report(loaded, folder, wanted)
    _finish(loaded, written, as_json=False)
    return 0


def run_patch(document: Path, check: str | None) -> int:
    """Print an audit's patches as one; return the exit code. Raises BadInput where there is none."""
    from auditor.report.patches import combined
    from auditor.report.schema import load_audit

    found = [each for each in load_audit(document).findings if each.patch and check in (None, each.check)]
    if not found:
        of = f" of {check[:80]}" if check else ""
        raise BadInput(f"No finding{of} in {document} has a patch; the report's next steps say why.")
    for each in found:
        print(f"{each.check}: {each.remedy}", file=sys.stderr)
    whole, left_out = combined(each.patch or "" for each in found)
    for name in left_out:
        print(
            f"{name}: one change is left out, as another changes the same lines; audit again after this.",
            file=sys.stderr,
        )
    sys.stdout.flush()
    sys.stdout.buffer.write(whole.encode())
    return 0


def run_doctor(settings_file: Path | None) -> int:
    """Print what works here; return 0 if an audit without rerun works, 3 otherwise."""
    from auditor.doctor import examine

    found = examine(load_settings(settings_file))
    for part in found:
        print(f"{'ok     ' if part.works else 'missing'}  {part.name:14} {part.says}")
        if not part.works and part.remedy:
            print(f"{'':9}{'':15}-> {part.remedy}")
    return 0 if all(part.works for part in found if part.needed) else 3


def _formats(text: str) -> Sequence[str]:
    wanted = [word.strip().lower() for word in text.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in FORMATS]
    if unknown:
        raise BadInput(f"There is no format {unknown[0]!r}; there are {', '.join(FORMATS)}.")
    return wanted


def _finish(done: Audit, written: dict[str, Path], as_json: bool) -> None:
    """The outcome, then the last line: path of the report and grade; with --json that goes to standard error."""
    screen = sys.stderr if as_json else sys.stdout
    if as_json:
        print(done.model_dump_json(indent=2))
    for line in summary(done):
        print(line, file=screen)
    shown = written.get("html") or written.get("md") or written["json"]
    print(f"{shown}  grade {done.scorecard.grade}", file=screen)


def summary(done: Audit) -> list[str]:
    """Return the few lines that a user wants before the last one: scores, caps, the rerun's outcome."""
    from auditor.report.drawings import score_bar

    card = done.scorecard
    lines = []
    for name, result in (("readiness", card.readiness), ("outcome", card.outcome)):
        value = "–" if result.value is None else f"{result.value:.0f} of 100"
        answered = f"{result.answered} of {result.total} items, {score_bar(result).answered_percent}% of the weight"
        lines.append(f"{name:10} {value} (answered: {answered})")
    lines += [f"without    {left.what}: {left.why}" for left in done.left_out if left.what in WHOLE]
    lines += [f"at most {cap.at_most}: {cap.because}" for cap in card.caps]
    if done.rerun is not None:
        as_is, after = done.rerun.as_it_is, done.rerun.after_repairs
        lines.append(f"rerun      {as_is.outcome}: {as_is.sentence}")
        if after.outcome != as_is.outcome:
            changes = sum(repair.changes for repair in done.rerun.repairs)
            plural = "" if changes == 1 else "s"
            lines.append(f"           after {changes} repair{plural} {after.outcome}: {after.sentence}")
    return lines


def _exit_code(done: Audit, fail_under: str | None) -> int:
    # The report is written, but the rerun that was asked for could not be made here: nothing is known of the code.
    last = done.rerun.after_repairs if done.rerun else None
    if last and last.outcome in _MACHINE_FAULTS and last.fault in ("machine", "auditor"):
        return 3
    if fail_under is None:
        return 0
    letter = done.scorecard.letter
    return 1 if letter is None or letter > fail_under else 0
