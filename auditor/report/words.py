"""The words, numbers and sizes of a report: every enumerated value in plain English."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from auditor.claims.model import Claim
from auditor.text import printable

STATUS = {
    "pass": "Pass",
    "partial": "Partial",
    "fail": "Fail",
    "unknown": "Unknown",
    "not_applicable": "Not applicable",
}

VERDICT = {
    "reproduced": "Reproduced",
    "better": "Better than claimed",
    "worse": "Worse than claimed",
    "inconclusive": "Inconclusive",
    "not_observed": "Not observed",
}

VERDICT_STATUS = {
    "reproduced": "pass",
    "better": "pass",
    "worse": "fail",
    "inconclusive": "partial",
    "not_observed": "unknown",
}
"""The status whose colour and mark a verdict is drawn with."""

OUTCOME = {
    "reproduced": "The numbers were reproduced",
    "runs_numbers_differ": "It runs, but numbers differ",
    "runs_no_claim_to_compare": "It runs; no claim could be compared",
    "env_build_failed": "The environment could not be built",
    "run_failed_code_error": "The run ended with an error in the code",
    "run_failed_missing_data": "The run ended for lack of data",
    "run_failed_needs_network": "The run needs the network",
    "run_failed_needs_gpu": "The run needs a GPU",
    "out_of_memory": "The run needed more memory than was allowed",
    "timed_out": "The run took longer than was allowed",
    "no_entry_point": "No command to run was found",
    "auditor_error": "The auditor itself failed",
    "not_attempted": "Not attempted",
}

OUTCOME_STATUS = {
    "reproduced": "pass",
    "runs_numbers_differ": "fail",
    "runs_no_claim_to_compare": "partial",
    "auditor_error": "unknown",
    "not_attempted": "unknown",
}
"""The status whose mark an outcome is drawn with, where it does not follow from who is at fault."""

FAULT = {
    "none": "nobody",
    "submission": "the submission",
    "machine": "the machine that ran it",
    "policy": "the limits set for the run",
    "auditor": "the auditor",
}

CAUSE = {
    "dependency_not_declared": "a dependency that is not declared",
    "dependency_unpinned_and_changed": "an unpinned dependency that has changed",
    "pinned_version_unavailable_for_python": "a pinned version that this Python cannot use",
    "package_renamed_or_removed": "a package that was renamed or removed",
    "python_version_too_new": "a Python that is too new for the code",
    "build_tools_missing": "missing build tools",
    "wrong_or_stale_command": "a wrong or stale command",
    "working_folder_or_path": "a working folder or path",
    "hard_coded_path": "a hard-coded path",
    "missing_file": "a missing file",
    "data_download": "data that must be downloaded",
    "gpu_only": "code that runs on a GPU only",
    "interactive_backend": "a backend that needs a screen",
    "too_long": "a run that takes too long",
    "bug": "a bug",
    "other": "another cause",
}

RUNG = {
    "as_declared": "As declared",
    "as_of_date": "As of the date",
    "inferred": "Inferred from imports",
    "relaxed": "Relaxed pins",
    "another_python": "Another Python",
    "command": "Changed command",
}

ORIGIN = {
    "file": "file",
    "url": "downloaded file",
    "arxiv": "arXiv",
    "folder": "folder",
    "git": "git repository",
    "archive": "archive",
    "bundle": "bundle of paper and code",
}

_NUMBER_LIMIT = 24
_WORDS = re.compile(r"[^A-Za-z0-9]+")
_TICKS = re.compile(r"`+")


def outcome_status(outcome: str, fault: str) -> str:
    """Return the status that an outcome is drawn as: a fail only where the submission is to blame."""
    if outcome in OUTCOME_STATUS:
        return OUTCOME_STATUS[outcome]
    return "fail" if fault == "submission" else "unknown"


def number(value: float | None) -> str:
    """Return a value with at most five significant digits, `–` for None."""
    if value is None:
        return "–"
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value)}".replace("-", "−")
    return f"{value:.5g}".replace("-", "−")


def with_unit(text: str, unit: str) -> str:
    """Return `text` followed by the sign of its unit, unless it already carries one or is not a number."""
    sign = {"percent": "%", "seconds": "s"}.get(unit, "")
    if not sign or text == "–" or text.rstrip().endswith(sign):
        return text
    return f"{text} {sign}"


def claimed_value(claim: Claim) -> str:
    """Return a claimed value as the source prints it, with its unit."""
    return with_unit(printed(claim.printed) or number(claim.value), claim.unit)


def printed(text: str) -> str:
    """Return a number as its source prints it, cut where it is longer than a number can be."""
    return printable(text, _NUMBER_LIMIT)


def claimed_spread(claim: Claim) -> str:
    """Return the spread and the number of runs that the source gives with a claim, or nothing."""
    spread = f"± {number(claim.std)}" if claim.std is not None and "±" not in claim.printed else ""
    runs = f"({plural(claim.n, 'run')})" if claim.n is not None else ""
    return f"{spread} {runs}".strip()


def claimed(claim: Claim) -> str:
    """Return a claimed value with its unit, spread and number of runs."""
    return f"{claimed_value(claim)} {claimed_spread(claim)}".strip()


def share(value: float) -> str:
    """Return a share from 0 to 1 as whole percent, never rounded up to 100 or down to 0."""
    percent = value * 100
    if 0 < percent < 1:
        return "under 1 %"
    if 99 < percent < 100:
        return "99 %"
    return f"{percent:.0f} %"


def duration(seconds: float | None) -> str:
    """Return seconds in the unit that a person would say."""
    if seconds is None or not math.isfinite(seconds):
        return "–"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 120:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def size(count: int | None) -> str:
    """Return a number of bytes in decimal units."""
    if count is None:
        return "–"
    value, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "bytes" or value >= 100 else f"{value:.1f} {unit}"


def confidence(value: float | str) -> str:
    """Return how many human readers would give the same yes or no, as measured, or that a rule without it gave it."""
    if value == "ocr":
        return "by rule, on words read by OCR: less certain"
    if isinstance(value, str):
        return "by rule"
    doubtful = ": doubtful" if value < 0.5 else ""
    return f"{share(value)} of readers would say the same yes or no, measured{doubtful}"


def upper_first(text: str) -> str:
    """Return `text` with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def run_name(id: str) -> str:
    """Return what a run is called in a sentence: `run 1`, or its id where that already says that it is a run."""
    return id if id.lower().startswith("run") else f"run {id}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return `1 item`, `2 items`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def anchor(kind: str, name: str) -> str:
    """Return an id for an element of the page, of letters, digits and hyphens."""
    return f"{kind}-{_WORDS.sub('-', printable(name, 80)).strip('-').lower() or 'x'}"


def sentence(text: str) -> str:
    """Return `text` ended by a full stop."""
    text = text.rstrip()
    return text if not text or text[-1] in ".!?…:" else text + "."


def code_spans(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a line in order, each with whether it stood between two backticks (or runs of as many).

    A backtick without a partner, and a pair around nothing, are text.
    """
    runs = list(_TICKS.finditer(text))
    done = 0
    for number, opening in enumerate(runs):
        if opening.start() < done:
            continue
        closing = next((run for run in runs[number + 1 :] if len(run[0]) == len(opening[0])), None)
        inner = text[opening.end() : closing.start()].strip() if closing else ""
        if closing is None or not inner:
            continue
        if opening.start() > done:
            yield text[done : opening.start()], False
        yield inner, True
        done = closing.end()
    if done < len(text):
        yield text[done:], False
