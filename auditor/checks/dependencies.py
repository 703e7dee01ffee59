"""What the code needs to be installed, and whether that is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from auditor.checks.framework import Absent, check
from auditor.checks.looked_at import looked_at
from auditor.findings import FileEvidence, Finding, Status
from auditor.repository.declared.distributions import known_as, same_distributions
from auditor.repository.declared.requirement_text import version_in_words
from auditor.repository.model import Dependencies, Repository, Requirement

EVIDENCE_LIMIT = 5
README_LIMIT = 50_000


def _evidence(requirements: tuple[Requirement, ...]) -> tuple[FileEvidence, ...]:
    return tuple(item.evidence for item in requirements[:EVIDENCE_LIMIT])


def _some(names: Sequence[str], shown: int) -> str:
    """Return the first names, and how many there are beside them."""
    left = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {left} more" if left > 0 else "")


Level = Literal["file", "prose", "none"]


def _counted(repository: Repository, dependencies: Dependencies) -> tuple[Level, tuple[Requirement, ...]]:
    """Return where the third-party distributions are declared, and which: those of files, else those of the prose.

    Those of another language count where a file declares them for code that is mostly in it. Files that name nothing
    of what the code imports are not about this code, and do not count.
    """
    requirements = dependencies.requirements
    listed = tuple(item for item in requirements if item.source == "file")
    listed += tuple(r for r in dependencies.others if r.path in dependencies.files and r.ecosystem != "system")
    if dependencies.files and _needs_some(repository, dependencies) and not _names_nothing_used(dependencies, listed):
        return "file", listed
    said = tuple(item for item in requirements if item.source == "prose")
    return ("prose", said) if said and _names_main(repository, dependencies, said) else ("none", ())


# What the rest of the code is written against: prose that leaves out all of these that are used names no main library.
_FRAMEWORKS = frozenset({"torch", "tensorflow", "keras", "jax", "mxnet", "chainer", "theano", "paddlepaddle"})


def _names_main(repository: Repository, dependencies: Dependencies, said: tuple[Requirement, ...]) -> bool:
    """Return whether prose names a framework that the code imports, or half of what it imports; all where none is.

    "A PyTorch implementation" names it for the reader, although not as something to install.
    """
    named = {same for item in said for same in same_distributions(item.name)}
    frameworks = _FRAMEWORKS & set(dependencies.imported)
    readme = next((document.text[:README_LIMIT] for document in repository.documents if document.main), "")
    spoken = any(re.search(rf"\b(?:py)?{name}\b", readme, re.I) for name in frameworks)
    if not frameworks or named & frameworks or spoken:
        return True
    return 2 * len(named & set(dependencies.imported)) >= len(dependencies.imported)


def _needs_some(repository: Repository, dependencies: Dependencies) -> bool:
    """Return whether there is code that could need what is declared; where a source could not be read, there is.

    Without any code, or where all of it is Python and imports nothing from elsewhere, a list is about nothing here.
    """
    own = [source for source in repository.sources if not source.vendored and source.lines > 1]
    other = any(file.kind in ("source", "shell") and file.size > 0 for file in repository.own_files)
    return bool(dependencies.imported) or other or any(not source.known for source in own)


def _unfixed(requirements: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    """Return one loose requirement of each distribution that is fixed nowhere that governs it.

    A version in a file governs the files beside it and in the folders below: a lock the list it was made from, the
    top's requirements those of a part. It does not govern another part's.
    """
    fixed: dict[str, set[str]] = {}
    for item in requirements:
        if item.exact:
            fixed.setdefault(known_as(item.name), set()).add(_folder(item.path))
    loose: dict[str, Requirement] = {}
    for item in requirements:
        name, folder = known_as(item.name), f"{_folder(item.path)}/"
        governed = any(not home or folder.startswith(f"{home}/") for home in fixed.get(name, ()))
        if not item.exact and not governed:
            loose.setdefault(name, item)
    return tuple(loose.values())


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


@check("dependencies.declared", reads=("dependencies", "document"))
def declared(repository: Repository, dependencies: Dependencies) -> Finding:
    """A file declares what must be installed to run the authors' code.

    Why: without it every reader guesses distributions and versions, and most reruns fail there.
    How: commit a requirements.txt, pyproject.toml, environment.yml or Dockerfile with everything that the code imports.
    Sources: guide field `dependencies`; Papers with Code completeness checklist, item 1; Pineau checklist, item 4.1.
    """
    level, requirements = _counted(repository, dependencies)
    if level == "file":
        return Finding(
            check="dependencies.declared",
            status=Status.PASS,
            level="file",
            sentence=f"{', '.join(dependencies.files[:3])} declares {_number(requirements)} distributions.",
            evidence=_evidence(requirements),
        )
    wanted = ", ".join(list(dependencies.imported)[:8]) or "what the code imports"
    if level == "prose":
        said = _some(_names(requirements, dependencies), 20)
        return Finding(
            check="dependencies.declared",
            status=Status.PARTIAL,
            level="prose",
            sentence=f"Only prose says what is needed: {said}.",
            evidence=_evidence(requirements),
            remedy=f"Put it into a requirements.txt: {said}.",
        )
    if dependencies.files:
        listed = tuple(item for item in dependencies.requirements if item.source == "file")
        return Finding(
            check="dependencies.declared",
            status=Status.FAIL,
            level="none",
            sentence=f"{dependencies.files[0]} names none of the {len(dependencies.imported)} distributions that the "
            f"code imports, and no other file or document does."
            if dependencies.imported
            else f"{dependencies.files[0]} names distributions, and there is no code that imports any.",
            evidence=_evidence(listed),
            remedy=f"Add to {dependencies.files[0]}: {wanted}.",
        )
    return Finding(
        check="dependencies.declared",
        status=Status.FAIL,
        level="none",
        sentence="Neither a file nor the documentation says what must be installed.",
        evidence=looked_at(repository),
        remedy=f"Commit a requirements.txt with {wanted}.",
    )


def _number(requirements: tuple[Requirement, ...]) -> int:
    """Return how many distributions are declared, each once, whatever files call it."""
    return len({known_as(item.name) for item in requirements})


def _names(requirements: tuple[Requirement, ...], dependencies: Dependencies) -> list[str]:
    """Return the names of distributions, each once, as the code's imports have them where it imports them."""
    found: dict[str, str] = {}
    for item in requirements:
        used = next((same for same in same_distributions(item.name) if same in dependencies.imported), item.name)
        found.setdefault(known_as(item.name), used)
    return list(found.values())


