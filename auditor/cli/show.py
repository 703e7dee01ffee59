"""What the user sees while work goes on: a spinner on a terminal, plain lines elsewhere, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from auditor.progress import Progress, Silent
from auditor.text import printable


class Plain:
    """A line when a step begins, and one when it took more than a second; for logs and pipes."""

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Announce the step, and its time if it was long."""
        self.note(f"{text} …")
        start = time.monotonic()
        yield
        took = time.monotonic() - start
        if took >= 1:
            self.note(f"  {took:.1f} s")

    def note(self, text: str) -> None:
        """Print one line."""
        print(printable(text, 2000), file=sys.stderr, flush=True)


class Live:
    """A spinner with the step that goes on and its time; finished steps stay as lines."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Show the step while it lasts."""
        from rich.markup import escape

        shown = escape(printable(text, 300))
        start = time.monotonic()
        with self._console.status(shown, spinner="dots"):
            yield
        took = time.monotonic() - start
        self._console.print(f"[green]✓[/green] {shown}" + (f" [dim]{took:.1f} s[/dim]" if took >= 0.1 else ""))

    def note(self, text: str) -> None:
        """Print one line above the spinner."""
        self._console.print(printable(text, 2000), markup=False)


def progress(quiet: bool) -> Progress:
    """Return the progress that fits standard error."""
    if quiet:
        return Silent()
    return Live() if sys.stderr.isatty() else Plain()
