"""The HTML report: one self-contained file without scripts, which asks nothing of anywhere."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from auditor.report import words
from auditor.report.audit import Audit
from auditor.report.drawings import PICTURE_WIDTH, score_bar
from auditor.report.links import paper_home, repository_page, web_address, without_punctuation
from auditor.report.view import COMPARED_SHOWN, UNCOMPARED_SHOWN, View, grade_words
from auditor.text import printable

_TEXT_LIMIT = 60_000
"""Characters of one text (a lock file, say) that are shown; the whole stands in audit.json."""


def render_html(audit: Audit) -> str:
    """Return the audit as one HTML document; all text of the submission in it is escaped and inert."""
    return _environment().get_template("report.html.j2").render(audit=audit, view=View(audit))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("auditor.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
        auto_reload=False,
    )
    environment.filters |= {
        "number": words.number,
        "printed": words.printed,
        "share": words.share,
        "duration": words.duration,
        "size": words.size,
        "confidence": words.confidence,
        "sentence": words.sentence,
        "claimed": words.claimed,
        "claimed_spread": words.claimed_spread,
        "claimed_value": words.claimed_value,
        "prose": _prose,
        "bare": lambda text: without_punctuation(text)[1],
        "upper_first": words.upper_first,
        "url": web_address,
    }
    environment.globals |= {
        "anchor": words.anchor,
        "compared_shown": COMPARED_SHOWN,
        "grade_words": grade_words,
        "outcome_status": words.outcome_status,
        "picture_width": PICTURE_WIDTH,
        "plural": words.plural,
        "paper_home": paper_home,
        "repository_page": repository_page,
        "run_name": words.run_name,
        "score_bar": score_bar,
        "uncompared_shown": UNCOMPARED_SHOWN,
        "with_unit": words.with_unit,
        "words": words,
    }
    return environment


def _prose(text: str) -> Markup:
    """Return a sentence with what stands between its backticks as code; all of it is escaped."""
    pieces = words.code_spans(printable(text, 1_000))
    return Markup().join(Markup("<code>{}</code>").format(piece) if code else escape(piece) for piece, code in pieces)


def _clean(value: Any) -> Any:
    """Not every text of an audit is a cleaned Line, so each one is cleaned as it is printed."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value, _TEXT_LIMIT, one_line=False)
    return value
