"""What the checks on the code say of programs in other languages than Python."""

from __future__ import annotations

from auditor.analysis.other_languages import OtherLanguages
from auditor.findings import FileEvidence, Finding, Status

EVIDENCE_LIMIT = 5


def in_other_language(id: str, other: OtherLanguages) -> Finding | None:
    """Return what the lines of other languages show for the check `id`; None where they show nothing.

    They are read without a parser, so that nothing but a find is told from them.
    """
    if id == "code.training":
        return _training(other)
    return _experiments(other) if id == "code.experiments" else _evaluation(other)


def _training(other: OtherLanguages) -> Finding | None:
    if not other.fits:
        return None
    best = other.fits[0]
    return Finding(
        check="code.training",
        status=Status.PASS,
        level="1",
        sentence=f"{best.path} fits the method: {best.excerpt}",
        evidence=other.fits[:EVIDENCE_LIMIT],
    )


def _experiments(other: OtherLanguages) -> Finding | None:
    if not other.experiments:
        return None
    count = len(other.experiments)
    return Finding(
        check="code.experiments",
        status=Status.PASS,
        level="1",
        sentence=f"{count} {'programs run' if count > 1 else 'program runs'} an experiment in another language than "
        f"Python, such as {other.experiments[0]}.",
        evidence=tuple(FileEvidence(path=path) for path in other.experiments[:EVIDENCE_LIMIT]),
    )


def _evaluation(other: OtherLanguages) -> Finding | None:
    if other.separate:
        best = other.separate[0]
        return Finding(
            check="code.evaluation",
            status=Status.PASS,
            level="separate",
            sentence=f"Evaluation stands on its own in {best.path}: {best.excerpt}",
            evidence=other.separate[:EVIDENCE_LIMIT],
        )
    if not other.metrics:
        return None
    place = other.metrics[0]
    return Finding(
        check="code.evaluation",
        status=Status.PARTIAL,
        level="inside",
        sentence=f"A metric is computed only inside training or experiment code, in {place.path}: {place.excerpt}",
        evidence=other.metrics[:EVIDENCE_LIMIT],
        remedy=f"Make the evaluation in {place.path} a script of its own that loads a trained model.",
    )
