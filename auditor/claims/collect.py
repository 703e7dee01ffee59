"""All claims of a submission, with stable ids."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.claims.from_paper import paper_claims
from auditor.claims.from_repository import repository_claims
from auditor.claims.model import Claim, Claims
from auditor.paper.model import Paper
from auditor.repository.model import Repository

LIMIT = 300


def collect_claims(paper: Paper | None, repository: Repository | None) -> Claims:
    """Return the claims of paper and repository as `C1`, `C2`, …: the paper's first, in the order of its pages.

    A result that one document states twice is one claim, headline if either is. Of more than 300, those that nobody
    calls the authors' own give way first.
    """
    stated = [
        *_merged(paper_claims(paper) if paper else ()),
        *_merged(repository_claims(repository) if repository else ()),
    ]
    more = len(stated) - LIMIT
    cut = f"{len(stated)} claims were read; the {LIMIT} most important are kept, and {more} left out."
    kept = sorted(range(len(stated)), key=lambda i: (_rank(stated[i]), i))[:LIMIT]
    chosen = [stated[i] for i in sorted(kept)]
    items = tuple(claim.model_copy(update={"id": f"C{n}"}) for n, claim in enumerate(chosen, 1))
    return Claims(items=items, cut=cut if more > 0 else "")


def _rank(claim: Claim) -> int:
    return 0 if claim.headline else 1 if claim.own else 2 if claim.own is None else 3


def _merged(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims without repetitions: same origin, metric and number, and nothing in the names that differs."""
    kept: list[Claim] = []
    by_number: dict[tuple[str, str, float], list[int]] = {}
    for claim in claims:
        places = by_number.setdefault((claim.origin, claim.metric, claim.value), [])
        same = next((i for i in places if _compatible(kept[i], claim)), None)
        if same is None:
            places.append(len(kept))
            kept.append(claim)
        else:
            first = kept[same]
            kept[same] = first.model_copy(
                update={
                    "headline": first.headline or claim.headline,
                    "own": first.own if first.own is not None else claim.own,
                    "dataset": first.dataset or claim.dataset,
                    "method": first.method or claim.method,
                    "split": first.split or claim.split,
                }
            )
    return kept


def _compatible(one: Claim, other: Claim) -> bool:
    if one.where == other.where and one.evidence != other.evidence and "Table" in one.where:
        return False  # two cells of one table are two results, whatever they hold
    pairs = ((one.dataset, other.dataset), (one.method, other.method), (one.split, other.split))
    return all(a is None or b is None or a.lower() in b.lower() or b.lower() in a.lower() for a, b in pairs)
