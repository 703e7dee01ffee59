"""Whether paper and repository say the same: numbers, the link between them, and the paper with itself."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from auditor.checks.compared import compared
from auditor.checks.framework import check
from auditor.claims.consistency import contradictions, same_quantity, same_value
from auditor.claims.model import Claim, Claims
from auditor.findings import Finding, Status
from auditor.paper.model import Paper
from auditor.repository.model import Repository
from auditor.submission.model import Submission

_FORGES = re.compile(r"(?:^|\.)(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|huggingface\.co)$")


@check("agreement.paper_and_readme")
def paper_and_readme(claims: Claims, paper: Paper, repository: Repository) -> Finding:
    """Numbers that paper and documentation both state for the same metric, data set and method agree.

    They agree to the last digit of the coarser one. All agreeing passes, some partial, none fails; where no quantity
    is named alike in both, it is unknown.

    Why: Two values for one result leave the reader to guess which of them the code gives.
    How: Take the README's numbers from the paper, or say what changed since (versions, seeds, a corrected error).
    Sources: ML Code Completeness Checklist, item 5; ACM Artifact Review and Badging 1.1 (consistent).
    """
    stated = claims.of("paper")
    agreeing: list[tuple[Claim, Claim]] = []
    differing: list[tuple[Claim, Claim]] = []
    for claim in claims.of("readme"):
        candidates = [other for other in stated if same_quantity(claim, other)]
        same = next((other for other in candidates if same_value(claim, other)), None)
        if same is not None:
            agreeing.append((same, claim))
        elif len(candidates) == 1:
            differing.append((candidates[0], claim))
    if not agreeing and not differing:
        return Finding(
            check="agreement.paper_and_readme",
            status=Status.UNKNOWN,
            sentence="Paper and documentation name no result alike, so there is nothing to compare.",
        )
    status = Status.PASS if not differing else Status.PARTIAL if agreeing else Status.FAIL
    shown = differing or agreeing
    sentence = f"{len(agreeing)} results agree between paper and documentation"
    if differing:
        ours, theirs = differing[0]
        both = f"{ours.printed} in the paper and {theirs.printed} in {theirs.where}"
        sentence += f", {len(differing)} differ: {_named(ours)} is {both}"
    return Finding(
        check="agreement.paper_and_readme",
        status=status,
        sentence=sentence + ".",
        evidence=tuple(claim.evidence for pair in shown[:5] for claim in pair),
        remedy="Make the numbers the same, or say why they differ." if differing else None,
    )


@check("agreement.paper_consistent")
def paper_consistent(claims: Claims, paper: Paper) -> Finding:
    """The paper states no result with two values and no impossible combination, as far as its numbers can be told.

    Values that exclude each other fail (an exact match above F1, top-1 above top-5, F1 above the mean of precision and
    recall, an accuracy above 100%), and so does a method said to be better whose number is worse. Partial is what may
    mean something else: a quantity stated twice with different values, a main number that no table holds while a table
    holds one nearby, a table cell outside its metric's range, an accuracy not between sensitivity and specificity,
    scores that no confusion matrix of the stated test set gives, a spread wider than the range allows, and `A
    outperforms B` where the tables have B ahead.

    Why: A paper that contradicts itself cannot be reproduced in both of its versions.
    How: Generate tables and text from one file of results.
    Sources: statcheck (Nuijten et al. 2016) for the idea of checking a paper's numbers against each other.
    """
    if not paper.readable:
        return Finding(
            check="agreement.paper_consistent",
            status=Status.UNKNOWN,
            sentence="The text of the paper cannot be read by the rules.",
        )
    found, agreeing = contradictions(claims.of("paper"), paper.sentences, paper.tables)
    return compared(
        "agreement.paper_consistent",
        (*found, *agreeing),
        _nothing_compared(len(claims.of("paper"))),
        "{count} comparison{s} between the paper's own numbers found no contradiction.",
        "Correct the number that is wrong.",
    )


def _nothing_compared(results: int) -> str:
    if not results:
        return "No result was read from the paper, so nothing could be compared."
    read = "One result was read" if results == 1 else f"{results} results were read"
    return f"{read} from the paper, none of them a second time under the same names; nothing could be compared."


@check("agreement.code_matches_link")
def code_matches_link(paper: Paper, submission: Submission) -> Finding:
    """The repository that was audited is the one that the paper links to for its own code.

    Why: Results checked with other code than the paper's say nothing about the paper.
    How: Link to the exact repository, best with a tag or an archived version (Zenodo, Software Heritage).
    Sources: NeurIPS code and data submission guidelines; FAIR4RS principle F1.
    """
    origin = submission.tree_origin
    link = paper.code_link
    if origin is None:
        return _link(Status.UNKNOWN, "There is no repository to compare the paper's link with.", paper)
    if link is None:
        return _link(Status.UNKNOWN, "The paper gives no link to its own code.", paper)
    wanted, given = _repository(link.link.url), _repository(origin.location)
    if wanted is None:
        return _link(
            Status.UNKNOWN, f"Where the paper's link {link.link.url} leads cannot be told without the network.", paper
        )
    if given is None:
        what = f"The repository was handed in as a {origin.kind}, which does not say where it comes from"
        return _link(Status.UNKNOWN, f"{what}; the paper links to {link.link.url}.", paper)
    if wanted == given:
        return _link(Status.PASS, f"The repository is the one that the paper links to: {link.link.url}.", paper)
    if wanted[1] == given[1] and not wanted[2]:
        return _link(Status.PARTIAL, f"The paper links to the account {link.link.url}, not to one repository.", paper)
    if wanted[0] != given[0]:
        sentence = f"The paper links to {link.link.url}; whether {origin.location} holds the same code is not known."
        return _link(Status.UNKNOWN, sentence, paper)
    return _link(Status.FAIL, f"The paper links to {link.link.url}, but {origin.location} was audited.", paper)


def _link(status: Status, sentence: str, paper: Paper) -> Finding:
    from auditor.findings import PaperEvidence

    link = paper.code_link.link if paper.code_link else None
    evidence = (PaperEvidence(page=link.page, excerpt=link.context or link.url, box=link.box),) if link else ()
    wanted = status in (Status.PARTIAL, Status.FAIL) or link is None
    remedy = "Link to the exact repository in the paper." if wanted else None
    return Finding(
        check="agreement.code_matches_link", status=status, sentence=sentence, evidence=evidence, remedy=remedy
    )


def _repository(address: str) -> tuple[str, str, str] | None:
    """Return (host, owner, name) of a repository's address on a known forge, name empty for an account; else None."""
    found = re.match(r"^(?:git@|ssh://git@)([\w.-]{3,80})[:/](.{1,200})$", address)
    if found:
        address = f"https://{found[1]}/{found[2]}"
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    names = [name for name in parts.path.lower().split("/") if name]
    if not _FORGES.search(host) or not names:
        return None
    name = names[1].removesuffix(".git") if len(names) > 1 else ""
    return host, names[0], name


def _named(claim: Claim) -> str:
    return " ".join(
        part for part in (claim.method, claim.metric_text, f"on {claim.dataset}" if claim.dataset else "") if part
    )
