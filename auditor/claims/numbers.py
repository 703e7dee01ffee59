"""Printed numbers: value, spread, percent sign, and the digits that were printed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import isfinite

_CELL_LIMIT = 80
_TEXT_LIMIT = 20_000

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
# Without `^` the superscript of `3.3 · 10^18` was lost in the text layer: only the maths dot, or a minus, tells.
_POWER = (
    r"(?:[eE][-+]?\d{1,3}|\s?[·×⋅∙x]\s?10\s?\^\s?\{?[-−–]?\d{1,3}\}?"
    r"|\s?[·×⋅∙x]\s?10[⁺⁻]?[⁰¹²³⁴-⁹]{1,3}"
    r"|\s?[·×⋅∙]\s?10\s?[-−–]\s?\d{1,2}|\s?[·⋅∙]\s?10\d{1,2})?"
)
_SIGNED = rf"[-+−–]?{_DIGITS}{_POWER}"
_SPREAD_MARK = r"(?:±|\+/-|\+-|\\pm)"
_NUMBER = re.compile(
    rf"(?<![\w.,@])(?P<value>{_SIGNED})(?P<percent>\s?(?:\\?%|percent\b))?"
    rf"(?:\s?\(?\s?{_SPREAD_MARK}\s?(?P<spread>{_DIGITS}{_POWER})(?P<spread_percent>\s?\\?%)?(?:\s?\))?)?(?P<percent2>\s?%)?"
)
_CELL = re.compile(
    rf"(?P<value>{_SIGNED})(?P<percent>\s?%)?"
    rf"(?:\s?(?:{_SPREAD_MARK}\s?(?P<spread>{_DIGITS}{_POWER})|\(\s?(?P<sign>{_SPREAD_MARK})?\s?(?P<bracket>{_DIGITS})\s?%?\s?\)))?"
    r"(?P<percent2>\s?%)?"
)
_MARKS = re.compile(r"\*\*|__|\\(?:textbf|mathbf|underline|bf|emph)\b|[{}$†‡§¶∗*↑↓✓]|<[^<>]{0,20}>")
_EXPONENT = re.compile(r"(?:(?<=[·×⋅∙x]10)|(?<=[·×⋅∙x] 10))[⁺⁻]?[⁰¹²³⁴-⁹]{1,3}")
_RAISED = re.compile(r"(?<!\^)(?<![⁺⁻⁰¹²³⁴-⁹])[⁺⁻]?[⁰¹²³⁴-⁹]+(?:,[⁰¹²³⁴-⁹]+)*")
_MULTIPLE = re.compile(r"[·×⋅∙x]\s?10\s?\^?\s?\{?([-−–]?)\s?(\d{1,3})\}?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed. `std` is its spread, in its own unit; `start` and `end` are where it stood."""

    value: float
    printed: str
    percent: bool = False
    std: float | None = None
    start: int = 0
    end: int = 0


def parse_cell(text: str, brackets_are_spread: bool = False) -> Number | None:
    """Return the number that fills a table cell (bold and footnote marks aside), or None if the cell holds more.

    With `brackets_are_spread`, `0.81 (0.02)` is 0.81 with spread 0.02, because the caption says so; otherwise such a
    cell has a value and no known spread.
    """
    if len(text) > _CELL_LIMIT:
        return None
    # `3.3 · 10¹⁸` is a product, and its superscript an exponent; that of `81.2¹` is the mark of a note.
    plain = _RAISED.sub(" ", _EXPONENT.sub(lambda raised: "^" + raised[0], _MARKS.sub(" ", text)))
    cleaned = " ".join(unicodedata.normalize("NFKC", plain).split())
    match = _CELL.fullmatch(cleaned)
    if match is None:
        return None
    value = _value(match["value"])
    spread = match["spread"] or (match["bracket"] if match["sign"] or brackets_are_spread else None)
    if value is None:
        return None
    return Number(value, cleaned, bool(match["percent"] or match["percent2"]), _value(spread) if spread else None)


def find_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a running text, in order; digits inside words (`F1`, `ResNet50`, `v1.2.3`) are none."""
    numbers = []
    text = text[:_TEXT_LIMIT]
    for match in _NUMBER.finditer(text):
        after = text[match.end() : match.end() + 2]
        # A version (1.2.3), a word (10k, 3D, 1st) or a date is no number that anybody measured.
        if after[:1].isalpha() and not _unit_follows(text, match.end()):
            continue
        if after[:1] in ".," and after[1:2].isdigit():
            continue
        value = _value(match["value"])
        if value is None:
            continue
        percent = bool(match["percent"] or match["percent2"] or match["spread_percent"])
        spread = _value(match["spread"]) if match["spread"] else None
        numbers.append(Number(value, match[0].strip(), percent, spread, match.start(), match.end()))
    return tuple(numbers)


def last_digit(printed: str) -> float:
    """Return one unit of the last printed digit of a number: 0.1 for `81.0 %`, 0.001 for `0.799±0.012`, 1 for `34`."""
    match = re.match(rf"\s?[-+−–]?(?P<digits>{_DIGITS})(?P<power>{_POWER})", printed[:_CELL_LIMIT])
    if match is None:
        return 0.0
    decimals = len(match["digits"].partition(".")[2])
    unit = 10.0**-decimals
    power = _exponent(match["power"])
    return unit * 10.0**power


def _unit_follows(text: str, end: int) -> bool:
    return re.match(r"(?:ms|s|sec|secs|seconds|min|mins|h|hrs|dB)\b", text[end : end + 8]) is not None


def _exponent(power: str) -> int:
    if not power:
        return 0
    multiple = _MULTIPLE.search(unicodedata.normalize("NFKC", power))
    if multiple:
        return -int(multiple[2]) if multiple[1] else int(multiple[2])
    return int(power.lstrip("eE"))


def _value(printed: str) -> float | None:
    match = re.match(rf"(?P<sign>[-+−–]?)(?P<digits>{_DIGITS})(?P<power>{_POWER})", printed.strip())
    if match is None or len(match["digits"]) > 40:
        return None
    exponent = _exponent(match["power"])
    try:
        value = (
            float(match["digits"].replace(",", "")) * 10.0**exponent
            if exponent
            else float(match["digits"].replace(",", ""))
        )
    except OverflowError:
        return None
    if not isfinite(value):
        return None
    return -value if match["sign"] in ("-", "−", "–") and match["sign"] else value
