"""Opening what a user hands in, safely."""

from auditor.submission.model import LeftOut, Origin, Submission

__all__ = ["LeftOut", "Origin", "Submission"]
