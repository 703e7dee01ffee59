"""Whether the repository is the paper's: it names the paper, or what the paper calls its method."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.checks.framework import check
from auditor.claims.from_paper import own_names
from auditor.findings import FileEvidence, Finding, Status
from auditor.paper.model import Paper
from auditor.repository.model import Repository

_CHECK = "agreement.same_subject"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9+\-]{0,60}")
_COMMON = re.compile(r"an?|the|of|for|in|on|with|and|to|by|from|via|using|towards?|as|at|is|are|how|we|its", re.I)
TEXT_LIMIT = 200_000
"""Characters of one document that are searched."""
TITLE = 4
"""Telling words of a title, from which on it names a paper."""
MOST = 0.6
"""Share of a title's telling words that one paragraph or heading of the documentation must hold."""


@check(_CHECK)
def same_subject(paper: Paper, repository: Repository) -> Finding:
    """The repository names the paper's title, or the name that the paper gives its method.

    The documentation's words, and the names of files, classes and functions are searched. Where none is found it is
    partial: a repository may be silent on what it is for, and it may hold the code of another paper.

    Why: Each check on the repository is credit for this paper only if this is the paper's repository and revision.
    How: Give the paper's title or citation in the README, and check out the revision that holds its code.
    Sources: ML Code Completeness Checklist (official repository of the paper); ACM Artifact Review and Badging 1.1.
    """
    title = [word for word in map(str.lower, _WORD.findall(paper.title)) if not _COMMON.fullmatch(word)]
    names = own_names(paper)
    if len(title) < TITLE and not names:
        return Finding(check=_CHECK, status=Status.UNKNOWN, sentence="The paper's title and method could not be read.")
    hit = next(_titled(repository, title), None) if len(title) >= TITLE else None
    if hit:
        return Finding(
            check=_CHECK,
            status=Status.PASS,
            sentence=f"{hit.path} names the paper's title.",
            evidence=(hit,),
        )
    named = next(_named(repository, names), None)
    if named:
        return Finding(
            check=_CHECK,
            status=Status.PASS,
            sentence=f"{named.path} has the name of the paper's method.",
            evidence=(named,),
        )
    known = ", ".join(sorted(names)[:3])
    method = f" nor its method ({known})" if names else ""
    return Finding(
        check=_CHECK,
        status=Status.PARTIAL,
        sentence=f"Nothing here names the paper's title{method}: it may hold other work, or another revision.",
        evidence=tuple(FileEvidence(path=document.path) for document in repository.documents[:1]),
        remedy="Check that this is the paper's repository and revision, and give the paper's title in the README.",
    )


def _titled(repository: Repository, title: list[str]) -> Iterator[FileEvidence]:
    """Yield the rows of documents that hold most of a title's telling words close together."""
    wanted = set(title)
    for document in repository.documents:
        rows = document.text[:TEXT_LIMIT].split("\n")
        for number, row in enumerate(rows):
            near = f"{row[:500]} {rows[number + 1][:500] if number + 1 < len(rows) else ''}"
            words = {word.lower() for word in _WORD.findall(near)}
            if len(wanted & words) >= max(TITLE, MOST * len(wanted)):
                yield FileEvidence(path=document.path, line=number + 1, excerpt=" ".join(near.split())[:300])


def _named(repository: Repository, names: frozenset[str]) -> Iterator[FileEvidence]:
    """Yield where a method's name stands: in a document, a path, or the name of a class or function."""
    if not names:
        return
    for document in repository.documents:
        for number, row in enumerate(document.text[:TEXT_LIMIT].split("\n")):
            if any(_key(word) in names for word in _WORD.findall(row[:2_000])):
                yield FileEvidence(path=document.path, line=number + 1, excerpt=row.strip()[:300])
    for file in repository.own_files:
        if any(_key(part) in names for part in re.split(r"[/._]", file.path)):
            yield FileEvidence(path=file.path)
    for source in repository.sources:
        if not source.vendored:
            for name in (*source.classes, *(function.name for function in source.functions)):
                if _key(name) in names:
                    yield source.evidence(None, name)


def _key(word: str) -> str:
    return re.sub(r"\W|_", "", word).lower()
