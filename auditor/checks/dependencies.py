"""What the code needs to be installed, and whether that is said."""

from __future__ import annotations

from auditor.checks.framework import Absent, check
from auditor.checks.looked_at import looked_at
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.distributions import same_distributions
from auditor.repository.model import Dependencies, Repository, Requirement

EVIDENCE_LIMIT = 5


def _evidence(requirements: tuple[Requirement, ...]) -> tuple[FileEvidence, ...]:
    return tuple(FileEvidence(path=r.path, line=r.line, excerpt=r.text) for r in requirements[:EVIDENCE_LIMIT])


def _counted(dependencies: Dependencies) -> tuple[Requirement, ...]:
    """Return the declared third-party distributions: those of files where there are any, else those of the prose."""
    source = "file" if dependencies.level == "file" else "prose"
    return tuple(item for item in dependencies.requirements if item.source == source)


@check("dependencies.declared")
def declared(repository: Repository, dependencies: Dependencies) -> Finding:
    """A file declares what must be installed to run the authors' code.

    Why: without it every reader guesses distributions and versions, and most reruns fail there.
    How: commit a requirements.txt, pyproject.toml, environment.yml or Dockerfile with everything that the code imports.
    Sources: guide field `dependencies`; Papers with Code completeness checklist, item 1; Pineau checklist, item 4.1.
    """
    requirements = _counted(dependencies)
    if dependencies.level == "file":
        empty = _names_nothing_used(dependencies, requirements)
        if empty:
            return Finding(
                check="dependencies.declared",
                status=Status.PARTIAL,
                level="file",
                sentence=f"{dependencies.files[0]} names none of the {len(dependencies.imported)} distributions "
                f"that the code imports.",
                evidence=_evidence(requirements),
                remedy=f"Add to {dependencies.files[0]}: {', '.join(list(dependencies.imported)[:8])}.",
            )
        return Finding(
            check="dependencies.declared",
            status=Status.PASS,
            level="file",
            sentence=f"{', '.join(dependencies.files[:3])} declares {len({r.name for r in requirements})} "
            f"distributions.",
            evidence=_evidence(requirements),
        )
    wanted = ", ".join(list(dependencies.imported)[:8]) or "what the code imports"
    if dependencies.level == "prose":
        return Finding(
            check="dependencies.declared",
            status=Status.PARTIAL,
            level="prose",
            sentence=f"Only prose says what is needed: {', '.join(r.name for r in requirements[:6])}.",
            evidence=_evidence(requirements),
            remedy=f"Put it into a requirements.txt: {wanted}.",
        )
    return Finding(
        check="dependencies.declared",
        status=Status.FAIL,
        level="none",
        sentence="Neither a file nor the documentation says what must be installed.",
        evidence=looked_at(repository),
        remedy=f"Commit a requirements.txt with {wanted}.",
    )


def _names_nothing_used(dependencies: Dependencies, requirements: tuple[Requirement, ...]) -> bool:
    named = {same for r in requirements for same in same_distributions(r.name)}
    return len(dependencies.imported) >= 2 and not named & set(dependencies.imported)


@check("dependencies.pinned")
def pinned(repository: Repository, dependencies: Dependencies) -> Finding:
    """Every declared dependency is fixed to one version, directly or by a lock file.

    Why: distributions change; the same code with other versions gives other numbers or does not start.
    How: write `name==version` for each, or commit a lock file (`uv lock`, `pip freeze`, `conda env export`).
    Sources: guide field `pins`; AAAI checklist, item 4.8; ARR checklist, C4; Ravi checklist, item 1.
    """
    requirements = _counted(dependencies)
    exact = tuple(r for r in requirements if r.exact)
    loose = tuple(r for r in requirements if not r.exact)
    locked = {r.name for r in exact}  # fixed in one file (a lock, what a .in was compiled to) is fixed
    loose = tuple(r for r in loose if r.name not in locked)
    if not exact:
        names = ", ".join(r.name for r in requirements[:6])
        said = (
            f"Of the {len({r.name for r in requirements})} declared distributions none is fixed to a version."
            if requirements
            else "No distribution is declared, so none is fixed to a version."
        )
        return Finding(
            check="dependencies.pinned",
            status=Status.FAIL,
            level="none",
            sentence=said,
            evidence=_evidence(requirements) or looked_at(repository),
            remedy=f"Fix the versions that the results were made with: {names or 'all'}.",
        )
    if loose:
        return Finding(
            check="dependencies.pinned",
            status=Status.PARTIAL,
            level="some",
            sentence=f"{len(exact)} of {len(exact) + len(loose)} declared distributions are fixed to a version; "
            f"not so {', '.join(r.name for r in loose[:5])}.",
            evidence=_evidence(loose),
            remedy=f"Fix the versions of {', '.join(dict.fromkeys(r.name for r in loose[:8]))}.",
        )
    return Finding(
        check="dependencies.pinned",
        status=Status.PASS,
        level="all",
        sentence=f"All {len(exact)} declared distributions are fixed to a version.",
        evidence=_evidence(exact),
    )


@check("dependencies.python_version")
def python_version(repository: Repository, dependencies: Dependencies) -> Finding:
    """The Python version that the code needs is stated.

    Why: distributions of one year do not install under the Python of another.
    How: state it in the README, in `requires-python`, in environment.yml or in a Dockerfile.
    Sources: guide field `python_version`; AAAI checklist, item 4.8; Pineau checklist, item 4.1.
    """
    if dependencies.python and dependencies.python_evidence:
        return Finding(
            check="dependencies.python_version",
            status=Status.PASS,
            level="1",
            sentence=f"{dependencies.python_evidence.path} states Python {dependencies.python}.",
            evidence=(dependencies.python_evidence,),
        )
    if not dependencies.imported and not any(f.kind in ("python", "notebook") for f in repository.own_files):
        raise Absent("the repository holds no Python source or notebook")
    return Finding(
        check="dependencies.python_version",
        status=Status.FAIL,
        level="0",
        sentence="No file and no document states which Python version is needed.",
        evidence=looked_at(repository),
        remedy="Name the Python version that the results were made with in the README.",
    )


@check("dependencies.complete")
def complete(repository: Repository, dependencies: Dependencies) -> Finding:
    """Every third-party distribution that the code imports is declared, in a file or in prose.

    Why: what is imported and not declared is the most common reason for which a rerun does not start.
    How: install the declared dependencies into an empty environment, run the commands, and add what is missing.
    Sources: Papers with Code completeness checklist, item 1; guide field `dependencies`.
    """
    if not dependencies.imported:
        raise Absent("the sources import no third-party distribution, or there are none that could be read")
    total, missing = len(dependencies.imported), dependencies.undeclared
    if not missing:
        names = tuple(place for places in list(dependencies.imported.values())[:EVIDENCE_LIMIT] for place in places[:1])
        return Finding(
            check="dependencies.complete",
            status=Status.PASS,
            sentence=f"All {total} imported distributions are declared.",
            evidence=names,
        )
    places = tuple(dependencies.imported[name][0] for name in missing[:EVIDENCE_LIMIT])
    return Finding(
        check="dependencies.complete",
        status=Status.FAIL if len(missing) * 2 > total else Status.PARTIAL,
        sentence=f"{len(missing)} of {total} imported distributions are declared nowhere: {', '.join(missing[:6])}.",
        evidence=places,
        remedy=f"Declare {', '.join(missing[:8])}.",
    )
