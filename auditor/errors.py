"""The errors that reach a user: each says what is wrong and what to do next, and carries its exit code."""

from __future__ import annotations


class AuditorError(Exception):
    """An error whose message is one sentence for the user; `exit_code` is what the program ends with."""

    exit_code = 3


class BadInput(AuditorError):
    """What the user handed in or typed cannot be used (exit code 2)."""

    exit_code = 2


class MachineFault(AuditorError):
    """This machine or the auditor itself lacks or broke something; the submission is not to blame (exit code 3)."""

    exit_code = 3


class Unreadable(AuditorError):
    """One part of a submission could not be read; the audit goes on and shows it as `unknown` with this reason."""

    exit_code = 2
