"""What the Audit keeps of the Paper and the Repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from auditor.checks import all_checks
from auditor.errors import Unreadable
from auditor.findings import Finding
from auditor.paper.model import Paper
from auditor.report.audit import (
    AuthorSettings,
    CheckDocumentation,
    LinkSummary,
    PaperSummary,
    Passage,
    RepositorySummary,
    TableSummary,
)
from auditor.repository.model import Repository
from auditor.scoring.model import Checklist

AUTHOR_SETTINGS = ("auditor.toml", ".auditor.toml", ".auditor.yml", ".auditor.yaml")

_KEPT = 200
_PASSAGES = 4


def summarise_paper(paper: Paper) -> PaperSummary:
    """Return what the report shows of the paper."""
    code = paper.code_link.link if paper.code_link else None
    return PaperSummary(
        title=paper.title,
        pages=len(paper.pages),
        language=paper.language,
        scanned=paper.scanned,
        ocr_pages=paper.ocr_pages,
        sections=tuple(" ".join(filter(None, (s.number, s.title))) for s in paper.sections)[:_KEPT],
        links=tuple(
            LinkSummary(url=link.url, page=link.page, context=link.context, code=link == code) for link in paper.links
        )[:_KEPT],
        tables=tuple(
            TableSummary(label=t.label, caption=t.caption, page=t.page, header=t.header, rows=t.rows[:_KEPT])
            for t in paper.tables
        )[:_KEPT],
    )


def summarise_repository(repository: Repository) -> RepositorySummary:
    """Return what the report shows of the repository."""
    own = [source for source in repository.sources if not source.vendored]
    return RepositorySummary(
        files=len(repository.files),
        bytes=sum(file.size for file in repository.files),
        kinds=dict(sorted(Counter(file.kind for file in repository.files).items())),
        lines=sum(source.lines for source in own),
        unparsed=tuple(f"{source.path}: {source.problem}" for source in own if source.problem)[:_KEPT],
        licence=repository.licence.spdx if repository.licence else None,
        dependencies=tuple(f"{r.name}{r.specifier}" for r in repository.dependencies.requirements)[:_KEPT],
        commands=tuple(command.shell for command in repository.commands)[:_KEPT],
    )


def author_settings(repository: Repository) -> tuple[AuthorSettings, ...]:
    """Return the submission's own settings for this tool, which an audit shows and does not obey."""
    found = []
    for file in repository.files:
        if file.path.rsplit("/", 1)[-1].lower() in AUTHOR_SETTINGS:
            try:
                found.append(AuthorSettings(path=file.path, text=repository.text(file.path)))
            except Unreadable as error:
                found.append(AuthorSettings(path=file.path, text=str(error)))
    return tuple(found[:10])


def passages(checklist: Checklist, paper: Paper) -> tuple[Passage, ...]:
    """Return, for each item that only a human can judge, the first sentences of the sections that the item names."""
    found = []
    for item in checklist.items:
        if item.answered_by == ("human",):
            chosen = [s for s in paper.sentences if any(word in s.section.lower() for word in item.passages)]
            found += [Passage(item=item.id, evidence=sentence.evidence()) for sentence in chosen[:_PASSAGES]]
    return tuple(found)


def documentation(findings: Iterable[Finding]) -> dict[str, CheckDocumentation]:
    """Return the documentation of the findings' checks, by id; one that no installed package provides has none."""
    known = all_checks()
    described = {finding.check: known[finding.check].documentation for finding in findings if finding.check in known}
    return {
        id: CheckDocumentation(question=text.question, why=text.why, how=text.how, sources=text.sources)
        for id, text in described.items()
    }
