"""Checks on what the paper says about sharing: code, the link to it, weights, licences."""

from __future__ import annotations

import re

from auditor.checks.facts import Statements
from auditor.checks.framework import Absent, check
from auditor.checks.paper_answer import found, missing, not_applicable, partly, without_experiments
from auditor.findings import Finding, PaperEvidence, Status
from auditor.paper.certainty import sentence_with
from auditor.paper.links import is_forge
from auditor.paper.model import Link, Paper

_TRAINED_FURTHER = re.compile(
    r"\bwe\b.{0,60}\b(?:pre-?train|fine-?tun)(?:e|ed|ing)?\b|\bour\s(?:\w+\s)?(?:pre-?train|fine-?tun)\w*"
    r"|\b(?:all|both|each|the|these)\s(?:\S+\s){0,3}(?:models?|networks?|encoders?|backbones?|transformers?|classifiers?)"
    r"\s(?:is|are|was|were)\s(?:\w+\s)?(?:pre-?trained|fine-?tuned)\b(?!.{0,40}\bthey\b)",
    re.I,
)


@check("paper.code_statement")
def code_statement(paper: Paper, statements: Statements) -> Finding:
    """The paper says that the code of its experiments can be had, and where.

    Why: A reader who is not told that code exists will not look for it.
    How: One sentence with a link. A promise for later, or words without a link, count half.
    Sources: Pineau v2.0 4.2; NeurIPS 5; AAAI 4.4 and 4.5; ICML 1; ICLR 1; Gundersen and Kjensmo E3 and E7.
    """
    id, statement = "paper.code_statement", statements.items["code_statement"]
    remedy = "Add a sentence such as: The code is available at <link>, version <tag or commit>."
    if statement.answer == "stated":
        if statement.kind == "promise":
            return partly(id, statement, f"Code is promised for later on page {statement.page}.", remedy, "promise")
        if statement.kind == "words":
            sentence = f"Page {statement.page} says that code is available, without a link that leads to it."
            return partly(id, statement, sentence, remedy, "words")
        return found(id, statement, f"Page {statement.page} says where the code is.", statement.kind)
    if statement.answer == "denied":
        return missing(id, statement, f"Page {statement.page} says that the code is not available.", remedy)
    exempt = without_experiments(id, paper)
    return exempt or missing(id, statement, "No sentence says that the authors' own code is available.", remedy)


@check("paper.code_link")
def code_link(paper: Paper) -> Finding:
    """The paper gives a link that can be followed to the authors' own code.

    Why: Only a link settles which repository, of several with the same name, belongs to the paper.
    How: Print the full https address of the repository or archive; other people's code and data sets do not count.
    Sources: NeurIPS 5; REFORMS 2b; Pineau v2.0 4.2; ICML 1; FAIRsoftware 1.
    """
    id = "paper.code_link"
    if not paper.readable or not paper.sentences:
        raise Absent("the PDF holds no running text that the rules read")
    own = paper.code_link
    if own is None:
        if paper.code_placeholder:
            return _placeholder(id, paper.code_placeholder)
        exempt = without_experiments(id, paper)
        others = len({link.url for link in paper.links if is_forge(link.url) and link.kind != "references"})
        beside = f" ({others} links to other code)" if others else ""
        return exempt or Finding(
            check=id,
            status=Status.FAIL,
            sentence=f"No link to the authors' own code was found{beside}.",
            remedy="Print the https address of your repository in the abstract or where the experiments are described.",
        )
    evidence = PaperEvidence(page=own.link.page, excerpt=own.link.context or own.link.url, box=own.link.box)
    sentence = f"Page {own.link.page} links to {own.link.url}: {own.why}."
    return Finding(check=id, status=Status.PASS, sentence=sentence, evidence=(evidence,))


def _placeholder(id: str, link: Link) -> Finding:
    return Finding(
        check=id,
        status=Status.FAIL,
        sentence=f"Page {link.page} gives {link.url} for the code, which stands for an address that is not told.",
        evidence=(PaperEvidence(page=link.page, excerpt=link.context or link.url, box=link.box),),
        remedy="Give an anonymised copy for the review (anonymous.4open.science), and the real address afterwards.",
    )


@check("paper.pretrained_weights_mentioned")
def pretrained_weights_mentioned(paper: Paper, statements: Statements) -> Finding:
    """The paper names the trained weights that it starts from, or that it releases.

    Why: Two checkpoints of one name differ; and large models cannot be trained again by a reader.
    How: Name the checkpoint used, or say where yours can be had. Training from scratch needs no word.
    Sources: Pineau v2.0 4.4; Ravi 7; NeurIPS 12 and 13; ARR B1.
    """
    id, statement = "paper.pretrained_weights_mentioned", statements.items["pretrained_weights_mentioned"]
    if statement.answer == "stated":
        return found(id, statement, f"Trained weights are mentioned on page {statement.page}.")
    if statement.answer == "denied":
        return not_applicable(
            id, f"The paper says on page {statement.page} that it uses no trained weights.", statement
        )
    sentence = sentence_with(paper, _TRAINED_FURTHER)
    if sentence is None:
        return not_applicable(id, "The paper neither pretrains nor fine-tunes a model.")
    return missing(
        id,
        statement,
        "The paper pretrains or fine-tunes models, and no sentence names the weights used or released.",
        "Name the exact checkpoint that you start from, and say where your own weights can be had.",
    ).model_copy(update={"evidence": (sentence.evidence(),)})


@check("paper.licence_mentioned")
def licence_mentioned(paper: Paper, statements: Statements) -> Finding:
    """The paper names the licence of the code or data that it uses or releases.

    Why: Without a licence nobody may use what was released; assets of others come with terms.
    How: Name the licence of each asset. The article's own licence on the first page counts half.
    Sources: NeurIPS 12; ARR B2; AAAI 3.4 and 4.5; FAIRsoftware 2.
    """
    id, statement = "paper.licence_mentioned", statements.items["licence_mentioned"]
    remedy = "State the licence of your code and of each data set and model used, such as MIT or CC BY 4.0."
    if statement.answer == "stated":
        of = {kind: statements.items[f"{kind}_licence_stated"] for kind in ("code", "data")}
        named = {kind: one for kind, one in of.items() if one.answer == "stated"}
        if named:
            where = " and ".join(f"of the {kind} on page {one.page}" for kind, one in named.items())
            passed = found(id, statement, f"A licence is named: {where}.", statement.kind)
            evidence = tuple(each for one in named.values() for each in one.evidence())
            return passed.model_copy(update={"evidence": evidence})
        sentence = f"Page {statement.page} names a licence, but that of the article or of nothing in particular."
        return partly(id, statement, sentence, remedy, statement.kind)
    exempt = without_experiments(id, paper)
    return exempt or missing(id, statement, "No licence of code, data or models is named.", remedy)