def _names_nothing_used(dependencies: Dependencies, requirements: tuple[Requirement, ...]) -> bool:
    named = {same for r in requirements for same in same_distributions(r.name)}
    return len(dependencies.imported) >= 2 and not named & set(dependencies.imported)


def _imports(dependencies: Dependencies, requirement: Requirement) -> bool:
    return any(name in dependencies.imported for name in same_distributions(requirement.name))


@check("dependencies.pinned", reads=("dependencies", "document"))
def pinned(repository: Repository, dependencies: Dependencies) -> Finding:
    """Every declared dependency is fixed to one version, directly or by a lock file.

    Why: distributions change; the same code with other versions gives other numbers or does not start.
    How: write `name==version` for each, or commit a lock file (`uv lock`, `pip freeze`, `conda env export`).
    Sources: guide field `pins`; AAAI checklist, item 4.8; ARR checklist, C4; Ravi checklist, item 1.
    """
    source, requirements = _counted(repository, dependencies)
    declared_names = {known_as(r.name) for r in requirements}
    # "Tested with torch 1.0" says which version it was, whatever a file leaves open.
    fixed = tuple(r for r in dependencies.requirements if r.source == "prose" and r.exact and source != "none")
    # It also declares what the code imports and the file leaves out.
    tested = tuple(r for r in fixed if known_as(r.name) in declared_names or _imports(dependencies, r))
    more = {known_as(r.name) for r in tested} - declared_names if source == "file" else set()
    declared_names |= {known_as(r.name) for r in tested}
    exact = tuple(r for r in dict.fromkeys((*requirements, *tested)) if r.exact)
    loose = tuple(r for r in _unfixed(requirements) if known_as(r.name) not in {known_as(t.name) for t in tested})
    total = len(declared_names)
    aside = f" ({len(more)} of them in prose alone)" if more else ""
    if not exact:
        names = ", ".join(dict.fromkeys(r.name for r in requirements[:6]))
        said = (
            f"Of the {total} declared distributions none is fixed to a version."
            if requirements
            else "No distribution that the code imports is declared, so none is fixed to a version."
        )
        remedy = f"Fix the versions of {names or 'all distributions'} that the results were made with."
        evidence = _evidence(requirements) or looked_at(repository)
        return Finding(
            check="dependencies.pinned", status=Status.FAIL, level="none", sentence=said, evidence=evidence,
            remedy=remedy,
        )  # fmt: skip
    level = "some" if loose else "all"
    if _names_nothing_used(dependencies, exact):
        return Finding(
            check="dependencies.pinned",
            status=Status.FAIL,
            level=level,
            sentence=f"None of the distributions that are fixed to a version ({exact[0].name} …) is one of the "
            f"{len(dependencies.imported)} that the code imports.",
            evidence=_evidence(exact),
            remedy=f"Fix the versions of what the code imports: {', '.join(list(dependencies.imported)[:8])}.",
        )
    if loose:
        return Finding(
            check="dependencies.pinned",
            status=Status.PARTIAL,
            level=level,
            sentence=f"{total - len(loose)} of {total} declared distributions{aside} are fixed to a version; "
            f"not so {_some([r.name for r in loose], 5)}.",
            evidence=_evidence(loose),
            remedy=f"Fix the versions of {_some([r.name for r in loose], 8)}.",
        )
    return Finding(
        check="dependencies.pinned",
        status=Status.PASS,
        level=level,
        sentence=f"All {total} declared distributions{aside} are fixed to a version.",
        evidence=_evidence(exact),
    )


