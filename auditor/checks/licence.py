"""Whether the code may be used."""

from __future__ import annotations

from auditor.checks.framework import check
from auditor.checks.looked_at import looked_at
from auditor.findings import Finding, Status
from auditor.repository.model import Repository


@check("licence.stated", reads=("licence", "document"))
def stated(repository: Repository) -> Finding:
    """A licence file or the README states under which licence the authors' code may be used.

    Why: code without a licence may be read, but not run, changed or passed on; a reproduction needs all three.
    How: add a LICENSE file with the full text of a known licence, such as MIT, BSD-3-Clause or Apache-2.0.
    Sources: guide field `licence`; AAAI checklist, item 4.5; FAIR4RS, R1.1; fair-software.eu, item 2.
    """
    licence = repository.licence
    if licence is None:
        return Finding(
            check="licence.stated",
            status=Status.FAIL,
            level="none",
            sentence="Neither a licence file nor the README states a licence for the code.",
            evidence=looked_at(repository),
            remedy="Add a LICENSE file with the text of the licence that you choose.",
        )
    if licence.spdx == "unrecognised":
        return Finding(
            check="licence.stated",
            status=Status.PARTIAL,
            level="none",  # the guide's values are the ids of known licences
            sentence=f"{licence.evidence.path} holds text of no licence that is known here.",
            evidence=(licence.evidence,),
            remedy=f"Use the unchanged text of a known licence in {licence.evidence.path}.",
        )
    return Finding(
        check="licence.stated",
        status=Status.PASS,
        level=licence.spdx,
        sentence=f"{licence.evidence.path} states {licence.spdx}.",
        evidence=(licence.evidence,),
    )
