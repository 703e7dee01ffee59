"""How long work says what it is doing; the command line decides what that looks like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Progress(Protocol):
    """Told of each step; texts may hold words of the submission and must be cleaned before they are shown."""

    def step(self, text: str) -> AbstractContextManager[None]:
        """Enter for as long as the step named `text` lasts."""
        ...

    def note(self, text: str) -> None:
        """Say one thing that the user should know while it goes on."""
        ...


class Silent:
    """A progress that shows nothing."""

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Show nothing."""
        yield

    def note(self, text: str) -> None:
        """Show nothing."""
