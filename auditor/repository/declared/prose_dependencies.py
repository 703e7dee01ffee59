"""Libraries and Python versions that a README names in prose."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from auditor.repository.declared.distributions import DISTRIBUTIONS, WELL_KNOWN, same_distributions
from auditor.repository.model import Document, Requirement

# Headings and sentences that speak of what is needed. A library named elsewhere (in the title, in a method's
# description) is no declaration.
_HEADING = re.compile(
    r"\b(require|requirement|requirements|dependenc|prerequisite|requisite|install|setup|set-up|enviro"
    r"|getting started|packages|libraries|preparation|software|build|tested)",
    re.I,
)
_SENTENCE = re.compile(
    r"\b(requires?|required|requirements?|dependenc(y|ies)|depends? on|you(?:'ll| will)? need\b(?! to\b)|prerequisites?"
    r"|need(s|ed)? (to have )?(the )?(python|following|to install)"
    r"|tested (with|on|under|in|using)|developed (with|in|under|using)|(written|implemented|coded) (in|with"
    r"|using)|runs? (with|on|under)"
    r"|install(ed|ing)?|compatible with|built (on|with)|based on|environment|using (python|pytorch"
    r"|tensorflow)|packages?|recommend(ed)?)\b",
    re.I,
)
_DISPLAY = {
    "pytorch": "torch",
    "tensorflow": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "sklearn": "scikit-learn",
    "scikit-learn": "scikit-learn",
    "scikit learn": "scikit-learn",
    "opencv": "opencv-python",
    "pil": "pillow",
    "pillow": "pillow",
    "yaml": "pyyaml",
    "openai gym": "gym",
    "openai baselines": "baselines",
    "mujoco-py": "mujoco-py",
    "pymc3": "pymc3",
    "tensorboardx": "tensorboardx",
    "dm_control": "dm-control",
    "theano": "theano",
    "faiss": "faiss-cpu",
    "python-louvain": "python-louvain",
    "tensorboard": "tensorboard",
    "stable baselines": "stable-baselines",
}
_AMBIGUOUS = frozenset(
    "sh mock higher regex art shap pattern arrow progress evaluate datasets lime dash corner toolz click fire "  # noqa: SIM905
    "retro click"
    " notebook future rich ray dill ignite tables ants captum distributed plotly interpret robustness attrs "
    "patsy six sacred"
    " flair addict ecos stanza neptune pot geopandas holidays lightning hydra tree community snap clip git "
    "magic progressbar"
    " image wx past serial toml test common emcee sumo monai pulp requests baselines openai".split()
)
_NAMES = (
    frozenset(WELL_KNOWN) | frozenset(v for v in DISTRIBUTIONS.values()) | frozenset(_DISPLAY)
) - _AMBIGUOUS  # fmt: skip

_WORD = re.compile(
    r"(?<![\w/.@-])(scikit learn|openai gym|openai baselines|stable baselines|[A-Za-z][A-Za-z0-9_-]{1,40})(?![\w/@])",
    re.I,
)
_VERSION = re.compile(
    r"^(?:\s(?:install|installation|library|package|framework|release))?[\s`\]\)*_:(,]{0,4}(?:\(?\s{0,2})?"
    r"(?:(?P<op>==|>=|<=|=>|~=|=|>|<|≥)\s{0,2}|v\.?\s{0,2}|version:?\s{0,2}"
    r"|ver\.?\s{0,2}"
    r"|[\w ]{0,20}\.? (?:we |i )?(?:used?|using|tested (?:with|on)|installed) version\s|version\s)?"
    r"v?(?P<version>\d{1,4}(?:\.\d{1,5}|\.x){0,3}(?:rc\d|a\d|b\d|\.post\d"
    r"|\.dev\d{1,10})?(?:\+(?:cpu|(?:cu|rocm|git)?\d\w{1,40})\b)?)"
    r"(?P<after>[\s`)*_]{0,3}(?:\+|or (?:higher|later|above|newer|greater)|and (?:higher|later|above|newer)|or "
    r"more recent|-))?(?P<else>\s{0,2}(?:or|/|to|&)\s{0,2}v?\d|\s{0,2}and\s{0,2}v?\d+(?![\d.]))?",
    re.I,
)
_PYTHON = re.compile(
    r"(?<![\w/.-])(?:python|cpython|anaconda)(?:[\s:-]{0,2}\(?(?:version|ver\.?|v)?:?\s?(?P<op>==|>=|<=|=>|~=|=|>|<|≥)?\s?)v?"
    r"(?P<version>[23](?:\.\d{1,2}|\.x){0,2}|2[67]|3[5-9])(?![\d]|\s-\w|\s[\w./-]{1,80}\.py)"
    r"(?P<after>\s?(?:\+|or (?:higher|later|above|newer|greater)))?",
    re.I,
)


def speaks_of_needs(heading: str, text: str) -> bool:
    """Return whether a passage is about what must be installed."""
    return bool(_HEADING.search(heading[:200]) or _SENTENCE.search(text[:2_000]))


def prose_passages(document: Document) -> Iterator[tuple[int, str, str]]:
    """Yield (line, heading, text) of every paragraph, list item, table row and inline code of a document."""
    above = _Above(document)
    following = [*[text for _, text in document.prose[1:]], ""][: len(document.prose)]
    for (line, text), after in zip(document.prose, following, strict=True):
        if len(text) < 40 and _ALONE.match(text) and _BARE_VERSION.match(after[:60]):
            text = f"{text} {after.strip('`*')}"  # a list gives the version as an item below the name
        yield line, above.line(line), text
    for table in document.tables:
        for cells in (table.header, *table.rows):
            yield table.line, table.heading, " ".join(cells)
    for block in document.blocks:
        if not block.inline and block.language.lower() in ("", "text", "txt", "none", "plain"):
            for offset, row in enumerate(block.text.split("\n")[:60]):
                if row.strip() and len(row) < 160 and not _CODE_LINE.search(row):
                    yield block.line + offset, block.heading, row
    for level, text, line in document.headings:
        if level > 1:
            yield line, text, text


_ALONE = re.compile(r"^[A-Za-z][\w.-]{1,38}:?$")
_BARE_VERSION = re.compile(r"^[`*]{0,3}(?:==|>=|<=|~=|=|>|<|v)?\s?\d{1,2}(?:\.\d{1,4}){1,3}[`*]{0,3}$")
_CODE_LINE = re.compile(
    r"^\s{0,80}([$>%#]|import |from |python|pip|conda|cd |git |sudo|bash|sh |\./|[A-Z_]{1,80}=)|\.py\b|\s--\w|\("
)


class _Above:
    """The headings under which the lines of a document stand, the nearest first, without the title of the whole."""

    def __init__(self, document: Document) -> None:
        above: list[tuple[int, str]] = []
        self._lines: list[int] = []
        self._texts: list[str] = []
        for number, level, text in sorted((line, level, text) for level, text, line in document.headings):
            above = [*((outer, name) for outer, name in above if outer < level), (level, text)]
            self._lines.append(number)
            self._texts.append(" / ".join(t for depth, t in reversed(above) if depth > 1 or len(above) == 1))

    def line(self, line: int) -> str:
        """Return the headings above a line as one text."""
        place = bisect_right(self._lines, line)
        return self._texts[place - 1] if place else ""


_AT_COMMIT = re.compile(r"[\s`*:(]{0,4}(?:git\+)?https?://[^\s@]{5,200}@[0-9a-f]{7,40}\b")
_LINK_TO_COMMIT = re.compile(
    r"https?://[\w.-]{3,60}/[\w.-]{1,60}/(?P<name>[\w.-]{1,80})/(?:tree|commit|archive)/[0-9a-f]{7,40}\b", re.I
)
# What a passage on changes or on other versions of the code says; a version in it is not the one of the code.
_ABOUT_OTHERS = re.compile(
    r"\b(no longer|not? (?:support|work|compatible|tested|yet)\w{0,10}|n[o']t (?:support|work)|looking for|switch to"
    r"|change ?log|news|updates?|updated|upgraded?|migrat\w{1,5}|deprecated|added|fixed|releases?|released|history"
    r"|if you|other versions?|baselines?|unlike|than|instead of|future|todo)\b",
    re.I,
)


def prose_requirements(document: Document, imported: frozenset[str] = frozenset()) -> list[Requirement]:
    """Return the libraries that the document's prose says are needed, each once, with the versions it gives.

    `imported` are names that the sources import, so that a library unknown to this program is known all the same. A
    library with an exact version (`name==version`) counts wherever it is named.
    """
    found: dict[str, Requirement] = {}
    for line, heading, text in prose_passages(document):
        needed = speaks_of_needs(heading, text)
        for item in _named(text[:3_000], document.path, line, imported):
            if not needed and not _versioned(item, heading, text, imported):
                continue
            known = found.get(item.name)
            if known is None or (item.specifier and not known.specifier):
                found[item.name] = item
    return list(found.values())


def _versioned(item: Requirement, heading: str, text: str, imported: frozenset[str]) -> bool:
    """Return whether a library is named with the version that the code is for, whatever the passage is about."""
    if item.exact and item.specifier in text.replace(" ", ""):
        return True
    used = any(name in imported for name in same_distributions(item.name))
    return item.exact and used and not _ABOUT_OTHERS.search(f"{heading[:200]} {text[:2_000]}")


def _named(text: str, path: str, line: int, imported: frozenset[str]) -> Iterator[Requirement]:
    text = re.sub(r"(?<=[A-Za-z]{2})-?(?=\d{1,4}\.\d)", " ", text)  # Tensorflow-1.8, Tensorflow1.4
    at_commit = {link["name"].lower() for link in _LINK_TO_COMMIT.finditer(text)}
    for match in _WORD.finditer(text):
        word = match[1].lower()
        after = _VERSION.match(text[match.end() : match.end() + 60])
        if not _is_library(word, imported) or (word in _AMBIGUOUS and not after):
            continue
        if re.match(r"\.[A-Za-z_]", text[match.end() : match.end() + 2]):
            continue  # the name of something within a library
        before = text[max(0, match.start() - 5) : match.start()]
        name = str(canonicalize_name(_DISPLAY.get(word, DISTRIBUTIONS.get(match[1], word))))
        specifier, exact = "", False
        if after and not re.search(r"\bgpu|cuda", before, re.I):
            specifier, exact = _specified(after)
        commit = word in at_commit or _AT_COMMIT.match(text[match.end() : match.end() + 300])
        yield Requirement(name, specifier, path, line, text[:200], exact=exact or bool(commit), source="prose")


def _is_library(word: str, imported: frozenset[str]) -> bool:
    return any(one in _NAMES or (one in imported and len(one) > 2) for one in (word, word.replace("_", "-")))


def _specified(after: re.Match[str]) -> tuple[str, bool]:
    """Return (specifier, whether it fixes one version) of a version in prose; `1.2 or 1.4` fixes none."""
    operator = {"=>": ">=", "≥": ">=", "=": "=="}.get(after["op"] or "", after["op"] or "==")
    if after["after"] and not after["after"].strip().endswith("-"):
        operator = ">="
    version = after["version"].replace(".x", ".*")
    exact = operator == "==" and "*" not in version and "." in version and not (after["else"] and after["op"] != "==")
    return f"{operator}{version}", exact


def stated_python(text: str) -> tuple[str, str] | None:
    """Return (specifier, excerpt) where a passage states the Python version, else None."""
    match = _PYTHON.search(text[:5_000])
    if not match:
        return None
    operator = {"=>": ">=", "≥": ">=", "=": "=="}.get(match["op"] or "", match["op"] or "==")
    version = match["version"]
    if len(version) == 2:
        version = f"{version[0]}.{version[1]}"  # python27
    if match["after"]:
        operator = ">="
    if operator == "==" and version.count(".") < 2:
        version = version.replace(".x", "") + ".*"
    start = max(0, match.start() - 60)
    return f"{operator}{version}", text[start : match.end() + 60].strip()