@check("dependencies.python_version", reads=("dependencies", "document"))
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
            sentence=f"{dependencies.python_evidence.path} states Python {version_in_words(dependencies.python)}.",
            evidence=(dependencies.python_evidence,),
        )
    if not dependencies.imported and not any(f.kind in ("python", "notebook") for f in repository.own_files):
        return Finding(
            check="dependencies.python_version",
            status=Status.NOT_APPLICABLE,
            level="0",
            sentence="The repository holds no Python source or notebook, and states no Python version.",
            evidence=looked_at(repository),
        )
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
        sentence=f"{len(missing)} of {total} imported distributions are declared nowhere: {_some(missing, 6)}.",
        evidence=places,
        remedy=f"Declare {_some(missing, 8)}.",
    )


@check("dependencies.used")
def used(dependencies: Dependencies) -> Finding:
    """What the files ask for by name is used: the code imports it, or it is a known tool.

    Why: a list that holds much that nothing needs is usually left over, and hides what is needed; each entry can also
    keep the environment from being built.
    How: remove from the list what the code does not import; keep the tools of development in a list of their own.
    Sources: guide field `dependencies`; Pineau checklist, item 4.1.
    """
    asked = [r for r in dependencies.requirements if r.source == "file"]
    if not asked or not dependencies.imported:
        raise Absent("no file declares distributions, or the sources import none that could be read")
    unused = dependencies.unused
    total = _number(tuple(asked))
    if not unused:
        return Finding(
            check="dependencies.used",
            status=Status.PASS,
            sentence=f"Each of the {total} Python distributions that files declare is imported, a known tool, or "
            "part of a full list.",
            evidence=_evidence(tuple(asked)),
        )
    half = len(unused) * 2 > total
    return Finding(
        check="dependencies.used",
        status=Status.FAIL if half else Status.PARTIAL,
        sentence=f"{len(unused)} of {total} Python distributions that files declare are imported nowhere: "
        f"{', '.join(r.name for r in unused[:6])}.",
        evidence=_evidence(unused),
        remedy=f"Remove what is not needed: {', '.join(r.name for r in unused[:8])}.",
    )


@check("dependencies.image")
def image(dependencies: Dependencies) -> Finding:
    """Every image that a container file builds on is fixed to a digest, or to a tag that names a version.

    Why: `latest` is another system next year; what was built on it cannot be built again.
    How: write the version into the tag (`FROM python:3.8.20-slim`), better the digest (`FROM python@sha256:…`).
    Sources: Docker documentation, "Pin base image versions"; Nuest and others, Ten simple rules for writing Dockerfiles
    for reproducible data science (2020), rule 4.
    """
    images = dependencies.images
    if not images:
        return Finding(
            check="dependencies.image",
            status=Status.NOT_APPLICABLE,
            sentence="No container file names an image to build on.",
        )
    moving = [one for one in images if not one.fixed]
    shown = tuple(one.evidence for one in (moving or images)[:EVIDENCE_LIMIT])
    if moving:
        return Finding(
            check="dependencies.image",
            status=Status.FAIL if len(moving) == len(images) else Status.PARTIAL,
            sentence=f"The base image {moving[0].reference} is not fixed to a version.",
            evidence=shown,
            remedy=f"Write the version or the digest of {moving[0].reference} that was used.",
        )
    return Finding(
        check="dependencies.image",
        status=Status.PASS,
        sentence=f"The base image {images[0].reference} is fixed to a {'digest' if images[0].digest else 'version'}.",
        evidence=shown,
    )


@check("dependencies.shadowed")
def shadowed(dependencies: Dependencies) -> Finding:
    """No file of the repository takes the place of a module of Python's own, or of a declared distribution.

    Why: a program finds the files beside it first, so that its import of `random` or `datasets` reaches another module
    than its reader, and other libraries that import the same name, expect.
    How: rename the file.
    Sources: Python documentation, "The initialization of the sys.path module search path".
    """
    if not dependencies.shadowed:
        return Finding(
            check="dependencies.shadowed",
            status=Status.NOT_APPLICABLE,
            sentence="No program lies beside a file with the name of a module that it imports from elsewhere.",
        )
    return Finding(
        check="dependencies.shadowed",
        status=Status.PARTIAL,
        sentence=f"A local file takes the place of another module: {dependencies.shadowed[0].excerpt}.",
        evidence=dependencies.shadowed[:EVIDENCE_LIMIT],
        remedy="Rename the file, so that the import reaches the module that is meant.",
    )
