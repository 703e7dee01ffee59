"""Whether a web address bears the name of a paper: that of one of its authors, or its title's."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from auditor.paper.model import Paper

_FRONT_LINES = 40
_LONGEST_LINE = 400
_MOST_PEOPLE = 500
_NAME_WORD = re.compile(r"[A-Z][\w’'-]*")
_LOWER = re.compile(r"[a-z]")
# Words of affiliations: two of them side by side are no person.
_ORGANISATION = re.compile(
    r"univ|instit|research|depart|school|college|facult|laborator|labs?$|cent(?:er|re)|technolog|science|academ|group|google"
    r"|microsoft|facebook|meta$|amazon|deepmind|openai|nvidia|hospital|engineer|computer|national|abstract|equal",
    re.I,
)


def name_in_address(url: str, paper: Paper) -> str:
    """Return in words which name of the paper the address of a repository bears, or nothing where it bears none.

    An author's name counts in the owner's place (`dominikstiller/…`, `dstiller/…`), the title in the repository's: the
    name before its colon, or at least two of its words and no other.
    """
    parts = [part for part in _path(url).split("/") if part]
    if len(parts) < 2:
        return ""
    owner, repository = re.sub(r"\d{1,9}$", "", _letters(parts[0][:_LONGEST_LINE])), parts[1][:_LONGEST_LINE]
    front = tuple(line.text[:_LONGEST_LINE] for line in paper.pages[0].lines[:_FRONT_LINES]) if paper.pages else ()
    if author := next((name for name, first, last in _people(front) if _bears(owner, first, last)), ""):
        return f"the name of {author}"
    return "the title's name" if _is_title(repository, paper.title) else ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


@lru_cache(maxsize=1)
def _people(front: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return pairs of words under the title that can be a person's first and last name: as printed, and their letters.

    Every link of a paper is held against them.
    """
    found: list[tuple[str, str]] = []
    for line in front:
        if re.match(r"\W*abstract\b", line, re.I):
            break
        for part in re.split(r"[,;·•&]|\band\b", line):
            words = [word for word in _NAME_WORD.findall(part) if _LOWER.search(word)]
            # A sentence holds more small words than names.
            if 2 * len(words) > len(part.split()) and not any(map(_ORGANISATION.search, words)):
                found += pairwise(words)
                found += [(words[0], words[2])] if len(words) == 3 else []
    return [(f"{first} {last}", _letters(first), _letters(last)) for first, last in found[:_MOST_PEOPLE]]


def _bears(owner: str, first: str, last: str) -> bool:
    """Whether the letters of an owner's name are made of a person's."""
    if not first or first == last:
        return False
    both = len(first) > 2 and len(last) > 3 and first in owner and last in owner
    return both or (len(last) > 3 and owner in (first[0] + last, last + first[0]))


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _is_title(repository: str, title: str) -> bool:
    name, colon, _ = title.partition(":")
    if colon and len(_letters(name)) > 2 and _letters(name) == _letters(repository):
        return True
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\.git$", "", repository))
    words = [word.casefold() for word in re.split(r"[\W_]+", spaced) if word]
    held = {word.casefold() for word in re.findall(r"\w+", title)}
    return sum(len(word) > 3 for word in words) > 1 and all(word in held for word in words)
