"""Libraries and Python versions that a README names in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from auditor.repository.distributions import DISTRIBUTIONS, WELL_KNOWN
from auditor.repository.model import Document, Requirement

# Headings and sentences that speak of what is needed. A library named elsewhere (in the title, in a method's
# description) is no declaration.
_HEADING = re.compile(
    r"\b(require|requirement|requirements|dependenc|prerequisite|pre-requisite|install|setup|set-up|environment"
    r"|getting started|packages"
    r"|libraries|preparation|software|usage|how to (run|use)|running|quick ?start|build|tested)",
    re.I,
)
_SENTENCE = re.compile(
    r"\b(requires?|required|requirements?|dependenc(y|ies)|depends? on|prerequisites?|need(s|ed)? (to have "
    r")?(the )?(python|following|to install)"
    r"|tested (with|on|under|in|using)|developed (with|in|under|using)|(written|implemented|coded) (in|with"
    r"|using)|runs? (with|on|under)"
    r"|install(ed|ing)?|works? with|compatible with|built (on|with)|based on|environment|using (python|pytorch"
    r"|tensorflow)|packages?)\b",
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
    " image wx past serial toml test common emcee sumo monai pulp".split()
)
_NAMES = (
    frozenset(WELL_KNOWN) | frozenset(v for v in DISTRIBUTIONS.values()) | frozenset(_DISPLAY)
) - _AMBIGUOUS  # fmt: skip

_WORD = re.compile(
    r"(?<![\w/.@-])(scikit learn|openai gym|stable baselines|[A-Za-z][A-Za-z0-9_-]{1,40})(?![\w/@])", re.I
)
_VERSION = re.compile(
    r"^[\s`\]\)*_:(,]{0,4}(?:\(?\s{0,2})?(?:(?P<op>==|>=|<=|=>|~=|=|>|<|≥)\s{0,2}|v\.?\s{0,2}|version:?\s{0,2}"
    r"|ver\.?\s{0,2}"
    r"|library version\s|package version\s)?v?(?P<version>\d{1,4}(?:\.\d{1,5}|\.x){0,3}(?:rc\d|a\d|b\d|\.post\d"
    r"|\.dev\d{1,10})?)"
    r"(?P<after>[\s`)*_]{0,3}(?:\+|or (?:higher|later|above|newer|greater)|and (?:higher|later|above|newer)|or "
    r"more recent|-))?",
    re.I,
)
_PYTHON = re.compile(
    r"(?<![\w/.-])(?:python|cpython|anaconda)(?:\s?\(?(?:version|ver\.?|v)?\s?(?P<op>==|>=|<=|=>|~=|=|>|<|≥)?\s?)v?"
    r"(?P<version>[23](?:\.\d{1,2}|\.x){0,2})(?![\d])(?P<after>\s?(?:\+|or (?:higher|later|above|newer|greater)))?",
    re.I,
)


def speaks_of_needs(heading: str, text: str) -> bool:
    """Return whether a passage is about what must be installed."""
    return bool(_HEADING.search(heading[:200]) or _SENTENCE.search(text[:2_000]))


def prose_passages(document: Document) -> Iterator[tuple[int, str, str]]:
    """Yield (line, heading, text) of every paragraph, list item, table row and inline code of a document."""
    headings = sorted((line, text) for _, text, line in document.headings)
    for line, text in document.prose:
        yield line, _above(headings, line), text
    for table in document.tables:
        for cells in (table.header, *table.rows):
            yield table.line, table.heading, " ".join(cells)
    for block in document.blocks:
        if not block.inline and block.language.lower() in ("", "text", "txt", "none", "plain"):
            for offset, row in enumerate(block.text.split("\n")[:60]):
                if row.strip() and len(row) < 160 and not _CODE_LINE.match(row):
                    yield block.line + offset, block.heading, row
    for level, text, line in document.headings:
        if level > 1:
            yield line, text, text


_CODE_LINE = re.compile(
    r"^\s*([$>%#]|import |from |python|pip|conda|cd |git |sudo|bash|sh |\./|[A-Z_]+=)|.*(\.py\b|\s--\w|\()"
)


def _above(headings: list[tuple[int, str]], line: int) -> str:
    current = ""
    for number, text in headings:
        if number > line:
            break
        current = text
    return current


def prose_requirements(document: Document) -> list[Requirement]:
    """Return the libraries that the document's prose says are needed, each once, with the versions it gives."""
    found: dict[str, Requirement] = {}
    for line, heading, text in prose_passages(document):
        if not speaks_of_needs(heading, text):
            continue
        for item in _named(text[:3_000], document.path, line):
            known = found.get(item.name)
            if known is None or (item.specifier and not known.specifier):
                found[item.name] = item
    return list(found.values())


def _named(text: str, path: str, line: int) -> Iterator[Requirement]:
    text = re.sub(r"(?<=[A-Za-z])-(?=\d+\.\d)", " ", text)  # Tensorflow-1.8
    for match in _WORD.finditer(text):
        word = match[1].lower()
        if word not in _NAMES and word.replace("_", "-") not in _NAMES:
            continue
        name = str(canonicalize_name(_DISPLAY.get(word, DISTRIBUTIONS.get(match[1], word))))
        after = _VERSION.match(text[match.end() : match.end() + 60])
        specifier, exact = "", False
        if after and not re.search(r"\bgpu|cuda", text[match.start() - 5 : match.start()], re.I):
            operator = {"=>": ">=", "≥": ">=", "=": "=="}.get(after["op"] or "", after["op"] or "==")
            if after["after"]:
                operator = ">=" if not after["after"].strip().endswith("-") else operator
            version = after["version"].replace(".x", ".*")
            specifier = f"{operator}{version}"
            exact = operator == "==" and "*" not in version and "." in version
        yield Requirement(name, specifier, path, line, text[:200], exact=exact, source="prose")


def stated_python(text: str) -> tuple[str, str] | None:
    """Return (specifier, excerpt) where a passage states the Python version, else None."""
    match = _PYTHON.search(text[:5_000])
    if not match:
        return None
    operator = {"=>": ">=", "≥": ">=", "=": "=="}.get(match["op"] or "", match["op"] or "==")
    version = match["version"]
    if match["after"]:
        operator = ">="
    if operator == "==" and version.count(".") < 2:
        version = version.replace(".x", "") + ".*"
    start = max(0, match.start() - 60)
    return f"{operator}{version}", text[start : match.end() + 60].strip()
