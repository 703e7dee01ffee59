"""The checks, one topic a file. Importing this package imports no check; `all_checks` does."""

from auditor.checks.framework import Absent, Check, Facts, all_checks, check, fact, run_checks

__all__ = ["Absent", "Check", "Facts", "all_checks", "check", "fact", "run_checks"]
