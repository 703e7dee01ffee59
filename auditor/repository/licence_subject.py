"""Whether a licence that a sentence names is the data's and not the code's."""

from __future__ import annotations

import re

_DATA = re.compile(
    r"(?<![\w-])(?:data(?! ?(?:load|structure|parallel|augment|process|pipeline|type|scien|mining|analysis))\b(?!-)"
    r"|data-?sets?|corp(?:us|ora)|annotations|recordings|photos|(?<!docker )(?<!container )images)(?![\w-])",
    re.I,
)
_CODE = re.compile(
    r"(?<![\w-])(?:code(?:base)?|software|sources?|repo(?:sitory)?|project|library|package|implementation|scripts?"
    r"|framework|toolkit|toolbox|programs?)(?![\w-])",
    re.I,
)
# "The data in this repository": where the data are is not what is licensed.
_PLACE = re.compile(
    r"\b(?:in|of|from|with|within) (?:this|the|our) (?:\w{1,20} )?(?:repo(?:sitory)?|project|package)\b", re.I
)
_SENTENCE = re.compile(r"(?<=[.!?])\s(?=[A-Z*_\[`])")
_GOES_ON = re.compile(r"\W{0,3}(?:it|they|these|those|this|all)\b(?! \w{1,20} (?:code|software|repo))", re.I)
# "CC BY 4.0 (for the images), MIT for the code": the subject stands behind.
_BEHIND = re.compile(r"[\w .-]{0,40}?[\s(](?:for|applies to|covers|governs)\s[^,;.()]{0,40}", re.I)
_FILE = re.compile(
    r"^(?:un)?licen[sc]es?[-_.]?(?:for[-_.])?(?:the[-_.])?(?:data|data-?sets?|corpus|images|annotations)(?![a-z])", re.I
)
_FOLDER = re.compile(r"^(?:data|data[-_]?sets?|corpus|corpora|annotations|images)$", re.I)
_OTHER_WORDS = re.compile(r"licen[sc]\w{1,4}|terms|use|usage|information|the|our|its|of|for|on|and|\W|\d", re.I)


def is_for_data(path: str) -> bool:
    """Return whether a licence file is named for data or lies in a folder for data."""
    *folders, name = path.split("/")
    return bool(_FILE.match(name)) or any(_FOLDER.match(folder) for folder in folders)


def speaks_of_data(text: str, start: int, end: int, heading: str = "") -> bool:
    """Return whether a licence's name, at these places of a paragraph, is that of data and not of code.

    What stands nearest decides: "for the …" behind the name, then the words of its sentence before it, then, where the
    sentence goes on from the one before ("They are …"), that one, and then a heading that is about data alone.
    """
    after = re.split(r"[.!?]\s", text[end : end + 120], maxsplit=1)[0]
    behind = _BEHIND.match(after)
    if behind and (subject := _subject(behind[0])):
        return subject == "data"
    sentence = _before(text, start)
    subject = _subject(sentence[-1])
    if not subject and len(sentence) > 1 and _GOES_ON.match(sentence[-1]):
        subject = _subject(sentence[-2])
    if not subject:
        subject = _subject(after) if not sentence[-1].strip() else ""
    return subject == "data" or (not subject and _is_heading_of_data(heading))


def _before(text: str, start: int) -> list[str]:
    """Return the sentences up to a place, the last one from the clause on that the place is in."""
    sentences = _SENTENCE.split(text[max(0, start - 2_000) : start])
    clauses = re.split(r"[;,]\s|\s(?:and|while|whereas|but)\s(?=(?:the|our|all) )", sentences[-1])
    told = [clause for clause in clauses if _subject(clause)]
    joint = bool(told) and not re.search(r"licen[sc]|\bunder\b", " ".join(clauses[: clauses.index(told[-1])]), re.I)
    return [*sentences[:-1], sentences[-1] if joint or not told else told[-1]]


def _subject(text: str) -> str:
    """Return `code` where a text names it, `data` where it names nothing but data, or an empty string."""
    plain = _PLACE.sub(" ", text)
    if _CODE.search(plain):
        return "code"
    return "data" if _DATA.search(plain) else ""


def _is_heading_of_data(heading: str) -> bool:
    plain = _DATA.sub(" ", heading)
    return plain != heading and not _OTHER_WORDS.sub("", plain)
