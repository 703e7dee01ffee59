"""The command line: one short function a command, no logic; what a command needs is imported when it runs."""

from __future__ import annotations

import signal
import sys

from auditor.errors import AuditorError


def main() -> None:
    """Run the program; every error becomes one sentence and its exit code, never a traceback."""
    from auditor.cli.app import app

    # A file name that is no UTF-8, or a terminal that is not, must not end the program.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    # A polite end (kill, timeout) runs the same clean-up as an error: containers and scratch folders go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app()
    except AuditorError as error:
        from auditor.text import printable

        print(f"auditor: {printable(str(error), 2000)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        from auditor.text import printable

        said = printable(f"{type(error).__name__}: {error}", 300)
        print(
            f"auditor: an error of the auditor itself: {said} (run again with --debug for its origin).", file=sys.stderr
        )
        sys.exit(3)
