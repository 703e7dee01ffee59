"""The instructions that conference templates carry: they speak of papers in general, and are no evidence about one."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TITLE = re.compile(
    r"(?:formatting|submission|author)s?(?: and formatting)? instructions (?:for|to)\b"
    r"|instructions for (?:\w+ )?proceedings"
    r"|\b(?:paper|article|manuscript) template\b|\bpreparation of papers for\b",
    re.I,
)
_INSTRUCTION = re.compile(
    r"\bcamera[- ]ready (?:copy|copies|version|paper|submission)s?\b|\b(?:style|class) files?\b|\.sty\b|\\\w+\{"
    r"|\\usepackage"
    r"|\b(?:your|each|the|all|must|should)\b.{0,60}\b(?:page limit|point type|flush left|double-spaced|line width"
    r"|gutter|"
    r"margins?|LaTeX|PDF file|font size|type size|picas?|header|paper length)\b"
    r"|\bauthors? (?:must|should|are (?:required|asked|expected|encouraged))\b|\bplease (?:do not|submit|use|note"
    r"|ensure|make sure)\b"
    r"|\bpapers? (?:must|should) (?:not )?(?:be|have|include|contain|use)\b|\bsubmissions? (?:must|should|will)\b"
    r"|\bdelete this (?:section|part|instruction)\b|\blorem ipsum\b",
    re.I,
)


def template_title(front: str) -> bool:
    """Whether the first lines are those of a template and not of a paper."""
    return bool(_TITLE.search(front[:2000]))


def is_template(texts: Sequence[str]) -> bool:
    """Whether a section's sentences tell authors how to write: at least two and a fifth of them are instructions."""
    told = sum(bool(_INSTRUCTION.search(text[:1000])) for text in texts)
    return told >= 2 and told >= 0.2 * len(texts)
