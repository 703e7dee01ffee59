"""Whether the code can run on a machine other than the authors': its paths, and that nothing needed is missing."""

from __future__ import annotations

from auditor.analysis.call_graph import Program
from auditor.analysis.documented import is_left_over
from auditor.analysis.own_paths import OwnPaths, own_paths
from auditor.analysis.roles import Roles
from auditor.checks.framework import check, fact
from auditor.checks.looked_at import looked_at
from auditor.checks.substance import Substance
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.missing.modules import missing_modules
from auditor.repository.missing.parts import missing_parts
from auditor.repository.model import Dependencies, Repository

EVIDENCE_LIMIT = 5


@fact
def paths(repository: Repository, program: Program | None, roles: Roles | None) -> OwnPaths:
    """The paths of the authors' own machine that the code needs."""
    return own_paths(repository, program, roles)


@check("code.no_absolute_paths", clean=True)
def no_absolute_paths(repository: Repository, paths: OwnPaths) -> Finding:
    """No experiment needs a path of the authors' own machine that cannot be set from outside.

    Why: such a program stops on any other machine, often only after an hour.
    How: take the path from an option or a configuration file, with a default relative to the repository.
    Sources: guide field `absolute_paths`; ACM artifact review (functional).
    """
    looked = paths.looked
    if paths.found:
        first = paths.found[0]
        return Finding(
            check="code.no_absolute_paths",
            status=Status.FAIL,
            level="1",
            sentence=f"{first.path} needs a path of the authors' own machine: {first.excerpt}",
            evidence=paths.found[:EVIDENCE_LIMIT],
            remedy=f"Read the path in {first.path} from an option.",
        )
    return Finding(
        check="code.no_absolute_paths",
        # Code that runs nothing needs no path, and earns nothing for it.
        status=Status.PASS if paths.experiments else Status.NOT_APPLICABLE,
        level="0",
        sentence=f"None of the {len(looked)} files that the programs use holds a path of the authors' own machine."
        if looked
        else "The repository holds no code, so none needs a path.",
        evidence=tuple(FileEvidence(path=path) for path in looked[:1]) or looked_at(repository),
    )


@check("code.complete", reads=("document",), clean=True)
def complete(repository: Repository, dependencies: Dependencies, program: Program | None, code: Substance) -> Finding:
    """Nothing needed is missing: no "coming soon", no named file that is absent, no import of a module not there.

    Why: a single missing file stops the run of everybody but the authors.
    How: clone the repository into an empty folder and run each documented command before publishing.
    Sources: guide field `missing_parts`; AAAI checklist, item 4.4; ACM artifact review (functional).
    """
    found = (*_missing_imports(dependencies, program), *missing_parts(repository))
    if found:
        first = found[0]
        return Finding(
            check="code.complete",
            status=Status.FAIL,
            level="1",
            sentence=f"Something needed is missing, by {first.path}: {first.excerpt}",
            evidence=tuple(found[:EVIDENCE_LIMIT]),
            remedy=f"Add what {first.path} asks for, or take the mention out: {first.excerpt}",
        )
    return Finding(
        check="code.complete",
        status=Status.NOT_APPLICABLE if code.placeholder else Status.PASS,  # where there is nothing, nothing is whole
        level="0",
        sentence="Every local module that is imported and every file that the documentation names is there.",
        evidence=looked_at(repository),
    )


def _missing_imports(dependencies: Dependencies, program: Program | None) -> tuple[FileEvidence, ...]:
    """Return the imports of absent local modules, but those in tests, documentation and what is left over."""
    if program is None:
        return dependencies.missing_local
    declared = frozenset(requirement.name for requirement in dependencies.requirements)
    return missing_modules(program.tree, (s for s in program.sources.values() if not is_left_over(s.path)), declared)
