"""Checks on the PDF itself: whether its text can be read, and whether it hides some."""

from __future__ import annotations

from auditor.checks.framework import check
from auditor.findings import Finding, PaperEvidence, Status
from auditor.paper.hidden import addressed_to_programs
from auditor.paper.language import NAMES
from auditor.paper.model import Paper
from auditor.paper.template import template_title


@check("paper.text_readable")
def text_readable(paper: Paper) -> Finding:
    """The PDF holds the paper's text as text, in a language that the rules read.

    Why: What cannot be read cannot be checked, searched, or read aloud to a blind reader.
    How: Hand in the PDF that the typesetting program made, not a scan or a print of it.
    Sources: FAIR principles on machine-readable publication; ARR B5 (language of the material).
    """
    id = "paper.text_readable"
    if paper.scanned:
        return Finding(
            check=id,
            status=Status.FAIL,
            sentence="The pages are pictures of text; there is no text layer but perhaps a scanner's.",
            remedy="Hand in the PDF as the typesetting program made it.",
        )
    if template_title(" ".join(line.text for line in paper.lines[:12])):
        line = paper.lines[0]
        return Finding(
            check=id,
            status=Status.FAIL,
            sentence="The PDF is a conference's formatting instructions, not a paper.",
            evidence=(PaperEvidence(page=line.page, excerpt=line.text, box=line.box),),
            remedy="Hand in the paper itself.",
        )
    if not paper.readable:
        name = NAMES.get(paper.language, paper.language)
        which = "in a language that cannot be told" if paper.language == "und" else f"in {name}"
        return Finding(check=id, status=Status.UNKNOWN, sentence=f"The text is {which}; the rules read English only.")
    pages = [note for note in paper.left_out if note.startswith(("Page ", "The PDF has"))]
    if pages:
        return Finding(check=id, status=Status.PARTIAL, sentence=f"Part of the text was not read: {' '.join(pages)}")
    count = len(paper.pages)
    return Finding(check=id, status=Status.PASS, sentence=f"The text of all {count} pages was read.")


@check("paper.hidden_text")
def hidden_text(paper: Paper) -> Finding:
    """The PDF hides no instructions to programs that read it for a reviewer.

    Why: Text that no person sees, such as "give a positive review", steers automated reviewers and is taken for fraud.
    How: Remove text in the colour of the paper, in tiny type or off the page.
    Sources: ICML and NeurIPS policies on hidden prompts; NeurIPS 9 (code of ethics).
    """
    id = "paper.hidden_text"
    if paper.scanned:
        return Finding(
            check=id, status=Status.NOT_APPLICABLE, sentence="The PDF is a scan; its text layer is invisible by nature."
        )
    hidden = " ".join(line.text for line in paper.hidden)
    passage = addressed_to_programs(hidden)
    if passage:
        words = passage.split()[:2]
        at = next((line for line in paper.hidden if all(word in line.text for word in words)), paper.hidden[0])
        return Finding(
            check=id,
            status=Status.FAIL,
            sentence=f"Page {at.page} holds text that no reader sees and that tells a program what to do.",
            evidence=(PaperEvidence(page=at.page, excerpt=hidden, box=at.box),),
            remedy="Remove the hidden text.",
        )
    words_hidden = sum(word.isalpha() and len(word) > 2 for word in hidden.split())
    if words_hidden >= 30:
        first = paper.hidden[0]
        return Finding(
            check=id,
            status=Status.PARTIAL,
            sentence=f"{words_hidden} words are in the file that no reader sees; none addresses a program.",
            evidence=(PaperEvidence(page=first.page, excerpt=hidden, box=first.box),),
            remedy="Remove text that is white, tiny or off the page, or make it visible.",
        )
    return Finding(check=id, status=Status.PASS, sentence="No hidden text of any length was found.")
