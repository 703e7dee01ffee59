"""Whether the code can run on a machine other than the authors': its paths, and that nothing needed is missing."""

from __future__ import annotations

from auditor.analysis.call_graph import Program
from auditor.analysis.documented import documented_programs, is_left_over
from auditor.analysis.own_paths import OwnPaths, own_paths, reached_nodes, runs_line
from auditor.analysis.roles import Roles
from auditor.checks.framework import check, fact
from auditor.checks.looked_at import looked_at
from auditor.checks.substance import Substance
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.missing.inputs import MissingInputs
from auditor.repository.missing.modules import missing_modules
from auditor.repository.missing.parts import missing_parts
from auditor.repository.model import Dependencies, Repository, Source

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
    found = (*_missing_imports(repository, dependencies, program), *missing_parts(repository))
    if program is not None:
        documented = documented_programs(program)
        reached = {path for path, _ in reached_nodes(program, documented.programs)}
        sources = (program.sources[path] for path in sorted(reached))
        found += MissingInputs(repository, sources, documented.scripts).found()
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


def _missing_imports(
    repository: Repository, dependencies: Dependencies, program: Program | None
) -> tuple[FileEvidence, ...]:
    """Return the imports of absent local modules in what the documented programs run; in all sources without any."""
    if program is None:
        return dependencies.missing_local
    documented = documented_programs(program)
    if not documented.programs:
        return dependencies.missing_local
    nodes = reached_nodes(program, documented.programs)
    chosen = {source.path for source in documented.programs}
    reached = sorted({path for path, _ in nodes if path in chosen or not is_left_over(path)})
    sources = [program.sources[path] for path in reached]
    declared = frozenset(requirement.name for requirement in dependencies.requirements)

    def runs(source: Source, line: int) -> bool:
        return runs_line(source, line, nodes, documented.programs)

    return missing_modules(program.tree, sources, declared, runs)
