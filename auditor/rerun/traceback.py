"""The last Python traceback of a log: its frames, its error, and the lines that show it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FRAME = re.compile(r'^\s*File "([^"\n]{1,400})", line (\d{1,7})(?:, in ([^\n]{1,200}))?')
_ERROR = re.compile(r"^([A-Za-z_][\w.]{0,160})(?::\s?(.*))?$")
_SHOWN_LINES = 14


@dataclass(frozen=True)
class Frame:
    """One frame: `path` as printed, and whether it lies in an installed package or the standard library."""

    path: str
    line: int
    function: str
    text: str = ""

    @property
    def package(self) -> str | None:
        """The top-level name of the installed package that the frame lies in; None for other code."""
        found = re.search(r"(?:site|dist)-packages/([A-Za-z0-9_]+)", self.path)
        return found[1] if found else None

    @property
    def own(self) -> bool:
        """Whether it is neither an installed package's nor the standard library's."""
        return self.package is None and not re.search(r"/lib/python[\d.]+/|^<", self.path)


@dataclass(frozen=True)
class Traceback:
    """The last traceback: error type without module, message, frames from outermost to innermost."""

    kind: str
    message: str
    frames: tuple[Frame, ...]
    first_line: int
    excerpt: str

    @property
    def last_own(self) -> Frame | None:
        """The innermost frame of the authors' own code."""
        return next((frame for frame in reversed(self.frames) if frame.own), None)

    @property
    def package(self) -> str | None:
        """The installed package in which the error arose; None where it arose in the authors' code."""
        for frame in reversed(self.frames):
            if frame.package:
                return frame.package
            if frame.own:
                return None
        return None


def last_traceback(text: str) -> Traceback | None:
    """Return the last traceback of a log; None where there is none. Lines count from 1 in `text`."""
    lines = text.split("\n")
    head = "Traceback (most recent call last)"
    starts = [number for number, line in enumerate(lines) if line.lstrip().startswith(head)]
    start = starts[-1] if starts else _syntax_error(lines)
    if start is None:
        return None
    frames: list[Frame] = []
    for number in range(start, min(len(lines), start + 400)):
        line = lines[number]
        found = _FRAME.match(line)
        if found:
            following = lines[number + 1].strip() if number + 1 < len(lines) else ""
            frames.append(Frame(found[1], int(found[2]), found[3] or "", following[:200]))
            continue
        error = _ERROR.match(line[:2000]) if frames and line[:1] not in (" ", "\t", "") else None
        if error:
            message = " ".join([error[2] or "", *_continued(lines[number + 1 : number + 6])]).strip()
            shown = lines[max(start, number - _SHOWN_LINES + 1) : number + 1]
            return Traceback(
                error[1].rsplit(".", 1)[-1], message[:1500], tuple(frames), start + 1, "\n".join(shown)[:1900]
            )
    return None


def _syntax_error(lines: list[str]) -> int | None:
    """The line at which a syntax error of the program itself is shown, which has no traceback."""
    for number, line in enumerate(lines):
        if _FRAME.match(line) and any("SyntaxError" in near for near in lines[number : number + 6]):
            return number
    return None


def _continued(lines: list[str]) -> list[str]:
    """The lines of a message that runs over several."""
    kept = []
    for line in lines:
        if not line.strip() or line.startswith("Traceback") or line.startswith("During handling"):
            break
        kept.append(line.strip())
    return kept
